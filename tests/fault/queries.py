#!/usr/bin/python3
"""Random questions to every virtual table, and to ordinary tables with the same rows: the answers are equal.

    queries.py LIBRARY ROOT COUNT [FIRST]

SQL must not show that a table is virtual: which constraints it handles, which columns it leaves out, or that it returns rows lazily. So each question
is put to the virtual table, once over JSON and once over a warehouse, and to a copy made by CREATE TABLE with the same declared types. The tables and
their columns come from cdr_tables and PRAGMA table_info.

The connection keeps the columns that it has read from the warehouse and what it has looked up there, so most questions about it are answered from
memory; half of them are put twice. Occasionally another connection imports records; the copies are then made again from the stored tables, and the next answers
must be the new ones.

COUNT questions are tried from number FIRST (0) on. CDR_TEST_SEED and a question's number determine it.
"""
import contextlib
import os
import random
import shutil
import sqlite3
import sys
import tempfile

LIBRARY, ROOT, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3])
FIRST = int(sys.argv[4]) if len(sys.argv) > 4 else 0
SEED = int(os.environ.get('CDR_TEST_SEED', 20240502))
# The most pairs of rows that a comparison of two tables may visit.
MOST_PAIRS = 20000
# The number of questions before another connection imports a few records.
QUESTIONS_BETWEEN_IMPORTS = 40
RECORDS_OF_AN_IMPORT = 3
QUESTIONS_BETWEEN_WRITINGS = 17


class Table:
    """A virtual table as the SQL names it, its copy, its columns, and values that occur in them."""

    def __init__(self, asked, copy, columns, database):
        self.asked, self.copy, self.database = asked, copy, database
        self.columns = [column for column, _ in columns]
        self.times = {column for column, kind in columns if kind == 'TIMESTAMP'}
        self.size = database.execute('SELECT count(*) FROM %s' % copy).fetchone()[0]
        self.values = {
            name: [value for value, in database.execute('SELECT DISTINCT "%s" FROM %s LIMIT 50' % (name, copy))] for name in self.columns}

    def renew(self, source):
        self.database.execute('DELETE FROM %s' % self.copy)
        self.database.execute('INSERT INTO %s SELECT %s FROM %s' % (self.copy, ', '.join('"%s"' % column for column in self.columns), source))

    def as_compared(self, column, value):
        """A virtual table compares times with a time in any form; its copy needs the canonical form."""
        if column not in self.times or not isinstance(value, str):
            return value
        return self.database.execute('SELECT coalesce(cdr_time(?1), ?1)', (value,)).fetchone()[0]


def read_tables(database, folder):
    tables = []
    listed = database.execute('SELECT name, kind FROM cdr_tables ORDER BY name').fetchall()
    # Few rows are enough and keep a question short; each of these files has a variety of its vendor's records.
    samples = {'alibaba': 'alibaba', 'mluvii': 'mluvii', 'ucontact': 'ucontact'}
    for name, kind in listed:
        # cdr_check would check the warehouse for every question; a report takes arguments, and has a test of its own.
        if name == 'cdr_check' or kind == 'report':
            continue
        columns = [(row[1], row[2]) for row in database.execute('PRAGMA table_info("%s")' % name)]
        if kind in ('model', 'vendor'):
            part = samples.get(name.split('_')[0], '')
            sources = [name, "%s(cdr_file('%s'))" % (name, os.path.join(folder, part))]
        elif name == 'cdr_problems':
            sources = ["%s(cdr_file('%s', '{\"on_error\": \"skip\"}'))" % (name, os.path.join(ROOT, 'tests', 'golden', 'bad'))]
        else:
            sources = [name]
        for asked in sources:
            copy = 'copy_%d' % len(tables)
            database.execute('CREATE TEMP TABLE %s (%s)' % (copy, ', '.join('"%s" %s' % column for column in columns)))
            database.execute('INSERT INTO %s SELECT %s FROM %s' % (copy, ', '.join('"%s"' % column for column, _ in columns), asked))
            tables.append(Table(asked, copy, columns, database))
    return tables


ODD = [None, 0, 1, -1, 2**63 - 1, -2**63, 0.0, -0.0, 0.5, 1e308, float('inf'), float('-inf'), '', '0', '1', '1.0', ' 1', '01', '1e0', 'abc',
       'ANSWERED', 'answered', 'Answered ', '2024-05-02', '2024-05-02 06:00', '2024-05-02T06:00:00Z', '2024-05-02 08:00:00.000 ', b'',
       b'ANSWERED', b'\x00', '\u00e9', '\U0001F600', '880101', 880101, 880101.0, 501, '501', '501.0', '%', '_', '*', '[', '\\', 'a' * 5000,
       'conpeek', 'CONPEEK', 'alibaba', 'mluvii', 'ucontact']
