#!/bin/sh
# cdr export: each format read back and compared with the warehouse; files that appear whole or not at all; and with --anonymise no personal data
# leaves the warehouse, whatever is exported.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"
"$program" import "$root/samples" > /dev/null
ask() { plain_on cdr.db "$@"; }
count=$(ask "SELECT count(*) FROM interaction")
nothing_beside() { [ -z "$(find . -name '.*.??????*' | head -1)" ] || { echo "left behind: $(find . -name '.*.??????*')"; exit 1; }; }

# Text: the same rows as cdr query, by the ending of the name or by --format.
for format in csv tsv json ndjson; do
  "$program" query --format $format "SELECT * FROM interaction" > wanted
  printf 'out.%s: %s rows of 1 table\n' $format "$count" | expect 0 export interaction --out out.$format
  cmp wanted out.$format
  "$program" export interaction --format $format --out - | cmp wanted -
done
expect 0 export --sql "SELECT :v AS v, count(*) AS n FROM interaction WHERE vendor = :v" --param v=conpeek --out - --format csv <<END
v,n
conpeek,$(ask "SELECT count(*) FROM interaction WHERE vendor = 'conpeek'")
END
"$program" export interactions --out virtual.tsv > /dev/null
cmp virtual.tsv out.tsv

# A workbook, read by openpyxl: every value of every cell.
"$program" export interaction queue_visit dialog --out out.xlsx > said
grep -q '^out.xlsx: [0-9]* rows of 3 tables$' said
/usr/bin/python3 - <<'END'
import datetime, openpyxl, sqlite3
book = openpyxl.load_workbook('out.xlsx')
assert book.sheetnames == ['interaction', 'queue_visit', 'dialog'], book.sheetnames
database = sqlite3.connect('cdr.db')
cells = instants = 0
for sheet in book:
    cursor = database.execute(f'SELECT * FROM {sheet.title}')
    names = [column[0] for column in cursor.description]
    types = {row[1]: row[2] for row in database.execute(f"PRAGMA table_info('{sheet.title}')")}
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == names
    assert all(cell.font.bold for cell in rows[0]) and sheet.freeze_panes == 'A2' and sheet.auto_filter.ref
    wanted = cursor.fetchall()
    assert len(rows) - 1 == len(wanted), sheet.title
    for row, want in zip(rows[1:], wanted):
        for name, cell, value in zip(names, row, want):
            if value is not None and types[name] == 'TIMESTAMP':
                value = datetime.datetime.fromisoformat(value)
                assert abs(cell.value - value) < datetime.timedelta(milliseconds=1), (name, cell.value, value)
                instants += 1
            elif value is None or value == '':
                assert cell.value is None, (name, cell.value)
            else:
                assert type(cell.value) in ((int, float) if isinstance(value, (int, float)) else (str,)) and cell.value == value, (name, cell.value, value)
            cells += 1
    widths = [sheet.column_dimensions[openpyxl.utils.get_column_letter(n + 1)].width for n in range(len(names))]
    assert all(6 <= width <= 49 for width in widths), widths
assert cells > 5000 and instants > 500
END
# Values that Excel would spoil: numbers that are too long for it, formulas, telephone numbers, long texts, and a table whose name is not allowed for
# a sheet.
plain_on odd.db "CREATE TABLE \"a/b'c:d and a name of more than thirty-one characters\" (n INTEGER, t TEXT, f DOUBLE);
  INSERT INTO \"a/b'c:d and a name of more than thirty-one characters\" VALUES (9007199254740993, '=1+1', 9e999), (5, '+48500000111', 0.5), (NULL, replace(hex(zeroblob(20000)), '0', 'x'), NULL), (1, '2024-05-02', 1);"
expect 0 export --db odd.db "a/b'c:d and a name of more than thirty-one characters" --out odd.xlsx <<'END'
odd.xlsx: 4 rows of 1 table
cdr: warning: 1 text is longer than the 32767 characters of an Excel cell, and cut; export csv to keep them whole
END
/usr/bin/python3 - <<'END'
import openpyxl
[sheet] = openpyxl.load_workbook('odd.xlsx')
assert sheet.title == 'a_b_c_d and a name of more than', sheet.title
rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
assert rows[0] == ['9007199254740993', '=1+1', '1e999'] and sheet['B2'].data_type == 's', rows[0]
assert rows[1] == [5, '+48500000111', 0.5] and rows[3] == [1, '2024-05-02', 1], rows
assert len(rows[2][1]) == 32766, len(rows[2][1])
END

