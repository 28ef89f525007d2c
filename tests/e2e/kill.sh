#!/bin/sh
# An import killed with SIGKILL while it writes, and one that may not write further, as on a full disk; in WAL and in DELETE mode: the
# file is sound and holds whole files only, and importing again gives what an import that nobody disturbed gives.
#
#   kill.sh LIBRARY ROOT [POINTS [LEVELS]]   kills it at so many points in each mode, spread over the bytes that it writes (12);
#                                            ends its files at so many sizes (5)
set -eu
library=$1 root=$2 points=${3-12} levels=${4-5}
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir in
for seed in 1 2 3; do
  "$(dirname "$library")/cdr_generate" --vendor conpeek --interactions 60 --seed $seed --start-id ${seed}001 --out in/$seed.ndjson 2> /dev/null
done
"$(dirname "$library")/cdr_generate" --vendor mluvii --routing documents --interactions 60 --out in/sessions.ndjson 2> /dev/null
"$(dirname "$library")/cdr_generate" --vendor ucontact --interactions 60 --out in/ucontact.ndjson 2> /dev/null

import() { loaded_on "$1" ".timeout 10000" "SELECT cdr_import('in');" > /dev/null; }
begin() {  # DATABASE JOURNAL
  rm -f "$1" "$1"-*
  loaded_on "$1" "PRAGMA journal_mode = $2;" "SELECT cdr_init();" > /dev/null
}

# What the warehouse holds when the first 0, 1, … files are in it.
begin stepwise.db delete
facts_hash stepwise.db > hash.0
files=0
for file in in/*; do
  loaded_on stepwise.db "SELECT cdr_import('$file');" > /dev/null
  files=$((files + 1))
  facts_hash stepwise.db > hash.$files
done
plain_on stepwise.db "SELECT path, status, seen, inserted FROM import_file ORDER BY import_id;" > ledger

check() {
  [ "$(plain_on w.db "PRAGMA integrity_check;" "PRAGMA foreign_key_check;")" = ok ] || fail "the file is damaged"
  plain_on w.db "SELECT path, status, seen, inserted FROM import_file ORDER BY import_id;" > now
  whole=$(grep -c . now) || true
  head -n "$whole" ledger | cmp -s - now || fail "import_file shows other than whole files"
  facts_hash w.db | cmp -s "hash.$whole" - || fail "there is other than $whole whole files"
}
again() {
  import w.db
  [ "$(plain_on w.db "PRAGMA integrity_check;")" = ok ] || fail "the file is damaged after importing again"
  facts_hash w.db | cmp -s hash.$files - || fail "importing again gives other facts"
}
fail() { echo "$how at $at of $all bytes in $mode mode: $1"; exit 1; }

for mode in wal delete; do
  how=killed
  begin w.db $mode
  all=$(loaded_on w.db "SELECT cdr_import('in');" ".shell sed -n 's/wchar: //p' /proc/\$PPID/io" | grep -x '[0-9]*')
  point=0 killed=0 left=
  while [ $point -lt "$points" ]; do
    begin w.db $mode
    at=$((all * point / points))
    sqlite3 -batch -init /dev/null w.db ".load $library" "SELECT cdr_import('in');" > /dev/null 2>&1 &
    # Ends with the process at the latest: then there is nothing to read.
    while { read -r _ _; read -r _ written; } 2> /dev/null < /proc/$!/io && [ "$written" -lt $at ]; do :; done
    kill -9 $! 2> /dev/null || true
    status=0
    wait $! 2> /dev/null || status=$?
    [ $status != 137 ] || killed=$((killed + 1))
    check
    left="$left $whole"
    again
    point=$((point + 1))
  done
  echo "$mode: killed $killed times of $points; whole files then:$left of $files"
  [ $((killed * 4)) -ge "$points" ] || { echo "too few of them were killed"; exit 1; }

  how='refused to write' level=0 left=
  begin w.db $mode
  empty=$(wc -c < w.db)
  all=$(wc -c < stepwise.db)
  while [ $level -lt "$levels" ]; do
    begin w.db $mode
    at=$((empty + (all - empty) * level / levels))
    status=0
    (
      trap '' XFSZ
      ulimit -f $((at / 512))
      exec sqlite3 -batch -init /dev/null w.db ".load $library" "SELECT cdr_import('in');"
    ) > said 2>&1 || status=$?
    check
    [ "$whole" = $files ] || { [ $status != 0 ] && grep -q 'the warehouse: ' said; } || { cat said; fail "it does not say so"; }
    left="$left $whole"
    again
    level=$((level + 1))
  done
  echo "$mode: refused to write at $levels sizes; whole files then:$left of $files"
done
