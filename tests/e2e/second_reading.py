#!/usr/bin/python3
"""The vendors' arithmetic implemented a second time, from the vendors' pages and in another language.

    second_reading.py LIBRARY GENERATOR [SEED [INTERACTIONS]]

Both libcdr and the functions below read generated records, whole and mutated: durations of states, waits, conversations, answer and end, counts and
outcomes must be the same. A mutation removes a value (missing, null, ""), moves an instant, changes a figure, writes a number as text or reorders a
list; the result can still be computed, and mostly contradicts itself.
"""
import collections
import datetime
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

library, generator = map(os.path.abspath, sys.argv[1:3])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20240502
interactions = int(sys.argv[4]) if len(sys.argv) > 4 else 1500
rng = random.Random(seed)
SKIP = object()  # at the edge of a tolerance, where a figure may or may not count
checked = collections.Counter()
differences = collections.Counter()


# ---- Values in the forms of the pages. Instants are whole microseconds.

def utc(text):
    if not isinstance(text, str) or not text.strip():
        return None
    match = re.fullmatch(r'(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-]\d\d:\d\d)?', text.strip())
    if match is None:
        return None
    at = datetime.datetime(*map(int, match.groups()[:6]))
    us = int((at - datetime.datetime(1970, 1, 1)).total_seconds()) * 1_000_000 + int((match[7] or '0').ljust(6, '0'))
    if match[8]:
        us -= (1 if match[8][0] == '+' else -1) * (int(match[8][1:3]) * 60 + int(match[8][4:])) * 60_000_000
    return us


def millis(value):
    value = number(value)
    return None if value is None or value <= 0 else int(value) * 1000


def number(value):
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            return None
    return value


def iso_duration(text):
    match = re.fullmatch(r'PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?', text or '')
    return None if match is None else sum(float(part or 0) * unit for part, unit in zip(match.groups(), (3600, 60, 1)))


def word(value):
    return value.strip().upper() if isinstance(value, str) else ''


def between(start, end):
    """Seconds, or None if an end is missing or they are in the wrong order."""
    return None if start is None or end is None or end < start else (end - start) / 1e6


def first(values):
    return min((value for value in values if value is not None), default=None)


def last(values):
    return max((value for value in values if value is not None), default=None)


def covered(spans):
    """Seconds that spans cover, with overlaps counted once."""
    total, until = 0, None
    for start, end in sorted(span for span in spans if span[1] >= span[0]):
        if until is None or end > until:
            total += end - (start if until is None else max(start, until))
            until = end
    return total / 1e6


def reported(seconds, length):
    """A vendor's figure: not below zero, and not longer than its span."""
    if seconds is None or seconds < 0:
        return None
    if length is None or seconds <= length:
        return seconds
    return SKIP if seconds <= length + 2 else None


def positive(seconds):
    return seconds if seconds is SKIP or seconds else None


# ---- Conpeek: a side, and the sides of one call (seed 000)

AGENTS = ('CONSULTANT', 'TENANT_USER')


