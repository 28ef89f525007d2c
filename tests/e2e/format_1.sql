-- The warehouse: everything that cdr_init() creates in main, readable by any SQLite tool without libcdr.
--
--   SELECT outcome, count(*) FROM interaction GROUP BY outcome;
--   SELECT * FROM dialog WHERE interaction_id = '…';
--
-- Rules. Nothing in here is virtual or uses a function of libcdr. Times are UTC text 'YYYY-MM-DD HH:MM:SS.SSS' declared
-- TIMESTAMP, durations DOUBLE seconds, integers that may need more than 32 bits BIGINT (an INTEGER is cut there over ODBC).
-- NULL = the vendor does not say. The views of the model have exactly the columns of the virtual table that is named in their
-- comment, in its order; cdr_column describes each of them. What they show is a column, of a table joined or looked into, and no
-- other expression: that would lose its type over ODBC.
--
-- Everything in the model follows from raw_record and from nothing else; cdr_rebuild() writes it anew.
-- Statements are run one by one, in this order, in one savepoint.

-- ==== Control ====

-- One row per property of the file. 'format' is the version of this schema ('user_version' is the host's to use).
CREATE TABLE cdr_meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT
) WITHOUT ROWID;

-- One row per reading of a file (or of JSON given as an argument): the ledger. A file that was read before, by its content and
-- the options that matter, is answered from here.
CREATE TABLE import_file (
  import_id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,           -- as the caller named it, bytes that are not UTF-8 and control characters as \xNN; 'argument' for
                                -- JSON given in SQL
  content_hash BLOB,            -- XXH3-128 of the file's bytes; NULL where nothing of it was taken
  ledger_key BLOB,              -- of the content, source, zone, fetched_at and of what the path says about the records
  bytes BIGINT,
  source TEXT,                  -- option: tenant label; NULL = the vendor's name
  zone TEXT,                    -- option: of times without an offset; NULL = UTC
  fetched_at TIMESTAMP,         -- option: the later one wins between two records of one id
  status TEXT NOT NULL CHECK (status IN ('imported', 'partial', 'failed')),
                                -- partial: the file ends early or is damaged, and what stands before that was taken; failed: nothing
                                -- of it was taken. A file that the system does not give, or not to its end, has no row
  error TEXT,                   -- of partial and failed: why
  seen INTEGER NOT NULL,
  inserted INTEGER NOT NULL,
  updated INTEGER NOT NULL,     -- a newer record of a known id
  unchanged INTEGER NOT NULL,
  stale INTEGER NOT NULL,       -- an older record of a known id, or one that was erased
  quarantined INTEGER NOT NULL,
  interactions INTEGER NOT NULL,  -- written anew
  started_at TIMESTAMP NOT NULL,
  finished_at TIMESTAMP NOT NULL,
  libcdr TEXT NOT NULL,         -- the version that read it
  CHECK (seen = inserted + updated + unchanged + stale + quarantined)
);
CREATE INDEX import_file_bytes ON import_file (bytes, ledger_key);
CREATE INDEX import_file_path ON import_file (path);

-- One row per record as the vendor wrote it: the newest of its id. Vendor, resource, source and record_id are its key, and no two
-- have the same. They are found by a hash, whose index takes a quarter of what one of the four would; two records of one hash cost
-- a comparison, and nothing else.
CREATE TABLE raw_record (
  id INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  resource TEXT NOT NULL,       -- the kind of record
  source TEXT NOT NULL,
  record_id TEXT NOT NULL,
  key_hash BIGINT NOT NULL,     -- by which it is found: the first 16 bits of XXH3-64 of vendor, NUL and resource, so that those of
                                -- a kind are together, and the first 48 of XXH3-64 of record_id
  content_hash BLOB NOT NULL,   -- XXH3-128 of its JSON without white space
  payload BLOB,                 -- that JSON, a zstd frame; NULL: imported with keep_raw false
  payload_bytes INTEGER NOT NULL,  -- of that JSON
  dictionary_id INTEGER REFERENCES zstd_dictionary (id),  -- NULL: compressed without one
  latest BIGINT,                -- the latest instant in it, microseconds since 1970
  provided INTEGER NOT NULL,    -- values in it that are provided
  fetched_at BIGINT,            -- microseconds; the import option
  zone TEXT,                    -- of its times without an offset; NULL = UTC
  context TEXT,                 -- the id that only its file's path carried
  member TEXT,                  -- the key under which it stood in an object of records
  component INTEGER NOT NULL,   -- the records that make its interaction have the same
  first_import INTEGER NOT NULL REFERENCES import_file (import_id),
  last_import INTEGER NOT NULL REFERENCES import_file (import_id)  -- that brought this version
);
CREATE INDEX raw_record_key ON raw_record (key_hash);
CREATE INDEX raw_record_component ON raw_record (component);

