#!/usr/bin/python3
"""See push_clickhouse.sh: push_clickhouse.py BUILD ROOT."""
import contextlib
import http.client
import http.server
import json
import os
import random
import re
import shutil
import signal
import socketserver
import sqlite3
import ssl
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import clickhouse  # noqa: E402

BUILD, ROOT = sys.argv[1:3]
CDR, GENERATE = f'{BUILD}/cdr', f'{BUILD}/cdr_generate'
# For the full length: the number of faults of each kind; it also turns on tests that wait for a minute. ./dev soak sets it.
ROUNDS = int(os.environ.get('CDR_PUSH_ROUNDS', '0'))
SEED = int(os.environ.get('CDR_TEST_SEED', '7'))
print(f'CDR_TEST_SEED={SEED}')
WORK = clickhouse.folder()
os.chdir(WORK)
os.environ.pop('CDR_DB', None)
os.environ.pop('CDR_CLICKHOUSE_PASSWORD', None)
NUMBER = '48500002001'  # of a customer in the samples


def cdr(*arguments, status=0, environment=None):
    done = subprocess.run([CDR, *arguments], capture_output=True, text=True, env={**os.environ, **(environment or {})})
    assert done.returncode == status, f'exit status {done.returncode}, not {status}: {arguments}\n{done.stdout}{done.stderr}'
    return done.stdout + done.stderr


def push(database, server, *arguments, **options):
    return cdr('push', 'clickhouse', '--db', database, '--url', server if isinstance(server, str) else server.url, *arguments, **options)


def same(server, path, target, what):
    database = sqlite3.connect(path)
    for table in clickhouse.tables(database):
        expected = clickhouse.warehouse_rows(path, table)
        found = clickhouse.server_rows(server.ask, target, path, table)
        if expected != found:
            missing, more = sorted(set(expected) - set(found))[:3], sorted(set(found) - set(expected))[:3]
            raise AssertionError(f'{what}: {table} has {len(found)} rows and should have {len(expected)}\nmissing {missing}\nmore {more}')
    database.close()


def stored(server, target):
    """The number of stored rows of facts, including those that the views hide."""
    return {table: server.ask(f'SELECT count() FROM {target}.fact_{table} FINAL') for table in clickhouse.MODEL}


