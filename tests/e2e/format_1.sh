#!/bin/sh
# A warehouse of format 1, with the schema of format_1.sql: cdr_init() migrates it to the current format, with the tables and columns of a new one,
# and keeps the ledger, the quarantine and the counts.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

plain_on "$work/old.db" ".read tests/e2e/format_1.sql" "INSERT INTO cdr_meta VALUES ('format', '1');" \
  "INSERT INTO import_file (path, status, seen, inserted, updated, unchanged, stale, quarantined, interactions, started_at, finished_at, libcdr)
   VALUES ('old.json', 'imported', 1, 0, 0, 0, 0, 1, 0, '2024-05-02 10:00:00.000', '2024-05-02 10:00:01.000', '0.1.0');" \
  "INSERT INTO quarantine (import_id, file, record, code, path, message, state) VALUES (1, 'old.json', 1, 'unrecognised', '$.a', 'whose it is', 'open');" \
  "INSERT INTO unmapped_field VALUES ('mluvii', 'session', 'guest.mood', 'unknown', 'string', 2, '2024-05-02', '2024-05-03');"
[ "$(loaded_on "$work/old.db" "SELECT cdr_init() ->> 'created';" "SELECT cdr_init() ->> 'created';" | tr '\n' ' ')" = '0 0 ' ]
loaded_on "$work/new.db" "SELECT cdr_init();" > "$work/said"

columns_of "$work/old.db" > "$work/old"
columns_of "$work/new.db" | diff "$work/old" -
[ "$(plain_on "$work/old.db" "SELECT path, json_path, message, state FROM quarantine;" "SELECT json_path, count FROM unmapped_field;" |
  tr '\n' ' ')" = 'old.json|$.a|whose it is|open guest.mood|2 ' ]

# It accepts the same imports as a new one, and is sound.
loaded_on "$work/old.db" "SELECT cdr_import('samples/') ->> 'failed';" "SELECT cdr_check();" > "$work/said"
[ "$(tr '\n' ' ' < "$work/said")" = '0 {"violations":0,"checks":{}} ' ] || { cat "$work/said"; exit 1; }
loaded_on "$work/new.db" "SELECT cdr_import('samples/');" > "$work/said"
facts "$work/new.db" > "$work/new.facts"
facts "$work/old.db" | cmp - "$work/new.facts"
