# Sourced by the tests that disturb an import: they import into $warehouse. Defines the expected contents after each file, and checks whether a
# disturbed import left whole files and can be repeated. The tests describe the disturbance in $how, $at and $mode.
mkdir in
for seed in 1 2 3; do
  "$(dirname "$library")/cdr_generate" --vendor conpeek --interactions 60 --seed $seed --start-id ${seed}001 --out in/$seed.ndjson 2> /dev/null
done
"$(dirname "$library")/cdr_generate" --vendor mluvii --routing documents --interactions 60 --out in/sessions.ndjson 2> /dev/null
"$(dirname "$library")/cdr_generate" --vendor ucontact --interactions 60 --out in/ucontact.ndjson 2> /dev/null

begin() {  # DATABASE JOURNAL
  rm -f "$1" "$1"-*
  loaded_on "$1" "PRAGMA journal_mode = $2;" "SELECT cdr_init();" > /dev/null
}
ledger() { plain_on "$1" "SELECT path, status, seen, inserted FROM import_file ORDER BY import_id;"; }
fail() { echo "$how at $at in $mode mode: $1"; exit 1; }

# The contents of the warehouse after the first 0, 1, … files.
begin stepwise.db delete
facts_hash stepwise.db > hash.0
files=0
for file in in/*; do
  loaded_on stepwise.db "SELECT cdr_import('$file');" > /dev/null
  files=$((files + 1))
  facts_hash stepwise.db > hash.$files
done
ledger stepwise.db > ledger

check() {  # sets $whole to the number of imported files
  [ "$(plain_on "$warehouse" "PRAGMA integrity_check;" "PRAGMA foreign_key_check;")" = ok ] || fail "the file is damaged"
  ledger "$warehouse" > now
  whole=$(grep -c . now) || true
  head -n "$whole" ledger | cmp -s - now || fail "import_file shows other than whole files"
  facts_hash "$warehouse" | cmp -s "hash.$whole" - || fail "there is other than $whole whole files"
}
again() {
  loaded_on "$warehouse" ".timeout 10000" "SELECT cdr_import('in');" > /dev/null
  [ "$(plain_on "$warehouse" "PRAGMA integrity_check;")" = ok ] || fail "the file is damaged after importing again"
  facts_hash "$warehouse" | cmp -s "hash.$files" - || fail "importing again gives other facts"
}
