#!/bin/sh
# The ledger knows a file by its location, not by the name that the caller gave: an open entry in quarantine is closed by the same file, corrected or
# grown, under any name, and by no other file.
#
#   same_name.sh LIBRARY ROOT
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
db=$work/w.db

good() { echo "{\"dialog_uuid\":\"$1\",\"dialog_type\":\"EXTERNAL\",\"talking_time\":1000}"; }
bad() { echo "{\"dialog_uuid\":\"$1\",\"dialog_type\":\"EXTERNAL\",}"; }
import() { (cd "$work/$1" && loaded_on "$db" "SELECT json_extract(cdr_import('$2'), '$.inserted', '$.quarantined');"); }
# For each entry: the file's path, and its state.
entries() { plain_on "$db" "SELECT replace(location, '$(realpath "$work")/', ''), state FROM quarantine JOIN import_file USING (import_id) ORDER BY id;"; }
expect() { printf '%s\n' "$@" > "$work/expected"; entries | diff "$work/expected" - || { echo "expected above: $what"; exit 1; }; }

mkdir "$work/prague" "$work/krakow"
loaded_on "$db" "SELECT cdr_init();" > "$work/said"
{ good p-1; bad p-2; } > "$work/prague/today.ndjson"
{ good k-1; bad k-2; } > "$work/krakow/today.ndjson"
import prague today.ndjson > "$work/said"
import krakow today.ndjson >> "$work/said"
what='another folder'
expect 'prague/today.ndjson|open' 'krakow/today.ndjson|open'
{ good k-1; good k-2; } > "$work/krakow/today.ndjson"
import krakow today.ndjson >> "$work/said"
what='corrected'
expect 'prague/today.ndjson|open' 'krakow/today.ndjson|superseded'
{ good p-1; good p-2; } > "$work/prague/today.ndjson"
import krakow ../prague/today.ndjson >> "$work/said"
what='corrected, under another name'
expect 'prague/today.ndjson|superseded' 'krakow/today.ndjson|superseded'

# Every day's export has the same name, and one of yesterday's calls ended today.
{ good m-1; good m-2; good m-3; bad m-4; } > "$work/prague/today.ndjson"
import prague today.ndjson >> "$work/said"
{ good m-3; good t-1; bad t-2; } > "$work/prague/today.ndjson"
import prague today.ndjson >> "$work/said"
what='the next day'
expect 'prague/today.ndjson|superseded' 'krakow/today.ndjson|superseded' 'prague/today.ndjson|open' 'prague/today.ndjson|open'
for calls in '' 't-4 t-5 t-6 t-7' 't-4 t-5 t-6 t-7 t-8'; do
  { good m-3; for call in t-1 t-2 t-3 $calls; do good $call; done; } > "$work/prague/today.ndjson"
  import prague today.ndjson >> "$work/said"
done
what='the next day, grown'
expect 'prague/today.ndjson|superseded' 'krakow/today.ndjson|superseded' 'prague/today.ndjson|open' 'prague/today.ndjson|superseded'

# A reading without any new record after one that had some; and readings in which no record could be read.
mkdir "$work/brno"
at_brno() { plain_on "$db" "SELECT group_concat(state, ' ') FROM (SELECT state FROM quarantine JOIN import_file USING (import_id) WHERE location LIKE '%/brno/%' ORDER BY id);"; }
is_at_brno() { [ "$(at_brno)" = "$1" ] || { echo "$2: expected $1, found $(at_brno)"; exit 1; }; }
{ good b-1; good b-2; } > "$work/brno/today.ndjson"
import brno today.ndjson >> "$work/said"
{ good b-1; good b-2; bad b-3; } > "$work/brno/today.ndjson"
import brno today.ndjson >> "$work/said"
{ good e-1; good e-2; good e-3; good e-4; } > "$work/brno/today.ndjson"
import brno today.ndjson >> "$work/said"
is_at_brno open 'the next day, behind a reading without a new record'
{ good b-1; good b-2; good b-3; } > "$work/brno/today.ndjson"
import brno today.ndjson >> "$work/said"
is_at_brno superseded 'corrected, behind a reading without a new record'
bad f-1 > "$work/brno/one.ndjson"
import brno one.ndjson >> "$work/said"
bad f-2 > "$work/brno/one.ndjson"
import brno one.ndjson >> "$work/said"
is_at_brno 'superseded open open' 'another bad record'
good f-2 > "$work/brno/one.ndjson"
import brno one.ndjson >> "$work/said"
is_at_brno 'superseded superseded superseded' 'corrected'
# A file that ends inside a record is partial, and its end is in quarantine.
{ good g-1; printf '{"dialog_uuid":"g-'; } > "$work/brno/cut.ndjson"
import brno cut.ndjson >> "$work/said"
[ "$(plain_on "$db" "SELECT status, error LIKE '%inside the record (truncated)%', inserted, quarantined FROM import_file ORDER BY import_id DESC LIMIT 1;")" = 'partial|1|1|1' ]
{ good g-1; good g-2; } > "$work/brno/cut.ndjson"
import brno cut.ndjson >> "$work/said"
is_at_brno 'superseded superseded superseded superseded' 'whole'
# Records that were erased meanwhile come again, too: they are stale.
{ good h-10001; good h-10002; good h-10003; bad h-10004; } > "$work/brno/erased.ndjson"
import brno erased.ndjson >> "$work/said"
for id in h-10001 h-10002; do loaded_on "$db" "SELECT cdr_erase('interaction', '$id');" >> "$work/said"; done
{ good h-10001; good h-10002; good h-10003; good h-10004; } > "$work/brno/erased.ndjson"
import brno erased.ndjson >> "$work/said"
is_at_brno 'superseded superseded superseded superseded superseded' 'corrected after an erasure'

# A file without any readable record leaves one row in the ledger per folder.
for place in prague krakow prague; do
  head -c 3000 /dev/zero | tr '\0' x > "$work/$place/none.ndjson"
  echo "$place $(date +%N)" >> "$work/$place/none.ndjson"
  import $place none.ndjson >> "$work/said"
done
# Erased data remains in no path and in no folder name.
mkdir "$work/48500000011"
bad c-1 > "$work/48500000011/today.ndjson"
import 48500000011 today.ndjson >> "$work/said"
loaded_on "$db" "SELECT cdr_erase('customer', '48500000011');" >> "$work/said"
[ "$(plain_on "$db" "SELECT count(*) FROM import_file WHERE instr(path || coalesce(location, ''), '48500000011');")" = 0 ]
import 48500000011 today.ndjson >> "$work/said"
bad c-2 > "$work/48500000011/today.ndjson"
import 48500000011 today.ndjson >> "$work/said"
[ "$(plain_on "$db" "SELECT count(*) FROM import_file WHERE instr(path || coalesce(location, ''), '48500000011');")" = 0 ]
[ -z "$(loaded_on "$db" "SELECT * FROM cdr_check();")" ]
