#!/usr/bin/python3
"""The warehouse over JDBC: jdbc.py CLASSPATH DATABASE LIBRARY

Every table and view has its declared types, and every value equals SQLite's: instants as timestamps, durations as doubles, whole numbers as 64 bits.
Dates as parameters, read-only mode, and libcdr's tables and functions through enable_load_extension. All of that with the settings of docs/odbc.md,
and the results without them.
"""
import sqlite3
import subprocess
import sys

classpath, path, library = sys.argv[1:]
# As docs/odbc.md describes it.
URL = 'jdbc:sqlite:{}?open_mode=1&date_class=TEXT'
database = sqlite3.connect(path)


def ask(sql, *parameters):
    return database.execute(sql, parameters).fetchall()


def unescaped(field):
    if field == '\\N':
        return None
    return field.replace('\\\\', '\0').replace('\\t', '\t').replace('\\n', '\n').replace('\\r', '\r').replace('\0', '\\')


def told(zone):
    """The output of Jdbc.java: rows by table, columns by table, kinds of tables, and the rest by its first word."""
    run = subprocess.run(['java', f'-Duser.timezone={zone}', '-Dfile.encoding=UTF-8', '-cp', classpath, 'Jdbc', URL.format(path), library], capture_output=True)
    assert run.returncode == 0, run.stderr.decode()
    rows, columns, kinds, rest = {}, {}, {}, {}
    for line in run.stdout.decode().split('\n')[:-1]:
        word, *fields = [unescaped(field) for field in line.split('\t')]
        if word == 'row':
            rows.setdefault(fields[0], []).append(fields[1:])
        elif word == 'column':
            columns.setdefault(fields[0], []).append((fields[1], fields[2]))
        elif word in ('TABLE', 'VIEW'):
            kinds[fields[0]] = word.lower()
        else:
            rest.setdefault(word, []).append(fields)
    return rows, columns, kinds, rest


def expected(value, declared):
    """A value as Jdbc.java writes it for its column's declared type."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.hex()
    return value if declared in ('DOUBLE', 'INTEGER', 'BIGINT') else str(value)


def same_rows(zone, rows, columns):
    count = 0
    for table, listed in columns.items():
        wanted = [[expected(value, declared) for value, (_, declared) in zip(row, listed)] for row in ask(f'SELECT * FROM "{table}"')]
        found = [[field if field is None else float(field) if declared == 'DOUBLE' else int(field) if declared in ('INTEGER', 'BIGINT') else field
                  for field, (_, declared) in zip(row, listed)] for row in rows.get(table, [])]
        for want, row in zip(wanted, found):
            assert want == row, f'{zone}: {table}: {[(name, w, f) for (name, _), w, f in zip(listed, want, row) if w != f]}'
        assert len(wanted) == len(found), f'{zone}: {table} has {len(found)} rows, and should have {len(wanted)}'
        count += len(wanted)
    return count


tables = dict(ask("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"))
since = 'SELECT count(*) FROM interaction WHERE start_time >= ?'
at, two_hours_later = (ask(since, f'2024-05-06 0{hour}:01:00.000')[0] for hour in (1, 3))
assert at != two_hours_later, 'the samples do not tell these two hours apart'
for zone in ('UTC', 'Europe/Prague'):
    rows, columns, kinds, rest = told(zone)
    assert kinds == tables, (kinds, tables)
    for table, listed in columns.items():
        assert listed == ask('SELECT name, type FROM pragma_table_info(?)', table), table
    count = same_rows(zone, rows, columns)
    assert count > 5000 and sum(len(listed) for listed in columns.values()) > 600, count
    assert rest['sum'] == [[str(ask('SELECT sum(bytes) FROM import_file')[0][0]), 'Long']], rest['sum']
    assert rest['text'] == rest['timestamp of UTC'] == [[str(at[0])]], rest
    # By default Java writes an instant in its own zone: docs/odbc.md says to set UTC.
    assert rest['timestamp'] == [[str(at[0] if zone == 'UTC' else two_hours_later[0])]], rest
    midnight = '2024-05-06 00:00:00.000'
    assert rest['date'] == [[str(ask(since, midnight)[0][0])]], rest
    # A number is less than every text, so the condition holds for all rows.
    assert rest['timestamp as number'] == [[str(ask('SELECT count(start_time) FROM interaction')[0][0])]], rest
    assert 'readonly database' in rest['write'][0][0], rest
    assert rest['loaded'][0][1:] == [str(value) for value in ask('SELECT count(*), round(sum(active_seconds), 3) FROM interaction')[0]], rest
    assert rest['virtual'] == rest['timestamp'], rest
    assert len(rest['report']) == 3, rest
    assert "'Mars/Olympus' is not known; expected an IANA name" in rest['error'][0][0], rest
print(f'driver {rest["driver"][0][0]}, SQLite {rest["driver"][0][1]}: {count} rows of {len(tables)} tables and views are as they should be')