-- One row per dictionary that payloads were compressed with.
CREATE TABLE zstd_dictionary (
  id INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  resource TEXT NOT NULL,
  dictionary BLOB NOT NULL,
  records INTEGER NOT NULL      -- it was trained on
);

-- One row per record and id that it shares with others: how records of one interaction find each other.
CREATE TABLE record_link (
  hash BIGINT NOT NULL,         -- of vendor, source and the id
  raw_id INTEGER NOT NULL REFERENCES raw_record (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (hash, raw_id)
) WITHOUT ROWID;

-- One row per record that could not be read.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES import_file (import_id),
  file TEXT NOT NULL,
  record INTEGER,               -- its number in the file, from 1
  byte_offset BIGINT,           -- of the error if known, else of the record, in the decompressed file
  code TEXT NOT NULL,           -- what is wrong, from the list of cdr_problems
  path TEXT,                    -- JSON path inside the record
  message TEXT NOT NULL,
  remedy TEXT,
  payload BLOB,                 -- the record as it stood there, at most 1 MiB; NULL where its end could not be found
  payload_bytes INTEGER,        -- of the whole record
  member TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'replayed', 'superseded')),
                                -- replayed: cdr_replay read it after all; superseded: the file was imported again with other content
  resolved_by INTEGER REFERENCES import_file (import_id)
);
CREATE INDEX quarantine_open ON quarantine (file) WHERE state = 'open';

-- One row per thing that was erased, as its keyed hash: an import does not bring it back. What it was cannot be read from it; who
-- has the file can try out whether something that he knows is among them: the key is in cdr_meta.
CREATE TABLE tombstone (
  kind TEXT NOT NULL CHECK (kind IN ('record', 'link', 'interaction', 'customer', 'before')),
                                -- a record's id; one that it shares with others; a number or address; a date, as it is
  hash BLOB NOT NULL,
  erased_at TIMESTAMP NOT NULL,  -- of a customer: records of a later time may come
  last_import INTEGER NOT NULL, -- of a date: records that came until then and are still here may be written anew
  PRIMARY KEY (kind, hash)
) WITHOUT ROWID;

-- One row per field of a vendor that has no column, or whose value did not convert: its value stands in extra.
CREATE TABLE unmapped_field (
  vendor TEXT NOT NULL,
  resource TEXT NOT NULL,
  path TEXT NOT NULL,           -- 'guest.mood'; 'operators[].mood' inside a list
  kind TEXT NOT NULL CHECK (kind IN ('unknown', 'unconverted')),
  sample_type TEXT NOT NULL,    -- JSON type of the first one seen
  count INTEGER NOT NULL,       -- of record versions that had it
  first_seen TIMESTAMP NOT NULL,
  last_seen TIMESTAMP NOT NULL,
  PRIMARY KEY (vendor, resource, path, kind)
) WITHOUT ROWID;

-- ==== Documentation, written by cdr_init() from libcdr's declarations ====

-- One row per column of the tables of the model.
CREATE TABLE cdr_column (
  table_name TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (table_name, position)
) WITHOUT ROWID;

-- One row per vendor, table and state: on what the figure stands.
CREATE TABLE state_basis (
  vendor TEXT NOT NULL,
  table_name TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES state_name (state),
  basis TEXT NOT NULL,          -- reported, measured, derived or not provided
  mapping TEXT,                 -- the vendor's fields, or the formula over them
  PRIMARY KEY (vendor, table_name, state)
) WITHOUT ROWID;

