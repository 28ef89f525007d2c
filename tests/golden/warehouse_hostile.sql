-- A hostile file may have anything under the names of the warehouse's tables: libcdr reads and writes ordinary tables only, and does not run the
-- file's triggers.
SELECT cdr_init();
SELECT cdr_import('../../samples/conpeek/seed_dialog.json') ->> 'inserted';
SELECT count(*) FROM interactions;

.print a trigger on a table of the warehouse
CREATE TABLE loot (t);
CREATE TRIGGER steal AFTER INSERT ON Interaction BEGIN INSERT INTO loot VALUES (new.customer_number); END;
SELECT cdr_import('../../samples/conpeek/day.ndjson') ->> 'inserted';
SELECT cdr_rebuild();
SELECT cdr_replay();
SELECT count(*) FROM interactions;
SELECT count(*) FROM loot;
DROP TRIGGER steal;
.print one on a table of its own, and a temporary one, are its owner's
CREATE TRIGGER own AFTER INSERT ON loot BEGIN SELECT 1; END;
CREATE TEMP TRIGGER mine AFTER INSERT ON main.interaction BEGIN INSERT INTO loot VALUES ('seen'); END;
SELECT cdr_import('../../samples/conpeek/answer.json') ->> 'inserted';
SELECT count(*) > 0 FROM loot;
DROP TRIGGER mine;

.print views where tables should be
ALTER TABLE interaction RENAME TO elsewhere;
CREATE VIEW interaction AS SELECT * FROM elsewhere WHERE (SELECT count(*) FROM cdr_problems) >= 0;
SELECT count(*) FROM interactions;
SELECT cdr_import('../../samples/conpeek/day.ndjson') ->> 'inserted';
SELECT cdr_rebuild();
SELECT cdr_init();
DROP VIEW interaction;
SELECT count(*) FROM interactions;
ALTER TABLE elsewhere RENAME TO interaction;
.print a view where the stored figures should be
ALTER TABLE queue_interval RENAME TO elsewhere;
CREATE VIEW queue_interval AS SELECT * FROM elsewhere;
SELECT count(*) FROM queue_report('2024-05-01', '2024-06-01', '1h');
SELECT count(*) FROM cdr_dense_queue_figures(0, '2024-05-01', '2024-06-01', '1h', 'UTC', 'arrival', 'queue');
DROP VIEW queue_interval;
ALTER TABLE elsewhere RENAME TO queue_interval;
DROP TABLE raw_record;
CREATE VIEW raw_record AS SELECT 1 AS id, 'mluvii' AS vendor, 'session' AS resource, 'x' AS source, 'x' AS record_id;
SELECT count(*) FROM mluvii_session;
DROP VIEW raw_record;
CREATE VIRTUAL TABLE raw_record USING rtree(id, a, b);
SELECT count(*) FROM mluvii_session;
DROP TABLE raw_record;
.print other views than libcdr's: its own tables do not read them
DROP VIEW state_duration;
CREATE VIEW state_duration AS SELECT 'lies' AS vendor;
SELECT DISTINCT vendor FROM state_durations;
DROP VIEW dialog;
CREATE VIEW dialog AS SELECT 'lies' AS vendor;
SELECT DISTINCT vendor FROM cdr_dialog;
.print what was read before is looked at again
UPDATE cdr_meta SET value = 99 WHERE name = 'format';
SELECT count(*) FROM interactions;
UPDATE cdr_meta SET value = 5 WHERE name = 'format';
SELECT count(*) FROM interactions;
DROP TABLE cdr_meta;
CREATE VIEW cdr_meta AS SELECT 'format' AS name, (SELECT count(*) FROM interactions) AS value;
SELECT count(*) FROM interactions;
DROP VIEW cdr_meta;
SELECT count(*) FROM interactions;

.print temporary tables hide nothing
CREATE TABLE cdr_meta (name TEXT NOT NULL PRIMARY KEY, value TEXT) WITHOUT ROWID;
INSERT INTO cdr_meta VALUES ('format', 5);
CREATE TEMP TABLE interaction (vendor);
CREATE TEMP TABLE fact_dialog (interaction_key, vendor);
CREATE TEMP VIEW dialog AS SELECT 'lies' AS vendor;
SELECT DISTINCT vendor FROM interactions;
SELECT DISTINCT vendor FROM cdr_dialog;

.print under trusted_schema=OFF no view may use a table that reads the warehouse
CREATE VIEW asks AS SELECT count(*) AS n FROM interactions;
SELECT n > 0 FROM asks;
PRAGMA trusted_schema = OFF;
SELECT n > 0 FROM asks;
SELECT count(*) > 0 FROM interactions;
