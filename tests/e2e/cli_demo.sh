#!/bin/sh
# cdr demo: the files that it makes and its output; every command that it suggests works, and existing files stay.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"

"$program" demo tour > said
[ "$(ls tour)" = "$(printf 'cdr.db\nqueries\nreport.html\nsamples')" ]
# The page covers the days of most samples, in the zone's time.
grep -q '"this","2024-05-01 22:00:00.000","2024-05-07 22:00:00.000"' tour/report.html
[ "$(ls tour/queries | wc -l)" = 10 ]
diff -r "$root/samples/conpeek" tour/samples/conpeek
# Every query returns rows without an error, and begins with its question.
cd tour
for query in queries/*.sql; do
  head -1 "$query" | grep -q '^-- .*[?:.]'
  "$program" query -f "$query" > rows || { echo "$query fails"; exit 1; }
  [ "$(wc -l < rows)" -gt 1 ] || { echo "$query gives no row"; exit 1; }
done
# The ten queries read the demo's warehouse, which is not empty; the tenth also reads the files.
[ "$("$program" query --no-header "SELECT count(*) > 100 FROM interaction")" = 1 ]
# The suggested commands.
sed -n 's/^  \(cdr .*\)/\1/p' ../said > try
[ "$(wc -l < try)" = 7 ]
while read -r line; do
  # The stock shell was not built with the sanitizer; cli_tables tests how cdr shell behaves then.
  if is_sanitized && [ "${line#cdr shell}" != "$line" ]; then continue; fi
  PATH="$(dirname "$program"):$PATH" HOME=$work sh -c "$line" < /dev/null > rows 2>&1 || { echo "$line: $(cat rows)"; exit 1; }
done < try
[ -s day.xlsx ]
cd ..

# A name with a blank.
"$program" demo "dem ö" > said
grep -q '^  cd "dem ö"$' said

# A folder that is not empty, a file, a place without write permission, no argument.
expect 1 demo tour <<'END'
cdr: tour: something is already there; name a folder that is new or empty
END
: > file
expect 1 demo file <<'END'
cdr: file: something is already there; name a folder that is new or empty
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
# If the disk becomes full half-way, nothing remains.
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