-- One row per variant of a metric.
CREATE TABLE metric_definition (
  metric TEXT NOT NULL,
  variant TEXT NOT NULL,
  unit TEXT NOT NULL,
  formula TEXT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (metric, variant)
) WITHOUT ROWID;

-- One row per state of an interaction or of an agent's side.
CREATE TABLE state_name (
  state TEXT NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL,    -- in the order in which they usually come
  doc TEXT NOT NULL
) WITHOUT ROWID;

-- ==== The model ====

-- An export says the same things again and again: a project in all its words, in every dialog of it. Written out row by row the
-- model would be larger than the JSON. So each of its tables is a view, with the columns of libcdr's table, and what it shows lies
-- in tables whose names begin with fact_:
--
--   fact_dialog, fact_agent_event, …  hold what is a row's own. A row's id is the number of the component whose records it was made
--       of, then its own number in there: component << 24 | number. So what belongs together lies together, an interaction is
--       replaced as a whole, and a new one is written behind all others.
--   fact_text, fact_setting, …  hold what many rows have in common, each once. A column that REFERENCES one of them stands for its
--       columns. Their hash is XXH3-64 of a row's values, by which one that is there already is found.
--
-- The views answer questions by interaction, by its time or customer, by agent and day, and by queue from an index, and join by
-- interaction_id. On the right side of a LEFT JOIN SQLite looks rows up one by one in a view of one table only; a view of several
-- it reads whole first. So what an interaction often has none of, visits and recordings, has interaction_id itself.

-- One row per text that columns of the facts refer to: names, notes, lists.
CREATE TABLE fact_text (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  value TEXT
);
CREATE INDEX fact_text_hash ON fact_text (hash);

-- One row per instant that columns of the facts refer to: most stand in several.
CREATE TABLE fact_instant (
  id INTEGER PRIMARY KEY,       -- milliseconds since 1970
  time TIMESTAMP NOT NULL
);

-- One row per interaction: what interaction shows.
CREATE TABLE fact_interaction (
  component INTEGER PRIMARY KEY,  -- of the records that it was made of
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  channel TEXT,
  direction TEXT,
  start_time TIMESTAMP,
  queue_time TIMESTAMP,
  answer_time TIMESTAMP,
  end_time TIMESTAMP,
  customer_number TEXT,
  company_number INTEGER REFERENCES fact_text (id),
  first_queue_id TEXT,
  first_queue_name INTEGER REFERENCES fact_text (id),
  last_queue_id TEXT,
  last_queue_name INTEGER REFERENCES fact_text (id),
  first_agent_id TEXT,
  first_agent_name INTEGER REFERENCES fact_text (id),
  last_agent_id TEXT,
  last_agent_name INTEGER REFERENCES fact_text (id),
  agent_count INTEGER,
  dialog_count INTEGER,
  transfer_count INTEGER,
  outcome TEXT,
  released_by INTEGER REFERENCES fact_text (id),
  end_cause INTEGER REFERENCES fact_text (id),
  hangup_cause INTEGER REFERENCES fact_text (id),
  q850_cause INTEGER,
  sip_code INTEGER,
  created_seconds DOUBLE,
  ivr_seconds DOUBLE,
  in_queue_seconds DOUBLE,
  waiting_seconds DOUBLE,
  ring_seconds DOUBLE,
  bcw_seconds DOUBLE,
  active_seconds DOUBLE,
  hold_seconds DOUBLE,
  acw_seconds DOUBLE,
  handle_seconds DOUBLE,
  satisfaction DOUBLE,
  recording_count INTEGER,
  mapping INTEGER REFERENCES fact_text (id)
);
CREATE UNIQUE INDEX fact_interaction_key ON fact_interaction (interaction_id, vendor, source);
CREATE INDEX fact_interaction_start ON fact_interaction (start_time);
CREATE INDEX fact_interaction_customer ON fact_interaction (customer_number);