# A SQLite file: the same rows and types; the whole warehouse; two columns with the same name.
"$program" export interaction state_duration --out part.sqlite > /dev/null
for table in interaction state_duration; do
  ask "SELECT * FROM $table" | sort > wanted
  plain_on part.sqlite "SELECT * FROM $table" | sort | cmp wanted -
  ask "SELECT name, type FROM pragma_table_info('$table')" > wanted
  plain_on part.sqlite "SELECT name, type FROM pragma_table_info('$table')" | cmp wanted -
done
printf 'copy.db: a copy of cdr.db\n' | expect 0 export --out copy.db
facts cdr.db > wanted
facts copy.db | cmp wanted -
"$program" export --sql "SELECT 1 AS a, 2 AS A" --out two.sqlite > /dev/null
[ "$(plain_on two.sqlite "SELECT * FROM query")" = "1|2" ]

# Whole or not at all: each failure is one line, an existing file stays, and nothing is left beside it.
echo before > kept.csv
chmod 640 kept.csv
expect 1 export --sql "SELECT 1 WHERE 0" --out kept.csv <<'END'
cdr: there are no rows, so nothing was written; --allow-empty writes a file without rows
END
printf 'kept2.csv: 0 rows of 1 table\n' | expect 0 export --sql "SELECT 1 AS a WHERE 0" --out kept2.csv --allow-empty
[ "$(cat kept2.csv)" = a ]
expect 1 export --sql "SELECT json_extract(value, '\$.a') FROM json_each('[\"{}\", \"{}\", \"{\"]')" --out kept.csv <<'END'
cdr: malformed JSON
END
expect 1 export intraction --out kept.csv <<'END'
cdr: there is no table 'intraction' (did you mean interaction?); 'cdr tables' lists them all
END
[ "$(cat kept.csv)" = before ]
"$program" export --sql "SELECT 1 AS a" --out kept.csv > /dev/null
[ "$(cat kept.csv)" = "$(printf 'a\n1')" ]
[ "$(stat -c %a kept.csv)" = 640 ]
ln -s kept.csv link.csv
"$program" export --sql "SELECT 2 AS a" --out link.csv > /dev/null
[ -L link.csv ] && [ "$(tail -1 kept.csv)" = 2 ]
expect 1 export interaction --out nowhere/x.csv <<'END'
cdr: nowhere/x.csv: cannot be written: No such file or directory; name a file in a folder that you may write to
END
mkdir folder
expect 1 export interaction --format csv --out folder <<'END'
cdr: folder: cannot be written: it is a folder; name a file in it
END
expect 2 export interaction --format sqlite --out cdr.db <<'END'
cdr: cdr.db is the database itself; name another file
END
expect 2 export interaction --format xlsx --out - <<'END'
cdr: -: a workbook or a database cannot be streamed; name a file
END
status=0
"$program" export interaction --format csv --out /dev/full 2> err || status=$?
[ $status = 1 ] && grep -q "^cdr: .*No space left on device" err && [ -c /dev/full ]
# A limit on the size of files simulates a full disk.
"$(dirname "$library")/cdr_generate" --vendor conpeek --dialogs 20000 --seed 1 --out large.ndjson 2> /dev/null
"$program" import --db large.db large.ndjson > /dev/null
for ending in csv json xlsx sqlite; do
  echo before > full.$ending
  status=0
  (
    ulimit -f 600
    trap '' XFSZ
    exec "$program" export --db large.db dialog --out full.$ending 2> err
  ) || status=$?
  [ $status = 1 ] || { echo "a full disk: $ending ended with $status"; cat err; exit 1; }
  [ "$(wc -l < err)" = 1 ]
  grep -q "^cdr: .*cannot .* space$" err || { cat err; exit 1; }
  [ "$(cat full.$ending)" = before ]
done
nothing_beside

# Usage.
expect 2 export interaction --out x.unknown <<'END'
cdr: the format is not known from the name 'x.unknown'; give --format csv, tsv, ndjson, json, xlsx or sqlite
END
expect 2 export interaction --format xslx --out x <<'END'
cdr: --format: expected csv, tsv, ndjson, json, xlsx, sqlite, wfm-generic or wfm-teleopti, found 'xslx' (did you mean xlsx?); see 'cdr export --help'
END
expect 2 export interaction dialog --out x.csv <<'END'
cdr: a text file holds one table; name one, or export xlsx or sqlite
END
expect 2 export --out x.csv <<'END'
cdr: name a table, or give --sql; 'cdr tables' lists the tables
END
expect 2 export interaction --sql "SELECT 1" --out x.csv <<'END'
cdr: both --sql and a table are named; export one or the other
END
expect 2 export --sql "DELETE FROM import_file" --out x.csv <<'END'
cdr: --sql: expected a query, which gives rows and changes nothing
END
expect 2 export --sql "SELECT 1; SELECT 2" --out x.csv <<'END'
cdr: --sql: expected one query, found something after its ';'
END

