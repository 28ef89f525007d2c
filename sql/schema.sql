-- The warehouse: everything that cdr_init() creates in main, readable by any SQLite tool without libcdr.
--
--   SELECT outcome, count(*) FROM interaction GROUP BY outcome;
--   SELECT * FROM dialog WHERE interaction_id = '…';
--
-- Rules. Nothing in here is virtual or uses a function of libcdr. Times are UTC text 'YYYY-MM-DD HH:MM:SS.SSS' declared
-- TIMESTAMP. Durations are DOUBLE seconds. Integers that may need more than 32 bits are BIGINT, because ODBC cuts an INTEGER to 32
-- bits. NULL = the vendor does not say. The tables and views of the model have exactly the columns of the virtual table that is
-- named in their comment, in its order; cdr_column describes each of them. The views show only columns, of a joined table or of a
-- subquery, because any other expression would lose its type over ODBC.
--
-- The model follows from raw_record alone; cdr_rebuild() writes it again.
-- Statements are run one by one, in this order, in one savepoint.

-- ==== Control ====

-- One row per property of the file. 'format' is the version of this schema ('user_version' is the host's to use).
CREATE TABLE cdr_meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT
) WITHOUT ROWID;

-- One row per reading of a file (or of JSON given as an argument): the ledger. It recognises a file that was read before by its
-- content and the options that matter. cdr_replay(), cdr_erase() and cdr_rebuild() change facts without a file and have a row too,
-- so that import_id numbers every change.
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
  location TEXT,                -- the file's absolute path without symbolic links: it tells files of one name apart; NULL: not a file,
                                -- or format 3 read it
  CHECK (seen = inserted + updated + unchanged + stale + quarantined)
);
CREATE INDEX import_file_bytes ON import_file (bytes, ledger_key);
CREATE INDEX import_file_location ON import_file (location, path);

-- One row per record as the vendor wrote it: the newest of its id. Vendor, resource, source and record_id are its unique key.
-- Records are looked up by a hash, because its index takes a quarter of the space of one over the four columns. If two records share
-- a hash, the columns are compared.
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

-- One row per dictionary with which payloads were compressed.
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
  path TEXT NOT NULL,           -- path of the file, as in import_file; of an archive with the member's name after it
  record INTEGER,               -- its number in the file, from 1
  byte_offset BIGINT,           -- of the error if known, otherwise of the record, in the decompressed file
  code TEXT NOT NULL,           -- what is wrong, from the list of cdr_problems
  json_path TEXT,               -- path of the faulty value inside the record
  message TEXT NOT NULL,
  remedy TEXT,
  payload BLOB,                 -- the record as it was written, at most 1 MiB; NULL if its end could not be found
  payload_bytes INTEGER,        -- size of the whole record
  member TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'replayed', 'superseded')),
                                -- replayed: cdr_replay read it after all; superseded: the file was imported again, corrected or grown
  resolved_by INTEGER REFERENCES import_file (import_id)
);
CREATE INDEX quarantine_open ON quarantine (import_id) WHERE state = 'open';

-- One row per erased thing, as its keyed hash, so that an import does not bring it back. The hash does not reveal what was erased.
-- But the key is in cdr_meta, so anyone who has the file can test whether something that they already know was erased.
CREATE TABLE tombstone (
  kind TEXT NOT NULL CHECK (kind IN ('record', 'link', 'interaction', 'customer', 'before')),
                                -- a record's id; one that it shares with others; a number or address; a date, as it is
  hash BLOB NOT NULL,
  erased_at TIMESTAMP NOT NULL,  -- of a customer: records of a later time may come
  last_import INTEGER NOT NULL, -- of a date: records that came until then and are still here may be written anew
  PRIMARY KEY (kind, hash)
) WITHOUT ROWID;

-- One row per field of a vendor that has no column, or whose value did not convert. The value itself is in extra.
CREATE TABLE unmapped_field (
  vendor TEXT NOT NULL,
  resource TEXT NOT NULL,
  json_path TEXT NOT NULL,      -- 'guest.mood'; 'operators[].mood' inside a list
  kind TEXT NOT NULL CHECK (kind IN ('unknown', 'unconverted')),
  sample_type TEXT NOT NULL,    -- JSON type of the first one seen
  count INTEGER NOT NULL,       -- number of record versions that had it
  first_seen TIMESTAMP NOT NULL,
  last_seen TIMESTAMP NOT NULL,
  PRIMARY KEY (vendor, resource, json_path, kind)
) WITHOUT ROWID;

-- ==== Documentation, written by cdr_init() from libcdr's declarations ====

-- One row per column of the tables of the model.
CREATE TABLE cdr_column (
  table_name TEXT NOT NULL,
  position INTEGER NOT NULL,
  column_name TEXT NOT NULL,
  type TEXT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (table_name, position)
) WITHOUT ROWID;

-- One row per vendor, table and state: the basis of the figure.
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

