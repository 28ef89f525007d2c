#!/usr/bin/python3
"""The samples of all vendors, changed at random in the ways of careless exports and other API versions, and read in two ways.

    mutants.py LIBRARY ROOT COUNT [FIRST]

Each mutant is a file of a few records: values of other types, dropped, repeated or misspelt keys, shifted times, shared ids, odd
texts, cut or damaged bytes. For each of them:

  - every table of the model returns the same rows from the file and from a warehouse that imported it, and a vendor's table
    returns in the warehouse the file's rows that no newer record replaced;
  - the problems of the file equal the rows of the quarantine;
  - cdr_rebuild() changes nothing, and afterwards cdr_check() finds nothing: contradictions inside records are noted in `mapping`,
    and are not a fault of the file;
  - importing the file again changes nothing.

COUNT mutants are tried from number FIRST (0) on. CDR_TEST_SEED and a mutant's number determine it; FIRST and a count of 1 repeat one mutant, and then
its file is kept and named.
"""
import collections
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile

LIBRARY, ROOT, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
FIRST = int(sys.argv[4]) if len(sys.argv) > 4 else 0
SEED = int(os.environ.get('CDR_TEST_SEED', 20240502))
TOGETHER = 25  # mutants in one warehouse


# ---- JSON that may be irregular: an object is a list of pairs, so that keys can repeat; Raw is written unchanged.

class Object(list):
    pass


class Raw(str):
    pass


def written(value, ascii_only, depth=0):
    if isinstance(value, Object):
        return '{' + ','.join(json.dumps(key, ensure_ascii=ascii_only) + ':' + written(each, ascii_only) for key, each in value) + '}'
    if isinstance(value, list):
        return '[' + ','.join(written(each, ascii_only) for each in value) + ']'
    if isinstance(value, Raw):
        return str(value)
    return json.dumps(value, ensure_ascii=ascii_only)


def copied(value):
    if isinstance(value, Object):
        return Object([key, copied(each)] for key, each in value)
    if isinstance(value, list):
        return [copied(each) for each in value]
    return value


# Every place of a value in a document: a pair of an object, or an element of a list, and the index of the value in there.
def places(value, into):
    for at, each in enumerate(value):
        slot = each if isinstance(value, Object) else value
        index = 1 if isinstance(value, Object) else at
        into.append((value, at, slot, index))
        if isinstance(slot[index], list):
            places(slot[index], into)
    return into


# ---- The samples

class Sample:
    def __init__(self, path, text):
        self.path = path
        try:
            self.roots = [json.loads(text, object_pairs_hook=Object)]
        except ValueError:
            self.roots = [json.loads(line, object_pairs_hook=Object) for line in text.splitlines() if line.strip()]


def read_samples():
    samples = []
    for folder, folders, names in os.walk(os.path.join(ROOT, 'samples')):
        folders.sort()
        if 'generator' in folders:
            folders.remove('generator')
        for name in sorted(names):
            if name.endswith(('.json', '.ndjson')):
                path = os.path.join(folder, name)
                with open(path, encoding='utf-8') as file:
                    samples.append(Sample(os.path.relpath(path, os.path.join(ROOT, 'samples')), file.read()))
    return samples


SAMPLES = read_samples()
assert len(SAMPLES) > 40, 'the samples were not found'
# How often each folder is chosen depends on its vendor, not on how many files a vendor has.
BY_VENDOR = collections.defaultdict(list)
for each in SAMPLES:
    BY_VENDOR[each.path.split(os.sep)[0]].append(each)
VENDORS = sorted(BY_VENDOR)
# The contents of the samples: the values of each key, and all keys of each vendor.
VALUES = {}
KEYS = {}
for vendor in VENDORS:
    found = set()
    for sample in BY_VENDOR[vendor]:
        for parent, at, slot, index in places(list(sample.roots), []):
            if isinstance(parent, Object):
                found.add(slot[0])
                known = VALUES.setdefault(slot[0], [])
                if len(known) < 40:
                    known.append(slot[1])
    KEYS[vendor] = sorted(found)

