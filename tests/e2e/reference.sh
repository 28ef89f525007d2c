#!/bin/sh
# REFERENCE.md equals the output of the current declarations.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
cd "$root"
loaded ".read sql/reference.sql" | diff -u REFERENCE.md - || {
  echo "REFERENCE.md is stale: run ./dev reference"
  exit 1
}
