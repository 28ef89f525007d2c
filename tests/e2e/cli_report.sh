#!/bin/sh
# cdr report and the workforce files of cdr export: messages about wrong arguments, the remaining files, the figures on a terminal, and that workforce
# files have a row for every interval and queue. report_page.sh tests the page itself.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"

"$program" import "$root/samples" > /dev/null

# Wrong periods; each message names the option.
expect 2 report <<'END'
cdr: --from is required; see 'cdr report --help'
END
expect 2 report --from 2024-05-06 --zone Mars/Olympus --out no.html <<'END'
cdr: --zone: 'Mars/Olympus' is not known; expected an IANA name such as 'Europe/Prague' (as the system's tzdata package spells it), 'UTC', or an offset from '-14:00' to '+14:00'
END
expect 2 report --from soon --to 2024-05-06 --out no.html <<'END'
cdr: --from must be a time that cdr_time reads, or a date such as '2024-05-02' in the zone, today or yesterday
END
expect 2 report --from 2024-02-31 --out no.html <<'END'
cdr: --from must be a time that cdr_time reads, or a date such as '2024-05-02' in the zone, today or yesterday
END
for from in 2024-5-6 06.05.2024 2024-05 tomorrow; do
  expect 2 report --from $from --out no.html <<'END'
cdr: --from must be a time that cdr_time reads, or a date such as '2024-05-02' in the zone, today or yesterday
END
done
expect 2 report --from 2024-05-06 --interval 10m --out no.html <<'END'
cdr: --interval: '10m' is not known; expected one of '15m', '30m', '1h', '1d', '1w', '1mo'
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
for command in "report --out no.html" "export --format wfm-generic --out no.csv"; do
  # shellcheck disable=SC2086
  expect 1 $command --from 2024-05-06 --db other.db <<'END'
cdr: other.db: it is not a warehouse; make one with 'cdr import --db FILE PATH'
END
done

# The target or the disk cannot be written to. An existing file stays, and no partial file remains.
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

# The output; the default name; standard output; days of the zone; a period without a call.
expect 0 report --from 2024-05-06 --to 2024-05-08 --zone Europe/Prague --out page.html --timelines 5 <<'END'
page.html: 2024-05-06 to 2024-05-08 Europe/Prague, 77 interactions, 5 of them with a timeline
END
expect 0 report --from 2024-05-06T08:00:00+02:00 --to 2024-05-06T12:00:00Z --timelines 0 <<'END'
report-2024-05-06.html: 2024-05-06 06:00 to 2024-05-06 12:00 UTC, 0 interactions; the warehouse has interactions from 2018-07-24 18:46 to 2024-05-07 10:12
END
"$program" report --from yesterday --to today --out - > page2.html
[ "$("$program" report --from yesterday --to today --out page.html)" = "page.html: $(date -u -d yesterday +%F) to $(date -u +%F) UTC, 0 interactions; the warehouse has interactions from 2018-07-24 18:46 to 2024-05-07 10:12" ]
"$program" report --from Yesterday --to TODAY --text --lang en | head -1 | grep -qx "Contact centre report: $(date -u -d yesterday +%F)"
head -1 page2.html | grep -q '^<!DOCTYPE html>$'
tail -1 page2.html | grep -q '^</html>$'
grep -q 'MIT License' page2.html
[ "$(wc -c < page2.html)" -lt 500000 ]
loaded_on empty.db "SELECT cdr_init();" > /dev/null
expect 0 report --db empty.db --from 2024-05-06 --out page.html <<'END'
page.html: 2024-05-06 to 2024-05-07 UTC, 0 interactions; the warehouse has no interactions: import files with 'cdr import --db empty.db PATH'
END

# The warehouse's settings apply unless an option overrides them.
sqlite3 cdr.db "INSERT INTO report_setting VALUES ('zone', 'Europe/Prague'), ('threshold_seconds', '3')"
expect 0 report --from 2024-05-06 --timelines 0 --out page.html <<'END'
page.html: 2024-05-06 to 2024-05-07 Europe/Prague, 42 interactions
END
level() { "$program" report --from 2024-05-06 --text --lang en "$@" | sed -n 's/^\(Service level[^%]*[0-9.]*%\).*/\1/p' | tr -s ' '; }
wanted() { "$program" query --no-header "SELECT printf('%.1f%%', 100.0 * sum(answered_in_threshold) / sum(wait_known)) FROM queue_report('2024-05-06', '2024-05-07', NULL, 'Europe/Prague', NULL, NULL, NULL, $1)"; }
[ "$(level | head -1)" = "Service level (3 s) $(wanted NULL)" ]
[ "$(level --threshold 20 | head -1)" = "Service level (20 s) $(wanted 20)" ]
[ "$(wanted NULL)" != "$(wanted 20)" ]
sqlite3 cdr.db "INSERT INTO queue_setting (vendor, source, queue_id, threshold_seconds) VALUES ('alibaba', 'alibaba', 'support@ccc-demo', 60)"
[ "$(level | head -1)" = "Service level $(wanted NULL)" ]
sqlite3 cdr.db "DELETE FROM report_setting; DELETE FROM queue_setting"

# The text form as a whole, without colours because standard output is not a terminal.
COLUMNS=80 LC_ALL=en_GB.UTF-8 expect 0 report --from 2024-05-06 --zone Europe/Prague --text < "$root/tests/e2e/report_text.en"
COLUMNS=80 LC_ALL=cs_CZ.UTF-8 expect 0 report --from 2024-05-06 --zone Europe/Prague --text < "$root/tests/e2e/report_text.cs"
"$program" report --from 2024-05-06 --to 2024-05-08 --text --lang en | head -1 | grep -qx "Contact centre report: 2024-05-06 – 2024-05-07"
"$program" report --from 2024-05-06T08:00 --to 2024-05-07 --text --lang en | head -1 | grep -qx "Contact centre report: 2024-05-06 08:00 – 2024-05-07"
# Counts are 0 within what the warehouse covers. Before and after that, nothing is known, also of an earlier period; report_page.py tests the page.
"$program" report --from 2024-05-06 --to 2024-06-03 --text --lang en | sed -n 3p | grep -q '^The warehouse has interactions from 2018-.* to 2024-05-'
LC_ALL=C "$program" report --from 2020-01-01 --text | grep -q '^Nobody called in this period. The warehouse has interactions from 2018'
for day in 2018-07-23 2024-05-08; do
  "$program" report --from $day --text --lang en | tr '\n' ' ' | grep -q ' Nothing is known of calls in this period. The warehouse has interactions from 2018' || { echo "of $day"; exit 1; }
done
expect 0 report --from 2018-07-24 --to 2018-07-26 --out page.html --timelines 0 <<'END'
page.html: 2018-07-24 to 2018-07-26 UTC, 1 interaction
END
"$program" report --from 2018-07-24 --text --lang en > text
grep -qx 'Interactions  *[0-9]*  *not known  *not known' text || { cat text; exit 1; }
# Lines fit the terminal, in each language; what does not fit beside each other is shown below, and nothing is left out.
mkdir wide
"$(dirname "$library")/cdr_generate" --vendor all --interactions 60 --day 2026-03-28 --days 1 --seed 5 --out wide > /dev/null 2>&1
"$program" import --db wide.db wide > /dev/null
cat > widths.py <<'END'
import sys, unicodedata
most = int(sys.argv[1])
for line in sys.stdin.read().splitlines():
    width = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)
    if width > most:
        sys.exit(f'{width} columns, not {most}: {line}')
