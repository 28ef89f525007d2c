#!/usr/bin/python3
"""Times reports and DuckDB, which computes the same figures from its own table of the same visits; see figures.sh.

  figures.py BUILD WAREHOUSE FOLDER ROUNDS

FOLDER holds DuckDB's package, and temporarily the tables. A report is timed as SELECT count(*) FROM it, which computes every column of every row but
excludes the time that Python would need to fetch them. DuckDB's time ends when its whole answer is in memory. DuckDB's tables have one row per visit,
offer and conversation, with waits and local times computed before the clock starts, and its answer lacks intervals without a visit, which a report
has. Answers are compared in full, and a difference is a failure; the times are information.
"""
import csv
import datetime
import json
import math
import os
import sqlite3
import statistics
import subprocess
import sys
import time
import zoneinfo

build, warehouse, folder, rounds = sys.argv[1:5]
ROUNDS = int(rounds)
ZONE = 'Europe/Prague'  # the warehouse's reporting zone, which figures.sh has set
FIGURES = ('offered answered answered_in_threshold abandoned abandoned_in_threshold short_abandoned flowed_in flowed_out failed open untold wait_known '
           'service_level abandon_rate asa_seconds aht_seconds talk_seconds hold_seconds acw_seconds hold_known acw_known longest_wait_answered '
           'longest_wait_abandoned answered_wait_seconds answered_wait_known abandoned_wait_seconds abandoned_wait_known talk_known').split()
OF_AGENTS = 'offered answered missed missed_by_agent rejected talk_seconds hold_seconds acw_seconds ring_seconds handle_seconds aht_seconds'.split()

stock = sqlite3.connect(f'file:{warehouse}?mode=ro', uri=True)
library = sqlite3.connect(f'file:{warehouse}?mode=ro', uri=True)
library.enable_load_extension(True)
library.load_extension(os.path.join(build, 'libcdr'))


def utc(date):
    """Midnight of the zone, as UTC text."""
    local = datetime.datetime.fromisoformat(date).replace(tzinfo=zoneinfo.ZoneInfo(ZONE))
    return local.astimezone(datetime.timezone.utc).strftime('%Y-%m-%d %H:%M:%S')


# ---- DuckDB's tables
TABLES = {
    'visit': ('''
SELECT v.vendor, v.source, v.queue_id, v.queue_name, v.entry, v.enqueue_time, CASE
    WHEN v.outcome = 'ANSWERED' THEN 'answered' WHEN v.outcome IN ('ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING') THEN 'abandoned'
    WHEN v.outcome IN ('QUEUE_TIMEOUT', 'QUEUE_OVERFLOW', 'FORWARDED') THEN 'flowed_out' WHEN v.outcome IS NOT NULL THEN 'failed'
    WHEN i.end_time IS NULL THEN 'open' ELSE 'untold' END, v.wait_seconds,
  (SELECT sum(d.active_seconds) {side}), (SELECT sum(d.hold_seconds) {side}), (SELECT sum(d.acw_seconds) {side}),
  (SELECT count(d.active_seconds) {side}), (SELECT count(d.hold_seconds) {side}), (SELECT count(d.acw_seconds) {side})
FROM queue_visit AS v JOIN interaction AS i USING (interaction_key) WHERE v.enqueue_time IS NOT NULL ORDER BY v.enqueue_time'''.format(
        side="FROM agent_offer AS o JOIN fact_dialog AS d ON d.interaction_key = o.interaction_key AND d.dialog_id = o.dialog_id "
             "WHERE v.outcome = 'ANSWERED' AND o.interaction_key = v.interaction_key AND o.visit_no = v.visit_no AND o.outcome = 'ANSWERED'"),
              'vendor VARCHAR, source VARCHAR, queue_id VARCHAR, queue_name VARCHAR, entry VARCHAR, enqueue_time TIMESTAMP, counted_as VARCHAR, wait DOUBLE, '
              'talk DOUBLE, hold DOUBLE, acw DOUBLE, talk_known INTEGER, hold_known INTEGER, acw_known INTEGER, day DATE'),
    # And the ringing of offers, which replaces that of their sides.
    'side': ('''
SELECT vendor, source, agent_id, agent_name, outcome, coalesce(serve_time, answer_time, start_time) AS began, coalesce(alert_time, start_time),
  coalesce(hangup_time, serve_time, start_time), active_seconds, hold_seconds, acw_seconds, iif(EXISTS (
    SELECT 1 FROM agent_offer AS o WHERE o.interaction_key = d.interaction_key AND o.dialog_id = d.dialog_id AND o.agent_id IS NOT NULL AND o.offer_time IS NOT NULL
      AND o.ring_seconds IS NOT NULL), NULL, ring_seconds)
FROM fact_dialog AS d WHERE agent_id IS NOT NULL
UNION ALL
SELECT vendor, source, agent_id, agent_name, NULL, offer_time, offer_time, offer_time, NULL, NULL, NULL, ring_seconds
FROM agent_offer WHERE agent_id IS NOT NULL AND offer_time IS NOT NULL AND ring_seconds IS NOT NULL ORDER BY began''',
             'vendor VARCHAR, source VARCHAR, agent_id VARCHAR, agent_name VARCHAR, outcome VARCHAR, began TIMESTAMP, rung TIMESTAMP, hung_up TIMESTAMP, '
             'talk DOUBLE, hold DOUBLE, acw DOUBLE, ring DOUBLE'),
    'offer': ('SELECT vendor, source, agent_id, offer_time, outcome FROM agent_offer WHERE agent_id IS NOT NULL ORDER BY offer_time',
              'vendor VARCHAR, source VARCHAR, agent_id VARCHAR, offer_time TIMESTAMP, outcome VARCHAR'),
}


