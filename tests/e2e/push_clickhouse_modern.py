#!/usr/bin/python3
"""See push_clickhouse_modern.sh: push_clickhouse_modern.py BUILD ROOT MODULES."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import clickhouse  # noqa: E402

BUILD, ROOT, MODULES = sys.argv[1:4]
CDR, GENERATE = f'{BUILD}/cdr', f'{BUILD}/cdr_generate'
WORK = tempfile.mkdtemp()
os.chdir(WORK)
os.environ.pop('CDR_DB', None)
NUMBER = '48500002001'
# All of them in the zone whose clock changes; in the others those that begin at other instants there.
INTERVALS = {'UTC': ('1d', ''), 'Europe/Prague': ('15m', '30m', '1h', '1d', '1w', '1mo', ''), 'Asia/Kathmandu': ('15m', '1d', '1mo')}
# A queue and an agent that are given another name: the session of each day, and the two names.
NAMES = [('2025-01-30', 'Zelena', 'Podpora'), ('2025-02-01', 'Bila', 'Helpdesk')]


def cdr(*arguments):
    done = subprocess.run([CDR, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f'{arguments}\n{done.stdout}{done.stderr}'
    return done.stdout


def same(engine, path, target):
    database = sqlite3.connect(path)
    for table in clickhouse.tables(database):
        expected = clickhouse.warehouse_rows(path, table)
        found = clickhouse.server_rows(engine.ask, target, path, table, classic=False)
        missing, more = sorted(set(expected) - set(found))[:3], sorted(set(found) - set(expected))[:3]
        assert expected == found, f'{table}: {len(found)} rows, not {len(expected)}\nmissing {missing}\nmore {more}'
    database.close()


def renamed(number, day, agent, queue):
    operator = {'userId': 501, 'firstName': 'Jana', 'lastName': agent}
    times = {name: f'{day}T10:{at}Z' for name, at in (('created', '00:10'), ('guestJoined', '00:11'), ('started', '00:38'), ('ended', '05:50'))}
    steps = [('00:10', 'RoutingRequestCreated', {}), ('00:10', 'EnteredGroupQueue', {'group': {'id': 22, 'name': queue}}),
             ('00:20', 'AssignedToOperator', {'operator': operator}), ('00:38', 'AcceptedByOperator', {'operator': operator})]
    return json.dumps({'id': number, 'companyId': 7, 'channel': 'Phone', 'source': 'IncomingCall', 'status': 'CLOSED', **times,
                       'operators': [{**operator, 'joined': times['started'], 'left': times['ended'], 'concluded': f'{day}T10:06:00Z'}],
                       'routingHistory': [{'timestamp': f'{day}T10:{at}Z', 'activityType': what, **more} for at, what, more in steps]}) + '\n'


def main():
    engine = clickhouse.Engine(ROOT, MODULES)
    try:
        for part in (1, 2, 3):
            subprocess.run([GENERATE, '--vendor', 'all', '--out', f'part{part}', '--interactions', '150', '--seed', str(part), '--start-id',
                            str(1000 * part), '--day', f'2026-03-2{6 + part}', '--days', '3'], check=True, stdout=subprocess.DEVNULL)
        samples = f'{ROOT}/samples'
        with open('renamed.ndjson', 'w') as file:
            file.writelines(renamed(9_000_000 + number, *each) for number, each in enumerate(NAMES))
        for name, inputs in (('north', [samples, 'part1', 'part2', 'renamed.ndjson']), ('south', ['part2', 'part3']),
                             ('whole', [samples, 'part1', 'part2', 'part3', 'renamed.ndjson'])):
            cdr('import', '--db', f'{name}.db', *inputs)
        # Teams, some with agents who join in the middle of the period.
        for name in ('north', 'south', 'whole'):
            cdr('query', '--db', f'{name}.db', "INSERT INTO agent_team SELECT vendor, source, agent_id, '1970-01-01', 'Team ' || (length(agent_id) % 3) FROM agent "
                "WHERE vendor <> 'mluvii'")
        for name in ('south', 'whole'):
            cdr('query', '--db', f'{name}.db', "INSERT INTO agent_team SELECT vendor, source, agent_id, '2026-03-29', 'Team of Sunday' FROM agent "
                "WHERE agent_id < '3' AND agent_id IN (SELECT agent_id FROM agent_offer WHERE offer_time >= '2026-03-27')")
        for name in ('north', 'south', 'north'):
            cdr('push', 'clickhouse', '--db', f'{name}.db', '--url', engine.url)
        same(engine, 'whole.db', 'cdr')
        print('two warehouses that overlap')
        rows = 0
        for zone, intervals in INTERVALS.items():
            for interval in intervals:
                period = {'from': '2026-03-28 00:00:00', 'to': '2026-03-31 00:00:00'}
                if interval in ('15m', '30m'):
                    period = {'from': '2026-03-28 22:00:00', 'to': '2026-03-29 14:00:00'}
                shared = {**period, 'interval': interval, 'zone': zone}
                for by in ('outcome', 'direction', 'channel', 'vendor', 'source') if (interval, zone) == ('1h', 'Europe/Prague') else ('outcome',):
                    rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'interaction_report', {**shared, 'by': by})
                rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'queue_report', {**shared, 'threshold': 15, 'short_abandon': 4})
                # agent_report has the most rows and is the slowest to read: an interval runs in one zone, and all credits only for hours in Prague.
                if interval not in {'UTC': ('1d',), 'Europe/Prague': ('15m', '1h', '1w', ''), 'Asia/Kathmandu': ('1mo',)}[zone]:
                    continue
                for credit in ('clip', 'start', 'end') if (interval, zone) == ('1h', 'Europe/Prague') else ('clip',):
                    rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'agent_report', {**shared, 'credit': credit})
        # A period that ends between the sides of two agents in one conversation.
        (to,) = sqlite3.connect('whole.db').execute(
            "SELECT max(b.start_time) FROM interaction AS i JOIN dialog AS a USING (interaction_key) JOIN dialog AS b USING (interaction_key) WHERE i.transfer_count > 0 AND "
            "a.outcome = 'ANSWERED' AND b.outcome = 'ANSWERED' AND a.agent_id <> b.agent_id AND a.start_time < b.start_time AND b.start_time LIKE '2026-03-%'").fetchone()
        for interval in ('1h', ''):
            rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'agent_report',
                                           {'from': '2026-03-28 00:00:00', 'to': to, 'interval': interval, 'zone': 'UTC', 'credit': 'clip'})
        # A period with recorded states of agents.
        period = {'from': '2024-05-01 00:00:00', 'to': '2024-05-08 00:00:00'}
        (states,) = sqlite3.connect('whole.db').execute('SELECT count(*) FROM agent_state WHERE start_time >= ? AND end_time < ?', tuple(period.values())).fetchone()
        assert states > 10, states
        for interval, credit in (('1h', 'clip'), ('1d', 'end'), ('', 'clip')):
            rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'agent_report', {**period, 'interval': interval, 'zone': 'Europe/Prague', 'credit': credit})
        # From where a state ends, and from the time after a hang-up up to which a conversation lasts by the vendor's figure.
        database = sqlite3.connect('whole.db')
        (end,) = database.execute("SELECT min(end_time) FROM agent_state WHERE state_category <> 'OFFLINE' AND start_time < end_time AND end_time LIKE '%.000'").fetchone()
        rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'agent_report', {**period, 'from': end, 'interval': '', 'zone': 'UTC', 'credit': 'end'})
        (start,) = database.execute("SELECT min(strftime('%Y-%m-%d %H:%M:%f', hangup_time, '1 second')) FROM dialog WHERE agent_id IS NOT NULL AND hangup_time LIKE '%.000' AND "
                                    "strftime('%Y-%m-%d %H:%M:%f', start_time, (active_seconds - 1) || ' seconds') > hangup_time").fetchone()
        for credit in ('clip', 'end'):
            rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'agent_report',
                                           {'from': start, 'to': f'{start[:10]} 23:59:00', 'interval': '', 'zone': 'UTC', 'credit': credit})
        # The last name in each period.
        for last, (_, agent, queue) in (('2025-02-01', NAMES[0]), ('2025-03-01', NAMES[1])):
            period = {'from': '2025-01-01 00:00:00', 'to': f'{last} 00:00:00', 'interval': '1mo', 'zone': 'UTC'}
            rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'agent_report', {**period, 'credit': 'clip'})
            rows += clickhouse.same_report(engine, 'cdr', CDR, 'whole.db', 'queue_report', {**period, 'threshold': 20, 'short_abandon': 5})
            for report, what, name in ((clickhouse.report_there('cdr', 'agent_report', {**period, 'credit': 'clip'}), 'agent_name', f'Jana {agent}'),
                                       (clickhouse.report_there('cdr', 'queue_report', {**period, 'threshold': 20, 'short_abandon': 5}), 'queue_name', queue)):
                assert engine.ask(f'SELECT DISTINCT {what} FROM {report}') == f'{name}\n', (last, what)
        assert rows > 1000, rows
        print(f'reports: {rows} rows')
        cdr('erase', '--db', 'north.db', 'customer', NUMBER, '--yes')
        assert engine.ask(f"SELECT count() FROM cdr.interaction WHERE customer_number = '{NUMBER}'") != '0\n'
        cdr('push', 'clickhouse', '--db', 'north.db', '--url', engine.url)
        assert engine.ask(f"SELECT count() FROM cdr.fact_interaction WHERE customer_number = '{NUMBER}'") == '0\n'
        print('erased')
    finally:
        engine.stop()
        os.chdir('/')
        shutil.rmtree(WORK, ignore_errors=True)


main()