-- The tables of the model are made for queries. Those that hold one row per interaction, queue visit, offer, recording or wrap-up
-- are ordinary tables. The others (dialog, the events, state_duration, agent_state) are views over one table each. Its name begins
-- with fact_, and it holds the values that are a row's own; long texts that repeat are stored once, in fact_text. Everything relates
-- by interaction_key, a whole number that an interaction keeps as long as its records stay together:
--
--   SELECT i.outcome, v.queue_name FROM interaction AS i LEFT JOIN queue_visit AS v USING (interaction_key);
--
--   * Rows of an interaction lie together, in the order of the key, so that an import appends them and a reader finds them side by
--     side. They are replaced together.
--   * dialog, queue_visit, agent_offer, recording and wrap_up have an indexed interaction_id of their own. People join by it, often
--     with these tables on the right side of a LEFT JOIN, where SQLite looks rows up in one table only.
--   * The other views take interaction_id and source from interaction. A query that compares one of them starts at that table.
--
-- libcdr parses these statements (extension/warehouse/schema/layout.cpp). It reads the names of tables and columns, REFERENCES,
-- PRIMARY KEY, the columns of indexes, and the select lists of views, line by line. Some names have a meaning: `n` is a row's number
-- within its interaction; `component` identifies the records that a row was made from; `hash` as the second column marks a table of
-- shared rows, which are found by XXH3-64 of their values; `dialog` holds a dialog's number instead of its dialog_id; in a view, f is
-- the table that holds the rows.

-- One row per interaction. Virtual: interactions.
CREATE TABLE interaction (
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
  company_number TEXT,
  first_queue_id TEXT,
  first_queue_name TEXT,
  last_queue_id TEXT,
  last_queue_name TEXT,
  first_agent_id TEXT,
  first_agent_name TEXT,
  last_agent_id TEXT,
  last_agent_name TEXT,
  agent_count INTEGER,
  dialog_count INTEGER,
  transfer_count INTEGER,
  outcome TEXT,
  released_by TEXT,
  released_side TEXT,
  end_cause TEXT,
  hangup_cause TEXT,
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
  mapping TEXT,
  last_import INTEGER NOT NULL,
  interaction_key INTEGER PRIMARY KEY
);
CREATE UNIQUE INDEX interaction_identity ON interaction (interaction_id, vendor, source);
CREATE INDEX interaction_start ON interaction (start_time);
CREATE INDEX interaction_customer ON interaction (customer_number, start_time) WHERE customer_number IS NOT NULL;
CREATE INDEX interaction_import ON interaction (last_import);

-- One row per interaction that no longer exists: its records became part of another one, or were erased. A copy elsewhere that
-- follows last_import first deletes these, then reads what changed.
CREATE TABLE removed_interaction (
  interaction_key INTEGER NOT NULL,
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT,          -- NULL: the interaction was erased, and its id with it
  import_id INTEGER NOT NULL REFERENCES import_file (import_id)  -- the import, erasure or rebuild that removed it
);
CREATE UNIQUE INDEX removed_interaction_key ON removed_interaction (interaction_key, import_id);
CREATE INDEX removed_interaction_import ON removed_interaction (import_id);

-- One row per long text that columns of the facts refer to.
CREATE TABLE fact_text (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  value TEXT
);
CREATE INDEX fact_text_hash ON fact_text (hash);

-- One row per project, with what its dialogs have in common.
CREATE TABLE fact_dialog_project (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  project TEXT,
  project_id_list TEXT,
  organization_id TEXT,
  call_info_param5 TEXT,
  project_name TEXT
);
CREATE INDEX fact_dialog_project_hash ON fact_dialog_project (hash);

-- One row per dialog: the rows of the view dialog.
CREATE TABLE fact_dialog (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  dialog_id TEXT,
  has_uuid INTEGER,             -- 1: dialog_uuid equals dialog_id; NULL: the dialog has no dialog_uuid
  dialog_type TEXT,
  business_direction TEXT,
  business_end_cause TEXT,
  from_display_target TEXT,
  to_display_target TEXT,
  start_time TIMESTAMP,
  hangup_time TIMESTAMP,
  serve_time TIMESTAMP,
  talking_time INTEGER,
  alert_time TIMESTAMP,
  answer_time TIMESTAMP,
  ring_time TIMESTAMP,
  waiting_time INTEGER,
  first_queue_waiting_time INTEGER,
  machine_detected INTEGER,
  machine_detected_type TEXT,
  initial_media TEXT,
  tenant_user INTEGER REFERENCES fact_text (id),
  anonymous TEXT,
  virtual_agent INTEGER REFERENCES fact_text (id),
  crm_id TEXT,
  contact_id TEXT,
  contact_data INTEGER REFERENCES fact_text (id),
  organization_name TEXT,
  note TEXT,
  audio_video_recording TEXT,
  call_info_param1 TEXT,
  call_info_value1 TEXT,
  call_info_param2 TEXT,
  call_info_value2 TEXT,
  call_info_param3 TEXT,
  call_info_value3 TEXT,
  call_info_param4 TEXT,
  call_info_value4 TEXT,
  call_info_value5 TEXT,
  custom_tag_id_list INTEGER REFERENCES fact_text (id),
  variables INTEGER REFERENCES fact_text (id),
  operator_call_id TEXT,
  hangup_cause INTEGER REFERENCES fact_text (id),
  end_cause TEXT,
  call_request_data INTEGER REFERENCES fact_text (id),
  linked_dialogs TEXT,
  transcript_exist INTEGER,
  project_id TEXT,
  project_language TEXT,
  project_service_type TEXT,
  project_service_id TEXT,
  tenant_user_id TEXT,
  tenant_user_username TEXT,
  tenant_user_firstname TEXT,
  tenant_user_surname TEXT,
  tenant_user_display_name TEXT,
  anonymous_display_name TEXT,
  virtual_agent_id TEXT,
  virtual_agent_name TEXT,
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
  call_request_data_virtual_agent_id TEXT,
  created_seconds DOUBLE,
  ivr_seconds DOUBLE,
  in_queue_seconds DOUBLE,
  waiting_seconds DOUBLE,
  ring_seconds DOUBLE,
  bcw_seconds DOUBLE,
  active_seconds DOUBLE,
  hold_seconds DOUBLE,
  acw_seconds DOUBLE,
  outcome TEXT,
  extra TEXT,
  agent_id TEXT,
  agent_name TEXT,
  project INTEGER REFERENCES fact_dialog_project (id),
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED,
  n INTEGER NOT NULL
);
CREATE UNIQUE INDEX fact_dialog_key ON fact_dialog (interaction_key, n);
CREATE INDEX fact_dialog_interaction ON fact_dialog (interaction_id);
CREATE INDEX fact_dialog_start ON fact_dialog (start_time);
CREATE INDEX fact_dialog_agent ON fact_dialog (agent_id, start_time);

