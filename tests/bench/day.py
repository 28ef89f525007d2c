#!/usr/bin/python3
"""Imports the same day's files into an empty warehouse and into a large one.

  tests/bench/day.py BUILD WAREHOUSE FOLDER [ROUNDS]

BUILD is build/release, WAREHOUSE is a filled one, which is copied beside itself for each round, and FOLDER has the day's files. They are imported in
turn, ROUNDS times (3), each time in a process of its own; the medians count. Seconds are elapsed time and processor time. Bytes are those that the
process passed to the system for writing, to the database and its journal (/proc/self/io, wchar).
"""
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time


def import_day(library, warehouse, folder):
    """Runs in the child: one import, which prints its figures as JSON."""
    connection = sqlite3.connect(warehouse, isolation_level=None)
    connection.enable_load_extension(True)
    connection.load_extension(library)
    connection.execute('SELECT cdr_init()')

    def written():
        with open('/proc/self/io') as io:
            return next(int(line.split()[1]) for line in io if line.startswith('wchar'))
    clock, cpu, before = time.perf_counter(), time.process_time(), written()
    answer = json.loads(connection.execute('SELECT cdr_import(?)', (folder,)).fetchone()[0])
    connection.close()
    print(json.dumps({'seconds': time.perf_counter() - clock, 'cpu': time.process_time() - cpu, 'written': written() - before,
                      'inserted': answer['inserted'], 'seen': answer['seen']}))


def main():
    build, warehouse, folder = sys.argv[1:4]
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    size = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
    large, empty = warehouse + '.day', warehouse + '.empty'
    figures = {'empty': [], 'large': []}
    for _ in range(rounds):
        for path, name in ((empty, 'empty'), (large, 'large')):
            if os.path.exists(path):
                os.remove(path)
            if name == 'large':
                shutil.copyfile(warehouse, path)
                os.sync()  # so that the timed import does not have to wait for it
            child = subprocess.run([sys.executable, __file__, '--import', os.path.join(build, 'libcdr'), path, folder], check=True, capture_output=True, text=True)
            figures[name].append(json.loads(child.stdout))
            os.remove(path)
    one = sqlite3.connect(f'file:{warehouse}?mode=ro', uri=True).execute('SELECT count(*) FROM interaction').fetchone()[0]
    print(f"A day of {size / 1e6:.1f} MB, {figures['empty'][0]['seen']} records, into an empty warehouse and into one of {one} interactions; medians of {rounds}")
    if any(each['inserted'] != each['seen'] for each in figures['empty'] + figures['large']):
        sys.exit('bench: the day was not new to the warehouse')
    median = {name: {key: statistics.median(each[key] for each in found) for key in ('seconds', 'cpu', 'written')} for name, found in figures.items()}
    print(f"{'into':8} {'seconds':>8} {'cpu s':>8} {'MB written':>11} {'a byte of JSON':>15}")
    for name, found in median.items():
        print(f"{name:8} {found['seconds']:8.2f} {found['cpu']:8.2f} {found['written'] / 1e6:11.1f} {found['written'] / size:15.2f}")
    print(f"large against empty: {median['large']['seconds'] / median['empty']['seconds']:.2f} times the seconds, {median['large']['cpu'] / median['empty']['cpu']:.2f} times the cpu s "
          f"(bar: at most 1.5); {median['large']['written'] / size:.2f} bytes written a byte of JSON (bar: at most 4)")


if __name__ == '__main__':
    if sys.argv[1] == '--import':
        import_day(*sys.argv[2:])
    else:
        main()
