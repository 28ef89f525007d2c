#!/usr/bin/python3
"""Every report compared with a separate computation: plain loops over the rows of the stored tables, with times as integer milliseconds.

    reports.py LIBRARY WAREHOUSE

In three zones (one with clock changes, one with a half-hour offset, UTC), for both credits and all clocks; and sums of parts equal the whole.
"""
import bisect
import collections
import datetime
import functools
import math
import sqlite3
import sys
import zoneinfo

utc = datetime.timezone.utc
epoch = datetime.datetime(1970, 1, 1, tzinfo=utc)
database = sqlite3.connect(sys.argv[2])
database.enable_load_extension(True)
database.load_extension(sys.argv[1])
checked = collections.Counter()


@functools.cache
def ms(text):
    if text is None:
        return None
    at = datetime.datetime.fromisoformat(text).replace(tzinfo=utc) - epoch
    return at.days * 86_400_000 + at.seconds * 1000 + at.microseconds // 1000


def text(at):
    return (epoch + datetime.timedelta(milliseconds=at)).strftime('%Y-%m-%d %H:%M:%S.%f')[:-3]


def rows(sql, *values):
    cursor = database.execute(sql, values)
    names = [column[0] for column in cursor.description]
    Row = collections.namedtuple('Row', names, rename=True)
    return [Row._make(row) for row in cursor]


def report(name, *arguments):
    found = rows(f'SELECT * FROM {name}({", ".join("?" * len(arguments))})', *arguments)
    checked[name] += len(found)
    return found


def figures(row):
    """The figures of a row of a dense report: its columns from `offered` on."""
    return row[row._fields.index('offered'):]


def fail(*what):
    sys.exit(' '.join(str(part) for part in what))


def same(where, what, found, expected):
    if not isinstance(expected, float) and not isinstance(found, float) or None in (found, expected):
        if found != expected:
            fail(where, what, 'found', repr(found), 'expected', repr(expected))
    elif not math.isclose(found, expected, rel_tol=1e-9, abs_tol=0.00101):
        fail(where, what, 'found', found, 'expected', expected)
    checked['figures'] += 1


# ---- The calendar ----
def instant(local, zone):
    """The instant of a civil time that exists; the earlier of two."""
    at = local.replace(tzinfo=zone).astimezone(utc) - epoch
    return at.days * 86_400_000 + at.seconds * 1000


def offset(at, zone):
    return (epoch + datetime.timedelta(milliseconds=at)).astimezone(zone).utcoffset() // datetime.timedelta(milliseconds=1)


@functools.lru_cache(None)
def calendar(start, end, interval, name):
    """The beginnings of the intervals, and the end of the last one. Clock changes of these zones happen at full hours of civil time."""
    zone = zoneinfo.ZoneInfo(name)
    if interval is None:
        return [start, end]
    first = (epoch + datetime.timedelta(milliseconds=start)).astimezone(zone).replace(tzinfo=None)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if interval in ('15m', '30m', '1h'):
        step = {'15m': 15, '30m': 30, '1h': 60}[interval] * 60_000
        at = start - (start + offset(start, zone)) % step
        marks = [at]
        while marks[-1] < end:
            marks.append(marks[-1] + step)
        return marks
    if interval == '1w':
        midnight -= datetime.timedelta(days=midnight.weekday())
    if interval == '1mo':
        midnight = midnight.replace(day=1)
    marks = [instant(midnight, zone)]
    while marks[-1] < end:
        if interval == '1mo':
            midnight = (midnight + datetime.timedelta(days=32)).replace(day=1)
        else:
            midnight += datetime.timedelta(days=7 if interval == '1w' else 1)
        marks.append(instant(midnight, zone))
    return marks


class Period:
    def __init__(self, first, last, interval, zone):
        self.arguments = (first, last, interval, zone)
        info = zoneinfo.ZoneInfo(zone)
        self.start, self.end = (instant(datetime.datetime.fromisoformat(day), info) for day in (first, last))
        self.marks = calendar(self.start, self.end, interval, zone)
        self.starts = self.marks[:-1]

    def has(self, at):
        return at is not None and self.start <= at < self.end

    def interval(self, at):
        return self.marks[bisect.bisect_right(self.marks, at) - 1]

    def pieces(self, begin, end):
        """(interval, begin, end) of each part in the period."""
        begin, end = max(begin, self.start), min(end, self.end)
        while begin < end:
            start = self.interval(begin)
            stop = min(end, self.marks[bisect.bisect_right(self.marks, begin)])
            yield start, begin, stop
            begin = stop


