#!/usr/bin/python3
"""The same days as four vendors record them, compared with one list of true events.

    four_vendors.py LIBRARY GENERATOR [SEED [CALLS]]

cdr_generate writes scripted calls and a simulated day in each vendor's form, and the truth beside them. Every column that both have is compared. The
tables below list, by vendor and column, the values that a vendor does not record, records only coarsely, or records in another way, each with its
reason. Any other difference fails, and so does a listed one that does not occur.
"""
import collections
import datetime
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

library, generator = map(os.path.abspath, sys.argv[1:3])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20240502
calls = int(sys.argv[4]) if len(sys.argv) > 4 else 672  # the script twice for each of its eight start times

TIMES = {'start_time', 'queue_time', 'answer_time', 'end_time', 'enqueue_time', 'offer_time'}
COLUMNS = {
    'interactions': ['channel', 'direction', 'outcome', 'released_side', 'start_time', 'queue_time', 'answer_time', 'end_time',
                     'first_agent_id', 'last_agent_id', 'agent_count', 'transfer_count', 'ivr_seconds', 'in_queue_seconds',
                     'ring_seconds', 'active_seconds', 'hold_seconds', 'acw_seconds'],
    'queue_visits': ['entry', 'queue_id', 'enqueue_time', 'answer_time', 'end_time', 'wait_seconds', 'ring_seconds',
                     'speed_of_answer_seconds', 'outcome', 'agent_id'],
    'agent_offers': ['agent_id', 'visit_no', 'offer_time', 'end_time', 'ring_seconds', 'outcome'],
    'dialogs': ['outcome', 'active_seconds'],
}
TABLE = {'dialogs': 'cdr_dialog'}
EXACT = 0.0031  # figures are rounded to the millisecond, and some are sums
# The precision of a record: instants of whole seconds make figures wrong by less than two seconds.
COARSE = {'alibaba': EXACT, 'conpeek': 1.001, 'mluvii': 0.051, 'ucontact': 2.001}


def agent(vendor, number):
    return {'alibaba': f'agent{number}@generated-sample', 'conpeek': str(1000 + number), 'mluvii': str(5000 + number),
            'ucontact': f'SIP/{1000 + number}'}[vendor]


def queue(vendor, number):
    return {'alibaba': f'skillgroup{number}@generated-sample', 'conpeek': str(number), 'mluvii': str(number),
            'ucontact': GROUPS.get(number, '?') + '<-'}[vendor]