END
for columns in 80 60 40; do
  for language in en pl cs; do
    for asked in "--db wide.db --from 2026-03-28 --zone America/Argentina/Buenos_Aires" "--from 2024-05-06 --to 2024-05-08" "--from 2020-01-01"; do
      # shellcheck disable=SC2086
      COLUMNS=$columns "$program" report $asked --text --lang $language > text
      python3 widths.py $columns < text || { echo "for $asked --lang $language"; exit 1; }
      case $asked in
        *wide.db*) for vendor in alibaba conpeek mluvii ucontact; do grep -q "  $vendor" text || { echo "$columns $language: no $vendor"; exit 1; }; done ;;
      esac
    done
  done
done
COLUMNS=80 "$program" report --db wide.db --from 2026-03-28 --text --lang pl | grep -q '  Przychodzące do kolejki  Porzucone  Poziom obsługi$'
COLUMNS=40 LC_ALL=pl_PL.UTF-8 expect 0 report --from 2024-05-06 --zone Europe/Prague --text < "$root/tests/e2e/report_text.narrow"
# Colours on a terminal, unless they are turned off.
TERM=xterm script -qec "$program report --from 2024-05-06 --text" /dev/null > coloured
grep -q "$(printf '\033')" coloured
TERM=xterm NO_COLOR=1 script -qec "$program report --from 2024-05-06 --text" /dev/null > plain
! grep -q "$(printf '\033\\[[0-9]')" plain || { echo "colours without a terminal"; exit 1; }

