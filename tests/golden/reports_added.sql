.nullvalue NULL
.headers on

-- A user's own report: added, then queried like libcdr's. Two calls of one skill group, the second of which waits for 30 seconds.
SELECT cdr_init() ->> 'created';
SELECT cdr_import(group_concat(json_object('ContactId', name, 'ContactType', 'INBOUND', 'ContactDisposition', 'AbandonedInQueue', 'CallingNumber', '4850000010' || name,
  'CalledNumber', '48500009000', 'StartTime', 1714982400000 + at * 1000, 'ReleaseTime', 1714982400000 + (at + waited) * 1000,
  'QueueEvents', json_array(json_object('QueueId', 'sales', 'QueueName', 'Sales', 'QueueType', 1, 'EventSequence', json_array(
    json_object('Event', 'Enqueue', 'EventTime', 1714982400000 + at * 1000),
    json_object('Event', 'Abandoned', 'EventTime', 1714982400000 + (at + waited) * 1000))))), char(10))) ->> 'inserted' AS inserted
FROM (SELECT '1' AS name, 5 AS at, 8 AS waited UNION ALL SELECT '2', 36000, 30);
CREATE TEMP TABLE text(name, definition);
INSERT INTO text VALUES ('long_waits', '-- long_waits: one row per visit that waited longer than that
--
-- Said to the reader alone.
-- argument from, to
-- argument longer_than NUMBER = 20: seconds of waiting
-- argument day_of DAY = NULL: visits of this day alone
-- argument zone
-- column queue_id, queue_name
-- column enqueue_time TIMESTAMP: when the visit began
-- column wait_seconds DOUBLE: how long it
--   waited

with /* that''s the queue''s own wait */ "late" AS (
  SELECT queue_id, queue_name, enqueue_time, wait_seconds FROM Queue_Visit
  WHERE enqueue_time >= :from AND enqueue_time < :to AND wait_seconds > :longer_than
    AND (:day_of IS NULL OR (enqueue_time >= :day_of AND enqueue_time < :day_of_end))
)
SELECT * FROM late ORDER BY enqueue_time;
-- The end.
');
SELECT cdr_report_add(definition) FROM text WHERE name = 'long_waits';
SELECT * FROM long_waits('2024-05-06', '2024-05-07');
SELECT * FROM long_waits('2024-05-06', '2024-05-07', 5);
-- 10:00 and 18:00 UTC of one day are two days in Tokyo.
SELECT * FROM long_waits('2024-05-06', '2024-05-08', 5, '2024-05-07', 'Asia/Tokyo');
SELECT name, length(definition) > 400 AS whole FROM report_definition;
SELECT * FROM cdr_tables WHERE name = 'long_waits';
SELECT position, column_name, type, hidden, doc FROM cdr_columns WHERE table_name = 'long_waits';
-- Its arguments are checked.
SELECT * FROM long_waits('2024-05-06');
SELECT * FROM long_waits('2024-05-06', '2024-05-07', -1);
SELECT * FROM long_waits('2024-05-06', '2024-05-07', 5, NULL, 'Europe/Nowhere');
-- When it is added again, it replaces the former one.
SELECT cdr_report_add('-- long_waits: one row
-- column visits INTEGER: all of them
SELECT count(*) FROM queue_visit');
SELECT * FROM long_waits();
SELECT cdr_check() ->> 'violations';

-- A report may read libcdr's own reports and functions, the settings, and other ordinary tables of the file.
CREATE TABLE holiday(day PRIMARY KEY, name);
INSERT INTO holiday VALUES ('2024-05-06', 'Invented Day');
SELECT cdr_report_add('-- on_holidays: one row per quarter hour in which somebody came on a holiday
-- argument from, to, zone
-- column interval_local
-- column name TEXT: of the holiday
-- column offered INTEGER: who came
-- column p90 DOUBLE: of waits
SELECT r.interval_local, h.name, r.offered, (SELECT quantile(wait_seconds, 0.9) FROM queue_visit)
FROM queue_report(:from, :to, ''15m'', :zone) AS r JOIN holiday AS h ON h.day = substr(r.interval_local, 1, 10) WHERE r.offered > 0');
SELECT * FROM on_holidays('2024-05-06', '2024-05-07', 'Europe/Prague');

-- Refused definitions. The query is one SELECT that reads and computes.
CREATE TEMP VIEW refused AS SELECT '-- x: one row' || char(10) || '-- column a INTEGER: it' || char(10) AS head;
SELECT cdr_report_add(head || 'DELETE FROM interaction') FROM refused;
SELECT cdr_report_add(head || 'INSERT INTO report_setting VALUES (''zone'', ''UTC'') RETURNING 1') FROM refused;
SELECT cdr_report_add(head || 'WITH a AS (SELECT 1) DELETE FROM interaction') FROM refused;
SELECT cdr_report_add(head || 'SELECT 1; DROP TABLE interaction') FROM refused;
SELECT cdr_report_add(head || 'DROP TABLE interaction') FROM refused;
SELECT cdr_report_add(head || 'PRAGMA writable_schema = 1') FROM refused;
SELECT cdr_report_add(head || 'ATTACH ''/tmp/x'' AS x') FROM refused;
SELECT cdr_report_add(head || 'EXPLAIN SELECT 1') FROM refused;
SELECT cdr_report_add(head || 'SELECT load_extension(''x'')') FROM refused;
SELECT cdr_report_add(head || 'SELECT "load_extension"/**/(''x'')') FROM refused;
SELECT cdr_report_add(head || 'SELECT cdr_import(''/etc/passwd'')') FROM refused;
SELECT cdr_report_add(head || 'SELECT [CDR_ERASE](''before'', ''2100-01-01'')') FROM refused;
SELECT cdr_report_add(head || 'SELECT cdr_option(''column_cache_mib'', 0)') FROM refused;
SELECT cdr_report_add(head || 'SELECT count(*) FROM ''cdr_dialog''(cdr_file(''/etc/passwd''))') FROM refused;
SELECT cdr_report_add(head || 'SELECT 1 FROM queue_report(''2024-05-06'', cdr_report_load())') FROM refused;
SELECT cdr_report_add(head || 'SELECT writefile(''/tmp/x'', ''y'')') FROM refused;
SELECT cdr_report_add(head || 'SELECT count(*) FROM sqlite_schema') FROM refused;
SELECT cdr_report_add(head || 'SELECT count(*) FROM pragma_database_list') FROM refused;
SELECT cdr_report_add(head || 'SELECT count(*) FROM pragma_table_info(''interaction'')') FROM refused;
SELECT cdr_report_add(head || 'SELECT count(*) FROM sqlite_dbpage') FROM refused;
SELECT cdr_report_add(head || 'SELECT count(*) FROM refused') FROM refused;
SELECT cdr_report_add(head || 'SELECT count(*) FROM x') FROM refused;
-- Wrong declarations are refused too.
SELECT cdr_report_add(head || 'SELECT 1, 2') FROM refused;
SELECT cdr_report_add(head || 'SELECT no_such FROM interaction') FROM refused;
SELECT cdr_report_add(head || 'SELECT :b + ?') FROM refused;
SELECT cdr_report_add(head || '-- argument day DAY: it' || char(10) || 'SELECT :days') FROM refused;
SELECT cdr_report_add(head || 'SELEC 1') FROM refused;
SELECT cdr_report_add(head) FROM refused;
SELECT cdr_report_add(head || '-- column A INTEGER: it' || char(10) || 'SELECT 1, 2') FROM refused;
SELECT cdr_report_add(head || '-- column b SECONDS: it' || char(10) || 'SELECT 1, 2') FROM refused;
SELECT cdr_report_add(head || '-- column agent' || char(10) || 'SELECT 1, 2') FROM refused;
SELECT cdr_report_add(head || '-- column "b" INTEGER: it' || char(10) || 'SELECT 1, 2') FROM refused;
SELECT cdr_report_add(head || '-- argument b NUMBER = many: it' || char(10) || 'SELECT 1') FROM refused;
SELECT cdr_report_add(head || '-- argument b ''x'' | ''y'' = ''z'': it' || char(10) || 'SELECT 1') FROM refused;
SELECT cdr_report_add(head || '-- argument b ZONE = Europe/Nowhere: it' || char(10) || 'SELECT 1') FROM refused;
SELECT cdr_report_add(head || '-- argument b TIME = 2024-05-06: it' || char(10) || 'SELECT 1') FROM refused;
SELECT cdr_report_add(head || '-- argument b YEAR: it' || char(10) || 'SELECT 1') FROM refused;
SELECT cdr_report_add('SELECT 1');
SELECT cdr_report_add('');
SELECT cdr_report_add(NULL);
SELECT cdr_report_add(7);
SELECT cdr_report_add(replace(head, 'x:', 'Late Calls:') || 'SELECT 1') FROM refused;
SELECT cdr_report_add(replace(head, 'x:', 'queue_report:') || 'SELECT 1') FROM refused;
SELECT cdr_report_add(replace(head, 'x:', 'cdr_mine:') || 'SELECT 1') FROM refused;
SELECT cdr_report_add(replace(head, 'x:', 'json_each:') || 'SELECT 1') FROM refused;
SELECT cdr_report_add(replace(head, 'x:', 'interaction:') || 'SELECT 1') FROM refused;
SELECT cdr_report_add(replace(head, 'x:', 'holiday:') || 'SELECT 1') FROM refused;
SELECT name FROM report_definition;

-- A default zone applies to dates, too.
SELECT cdr_report_add('-- begins: one row
-- argument from TIME: it
-- argument zone ZONE = Asia/Tokyo: of the date
-- argument what ''a'' | ''b'' = ''b'': which
-- argument n WHOLE = 3: how many
-- column at TIMESTAMP: when
-- column given TEXT: which
-- column number INTEGER: how many
SELECT :from, :what, :n');
SELECT * FROM begins('2024-05-06');
SELECT * FROM begins('2024-05-06', 'UTC', 'a', 4);

-- Rows written by hand are offered only on request, and all of them are checked before any is offered.
INSERT INTO report_definition VALUES ('Bad Name', '');
INSERT INTO report_definition VALUES ('by_hand', '-- by_hand: one row' || char(10) || '-- column a INTEGER: it' || char(10) || 'SELECT 7');
SELECT * FROM by_hand();
INSERT INTO report_definition VALUES ('zz', '-- zz: one row' || char(10) || '-- column a INTEGER: it' || char(10) || 'SELECT cdr_import(''/etc/passwd'')');
SELECT cdr_report_load();
SELECT * FROM by_hand();
UPDATE report_definition SET definition = '-- z: one row' || char(10) || '-- column a INTEGER: it' || char(10) || 'SELECT 8' WHERE name = 'zz';
SELECT cdr_report_load();
DELETE FROM report_definition WHERE name = 'zz';
SELECT cdr_report_load();
SELECT * FROM by_hand();
SELECT (SELECT a FROM by_hand()) AS a, cdr_report_load() ->> '$[1]' AS loaded_while_one_runs;
-- A file may contain a view that uses a report: it can do no more than the report.
CREATE VIEW calls_report AS SELECT * FROM by_hand();
SELECT * FROM calls_report;
CREATE VIEW adds_report AS SELECT cdr_report_load(), cdr_report_add('');
SELECT * FROM adds_report;

-- A report belongs to the transaction that added it: a connection offers exactly the reports that main holds.
CREATE TEMP TABLE versions(n, text);
INSERT INTO versions SELECT n, '-- version: one row' || char(10) || '-- column a INTEGER: it' || char(10) || 'SELECT ' || n FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3);
SELECT cdr_report_add(text) FROM versions WHERE n = 1;
BEGIN;
SELECT cdr_report_add(text) FROM versions WHERE n = 2;
SELECT * FROM version();
ROLLBACK;
SELECT * FROM version();
SELECT count(*) FROM cdr_tables WHERE name = 'version';
SELECT count(*) FROM cdr_columns WHERE table_name = 'version';
SELECT cdr_report_load();
SELECT * FROM version();
BEGIN;
SAVEPOINT before;
SELECT cdr_report_add(text) FROM versions WHERE n = 3;
ROLLBACK TO before;
COMMIT;
SELECT * FROM version();
-- This also holds when it is removed or written by hand.
SELECT cdr_report_load() IS NOT NULL AS loaded;
DELETE FROM report_definition WHERE name = 'version';
SELECT * FROM version();
INSERT INTO report_definition SELECT 'version', CAST(replace(text, char(10), char(13, 10)) AS BLOB) FROM versions WHERE n = 1;
SELECT cdr_report_load() IS NOT NULL AS loaded;
SELECT * FROM version();