ODD_TEXTS = [
    '', ' ', '0', '-1', '1.5', '1e5', 'NaN', 'null', 'true', '\x00x', '\x7f', '\u202e', '\u2028', '\U0001F600' * 3, '\u00e9' * 50,
    'e\u0301', '\ufeff', '\ufffd', "';--", '"', '\\', '%', '{}', '[', 'a=1:b=2', '****', 'anonymous', 'sip:x@y', '+48 500 001 234',
    '00000000-0000-0000-0000-000000000000', '2024-05-02T16:00:00+02:00', '2024-02-30 10:00:00', '2024-03-31 02:30:00', '1969-12-31',
    '0001-01-01 00:00:00', '9999-12-31 23:59:59.999', '10000-01-01', '2024-05-02 08:00:60', 'PT1M23.4S', '-PT5S', 'P1Y',
    'PT999999999999999H', '00:00:-1', '99:99:99', '00:01:02-3', '1715079612', '1715079612000', '1715079612000000',
]
ODD_NUMBERS = [
    0, -1, 1, 1.5, -0.0, 1e-300, 1e308, 2**31, 2**53 + 1, 2**63 - 1, -2**63, 2**63, 2**64, 10**30, 253402300799999, 253402300800000,
    -62135596800000, Raw('1E2'), Raw('-0'), Raw('1e400'), Raw('0.1e1'), Raw('1.0'), Raw('100000000000000000000000000000000'),
]
# Invalid JSON: records with these values go to quarantine.
NO_JSON = [Raw('NaN'), Raw('01'), Raw('+1'), Raw("'x'"), Raw('undefined'), Raw('"\\ud800"'), Raw('"\\x41"'), Raw(''), Raw('1,'), Raw('"a\nb"')]


# ---- Changes. Each changes a place; it may do nothing if it does not fit there.

def odd_value(r):
    kind = r.random()
    if kind < .45:
        return r.choice(ODD_TEXTS)
    if kind < .85:
        return r.choice(ODD_NUMBERS)
    return copied(r.choice([None, True, False, [], Object(), [None], [[]], [Object()], Object([['', None]]), Object([['a', [1]]])]))


def nested(r):
    value = 1
    in_lists = r.random() < .5
    for _ in range(r.choice([5, 60, 61, 62, 63, 64, 65, 66, 300])):
        value = [value] if in_lists else Object([['a', value]])
    return value


def change_odd(r, vendor, parent, at, slot, index):
    slot[index] = odd_value(r)


def change_null(r, vendor, parent, at, slot, index):
    slot[index] = None


def change_type(r, vendor, parent, at, slot, index):
    value = slot[index]
    if isinstance(value, str) and not isinstance(value, Raw):
        try:
            slot[index] = int(value) if r.random() < .7 else float(value)
        except (ValueError, OverflowError):
            slot[index] = [value]
        if isinstance(slot[index], float) and slot[index] - slot[index] != 0:
            slot[index] = 0.5
    elif isinstance(value, bool):
        slot[index] = r.choice(['true', 'false', 1, 0, 'yes', 'TRUE'])
    elif isinstance(value, (int, float)):
        slot[index] = r.choice([str(value), str(value) + '.0', ' %s ' % value, float(value) if abs(value) < 1e300 else 0.0, value != 0])
    elif isinstance(value, Object):
        slot[index] = r.choice([[copied(value)], written(value, True)])
    elif isinstance(value, list):
        slot[index] = copied(value[0]) if value else ''


def change_drop(r, vendor, parent, at, slot, index):
    del parent[at]


def change_repeat(r, vendor, parent, at, slot, index):
    if isinstance(parent, Object):
        other = copied(slot[1]) if r.random() < .5 else odd_value(r)
        parent.insert(r.randrange(len(parent) + 1), [slot[0], other])
    else:
        for _ in range(r.choice([1, 1, 2, 30])):
            parent.insert(r.randrange(len(parent) + 1), copied(slot[index]))


def change_spelling(r, vendor, parent, at, slot, index):
    if isinstance(parent, Object):
        key = slot[0]
        slot[0] = r.choice([key.upper(), key.lower(), key.capitalize(), key + ' ', key.replace('_', ''), key[:-1]])


def change_key(r, vendor, parent, at, slot, index):
    if isinstance(parent, Object):
        slot[0] = r.choice(KEYS[vendor])