# Workforce files: a row for every quarter hour and queue, sums equal to those of the report, civil time.
expect 0 export --format wfm-generic --from 2024-05-06 --zone Europe/Prague --out queues.csv <<'END'
queues.csv: 288 rows of wfm-generic, 15m Europe/Prague
END
head -1 queues.csv | tr ',' '\n' | head -12 | paste -sd, > out
[ "$(cat out)" = date,time,utc_offset,interval_minutes,vendor,source,queue_id,queue_name,offered,answered,abandoned,flowed_in ] || { cat out; exit 1; }
cat > sums.sql <<'END'
SELECT sum(offered), sum(answered), sum(abandoned), sum(answered_in_threshold), round(sum(answered_wait_seconds), 3), round(sum(talk_seconds), 3)
FROM queue_report('2024-05-06', '2024-05-07', NULL, 'Europe/Prague')
END
sqlite3 :memory: -cmd ".import --csv queues.csv q" -separator "$(printf '\t')" "SELECT sum(offered), sum(answered), sum(abandoned), sum(answered_in_threshold), round(sum(answered_wait_seconds), 3), round(sum(talk_seconds), 3) FROM q" > found
"$program" query --no-header -f sums.sql > wanted
diff -u wanted found
[ "$(sqlite3 :memory: -cmd ".import --csv queues.csv q" "SELECT count(DISTINCT date || time) || ' ' || min(time) || ' ' || max(time) || ' ' || group_concat(DISTINCT utc_offset) FROM q")" = "96 00:00 23:45 +02:00" ]

