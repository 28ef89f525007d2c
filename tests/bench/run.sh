#!/bin/sh
# Measures libcdr, DuckDB and SQLite's json_extract: tests/bench/run.sh [BUILD]   (./dev bench)
#
# The question is the same for all: count and talking time by direction, over a generated Conpeek file of 200,000 dialogs. Every engine runs once to
# warm up and then ROUNDS times (5), in turn, so that a busy moment of the machine affects all alike; each run is a process of its own. The time is
# that of the query without the start of the program, both elapsed and as processor time (cpu s), which other work on the machine affects less; memory
# is the process's peak. All runs except those with two threads are kept on one core. The answers are compared, and a difference is a failure; the
# figures are information.
#
#   ROUNDS=9 DIALOGS=50000 ENGINES="libcdr duckdb-plain-1" tests/bench/run.sh build/release
set -eu
. "$(dirname "$0")/setup.sh"
rounds=${ROUNDS:-5}
dialogs=${DIALOGS:-200000}
engines=${ENGINES:-libcdr duckdb-plain-1 duckdb-columns-1 duckdb-plain-2 duckdb-columns-2 json_extract}
file=$bench/conpeek-$dialogs.ndjson
lines=$bench/conpeek-$dialogs.db

needs sqlite3 node npm taskset /usr/bin/time

if [ ! -f "$file" ]; then
  "$build/cdr_generate" --vendor conpeek --dialogs "$dialogs" --seed 20260302 --out "$file.part"
  mv "$file.part" "$file"
fi
if [ ! -f "$lines" ]; then
  rm -f "$lines.part"
  printf '%s\n' 'PRAGMA journal_mode=off;' 'CREATE TABLE dialog(line TEXT);' '.mode ascii' '.separator "\037" "\n"' \
    ".import '$file' dialog" | sqlite3 -batch -init /dev/null "$lines.part" > /dev/null
  mv "$lines.part" "$lines"
fi
needs_duckdb duckdb.mjs

core=$(taskset -cp $$ | sed "s/.*[^0-9]//")  # the last core that this process may use
# Reads SQL from its input, because the shell times statements only there.
shell() {  # DATABASE
  sqlite3 -batch -bail -init /dev/null "$1"
}
# The output of an engine: the answer's rows, and its seconds in one of two spellings.
engine() {
  case $1 in
    libcdr)
      shell :memory: << END
.load $build/libcdr
.timer on
SELECT business_direction, count(*), sum(talking_time) FROM cdr_dialog(cdr_file('$file')) GROUP BY 1;
END
      ;;
    duckdb-*-*)
      form=${1#duckdb-}
      node "$bench/duckdb.mjs" "$file" "${form#*-}" "${form%-*}"
      ;;
    json_extract)
      shell "$lines" << 'END'
.timer on
SELECT json_extract(line, '$.business_direction'), count(*), sum(json_extract(line, '$.talking_time'))
FROM dialog GROUP BY 1;
END
      ;;
    *)
      echo "bench: unknown engine '$1'" >&2
      exit 1
      ;;
  esac
}
# Runs as a child of this script, so that time(1) sees one process tree.
if [ "${BENCH_ENGINE-}" ]; then
  engine "$BENCH_ENGINE"
  exit
fi

rm -f "$bench"/*.seconds "$bench"/*.cpu "$bench"/*.memory "$bench"/*.answer
round=0
while [ "$round" -le "$rounds" ]; do
  for each in $engines; do
    pin="taskset -c $core"
    case $each in *-2) pin= ;; esac
    # shellcheck disable=SC2086
    BENCH_ENGINE=$each /usr/bin/time -f %M -o "$bench/memory" $pin "$0" "$build" > "$bench/out" || {
      echo "bench: $each failed" >&2
      exit 1
    }
    grep -v '^seconds \|^Run Time' "$bench/out" > "$bench/$each.answer"
    first=${engines%% *}
    cmp -s "$bench/$first.answer" "$bench/$each.answer" || {
      echo "bench: $first and $each do not agree:" >&2
      diff "$bench/$first.answer" "$bench/$each.answer" >&2 || :
      exit 1
    }
    [ "$round" -eq 0 ] && continue  # warm-up
    awk '/^seconds / {print $2, $3} /^Run Time: / {print $4, $6 + $8}' "$bench/out" > "$bench/times"
    [ "$(wc -l < "$bench/times")" -eq 1 ] || {
      echo "bench: expected one time of $each, found $(wc -l < "$bench/times")" >&2
      exit 1
    }
    cut -d' ' -f1 "$bench/times" >> "$bench/$each.seconds"
    cut -d' ' -f2 "$bench/times" >> "$bench/$each.cpu"
    cat "$bench/memory" >> "$bench/$each.memory"
  done
  round=$((round + 1))
done

median() { sort -n "$1" | awk '{value[NR] = $1} END {print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2}'; }
bytes=$(wc -c < "$file")
echo "SELECT business_direction, count(*), sum(talking_time) … GROUP BY 1: $dialogs dialogs, $bytes bytes"
echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores; sqlite3 $(sqlite3 --version | cut -d' ' -f1);" \
  "DuckDB $(sed -n 's/.*"@duckdb\/node-api": "\(.*\)"/\1/p' "$bench/package.json"); medians of $rounds, the fastest and slowest beside"
[ ! -f "$bench/libcdr.seconds" ] || base=$(median "$bench/libcdr.seconds")
[ ! -f "$bench/libcdr.cpu" ] || base_cpu=$(median "$bench/libcdr.cpu")
printf '\n%-17s %8s %16s %8s %7s %9s %13s %13s  %s\n' engine seconds fastest-slowest 'cpu s' MB/s 'peak MiB' \
  'times libcdr' 'in cpu time' target
for each in $engines; do
  case $each in
    libcdr) target='straight from the file' ;;
    duckdb-plain-1) target='at least 1.5; read_json as it stands, one thread' ;;
    duckdb-columns-1) target='format and columns given, one thread' ;;
    duckdb-plain-2) target='read_json as it stands, two threads' ;;
    duckdb-columns-2) target='format and columns given, two threads' ;;
    json_extract) target='at least 5; from a loaded table, loading not counted' ;;
  esac
  sort -n "$bench/$each.seconds" | awk -v name="$each" -v seconds="$(median "$bench/$each.seconds")" -v bytes="$bytes" \
    -v memory="$(median "$bench/$each.memory")" -v cpu="$(median "$bench/$each.cpu")" \
    -v base="${base-0}" -v base_cpu="${base_cpu-0}" -v target="$target" '
    function times(value, unit) { return unit > 0 ? sprintf("%.2f", value / unit) : "-" }
    NR == 1 {fastest = $1} {slowest = $1}
    END {
      printf "%-17s %8.3f %16s %8.3f %7.0f %9.0f %13s %13s  %s\n", name, seconds,
             sprintf("%.3f-%.3f", fastest, slowest), cpu, bytes / 1e6 / seconds, memory / 1024,
             times(seconds, base), times(cpu, base_cpu), target
    }'
done
