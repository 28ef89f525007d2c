#!/bin/sh
# Odd inputs that are made on demand (tests/golden/bad/make.sh): too large to be stored, compressed and damaged, FIFOs and links. The expected results
# are in tests/golden/bad/made.out. Every stored odd input must have its case in a golden test.
#
#   bad_files.sh [--update] LIBRARY ROOT
set -eu
update=
if [ "$1" = --update ]; then update=1; shift; fi
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/tests/golden/bad/make.sh" "$work/bad"
cp "$root"/tests/golden/bad/*case.sql "$root/tests/golden/bad/made.sql" "$work/bad/"
cd "$work"
# Without a terminal; a FIFO without a writer must not block it.
loaded < /dev/null > actual 2>&1 ".read bad/made.sql" || true  # errors are expected too
# The position of the damage in the decompressed bytes depends on the compressor.
sed -i -e 's/^Runtime error near line [0-9]*: /Runtime error: /' \
  -e '/^Runtime error: bad\/\(cut\|damaged\)\.json/s/at byte [0-9]*/at byte N/' -e '/^problem  .*truncated/s/byte [0-9]*/byte N/' actual
expected=$root/tests/golden/bad/made.out
if [ -n "$update" ]; then cp actual "$expected"; exit; fi
diff -u "$expected" actual
# Every input has a case.
for file in "$root"/tests/golden/bad/*.*; do
  name=${file##*/}
  case $name in *.sql | *.sh | *.md | made.out) continue ;; esac
  grep -q "$name" "$root"/tests/golden/bad_*.sql || { echo "no golden test asks about $name"; exit 1; }
done
for file in "$work"/bad/*; do
  name=${file##*/}
  case $name in *.sql) continue ;; esac
  grep -q "$name" "$root/tests/golden/bad/made.sql" || { echo "made.sql does not ask about $name"; exit 1; }
done