-- One row per interaction. Virtual: interactions.
CREATE VIEW interaction AS
SELECT
  f.vendor, f.source, f.interaction_id, f.channel, f.direction, f.start_time, f.queue_time, f.answer_time, f.end_time,
  f.customer_number, (SELECT value FROM fact_text WHERE id = f.company_number) AS company_number, f.first_queue_id,
  (SELECT value FROM fact_text WHERE id = f.first_queue_name) AS first_queue_name, f.last_queue_id,
  (SELECT value FROM fact_text WHERE id = f.last_queue_name) AS last_queue_name, f.first_agent_id,
  (SELECT value FROM fact_text WHERE id = f.first_agent_name) AS first_agent_name, f.last_agent_id,
  (SELECT value FROM fact_text WHERE id = f.last_agent_name) AS last_agent_name, f.agent_count, f.dialog_count,
  f.transfer_count, f.outcome, (SELECT value FROM fact_text WHERE id = f.released_by) AS released_by,
  (SELECT value FROM fact_text WHERE id = f.end_cause) AS end_cause,
  (SELECT value FROM fact_text WHERE id = f.hangup_cause) AS hangup_cause, f.q850_cause, f.sip_code,
  f.created_seconds, f.ivr_seconds, f.in_queue_seconds, f.waiting_seconds, f.ring_seconds, f.bcw_seconds,
  f.active_seconds, f.hold_seconds, f.acw_seconds, f.handle_seconds, f.satisfaction, f.recording_count,
  (SELECT value FROM fact_text WHERE id = f.mapping) AS mapping
FROM fact_interaction AS f;

-- One row per way in which dialogs are set up and end: what a project, a line and a kind of dialog have in common.
CREATE TABLE fact_setting (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  dialog_type TEXT,
  business_direction TEXT,
  business_end_cause TEXT,
  machine_detected_type TEXT,
  initial_media TEXT,
  project TEXT,
  organization_id TEXT,
  organization_name TEXT,
  call_info_param1 TEXT,
  call_info_param2 TEXT,
  call_info_param3 TEXT,
  call_info_param4 TEXT,
  call_info_param5 TEXT,
  hangup_cause TEXT,
  end_cause TEXT,
  project_id TEXT,
  project_name TEXT,
  project_language TEXT,
  project_service_type TEXT,
  project_service_id TEXT,
  virtual_agent TEXT,
  virtual_agent_id TEXT,
  virtual_agent_name TEXT,
  outcome TEXT
);
CREATE INDEX fact_setting_hash ON fact_setting (hash);

-- One row per agent, as dialogs name him.
CREATE TABLE fact_user (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  tenant_user TEXT,
  tenant_user_username TEXT,
  tenant_user_firstname TEXT,
  tenant_user_surname TEXT,
  tenant_user_display_name TEXT
);
CREATE INDEX fact_user_hash ON fact_user (hash);

-- One row per contact of the CRM, as dialogs name it.
CREATE TABLE fact_contact (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  crm_id TEXT,
  contact_id TEXT,
  contact_data TEXT
);
CREATE INDEX fact_contact_hash ON fact_contact (hash);

-- One row per request of a call that dialogs come from.
CREATE TABLE fact_request (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  call_request_data TEXT,
  call_request_data_dialing_method TEXT,
  call_request_data_call_request_id TEXT,
  call_request_data_call_request_name TEXT,
  call_request_data_application_id TEXT,
  call_request_data_application_name TEXT,
  call_request_data_application_type TEXT,
  call_request_data_project_id TEXT,
  call_request_data_project_name TEXT,
  call_request_data_case_id TEXT,
  call_request_data_case_group TEXT,
  call_request_data_case_state TEXT,
  call_request_data_virtual_agent_id TEXT
);
CREATE INDEX fact_request_hash ON fact_request (hash);

