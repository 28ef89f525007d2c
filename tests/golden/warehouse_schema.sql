-- cdr_init() makes main a warehouse; the stored tables equal the declarations; nothing in it needs libcdr.
-- It is refused within a statement that writes.
ATTACH ':memory:' AS other;
CREATE TABLE other.t(x);
INSERT INTO other.t SELECT cdr_init();
SELECT cdr_init();
SELECT cdr_init();
SELECT type, count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' GROUP BY type ORDER BY type;
SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name;

-- Columns of the model's tables: name, type and order as declared. Differences would be shown; there are none.
CREATE TEMP TABLE stored AS SELECT t.name AS virtual, x.cid + 1 AS position, x.name, x.type
  FROM cdr_tables AS t JOIN pragma_table_xinfo(t.stored) AS x WHERE t.stored IS NOT NULL;
CREATE TEMP TABLE declared AS SELECT c.table_name AS virtual,
    row_number() OVER (PARTITION BY c.table_name ORDER BY c.position) AS position, c.column_name, c.type
  FROM cdr_columns AS c JOIN cdr_tables AS t ON t.name = c.table_name WHERE t.stored IS NOT NULL AND NOT c.hidden;
SELECT 'stored only', * FROM (SELECT * FROM stored EXCEPT SELECT * FROM declared);
SELECT 'declared only', * FROM (SELECT * FROM declared EXCEPT SELECT * FROM stored);
SELECT count(*) > 200 FROM stored;

-- The data dictionary has the same columns.
SELECT count(*) FROM (SELECT t.stored, d.position, d.column_name, d.type FROM declared AS d JOIN cdr_tables AS t ON t.name = d.virtual
  EXCEPT SELECT table_name, position, column_name, type FROM cdr_column);
SELECT state, position, doc FROM state_name ORDER BY position;
SELECT vendor, state, basis FROM state_basis WHERE table_name = 'interaction' AND state IN ('RING', 'ACW') ORDER BY 1, 2;
SELECT metric, variant, unit, formula FROM metric_definition ORDER BY 1, 2;

-- No function of libcdr, and no virtual tables.
SELECT s.name, f.name FROM sqlite_schema AS s JOIN cdr_functions AS f ON instr(lower(s.sql), f.name || '(') > 0;
SELECT name FROM sqlite_schema WHERE sql LIKE '%VIRTUAL TABLE%';
PRAGMA integrity_check;
PRAGMA foreign_key_check;

-- Errors: another format, a foreign table, a view where a table is expected.
UPDATE cdr_meta SET value = 99 WHERE name = 'format';
SELECT cdr_init();
SELECT count(*) FROM interactions;
SELECT cdr_import('{}');
UPDATE cdr_meta SET value = 'x' WHERE name = 'format';
SELECT cdr_init();
UPDATE cdr_meta SET value = 0 WHERE name = 'format';
SELECT cdr_init();
SELECT cdr_rebuild();
UPDATE cdr_meta SET value = '99999999999999999999999999' WHERE name = 'format';
SELECT cdr_init();
DELETE FROM cdr_meta;
DROP TABLE cdr_meta;
SELECT cdr_init();
CREATE VIEW cdr_meta AS SELECT 'format' AS name, 1 AS value;
SELECT cdr_init();
