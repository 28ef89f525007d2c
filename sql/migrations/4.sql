-- From format 3 to 4. The ledger knows where a file lies, so that one of the same name in another folder is another file. No table is renamed:
-- that would change what refers to it. cdr_init() makes the indexes anew, and agent_interval, whose ringing is that of offers.
DROP TABLE IF EXISTS main.agent_interval;
CREATE TABLE main.former_import_file AS SELECT * FROM main.import_file;
DROP TABLE main.import_file;
CREATE TABLE main.import_file (
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
INSERT INTO main.import_file (import_id, path, content_hash, ledger_key, bytes, source, zone, fetched_at, status, error, seen, inserted, updated, unchanged, stale, quarantined,
  interactions, started_at, finished_at, libcdr)
SELECT import_id, path, content_hash, ledger_key, bytes, source, zone, fetched_at, status, error, seen, inserted, updated, unchanged, stale, quarantined,
  interactions, started_at, finished_at, libcdr FROM main.former_import_file;
DROP TABLE main.former_import_file;
CREATE TABLE main.former_quarantine AS SELECT * FROM main.quarantine;
DROP TABLE main.quarantine;
CREATE TABLE main.quarantine (
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
INSERT INTO main.quarantine SELECT * FROM main.former_quarantine;
DROP TABLE main.former_quarantine;
