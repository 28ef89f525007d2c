#!/usr/bin/python3
"""See clickhouse.sh: clickhouse.py BUILD ROOT MODULES rate|ten|make [INTERACTIONS…]

Figures are information; answers that differ fail. Everything is generated in a folder that is removed afterwards: CDR_BENCH_FOLDER sets its place.

With CDR_BENCH_KEEP=1 as well, the warehouses of `ten` are kept, as CDR_BENCH_FOLDER/ten<INTERACTIONS>/whole.db and site0.db to site9.db, and existing
ones are reused. A warehouse is moved there when it is complete, so an interrupted run leaves nothing that misleads the next one. `make INTERACTIONS
[NAME…]` only makes the missing warehouses, or those of them that are named (whole, site0, …); several such commands may run in parallel for different
warehouses:

    export CDR_BENCH_FOLDER=/somewhere CDR_BENCH_KEEP=1
    clickhouse.sh build/release make 5000000 whole & clickhouse.sh build/release make 5000000 site5 site2 site7; wait
    clickhouse.sh build/release ten 5000000

Eleven kept warehouses together take about 12 kB per interaction, and the engine's files about 2 kB. CDR_BENCH_KEEP=whole keeps only whole.db: each
site except the first is removed after it was pushed, and the disk holds at most 8 kB per interaction. whole.db is needed after all sites were pushed,
so `make INTERACTIONS whole` may run in parallel with `ten`.
"""
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

BUILD, ROOT, MODULES, MODE = sys.argv[1:5]
SIZES = [int(size) for size in sys.argv[5:] if size.isdigit()]
NAMES = [name for name in sys.argv[5:] if not name.isdigit()]
sys.path.insert(0, f'{ROOT}/tests/e2e')
import clickhouse  # noqa: E402

CDR, GENERATE = f'{BUILD}/cdr', f'{BUILD}/cdr_generate'
FOLDER, KEEP = os.environ.get('CDR_BENCH_FOLDER'), os.environ.get('CDR_BENCH_KEEP')
assert FOLDER or not KEEP, 'CDR_BENCH_KEEP is set, and CDR_BENCH_FOLDER does not say where to keep them'
WORK = tempfile.mkdtemp(dir=FOLDER)
os.chdir(WORK)
os.environ.pop('CDR_DB', None)
BEGAN = time.monotonic()
# The days of the generated records; the questions are about these.
DAYS = 28
MONTH = {'from': '2026-03-02 00:00:00', 'to': '2026-03-30 00:00:00'}
ZONE = 'Europe/Prague'


def say(text):
    """Prints the text with the elapsed time, because a run may take hours."""
    seconds = int(time.monotonic() - BEGAN)
    print(f'{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}  {text}', flush=True)


