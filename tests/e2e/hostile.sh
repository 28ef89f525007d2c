#!/bin/sh
# A hostile database file cannot read files through libcdr, create virtual tables in itself, or forge cdr_file's handle; harmless views work, even if
# the schema is not trusted.
#
# Each case is SQL that a user of the file runs; the output, including errors, is compared with the expected text.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/secrets"
echo '{"dialog_uuid":"secret","dialog_type":"SYSTEM"}' > "$work/secrets/day.json"
failed=0

# hostile_database NAME SQL: creates a file without libcdr, as an attacker would.
hostile_database() {
  rm -f "$work/$1"
  sqlite3 -batch -init /dev/null "$work/$1" "PRAGMA writable_schema = ON; $2" > /dev/null
}
# opened NAME SQL…: the output for a user who opens it with libcdr loaded.
opened() {
  name=$1
  shift
  loaded_on "$work/$name" "$@" 2>&1 | sed -e "s#$work#FOLDER#g" -e 's/^Error: [a-z ]*, //' -e 's/^Runtime error near line [0-9]*: //' \
    -e '/^ *\^--- error here/d' -e '/^  [A-Z]/d' || true
}
# expect WHAT FOUND WANTED
expect() {
  [ "$2" = "$3" ] && return
  failed=1
  printf '%s: expected\n%s\nfound\n%s\n' "$1" "$3" "$2"
}

direct="unsafe use of cdr_file()"
no_input="cdr_dialog: no input, and main is not a warehouse; give it JSON or a file, as in cdr_dialog(cdr_file('export.json')), \
or make a warehouse with SELECT cdr_init() and cdr_import(path)"
read_secret="SELECT dialog_uuid FROM cdr_dialog(cdr_file('$work/secrets/'))"

# Files can be read only from the top level of SQL.
hostile_database view.db "CREATE VIEW v AS $read_secret; CREATE VIEW w AS SELECT cdr_file('$work/secrets/');"
expect 'a view over cdr_file' "$(opened view.db 'SELECT * FROM v;')" "$direct"
expect 'a view that calls cdr_file' "$(opened view.db 'SELECT * FROM w;')" "$direct"
expect 'the same at the top level' "$(opened view.db "$read_secret;")" secret

hostile_database trigger.db "CREATE TABLE t(x); CREATE TABLE log(x);
  CREATE TRIGGER steal AFTER INSERT ON t BEGIN INSERT INTO log $read_secret; END;"
expect 'a trigger over cdr_file' "$(opened trigger.db 'INSERT INTO t VALUES (1);')" "$direct"
expect 'nothing of it stays' "$(opened trigger.db 'SELECT (SELECT count(*) FROM t), (SELECT count(*) FROM log);')" '0|0'
# The user's own session may read files: temporary objects do not belong to the file.
expect 'a temporary view' "$(opened trigger.db "CREATE TEMP VIEW mine AS $read_secret;" 'SELECT * FROM mine;')" secret

# Other places in a schema that can call functions, tested both when created here and when written into the schema without libcdr.
# stored_column NAME DEFINITION: a file with the table t, whose column x has that definition
stored_column() {
  hostile_database "$1" "CREATE TABLE t(y); INSERT INTO t VALUES (1);"
  sqlite3 -batch -init /dev/null "$work/$1" ".param set :column \"$2\"" "PRAGMA writable_schema = ON" \
    "UPDATE sqlite_schema SET sql = 'CREATE TABLE t(y, x ' || :column || ')'" > /dev/null
}
default="DEFAULT (cdr_file('$work/secrets/'))"
expect 'a default value' "$(opened default.db "CREATE TABLE t(y, x $default); INSERT INTO t(y) VALUES (1);")" "$direct"
stored_column stored_default.db "$default"
expect 'a stored default value' "$(opened stored_default.db 'INSERT INTO t(y) VALUES (2);')" "$direct"
generated="AS (cdr_file(y))"
expect 'a generated column' "$(opened generated.db "CREATE TABLE t(y, x $generated);")" \
  'non-deterministic functions prohibited in generated columns'
stored_column stored_generated.db "$generated"
expect 'a stored generated column' "$(opened stored_generated.db 'SELECT x FROM t;')" \
  'malformed database schema (t) - non-deterministic functions prohibited in generated columns (11)'