-- One row per dialog: one party's side of an interaction. Virtual: cdr_dialog.
CREATE VIEW dialog AS
SELECT
  f.vendor, f.source, f.interaction_id, f.dialog_id, (SELECT f.dialog_id WHERE f.has_uuid) AS dialog_uuid, f.dialog_type,
  f.business_direction, f.business_end_cause, f.from_display_target, f.to_display_target, f.start_time, f.hangup_time,
  f.serve_time, f.talking_time, f.alert_time, f.answer_time, f.ring_time, f.waiting_time, f.first_queue_waiting_time,
  f.machine_detected, f.machine_detected_type, f.initial_media,
  (SELECT project FROM fact_dialog_project WHERE id = f.project) AS project,
  (SELECT project_id_list FROM fact_dialog_project WHERE id = f.project) AS project_id_list,
  (SELECT value FROM fact_text WHERE id = f.tenant_user) AS tenant_user, f.anonymous,
  (SELECT value FROM fact_text WHERE id = f.virtual_agent) AS virtual_agent, f.crm_id, f.contact_id,
  (SELECT value FROM fact_text WHERE id = f.contact_data) AS contact_data,
  (SELECT organization_id FROM fact_dialog_project WHERE id = f.project) AS organization_id, f.organization_name, f.note,
  f.audio_video_recording, f.call_info_param1, f.call_info_value1, f.call_info_param2, f.call_info_value2, f.call_info_param3,
  f.call_info_value3, f.call_info_param4, f.call_info_value4,
  (SELECT call_info_param5 FROM fact_dialog_project WHERE id = f.project) AS call_info_param5, f.call_info_value5,
  (SELECT value FROM fact_text WHERE id = f.custom_tag_id_list) AS custom_tag_id_list,
  (SELECT value FROM fact_text WHERE id = f.variables) AS variables, f.operator_call_id,
  (SELECT value FROM fact_text WHERE id = f.hangup_cause) AS hangup_cause, f.end_cause,
  (SELECT value FROM fact_text WHERE id = f.call_request_data) AS call_request_data, f.linked_dialogs, f.transcript_exist,
  f.project_id, (SELECT project_name FROM fact_dialog_project WHERE id = f.project) AS project_name, f.project_language,
  f.project_service_type, f.project_service_id, f.tenant_user_id, f.tenant_user_username, f.tenant_user_firstname,
  f.tenant_user_surname, f.tenant_user_display_name, f.anonymous_display_name, f.virtual_agent_id, f.virtual_agent_name,
  f.call_request_data_dialing_method, f.call_request_data_call_request_id, f.call_request_data_call_request_name,
  f.call_request_data_application_id, f.call_request_data_application_name, f.call_request_data_application_type,
  f.call_request_data_project_id, f.call_request_data_project_name, f.call_request_data_case_id, f.call_request_data_case_group,
  f.call_request_data_case_state, f.call_request_data_virtual_agent_id, f.created_seconds, f.ivr_seconds, f.in_queue_seconds,
  f.waiting_seconds, f.ring_seconds, f.bcw_seconds, f.active_seconds, f.hold_seconds, f.acw_seconds, f.outcome, f.extra,
  f.agent_id, f.agent_name, f.interaction_key
FROM fact_dialog AS f;

-- One row per kind of agent event that ever occurred.
CREATE TABLE fact_agent_event_kind (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  agent_id TEXT,
  agent_name TEXT,
  queue_id TEXT,
  event TEXT
);
CREATE INDEX fact_agent_event_kind_hash ON fact_agent_event_kind (hash);

-- One row per event of an agent: the rows of the view agent_event.
CREATE TABLE fact_agent_event (
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED,
  n INTEGER NOT NULL,
  kind INTEGER REFERENCES fact_agent_event_kind (id),
  dialog INTEGER,
  seq INTEGER NOT NULL,
  event_time TIMESTAMP,
  duration_seconds DOUBLE,
  PRIMARY KEY (interaction_key, n)
) WITHOUT ROWID;

-- One row per event of an agent. Virtual: agent_events.
CREATE VIEW agent_event AS
SELECT
  i.vendor, i.source, i.interaction_id,
  (SELECT dialog_id FROM fact_dialog WHERE interaction_key = f.interaction_key AND n = f.dialog) AS dialog_id, k.agent_id, k.agent_name,
  k.queue_id, f.seq, k.event, f.event_time, f.duration_seconds, f.interaction_key