class Proxy:
    """A proxy before a server. fault(number of the request) returns what happens to it: None, 'drop' (before it reaches the server), 'lose' (its
    answer), 'refuse' (as 'drop', and new connections until the client has noticed), 'delay' (until meanwhile() is done), '429', '503', 'kill' or
    'kill after' (the client)."""

    def __init__(self, server, fault, certificate=None, meanwhile=None):
        proxy, self.count, self.client, self.is_closed = self, 0, None, False
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def log_message(self, *_):
                pass

            def gone(self):
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(2)

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                with lock:
                    number, proxy.count = proxy.count, proxy.count + 1
                what = fault(number)
                if what == 'drop':
                    return self.gone()
                if what == 'refuse':
                    proxy.close()
                    proxy.is_closed = True
                    return self.gone()
                if what == 'delay':
                    meanwhile()
                if what == 'kill':
                    proxy.client.kill()
                    return self.gone()
                if what in ('429', '503'):
                    self.send_response(int(what))
                    self.send_header('Content-Length', '0')
                    self.send_header('Retry-After', '0')
                    self.end_headers()
                    return None
                connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=300)
                connection.request('POST', self.path, body, {name: self.headers[name] for name in ('Content-Encoding', 'Authorization')
                                                             if name in self.headers})
                answer = connection.getresponse()
                text = answer.read()
                if what == 'kill after':
                    proxy.client.kill()
                if what in ('lose', 'kill after'):
                    return self.gone()
                self.send_response(answer.status)
                self.send_header('Content-Length', str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                return None

        self.handler, self.context, self.port = Handler, None, 0
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate + '.pem', certificate + '.key')
        self.open()
        self.url = f'https://localhost:{self.port}' if certificate else f'http://127.0.0.1:{self.port}'

    def open(self):
        self.http = http.server.ThreadingHTTPServer(('127.0.0.1', self.port), self.handler)
        self.port = self.http.server_address[1]
        if self.context:
            self.http.socket = self.context.wrap_socket(self.http.socket, server_side=True)
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def push(self, database, *arguments):
        self.client = subprocess.Popen([CDR, 'push', 'clickhouse', '--db', database, '--url', self.url, *arguments],
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        text = ''
        for line in self.client.stdout:
            text += line
            if self.is_closed and "Couldn't connect" in line:
                self.is_closed = False
                self.open()
        return self.client.wait(), text

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def generate(folder, interactions, part, day):
    subprocess.run([GENERATE, '--vendor', 'all', '--out', folder, '--interactions', str(interactions), '--seed', str(part),
                    '--start-id', str(1000 * part), '--day', day, '--days', '4'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_warehouses():
    """north and south overlap, and whole has the records of both; likewise near, far and both, which are small and cover one month. The small ones
    are for frequent pushes, because an additional month costs a server hundreds of files for each push."""
    samples = f'{ROOT}/samples'
    for part in (1, 2, 3):
        generate(f'part{part}', 60, part, '2026-03-30')
        generate(f'small{part}', 6, 10 + part, '2026-03-10')
    for name, inputs in (('north', [samples, 'part1', 'part2']), ('south', ['part2', 'part3']), ('whole', [samples, 'part1', 'part2', 'part3']),
                         ('near', ['small1', 'small2']), ('far', ['small2', 'small3']), ('both', ['small1', 'small2', 'small3'])):
        cdr('import', '--db', f'{name}.db', *inputs)


def overlapping(server):
    for target, order in (('ns', ('north', 'south')), ('sn', ('south', 'north'))):
        for name in order:
            push(f'{name}.db', server, '--database', target)
        same(server, 'whole.db', target, target)
    before = stored(server, 'ns')
    for name in ('north', 'south', 'north'):
        text = push(f'{name}.db', server, '--database', 'ns')
        assert 'everything up to import' in text, text
        text = push(f'{name}.db', server, '--database', 'ns', '--from-import', '0')
        assert ': 0 interactions and 0 days of agents' in text, text
    assert stored(server, 'ns') == before
    # Rows that both have were sent once: the stored rows are those of the one warehouse of all records.
    for table, count in before.items():
        assert int(count) == len(clickhouse.warehouse_rows('whole.db', table)), table
    same(server, 'whole.db', 'ns', 'repeated')
    print('two warehouses that overlap, in both orders, repeated')


def views(server, target):
    """A view is made again if its text has changed, and is kept if a newer version made it."""
    def version(sql, number):
        server.ask(f'DROP TABLE {target}.interaction')
        server.ask(f'CREATE VIEW {target}.interaction AS {sql}')
        server.ask(f"INSERT INTO {target}.push_view SELECT 'interaction', {number}, 1, now() + 1")
        push('north.db', server, '--database', target)
        return server.ask(f'SELECT count() FROM {target}.interaction').strip()

    def made():
        return server.rows(f'SELECT name, count() FROM {target}.push_view GROUP BY name ORDER BY name')

    before = made()
    assert len(before) > 10 and all(count == '1' for _, count in before), before
    count = server.ask(f'SELECT count() FROM {target}.interaction').strip()
    now = server.ask(f"SELECT max(version) FROM {target}.push_view").strip()
    assert version("SELECT 'old' AS vendor", now) == count
    same(server, 'whole.db', target, 'views')
    assert version("SELECT 'new' AS vendor", 999999) == '1'
    print('views of other versions')


def partial(servers, target, *arguments):
    """One site has some of the records of the other. If it knows only part of an interaction, the whole is shown, even if it is named by a record
    that the site does not have; and erasing the part erases the whole."""
    picks = random.Random(SEED)
    generate('all', 20, 20, '2026-03-10')
    os.mkdir('some')
    for name in os.listdir('all'):
        with open(f'all/{name}') as file, open(f'some/{name}', 'w') as some:
            some.writelines(line for line in file if picks.random() < 0.5)
    cdr('import', '--db', 'all.db', 'all')
    cdr('import', '--db', 'some.db', 'some')
    ids = {name: {row[0] for row in sqlite3.connect(name).execute('SELECT interaction_id FROM interaction')} for name in ('all.db', 'some.db')}
    assert len(ids['some.db'] - ids['all.db']) > 5, 'no interaction of which some records have another name'
    for order in (('all', 'some', 'all'), ('some', 'all')):
        for name in order:
            push(f'{name}.db', servers[0], *arguments, '--database', f'{target}_{order[0]}_first')
        same(servers[0], 'all.db', f'{target}_{order[0]}_first', f'{order[0]} of the records first')
    # One site erases the part, and the whole, which the other site has, is removed.
    part = sorted(ids['some.db'] - ids['all.db'])[0]
    (kept,) = sqlite3.connect('all.db').execute('SELECT interaction_id FROM dialog WHERE dialog_id = ?', (part,)).fetchone()
    cdr('erase', '--db', 'some.db', 'interaction', part, '--yes')
    shutil.copy('all.db', 'third.db')
    cdr('query', '--db', 'third.db', "DELETE FROM cdr_meta WHERE name = 'warehouse_id'")
    target = f'{target}_some_first'
    push('some.db', servers[0], *arguments, '--database', target)
    for name in ('all', 'third'):
        text = push(f'{name}.db', servers[0], *arguments, '--database', target, '--from-import', '0')
        assert '; 1 left out, erased elsewhere' in text, text
    cdr('erase', '--db', 'all.db', 'interaction', kept, '--yes')
    same(servers[0], 'all.db', target, 'a part erased')
    for server in servers:
        assert server.ask(f"SELECT count() FROM {target}.fact_dialog WHERE dialog_id = '{part}'") == '0\n'
    print('a site that has some of the records of another')


def interrupted(server):
    picks = random.Random(SEED)
    counting = Proxy(server, lambda number: None)
    assert counting.push('near.db', '--database', 'counted')[0] == 0
    counting.close()
    requests = counting.count
    kinds = ['kill', 'kill after', 'drop', 'lose', '429', '503', 'refuse', 'delay']
    faults = kinds * (ROUNDS or 1)
    for i, what in enumerate(faults):
        at = picks.randrange(requests)
        target = f'fault{i}'
        proxy = Proxy(server, lambda number, at=at, what=what: what if number == at else None,
                      meanwhile=lambda target=target: push('far.db', server, '--database', target))
        status, text = proxy.push('near.db', '--database', target)
        proxy.close()
        killed = what.startswith('kill')
        assert status == (-signal.SIGKILL if killed else 0), f'{what} at {at}: {text}'
        assert what != 'refuse' or "Couldn't connect to server; trying again" in text, text
        if what in ('429', '503'):  # after a connection is lost between two requests, libcurl reconnects by itself
            assert 'trying again' in text or proxy.count <= at, f'{what} at {at}: {text}'
        # Every second time another site pushes in between.
        comes_between = i % 2 == 0 or what == 'delay'
        if comes_between:
            push('far.db', server, '--database', target)
        push('near.db', server, '--database', target)
        same(server, 'both.db' if comes_between else 'near.db', target, f'{what} at request {at} of {requests}')
        server.ask(f'DROP DATABASE {target}')
        if ROUNDS:
            print(f'  {i + 1} of {len(faults)}: {what} at request {at} of {requests}', flush=True)
    # A warehouse that changed between a killed push and the next one.
    write_dialogs('change.ndjson', {'c-1': None, 'c-2': None})
    for at in range(requests // 8, requests, requests // 4) if ROUNDS else (requests // 2,):
        for name in ('changing.db', 'changed.ndjson'):
            with contextlib.suppress(FileNotFoundError):
                os.remove(name)
        target = f'changing{at}'
        cdr('import', '--db', 'changing.db', 'change.ndjson')
        proxy = Proxy(server, lambda number, at=at: 'kill after' if number == at else None)
        proxy.push('changing.db', '--database', target)
        proxy.close()
        write_dialogs('changed.ndjson', {'c-2': ['c-1'], 'c-3': None})
        cdr('import', '--db', 'changing.db', 'changed.ndjson')
        push('changing.db', server, '--database', target)
        same(server, 'changing.db', target, f'changed after a kill at request {at}')
        server.ask(f'DROP DATABASE {target}')
    if ROUNDS:
        refused = push('near.db', 'http://127.0.0.1:9', status=1)
        assert 'it was tried 10 times' in refused, refused
    print(f'killed, lost and put off at {len(faults)} moments of {requests} requests')


def write_dialogs(path, links):
    with open(path, 'w') as file:
        for name, linked in links.items():
            record = {'dialog_uuid': name, 'dialog_type': 'EXTERNAL', 'start_time': '2026-05-02T06:00:00Z',
                      'hangup_time': '2026-05-02T06:05:00Z', 'talking_time': 1000 + len(linked or ''), 'from_display_target': '+48500000111',
                      'note': 'generated: příliš žluťoučký kůň\t\n\\ 😀', 'variables': {'big': 9007199254740993}}
            if linked:
                record['linked_dialogs'] = linked
            file.write(json.dumps(record) + '\n')


def merged(server):
    write_dialogs('one.ndjson', {'m-1': None, 'm-2': None, 'm-3': None})
    write_dialogs('two.ndjson', {'m-2': ['m-1']})
    cdr('import', '--db', 'merging.db', 'one.ndjson')
    push('merging.db', server, '--database', 'merging')
    assert server.ask('SELECT count() FROM merging.interaction') == '3\n'
    cdr('import', '--db', 'merging.db', 'two.ndjson')
    push('merging.db', server, '--database', 'merging')
    assert server.ask('SELECT count() FROM merging.interaction') == '2\n'
    same(server, 'merging.db', 'merging', 'merged')
    # Returning to the earlier state counts as another file.
    shutil.copy('merging.db', 'copy.db')
    write_dialogs('three.ndjson', {'m-4': None})
    cdr('import', '--db', 'copy.db', 'three.ndjson')
    push('copy.db', server, '--database', 'merging')
    write_dialogs('four.ndjson', {'m-5': None})
    cdr('import', '--db', 'merging.db', 'four.ndjson')
    text = push('merging.db', server, '--database', 'merging', status=1)
    assert 'is not the one that was pushed under its id' in text, text
    push('merging.db', server, '--database', 'merging', '--from-import', '0')
    same(server, 'merging.db', 'merging', 'a copy that was put back')
    print('merged interactions follow, and a file that was put back')


def teams(servers, *arguments):
    """agent_team of all warehouses, in its current state: written, changed and deleted rows, without an import in between."""
    write_dialogs('team.ndjson', {'t-1': None})
    for name in ('first', 'second'):
        cdr('import', '--db', f'{name}.db', 'team.ndjson')

    def write(name, sql):
        cdr('query', '--db', f'{name}.db', sql)
        push(f'{name}.db', servers[0], *arguments, '--database', 'teams')
        assert 'everything up to import' in push(f'{name}.db', servers[0], *arguments, '--database', 'teams')
        found = [server.rows('SELECT * FROM teams.agent_team ORDER BY agent_id, valid_from') for server in servers]
        assert found[0] == found[-1]
        return found[0]

    anna = ['conpeek', 'conpeek', 'anna']
    one = write('first', "INSERT INTO agent_team VALUES ('conpeek', 'conpeek', 'anna', '2024-05-01', 'It''s \\ first'), ('conpeek', 'conpeek', 'anna', '1960-01-01', 'old')")
    assert one == [[*anna, '1960-01-01', 'old'], [*anna, '2024-05-01', "It\\'s \\\\ first"]], one
    two = write('second', "INSERT INTO agent_team VALUES ('conpeek', 'conpeek', 'anna', '2024-05-01', 'Kappa'), ('conpeek', 'conpeek', 'eva', '2024-05-01', 'Žluť')")
    assert two == [one[0], [*anna, '2024-05-01', 'Kappa'], ['conpeek', 'conpeek', 'eva', '2024-05-01', 'Žluť']], two
    assert write('first', "UPDATE agent_team SET team = 'Lambda' WHERE team <> 'old'")[1] == [*anna, '2024-05-01', 'Lambda']
    assert write('first', 'DELETE FROM agent_team') == [[*anna, '2024-05-01', 'Kappa'], two[2]]
    text = push('first.db', servers[0], *arguments, '--database', 'teams', '--from-import', '0')
    assert ': 0 interactions' in text, text
    print('teams')


def files_with(server, text):
    """The server's files that contain the text, either directly or after decompression."""
    found = []
    for folder, _, names in os.walk(server.folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError), open(f'{folder}/{name}', 'rb') as file:
                content = file.read()
                if text.encode() in content or (name.endswith('.bin') and text.encode() in clickhouse.decompressed(content)):
                    found.append(f'{folder}/{name}')
    return found


def erased(servers, target, *arguments):
    """Returns a function to call when there is time to wait: a server keeps unneeded files for a while."""
    cdr('import', '--db', 'eraser.db', *(f'{ROOT}/samples/{name}' for name in ('conpeek/day.ndjson', 'ucontact/day.json')), 'small1')
    shutil.copy('eraser.db', 'other.db')
    for name in ('eraser.db', 'other.db'):
        push(name, servers[0], *arguments, '--database', target)
    assert any(files_with(server, NUMBER) for server in servers), 'nothing to be found before it is erased'
    count = int(cdr('erase', '--db', 'eraser.db', 'customer', NUMBER, '--yes').split()[0])
    text = push('eraser.db', servers[0], *arguments, '--database', target)
    assert count > 0 and f', {count} erased;' in text, text
    # The other site still has the interactions, and does not bring them back.
    text = push('other.db', servers[0], *arguments, '--database', target, '--from-import', '0')
    assert f'{count} left out, erased elsewhere' in text, text
    same(servers[0], 'eraser.db', target, 'erased')
    verifying = subprocess.Popen([CDR, 'push', 'clickhouse', '--db', 'eraser.db', '--url', servers[0].url, *arguments, '--database', target, '--verify-erased'],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def verified():
        text = verifying.communicate()[0]
        assert verifying.returncode == 0, text
        assert f': {count} interactions erased, 0 rows found and deleted now; no row and no old part is left of them' in text, text
        for server in servers:
            assert files_with(server, NUMBER) == []
        print('what was erased is in no file of the servers')

    return verified


def told(server):
    """Messages, secrets, --dry-run, --anonymise."""
    with open('password', 'w') as file:
        file.write(clickhouse.PASSWORD + '\n')
    text = push('south.db', server, '--user', 'site', '--password-file', 'password', '--database', 'told')
    assert 'sent' in text and clickhouse.PASSWORD not in text
    push('south.db', server, '--user', 'site', '--database', 'told', environment={'CDR_CLICKHOUSE_PASSWORD': clickhouse.PASSWORD})
    text = push('south.db', server, '--user', 'site', '--database', 'told', status=1,
                environment={'CDR_CLICKHOUSE_PASSWORD': 'another word'})
    assert 'give --user, and the password by --password-file or CDR_CLICKHOUSE_PASSWORD' in text and 'another word' not in text, text
    text = push('south.db', f'http://site:secret@127.0.0.1:{server.port}', status=2)
    assert 'it contains a user and a password' in text and 'secret' not in text, text
    for arguments, status, said in ((['--anonymise'], 2, '--anonymise needs --key-file'), (['--key-file', 'password'], 2, 'which is not given'),
                                    (['--cluster', 'nowhere'], 1, "it does not know the cluster 'nowhere'"),
                                    (['--cluster', 'centres', '--database', 'x', '--url', server.url], 1, 'give --url once for each node')):
        text = push('south.db', server, *arguments, status=status)
        assert said in text, text
    # --dry-run changes nothing.
    text = push('whole.db', server, '--database', 'planned', '--dry-run')
    assert server.ask("SELECT count() FROM system.databases WHERE name = 'planned'") == '0\n'
    # The counts are those of the file; the golden text has everything else.
    database = sqlite3.connect('whole.db')
    for table in clickhouse.tables(database):
        line = f'{table}: {database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]} rows'
        assert f'\n{line}' in text, line
        text = text.replace(f'\n{line}', f'\n{table}: N rows')
    text = re.sub(r'since import 0 of \d+: \d+ interactions', 'since import 0 of N: N interactions', text.replace(server.url, 'http://SERVER'))
    golden = f'{ROOT}/tests/golden/push_clickhouse.txt'
    if os.environ.get('CDR_UPDATE'):
        with open(golden, 'w') as file:
            file.write(text)
    with open(golden) as file:
        assert file.read() == text, 'the plan differs from tests/golden/push_clickhouse.txt; CDR_UPDATE=1 writes it'
    with open('key', 'w') as file:
        file.write('0123456789abcdef0123456789abcdef\n')
    push('north.db', server, '--database', 'tokens', '--anonymise', '--key-file', 'key')
    cdr('export', '--db', 'north.db', '--anonymise', '--key-file', 'key', '--out', 'tokens.sqlite')
    database = sqlite3.connect('tokens.sqlite')
    for column in ('customer_number', 'first_agent_id', 'first_agent_name', 'last_queue_name'):
        expected = sorted(row[0] or 'NULL' for row in database.execute(f'SELECT {column} FROM interaction'))
        found = sorted(clickhouse.unescaped(row[0]) if row[0] != '\\N' else 'NULL'
                       for row in server.rows(f'SELECT {column} FROM tokens.interaction'))
        assert expected == found, column
    text = push('north.db', server, '--database', 'tokens', '--from-import', '0', status=1)
    assert 'was pushed there with --anonymise, and now in clear' in text, text
    print('secrets, plans, tokens and refusals')


def documented(server, target):
    """The queries in docs/clickhouse.md for servers without views with parameters: their figures equal libcdr's."""
    with open(f'{ROOT}/docs/clickhouse.md') as file:
        blocks = [block.split('```')[0] for block in file.read().split('```clickhouse\n')[1:]]
    (block,) = [block for block in blocks if block.startswith('-- queue_report')]
    warehouse = ('SELECT substr(interval_start, 1, 10) AS day, * FROM {report} WHERE {some}')
    for query, report, some in zip(block.split(';\n')[:-1], ("queue_report('2024-05-01', '2024-06-01', '1d', 'UTC', NULL, NULL, NULL, 20, 5)",
                                                           "interaction_report('2024-05-01', '2024-06-01', '1d', 'UTC', 'outcome')",
                                                           "agent_report('2024-05-01', '2024-06-01', '1d', 'UTC', 'start')"),
                                   ('offered > 0', 'interactions > 0', '(offered > 0) + (talk_seconds IS NOT NULL) > 0')):
        lines = server.ask(query.replace('cdr.', f'{target}.') + '\nFORMAT TabSeparatedWithNames').split('\n')[:-1]
        columns = lines[0].split('\t')

        def figure(name, cell):
            if cell in (None, '\\N'):
                return None
            return str(cell) if name in ('day', 'vendor', 'source', 'queue_id', 'agent_id', 'value') else repr(float(cell))

        found = sorted(([figure(name, cell) for name, cell in zip(columns, line.split('\t'))] for line in lines[1:]), key=str)
        text = cdr('query', '--db', 'whole.db', '--format', 'json', f'SELECT {", ".join(columns)} FROM ({warehouse.format(report=report, some=some)})')
        wanted = sorted(([figure(name, row[name]) for name in columns] for row in json.loads(text)), key=str)
        assert found == wanted and len(found) > 5, (report, [row for row in found if row not in wanted][:3], [row for row in wanted if row not in found][:3])
    print('queries of the documentation')


class Deaf(socketserver.BaseRequestHandler):
    """Answers everything that it receives in HTTP. (ClickHouse's own port does so, too, if TLS's greeting, which is random, looks like a whole line
    to it; otherwise it waits for the rest.)"""

    def handle(self):
        self.request.recv(65536)
        self.request.sendall(b'HTTP/1.0 400 Bad Request\r\n\r\n')
        with contextlib.suppress(ConnectionError):
            while self.request.recv(65536):
                pass


def trusted(server):
    """HTTPS: data is sent only to a server whose certificate is signed by a trusted authority for the requested name."""
    def openssl(*arguments):
        subprocess.run(['openssl', *arguments], check=True, capture_output=True)

    for authority in ('ours', 'theirs'):
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', f'/CN=test authority {authority}', '-keyout', f'{authority}.key',
                '-out', f'{authority}.pem')
    for name, host in (('right', 'localhost'), ('other', 'elsewhere.example')):
        with open('names', 'w') as file:
            file.write(f'subjectAltName=DNS:{host}\n')
        openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', f'/CN={host}', '-keyout', f'{name}.key', '-out', f'{name}.csr')
        openssl('x509', '-req', '-in', f'{name}.csr', '-CA', 'ours.pem', '-CAkey', 'ours.key', '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', f'{name}.pem')
    right, other = (Proxy(server, lambda number: None, certificate=name) for name in ('right', 'other'))
    sign = "; if the server's certificate is signed by an authority of your own, name its file with --ca-file\n"
    for proxy, arguments, said in (
            (right, [], sign), (right, ['--ca-file', 'theirs.pem'], sign),
            (other, ['--ca-file', 'ours.pem'], "; the certificate is for another host: give --url with the host that it names\n"),
            (right, ['--ca-file', 'nowhere.pem'], "cdr: --ca-file: nowhere.pem: No such file or directory; name a file of certificates in PEM form\n"),
            (right, ['--ca-file', 'names'], "cdr: --ca-file: names: there is no certificate in it; name a file of certificates in PEM form\n")):
        text = push('merging.db', proxy.url, '--database', 'trusted', '--password-file', 'password', *arguments, status=1)
        assert text.endswith(said) and text.count('\n') == 1 and clickhouse.PASSWORD not in text, text
    assert right.count == other.count == 0, 'something was sent to a server that is not trusted'
    push('merging.db', right.url, '--database', 'merging', '--from-import', '0', '--ca-file', 'ours.pem')
    same(server, 'merging.db', 'merging', 'over https')
    assert right.count > 3
    for proxy in (right, other):
        proxy.close()
    with socketserver.ThreadingTCPServer(('127.0.0.1', 0), Deaf) as deaf:
        threading.Thread(target=deaf.serve_forever, daemon=True).start()
        text = push('merging.db', 'https://127.0.0.1:%d' % deaf.server_address[1], '--database', 'trusted', status=1)
        deaf.shutdown()
    assert text.endswith('it does not speak TLS at this port: give the port of https, or http:// where nobody can listen\n') and text.count('\n') == 1, text
    print('certificates')


def main():
    servers = clickhouse.start(WORK, 2)
    cluster = ('--cluster', 'centres', '--url', servers[1].url)
    try:
        make_warehouses()
        overlapping(servers[0])
        views(servers[0], 'sn')
        documented(servers[0], 'ns')
        merged(servers[0])
        told(servers[0])
        trusted(servers[0])
        # Scans of the files must not find data of other databases.
        for row in servers[0].rows('SELECT name FROM system.databases'):
            if row[0] not in ('default', 'system'):
                servers[0].ask(f'DROP DATABASE {row[0]}')
        verified = erased(servers, 'erasing', *cluster)
        interrupted(servers[0])
        for name in ('near', 'far', 'near'):
            push(f'{name}.db', servers[0], *cluster, '--database', 'spread')
        for server in servers:
            same(server, 'both.db', 'spread', 'two shards')
        counts = [int(server.ask('SELECT count() FROM spread.interaction_shard')) for server in servers]
        assert min(counts) > sum(counts) / 3, counts
        joined = servers[0].ask('SELECT count() FROM (SELECT interaction_key FROM spread.queue_visit) ALL INNER JOIN '
                                '(SELECT interaction_key FROM spread.interaction) USING (interaction_key)', distributed_product_mode='local')
        assert int(joined) == len(clickhouse.warehouse_rows('both.db', 'queue_visit')), joined
        print('two shards')
        partial(servers, 'partial', *cluster)
        teams(servers, *cluster)
        verified()
    finally:
        for server in servers:
            server.stop()
        os.chdir('/')
        shutil.rmtree(WORK, ignore_errors=True)


main()
