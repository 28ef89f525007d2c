#!/bin/sh
# Measures reports and DuckDB, which computes the same figures from its own table of the same visits: tests/bench/figures.sh [BUILD]   (./dev bench)
#
#   a month by half hours     queue_report of all queues, in a month in which the clocks change
#   a year by day             queue_report of all queues
#   agent_report of a month   one row per agent, conversations clipped to the month
#   interaction_timeline      of the interactions of one day, one after the other
#
# The warehouse has INTERACTIONS (1,000,000) generated interactions of all vendors over one year, and days in Prague's time. It is made once, which
# takes a few minutes and gigabytes in build/bench, and is reused until the build changes. DuckDB runs on one thread and on two. Answers are compared,
# and a difference is a failure; the times are information. The target is that each report is at least as fast as DuckDB on two threads.
#
#   INTERACTIONS=40000 ROUNDS=3 tests/bench/figures.sh build/release
set -eu
. "$(dirname "$0")/setup.sh"
interactions=${INTERACTIONS:-1000000}
rounds=${ROUNDS:-5}

needs sqlite3 node npm $python
needs_duckdb duckdb_figures.mjs

warehouse=$bench/figures-of-$interactions.db
if [ ! "$warehouse" -nt "$build/libcdr.so" ]; then
  folder=$bench/figures-of-$interactions
  rm -rf "$folder" "$warehouse" "$warehouse.part"*
  "$build/cdr_generate" --vendor all --interactions $(((interactions + 3) / 4)) --day 2026-01-01 --days 365 --seed 20260302 --out "$folder" > /dev/null 2>&1
  "$build/cdr" import --db "$warehouse.part" "$folder" > "$bench/said" 2>&1 || {
    cat "$bench/said" >&2
    exit 1
  }
  rm -rf "$folder"
  "$build/cdr" query --db "$warehouse.part" "INSERT INTO report_setting VALUES ('zone', 'Europe/Prague'); SELECT cdr_refresh()" > /dev/null
  mv "$warehouse.part" "$warehouse"
fi
$python "$root/tests/bench/figures.py" "$build" "$warehouse" "$bench" "$rounds"
rm -f "$bench"/figures-*.csv "$bench/figures.json"
