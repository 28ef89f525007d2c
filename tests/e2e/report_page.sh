#!/bin/sh
# cdr report's page in headless Chromium: see report_page.py.
set -eu
library=$1 root=$2
chromium=$(command -v chromium) || { echo "there is no chromium"; exit 77; }
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"
generate=$(dirname "$library")/cdr_generate
count=300
"$generate" --vendor all --interactions $count --day 2026-03-02 --days 14 --seed 3 --out in.folder > /dev/null 2>&1
"$generate" --vendor mluvii --interactions $count --day 2026-03-02 --days 14 --seed 4 --start-id 90000 --out in.folder/more.ndjson --operator-states in.folder/states.ndjson 2> /dev/null
"$program" import --db cdr.db in.folder > /dev/null
/usr/bin/python3 "$root/tests/e2e/report_page.py" "$chromium" "$program" cdr.db "$work"
