#!/bin/sh
# Two processes import the same files into one warehouse in WAL mode while others read it. The only error is "database is locked", and only for the
# process that does not wait; no reader sees part of a file; the final result is that of one process alone.
#
#   concurrent.sh LIBRARY ROOT [FILES [READERS]]   about 30 records per file, with the records of an interaction spread over the files (100, 3)
set -eu
library=$1 root=$2 files=${3-100} readers=${4-3}
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
work=$(mktemp -d)
trap 'rm -f "$work/importing"; wait; rm -rf "$work"' EXIT
cd "$work"
fail() { echo "$1"; exit 1; }

mkdir in
generate=$(dirname "$library")/cdr_generate
"$generate" --vendor conpeek --dialogs $((files * 20)) --out - 2> /dev/null | split -n "r/$files" -a 4 --additional-suffix .ndjson - in/conpeek-
"$generate" --vendor mluvii --interactions $((files * 5)) --routing documents --out sessions 2> /dev/null
cat sessions* | split -n "r/$files" -a 4 --additional-suffix .ndjson - in/mluvii-

begin() { loaded_on "$1" "PRAGMA journal_mode = WAL;" "SELECT cdr_init();" > /dev/null; }
begin serial.db
loaded_on serial.db "SELECT cdr_import('in');" > /dev/null
ledger="SELECT path, status, seen, inserted, updated, unchanged, stale, quarantined FROM import_file ORDER BY path;"

# Conditions that hold whenever only whole files are visible, in one statement, so that it sees one state of the database; then the number of files.
cat > whole.sql <<'END'
SELECT
  (SELECT count(*) FROM import_file AS f LEFT JOIN (SELECT first_import, count(*) AS records FROM raw_record GROUP BY 1) AS r
    ON r.first_import = f.import_id WHERE f.status <> 'imported' OR f.inserted <> f.seen OR f.seen IS NOT r.records) || ' files in part, ' ||
  ((SELECT count(*) FROM raw_record) - (SELECT ifnull(sum(seen), 0) FROM import_file)) || ' records of no file, ' ||
  ((SELECT count(*) FROM raw_record WHERE vendor = 'conpeek') - (SELECT count(*) FROM dialog WHERE vendor = 'conpeek')) || ' dialogs missing, ' ||
  ((SELECT count(DISTINCT component) FROM raw_record) - (SELECT count(*) FROM interaction)) || ' interactions missing; ' ||
  (SELECT count(*) FROM import_file);
END
whole='0 files in part, 0 records of no file, 0 dialogs missing, 0 interactions missing; '
reader() {
  while [ -e importing ]; do
    plain_on w.db ".timeout 60000" ".read whole.sql" 2>&1
  done > "reader.$1"
}

begin w.db
touch importing
at=0
readings=
while [ $at -lt "$readers" ]; do
  reader $at &
  readings="$readings $!"
  at=$((at + 1))
done
# One process waits for the other, and imports the files from the first on; the other does not wait but tries again, and begins with the last.
loaded_on w.db ".timeout 60000" "SELECT cdr_import('in');" > patient 2>&1 &
patient=$!
ls -r in | sed "s,.*,SELECT cdr_import('in/&');," > backwards.sql
while :; do
  loaded_on w.db ".bail on" ".read backwards.sql" > hasty 2> hasty.errors && break
  cat hasty.errors >> locked
done
wait $patient || { cat patient; fail "the one that waits has an error"; }
rm importing
for reading in $readings; do wait "$reading"; done

[ ! -e locked ] || ! grep -i error locked | grep -v 'database is locked' || fail "the one that does not wait has another error"
[ "$(plain_on w.db "PRAGMA integrity_check;" "PRAGMA foreign_key_check;")" = ok ] || fail "the file is damaged"
cat reader.* > readings
grep -v "^$whole[0-9]*\$" readings > odd || true
[ ! -s odd ] || { head odd; fail "a reader saw part of a file, or an error"; }
plain_on serial.db "$ledger" > ledger
plain_on w.db "$ledger" | diff ledger - || fail "files were read twice, or not at all"
facts serial.db > facts
facts w.db | cmp -s facts - || fail "two processes make other facts than one"
echo "$(ls in | wc -l) files; $(wc -l < readings) readings of $(sort -u readings | wc -l) states; $(grep -c locked locked 2> /dev/null || true) times locked"
