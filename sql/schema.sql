-- The warehouse: everything that cdr_init() creates in main, readable by any SQLite tool without libcdr.
--
--   SELECT outcome, count(*) FROM interaction GROUP BY outcome;
--   SELECT * FROM dialog WHERE interaction_id = '…';
--
-- Rules. Nothing in here is virtual or uses a function of libcdr. Times are UTC text 'YYYY-MM-DD HH:MM:SS.SSS' declared
-- TIMESTAMP, durations DOUBLE seconds, integers that may need more than 32 bits BIGINT (an INTEGER is cut there over ODBC).
-- NULL = the vendor does not say. Tables of the model have exactly the columns of the virtual table that is named in their
-- comment, in its order; cdr_column describes each of them. Views select bare columns, because an expression column loses its
-- type over ODBC. Keys begin with interaction_id: it is what is asked for, and it decides alone nearly always.
--
-- Everything in the tables of the model follows from raw_record and from nothing else; cdr_rebuild() writes it anew.
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
  path TEXT NOT NULL,           -- as the caller named it; 'argument' for JSON given in SQL
  content_hash BLOB,            -- XXH3-128 of the file's bytes; NULL when it could not be read
  ledger_key BLOB,              -- of the content, source, zone, fetched_at and of what the path says about the records
  bytes BIGINT,
  source TEXT,                  -- option: tenant label; NULL = the vendor's name
  zone TEXT,                    -- option: of times without an offset; NULL = UTC
  fetched_at TIMESTAMP,         -- option: the later one wins between two records of one id
  status TEXT NOT NULL CHECK (status IN ('imported', 'partial', 'failed')),
                                -- partial: the file could not be read to its end; failed: nothing of it was taken
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
CREATE INDEX import_file_ledger ON import_file (ledger_key) WHERE status = 'imported';

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
  raw_id INTEGER NOT NULL REFERENCES raw_record (id),
  PRIMARY KEY (hash, raw_id)
) WITHOUT ROWID;

-- One row per set of records that are mapped together: the interaction that they make, if they make one.
CREATE TABLE component (
  id INTEGER PRIMARY KEY,       -- the smallest id of its records
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT
);

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
  PRIMARY KEY (interaction_id, vendor, source)
);
CREATE INDEX interaction_start ON interaction (start_time);
CREATE INDEX interaction_customer ON interaction (customer_number);