# Without personal data: no text from a column about a person, anywhere in the warehouse, appears in any byte of the export.
"$program" export --anonymise --out anonymous.sqlite > said 2> err
[ ! -s err ] || { echo "decide about these columns in src/cli/anonymise.cpp and docs/exporting.md:"; cat err; exit 1; }
ask "SELECT DISTINCT table_name FROM cdr_column ORDER BY 1" > wanted
plain_on anonymous.sqlite "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1" | diff wanted -
[ "$(plain_on anonymous.sqlite "SELECT count(*), count(customer_number) > 50, count(first_agent_name) FROM interaction")" = "$count|1|0" ]
"$program" export interaction dialog queue_visit agent_state --anonymise --out anonymous.xlsx > /dev/null
mkdir unzipped
(cd unzipped && /usr/bin/python3 -m zipfile -e ../anonymous.xlsx .)
/usr/bin/python3 - <<'END'
import re, sqlite3, pathlib
database = sqlite3.connect('cdr.db')
page = (pathlib.Path('anonymous.sqlite').read_bytes() + b''.join(p.read_bytes() for p in pathlib.Path('unzipped').rglob('*.xml'))).decode('utf-8', 'replace')
words = set()
for table, in database.execute("SELECT DISTINCT table_name FROM cdr_column").fetchall():
    for _, name, *_ in database.execute(f"PRAGMA table_info('{table}')").fetchall():
        if re.search(r'agent_name|agent_id|tenant_user_(id|username|firstname|surname|display)|(customer|company)_number|display_target|^note$|comment|contact_id|customer_id|organization_name|urls', name) and 'virtual' not in name:
            words |= {str(value) for value, in database.execute(f'SELECT DISTINCT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL')}
words = {word for word in words if len(word) > 5}
assert len(words) > 100, len(words)
# An id of an interaction may contain a customer's; it is that interaction's name in all tables.
ids = '\n'.join(value for value, in database.execute("SELECT interaction_id FROM interaction") if value)
seen = sorted(word for word in words if word in page and word not in ids)
assert not seen, seen
END
# The ids of dialogs are made of agents' (mluvii) or of other ids. They are tokens as a whole, and still join the tables; so do the elements of
# linked_dialogs. No kept text is, or has as a part, an agent's id, a customer's id or a number.
/usr/bin/python3 - <<'END'
import json, re, sqlite3
own, made = sqlite3.connect('cdr.db'), sqlite3.connect('anonymous.sqlite')
token = re.compile('[0-9a-f]{32}')
joins = ["SELECT count(*) FROM dialog JOIN %s USING (dialog_id)" % table for table in ('agent_event', 'agent_offer', 'recording', 'wrap_up')]
joins += ["SELECT count(*) FROM dialog AS d, json_each(d.linked_dialogs) JOIN dialog AS o ON o.dialog_id = value", "SELECT count(DISTINCT dialog_id) FROM dialog",
          "SELECT count(*) FROM dialog WHERE dialog_uuid = dialog_id", "SELECT count(linked_dialogs) FROM dialog"]
for sql in joins:
    [want], [got] = own.execute(sql).fetchone(), made.execute(sql).fetchone()
    assert want == got and want > 0, (sql, want, got)
kept = 0
persons = set()
for table, column in (('agent_event', 'agent_id'), ('agent_state', 'agent_id'), ('dialog', 'contact_id'), ('dialog', 'tenant_user_id'), ('customer_event', 'customer_id'),
                      ('interaction', 'customer_number')):
    # An id of one or two characters may be that of another thing as well.
    persons |= {value for value, in own.execute(f'SELECT DISTINCT {column} FROM {table} WHERE length({column}) > 2')}
for table, in made.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
    for _, name, kind, *_ in made.execute(f"PRAGMA table_info('{table}')").fetchall():
        if kind != 'TEXT':
            continue
        for value, in made.execute(f'SELECT DISTINCT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL').fetchall():
            if name in ('dialog_id', 'dialog_uuid'):
                assert token.fullmatch(value), (table, name, value)
            elif name == 'linked_dialogs':
                assert all(token.fullmatch(each) for each in json.loads(value)), value
            else:
                assert not {value, *re.split('[:/|,]', value)} & persons, (table, name, value)
                kept += 1
