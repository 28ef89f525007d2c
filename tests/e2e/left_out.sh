#!/bin/sh
# A file that is given up after much of it was written leaves nothing behind, neither in the warehouse nor for the files after it: on_error
# fail, a record that breaks off behind more records than are written at once.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 0; }
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
