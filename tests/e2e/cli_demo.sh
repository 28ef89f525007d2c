#!/bin/sh
# cdr demo: what it makes and says, that each thing that it says to try works, and that it leaves alone what is there.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"

"$program" demo tour > said
[ "$(ls tour)" = "$(printf 'cdr.db\nqueries\nreport.html\nsamples')" ]
# The page is of the days of most samples, in the zone's time.
grep -q '"this","2024-05-01 22:00:00.000","2024-05-07 22:00:00.000"' tour/report.html
[ "$(ls tour/queries | wc -l)" = 10 ]
diff -r "$root/samples/conpeek" tour/samples/conpeek
# Every query answers, with rows and without an error, and begins with what it asks.
cd tour
for query in queries/*.sql; do
  head -1 "$query" | grep -q '^-- .*[?:.]'
  "$program" query -f "$query" > rows || { echo "$query fails"; exit 1; }
  [ "$(wc -l < rows)" -gt 1 ] || { echo "$query gives no row"; exit 1; }
done
# The ten queries are ten questions to the warehouse as it is; the tenth reads the files.
[ "$("$program" query --no-header "SELECT count(*) > 100 FROM interaction")" = 1 ]
# What it says to try.
sed -n 's/^  \(cdr .*\)/\1/p' ../said > try
[ "$(wc -l < try)" = 7 ]
while read -r line; do
  # The stock shell was not built with the sanitizer; cli_tables says what it does with cdr shell.
  if is_sanitized && [ "${line#cdr shell}" != "$line" ]; then continue; fi
  PATH="$(dirname "$program"):$PATH" HOME=$work sh -c "$line" < /dev/null > rows 2>&1 || { echo "$line: $(cat rows)"; exit 1; }
done < try
[ -s day.xlsx ]
cd ..

# A folder that is not empty, a file, a place where nobody may write, no argument.
expect 1 demo tour <<'END'
cdr: tour: there is something already; name a folder that is new or empty
END
: > file
expect 1 demo file <<'END'
cdr: file: there is something already; name a folder that is new or empty
END
expect 1 demo nowhere/tour <<END
cdr: $work/nowhere/tour: cannot be made: No such file or directory; name a folder where you may write
END
expect 2 demo <<'END'
cdr: DIR is required; see 'cdr demo --help'
END
mkdir empty "with 'quote"
"$program" demo empty/ > /dev/null
"$program" demo "with 'quote/tour" > /dev/null
[ "$(ls -A empty)" = "$(ls -A "with 'quote/tour")" ]
# Half of it, where the disk is full: nothing.
status=0
(
  ulimit -f 200
  trap '' XFSZ
  exec "$program" demo full > out 2> err
) || status=$?
[ $status = 1 ]
grep -q '^cdr: ' err
[ "$(wc -l < err)" = 1 ]
[ ! -e full ]
[ -z "$(find . -maxdepth 1 -name '.*.??????')" ]
