# Sourced by the end-to-end tests: the stock sqlite3 shell, with and without the library in $library, in memory or on a database.
plain() { plain_on :memory: "$@"; }
loaded() { loaded_on :memory: "$@"; }
plain_on() { sqlite3 -batch -init /dev/null "$@"; }
loaded_on() {
  database=$1
  shift
  LD_PRELOAD=$(preload) sqlite3 -batch -init /dev/null "$database" ".load $library" "$@"
}
# The address sanitizer must be loaded before a program that was not built with it.
preload() {
  ! is_sanitized || ldd "$library" | awk '/libasan|libubsan|libstdc\+\+/ {print $3}' | tr '\n' ' '
}
is_sanitized() { ldd "$library" | grep -q libasan; }
# Every row of the model's tables in a warehouse, and which version of which record it keeps: what may not depend on how it came there.
facts() {
  plain_on "$1" "SELECT 'SELECT ''' || name || ''', * FROM ' || name || ';' FROM (SELECT DISTINCT table_name AS name FROM cdr_column);" \
    "SELECT 'SELECT vendor, resource, source, record_id, content_hash FROM raw_record;';" |
    plain_on "$1" ".mode quote" ".read /dev/stdin" | LC_ALL=C sort
}
facts_hash() { facts "$1" | sha256sum; }
