#!/bin/sh
# cdr rebuild, check and refresh: they answer through the warehouse's functions, and need a database that is there.
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
for command in rebuild check refresh; do
  expect 1 $command --db missing.db <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
done