PATTERNS = ['%', '%a%', '88%', 'ANS%', '2024%', '2024-05-02%', '_%', '', '*', 'A*', '[0-9]*', '*[a-z]', 'conpeek', 'Conpeek', '\u00e9%',
            '%\U0001F600%', '%\\%%']
COLLATIONS = ['NOCASE', 'RTRIM', 'BINARY']


def literal(value):
    if value is None:
        return 'NULL'
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bytes):
        return "x'" + value.hex() + "'"
    if isinstance(value, float) and value - value != 0:
        return '9e999' if value > 0 else '-9e999'
    return repr(value)


class Importer:
    """Another connection, which imports records that the warehouse does not have yet."""

    def __init__(self, path, records, tables, database):
        self.connection = connect(path)
        self.records, self.done = records, 0
        stored = dict(database.execute("SELECT name, coalesce(stored, name) FROM cdr_tables WHERE kind IN ('model', 'vendor')"))
        self.renewed = [(table, stored[table.asked]) for table in tables if table.asked in stored]

    # Imports as many records as are due before that question.
    def catch_up(self, number):
        wanted = number // QUESTIONS_BETWEEN_IMPORTS
        if wanted == self.done:
            return
        while self.done < wanted:
            at = self.done * RECORDS_OF_AN_IMPORT % len(self.records)
            self.connection.execute('SELECT cdr_import(?, ?)', (''.join(self.records[at:at + RECORDS_OF_AN_IMPORT]),
                                                               '{"source": "import %d"}' % (self.done * RECORDS_OF_AN_IMPORT // len(self.records)))).fetchall()
            self.done += 1
        for table, source in self.renewed:
            table.renew(source)


def connect(path):
    database = sqlite3.connect(path, isolation_level=None, cached_statements=0)
    database.enable_load_extension(True)
    database.load_extension(LIBRARY)
    database.execute('PRAGMA temp_store = memory')
    return database


class Question:
    """One random SELECT; {0} and {1} are replaced by the tables that it uses."""

    def __init__(self, r, tables):
        self.r, self.all = r, tables
        self.tables = [self.table()]
        self.arguments = []
        # Whether the order of rows is determined, so that a LIMIT selects the same ones.
        self.ordered = False
        shapes = [(self.plain, 40), (self.sorted, 16), (self.distinct, 6), (self.grouped, 12), (self.joined, 16), (self.correlated, 7),
                  (self.compound, 3)]
        self.sql = r.choices([shape for shape, _ in shapes], [weight for _, weight in shapes])[0]()

    def table(self):
        return self.r.choice(self.all)

    # A second table, small enough to be combined with the first.
    def other(self):
        first = self.tables[0]
        fit = [t for t in self.all if t.size * first.size <= MOST_PAIRS]
        self.tables.append(self.r.choice(fit) if fit and self.r.random() < .8 else first)
        return self.tables[1]

    def column(self, table):
        return self.r.choice(table.columns)

    def pair(self, first, second, operators):
        """A comparison of two columns. Times are compared with times only: a virtual table takes any text that can be one for a time, such as an id of
        ten digits."""
        name, other = self.r.choice([(name, other) for name in first.columns for other in second.columns if (name in first.times) == (other in second.times)])
        return 'a."%s" %s b."%s"' % (name, self.r.choice(operators), other)

    def value(self, table, column):
        r = self.r
        value = r.choice(table.values[column]) if table.values[column] and r.random() < .65 else r.choice(ODD)
        if r.random() < .15:  # of another type, or almost that value
            if isinstance(value, str):
                try:
                    value = float(value) if '.' in value else int(value)
                    if isinstance(value, int) and not -2**63 <= value < 2**63:
                        value = 0
                except (ValueError, OverflowError):
                    value = r.choice([value.upper(), value.lower(), value + ' ', value[:len(value) // 2], value.encode()])
            elif isinstance(value, (int, float)):
                value = r.choice([str(value), float(value), -value if value != -2**63 else 0])
        value = table.as_compared(column, value)
        kind = r.random()
        if kind < .4:
            self.arguments.append(value)
            return '?%d' % len(self.arguments)
        text = literal(value)
        if kind < .75:
            return text
        if kind < .8:
            return 'CAST(%s AS %s)' % (text, r.choice(['TEXT', 'INTEGER', 'REAL', 'BLOB', 'NUMERIC']))
        if kind < .85:
            return '(SELECT %s)' % text
        if kind < .89:
            return "(%s || '')" % text
        if kind < .92:
            return '+' + text
        return None  # another column

    def operand(self, table, column, alias):
        value = self.value(table, column)
        return alias + '"%s"' % self.column(table) if value is None else value

    def condition(self, table, alias='', depth=0):
        r = self.r
        kind = r.random()
        if depth < 3 and kind < .22:
            return '(%s AND %s)' % (self.condition(table, alias, depth + 1), self.condition(table, alias, depth + 1))
        if depth < 3 and kind < .34:
            return '(%s OR %s)' % (self.condition(table, alias, depth + 1), self.condition(table, alias, depth + 1))
        if depth < 3 and kind < .40:
            return 'NOT (%s)' % self.condition(table, alias, depth + 1)
        column = self.column(table)
        left = alias + '"%s"' % column
        if kind < .43:
            left = '+' + left
        elif kind < .50:
            left += ' COLLATE ' + r.choice(COLLATIONS)
        value = lambda: self.operand(table, column, alias)
        kind = r.random()
        if kind < .40:
            right = value() + (' COLLATE ' + r.choice(COLLATIONS) if r.random() < .06 else '')
            return '%s %s %s' % (left, r.choice(['=', '=', '=', '<>', '<', '<=', '>', '>=', 'IS', 'IS NOT']), right)
        if kind < .46:
            return '%s %s %s' % (value(), r.choice(['=', '<>', '<', '<=', '>', '>=', 'IS']), left)
        if kind < .60:
            return '%s %s (%s)' % (left, r.choice(['IN', 'IN', 'NOT IN']), ', '.join(value() for _ in range(r.randint(0, 6))))
        if kind < .66:
            is_time = column in table.times
            other = table if is_time else self.table()  # one of the copies: the table on the left is compared
            name = r.choice(sorted(table.times)) if is_time else self.column(other)
            return '%s %s (SELECT "%s" FROM %s)' % (left, r.choice(['IN', 'NOT IN']), name, other.copy)
        if kind < .75:
            return '%s %s %s AND %s' % (left, r.choice(['BETWEEN', 'BETWEEN', 'NOT BETWEEN']), value(), value())
        if kind < .81:
            return '%s %s' % (left, r.choice(['IS NULL', 'IS NOT NULL']))
        if kind < .92:
            return '%s %s %s' % (left, r.choice(['LIKE', 'NOT LIKE', 'GLOB', 'NOT GLOB']), literal(r.choice(PATTERNS)))
        if kind < .96:
            second = self.column(table)
            return '(%s"%s", %s"%s") %s (%s, %s)' % (alias, column, alias, second, r.choice(['=', '<', '>', '<=', '>=', '<>', 'IS']), value(),
                                                   self.operand(table, second, alias))
        return '(%s = %s) IS %s' % (left, value(), r.choice(['TRUE', 'NOT TRUE', 'FALSE', 'NULL']))

    def some(self, table, most=4):
        return [self.column(table) for _ in range(self.r.randint(1, most))]

    def plain(self):
        table = self.tables[0]
        names = table.columns if self.r.random() < .2 else self.some(table)
        where = '' if self.r.random() < .1 else ' WHERE ' + self.condition(table)
        return 'SELECT %s FROM {0}%s' % (', '.join('"%s"' % name for name in names), where)

    def sorted(self):
        table = self.tables[0]
        names = self.some(table, 3)
        terms, unique = [], True
        for name in names:
            collation = self.r.choice(COLLATIONS) if self.r.random() < .15 else ''
            # Texts that are equal under a collation may come in either order.
            unique = unique and collation in ('', 'BINARY')
            terms.append('"%s"%s %s %s' % (name, ' COLLATE ' + collation if collation else '', self.r.choice(['', 'ASC', 'DESC']),
                                          self.r.choice(['', '', 'NULLS FIRST', 'NULLS LAST'])))
        # The query sorts by the columns that it selects, so tied rows are equal.
        sql = 'SELECT %s%s FROM {0} WHERE %s ORDER BY %s' % (self.r.choice(['', '', 'DISTINCT ']), ', '.join('"%s"' % name for name in names),
                                                          self.condition(table), ', '.join(terms))
        self.ordered = unique
        if unique and self.r.random() < .6:
            sql += ' LIMIT %d' % self.r.choice([0, 1, 2, 5, 20, -1])
            if self.r.random() < .5:
                sql += ' OFFSET %d' % self.r.choice([0, 1, 3, 30, 100000])
        return sql

    def distinct(self):
        table = self.tables[0]
        return 'SELECT DISTINCT %s FROM {0} WHERE %s' % (', '.join('"%s"' % name for name in self.some(table, 3)), self.condition(table))

    def grouped(self):
        table = self.tables[0]
        by, of = self.some(table, 2), self.column(table)
        keys = ', '.join('"%s"' % name for name in by)
        # Without sum and avg of reals, which depend on the order of the rows.
        figures = 'count(*), count("%s"), min("%s"), max("%s"), count(DISTINCT "%s")' % (of, of, of, of)
        where = ' WHERE ' + self.condition(table) if self.r.random() < .8 else ''
        kind = self.r.random()
        if kind < .25:
            return 'SELECT %s FROM {0}%s' % (figures, where)
        having = ' HAVING count(*) > %d' % self.r.randint(0, 3) if self.r.random() < .3 else ''
        return 'SELECT %s, %s FROM {0}%s GROUP BY %s%s' % (keys, figures, where, keys, having)

    def joined(self):
        first, second = self.tables[0], self.other()
        common = [name for name in first.columns if name in second.columns]
        on = []
        if common and self.r.random() < .85:
            for name in self.r.sample(common, min(len(common), self.r.randint(1, 3))):
                on.append('a."%s" %s b."%s"' % (name, self.r.choice(['=', '=', '=', 'IS']), name))
            if self.r.random() < .1 and first.size * second.size <= MOST_PAIRS:
                on = ['(%s OR %s)' % (' AND '.join(on), self.pair(first, second, ['=']))]
        elif first.size * second.size <= MOST_PAIRS:
            on.append(self.pair(first, second, ['=', '=', '<', '>=']))
        else:
            on.append(self.pair(first, second, ['=']))
        # SQLite does not pass arguments to the right side of a RIGHT JOIN.
        join = self.r.choice(['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'FULL JOIN', 'CROSS JOIN', 'LEFT JOIN' if '(' in second.asked else 'RIGHT JOIN'])
        # In ON, not in WHERE: there it decides which rows match, and not which rows there are.
        if self.r.random() < .3:
            on.append(self.condition(first, 'a.'))
        if self.r.random() < .3:
            on.append(self.condition(second, 'b.'))
        where = self.condition(first, 'a.') if self.r.random() < .7 else 'true'
        if self.r.random() < .3:
            where += ' AND ' + self.condition(second, 'b.')
        return 'SELECT a."%s", b."%s", b."%s" FROM {0} AS a %s {1} AS b ON %s WHERE %s' % (
            self.column(first), self.column(second), self.column(second), join, ' AND '.join(on), where)

    def correlated(self):
        first, second = self.tables[0], self.other()
        common = [name for name in first.columns if name in second.columns]
        if not common or first.size * second.size > MOST_PAIRS:
            self.tables.pop()
            return self.plain()
        name = self.r.choice(common)
        inner = 'FROM {1} AS b WHERE b."%s" = a."%s" AND %s' % (name, name, self.condition(second, 'b.'))
        if self.r.random() < .5:
            return 'SELECT a."%s", (SELECT count(*) %s) FROM {0} AS a WHERE %s' % (name, inner, self.condition(first, 'a.'))
        return 'SELECT a."%s" FROM {0} AS a WHERE %s (SELECT 1 %s)' % (name, self.r.choice(['EXISTS', 'NOT EXISTS']), inner)

    def compound(self):
        table = self.tables[0]
        names = ', '.join('"%s"' % name for name in self.some(table, 2))
        return 'SELECT %s FROM {0} WHERE %s %s SELECT %s FROM {0} WHERE %s' % (
            names, self.condition(table), self.r.choice(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT']), names, self.condition(table))

    # The names of tables are inserted last, because a literal may contain braces.
    def asking(self, names):
        sql = self.sql
        for at, name in enumerate(names):
            sql = sql.replace('FROM {%d}' % at, 'FROM ' + name).replace('JOIN {%d}' % at, 'JOIN ' + name)
        return sql


def key(row):
    # A union of equal numbers may keep either: 1 or 1.0.
    return [(0, 0) if value is None else (1, value) if isinstance(value, (int, float)) else (2, value) if isinstance(value, str) else
            (3, value) for value in row]


def answer(database, sql, arguments, ordered):
    # SQLite counts its steps; a question that needs more is given up, at the same number each time.
    steps = [0]

    def count():
        steps[0] += 1
        return steps[0] > 4000

    database.set_progress_handler(count, 10000)
    try:
        rows = [key(row) for row in database.execute(sql, arguments)]
    except sqlite3.OperationalError as error:
        return 'too long' if 'interrupted' in str(error) else 'error: %s' % error
    except sqlite3.Error as error:
        return 'error: %s' % error
    finally:
        database.set_progress_handler(None, 0)
    return rows if ordered else sorted(rows)


@contextlib.contextmanager
def writing(database, number, copied, arguments):
    """Now and then the connection has written something that it may undo, or the question is part of a statement that writes: returns what comes before
    and after it."""
    turn = number % QUESTIONS_BETWEEN_WRITINGS
    if turn == 0:
        database.execute('BEGIN')
        database.execute('CREATE TABLE scratch(x)')
        yield '', ''
        database.execute('ROLLBACK')
    elif turn == 1:
        width = len(database.execute('SELECT * FROM (%s) LIMIT 0' % copied, arguments).description)
        database.execute('CREATE TABLE scratch(%s)' % ', '.join('c%d' % at for at in range(width)))
        yield 'INSERT INTO scratch ', ' RETURNING *'
        database.execute('DROP TABLE scratch')
    else:
        yield '', ''


def main():
    print('seed %d' % SEED, flush=True)
    folder = tempfile.mkdtemp()
    try:
        shutil.copytree(os.path.join(ROOT, 'samples'), os.path.join(folder, 'samples'), ignore=shutil.ignore_patterns('generator', '*.md'))
        samples = os.path.join(folder, 'samples')
        later = open(os.path.join(samples, 'conpeek/day.ndjson'), encoding='utf-8').read().splitlines(True)[25:]
        # Without the long days, whose records are like those of the others.
        for name in ('conpeek/day.ndjson', 'mluvii/Sessions.json', 'ucontact/day.json', 'alibaba/day_get.ndjson'):
            path = os.path.join(samples, name)
            text = open(path, encoding='utf-8').read()
            if name.endswith('.ndjson'):
                open(path, 'w', encoding='utf-8').write(''.join(text.splitlines(True)[:25]))
        database = connect(os.path.join(folder, 'cdr.db'))
        database.execute('SELECT cdr_init()').fetchall()
        database.execute('SELECT cdr_import(?)', (samples,)).fetchall()
        database.execute("SELECT cdr_import(?, '{\"source\": \"Other\"}')", (os.path.join(samples, 'conpeek'),)).fetchall()
        tables = read_tables(database, samples)
        assert len(tables) > 50, 'only %d tables' % len(tables)
        assert all(table.size for table in tables if not table.asked.startswith('cdr_')), 'some table is empty'
        print('%d tables, %d rows' % (len(tables), sum(table.size for table in tables)), flush=True)
        importer = Importer(os.path.join(folder, 'cdr.db'), later, tables, database)
        differing = equal = answered = errors = long = kept = 0
        for number in range(FIRST, FIRST + COUNT):
            if number % QUESTIONS_BETWEEN_IMPORTS == QUESTIONS_BETWEEN_IMPORTS - 1:
                kept = max(kept, database.execute("SELECT cdr_option('column_cache_bytes')").fetchone()[0])
            importer.catch_up(number)
            question = Question(random.Random('%d/%d' % (SEED, number)), tables)
            asked = question.asking([table.asked for table in question.tables])
            copied = question.asking([table.copy for table in question.tables])
            expected = answer(database, copied, question.arguments, question.ordered)
            with writing(database, number, copied, question.arguments) as (before, after):
                found = answer(database, before + asked + after, question.arguments, question.ordered)
                # What the first time has kept must not change the answer.
                if found == expected and number % 2:
                    found = answer(database, before + asked + after, question.arguments, question.ordered)
            if 'too long' in (expected, found):
                long += 1
            elif found == expected or isinstance(expected, str) and isinstance(found, str):
                equal += 1
                errors += isinstance(expected, str)
                answered += bool(expected) and not isinstance(expected, str)
            else:
                differing += 1
                if differing <= 20:
                    print('question %d: %s\n  %s\n  asked %s\n  of copies %s' % (
                        number, asked, question.arguments, *[rows if isinstance(rows, str) else '%d rows: %s' % (len(rows), str(rows)[:300])
                                                            for rows in (found, expected)]), flush=True)
        print('%d questions: %d answered alike, %d of them with rows; %d errors alike, %d too long, %d differ' % (
            COUNT, equal, answered, errors, long, differing))
        print('%d imports meanwhile; at most %d bytes of columns were kept' % (importer.done, kept))
        database.close()
        importer.connection.close()
        if COUNT >= 100 and not kept:
            print('no columns were kept')
            return 1
        if COUNT >= 100 and (answered < COUNT // 4 or long > COUNT // 20 or errors > COUNT // 20):
            print('the questions try too little')
            return 1
        return 1 if differing else 0
    finally:
        shutil.rmtree(folder)


sys.exit(main())
