#!/bin/sh
# Inputs that are made on demand (tests/golden/cases/make.sh): zip archives, UTF-16, spreadsheets and pages. The expected results are in
# tests/golden/cases/made.out.
#
#   wrapped_files.sh [--update] LIBRARY ROOT
set -eu
update=
if [ "$1" = --update ]; then update=1; shift; fi
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/tests/golden/cases/make.sh" "$work"
cd "$work"
loaded < /dev/null > actual 2>&1 ".read $root/tests/golden/cases/made.sql" || true  # errors are expected too
sed -i -e 's/^Runtime error near line [0-9]*: /Runtime error: /' actual
expected=$root/tests/golden/cases/made.out
if [ -n "$update" ]; then cp actual "$expected"; exit; fi
diff -u "$expected" actual
