#!/bin/sh
# cdr report: what it says of what is wrong, what it leaves behind, and the figures on a terminal. The page itself is report_page.sh's.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"

"$program" import "$root/samples" > /dev/null

# What is wrong with a period, each said with its option.
expect 2 report <<'END'
cdr: --from is required; see 'cdr report --help'
END
expect 2 report --from 2024-05-06 --zone Mars/Olympus --out no.html <<'END'
cdr: --zone: 'Mars/Olympus' is not known; expected an IANA name such as 'Europe/Prague' (as the system's tzdata package spells it), 'UTC', or an offset from '-14:00' to '+14:00'
END
expect 2 report --from soon --to 2024-05-06 --out no.html <<'END'
cdr: --from must be a time that cdr_time reads, or a date such as '2024-05-02' in the zone
END
expect 2 report --from 2024-02-31 --out no.html <<'END'
cdr: --from must be a time that cdr_time reads, or a date such as '2024-05-02' in the zone
END
expect 2 report --from "2024-05-06 08:00:00" --out no.html <<'END'
cdr: --to: expected the end of the period, which begins at 2024-05-06 08:00:00; it may be left out only where --from is a date
END
for to in 2024-05-06 2024-05-05; do
  expect 2 report --from 2024-05-06 --to $to --out no.html <<END
cdr: --to: expected a time after --from (2024-05-06), found $to; the period ends before it, so a whole day ends at the next
END
done
expect 2 report --from 2000-01-01 --to 2024-05-06 --out no.html <<'END'
cdr: --to: the period has more than ten years; choose a shorter one
END
expect 2 report --from 2024-01-01 --to 2024-05-06 --interval 15m --out no.html <<'END'
cdr: --interval: the period has more than 2000 intervals of 15m; choose a longer one
END
expect 2 report --from 2024-05-06 --lang de --out no.html <<'END'
cdr: --lang: expected one of en, pl, cs, found 'de'
END
expect 2 report --from 2024-05-06 --text --out no.html <<'END'
cdr: both --text and --out are given; --text writes to standard output
END
expect 2 report --from 2024-05-06 --out cdr.db <<'END'
cdr: cdr.db is the database itself; name another file
END
expect 1 report --from 2024-05-06 --db none.db --out no.html <<'END'
cdr: none.db: no such database; name another with --db, or make it with 'cdr import --db none.db PATH'
END
sqlite3 other.db "CREATE TABLE t(x)"
expect 1 report --from 2024-05-06 --db other.db --out no.html <<'END'
cdr: other.db: it is not a warehouse; make one with 'cdr import --db FILE PATH'
END

# Where it cannot be written: the target, the disk. What was there stays, and nothing half-written is beside it.
expect 1 report --from 2024-05-06 --out nowhere/page.html <<'END'
cdr: nowhere/page.html: cannot be written: No such file or directory; name a file in a folder that you may write to
END
mkdir folder
expect 1 report --from 2024-05-06 --out folder <<'END'
cdr: folder: cannot be written: it is a folder; name a file in it
END
echo before > page.html
status=0
(
  ulimit -f 50
  trap '' XFSZ
  exec "$program" report --from 2024-05-06 --out page.html > out 2> err
) || status=$?
[ $status = 1 ]
[ "$(cat err)" = "cdr: page.html: cannot be written: File too large; name a file on a disk with space" ] || { cat err; exit 1; }
[ "$(cat page.html)" = before ]
[ -z "$(find . -name '.*.??????')" ]
[ ! -e no.html ]

# What it says; the name that it has unless told; standard output; days of the zone; a period without a call.
expect 0 report --from 2024-05-06 --to 2024-05-08 --zone Europe/Prague --out page.html --timelines 5 <<'END'
page.html: 2024-05-06 to 2024-05-08 Europe/Prague, 77 interactions, 5 of them with a timeline
END
expect 0 report --from 2024-05-06T08:00:00+02:00 --to 2024-05-06T12:00:00Z --timelines 0 <<'END'
report-2024-05-06.html: 2024-05-06 06:00 to 2024-05-06 12:00 UTC, 0 interactions; the warehouse has some from 2018-07-24 18:46 to 2024-05-07 10:12
END
"$program" report --from yesterday --to today --out - > page2.html
[ "$("$program" report --from yesterday --to today --out page.html)" = "page.html: $(date -u -d yesterday +%F) to $(date -u +%F) UTC, 0 interactions; the warehouse has some from 2018-07-24 18:46 to 2024-05-07 10:12" ]
head -1 page2.html | grep -q '^<!DOCTYPE html>$'
tail -1 page2.html | grep -q '^</html>$'
grep -q 'MIT License' page2.html
[ "$(wc -c < page2.html)" -lt 500000 ]
loaded_on empty.db "SELECT cdr_init();" > /dev/null
expect 0 report --db empty.db --from 2024-05-06 --out page.html <<'END'
page.html: 2024-05-06 to 2024-05-07 UTC, 0 interactions; the warehouse is empty: import files with 'cdr import PATH'
END

# On a terminal: the whole of it, without colours as there is none.
COLUMNS=80 LC_ALL=en_GB.UTF-8 expect 0 report --from 2024-05-06 --zone Europe/Prague --text < "$root/tests/e2e/report_text.en"
COLUMNS=80 LC_ALL=cs_CZ.UTF-8 expect 0 report --from 2024-05-06 --zone Europe/Prague --text < "$root/tests/e2e/report_text.cs"
LC_ALL=C "$program" report --from 2020-01-01 --text | grep -q '^Nobody called in this period. The warehouse has interactions from 2018'
# Colours on a terminal, unless nobody wants them.
script -qec "$program report --from 2024-05-06 --text" /dev/null > coloured
grep -q "$(printf '\033')" coloured
NO_COLOR=1 script -qec "$program report --from 2024-05-06 --text" /dev/null > plain
! grep -q "$(printf '\033\\[[0-9]')" plain
