-- From format 1 to 2. Format 1 kept what many rows had in common in tables of its own, and showed the model through views over
-- several of them. All of that follows from raw_record: it goes, cdr_init() makes the tables of format 2 and fills them again.
DROP VIEW interaction;
DROP VIEW dialog;
DROP VIEW agent_event;
DROP VIEW queue_event;
DROP VIEW ivr_event;
DROP VIEW customer_event;
DROP VIEW queue_visit;
DROP VIEW recording;
DROP VIEW state_duration;
DROP VIEW agent_state;
DROP TABLE fact_text;
DROP TABLE fact_instant;
DROP TABLE fact_interaction;
DROP TABLE fact_setting;
DROP TABLE fact_user;
DROP TABLE fact_contact;
DROP TABLE fact_request;
DROP TABLE fact_dialog;
DROP TABLE fact_agent_event_kind;
DROP TABLE fact_agent_event;
DROP TABLE fact_queue_event_kind;
DROP TABLE fact_queue_event;
DROP TABLE fact_ivr_event_kind;
DROP TABLE fact_ivr_event;
DROP TABLE fact_customer_event;
DROP TABLE fact_queue_visit;
DROP TABLE fact_recording;
DROP TABLE fact_state_basis;
DROP TABLE fact_state_span;
DROP TABLE fact_agent_state;

-- One thing has one name in all tables: path is a file's, json_path what is inside a record, column_name a column's.
DROP TABLE cdr_column;
DROP INDEX quarantine_open;
ALTER TABLE quarantine RENAME TO former_quarantine;
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
                                -- replayed: cdr_replay read it after all; superseded: the file was imported again with other content
  resolved_by INTEGER REFERENCES import_file (import_id)
);
INSERT INTO quarantine SELECT * FROM former_quarantine;
DROP TABLE former_quarantine;
ALTER TABLE unmapped_field RENAME TO former_unmapped_field;
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
INSERT INTO unmapped_field SELECT * FROM former_unmapped_field;
DROP TABLE former_unmapped_field;
