#!/bin/sh
# cdr import --watch: takes files that were closed in or moved into a folder or a folder below it, but not files that are still being written;
# continues after a stop; ends cleanly on SIGTERM and SIGINT.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
ask() { sqlite3 -batch -init /dev/null cdr.db "$1" 2> /dev/null || true; }
running=
trap '[ -z "$running" ] || kill -KILL $running 2> /dev/null || true; rm -rf "$work"' EXIT
start() {
  : > err  # what an earlier one said must not be taken for this one's
  env --default-signal=INT "$program" import --watch inbox >> said 2> err 9>&- &
  running=$!
}
# until_there QUERY ANSWER: waits, while the watch runs, until the warehouse gives the answer.
until_there() {
  until [ "$(ask "$1")" = "$2" ]; do
    kill -0 $running 2> /dev/null || { echo "it ended before '$1' was $2"; cat said err; exit 1; }
  done
}
stop() {
  kill -"$1" $running
  status=0
  wait $running || status=$?
  running=
  [ $status = 0 ] || { echo "SIG$1: status $status"; cat err; exit 1; }
  [ ! -s err ] || { cat err; exit 1; }
}
dialog() { printf '{"dialog_uuid": "%s", "dialog_type": "BOT"}\n' "$1"; }

mkdir -p arriving inbox/below
dialog before > inbox/before.ndjson
start
until_there "SELECT group_concat(dialog_uuid) FROM dialog" before
# Written there; moved there; in an existing folder, and in a folder that arrives with its files.
dialog written > inbox/written.json
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'written'" 1
dialog moved > arriving/moved.json
mv arriving/moved.json inbox/
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'moved'" 1
dialog below | gzip > inbox/below/below.ndjson.gz
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'below'" 1
mkdir -p arriving/new/deep
dialog deep > arriving/new/deep/deep.json
mv arriving/new inbox/
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'deep'" 1
dialog deeper > inbox/new/deep/deeper.json
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'deeper'" 1
# Not hidden files, files without records, or files that are still being written, however often others arrive.
dialog hidden > inbox/.hidden.json
dialog other > inbox/other.bin
exec 9> inbox/slow.ndjson
printf '{"dialog_uuid": ' >&9
dialog after > inbox/after.json
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'after'" 1
[ "$(ask "SELECT count(*) FROM import_file")" = 7 ]
printf '"slow", "dialog_type": "BOT"}\n' >&9
exec 9>&-
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'slow'" 1
[ "$(ask "SELECT count(*) FROM quarantine")" = 0 ]
# An unreadable record affects only itself, and the watch continues.
echo '{"dialog_uuid": "bad", ' > inbox/bad.json
until_there "SELECT count(*) FROM quarantine" 1
dialog last > inbox/last.json
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'last'" 1
stop TERM
[ "$(grep -c '^1 file, 1 record: 1 inserted, ' said)" -ge 7 ]

# Files that arrive while it is stopped, and a file that is being written when it starts.
dialog meanwhile > inbox/meanwhile.json
exec 9> inbox/begun.json
printf '{"dialog_uuid": ' >&9
: > said
start
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'meanwhile'" 1
[ "$(ask "SELECT count(*) FROM import_file WHERE path LIKE '%begun%'")" = 0 ]
printf '"begun", "dialog_type": "BOT"}' >&9
exec 9>&-
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'begun'" 1
[ "$(ask "SELECT count(*) FROM quarantine")" = 1 ]
stop INT
# There is no output for files that were imported before.
[ "$(grep -c . said)" = 2 ]
# A file of which a part could not be taken is named at each start.
dialog part > part.json
echo '<html></html>' > page.json
/usr/bin/python3 -m zipfile -c inbox/part.zip part.json page.json
for start in 1 2; do
  start
  until grep -q 'page.json' err; do kill -0 $running; done
  until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'part'" 1
  kill -TERM $running
  wait $running
done
rm inbox/part.zip
: > said
start
dialog again > inbox/again.json
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid = 'again'" 1
# A file that a row of the settings refuses is named once, tried again, and taken when the row is right.
set_zone() { sqlite3 -batch -init /dev/null -cmd ".timeout 10000" cdr.db "INSERT OR REPLACE INTO report_setting VALUES ('zone', '$1')"; }
set_zone Europe/Pragu
for name in refused too; do
  dialog $name > inbox/$name.json
  until grep -q "inbox/$name.json" err; do kill -0 $running; done
done
[ "$(ask "SELECT count(*) FROM import_file WHERE path LIKE '%refused%'")" = 0 ]
set_zone Europe/Prague
until_there "SELECT count(*) FROM dialog WHERE dialog_uuid IN ('refused', 'too')" 2
[ "$(ask "PRAGMA integrity_check")" = ok ]
# The folder is removed.
rm -r inbox
status=0
wait $running || status=$?
running=
[ $status = 1 ]
[ "$(cut -d ';' -f 1 err)" = "cdr: inbox/refused.json: cdr_import: the row 'zone' of report_setting: time zone: 'Europe/Pragu' is not known
cdr: inbox/too.json: cdr_import: the row 'zone' of report_setting: time zone: 'Europe/Pragu' is not known
cdr: inbox is gone" ]
expect 1 import --watch inbox <<'END'
cdr: --watch: there is no folder inbox; make it, or name another
END
expect 2 import --watch arriving other.json <<'END'
cdr: --watch takes what arrives in its folder; import other paths by themselves
END
