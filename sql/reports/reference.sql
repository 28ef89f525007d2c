-- The reference of everything that libcdr registers, as Markdown: ./dev reference writes REFERENCE.md with it.
-- Grain: the whole document, one line of Markdown a row. Run from the project's root.
.mode list
.headers off

SELECT '# Reference

Written by `./dev reference` from the declarations in the sources; a test fails when it is stale.
The same is in SQL: `cdr_tables`, `cdr_columns`, `cdr_functions` and `cdr_mapping`.

Instants are UTC text, `YYYY-MM-DD HH:MM:SS.SSS`, in columns declared `TIMESTAMP`. Columns named `…_seconds` are `DOUBLE` seconds, to the
millisecond. NULL means that the vendor does not say; 0 is a measured zero. Hidden columns are left out by `SELECT *`; the hidden `input` is
the argument: `interactions(cdr_file(''exports/''))` is `interactions WHERE input = cdr_file(''exports/'')`.

## Functions
';

SELECT printf('### %s

%s.%s

```sql
SELECT %s;  -- %s
```
',
    signature,
    upper(substr(doc, 1, 1)) || substr(doc, 2),
    CASE effect WHEN 'reads' THEN ' It reads files, so it works at the top level of SQL only, not in views or triggers.' ELSE '' END,
    example,
    CASE result WHEN '' THEN 'NULL' ELSE result END)
FROM cdr_functions;

WITH kinds(ordinal, kind, title) AS (
    VALUES (1, 'model', 'Model tables: every vendor maps into them'),
           (2, 'vendor', 'Vendor tables: each vendor''s own record, field by field'),
           (3, 'catalog', 'Tables about libcdr and its input')
),
lines(kind_ordinal, table_ordinal, position, line) AS (
    SELECT ordinal, 0, 0, '## ' || title || char(10) FROM kinds
    UNION ALL
    SELECT k.ordinal, t.rowid, 0,
        printf('### %s%s

%s.

| column | type | what it holds |
|---|---|---|',
            t.name,
            CASE WHEN t.stored IS NULL THEN '' ELSE ' (stored: ' || t.stored || ')' END,
            upper(substr(t.doc, 1, 1)) || substr(t.doc, 2))
    FROM cdr_tables AS t JOIN kinds AS k USING (kind)
    UNION ALL
    SELECT k.ordinal, t.rowid, c.position,
        printf('| %s%s | %s | %s |', c.name, CASE WHEN c.hidden THEN ' (hidden)' ELSE '' END, ifnull(c.type, ''), replace(c.doc, '|', '\|'))
    FROM cdr_columns AS c JOIN cdr_tables AS t ON t.name = c.table_name JOIN kinds AS k USING (kind)
    UNION ALL
    SELECT k.ordinal, t.rowid, 1000000, '' FROM cdr_tables AS t JOIN kinds AS k USING (kind)
)
SELECT line FROM lines ORDER BY kind_ordinal, table_ordinal, position;

SELECT '## How each vendor fills the model

`reported`: the vendor''s own figure or field. `measured`: the difference of two of its events. `derived`: our reading, with the reason. Columns that
are not listed are not provided by that vendor and stay NULL.
';

WITH lines(vendor, table_name, position, line) AS (
    SELECT DISTINCT m.vendor, t.name, 0,
        printf('### %s → %s

| column | basis | from |
|---|---|---|', m.vendor, t.name)
    FROM cdr_mapping AS m JOIN cdr_tables AS t ON t.name = m.table_name
    WHERE m.basis <> 'not provided'
    UNION ALL
    SELECT m.vendor, m.table_name, c.position, printf('| %s | %s | %s |', m.column_name, m.basis, replace(m.mapping, '|', '\|'))
    FROM cdr_mapping AS m JOIN cdr_columns AS c ON c.table_name = m.table_name AND c.name = m.column_name
    WHERE m.basis <> 'not provided'
    UNION ALL
    SELECT DISTINCT vendor, table_name, 1000000, '' FROM cdr_mapping WHERE basis <> 'not provided'
)
SELECT lines.line FROM lines JOIN cdr_tables AS t ON t.name = lines.table_name ORDER BY lines.vendor, t.rowid, lines.position;

SELECT '## What else is in a warehouse

Beside the stored tables of the model: views with the columns of the virtual tables. What they show lies in tables named `fact_…`, which are described,
with their keys and indexes, in `sql/schema.sql`. All of it is read without libcdr.
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
