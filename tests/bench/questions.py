#!/usr/bin/python3
"""Times analysts' questions to a warehouse: the stored tables, libcdr's virtual tables, and plain tables.

  tests/bench/questions.py BUILD WAREHOUSE [ROUNDS [DUCKDB]]     (tests/bench/asked.sh makes the warehouse)

BUILD is build/release; WAREHOUSE is a file that `cdr import` has filled. The plain tables are made from it once, beside it, by CREATE TABLE AS of
every published table and with the warehouse's indexes on the same columns: they show what SQLite can do with these rows. Each question is put to each
in turn, ROUNDS times (3), short ones more often, and the fastest time counts. It is processor time, because other work on the machine affects that
less; the answers must agree. A question has two limits: the factor by which the stored tables may be slower than the plain ones, and the virtual
tables slower than the stored ones. The last column shows the missed limits, s for stored and v for virtual. DUCKDB is a folder with npm's DuckDB and
duckdb_figures.mjs, where its tables are made from the plain ones: its elapsed times on one and on two threads are shown too, without the time to make
rows of the answer. The figures are information: no test depends on them.
"""
import collections
import csv
import json
import os
import sqlite3
import subprocess
import sys
import time

# The columns by which questions select rows of each published table; the warehouse has an index on each of these.
INDEXES = {
    'interaction': ['interaction_key', 'interaction_id, vendor, source', 'start_time', 'customer_number, start_time', 'last_import'],
    'dialog': ['interaction_key', 'interaction_id', 'start_time', 'agent_id, start_time'],
    'agent_event': ['interaction_key', 'interaction_id'],
    'agent_offer': ['interaction_key', 'interaction_id', 'agent_id, offer_time'],
    'queue_event': ['interaction_key', 'interaction_id'],
    'ivr_event': ['interaction_key', 'interaction_id'],
    'customer_event': ['interaction_key', 'interaction_id'],
    'queue_visit': ['interaction_key', 'interaction_id', 'queue_id, enqueue_time', 'enqueue_time'],
    'state_duration': ['interaction_key', 'interaction_id'],
    'recording': ['interaction_key', 'interaction_id'],
    'wrap_up': ['interaction_key', 'interaction_id'],
    'agent_state': ['agent_id, start_time', 'start_time'],
}
PARTS = ['dialog', 'queue_visit', 'agent_offer', 'recording', 'wrap_up', 'agent_event', 'state_duration']
LEFT_PARTS = PARTS[:5]
DAY = "i.start_time >= '{day}' AND i.start_time < '{next_day}'"
BY_ID = 'USING (interaction_id, vendor, source)'
BY_KEY = 'USING (interaction_key)'


# The targets for each kind of question: the factor of stored to plain, the factor of virtual to stored, and milliseconds.
Bar = collections.namedtuple('Bar', 'title stored virtual milliseconds')
BARS = {
    'one': Bar("one interaction, one customer, an agent's day", 2, 1.3, 2),
    'join': Bar("JOIN of a day", 2, 1.3, None),
    'left': Bar("LEFT JOIN of a day", 2, 1.3, None),
    'count': Bar('count(*) of a table', 2, 1.3, None),
    'latest': Bar('latest 100', 2, 1.3, None),
    'scan': Bar('scans and aggregates', 1.3, 1.3, None),
    'states': Bar('state_duration by vendor and state', 1.5, 1.3, None),
}


def kind_of(name):
    for start, kind in (('one interaction', 'one'), ("a customer's", 'one'), ("an agent's", 'one'), ('LEFT JOIN visits', 'scan'), ('LEFT JOIN', 'left'),
                        ('JOIN agent_event, a month', 'scan'), ('JOIN', 'join'), ('count of', 'count'), ('latest', 'latest'), ('state_duration', 'states')):
        if name.startswith(start):
            return kind
    return 'scan'


