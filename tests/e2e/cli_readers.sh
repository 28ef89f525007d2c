#!/bin/sh
# A warehouse with other readers: the journal mode after cdr import, and readers with read-only access to the file, its folder or the file system.
#
# Root may write everywhere, so root runs the readers as another user (setpriv); a read-only file system is a mount in a namespace of its own. If
# neither is possible, the rest is tested, and the exit status is 77.
set -eu
library=$1 root=$2
if [ -z "${CLI_READERS_NAMESPACE-}" ] && [ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null; then
  CLI_READERS_NAMESPACE=1 exec unshare -m "$0" "$@"
fi
. "$root/tests/e2e/cli.sh"
ask() { sqlite3 -batch -init /dev/null "$@"; }
mode() { ask "$1" "PRAGMA journal_mode"; }
left_out=0
cp "$root/samples/conpeek/day.ndjson" "$root/samples/conpeek/seed_dialog.json" .
count="SELECT count(*) AS n FROM import_file"

# A new file is in DELETE mode, and an existing file keeps its mode.
"$program" import --db new.db day.ndjson seed_dialog.json > /dev/null
[ "$(mode new.db)" = delete ]
imports=$(ask new.db "$count")
[ "$imports" -gt 0 ]
for before in wal persist delete; do
  rm -f kept.db*
  ask kept.db "PRAGMA journal_mode = $before" "CREATE TABLE other (x)" > /dev/null
  "$program" import --db kept.db day.ndjson > /dev/null
  [ "$(mode kept.db)" = "$([ $before = wal ] && echo wal || echo delete)" ]  # only WAL is a property of the file
done

# --wal for a new and for an existing file; it explains the consequences.
for database in asked.db new_asked.db; do
  [ $database = new_asked.db ] || cp new.db asked.db
  "$program" import --db $database --wal day.ndjson > out 2> err
  [ "$(mode $database)" = wal ]
  [ "$(cat err)" = "cdr: $database is in WAL mode: reading it requires write permission for its folder, or opening it as file:$database?immutable=1 while no program writes" ]
  "$program" import --db $database day.ndjson > out 2> err
  [ "$(mode $database)" = wal ] && [ ! -s err ]
done

# Failed commands create no database.
none() { [ ! -e none.db ] || { echo "none.db was made: $*"; exit 1; }; }
expect 1 import --db none.db nothing.json <<'END'
0 files, 0 records: 0 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined
cdr: nothing.json: no such file (missing_file); check the path
cdr: 1 file could not be imported completely, as reported above; correct and import again
END
none 'no such file'
for arguments in 'nothing/*.json' '--zone Nowhere/At_all day.ndjson' '--fetched-at someday day.ndjson' '--what day.ndjson' /dev/null .; do
  mkdir -p empty
  # shellcheck disable=SC2086
  (cd empty && ! "$program" import --db ../none.db $arguments > ../out 2> ../err)
  grep -q '^cdr: ' err
  none "$arguments"
done
for command in 'query' 'query --read-only'; do
  # shellcheck disable=SC2086
  ! "$program" $command --db none.db "SELECT 1" > out 2> err || { echo "$command of a database that does not exist succeeds"; exit 1; }
  none "$command"
done

# Readers with another user id.
mkdir shared
cp new.db shared/plain.db
cp asked.db shared/wal.db
chmod 755 . shared
chmod 644 shared/*
if [ "$(id -u)" = 0 ]; then
  # The program and its libraries may be in folders that only root can read.
  cp "$program" reader
  chmod 755 reader
  somebody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
else
  cp "$program" reader
  chmod 555 shared
  chmod 444 shared/*
  somebody() { "$@"; }
fi
if somebody true 2> /dev/null; then
  read_by() {
    found=$(somebody ./reader query --no-header "$@" "$count") || { echo "cannot be read: $*"; exit 1; }
    [ "$found" = "$imports" ] || { echo "$found rows, not $imports: $*"; exit 1; }
  }
  for database in shared/plain.db shared/wal.db; do
    read_by --db $database
    read_by --db $database --read-only
    somebody ./reader check --db $database > out
    somebody ./reader doctor --db $database > out || true
    grep -q "^ok      $database, journal $([ $database = shared/wal.db ] && echo 'wal (read as it is)' || echo delete), " out
    [ "$(find shared | sort | tr '\n' ' ')" = 'shared shared/plain.db shared/wal.db ' ]
    status=0
    somebody ./reader query --db $database "DELETE FROM import_file" > out 2> err || status=$?
    [ $status = 1 ]
    grep -q "^cdr: $database: attempt to write a readonly database" err
  done
  # The stock shell, too, reads the file after the import.
  [ "$(somebody sqlite3 -batch -init /dev/null shared/plain.db "$count")" = "$imports" ]

  # A log with contents: the warehouse cannot be read, and the message says who can change that.
  chmod 755 shared
  chmod 644 shared/*
  cp shared/wal.db whole.db
  /usr/bin/python3 - <<'END'
import sqlite3, shutil
database = sqlite3.connect("whole.db")
database.execute("PRAGMA wal_autocheckpoint = 0")
database.execute("DELETE FROM import_file")
database.commit()
for suffix in ("", "-wal"):
    shutil.copy("whole.db" + suffix, "shared/log.db" + suffix)
END
  chmod 644 shared/log.db*
  [ "$(id -u)" = 0 ] || { chmod 444 shared/log.db*; chmod 555 shared; }
  for read_only in '' --read-only; do
    status=0
    # shellcheck disable=SC2086
    somebody ./reader query --db shared/log.db $read_only "$count" > out 2> err || status=$?
    [ $status = 1 ]
    [ "$(cat err)" = 'cdr: shared/log.db: it is in WAL mode, and reading what shared/log.db-wal holds requires write permission for its folder; let somebody who has it run: cdr query --db shared/log.db "PRAGMA journal_mode=DELETE"' ]
  done
  chmod 755 shared
  "$program" query --db shared/log.db "PRAGMA journal_mode=DELETE" > out
  [ "$(somebody ./reader query --no-header --db shared/log.db "$count")" = 0 ]

  # Another process writes while the file is read without locks: the reader reports that. The reader waits until its output is consumed.
  [ "$(id -u)" = 0 ] || chmod 555 shared
  mkfifo slow
  somebody ./reader query --db shared/wal.db \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) SELECT i, (SELECT count(*) FROM import_file) FROM n" > slow 2> err &
  reading=$!
  exec 3< slow
  read -r first <&3
  [ -n "$first" ]
  chmod 755 shared
  chmod 644 shared/*
  "$program" query --db shared/wal.db "DELETE FROM import_file WHERE import_id = 1" > out
  cat <&3 > out
  exec 3<&-
  status=0
  wait $reading || status=$?
  [ $status = 1 ]
  grep -q '^cdr: .*/shared/wal.db was written to while it was read, so that what was read may be wrong; run the same command again$' err
else
  echo 'left out: nobody else may be asked to read'
  left_out=1
fi

# A file system that is mounted read-only.
mkdir disk
if [ -n "${CLI_READERS_NAMESPACE-}" ] && mount -t tmpfs -o size=64m none disk 2> /dev/null; then
  trap 'cd /; umount "$work/disk"; rm -rf "$work"' EXIT
  cp new.db disk/plain.db
  cp asked.db disk/wal.db
  mount -o remount,ro disk
  ! touch disk/something 2> /dev/null || { echo "the disk can be written"; exit 1; }
  for database in disk/plain.db disk/wal.db; do
    for read_only in '' --read-only; do
      # shellcheck disable=SC2086
      [ "$("$program" query --no-header --db $database $read_only "$count")" = "$imports" ]
    done
    "$program" check --db $database > out
    status=0
    "$program" import --db $database seed_dialog.json > out 2> err || status=$?
    [ $status = 1 ] || [ "$(cat out)" = '0 files, 0 records: 0 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined; 1 file imported before' ]
  done
else
  echo 'left out: no file system may be mounted here'
  left_out=1
fi
[ $left_out = 0 ] || exit 77
