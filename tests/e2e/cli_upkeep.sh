#!/bin/sh
# cdr rebuild, check and erase: they answer through the warehouse's functions, and need a database that is there.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"

"$program" import "$root/samples/conpeek/day.ndjson" > /dev/null
"$program" rebuild > out
grep -q '"changed":false' out
for command in rebuild check "erase customer 0"; do
  # shellcheck disable=SC2086
  expect 1 $command --db missing.db <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
done
expect 2 erase customer <<'END'
cdr: VALUE is required; see 'cdr erase --help'
END
expect 2 erase customer - <<'END'
cdr: there is nothing to erase; see 'cdr erase --help'
END