-- One row per dialog: what dialog shows.
CREATE TABLE fact_dialog (
  id INTEGER PRIMARY KEY,
  setting INTEGER REFERENCES fact_setting (id),
  user INTEGER REFERENCES fact_user (id),
  contact INTEGER REFERENCES fact_contact (id),
  request INTEGER REFERENCES fact_request (id),
  has_uuid INTEGER,             -- 1: dialog_uuid is dialog_id; NULL: it has none
  dialog_id TEXT,
  from_display_target TEXT,
  to_display_target TEXT,
  start_time TIMESTAMP,
  hangup_time BIGINT REFERENCES fact_instant (id),
  serve_time BIGINT REFERENCES fact_instant (id),
  talking_time INTEGER,
  alert_time BIGINT REFERENCES fact_instant (id),
  answer_time BIGINT REFERENCES fact_instant (id),
  ring_time BIGINT REFERENCES fact_instant (id),
  waiting_time INTEGER,
  first_queue_waiting_time INTEGER,
  machine_detected INTEGER,
  project_id_list INTEGER REFERENCES fact_text (id),
  anonymous TEXT,
  note INTEGER REFERENCES fact_text (id),
  audio_video_recording TEXT,
  call_info_value1 TEXT,
  call_info_value2 TEXT,
  call_info_value3 TEXT,
  call_info_value4 TEXT,
  call_info_value5 TEXT,
  custom_tag_id_list INTEGER REFERENCES fact_text (id),
  variables INTEGER REFERENCES fact_text (id),
  operator_call_id TEXT,
  linked_dialogs TEXT,
  transcript_exist INTEGER,
  tenant_user_id TEXT,
  anonymous_display_name TEXT,
  created_seconds DOUBLE,
  ivr_seconds DOUBLE,
  in_queue_seconds DOUBLE,
  waiting_seconds DOUBLE,
  ring_seconds DOUBLE,
  bcw_seconds DOUBLE,
  active_seconds DOUBLE,
  hold_seconds DOUBLE,
  acw_seconds DOUBLE,
  extra TEXT
);
CREATE INDEX fact_dialog_agent ON fact_dialog (tenant_user_id, start_time) WHERE tenant_user_id IS NOT NULL;

-- One row per dialog: one party's side of an interaction. Virtual: cdr_dialog.
CREATE VIEW dialog AS
SELECT
  i.vendor, i.source, i.interaction_id, f.dialog_id, (SELECT f.dialog_id WHERE f.has_uuid) AS dialog_uuid, s.dialog_type,
  s.business_direction, s.business_end_cause, f.from_display_target, f.to_display_target, f.start_time,
  (SELECT time FROM fact_instant WHERE id = f.hangup_time) AS hangup_time,
  (SELECT time FROM fact_instant WHERE id = f.serve_time) AS serve_time, f.talking_time,
  (SELECT time FROM fact_instant WHERE id = f.alert_time) AS alert_time,
  (SELECT time FROM fact_instant WHERE id = f.answer_time) AS answer_time,
  (SELECT time FROM fact_instant WHERE id = f.ring_time) AS ring_time, f.waiting_time, f.first_queue_waiting_time,
  f.machine_detected, s.machine_detected_type, s.initial_media, s.project,
  (SELECT value FROM fact_text WHERE id = f.project_id_list) AS project_id_list, u.tenant_user, f.anonymous, s.virtual_agent,
  c.crm_id, c.contact_id, c.contact_data, s.organization_id, s.organization_name,
  (SELECT value FROM fact_text WHERE id = f.note) AS note, f.audio_video_recording, s.call_info_param1, f.call_info_value1,
  s.call_info_param2, f.call_info_value2, s.call_info_param3, f.call_info_value3, s.call_info_param4, f.call_info_value4,
  s.call_info_param5, f.call_info_value5,
  (SELECT value FROM fact_text WHERE id = f.custom_tag_id_list) AS custom_tag_id_list,
  (SELECT value FROM fact_text WHERE id = f.variables) AS variables, f.operator_call_id, s.hangup_cause, s.end_cause,
  r.call_request_data, f.linked_dialogs, f.transcript_exist, s.project_id, s.project_name, s.project_language,
  s.project_service_type, s.project_service_id, f.tenant_user_id, u.tenant_user_username, u.tenant_user_firstname,
  u.tenant_user_surname, u.tenant_user_display_name, f.anonymous_display_name, s.virtual_agent_id, s.virtual_agent_name,
  r.call_request_data_dialing_method, r.call_request_data_call_request_id, r.call_request_data_call_request_name,
  r.call_request_data_application_id, r.call_request_data_application_name, r.call_request_data_application_type,
  r.call_request_data_project_id, r.call_request_data_project_name, r.call_request_data_case_id,
  r.call_request_data_case_group, r.call_request_data_case_state, r.call_request_data_virtual_agent_id, f.created_seconds,
  f.ivr_seconds, f.in_queue_seconds, f.waiting_seconds, f.ring_seconds, f.bcw_seconds, f.active_seconds, f.hold_seconds,
  f.acw_seconds, s.outcome, f.extra
