#!/usr/bin/python3
"""Figures compared with a second implementation, written differently and in another language.

    figure_functions.py LIBRARY

Erlang's formulas are summed term by term with 60 digits; quantiles, peaks and service levels are counted again for every frame of a window; intervals
are found by walking through a zone's minutes.
"""
import bisect
import datetime
import decimal
import fractions
import math
import os
import random
import sqlite3
import sys
import zoneinfo

seed = int(os.environ.get('CDR_TEST_SEED') or 20240502)
print('seed', seed)
random.seed(seed)
database = sqlite3.connect(':memory:')
database.enable_load_extension(True)
database.load_extension(sys.argv[1])
checked = 0


def ask(sql, *values):
    return database.execute(sql, values).fetchall()


def check(what, found, expected, relative=0.0):
    global checked
    checked += 1
    if found is None or expected is None or isinstance(expected, str):
        same = found == expected
    else:
        same = abs(found - expected) <= relative * abs(expected)
    if not same:
        sys.exit(f'{what}: found {found!r}, expected {expected!r}')


# ---- Erlang ----
decimal.getcontext().prec = 60
D = decimal.Decimal


def blocking(traffic, agents):
    """B = (A^N/N!) / sum of A^k/k!, by definition: the terms from the last one down."""
    if traffic == 0:
        return D(1) if agents == 0 else D(0)
    term = total = D(1)
    for k in range(agents, 0, -1):
        term = term * k / traffic
        total += term
    return 1 / total


def waiting(traffic, agents):
    if traffic >= agents:
        return D(1)
    blocked = blocking(traffic, agents)
    return agents * blocked / (agents - traffic * (1 - blocked))


def level(traffic, agents, aht, threshold):
    if traffic >= agents:
        return D(0)
    return 1 - waiting(traffic, agents) * (-(agents - traffic) * D(threshold) / D(aht)).exp()


tolerance = 1e-9
for agents in [1, 2, 3, 7, 20, 99, 500, 2500, 10000]:
    for share in [0.01, 0.3, 0.8, 0.95, 0.999, 0.99999, 1.0, 1.3]:
        traffic = agents * share
        blocked = blocking(D(traffic), agents)
        # A value below the smallest double of full precision is 0 or has fewer digits.
        if blocked > D('1e-300'):
            check(f'erlang_b({traffic}, {agents})', ask('SELECT erlang_b(?, ?)', traffic, agents)[0][0], float(blocked), tolerance)
            check(f'erlang_c({traffic}, {agents})', ask('SELECT erlang_c(?, ?)', traffic, agents)[0][0], float(waiting(D(traffic), agents)),
                  tolerance)
        aht = random.choice([30, 180.5, 600])
        interval = random.choice([900, 1800, 3600])
        interactions = traffic * interval / aht
        exact = D(interactions) * (D(aht) / D(interval))
        # If agents and traffic differ by less than a double can represent, the same applies to their waits.
        if abs(agents - exact) > D('1e-6') * agents:
            for threshold in [0, 0.5, 20, 300]:
                check(f'erlang_service_level({interactions}, {interval}, {aht}, {agents}, {threshold})',
                      ask('SELECT erlang_service_level(?, ?, ?, ?, ?)', interactions, interval, aht, agents, threshold)[0][0],
                      float(level(exact, agents, aht, threshold)), tolerance)
            wait = waiting(exact, agents) * D(aht) / (agents - exact) if exact < agents else None
            if wait is None or wait > D('1e-300'):
                check(f'erlang_asa({interactions}, {interval}, {aht}, {agents})',
                      ask('SELECT erlang_asa(?, ?, ?, ?)', interactions, interval, aht, agents)[0][0],
                      None if wait is None else float(wait), tolerance)
for _ in range(60):
    interactions, interval, aht = random.randint(1, 4000), random.choice([900, 1800, 3600]), random.randint(20, 900)
    target, threshold = random.choice([0.5, 0.8, 0.9, 0.95]), random.choice([0, 10, 20, 60])
    agents = ask('SELECT agents_required(?, ?, ?, ?, ?)', interactions, interval, aht, target, threshold)[0][0]
    exact = D(interactions) * D(aht) / D(interval)
    if not level(exact, agents, aht, threshold) >= D(target) > level(exact, agents - 1, aht, threshold):
        sys.exit(f'agents_required({interactions}, {interval}, {aht}, {target}, {threshold}) is not {agents}')
    checked += 1


