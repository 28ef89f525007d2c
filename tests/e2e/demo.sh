#!/bin/sh
# ./dev demo: all of its queries have an answer without an error; the file of its second part is complete, and is recognised when it is imported
# again.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
loaded ".read sql/demo/json.sql" > "$work/json" 2>&1
loaded_on "$work/cdr.db" ".read sql/demo/import.sql" > "$work/import" 2>&1
plain_on "$work/cdr.db" ".read sql/demo/stock.sql" > "$work/stock" 2>&1
loaded_on "$work/cdr.db" ".read sql/demo/virtual.sql" > "$work/virtual" 2>&1
loaded_on "$work/cdr.db" ".read sql/demo/figures.sql" > "$work/figures" 2>&1

cd "$work"
! grep -E '^(Runtime|Parse) error|^Error' json import stock virtual figures || exit 1
for part in json stock virtual figures; do
  # The shell draws a table only if there is a row.
  asked=$(sed '/^\.mode list/,$d' "$root/sql/demo/$part.sql" | grep -c ';$')
  shown=$(grep -c '^┌' $part)
  [ "$shown" = "$asked" ] || { cat $part; echo "$part: $shown answers to $asked questions"; exit 1; }
done
[ "$(grep -c '"errors":\[\]' import)" = 3 ]
grep -q '"known":57,.*"seen":0,' import
grep -q '"seen":3,"inserted":2,.*"quarantined":1,' import
grep -q '│ argument │ 2  ' stock
[ "$(tail -1 stock)" = ok ]
grep -q '│ 0         │ 0              │ [1-9]' virtual
[ "$(tail -1 virtual)" = '{"violations":0,"checks":{}}' ]