class ConpeekSide:
    def __init__(self, record):
        self.record = record
        for key in ('start_time', 'hangup_time', 'serve_time', 'alert_time', 'answer_time', 'ring_time'):
            setattr(self, key[:-5], utc(record.get(key)))
        self.type = word(record.get('dialog_type'))
        self.is_agents = self.type in AGENTS
        self.inbound = word(record.get('business_direction')) == 'INBOUND'
        span = between(self.start, self.hangup)
        self.length = span if span else None
        self.talking = self.ms('talking_time', self.length)
        self.rings_from = self.ring if self.ring is not None else self.alert
        self.served = self.serve is not None or (number(record.get('talking_time')) or 0) > 0

    def ms(self, key, length):
        value = number(self.record.get(key))
        return reported(None if value is None else value / 1000, length)

    def states(self):
        room = self.length if self.type == 'EXTERNAL' else None
        ring = None
        for end in (self.answer, self.serve, self.hangup):
            if ring is None and end is not None:
                ring = between(self.rings_from, end)
        active = self.talking
        if active == 0 and not (self.is_agents and self.serve is not None):
            active = None
        preparation = None if self.type == 'EXTERNAL' and self.inbound else between(self.answer, self.serve)
        return {
            'created_seconds': between(self.start, self.alert), 'in_queue_seconds': self.ms('first_queue_waiting_time', room),
            'waiting_seconds': self.ms('waiting_time', room), 'ring_seconds': ring, 'bcw_seconds': preparation or None,
            'active_seconds': active, 'outcome': self.outcome(),
        }

    def outcome(self):
        if not self.is_agents:
            return None
        if self.served:
            return 'ANSWERED'
        for key in ('hangup_cause', 'end_cause'):
            cause = word(self.record.get(key))
            if cause in ('ORIGINATOR_CANCEL', 'LOSE_RACE'):
                return 'CANCELLED'
            if cause == 'CALL_REJECTED' or cause == 'USER_BUSY' and self.inbound:
                return 'REJECTED'
        ended = self.hangup is not None or self.record.get('hangup_cause') or self.record.get('end_cause')
        return 'NO_ANSWER' if ended else None


def conpeek_call(sides):
    agents = [side for side in sides if side.is_agents]
    served = sorted((side for side in agents if side.served), key=lambda side: (side.serve is None, side.serve or 0))
    transfers = 0
    for i, side in enumerate(served):
        later = [other.hangup for other in served[i + 1:]]
        transfers += side.hangup is not None and any(end is None or end > side.hangup + 1_000_000 for end in later)
    internal = (sum(side.type == 'TENANT_USER' for side in sides) > 1 and
                all(side.type in ('TENANT_USER', 'SCREENSHARE_DIALOG', 'SYSTEM') for side in sides))
    edge = len({side.serve for side in served}) < len(served)
    customers = [side for side in sides if side.type == 'EXTERNAL']
    figure = {}
    for key in ('in_queue_seconds', 'waiting_seconds'):  # all sides report the same: the customer's is used if it exists
        value = customers[0].states()[key] if len(customers) == 1 else None
        figure[key] = SKIP if value is None else value
    return {
        'start_time': first(side.start for side in sides), 'end_time': last(side.hangup for side in sides), 'dialog_count': len(sides),
        'agent_count': len({side.record['tenant_user']['id'] for side in agents}),
        'transfer_count': 0 if internal else SKIP if edge else transfers,
        'in_queue_seconds': figure['in_queue_seconds'], 'waiting_seconds': figure['waiting_seconds'],
    }


def read_conpeek(records):
    sides = {record['dialog_uuid']: ConpeekSide(record) for record in records}
    told = {('cdr_dialog', uuid): side.states() for uuid, side in sides.items()}
    calls = collections.defaultdict(list)
    for uuid, side in sides.items():
        calls[min([uuid] + [other for other in side.record['linked_dialogs'] if other in sides])].append(side)
    for uuid, own in calls.items():
        told['interactions', uuid] = conpeek_call(own)
    return told


# ---- mluvii: the FAQ's formulas (seed 002)

def objects_of(record, key):
    """The objects in a list, or the one in its place; equal ones once."""
    found = record.get(key)
    found = [found] if isinstance(found, dict) else found or ()
    return list({json.dumps(each, sort_keys=True): each for each in found if isinstance(each, dict)}.values())


