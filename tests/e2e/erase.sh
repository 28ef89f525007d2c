#!/bin/sh
# cdr_erase: none of the erased data is left in any row, payload or dictionary, nor, after VACUUM, in any byte of the file and its log. The rest is
# unchanged, the file is sound, and importing the same files again does not bring the data back.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() { echo "$@"; exit 1; }

# Generated dialogs share few words except their own numbers and ids, so that a dictionary contains some of these; a note of every fourth customer
# mentions another one. The numbers are not assigned to anyone.
plain "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
  SELECT json_object('dialog_uuid', printf('uuid-%05d-%05d', i * 7919 % 100000, i), 'dialog_type', 'EXTERNAL',
    'from_display_target', '+48 500 ' || (100000 + i * 997), 'start_time', printf('2024-05-%02d 10:00:00', 1 + i % 28),
    'hangup_time', printf('2024-05-%02d 10:05:00', 1 + i % 28), 'talking_time', i * 1000,
    'note', iif(i % 4, 'Called back ' || (48500100000 + i * 997) || ' as agreed', 'Ask 48500' || (100000 + (i - 1) * 997)))
  FROM n;" > many.ndjson
mkdir in
cp many.ndjson in/
cp -r "$root/samples/mluvii" "$root/samples/alibaba" in/

# A customer whose number is in the dictionary and in the next dialog's note.
loaded_on taken.db "SELECT cdr_init();" "SELECT cdr_import('many.ndjson');" "SELECT writefile('dictionary', dictionary) FROM zstd_dictionary;" > said
for i in $(seq 3 4 399); do
  digits=$((100000 + i * 997))
  ! grep -a -q -F "48 500 $digits" dictionary || break
done
grep -a -q -F "48 500 $digits" dictionary
number=48500$digits
customer="+48 500 $digits"
own=$(plain "SELECT printf('uuid-%05d-%05d', $i * 7919 % 100000, $i);")
grep -F "$customer" many.ndjson | grep -q -F "$own"
printf '{"dialog_uuid": "bad-1", "note": "%s",}\n{"dialog_uuid": "bad-2", "note": "of 880104",}\n{"dialog_uuid": "bad-3",}\n' "$number" > in/bad.ndjson
printf '{"dialog_uuid": "named-1", "start_time": "2024-05-28 10:00:00"}\n' > "in/of $number.ndjson"