expect 'an index' "$(opened index.db 'CREATE TABLE t(x); CREATE INDEX i ON t(cdr_file(x));')" \
  'non-deterministic functions prohibited in index expressions'
# SQLite 3.40 lets a CHECK call functions that are restricted to the top level (its shell's writefile() too). A CHECK can ask cdr_file whether a path
# exists, but cannot read the file: that takes a query, which a CHECK cannot contain.
expect 'a CHECK that reads' "$(opened check.db "CREATE TABLE t(x CHECK (x IN ($read_secret)));")" \
  'subqueries prohibited in CHECK constraints'
stored_column stored_check.db "CHECK (y IN ($read_secret))"
expect 'a stored CHECK that reads' "$(opened stored_check.db 'INSERT INTO t(y) VALUES (2);')" \
  'malformed database schema (t) - subqueries prohibited in CHECK constraints (11)'

# A CHECK cannot write either: SQLite refuses a savepoint in a statement that writes, and libcdr refuses such calls from PRAGMA integrity_check, which
# only reads. A CHECK that calls cdr_check() does not recurse endlessly.
hostile_check() {  # NAME CALL: a file whose CHECK makes that call, with a row that was inserted without the check
  rm -f "$work/$1"
  opened "$1" "SELECT cdr_init();" "CREATE TABLE t(x, CHECK (x = 0 OR $2 IS NOT NULL));" 'PRAGMA ignore_check_constraints = ON;' \
    'INSERT INTO t VALUES (1);' > /dev/null
}
reason='refused inside PRAGMA integrity_check or quick_check: a CHECK of this database calls it, and a CHECK has no reason to'
for call in "cdr_import('$work/secrets/')" "cdr_erase('interaction', 'secret')" 'cdr_rebuild()' 'cdr_replay()'; do
  called=${call%%(*}
  hostile_check writes.db "$call"
  expect "a CHECK that calls $called" "$(opened writes.db 'INSERT INTO t VALUES (2);')" \
    "$called: cannot write while a statement that writes is running; call it by itself, as in SELECT $called(…) (5)"
  for pragma in 'PRAGMA integrity_check' 'PRAGMA main.quick_check(10)' '/* */ pragma -- x
    "integrity_check"'; do
    expect "a CHECK that calls $called, in $pragma" "$(opened writes.db "$pragma;")" "$called: $reason"
  done
  # SQLite drops the message here.
  expect "a CHECK that calls $called, in a pragma's table" "$(opened writes.db 'SELECT * FROM pragma_quick_check;')" 'SQL logic error'
  expect "nothing of $called stays" "$(opened writes.db 'SELECT (SELECT count(*) FROM raw_record), count(*) FROM t;')" '0|1'
done
hostile_check checks.db 'cdr_check()'
expect 'a CHECK that calls cdr_check' "$(opened checks.db 'SELECT cdr_check();')" "the warehouse: cdr_check: $reason"
expect 'and in a statement that writes' "$(opened checks.db 'INSERT INTO t VALUES (2);')" \
  "the warehouse: cdr_check: $reason"

# Pure functions, and tables over JSON that the file itself contains, work in views, trusted or not.
opened views.db "
  CREATE TABLE doc(json);
  INSERT INTO doc VALUES ('{\"dialog_uuid\":\"d-1\",\"talking_time\":61500}'), ('{\"dialog_uuid\":\"d-2\",\"dialog_type\":\"SYSTEM\"}');
  CREATE VIEW dialogs AS SELECT dialog_uuid, talking_time FROM cdr_dialog('{\"dialog_uuid\":\"d-1\",\"talking_time\":61500}');
  CREATE VIEW joined AS SELECT d.dialog_uuid FROM doc, cdr_dialog(doc.json) AS d;
  CREATE VIEW facts AS SELECT vendor, interaction_id FROM doc, interactions(doc.json);
  CREATE VIEW pure AS SELECT active_duration(json) AS active, cdr_vendor(json) AS vendor, cdr_time(0) AS epoch, q850_name(16) AS cause FROM doc;
  CREATE VIEW columns AS SELECT count(*) > 100 AS many FROM cdr_columns;
  CREATE TABLE seconds(json, talk AS (active_duration(json)), CHECK (cdr_vendor(json) = 'conpeek'));
  CREATE INDEX by_talk ON seconds(talk);
  CREATE TABLE log(x);
  CREATE TRIGGER note AFTER INSERT ON seconds BEGIN INSERT INTO log SELECT dialog_uuid FROM cdr_dialog(new.json); END;"
expect 'views' "$(opened views.db 'SELECT * FROM dialogs;' 'SELECT * FROM joined;' 'SELECT * FROM facts;' 'SELECT * FROM pure;' \
  'SELECT * FROM columns;')" 'd-1|61500
d-1
d-2
conpeek|d-1
conpeek|d-2
61.5|conpeek|1970-01-01 00:00:00.000|NORMAL_CLEARING
|conpeek|1970-01-01 00:00:00.000|NORMAL_CLEARING
1'
expect 'a trigger, a generated column and a CHECK' "$(opened views.db 'INSERT INTO seconds(json) SELECT json FROM doc;' \
  'SELECT talk FROM seconds ORDER BY talk DESC LIMIT 1;' 'SELECT count(*) FROM log;')" '61.5
2'
# If the schema is not trusted, pure functions still work; the tables, which read the warehouse without an input, do not.
distrust='PRAGMA trusted_schema = OFF;'
expect 'pure functions in a view that is not trusted' "$(opened views.db "$distrust" 'SELECT * FROM pure LIMIT 1;')" \
  '61.5|conpeek|1970-01-01 00:00:00.000|NORMAL_CLEARING'
expect 'and in a generated column' "$(opened views.db "$distrust" 'SELECT max(talk) FROM seconds;')" 61.5
for view in dialogs joined; do
  expect "a table in a view that is not trusted" "$(opened views.db "$distrust" "SELECT * FROM $view;")" \
    'unsafe use of virtual table "cdr_dialog"'
done
expect 'a table in a trigger that is not trusted' "$(opened views.db "$distrust" 'INSERT INTO seconds(json) SELECT json FROM doc;')" \
  'unsafe use of virtual table "cdr_dialog"'
expect 'a table at the top level' "$(opened views.db "$distrust" 'SELECT d.dialog_uuid FROM doc, cdr_dialog(doc.json) AS d;')" 'd-1
d-2'
expect 'bad JSON in a view' "$(opened views.db "UPDATE doc SET json = '{\"dialog_uuid\":'; SELECT * FROM joined;")" \
  'argument: record 1 at byte 0: the input ends at byte 15, inside the record (truncated); export it again'
# A view with the name of a libcdr table is not a way around: it reads only what it defines.
hostile_database shadow.db "CREATE VIEW interactions AS SELECT 1 AS x; CREATE TABLE cdr_dialog(x);"
expect 'a name that the file takes for itself' "$(opened shadow.db 'SELECT * FROM interactions;' 'SELECT count(*) FROM cdr_dialog;')" '1
0'

# A file cannot contain virtual tables.
for table in cdr_dialog interactions cdr_problems cdr_tables; do
  expect "CREATE VIRTUAL TABLE USING $table" "$(opened new.db "CREATE VIRTUAL TABLE x USING $table;")" "no such module: $table"
done
hostile_database virtual.db "CREATE TABLE x(y); UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE x USING cdr_dialog', rootpage = 0;"
# If one is written into the schema anyway, it behaves like the name cdr_dialog, and reads nothing by itself.
expect 'a virtual table written into the schema' "$(opened virtual.db 'SELECT count(*) FROM x;')" \
  "$no_input"

# The handle is passed as a pointer, which a value of SQL cannot be.
for forged in "x'00'" "x'0000000000000000'" "'cdr_source'" "CAST('cdr_source' AS BLOB)" 140737488355328 "zeroblob(16)"; do
  found=$(opened new.db "SELECT * FROM cdr_dialog($forged);")
  case $found in
    'cdr_dialog: expected JSON or cdr_file(path), found '*) ;;
    *) expect "the handle $forged" "$found" 'a refusal' ;;
  esac
done
# Stored as a value, it is NULL.
expect 'a stored handle' "$(opened new.db "CREATE TEMP TABLE h AS SELECT cdr_file('$work/secrets/') AS x; SELECT * FROM h, cdr_dialog(h.x);")" \
  "$no_input"
exit $failed
