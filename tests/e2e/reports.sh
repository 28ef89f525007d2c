#!/bin/sh
# Reports compared with a second computation from the stored tables: see reports.py.
#
#   reports.sh LIBRARY ROOT [INTERACTIONS]   (30 of each vendor and season)
set -eu
library=$1 root=$2 count=${3-30}
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
generate=$(dirname "$library")/cdr_generate
# Two weeks around each change of Europe's clocks, in spring and in autumn.
"$generate" --vendor all --interactions $count --day 2026-03-21 --days 14 --seed 7 --out "$work/spring" > /dev/null
"$generate" --vendor all --interactions $count --day 2026-10-17 --days 14 --seed 8 --start-id 1000000 --out "$work/autumn" > /dev/null
"$generate" --vendor mluvii --interactions $count --day 2026-10-17 --days 14 --seed 9 --start-id 2000000 --out "$work/autumn/more.ndjson" \
  --operator-states "$work/autumn/states.ndjson" > /dev/null
loaded_on "$work/cdr.db" "SELECT cdr_init();" "INSERT INTO report_setting VALUES ('zone', 'Europe/Prague');" "SELECT cdr_import('$work/spring');" "SELECT cdr_import('$work/autumn');" > /dev/null
LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0 /usr/bin/python3 "$root/tests/e2e/reports.py" "$library" "$work/cdr.db"
