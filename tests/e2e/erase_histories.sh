#!/bin/sh
# Erasures in random histories of records: erased records stay away in whatever order and files all records come again, and the rest equals the
# warehouse of the other records; records that only come later give the same result in every order. The records are those of histories.sh: duplicates,
# stale versions, versions that lose or gain a link, records fetched at different times and for two tenants.
#
#   erase_histories.sh LIBRARY ROOT [HISTORIES [ORDERS [SEED]]]   (4, 2, 1); the same seed gives the same histories
set -eu
library=$1 root=$2 histories=${3-4} orders=${4-2} seed=${5-1}
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Debian's Python: others may have been built without extensions.
exec /usr/bin/python3 - "$library" "$root" "$histories" "$orders" "$seed" << 'END'
import json, random, sqlite3, sys

library, root = sys.argv[1:3]
histories, orders, seed = map(int, sys.argv[3:])
print(f"seed {seed}: to see these histories again, erase_histories.sh … {histories} {orders} {seed}")
number = 0


def fail(why):
    sys.exit(f"seed {seed}, history {number}: {why}")


def samples(name):
    text = open(f"{root}/samples/{name}").read()
    return json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]


def without(record, *names):
    return {name: value for name, value in record.items() if name not in names}


# The versions of each subject: the record; unfinished; linked to another dialog's interaction; without a link.
def versions():
    of = {}
    dialogs = samples("conpeek/day.ndjson")
    for at, dialog in enumerate(dialogs):
        other = dialogs[(at * 37) % len(dialogs)]["dialog_uuid"]
        of.setdefault(dialog["dialog_uuid"][:8], []).extend(
            [dialog, without(dialog, "hangup_time", "end_cause", "talking_time"), {**dialog, "linked_dialogs": []},
             {**dialog, "linked_dialogs": [other], "note": "linked late"}])
    for session in samples("mluvii/Sessions.json"):
        of.setdefault(str(session["id"]), []).extend([session, without(session, "operators", "ended")])
    for routing in samples("mluvii/routing-histories.ndjson"):
        of.setdefault(str(routing["sessionId"]), []).extend(
            [routing, {**routing, "routingHistory": routing["routingHistory"][:-1]}])
    return list(of.values())


class Line:  # of a history
    def __init__(self, record, source, fetched_at):
        self.text, self.source, self.fetched_at = json.dumps(record, ensure_ascii=False), source, fetched_at
        vendor, resource, own, linked = (
            ("conpeek", "dialog", record["dialog_uuid"], record["linked_dialogs"] or []) if "dialog_uuid" in record
            else ("mluvii", "session", str(record["id"]), []) if "id" in record
            else ("mluvii", "routing_history", str(record["sessionId"]), []))
        self.key = (vendor, resource, source or vendor, own)
        self.links = {(vendor, source or vendor, id) for id in [own, *linked]}


class Warehouse:
    def __init__(self, copied=None):
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.enable_load_extension(True)
        self.db.load_extension(library)
        if copied is None:
            self.one("SELECT cdr_init()")
        else:
            copied.db.backup(self.db)

    def rows(self, sql, *arguments):
        return self.db.execute(sql, arguments).fetchall()

    def one(self, sql, *arguments):
        return self.rows(sql, *arguments)[0][0]

    # Imports the lines in random files and order. The same lines in other files count as new files.
    def take(self, lines, chance):
        lines = chance.sample(lines, len(lines))
        parts = 1 + chance.randrange(5)
        files = {}
        for line in lines:
            files.setdefault((line.source, line.fetched_at, chance.randrange(parts)), []).append(line.text)
        for (source, fetched_at, _), texts in chance.sample(list(files.items()), len(files)):
            options = {"source": source, "fetched_at": fetched_at}
            told = json.loads(self.one("SELECT cdr_import(?, ?)", "\n".join(texts) + "\n" * chance.randrange(1000000),
                                       json.dumps({name: value for name, value in options.items() if value})))
            if told["errors"] or told["quarantined"] or (
                    not told["known"] and told["seen"] != told["inserted"] + told["updated"] + told["unchanged"] + told["stale"]):
                fail(f"an import: {told}")

    def facts(self):
        tables = self.rows("SELECT table_name, group_concat(column_name) FROM cdr_column WHERE column_name NOT IN ('interaction_key', 'last_import') GROUP BY 1")
        return {name: sorted(map(repr, self.rows(f"SELECT {columns} FROM {name}"))) for name, columns in tables} | {
            "raw_record": sorted(map(repr, self.rows("SELECT vendor, resource, source, record_id, content_hash FROM raw_record")))}

    def records(self):  # by key: component, latest instant
        return {tuple(row[:4]): row[4:] for row in self.rows("SELECT vendor, resource, source, record_id, component, latest FROM raw_record")}

    # The ids that the dialogs name, and those of sessions, for these keys.
    def links(self, keys):
        links = {(key[0], key[2], key[3]) for key in keys}
        for vendor, source, id, linked in self.rows("SELECT vendor, source, dialog_uuid, linked_dialogs FROM dialog WHERE vendor = 'conpeek'"):
            if (vendor, "dialog", source, id) in keys:
                links |= {(vendor, source, other) for other in json.loads(linked or "[]")}
        return links

    # Links between calls of different hours make interactions that contradict themselves, so these checks are left out.
    def check(self):
        if wrong := self.rows("SELECT * FROM cdr_check() WHERE \"check\" NOT IN ('times', 'states_inside')"):
            fail(f"cdr_check: {wrong[:3]}")
        if json.loads(self.one("SELECT cdr_rebuild()"))["changed"]:
            fail("cdr_rebuild changes facts")