def read_mluvii(records):
    told = {}
    for record in records:
        steps = [(utc(each.get('timestamp')), word(each.get('activityType')), each) for each in objects_of(record, 'routingHistory')]

        def first_of(activity, steps=steps):
            return first(at for at, name, _ in steps if name == activity)
        created, joined = utc(record.get('created')), utc(record.get('guestJoined'))
        started, ended = utc(record.get('started')), utc(record.get('ended'))
        requested, assigned = first_of('ROUTINGREQUESTCREATED'), first_of('ASSIGNEDTOOPERATOR')
        accepted = first_of('ACCEPTEDBYOPERATOR')
        operators = objects_of(record, 'operators')
        left = last(utc(each.get('left')) for each in operators)
        concluded = last(utc(each.get('concluded')) for each in operators)
        if any(utc(each.get('left')) == left and utc(each.get('concluded')) is None for each in operators):
            concluded = None
        whole = between(created, ended)
        length = reported(iso_duration(record.get('length')), whole or None)
        answered = any(  # the guest and an operator were in the session together
            joined is not None and utc(each.get('joined')) is not None and
            (utc(each.get('left')) is None or utc(each.get('left')) > max(joined, utc(each.get('joined')))) for each in operators)
        active = length
        if length is not SKIP and not answered and not length:
            active = None
        told['interactions', str(record['id'])] = {
            'created_seconds': between(created, requested),
            'in_queue_seconds': SKIP if assigned is None or requested is None else between(requested, assigned),
            'waiting_seconds': between(assigned, accepted), 'ring_seconds': between(created, joined),
            'bcw_seconds': between(started, joined) or None, 'active_seconds': active, 'acw_seconds': between(left, concluded),
            'start_time': created, 'end_time': ended,
            'agent_count': len({each['userId'] for each in operators} | {
                each['operator']['userId'] for _, _, each in steps if 'operator' in each}),
            'dialog_count': 1 + len(operators) + len(objects_of(record, 'chatbots')),
            'recording_count': len(objects_of(record, 'recordings')) if isinstance(record.get('recordings'), (list, dict)) else None,
        }
        for user in {each['userId'] for each in operators}:
            own = [each for each in operators if each['userId'] == user]
            offered = first(at for at, name, each in steps if name == 'ASSIGNEDTOOPERATOR' and each['operator']['userId'] == user)
            told['agent IN_QUEUE', f"{record['id']}/{user}"] = {'seconds': between(offered, accepted)}
            if len(own) == 1:
                told['agent ACW', f"{record['id']}/{user}"] = {
                    'seconds': between(utc(own[0].get('left')), utc(own[0].get('concluded')))}
    return told


# ---- uContact: rows of Asterisk's shape (seed 003)

class UcontactRow:
    def __init__(self, record):
        self.record = record
        self.start, self.finish = utc(record.get('calldate')), utc(record.get('finishtime'))
        self.duration, self.billsec = number(record.get('duration')), number(record.get('billsec'))
        self.answered = word(record.get('disposition')) == 'ANSWERED'
        self.end = None if self.start is None or self.duration is None or self.duration < 0 else self.start + int(self.duration * 1e6)
        self.active = self.ring = self.answer = None
        self.alone = self.answered and not record.get('dstchannel') and word(record.get('direction')) == 'INBOUND' and \
            word(record.get('lastapp')) in ('VOICEMAIL', 'PLAYBACK', 'BACKGROUND', 'QUEUE')
        if not self.answered or self.alone or self.billsec is None or self.billsec < 0:
            return
        longest = last((between(self.start, self.finish), self.duration if (self.duration or 0) > 0 else None))
        self.active = reported(self.billsec, longest)
        if self.active is SKIP or self.active is None or self.duration is None or self.duration < self.billsec:
            return
        self.ring = self.duration - self.billsec
        if self.start is not None:
            self.answer = self.start + int(self.ring * 1e6)

    def states(self):
        return {'ring_seconds': SKIP if self.active is SKIP else self.ring, 'active_seconds': self.active}


