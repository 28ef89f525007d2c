#!/bin/sh
# README.md is short enough to be read, and every link in the documentation has a target.
#
#   links.sh LIBRARY ROOT
set -eu
cd "$2"
lines=$(wc -l < README.md)
[ "$lines" -le 150 ] || { echo "README.md has $lines lines, more than 150: what it explains belongs into docs/"; exit 1; }
exec /usr/bin/python3 tests/e2e/links.py