# Chooses what to erase; returns the arguments, and a function that says whether a line is kept out, based on the state before.
def choose(warehouse, kind, chance, latest_of):
    records = warehouse.records()
    if kind == "interaction":
        vendor, source, id = chance.choice(warehouse.rows("SELECT vendor, source, interaction_id FROM interaction ORDER BY 1, 2, 3"))
        parts = {part for part, in warehouse.rows(
            "SELECT interaction_key FROM interaction WHERE (vendor, source, interaction_id) = (?, ?, ?)", vendor, source, id)}
        gone = {key for key, (component, _) in records.items() if component in parts}
        links = warehouse.links(gone)
        return (kind, id, json.dumps({"vendor": vendor, "source": source})), gone, lambda line: line.key in gone or line.links & links
    if kind == "customer":
        customer = chance.choice(warehouse.rows("SELECT customer_number FROM interaction WHERE length(customer_number) BETWEEN 8 AND 15 AND customer_number NOT GLOB '*[^0-9]*' ORDER BY 1"))[0]
        parts = {records[line.key][0] for line in latest_of.values() if line.key in records and customer in line.text}
        gone = {key for key, (component, _) in records.items() if component in parts}
        links = warehouse.links(gone)
        return (kind, f"+{customer[:2]} {customer[2:5]}-{customer[5:]}", "{}"), gone, (
            lambda line: line.key in gone or line.links & links or customer in line.text)
    date = chance.choice(warehouse.rows("SELECT end_time FROM interaction WHERE end_time IS NOT NULL ORDER BY 1"))[0]
    [instant], = warehouse.rows("SELECT CAST(round((julianday(?) - 2440587.5) * 86400000) AS INTEGER) * 1000", date)
    parts = {part for part, in warehouse.rows("""SELECT i.interaction_key FROM interaction AS i
        JOIN (SELECT component, max(latest) AS latest FROM raw_record GROUP BY component) AS r ON r.component = i.interaction_key
        WHERE ifnull(i.end_time < ?, r.latest < ?)""", date, instant)}
    gone = {key for key, (component, latest) in records.items()
            if component in parts or (component not in warehouse_parts(warehouse) and latest is not None and latest < instant)}
    named = {key for key in gone if records[key][1] is None or records[key][1] >= instant}
    links = warehouse.links({key for key in named if records[key][0] in parts})
    return ("before", date, "{}"), gone, (
        lambda line: line.key in named or line.links & links or (
            (line.key not in records or line.key in gone) and line.latest is not None and line.latest < instant))


def warehouse_parts(warehouse):
    return {part for part, in warehouse.rows("SELECT interaction_key FROM interaction")}


def same(found, expected, what):
    if found == expected:
        return
    for name in expected:
        for rows, side in ((set(found[name]) - set(expected[name]), "surplus"), (set(expected[name]) - set(found[name]), "missing")):
            for row in sorted(rows)[:2]:
                print(name, side, row[:300])
    fail(what)


of = versions()
erased = 0
for number in range(histories):
    chance = random.Random(seed * 1000003 + number)
    kind = ("interaction", "customer", "before")[number % 3]
    lines = []
    for about in of:
        if chance.random() >= 0.25:
            continue
        source = "north" if chance.random() < 0.2 else None
        for record in about:
            for _ in range(2 if chance.random() < 0.3 else 1):
                if chance.random() < 0.8:
                    lines.append(Line(record, source, chance.choices((None, "2024-06-01", "2024-06-02"), (6, 2, 2))[0]))
    # The latest instant of each line, from a warehouse of its own.
    for at, line in enumerate(lines):
        alone = Warehouse() if at == 0 else alone
        alone.one("SELECT cdr_import(?, ?)", line.text, json.dumps({"source": f"line {at}"}))
        line.latest = alone.one("SELECT latest FROM raw_record WHERE source = ?", f"line {at}")

    # All lines, then the erasure, then all lines again.
    first = Warehouse()
    first.take(lines, chance)
    kept = {row[:4]: row[4] for row in first.rows("SELECT vendor, resource, source, record_id, content_hash FROM raw_record")}
    hashes = {}
    for at, line in enumerate(lines):
        hashes[line.key, alone.one("SELECT content_hash FROM raw_record WHERE source = ?", f"line {at}")] = line
    latest_of = {key: hashes[key, content] for key, content in kept.items()}
    arguments, gone, is_away = choose(first, kind, chance, latest_of)
    told = json.loads(first.one("SELECT cdr_erase(?, ?, ?)", *arguments))
    if told["records"] != len(gone) or set(first.records()) != set(kept) - gone:
        fail(f"cdr_erase{arguments} erased {told['records']} records, expected {len(gone)}")
    erased += len(gone)
    expected = Warehouse()
    expected.take([line for line in lines if not is_away(line)], chance)
    first.check()
    for _ in range(orders):
        again = Warehouse(first)
        again.take(lines, chance)
        same(again.facts(), expected.facts(), f"cdr_erase{arguments}, and importing again")
    again.check()

    # Part of the lines, the erasure, then the rest in two orders.
    part = chance.sample(lines, len(lines) * 2 // 3)
    early = Warehouse()
    early.take(part, chance)
    early.one("SELECT cdr_erase(?, ?, ?)", *arguments)
    results = []
    for _ in range(orders):
        late = Warehouse(early)
        late.take(lines, chance)
        late.check()
        results.append(late.facts())
        same(results[-1], results[0], f"a part, cdr_erase{arguments}, and the rest in another order")
if erased < histories:
    sys.exit(f"only {erased} records were erased")
print(f"{histories} histories, {erased} records erased")
END
