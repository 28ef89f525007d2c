#!/bin/sh
# Measures questions to a file of JSON and DuckDB, which is given the format and columns: tests/bench/files.sh [BUILD]   (./dev bench)
#
#   three fields              count and sums by direction, from the file, from .gz and from .zst
#   one dialog, 1 % by time   a few rows of the file
#   interactions by outcome   which groups dialogs; compared with cdr_dialog by direction
#
# Each question runs with one thread, kept on one core, and with two. Every engine runs once to warm up and then ROUNDS times (5), in turn, each time
# in a process of its own. Answers are compared, and a difference is a failure; the figures are information, with the target ratio beside them.
#
#   DIALOGS=50000 ROUNDS=3 tests/bench/files.sh build/release
set -eu
. "$(dirname "$0")/setup.sh"
dialogs=${DIALOGS:-200000}
file=$bench/conpeek-$dialogs.ndjson

needs gzip zstd node npm taskset $python
needs_duckdb duckdb_files.mjs

if [ ! -f "$file" ]; then
  "$build/cdr_generate" --vendor conpeek --dialogs "$dialogs" --seed 20260302 --out "$file.part"
  mv "$file.part" "$file"
fi
[ -f "$file.gz" ] || { gzip -c "$file" > "$file.part" && mv "$file.part" "$file.gz"; }
[ -f "$file.zst" ] || { zstd -q -c "$file" > "$file.part" && mv "$file.part" "$file.zst"; }
exec $python "$root/tests/bench/files.py" "$build" "$file" "$bench" "${ROUNDS:-5}"
