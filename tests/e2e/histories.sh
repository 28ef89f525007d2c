#!/bin/sh
# Random histories of records: in whatever order and files the records come, the resulting warehouse is the same, and importing them again changes
# nothing. The histories mix samples of Conpeek and mluvii: duplicates, stale versions, versions that lose or gain a link, records fetched at
# different times and for different tenants.
#
#   histories.sh LIBRARY ROOT [HISTORIES [ORDERS [SEED]]]   each history in ORDERS orders (3, 4); the same seed gives the same histories (1)
set -eu
library=$1 root=$2 histories=${3-3} orders=${4-4} seed=${5-1}
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "seed $seed: to see these histories again, histories.sh … $histories $orders $seed"

# The versions from which histories are made, one per line after the id of their subject: the record; unfinished; linked to another dialog's
# interaction; without a link.
record() { echo "CREATE TABLE $1 AS SELECT value AS doc FROM $2; UPDATE $1 SET doc = json(doc);"; }
lines() { echo "json_each('[' || replace(trim(readfile('$root/samples/$1'), char(10)), char(10), ',') || ']')"; }
loaded ".mode tabs" "
  $(record dialog "$(lines conpeek/day.ndjson)")
  $(record session "json_each(readfile('$root/samples/mluvii/Sessions.json'))")
  $(record routing "$(lines mluvii/routing-histories.ndjson)")
  CREATE TABLE version AS
  SELECT doc ->> 'dialog_uuid' AS id, doc FROM dialog
  UNION ALL SELECT doc ->> 'dialog_uuid', json_remove(doc, '\$.hangup_time', '\$.end_cause', '\$.talking_time') FROM dialog
  UNION ALL SELECT doc ->> 'dialog_uuid', json_set(doc, '\$.linked_dialogs', json_array()) FROM dialog
  UNION ALL SELECT a.doc ->> 'dialog_uuid', json_set(a.doc, '\$.linked_dialogs', json_array(b.doc ->> 'dialog_uuid'), '\$.note', 'linked late')
    FROM dialog AS a JOIN dialog AS b ON b.rowid = 1 + a.rowid * 37 % (SELECT count(*) FROM dialog)
  UNION ALL SELECT doc ->> 'id', doc FROM session
  UNION ALL SELECT doc ->> 'id', json_remove(doc, '\$.operators', '\$.ended') FROM session
  UNION ALL SELECT doc ->> 'sessionId', doc FROM routing
  UNION ALL SELECT doc ->> 'sessionId', json_remove(doc, '\$.routingHistory[#-1]') FROM routing;
  SELECT substr(id, 1, 8), json(doc) FROM version ORDER BY id, doc;" > versions
[ "$(wc -l < versions)" -ge 200 ] || { echo "too few records"; exit 1; }

# history SEED: a quarter of the subjects of the samples, most of their versions, some twice; each with its import options.
history() {
  awk -F '\t' -v seed="$1" '
    BEGIN {srand(seed); rand()}
    $1 != group {group = $1; chosen = rand() < 0.25; source = rand() < 0.2 ? "north" : ""}
    chosen {
      for (times = rand() < 0.3 ? 2 : 1; rand() < 0.8 && times > 0; --times) {
        fetched = rand()
        print source "\t" (fetched < 0.6 ? "" : fetched < 0.8 ? "2024-06-01" : "2024-06-02") "\t" $2
      }
    }' versions
}
# order SEED FOLDER: writes a history into files at random, and prints the statements that import them, also in random order.
order() {
  rm -rf "$2"
  mkdir "$2"
  awk -F '\t' -v seed="$1" -v folder="$2" '
    BEGIN {srand(seed); rand(); parts = 1 + int(rand() * 5)}
    {at = int(rand() * NR) + 1; line[NR] = line[at]; line[at] = $0}
    END {
      for (i = 1; i <= NR; ++i) {
        split(line[i], field, "\t")
        options = "{\"x\":0"
        if (field[1] != "") options = options ",\"source\":\"" field[1] "\""
        if (field[2] != "") options = options ",\"fetched_at\":\"" field[2] "T00:00:00Z\""
        sub("\"x\":0,?", "", options)
        name = options int(rand() * parts)
        if (!(name in file)) {
          file[name] = sprintf("%s/%06d-%d.ndjson", folder, int(rand() * 1000000), i)
          at = int(rand() * ++files) + 1
          import[files] = import[at]
          import[at] = "SELECT cdr_import(\047" file[name] "\047, \047" options "}\047);"
        }
        print field[3] > file[name]
      }
      for (i = 1; i <= files; ++i) print import[i]
    }' history
}
import() {  # DATABASE STATEMENTS
  loaded_on "$1" ".bail on" "PRAGMA synchronous = OFF;" "PRAGMA journal_mode = MEMORY;" "SELECT cdr_init();" ".read $2" > said || fail "an import fails"
  ! grep -q '"errors":\[{\|"quarantined":[1-9]' said || { cat said; fail "records were not taken"; }
}
fail() { echo "seed $seed, history $number: $1"; exit 1; }

records=0
number=0
while [ $number -lt "$histories" ]; do
  history $((seed + number)) > history
  records=$((records + $(wc -l < history)))
  at=0
  while [ $at -lt "$orders" ]; do
    order $((seed + 1000 * number + at)) in.$at > import.$at.sql
    rm -f w.$at.db
    import w.$at.db import.$at.sql
    facts w.$at.db > facts.$at
    cmp -s facts.0 facts.$at || { diff facts.0 facts.$at | cut -c 1-200 | head; fail "orders 0 and $at give different facts"; }
    at=$((at + 1))
  done
  # The same files again are recognised. The same records in other files bring nothing new.
  plain_on w.0.db .dump > dump
  import w.0.db import.0.sql
  plain_on w.0.db .dump | cmp -s dump - || fail "importing the files again changes something"
  import w.0.db import.$((at - 1)).sql
  ! grep -q '"inserted":[1-9]\|"updated":[1-9]\|"interactions":[1-9]' said || { cat said; fail "records that came before count as new"; }
  facts w.0.db | cmp -s facts.0 - || fail "records that came before change facts"
  [ "$(loaded_on w.0.db "SELECT cdr_rebuild() ->> 'changed';")" = 0 ] || fail "cdr_rebuild changes facts"
  facts w.0.db | cmp -s facts.0 - || fail "figures counted again differ from those that were kept"
  [ "$(loaded_on w.0.db "SELECT cdr_check() ->> 'checks.figures';")" = "" ] || fail "cdr_check says that figures are wrong"
  number=$((number + 1))
done
[ $records -gt $((histories * 20)) ] || { echo "only $records records"; exit 1; }
echo "$histories histories of $records records in $orders orders each"