warehouse() { loaded_on "$1" "PRAGMA journal_mode = $2;" "SELECT cdr_init();" "SELECT cdr_import('in/');" > said; }  # FILE MODE
ask() { loaded_on "$@"; }
erase() {  # FILE ARGUMENTS: erases, checks that only VACUUM (and with a log its checkpoint) remains to be done, and does it; numbers are in `told`
  ask "$1" "PRAGMA foreign_keys = ON;" "SELECT cdr_erase($2);" > told
  case $(plain_on "$1" "PRAGMA journal_mode;") in
    wal) [ "$(left)" = 'VACUUM; PRAGMA wal_checkpoint(TRUNCATE)' ] ;;
    *) [ "$(left)" = VACUUM ] ;;
  esac || fail "$1: $(cat told)"
  plain_on "$1" "$(left)" > said
}
left() { plain "SELECT group_concat(value ->> 'run', '; ') FROM json_each(readfile('told'), '$.remaining');"; }
told() { plain "SELECT readfile('told') ->> '$1';"; }
# payloads FILE: every payload and dictionary, decompressed.
payloads() {
  rm -rf payloads
  mkdir payloads
  plain_on "$1" "SELECT count(writefile('payloads/' || ifnull(dictionary_id, 0) || '-' || id || '.zst', payload)) FROM raw_record WHERE payload IS NOT NULL;" \
    "SELECT count(writefile('payloads/dictionary-' || id, dictionary)) FROM zstd_dictionary;" > said
  : > payloads/dictionary-0
  for dictionary in payloads/dictionary-*; do
    cat "$dictionary"
    id=${dictionary#payloads/dictionary-}
    set -- payloads/"$id"-*.zst
    [ ! -e "$1" ] || if [ "$id" = 0 ]; then zstd -d -q -c "$@"; else zstd -d -q -c -D "$dictionary" "$@"; fi
  done
}
# nowhere FILE TEXT…: no byte of the database's files, payloads and dictionaries contains the text.
nowhere() {
  database=$1
  shift
  payloads "$database" > read
  for text in "$@"; do
    for file in "$database" "$database-wal" "$database-journal" read; do
      [ ! -e "$file" ] || ! grep -a -q -F -e "$text" "$file" || fail "$text is still in $file ($database)"
    done
  done
}
sound() {
  [ "$(ask "$1" "SELECT cdr_check();" "SELECT cdr_rebuild() ->> 'changed';" | tr '\n' ' ')" = '{"violations":0,"checks":{}} 0 ' ] ||
    { ask "$1" "SELECT * FROM cdr_check() LIMIT 5;"; exit 1; }
}
# again FILE: importing all files again, as if they were new, inserts nothing; erased records count as stale.
fetched=0
again() {
  facts "$1" > facts.before
  fetched=$((fetched + 1))
  ask "$1" "SELECT cdr_import('in/', '{\"fetched_at\": \"$((2030 + fetched))-01-01\"}');" > told
  facts "$1" | cmp -s - facts.before || fail "$1: importing again changes facts"
  [ "$(told inserted)" = 0 ]
  [ "$(told stale)" -gt 0 ]
  [ "$(plain "SELECT j ->> 'seen' = (j ->> 'inserted') + (j ->> 'updated') + (j ->> 'unchanged') + (j ->> 'stale') + (j ->> 'quarantined')
    FROM (SELECT readfile('told') AS j);")" = 1 ]
}

for mode in DELETE WAL; do
  warehouse "$mode.db" $mode
  payloads "$mode.db" > read
  for text in "$number" "$customer" "$own" 880104; do grep -a -q -F -e "$text" read; done
  before=$(plain_on "$mode.db" "SELECT count(*) FROM interaction;")

  # A customer: the customer's dialog, a dialog with a note that contains the number, a record in quarantine, a path, a dictionary.
  spelled="(+48) 500-$(echo $digits | cut -c1-3).$(echo $digits | cut -c4-)"
  ask "$mode.db" "SELECT cdr_erase('customer', '$spelled', '{\"dry_run\": true}');" > told
  [ "$(told interactions) $(told records) $(told remaining)" = '2 2 []' ]
  [ "$(plain_on "$mode.db" "SELECT count(*) FROM interaction;" "SELECT count(*) FROM tombstone;" | tr '\n' ' ')" = "$before 0 " ]
  erase "$mode.db" "'customer', '$spelled'"
  [ "$(told interactions) $(told records) $(told quarantined) $(told dictionaries)" = '2 2 1 1' ] || fail "$(cat told)"
  [ "$(told paths)" = 1 ]
  nowhere "$mode.db" "$number" "$customer" "$digits" "$own"
  [ "$(plain_on "$mode.db" "SELECT count(*) FROM interaction;")" = $((before - 2)) ]
  sound "$mode.db"
  again "$mode.db"
  nowhere "$mode.db" "$number" "$customer" "$digits" "$own"

  # An interaction of several records, whose id is in paths, in links, and in a record in quarantine.
  ask "$mode.db" "SELECT cdr_erase('interaction', '880104', '{\"vendor\": \"alibaba\", \"dry_run\": true}');" > told
  [ "$(told records)" = 0 ]
  erase "$mode.db" "'interaction', '880104'"
  [ "$(told interactions)" = 1 ] && [ "$(told records)" -gt 1 ]
  nowhere "$mode.db" 880104
  sound "$mode.db"
  again "$mode.db"
  nowhere "$mode.db" 880104

  # Everything that ended before a date; later interactions stay whole.
  erase "$mode.db" "'before', '2024-05-15'"
  [ "$(plain_on "$mode.db" "SELECT count(*) FROM interaction WHERE end_time < '2024-05-15';")" = 0 ]
  [ "$(plain_on "$mode.db" "SELECT count(*) > 100 FROM interaction WHERE start_time >= '2024-05-15';")" = 1 ]
  nowhere "$mode.db" "$(plain "SELECT printf('uuid-%05d-%05d', 7 * 7919 % 100000, 7);")"  # on the 8th
  sound "$mode.db"
  again "$mode.db"
  rm "$mode.db"
done

# An erased customer who calls again is imported, as are a new number and an interaction that was not erased.
warehouse later.db DELETE
erase later.db "'customer', '$number'"
[ "$(ask later.db "SELECT cdr_import('{\"dialog_uuid\": \"later\", \"from_display_target\": \"$number\", \"start_time\": \"2124-01-01 10:00:00\"}') ->> 'inserted';")" = 1 ]
[ "$(ask later.db "SELECT cdr_import('{\"dialog_uuid\": \"sooner\", \"from_display_target\": $number, \"start_time\": \"2023-01-01 10:00:00\"}') ->> 'stale';")" = 1 ]
[ "$(ask later.db "SELECT cdr_import('{\"dialog_uuid\": \"late\", \"linked_dialogs\": [\"$own\"], \"start_time\": \"2124-01-01 10:00:00\"}') ->> 'stale';")" = 1 ]
sound later.db
# A second erasure removes the new records too.
erase later.db "'customer', '00$number'"
[ "$(told records)" = 1 ]
# A customer without any data yet.
erase later.db "'customer', 'nobody@example.org'"
[ "$(told records)" = 0 ]
[ "$(ask later.db "SELECT cdr_import('{\"dialog_uuid\": \"mail\", \"note\": \"<Nobody@Example.org>\", \"start_time\": \"2023-01-01 10:00:00\"}') ->> 'stale';")" = 1 ]

# By a token made of the number with a separate key.
warehouse token.db DELETE
key=0123456789abcdef0123456789abcdef
token=$(loaded "SELECT phone_token('$number', '$key');")
ask token.db "SELECT cdr_erase('customer_token', '$token', '{\"key\": \"${key}x\"}');" > told
[ "$(told records)" = 0 ]
told warning | grep -q "no number here has that token"
erase token.db "'customer_token', '$token', '{\"key\": \"$key\"}'"
[ "$(told interactions) $(told quarantined)" = '2 1' ]
nowhere token.db "$number" "$customer" "$digits" "$own"
sound token.db
again token.db

# Records without a payload are found by their facts; a dictionary with unknown contents is replaced.
loaded_on bare.db "SELECT cdr_init();" "SELECT cdr_import('in/', '{\"keep_raw\": false}');" > said
loaded_on bare.db "SELECT cdr_import('$root/samples/ucontact/blacklist.json', '{\"keep_raw\": false}') ->> 'inserted';" > said
listed=$(plain_on bare.db "SELECT substr(record_id, instr(record_id, '/') + 1) FROM raw_record WHERE resource = 'blacklist';")
erase bare.db "'customer', '$listed'"
[ "$(told interactions) $(told records)" = '0 1' ]
nowhere bare.db "$listed"
erase bare.db "'customer', '$number'"
[ "$(told interactions)" = 2 ]
nowhere bare.db "$number" "$customer" "$digits" "$own"
[ "$(ask bare.db "SELECT cdr_check() ->> 'violations';")" = 0 ]

# The host's secure_delete setting is restored, and deleted data is still overwritten: here the pages of a long note, which are not reused.
long=$(plain "SELECT hex(zeroblob(20000)) || 'written by hand' || hex(zeroblob(20000));")
loaded_on long.db "SELECT cdr_init();" "SELECT cdr_import('{\"dialog_uuid\": \"long\", \"note\": \"$long\"}');" > said
grep -a -q 'written by hand' long.db
ask long.db "PRAGMA secure_delete = FAST;" "SELECT cdr_erase('interaction', 'short') ->> 'records';" "PRAGMA secure_delete;" > told
[ "$(tr '\n' ' ' < told)" = '2 0 2 ' ]
ask long.db "PRAGMA secure_delete = OFF;" "SELECT cdr_erase('interaction', 'long') ->> 'records';" "PRAGMA secure_delete;" > told
[ "$(tr '\n' ' ' < told)" = '0 1 0 ' ]
nowhere long.db 'written by hand'

# Inside a transaction the erasure can be rolled back, and a reader of an older state prevents the log from being emptied: both are reported.
warehouse reading.db WAL
facts reading.db > facts.before
ask reading.db "BEGIN;" "SELECT cdr_erase('customer', '$number');" "ROLLBACK;" > told
[ "$(left)" = 'COMMIT; PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)' ]
facts reading.db | cmp -s - facts.before
[ "$(plain_on reading.db "SELECT count(*) FROM tombstone;")" = 0 ]
python3 - "$library" "$number" "$preload" << 'END'
import json, os, subprocess, sqlite3, sys
library, number, preload = sys.argv[1:]
def erase(sql):
    return json.loads(subprocess.run(["sqlite3", "-batch", "-init", "/dev/null", "reading.db", f".load {library}", sql], capture_output=True,
                                     text=True, check=True, env=os.environ | {"LD_PRELOAD": preload}).stdout.splitlines()[-1])["remaining"]
def is_left(remaining, why):
    checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)"
    assert [each["run"] for each in remaining] == [checkpoint, "VACUUM", checkpoint] and remaining[0]["why"].startswith(why), remaining
