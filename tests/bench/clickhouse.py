#!/usr/bin/python3
"""What clickhouse.sh says: clickhouse.py BUILD ROOT MODULES rate|ten [INTERACTIONS…]

Figures are information; answers that differ fail. Everything is generated, and lies in a folder that is removed: CDR_BENCH_FOLDER says where.
"""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

BUILD, ROOT, MODULES, MODE = sys.argv[1:5]
SIZES = [int(size) for size in sys.argv[5:]]
sys.path.insert(0, f'{ROOT}/tests/e2e')
import clickhouse  # noqa: E402

CDR, GENERATE = f'{BUILD}/cdr', f'{BUILD}/cdr_generate'
WORK = tempfile.mkdtemp(dir=os.environ.get('CDR_BENCH_FOLDER'))
os.chdir(WORK)
os.environ.pop('CDR_DB', None)
# The generator's days; what one asks lies in them.
DAYS = 28
MONTH = {'from': '2026-03-02 00:00:00', 'to': '2026-03-30 00:00:00'}
ZONE = 'Europe/Prague'


def cdr(*arguments):
    done = subprocess.run([CDR, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f'{arguments}\n{done.stdout}{done.stderr}'
    return done.stdout


def timed(what, *arguments):
    before = time.monotonic()
    result = what(*arguments)
    return result, time.monotonic() - before


def generate(folder, interactions, seed, day='2026-03-02', days=DAYS):
    """Records of all four vendors in a folder."""
    subprocess.run([GENERATE, '--vendor', 'all', '--out', folder, '--interactions', str(interactions // 4), '--seed', str(seed),
                    '--start-id', str(10_000_000 * seed), '--day', day, '--days', str(days)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def rows_of(database):
    """Rows of facts that a push sends."""
    with sqlite3.connect(database) as warehouse:
        return sum(warehouse.execute(f'SELECT count(*) FROM {table}').fetchone()[0] for table in clickhouse.tables(warehouse))


def count_of(database):
    with sqlite3.connect(database) as warehouse:
        return warehouse.execute('SELECT count(*) FROM interaction').fetchone()[0]


def compare_reports(engine, target, database, only_month=False):
    """The three reports there against libcdr's; how many rows they have."""
    rows = 0
    for interval in ('1d',) if only_month else ('1h', '1d', '1w', ''):
        shared = {**MONTH, 'interval': interval, 'zone': ZONE}
        ours = {**shared, 'interval': interval or None}
        for by in ('outcome', 'vendor'):
            rows += clickhouse.same_report(engine, target, CDR, database, 'interaction_report', {**shared, 'by': by}, {**ours, 'by': by})
        rows += clickhouse.same_report(engine, target, CDR, database, 'queue_report', {**shared, 'threshold': 20, 'short_abandon': 5},
                                       {**ours, 'credit': None, 'clock': None, 'preset': None, 'threshold': 20, 'short_abandon': 5})
        if interval == '1h':  # of agents so many rows that reading them takes longer than all else
            continue
        rows += clickhouse.same_report(engine, target, CDR, database, 'agent_report', {**shared, 'credit': 'clip'}, {**ours, 'credit': 'clip'})
    return rows


# Asked in both, spelled alike; answers must be equal.
QUESTIONS = {
    'interactions by outcome': 'SELECT outcome, count(*) FROM {0}interaction GROUP BY outcome',
    'average wait by queue': 'SELECT queue_id, count(wait_seconds), round(avg(wait_seconds), 6) FROM {0}queue_visit GROUP BY queue_id',
    'one day of one vendor': "SELECT count(*), count(answer_time) FROM {0}interaction WHERE vendor = 'mluvii' AND {1}",
    'longest conversations': 'SELECT interaction_id, active_seconds FROM {0}interaction WHERE active_seconds IS NOT NULL ORDER BY active_seconds DESC, interaction_id LIMIT 10',
}
DAY = ("day = '2026-03-10'", "start_time >= '2026-03-10' AND start_time < '2026-03-11'")
REPORTS = {
    'interaction_report, a month by days': ('interaction_report', {**MONTH, 'interval': '1d', 'zone': ZONE, 'by': 'outcome'}, {}),
    'queue_report, a month by days': ('queue_report', {**MONTH, 'interval': '1d', 'zone': ZONE, 'threshold': 20, 'short_abandon': 5},
                                      {'credit': None, 'clock': None, 'preset': None}),
    'agent_report, a month by days': ('agent_report', {**MONTH, 'interval': '1d', 'zone': ZONE, 'credit': 'clip'}, {}),
}


def number(cell):
    try:
        return round(float(cell), 6)
    except (TypeError, ValueError):
        return None if cell in (None, '\\N') else clickhouse.unescaped(cell) if isinstance(cell, str) else cell


def answer(rows):
    return sorted((tuple(number(cell) for cell in row) for row in rows), key=repr)


def rate(servers, database, interactions):
    rows, count = rows_of(database), count_of(database)
    print(f'{count:,} interactions, {rows:,} rows of facts, file of {os.path.getsize(database) / 1e6:,.0f} MB')
    for name, server in servers.items():
        target = f'rate{interactions}'
        _, seconds = timed(cdr, 'push', 'clickhouse', '--db', database, '--url', server.url, '--database', target)
        size = server.ask(f"SELECT sum({'bytes_on_disk' if name == 'today' else 'bytes'}) FROM system.parts WHERE database = '{target}' AND active").strip()
        print(f'  {name:8} push {seconds:7.1f} s, {rows / seconds:9,.0f} rows/s, {count / seconds:8,.0f} interactions/s, {int(size) / 1e6:,.0f} MB there')
        _, seconds = timed(cdr, 'push', 'clickhouse', '--db', database, '--url', server.url, '--database', target)
        print(f'  {name:8} push again, nothing new {seconds:.2f} s')
    print(f'  {"seconds of":36} {"file":>8} ' + ' '.join(f'{name:>8}' for name in servers))
    warehouse = sqlite3.connect(f'file:{database}?mode=ro', uri=True)
    for what, sql in QUESTIONS.items():
        wanted, seconds = timed(lambda: warehouse.execute(sql.format('', DAY[1])).fetchall())
        line = f'  {what:36} {seconds:8.2f}'
        for server in servers.values():
            found, seconds = timed(server.ask, sql.format(f'rate{interactions}.', DAY[0]))
            assert answer(wanted) == answer(each.split('\t') for each in found.splitlines()), what
            line += f' {seconds:8.2f}'
        print(line)
    for what, (report, arguments, more) in REPORTS.items():
        ours = {**{key: each for key, each in arguments.items() if key in ('from', 'to', 'interval', 'zone')}, **more, **arguments}
        call = ', '.join('NULL' if each is None else str(each) if isinstance(each, int) else f"'{each}'" for each in ours.values())
        _, seconds = timed(cdr, 'query', '--db', database, '--format', 'ndjson', f'SELECT * FROM {report}({call})')
        named = ', '.join(f"{key} = {each if isinstance(each, int) else chr(39) + each + chr(39)}" for key, each in arguments.items())
        _, there = timed(servers['today'].ask, f'SELECT * FROM rate{interactions}.{report}({named})')
        print(f'  {what:36} {seconds:8.2f} {"-":>8} {there:8.2f}', flush=True)
    assert compare_reports(servers['today'], f'rate{interactions}', database, only_month=True) > 100
    for server in servers.values():
        server.ask(f'DROP DATABASE rate{interactions}')


def measure(sizes):
    (classic,) = clickhouse.start(WORK, 1)
    engine = clickhouse.Engine(ROOT, MODULES)
    try:
        for interactions in sizes:
            generate('records', interactions, 1)
            _, seconds = timed(cdr, 'import', '--db', 'rate.db', 'records')
            print(f'imported in {seconds:.1f} s', flush=True)
            shutil.rmtree('records')
            rate({'Debian': classic, 'today': engine}, 'rate.db', interactions)
            os.remove('rate.db')
    finally:
        engine.stop()
        classic.stop()


def ten(interactions):
    """Each of ten warehouses has its part and its neighbour's; one has all. Pushed in one order, then again in another: nothing changes."""
    engine = clickhouse.Engine(ROOT, MODULES)
    try:
        for part in range(10):
            # Days of its own, because some vendors' ids are made of the time: no id is in two parts.
            generate(f'part{part}', interactions // 10, part + 1, f'2026-03-{2 + 2 * part:02}', 2)
        cdr('import', '--db', 'whole.db', *(f'part{part}' for part in range(10)))
        print(f'one warehouse of {count_of("whole.db"):,} interactions', flush=True)
        for part in range(10):
            cdr('import', '--db', f'site{part}.db', f'part{part}', f'part{(part + 1) % 10}')
        for part in range(10):
            shutil.rmtree(f'part{part}')
        seconds = sum(timed(cdr, 'push', 'clickhouse', '--db', f'site{part}.db', '--url', engine.url)[1] for part in (3, 0, 7, 1, 9, 2, 5, 8, 4, 6))
        print(f'ten warehouses pushed in {seconds:.0f} s', flush=True)
        stored = {table: engine.ask(f'SELECT count(), sum(cityHash64(*)) FROM cdr.{table}') for table in clickhouse.MODEL}
        with sqlite3.connect('whole.db') as whole:
            for table, text in stored.items():
                wanted = whole.execute(f'SELECT count(*) FROM {table}').fetchone()[0]
                assert int(text.split()[0]) == wanted, f'{table} has {text.split()[0]} rows, and should have {wanted}'
        rows = compare_reports(engine, 'cdr', 'whole.db')
        print(f'three reports: {rows:,} rows, equal to those of the one warehouse', flush=True)
        for part in (6, 2, 9):
            text = cdr('push', 'clickhouse', '--db', f'site{part}.db', '--url', engine.url, '--from-import', '0')
            assert ': 0 interactions and 0 days of agents' in text, text
        for table, text in stored.items():
            assert engine.ask(f'SELECT count(), sum(cityHash64(*)) FROM cdr.{table}') == text, table
        print('pushed again: nothing changed')
    finally:
        engine.stop()


try:
    if MODE == 'rate':
        measure(SIZES or [1_000_000, 5_000_000])
    else:
        ten(SIZES[0] if SIZES else int(os.environ.get('CDR_SOAK_INTERACTIONS', '5000000')))
finally:
    os.chdir('/')
    shutil.rmtree(WORK, ignore_errors=True)