def read_ucontact(records):
    told, calls = {}, collections.defaultdict(list)
    for record in records:
        row = UcontactRow(record)
        calls[record['guid']].append(row)
        told['cdr_dialog', '/'.join((record['linkedid'], record['uniqueid'], str(int(number(record['sequence'])))))] = row.states()
    for guid, rows in calls.items():
        talks = [row for row in rows if row.active is not None]
        unsure = any(row.active is SKIP for row in talks)
        spans = [(row.answer, row.end) for row in talks if row.answer is not None and row.end is not None]
        whole = len(spans) == len(talks)
        active = covered(spans) if whole else talks[0].active if len(talks) == 1 else SKIP
        told['interactions', guid] = {
            'end_time': last(row.finish if row.finish is not None else row.end for row in rows),
            'active_seconds': SKIP if unsure else active if talks else None,
            'answer_time': SKIP if unsure else first(row.answer for row in talks), 'dialog_count': len(rows) + 1,
        }
    return told


# ---- Alibaba: events, and lists with figures instead (seed 001)

def alibaba_events(record, key):
    return [{name: sorted((millis(event['EventTime']) for event in entry['EventSequence'] if word(event['Event']) == name))
             for name in {word(event['Event']) for event in entry['EventSequence']}} | {'entry': entry} for entry in record.get(key) or ()]


def read_alibaba(records):
    told = {}
    for record in records:
        start, release = millis(record.get('StartTime')), millis(record.get('ReleaseTime'))
        # The difference of the two instants, otherwise the figure.
        length = between(start, release) or number(record.get('CallDuration'))
        facts = {'start_time': start, 'end_time': release}
        if 'AgentEvents' not in record:  # a list's item
            for key, column in (('IvrTime', 'ivr_seconds'), ('QueueTime', 'in_queue_seconds'), ('RingTime', 'ring_seconds')):
                value = reported(number(record.get(key)), length)
                facts[column] = SKIP if not value else value  # 0 or nothing: depends on the events
            talked, held = number(record.get('TalkTime')), number(record.get('HeldTime'))
            facts['active_seconds'] = SKIP if not talked else reported(talked, length)
            facts['hold_seconds'] = SKIP if not held else reported(held, length)
            told['interactions', record['ContactId']] = facts
            continue
        inbound = record['ContactType'].upper() == 'INBOUND'
        agents, queues = alibaba_events(record, 'AgentEvents'), alibaba_events(record, 'QueueEvents')
        customers, flows = alibaba_events(record, 'CustomerEvents'), alibaba_events(record, 'IvrEvents')
        connected = first(at for each in customers for at in each.get('ESTABLISHED', ()))
        talks, rings, answers = [], [], []
        for each in agents:
            established, released = first(each.get('ESTABLISHED', ())), first(each.get('RELEASED', ()))
            if established is not None:
                begin = established if inbound else None if connected is None else max(established, connected)
                if begin is not None and (released is None or begin <= released):
                    answers.append(begin)  # a conversation in progress has no length yet
                if begin is not None and released is not None and begin <= released:
                    talks.append((begin, released))
            rung = first(each.get('RINGING', ()))
            if rung is not None:
                rings.append((rung, established if established is not None else released))
        ended = [ring for ring in rings if ring[1] is not None]
        facts['active_seconds'] = positive(covered(talks))
        if record['ContactType'].upper() == 'INTERNAL':
            continue  # four_vendors.py tests time that two of them share
        facts['answer_time'] = first(answers)
        if inbound:
            entry = first(at for each in flows if each['entry']['FlowType'] == 'MAIN_FLOW' for at in each['ROUTE2IVR'])
            leave = first(each['ENQUEUE'][0] for each in queues)
            facts['ivr_seconds'] = positive(between(entry, leave if leave is not None else release))
            # One visit and one ring: four_vendors.py tests several.
            if len(queues) == 1 and len(rings) <= 1 and len(ended) == len(rings):
                entered = queues[0]['ENQUEUE'][0]
                gone = first(queues[0].get('ABANDONED', []) + queues[0].get('QUEUEINGTIMEOUT', []))
                until = gone if gone is not None else ended[0][0] if ended else None
                if until is not None:
                    facts['in_queue_seconds'] = positive((until - entered) / 1e6 - (covered(ended) if gone is not None else 0))
                facts['ring_seconds'] = positive(covered(ended))
        told['interactions', record['ContactId']] = facts
    return told