def questions():
    yield 'count of interactions', 'SELECT count(*) FROM {interaction}'
    yield 'by outcome', 'SELECT outcome, count(*) FROM {interaction} GROUP BY 1 ORDER BY 1'
    yield 'by vendor and day', 'SELECT vendor, substr(start_time, 1, 10), count(*) FROM {interaction} GROUP BY 1, 2 ORDER BY 1, 2'
    yield 'queue time by queue, a month', ("SELECT queue_id, count(*), round(avg(wait_seconds), 6), round(sum(wait_seconds), 3) FROM {queue_visit} "
                                           "WHERE enqueue_time >= '{month}' AND enqueue_time < '{next_month}' GROUP BY 1 ORDER BY 1")
    yield 'within 20 s by half hour, a month', (
        "SELECT substr(enqueue_time, 1, 14) || iif(substr(enqueue_time, 15, 2) < '30', '00', '30'), sum(outcome = 'ANSWERED'), "
        "sum(outcome = 'ANSWERED' AND wait_seconds <= 20) FROM {queue_visit} WHERE enqueue_time >= '{month}' AND enqueue_time < '{next_month}' GROUP BY 1 ORDER BY 1")
    yield 'abandonment by hour of day, all', ("SELECT substr(enqueue_time, 12, 2), count(*), sum(outcome LIKE 'ABANDONED%') FROM {queue_visit} "
                                              "GROUP BY 1 ORDER BY 1")
    yield 'daily figures, all', ("SELECT substr(start_time, 1, 10), count(*), sum(outcome = 'ANSWERED'), round(sum(active_seconds), 3), round(sum(in_queue_seconds), 3) "
                                 "FROM {interaction} GROUP BY 1 ORDER BY 1")
    yield 'handle time by agent, a month', ("SELECT agent_id, count(*), round(sum(active_seconds), 3), round(sum(acw_seconds), 3) FROM {dialog} "
                                            "WHERE start_time >= '{month}' AND start_time < '{next_month}' AND agent_id IS NOT NULL GROUP BY 1 ORDER BY 1")
    yield 'top 20 agents by talk time', ("SELECT agent_id, round(sum(active_seconds), 3) AS talk FROM {dialog} WHERE agent_id IS NOT NULL "
                                         "GROUP BY 1 ORDER BY talk DESC, 1 LIMIT 20")
    yield 'p90 of wait by queue', (
        "SELECT queue_id, min(wait_seconds) FROM (SELECT queue_id, wait_seconds, cume_dist() OVER (PARTITION BY queue_id ORDER BY wait_seconds) AS share "
        "FROM {queue_visit} WHERE wait_seconds IS NOT NULL) WHERE share >= 0.9 GROUP BY 1 ORDER BY 1")
    yield "a customer's history", "SELECT interaction_id, start_time, outcome FROM {interaction} WHERE customer_number = '{customer}' ORDER BY start_time"
    yield "an agent's day", ("SELECT dialog_id, start_time, outcome, active_seconds FROM {dialog} WHERE agent_id = '{agent}' "
                             "AND start_time >= '{day}' AND start_time < '{next_day}' ORDER BY start_time")
    for table in PARTS + ['queue_event', 'customer_event']:
        order = 'ORDER BY 1, 2, 3'
        columns = {'dialog': 'dialog_id, start_time, outcome', 'queue_visit': 'visit_no, wait_seconds, outcome',
                   'agent_offer': 'offer_no, agent_id, outcome', 'recording': 'recording_id, start_time, media',
                   'wrap_up': 'level, code, name', 'agent_event': 'seq, event, event_time', 'queue_event': 'seq, event, event_time',
                   'customer_event': 'seq, event, event_time', 'state_duration': 'agent_id, state, seconds'}[table]
        yield 'one interaction by id: ' + table, f"SELECT {columns} FROM {{{table}}} WHERE interaction_id = '{{interaction_id}}' {order}"
        yield 'one interaction by key: ' + table, f'SELECT {columns} FROM {{{table}}} WHERE interaction_key = {{key}} {order}'
    for table in PARTS:
        yield 'JOIN by id, a day: ' + table, f'SELECT count(*), sum(x.interaction_key) FROM {{interaction}} AS i JOIN {{{table}}} AS x {BY_ID} WHERE {DAY}'
        yield 'JOIN by key, a day: ' + table, f'SELECT count(*), sum(interaction_key) FROM {{interaction}} AS i JOIN {{{table}}} AS x {BY_KEY} WHERE {DAY}'
    for table in LEFT_PARTS:
        yield 'LEFT JOIN by id, a day: ' + table, f'SELECT count(*), count(x.interaction_key) FROM {{interaction}} AS i LEFT JOIN {{{table}}} AS x {BY_ID} WHERE {DAY}'
        yield 'LEFT JOIN by key, a day: ' + table, f'SELECT count(*), count(x.vendor) FROM {{interaction}} AS i LEFT JOIN {{{table}}} AS x {BY_KEY} WHERE {DAY}'
    yield 'LEFT JOIN visits, all', 'SELECT count(*), count(x.queue_id) FROM {interaction} AS i LEFT JOIN {queue_visit} AS x USING (interaction_key)'
    yield 'state_duration by vendor and state', 'SELECT vendor, state, count(*), round(sum(seconds), 3) FROM {state_duration} GROUP BY 1, 2 ORDER BY 1, 2'
    yield 'latest 100 interactions', 'SELECT interaction_id, start_time, outcome FROM {interaction} ORDER BY start_time DESC, interaction_id LIMIT 100'
    yield 'latest 100 dialogs', 'SELECT dialog_id, start_time, outcome FROM {dialog} ORDER BY start_time DESC, dialog_id LIMIT 100'
    yield 'dialogs of a day', "SELECT count(*), sum(talking_time) FROM {dialog} WHERE start_time >= '{day}' AND start_time < '{next_day}'"
    yield 'distinct agents', 'SELECT DISTINCT agent_id FROM {dialog} ORDER BY 1'
    yield 'JOIN agent_event, a month', ("SELECT x.event, count(*) FROM {interaction} AS i JOIN {agent_event} AS x USING (interaction_key) "
                                        "WHERE i.start_time >= '{month}' AND i.start_time < '{next_month}' GROUP BY 1 ORDER BY 1")
    yield 'greatest concurrency of a day', (
        "SELECT max(open) FROM (SELECT sum(step) OVER (ORDER BY happened, step) AS open FROM (SELECT start_time AS happened, 1 AS step FROM {interaction} AS i WHERE " + DAY +
        " UNION ALL SELECT end_time, -1 FROM {interaction} AS i WHERE " + DAY + " AND end_time IS NOT NULL))")
    yield 'export of dialog', 'SELECT * FROM {dialog}'
    for table in INDEXES:
        yield 'count of ' + table, f'SELECT count(*) FROM {{{table}}}'


