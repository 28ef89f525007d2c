#!/bin/sh
# Fills ClickHouse with cdr push, measures and compares: see clickhouse.py.
#
#   clickhouse.sh BUILD rate [INTERACTIONS…]   rates of pushing and times of questions, compared with the single file (1,000,000 and 5,000,000)
#   clickhouse.sh BUILD ten [INTERACTIONS]     ten warehouses that overlap, compared with one of the same records (CDR_SOAK_INTERACTIONS, or 5,000,000)
#   clickhouse.sh BUILD make [INTERACTIONS [NAME…]]   only makes the warehouses for that, which are kept: see CDR_BENCH_KEEP in clickhouse.py
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
shift
[ -x /usr/sbin/clickhouse-server ] || { echo "clickhouse-server is not installed"; exit 1; }
modules=${CDR_CHDB:-$root/build/chdb}
[ -d "$modules/node_modules/chdb" ] && command -v node > /dev/null || { echo "the npm package chdb is not in $modules"; exit 1; }
exec /usr/bin/python3 "$root/tests/bench/clickhouse.py" "$build" "$root" "$modules" "$@"
