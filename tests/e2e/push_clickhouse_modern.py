#!/usr/bin/python3
"""What push_clickhouse_modern.sh says: push_clickhouse_modern.py BUILD ROOT MODULES."""
import http.client
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import clickhouse  # noqa: E402

BUILD, ROOT, MODULES = sys.argv[1:4]
CDR, GENERATE = f'{BUILD}/cdr', f'{BUILD}/cdr_generate'
WORK = tempfile.mkdtemp()
os.chdir(WORK)
os.environ.pop('CDR_DB', None)
NUMBER = '48500002001'


def cdr(*arguments):
    done = subprocess.run([CDR, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f'{arguments}\n{done.stdout}{done.stderr}'
    return done.stdout


class Engine:
    def __init__(self):
        os.mkdir('engine')
        self.process = subprocess.Popen(['node', f'{ROOT}/tests/e2e/clickhouse_modern.mjs', f'{WORK}/engine'], cwd=MODULES)
        for _ in range(600):
            if os.path.exists('engine/port'):
                break
            assert self.process.poll() is None, 'the engine does not start'
            time.sleep(0.1)
        with open('engine/port') as file:
            self.port = int(file.read())
        self.url = f'http://127.0.0.1:{self.port}'

    def ask(self, sql):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=300)
        connection.request('POST', '/', sql.encode())
        response = connection.getresponse()
        text = response.read().decode()
        assert response.status == 200, f'{text}\n{sql}'
        return text


def same(engine, path, target):
    database = sqlite3.connect(path)
    for table in clickhouse.tables(database):
        expected = clickhouse.warehouse_rows(path, table)
        found = clickhouse.server_rows(engine.ask, target, path, table, classic=False)
        missing, more = sorted(set(expected) - set(found))[:3], sorted(set(found) - set(expected))[:3]
        assert expected == found, f'{table}: {len(found)} rows, not {len(expected)}\nmissing {missing}\nmore {more}'
    database.close()


def value(text):
    """A number by its digits, a time by its instant."""
    if text is None:
        return None
    if isinstance(text, (int, float)):
        return repr(float(text))
    return text


def report(engine, target, path, name, arguments, ours):
    listed = ', '.join(f"{key} = {json.dumps(each) if not isinstance(each, str) else chr(39) + each + chr(39)}" for key, each in arguments.items())
    lines = [json.loads(line) for line in engine.ask(f'SELECT * FROM {target}.{name}({listed}) FORMAT JSONEachRow '
                                                     'SETTINGS output_format_json_quote_64bit_integers = 0').splitlines()]
    assert lines, f'{name} gives no row'
    columns = list(lines[0])
    call = ', '.join(f"'{each}'" if isinstance(each, str) else ('NULL' if each is None else str(each)) for each in ours.values())
    expected = json.loads(cdr('query', '--db', path, '--format', 'json', f'SELECT {", ".join(columns)} FROM {name}({call})'))
    found = sorted(json.dumps([value(row[column]) for column in columns]) for row in lines)
    wanted = sorted(json.dumps([value(row[column]) for column in columns]) for row in expected)
    missing, more = sorted(set(wanted) - set(found))[:3], sorted(set(found) - set(wanted))[:3]
    assert found == wanted, f'{name} {arguments}: {len(found)} rows, not {len(wanted)}\nlibcdr     {missing}\nClickHouse {more}'
    return len(found)


def main():
    engine = Engine()
    try:
        for part in (1, 2, 3):
            subprocess.run([GENERATE, '--vendor', 'all', '--out', f'part{part}', '--interactions', '150', '--seed', str(part), '--start-id',
                            str(1000 * part), '--day', f'2026-03-2{6 + part}', '--days', '3'], check=True, stdout=subprocess.DEVNULL)
        samples = f'{ROOT}/samples'
        for name, inputs in (('north', [samples, 'part1', 'part2']), ('south', ['part2', 'part3']), ('whole', [samples, 'part1', 'part2', 'part3'])):
            cdr('import', '--db', f'{name}.db', *inputs)
        for name in ('north', 'south', 'north'):
            cdr('push', 'clickhouse', '--db', f'{name}.db', '--url', engine.url)
        same(engine, 'whole.db', 'cdr')
        print('two warehouses that overlap')
        rows = 0
        for zone in ('UTC', 'Europe/Prague', 'Asia/Kathmandu'):
            for interval in ('15m', '30m', '1h', '1d', '1w', '1mo', ''):
                period = {'from': '2026-03-28 00:00:00', 'to': '2026-03-31 00:00:00'}
                if interval in ('15m', '30m'):
                    period = {'from': '2026-03-28 22:00:00', 'to': '2026-03-29 14:00:00'}
                for by in ('outcome', 'direction', 'channel', 'vendor', 'source'):
                    rows += report(engine, 'cdr', 'whole.db', 'interaction_report', {**period, 'interval': interval, 'zone': zone, 'by': by},
                                   {**period, 'interval': interval or None, 'zone': zone, 'by': by})
                rows += report(engine, 'cdr', 'whole.db', 'queue_report',
                               {**period, 'interval': interval, 'zone': zone, 'threshold': 15, 'short_abandon': 4},
                               {**period, 'interval': interval or None, 'zone': zone, 'credit': None, 'clock': None, 'preset': None,
                                'threshold': 15, 'short_abandon': 4})
        assert rows > 1000, rows
        print(f'reports: {rows} rows')
        cdr('erase', '--db', 'north.db', 'customer', NUMBER, '--yes')
        assert engine.ask(f"SELECT count() FROM cdr.interaction WHERE customer_number = '{NUMBER}'") != '0\n'
        cdr('push', 'clickhouse', '--db', 'north.db', '--url', engine.url)
        assert engine.ask(f"SELECT count() FROM cdr.fact_interaction WHERE customer_number = '{NUMBER}'") == '0\n'
        print('erased')
    finally:
        engine.process.kill()
        engine.process.wait()
        os.chdir('/')
        shutil.rmtree(WORK, ignore_errors=True)


main()