is_left(erase("SELECT cdr_erase('interaction', 'none') FROM (SELECT * FROM interaction LIMIT 2);"), "a statement of this connection is reading the file")
reader = sqlite3.connect("reading.db", isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM interaction").fetchone()
is_left(erase(f"SELECT cdr_erase('customer', '{number}');"), "another connection reads an older state of the file")
reader.execute("COMMIT")
assert reader.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
END
plain_on reading.db "VACUUM;" "PRAGMA wal_checkpoint(TRUNCATE);" > said
nowhere reading.db "$number" "$customer"
sound reading.db

# Refused arguments.
refuses() { ask reading.db "SELECT cdr_erase($1);" 2>&1 | grep -q "cdr_erase.*$2" || fail "cdr_erase($1): $(ask reading.db "SELECT cdr_erase($1);" 2>&1)"; }
refuses "'everything', 'x'" "no 'everything' to erase; there are customer .* customer_token .* interaction .* and before"
refuses "NULL, NULL" "there is no '' to erase"
refuses "'customer', '101012'" "of 7 to 15 digits"
refuses "'customer', '4850000****'" "none of them masked"
refuses "'customer', 'Jan Fikcyjny'" "to erase other traces of a customer"
refuses "'customer_token', 'ab'" "needs the key"
refuses "'customer_token', 'ab', '{\"key\": \"$key\"}'" "expected a customer_token of 32 hexadecimal digits"
refuses "'interaction', ' '" "expected an interaction's id"
refuses "'before', 'yesterday'" "expected a date"
refuses "'before', '2224-01-01'" "is in the future"
refuses "'interaction', 'x', '{\"tenant\": 1}'" "no option \"tenant\""
refuses "'interaction', 'x', '{\"dry_run\": 1}'" "takes true or false"
ask reading.db "SELECT cdr_erase('customer_token', '$token', '{\"key\": \"short\"}');" 2>&1 | grep -q "the key has 5 bytes, expected at least 16"
loaded "SELECT cdr_erase('customer', '$number');" 2>&1 | grep -q "main is not a warehouse"
ask reading.db "CREATE VIEW v AS SELECT cdr_erase('customer', '$number');" "SELECT * FROM v;" 2>&1 | grep -q "unsafe use of cdr_erase"
