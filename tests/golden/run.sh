#!/bin/sh
# Runs one golden test: the .sql in the stock sqlite3 shell with the extension loaded, and compares the whole output (including errors) with the .out.
#
#   run.sh LIBRARY TEST.sql            compares, and shows the difference
#   run.sh --update LIBRARY TEST.sql   writes the .out: read it before you commit it
set -u
update=
if [ "$1" = --update ]; then update=1; shift; fi
library=$1 sql=$2
cd "$(dirname "$0")" || exit 2
expected=${sql%.sql}.out
actual=$(mktemp) || exit 2
trap 'rm -f "$actual"' EXIT
. ../e2e/shell.sh
{ echo ".load $library"; cat "$sql"; } | LD_PRELOAD=$preload sqlite3 -batch -init /dev/null :memory: > "$actual" 2>&1
# Line numbers include the .load; the library's path depends on the machine.
sed -i -e 's/ near line [0-9]*//' "$actual"
if [ -n "$update" ]; then cp "$actual" "$expected"; exit; fi
diff -u "$expected" "$actual"