# ---- Mutations

def moved(text, by):
    """An instant in the vendor's form, moved by a number of seconds."""
    match = re.fullmatch(r'(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)(.*)', text)
    if match is None:
        return text
    at = datetime.datetime.fromisoformat(f'{match[1]} {match[3]}') + datetime.timedelta(seconds=by)
    return at.strftime(f'%Y-%m-%d{match[2]}%H:%M:%S') + match[4]


MUTABLE = {  # keys of instants, of figures, and of lists whose order has no meaning
    'conpeek': (('start_time', 'hangup_time', 'serve_time', 'alert_time', 'answer_time', 'ring_time'),
                ('talking_time', 'waiting_time', 'first_queue_waiting_time'), ('linked_dialogs', 'custom_tag_id_list')),
    'mluvii': (('created', 'guestJoined', 'started', 'ended', 'joined', 'left', 'concluded', 'timestamp'), ('length',),
               ('operators', 'tags', 'routingHistory', 'recordings', 'chatbots')),
    'ucontact': (('calldate', 'finishtime'), ('duration', 'billsec'), ()),
    'alibaba': ((), ('IvrTime', 'QueueTime', 'RingTime', 'TalkTime', 'HeldTime'), ('EventSequence', 'AgentEvents', 'QueueEvents')),
}
WORDS = ('disposition', 'dialog_type', 'business_direction', 'hangup_cause', 'activityType', 'Event', 'lastapp', 'direction')