zones = ['Europe/Prague', 'Asia/Kolkata', 'UTC']
periods = [Period(first, last, interval, zone) for zone in zones
           for first, last, interval in [('2026-03-28', '2026-03-31', '15m'), ('2026-10-24', '2026-10-27', '15m'), ('2026-03-21', '2026-04-05', '30m'),
                                         ('2026-10-20', '2026-10-28', '1h'), ('2026-03-21', '2026-11-01', '1d'), ('2026-03-01', '2026-12-01', '1w'),
                                         ('2026-03-15', '2026-11-10', '1mo'), ('2026-03-23', '2026-10-26', None)]]

# ---- The facts, as any tool reads them ----
interactions = {row.interaction_key: row for row in rows('SELECT * FROM interaction')}
# Without enqueue_time, a visit belongs to no interval.
visits = rows('SELECT * FROM queue_visit WHERE enqueue_time IS NOT NULL')
offers = rows('SELECT * FROM agent_offer')
dialogs = rows('SELECT * FROM dialog WHERE agent_id IS NOT NULL')
states = rows('SELECT * FROM agent_state')


def tells_ringing(offer):
    return None not in (offer.agent_id, offer.offer_time, offer.ring_seconds)


rung_sides = {(offer.interaction_key, offer.dialog_id) for offer in offers if tells_ringing(offer)}
if min(len(interactions), len(visits), len(offers), len(dialogs)) < 100:
    fail('there is too little to compare', len(interactions), len(visits), len(offers), len(dialogs))

ABANDONED, FLOWED_OUT = ('ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING'), ('QUEUE_TIMEOUT', 'QUEUE_OVERFLOW', 'FORWARDED')


def ending(visit):
    if visit.outcome is None:
        return 'open' if interactions[visit.interaction_key].end_time is None else 'untold'
    if visit.outcome == 'ANSWERED':
        return 'answered'
    return 'abandoned' if visit.outcome in ABANDONED else 'flowed_out' if visit.outcome in FLOWED_OUT else 'failed'


def first_known(*values):
    return next((value for value in values if value is not None), None)


def wait(visit, clock):
    interaction = interactions[visit.interaction_key]
    if clock == 'queue':
        return visit.wait_seconds
    if clock == 'queue_ring':
        if visit.outcome == 'ANSWERED':
            return visit.speed_of_answer_seconds
        return None if visit.wait_seconds is None else visit.wait_seconds + (visit.ring_seconds or 0)
    if visit.outcome is None:
        return None
    end = first_known(visit.answer_time, interaction.answer_time) if visit.outcome == 'ANSWERED' else first_known(visit.end_time, interaction.end_time)
    return None if end is None or interaction.start_time is None else (ms(end) - ms(interaction.start_time)) / 1000


def event(visit):
    if visit.outcome == 'ANSWERED':
        return ms(first_known(visit.answer_time, visit.dequeue_time, visit.end_time, visit.enqueue_time))
    return ms(first_known(visit.end_time, visit.dequeue_time, visit.enqueue_time))


def total(values):
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def mean(values):
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None


def quantile(values, q):
    values = sorted(value for value in values if value is not None)
    if not values:
        return None
    exact = q * (len(values) - 1)
    low = math.floor(exact)
    return values[low] + (exact - low) * (values[min(low + 1, len(values) - 1)] - values[low])


legs_of = collections.defaultdict(list)
for dialog in dialogs:
    legs_of[dialog.interaction_key, dialog.dialog_id].append(dialog)
conversations_of = collections.defaultdict(list)
for offer in offers:
    if offer.outcome == 'ANSWERED':
        conversations_of[offer.interaction_key, offer.visit_no] += legs_of[offer.interaction_key, offer.dialog_id]


