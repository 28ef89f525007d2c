#!/bin/sh
# cdr erase: asks only on a terminal, says what it erases, and leaves none of it in the file and its log, in WAL mode and without secure_delete;
# --dry-run, --no-vacuum, --key-file; refused calls.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
ask() { sqlite3 -batch -init /dev/null "$@"; }

"$program" import --wal "$root/samples/conpeek/day.ndjson" "$root/samples/mluvii/Sessions.json" > /dev/null 2>&1
[ "$(ask cdr.db "PRAGMA journal_mode")" = wal ]
number=48500002001
dump() { ask "$1" .dump | md5sum; }
nowhere() { for file in "$1" "$1-wal"; do [ ! -e "$file" ] || ! grep -a -q -F "$2" "$file" || { echo "$2 is still in $file"; exit 1; }; done; }
grep -a -q $number cdr.db
[ "$(ask cdr.db "SELECT count(*) FROM interaction WHERE customer_number = '$number'")" -gt 0 ]
dialogs() { ask cdr.db "SELECT count(*) FROM dialog JOIN interaction USING (interaction_id) WHERE customer_number = '$1'"; }
expected=$(dialogs $number)
before=$(dump cdr.db)

# A dry run; refused without a terminal; asked on a terminal and answered with no.
expect 0 erase customer +48500002001 --dry-run <<END
1 interaction, $expected records and 0 in quarantine would be erased
END
expect 2 erase customer $number <<'END'
cdr: cdr erase asks before it erases, and standard input is not a terminal; give --yes, or --dry-run to see what would be erased
END
for answer in n '' no; do
  echo "$answer" | script -qec "'$program' erase customer $number" typescript > said || true
  grep -q "1 interaction, $expected records and 0 in quarantine will be erased from cdr.db for good, and kept out of it. Continue? \[y/N\]" said
  grep -q "cdr: nothing was erased" said
done
[ "$(dump cdr.db)" = "$before" ]

# Answered with yes: VACUUM and the checkpoint are included.
echo y | script -qec "'$program' erase customer $number" typescript > said
grep -q "1 interaction, $expected records and 0 in quarantine erased" said
nowhere cdr.db $number
[ "$(ask cdr.db "SELECT count(*) FROM interaction WHERE customer_number = '$number'")" = 0 ]
"$program" check > out
"$program" import --fetched-at 2030-01-01 "$root/samples/conpeek/day.ndjson" > out
grep -q " [1-9][0-9]* stale," out
nowhere cdr.db $number

# From standard input, for numbers that must not be in the shell's history; by token; an interaction of one vendor.
key=0123456789abcdef0123456789abcdef
echo $key > key
echo 48500002006 > in
expect 0 erase customer - --yes --no-vacuum <<END
1 interaction, $(dialogs 48500002006) records and 0 in quarantine erased; VACUUM has still to be run
END
token=$("$program" query "SELECT phone_token('48500002005', '$key')" --no-header)
: > in
"$program" erase customer_token "$token" --key-file key --yes > out
grep -q "^1 interaction, [1-9][0-9]* records and 0 in quarantine erased$" out
nowhere cdr.db 48500002005
expect 1 erase customer_token "$token" --key-file key --yes <<'END'
0 interactions, 0 records and 0 in quarantine erased
cdr: no number here has that token and key, and without the number a later import may bring it back; erase the number itself, as a customer
END
expect 0 erase interaction 880104 --vendor conpeek --yes <<'END'
0 interactions, 0 records and 0 in quarantine erased
END
expect 0 erase interaction 880104 --vendor mluvii --source mluvii --yes <<'END'
1 interaction, 1 record and 0 in quarantine erased
END
nowhere cdr.db 880104
expect 0 erase before 2024-04-01 --yes <<END
$(ask cdr.db "SELECT (SELECT count(*) FROM interaction WHERE vendor = 'conpeek') || ' interactions, ' || (SELECT count(*) FROM raw_record WHERE vendor = 'conpeek') || ' records'") and 0 in quarantine erased
END
[ "$(ask cdr.db "SELECT group_concat(DISTINCT vendor) FROM raw_record")" = mluvii ]

# Calls that cdr refuses, and errors of SQLite.
expect 1 erase customer 0 --db missing.db --yes <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
expect 2 erase customer <<'END'
cdr: VALUE is required; see 'cdr erase --help'
END
expect 2 erase customer - <<'END'
cdr: there is nothing to erase; see 'cdr erase --help'
END
for token in ab "${token}0" "$(echo "$token" | tr 0-9 x)" "+48500002005"; do
  expect 2 erase customer_token "$token" --yes --key-file key <<'END'
cdr: cdr_erase: expected a customer_token of 32 hexadecimal digits in small letters, as phone_token() makes it, found another text; to erase a number or an address itself, say 'customer'
END
done
expect 1 erase customer_token ab --yes --key-file none <<'END'
cdr: none: cannot be read; name the file that holds the key of phone_token
END
expect 2 erase people x --yes <<'END'
cdr: cdr_erase: there is no 'people' to erase; there are customer (a number or address), customer_token (with its key), interaction (an id) and before (a date)
END
expect 2 erase people x <<'END'
cdr: cdr_erase: there is no 'people' to erase; there are customer (a number or address), customer_token (with its key), interaction (an id) and before (a date)
END
expect 2 erase before 2024-13-01 --yes <<'END'
cdr: cdr_erase: expected a date or a time, UTC without an offset, as in cdr_erase('before', '2024-01-01')
END
before=$(dump cdr.db)
expect 2 erase before 2030-01-01 --vendor mluvii --yes <<'END'
cdr: cdr_erase: option "vendor" applies to 'interaction' only, not to 'before'; nothing was erased: leave the option out, or erase interaction by interaction
END
[ "$(dump cdr.db)" = "$before" ]
expect 2 erase customer 12 --dry-run <<'END'
cdr: cdr_erase: expected a customer's number of 7 to 15 digits, none of them masked, or an e-mail address; to erase other traces of a customer, erase each interaction: cdr_erase('interaction', interaction_id)
END
ask empty.db "CREATE TABLE t (x)"
expect 1 erase customer 48500002001 --yes --db empty.db <<'END'
cdr: cdr_erase: main is not a warehouse; 'cdr import --db empty.db PATH' makes one
END
