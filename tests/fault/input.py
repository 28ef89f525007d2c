#!/usr/bin/python3
"""The file system fails while input is read: every call by which libcdr looks at a file or a folder fails once, in turn, with an error, a short read,
a signal or a premature end of file.

    input.py LIBRARY FAULTS ROOT [all]

FAULTS is the library made of input_faults.cpp. With `all`, every call gets every fault. By default every second call gets one: EIO, and the other
kinds in turn.

After each fault, either the result is as if it had not happened, or the program names the path and the reason, exits with 1, and the warehouse is
unchanged for each file that it does not have as a whole. The same command again then gives the result of an undisturbed one.
"""
import errno
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.stdout.reconfigure(line_buffering=True)
library, faults, root = (os.path.realpath(path) for path in sys.argv[1:4])
everything = sys.argv[4:] == ['all']
program = os.path.join(os.path.dirname(library), 'cdr')
generator = os.path.join(os.path.dirname(library), 'cdr_generate')

SKIPPED = 77
if 'asan' in subprocess.run(['ldd', library], capture_output=True, text=True).stdout:
    print('skipped: the address sanitizer must be the first library that is loaded')
    sys.exit(SKIPPED)

# Faults that a retry hides, and faults that end the reading.
HARMLESS = {str(errno.EINTR): 'EINTR', 'short': 'a short read'}
OTHERS = ('end', *HARMLESS, *(str(getattr(errno, name)) for name in ('ESTALE', 'EACCES', 'ENAMETOOLONG', 'EMFILE', 'ELOOP', 'ENOMEM')))
FAULTS = (str(errno.EIO), *OTHERS)


def reason(how):
    return 'it ended after' if how == 'end' else os.strerror(int(how))


class Failed(Exception):
    pass


def run(*arguments, fault=None, at=None, count=False):
    environment = {name: value for name, value in os.environ.items() if not name.startswith('CDR_')}
    if at is not None or count:
        environment.update(LD_PRELOAD=faults, CDR_FAULT_PATH='faulty')
    if at is not None:
        environment.update(CDR_FAULT_AT=str(at), CDR_FAULT_HOW=fault)
    if count:
        environment.update(CDR_FAULT_COUNT='count')
    return subprocess.run([program, *arguments], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)


def calls(*arguments):
    """The number of calls when none of them fails."""
    run(*arguments, count=True)
    with open('count') as file:
        return int(file.read())


def state(path):
    """The contents of a warehouse that an import changes, except times and order."""
    with sqlite3.connect(path) as database:
        ask = lambda sql: sorted(map(repr, database.execute(sql)))
        return {
            'ledger': ask("SELECT path, status, seen, inserted, updated, quarantined, error, hex(content_hash) FROM import_file"),
            'raw': ask("SELECT vendor, resource, source, record_id, hex(content_hash), hex(payload) FROM raw_record"),
            'quarantine': ask("SELECT path, record, byte_offset, code, message, state FROM quarantine"),
            'interactions': ask("SELECT vendor, source, interaction_id, start_time, outcome FROM interaction"),
        }


def facts_hash(path):
    with sqlite3.connect(path) as database:
        database.enable_load_extension(True)
        database.load_extension(library)
        rebuilt, found = database.execute("SELECT r ->> 'changed', r ->> 'facts_hash' FROM (SELECT cdr_rebuild() AS r)").fetchone()
        if rebuilt:
            raise Failed('cdr_rebuild() changes what was imported')
        return found


def copy(to, of='before.db'):
    shutil.copyfile(of, to)