FROM fact_interaction AS i
JOIN fact_dialog AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
LEFT JOIN fact_setting AS s ON s.id = f.setting
LEFT JOIN fact_user AS u ON u.id = f.user
LEFT JOIN fact_contact AS c ON c.id = f.contact
LEFT JOIN fact_request AS r ON r.id = f.request;

-- One row per event that an agent ever had.
CREATE TABLE fact_agent_event_kind (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  agent_id TEXT,
  agent_name TEXT,
  queue_id TEXT,
  event TEXT
);
CREATE INDEX fact_agent_event_kind_hash ON fact_agent_event_kind (hash);

-- One row per event of an agent: what agent_event shows.
CREATE TABLE fact_agent_event (
  id INTEGER PRIMARY KEY,
  kind INTEGER REFERENCES fact_agent_event_kind (id),
  dialog INTEGER,               -- the number of the dialog whose dialog_id it has
  seq INTEGER NOT NULL,
  event_time BIGINT REFERENCES fact_instant (id),
  duration_seconds DOUBLE
);

-- One row per event of an agent. Virtual: agent_events.
CREATE VIEW agent_event AS
SELECT
  i.vendor, i.source, i.interaction_id, d.dialog_id, k.agent_id, k.agent_name, k.queue_id, f.seq, k.event,
  (SELECT time FROM fact_instant WHERE id = f.event_time) AS event_time, f.duration_seconds
FROM fact_interaction AS i
JOIN fact_agent_event AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
LEFT JOIN fact_agent_event_kind AS k ON k.id = f.kind
LEFT JOIN fact_dialog AS d ON d.id = f.id & ~16777215 | f.dialog;

-- One row per event that a queue ever had.
CREATE TABLE fact_queue_event_kind (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  queue_id TEXT,
  queue_name TEXT,
  queue_type TEXT,
  flow_id TEXT,
  event TEXT
);
CREATE INDEX fact_queue_event_kind_hash ON fact_queue_event_kind (hash);

-- One row per event in a queue: what queue_event shows.
CREATE TABLE fact_queue_event (
  id INTEGER PRIMARY KEY,
  kind INTEGER REFERENCES fact_queue_event_kind (id),
  seq INTEGER NOT NULL,
  event_time BIGINT REFERENCES fact_instant (id)
);

-- One row per event in a queue. Virtual: queue_events.
CREATE VIEW queue_event AS
SELECT
  i.vendor, i.source, i.interaction_id, k.queue_id, k.queue_name, k.queue_type, k.flow_id, f.seq, k.event,
  (SELECT time FROM fact_instant WHERE id = f.event_time) AS event_time
FROM fact_interaction AS i
JOIN fact_queue_event AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
LEFT JOIN fact_queue_event_kind AS k ON k.id = f.kind;

-- One row per event that a flow of the IVR ever had.
CREATE TABLE fact_ivr_event_kind (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  flow_id TEXT,
  flow_type TEXT,
  event TEXT
);
CREATE INDEX fact_ivr_event_kind_hash ON fact_ivr_event_kind (hash);

-- One row per event in the IVR: what ivr_event shows.
CREATE TABLE fact_ivr_event (
  id INTEGER PRIMARY KEY,
  kind INTEGER REFERENCES fact_ivr_event_kind (id),
  seq INTEGER NOT NULL,
  event_time BIGINT REFERENCES fact_instant (id)
);

-- One row per event in the IVR. Virtual: ivr_events.
CREATE VIEW ivr_event AS
SELECT
  i.vendor, i.source, i.interaction_id, k.flow_id, k.flow_type, f.seq, k.event,
  (SELECT time FROM fact_instant WHERE id = f.event_time) AS event_time
FROM fact_interaction AS i
JOIN fact_ivr_event AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
LEFT JOIN fact_ivr_event_kind AS k ON k.id = f.kind;

