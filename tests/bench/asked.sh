#!/bin/sh
# Measures the speed of questions to a warehouse, and their cost: tests/bench/asked.sh [BUILD]
#
#   size        the file compared with the JSON, for each vendor and for all four together: 20,000 interactions of each over two days
#   questions   analysts' questions to the stored tables, libcdr's tables, plain tables, and DuckDB's: tests/bench/questions.py
#   day         a day of 69 MB into an empty warehouse and into the large one: tests/bench/day.py
#
# The large warehouse has INTERACTIONS (1,000,000) generated interactions of all vendors over one year. It is made once, which takes a few minutes and
# 15 GB in build/bench, and is reused until the build changes. Each figure has its target beside it; the figures are information, and no test depends
# on them. Import compared with DuckDB, and memory: tests/bench/warehouse.sh.
#
#   INTERACTIONS=40000 PARTS="size day" tests/bench/asked.sh build/release
set -eu
. "$(dirname "$0")/setup.sh"
interactions=${INTERACTIONS:-1000000}
rounds=${ROUNDS:-3}
parts=${PARTS:-size questions day}

needs sqlite3 node npm $python

# made FOLDER OPTION…: makes a folder with a file of each vendor
made() {
  [ -d "$1" ] || {
    to=$1
    shift
    rm -rf "$to.part"
    "$build/cdr_generate" --vendor all --seed 20260302 "$@" --out "$to.part" > /dev/null 2>&1
    mv "$to.part" "$to"
  }
}

case " $parts " in *" size "*)
  folder=$bench/size
  made "$folder" --interactions 20000 --days 2
  echo "The file against the JSON"
  for vendor in conpeek alibaba mluvii ucontact all; do
    rm -f "$bench/size.db"
    case $vendor in
      all) files=$folder ;;
      *) files=$folder/$vendor.ndjson ;;
    esac
    "$build/cdr" import --db "$bench/size.db" "$files" > "$bench/said" 2>&1
    bytes=$(find "$files" -type f -exec cat {} + | wc -c)
    case $vendor in
      conpeek) bar='at most 1.0' ;;
      all) bar='at most 1.5' ;;
      *) bar='the worst of them at most 2.8' ;;
    esac
    wc -c < "$bench/size.db" | awk -v name="$vendor" -v bytes="$bytes" -v bar="$bar" '{printf "%-9s %6.1f MB of JSON, %6.1f MB, %.2f times  (bar: %s)\n", name, bytes / 1e6, $1 / 1e6, $1 / bytes, bar}'
  done
  echo "What takes the space of all, in percent of the JSON"
  sqlite3 -batch -init /dev/null "$bench/size.db" "
    SELECT printf('%-32s %5.1f%%', name, 100.0 * pgsize / $bytes) FROM dbstat WHERE aggregate = TRUE AND pgsize > 0.01 * $bytes ORDER BY pgsize DESC;"
  rm -f "$bench/size.db"
  echo
  ;;
esac

warehouse=$bench/asked-of-$interactions.db
case " $parts " in *" questions "* | *" day "*)
  if [ ! "$warehouse" -nt "$build/libcdr.so" ]; then
    folder=$bench/asked-of-$interactions
    rm -f "$warehouse" "$warehouse".*
    made "$folder" --interactions $(((interactions + 3) / 4)) --day 2026-01-01 --days 365
    "$build/cdr" import --db "$warehouse.part" "$folder" > "$bench/said" 2>&1 || {
      cat "$bench/said" >&2
      exit 1
    }
    rm -rf "$folder"
    mv "$warehouse.part" "$warehouse"
  fi
  ;;
esac
case " $parts " in *" day "*)
  made "$bench/day" --interactions 8000 --day 2027-01-01 --start-id 1000000
  $python "$root/tests/bench/day.py" "$build" "$warehouse" "$bench/day" "$rounds"
  echo
  ;;
esac
case " $parts " in *" questions "*)
  needs_duckdb duckdb_figures.mjs
  $python "$root/tests/bench/questions.py" "$build" "$warehouse" "$rounds" "$bench"
  ;;
esac
