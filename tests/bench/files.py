#!/usr/bin/python3
"""Times questions to a file of JSON: see files.sh.

  files.py BUILD FILE NODE_FOLDER ROUNDS
  files.py --ask LIBRARY THREADS SQL     one measurement of libcdr, in a process of its own
"""
import json
import os
import statistics
import subprocess
import sys
import time

TYPES = {
    'dialog_uuid': 'VARCHAR',
    'business_direction': 'VARCHAR',
    'start_time': 'VARCHAR',
    'talking_time': 'BIGINT',
    'waiting_time': 'BIGINT',
}
FIELDS = 'business_direction, count(*), sum(talking_time), sum(waiting_time)'


def ask(library, threads, sql):
    import sqlite3

    connection = sqlite3.connect(':memory:')
    connection.enable_load_extension(True)
    connection.load_extension(library)
    cpu, begin = time.process_time(), time.perf_counter()
    rows = connection.execute(sql.replace('{threads}', threads)).fetchall()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    print(json.dumps({'seconds': seconds, 'cpu': cpu, 'rows': [[str(value) for value in row] for row in rows]}))


class Engine:
    def __init__(self, name, threads, command):
        self.name, self.threads, self.command = name, threads, command
        self.runs = []

    def run(self, core):
        pin = ['taskset', '-c', core] if self.threads == 1 else []
        answer = subprocess.run(pin + self.command, check=True, capture_output=True, text=True).stdout
        self.runs.append(json.loads(answer))

    def median(self, what):
        return statistics.median(run[what] for run in self.runs[1:])  # without the warm-up run

    def rows(self):
        return sorted(self.runs[0]['rows'])


def main():
    build, file, node, rounds = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    library = os.path.join(build, 'libcdr')
    core = str(max(os.sched_getaffinity(0)))
    with open(file, encoding='utf-8') as lines:
        records = [json.loads(line) for line in lines]
    times = sorted(record['start_time'] for record in records)
    middle, size = len(times) // 2, len(times) // 100
    wanted = records[len(records) * 3 // 4]['dialog_uuid']
    count = len(records)
    del records
    few = f"start_time >= '{times[middle]}' AND start_time < '{times[middle + size]}'"

    def libcdr(sql, threads, path=file, table='cdr_dialog'):
        source = f"{table}(cdr_file('{path}', '{{\"threads\":\"{{threads}}\"}}'))"
        command = [sys.executable, os.path.abspath(__file__), '--ask', library, str(threads), sql.replace('{file}', source)]
        return Engine('libcdr', threads, command)

    def duckdb(sql, columns, threads, path=file):
        types = json.dumps({name: TYPES[name] for name in columns})
        return Engine('DuckDB', threads, ['node', os.path.join(node, 'duckdb_files.mjs'), path, str(threads), types, sql])

    by_direction = f'SELECT {FIELDS} FROM {{file}} GROUP BY 1 ORDER BY 1'
    three = ('business_direction', 'talking_time', 'waiting_time')
    pairs = []
    for form, bars in (('', (1.3, 1.2)), ('.gz', (1.3, 1.3)), ('.zst', (1.3, 1.3))):
        for threads, bar in zip((1, 2), bars):
            pairs.append((f'three fields of {form or "the file"}', bar, libcdr(by_direction, threads, file + form), duckdb(by_direction, three, threads, file + form)))
    for threads in (1, 2):
        sql = f"SELECT dialog_uuid, business_direction, talking_time FROM {{file}} WHERE dialog_uuid = '{wanted}'"
        pairs.append(('one dialog', 1.5, libcdr(sql, threads), duckdb(sql, ('dialog_uuid', 'business_direction', 'talking_time'), threads)))
    for threads in (1, 2):
        sql = f'SELECT {FIELDS} FROM {{file}} WHERE {few} GROUP BY 1'
        # cdr_dialog's times have milliseconds.
        pairs.append(('1 % by time', 1.5, libcdr(sql, threads), duckdb(sql, three + ('start_time',), threads)))
    outcomes = [libcdr('SELECT outcome, count(*) FROM {file} GROUP BY 1', threads, table='interactions') for threads in (1, 2)]
    engines = [engine for _, _, *both in pairs for engine in both] + outcomes
    for _ in range(rounds + 1):
        for engine in engines:
            engine.run(core)

    print(f'{count} dialogs, {os.path.getsize(file)} bytes; {os.cpu_count()} cores; seconds on the clock (cpu: of the processor), medians of {rounds}')
    print(f"{'question':24} {'threads':>7} {'libcdr':>8} {'cpu':>7} {'DuckDB':>8} {'cpu':>7} {'times as fast':>14} {'in cpu':>7}  meant")
    failed = False
    for name, bar, ours, theirs in pairs:
        failed |= ours.rows() != theirs.rows()
        ratios = [theirs.median(what) / ours.median(what) for what in ('seconds', 'cpu')]
        mark = '' if ours.rows() == theirs.rows() else '  ANSWERS DIFFER'
        print(
            f"{name:24} {ours.threads:7} {ours.median('seconds'):8.3f} {ours.median('cpu'):7.3f} {theirs.median('seconds'):8.3f} {theirs.median('cpu'):7.3f}"
            f' {ratios[0]:14.2f} {ratios[1]:7.2f}  at least {bar}{mark}'
        )
    for engine, dialogs in zip(outcomes, (pairs[0][2], pairs[1][2])):
        failed |= outcomes[0].rows() != engine.rows()
        ratios = [engine.median(what) / dialogs.median(what) for what in ('seconds', 'cpu')]
        print(
            f"{'interactions by outcome':24} {engine.threads:7} {engine.median('seconds'):8.3f} {engine.median('cpu'):7.3f} {'':8} {'':7}"
            f' {ratios[0]:14.2f} {ratios[1]:7.2f}  at most 2 times three fields of the file'
        )
    sys.exit(failed)


if sys.argv[1] == '--ask':
    ask(*sys.argv[2:])
else:
    main()