-- One row per dialog: one party's side of an interaction. Virtual: cdr_dialog. The objects' members are columns in
-- their own right: computed when read, they would save a thirtieth of the file, and cost more than all the rest of a row's writing.
CREATE TABLE dialog (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  dialog_id TEXT,
  dialog_uuid TEXT,
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
  project TEXT,
  project_id_list TEXT,
  tenant_user TEXT,
  anonymous TEXT,
  virtual_agent TEXT,
  crm_id TEXT,
  contact_id TEXT,
  contact_data TEXT,
  organization_id TEXT,
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
  call_info_param5 TEXT,
  call_info_value5 TEXT,
  custom_tag_id_list TEXT,
  variables TEXT,
  operator_call_id TEXT,
  hangup_cause TEXT,
  end_cause TEXT,
  call_request_data TEXT,
  linked_dialogs TEXT,
  transcript_exist INTEGER,
  project_id TEXT,
  project_name TEXT,
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
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX dialog_interaction ON dialog (interaction_id);
CREATE INDEX dialog_agent ON dialog (tenant_user_id, start_time) WHERE tenant_user_id IS NOT NULL;

-- One row per event of an agent. Virtual: agent_events.
CREATE TABLE agent_event (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  dialog_id TEXT,
  agent_id TEXT,
  agent_name TEXT,
  queue_id TEXT,
  seq INTEGER NOT NULL,
  event TEXT,
  event_time TIMESTAMP,
  duration_seconds DOUBLE,
  PRIMARY KEY (interaction_id, vendor, source, seq),
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

-- One row per event in a queue. Virtual: queue_events.
CREATE TABLE queue_event (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  queue_id TEXT,
  queue_name TEXT,
  queue_type TEXT,
  flow_id TEXT,
  seq INTEGER NOT NULL,
  event TEXT,
  event_time TIMESTAMP,
  PRIMARY KEY (interaction_id, vendor, source, seq),
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

-- One row per event in the IVR. Virtual: ivr_events.
CREATE TABLE ivr_event (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  flow_id TEXT,
  flow_type TEXT,
  seq INTEGER NOT NULL,
  event TEXT,
  event_time TIMESTAMP,
  PRIMARY KEY (interaction_id, vendor, source, seq),
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

-- One row per event of the customer's side. Virtual: customer_events.
CREATE TABLE customer_event (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  customer_id TEXT,
  seq INTEGER NOT NULL,
  event TEXT,
  event_time TIMESTAMP,
  PRIMARY KEY (interaction_id, vendor, source, seq),
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

-- One row per entry into a queue. Virtual: queue_visits.
CREATE TABLE queue_visit (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  visit_no INTEGER NOT NULL,
  queue_id TEXT,
  queue_name TEXT,
  enqueue_time TIMESTAMP,
  dequeue_time TIMESTAMP,
  wait_seconds DOUBLE,
  outcome TEXT,
  agent_id TEXT,
  PRIMARY KEY (interaction_id, vendor, source, visit_no),
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;
CREATE INDEX queue_visit_queue ON queue_visit (queue_id, enqueue_time) WHERE queue_id IS NOT NULL;

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
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX recording_interaction ON recording (interaction_id);

-- One row per interaction, and per agent in it: when each state began and ended, for how long it lasted, and on what basis the
-- figure stands. A state without a basis did not occur, or the vendor does not say. state_duration shows it row by row.
CREATE TABLE state_span (
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT NOT NULL,
  side INTEGER NOT NULL,        -- 0 = the interaction as a whole, then one per agent
  agent_id TEXT,
  created_start TIMESTAMP, created_end TIMESTAMP, created_seconds DOUBLE, created_basis TEXT,
  ivr_start TIMESTAMP, ivr_end TIMESTAMP, ivr_seconds DOUBLE, ivr_basis TEXT,
  in_queue_start TIMESTAMP, in_queue_end TIMESTAMP, in_queue_seconds DOUBLE, in_queue_basis TEXT,
  waiting_start TIMESTAMP, waiting_end TIMESTAMP, waiting_seconds DOUBLE, waiting_basis TEXT,
  ring_start TIMESTAMP, ring_end TIMESTAMP, ring_seconds DOUBLE, ring_basis TEXT,
  bcw_start TIMESTAMP, bcw_end TIMESTAMP, bcw_seconds DOUBLE, bcw_basis TEXT,
  active_start TIMESTAMP, active_end TIMESTAMP, active_seconds DOUBLE, active_basis TEXT,
  hold_start TIMESTAMP, hold_end TIMESTAMP, hold_seconds DOUBLE, hold_basis TEXT,
  acw_start TIMESTAMP, acw_end TIMESTAMP, acw_seconds DOUBLE, acw_basis TEXT,
  PRIMARY KEY (interaction_id, vendor, source, side),
  FOREIGN KEY (interaction_id, vendor, source) REFERENCES interaction (interaction_id, vendor, source) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

-- One row per interaction and state, and per agent and state. Virtual: state_durations.
CREATE VIEW state_duration (vendor, source, interaction_id, agent_id, state, start_time, end_time, seconds, basis) AS
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.created_start, s.created_end, s.created_seconds, s.created_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'CREATED'
WHERE s.created_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.ivr_start, s.ivr_end, s.ivr_seconds, s.ivr_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'IVR'
WHERE s.ivr_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.in_queue_start, s.in_queue_end, s.in_queue_seconds, s.in_queue_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'IN_QUEUE'
WHERE s.in_queue_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.waiting_start, s.waiting_end, s.waiting_seconds, s.waiting_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'WAITING'
WHERE s.waiting_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.ring_start, s.ring_end, s.ring_seconds, s.ring_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'RING'
WHERE s.ring_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.bcw_start, s.bcw_end, s.bcw_seconds, s.bcw_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'BCW'
WHERE s.bcw_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.active_start, s.active_end, s.active_seconds, s.active_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'ACTIVE'
WHERE s.active_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.hold_start, s.hold_end, s.hold_seconds, s.hold_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'HOLD'
WHERE s.hold_basis IS NOT NULL
UNION ALL
SELECT s.vendor, s.source, s.interaction_id, s.agent_id, n.state, s.acw_start, s.acw_end, s.acw_seconds, s.acw_basis
FROM state_span AS s JOIN state_name AS n ON n.state = 'ACW'
WHERE s.acw_basis IS NOT NULL;

-- One row per span of an agent's state. What it is mapped from need not belong to an interaction: component says which records.
CREATE TABLE agent_state_span (
  component INTEGER NOT NULL REFERENCES component (id),
  seq INTEGER NOT NULL,
  vendor TEXT NOT NULL,
  source TEXT NOT NULL,
  interaction_id TEXT,
  agent_id TEXT,
  agent_name TEXT,
  state TEXT,
  reason TEXT,
  is_paid INTEGER,
  start_time TIMESTAMP,
  end_time TIMESTAMP,
  PRIMARY KEY (component, seq)
) WITHOUT ROWID;
CREATE INDEX agent_state_span_agent ON agent_state_span (agent_id, start_time);

-- One row per span of an agent's state. Virtual: agent_states.
CREATE VIEW agent_state AS
SELECT vendor, source, interaction_id, agent_id, agent_name, state, reason, is_paid, start_time, end_time
FROM agent_state_span;