def check_queue_report(period, credit, clock, threshold, short):
    where = ('queue_report', *period.arguments, credit, clock, threshold)
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    for visit in visits:
        queue = (visit.vendor, visit.source, visit.queue_id)
        arrived, happened, how = ms(visit.enqueue_time), event(visit), ending(visit)
        if period.has(arrived):
            cells[period.interval(arrived), queue]['offered'].append(visit)
        if credit == 'arrival' or how in ('open', 'untold'):
            happened = arrived
        if period.has(happened):
            cells[period.interval(happened), queue][how].append(visit)
            if how == 'answered':
                cells[period.interval(happened), queue]['conversations'] += conversations_of[visit.interaction_key, visit.visit_no]
    queues = {queue for _, queue in cells}
    found = report('queue_report', *period.arguments, credit, clock, None, threshold, short)
    threshold, short = (20, 5) if threshold is None else (threshold, short)
    expected_rows = sorted((start, *(part or '' for part in queue)) for start in period.starts for queue in queues)
    if sorted((ms(row.interval_start), row.vendor, row.source, row.queue_id or '') for row in found) != expected_rows:
        fail(where, 'has other rows:', len(found), 'found,', len(expected_rows), 'expected')
    empty = set()  # figures of rows without facts: most rows are of this kind and look alike, so each look is checked once
    for row in found:
        cell = cells.get((ms(row.interval_start), (row.vendor, row.source, row.queue_id)), collections.defaultdict(list))
        if not cell:
            if figures(row) in empty:
                checked['figures'] += len(figures(row))
                continue
            empty.add(figures(row))
        at = (*where, row.interval_start, row.vendor, row.queue_id)
        for figure in ('offered', 'answered', 'abandoned', 'flowed_out', 'failed', 'open', 'untold'):
            same(at, figure, getattr(row, figure), len(cell[figure]))
        waits = {how: [wait(visit, clock) for visit in cell[how]] for how in ('answered', 'abandoned', 'flowed_out', 'failed')}
        unended = [wait(visit, clock) for how in ('open', 'untold') for visit in cell[how]]
        known = {how: [value for value in values if value is not None] for how, values in waits.items()}
        same(at, 'wait_known', row.wait_known, sum(map(len, known.values())) + sum(value is not None for value in unended))
        in_time = sum(value <= threshold for value in known['answered'])
        same(at, 'answered_in_threshold', row.answered_in_threshold, in_time)
        same(at, 'abandoned_in_threshold', row.abandoned_in_threshold, sum(value <= threshold for value in known['abandoned']))
        same(at, 'short_abandoned', row.short_abandoned, sum(value <= short for value in known['abandoned']))
        same(at, 'flowed_in', row.flowed_in, sum(visit.entry in ('TRANSFER', 'OVERFLOW') for visit in cell['offered']))
        same(at, 'service_level', row.service_level, in_time / row.wait_known if row.wait_known else None)
        same(at, 'abandon_rate', row.abandon_rate, len(cell['abandoned']) / len(cell['offered']) if cell['offered'] else None)
        same(at, 'asa_seconds', row.asa_seconds, mean(known['answered']))
        same(at, 'answered_wait_seconds', row.answered_wait_seconds, total(known['answered']))
        same(at, 'answered_wait_known', row.answered_wait_known, len(known['answered']))
        same(at, 'abandoned_wait_seconds', row.abandoned_wait_seconds, total(known['abandoned']))
        same(at, 'abandoned_wait_known', row.abandoned_wait_known, len(known['abandoned']))
        same(at, 'longest_wait_answered', row.longest_wait_answered, max(known['answered'], default=None))
        same(at, 'longest_wait_abandoned', row.longest_wait_abandoned, max(known['abandoned'], default=None))
        talks, holds, acws = ([getattr(leg, name) for leg in cell['conversations']] for name in ('active_seconds', 'hold_seconds', 'acw_seconds'))
        same(at, 'talk_seconds', row.talk_seconds, total(talks))
        same(at, 'hold_seconds', row.hold_seconds, total(holds))
        same(at, 'acw_seconds', row.acw_seconds, total(acws))
        same(at, 'hold_known', row.hold_known, sum(value is not None for value in holds))
        same(at, 'acw_known', row.acw_known, sum(value is not None for value in acws))
        handled = sum(value is not None for value in talks)
        same(at, 'talk_known', row.talk_known, handled)
        same(at, 'aht_seconds', row.aht_seconds, (total(talks) + (total(holds) or 0) + (total(acws) or 0)) / handled if handled else None)
        if credit == 'arrival' and row.offered != row.answered + row.abandoned + row.flowed_out + row.failed + row.open + row.untold:
            fail(at, 'offered does not add up')


