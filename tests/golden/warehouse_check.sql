-- cdr_check() finds nothing in a healthy warehouse, and finds each fault that is made here. Every fault is undone before the next.
.mode list
.separator ' | '
.nullvalue NULL
SELECT cdr_check();
SELECT cdr_init();
SELECT cdr_import('../../samples/') ->> 'interactions';
SELECT cdr_import('{"dialog_uuid": "d-1",') ->> 'quarantined';
SELECT cdr_check();
SELECT count(*) FROM cdr_check();

.print facts that their records do not make
SAVEPOINT sound;
UPDATE interaction SET outcome = 'BUSY' WHERE interaction_id = '880102';
SELECT * FROM cdr_check();
SELECT cdr_check();
ROLLBACK TO sound;
UPDATE fact_dialog SET talking_time = talking_time + 1 WHERE rowid = (SELECT max(rowid) FROM fact_dialog);
UPDATE fact_agent_state SET reason = 'tea' WHERE component = (SELECT min(component) FROM fact_agent_state) AND n = 0;
UPDATE fact_state_duration SET seconds = 7.5 WHERE n = 0 AND interaction_key = (SELECT interaction_key FROM interaction WHERE interaction_id = '880102');
SELECT * FROM cdr_check();
ROLLBACK TO sound;
DELETE FROM fact_agent_event WHERE n = 0 AND interaction_key = (SELECT interaction_key FROM interaction WHERE interaction_id = '880102');
DELETE FROM fact_dialog WHERE interaction_id = '880102';
SELECT * FROM cdr_check();
ROLLBACK TO sound;
UPDATE interaction SET end_time = '2001-01-01 00:00:00.000', handle_seconds = 1e6 WHERE interaction_id = '880102';
SELECT "check", "table", key, found, expected FROM cdr_check();
ROLLBACK TO sound;
UPDATE queue_visit SET outcome = 'EATEN' WHERE visit_no = 1 AND interaction_id = '880102';
SELECT "check", "table", key, found, expected FROM cdr_check();
ROLLBACK TO sound;

.print rows of nothing
INSERT INTO interaction (interaction_key, vendor, source, interaction_id, last_import) VALUES (100000, 'conpeek', 'conpeek', 'from nowhere', 77);
INSERT INTO fact_agent_state (component, n, vendor, source) VALUES (100001, 0, 'conpeek', 'conpeek');
INSERT INTO recording (interaction_key, vendor, source, interaction_id) VALUES (100002, 'conpeek', 'conpeek', 'nothing');
INSERT INTO fact_customer_event (interaction_key, n, seq, kind) VALUES (1, 100, 1, 100003);
UPDATE fact_dialog SET source = 'elsewhere' WHERE rowid = (SELECT min(rowid) FROM fact_dialog);
INSERT INTO record_link VALUES (1, 100000);
SELECT * FROM cdr_check();
ROLLBACK TO sound;
DELETE FROM interaction WHERE interaction_id = '880102';
SELECT * FROM cdr_check();
ROLLBACK TO sound;

.print records
UPDATE raw_record SET payload = x'00ff' WHERE id = 1;
UPDATE raw_record SET content_hash = zeroblob(16) WHERE id = 2;
UPDATE raw_record SET record_id = 'another' WHERE id = 3;
UPDATE raw_record SET latest = latest + 1 WHERE id = 4;
UPDATE raw_record SET payload_bytes = 1e12 WHERE id = 5;
UPDATE raw_record SET key_hash = 1 WHERE id = 6;
SELECT * FROM cdr_check();
ROLLBACK TO sound;
UPDATE raw_record SET payload = (SELECT payload FROM raw_record WHERE record_id = '880102' AND resource = 'session'),
  payload_bytes = (SELECT payload_bytes FROM raw_record WHERE record_id = '880102' AND resource = 'session') WHERE record_id = '880103' AND resource = 'session';
SELECT "check", "table", found, expected FROM cdr_check() WHERE "check" IN ('content_hash', 'record_id');
ROLLBACK TO sound;
CREATE TEMP TABLE twice AS SELECT * FROM raw_record WHERE id = 1;
UPDATE twice SET id = (SELECT max(id) + 1 FROM raw_record);
INSERT INTO raw_record SELECT * FROM twice;
SELECT * FROM cdr_check() WHERE "check" = 'record_id';
ROLLBACK TO sound;

.print links and components
DELETE FROM record_link WHERE raw_id = (SELECT id FROM raw_record WHERE record_id = '880102' AND resource = 'session');
SELECT * FROM cdr_check();
ROLLBACK TO sound;
UPDATE raw_record SET component = id WHERE resource = 'routing_history';
SELECT "check", "table", count(*) > 0 FROM cdr_check() GROUP BY 1, 2;
SELECT cdr_rebuild() ->> 'changed';
SELECT * FROM cdr_check();
ROLLBACK TO sound;

.print the ledger
UPDATE import_file SET inserted = inserted + 1, seen = seen + 1 WHERE import_id = 1;
DELETE FROM quarantine;
SELECT * FROM cdr_check();
ROLLBACK TO sound;

.print the schema
DROP INDEX interaction_start;
DROP VIEW agent_state;
CREATE VIEW agent_state AS SELECT 1 AS lies;
CREATE TRIGGER own AFTER INSERT ON fact_dialog BEGIN SELECT 1; END;
SELECT * FROM cdr_check();
ROLLBACK TO sound;
DROP TABLE queue_visit;
SELECT * FROM cdr_check();
ROLLBACK TO sound;

.print much at once
UPDATE interaction SET outcome = 'NONE';
SELECT "check", count(*) FROM cdr_check() GROUP BY 1;
ROLLBACK TO sound;
SELECT cdr_check();

.print from the top level of SQL only
CREATE VIEW asks AS SELECT count(*) FROM cdr_check();
SELECT * FROM asks;
CREATE VIEW asks_too AS SELECT cdr_check();
SELECT * FROM asks_too;
