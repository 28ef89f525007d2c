#!/bin/sh
# Whatever cdr is given as paths, names, SQL and values of options: its standard error is valid UTF-8 without control characters except line ends. The
# bytes are random; CDR_TEST_SEED sets another seed.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"
PROGRAM=$program SAMPLES=$root/samples /usr/bin/python3 - <<'END'
import os, random, shutil, subprocess, unicodedata

seed = int(os.environ.get("CDR_TEST_SEED", "20240502"))
print("seed", seed)
chance = random.Random(seed)
pieces = [b"\x1b[2J", b"\x1b]0;title\a", b"\n", b"\r", b"\t", b"\x7f", b"\xff", b"\xc3", "\u202e".encode(), "\u2028".encode(), b"\xc2\x85",
          b"\xed\xa0\x80", "é日本".encode(), b"'", b'"', b"%s", b"{", b"[", b"a"]


def bytes_by_chance(most=12):
    made = b""
    for _ in range(chance.randint(1, most)):
        made += chance.choice(pieces) if chance.random() < 0.7 else bytes([chance.randint(1, 255)])
    # No path outside this folder.
    return made.replace(b"/", b"_").replace(b".", b"_").replace(b"-", b"_")


def is_plain(text):
    return all(unicodedata.category(c) != "Cc" and c not in "\u2028\u2029" and not "\u202a" <= c <= "\u202e" and not "\u2066" <= c <= "\u2069" for c in text)


def check(arguments, wanted=(0, 1, 2, 3)):
    ran = subprocess.run([os.environ["PROGRAM"].encode(), *arguments], capture_output=True, stdin=subprocess.DEVNULL)
    said = ran.stderr.decode()  # fails unless it is UTF-8
    assert ran.returncode in wanted, (arguments, ran)
    assert all(is_plain(line) for line in said.split("\n")), (arguments, said)
    assert said == "" or said.endswith("\n") and all(line.startswith("cdr: ") for line in said[:-1].split("\n")), (arguments, said)
    return ran


check([b"import", b"--db", b"known.db", os.environ["SAMPLES"].encode() + b"/conpeek/day.ndjson"])
errors = 0
for turn in range(160):
    some, more = bytes_by_chance(), bytes_by_chance()
    kind = turn % 16
    if kind == 0:
        with open(some + b".json", "wb") as file:
            file.write(b'{"dialog_uuid":"' + more + b'"\n' + more)
        ran = check([b"import", b"--db", b"known.db", some + b".json"], (1, 3))
        ran = check([b"query", b"--db", b"known.db", b"SELECT * FROM cdr_dialog(cdr_file('" + (some + b".json").replace(b"'", b"''") + b"'))"])
    else:
        ran = check([
            None,
            [b"import", some],
            [b"import", b"--db", some, more],
            [b"query", some],
            [b"query", b"--db", some, b"SELECT 1"],
            [b"query", b"SELECT \"" + some.replace(b'"', b'""') + b"\""],
            [b"query", b"SELECT * FROM \"" + some.replace(b'"', b'""') + b"\""],
            [b"query", b"--format", some, b"SELECT 1"],
            [b"query", b"SELECT cdr_time(1, '" + some.replace(b"'", b"''") + b"')"],
            [b"import", b"--db", b"known.db", b"--zone", some, b"known.json"],
            [b"import", b"--db", b"known.db", b"--source", some, b"known.json"],
            [b"import", b"--db", b"known.db", b"--fetched-at", some, b"known.json"],
            [b"erase", b"--db", b"known.db", b"--yes", some, more],
            [b"erase", b"--db", b"known.db", b"--yes", b"interaction", more, b"--vendor", some],
            [some],
            [b"check", b"--db", some],
        ][kind])
    errors += ran.returncode != 0
assert errors > 120, errors
# Stored texts, read by a program that insists on UTF-8.
import sqlite3
database = sqlite3.connect("known.db")
rows = database.execute("SELECT path, message, json_path FROM quarantine").fetchall() + database.execute("SELECT path, error, '' FROM import_file").fetchall()
assert len(rows) > 10 and all(is_plain(cell) for row in rows for cell in row if cell), rows
END
