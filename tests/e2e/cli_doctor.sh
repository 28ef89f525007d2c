#!/bin/sh
# cdr doctor: finds the library beside the program, says what is absent, and fails for what does not work.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
version=$(cat "$root/VERSION")

"$program" doctor > out
grep -q "^ok      cdr $version, [1-9][0-9]* tables, [1-9][0-9]* functions\$" out
grep -q "^ok      SQLite 3\." out
grep -q "^ok      time zones" out
grep -qF "ok      $library, version $version, loads" out
grep -q "^absent  no database cdr.db here; 'cdr import PATH' makes it\$" out

# A driver that odbcinst.ini names and nobody installed; one that is there.
printf '[SQLite3]\nDriver = %s/libsqlite3odbc.so\n' "$work" > odbcinst.ini
HOME=$work ODBCSYSINI=$work "$program" doctor | grep -qF "absent  the ODBC driver $work/libsqlite3odbc.so, registered in $work/odbcinst.ini, is not there"
: > libsqlite3odbc.so
HOME=$work ODBCSYSINI=$work "$program" doctor | grep -qF "ok      ODBC driver $work/libsqlite3odbc.so, registered in $work/odbcinst.ini"

sqlite3 -batch -init /dev/null other.db "CREATE TABLE t(x)"
"$program" doctor --db other.db | grep -q "^absent  other.db, journal delete, [0-9]* bytes: readable, but no warehouse"

sqlite3 -batch -init /dev/null new.db "CREATE TABLE scratch(x)"
"$program" query --db new.db "SELECT cdr_init()" > /dev/null
"$program" doctor --db new.db | grep -q "^ok      new.db, journal delete, [0-9]* bytes, format version [1-9][0-9]*\$"

for database in missing.db text.db; do
  [ $database = missing.db ] || head -c 4096 /dev/zero | tr '\0' x > $database
  status=0
  "$program" doctor --db $database > out 2> err || status=$?
  [ "$status" = 1 ]
  grep -q "^FAILED  $database: " out
  [ "$(cat err)" = "cdr: something does not work; the lines marked FAILED say what to do" ]
done
