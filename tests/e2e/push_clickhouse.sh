#!/bin/sh
# cdr push clickhouse to a Debian server that is started here on loopback, and to two servers as shards of a cluster. The model's tables on the server
# equal those of one warehouse of the same files: pushed from two warehouses that overlap, in both orders, repeatedly, after the program was killed
# and after connections were refused, lost and delayed at many moments. Merged interactions are gone, and no byte of erased data is in the servers'
# files. The program's messages are checked too. CDR_TEST_SEED chooses other moments.
set -eu
library=$1 root=$2
[ -x /usr/sbin/clickhouse-server ] || { echo "skipped: clickhouse-server is not installed"; exit 77; }
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "skipped: what is tested is a server's, and is the same without the sanitizer"; exit 77; }
exec /usr/bin/python3 "$root/tests/e2e/push_clickhouse.py" "$(dirname "$library")" "$root"
