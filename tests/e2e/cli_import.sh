#!/bin/sh
# cdr import: output and exit status, standard input, bad records and files, the progress line on a terminal, and Ctrl-C, which leaves whole files.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
generate() { "$(dirname "$library")/cdr_generate" "$@" 2> /dev/null; }
sum='1 file, %s records: %s inserted, 0 updated, %s unchanged, 0 stale, 0 quarantined\n'
ask() { sqlite3 -batch -init /dev/null "$1" "$2"; }

# A file twice: the second time the ledger answers, and nothing is written.
generate --vendor conpeek --dialogs 300 --seed 1 --out day.ndjson
printf "$sum" 300 300 0 | expect 0 import day.ndjson
[ "$(ask cdr.db "SELECT count(*) FROM dialog")" = 300 ]
before=$(ask cdr.db .dump | md5sum)
expect 0 import day.ndjson <<'END'
0 files, 0 records: 0 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined; 1 file imported before
END
[ "$(ask cdr.db .dump | md5sum)" = "$before" ]

# A database named by --db, a label, JSON for programs; a folder, a glob and a file that looks like JSON.
"$program" import --db named.db --source Tenant --zone Europe/Warsaw --json day.ndjson > out
[ "$(ask named.db "SELECT DISTINCT source FROM dialog")" = Tenant ]
[ "$(wc -l < out)" = 1 ]
[ "$(ask :memory: "SELECT json_extract(readfile('out'), '$.seen') || json_extract(readfile('out'), '$.inserted')")" = 300300 ]
mkdir folder
cp "$root/samples/conpeek/seed_dialog.json" 'folder/{"odd": [1].json'
cp "$root/samples/conpeek/day.ndjson" folder/
"$program" import --db glob.db 'folder/*.ndjson' 'folder/{"odd": [1].json' > out
(cd folder && "$program" import --db ../inside.db '{"odd": [1].json' day.ndjson > /dev/null)
"$program" import --db folder.db folder > folder.out
diff out folder.out
for database in glob inside; do
  [ "$(ask $database.db "SELECT count(*) FROM dialog")" = "$(ask folder.db "SELECT count(*) FROM dialog")" ]
done

# Standard input.
cp day.ndjson in
printf "$sum" 300 300 0 | expect 0 import --db stdin.db -
gzip -c day.ndjson > in
printf "$sum" 300 300 0 | expect 0 import --db stdin_gz.db -
{ printf '\357\273\277'; cat day.ndjson; } > in
printf "$sum" 300 300 0 | expect 0 import --db stdin_mark.db -
echo 'no JSON' > in
expect 3 import --db stdin_text.db - <<'END'
1 file, 1 record: 0 inserted, 0 updated, 0 unchanged, 0 stale, 1 quarantined
cdr: 1 record is in quarantine; 'cdr query --db stdin_text.db "SELECT * FROM quarantine"' says why
END
expect 2 import --db stdin.db - - <<'END'
cdr: standard input can be read only once; name - once
END
: > in

# Unreadable records affect only themselves, and the exit status reports them.
head -5 day.ndjson > bad.ndjson
echo '{"dialog_uuid": "broken", ' >> bad.ndjson
# The suggested command names the same database.
expect 3 import --db bad.db bad.ndjson <<'END'
1 file, 6 records: 5 inserted, 0 updated, 0 unchanged, 0 stale, 1 quarantined
cdr: 1 record is in quarantine; 'cdr query --db bad.db "SELECT * FROM quarantine"' says why
END
expect 0 import --db bad.db bad.ndjson <<'END'
0 files, 0 records: 0 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined; 1 file imported before
cdr: warning: bad.ndjson: known, and not read again; 1 record is still in quarantine: 'cdr query --db bad.db "SELECT * FROM quarantine WHERE state = 'open'"' says why
END
expect 3 import --db 'a "bad" $one.db' bad.ndjson <<'END'
1 file, 6 records: 5 inserted, 0 updated, 0 unchanged, 0 stale, 1 quarantined
cdr: 1 record is in quarantine; 'cdr query --db "a \"bad\" \$one.db" "SELECT * FROM quarantine"' says why
END
sed "s/.*; '//; s/' says why//" err > command
PATH=$(dirname "$program"):$PATH sh command > out
[ "$(wc -l < out)" = 2 ]
rm bad.db
CDR_DB=bad.db expect 3 import bad.ndjson <<'END'
1 file, 6 records: 5 inserted, 0 updated, 0 unchanged, 0 stale, 1 quarantined
cdr: 1 record is in quarantine; 'cdr query "SELECT * FROM quarantine"' says why
END
rm bad.db
CDR_DB=bad.db expect 3 import --db cdr.db bad.ndjson <<'END'
1 file, 6 records: 0 inserted, 0 updated, 5 unchanged, 0 stale, 1 quarantined
cdr: 1 record is in quarantine; 'cdr query --db cdr.db "SELECT * FROM quarantine"' says why
END

# A file of which a part could not be taken is named at every import, with status 1, and read again once it differs.
mkdir parts
cp day.ndjson parts/
echo '<html><body>503 Service Unavailable</body></html>' > parts/err.json
(cd parts && /usr/bin/python3 -m zipfile -c ../parts.zip day.ndjson err.json)
"$program" import --db parts.db parts.zip > out 2> err && exit 1
grep -q '^1 file, 300 records: 300 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined$' out
grep '^cdr: parts.zip.*err.json' err > named
[ "$(ask parts.db "SELECT status FROM import_file")" = partial ]
{
  echo '0 files, 0 records: 0 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined; 1 file imported before'
  cat named
  echo 'cdr: 1 file could not be imported completely, as reported above; correct and import again'
} > again
expect 1 import --db parts.db parts.zip < again
"$program" import --db parts.db --json parts.zip > out 2> err && exit 1
[ "$(ask :memory: "SELECT json_extract(readfile('out'), '$.known') || ' ' || json_extract(readfile('out'), '$.errors[0].path')")" = '1 parts.zip' ]
cp parts.zip other.zip
sed 's/^cdr: /cdr: other.zip, known as parts.zip: /' named > renamed
"$program" import --db parts.db other.zip day.ndjson > out 2> err && exit 1
head -1 err | diff renamed -
rm parts/err.json
(cd parts && /usr/bin/python3 -m zipfile -c ../parts.zip day.ndjson)
printf "$sum" 300 0 300 | expect 0 import --db parts.db parts.zip

