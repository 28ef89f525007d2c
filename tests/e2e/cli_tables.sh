#!/bin/sh
# cdr tables and cdr describe, with a warehouse and without; cdr shell, which is the stock shell with libcdr in it.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"

# Without a database: the tables over files. With one: the stored tables, too.
"$program" tables > none
"$program" import "$root/samples/conpeek" > /dev/null
"$program" tables > all
[ "$(head -1 all)" = "$(printf 'name\tkind\tdoc')" ]
grep -q "^interactions	model	one row per interaction" none
[ "$(diff none all | grep -c '^<')" = 0 ]
diff none all | grep -q "^> interaction	stored [a-z]*	one row per interaction"
[ "$(grep -c '^fact_' all)" = 0 ]
# Every table is listed, and each can be described, every column with its description.
"$program" query --no-header "SELECT name FROM cdr_tables" > names
while read -r name; do
  grep -q "^$name	" all
  "$program" describe "$name" > described
  [ "$(wc -l < described)" -gt 1 ]
  ! grep '	$' described || { echo "no words for a column of $name"; exit 1; }
done < names
"$program" describe interaction > described
[ "$(sed 1d described | wc -l)" = "$("$program" query --no-header "SELECT count(*) FROM pragma_table_info('interaction')")" ]
grep -q "^start_time	TIMESTAMP	." described
! grep '	$' described || { echo "a table without words"; exit 1; }
"$program" describe INTERACTIONS | grep -q "^input		argument: "
# A name may be written in any case, even in a process that has not used the table yet.
for name in interactions interaction queue_report cdr_version; do
  "$program" describe "$name" > described
  "$program" describe "$(echo $name | tr a-z A-Z)" | diff described -
done
"$program" tables ueue_vis | cut -f1,2 > out
printf 'name\tkind\nqueue_visits\tmodel\nqueue_visit\tstored table\n' | diff - out
"$program" describe cdr_version > out
grep -q "^signature	doc" out
"$program" describe --line cdr_version | diff - /dev/fd/3 3<<END
signature = cdr_version()
doc       = the version of libcdr
effect    = pure
example   = cdr_version()
result    = $(cat "$root/VERSION")
END
expect 1 describe interactoin <<'END'
cdr: there is no table or function 'interactoin' (did you mean interaction?); 'cdr tables' lists the tables
END
expect 1 describe "a'b" <<'END'
cdr: there is no table or function 'a'b'; 'cdr tables' lists the tables
END
expect 1 tables quue_visit <<'END'
cdr: no table's name contains 'quue_visit' (did you mean queue_visit?); 'cdr tables' lists them all
END
expect 1 tables --db missing.db <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
# A database that is not a warehouse.
sqlite3 -batch -init /dev/null other.db 'CREATE TABLE "a table"(x INTEGER, y)'
"$program" tables --db other.db 'a t' > out
printf 'name\tkind\tdoc\na table\tstored table\t\\N\n' | diff - out
"$program" describe --db other.db "a table" > out
printf 'column\ttype\tdoc\nx\tINTEGER\t\ny\t\t\n' | diff - out

# The shell: box mode, libcdr's tables and the warehouse; a file whose name looks like an option; no file.
export HOME=$work
if ! is_sanitized; then
  printf '.mode\nSELECT count(*) AS dialogs, NULL AS unknown FROM cdr_dialog;\n' | "$program" shell > out
  dialogs=$("$program" query --no-header "SELECT count(*) FROM dialog")
  grep -q 'mode: box' out
  sed -n '2,$p' out | diff - /dev/fd/3 3<<END
┌─────────┬─────────┐
│ dialogs │ unknown │
├─────────┼─────────┤
│ $dialogs      │ NULL    │
└─────────┴─────────┘
END
  cp cdr.db ./-odd.db
  echo 'SELECT count(*) FROM interactions;' | "$program" shell --db=-odd.db > out
  [ "$(wc -l < out)" = 5 ]
  mkdir elsewhere
  cd elsewhere
  echo "SELECT count(*) AS n FROM interactions('[]');" | "$program" shell > out
  grep -q '│ 0 │' out
  [ ! -e cdr.db ]
  cd ..
fi
expect 1 shell --db missing.db <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
mkdir nothing
PATH=$work/nothing "$program" shell > out 2>&1 && exit 1
[ "$(cat out)" = "cdr: there is no sqlite3 shell here; apt-get install sqlite3" ]
