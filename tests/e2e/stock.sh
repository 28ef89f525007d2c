#!/bin/sh
# A warehouse in tools without libcdr: the stock sqlite3 shell without extensions, Debian's sqlite-utils, and Python's own module. Everything can be
# read, the file has no virtual tables, and tools that rewrite a database keep the same rows.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
warehouse=$work/warehouse.db
# All samples, an unreadable record, and enough records of one kind for a dictionary.
plain "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
  SELECT json_object('dialog_uuid', printf('many-%04d', i), 'dialog_type', 'EXTERNAL', 'from_display_target', '4850000' || (1000 + i),
    'start_time', '2024-05-02 10:00:00', 'talking_time', i * 1000, 'project', json_object('id', i % 7, 'name', 'Helpline')) FROM n;" > many.ndjson
loaded_on "$warehouse" "SELECT cdr_init();" "SELECT cdr_import('$root/samples');" "SELECT cdr_import('many.ndjson');" \
  "SELECT cdr_import('{\"dialog_uuid\": \"d-1\",');" "INSERT INTO report_setting VALUES ('zone', 'Europe/Prague');" \
  "INSERT INTO queue_setting (vendor, source, queue_id, threshold_seconds) VALUES ('alibaba', 'alibaba', 'sales@ccc-demo', 30);" \
  "INSERT INTO agent_team (vendor, source, agent_id, team) VALUES ('alibaba', 'alibaba', 'chen.yu@ccc-demo', 'North');" \
  "INSERT INTO calendar_day VALUES ('2024-05-08', 'HOLIDAY', 'a holiday');" "SELECT cdr_refresh();" \
  "SELECT cdr_report_add('-- days: one row' || char(10) || '-- column days INTEGER: how many' || char(10) || 'SELECT count(DISTINCT day) FROM queue_day');" > import
stock() { sqlite3 -batch -init /dev/null "$@"; }

# Each table and view, row by row, in a fixed order.
tables=$(stock "$warehouse" "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name;")
rows() {
  for table in $tables; do echo "SELECT '$table', * FROM $table;"; done > rows.sql
  stock "$1" ".mode quote" ".read rows.sql" 2>&1 | LC_ALL=C sort
}
rows "$warehouse" > before
! grep -E '^(Runtime|Parse) error|^Error' before > errors || { cat errors; exit 1; }
for table in $tables; do
  grep -q "^'$table'," before || case $table in tombstone | removed_interaction) true ;; *) false ;; esac || { echo "$table has no row"; exit 1; }
done

# No virtual tables, no triggers, no libcdr functions in any definition; the file is sound.
[ "$(stock "$warehouse" "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%';")" = 0 ]
loaded "SELECT DISTINCT '[^_a-z]' || name || '[(]' FROM cdr_functions;" > functions
stock "$warehouse" "SELECT lower(sql) FROM sqlite_schema;" | sed 's/--.*//' > definitions
! grep -f functions definitions || exit 1
[ "$(stock "$warehouse" "PRAGMA integrity_check;" "PRAGMA foreign_key_check;")" = ok ]

# same FILE: it has all rows of the warehouse.
same() { rows "$1" | diff before - && [ "$(stock "$1" "PRAGMA integrity_check;")" = ok ]; }

stock "$warehouse" .dump | stock dumped.db
same dumped.db
stock "$warehouse" "VACUUM INTO 'copied.db';"
same copied.db
stock copied.db "PRAGMA auto_vacuum = FULL;" "VACUUM;"
same copied.db
stock copied.db "PRAGMA journal_mode = WAL;" "REINDEX;" "ANALYZE;" > /dev/null
stock copied.db "DROP TABLE sqlite_stat1;" "CREATE TABLE scratch (a, b);" "ALTER TABLE scratch RENAME COLUMN a TO c;" \
  "ALTER TABLE scratch RENAME TO scratched;" "ALTER TABLE scratched DROP COLUMN b;" "ALTER TABLE fact_customer_event ADD COLUMN noted TEXT;" \
  "ALTER TABLE fact_customer_event RENAME COLUMN noted TO remark;" "ALTER TABLE fact_customer_event DROP COLUMN remark;"
same copied.db

sqlite-utils tables --counts --csv "$warehouse" | tail -n +2 | grep -v '^sqlite_' | tr -d '\r' | LC_ALL=C sort > counted
stock "$warehouse" "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name;" |
  while read -r table; do stock "$warehouse" ".mode csv" "SELECT '$table', count(*) FROM $table;"; done | tr -d '\r' | LC_ALL=C sort | diff - counted
sqlite-utils views --csv "$warehouse" | grep -q state_duration
sqlite-utils schema "$warehouse" > /dev/null
sqlite-utils rows "$warehouse" interaction --limit 1 | grep -q '"vendor"'

python3 - "$warehouse" iterated.db << 'END'
import sqlite3, sys
old, new = (sqlite3.connect(path) for path in sys.argv[1:])
new.executescript("".join(line + "\n" for line in old.iterdump()))
END
same iterated.db

# The rewritten files are still warehouses.
for file in dumped.db copied.db iterated.db; do
  [ "$(loaded_on "$file" "SELECT cdr_init() ->> 'created';" "SELECT cdr_rebuild() ->> 'changed';" "SELECT count(*) > 0 FROM interactions;" | tr '\n' ' ')" = '0 0 1 ' ]
done