# Teleopti's format: 21 fields, no header, semicolons, whole numbers, sorted by time; the repeated hour of autumn appears once, with the sums of both.
expect 0 export --format wfm-teleopti --vendor mluvii --from 2024-05-02 --zone Europe/Prague --interval 30m --out queues.txt <<'END'
queues.txt: 144 rows of wfm-teleopti, 30m Europe/Prague
END
[ "$(awk -F';' '{print NF}' queues.txt | sort -u)" = 21 ]
[ "$(cut -d';' -f1-4 queues.txt | head -3 | paste -sd' ')" = "30;20240502;00:00;21 30;20240502;00:00;22 30;20240502;00:00;23" ]
LC_ALL=C sort -t';' -k2,3 -s -c queues.txt
# Anonymised, a queue is an agent's own only if an agent of its vendor has that id: here one of Conpeek has the id 21.
cp cdr.db agents.db
sqlite3 -batch -init /dev/null agents.db "UPDATE agent_offer SET agent_id = '21' WHERE rowid = (SELECT min(rowid) FROM agent_offer WHERE vendor = 'conpeek')"
"$program" export --db agents.db --anonymise --format wfm-teleopti --vendor mluvii --from 2024-05-02 --zone Europe/Prague --interval 30m --out others.txt > /dev/null
cmp queues.txt others.txt
sqlite3 -batch -init /dev/null agents.db "UPDATE agent_offer SET agent_id = '21' WHERE rowid = (SELECT min(rowid) FROM agent_offer WHERE vendor = 'mluvii')"
"$program" export --db agents.db --anonymise --format wfm-teleopti --vendor mluvii --from 2024-05-02 --zone Europe/Prague --interval 30m --out others.txt > /dev/null
[ "$(cut -d';' -f4 others.txt | grep -cx '21')" = 0 ]
! cut -d';' -f6- queues.txt | grep -q '[^0-9;]' || { echo "a figure that is not a whole number"; exit 1; }
"$program" query --no-header "SELECT sum(offered), sum(abandoned), sum(answered), round(sum(answered_wait_seconds)) FROM queue_report('2024-05-02', '2024-05-03', NULL, 'Europe/Prague') WHERE vendor = 'mluvii'" > wanted
awk -F';' '{o += $6 + $7; b += $8; a += $10; w += $11} END {printf "%d\t%d\t%d\t%s\n", o, b, a, w}' queues.txt > found
awk -F'\t' 'NR == FNR {for (i = 1; i <= 4; i++) w[i] = $i; next} {for (i = 1; i <= 3; i++) if ($i != w[i]) exit 1; if ($4 - w[4] > 5 || w[4] - $4 > 5) exit 1}' wanted found || { cat wanted found; exit 1; }
"$(dirname "$library")/cdr_generate" --vendor all --interactions 200 --day 2026-10-24 --days 2 --seed 5 --out autumn > /dev/null 2>&1
"$program" import --db autumn.db autumn > /dev/null
"$program" export --db autumn.db --vendor alibaba --format wfm-teleopti --from 2026-10-25 --zone Europe/Prague --out autumn.txt > /dev/null
"$program" export --db autumn.db --vendor alibaba --format wfm-generic --from 2026-10-25 --zone Europe/Prague --out autumn.csv > /dev/null
# On a terminal, that hour appears twice, with different offsets.
"$program" report --db autumn.db --from 2026-10-25 --zone Europe/Prague --text --lang en | sed -n 's/^\(0[123]:[03]0[^ ]*\( (+[0-9:]*)\)*\) .*/\1/p' > hours
printf '%s\n' 01:00 01:30 02:00 02:30 '02:00 (+01:00)' '02:30 (+01:00)' 03:00 03:30 | diff - hours
[ "$(cut -d';' -f3 autumn.txt | sort -u | wc -l)" = 96 ]
[ "$(cut -d, -f1-3 autumn.csv | tail -n +2 | sort -u | wc -l)" = 100 ]
[ "$(awk -F';' '{o += $6 + $7} END {print o}' autumn.txt)" = "$("$program" query --db autumn.db --no-header "SELECT sum(offered) FROM queue_report('2026-10-25', '2026-10-26', NULL, 'Europe/Prague') WHERE vendor = 'alibaba'")" ]
[ "$(cut -d';' -f4 autumn.txt | sort -u | wc -l)" = "$(cut -d';' -f5 autumn.txt | sort -u | wc -l)" ]
# Two queues with the same number.
expect 1 export --db autumn.db --format wfm-teleopti --from 2026-10-25 --out no.txt <<'END'
cdr: the queues 'conpeek, conpeek, 11' and 'mluvii, mluvii, 11' have the same number, 11, by which this format identifies queues; export one vendor or source at a time, with --vendor or --source
END
expect 2 export --format wfm-nice --from 2024-05-06 --out no.txt <<'END'
cdr: --format: expected wfm-generic or wfm-teleopti for a workforce file, found 'wfm-nice'
END
expect 2 export --format wfm-generic --out no.txt <<'END'
cdr: --from is required for a workforce file; see 'cdr export --help'
END
expect 2 export --format wfm-generic --from 2024-05-06 --interval 1d --out no.txt <<'END'
cdr: --interval: a workforce file has intervals of 15m, 30m or 1h, found '1d'
END
expect 2 export interaction --format wfm-generic --from 2024-05-06 --out no.txt <<'END'
cdr: a workforce file has the figures of queues; leave out tables and --sql
END
expect 2 export --format wfm-generic --from 2024-05-06 --key-file key --out no.txt <<'END'
cdr: --key-file gives the key of --anonymise, which is not given
END
# An agent's own queue is named after the agent, and becomes a token: the one of the agent, and the same figures.
echo "a key that is long enough" > key
"$program" export --anonymise --key-file key --sql "SELECT DISTINCT agent_id FROM agent_event" --out agents.csv > /dev/null
for format in generic teleopti; do
  for anonymise in "" "--anonymise --key-file key"; do
    "$program" export $anonymise --format wfm-$format --from 2024-05-06 --out queues"${anonymise:+_hidden}".$format > /dev/null
  done
