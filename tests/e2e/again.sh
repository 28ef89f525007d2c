#!/bin/sh
# A file is imported again with some of its records changed: libcdr parses only the records that it has not stored. The results and the counts equal
# those of the same records in small files, which libcdr parses as a whole.
#
#   again.sh LIBRARY ROOT [SEED]
set -eu
library=$1 root=$2 seed=${3-1}
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "seed $seed"

# More records than fit into one batch. Most of the repeated records are unchanged, some with other white space; others are newer or older, linked to
# another record, repeated in either order, or new.
/usr/bin/python3 - "$seed" << 'END'
import json, random, sys
random.seed(int(sys.argv[1]))
def dialog(i, **more):
    return {"dialog_uuid": f"d-{i:05}", "dialog_type": "EXTERNAL", "from_display_target": f"4850{i:07}", "start_time": "2024-06-01 10:00:00",
            "business_direction": "INBOUND", "linked_dialogs": [], **more}
def line(record, **how):
    return json.dumps(record, **how) if how else json.dumps(record, separators=(",", ":"))
def newer(i): return dialog(i, hangup_time=f"2024-06-01 10:{random.randrange(60):02}:00")
def older(i): return {key: value for key, value in dialog(i).items() if key != "start_time"}
def again(i):
    kind = random.random()
    if kind < 0.80: return [line(dialog(i))]
    if kind < 0.88: return [line(dialog(i), indent=1).replace("\n", " ")]
    if kind < 0.91: return [line(newer(i))]
    if kind < 0.93: return [line(older(i))]
    if kind < 0.95: return [line(dialog(i, linked_dialogs=[f"d-{random.randrange(20000):05}"], hangup_time="2024-06-01 11:00:00"))]
    if kind < 0.96: return [line(dialog(i)), line(dialog(i))]
    if kind < 0.97: return [line(newer(i)), line(dialog(i))]
    if kind < 0.98: return [line(dialog(i)), line(newer(i)), line(newer(i))]
    return [line(dialog(i + 20000)), line(older(i + 20000))]
open("first.ndjson", "w").write("".join(line(dialog(i)) + "\n" for i in range(20000)))
order = list(range(20000))
for start in range(12000, 20000, 400):  # the last records in a different order
    order[start:start + 200] = random.sample(order[start:start + 200], 200)
open("second.ndjson", "w").write("".join(text + "\n" for i in order for text in again(i)))
END
split -l 3000 -d second.ndjson part-

counts() { plain_on "$1" "SELECT sum(seen), sum(inserted), sum(updated), sum(unchanged), sum(stale), sum(quarantined) FROM import_file WHERE import_id > $2;"; }
last_import() { plain_on "$1" "SELECT max(import_id) FROM import_file;"; }
in_parts() { for part in "$@"; do loaded_on parts.db "SELECT cdr_import('$part');"; done > imports; }
check() {
  counts one.db "$1" > one.counts
  counts parts.db "$2" | diff one.counts -
  facts one.db > one.facts
  facts parts.db | diff one.facts - | head -5
  [ "$(facts_hash one.db)" = "$(facts_hash parts.db)" ]
  [ -z "$(loaded_on one.db "SELECT * FROM cdr_check();")" ]
}

for database in one parts; do loaded_on $database.db "SELECT cdr_init();" "SELECT cdr_import('first.ndjson');" > imports; done
loaded_on one.db "SELECT cdr_import('second.ndjson');" > imports
in_parts part-*
check 1 1
awk -F '|' '$1 < 20000 || $2 < 300 || $3 < 600 || $4 < 15000 || $5 < 300 || $6 != 0 {exit 1}' one.counts || { cat one.counts; exit 1; }

# Erased records stay away, however their file is read.
for database in one parts; do
  loaded_on $database.db "SELECT cdr_erase('customer', '48500000011');" "SELECT cdr_erase('interaction', 'd-19000');" > imports
done
{ echo; cat first.ndjson; } > third.ndjson
for part in part-*; do { echo; cat $part; } > once-more-$part; done
loaded_on one.db "SELECT cdr_import('third.ndjson');" > imports
split -l 3000 -d third.ndjson third-
before_one=$(last_import one.db) before_parts=$(last_import parts.db)
in_parts third-*
check $((before_one - 1)) "$before_parts"
awk -F '|' '$5 == 0 {exit 1}' one.counts