# ---- Aggregates, whole and over moving frames ----
def type_7(numbers, q):
    numbers = sorted(numbers)
    if not numbers:
        return None
    exact = fractions.Fraction(q) * (len(numbers) - 1)
    low = math.floor(exact)
    high = min(low + 1, len(numbers) - 1)
    return float(fractions.Fraction(numbers[low]) + (exact - low) * (fractions.Fraction(numbers[high]) - fractions.Fraction(numbers[low])))


def peak(spans):
    """The maximum number of spans in progress, counted at the start of each span."""
    known = [(start, end) for start, end in spans if start is not None]
    if spans and not known:
        return None
    lasting = [(start, math.inf if end is None else end) for start, end in known]
    lasting = [(start, end) for start, end in lasting if end > start]
    starts, ends = sorted(start for start, _ in lasting), sorted(end for _, end in lasting)
    return max((bisect.bisect_right(starts, at) - bisect.bisect_right(ends, at) for at in starts), default=0)


def served(visits, variant, threshold, short):
    known = [(wait, outcome) for wait, outcome in visits if wait is not None]
    answered = [wait for wait, outcome in known if outcome == 'ANSWERED']
    abandoned = [wait for wait, outcome in known if outcome in ('ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING')]
    in_time = [wait for wait, outcome in known if wait <= threshold and outcome is not None]
    a_t, b_t = sum(wait <= threshold for wait in answered), sum(wait <= threshold for wait in abandoned)
    part, whole = {
        'ignore_abandons': (a_t, len(known) - b_t),
        'abandons_negative': (a_t, len(known)),
        'abandons_positive': (a_t + b_t, len(known)),
        'answered_only': (a_t, len(answered)),
        'answered_or_abandoned': (a_t, len(answered) + len(abandoned) - sum(wait <= short for wait in abandoned)),
        'removed': (len(in_time), len(known)),
        'asterisk_sl2': (a_t + b_t, len(answered) + len(abandoned)),
    }[variant]
    return part / whole if whole else None


variants = ['ignore_abandons', 'abandons_negative', 'abandons_positive', 'answered_only', 'answered_or_abandoned', 'removed', 'asterisk_sl2']
outcomes = ['ANSWERED'] * 6 + ['ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING', 'QUEUE_TIMEOUT', 'FORWARDED', None]
database.execute('CREATE TABLE row (id INTEGER PRIMARY KEY, part, begin, stop, wait, outcome)')
count = 6000
rows = []
for n in range(count):
    begin = random.choice([None] + [random.randint(0, 400_000)] * 30)
    stop = None if random.random() < 0.01 else (begin or 0) + random.choice([0, random.randint(-50, 200), random.randint(0, 20_000)])
    wait = random.choice([None] + [round(random.expovariate(1 / 15), 3)] * 12 + [random.randint(0, 30)] * 5)
    rows.append((n, random.randint(0, 3), begin, stop, wait, random.choice(outcomes)))
database.executemany('INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)', rows)


def in_ms(column):
    return f"CASE WHEN {column} IS NOT NULL THEN strftime('%Y-%m-%d %H:%M:%f', {column} / 1000.0, 'unixepoch') END"


def compare(frame, members, every):
    """Compares the figures of each row's frame; `members` returns the rows of a frame."""
    for q, variant, threshold, short in [(random.choice([0, 1, 0.5, random.random()]), variant, random.choice([5, 10, 20]), random.choice([2, 5]))
                                         for variant in variants]:
        found = ask(f'SELECT quantile(wait, {q}) OVER w, peak_concurrency({in_ms("begin")}, {in_ms("stop")}) OVER w, '
                    f"service_level(wait, outcome, {threshold}, '{variant}', {short}) OVER w FROM row WINDOW w AS ({frame}) ORDER BY id")
        for n in range(0, count, every):
            inside = members(n)
            check(f'quantile {frame} row {n}', found[n][0], type_7([row[4] for row in inside if row[4] is not None], q), 1e-12)
            check(f'peak_concurrency {frame} row {n}', found[n][1], peak([row[2:4] for row in inside]))
            check(f'service_level {variant} {frame} row {n}', found[n][2], served([row[4:6] for row in inside], variant, threshold, short), 1e-12)