done
/usr/bin/python3 - <<'END'
import csv
agents = {row[0] for row in csv.reader(open('agents.csv')) if row}
for form, own, name, separator in (('generic', 'zhao.bo@ccc-demo', 'queue_id', ','), ('teleopti', 'Zhao Bo', 4, ';')):
    clear, hidden = (open(f'queues{hides}.{form}').read() for hides in ('', '_hidden'))
    assert own in clear and 'Zhao Bo' in clear and 'zhao' not in hidden.lower(), form
    clear, hidden = (list(csv.reader(text.splitlines(), delimiter=separator)) for text in (clear, hidden))
    assert len(clear) == len(hidden) > 96, form
    is_queue = {'generic': (6, 7), 'teleopti': (3, 4)}[form]
    figures = lambda rows: sorted([value for at, value in enumerate(row) if at not in is_queue] for row in rows)
    assert figures(clear) == figures(hidden), form
    if form == 'generic':
        at = hidden[0].index('queue_id')
        assert {row[at] for row in hidden} & agents, form
END
expect 2 export interaction --from 2024-05-06 --out no.csv <<'END'
cdr: --from and --to belong to a workforce file; add --format wfm-generic, or use WHERE with --sql
END
expect 1 export --format wfm-generic --from 2020-01-01 --out no.txt <<'END'
cdr: no interaction entered a queue in this period, so nothing was written; --allow-empty writes a file without rows
END
[ ! -e no.txt ]

# Workforce files, too, appear whole or not at all, and an existing file stays.
expect 1 export --format wfm-generic --from 2024-05-06 --out nowhere/queues.csv <<'END_OF_TEXT'
cdr: nowhere/queues.csv: cannot be written: No such file or directory; name a file in a folder that you may write to
END_OF_TEXT
expect 2 export --format wfm-generic --from 2024-05-06 --zone Mars/Olympus --out no.txt <<'END_OF_TEXT'
cdr: --zone: 'Mars/Olympus' is not known; expected an IANA name such as 'Europe/Prague' (as the system's tzdata package spells it), 'UTC', or an offset from '-14:00' to '+14:00'
END_OF_TEXT
echo before > queues.csv
status=0
(
  ulimit -f 4
  trap '' XFSZ
  exec "$program" export --format wfm-generic --from 2024-05-06 --out queues.csv > out 2> err
) || status=$?
[ $status = 1 ]
[ "$(cat err)" = "cdr: queues.csv: cannot be written: File too large; name a file on a disk with space" ] || { cat err; exit 1; }
[ "$(cat queues.csv)" = before ]
[ ! -e no.txt ]
[ -z "$(find . -name '.*.??????')" ]

# Names with quotes: of the database, of the output file, and of a queue.
mkdir "it's"
cat > quoted.json <<'END_OF_TEXT'
{"ContactId": "q-1", "ContactType": "INBOUND", "ContactDisposition": "AbandonedInQueue", "CallingNumber": "48500000111", "CalledNumber": "48500009000",
 "StartTime": 1714982400000, "ReleaseTime": 1714982460000, "QueueEvents": [{"QueueId": "o'neil \"1\", x;y", "QueueName": "O'Neil \"1\", x;y", "QueueType": "SkillGroup",
 "FlowId": "f", "EventSequence": [{"Event": "Enqueue", "EventTime": 1714982410000}]}]}
END_OF_TEXT
"$program" import --db "it's/o\"brien.db" --source "o'brien" quoted.json > /dev/null
expect 0 report --db "it's/o\"brien.db" --from 2024-05-06 --timelines 0 --out "it's/a \"page\".html" <<'END_OF_TEXT'
it's/a "page".html: 2024-05-06 to 2024-05-07 UTC, 1 interaction
END_OF_TEXT
"$program" report --db "it's/o\"brien.db" --from 2024-05-06 --text | grep -q "O'Neil \"1\", x;y"
for format in wfm-generic csv; do
  [ $format = csv ] && what=queue_visit || what='--from 2024-05-06'
  # shellcheck disable=SC2086
  "$program" export --db "it's/o\"brien.db" --format $format $what --out "it's/o'brien.csv" > said
  [ "$(sqlite3 :memory: -cmd ".import --csv \"it's/o'brien.csv\" q" "SELECT DISTINCT queue_name || ' of ' || source FROM q")" = "O'Neil \"1\", x;y of o'brien" ]
done