def connect(path, library=None):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute('PRAGMA cache_size = -400000')
    if library:
        connection.enable_load_extension(True)
        connection.load_extension(library)
    return connection


def make_plain(warehouse, path):
    plain = connect(path + '.part')
    plain.execute('PRAGMA synchronous = OFF')
    plain.execute('PRAGMA journal_mode = OFF')
    plain.execute('ATTACH ? AS warehouse', (warehouse,))
    for table, indexes in INDEXES.items():
        plain.execute(f'CREATE TABLE {table} AS SELECT * FROM warehouse.{table}')
        for number, columns in enumerate(indexes):
            plain.execute(f'CREATE INDEX {table}_{number} ON {table} ({columns})')
    plain.execute('ANALYZE main')
    plain.close()
    os.rename(path + '.part', path)


def ask(connection, sql):
    begin = time.process_time()
    rows, first = 0, []
    for row in connection.execute(sql):
        rows += 1
        if rows <= 1000:
            first.append(row)
    return time.process_time() - begin, (rows, first if rows <= 1000 else None)


def ask_in_turn(connections, texts, rounds):
    """The fastest time of each, and its answer."""
    best, answers, spent, asked = [None] * len(texts), [None] * len(texts), 0.0, 0
    while asked < rounds or (spent < 0.05 and asked < 50 * rounds):
        for at, (connection, text) in enumerate(zip(connections, texts)):
            seconds, answers[at] = ask(connection, text)
            best[at] = seconds if best[at] is None else min(best[at], seconds)
            spent += seconds
        asked += 1
    return best, answers


