#!/bin/sh
# cdr push clickhouse to a current ClickHouse: the engine of the npm package chdb behind its HTTP interface (clickhouse_modern.mjs). The model's
# tables on the server equal those of one warehouse of the same files, pushed from two warehouses that overlap; interaction_report, queue_report and
# agent_report equal libcdr's, in UTC and across a clock change; an erasure arrives. Skipped without build/chdb/node_modules, which ./dev test
# installs.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "skipped: what is tested is a server's, and is the same without the sanitizer"; exit 77; }
modules=${CDR_CHDB:-$root/build/chdb}
[ -d "$modules/node_modules/chdb" ] && command -v node > /dev/null || { echo "skipped: the npm package chdb is not in $modules"; exit 77; }
exec /usr/bin/python3 "$root/tests/e2e/push_clickhouse_modern.py" "$(dirname "$library")" "$root" "$modules"