-- One row per event of the customer's side: what customer_event shows.
CREATE TABLE fact_customer_event (
  id INTEGER PRIMARY KEY,
  customer_id TEXT,
  seq INTEGER NOT NULL,
  event INTEGER REFERENCES fact_text (id),
  event_time BIGINT REFERENCES fact_instant (id)
);

-- One row per event of the customer's side. Virtual: customer_events.
CREATE VIEW customer_event AS
SELECT
  i.vendor, i.source, i.interaction_id, f.customer_id, f.seq, (SELECT value FROM fact_text WHERE id = f.event) AS event,
  (SELECT time FROM fact_instant WHERE id = f.event_time) AS event_time
FROM fact_interaction AS i
JOIN fact_customer_event AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215;

-- One row per entry into a queue: what queue_visit shows.
CREATE TABLE fact_queue_visit (
  id INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  visit_no INTEGER NOT NULL,
  queue_id TEXT,
  queue_name INTEGER REFERENCES fact_text (id),
  enqueue_time TIMESTAMP,
  dequeue_time BIGINT REFERENCES fact_instant (id),
  wait_seconds DOUBLE,
  outcome TEXT,
  agent_id TEXT
);
CREATE INDEX fact_queue_visit_interaction ON fact_queue_visit (interaction_id);
CREATE INDEX fact_queue_visit_queue ON fact_queue_visit (queue_id, enqueue_time) WHERE queue_id IS NOT NULL;

-- One row per entry into a queue. Virtual: queue_visits.
CREATE VIEW queue_visit AS
SELECT
  f.vendor, f.source, f.interaction_id, f.visit_no, f.queue_id,
  (SELECT value FROM fact_text WHERE id = f.queue_name) AS queue_name, f.enqueue_time,
  (SELECT time FROM fact_instant WHERE id = f.dequeue_time) AS dequeue_time, f.wait_seconds, f.outcome, f.agent_id
FROM fact_queue_visit AS f;

-- One row per recording: what recording shows.
CREATE TABLE fact_recording (
  id INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  dialog INTEGER,               -- the number of the dialog whose dialog_id it has
  recording_id TEXT,
  media INTEGER REFERENCES fact_text (id),
  start_time BIGINT REFERENCES fact_instant (id),
  stop_time BIGINT REFERENCES fact_instant (id),
  urls TEXT
);
CREATE INDEX fact_recording_interaction ON fact_recording (interaction_id);

-- One row per recording. Virtual: recordings.
CREATE VIEW recording AS
SELECT
  f.vendor, f.source, f.interaction_id, f.recording_id,
  (SELECT d.dialog_id FROM fact_dialog AS d WHERE d.id = f.id & ~16777215 | f.dialog) AS dialog_id,
  (SELECT value FROM fact_text WHERE id = f.media) AS media,
  (SELECT time FROM fact_instant WHERE id = f.start_time) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.stop_time) AS stop_time, f.urls
FROM fact_recording AS f;

-- One row per set of bases that states have had together.
CREATE TABLE fact_state_basis (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  created_basis TEXT,
  ivr_basis TEXT,
  in_queue_basis TEXT,
  waiting_basis TEXT,
  ring_basis TEXT,
  bcw_basis TEXT,
  active_basis TEXT,
  hold_basis TEXT,
  acw_basis TEXT
);
CREATE INDEX fact_state_basis_hash ON fact_state_basis (hash);

