#!/usr/bin/env python3
"""Measures single questions to a warehouse: lookup.py DATABASE LIBRARY [TIMES]

Each question is put TIMES (200) times, each time about another interaction, customer or agent, which are selected evenly from the file: to the stored
tables without libcdr, and to libcdr's tables. All columns of all rows are fetched; the time is that of preparing, running and fetching. Both must
return the same rows.
"""
import sqlite3
import statistics
import sys
import time

database, library = sys.argv[1:3]
times = int(sys.argv[3]) if len(sys.argv) > 3 else 200

stock = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
loaded = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
loaded.enable_load_extension(True)
loaded.load_extension(library)


def drawn(sql):
    """The subjects of a question: TIMES of the rows, evenly distributed; repeated if there are fewer."""
    rows = stock.execute(sql).fetchall()
    assert rows, f"nothing to ask for: {sql}"
    return [rows[i * len(rows) // times] for i in range(times)]


interactions = drawn("SELECT interaction_id FROM interaction ORDER BY start_time")
customers = drawn("SELECT DISTINCT customer_number FROM interaction WHERE customer_number IS NOT NULL ORDER BY 1")
days = drawn(
    "SELECT DISTINCT agent_id, date(start_time), date(start_time, '+1 day') FROM dialog WHERE agent_id IS NOT NULL ORDER BY 1, 2"
)
questions = [
    ("one interaction", "SELECT * FROM {interaction} WHERE interaction_id = ?", interactions),
    ("its dialogs", "SELECT * FROM {dialog} WHERE interaction_id = ?", interactions),
    ("its state durations", "SELECT * FROM {state_duration} WHERE interaction_id = ?", interactions),
    ("one customer's interactions", "SELECT * FROM {interaction} WHERE customer_number = ? ORDER BY start_time", customers),
    (
        "one agent's day",
        "SELECT * FROM {dialog} WHERE agent_id = ? AND start_time >= ? AND start_time < ? ORDER BY start_time",
        days,
    ),
]
stored = {"interaction": "interaction", "dialog": "dialog", "state_duration": "state_duration"}
virtual = {"interaction": "interactions", "dialog": "cdr_dialog", "state_duration": "state_durations"}

print(f"{'question':28} {'rows':>5}  {'stored ms':>9} {'slowest 5 %':>11}  {'virtual ms':>10} {'slowest 5 %':>11}")
for name, sql, asked in questions:
    figures = []
    answers = []
    for connection, names in ((stock, stored), (loaded, virtual)):
        milliseconds = []
        rows = []
        for values in asked:
            started = time.perf_counter_ns()
            answer = connection.execute(sql.format(**names), values).fetchall()
            milliseconds.append((time.perf_counter_ns() - started) / 1e6)
            rows.append(answer)
        answers.append(rows)
        figures += [statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]]
    for a, b in zip(*answers):
        if sorted(a, key=repr) != sorted(b, key=repr):
            sys.exit(f"bench: {name}: the stored and the virtual table do not agree")
    count = statistics.median(len(rows) for rows in answers[0])
    print(f"{name:28} {count:5g}  {figures[0]:9.3f} {figures[1]:11.3f}  {figures[2]:10.3f} {figures[3]:11.3f}")
