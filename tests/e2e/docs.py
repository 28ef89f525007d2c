#!/usr/bin/python3
"""The outputs shown in README.md and the pages of docs/ are the real ones, from the top of each page to its end.

    docs.py LIBRARY ROOT [PAGE…]            compares, and shows the differences
    docs.py --update LIBRARY ROOT [PAGE…]   writes the outputs into the pages: read the difference before you commit it

Each page runs in an empty folder of its own, which contains samples/ and build/release/ like the project's root. Its blocks:

  console   a session (the lines `$ sqlite3 [FILE]` and `sqlite> .command`) sets the database and the commands for the page's SQL from
            there on. In any other console block each `$ command` is run, and the block shows the output.
  sql       is followed by a text block with the shell's output. If the SQL names nothing of libcdr, the output is the same without
            libcdr.
  sh        is not run, because it installs packages or asks questions. Blocks of other kinds are not run either.
"""
import difflib
import os
import re
import subprocess
import sys
import tempfile

# Pages without anything to run. Every other page has something to run.
NOTHING_TO_RUN = {'docs/promises.md'}

update = sys.argv[1] == '--update'
arguments = sys.argv[2:] if update else sys.argv[1:]
library, root = (os.path.realpath(path) for path in arguments[:2])
folder = os.path.dirname(library)


def preload():
    """The address sanitizer must be loaded before a program that was built without it."""
    linked = subprocess.run(['ldd', library], capture_output=True, text=True, check=True).stdout
    if 'asan' not in linked:
        return ''
    return ' '.join(line.split()[2] for line in linked.splitlines() if re.search(r'asan|ubsan|libstdc\+\+', line))


environment = dict(os.environ, PATH=folder + os.pathsep + os.environ['PATH'])
environment.pop('CDR_DB', None)
# If the library is installed, its bare name is enough.
environment['LD_LIBRARY_PATH'] = folder
shell_environment = dict(environment, LD_PRELOAD=preload())


def shell(database, lines, work):
    run = subprocess.run(['sqlite3', '-batch', '-init', '/dev/null', database], input='\n'.join(lines) + '\n', cwd=work,
                         env=shell_environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return run.stdout


def names():
    """The tables and functions of libcdr: SQL that names them needs libcdr."""
    said = shell(':memory:', ['.load ' + library, 'SELECT name FROM cdr_tables UNION SELECT name FROM cdr_functions;'], root)
    return re.compile(r'\b(' + '|'.join(said.split()) + r')\b')


class Page:
    def __init__(self, path, known):
        self.path, self.known = path, known
        with open(os.path.join(root, path), encoding='utf-8') as file:
            self.lines = file.read().split('\n')
        self.database, self.session = None, []
        self.queries = self.alone = self.commands = 0
        self.differences = []

    def blocks(self):
        """(kind, the number of the line after its fence, the number of its closing fence)"""
        found, kind, begin = [], None, 0
        for number, line in enumerate(self.lines):
            if not line.startswith('```'):
                continue
            if kind is None:
                kind, begin = line[3:], number + 1
            else:
                found.append((kind, begin, number))
                kind = None
        if kind is not None:
            self.differences.append(f'{self.path}:{begin}: the block is not closed\n')
        return found

    def run(self):
        self.replacements = []
        blocks = self.blocks()
        with tempfile.TemporaryDirectory() as work:
            os.symlink(os.path.join(root, 'samples'), os.path.join(work, 'samples'))
            os.mkdir(os.path.join(work, 'build'))
            os.symlink(folder, os.path.join(work, 'build', 'release'))
            for at, (kind, begin, end) in enumerate(blocks):
                body = self.lines[begin:end]
                if kind == 'console' and any(line.startswith('sqlite> ') for line in body):
                    self.begin_session(body, begin)
                elif kind == 'console':
                    self.run_commands(body, begin, end, work)
                elif kind == 'sql':
                    follows = blocks[at + 1] if at + 1 < len(blocks) and blocks[at + 1][0] == 'text' else None
                    self.ask(body, begin, follows, work)
        if not self.queries + self.commands and self.path not in NOTHING_TO_RUN:
            self.differences.append(f'{self.path}: nothing in it is run; list it in docs.py if that is meant\n')
        if update:
            self.write()

    def begin_session(self, body, begin):
        command = body[0].split()
        if command[:2] != ['$', 'sqlite3'] or len(command) > 3 or not all(line.startswith('sqlite> .') for line in body[1:]):
            self.differences.append(f'{self.path}:{begin + 1}: a session is `$ sqlite3 [FILE]` and lines `sqlite> .command`\n')
            return
        self.database = command[2] if len(command) > 2 else ':memory:'
        self.session = [line[len('sqlite> '):] for line in body[1:]]

    def run_commands(self, body, begin, end, work):
        commands = [line[2:] for line in body if line.startswith('$ ')]
        said = []
        for command in commands:
            run = subprocess.run(['sh', '-c', command], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            said += ['$ ' + command] + [line.rstrip() for line in run.stdout.splitlines()]
        self.commands += len(commands)
        self.compare(begin, end, said)

    def ask(self, body, begin, follows, work):
        if self.database is None:
            self.differences.append(f'{self.path}:{begin}: no session before it says on which database it is run\n')
            return
        if follows is None:
            self.differences.append(f'{self.path}:{begin}: a sql block without its output\n')
            return
        said = shell(self.database, self.session + body, work).splitlines()
        self.queries += 1
        self.compare(follows[1], follows[2], said)
        if self.known.search('\n'.join(body)):
            return
        self.alone += 1
        without = [line for line in self.session if not line.startswith('.load')]
        if shell(self.database, without + body, work).splitlines() != said:
            self.differences.append(f'{self.path}:{begin}: says something else without libcdr\n')

    def compare(self, begin, end, said):
        expected = self.lines[begin:end]
        self.replacements.append((begin, end, said))
        if expected != said and not update:
            self.differences.append(''.join(line + '\n' for line in difflib.unified_diff(
                expected, said, f'{self.path}:{begin}', 'what comes out', lineterm='')))

    def write(self):
        for begin, end, said in reversed(self.replacements):
            self.lines[begin:end] = said
        with open(os.path.join(root, self.path), 'w', encoding='utf-8') as file:
            file.write('\n'.join(self.lines))


paths = arguments[2:] or ['README.md'] + sorted(
    os.path.relpath(os.path.join(folder_of_pages, name), root)
    for folder_of_pages, _, names in os.walk(os.path.join(root, 'docs')) for name in names if name.endswith('.md'))
known = names()
pages = [Page(path, known) for path in paths]
for page in pages:
    page.run()
    print(f'{page.path}: {page.queries} queries, {page.alone} of them without libcdr too; {page.commands} commands')
    print(''.join(page.differences), end='')
sys.exit(1 if any(page.differences for page in pages) else 0)
