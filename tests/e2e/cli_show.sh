#!/bin/sh
# How cdr query shows rows to a person: a table that fits the terminal's width, one value per line, colours, the pager, and none of these in a pipe.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
# on_terminal COLUMNS ARGUMENT…: the output of cdr on a terminal of that width.
on_terminal() {
  columns=$1
  shift
  script -qec "stty cols $columns rows 50; '$program' $*" typescript > /dev/null
  sed -n '2,$p' typescript | grep -v '^Script done' | tr -d '\r' | sed '${/^$/d}'
}
same() { diff -u - "$1" || { echo "differs: $2"; exit 1; }; }
unset PAGER NO_COLOR LESS
export TERM=xterm LC_ALL=C.UTF-8

# A table that fits is not cut. Otherwise its texts are cut, with a mark, but never a number or an instant. Wide characters count as two.
rows="SELECT 123456789012 AS a_long_name_of_a_number, '2024-05-02 10:00:00.000' AS time, '日本語で話す人々と一緒に' AS wide, 'a text that goes on and on' AS text"
expect 0 query --format table --max-width 109 "$rows" <<'END'
┌─────────────────────────┬─────────────────────────┬──────────────────────────┬────────────────────────────┐
│ a_long_name_of_a_number │ time                    │ wide                     │ text                       │
├─────────────────────────┼─────────────────────────┼──────────────────────────┼────────────────────────────┤
│            123456789012 │ 2024-05-02 10:00:00.000 │ 日本語で話す人々と一緒に │ a text that goes on and on │
└─────────────────────────┴─────────────────────────┴──────────────────────────┴────────────────────────────┘
END
expect 0 query --format table --max-width 80 "$rows" <<'END'
┌────────────────┬─────────────────────────┬────────────────┬────────────────┐
│ a_long_name_o… │ time                    │ wide           │ text           │
├────────────────┼─────────────────────────┼────────────────┼────────────────┤
│   123456789012 │ 2024-05-02 10:00:00.000 │ 日本語で話す…  │ a text that g… │
└────────────────┴─────────────────────────┴────────────────┴────────────────┘
END
# Columns that do not fit are left out and named: first those without a value, then from the right.
expect 0 query --format table --max-width 60 "SELECT NULL AS unknown, * FROM ($rows)" <<'END'
┌───────────────┬─────────────────────────┬───────────────┐
│ a_long_name_… │ time                    │ wide          │
├───────────────┼─────────────────────────┼───────────────┤
│  123456789012 │ 2024-05-02 10:00:00.000 │ 日本語で話す… │
└───────────────┴─────────────────────────┴───────────────┘
2 more columns: unknown, text
--line shows all of them, and --max-width 0 turns fitting o…
END
expect 0 query --format table --max-width 1 "SELECT 'abc' AS a, 'def' AS b" <<'END'
┌───┐
│ a │
├───┤
│ … │
└───┘
…
…
END
# Every line fits the width, whatever the width is.
"$program" import --db wide.db "$root/samples" > /dev/null
for width in 40 57 80 133 200; do
  "$program" query --db wide.db --format table --max-width $width "SELECT * FROM interaction; SELECT * FROM dialog" > out
  [ "$(wc -L < out)" -le $width ] || { echo "lines of $(wc -L < out) columns where $width were allowed"; exit 1; }
done
"$program" query --db wide.db --format table --max-width 0 "SELECT * FROM interaction" > out
[ "$(wc -L < out)" -gt 500 ]
# Rows after those that determine the widths are cut as well.
"$program" query --format table --max-width 30 \
  "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10005) SELECT n, iif(n > 10000, printf('%.*c', 50, 'x'), 'y') AS t, 'abcdefghijklmnopqrs' AS u FROM c" > out
[ "$(wc -L < out)" = 30 ]
tail -2 out | head -1 | grep -q '^│ 10005 │ … │ abcdefghijklm… │$'
# --wrap wraps a cell, even in a table that fits.
expect 0 query --format table --max-width 40 --wrap 10 "SELECT 'a text that goes on' AS text" <<'END'
┌────────────┐
│ text       │
├────────────┤
│ a text tha │
│ t goes on  │
└────────────┘
END

# One value per line, never cut.
expect 0 query --line "SELECT 1 AS n, NULL AS unknown, '日本' AS 長い名前, 'a' || char(10) || 'b' AS t UNION ALL SELECT 2, x'00ff', '.', 'c'" <<'END'
n        = 1
unknown  = NULL
長い名前 = 日本
t        = a␊b

n        = 2
unknown  = x'00ff'
長い名前 = .
t        = c
END
# No text does anything to the terminal, or to the order of what is beside it.
expect 0 query --line "SELECT 'a' || char(27) || '[2J' || char(127) || char(133) || char(8238) || 'b' || char(8232) || 'c' AS t" <<'END'
t = a␛[2J␡��b�c
END
expect 0 query --format line --no-header --null - "SELECT NULL AS a, 'b' AS b" <<'END'
-
b
END

# On a terminal: a table as wide as the terminal, with names in bold and NULL dimmed, unless NO_COLOR is set.
bold=$(printf '\033[1m') dim=$(printf '\033[2m') usual=$(printf '\033[0m')
echo "SELECT NULL AS a, printf('%.*c', 40, 'x') AS b" > wide.sql
on_terminal 30 query --no-pager -f wide.sql > out
same out "on a terminal" <<END
┌──────┬─────────────────────┐
│ ${bold}a${usual}    │ ${bold}b${usual}                   │
├──────┼─────────────────────┤
│ ${dim}NULL${usual} │ xxxxxxxxxxxxxxxxxx… │
└──────┴─────────────────────┘
END
NO_COLOR=1 on_terminal 30 query --no-pager --line '"SELECT NULL AS a"' > out
echo 'a = NULL' | same out "NO_COLOR"
TERM=dumb on_terminal 30 query --line '"SELECT NULL AS a"' > out
echo 'a = NULL' | same out "a terminal that cannot show colours"
on_terminal 30 query --line '"SELECT NULL AS a"' '| cat' > out
echo 'a = NULL' | same out "in a pipe"

# The pager: PAGER's command gets all output; a command that does not run is an error, but leaving the pager early is not.
export NO_COLOR=1
PAGER='sed s/^/paged:/' on_terminal 30 query '"SELECT 1 AS a; SELECT 2 AS a"' --format csv > out
printf 'paged:a\npaged:1\npaged:a\npaged:2\n' | same out "the pager"
PAGER='sed s/^/paged:/' on_terminal 30 query --no-pager --format csv '"SELECT 1 AS a"' > out
printf 'a\n1\n' | same out "--no-pager"
PAGER='' on_terminal 30 query --format csv '"SELECT 1 AS a"' > out
printf 'a\n1\n' | same out "an empty PAGER"
PAGER=there-is-none on_terminal 30 query '"SELECT 1 AS a"' '; echo status $?' > out
tail -2 out > last
same last "a pager that does not run" <<'END'
cdr: the pager 'there-is-none' does not run; set PAGER to another, or give --no-pager
status 1
END
PAGER='head -2' on_terminal 30 query --format csv \
  '"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000) SELECT n FROM c"' '; echo status $?' > out
printf 'n\n1\nstatus 0\n' | same out "a pager that is left early"
for width in -1 x 5x; do
  for option in --max-width --wrap; do
    expect 2 query $option=$width "SELECT 1" <<END
cdr: $option: expected a number of columns from 0, found '$width'; see 'cdr query --help'
END
  done
done