compare('ORDER BY id ROWS BETWEEN 50 PRECEDING AND 20 FOLLOWING', lambda n: rows[max(0, n - 50):n + 21], 17)
compare('ORDER BY id ROWS BETWEEN 3 FOLLOWING AND 9 FOLLOWING', lambda n: rows[n + 3:n + 10], 17)
compare('ORDER BY id', lambda n: rows[:n + 1], 397)
compare('ORDER BY id ROWS 4000 PRECEDING', lambda n: rows[max(0, n - 4000):n + 1], 397)
compare('ORDER BY id ROWS BETWEEN 30 PRECEDING AND 30 FOLLOWING EXCLUDE CURRENT ROW', lambda n: rows[max(0, n - 30):n] + rows[n + 1:n + 31], 97)
parts = [[row for row in rows if row[1] == part] for part in range(4)]
compare('PARTITION BY part ORDER BY id ROWS 9 PRECEDING', lambda n: [row for row in parts[rows[n][1]] if row[0] <= n][-10:], 97)
compare('PARTITION BY part', lambda n: parts[rows[n][1]], 397)
for part in range(4):
    for q in [0, 0.01, 0.5, 0.95, 1]:
        found = ask(f'SELECT quantile(wait, ?), peak_concurrency({in_ms("begin")}, {in_ms("stop")}) FROM row WHERE part = ?', q, part)[0]
        check('quantile of a group', found[0], type_7([row[4] for row in parts[part] if row[4] is not None], q), 1e-12)
        check('peak_concurrency of a group', found[1], peak([row[2:4] for row in parts[part]]))

# ---- Intervals ----
minute = datetime.timedelta(minutes=1)
utc = datetime.timezone.utc


def first_instant(date, zone):
    """The first minute that shows the date, or a later date if the zone skips it."""
    at = datetime.datetime(date.year, date.month, date.day, tzinfo=utc) - 15 * 60 * minute
    while at.astimezone(zone).date() < date:
        at += minute
    return at


def bucket(at, interval, zone):
    local = at.astimezone(zone)
    if interval in ('15m', '30m', '1h'):
        length = {'15m': 15, '30m': 30, '1h': 60}[interval]
        start = at.replace(second=0, microsecond=0)
        while True:  # back to a minute where the clock shows a full interval or changes
            here, before = start.astimezone(zone), (start - minute).astimezone(zone)
            if here.minute % length == 0 or here.utcoffset() != before.utcoffset():
                return start
            start -= minute
    candidates = []
    for days in (-1, 0, 1):
        date = local.date() + datetime.timedelta(days=days)
        if interval == '1w':
            date -= datetime.timedelta(days=date.weekday())
        if interval == '1mo':
            date = date.replace(day=1)
        candidates.append(first_instant(date, zone))
    return max(start for start in candidates if start <= at)


zones = ['UTC', 'Europe/Prague', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/St_Johns', 'America/Havana', 'Pacific/Apia',
         'Asia/Kathmandu', 'Africa/Casablanca']
changes = {}
for name in zones:
    zone = zoneinfo.ZoneInfo(name)
    hour, found = datetime.datetime(2005, 1, 1, tzinfo=utc), []
    while hour.year < 2024:
        if (hour + 60 * minute).astimezone(zone).utcoffset() != hour.astimezone(zone).utcoffset():
            found.append(hour)
        hour += 60 * minute
    changes[name] = found
for name in zones:
    zone = zoneinfo.ZoneInfo(name)
    for n in range(60):
        if changes[name] and n % 3:
            at = random.choice(changes[name]) + datetime.timedelta(seconds=random.randint(-7 * 3600, 30 * 3600))
        else:
            at = datetime.datetime(2005, 1, 1, tzinfo=utc) + datetime.timedelta(seconds=random.randint(0, 19 * 365 * 86400))
        for interval in ('15m', '30m', '1h', '1d', '1w', '1mo'):
            text = at.strftime('%Y-%m-%d %H:%M:%S')
            check(f'cdr_bucket({text}, {interval}, {name})', ask('SELECT cdr_bucket(?, ?, ?)', text, interval, name)[0][0],
                  bucket(at, interval, zone).strftime('%Y-%m-%d %H:%M:%S.000'))
print(checked, 'figures')
if checked < 10_000:
    sys.exit('fewer than were meant')