def ask_duckdb(folder, plain, texts, rounds):
    """For each question the fastest milliseconds on one thread and on two, and the number of rows."""
    tables = []
    for table in INDEXES:
        path = os.path.join(folder, f'questions-{table}.csv')
        answer = plain.execute(f'SELECT * FROM {table}')
        types = dict(plain.execute('SELECT name, type FROM pragma_table_info(?)', (table,)))
        columns = ', '.join(f"'{name}': '{ {'REAL': 'DOUBLE', 'INT': 'BIGINT'}.get(types[name], 'VARCHAR')}'" for name in types)
        with open(path, 'w', newline='', encoding='utf-8') as file:
            csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows(answer)
        tables.append(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{path}', auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})")
    found = collections.defaultdict(list)
    task = os.path.join(folder, 'questions.json')
    for threads in (1, 2):
        with open(task, 'w', encoding='utf-8') as file:
            json.dump({'threads': threads, 'rounds': rounds, 'tables': tables, 'questions': texts}, file)
        output = subprocess.run(['node', os.path.join(folder, 'duckdb_figures.mjs'), task], check=True, stdout=subprocess.PIPE, text=True).stdout
        for line in output.splitlines():
            answer = json.loads(line)
            found[answer['name']].append(1000 * min(answer['seconds']))
    for table in INDEXES:
        os.remove(os.path.join(folder, f'questions-{table}.csv'))
    os.remove(task)
    return found


def main():
    build, warehouse = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    duckdb_folder = os.path.abspath(sys.argv[4]) if len(sys.argv) > 4 else None
    plain_path = warehouse + '.plain'
    if not os.path.exists(plain_path) or os.path.getmtime(plain_path) < os.path.getmtime(warehouse):
        if os.path.exists(plain_path):
            os.remove(plain_path)
        make_plain(warehouse, plain_path)
    stock, virtual, plain = connect(warehouse), connect(warehouse, os.path.join(build, 'libcdr')), connect(plain_path)
    own = {name: name for name in INDEXES}
    virtual_names = dict(virtual.execute("SELECT stored, name FROM cdr_tables WHERE kind = 'model'"))
    one = lambda sql: plain.execute(sql).fetchone()
    total = one('SELECT count(*) FROM interaction')[0]
    day = one(f"SELECT substr(start_time, 1, 10) FROM interaction WHERE start_time IS NOT NULL ORDER BY start_time LIMIT 1 OFFSET {total // 2}")[0]
    values = {'day': day, 'next_day': one(f"SELECT date('{day}', '+1 day')")[0], 'month': day[:8] + '01',
              'next_month': one(f"SELECT date('{day[:8]}01', '+1 month')")[0]}
    values['customer'] = one("SELECT customer_number FROM interaction WHERE customer_number NOT LIKE '%*%' GROUP BY 1 HAVING count(*) <= 50 ORDER BY count(*) DESC LIMIT 1")[0]
    values['agent'] = one(f"SELECT agent_id FROM dialog WHERE agent_id IS NOT NULL AND start_time >= '{day}' ORDER BY start_time LIMIT 1") or one('SELECT NULL')
    values['agent'] = values['agent'][0]
    values['key'], values['interaction_id'] = one(f"SELECT interaction_key, interaction_id FROM interaction WHERE start_time >= '{day}' AND agent_count > 0 ORDER BY start_time LIMIT 1")
    print(f'{total} interactions, {os.path.getsize(warehouse) / 1e6:.0f} MB; SQLite {sqlite3.sqlite_version}; milliseconds of the processor, the fastest of {rounds} or more')
    # iif is specific to SQLite, and DuckDB returns rows of an export as JSON.
    duckdb = {}
    if duckdb_folder:
        duckdb = ask_duckdb(duckdb_folder, plain, {name: sql.format(**{**own, **values}).replace('iif(', 'if(') for name, sql in questions()
                                                   if not name.startswith('export')}, rounds)
    print(f"{'question':42} {'plain':>10} {'stored':>10} {'virtual':>10} {'stored/plain':>13} {'virtual/stored':>15}" + (f" {'duckdb 1':>10} {'duckdb 2':>10}" if duckdb else '') + '  missed')
    asked, missed = collections.Counter(), collections.defaultdict(list)
    for name, sql in questions():
        texts = [sql.format(**{**names, **values}) for names in (own, own, virtual_names)]
        times, answers = ask_in_turn((plain, stock, virtual), texts, rounds)
        plain_ms, stored_ms, virtual_ms = (1000 * seconds for seconds in times)
        kind = kind_of(name)
        bar = BARS[kind]
        miss = 's' if stored_ms > bar.stored * plain_ms or stored_ms > (bar.milliseconds or stored_ms) else ''
        miss += 'v' if virtual_ms > bar.virtual * stored_ms else ''
        asked[kind] += 1
        for each in miss:
            missed[kind, each].append(name)
        mark = '' if answers[0] == answers[1] == answers[2] else '  ANSWERS DIFFER'
        print(f'{name:42} {plain_ms:10.3f} {stored_ms:10.3f} {virtual_ms:10.3f} {stored_ms / plain_ms:13.2f} {virtual_ms / stored_ms:15.2f}'
              + ''.join(f' {each:10.3f}' for each in duckdb.get(name, [])) + (' ' * 22 if duckdb and name not in duckdb else '') + f'  {miss}{mark}', flush=True)
    print()
    for kind, bar in BARS.items():
        print(f"{bar.title}: at most {bar.stored} x plain{f' and {bar.milliseconds} ms' if bar.milliseconds else ''}: {asked[kind] - len(missed[kind, 's'])} of {asked[kind]};"
              f" virtual at most {bar.virtual} x stored: {asked[kind] - len(missed[kind, 'v'])} of {asked[kind]}")


if __name__ == '__main__':
    main()
