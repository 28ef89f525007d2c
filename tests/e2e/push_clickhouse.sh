#!/bin/sh
# cdr push clickhouse, on a server of Debian's that is started here on loopback, and on two of them as shards of a cluster: the model's tables
# there equal those of one warehouse of the same files, from two warehouses that overlap, in both orders, repeated, after the program was
# killed and connections were refused, lost and put off at many moments; what was merged is gone, and no byte of what was erased is in the
# servers' files; what the program says. CDR_TEST_SEED gives other moments.
set -eu
library=$1 root=$2
[ -x /usr/sbin/clickhouse-server ] || { echo "skipped: clickhouse-server is not installed"; exit 77; }
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "skipped: what is tested is a server's, and is the same without the sanitizer"; exit 77; }
exec /usr/bin/python3 "$root/tests/e2e/push_clickhouse.py" "$(dirname "$library")" "$root"