def mutate(node, vendor, chance):
    instants, figures, lists = MUTABLE[vendor]
    for key in list(node):
        value = node[key]
        if isinstance(value, dict):
            mutate(value, vendor, chance)
        if isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    mutate(each, vendor, chance)
            if vendor == 'mluvii' and value and isinstance(value[0], dict) and rng.random() < chance:
                each = dict(reversed(rng.choice(value).items()))
                node[key] = value = rng.choice((value + [each], value + [None, 'text'], each if len(value) == 1 else value))
            if key in lists and isinstance(value, list) and rng.random() < 0.5:
                rng.shuffle(value)
        if key in WORDS and isinstance(value, str) and value and rng.random() < 0.2:
            node[key] = rng.choice((value + ' ', ' ' + value, value.lower(), value.upper(), value + '\t'))
        if isinstance(value, int) and not isinstance(value, bool) and key not in ('id', 'userId') and rng.random() < 0.1:
            node[key] = str(value)
        if rng.random() >= chance:
            continue
        if key in instants + figures:
            how = rng.randrange(5)
            if how == 0:
                del node[key]
            elif how == 1:
                node[key] = rng.choice((None, ''))
            elif key in instants and isinstance(value, str):
                node[key] = moved(value, rng.choice((-600, -60, -7, -1, 1, 7, 60, 600, 86400)))
            elif isinstance(value, int):
                node[key] = rng.choice((0, value + 1, value * 2, value // 2, -value, value + 3_600_000))
            elif key == 'length' and isinstance(value, str):
                node[key] = rng.choice(('PT0S', 'PT1H1M1.5S', 'PT5M', 'PT20H'))
    return node


# ---- Comparing

def ask(database, table, path, columns, key):
    return {row[0]: dict(zip(columns, row[1:])) for row in database.execute(
        f'SELECT {key}, {", ".join(columns)} FROM {table}(cdr_file(?))', (path,))}


def told_by_library(vendor, path, expected):
    database = sqlite3.connect(':memory:')
    database.enable_load_extension(True)
    database.load_extension(library)
    told = {}
    for table in sorted({table for table, _ in expected}):
        columns = sorted({column for (of, _), facts in expected.items() if of == table for column in facts})
        if table.startswith('agent '):
            told[table] = {f'{row[0]}/{row[1]}': {'seconds': row[2]} for row in database.execute(
                'SELECT interaction_id, agent_id, seconds FROM state_durations(cdr_file(?)) WHERE state = ? AND agent_id IS NOT NULL',
                (path, table[6:]))}
        else:
            told[table] = ask(database, table, path, columns, 'dialog_id' if table == 'cdr_dialog' else 'interaction_id')
    return told


def same(column, expected, found):
    if expected is SKIP:
        return True
    if column.endswith('_time'):
        found = utc(found)
        return expected == found or expected is not None and found is not None and abs(expected - found) < 1000  # kept to the ms
    if expected is None or found is None:
        return expected == found
    return abs(expected - found) < 0.0021 if isinstance(expected, float) or isinstance(found, float) else expected == found


def hold(vendor, kind, records, folder):
    path = f'{folder}/{vendor}_{kind}.ndjson'
    with open(path, 'w', encoding='utf-8') as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + '\n')
    expected = {'alibaba': read_alibaba, 'conpeek': read_conpeek, 'mluvii': read_mluvii, 'ucontact': read_ucontact}[vendor](records)
    told = told_by_library(vendor, path, expected)
    for (table, name), facts in expected.items():
        row = told[table].get(name)
        if row is None and table.startswith('agent '):
            row = {'seconds': None}
        if row is None:
            differences[vendor, kind, table, 'no row'] += 1
            print(f'{vendor} {kind} {table} {name}: no row')
            continue
        for column, value in facts.items():
            checked[vendor] += value is not SKIP
            if same(column, value, row[column]):
                continue
            differences[vendor, kind, table, column] += 1
            if differences[vendor, kind, table, column] <= 2:
                print(f'{vendor} {kind} {table}.{column} of {name}: libcdr {row[column]!r}, second reading {value!r}')
                if differences[vendor, kind, table, column] == 1:
                    print('   ', next(json.dumps(each)[:1500] for each in records if name.split('/')[0] in json.dumps(each)))


def main():
    print('seed', seed)
    with tempfile.TemporaryDirectory() as folder:
        def generate(*arguments):
            subprocess.run([generator, '--seed', str(seed % 2**32), *map(str, arguments)], check=True, stderr=subprocess.DEVNULL, cwd=folder)
        generate('--vendor', 'all', '--interactions', interactions, '--out', 'day')
        generate('--vendor', 'all', '--script', '--interactions', 328, '--start-id', 10_000_000, '--out', 'script')
        generate('--vendor', 'alibaba', '--format', 'pages', '--interactions', interactions, '--start-id', 20_000_000, '--out', 'lists')
        for vendor in MUTABLE:
            texts = []
            for name in ('day', 'script') if vendor != 'ucontact' else ('day',):  # the script's local times are the zone's
                with open(f'{folder}/{name}/{vendor}.ndjson', encoding='utf-8') as lines:
                    texts += list(lines)
            if vendor == 'alibaba':
                for name in sorted(os.listdir(f'{folder}/lists')):
                    with open(f'{folder}/lists/{name}', encoding='utf-8') as page:
                        texts += map(json.dumps, json.load(page)['Data']['List'])
            hold(vendor, 'whole', list(map(json.loads, texts)), folder)
            for chance in (0.02, 0.1):
                hold(vendor, f'mutated {chance}', [mutate(json.loads(text), vendor, chance) for text in texts], folder)
    for vendor, count in checked.items():
        print(f'{vendor}: {count} values')
    if differences:
        for (vendor, kind, table, column), count in sorted(differences.items()):
            print(f'{vendor} {kind} {table}.{column}: {count} differ')
        sys.exit('two readings of the same records differ')


if __name__ == '__main__':
    main()