def change_unknown(r, vendor, parent, at, slot, index):
    if isinstance(parent, Object):
        key = r.choice(['x', '', '\u00e9', 'a.b', '$', '"q"', "z'z", '\x01', 'extra', 'interaction_id'])
        parent.insert(r.randrange(len(parent) + 1), [key, odd_value(r)])


# A value that this key, or another key, has elsewhere: shared ids, times of another call.
def change_known(r, vendor, parent, at, slot, index):
    own = slot[0] if isinstance(parent, Object) and slot[0] in VALUES and r.random() < .8 else None
    slot[index] = copied(r.choice(VALUES[own or r.choice(KEYS[vendor])]))


# Times and figures that do not fit together, the most common contradiction in real data.
def change_amount(r, vendor, parent, at, slot, index):
    value = slot[index]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        slot[index] = r.choice([-value, value + 1, value - 1, value * 1000, value + r.choice([-1, 1]) * r.choice([1000, 5000, 86400000]), 0])
    elif isinstance(value, str) and not isinstance(value, Raw):
        digits = [i for i, each in enumerate(value) if each.isdigit()]
        if digits:
            i = r.choice(digits)
            slot[index] = value[:i] + str(r.randrange(10)) + value[i + 1:]
        else:
            slot[index] = r.choice([value.upper(), value.lower(), value + ' ', ' ' + value, value + value, value[:len(value) // 2]])


def change_shuffle(r, vendor, parent, at, slot, index):
    if isinstance(slot[index], list):
        r.shuffle(slot[index])
    else:
        r.shuffle(parent)


def change_swap(r, vendor, parent, at, slot, index):
    other = r.randrange(len(parent))
    if isinstance(parent, Object):
        parent[at][1], parent[other][1] = parent[other][1], parent[at][1]
    else:
        parent[at], parent[other] = parent[other], parent[at]


# Blanks around a text do not belong to it where it is an id or a word.
def change_blanks(r, vendor, parent, at, slot, index):
    value = slot[index]
    if isinstance(value, str) and not isinstance(value, Raw):
        blank = r.choice([' ', '\t', '\r\n', '\u00a0', ' \x00'])
        slot[index] = r.choice([blank + value, value + blank, blank + value + blank])


def change_size(r, vendor, parent, at, slot, index):
    kind = r.random()
    if kind < .5:
        slot[index] = nested(r)
    elif kind < .7:
        slot[index] = 'a' * r.choice([65536, 1048576, 1048577])
    elif isinstance(slot[index], Object):
        slot[index].extend(['k%d' % i, i] for i in range(r.choice([100, 9990, 10010])))


def change_no_json(r, vendor, parent, at, slot, index):
    slot[index] = r.choice(NO_JSON)


CHANGES = [(change_odd, 22), (change_null, 6), (change_type, 14), (change_drop, 8), (change_repeat, 10), (change_spelling, 5),
           (change_key, 6), (change_unknown, 5), (change_known, 14), (change_amount, 30), (change_blanks, 6), (change_shuffle, 5), (change_swap, 8),
           (change_size, 1), (change_no_json, 1)]


def damaged(r, data):
    kind = r.random()
    if kind < .4:
        return data[:r.randrange(len(data) + 1)]
    if kind < .8:
        data = bytearray(data)
        for _ in range(r.randint(1, 3)):
            if data:
                data[r.randrange(len(data))] = r.randrange(256)
        return bytes(data)
    if kind < .9:
        return b'\xef\xbb\xbf' + data
    at = r.randrange(len(data) + 1)
    return data[:at] + r.choice([b'\x00', b'\r\n', b',', b'}', b'[', b'"', b'\xff\xfe']) + data[at:]


# A copy; a long list of records keeps only a few, so that changes meet.
def shortened(r, value):
    if isinstance(value, Object):
        return Object([key, shortened(r, each)] for key, each in value)
    if isinstance(value, list):
        if len(value) > 6:
            at = r.randrange(len(value) - 5)
            value = value[at:at + r.randint(1, 6)]
        return [shortened(r, each) for each in value]
    return value


# Mutant `number`: its place among the samples, and the bytes of its files. Some have a file for each of their documents; such files share a transaction.
def mutant(number):
    r = random.Random('%d/%d' % (SEED, number))
    vendor = VENDORS[number % len(VENDORS)]
    sample = r.choice(BY_VENDOR[vendor])
    roots = []
    for _ in range(r.choice([1, 1, 2, 3])):
        one = sample if r.random() < .6 else r.choice(BY_VENDOR[vendor])
        roots.append(r.choice(one.roots))
    roots = [shortened(r, root) for root in roots]
    for _ in range(r.choice([0, 1, 1, 2, 2, 4, 8, 20])):
        all_places = places(roots, [])
        if not all_places:
            break
        change = r.choices([c for c, _ in CHANGES], [w for _, w in CHANGES])[0]
        change(r, vendor, *r.choice(all_places))
    ascii_only = r.random() < .5
    text = r.choice(['\n', '\n', '\r\n', ' ', ',']).join(written(root, ascii_only) for root in roots)
    data = text.encode('utf-8', 'surrogatepass')
    if r.random() < .06:
        return sample.path, [damaged(r, data)]
    if len(roots) > 1 and random.Random('%d/%d/files' % (SEED, number)).random() < .5:
        return sample.path, [written(root, ascii_only).encode('utf-8', 'surrogatepass') for root in roots]
    return sample.path, [data]


# Writes the files into the folder, and returns their path: one, or the folder.
def write_files(folder, where, files):
    for at, data in enumerate(files):
        path = os.path.join(folder, str(at), where)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(data)
    return path if len(files) == 1 else folder


# ---- Reading in both ways

def connection():
    made = sqlite3.connect(':memory:', isolation_level=None, cached_statements=512)
    made.enable_load_extension(True)
    made.load_extension(LIBRARY)
    made.text_factory = bytes  # bytes that are not UTF-8 stay unchanged
    return made


def rows_of(database, sql, *arguments):
    return collections.Counter(map(repr, database.execute(sql, arguments)))


def difference(direct, kept):
    extra, lost = direct - kept, kept - direct
    return 'the file has %d rows, the warehouse %d; only in the file %s, only in the warehouse %s' % (
        sum(direct.values()), sum(kept.values()), next(iter(extra), None), next(iter(lost), None))


class Trial:
    def __init__(self):
        self.direct = connection()
        self.warehouse = connection()
        self.warehouse.execute('SELECT cdr_init()').fetchall()
        # (sqlite3_deserialize keeps the tables that exist without a CREATE, with a schema that is gone: SQLite crashes when a statement on one of
        # them is prepared again.)
        self.empty = sqlite3.connect(':memory:')
        self.warehouse.backup(self.empty)
        names = lambda kind: [name.decode() for name, in self.direct.execute('SELECT name FROM cdr_tables WHERE kind = ?', (kind,))]
        # An interaction's key and the last import that changed it exist only in the warehouse.
        columns = lambda name: ', '.join(column.decode() for column, in self.direct.execute(
            "SELECT column_name FROM cdr_columns WHERE table_name = ? AND NOT hidden AND column_name NOT IN ('interaction_key', 'last_import')", (name,)))
        self.model, self.vendor = [(name, columns(name)) for name in names('model')], names('vendor')
        assert len(self.model) >= 10 and len(self.vendor) >= 15, 'cdr_tables lists too few tables'
        self.folder = tempfile.mkdtemp()
        self.counts = collections.Counter()

    def renew(self):
        self.empty.backup(self.warehouse)

    # Imports the mutant under a source of its own, into the warehouse of the other mutants.
    def faults(self, number, where, files):
        folder = os.path.join(self.folder, str(number))
        path = write_files(folder, where, files)
        source = 'mutant %d' % number
        taken, options = json.dumps({'source': source}), json.dumps({'source': source, 'on_error': 'skip'})
        done = json.loads(self.warehouse.execute('SELECT cdr_import(?, ?)', (path, taken)).fetchone()[0])
        self.counts['records'] += done['seen']
        self.counts['quarantined'] += done['quarantined']
        for name, columns in self.model:
            direct = rows_of(self.direct, 'SELECT %s FROM %s(cdr_file(?, ?))' % (columns, name), path, options)
            kept = rows_of(self.warehouse, 'SELECT %s FROM %s WHERE source = ?' % (columns, name), source)
            self.counts['rows'] += sum(direct.values())
            if direct != kept:
                yield name + ': ' + difference(direct, kept)
        # An empty file, or one that contains no JSON, is a failed import without a record to keep.
        problems = rows_of(self.direct, "SELECT code FROM cdr_problems(cdr_file(?, ?)) WHERE loses IN ('record', 'file') AND code NOT IN ('empty_file', 'other_format')",
                           path, options)
        quarantine = rows_of(self.warehouse, "SELECT code FROM quarantine WHERE path = ?1 OR path LIKE ?1 || '/%'", path)
        # Of equal files, one is read.
        if problems != quarantine and not done['known']:
            yield 'cdr_problems has %s, quarantine %s' % (dict(problems), dict(quarantine))
        # From JSON, a vendor's table has all records; in the warehouse it has the newest of each id, and none without an id.
        all_kept = not done['known'] and done['inserted'] == done['seen'] - done['quarantined'] and repr((b'missing_key',)) not in quarantine
        # Other vendors' tables are queried occasionally: they must be empty.
        vendor = where.split(os.sep)[0] + '_'
        for name in self.vendor:
            if number % 16 and not name.startswith(vendor):
                continue
            direct = rows_of(self.direct, 'SELECT * FROM %s(cdr_file(?, ?))' % name, path, options)
            kept = rows_of(self.warehouse, 'SELECT * FROM %s WHERE _source = ?' % name, source)
            self.counts['rows'] += sum(direct.values())
            if kept - direct or all_kept and direct != kept:
                yield name + ': ' + difference(direct, kept)
        self.counts['noted'] += self.warehouse.execute('SELECT count(*) FROM interaction WHERE source = ? AND mapping IS NOT NULL', (source,)).fetchone()[0]
        again = json.loads(self.warehouse.execute('SELECT cdr_import(?, ?)', (path, taken)).fetchone()[0])
        if again['inserted'] or again['updated'] or again['interactions']:
            yield 'imported again it changes something: %s' % again
        shutil.rmtree(folder)

    # The faults in the warehouse of some mutants.
    def faults_of_all(self):
        changed = json.loads(self.warehouse.execute('SELECT cdr_rebuild()').fetchone()[0])
        if changed['changed']:
            yield 'cdr_rebuild changed something: %s' % changed
        found = self.warehouse.execute('SELECT * FROM cdr_check').fetchall()
        if found:
            yield 'cdr_check found %s' % (found[:3],)


def found(faults):
    try:
        return list(faults)
    except sqlite3.Error as error:
        return ['an error: %s' % error]


def main():
    print('seed %d' % SEED, flush=True)
    trial = Trial()
    faulty = 0

    def report(who, faults):
        nonlocal faulty
        if faults:
            faulty += 1
            if faulty <= 20:
                print('%s: %s' % (who, '; '.join(faults)[:2000]), flush=True)

    if COUNT == 1:
        print(write_files(os.path.join(tempfile.gettempdir(), 'mutant-%d-%d' % (SEED, FIRST)), *mutant(FIRST)))
    try:
        # Rebuilding and checking cost the same for many mutants as for one, so mutants are tried one by one only after a fault was found.
        for first in range(FIRST, FIRST + COUNT, TOGETHER):
            numbers = range(first, min(first + TOGETHER, FIRST + COUNT))
            trial.renew()
            for number in numbers:
                where, files = mutant(number)
                report('mutant %d (%s)' % (number, where), found(trial.faults(number, where, files)))
            of_all = found(trial.faults_of_all())
            if not of_all:
                continue
            before = faulty
            for number in numbers:
                where, files = mutant(number)
                trial.renew()
                found(trial.faults(number, where, files))
                report('mutant %d (%s)' % (number, where), found(trial.faults_of_all()))
            if faulty == before:
                report('mutants %d to %d together' % (numbers[0], numbers[-1]), of_all)
    finally:
        shutil.rmtree(trial.folder)
    print('%d mutants, %s; %d with a fault' % (COUNT, ', '.join('%d %s' % (n, what) for what, n in sorted(trial.counts.items())), faulty))
    # Enough records are read, quarantined and contradictory for the test to mean something.
    counts = trial.counts
    if COUNT >= 100 and not (counts['records'] > COUNT and counts['rows'] > 10 * COUNT and counts['quarantined'] and counts['noted']):
        print('the mutants try too little')
        return 1
    return 1 if faulty else 0


sys.exit(main())