FROM fact_agent_event AS f
JOIN interaction AS i ON i.interaction_key = f.interaction_key
LEFT JOIN fact_agent_event_kind AS k ON k.id = f.kind;

-- One row per time that an agent was asked to take an interaction. Virtual: agent_offers.
CREATE TABLE agent_offer (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  dialog_id TEXT,
  agent_id TEXT,
  agent_name TEXT,
  visit_no INTEGER,
  queue_id TEXT,
  offer_no INTEGER,
  offer_time TIMESTAMP,
  end_time TIMESTAMP,
  ring_seconds DOUBLE,
  outcome TEXT,
  basis TEXT,
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX agent_offer_key ON agent_offer (interaction_key);
CREATE INDEX agent_offer_interaction ON agent_offer (interaction_id);
CREATE INDEX agent_offer_agent ON agent_offer (agent_id, offer_time);

-- One row per kind of queue event that ever occurred.
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

-- One row per event in a queue: the rows of the view queue_event.
CREATE TABLE fact_queue_event (
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED,
  n INTEGER NOT NULL,
  kind INTEGER REFERENCES fact_queue_event_kind (id),
  seq INTEGER NOT NULL,
  event_time TIMESTAMP,
  PRIMARY KEY (interaction_key, n)
) WITHOUT ROWID;

-- One row per event in a queue. Virtual: queue_events.
CREATE VIEW queue_event AS
SELECT
  i.vendor, i.source, i.interaction_id, k.queue_id, k.queue_name, k.queue_type, k.flow_id, f.seq, k.event, f.event_time,
  f.interaction_key
FROM fact_queue_event AS f
JOIN interaction AS i ON i.interaction_key = f.interaction_key
LEFT JOIN fact_queue_event_kind AS k ON k.id = f.kind;

-- One row per kind of IVR event that ever occurred.
CREATE TABLE fact_ivr_event_kind (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  flow_id TEXT,
  flow_type TEXT,
  event TEXT
);
CREATE INDEX fact_ivr_event_kind_hash ON fact_ivr_event_kind (hash);

-- One row per event in the IVR: the rows of the view ivr_event.
CREATE TABLE fact_ivr_event (
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED,
  n INTEGER NOT NULL,
  kind INTEGER REFERENCES fact_ivr_event_kind (id),
  seq INTEGER NOT NULL,
  event_time TIMESTAMP,
  PRIMARY KEY (interaction_key, n)
) WITHOUT ROWID;

-- One row per event in the IVR. Virtual: ivr_events.
CREATE VIEW ivr_event AS
SELECT
  i.vendor, i.source, i.interaction_id, k.flow_id, k.flow_type, f.seq, k.event, f.event_time, f.interaction_key
FROM fact_ivr_event AS f
JOIN interaction AS i ON i.interaction_key = f.interaction_key
LEFT JOIN fact_ivr_event_kind AS k ON k.id = f.kind;

-- One row per kind of event of the customer's side that ever occurred.
CREATE TABLE fact_customer_event_kind (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  event TEXT
);
CREATE INDEX fact_customer_event_kind_hash ON fact_customer_event_kind (hash);

-- One row per event of the customer's side: the rows of the view customer_event.
CREATE TABLE fact_customer_event (
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED,
  n INTEGER NOT NULL,
  kind INTEGER REFERENCES fact_customer_event_kind (id),
  customer_id TEXT,
  seq INTEGER NOT NULL,
  event_time TIMESTAMP,
  PRIMARY KEY (interaction_key, n)
) WITHOUT ROWID;

-- One row per event of the customer's side. Virtual: customer_events.
CREATE VIEW customer_event AS
SELECT
  i.vendor, i.source, i.interaction_id, f.customer_id, f.seq,
  (SELECT event FROM fact_customer_event_kind WHERE id = f.kind) AS event, f.event_time, f.interaction_key
FROM fact_customer_event AS f
JOIN interaction AS i ON i.interaction_key = f.interaction_key;

-- One row per entry into a queue. Virtual: queue_visits.
CREATE TABLE queue_visit (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  visit_no INTEGER,
  queue_id TEXT,
  queue_name TEXT,
  entry TEXT,
  enqueue_time TIMESTAMP,
  dequeue_time TIMESTAMP,
  answer_time TIMESTAMP,
  end_time TIMESTAMP,
  wait_seconds DOUBLE,
  ring_seconds DOUBLE,
  speed_of_answer_seconds DOUBLE,
  outcome TEXT,
  agent_id TEXT,
  basis TEXT,
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX queue_visit_key ON queue_visit (interaction_key);
CREATE INDEX queue_visit_interaction ON queue_visit (interaction_id);
CREATE INDEX queue_visit_queue ON queue_visit (queue_id, enqueue_time);
CREATE INDEX queue_visit_enqueue ON queue_visit (enqueue_time);
CREATE INDEX queue_visit_event ON queue_visit (
  CASE WHEN outcome = 'ANSWERED' THEN coalesce(answer_time, dequeue_time, end_time, enqueue_time) ELSE coalesce(end_time, dequeue_time, enqueue_time) END);

-- One row per kind of state that ever occurred.
CREATE TABLE fact_state_kind (
  id INTEGER PRIMARY KEY,
  hash BIGINT NOT NULL,
  agent_id TEXT,
  state TEXT,
  basis TEXT
);
CREATE INDEX fact_state_kind_hash ON fact_state_kind (hash);

-- One row per interaction and state, and per agent and state: the rows of the view state_duration.
CREATE TABLE fact_state_duration (
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED,
  n INTEGER NOT NULL,
  kind INTEGER NOT NULL REFERENCES fact_state_kind (id),
  start_time TIMESTAMP,
  end_time TIMESTAMP,
  seconds DOUBLE,
  PRIMARY KEY (interaction_key, n)
) WITHOUT ROWID;

-- One row per interaction and state, and per agent and state. Virtual: state_durations.
CREATE VIEW state_duration AS
SELECT
  i.vendor, i.source, i.interaction_id, k.agent_id, k.state, f.start_time, f.end_time, f.seconds, k.basis, f.interaction_key
FROM fact_state_duration AS f
JOIN interaction AS i ON i.interaction_key = f.interaction_key
JOIN fact_state_kind AS k ON k.id = f.kind;

-- One row per recording. Virtual: recordings.
CREATE TABLE recording (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  recording_id TEXT,
  dialog_id TEXT,
  media TEXT,
  start_time TIMESTAMP,
  stop_time TIMESTAMP,
  urls TEXT,
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX recording_key ON recording (interaction_key);
CREATE INDEX recording_interaction ON recording (interaction_id);

-- One row per disposition, tag or code that someone gave to an interaction. Virtual: wrap_ups.
CREATE TABLE wrap_up (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  dialog_id TEXT,
  agent_id TEXT,
  level INTEGER,
  code TEXT,
  name TEXT,
  comment TEXT,
  wrap_up_time TIMESTAMP,
  interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX wrap_up_key ON wrap_up (interaction_key);
CREATE INDEX wrap_up_interaction ON wrap_up (interaction_id);

-- One row per span of an agent's state: the rows of the view agent_state. Its records need not belong to an interaction, so their
-- component identifies them.
CREATE TABLE fact_agent_state (
  component INTEGER NOT NULL,
  n INTEGER NOT NULL,
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT,
  agent_id TEXT,
  agent_name TEXT,
  state TEXT,
  state_category TEXT,
  reason TEXT,
  is_paid INTEGER,
  start_time TIMESTAMP,
  end_time TIMESTAMP,
  interaction_key INTEGER,
  PRIMARY KEY (component, n)
) WITHOUT ROWID;
CREATE INDEX fact_agent_state_agent ON fact_agent_state (agent_id, start_time);
CREATE INDEX fact_agent_state_start ON fact_agent_state (start_time);

-- One row per span of an agent's state. Virtual: agent_states.
CREATE VIEW agent_state AS
SELECT
  f.vendor, f.source, f.interaction_id, f.agent_id, f.agent_name, f.state, f.state_category, f.reason, f.is_paid, f.start_time,
  f.end_time, f.interaction_key
FROM fact_agent_state AS f;

-- ==== Figures ====

-- Counts, sums and maxima of the facts, so that any tool has them without a scan and without libcdr. They follow from the facts and the
-- settings alone. An import updates the figures that it affects; cdr_refresh() applies changed settings, and cdr_check() compares all
-- figures with the facts. Averages and rates are sums over counts: sum both first, then divide.
--
-- libcdr parses these statements too (extension/warehouse/facts/figures.cpp). Columns up to queue_name or agent_name identify a row.
-- The other columns are added up, except ..._longest_..., whose largest value counts. A DOUBLE is NULL if the INTEGER column before it
-- is 0. The comments are the columns' descriptions (cdr_column); a column without a comment has that of the column of that name above.

-- One row per quarter hour (UTC), queue, direction and credit: what came in, what became of it, and how long people waited.
CREATE TABLE queue_interval (
  interval_start TIMESTAMP NOT NULL,                  -- when the quarter hour begins (UTC)
  vendor TEXT NOT NULL,                               -- the vendor's name, as in cdr_mapping
  source TEXT NOT NULL,                               -- tenant label given when importing; the vendor's name by default
  queue_id TEXT,                                      -- the queue; NULL if the vendor does not say which
  direction TEXT,                                     -- the interaction's direction: INBOUND, OUTBOUND or INTERNAL
  credit TEXT NOT NULL,                               -- arrival: the whole visit counts where it entered the queue; event: each part counts where it happened; query only one of them
  queue_name TEXT,                                    -- the queue's name; a queue with several names has a row for each
  offered INTEGER NOT NULL,                           -- visits that entered the queue
  flowed_in INTEGER NOT NULL,                         -- visits that came from an agent or another queue
  answered INTEGER NOT NULL,                          -- visits that an agent answered
  abandoned INTEGER NOT NULL,                         -- visits that the customer abandoned, in the queue or during ringing
  flowed_out INTEGER NOT NULL,                        -- visits that the queue sent elsewhere: timeout, overflow, forwarded
  failed INTEGER NOT NULL,                            -- visits with another ending
  open INTEGER NOT NULL,                              -- visits that have not ended
  untold INTEGER NOT NULL,                            -- visits that have ended in a way that the vendor does not report
  queue_known INTEGER NOT NULL,                       -- visits whose wait in the queue alone is known
  queue_answered_in_threshold INTEGER NOT NULL,       -- answered within the threshold, in the queue alone
  queue_abandoned_in_threshold INTEGER NOT NULL,      -- abandoned within the threshold, in the queue alone
  queue_short_abandoned INTEGER NOT NULL,             -- abandoned within short_abandon seconds, in the queue alone
  queue_answered_known INTEGER NOT NULL,              -- answered visits whose wait in the queue alone is known
  queue_answered_seconds DOUBLE,                      -- their waits in the queue alone, added up
  queue_longest_answered_seconds DOUBLE,              -- the longest of them
  queue_abandoned_known INTEGER NOT NULL,             -- abandoned visits whose wait in the queue alone is known
  queue_abandoned_seconds DOUBLE,                     -- their waits in the queue alone, added up
  queue_longest_abandoned_seconds DOUBLE,             -- the longest of them
  queue_ring_known INTEGER NOT NULL,                  -- visits whose wait including ringing is known
  queue_ring_answered_in_threshold INTEGER NOT NULL,  -- answered within the threshold, including ringing
  queue_ring_abandoned_in_threshold INTEGER NOT NULL,  -- abandoned within the threshold, including ringing
  queue_ring_short_abandoned INTEGER NOT NULL,        -- abandoned within short_abandon seconds, including ringing
  queue_ring_answered_known INTEGER NOT NULL,         -- answered visits whose wait including ringing is known
  queue_ring_answered_seconds DOUBLE,                 -- their waits including ringing, added up
  queue_ring_longest_answered_seconds DOUBLE,         -- the longest of them
  queue_ring_abandoned_known INTEGER NOT NULL,        -- abandoned visits whose wait including ringing is known
  queue_ring_abandoned_seconds DOUBLE,                -- their waits including ringing, added up
  queue_ring_longest_abandoned_seconds DOUBLE,        -- the longest of them
  arrival_known INTEGER NOT NULL,                     -- visits whose wait since the interaction's start is known
  arrival_answered_in_threshold INTEGER NOT NULL,     -- answered within the threshold, since the interaction's start
  arrival_abandoned_in_threshold INTEGER NOT NULL,    -- abandoned within the threshold, since the interaction's start
  arrival_short_abandoned INTEGER NOT NULL,           -- abandoned within short_abandon seconds, since the interaction's start
  arrival_answered_known INTEGER NOT NULL,            -- answered visits whose wait since the interaction's start is known
  arrival_answered_seconds DOUBLE,                    -- their waits since the interaction's start, added up
  arrival_longest_answered_seconds DOUBLE,            -- the longest of them
  arrival_abandoned_known INTEGER NOT NULL,           -- abandoned visits whose wait since the interaction's start is known
  arrival_abandoned_seconds DOUBLE,                   -- their waits since the interaction's start, added up
  arrival_longest_abandoned_seconds DOUBLE,           -- the longest of them
  talk_known INTEGER NOT NULL,                        -- conversations of answered visits whose length is known
  talk_seconds DOUBLE,                                -- conversation with agents, without hold
  hold_known INTEGER NOT NULL,                        -- conversations whose hold time is known
  hold_seconds DOUBLE,                                -- time on hold
  acw_known INTEGER NOT NULL,                         -- conversations whose after-call work is known
  acw_seconds DOUBLE                                  -- after-call work
);
CREATE INDEX queue_interval_key ON queue_interval (interval_start, queue_id, credit);

-- One row per day of the reporting zone, queue, direction and credit: its quarter hours, added up.
CREATE TABLE queue_day (
  day DATE NOT NULL,                                  -- the date in the warehouse's reporting zone
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  queue_id TEXT,
  direction TEXT,
  credit TEXT NOT NULL,
  queue_name TEXT,
  offered INTEGER NOT NULL,
  flowed_in INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  abandoned INTEGER NOT NULL,
  flowed_out INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  open INTEGER NOT NULL,
  untold INTEGER NOT NULL,
  queue_known INTEGER NOT NULL,
  queue_answered_in_threshold INTEGER NOT NULL,
  queue_abandoned_in_threshold INTEGER NOT NULL,
  queue_short_abandoned INTEGER NOT NULL,
  queue_answered_known INTEGER NOT NULL,
  queue_answered_seconds DOUBLE,
  queue_longest_answered_seconds DOUBLE,
  queue_abandoned_known INTEGER NOT NULL,
  queue_abandoned_seconds DOUBLE,
  queue_longest_abandoned_seconds DOUBLE,
  queue_ring_known INTEGER NOT NULL,
  queue_ring_answered_in_threshold INTEGER NOT NULL,
  queue_ring_abandoned_in_threshold INTEGER NOT NULL,
  queue_ring_short_abandoned INTEGER NOT NULL,
  queue_ring_answered_known INTEGER NOT NULL,
  queue_ring_answered_seconds DOUBLE,
  queue_ring_longest_answered_seconds DOUBLE,
  queue_ring_abandoned_known INTEGER NOT NULL,
  queue_ring_abandoned_seconds DOUBLE,
  queue_ring_longest_abandoned_seconds DOUBLE,
  arrival_known INTEGER NOT NULL,
  arrival_answered_in_threshold INTEGER NOT NULL,
  arrival_abandoned_in_threshold INTEGER NOT NULL,
  arrival_short_abandoned INTEGER NOT NULL,
  arrival_answered_known INTEGER NOT NULL,
  arrival_answered_seconds DOUBLE,
  arrival_longest_answered_seconds DOUBLE,
  arrival_abandoned_known INTEGER NOT NULL,
  arrival_abandoned_seconds DOUBLE,
  arrival_longest_abandoned_seconds DOUBLE,
  talk_known INTEGER NOT NULL,
  talk_seconds DOUBLE,
  hold_known INTEGER NOT NULL,
  hold_seconds DOUBLE,
  acw_known INTEGER NOT NULL,
  acw_seconds DOUBLE
);
CREATE INDEX queue_day_key ON queue_day (queue_id, day);
CREATE INDEX queue_day_day ON queue_day (day);

-- One row per quarter hour (UTC), agent, direction and credit: offers, conversations and time in states.
CREATE TABLE agent_interval (
  interval_start TIMESTAMP NOT NULL,                  -- when the quarter hour begins (UTC)
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  agent_id TEXT NOT NULL,                             -- the agent
  direction TEXT,                                     -- the interaction's direction; NULL for time in states
  credit TEXT NOT NULL,                               -- arrival: the whole conversation counts where the agent was asked; event: each part counts where it happened, spans clipped; query only one of them
  agent_name TEXT,                                    -- the agent's name; an agent with several names has a row for each
  offered INTEGER NOT NULL,                           -- times the agent was asked to take an interaction
  answered INTEGER NOT NULL,                          -- times the agent answered
  missed INTEGER NOT NULL,                            -- offers that ended without an answer, whoever ended them
  missed_by_agent INTEGER NOT NULL,                   -- offers that the agent did not take or refused
  rejected INTEGER NOT NULL,                          -- offers that the agent refused
  transferred_out INTEGER NOT NULL,                   -- conversations that went on with another agent, if the vendor reports a transfer
  handled INTEGER NOT NULL,                           -- conversations whose length is known
  handle_seconds DOUBLE,                              -- their conversation, hold and after-call work, as far as known; divided by handled, it is the AHT
  talk_parts INTEGER NOT NULL,                        -- conversations of known length that have a part here
  talk_seconds DOUBLE,                                -- conversation, without hold
  hold_parts INTEGER NOT NULL,                        -- conversations with known hold time that have a part here
  hold_seconds DOUBLE,                                -- time on hold
  acw_parts INTEGER NOT NULL,                         -- conversations with known after-call work that have a part here
  acw_seconds DOUBLE,                                 -- after-call work
  ring_parts INTEGER NOT NULL,                        -- offers with known ringing that have a part here, and sides without such an offer
  ring_seconds DOUBLE,                                -- ringing
  state_parts INTEGER NOT NULL,                       -- spans of states other than OFFLINE that have a part here
  logged_in_seconds DOUBLE,                           -- in any state other than OFFLINE
  available_seconds DOUBLE,                           -- free to take an interaction
  break_seconds DOUBLE,                               -- breaks, paid or not
  unpaid_break_seconds DOUBLE                         -- unpaid breaks
);
CREATE INDEX agent_interval_key ON agent_interval (interval_start, agent_id, credit);

-- One row per day of the reporting zone, agent, direction and credit: its quarter hours, added up.
CREATE TABLE agent_day_total (
  day DATE NOT NULL,                                  -- the date in the warehouse's reporting zone
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  direction TEXT,
  credit TEXT NOT NULL,
  agent_name TEXT,
  offered INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  missed INTEGER NOT NULL,
  missed_by_agent INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  transferred_out INTEGER NOT NULL,
  handled INTEGER NOT NULL,
  handle_seconds DOUBLE,
  talk_parts INTEGER NOT NULL,
  talk_seconds DOUBLE,
  hold_parts INTEGER NOT NULL,
  hold_seconds DOUBLE,
  acw_parts INTEGER NOT NULL,
  acw_seconds DOUBLE,
  ring_parts INTEGER NOT NULL,
  ring_seconds DOUBLE,
  state_parts INTEGER NOT NULL,
  logged_in_seconds DOUBLE,
  available_seconds DOUBLE,
  break_seconds DOUBLE,
  unpaid_break_seconds DOUBLE
);
CREATE INDEX agent_day_total_key ON agent_day_total (agent_id, day);
CREATE INDEX agent_day_total_day ON agent_day_total (day);

-- One row per queue that has figures.
CREATE TABLE queue (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  queue_id TEXT NOT NULL,       -- the queue
  queue_name TEXT,              -- its name on the last day on which it was seen
  first_seen DATE NOT NULL,     -- the first day with figures of the queue
  last_seen DATE NOT NULL,      -- the last day with figures of the queue
  threshold_seconds DOUBLE NOT NULL,  -- an answer within it is in time; the stored figures use this value
  short_abandon_seconds DOUBLE NOT NULL,  -- abandonment within it counts as short; the stored figures use this value
  target DOUBLE,                -- target service level, 0 to 1
  PRIMARY KEY (vendor, source, queue_id)
) WITHOUT ROWID;

-- One row per agent who has figures.
CREATE TABLE agent (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  agent_id TEXT NOT NULL,       -- the agent
  agent_name TEXT,              -- the name on the last day on which the agent was seen
  first_seen DATE NOT NULL,     -- the first day with figures of the agent
  last_seen DATE NOT NULL,      -- the last day with figures of the agent
  team TEXT,                    -- the team on that day; NULL if agent_team has no row for it
  PRIMARY KEY (vendor, source, agent_id)
) WITHOUT ROWID;

-- ==== Settings ====

-- Users write these rows, with any tool. The next import applies them; cdr_refresh() applies them at once. libcdr never writes here.

-- One row per setting of all reports: zone (which defines the days), threshold_seconds and short_abandon_seconds (for queues without their own).
CREATE TABLE report_setting (
  name TEXT NOT NULL PRIMARY KEY,  -- zone, threshold_seconds or short_abandon_seconds
  value TEXT NOT NULL,             -- a zone's name such as Europe/Prague (UTC unless set); a number of seconds (20 and 5 unless set)
  CONSTRAINT "there is no such setting; there are zone, threshold_seconds and short_abandon_seconds"
    CHECK (name IN ('zone', 'threshold_seconds', 'short_abandon_seconds')),
  CONSTRAINT "the value must be a number of seconds, from 0 to 86400"
    CHECK (name = 'zone' OR (value GLOB '[0-9]*' AND value NOT GLOB '*[^0-9.]*' AND value NOT GLOB '*.*.*' AND CAST(value AS REAL) <= 86400)),
  CONSTRAINT "the zone must be a time zone's name, such as Europe/Prague"
    CHECK (name <> 'zone' OR (length(value) BETWEEN 1 AND 64 AND value NOT GLOB '* *'))
) WITHOUT ROWID;

-- One row per queue with settings of its own. NULL: report_setting applies.
CREATE TABLE queue_setting (
  vendor TEXT NOT NULL,         -- the vendor's name, as in cdr_mapping
  source TEXT NOT NULL,         -- tenant label, as in the facts: the vendor's name by default
  queue_id TEXT NOT NULL,       -- the queue
  threshold_seconds DOUBLE,     -- an answer within it is in time
  short_abandon_seconds DOUBLE,  -- abandonment within it counts as short
  target DOUBLE,                -- target service level, 0 to 1
  zone TEXT,                    -- the zone of its opening hours
  opens TEXT,                   -- HH:MM in that zone
  closes TEXT,                  -- HH:MM, up to 24:00
  PRIMARY KEY (vendor, source, queue_id),
  CONSTRAINT "vendor, source and queue_id must be those of queue_visit, which are not empty" CHECK (vendor <> '' AND source <> '' AND queue_id <> ''),
  CONSTRAINT "threshold_seconds must be a number from 0 to 86400"
    CHECK (threshold_seconds IS NULL OR (typeof(threshold_seconds) IN ('real', 'integer') AND threshold_seconds BETWEEN 0 AND 86400)),
  CONSTRAINT "short_abandon_seconds must be a number from 0 to 86400"
    CHECK (short_abandon_seconds IS NULL OR (typeof(short_abandon_seconds) IN ('real', 'integer') AND short_abandon_seconds BETWEEN 0 AND 86400)),
  CONSTRAINT "target must be a number from 0 to 1, such as 0.8" CHECK (target IS NULL OR (typeof(target) IN ('real', 'integer') AND target BETWEEN 0 AND 1)),
  CONSTRAINT "opens and closes must be times such as 08:00, both or neither, and opens the earlier"
    CHECK ((opens IS NULL) = (closes IS NULL) AND (opens IS NULL OR (opens GLOB '[0-2][0-9]:[0-5][0-9]' AND closes GLOB '[0-2][0-9]:[0-5][0-9]'
      AND opens < closes AND closes <= '24:00')))
) WITHOUT ROWID;

-- One row per agent and team, from a date on.
CREATE TABLE agent_team (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  agent_id TEXT NOT NULL,       -- the agent
  valid_from DATE NOT NULL DEFAULT '1970-01-01',  -- the first day in the team; it lasts until the agent's next row
  team TEXT NOT NULL,           -- the team's name
  PRIMARY KEY (vendor, source, agent_id, valid_from),
  CONSTRAINT "vendor, source, agent_id and team must not be empty" CHECK (vendor <> '' AND source <> '' AND agent_id <> '' AND team <> ''),
  CONSTRAINT "valid_from must be a date such as 2024-05-31" CHECK (date(valid_from, '+0 days') IS valid_from)
) WITHOUT ROWID;

-- One row per day that differs from its weekday: holidays, closed days, extra working days. Join it by day.
CREATE TABLE calendar_day (
  day DATE NOT NULL PRIMARY KEY,  -- in the reporting zone
  kind TEXT NOT NULL,           -- WORKDAY, WEEKEND, HOLIDAY or CLOSED
  name TEXT,                    -- name of the holiday
  CONSTRAINT "day must be a date such as 2024-12-24" CHECK (date(day, '+0 days') IS day),
  CONSTRAINT "kind must be WORKDAY, WEEKEND, HOLIDAY or CLOSED" CHECK (kind IN ('WORKDAY', 'WEEKEND', 'HOLIDAY', 'CLOSED'))
) WITHOUT ROWID;

-- ==== Reports of users ====

-- One row per report that users have added. cdr_report_add() checks one and writes it here. A report is offered as a table-valued function only
-- to a connection that has called cdr_report_load(), because a file may come from somebody else.
CREATE TABLE report_definition (
  name TEXT NOT NULL PRIMARY KEY,  -- the report's name, as the definition declares it
  definition TEXT NOT NULL,        -- the declaration and the query, as in sql/reports/*.sql
  CONSTRAINT "name must consist of small letters, digits and _, and begin with a letter" CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9_]*')
) WITHOUT ROWID;
