#!/usr/bin/python3
"""Every key of every vendor's records in other spellings: facts do not change, or the changes are listed in tests/golden/variants.txt.

    variants.py [--update] LIBRARY GENERATOR ROOT

A text has a blank after it or another case, a number is text, digits are a number, a list is in another order, a value is missing, null or "". A line
of the expected file names the vendor, the key, the change, and the columns of the model's tables that changed. A key that is not listed changes
nothing. Missing, null and "" must have the same effect, so they share one line.
"""
import collections
import difflib
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

update = sys.argv[1] == '--update'
library, generator, root = map(os.path.abspath, sys.argv[1 + update:4 + update])
expected_path = f'{root}/tests/golden/variants.txt'
KINDS = 42  # number of kinds of scripted calls

database = sqlite3.connect(':memory:')
database.enable_load_extension(True)
database.load_extension(library)
TABLES = ('interactions', 'cdr_dialog', 'agent_events', 'agent_offers', 'queue_events', 'ivr_events', 'customer_events', 'queue_visits',
          'state_durations', 'recordings', 'wrap_ups')
# cdr_dialog shows Conpeek's own fields unchanged: they are not facts of the model.
MODEL = {}
for table in TABLES:
    columns = [row[0] for row in database.execute('SELECT column_name FROM cdr_columns WHERE table_name = ? AND NOT hidden ORDER BY rowid', (table,))
               if row[0] not in ('input', 'filter')]
    if table == 'cdr_dialog':
        own = columns[columns.index('dialog_uuid'):columns.index('created_seconds')]
        columns = [column for column in columns if column not in own and column != 'extra']
    MODEL[table] = [column for column in columns if column not in ('interaction_key', 'last_import')]


def facts(records, vendor):
    text = '\n'.join(json.dumps(record, ensure_ascii=False) for record in records)
    # If a uContact call is read in another zone than it was written in, its wait is unknown.
    if vendor == 'ucontact':
        with tempfile.NamedTemporaryFile('w', encoding='utf-8', suffix='.ndjson') as file:
            file.write(text)
            file.flush()
            return read('cdr_file(?, ?)', (file.name, '{"zone": "Europe/Madrid"}'))
    return read('?', (text,))


def read(source, arguments):
    return {table: collections.Counter(database.execute(f'SELECT {", ".join(columns)} FROM {table}({source})', arguments))
            for table, columns in MODEL.items()}


def changed(before, after):
    """The columns in which two sets of rows differ: by their values; 'rows' if the same values are in other rows; or the number of rows."""
    names = []
    for table, columns in MODEL.items():
        if before[table] == after[table]:
            continue
        differing = []
        for i, column in enumerate(columns):
            count = [collections.Counter(), collections.Counter()]
            for side, rows in zip(count, (before[table], after[table])):
                for row, number in rows.items():
                    side[row[i]] += number
            if count[0] != count[1]:
                differing.append(column)
        if before[table].total() != after[table].total():
            names.append(f'{table} ({before[table].total()} rows, {after[table].total()})')
        else:
            names += [f'{table}.{column}' for column in differing or ['rows']]
    return names


def keys_of(node, found):
    if isinstance(node, dict):
        for key, value in node.items():
            found.setdefault(key, []).append(value)
            keys_of(value, found)
    if isinstance(node, list):
        for each in node:
            keys_of(each, found)
    return found


def varied(records, key, change):
    """All records; in those that have the key, its values are changed."""
    return [with_key(record, key, change) if key in keys else record for record, keys in records]


def with_key(node, key, change):
    """A copy in which the values of a key are changed; change returns None to remove the key."""
    if isinstance(node, list):
        return [with_key(each, key, change) for each in node]
    if not isinstance(node, dict):
        return node
    made = {}
    for name, value in node.items():
        if name != key:
            made[name] = with_key(value, key, change)
            continue
        new = change(with_key(value, key, change))
        if new is not None:
            made[name] = new[0]
    return made


def on(kind, change):
    return lambda value: (change(value) if isinstance(value, kind) and not isinstance(value, bool) and value else value,)


def other_case(text):
    if re.match(r'\d{4}-\d\d-\d\d|PT\d', text):
        return text  # an instant, or a duration
    return text.upper() if text != text.upper() else text.lower()


SPELLINGS = {
    'blank after it': on(str, lambda text: text + ' '),
    'tab before it': on(str, lambda text: '\t' + text),
    'other case': on(str, other_case),
    'number as text': on(int, str),
    'digits as a number': on(str, lambda text: int(text) if text.isdigit() and text[0] != '0' and len(text) < 16 else text),
    'list in reverse': on(list, lambda values: values[::-1]),
}
NOTHING = {
    'missing': lambda value: None,
    'null': lambda value: (None,),
    'empty': lambda value: ('',),
}
LISTS = 'alibaba list'  # the elements of its lists
# These keys have no spellings to compare: they are the identity, and a record without one is another record or none.
IDENTITY = {'conpeek': {'dialog_uuid'}, 'alibaba': {'ContactId'}, LISTS: {'ContactId'}, 'mluvii': {'id'}, 'ucontact': {'guid', 'linkedid', 'uniqueid', 'sequence'}}


def records_of(folder, vendor):
    if vendor != LISTS:
        with open(f'{folder}/{vendor}.ndjson', encoding='utf-8') as file:
            yield from map(json.loads, file)
        return
    for path in sorted(glob.glob(f'{folder}/pages/**/*.json', recursive=True)):
        with open(path, encoding='utf-8') as file:
            yield from json.load(file)['Data']['List']


def main():
    lines, failures, tried = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([generator, '--vendor', 'all', '--script', '--interactions', str(KINDS), '--out', folder], check=True,
                       stderr=subprocess.DEVNULL)
        subprocess.run([generator, '--vendor', 'alibaba', '--script', '--interactions', str(KINDS), '--format', 'pages', '--out', f'{folder}/pages'],
                       check=True, stderr=subprocess.DEVNULL)
        for vendor in IDENTITY:
            records = list(records_of(folder, vendor))
            before = facts(records, vendor)
            marked = [(record, keys_of(record, {})) for record in records]
            for key, values in sorted(keys_of(records, {}).items()):
                for name, change in SPELLINGS.items():
                    others = varied(marked, key, change)
                    if others == records:
                        continue
                    tried += 1
                    differing = changed(before, facts(others, vendor))
                    if differing:
                        lines.append(f'{vendor} {key}, {name}: {", ".join(differing)}')
                if key in IDENTITY[vendor]:
                    continue
                after = {}
                for name, change in NOTHING.items():
                    tried += 1
                    after[name] = facts(varied(marked, key, change), vendor)
                # A missing list or object may mean that its kind is unknown; an empty text means nothing.
                for name in ('null', 'empty'):
                    differing = changed(after['missing'], after[name])
                    if differing:
                        lines.append(f'{vendor} {key}, {name} unlike missing: {", ".join(differing)}')
                differing = changed(before, after['missing'])
                if differing:
                    lines.append(f'{vendor} {key}, missing: {", ".join(differing)}')
    print(f'{tried} variants')
    text = '\n'.join(lines) + '\n'
    if update:
        with open(expected_path, 'w', encoding='utf-8') as file:
            file.write(text)
        return
    with open(expected_path, encoding='utf-8') as file:
        expected = file.read()
    if text != expected:
        sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), text.splitlines(True), 'expected', 'found', n=0))
        sys.exit('spellings change other facts than tests/golden/variants.txt says')


if __name__ == '__main__':
    main()
