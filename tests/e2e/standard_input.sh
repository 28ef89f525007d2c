#!/bin/sh
# cdr_file('-') reads standard input: a pipe, compressed or not, as often as one statement needs it, but in one statement only. In cdr and in the
# stock shell.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"
day=$root/samples/mluvii/Sessions.json

count="SELECT count(*) AS n, count(DISTINCT interaction_id) AS interactions FROM interactions(cdr_file('-'))"
"$program" query "SELECT count(*) AS n, count(DISTINCT interaction_id) AS interactions FROM interactions(cdr_file('$day'))" > wanted
[ "$(tail -1 wanted | cut -f1)" -gt 20 ]
"$program" query "$count" < "$day" | diff wanted -
cat "$day" | "$program" query "$count" | diff wanted -
zstd -qc "$day" | "$program" query "$count" | diff wanted -
gzip -c "$day" | "$program" query "$count" | diff wanted -
# A table that a join reads twice reads the same rows.
printf '{"dialog_uuid": "d-1", "dialog_type": "BOT"}\n{"dialog_uuid": "d-2", "dialog_type": "BOT"}\n' > two.ndjson
cat two.ndjson | "$program" query --no-header "SELECT count(*), count(DISTINCT dialog_uuid) FROM (SELECT 1 UNION ALL SELECT 2) CROSS JOIN
  (SELECT dialog_uuid FROM cdr_dialog(cdr_file('-')))" > out
printf '4\t2\n' | diff - out
cat two.ndjson | "$program" query --no-header "SELECT count(*) FROM cdr_dialog(cdr_file('-')) AS a JOIN cdr_dialog(cdr_file('-')) AS b
  UNION ALL SELECT count(*) FROM interactions(cdr_file('-'))" > out
printf '4\n2\n' | diff - out
# If a part of the input has been read already, reading continues after it.
{ dd bs=45 count=1 status=none of=first; "$program" query --no-header "SELECT group_concat(dialog_uuid) FROM cdr_dialog(cdr_file('-'))"; } < two.ndjson > out
[ "$(cat out)" = d-2 ]
# Into a warehouse.
cat two.ndjson | loaded_on w.db "SELECT cdr_init();" "SELECT json_extract(cdr_import(cdr_file('-')), '\$.inserted');" > out
[ "$(tail -1 out)" = 2 ]
[ "$(plain_on w.db "SELECT path FROM import_file")" = - ]

# Twice, in various ways; empty input; input that is not JSON; a terminal.
cp two.ndjson in
said="only one statement can read it: save it as a file, then name that as often as you like"
expect 1 query --no-header "SELECT count(*) FROM cdr_dialog(cdr_file('-')); SELECT count(*) FROM cdr_dialog(cdr_file('-'))" <<END
2
cdr: cdr_file: standard input was read already; $said
END
echo "SELECT count(*) FROM cdr_dialog(cdr_file('-'))" > in
expect 1 query --no-header <<END
cdr: cdr_file: standard input was read already for the SQL; $said
END
: > in
expect 1 query --no-header "SELECT count(*) FROM cdr_dialog(cdr_file('-'))" <<'END'
cdr: -: expected records, found no bytes at all (empty_file); export it again; {"on_error":"skip"} leaves it out
END
echo '{"dialog_uuid": ' > in
expect 1 query --no-header "SELECT count(*) FROM cdr_dialog(cdr_file('-'))" <<'END'
cdr: -: record 1 at byte 0: the input ends at byte 17, inside the record (truncated); export it again; {"on_error":"skip"} leaves it out
END
: > in
"$program" query "SELECT cdr_import('-')" > out 2>&1 || true
script -qec "'$program' query --no-pager \"SELECT count(*) FROM cdr_dialog(cdr_file('-'))\"" typescript > /dev/null < /dev/null || true
grep -q "cdr: cdr_file: standard input is a terminal; pipe a file into it, or name the file" typescript
# A file of that name.
cp two.ndjson ./-
printf '2\n' | expect 0 query --no-header "SELECT count(*) FROM cdr_dialog(cdr_file('./-'))"
# If the input does not fit on the disk: an error, and no count.
head -c 3000000 /dev/zero | tr '\0' ' ' > large
status=0
(
  ulimit -f 100
  trap '' XFSZ
  cat large | TMPDIR=$work "$program" query "SELECT count(*) FROM cdr_dialog(cdr_file('-'))" 2>&1 | head -c 2000 > out
) || status=$?
grep -q "^cdr: cdr_file: standard input cannot be kept in $work: File too large; save it as a file and name that, or let TMPDIR name a folder with space$" out
# The stock shell, with its commands as arguments.
cat "$day" | loaded ".mode tabs" ".headers on" "$count;" | diff wanted -
