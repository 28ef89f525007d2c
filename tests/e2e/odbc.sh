#!/bin/sh
# The warehouse over ODBC, with unixODBC and Debian's libsqliteodbc: every table and view can be read without libcdr, and with LoadExt also the
# virtual tables and functions. Timestamps arrive as timestamps, durations as doubles; no number is cut.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
driver=$(dpkg -L libsqliteodbc | grep '/libsqlite3odbc\.so$')
warehouse=$work/warehouse.db
export ODBCSYSINI="$work" ODBCINI="$work/odbc.ini"
printf '[SQLite3]\nDriver = %s\n' "$driver" > "$work/odbcinst.ini"
cat > "$work/odbc.ini" <<END
[plain]
Driver = SQLite3
Database = $warehouse
[loaded]
Driver = SQLite3
Database = $warehouse
LoadExt = $library
END

# All samples, a record that cannot be read, and sizes beyond 32 bits.
bad='{"dialog_uuid": "d-1", "start_time": "2024-05-02 10:00:00"} {"dialog_uuid": "d-2", "talking_time": 1000,}'
loaded_on "$warehouse" "SELECT cdr_init();" "SELECT cdr_import('$root/samples', '{\"fetched_at\":\"2024-06-01T00:00:00Z\"}');" \
  "SELECT cdr_import('$bad');" "UPDATE import_file SET bytes = 5000000000;" "UPDATE quarantine SET byte_offset = 5000000001;" > /dev/null
stored() { plain_on "$warehouse" "$@"; }
virtual() { loaded_on "$warehouse" "$@"; }
# Without the sanitizer's leak check, because unixODBC itself has leaks.
isql() { ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD=$preload command isql "$@"; }

# same DSN: over ODBC the statements of $work/{rows,values,types}.sql return SQLite's rows, values and types.
same() {
  ask "$1" rows -L20
  sed -n 's/^\([0-9]*\) rows fetched$/\1/p' "$work/answer" | compare rows
  ask "$1" values '-d|'
  compare values < "$work/answer"
  # isql makes a column as wide as the type that the driver reports, so the line above the names shows the type.
  ask "$1" types
  awk 'BEGIN {first = 1} /^\+-/ && first {print; first = 0} /^SQLRowCount/ {first = 1}' "$work/answer" | compare types
}
ask() {  # DSN STATEMENTS OPTION…
  dsn=$1 sql=$work/$2.sql
  shift 2
  isql -b "$@" "$dsn" < "$sql" > "$work/answer" 2>&1 || { cat "$work/answer"; exit 1; }
  ! grep -A2 '^\[' "$work/answer" || { echo "an error over ODBC"; exit 1; }
}
compare() { diff "$work/$1" - || { echo "over ODBC other $1"; exit 1; }; }

# Makes the statements for the tables that a query names (name, argument, declared columns), and SQLite's answers. All columns of all rows are read;
# for columns that are not text, the values and the driver's types are compared.
questions() {  # PROGRAM TABLES COLUMNS
  "$1" "SELECT 'SELECT * FROM ' || name || argument || ';' FROM ($2);" > "$work/rows.sql"
  sed 's/^SELECT \*/SELECT count(*)/' "$work/rows.sql" > "$work/count.sql"
  "$1" ".read $work/count.sql" | grep -vx 0 > "$work/rows"  # isql prints nothing for an empty table
  chosen="SELECT * FROM ($2) JOIN ($3) AS c USING (name) WHERE type IN ('TIMESTAMP', 'DOUBLE', 'INTEGER', 'BIGINT')"
  "$1" "SELECT 'SELECT ' || group_concat(c.column, ', ') || ' FROM ' || name || argument || ';' FROM ($chosen) AS c GROUP BY name;" > "$work/values.sql"
  "$1" ".read $work/values.sql" > "$work/values"
  "$1" "SELECT 'SELECT ' || group_concat(c.column || ' AS c', ', ') || ' FROM ' || name || argument || ' LIMIT 1;' FROM ($chosen) AS c GROUP BY name;" > "$work/types.sql"
  "$1" "SELECT '+' || group_concat(substr(printf('%.60c', '-'), 1, 1 + CASE type WHEN 'TIMESTAMP' THEN 32 WHEN 'DOUBLE' THEN 54 WHEN 'BIGINT' THEN 20 ELSE 10 END), '+')
          || '+' FROM ($chosen) AS c GROUP BY name;" > "$work/types"
  # A client that asks for numbers gets an INTEGER as a 32-bit one. An id must be an INTEGER; the ids of facts are only for the views' joins.
  "$1" "SELECT 'SELECT ''' || name || '.' || c.column || ''', ' || c.column || ' FROM ' || name || argument || ' WHERE ' || c.column
          || ' NOT BETWEEN -2147483648 AND 2147483647 LIMIT 1;' FROM ($chosen) AS c WHERE type = 'INTEGER' AND NOT (column = 'id' AND name LIKE 'fact_%');" > "$work/integers.sql"
  "$1" ".read $work/integers.sql" > "$work/cut"
  [ ! -s "$work/cut" ] || { echo "cut over ODBC, for want of BIGINT:"; cat "$work/cut"; exit 1; }
}

questions stored "SELECT name, '' AS argument FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'" \
  "SELECT s.name, x.name AS column, x.type FROM sqlite_schema AS s, pragma_table_xinfo(s.name) AS x"
[ "$(grep -c . "$work/rows")" -ge 20 ]
grep -q 5000000001 "$work/values"
same plain
same loaded

questions virtual "SELECT name, '(cdr_file(''$root/samples''))' AS argument FROM cdr_tables WHERE kind IN ('model', 'vendor')" \
  "SELECT table_name AS name, column_name AS column, type FROM cdr_columns WHERE NOT hidden"
same loaded

# Functions, and JSON as an argument.
record='{"id": 1, "companyId": 7, "channel": "Phone", "created": "2024-05-02T16:00:00+02:00", "guestJoined": "2024-05-02T16:00:09.5+02:00"}'
answer=$(isql -b '-d|' loaded <<END
SELECT ring_duration('$record'), start_time FROM interactions('$record');
END
)
[ "$answer" = "9.5|2024-05-02 14:00:00.000" ] || { echo "functions over ODBC: $answer"; exit 1; }
