#!/bin/sh
# cdr doctor: finds the library beside the program, says what is absent, and fails if anything does not work.
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

# A driver that odbcinst.ini names but that is not installed; one that exists.
printf '[SQLite3]\nDriver = %s/libsqlite3odbc.so\n' "$work" > odbcinst.ini
HOME=$work ODBCSYSINI=$work "$program" doctor | grep -qF "absent  the ODBC driver $work/libsqlite3odbc.so, registered in $work/odbcinst.ini, is not there"
: > libsqlite3odbc.so
HOME=$work ODBCSYSINI=$work "$program" doctor | grep -qF "ok      ODBC driver $work/libsqlite3odbc.so, registered in $work/odbcinst.ini"

# The user's DSNs are where unixODBC looks: in ODBCINI, otherwise in the home of the password file, whatever HOME says.
printf '[mine]\nDriver = SQLite3\nDatabase = /nowhere/cdr.db\n' > .odbc.ini
HOME=$work ODBCSYSINI=$work ODBCINI=$work/.odbc.ini "$program" doctor > out || true
grep -qF "$work/.odbc.ini" out
! env -u ODBCINI HOME=$work ODBCSYSINI=$work "$program" doctor | grep -qF "$work/.odbc.ini" || { echo "doctor reads the DSN of HOME, which unixODBC does not"; exit 1; }

sqlite3 -batch -init /dev/null other.db "CREATE TABLE t(x)"
"$program" doctor --db other.db | grep -q "^absent  other.db, journal delete, [0-9]* bytes: readable, but not a warehouse (1 object in it); 'cdr import --db other.db PATH' adds one\$"

sqlite3 -batch -init /dev/null new.db "CREATE TABLE scratch(x)"
"$program" query --db new.db "SELECT cdr_init()" > /dev/null
"$program" doctor --db new.db | grep -q "^ok      new.db, journal delete, [0-9]* bytes, format version [1-9][0-9]*\$"

# A warehouse of another format, which every other command refuses: the message names a remedy, and the remedy works.
format=$(sqlite3 -batch -init /dev/null new.db "SELECT value FROM cdr_meta WHERE name = 'format'")
for other in $((format - 1)) $((format + 1)); do
  sqlite3 -batch -init /dev/null new.db "UPDATE cdr_meta SET value = '$other' WHERE name = 'format'"
  status=0
  "$program" doctor --db new.db > out 2> err || status=$?
  [ "$status" = 1 ]
  remedy="use a newer libcdr"
  [ $other -gt "$format" ] || remedy="'cdr query --db new.db \"SELECT cdr_init()\"' brings it up to date"
  grep -q "^FAILED  new.db, journal delete, [0-9]* bytes: main is a warehouse of format $other, expected $format (libcdr $version); $remedy\$" out || { cat out; exit 1; }
  [ "$(cat err)" = "cdr: something does not work; the lines marked FAILED say what to do" ]
done
for way in 'query --no-header SELECT/**/cdr_init()' "import $root/samples/conpeek/day.ndjson"; do
  sqlite3 -batch -init /dev/null new.db "UPDATE cdr_meta SET value = '$((format - 1))' WHERE name = 'format'"
  # shellcheck disable=SC2086
  "$program" $way --db new.db > out
  "$program" doctor --db new.db | grep -q "^ok      new.db, .*, format version $format\$"
done

for database in missing.db text.db; do
  [ $database = missing.db ] || head -c 4096 /dev/zero | tr '\0' x > $database
  status=0
  "$program" doctor --db $database > out 2> err || status=$?
  [ "$status" = 1 ]
  grep -q "^FAILED  $database: " out
  [ "$(cat err)" = "cdr: something does not work; the lines marked FAILED say what to do" ]
done
