#!/bin/sh
# Every ```sql block of the README gives the ```text block that follows it.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk -v work="$work" '
  /^```sql$/  {n++; to = sprintf("%s/%02d.sql", work, n); next}
  /^```text$/ {to = sprintf("%s/%02d.txt", work, n); next}
  /^```/      {to = ""; next}
  to != ""    {print > to}' "$root/README.md"
cd "$root"
ran=0
for sql in "$work"/*.sql; do
  expected=${sql%.sql}.txt
  [ -e "$expected" ] || { echo "a sql block without its output:"; cat "$sql"; exit 1; }
  loaded ".mode box" ".read $sql" 2>&1 | diff -u "$expected" - || { echo "differs for:"; cat "$sql"; exit 1; }
  ran=$((ran + 1))
done
[ "$ran" -ge 3 ] || { echo "only $ran blocks found"; exit 1; }
