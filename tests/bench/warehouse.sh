#!/bin/sh
# Measures the warehouse: tests/bench/warehouse.sh [BUILD]   (./dev bench)
#
#   import     `cdr import` of a generated Conpeek file of 200,000 dialogs, and DuckDB, which loads the same file into one flat
#              table of a database file on one thread. In turn, ROUNDS times (3), each in a process of its own and into a new file.
#              DuckDB's time is that of loading and writing, on one core; cdr's is that of the whole program, which may use two. cpu s is
#              processor time, memory is the process's peak.
#   again      the same file with one record in a hundred changed, into that warehouse
#   files      the same dialogs, FILES of them (20,000), each in a file of its own
#   size       the size of the file compared with the JSON, and of each table and index
#   lookup     single questions to a warehouse of INTERACTIONS (100,000) interactions: to the stored tables and to libcdr's
#
# Answers that are compared must agree, otherwise the bench fails; the figures are information.
#
#   INTERACTIONS=1000000 tests/bench/warehouse.sh     the size that the targets of lookup are meant for: some minutes, and gigabytes in build/bench
#   DIALOGS=20000 ROUNDS=1 PARTS="import size" tests/bench/warehouse.sh
set -eu
. "$(dirname "$0")/setup.sh"
rounds=${ROUNDS:-3}
dialogs=${DIALOGS:-200000}
interactions=${INTERACTIONS:-100000}
files=${FILES:-20000}
parts=${PARTS:-import again files size lookup}

needs sqlite3 node npm taskset /usr/bin/time $python
needs_duckdb duckdb_load.mjs

fail() { echo "bench: $1" >&2; exit 1; }
generated() {  # FILE OPTION…
  [ -f "$1" ] || {
    to=$1
    shift
    "$build/cdr_generate" "$@" --seed 20260302 --out "$to.part" 2> /dev/null
    mv "$to.part" "$to"
  }
}
ask() { sqlite3 -batch -init /dev/null "$@"; }
median() { sort -n "$1" | awk '{value[NR] = $1} END {print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2}'; }

file=$bench/conpeek-$dialogs.ndjson
changed=$bench/conpeek-$dialogs-changed.ndjson
warehouse=$bench/warehouse-$dialogs.db
core=$(taskset -cp $$ | sed "s/.*[^0-9]//")  # the last core that this process may use

# measured NAME: keeps the output of `times`: seconds, cpu s, KiB
measured() {
  awk '{print $1 > at ".seconds"; print $2 > at ".cpu"; print $3 > at ".memory"}' at="$bench/now" "$bench/times"
  for figure in seconds cpu memory; do cat "$bench/now.$figure" >> "$bench/$1.$figure"; done
}
import() {  # NAME DATABASE FILE
  /usr/bin/time -f '%e %U %S %M' -o "$bench/time" "$build/cdr" import --db "$2" "$3" > "$bench/said" || fail "$1 failed"
  awk '{print $1, $2 + $3, $4}' "$bench/time" > "$bench/times"
  measured "$1"
}
line() {  # NAME TARGET
  sort -n "$bench/$1.seconds" | awk -v name="$1" -v seconds="$(median "$bench/$1.seconds")" -v cpu="$(median "$bench/$1.cpu")" \
    -v memory="$(median "$bench/$1.memory")" -v bytes="$bytes" -v base="$base" -v target="$2" '
    NR == 1 {fastest = $1} {slowest = $1}
    END {
      printf "%-8s %8.2f %16s %8.2f %7.0f %9.0f %8.2f  %s\n", name, seconds, sprintf("%.2f-%.2f", fastest, slowest), cpu,
             bytes / 1e6 / seconds, memory / 1024, seconds / base, target
    }'
}

