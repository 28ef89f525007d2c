#!/bin/sh
# cdr rebuild, check and refresh: they print the results of the warehouse's functions, and need an existing database.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"

"$program" import "$root/samples/conpeek/day.ndjson" > /dev/null
"$program" rebuild > out
grep -q '"changed":false' out
"$program" query "INSERT INTO report_setting VALUES ('zone', 'Europe/Prague')"
"$program" refresh > out
grep -q '"changed":true,"zone":"Europe/Prague"' out
"$program" refresh > out
grep -q '"changed":false' out
# There is no output before the work is done.
sqlite3 -batch -init /dev/null other.db "CREATE TABLE t (x)"
for command in rebuild check refresh; do
  expect 1 $command --db other.db <<END
cdr: cdr_$command: main is not a warehouse; 'cdr import --db other.db PATH' makes one
END
done
cp cdr.db damaged.db
sqlite3 -batch -init /dev/null damaged.db "PRAGMA writable_schema = 1" "UPDATE queue_day SET offered = offered + 1"
status=0
"$program" check --db damaged.db > out 2> err || status=$?
[ $status = 1 ]
grep -q " violated; the column remedy says what to do" err || { cat err; exit 1; }
for command in rebuild check refresh; do
  expect 1 $command --db missing.db <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
done
