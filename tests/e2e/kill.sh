#!/bin/sh
# An import killed with SIGKILL while it writes, in WAL and in DELETE mode: the file is sound and contains whole files only, and importing again gives
# the result of an undisturbed import.
#
#   kill.sh LIBRARY ROOT [POINTS]   kills it at POINTS points (5) in each mode, spread over the bytes that it writes
set -eu
library=$1 root=$2 points=${3-5}
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
warehouse=w.db
. "$root/tests/e2e/whole_files.sh"

for mode in wal delete; do
  how=killed
  begin w.db $mode
  all=$(loaded_on w.db "SELECT cdr_import('in');" ".shell sed -n 's/wchar: //p' /proc/\$PPID/io" | grep -x '[0-9]*')
  point=0 killed=0 left=
  while [ $point -lt "$points" ]; do
    begin w.db $mode
    from=$((all * point / points))
    at="$from of $all bytes"
    sqlite3 -batch -init /dev/null w.db ".load $library" "SELECT cdr_import('in');" > /dev/null 2>&1 &
    # The loop ends with the process at the latest, because there is nothing to read then.
    while { read -r _ _; read -r _ written; } 2> /dev/null < /proc/$!/io && [ "$written" -lt $from ]; do :; done
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
done