# The vendors use different words for who ended a call without a conversation.
ENDED_BY_SOMEBODY = ('ANSWERED', 'ABANDONED_IN_IVR', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING')
GROUPS = {11: 'Generated Orders', 12: 'Generated Invoices', 13: 'Generated Complaints', 14: 'Generated Technical support',
          15: 'Generated Chat desk', 16: 'Generated Premium'}


def seconds_of(text):
    return datetime.datetime.fromisoformat(text + '+00:00').timestamp()


# ---- Values that a vendor does not record, or records in another way

# Columns for which the vendor's records have no value in any of these calls.
NEVER = {
    'alibaba': {
        'interactions.hold_seconds': 'only lists of calls give it',
        'interactions.acw_seconds': 'only the oldest lists give it',
    },
    'conpeek': {
        'interactions.ivr_seconds': 'there is no menu',
        'interactions.hold_seconds': 'holding is not told',
        'interactions.acw_seconds': 'work after the call is not told',
        'interactions.released_side': 'who hung up is not told',
    },
    'mluvii': {
        'interactions.ivr_seconds': 'there is no menu',
    },
    'ucontact': {
        'interactions.ivr_seconds': 'there is no menu',
        'interactions.hold_seconds': 'holding is not told',
        'interactions.acw_seconds': 'work after the call is not told',
        'interactions.released_side': 'who hung up is not told',
        'queue_visits.ring_seconds': 'a wait is told with the ringing in it',
    },
}
# Columns that show the vendor's whole seconds, or the moments of its own routing.
COARSE_COLUMNS = {
    'alibaba': set(),
    'conpeek': {
        'agent_offers.end_time', 'agent_offers.offer_time', 'agent_offers.ring_seconds', 'interactions.active_seconds',
        'interactions.answer_time', 'interactions.end_time', 'interactions.queue_time', 'interactions.ring_seconds',
        'interactions.start_time', 'queue_visits.answer_time', 'queue_visits.end_time', 'queue_visits.enqueue_time',
        'queue_visits.ring_seconds', 'queue_visits.speed_of_answer_seconds',
    },
    'mluvii': {
        'interactions.in_queue_seconds', 'interactions.queue_time', 'queue_visits.enqueue_time',
        'queue_visits.speed_of_answer_seconds', 'queue_visits.wait_seconds',
    },
    'ucontact': {
        'agent_offers.end_time', 'agent_offers.offer_time', 'agent_offers.ring_seconds', 'dialogs.active_seconds',
        'interactions.active_seconds', 'interactions.answer_time', 'interactions.end_time', 'interactions.in_queue_seconds',
        'interactions.queue_time', 'interactions.ring_seconds', 'interactions.start_time', 'queue_visits.answer_time',
        'queue_visits.end_time', 'queue_visits.enqueue_time', 'queue_visits.speed_of_answer_seconds', 'queue_visits.wait_seconds',
    },
}
ANY = object()  # nothing follows from the truth


def whole(call):
    return call['interactions'][0]


def first_visit(call):
    return call['queue_visits'][0] if call['queue_visits'] else {}


def span(start, end):
    return None if start is None or end is None or start == end else end - start


def with_hold(call, each):
    """Conversation and hold in one figure."""
    if each.get('active_seconds') is None:
        return None
    return each['active_seconds'] + each.get('hold_seconds', 0)


def asked_again(call):
    """An agent was asked without success before the first visit ended."""
    offers = [each['offer_time'] for each in call['agent_offers'] if each.get('visit_no') == 1]
    return bool(offers) and min(offers) != first_visit(call)['last_left']


def dialled(call, each):
    return each['dialled'] if each['direction'] == 'OUTBOUND' else each['start_time']


def to_machine(column):
    """A machine's greeting is a conversation like any other."""
    def rule(call, each):
        outcome = whole(call)
        if outcome.get('outcome') != 'MACHINE':
            return each.get(column) if column != 'active_seconds' else with_hold(call, each)
        return outcome['customer_answered'] if column == 'answer_time' else span(outcome['customer_answered'], outcome['end_time'])
    return rule


def unless_unreached(call, each):
    """If the customer was not reached, the agent's side has the reason in the vendor's words."""
    return ANY if whole(call)['direction'] == 'OUTBOUND' and whole(call)['outcome'] != 'ANSWERED' else each.get('outcome')


# alibaba

def alibaba_ring(call, each):
    """The vendor's RingTime is agents' ringing; if no agent's telephone rang, it is the customer's."""
    if each['direction'] == 'OUTBOUND' and call['agent_offers']:
        return sum(offer['ring_seconds'] for offer in call['agent_offers'])
    return each.get('ring_seconds')


# conpeek

def conpeek_wait(call, each):
    """Until the telephone rang that was answered, or that rang last: the ringing of others is included."""
    visit = first_visit(call)
    return span(visit.get('enqueue_time'), visit.get('last_left')) if each is visit or each is whole(call) else None


def conpeek_entry(call, each):
    visit = first_visit(call)
    if asked_again(call):
        return ANY
    if not visit or 'last_left' not in visit:
        return None
    if call['agent_offers']:
        return visit['enqueue_time']
    return whole(call)['end_time'] - conpeek_wait(call, visit)


def conpeek_ring(call, each):
    """Of the agent who answered first, otherwise of the one asked last; outbound, the customer's, otherwise the agent's own."""
    if each['direction'] == 'OUTBOUND':
        if 'rang' in each:
            return span(each['rang'], each.get('customer_answered', each['end_time']))
        return span(each['start_time'], call['dialogs'][0]['accepted'])
    answered = [offer for offer in call['agent_offers'] if offer.get('outcome') == 'ANSWERED'] or call['agent_offers'][-1:]
    return answered[0].get('ring_seconds') if answered else None


# mluvii

def mluvii_ring(call, each):
    """The FAQ's guestJoined - created: a caller joins at once (150 ms)."""
    if each['direction'] == 'OUTBOUND':
        return span(each['start_time'], each['customer_answered']) if each['outcome'] == 'ANSWERED' else None
    return 150


def mluvii_queue(call, each):
    """The FAQ's first assignment - first request; without an assignment the time in the queues."""
    if each['direction'] == 'OUTBOUND':
        return 50
    if not call['agent_offers']:
        return each.get('in_queue_seconds')
    return span(first_visit(call)['enqueue_time'], min(offer['offer_time'] for offer in call['agent_offers']))


# ucontact

def ucontact_answered(call, visit_no):
    return next((each for each in call['agent_offers'] if each.get('visit_no') == visit_no and each['outcome'] == 'ANSWERED'), None)


def ucontact_entry(call, each):
    """From the arrival on; for a later queue, from its first row on, when an agent's telephone rings."""
    if each.get('visit_no', 1) > 1:
        return min(offer['offer_time'] for offer in call['agent_offers'] if offer.get('visit_no') == each['visit_no'])
    return whole(call)['start_time'] if call['queue_visits'] and whole(call)['outcome'] != 'VOICEMAIL' else None


def ucontact_wait(call, each):
    """From the entry to the answer, or to the end."""
    return span(ucontact_entry(call, each), each.get('answer_time', each.get('end_time')))


def ucontact_queue(call, each):
    """Until the telephone rang that was answered first; if unanswered, until the end."""
    if not call['queue_visits'] or each['outcome'] == 'VOICEMAIL':
        return None
    answered = ucontact_answered(call, 1)
    return span(each['start_time'], answered['offer_time'] if answered else each['end_time'])


def ucontact_ring(call, each):
    """The ringing of the row that was answered first, from its beginning on."""
    if each['direction'] == 'OUTBOUND':
        return span(each['dialled'], each.get('customer_answered'))
    answered = [offer for offer in call['agent_offers'] if offer['outcome'] == 'ANSWERED']
    return answered[0]['ring_seconds'] if answered else None


def ucontact_active(call, each):
    """Agents' conversations: a supervisor who takes the call over has no row."""
    if call['script'] == 'supervisor takes over':
        return with_hold(call, call['dialogs'][0])
    return to_machine('active_seconds')(call, each)


def transfers_taken(call, each):
    """A transfer that was not answered does not appear."""
    visits = call['queue_visits']
    return each['transfer_count'] - (len(visits) > 1 and visits[-1].get('outcome') != 'ANSWERED')


# Columns that the vendor computes in its own way: the rule returns the vendor's value instead of the true one.
OTHERWISE = {
    'alibaba': {
        'interactions.start_time': dialled,
        'interactions.active_seconds': to_machine('active_seconds'),
        'interactions.answer_time': to_machine('answer_time'),
        'interactions.ring_seconds': alibaba_ring,
        'dialogs.active_seconds': to_machine('active_seconds'),
        'dialogs.outcome': unless_unreached,
    },
    'conpeek': {
        'interactions.active_seconds': with_hold,
        'interactions.in_queue_seconds': conpeek_wait,
        'interactions.queue_time': conpeek_entry,
        'interactions.ring_seconds': conpeek_ring,
        'interactions.transfer_count': transfers_taken,
        'queue_visits.enqueue_time': conpeek_entry,
        'queue_visits.wait_seconds': conpeek_wait,
        'queue_visits.speed_of_answer_seconds':
            lambda call, each: ANY if asked_again(call) else each.get('speed_of_answer_seconds'),
        # A message is left after the queue, but the record does not show that.
        'queue_visits.end_time':
            lambda call, each: whole(call)['end_time'] if whole(call).get('outcome') == 'VOICEMAIL' else each.get('end_time'),
        # Later agents belong to queues that the record does not name.
        'agent_offers.visit_no': lambda call, each: 1 if each.get('visit_no') == 1 else None,
        'dialogs.active_seconds': with_hold,
        'dialogs.outcome': unless_unreached,
    },
    'mluvii': {
        # The vendor does not document whether `length` includes the hold; the generator's does.
        'interactions.active_seconds': with_hold,
        'interactions.in_queue_seconds': mluvii_queue,
        'interactions.ring_seconds': mluvii_ring,
        # Activities record holding, and the simulated day has none.
        'interactions.hold_seconds':
            lambda call, each: None if call['script'] == 'simulated' else each.get('hold_seconds'),
        'interactions.released_side':
            lambda call, each: None if call['script'] == 'simulated' and each['released_side'] == 'AGENT' else ANY
            if call['script'] == 'simulated' else each.get('released_side'),
        # An operator who was invited and stayed looks like one to whom the guest was handed on.
        'interactions.transfer_count':
            lambda call, each: 0 if call['script'] == 'consult transfer' else each['transfer_count'],
        'dialogs.active_seconds':
            lambda call, each: with_hold(call, each) if call['script'] == 'simulated' else each.get('active_seconds'),
        'dialogs.outcome': unless_unreached,
        'queue_visits.wait_seconds': lambda call, each: each.get('wait_seconds') if 'end_time' in each else None,
    },
    'ucontact': {
        'interactions.active_seconds': ucontact_active,
        'interactions.answer_time': to_machine('answer_time'),
        'interactions.in_queue_seconds': ucontact_queue,
        'interactions.queue_time': ucontact_entry,
        'interactions.ring_seconds': ucontact_ring,
        'interactions.transfer_count': transfers_taken,
        'queue_visits.enqueue_time': ucontact_entry,
        'queue_visits.wait_seconds': ucontact_wait,
        'queue_visits.speed_of_answer_seconds':
            lambda call, each: ucontact_wait(call, each) if 'answer_time' in each else None,
        'dialogs.active_seconds': to_machine('active_seconds'),
        'dialogs.outcome': unless_unreached,
    },
}


def ended_with_offer(call):
    """The last telephone stopped ringing within seconds of the end: the record does not show whether before the end or with it."""
    ends = [offer['end_time'] for offer in call['agent_offers'] if 'end_time' in offer]
    return bool(ends) and whole(call)['end_time'] - max(ends) < 2000


def asked_somebody(call):
    return bool(call['agent_offers'])


def always(call):
    return True


RARE = (ended_with_offer, asked_somebody)  # need not occur in every set of calls


# True values for which the vendor has another word: (true, recorded), and the calls to which this applies.
WORDS = {
    'alibaba': {
        ('interactions.outcome', 'MACHINE', 'ANSWERED'): always,
        # The simulated day's bots are menus here: Success at the end is SELF_SERVICE.
        ('interactions.outcome', 'SELF_SERVICE', 'ABANDONED_IN_IVR'): lambda call: call['script'] == 'simulated',
        # A telephone is released, whatever the reason.
        ('agent_offers.outcome', 'REJECTED', 'NO_ANSWER'): always,
        ('dialogs.outcome', 'REJECTED', 'NO_ANSWER'): always,
    },
    'conpeek': {
        ('interactions.outcome', 'ABANDONED_IN_IVR', 'OTHER'): always,  # there is no menu
        ('interactions.outcome', 'QUEUE_TIMEOUT', 'ABANDONED_IN_QUEUE'): always,  # the record does not show who gave up
        ('interactions.outcome', 'VOICEMAIL', 'ABANDONED_IN_QUEUE'): always,
        ('interactions.outcome', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING'): ended_with_offer,
        ('queue_visits.outcome', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING'): ended_with_offer,
        ('queue_visits.outcome', 'QUEUE_TIMEOUT', 'ABANDONED_IN_QUEUE'): always,
    },
    'mluvii': {
        ('interactions.outcome', 'BUSY', 'FAILED'): always,  # the dialler has no such result
        ('interactions.outcome', 'MACHINE', 'FAILED'): lambda call: call['script'] != 'simulated',
        ('interactions.outcome', 'MACHINE', 'OTHER'): lambda call: call['script'] == 'simulated',
        ('interactions.outcome', 'VOICEMAIL', 'QUEUE_TIMEOUT'): always,
        ('agent_offers.outcome', 'REJECTED', 'NO_ANSWER'): always,  # an offer is accepted or times out
    },
    'ucontact': {
        ('interactions.outcome', 'MACHINE', 'ANSWERED'): always,
        ('interactions.outcome', 'ABANDONED_IN_IVR', 'NO_ANSWER'): always,
        ('interactions.outcome', 'SELF_SERVICE', 'NO_ANSWER'): always,
        # The record does not show who gave up, the caller or the queue, nor whether an agent's telephone was still ringing.
        ('interactions.outcome', 'QUEUE_TIMEOUT', 'ABANDONED_IN_QUEUE'): always,
        ('interactions.outcome', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING'): asked_somebody,
        ('interactions.outcome', 'QUEUE_TIMEOUT', 'ABANDONED_IN_RING'): asked_somebody,
        ('queue_visits.outcome', 'QUEUE_TIMEOUT', 'ABANDONED_IN_QUEUE'): always,
        ('queue_visits.outcome', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING'): asked_somebody,
        ('queue_visits.outcome', 'QUEUE_TIMEOUT', 'ABANDONED_IN_RING'): asked_somebody,
        ('agent_offers.outcome', 'NO_ANSWER', 'CANCELLED'): ended_with_offer,
        ('dialogs.outcome', 'NO_ANSWER', 'CANCELLED'): ended_with_offer,
    },
}


def monitored(call, each):
    return each.get('outcome') == 'MONITORED'


# True rows that a vendor does not record.
MISSING = {
    'alibaba': {
        'interactions': lambda call, each: each['channel'] == 'chat',  # its calls are voice
    },
    'conpeek': {
        'queue_visits': lambda call, each: each['visit_no'] > 1 or 'last_left' not in each,  # only the first one, and only after it ended
        'dialogs': monitored,
    },
    'mluvii': {
        'interactions': lambda call, each: each['direction'] == 'INTERNAL',  # a session belongs to a guest
        'dialogs': lambda call, each: each.get('outcome') != 'ANSWERED',  # operators[] has only those who joined
    },
    'ucontact': {
        # getrecords has only voice calls that are over.
        'interactions': lambda call, each: each['channel'] == 'chat' or each['direction'] == 'INTERNAL' or 'end_time' not in each or
            each['direction'] == 'OUTBOUND' and each['transfer_count'] > 0,  # the vendor does not document rows for this
        # A visit without an agent's row only appears if nothing else happened; a message is not left in a queue.
        'queue_visits': lambda call, each: each['visit_no'] > 1 and each['outcome'] != 'ANSWERED' or
            whole(call)['outcome'] == 'VOICEMAIL',
        'dialogs': monitored,
    },
}
# Rows of a vendor without a true counterpart.
ADDED = {
    # A campaign's session is assigned to an operator, who accepts it and then dials.
    'mluvii': {'agent_offers': lambda call, row: whole(call)['direction'] == 'OUTBOUND'},
}


def returns_to_a_queue(call):
    """uContact's rows of one queue are one visit, however often the caller returned."""
    queues = [each['queue_id'] for each in call['queue_visits']]
    return len(set(queues)) < len(queues)


# ---- Comparing

class Comparison:
    """Counts differences that are not listed, by column, kind and script, and notes which listed ones occurred."""

    def __init__(self, vendor):
        self.vendor = vendor
        self.found = collections.Counter()
        self.example = {}
        self.compared = 0
        self.used = set()

    def differs(self, column, how, call, example):
        self.found[column, how, call['script']] += 1
        self.example.setdefault((column, how, call['script']), example)

    def value(self, table, column, call, each, told):
        self.compared += 1
        name, where = f'{table}.{column}', call['id']
        truth = each.get(column)
        if name in NEVER[self.vendor]:
            if truth is not None:
                self.used.add(('never', name))
            truth = None
        elif name in OTHERWISE[self.vendor]:
            truth = OTHERWISE[self.vendor][name](call, each)
            if truth is ANY or truth != each.get(column):
                self.used.add(('otherwise', name))
            if truth is ANY:
                return
        if column in TIMES or column.endswith('_seconds'):
            truth = None if truth is None else truth / 1000
            if column in TIMES and told is not None:
                told = seconds_of(told)
            if truth is None and column.endswith('_seconds') and told == 0:
                told = None  # a span that did not occur lasts 0 seconds
            if truth is None or told is None:
                if truth != told:
                    self.differs(name, 'not told' if told is None else 'told, and is not', call, (where, truth, told))
            elif abs(truth - told) > EXACT:
                spans = len(call['agent_offers']) if column == 'ring_seconds' else 1  # each span has its own rounding
                if abs(truth - told) <= COARSE[self.vendor] * max(1, spans) and name in COARSE_COLUMNS[self.vendor]:
                    self.used.add(('coarse', name))
                else:
                    self.differs(name, 'differs', call, (where, truth, told))
            return
        if truth is not None:
            if column.endswith('agent_id'):
                truth = [agent(self.vendor, each) for each in (truth if isinstance(truth, list) else [truth])]
                if told in truth:
                    return
            if column == 'queue_id':
                truth = queue(self.vendor, truth)
        if truth == told:
            return
        holds = WORDS[self.vendor].get((name, truth if isinstance(truth, str) else None, told))
        if holds is not None and holds(call):
            self.used.add(('word', name, truth, told))
            return
        self.differs(name, 'differs', call, (where, truth, told))

    def rows(self, table, call, lists, kind, rows):
        """Reports rows that only the truth or only the vendor has."""
        holds = lists.get(self.vendor, {}).get(table)
        for row in rows:
            if holds is not None and holds(call, row):
                self.used.add((kind, table))
            else:
                self.differs(table, 'not told' if kind == 'missing' else 'told, and is not', call, (call['id'], row))

    def unused(self):
        """The listed differences that did not occur."""
        vendor = self.vendor
        listed = {('never', name) for name in NEVER[vendor]} | {('otherwise', name) for name in OTHERWISE[vendor]}
        listed |= {('coarse', name) for name in COARSE_COLUMNS[vendor]} | {
            ('word', *words) for words, holds in WORDS[vendor].items() if holds not in RARE}
        listed |= {('missing', table) for table in MISSING[vendor]} | {('added', table) for table in ADDED.get(vendor, {})}
        return listed - self.used


def rows(database, table, source):
    cursor = database.execute(f'SELECT * FROM {TABLE.get(table, table)}(cdr_file(?1, ?2))', source)
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def connect():
    database = sqlite3.connect(':memory:')
    database.enable_load_extension(True)
    database.load_extension(library)
    return database


def interaction_ids(vendor, database, source):
    """Maps each of the vendor's interactions to its simulated call."""
    if vendor == 'alibaba':
        return lambda row: int(row['interaction_id'][4:])
    if vendor == 'mluvii':
        return lambda row: int(row['interaction_id'])
    if vendor == 'conpeek':
        calls_of = {row['interaction_id']: int(row['operator_call_id']) for row in rows(database, 'dialogs', source)}
    else:
        calls_of = {guid: int(number) // 10 for guid, number in database.execute(
            'SELECT guid, id FROM ucontact_record(cdr_file(?1, ?2))', source)}
    return lambda row: calls_of[row['interaction_id']]


def compare(comparison, path, truth, options):
    vendor = comparison.vendor
    database = connect()
    source = (path, json.dumps(options))
    call_of = interaction_ids(vendor, database, source)
    told = {table: collections.defaultdict(list) for table in COLUMNS}
    for table in COLUMNS:
        for row in rows(database, table, source):
            told[table][call_of(row)].append(row)
    unknown = set(told['interactions']) - set(truth)
    if unknown:
        sys.exit(f'{vendor}: interactions that did not happen: {sorted(unknown)[:5]}')
    for number, call in truth.items():
        for table, columns in COLUMNS.items():
            expected, found = call[table], told[table].get(number, [])
            if table != 'interactions' and number not in told['interactions']:
                continue  # reported once, for the interaction
            if vendor == 'ucontact' and table == 'queue_visits' and returns_to_a_queue(call):
                continue
            if table in ('dialogs', 'agent_offers'):  # by agent, who may have been asked several times
                of_agent = collections.defaultdict(list)
                for row in sorted(found, key=lambda row: row['start_time'] or '') if table == 'dialogs' else found:
                    if row['agent_id'] is not None:
                        of_agent[row['agent_id']].append(row)
                pairs = []
                for each in sorted(expected, key=lambda each: each.get('outcome') != 'ANSWERED') if table == 'dialogs' else expected:
                    own = of_agent[agent(vendor, each['agent_id'])]
                    if table == 'dialogs':
                        own.sort(key=lambda row: row['outcome'] != each.get('outcome'))
                    pairs.append((each, own.pop(0) if own else None))
                others = sum(of_agent.values(), [])
            else:
                pairs = list(itertools.zip_longest(expected, found[:len(expected)]))
                others = found[len(expected):]
            comparison.rows(table, call, MISSING, 'missing', [each for each, row in pairs if row is None])
            comparison.rows(table, call, ADDED, 'added', others)
            for each, row in pairs:
                for column in columns if row is not None else ():
                    if column == 'released_side' and each.get('outcome') not in ENDED_BY_SOMEBODY:
                        continue
                    if vendor == 'ucontact' and column == 'visit_no' and returns_to_a_queue(call):
                        continue
                    comparison.value(table, column, call, each, row[column])


def hold_against_mapping(database):
    """A column without a value in any record must be 'not provided' in cdr_mapping, unless other kinds of the vendor's records have it."""
    for vendor, columns in NEVER.items():
        for name in columns:
            table, column = name.split('.')
            (basis,), = database.execute(
                'SELECT basis FROM cdr_mapping WHERE vendor = ? AND table_name = ? AND column_name = ?', (vendor, table, column))
            elsewhere = vendor == 'alibaba'
            if (basis == 'not provided') == elsewhere:
                sys.exit(f'{vendor} {name}: cdr_mapping says {basis}')


def generate(folder, *arguments):
    subprocess.run([generator, '--seed', str(seed), *map(str, arguments)], check=True, stderr=subprocess.DEVNULL, cwd=folder)


def main():
    print('seed', seed)
    failed = False
    hold_against_mapping(connect())
    with tempfile.TemporaryDirectory() as folder:
        generate(folder, '--vendor', 'all', '--script', '--interactions', calls, '--out', 'script', '--truth', 'script.truth')
        generate(folder, '--vendor', 'all', '--interactions', 2 * calls, '--start-id', calls + 1, '--out', 'day', '--truth', 'day.truth')
        for vendor in NEVER:
            comparison = Comparison(vendor)
            for name in ('script', 'day'):
                with open(f'{folder}/{name}.truth', encoding='utf-8') as lines:
                    truth = {call['id']: call for call in map(json.loads, lines)}
                options = {'zone': 'Europe/Madrid'} if vendor == 'ucontact' and name == 'script' else {}
                compare(comparison, f'{folder}/{name}/{vendor}.ndjson', truth, options)
            for key, count in sorted(comparison.found.items()):
                print(f'{vendor}: {key[0]} {key[1]} in {count} of {key[2]}: (call, truth, told) = {comparison.example[key]}')
            for each in sorted(comparison.unused(), key=str):
                print(f'{vendor}: listed and did not occur: {each}')
            failed |= bool(comparison.found) or bool(comparison.unused())
            print(f'{vendor}: {comparison.compared} values compared, {len(comparison.used)} ways of telling otherwise')
    if failed:
        sys.exit('a vendor tells a day that did not happen; mend the mapping, or list what its records cannot say, and why')


if __name__ == '__main__':
    main()
