#!/bin/sh
# A file that is given up after much of it was written leaves nothing behind, neither in the warehouse nor for later files: on_error fail, and a
# truncated record after more records than are written at once.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir in
generate=$(dirname "$library")/cdr_generate
"$generate" --vendor conpeek --dialogs 5000 --seed 1 --out in/1.ndjson 2> /dev/null
echo '{"dialog_uuid": "broken off' >> in/1.ndjson
"$generate" --vendor conpeek --dialogs 300 --seed 2 --start-id 90001 --out in/2.ndjson 2> /dev/null

loaded_on alone.db "SELECT cdr_init();" "SELECT cdr_import('in/2.ndjson');" > /dev/null
loaded_on both.db "SELECT cdr_init();" "SELECT cdr_import('in', '{\"on_error\":\"fail\"}');" > said
grep -q '"imported":1,.*"failed":1,.*"inserted":300,' said || { cat said; exit 1; }
facts alone.db > facts
[ "$(grep -c . facts)" -gt 300 ]
facts both.db | diff facts - || { echo "the file that was given up left something behind"; exit 1; }
# Every record can still be read.
[ "$(loaded_on both.db "SELECT cdr_rebuild() ->> 'changed';")" = 0 ]

# Small files share a transaction, and if one is given up, the others are imported again: each still counts once, including the one that was imported
# before and the one that does not exist.
mkdir small
for number in 1 2 5; do "$generate" --vendor conpeek --dialogs 10 --seed $number --start-id ${number}001 --out small/$number.ndjson 2> /dev/null; done
ln -s nowhere small/3.ndjson
echo '{"dialog_uuid": "broken off' > small/4.ndjson
loaded_on small.db "SELECT cdr_init();" "SELECT cdr_import('small/2.ndjson');" \
  "SELECT cdr_import('small', '{\"on_error\":\"fail\"}') AS summary;" | tail -1 > said
grep -q '"files":5,"imported":2,"known":1,"partial":0,"failed":2,"seen":20,"inserted":20,.*small/3.ndjson.*small/4.ndjson' said || { cat said; exit 1; }
[ "$(plain_on small.db "SELECT group_concat(path || ' ' || status, ', ') FROM (SELECT * FROM import_file ORDER BY path);")" = \
  "small/1.ndjson imported, small/2.ndjson imported, small/4.ndjson failed, small/5.ndjson imported" ]
