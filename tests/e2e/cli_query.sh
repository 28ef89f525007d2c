#!/bin/sh
# cdr query: every format compared whole, standard input, several statements, the choice of the database, errors and exit status.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"

# Wide and combining characters, NULL beside an empty text, quotes, line breaks, a BLOB, numbers.
rows="SELECT '日本語' AS a, 'Ce' || char(0x301) || 'z' AS a, 0.1 + 0.2 AS n, NULL AS d, x'00ff' AS blob, 'a|b' || char(10) || 'c\' AS t, '' AS e
      UNION ALL SELECT 'x_y _z_', 'say \"so\", *please*', 2, '\N', 9e999, char(9, 27) || '[2J', NULL"
expect 0 query --format table "$rows" <<'END'
┌─────────┬────────────────────┬─────┬──────┬─────────┬────────┬──────┐
│ a       │ a                  │   n │ d    │ blob    │ t      │ e    │
├─────────┼────────────────────┼─────┼──────┼─────────┼────────┼──────┤
│ 日本語  │ Céz                │ 0.3 │ NULL │ x'00ff' │ a|b␊c\ │      │
│ x_y _z_ │ say "so", *please* │   2 │ \N   │ Inf     │ ␉␛[2J  │ NULL │
└─────────┴────────────────────┴─────┴──────┴─────────┴────────┴──────┘
END
expect 0 query --format md "$rows" <<'END'
| a         | a                    |   n | d    | blob    | t           | e    |
| --------- | -------------------- | --: | ---- | ------- | ----------- | ---- |
| 日本語    | Céz                  | 0.3 | NULL | x'00ff' | a\|b<br>c\\ |      |
| x_y \_z\_ | say "so", \*please\* |   2 | \\N  | Inf     | ␉␛\[2J      | NULL |
END
printf '%s\n' 'a,a,n,d,blob,t,e' "日本語,Céz,0.30000000000000004,,x'00ff',\"a|b" 'c\",""' > csv
printf '%s\t\033%s\n' 'x_y _z_,"say ""so"", *please*",2,\N,1e999,"' '[2J",' >> csv
expect 0 query --format csv "$rows" < csv
{
  printf 'a\ta\tn\td\tblob\tt\te\n'
  printf '%s\t%s\t%s\t%s\t%s\t%s\t\n' '日本語' 'Céz' 0.30000000000000004 '\N' "x'00ff'" 'a|b\nc\\'
  printf '%s\t%s\t%s\t%s\t%s\t%s\033%s\t%s\n' 'x_y _z_' 'say "so", *please*' 2 '\\N' 1e999 '\t' '[2J' '\N'
} > tsv
expect 0 query --format tsv "$rows" < tsv
expect 0 query "$rows" < tsv
sed -n '2,$p' tsv | expect 0 query --no-header "$rows"
expect 0 query --format json "$rows" <<'END'
[{"a":"日本語","a:1":"Céz","n":0.30000000000000004,"d":null,"blob":"x'00ff'","t":"a|b\u000ac\\","e":""},
{"a":"x_y _z_","a:1":"say \"so\", *please*","n":2,"d":"\\N","blob":1e999,"t":"\u0009\u001b[2J","e":null}]
END
expect 0 query --format ndjson "$rows" <<'END'
{"a":"日本語","a:1":"Céz","n":0.30000000000000004,"d":null,"blob":"x'00ff'","t":"a|b\u000ac\\","e":""}
{"a":"x_y _z_","a:1":"say \"so\", *please*","n":2,"d":"\\N","blob":1e999,"t":"\u0009\u001b[2J","e":null}
END
expect 0 query --format csv --null none "SELECT NULL AS a, 'none' AS b" <<'END'
a,b
none,"none"
END
# Invalid UTF-8 is unchanged in text formats, and becomes U+FFFD in formats that need UTF-8.
expect 0 query --format ndjson "SELECT CAST(x'61ff62' AS TEXT) AS t, 1e20 AS n, -5 AS i" <<'END'
{"t":"a�b","n":1e+20,"i":-5}
END
printf 'a\377b\n' | expect 0 query --no-header "SELECT CAST(x'61ff62' AS TEXT)"

# No rows: only the names of the columns. No columns: no output.
expect 0 query --format table "SELECT 1 AS a, 2 AS b LIMIT 0" <<'END'
┌───┬───┐
│ a │ b │
├───┼───┤
└───┴───┘
END
expect 0 query --format json "SELECT 1 AS a LIMIT 0; CREATE TEMP TABLE t(x); -- done" <<'END'
[]
END

# Long cells are wrapped, and then a line separates the rows.
expect 0 query --format table --wrap 5 "SELECT '日本語で話す' AS a, 12345678 AS n, 'é' AS b UNION ALL SELECT 'x', 7, 'y'" <<'END'
┌──────┬───────┬───┐
│ a    │     n │ b │
├──────┼───────┼───┤
│ 日本 │ 12345 │ é │
│ 語で │   678 │   │
│ 話す │       │   │
├──────┼───────┼───┤
│ x    │     7 │ y │
└──────┴───────┴───┘
END
[ "$("$program" query --format table "SELECT printf('%.*c', 100, 'x')" | wc -l)" = 6 ]
[ "$("$program" query --format table --wrap 0 "SELECT printf('%.*c', 100, 'x')" | wc -l)" = 5 ]

# More rows than determine the widths: none is lost, and the last line belongs to the frame.
"$program" query --format table "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 12345) SELECT n FROM c" > long
[ "$(wc -l < long)" = 12349 ]
[ "$(tail -2 long | head -1)" = "│ 12345 │" ]

# Standard input, several statements; the rows of the statements before an error are printed.
printf 'CREATE TABLE t(x); INSERT INTO t VALUES (5), (6);\n-- a comment; here\nSELECT x FROM t;;SELECT sum(x) AS "sum;" FROM t' > in
printf 'x\n5\n6\nsum;\n11\n' | expect 0 query
printf 'x\n5\n6\nsum;\n11\n' | expect 0 query -
printf 'SELECT 1 AS a;\nSELECT "é", b;' > in
expect 1 query <<'END'
a
1
cdr: no such column: b (line 2, column 13)
END
: > in
expect 2 query <<'END'
cdr: there is no SQL; try 'cdr query --help'
END

# A file of SQL; a byte order mark, which some editors write, is ignored.
printf '\357\273\277SELECT 1 AS a;\nSELECT b;' > two.sql
expect 1 query -f two.sql <<'END'
a
1
cdr: no such column: b (two.sql line 2, column 8)
END
echo 'SELECT 3 AS c' > in
printf 'c\n3\n' | expect 0 query -f -
: > in
expect 1 query -f missing.sql <<'END'
cdr: missing.sql: cannot be read: No such file or directory; name a file that holds SQL
END
expect 1 query -f . <<'END'
cdr: .: cannot be read: Is a directory; name a file that holds SQL
END
expect 2 query -f two.sql "SELECT 1" <<'END'
cdr: the SQL is given twice, as an argument and by -f; give it once
END

# Parameters: a value written like a number in SQL is a number. Each parameter needs a value, and each value a parameter.
expect 0 query --param a=21 --param b=-1.5 --param c=007 --param d=+48500 --param e= --param 'f=a=b;--' --param :g=1234567890123456789 \
  "SELECT :a + 0 AS a, typeof(:a) AS ta, typeof(@b) AS tb, \$c AS c, :d AS d, :e AS e, :f AS f, typeof(:g) AS tg" <<'END'
a	ta	tb	c	d	e	f	tg
21	integer	real	007	+48500		a=b;--	integer
END
expect 0 query --param a=1e2 --param b=.5 --param c=5. --param d=-2.5E-1 --param e=0x1F --param f=-0xffffffffffffffff --param g=-9223372036854775808 \
  --param i=1e999 --param j=0 --param k=-.5e+1 \
  "SELECT quote(:a), quote(:b), quote(:c), quote(:d), quote(:e), quote(:f), typeof(:g), :i > 1e308, quote(:j), quote(:k)" <<'END'
quote(:a)	quote(:b)	quote(:c)	quote(:d)	quote(:e)	quote(:f)	typeof(:g)	:i > 1e308	quote(:j)	quote(:k)
100.0	0.5	5.0	-0.25	31	1	integer	1	0	-5.0
END
# Digits that a number would change are an id.
expect 0 query --param a=1715086680.310 --param b=9223372036854775808 --param c=-9223372036854775809 --param d=0.30000000000000004 --param e=-1000000.50 --param f=-0 \
  --param g=1715079612.25 --param h=2.0 --param i=0.1 --param j=-12.5 --param k=2.50 "SELECT json_array(:a, :b, :c, :d, :e, :f) AS texts, json_array(:g, :h, :i, :j, :k) AS numbers" <<'END'
texts	numbers
["1715086680.310","9223372036854775808","-9223372036854775809","0.30000000000000004","-1000000.50","-0"]	[1715079612.25,2.0,0.1,-12.5,2.5]
END
sqlite3 -batch -init /dev/null ids.db "CREATE TABLE id (text TEXT, number REAL); INSERT INTO id VALUES ('1715086680.310', 1), ('1715079612.25', 2.5), ('7', 3)"
for id in 1715086680.310 1715079612.25 7; do
  [ "$("$program" query --db ids.db --no-header --param id=$id "SELECT text FROM id WHERE text = :id")" = $id ] || { echo "no row with the id $id"; exit 1; }
done
[ "$("$program" query --db ids.db --no-header --param n=2.50 "SELECT text FROM id WHERE number = :n")" = 1715079612.25 ]
expect 0 query --param a=. --param b=- --param c=-. --param d=e5 --param e=1e --param f=1e+ --param g=1.2.3 --param h=0x --param i=0xg \
  --param j=0x10000000000000000 --param k=00 --param l=-007 --param m=+1 --param n=1_000 --param 'o=1 ' --param p=nan --param q=5.e --param r=1e2x \
  "SELECT json_array(:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l, :m, :n, :o, :p, :q, :r) AS texts" <<'END'
texts
[".","-","-.","e5","1e","1e+","1.2.3","0x","0xg","0x10000000000000000","00","-007","+1","1_000","1 ","nan","5.e","1e2x"]
END
printf 'n\n1\nn\n2\n' | expect 0 query --param a=1 --param b=2 "SELECT :a AS n; SELECT :b AS n; -- done"
expect 2 query "SELECT :from" <<'END'
cdr: the SQL has the parameter :from, which has no value; give --param from=VALUE
END
expect 2 query --param from=1 "SELECT ?" <<'END'
cdr: the SQL has a parameter without a name, ?; write :name and give --param name=VALUE
END
printf 'n\n5\n' | expect 0 query --param 1=5 "SELECT ?1 AS n"
expect 2 query --param form=1 "SELECT 1" <<'END'
cdr: the SQL has no parameter :form, for which --param gives a value
END
expect 2 query --param a "SELECT :a" <<'END'
cdr: --param: expected NAME=VALUE, found 'a'; see 'cdr query --help'
END
expect 2 query --param a=1 --param :a=2 "SELECT :a" <<'END'
cdr: --param: :a is given twice; give it once; see 'cdr query --help'
END

# Files without a warehouse.
expect 0 query "SELECT vendor, count(*) AS dialogs FROM cdr_dialog(cdr_file('$root/samples/conpeek/seed_dialog.json'))" <<'END'
vendor	dialogs
conpeek	1
END
[ ! -e cdr.db ]
expect 1 query "SELECT * FROM interaction" <<'END'
cdr: no such table: interaction (did you mean interactions?); there is no database here: name one with --db, or make one with 'cdr import'
END
# A column that was probably meant, of the tables that the SQL names.
expect 1 query "SELECT a.agent FROM agent_offers('{}') AS a" <<'END'
cdr: no such column: a.agent (line 1, column 8); did you mean agent_id or agent_name?
END
expect 1 query "SELECT start_tme FROM interactions('{}')" <<'END'
cdr: no such column: start_tme (line 1, column 8); did you mean start_time?
END
expect 1 query "SELECT weather FROM interactions('{}')" <<'END'
cdr: no such column: weather (line 1, column 8)
END

# The choice of the database: --db, otherwise CDR_DB, otherwise cdr.db if it exists. None is created.
expect 1 query --db missing.db "SELECT 1" <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
for name in cdr one two; do sqlite3 -batch -init /dev/null $name.db "CREATE TABLE this AS SELECT '$name' AS name"; done
printf 'name\ncdr\n' | expect 0 query "SELECT name FROM this"
export CDR_DB=one.db
printf 'name\none\n' | expect 0 query "SELECT name FROM this"
printf 'name\ntwo\n' | expect 0 query --db two.db "SELECT name FROM this"
expect 0 query "INSERT INTO this VALUES ('three')" < /dev/null
for sql in "DELETE FROM this" "CREATE TABLE other (x)"; do
  expect 1 query --read-only "$sql" <<'END'
cdr: one.db: the SQL would write to it, and --read-only refuses that
END
done
# A query that fails at once prints no column names.
expect 1 query "SELECT cdr_time(1, 'Mars/Olympus') AS time" <<'END'
cdr: time zone: 'Mars/Olympus' is not known; expected an IANA name such as 'Europe/Prague' (as the system's tzdata package spells it), 'UTC', or an offset from '-14:00' to '+14:00'
END
printf 'count(*)\n2\n' | expect 0 query "SELECT count(*) FROM this"
echo "not a database, and long enough to be read as the header of one, which has a hundred bytes at the least" > text.db
expect 1 query --db text.db "SELECT * FROM sqlite_schema" <<'END'
cdr: text.db: file is not a database; name a SQLite database with --db
END

# Usage.
"$program" --help | grep -q '^Exit status: 0 done; 1 an error; 2 wrong usage; 3 imported'

# Rows that cannot be written are an error and are not lost silently.
status=0
"$program" query "SELECT 1" > /dev/full 2> err || status=$?
[ "$status" = 1 ]
[ "$(cat err)" = "cdr: cannot write the rows: No space left on device; send them somewhere with space" ]
