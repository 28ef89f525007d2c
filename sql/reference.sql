-- The reference of everything that libcdr registers, as Markdown: ./dev reference writes REFERENCE.md with it.
-- Grain: the whole document, one line of Markdown a row. Run from the project's root.
-- A heading is the bare name of what it describes, so that its anchor is that name.
.mode list
.headers off

SELECT '# Reference

`./dev reference` writes this page from the declarations in the sources, and a test fails when it is out of date.
The same information is in SQL: `cdr_tables`, `cdr_columns`, `cdr_functions` and `cdr_mapping`.

Instants are UTC text, `YYYY-MM-DD HH:MM:SS.SSS`, in columns declared `TIMESTAMP`. Columns named `…_seconds` are `DOUBLE` seconds, to the
millisecond. NULL means that the vendor does not say; 0 is a measured zero. `SELECT *` leaves hidden columns out; the hidden column `input` is
the argument: `interactions(cdr_file(''exports/''))` is `interactions WHERE input = cdr_file(''exports/'')`.

## Contents
';

CREATE TEMP TABLE vendor_part AS
SELECT vendor AS name FROM cdr_mapping UNION SELECT vendor FROM cdr_tables WHERE vendor IS NOT NULL ORDER BY 1;

-- A function may have the name of a table; the anchor of the later of two equal headings ends in -1.
CREATE TEMP TABLE function_part AS
SELECT rowid AS ordinal, *, name || iif(name IN (SELECT name FROM cdr_tables), '-1', '') AS anchor FROM cdr_functions;

SELECT '- [Model tables](#model-tables): ' || group_concat(printf('[%s](#%s)', name, name), ', ') FROM cdr_tables WHERE kind = 'model';
SELECT printf('- [Vendor %s](#vendor-%s): %s[how it fills the model](#how-%s-fills-the-model)', v.name, v.name,
    ifnull((SELECT group_concat(printf('[%s](#%s), ', t.name, t.name), '') FROM cdr_tables AS t WHERE t.vendor = v.name), ''), v.name)
FROM vendor_part AS v;
SELECT '- [Tables about libcdr and its input](#tables-about-libcdr-and-its-input): ' || group_concat(printf('[%s](#%s)', name, name), ', ')
FROM cdr_tables WHERE kind = 'catalog';
SELECT '- [Reports](#reports): ' || group_concat(printf('[%s](#%s)', name, name), ', ') FROM cdr_tables WHERE kind = 'report';
SELECT '- [Functions](#functions): ' || group_concat(printf('[%s](#%s)', name, anchor), ', ') FROM function_part;
SELECT '- [What else is in a warehouse](#what-else-is-in-a-warehouse)
';

-- A table: its heading, and a line for each column.
CREATE TEMP TABLE table_part AS
WITH lines(ordinal, position, line) AS (
    SELECT rowid, 0,
        printf('### %s

%s.%s

| column | type | what it holds |
|---|---|---|',
            name,
            upper(substr(doc, 1, 1)) || substr(doc, 2),
            CASE WHEN stored IS NULL THEN '' ELSE printf(' In a warehouse: `%s`.', stored) END)
    FROM cdr_tables
    UNION ALL
    SELECT t.rowid, c.position,
        printf('| %s%s | %s | %s |', c.column_name, CASE WHEN c.hidden THEN ' (hidden)' ELSE '' END, ifnull(c.type, ''), replace(c.doc, '|', '\|'))
    FROM cdr_columns AS c JOIN cdr_tables AS t ON t.name = c.table_name
    UNION ALL
    SELECT rowid, 1000000, '' FROM cdr_tables
)
SELECT t.kind, t.vendor, l.ordinal, l.position, l.line FROM lines AS l JOIN cdr_tables AS t ON t.rowid = l.ordinal;

SELECT '## Model tables

Every vendor maps into these tables. With an argument they read JSON; without one they read the warehouse.
';
SELECT line FROM table_part WHERE kind = 'model' ORDER BY ordinal, position;

