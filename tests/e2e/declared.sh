#!/bin/sh
# Registrations equal declarations: modules against cdr_tables, functions and their arities against cdr_functions, columns against cdr_columns; and
# every function's example returns the declared result.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

modules="SELECT name FROM pragma_module_list ORDER BY name;"
functions="SELECT DISTINCT name || '/' || narg FROM pragma_function_list ORDER BY 1;"
plain "$modules" > "$work/modules.before"
plain "$functions" > "$work/functions.before"
loaded "$modules" | comm -13 "$work/modules.before" - > "$work/modules"
loaded "$functions" | LC_ALL=C sort | comm -13 "$work/functions.before" - > "$work/functions" 2> /dev/null
# Two tables are not in the catalog: one exists only for the queries of reports, the other only for writing rows.
internal="('cdr_dense_queue_figures'), ('sqlite_cdr_rows')"
loaded "SELECT name FROM cdr_tables UNION ALL SELECT * FROM (VALUES $internal) ORDER BY name;" | diff - "$work/modules"
loaded "WITH RECURSIVE arity(name, n, most) AS (
          SELECT name, min_arguments, max_arguments FROM cdr_functions UNION ALL SELECT name, n + 1, most FROM arity WHERE n < most)
        SELECT name || '/' || n FROM arity ORDER BY 1;" | LC_ALL=C sort | diff - "$work/functions"

loaded "SELECT 'SELECT group_concat(name || '' '' || hidden, char(10)) FROM pragma_table_xinfo(' || quote(name) || ');' FROM cdr_tables;" > "$work/columns.sql"
loaded ".read $work/columns.sql" | sed 's/ [12]$/ hidden/; s/ 0$//' > "$work/columns"
loaded "SELECT column_name || CASE hidden WHEN 1 THEN ' hidden' ELSE '' END FROM cdr_columns;" | diff - "$work/columns"

cd "$root/tests/golden"
loaded "SELECT 'SELECT ' || example || ';' FROM cdr_functions;" > "$work/examples.sql"
loaded ".read $work/examples.sql" > "$work/results"
loaded "SELECT result FROM cdr_functions;" | diff - "$work/results"