def spans_of(dialog):
    began = ms(first_known(dialog.serve_time, dialog.answer_time, dialog.start_time, dialog.alert_time))
    rung = ms(first_known(dialog.alert_time, dialog.start_time, dialog.answer_time, dialog.serve_time))
    hung_up = ms(first_known(dialog.hangup_time, dialog.serve_time, dialog.start_time, dialog.alert_time, dialog.answer_time))
    talk, hold, acw, ring = dialog.active_seconds, dialog.hold_seconds, dialog.acw_seconds, dialog.ring_seconds
    both = round(((talk or 0) + (hold or 0)) * 1000)
    for kind, begin, length, whole in (('talk', began, both, talk), ('hold', began, both, hold), ('acw', hung_up, round((acw or 0) * 1000), acw),
                                       ('ring', rung, round((ring or 0) * 1000), None if (dialog.interaction_key, dialog.dialog_id) in rung_sides else ring)):
        if whole is not None and begin is not None:
            yield kind, begin, begin + length, whole


def check_agent_report(period, credit):
    where = ('agent_report', *period.arguments, credit)
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    agents, with_states = set(), set()

    def add(key, kind, begin, end, whole):
        if begin is None:
            return
        if credit != 'clip':
            at = begin if credit == 'start' else end
            if period.has(at):
                agents.add(key)
                cells[period.interval(at), key][kind].append(whole)
        elif begin >= end:
            if period.has(begin):
                agents.add(key)
                cells[period.interval(begin), key][kind].append(whole)
        else:
            for start, left, right in period.pieces(begin, end):
                agents.add(key)
                parts = [round(1000 * whole) * (at - begin) // (end - begin) for at in (left, right)]
                cells[start, key][kind].append((parts[1] - parts[0]) / 1000)

    for dialog in dialogs:
        for span in spans_of(dialog):
            add((dialog.vendor, dialog.source, dialog.agent_id), *span)
    for offer in offers:
        if tells_ringing(offer):
            begin = ms(offer.offer_time)
            add((offer.vendor, offer.source, offer.agent_id), 'ring', begin, begin + round(offer.ring_seconds * 1000), offer.ring_seconds)
    for state in states:
        key, begin = (state.vendor, state.source, state.agent_id), ms(state.start_time)
        end = ms(state.end_time)
        if None in (state.agent_id, begin, end, state.state_category) or state.state_category == 'OFFLINE':
            continue
        if begin < end and begin < period.end and end >= period.start:
            kinds = ['logged_in'] + {'AVAILABLE': ['available'], 'BREAK': ['break'], 'ACW': ['acw_state']}.get(state.state_category, [])
            if state.state_category == 'BREAK' and state.is_paid == 0:
                kinds.append('unpaid')
            for kind in kinds:
                add(key, kind, begin, end, (end - begin) / 1000)
    for (_, key), cell in cells.items():
        if cell['logged_in']:
            with_states.add(key)
    for offer in offers:
        if offer.agent_id is not None and period.has(ms(offer.offer_time)):
            key = (offer.vendor, offer.source, offer.agent_id)
            agents.add(key)
            cells[period.interval(ms(offer.offer_time)), key]['offers'].append(offer)
    for dialog in dialogs:
        began = ms(first_known(dialog.serve_time, dialog.answer_time, dialog.start_time, dialog.alert_time))
        if dialog.outcome == 'ANSWERED' and period.has(began):
            key = (dialog.vendor, dialog.source, dialog.agent_id)
            agents.add(key)
            cells[period.interval(began), key]['begun'].append(dialog)
    for dialog in dialogs:
        rung = ms(first_known(dialog.alert_time, dialog.start_time, dialog.answer_time, dialog.serve_time))
        if period.has(rung) and any(part is not None for part in (dialog.active_seconds, dialog.hold_seconds, dialog.acw_seconds)):
            key = (dialog.vendor, dialog.source, dialog.agent_id)
            agents.add(key)
            cells[period.interval(rung), key]['asked'].append(dialog)
    found = report('agent_report', *period.arguments, credit)
    expected_rows = sorted((start, *key) for start in period.starts for key in agents)
    if sorted((ms(row.interval_start), row.vendor, row.source, row.agent_id) for row in found) != expected_rows:
        fail(where, 'has other rows:', len(found), 'found,', len(expected_rows), 'expected')
    empty = set()
    for row in found:
        key = (row.vendor, row.source, row.agent_id)
        cell = cells.get((ms(row.interval_start), key), collections.defaultdict(list))
        if not cell:
            if (key in with_states, figures(row)) in empty:
                checked['figures'] += len(figures(row))
                continue
            empty.add((key in with_states, figures(row)))
        at = (*where, row.interval_start, *key)
        ends = [offer.outcome for offer in cell['offers']]
        same(at, 'offered', row.offered, len(ends))
        same(at, 'answered', row.answered, ends.count('ANSWERED'))
        same(at, 'missed', row.missed, sum(end not in (None, 'ANSWERED') for end in ends))
        same(at, 'missed_by_agent', row.missed_by_agent, ends.count('NO_ANSWER') + ends.count('REJECTED'))
        same(at, 'rejected', row.rejected, ends.count('REJECTED'))
        for kind in ('talk', 'hold', 'acw', 'ring'):
            same(at, kind, getattr(row, kind + '_seconds'), total(cell[kind]))
        same(at, 'handle_seconds', row.handle_seconds, total(cell['talk'] + cell['hold'] + cell['acw']))
        same(at, 'aht_seconds', row.aht_seconds, mean(None if leg.active_seconds is None else leg.active_seconds + (leg.hold_seconds or 0) + (leg.acw_seconds or 0)
                                                      for leg in cell['begun']))
        for figure, part in (('talk_known', 'active_seconds'), ('hold_known', 'hold_seconds'), ('acw_known', 'acw_seconds')):
            same(at, figure, getattr(row, figure), sum(getattr(leg, part) is not None for leg in cell['asked']))
        work = math.fsum(cell['talk'] + cell['hold'] + cell['ring']) + max(math.fsum(cell['acw']), math.fsum(cell['acw_state']))
        available, logged_in = math.fsum(cell['available']), math.fsum(cell['logged_in'])
        known = key in with_states
        same(at, 'logged_in_seconds', row.logged_in_seconds, logged_in if known else None)
        same(at, 'available_seconds', row.available_seconds, available if known else None)
        same(at, 'break_seconds', row.break_seconds, math.fsum(cell['break']) if known else None)
        same(at, 'occupancy', row.occupancy, work / (work + available) if known and work + available else None)
        paid = logged_in - math.fsum(cell['unpaid'])
        same(at, 'utilisation', row.utilisation, work / paid if known and abs(paid) > 1e-9 else None)


def check_interaction_report(period, by):
    where = ('interaction_report', *period.arguments, by)
    cells = collections.defaultdict(list)
    sizes = collections.Counter()
    for interaction in interactions.values():
        if period.has(ms(interaction.start_time)):
            start = period.interval(ms(interaction.start_time))
            cells[start, getattr(interaction, by)].append(interaction)
            sizes[start] += 1
    found = report('interaction_report', *period.arguments, by)
    if len(found) != len(cells):
        fail(where, 'has', len(found), 'rows, expected', len(cells))
    for row in found:
        start, inside = ms(row.interval_start), cells[ms(row.interval_start), row.value]
        at = (*where, row.interval_start, row.value)
        same(at, 'interactions', row.interactions, len(inside))
        same(at, 'share', row.share, len(inside) / sizes[start])
        same(at, 'answered', row.answered, sum(one.outcome == 'ANSWERED' for one in inside))
        same(at, 'abandoned', row.abandoned, sum((one.outcome or '').startswith('ABANDONED') for one in inside))
        same(at, 'open', row.open, sum(one.end_time is None for one in inside))
        for figure, column in (('talk', 'active_seconds'), ('hold', 'hold_seconds'), ('acw', 'acw_seconds')):
            values = [getattr(one, column) for one in inside]
            same(at, figure, getattr(row, figure + '_seconds'), total(values))
            same(at, figure + '_known', getattr(row, figure + '_known'), sum(value is not None for value in values))
        handled = [one.handle_seconds for one in inside if one.outcome == 'ANSWERED']
        same(at, 'handle_seconds', row.handle_seconds, total(handled))
        same(at, 'aht_seconds', row.aht_seconds, mean(handled))
        same(at, 'transfers', row.transfers, None if all(one.transfer_count is None for one in inside) else sum(one.transfer_count or 0 for one in inside))


def levels(spans, start, end):
    """(instant, level until the next one) of the spans in the period."""
    changes = collections.Counter({start: 0})
    for begin, stop in spans:
        begin, stop = max(begin, start), min(stop, end)
        if begin < stop:
            changes[begin] += 1
            changes[stop] -= 1
    level, steps = 0, []
    for at in sorted(changes):
        level += changes[at]
        if at < end:
            steps.append((at, level))
    return steps


def check_concurrency_report(period):
    where = ('concurrency_report', *period.arguments)
    spans = [(ms(one.start_time), ms(one.end_time)) for one in interactions.values() if None not in (one.start_time, one.end_time)]
    begun = sorted((ms(one.start_time), one.end_time is None) for one in interactions.values() if one.start_time is not None)
    spans.sort()
    found = report('concurrency_report', *period.arguments)
    if [ms(row.interval_start) for row in found] != period.starts:
        fail(where, 'has other intervals')
    longest = max(end - begin for begin, end in spans)
    begins = [begin for begin, _ in spans]
    for row, start, end in zip(found, period.starts, period.marks[1:]):
        start, end = max(start, period.start), min(end, period.end)
        near = spans[bisect.bisect_left(begins, start - longest):bisect.bisect_left(begins, end)]
        steps = levels(near, start, end)
        most = max(level for _, level in steps)
        at = (*where, row.interval_start)
        same(at, 'peak', row.peak, most)
        same(at, 'peak_time', ms(row.peak_time), next(when for when, level in steps if level == most) if most else None)
        same(at, 'mean', row.mean, sum(max(0, min(stop, end) - max(begin, start)) for begin, stop in near) / (end - start))
        inside = begun[bisect.bisect_left(begun, (start, False)):bisect.bisect_left(begun, (end, False))]
        same(at, 'begun', row.begun, len(inside))
        same(at, 'without_end', row.without_end, sum(unended for _, unended in inside))


def merged(pieces):
    """Of pieces with their agents: those of an agent that overlap or touch as one."""
    found = []
    for left, right, agent in sorted(pieces, key=lambda piece: (piece[2] or '', piece[0])):
        if agent is not None and found and found[-1][2] == agent and left <= found[-1][1]:
            found[-1][1] = max(found[-1][1], right)
        else:
            found.append([left, right, agent])
    return found


def check_staffing_report(period):
    cells = collections.defaultdict(list)
    for state in states:
        begin, end = ms(state.start_time), ms(state.end_time)
        if begin is None or end is None:
            continue
        for start, left, right in period.pieces(begin, end):
            cells[start, state.vendor, state.source, state.state_category or 'UNKNOWN'].append((left, right, state.agent_id))
    found = report('staffing_report', *period.arguments)
    if len(found) != len(cells):
        fail('staffing_report', period.arguments, 'has', len(found), 'rows, expected', len(cells))
    for row in found:
        start = ms(row.interval_start)
        pieces = cells[start, row.vendor, row.source, row.state_category]
        pieces = merged(pieces)
        length = min(period.marks[bisect.bisect_right(period.marks, start)], period.end) - max(start, period.start)
        seconds = sum(right - left for left, right, _ in pieces) / 1000
        at = ('staffing_report', *period.arguments, row.interval_start, row.state_category)
        same(at, 'agents', row.agents, len({agent for _, _, agent in pieces if agent is not None}))
        same(at, 'total_seconds', row.total_seconds, seconds)
        same(at, 'mean_agents', row.mean_agents, seconds * 1000 / length)
        same(at, 'peak_agents', row.peak_agents, max(level for _, level in levels([piece[:2] for piece in pieces], period.start, period.end)))


def check_whole_periods(first, last, zone):
    period = Period(first, last, None, zone)
    inside = [one for one in interactions.values() if period.has(ms(one.start_time))]
    arrived = [visit for visit in visits if period.has(ms(visit.enqueue_time))]
    for row in report('state_report', first, last, zone):
        values = [getattr(one, row.state.lower() + '_seconds') for one in inside]
        at = ('state_report', first, last, zone, row.state)
        same(at, 'interactions', row.interactions, len(inside))
        same(at, 'known', row.known, sum(value is not None for value in values))
        same(at, 'total', row.total_seconds, total(values))
        same(at, 'mean', row.mean_seconds, mean(values))
        for figure, q in (('p50_seconds', 0.5), ('p90_seconds', 0.9), ('p95_seconds', 0.95), ('max_seconds', 1)):
            same(at, figure, getattr(row, figure), quantile(values, q))
    for clock in ('queue', 'queue_ring', 'arrival'):
        found = report('wait_report', first, last, clock, zone)
        queues = {(visit.vendor, visit.source, visit.queue_id) for visit in arrived}
        same(('wait_report', first, last, clock), 'queues', {(row.vendor, row.source, row.queue_id) for row in found}, queues)
        for row in found:
            here = [visit for visit in arrived if (visit.vendor, visit.source, visit.queue_id) == (row.vendor, row.source, row.queue_id)]
            values = [wait(visit, clock) for visit in here]
            at = ('wait_report', first, last, clock, row.queue_id)
            same(at, 'visits', row.visits, len(here))
            same(at, 'wait_known', row.wait_known, sum(value is not None for value in values))
            for figure, q in (('p50', 0.5), ('p80', 0.8), ('p90', 0.9), ('p95', 0.95), ('p99', 0.99), ('max', 1)):
                same(at, figure, getattr(row, figure + '_seconds'), quantile(values, q))
            same(at, 'mean', row.mean_seconds, mean(values))
            for how in ('answered', 'abandoned'):
                same(at, how, getattr(row, how + '_mean_seconds'), mean(wait(visit, clock) for visit in here if ending(visit) == how))
            bounds = [5, 10, 20, 30, 60, 120, 300]
            sizes = collections.Counter(bisect.bisect_left(bounds, value) for value in values if value is not None)
            for place, column in enumerate(row._fields[row._fields.index('to_5'):]):
                same(at, column, getattr(row, column), sizes[place])
    for threshold, short in ((20, 5), (7.5, 3)):
        for row in report('service_levels', first, last, threshold, short, zone):
            timed = [(ending(visit), wait(visit, row.clock)) for visit in arrived]
            known = [(how, value) for how, value in timed if value is not None]

            def number(how, most=math.inf):
                return sum(value <= most and (how is None and one not in ('open', 'untold') or one == how) for one, value in known)

            a, a_t, b, b_t, s = number('answered'), number('answered', threshold), number('abandoned'), number('abandoned', threshold), number('abandoned', short)
            part, whole = {
                'ignore_abandons': (a_t, len(known) - b_t), 'abandons_negative': (a_t, len(known)), 'abandons_positive': (a_t + b_t, len(known)),
                'answered_only': (a_t, a), 'answered_or_abandoned': (a_t, a + b - s), 'removed': (number(None, threshold), len(known)),
                'asterisk_sl2': (a_t + b_t, a + b),
            }[row.variant]
            at = ('service_levels', first, last, threshold, row.clock, row.variant)
            same(at, 'part', row.part, part)
            same(at, 'whole', row.whole, whole)
            same(at, 'service_level', row.service_level, part / whole if whole else None)
            same(at, 'offered', row.offered, len(arrived))
            same(at, 'wait_known', row.wait_known, len(known))
    by_customer = collections.defaultdict(list)
    for one in interactions.values():
        if one.customer_number and any(c.isdigit() for c in one.customer_number) and '*' not in one.customer_number:
            by_customer[one.vendor, one.source, one.customer_number].append(one)
    repeats = {days: report('repeat_interactions', first, last, days, zone) for days in (None, 2)}
    for days, expected in ((None, {1, 3, 7, 30}), (2, {2})):
        if {row.within_days for row in repeats[days]} != (expected if repeats[days] else set()):
            fail('repeat_interactions', first, last, days, 'has rows within', sorted({row.within_days for row in repeats[days]}), 'days')
    for row in repeats[None] + repeats[2]:
        begun = [one for one in inside if one.direction in (None, 'INBOUND') and (one.vendor, one.source) == (row.vendor, row.source)]
        repeated = unrecognisable = 0
        customers = set()
        for one in begun:
            key = (one.vendor, one.source, one.customer_number)
            if key not in by_customer:
                unrecognisable += 1
                continue
            customers.add(key)
            later = [ms(other.start_time) for other in by_customer[key] if other.direction in (None, 'INBOUND') and other is not one and
                     (ms(other.start_time), other.interaction_key) > (ms(one.start_time), one.interaction_key)]
            repeated += bool(later) and min(later) <= ms(one.start_time) + row.within_days * 86_400_000
        at = ('repeat_interactions', first, last, row.vendor, row.within_days)
        same(at, 'interactions', row.interactions, len(begun))
        same(at, 'unrecognisable', row.unrecognisable, unrecognisable)
        same(at, 'customers', row.customers, len(customers))
        same(at, 'repeated', row.repeated, repeated)
        same(at, 'repeat_rate', row.repeat_rate, repeated / (len(begun) - unrecognisable) if len(begun) > unrecognisable else None)
    given_up = {one.interaction_id: one for one in inside if (one.outcome or '').startswith('ABANDONED')}
    found = report('abandoned_interactions', first, last, zone)
    same(('abandoned_interactions', first, last), 'interactions', sorted(row.interaction_id for row in found), sorted(given_up))
    for row in found:
        one = given_up[row.interaction_id]
        key = (one.vendor, one.source, one.customer_number)
        later = sorted((ms(other.start_time), other.interaction_key) for other in by_customer.get(key, [])
                       if other.outcome == 'ANSWERED' and ms(other.start_time) >= ms(one.end_time or one.start_time))
        at = ('abandoned_interactions', first, last, row.interaction_id)
        same(at, 'reached', row.reached, None if key not in by_customer else int(bool(later)))
        same(at, 'reached_interaction_id', row.reached_interaction_id, interactions[later[0][1]].interaction_id if later else None)
    causes = collections.Counter((one.vendor, one.source, one.released_by, one.end_cause, one.hangup_cause, one.q850_cause, one.sip_code) for one in inside)
    found = report('hangup_causes', first, last, zone)
    same(('hangup_causes', first, last), 'causes', {(row.vendor, row.source, row.released_by, row.end_cause, row.hangup_cause, row.q850_cause, row.sip_code): row.interactions
                                                     for row in found}, dict(causes))


def check_sums(first, last, zone):
    """Sums over quarter hours equal those over half hours, hours and days, and that of the whole period."""
    counts = ('offered', 'answered', 'abandoned', 'flowed_in', 'flowed_out', 'failed', 'open', 'untold', 'wait_known', 'answered_in_threshold', 'short_abandoned')
    seconds = ('talk_seconds', 'hold_seconds', 'acw_seconds', 'ring_seconds', 'logged_in_seconds', 'available_seconds', 'break_seconds')
    sums = {}
    for interval in ('15m', '30m', '1h', '1d', None):
        for credit in ('arrival', 'event'):
            for column in counts:
                found = rows(f'SELECT sum({column}) FROM queue_report(?, ?, ?, ?, ?)', first, last, interval, zone, credit)[0][0]
                same(('sum', first, last, interval, zone, credit), column, found, sums.setdefault((credit, column), found))
        for column in seconds:
            found = rows(f'SELECT sum({column}) FROM agent_report(?, ?, ?, ?)', first, last, interval, zone)[0][0]
            # Each row is rounded to the millisecond.
            if abs((found or 0) - (sums.setdefault(column, found) or 0)) > 2:
                fail('sum', first, last, interval, zone, column, found, sums[column])


for number, period in enumerate(periods):
    for credit in ('arrival', 'event'):
        # Alternates: thresholds of the call are computed from facts, those of the settings from stored figures.
        for turn, (clock, threshold, short) in enumerate((('queue', 20, 5), ('queue_ring', 10.5, 3), ('arrival', 30, 8))):
            if (number + turn + (credit == 'event')) % 2:
                threshold = short = None
            check_queue_report(period, credit, clock, threshold, short)
    for credit in ('clip', 'start', 'end'):
        check_agent_report(period, credit)
    for by in ('outcome', 'direction', 'channel', 'vendor', 'source'):
        check_interaction_report(period, by)
    check_concurrency_report(period)
    check_staffing_report(period)
for zone in zones:
    check_whole_periods('2026-03-22', '2026-04-03', zone)
    check_whole_periods('2026-03-01', '2026-12-01', zone)
    check_sums('2026-03-28', '2026-03-31', zone)
    check_sums('2026-10-24', '2026-10-27', zone)
print(dict(checked))
for name in ('queue_report', 'agent_report', 'interaction_report', 'concurrency_report', 'staffing_report', 'state_report', 'wait_report', 'service_levels',
             'repeat_interactions', 'abandoned_interactions', 'hangup_causes'):
    if not checked[name]:
        fail(name, 'has given no row')
