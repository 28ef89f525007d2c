#!/bin/sh
# Memory does not grow with the file: queries over MB megabytes of JSON stay under 128 MiB. The files are compressed while they are made.
#
#   memory.sh LIBRARY ROOT [MB]   (240)
set -eu
library=$1 root=$2 mb=${3-240}
. "$root/tests/e2e/shell.sh"
# The sanitizers keep freed memory.
if is_sanitized; then echo "not measured with the address sanitizer"; exit 77; fi
[ -x /usr/bin/time ] || { echo "needs the package time"; exit 1; }
most=131072  # KiB
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
generate=$(dirname "$library")/cdr_generate
failed=0

# made PACK FILE OPTION…: makes one file of generated records and prints their number. PACK is called with its options in one word.
made() {
  pack=$1 file=$2
  shift 2
  # shellcheck disable=SC2086
  "$generate" "$@" --seed 1 --out - 2> "$work/said" | $pack > "$work/$file"
  sed 's/^.*interactions, \([0-9]*\) records$/\1/' "$work/said"
}
# stays_small SQL WANTED: checks the query's answer and its peak memory
stays_small() {
  found=$(/usr/bin/time -o "$work/peak" -f %M sqlite3 -batch -init /dev/null :memory: ".load $library" "$1")
  peak=$(tail -1 "$work/peak")
  echo "$peak KiB: $1" | sed "s#$work/##"
  [ "$found" = "$2" ] || { echo "expected $2, found $found"; failed=1; }
  [ "$peak" -lt "$most" ] || { echo "expected less than $most KiB"; failed=1; }
}

# One list.
records=$(made 'zstd -qc -1' conpeek.json.zst --vendor conpeek --dialogs $((mb * 600)) --format array)
[ "$(zstd -dc "$work/conpeek.json.zst" | wc -c)" -gt "${mb}000000" ]
stays_small "SELECT count(*), sum(talking_time) > 0 FROM cdr_dialog(cdr_file('$work/conpeek.json.zst'))" "$records|1"
rm "$work/conpeek.json.zst"
# Lines.
records=$(made 'gzip -c1' alibaba.ndjson.gz --vendor alibaba --interactions $((mb * 750)))
[ "$(gzip -l "$work/alibaba.ndjson.gz" | awk 'NR == 2 {print $2}')" -gt "${mb}000000" ]
stays_small "SELECT count(contact_id) FROM alibaba_call(cdr_file('$work/alibaba.ndjson.gz'))" "$records"
stays_small "SELECT count(*) FROM interactions(cdr_file('$work/alibaba.ndjson.gz')) WHERE outcome = 'x'" 0
# Conversations of 90 days, each in 8640 quarter hours of the stored figures.
sqlite3 -batch -init /dev/null :memory: "
  WITH RECURSIVE call(n, at) AS (SELECT 1, 1600000000000 UNION ALL SELECT n + 1, at + 1000 FROM call WHERE n < 192)
  SELECT json_object('ContactId', 'long ' || n, 'ContactType', 'INBOUND', 'ContactDisposition', 'Success', 'StartTime', at, 'ReleaseTime', at + 7776000000, 'AgentEvents', json_array(json_object(
    'AgentId', 'a', 'SkillGroupId', 's', 'EventSequence', json_array(json_object('Event', 'Established', 'EventTime', at), json_object('Event', 'Released', 'EventTime', at + 7776000000))))) FROM call" > "$work/long.ndjson"
stays_small "SELECT cdr_init() ->> 'created'; SELECT cdr_import('$work/long.ndjson') ->> 'inserted'; SELECT count(*) > 8640 FROM agent_interval" "1
192
1"
exit $failed