assert kept > 500 and len(persons) > 50, (kept, len(persons))
END
# Tokens: equal if the values are, so that they can be counted; the same again with a key, otherwise different.
[ "$(plain_on anonymous.sqlite "SELECT count(DISTINCT first_agent_id) FROM interaction")" = "$(ask "SELECT count(DISTINCT first_agent_id) FROM interaction")" ]
echo "a key that is long enough" > key
query="SELECT DISTINCT customer_number FROM interaction WHERE customer_number IS NOT NULL ORDER BY 1"
"$program" export --anonymise --key-file key --sql "$query" --out one.csv > /dev/null
"$program" export --anonymise --key-file key --sql "$query" --out again.csv > /dev/null
"$program" export --anonymise --sql "$query" --out other.csv > /dev/null
cmp one.csv again.csv
! cmp -s one.csv other.csv || { echo "two keys give one file"; exit 1; }
"$program" query --no-header "SELECT DISTINCT phone_token(customer_number, 'a key that is long enough') FROM interaction WHERE customer_number IS NOT NULL ORDER BY 1" | grep -v '^\\N$' > wanted
grep -v '^\(customer_number\|\)$' one.csv | cmp wanted -
# Other tables cannot be reached.
tables=$(ask "SELECT group_concat(name, ', ') FROM (SELECT DISTINCT table_name AS name FROM cdr_column ORDER BY 1)")
for sql in "SELECT * FROM raw_record" "SELECT * FROM interactions" "SELECT * FROM interactions(cdr_file('x'))" "SELECT cdr_file('x')" "SELECT cdr_import('x')" "SELECT * FROM main.import_file"; do
  status=0
  "$program" export --anonymise --sql "$sql" --out reach.csv > out 2> err || status=$?
  [ $status != 0 ] && [ ! -e reach.csv ] && grep -qF "cdr: with --anonymise the SQL reads the tables that it knows, $tables: " err || { echo "$sql: $status"; cat err; exit 1; }
done
# A list's elements join.
[ "$("$program" export --anonymise --sql "SELECT count(*) AS n FROM dialog AS d, json_each(d.linked_dialogs) JOIN dialog AS o ON o.dialog_id = value" --format csv --out - | tail -1)" = \
  "$("$program" query --no-header "SELECT count(*) FROM dialog AS d, json_each(d.linked_dialogs) JOIN dialog AS o ON o.dialog_id = value")" ]
# The message names what the SQL names.
for name in interactions cdr_mapping queue_report; do
  arguments=
  [ $name != queue_report ] || arguments="('2024-05-06', '2024-05-07')"
  "$program" export --anonymise --sql "SELECT count(*) FROM $name$arguments" --format csv --out - > out 2> err && exit 1
  grep -q ": found $name\$" err || { cat err; exit 1; }
done
for sql in "ATTACH 'cdr.db' AS other" "PRAGMA database_list"; do
  ! "$program" export --anonymise --sql "$sql" --out reach.csv > out 2> err || { echo "$sql is not refused"; exit 1; }
done
expect 1 export --anonymise alibaba_call --out x.csv <<END
cdr: --anonymise does not know the table 'alibaba_call'; it knows $tables
END
echo short > key
expect 1 export --anonymise --key-file key interaction --out x.csv <<'END'
cdr: the key has 5 bytes, expected at least 16: a shorter one can be guessed; put a longer one into the key file
END
expect 1 export --db odd.db --anonymise --out x.sqlite <<'END'
cdr: --anonymise knows the tables of a warehouse, and this is not one; import into it first
END
# The documentation page names every column that is not exported unchanged.
sed -n 's/^ *{"\([a-z0-9_]*\)", Privacy::\([a-z]*\)},$/\1 \2/p' "$root/src/cli/anonymise.cpp" > decided
[ "$(wc -l < decided)" -gt 60 ]
while read -r name privacy; do
  case $privacy,$name in
    kept,*) ! grep -qF "\`$name\`" "$root/docs/exporting.md" || { echo "docs/exporting.md names $name, which is kept"; exit 1; } ;;
    *,call_info_param[2-5] | *,call_info_value[1-4]) ;;  # … in the list
    *) grep -qF "\`$name\`" "$root/docs/exporting.md" || { echo "docs/exporting.md does not name $name"; exit 1; } ;;
  esac
done < decided
nothing_beside