def days():
    """Returns a function from UTC text to the date in the zone; it looks up each quarter hour once."""
    known = {}

    def day(at):
        quarter = at[:15]
        if quarter not in known:
            instant = datetime.datetime.fromisoformat(quarter + '0:00+00:00')
            known[quarter] = instant.astimezone(zoneinfo.ZoneInfo(ZONE)).date().isoformat()
        return known[quarter]
    return day


def hand_over():
    statements = []
    for name, (sql, columns) in TABLES.items():
        path = os.path.join(folder, f'figures-{name}.csv')
        day = days()
        with open(path, 'w', newline='', encoding='utf-8') as file:
            writer = csv.writer(file, quoting=csv.QUOTE_NOTNULL if hasattr(csv, 'QUOTE_NOTNULL') else csv.QUOTE_MINIMAL)
            for row in stock.execute(sql):
                writer.writerow(row + (day(row[5]),) if name == 'visit' else row)
        types = ', '.join("'{}': '{}'".format(*column.split(' ')) for column in columns.split(', '))
        statements.append(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', header = false, columns = {{{types}}}, nullstr = '')")
    return statements


def of_queues(at, start, end):
    """queue_report by arrival: the interval, the queue, and FIGURES."""
    answered, abandoned = "FILTER (counted_as = 'answered')", "FILTER (counted_as = 'abandoned')"
    return f'''
SELECT {at} AS bucket, vendor, source, queue_id, count(*) AS offered, count(*) {answered} AS answered,
  count(*) FILTER (counted_as = 'answered' AND wait <= 20) AS answered_in_threshold, count(*) {abandoned} AS abandoned,
  count(*) FILTER (counted_as = 'abandoned' AND wait <= 20) AS abandoned_in_threshold, count(*) FILTER (counted_as = 'abandoned' AND wait <= 5) AS short_abandoned,
  count(*) FILTER (entry IN ('TRANSFER', 'OVERFLOW')) AS flowed_in, count(*) FILTER (counted_as = 'flowed_out') AS flowed_out,
  count(*) FILTER (counted_as = 'failed') AS failed, count(*) FILTER (counted_as = 'open') AS "open", count(*) FILTER (counted_as = 'untold') AS untold,
  count(wait) AS wait_known, count(*) FILTER (counted_as = 'answered' AND wait <= 20) / nullif(count(wait), 0) AS service_level,
  count(*) {abandoned} / nullif(count(*), 0) AS abandon_rate, round(avg(wait) {answered}, 3) AS asa_seconds,
  round((sum(talk) + coalesce(sum(hold), 0) + coalesce(sum(acw), 0)) / nullif(sum(talk_known), 0), 3) AS aht_seconds,
  round(sum(talk), 3) AS talk_seconds, round(sum(hold), 3) AS hold_seconds, round(sum(acw), 3) AS acw_seconds,
  sum(hold_known)::INTEGER AS hold_known, sum(acw_known)::INTEGER AS acw_known, max(wait) {answered} AS longest_wait_answered,
  max(wait) {abandoned} AS longest_wait_abandoned, round(sum(wait) {answered}, 3) AS answered_wait_seconds, count(wait) {answered} AS answered_wait_known,
  round(sum(wait) {abandoned}, 3) AS abandoned_wait_seconds, count(wait) {abandoned} AS abandoned_wait_known, sum(talk_known)::INTEGER AS talk_known
FROM visit WHERE enqueue_time >= '{start}' AND enqueue_time < '{end}' GROUP BY ALL ORDER BY bucket, vendor, source, queue_id'''


def of_agents(start, end):
    """agent_report of a period, spans clipped: the agent, and OF_AGENTS."""
    def part(whole, begin, length):
        stop = f'{begin} + to_milliseconds((1000 * ({length}))::BIGINT)'
        return (f"CASE WHEN {length} = 0 THEN CASE WHEN {begin} >= '{start}' AND {begin} < '{end}' THEN {whole} END "
                f"WHEN {begin} >= '{start}' AND {stop} <= '{end}' THEN {whole} WHEN {begin} < '{end}' AND {stop} > '{start}' THEN {whole} * "
                f"(epoch_ms(least({stop}, TIMESTAMP '{end}')) - epoch_ms(greatest({begin}, TIMESTAMP '{start}'))) / (1000 * ({length})) END")
    both = 'coalesce(talk, 0) + coalesce(hold, 0)'
    begun = f"outcome = 'ANSWERED' AND began >= '{start}' AND began < '{end}'"
    return f'''
WITH part AS (
  SELECT vendor, source, agent_id, {part('talk', 'began', both)} AS talk, {part('hold', 'began', both)} AS hold,
    {part('acw', 'hung_up', 'coalesce(acw, 0)')} AS acw, {part('ring', 'rung', 'coalesce(ring, 0)')} AS ring,
    CASE WHEN {begun} THEN talk + coalesce(hold, 0) + coalesce(acw, 0) END AS handle
  FROM side WHERE began < '{end}' AND greatest(began, hung_up) + to_milliseconds((1000 * (coalesce(talk, 0) + coalesce(hold, 0) + coalesce(acw, 0) + coalesce(ring, 0)))::BIGINT) >= '{start}'
), spent AS (
  SELECT vendor, source, agent_id, sum(talk) AS talk, sum(hold) AS hold, sum(acw) AS acw, sum(ring) AS ring, avg(handle) AS aht FROM part GROUP BY ALL
), asked AS (
  SELECT vendor, source, agent_id, count(*) AS offered, count(*) FILTER (outcome = 'ANSWERED') AS answered, count(*) FILTER (outcome <> 'ANSWERED') AS missed,
    count(*) FILTER (outcome IN ('NO_ANSWER', 'REJECTED')) AS missed_by_agent, count(*) FILTER (outcome = 'REJECTED') AS rejected
  FROM offer WHERE offer_time >= '{start}' AND offer_time < '{end}' GROUP BY ALL
)
SELECT vendor, source, agent_id, coalesce(offered, 0) AS offered, coalesce(answered, 0) AS answered, coalesce(missed, 0) AS missed,
  coalesce(missed_by_agent, 0) AS missed_by_agent, coalesce(rejected, 0) AS rejected, round(talk, 3) AS talk_seconds, round(hold, 3) AS hold_seconds,
  round(acw, 3) AS acw_seconds, round(ring, 3) AS ring_seconds,
  round(CASE WHEN coalesce(talk, hold, acw) IS NOT NULL THEN coalesce(talk, 0) + coalesce(hold, 0) + coalesce(acw, 0) END, 3) AS handle_seconds, round(aht, 3) AS aht_seconds
FROM spent FULL JOIN asked USING (vendor, source, agent_id)
WHERE coalesce(offered, 0) > 0 OR coalesce(talk, hold, acw, ring) IS NOT NULL ORDER BY 1, 2, 3'''


MONTH, YEAR = ('2026-03-01', '2026-04-01'), ('2026-01-01', '2027-01-01')  # in the zone; the month has a change of the clocks
KEY = 'vendor, source, queue_id'
QUESTIONS = {  # name: DuckDB's SQL, the report, the compared columns, and the report's rows that DuckDB has
    'a month by half hours, all queues': (of_queues("strftime(time_bucket(INTERVAL '30 minutes', enqueue_time), '%Y-%m-%d %H:%M:%S.000')", *map(utc, MONTH)),
                                          f"queue_report('{MONTH[0]}', '{MONTH[1]}', '30m', '{ZONE}')", f'interval_start, {KEY}', FIGURES),
    'a year by day, all queues': (of_queues("strftime(day, '%Y-%m-%d')", *map(utc, YEAR)),
                                  f"queue_report('{YEAR[0]}', '{YEAR[1]}', '1d', '{ZONE}')", f'substr(interval_local, 1, 10), {KEY}', FIGURES),
    'agent_report of a month': (of_agents(*map(utc, MONTH)), f"agent_report('{MONTH[0]}', '{MONTH[1]}', NULL, '{ZONE}')", 'vendor, source, agent_id', OF_AGENTS),
}


def timed(sql, *values):
    before, cpu = time.perf_counter(), time.process_time()
    answer = library.execute(sql, values).fetchall()
    return time.perf_counter() - before, time.process_time() - cpu, answer


def same(found, expected):
    if isinstance(found, float) or isinstance(expected, float):
        return None not in (found, expected) and math.isclose(found, expected, rel_tol=1e-9, abs_tol=0.00101)
    return found == expected


def number(cell, is_figure):
    return cell if cell is None or not is_figure else float(cell)


def compare(name, report, key, figures, rows):
    keys = key.count(', ') + 1 - key.count('(interval_local, 1, 10)') * 2
    ours = library.execute(f'SELECT {key}, {", ".join(figures)} FROM {report} ' + ('WHERE offered > 0' if 'queue' in report else '')).fetchall()
    wanted = sorted(([*row[:keys], *(number(cell, True) for cell in row[keys:])] for row in rows), key=lambda row: [part or '' for part in row[:keys]])
    found = sorted(([*row[:keys], *(number(cell, True) for cell in row[keys:])] for row in ours), key=lambda row: [part or '' for part in row[:keys]])
    if [row[:keys] for row in wanted] != [row[:keys] for row in found]:
        sys.exit(f'bench: {name}: {len(found)} rows, DuckDB has {len(wanted)}')
    for row, other in zip(found, wanted):
        for column, cell, expected in zip(figures, row[keys:], other[keys:]):
            if not same(cell, expected):
                sys.exit(f'bench: {name}: {row[:keys]} {column}: libcdr {cell}, DuckDB {expected}')
    return len(found)


def main():
    total, visits = (stock.execute(f'SELECT count(*) FROM {table}').fetchone()[0] for table in ('interaction', 'queue_visit'))
    print(f'{total} interactions, {visits} queue visits of a year, {os.path.getsize(warehouse) / 1e6:.0f} MB; SQLite {sqlite3.sqlite_version}; medians of {ROUNDS}')
    task = os.path.join(folder, 'figures.json')
    statements = hand_over()
    answers = {}
    for threads in (1, 2):
        with open(task, 'w', encoding='utf-8') as file:
            json.dump({'threads': threads, 'rounds': ROUNDS, 'tables': statements, 'questions': {name: each[0] for name, each in QUESTIONS.items()}}, file)
        said = subprocess.run(['node', os.path.join(folder, 'duckdb_figures.mjs'), task], check=True, capture_output=True, text=True).stdout
        for line in said.splitlines():
            answer = json.loads(line)
            answers[answer['name'], threads] = answer
    print(f"{'question':36} {'rows':>6} {'libcdr s':>9} {'cpu s':>7} {'DuckDB s, 1 thread':>19} {'2 threads':>10} {'cpu s':>7} {'DuckDB 2 / libcdr':>18}")
    for name, (_, report, key, figures) in QUESTIONS.items():
        rows = compare(name, report, key, figures, answers[name, 2]['rows'])
        times = [timed(f'SELECT count(*) FROM {report}') for _ in range(ROUNDS + 1)][1:]
        seconds, cpu = (statistics.median(each[i] for each in times) for i in (0, 1))
        one, two = (statistics.median(answers[name, threads]['seconds']) for threads in (1, 2))
        print(f"{name:36} {rows:6} {seconds:9.4f} {cpu:7.4f} {one:19.4f} {two:10.4f} {statistics.median(answers[name, 2]['cpu']):7.4f} {two / seconds:18.2f}", flush=True)
    busiest = stock.execute("SELECT substr(start_time, 1, 10) FROM interaction WHERE start_time IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1").fetchone()[0]
    ids = [row[0] for row in stock.execute("SELECT interaction_id FROM interaction WHERE start_time >= ? AND start_time < date(?, '+1 day') ORDER BY start_time LIMIT 500", (busiest, busiest))]
    timed('SELECT * FROM interaction_timeline(?)', ids[0])  # prepares it
    times = sorted(timed('SELECT * FROM interaction_timeline(?)', each)[0] for each in ids)
    print(f'interaction_timeline, {len(ids)} interactions of one day: median {1000 * statistics.median(times):.2f} ms, 99 of 100 within {1000 * times[int(len(times) * 0.99)]:.2f} ms, '
          f'the slowest {1000 * times[-1]:.2f} ms (target: 5 ms)')


main()
