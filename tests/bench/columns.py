#!/usr/bin/python3
"""Times the questions that kept columns are for: grouping, distinct values and counts of a large table.

  tests/bench/columns.py BUILD WAREHOUSE [NODE_FOLDER]

BUILD is build/release; WAREHOUSE is a file that `cdr import` has filled. Each question is put to interactions, as the first and as later questions of
a connection (the median of 5); to the stored table; to a plain copy of it; and, if NODE_FOLDER contains @duckdb/node-api (build/bench, after ./dev
bench), to DuckDB with one thread, which has the same columns in memory. Answers must agree. The figures are information: no test depends on them.
"""
import csv
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from questions import connect

SUMS = 'count(*), round(sum(active_seconds), 3), round(sum(in_queue_seconds), 3), round(sum(handle_seconds), 3)'
QUESTIONS = [
    f'SELECT outcome, {SUMS} FROM interaction GROUP BY 1 ORDER BY 1',
    f'SELECT outcome, direction, {SUMS} FROM interaction GROUP BY 1, 2 ORDER BY 1, 2',
    f'SELECT first_queue_id, {SUMS} FROM interaction GROUP BY 1 ORDER BY 1',
    'SELECT outcome, count(*) FROM interaction GROUP BY 1 ORDER BY 1',
    'SELECT DISTINCT outcome FROM interaction ORDER BY 1',
    'SELECT DISTINCT first_agent_id FROM interaction ORDER BY 1',
    f"SELECT {SUMS} FROM interaction WHERE outcome = 'ANSWERED' AND in_queue_seconds > 20",
    'SELECT count(*) FROM interaction',
]
COLUMNS = 'outcome, direction, first_queue_id, first_agent_id, active_seconds, in_queue_seconds, handle_seconds'


def ask(connection, sql):
    begin = time.perf_counter()
    rows = connection.execute(sql).fetchall()
    return time.perf_counter() - begin, rows


def median(connection, sql):
    times = [ask(connection, sql) for _ in range(5)]
    return statistics.median(seconds for seconds, _ in times), times[0][1]


def alike(a, b):
    # The last digits of sums of doubles depend on the order of rows.
    near = lambda x, y: abs(x - y) <= 1e-9 * abs(x) + 0.0015 if isinstance(x, float) and isinstance(y, float) else x == y
    return len(a) == len(b) and all(near(x, y) for row, other in zip(a, b) for x, y in zip(row, other))


def main():
    build, warehouse = sys.argv[1:3]
    library = os.path.join(build, 'libcdr')
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(warehouse))) as folder:
        plain = connect(os.path.join(folder, 'plain.db'))
        plain.execute('PRAGMA journal_mode = OFF')
        plain.execute('ATTACH ? AS warehouse', (warehouse,))
        plain.execute('CREATE TABLE interaction AS SELECT * FROM warehouse.interaction')
        plain.execute('CREATE INDEX interaction_key ON interaction (interaction_key)')
        stock, virtual = connect(warehouse), connect(warehouse, library)
        rows = stock.execute(f'SELECT {COLUMNS} FROM interaction')
        file = os.path.join(folder, 'interaction.csv')
        with open(file, 'w', newline='', encoding='utf-8') as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS.split(', '))
            writer.writerows(rows)
        duckdb = [None] * len(QUESTIONS)
        if len(sys.argv) > 3:
            shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'duckdb_columns.mjs'), sys.argv[3])
            said = subprocess.run(['node', os.path.join(sys.argv[3], 'duckdb_columns.mjs'), file, '1', *QUESTIONS], check=True, capture_output=True, text=True).stdout
            duckdb = [json.loads(line)['seconds'] for line in said.splitlines()]
        print(f"{stock.execute('SELECT count(*) FROM interaction').fetchone()[0]} interactions; SQLite {sqlite3.sqlite_version}; seconds, medians of 5; first: a connection's first question")
        print(f"{'plain':>8} {'stock':>8} {'first':>8} {'virtual':>8} {'DuckDB 1':>8} {'plain/virtual':>14} {'virtual/DuckDB':>15}  question")
        for sql, of_duckdb in zip(QUESTIONS, duckdb):
            of_plain, expected = median(plain, sql)
            of_stock, found_stock = median(stock, sql)
            asked = sql.replace('FROM interaction', 'FROM interactions')
            fresh = connect(warehouse, library)
            ask(fresh, sql)  # reads the pages of the stored table, as for the others
            first, found_first = ask(fresh, asked)
            fresh.close()
            of_virtual, found = median(virtual, asked)
            mark = '' if alike(expected, found) and alike(expected, found_stock) and alike(expected, found_first) else '  ANSWERS DIFFER'
            of_duckdb_text, ratio = ('', '') if of_duckdb is None else (f'{of_duckdb:.4f}', f'{of_virtual / of_duckdb:.1f}')
            print(f'{of_plain:8.4f} {of_stock:8.4f} {first:8.4f} {of_virtual:8.4f} {of_duckdb_text:>8} {of_plain / of_virtual:14.1f} {ratio:>15}  {sql[:90]}{mark}', flush=True)


main()