-- One row per interaction, and per agent in it: when each state began and ended, for how long it lasted, and on what basis the
-- figure stands. A state without a basis did not occur, or the vendor does not say. state_duration shows it row by row.
CREATE TABLE fact_state_span (
  id INTEGER PRIMARY KEY,       -- the interaction as a whole has number 0, then one per agent
  basis INTEGER REFERENCES fact_state_basis (id),
  agent_id TEXT,
  created_start BIGINT REFERENCES fact_instant (id), created_end BIGINT REFERENCES fact_instant (id), created_seconds DOUBLE,
  ivr_start BIGINT REFERENCES fact_instant (id), ivr_end BIGINT REFERENCES fact_instant (id), ivr_seconds DOUBLE,
  in_queue_start BIGINT REFERENCES fact_instant (id), in_queue_end BIGINT REFERENCES fact_instant (id), in_queue_seconds DOUBLE,
  waiting_start BIGINT REFERENCES fact_instant (id), waiting_end BIGINT REFERENCES fact_instant (id), waiting_seconds DOUBLE,
  ring_start BIGINT REFERENCES fact_instant (id), ring_end BIGINT REFERENCES fact_instant (id), ring_seconds DOUBLE,
  bcw_start BIGINT REFERENCES fact_instant (id), bcw_end BIGINT REFERENCES fact_instant (id), bcw_seconds DOUBLE,
  active_start BIGINT REFERENCES fact_instant (id), active_end BIGINT REFERENCES fact_instant (id), active_seconds DOUBLE,
  hold_start BIGINT REFERENCES fact_instant (id), hold_end BIGINT REFERENCES fact_instant (id), hold_seconds DOUBLE,
  acw_start BIGINT REFERENCES fact_instant (id), acw_end BIGINT REFERENCES fact_instant (id), acw_seconds DOUBLE
);

-- One row per interaction and state, and per agent and state. Virtual: state_durations.
CREATE VIEW state_duration AS
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state,
  (SELECT time FROM fact_instant WHERE id = f.created_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.created_end) AS end_time, f.created_seconds AS seconds, b.created_basis AS basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'CREATED'
WHERE b.created_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state, (SELECT time FROM fact_instant WHERE id = f.ivr_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.ivr_end) AS end_time, f.ivr_seconds, b.ivr_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'IVR'
WHERE b.ivr_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state,
  (SELECT time FROM fact_instant WHERE id = f.in_queue_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.in_queue_end) AS end_time, f.in_queue_seconds, b.in_queue_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'IN_QUEUE'
WHERE b.in_queue_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state,
  (SELECT time FROM fact_instant WHERE id = f.waiting_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.waiting_end) AS end_time, f.waiting_seconds, b.waiting_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'WAITING'
WHERE b.waiting_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state, (SELECT time FROM fact_instant WHERE id = f.ring_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.ring_end) AS end_time, f.ring_seconds, b.ring_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'RING'
WHERE b.ring_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state, (SELECT time FROM fact_instant WHERE id = f.bcw_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.bcw_end) AS end_time, f.bcw_seconds, b.bcw_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'BCW'
WHERE b.bcw_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state,
  (SELECT time FROM fact_instant WHERE id = f.active_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.active_end) AS end_time, f.active_seconds, b.active_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'ACTIVE'
WHERE b.active_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state, (SELECT time FROM fact_instant WHERE id = f.hold_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.hold_end) AS end_time, f.hold_seconds, b.hold_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'HOLD'
WHERE b.hold_basis IS NOT NULL
UNION ALL
SELECT
  i.vendor, i.source, i.interaction_id, f.agent_id, n.state, (SELECT time FROM fact_instant WHERE id = f.acw_start) AS start_time,
  (SELECT time FROM fact_instant WHERE id = f.acw_end) AS end_time, f.acw_seconds, b.acw_basis
FROM fact_interaction AS i
JOIN fact_state_span AS f ON f.id >> 24 = i.component AND f.id BETWEEN i.component << 24 AND i.component << 24 | 16777215
JOIN fact_state_basis AS b ON b.id = f.basis
JOIN state_name AS n ON n.state = 'ACW'
WHERE b.acw_basis IS NOT NULL;

-- One row per span of an agent's state. What it is mapped from need not belong to an interaction: the id says which records.
CREATE TABLE fact_agent_state (
  id INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT,
  agent_id TEXT,
  agent_name TEXT,
  state TEXT,
  reason TEXT,
  is_paid INTEGER,
  start_time TIMESTAMP,
  end_time TIMESTAMP
);
CREATE INDEX fact_agent_state_agent ON fact_agent_state (agent_id, start_time);

-- One row per span of an agent's state. Virtual: agent_states.
CREATE VIEW agent_state AS
SELECT
  f.vendor, f.source, f.interaction_id, f.agent_id, f.agent_name, f.state, f.reason, f.is_paid, f.start_time, f.end_time
FROM fact_agent_state AS f;