def cdr(*arguments):
    done = subprocess.run([CDR, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f'{arguments}\n{done.stdout}{done.stderr}'
    return done.stdout


def timed(what, *arguments):
    before = time.monotonic()
    result = what(*arguments)
    return result, time.monotonic() - before


def own_seconds():
    """The processor time of all runs of cdr so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def push(server, database, *arguments):
    """The output, its seconds, and the processor time that the program and the server used meanwhile."""
    own, there = own_seconds(), server.seconds()
    text, seconds = timed(cdr, 'push', 'clickhouse', '--db', database, '--url', server.url, *arguments)
    return text, seconds, f'processor: {own_seconds() - own:.1f} s here, {server.seconds() - there:.1f} s there'


def generate(folder, interactions, seed, day='2026-03-02', days=DAYS):
    """Generates records of all four vendors in a folder."""
    subprocess.run([GENERATE, '--vendor', 'all', '--out', folder, '--interactions', str(interactions // 4), '--seed', str(seed),
                    '--start-id', str(10_000_000 * seed), '--day', day, '--days', str(days)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def rows_of(database):
    """The number of rows of facts that a push sends."""
    with sqlite3.connect(database) as warehouse:
        return sum(warehouse.execute(f'SELECT count(*) FROM {table}').fetchone()[0] for table in clickhouse.tables(warehouse))


def count_of(database, table='interaction'):
    with sqlite3.connect(database) as warehouse:
        return warehouse.execute(f'SELECT count(*) FROM {table}').fetchone()[0]


def size_there(server, target):
    column = 'bytes_on_disk' if isinstance(server, clickhouse.Engine) else 'bytes'
    return int(server.ask(f"SELECT sum({column}) FROM system.parts WHERE database = '{target}' AND active"))


def compare_reports(engine, target, database, intervals):
    """Compares the three reports of the server with libcdr's; returns the number of their rows."""
    rows = 0
    for interval in intervals:
        shared = {**MONTH, 'interval': interval, 'zone': ZONE}
        asked = [('interaction_report', {**shared, 'by': by}) for by in ('outcome', 'vendor')]
        asked.append(('queue_report', {**shared, 'threshold': 20, 'short_abandon': 5}))
        if interval != '1h':  # an agent report has so many rows that reading them takes most of the time
            asked.append(('agent_report', {**shared, 'credit': 'clip'}))
        for name, arguments in asked:
            rows += clickhouse.same_report(engine, target, CDR, database, name, arguments)
    return rows


# Both engines get the same text, and the answers must be equal.
QUESTIONS = {
    'interactions by outcome': 'SELECT outcome, count(*) FROM {0}interaction GROUP BY outcome',
    'average wait by queue': 'SELECT queue_id, count(wait_seconds), round(avg(wait_seconds), 6) FROM {0}queue_visit GROUP BY queue_id',
    'one day of one vendor': "SELECT count(*), count(answer_time) FROM {0}interaction WHERE vendor = 'mluvii' AND {1}",
    'longest conversations': 'SELECT interaction_id, active_seconds FROM {0}interaction WHERE active_seconds IS NOT NULL ORDER BY active_seconds DESC, interaction_id LIMIT 10',
}
# A day that the first of the ten pushed sites has, too.
DAY = ("day = '2026-03-12'", "start_time >= '2026-03-12' AND start_time < '2026-03-13'")
BY_DAYS = {**MONTH, 'interval': '1d', 'zone': ZONE}
REPORTS = {
    'interaction_report, a month by days': ('interaction_report', {**BY_DAYS, 'by': 'outcome'}),
    'queue_report, a month by days': ('queue_report', {**BY_DAYS, 'threshold': 20, 'short_abandon': 5}),
    'agent_report, a month by days': ('agent_report', {**BY_DAYS, 'credit': 'clip'}),
}


def number(cell):
    try:
        return round(float(cell), 6)
    except (TypeError, ValueError):
        return None if cell in (None, '\\N') else clickhouse.unescaped(cell) if isinstance(cell, str) else cell


def answer(rows):
    return sorted((tuple(number(cell) for cell in row) for row in rows), key=repr)


def compare_times(servers, target, database):
    """Prints the seconds of questions and reports for the file and for the servers."""
    print(f'  {"seconds of":36} {"file":>8} ' + ' '.join(f'{name:>8}' for name in servers))
    with sqlite3.connect(f'file:{database}?mode=ro', uri=True) as warehouse:
        for what, sql in QUESTIONS.items():
            wanted, seconds = timed(lambda: warehouse.execute(sql.format('', DAY[1])).fetchall())
            line = f'  {what:36} {seconds:8.2f}'
            for server in servers.values():
                found, seconds = timed(server.ask, sql.format(f'{target}.', DAY[0]))
                assert answer(wanted) == answer(each.split('\t') for each in found.splitlines()), what
                line += f' {seconds:8.2f}'
            print(line, flush=True)
    for what, (report, arguments) in REPORTS.items():
        _, seconds = timed(cdr, 'query', '--db', database, '--format', 'ndjson', f'SELECT * FROM {clickhouse.report_here(report, arguments)}')
        line = f'  {what:36} {seconds:8.2f}'
        for name, server in servers.items():
            if name == 'today':  # the others have no views with parameters
                line += f' {timed(server.ask, f"SELECT * FROM {clickhouse.report_there(target, report, arguments)}")[1]:8.2f}'
            else:
                line += f' {"-":>8}'
        print(line, flush=True)


def say_memory(engine):
    with open(f'/proc/{engine.process.pid}/status') as file:
        peak = int(re.search(r'VmHWM:\s+(\d+)', file.read()).group(1))
    say(f'peak memory: {peak / 1024:,.0f} MiB of the engine, {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:,.0f} MiB of any run of cdr')


def rate(servers, database, interactions):
    target, rows, count = f'rate{interactions}', rows_of(database), count_of(database)
    say(f'{count:,} interactions, {rows:,} rows of facts, file of {os.path.getsize(database) / 1e6:,.0f} MB')
    for name, server in servers.items():
        _, seconds, processor = push(server, database, '--database', target)
        say(f'{name}: push {seconds:.1f} s, {rows / seconds:,.0f} rows/s, {count / seconds:,.0f} interactions/s, {size_there(server, target) / 1e6:,.0f} MB there; {processor}')
        _, seconds, processor = push(server, database, '--database', target)
        say(f'{name}: push again, nothing new {seconds:.2f} s; {processor}')
    compare_times(servers, target, database)
    assert compare_reports(servers['today'], target, database, ('1d',)) > 100
    for server in servers.values():
        server.ask(f'DROP DATABASE {target}')


def measure(sizes):
    (classic,) = clickhouse.start(WORK, 1)
    engine = clickhouse.Engine(ROOT, MODULES)
    try:
        for interactions in sizes:
            generate('records', interactions, 1)
            _, seconds = timed(cdr, 'import', '--db', 'rate.db', 'records')
            say(f'imported in {seconds:.1f} s')
            shutil.rmtree('records')
            rate({'Debian': classic, 'today': engine}, 'rate.db', interactions)
            os.remove('rate.db')
        say_memory(engine)
    finally:
        engine.stop()
        classic.stop()


SITES = 10
PARTS = 2 * SITES  # of all records


def records_of(part, interactions):
    """Makes a part of the records in a folder. Each part has a day of its own, because uContact's ids consist of the second and five digits, and two
    parts could give one id to two calls; one warehouse keeps one of these, but two warehouses keep both."""
    folder = f'part{part}'
    generate(folder, interactions // PARTS, part + 1, f'2026-03-{2 + part:02}', 1)
    return folder


def kept(interactions):
    """The folder of complete warehouses."""
    folder = f'{FOLDER}/ten{interactions}' if KEEP else '.'
    os.makedirs(folder, exist_ok=True)
    return os.path.abspath(folder)


def warehouse(name, interactions):
    """The warehouse of all records or of a site: kept from an earlier run, or made now. Records are made on demand, and removed."""
    path = f'{kept(interactions)}/{name}.db'
    if os.path.exists(path):
        say(f'{name}: {count_of(path):,} interactions, made before')
        return path
    parts = range(PARTS) if name == 'whole' else [(2 * int(name.removeprefix('site')) + i) % PARTS for i in range(3)]
    for done, part in enumerate(parts, 1):
        _, seconds = timed(cdr, 'import', '--db', f'{name}.making.db', folder := records_of(part, interactions))
        shutil.rmtree(folder)
        say(f'{name}: {done} of {len(parts)} parts, {count_of(f"{name}.making.db"):,} interactions, {os.path.getsize(f"{name}.making.db") / 1e6:,.0f} MB, '
            f'imported in {seconds:.0f} s')
    os.rename(f'{name}.making.db', path)
    return path


# The order in which they are pushed.
ORDER = list(range(SITES))
random.Random(SITES).shuffle(ORDER)


def make(interactions, names):
    assert KEEP, 'what is made is not kept: set CDR_BENCH_KEEP'
    for name in names or ['whole', *(f'site{site}' for site in ORDER)]:
        warehouse(name, interactions)


def stored_rows(engine):
    """The count and hash of the visible rows of each table, by day, so that a question's memory does not grow with the whole."""
    stored = {}
    for table in clickhouse.MODEL:
        for day in engine.ask(f'SELECT DISTINCT day FROM cdr.fact_{table} ORDER BY day').split():
            count, digest = engine.ask(f"SELECT count(), sum(cityHash64(*)) FROM cdr.{table} WHERE day = '{day}'").split()
            stored[table, day] = int(count), digest
    return stored


def ten(interactions):
    """Each of ten warehouses has two parts of its own and one of its neighbour's; one has all. They are pushed in one order, and pushing some again
    changes nothing. Questions are measured after the first site, with about a seventh of all records, and at the end."""
    engine = clickhouse.Engine(ROOT, MODULES)
    try:
        sent, seconds, again = 0, 0.0, ORDER[0]
        for number_of, site in enumerate(ORDER, 1):
            path = warehouse(f'site{site}', interactions)
            text, took, processor = push(engine, path)
            rows = int(re.search(r', (\d+) rows;', text).group(1))
            sent, seconds = sent + rows, seconds + took
            say(f'pushed {number_of} of {SITES}: site {site}, {count_of(path):,} interactions, {rows:,} rows that were not there, {took:.1f} s, {rows / took:,.0f} rows/s; {processor}')
            say(f'there now: {int(engine.ask("SELECT count() FROM cdr.fact_interaction")):,} interactions, {sent:,} rows, {size_there(engine, "cdr") / 1e6:,.0f} MB')
            if number_of == 1:
                compare_times({'today': engine}, 'cdr', path)
            if KEEP != '1' and site != again:
                os.remove(path)
        say(f'ten warehouses pushed in {seconds:.0f} s: {sent:,} rows, {sent / seconds:,.0f} rows/s; {size_there(engine, "cdr") / 1e6:,.0f} MB there')
        stored = stored_rows(engine)
        whole = warehouse('whole', interactions)
        for table in clickhouse.MODEL:
            found, wanted = sum(count for (name, _), (count, _) in stored.items() if name == table), count_of(whole, table)
            assert found == wanted, f'{table} has {found} rows, and should have {wanted}'
        say('all tables have the rows of the one warehouse')
        rows = 0
        for interval in ('1h', '1d', '1w', ''):
            rows += compare_reports(engine, 'cdr', whole, (interval,))
            say(f'three reports by {interval or "the whole period"}: {rows:,} rows so far, equal to those of the one warehouse')
        shutil.copy(f'{kept(interactions)}/site{again}.db', 'again.db')  # the kept file stays unchanged
        cdr('import', '--db', 'again.db', folder := records_of((2 * again + SITES) % PARTS, interactions))
        shutil.rmtree(folder)
        for _ in range(2):
            text, took, processor = push(engine, 'again.db', '--from-import', '0')
            assert re.search(r' 0 rows; 0 removed', text), text
            say(f'site {again} with another site\'s records, all looked at: {count_of("again.db"):,} interactions, {took:.1f} s; {processor}')
        assert stored_rows(engine) == stored
        say('pushed again, and what another site has too: nothing changed')
        compare_times({'today': engine}, 'cdr', whole)
        say_memory(engine)
    finally:
        engine.stop()


try:
    if MODE == 'rate':
        measure(SIZES or [1_000_000, 5_000_000])
    else:
        interactions = SIZES[0] if SIZES else int(os.environ.get('CDR_SOAK_INTERACTIONS', '5000000'))
        if MODE == 'make':
            make(interactions, NAMES)
        else:
            ten(interactions)
finally:
    os.chdir('/')
    shutil.rmtree(WORK, ignore_errors=True)