def ways(number):
    """The faults for call `number`."""
    if everything:
        yield from FAULTS
    elif number % 4 == 1:
        yield str(errno.EIO)
    elif number % 4 == 3:
        yield OTHERS[number // 4 % len(OTHERS)]


def differences(found, expected):
    return '\n'.join(f'{part}: {sorted(set(found[part]) ^ set(expected[part]))[:6]}' for part in expected if found[part] != expected[part])


def told(result, how):
    # If there is no memory to list a folder, the call ends as it does without memory for anything else.
    if how == str(errno.ENOMEM) and 'out of memory' in result.stderr:
        return
    if 'faulty' not in result.stderr or reason(how) not in result.stderr:
        raise Failed(f'it does not say the path and {reason(how)!r}: {result.stderr!r}')


counts = {'calls': 0, 'faults': 0, 'undone': 0, 'survived': 0}


def check_import(path, how, at, before, undisturbed, whole):
    copy('now.db')
    result = run('import', '--db', 'now.db', path, fault=how, at=at)
    now = state('now.db')
    counts['faults'] += 1
    if now == undisturbed['state'] and result.returncode == undisturbed['status']:
        counts['survived'] += 1
        if result.stderr != undisturbed['stderr']:
            raise Failed(f'all was imported, and it says {result.stderr!r}')
    else:
        counts['undone'] += 1
        if how in HARMLESS:
            raise Failed(f'{HARMLESS[how]} must not matter: exit status {result.returncode}, {result.stderr!r}')
        if result.returncode != 1:
            raise Failed(f'exit status {result.returncode}, not 1: {result.stderr!r} {differences(now, undisturbed["state"])}')
        told(result, how)
        if whole and now != before:
            raise Failed('the warehouse is not as before: ' + differences(now, before))
        for part in ('ledger', 'raw', 'quarantine'):
            if not set(now[part]) <= set(undisturbed['state'][part]):
                raise Failed('a file is not taken whole: ' + differences(now, undisturbed['state']))
    if now != undisturbed['state']:
        check_again(path, undisturbed)


def check_again(path, undisturbed):
    again = run('import', '--db', 'now.db', path)
    if state('now.db') != undisturbed['state']:
        raise Failed(f'the same again: exit status {again.returncode}, {again.stderr!r}, ' + differences(state('now.db'), undisturbed['state']))
    if facts_hash('now.db') != undisturbed['facts']:
        raise Failed('the same again gives other facts')


def try_import(name, path, whole=True):
    """`whole`: the path is one file, which is imported or not."""
    before = state('before.db')
    copy('now.db')  # of the name that messages quote
    result = run('import', '--db', 'now.db', path)
    undisturbed = {'state': state('now.db'), 'facts': facts_hash('now.db'), 'status': result.returncode, 'stderr': result.stderr}
    copy('counted.db')
    number = calls('import', '--db', 'counted.db', path)
    counts['calls'] += number
    if number < 8:
        raise Failed(f'{name}: only {number} calls are seen')
    for at in range(1, number + 1):
        for how in ways(at):
            try:
                check_import(path, how, at, before, undisturbed, whole)
            except Failed as failed:
                raise Failed(f'{name}: {how} at call {at} of {number}: {failed}')
    print(f'{name}: each of {number} calls')


def try_query(name, path, rows):
    """cdr_file: an error ends the query, or is listed with on_error skip."""
    count = f"SELECT count(*) FROM interactions(cdr_file('{path}'))"
    problems = f"SELECT path, code, message FROM cdr_problems(cdr_file('{path}', '{{\"on_error\":\"skip\"}}')) WHERE code <> 'passed_over'"
    for sql, answer in ((count, rows), (problems, '')):
        number = calls('query', '--no-header', sql)
        for at in range(1, number + 1):
            for how in ways(at):
                result = run('query', '--no-header', sql, fault=how, at=at)
                counts['faults'] += 1
                try:
                    if result.returncode == 0 and result.stdout.strip() == answer:
                        counts['survived'] += 1
                    elif how in HARMLESS:
                        raise Failed(f'{HARMLESS[how]} must not matter: {result.stdout!r} {result.stderr!r}')
                    elif sql == problems and result.returncode == 0:
                        counts['undone'] += 1
                        if 'faulty' not in result.stdout or reason(how) not in result.stdout:
                            raise Failed(f'it is not listed: {result.stdout!r}')
                        if 'truncated' in result.stdout:
                            raise Failed(f'where reading failed is taken for the end: {result.stdout!r}')
                    elif result.returncode == 1:
                        counts['undone'] += 1
                        told(result, how)
                    else:
                        raise Failed(f'exit status {result.returncode}: {result.stdout!r} {result.stderr!r}')
                except Failed as failed:
                    raise Failed(f'{name}: {sql}: {how} at call {at} of {number}: {failed}')
        print(f'{name}: each of {number} calls of {sql.split()[1]}')


def generate(path, *options):
    subprocess.run([generator, *options, '--out', path], check=True, capture_output=True)


def expect(condition, what):
    if not condition:
        raise Failed(what)


def try_early_end():
    """Only a file that really ends early is partial; a corrected or grown file brings the rest."""
    with open('big.ndjson', 'rb') as file:
        text = file.read()
    packed = gzip.compress(text, mtime=0)
    with open('cut.ndjson.gz', 'wb') as file:
        file.write(packed[:len(packed) * 2 // 3])
    copy('now.db')
    result = run('import', '--db', 'now.db', 'cut.ndjson.gz')
    with sqlite3.connect('now.db') as database:
        status, seen = database.execute("SELECT status, seen FROM import_file WHERE path = 'cut.ndjson.gz'").fetchone()
    expect(result.returncode == 1 and status == 'partial' and 0 < seen < 100, f'a cut file: {result} {status} {seen}')
    with open('cut.ndjson.gz', 'wb') as file:
        file.write(packed)
    result = run('import', '--db', 'now.db', 'cut.ndjson.gz')
    expect(result.returncode == 0, f'a cut file, corrected: {result}')

    half = text.index(b'\n', len(text) // 2) + 20  # within a record
    with open('grown.ndjson', 'wb') as file:
        file.write(text[:half])
    copy('grown.db')
    result = run('import', '--db', 'grown.db', 'grown.ndjson')
    expect(result.returncode == 3, f'a file that ends within a record: {result}')
    with open('grown.ndjson', 'ab') as file:
        file.write(text[half:])
    result = run('import', '--db', 'grown.db', 'grown.ndjson')
    expect(result.returncode == 0, f'the same, grown: {result}')

    copy('whole.db')
    run('import', '--db', 'whole.db', 'big.ndjson')
    for path in ('now.db', 'grown.db'):
        expect(facts_hash(path) == facts_hash('whole.db'), f'{path}: other facts than of the whole file')
    print('cut and grown files give the rest')


def try_long_path():
    """A file below a path that is too long for any call is not left out silently."""
    os.mkdir('long')
    shutil.copy(os.path.join(root, 'samples/conpeek/seed_dialog.json'), 'long')
    here = os.open('.', os.O_RDONLY)
    os.chdir('long')
    for _ in range(25):
        os.mkdir('d' * 200)
        os.chdir('d' * 200)
    with open('deep.json', 'w') as file:
        file.write('{"dialog_uuid":"deep","dialog_type":"SYSTEM"}')
    os.fchdir(here)
    result = run('import', '--db', 'long.db', 'long')
    expect(result.returncode == 1 and 'File name too long' in result.stderr and 'long/dddd' in result.stderr, f'a long path: {result}')
    expect(result.stdout.startswith('1 file, 1 record: 1 inserted'), f'what can be read beside a long path: {result}')
    with sqlite3.connect('long.db') as database:
        database.enable_load_extension(True)
        database.load_extension(library)
        told = database.execute("SELECT value ->> 'path', value ->> 'error' FROM json_each(cdr_import('long') -> 'errors')").fetchall()
        expect(len(told) == 1 and 'File name too long' in told[0][1], f"cdr_import's summary of a long path: {told}")
        listed = database.execute("""SELECT code, message FROM cdr_problems(cdr_file('long', '{"on_error":"skip"}'))
                                     WHERE code = 'unreadable'""").fetchall()
        expect(len(listed) == 1 and 'File name too long' in listed[0][1], f'cdr_problems of a long path: {listed}')
        try:
            database.execute("SELECT count(*) FROM cdr_dialog(cdr_file('long'))").fetchone()
            raise Failed('a query leaves the file below a long path out')
        except sqlite3.OperationalError as error:
            expect('File name too long' in str(error), f'a query of a long path: {error}')
    # A caller's transaction survives: only an I/O error of the database itself would end it.
        database.execute('CREATE TEMP TABLE kept (x)')
        database.execute('INSERT INTO kept VALUES (1)')
        for path in ('long', 'nothing/*.json', 'nothing.json'):
            try:
                database.execute('SELECT count(*) FROM kept, interactions(cdr_file(?))', (path,)).fetchone()
                raise Failed(f'{path} can be read')
            except sqlite3.Error:
                expect(database.in_transaction, f"the failure to read {path} ended the caller's transaction")
        expect(database.execute('SELECT count(*) FROM kept').fetchone() == (1,), 'a row of the caller is lost')
    os.fchdir(here)
    # shutil.rmtree needs more descriptors than are allowed.
    subprocess.run(['rm', '-rf', 'long'], check=True)
    print('a path that is too long is told')


def main():
    generate('other.ndjson', '--vendor', 'alibaba', '--interactions', '20', '--seed', '5')
    generate('big.ndjson', '--vendor', 'conpeek', '--dialogs', '100', '--seed', '7')
    run('import', '--db', 'before.db', 'other.ndjson')
    expect(os.path.exists('before.db'), 'nothing can be imported')
    if os.path.exists('before.db-wal'):
        raise Failed('before.db has a log')

    os.mkdir('faulty')
    shutil.copy('big.ndjson', 'faulty/plain.ndjson')
    with open('big.ndjson', 'rb') as file:
        text = file.read()
    with open('faulty/packed.ndjson.gz', 'wb') as file:
        file.write(gzip.compress(text, mtime=0))
    subprocess.run(['zstd', '-q', 'faulty/plain.ndjson', '-o', 'faulty/packed.ndjson.zst'], check=True)
    # A record that is not JSON makes the reader check whether the file is damaged, and this one is.
    lines = text[:len(text) // 2].splitlines(keepends=True)[:-1]
    lines.insert(3, b'{"dialog_uuid": "broken", }\n')
    packed = bytearray(gzip.compress(b''.join(lines), mtime=0))
    packed[-6] ^= 1
    with open('faulty/damaged.ndjson.gz', 'wb') as file:
        file.write(packed)
    for name in ('plain.ndjson', 'packed.ndjson.gz', 'packed.ndjson.zst', 'damaged.ndjson.gz'):
        try_import(name, 'faulty/' + name)
    for name in ('plain.ndjson', 'packed.ndjson.zst'):
        with sqlite3.connect(':memory:') as database:
            database.enable_load_extension(True)
            database.load_extension(library)
            rows = database.execute('SELECT count(*) FROM interactions(cdr_file(?))', ('faulty/' + name,)).fetchone()[0]
        try_query(name, 'faulty/' + name, str(rows))

    # A file that the ledger knows.
    shutil.copyfile('before.db', 'kept.db')
    run('import', '--db', 'before.db', 'faulty/plain.ndjson')
    try_import('a known file', 'faulty/plain.ndjson')
    shutil.copyfile('kept.db', 'before.db')

    # A folder with folders, a link to another folder, and names without records.
    os.makedirs('faulty_in/sub/deep')
    os.mkdir('faulty_in/empty')
    os.mkdir('faulty_other')
    for seed, path in enumerate(('a.ndjson', 'sub/b.ndjson', 'sub/deep/c.ndjson', '../faulty_other/d.ndjson')):
        generate('faulty_in/' + path, '--vendor', 'conpeek', '--dialogs', '4', '--seed', str(seed + 20), '--start-id', str(seed + 1) + '001')
    with open('faulty_in/notes.md', 'w') as file:
        file.write('none')
    os.symlink('../faulty_other', 'faulty_in/link')
    try_import('a folder', 'faulty_in', whole=False)
    try_import('a glob', 'faulty_in/**/[a-c].ndjson', whole=False)
    with sqlite3.connect(':memory:') as database:
        database.enable_load_extension(True)
        database.load_extension(library)
        rows = database.execute("SELECT count(*) FROM interactions(cdr_file('faulty_in'))").fetchone()[0]
    try_query('a folder', 'faulty_in', str(rows))

    try_early_end()
    try_long_path()
    print('{faults} faults at {calls} calls: {undone} undone and told, {survived} without effect'.format(**counts))


folder = tempfile.mkdtemp()
try:
    os.chdir(folder)
    main()
except Failed as failed:
    print(f'FAILED: {failed}')
    sys.exit(1)
finally:
    os.chdir('/')
    subprocess.run(['rm', '-rf', folder], check=True)
