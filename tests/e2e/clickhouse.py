"""Debian's ClickHouse servers on loopback for the tests, and warehouses to push into them."""
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse

CONFIG = '''<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>
  <http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><listen_host>127.0.0.1</listen_host>
  <path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><users_config>{folder}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size><uncompressed_cache_size>0</uncompressed_cache_size><timezone>UTC</timezone>
  <merge_tree><old_parts_lifetime>1</old_parts_lifetime></merge_tree>
  <remote_servers><centres>{shards}</centres></remote_servers>
</yandex>
'''
USERS = '''<yandex>
  <profiles><default><max_memory_usage>2000000000</max_memory_usage><log_queries>0</log_queries>
    <max_read_buffer_size>65536</max_read_buffer_size>
    <max_compress_block_size>65536</max_compress_block_size><max_threads>2</max_threads></default></profiles>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <site><password>{password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></site>
  </users>
  <quotas><default/></quotas>
</yandex>
'''
PASSWORD = 'not a real password'


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(('127.0.0.1', 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def folder():
    """A new folder, in memory if there is room: a server makes hundreds of files for each table, month and push."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage('/dev/shm').free > 2 << 30:
            return tempfile.mkdtemp(dir='/dev/shm')
    return tempfile.mkdtemp()


def processor_seconds(process):
    """The processor time that a process has used so far."""
    with open(f'/proc/{process.pid}/stat') as file:
        fields = file.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


class Server:
    """One server, with its files in a folder of its own."""

    def __init__(self, folder, http, tcp, shard_ports):
        self.folder, self.port = folder, http
        self.url = f'http://127.0.0.1:{http}'
        for name in ('data', 'tmp'):
            os.makedirs(f'{folder}/{name}')
        shards = ''.join(f'<shard><replica><host>127.0.0.1</host><port>{port}</port></replica></shard>' for port in shard_ports)
        with open(f'{folder}/config.xml', 'w') as file:
            file.write(CONFIG.format(folder=folder, http=http, tcp=tcp, shards=shards))
        with open(f'{folder}/users.xml', 'w') as file:
            file.write(USERS.format(password=PASSWORD))
        self.output = open(f'{folder}/output', 'wb')
        self.process = subprocess.Popen(['/usr/sbin/clickhouse-server', f'--config-file={folder}/config.xml'],
                                        stdout=self.output, stderr=self.output, cwd=folder)
        for _ in range(600):
            try:
                if self.ask('SELECT 1') == '1\n':
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f'clickhouse-server does not start: see {folder}/output and {folder}/errors')

    def ask(self, sql, **settings):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=300)
        connection.request('POST', '/?' + urllib.parse.urlencode({'wait_end_of_query': 1, **settings}), sql.encode())
        response = connection.getresponse()
        text = response.read().decode()
        if response.status != 200:
            raise AssertionError(f'{text.strip()}\n{sql}')
        return text

    def rows(self, sql, **settings):
        return [line.split('\t') for line in self.ask(sql, **settings).splitlines()]

    def seconds(self):
        return processor_seconds(self.process)

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.output.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(folder, count):
    ports = free_ports(2 * count)
    tcp = ports[count:]
    return [Server(f'{folder}/node{i}', ports[i], tcp[i], tcp) for i in range(count)]


LEFT_OUT = ('last_import', 'interaction_key')


def columns(database, table):
    """Names and types of a table of the model, without the columns that only the warehouse has."""
    return [row for row in database.execute('SELECT column_name, type FROM cdr_column WHERE table_name = ? ORDER BY position', (table,))
            if row[0] not in LEFT_OUT]


def tables(database):
    return [row[0] for row in database.execute('SELECT DISTINCT table_name FROM cdr_column ORDER BY 1')
            if row[0] in MODEL]


MODEL = ('interaction', 'dialog', 'queue_visit', 'agent_offer', 'agent_event', 'queue_event', 'ivr_event', 'customer_event',
         'state_duration', 'recording', 'wrap_up', 'agent_state')


def warehouse_rows(path, table):
    """All rows as sorted texts that show every digit of a number."""
    database = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
    names = columns(database, table)
    result = []
    for row in database.execute(f'SELECT {", ".join(name for name, _ in names)} FROM {table}'):
        result.append('\t'.join('NULL' if value is None else repr(float(value)) if kind in ('DOUBLE', 'REAL') else str(value)
                                for value, (_, kind) in zip(row, names)))
    database.close()
    return sorted(result)


ESCAPES = {'b': '\b', 'f': '\f', 'r': '\r', 'n': '\n', 't': '\t', '0': '\0', "'": "'", '\\': '\\'}


def unescaped(text):
    if '\\' not in text:
        return text
    result, i = [], 0
    while i < len(text):
        if text[i] == '\\':
            i += 1
            result.append(ESCAPES[text[i]])
        else:
            result.append(text[i])
        i += 1
    return ''.join(result)


def server_rows(ask, database, path, table, classic=True):
    """The same for a server; ask(sql) returns TabSeparated."""
    warehouse = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
    names = columns(warehouse, table)
    warehouse.close()
    time_of = 'name_ms' if classic else 'toUnixTimestamp64Milli(name)'
    listed = ', '.join(time_of.replace('name', name) if kind == 'TIMESTAMP' else name for name, kind in names)
    result = []
    for line in ask(f'SELECT {listed} FROM {database}.{table}').split('\n')[:-1]:
        cells = []
        for text, (_, kind) in zip(line.split('\t'), names):
            if text == '\\N':
                cells.append('NULL')
            elif kind == 'TIMESTAMP':
                whole, ms = divmod(int(text), 1000)
                stamp = time.gmtime(whole)
                cells.append(time.strftime('%Y-%m-%d %H:%M:%S', stamp) + f'.{ms:03}')
            elif kind in ('DOUBLE', 'REAL'):
                cells.append(repr(float(text)))
            else:
                cells.append(unescaped(text))
        result.append('\t'.join(cells))
    return sorted(result)


def lz4_block(data):
    """Decodes the LZ4 block format: literals, and copies of earlier bytes."""
    result, i = bytearray(), 0

    def length(nibble):
        nonlocal i
        size = nibble
        while nibble == 15:
            size += data[i]
            i += 1
            if data[i - 1] != 255:
                break
        return size

    while i < len(data):
        token = data[i]
        i += 1
        size = length(token >> 4)
        result += data[i:i + size]
        i += size
        if i == len(data):
            break
        offset = data[i] | data[i + 1] << 8
        i += 2
        size = length(token & 15) + 4
        if offset >= size:
            result += result[len(result) - offset:len(result) - offset + size]
        else:
            for _ in range(size):
                result.append(result[-offset])
    return bytes(result)


def decompressed(content):
    """Decodes a column's file: blocks of a checksum, the method, two sizes and the data."""
    result, i = [], 0
    while i < len(content):
        size = int.from_bytes(content[i + 17:i + 21], 'little')
        if content[i + 16] != 0x82:
            raise AssertionError(f'a block of method {content[i + 16]:#x}, expected LZ4')
        result.append(lz4_block(content[i + 25:i + 16 + size]))
        i += 16 + size
    return b''.join(result)


class Engine:
    """The current ClickHouse, from npm's chdb, with its files in the folder `engine` of the working folder."""

    def __init__(self, root, modules):
        os.mkdir('engine')
        self.process = subprocess.Popen(['node', f'{root}/tests/e2e/clickhouse_modern.mjs', os.path.abspath('engine')], cwd=modules)
        for _ in range(600):
            if os.path.exists('engine/port'):
                break
            assert self.process.poll() is None, 'the engine does not start'
            time.sleep(0.1)
        with open('engine/port') as file:
            self.port = int(file.read())
        self.url = f'http://127.0.0.1:{self.port}'

    def ask(self, sql):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=3000)
        connection.request('POST', '/', sql.encode())
        response = connection.getresponse()
        text = response.read().decode()
        assert response.status == 200, f'{text}\n{sql}'
        return text

    def seconds(self):
        return processor_seconds(self.process)

    def stop(self):
        self.process.kill()
        self.process.wait()


def value(text):
    """A value in comparable form: a number by its digits, a time by its instant."""
    if text is None:
        return None
    if isinstance(text, (int, float)):
        return repr(float(text))
    return text


# The arguments of libcdr's reports, in order; the engine's reports take those of them that they support.
ARGUMENTS = {
    'interaction_report': ('from', 'to', 'interval', 'zone', 'by'),
    'queue_report': ('from', 'to', 'interval', 'zone', 'credit', 'clock', 'preset', 'threshold', 'short_abandon'),
    'agent_report': ('from', 'to', 'interval', 'zone', 'credit'),
}


def literal(argument):
    return 'NULL' if argument is None else f"'{argument}'" if isinstance(argument, str) else str(argument)


def report_there(target, name, arguments):
    """A report of the engine, as a table expression."""
    return f'{target}.{name}({", ".join(f"{key} = {literal(each)}" for key, each in arguments.items())})'


def report_here(name, arguments):
    """The same report of libcdr. The interval '' for a whole period becomes NULL here."""
    assert set(arguments) <= set(ARGUMENTS[name]), arguments
    return f'{name}({", ".join(literal(arguments.get(key) or None) for key in ARGUMENTS[name])})'


def same_report(engine, target, program, path, name, arguments):
    """Checks that a report of the engine has libcdr's rows and figures in the columns that it has; returns the number of rows."""
    lines = [json.loads(line) for line in engine.ask(f'SELECT * FROM {report_there(target, name, arguments)} FORMAT JSONEachRow '
                                                     'SETTINGS output_format_json_quote_64bit_integers = 0').splitlines()]
    assert lines, f'{name} gives no row'
    columns = list(lines[0])
    expected = json.loads(subprocess.run([program, 'query', '--db', path, '--format', 'json',
                                          f'SELECT {", ".join(columns)} FROM {report_here(name, arguments)}'],
                                         capture_output=True, text=True, check=True).stdout)
    found = sorted(json.dumps([value(row[column]) for column in columns]) for row in lines)
    wanted = sorted(json.dumps([value(row[column]) for column in columns]) for row in expected)
    missing, more = sorted(set(wanted) - set(found))[:3], sorted(set(found) - set(wanted))[:3]
    every = json.loads(subprocess.run([program, 'query', '--db', path, '--format', 'json', f"SELECT json_group_array(name) AS names FROM pragma_table_info('{name}')"],
                                      capture_output=True, text=True, check=True).stdout)[0]['names']
    assert columns == (json.loads(every) if isinstance(every, str) else every), f'{name}: columns {columns}, and those of libcdr are {every}'
    assert found == wanted, f'{name} {arguments}: {len(found)} rows, not {len(wanted)}\nlibcdr     {missing}\nClickHouse {more}'
    return len(found)
