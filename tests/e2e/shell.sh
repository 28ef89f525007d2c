# Sourced by the end-to-end tests: the stock sqlite3 shell, with and without the library in $library, in memory or on a database.
plain() { plain_on :memory: "$@"; }
loaded() { loaded_on :memory: "$@"; }
plain_on() { sqlite3 -batch -init /dev/null "$@"; }
loaded_on() {
  database=$1
  shift
  LD_PRELOAD=$preload sqlite3 -batch -init /dev/null "$database" ".load $library" "$@"
}
# The address sanitizer must be loaded before a program that was built without it. Checked once: ldd takes longer than most calls.
preload=$(ldd "$library" | awk '/asan|ubsan|libstdc\+\+/ {found = found $3 " "} /asan/ {sanitized = 1} END {if (sanitized) print found}')
is_sanitized() { [ -n "$preload" ]; }
# Every row of the model's tables in a warehouse, and the versions of the records that it keeps. This must not depend on the order of imports; an
# interaction's key and the last import that changed it do.
facts() {
  # One after the other: the last process that closes a file in WAL mode locks it for a moment.
  tables=$(plain_on "$1" "SELECT 'SELECT ''' || table_name || ''', ' || group_concat(column_name) || ' FROM ' || table_name || ';' FROM cdr_column
      WHERE column_name NOT IN ('interaction_key', 'last_import') GROUP BY table_name;" \
    "SELECT 'SELECT vendor, resource, source, record_id, content_hash FROM raw_record;';")
  echo "$tables" | plain_on "$1" ".mode quote" ".read /dev/stdin" | LC_ALL=C sort
}
facts_hash() { facts "$1" | sha256sum; }
# The schema of a file: every table, view and index, with its columns.
columns_of() {
  plain_on "$1" "SELECT s.type, s.name, x.cid, x.name, x.type, x.pk FROM sqlite_schema AS s LEFT JOIN pragma_table_xinfo(s.name) AS x
    WHERE s.name NOT LIKE 'sqlite_%' ORDER BY s.type, s.name, x.cid;"
}
