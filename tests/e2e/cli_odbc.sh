#!/bin/sh
# cdr odbc: with the DSN that it writes, isql and pyodbc read the warehouse correctly and cannot write to it; the rest of odbc.ini is kept. cdr
# doctor: the report for each wrong DSN.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"
driver=$(dpkg -L libsqliteodbc | grep '/libsqlite3odbc\.so$')
export HOME="$work" ODBCSYSINI="$work/system" ODBCINI="$work/my.ini"
mkdir system "a folder; with = signs"
printf '[SQLite3]\nDriver = %s\n' "$driver" > system/odbcinst.ini
database="a folder; with = signs/cdr.db"
"$program" import --db "$database" "$root/samples" > /dev/null
isql() { ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD=$preload command isql "$@"; }
full="$work/a%20folder%3B%20with%20%3D%20signs/cdr.db"

printf '[cdr]\nDescription = Call detail records, read only\nDriver = SQLite3\nDatabase = file:%s?mode=ro\nBigInt = 1\nNoCreat = 1\nStepAPI = 1\nTimeout = 10000\nLoadExt = %s\n' \
  "$full" "$library" > wanted
expect 0 odbc --db "$database" < wanted
[ ! -e my.ini ]

# Written beside the existing entries, and written again in the same place.
printf '; mine\n[other]\nDriver = PostgreSQL\nDatabase=there\n' > my.ini
cp my.ini before.ini
printf 'The DSN cdr is in %s/my.ini; try it with: isql -b cdr\n' "$work" | expect 0 odbc --install --db "$database"
{ cat before.ini; echo; cat wanted; } | diff - my.ini
printf '[last]\nx = y\n' >> my.ini
"$program" odbc --install --db "$database" > /dev/null
[ "$(grep -c '^\[' my.ini)" = 3 ]
[ "$(grep -c '^BigInt = 1$' my.ini)" = 1 ]
"$program" odbc --install --name "two words" --db "$database" > said
grep -q 'isql -b "two words"$' said
sqlite3 -batch -init /dev/null other.db "CREATE TABLE t(x)"
cp my.ini before.ini
expect 1 odbc --install --db other.db <<END
cdr: $work/my.ini has a DSN cdr already, of $work/$database; give this one another --name
END
cmp my.ini before.ini
expect 2 odbc --name 'a]b' --db other.db <<'END'
cdr: --name: expected letters, digits, blanks, - and _, at most 32, found 'a]b'
END
expect 1 odbc --db missing.db <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
if [ "$(id -u)" != 0 ]; then
  chmod 400 my.ini
  ! "$program" odbc --install --db "$database" 2> err || { echo "a file without permission to write is not reported"; exit 1; }
  chmod 600 my.ini
fi

# Data over the DSN: sums beyond 32 bits, instants, libcdr's own tables; and writing is refused.
ask() { plain_on "$database" "$@"; }
ask "CREATE TABLE large (n INTEGER)" "INSERT INTO large VALUES (3000000000), (3000000000)"
wanted="$(ask "SELECT sum(n) FROM large")|$(ask "SELECT count(*) FROM interaction")"
[ "$(echo "SELECT sum(n), (SELECT count(*) FROM interactions) FROM large" | isql -b '-d|' cdr)" = "$wanted" ]
status=0
echo "INSERT INTO large VALUES (1)" | isql -b cdr > out 2>&1 || status=$?
[ "$(ask "SELECT count(*) FROM large")" = 2 ]
if ! is_sanitized && /usr/bin/python3 -c 'import pyodbc' 2> /dev/null; then
  /usr/bin/python3 - "$database" <<'END'
import datetime, pyodbc, sqlite3, sys
over, plain = pyodbc.connect('DSN=cdr'), sqlite3.connect(sys.argv[1])
sql = "SELECT interaction_id, start_time, active_seconds, agent_count, outcome FROM interaction ORDER BY vendor, interaction_id"
rows = over.execute(sql).fetchall()
wanted = plain.execute(sql).fetchall()
assert len(rows) == len(wanted) > 100
for row, want in zip(rows, wanted):
    start = want[1] and datetime.datetime.fromisoformat(want[1])
    assert (row[0], row[2], row[3], row[4]) == (want[0], want[2], want[3], want[4]), (row, want)
    assert row[1] == start, (row, want)
assert over.execute('SELECT sum(n) AS n FROM large').fetchone()[0] == 6000000000
first = wanted[0]
count = 'SELECT count(*) FROM interaction WHERE start_time = ?'
for start in first[1], datetime.datetime.fromisoformat(first[1]):
    assert over.execute(count, start).fetchone()[0] == plain.execute(count, (first[1],)).fetchone()[0] >= 1, start
END
fi

# cdr doctor: a correct DSN has one line, and so has each fault of each DSN.
cat > my.ini <<END
[right]
Driver = SQLite3
Database = file:$full?mode=ro
BigInt = Yes
StepAPI = 1
[bare]
driver = $driver
DATABASE = $work/$database
[relative]
Driver = SQLite3
Database = cdr.db
BigInt = 1
NoCreat = 1
StepAPI = 1
LoadExt = /nowhere/libcdr.so
[gone]
Driver = /nowhere/libsqlite3odbc.so
Database = $work/gone.db
BigInt = 1
NoCreat = 1
StepAPI = 1
LoadExt = $work/my.ini
[elsewhere]
Driver = PostgreSQL
END
"$program" doctor > out
grep -e ' DSN ' -e "'cdr odbc'" out | sed "s|$work|.|g; s|\(does not load: \)\./my\.ini.*|\1…|" > found
diff - found <<END
ok      DSN right in ./my.ini, of ./$database
wrong   DSN bare in ./my.ini: without BigInt = 1 whole numbers are cut to 32 bits: a sum becomes wrong, or negative
wrong   DSN bare in ./my.ini: without NoCreat = 1 a path that is mistyped makes an empty database
wrong   DSN bare in ./my.ini: without StepAPI = 1 the driver reads a whole result into memory before the first row
wrong   DSN relative in ./my.ini: its Database cdr.db is another file in every folder that a program is started in; write the whole path
wrong   DSN relative in ./my.ini: its LoadExt /nowhere/libcdr.so is not there, and no query will run; correct it, or leave it out
wrong   DSN gone in ./my.ini: its driver /nowhere/libsqlite3odbc.so is not there; apt-get install unixodbc libsqliteodbc
wrong   DSN gone in ./my.ini: its Database ./gone.db is not there
wrong   DSN gone in ./my.ini: its LoadExt ./my.ini does not load: …
'cdr odbc' shows a DSN as it should be, and 'cdr odbc --install' writes it.
END
