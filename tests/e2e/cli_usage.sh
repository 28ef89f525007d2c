#!/bin/sh
# Wrong usage: one message, with exit status 2 and the likely correction. And --db may be on either side of the command.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"

expect 2 <<'END'
cdr: a command is required; see 'cdr --help'
END
"$program" --help | grep -qx 'Usage: cdr \[OPTIONS\] COMMAND'
! "$program" --help | grep -iq subcommand || { echo "the help says subcommand"; exit 1; }
for command in query tables check erase; do
  "$program" $command --help > out
  if grep -F '{' out; then exit 1; fi
done
# The shells' completion of commands reads them there.
for shell in cdr.bash _cdr cdr.fish; do
  script=$(grep -o "sed -n '/^Commands:[^']*'" "$root/packaging/$shell")
  "$program" --help | sh -c "$script" | cut -f1 | paste -sd' ' > names
  echo "import query export report report-add push shell tables describe check rebuild refresh erase odbc doctor demo" | diff - names || { echo "by $shell"; exit 1; }
done
expect 2 qurey "SELECT 1" <<'END'
cdr: there is no command 'qurey' (did you mean query?); see 'cdr --help'
END
expect 2 xyzzy <<'END'
cdr: there is no command 'xyzzy'; see 'cdr --help'
END
expect 2 query --fromat csv "SELECT 1" <<'END'
cdr: there is no option --fromat (did you mean --format?); see 'cdr query --help'
END
expect 2 query --nonsense <<'END'
cdr: there is no option --nonsense; see 'cdr query --help'
END
expect 2 query --format cvs "SELECT 1" <<'END'
cdr: --format: expected table, line, csv, tsv, json, ndjson or md, found 'cvs' (did you mean csv?); see 'cdr query --help'
END
expect 2 query "SELECT 1" "SELECT 2" <<'END'
cdr: did not expect another argument, found 'SELECT 2'; see 'cdr query --help'
END
expect 2 --read-only query "SELECT 1" <<'END'
cdr: give --read-only after the command, as in 'cdr query --read-only'; see 'cdr query --help'
END
expect 2 --read-onl query "SELECT 1" <<'END'
cdr: there is no option --read-onl (did you mean --read-only?); see 'cdr query --help'
END
for option in --threshold --short-abandon; do
  expect 2 export --out x.csv $option -1 <<END
cdr: $option: expected a number of seconds from 0, found '-1'; see 'cdr export --help'
END
done
for seconds in 30s nan 1e999 ''; do
  expect 2 report --from 2024-05-06 --threshold "$seconds" <<END
cdr: --threshold: expected a number of seconds from 0, found '$seconds'; see 'cdr report --help'
END
done
for version in --version -V; do printf 'cdr %s\n' "$(cat "$root/VERSION")" | expect 0 $version; done

# The database: before the command, after it, or by CDR_DB; not twice.
for name in one two; do sqlite3 -batch -init /dev/null $name.db "CREATE TABLE this AS SELECT '$name' AS name"; done
printf 'name\none\n' | expect 0 --db one.db query "SELECT name FROM this"
printf 'name\none\n' | expect 0 query "SELECT name FROM this" --db one.db
printf 'name\none\n' | expect 0 --db=one.db query "SELECT name FROM this"
export CDR_DB=two.db
printf 'name\none\n' | expect 0 --db one.db query "SELECT name FROM this"
printf 'name\ntwo\n' | expect 0 query "SELECT name FROM this"
expect 2 --db one.db query --db two.db "SELECT name FROM this" <<'END'
cdr: --db: given twice; name one database; see 'cdr query --help'
END
expect 2 query --db "" "SELECT 1" <<'END'
cdr: --db: expected a file, found nothing; see 'cdr query --help'
END
unset CDR_DB

# A wrong option of an import is reported once for any number of files, and before any file is opened; a missing path creates no database.
for n in 1 2 3; do echo "{\"dialog_uuid\": \"d-$n\"}" > $n.json; done
status=0
"$program" import --zone Europe/Nowhere 1.json 2.json 3.json > out 2> err || status=$?
[ $status = 2 ]
[ "$(wc -l < err)" = 1 ]
grep -q "Europe/Nowhere" err
[ ! -s out ]
[ ! -e cdr.db ]
status=0
"$program" import missing.json gone/ > out 2> err || status=$?
[ $status = 1 ]
[ ! -e cdr.db ]