-- A vendor: its own tables, then what it fills the model from.
WITH parts(vendor, part, ordinal, position, line) AS (
    SELECT name, 0, 0, 0, '## Vendor ' || name || char(10) FROM vendor_part
    UNION ALL
    SELECT name, 1, 0, 0, 'Its own record, field by field, is [cdr_dialog](#cdr_dialog).' || char(10)
    FROM vendor_part
    WHERE name NOT IN (SELECT vendor FROM cdr_tables WHERE vendor IS NOT NULL)
    UNION ALL
    SELECT vendor, 1, ordinal, position, line FROM table_part WHERE kind = 'vendor'
    UNION ALL
    SELECT name, 2, 0, 0, printf('### How %s fills the model

`reported`: the vendor''s own figure or field. `measured`: the difference of two of its events. `derived`: our reading, with the reason. Columns
that are not listed are not provided by this vendor and stay NULL.
', name)
    FROM vendor_part
    UNION ALL
    SELECT DISTINCT m.vendor, 2, t.rowid, 0, printf('#### %s in %s

| column | basis | from |
|---|---|---|', m.vendor, m.table_name)
    FROM cdr_mapping AS m JOIN cdr_tables AS t ON t.name = m.table_name
    WHERE m.basis <> 'not provided'
    UNION ALL
    SELECT m.vendor, 2, t.rowid, c.position, printf('| %s | %s | %s |', m.column_name, m.basis, replace(m.mapping, '|', '\|'))
    FROM cdr_mapping AS m
    JOIN cdr_tables AS t ON t.name = m.table_name
    JOIN cdr_columns AS c ON c.table_name = m.table_name AND c.column_name = m.column_name
    WHERE m.basis <> 'not provided'
    UNION ALL
    SELECT DISTINCT m.vendor, 2, t.rowid, 1000000, ''
    FROM cdr_mapping AS m JOIN cdr_tables AS t ON t.name = m.table_name
    WHERE m.basis <> 'not provided'
)
SELECT line FROM parts ORDER BY vendor, part, ordinal, position;

SELECT '## Tables about libcdr and its input
';
SELECT line FROM table_part WHERE kind = 'catalog' ORDER BY ordinal, position;

SELECT '## Reports

Reports are table-valued functions over the warehouse in main: `queue_report(''2024-05-01'', ''2024-06-01'')`. Their hidden columns are their arguments, in this order;
those that say what they are unless given may be left out, from the end, or be NULL. Each is one file of [`sql/reports/`](sql/reports).
';
SELECT line FROM table_part WHERE kind = 'report' ORDER BY ordinal, position;

SELECT '## Functions
';
SELECT printf('### %s

`%s`

%s.%s

```sql
SELECT %s;  -- %s
```
',
    name,
    signature,
    upper(substr(doc, 1, 1)) || substr(doc, 2),
    CASE effect
        WHEN 'reads' THEN ' It reads files, so it works at the top level of SQL only, not in views or triggers.'
        WHEN 'writes' THEN ' It writes, so it works at the top level of SQL only, not in views or triggers.'
        ELSE '' END,
    example,
    CASE result WHEN '' THEN 'NULL' ELSE result END)
FROM function_part
ORDER BY ordinal;

SELECT '## What else is in a warehouse

Besides the stored tables and views of the model, which have the columns of the virtual tables, a warehouse has the tables below. The views read
tables named `fact_…`; [`sql/schema.sql`](sql/schema.sql) describes these with their keys and indexes. All of them are read without libcdr.
';

-- The schema's sections: each begins with a line `-- ==== title ====`.
WITH RECURSIVE sections(title, body, rest) AS (
    SELECT NULL, NULL, CAST(readfile('sql/schema.sql') AS TEXT) || char(10) || '-- ==== '
    UNION ALL
    SELECT substr(rest, instr(rest, '-- ==== ') + 8, instr(rest, ' ====' || char(10)) - instr(rest, '-- ==== ') - 8),
        substr(rest, instr(rest, ' ====' || char(10)) + 6),
        substr(rest, instr(rest, ' ====' || char(10)) + 6)
    FROM sections
    WHERE instr(rest, ' ====' || char(10)) > 0
)
SELECT printf('### %s

```sql
%s
```
', title, trim(substr(body, 1, instr(body, '-- ==== ') - 1), char(10)))
FROM sections
WHERE title <> 'The model';