case " $parts " in *" import "* | *" again "* | *" size "*)
  generated "$file" --vendor conpeek --dialogs "$dialogs"
  # A note makes a record newer, because it has more values than before.
  [ -f "$changed" ] || {
    awk 'NR % 100 == 1 {sub(/"note":null/, "\"note\":\"generated change\"")} {print}' "$file" > "$changed.part"
    mv "$changed.part" "$changed"
  }
  notes=$(grep -c 'generated change' "$changed")
  bytes=$(wc -c < "$file")
  rm -f "$bench/duckdb."* "$bench/import."* "$bench/again."*
  round=0
  while [ "$round" -lt "$rounds" ]; do
    rm -f "$bench/flat.duckdb"* "$warehouse"*
    /usr/bin/time -f %M -o "$bench/memory" taskset -c "$core" node "$bench/duckdb_load.mjs" "$file" "$bench/flat.duckdb" 1 > "$bench/out" ||
      fail 'DuckDB failed'
    awk -v memory="$(cat "$bench/memory")" '/^seconds / {print $2, $3, memory}' "$bench/out" > "$bench/times"
    measured duckdb
    import import "$warehouse" "$file"
    ask "$warehouse" 'SELECT count(*), sum(talking_time) FROM dialog' > "$bench/answer"
    grep -v '^seconds' "$bench/out" | cmp -s - "$bench/answer" || fail 'DuckDB and libcdr do not agree on what is in the file'
    case " $parts " in *" again "*)
      cp "$warehouse" "$bench/again.db"
      import again "$bench/again.db" "$changed"
      grep -q " $dialogs records: 0 inserted, $notes updated, $((dialogs - notes)) unchanged," "$bench/said" || fail "again: $(cat "$bench/said")"
      rm "$bench/again.db"*
      ;;
    esac
    round=$((round + 1))
  done
  rm -f "$bench/flat.duckdb"*

  echo "cdr import of $dialogs dialogs, $bytes bytes"
  echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores; sqlite3 $(sqlite3 --version | cut -d' ' -f1);" \
    "DuckDB $(sed -n 's/.*"@duckdb\/node-api": "\(.*\)"/\1/p' "$bench/package.json"); medians of $rounds, the fastest and slowest beside"
  printf '\n%-8s %8s %16s %8s %7s %9s %8s  %s\n' what seconds fastest-slowest 'cpu s' MB/s 'peak MiB' times target
  base=$(median "$bench/duckdb.seconds")
  line duckdb 'one flat table, one thread'
  line import 'at most 1.8 times DuckDB; at most 256 MiB'
  base=$(median "$bench/import.seconds")
  [ ! -f "$bench/again.seconds" ] || line again "one record in a hundred changed: at most 0.25 times import"
  ;;
esac

case " $parts " in *" files "*)
  generated "$file" --vendor conpeek --dialogs "$dialogs"
  folder=$bench/files-of-$dialogs
  rm -rf "$folder" "$bench/files.db"* "$bench/files".[scm]*
  mkdir "$folder"
  head -n "$files" "$file" | split -a 6 -d -l 1 --additional-suffix .json - "$folder/"
  import files "$bench/files.db" "$folder"
  echo
  echo "$files files of one dialog each, linked: $(cat "$bench/files.cpu") s of cpu, $(cat "$bench/files.seconds") s by the clock," \
    "$(awk -v files="$files" '{printf "%.0f", files / $1}' "$bench/files.cpu") files for each second of cpu (target: at least 2000)"
  [ "$(ask "$bench/files.db" 'SELECT count(*) FROM raw_record')" = "$files" ] || fail "files: $(cat "$bench/said")"
  rm -rf "$folder" "$bench/files.db"*
  ;;
esac

case " $parts " in *" size "*)
  size=$(wc -c < "$warehouse")
  echo
  awk -v size="$size" -v bytes="$bytes" 'BEGIN {printf "The file: %.1f MB, %.2f times the JSON (target: at most 1.0)\n", size / 1e6, size / bytes}'
  ask "$warehouse" "
    SELECT printf('%-32s %8s %9s %8s', 'table or index', 'MB', 'of JSON', 'unused');
    SELECT printf('%-32s %8.1f %8.1f%% %7.0f%%', name, pgsize / 1e6, 100.0 * pgsize / $bytes, 100.0 * unused / pgsize)
    FROM dbstat
    WHERE aggregate = TRUE AND pgsize > 0.001 * $bytes
    ORDER BY pgsize DESC;"
  ;;
esac

case " $parts " in *" lookup "*)
  folder=$bench/conpeek-of-$interactions
  large=$bench/warehouse-of-$interactions.db
  # A warehouse that this build made is reused.
  if [ ! "$large" -nt "$build/cdr" ]; then
    # About as many per day as a large centre has, in files of about a day: one file is one transaction.
    rm -rf "$folder" "$large.part"*
    mkdir "$folder"
    "$build/cdr_generate" --vendor conpeek --interactions "$interactions" --days $(((interactions + 9999) / 10000)) --seed 20260302 --out - 2> /dev/null |
      split -a 4 -d -l 25000 --additional-suffix .ndjson - "$folder/"
    "$build/cdr" import --db "$large.part" "$folder" > "$bench/said" || fail 'the import for lookup failed'
    rm -rf "$folder"
    mv "$large.part" "$large"
  fi
  echo
  echo "Single questions at $(ask "$large" 'SELECT count(*) FROM interaction') interactions, $(ask "$large" 'SELECT count(*) FROM dialog') dialogs" \
    "(target: a median of at most 2 ms at a million; 200 times each)"
  $python "$root/tests/bench/lookup.py" "$large" "$build/libcdr"
  ;;
esac