# Other files beside the exports.
mkdir beside
cp day.ndjson beside
for file in one two three; do
  echo > beside/$file.bin
  "$program" import --db beside.db beside > out 2> err
  cat err >> all.err
done
sed 's/: its name .*\(;.*\)/: …\1/' all.err | diff - /dev/fd/3 3<<'END'
cdr: warning: beside/one.bin is passed over: …; cdr_problems lists it
cdr: warning: beside/one.bin is passed over: …; so is 1 more file, and cdr_problems lists both
cdr: warning: beside/one.bin is passed over: …; so are 2 more files, and cdr_problems lists them all
END

# An unreadable file affects only itself.
status=0
"$program" import --db some.db missing.ndjson day.ndjson nothing/*.json > out 2> err || status=$?
[ "$status" = 1 ]
[ "$(cat out)" = "1 file, 300 records: 300 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined" ]
[ "$(wc -l < err)" = 3 ]
grep -q "^cdr: .*missing.ndjson" err
grep -q "^cdr: .*nothing/" err
[ "$(ask some.db "SELECT count(*) FROM dialog")" = 300 ]
echo '{"dialog_uuid": "d-1", "talking_time": 1, "talking_time": 2}' > twice.ndjson
expect 1 import --db some.db nothing.json twice.ndjson <<'END'
1 file, 1 record: 0 inserted, 0 updated, 0 unchanged, 0 stale, 1 quarantined
cdr: nothing.json: no such file (missing_file); check the path
cdr: 1 file could not be imported completely, as reported above; correct and import again; 1 record is in quarantine; 'cdr query --db some.db "SELECT * FROM quarantine"' says why
END

# A file that is not a database, or a folder that does not exist.
expect 1 import --db nowhere/x.db day.ndjson <<'END'
cdr: nowhere/x.db: unable to open database file; check the path, and the permissions of the file and its folder
END
echo "not a database, and long enough to be read as the header of one, which has a hundred bytes at the least" > text.db
expect 1 import --db text.db day.ndjson <<'END'
cdr: text.db: file is not a database; name a SQLite database with --db
END
expect 2 import <<'END'
cdr: PATH is required; see 'cdr import --help'
END

# The progress line on a terminal; none in a pipe.
generate --vendor conpeek --dialogs 2000 --seed 2 --out large.ndjson
expect 0 import --db piped.db large.ndjson <<'END'
1 file, 2000 records: 2000 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined
END
export TERM=xterm
# Long enough for intermediate progress lines, which are drawn ten times a second.
generate --vendor conpeek --dialogs 20000 --seed 3 --out second.ndjson
script -qec "stty cols 100; '$program' import --db shown.db day.ndjson second.ndjson" typescript > /dev/null
tr '\r' '\n' < typescript | sed 's/\x1b\[K//g' > lines
grep -q '^\[=*> *\] *[0-9]* %  [01]/2 files  [0-9]* records  [0-9.]* MB/s  [0-9:]* left$' lines
grep -q '^2 files, 20300 records: 20300 inserted, ' lines
# On a narrow terminal, parts that do not fit are left out, so that the progress stays on one line.
script -qec "stty cols 40; '$program' import --db narrow.db large.ndjson" typescript > /dev/null
tr '\r' '\n' < typescript | sed 's/\x1b\[K//g' | grep '^\[' > lines
[ "$(awk 'length > 40' lines | wc -l)" = 0 ]
TERM=dumb script -qec "'$program' import --db dumb.db day.ndjson" typescript > /dev/null
[ "$(grep -c '\[=*>' typescript)" = 0 ]

# Ctrl-C after the first file and a part of the second: whole files remain, and the same command imports the rest. With --json the files share no
# transaction. A shell's background job ignores SIGINT by default.
env --default-signal=INT "$program" import --json --db stopped.db day.ndjson second.ndjson large.ndjson > out 2> err &
running=$!
until [ "$(ask stopped.db "SELECT count(*) FROM import_file" 2> /dev/null)" = 1 ]; do
  kill -0 $running || { echo "the import ended before it was to be stopped"; exit 1; }
done
kill -INT $running
status=0
wait $running || status=$?
[ "$status" = 130 ]
[ "$(cat err)" = "cdr: interrupted: 1 of 3 files are imported, the others are not; run the same command again" ]
[ "$(ask stopped.db "PRAGMA integrity_check")" = ok ]
[ "$(ask stopped.db "SELECT count(*) FROM import_file")" = 1 ]
[ "$(ask stopped.db "SELECT count(*) FROM dialog")" = 300 ]
[ "$(ask stopped.db "SELECT count(*) FROM raw_record")" = 300 ]
# The same command imports only what is missing.
head -200 second.ndjson > part
mv part second.ndjson
expect 0 import --db stopped.db day.ndjson second.ndjson large.ndjson <<'END'
2 files, 2200 records: 2200 inserted, 0 updated, 0 unchanged, 0 stale, 0 quarantined; 1 file imported before
END
