#!/bin/sh
# A warehouse of format 2, with records: until cdr_init() is called, reading it fails with the remedy; afterwards its facts equal those of a new
# warehouse of the same files, under the schema of a new one.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

loaded_on "$work/new.db" "SELECT cdr_init();" "SELECT cdr_import('samples/');" > "$work/said"
facts "$work/new.db" > "$work/facts"
cp "$work/new.db" "$work/old.db"
# Recreates what format 2 had in another form, including the columns that format 3 dropped.
plain_on "$work/old.db" "DROP VIEW dialog;" "DROP VIEW agent_event;" "DROP VIEW customer_event;" "DROP VIEW state_duration;" \
  "DROP TABLE fact_dialog;" "DROP TABLE fact_state_duration;" "DROP TABLE fact_dialog_project;" "DROP TABLE fact_state_kind;" \
  "CREATE TABLE fact_dialog (interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key), n INTEGER NOT NULL, agent_id TEXT,
     start_time TIMESTAMP, project INTEGER REFERENCES fact_text (id), project_name TEXT, hangup_cause TEXT, PRIMARY KEY (interaction_key, n)) WITHOUT ROWID;" \
  "CREATE INDEX fact_dialog_agent ON fact_dialog (agent_id, start_time) WHERE agent_id IS NOT NULL;" \
  "INSERT INTO fact_dialog SELECT interaction_key, 1, 'somebody', start_time, (SELECT min(id) FROM fact_text), 'Sales', 'NORMAL_CLEARING' FROM interaction;" \
  "CREATE TABLE fact_state_duration (interaction_key INTEGER NOT NULL REFERENCES interaction (interaction_key), n INTEGER NOT NULL, vendor TEXT, agent_id TEXT,
     state TEXT, start_time TIMESTAMP, basis TEXT, PRIMARY KEY (interaction_key, n)) WITHOUT ROWID;" \
  "CREATE VIEW dialog AS SELECT f.agent_id, f.project_name FROM fact_dialog AS f;" "CREATE VIEW agent_event AS SELECT agent_id FROM fact_dialog;" \
  "CREATE VIEW state_duration AS SELECT f.vendor, f.agent_id, f.state FROM fact_state_duration AS f;" \
  "DROP INDEX import_file_location;" "ALTER TABLE import_file DROP COLUMN location;" "CREATE INDEX import_file_path ON import_file (path);" \
  "DROP INDEX queue_visit_queue;" "CREATE INDEX queue_visit_queue ON queue_visit (queue_id, enqueue_time) WHERE queue_id IS NOT NULL;" \
  "DROP INDEX quarantine_open;" "CREATE INDEX quarantine_open ON quarantine (path) WHERE state = 'open';" \
  "UPDATE cdr_meta SET value = '2' WHERE name = 'format';"
for sql in "SELECT count(*) FROM cdr_dialog;" "SELECT cdr_import('samples/');" "SELECT cdr_check();"; do
  loaded_on "$work/old.db" "$sql" > "$work/said" 2>&1 || true
  grep -q "main is a warehouse of format 2, expected [0-9]* (libcdr [0-9.]*); SELECT cdr_init() brings it up to date" "$work/said" || { cat "$work/said"; exit 1; }
done
[ "$(loaded_on "$work/old.db" "SELECT cdr_init() ->> 'created';" "SELECT cdr_check();" | tr '\n' ' ')" = '0 {"violations":0,"checks":{}} ' ]
facts "$work/old.db" | cmp - "$work/facts"
columns_of "$work/new.db" > "$work/columns"
columns_of "$work/old.db" | diff "$work/columns" -
