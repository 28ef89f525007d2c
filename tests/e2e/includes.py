#!/usr/bin/python3
"""Checks the includes of src/ and extension/ against the table of rooms in ARCHITECTURE.md, whose rows are `room` | … | `room` `room` …

Also finds two types with the same name in one namespace, which the linker merges silently; and functions without linkage that hide a declared one
from the other files of their folder, which are compiled together with them.

A folder belongs to the room with the longest name that is a prefix of its own: src/vendors/mluvii belongs to src/vendors.
"""
import os
import re
import sys

allowed = {}
with open('ARCHITECTURE.md', encoding='utf-8') as file:
    for line in file:
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if len(cells) == 3 and re.fullmatch(r'`(src|extension)[\w/]*`', cells[0]):
            allowed[cells[0].strip('`')] = None if cells[2] == 'all' else set(re.findall(r'`([^`]+)`', cells[2]))


def room_of(path):
    rooms = [room for room in allowed if path.startswith(room + '/')]
    return max(rooms, key=len) if rooms else None


wrong, includes, used, types, private, declared = [], 0, {}, {}, {}, {}
for top in ('src', 'extension'):
    for folder, _, names in os.walk(top):
        for path in sorted(os.path.join(folder, name) for name in names if name.endswith(('.hpp', '.cpp'))):
            room = room_of(path)
            if room is None:
                wrong.append(f'{path} is in no room of the table in ARCHITECTURE.md')
                continue
            with open(path, encoding='utf-8') as file:
                text = file.read()
            named = re.findall(r'^#include "([^"]+)"', text, re.MULTILINE)
            spaces = []
            for line in text.split('\n'):
                if opened := re.match(r'namespace ?([\w:]*) ?{$', line):
                    spaces.append(opened[1])
                elif line.startswith('}  // namespace') and spaces:
                    spaces.pop()
                elif (made := re.match(r'(?:struct|class|enum class) (\w+)(?: final)?(?: : .*)? {', line)) and '' not in spaces:
                    types.setdefault('::'.join([*spaces, made[1]]), set()).add(path)
                elif made := re.match(r'(?!return|else|using|typedef|template|friend)[\w:].*?[\w>&*] &?\*?(\w+)\([^=]*$', line):
                    where = private if '' in spaces else declared if path.endswith('.hpp') else {}
                    where.setdefault((*[each for each in spaces if each], made[1]), set()).add(path)
            for include in named:
                target = include if include.startswith('extension/') else 'src/' + include
                of = room_of(target)
                includes += 1
                used.setdefault(room, set()).add(of)
                if of != room and allowed[room] is not None and of not in allowed[room]:
                    wrong.append(f'{path} includes {include}: {room} may not include {of}')


wrong += [f'{"::".join(name)} in {path} hides what {min(declared[name])} declares' for name, paths in private.items() if name in declared
          for path in sorted(paths)]
wrong += [f'{name} is declared in {" and ".join(sorted(paths))}' for name, paths in types.items() if len(paths) > 1]

# A room must not be included, directly or indirectly, by a room that it includes.
def reached(room):
    found, rest = set(), [room]
    while rest:
        for of in used.get(rest.pop(), set()) - found:
            found.add(of)
            rest.append(of)
    return found


for room in allowed:
    for of in sorted(used.get(room, set()) - {room}):
        if room in reached(of):
            wrong.append(f'{room} and {of} include each other, directly or through others')
print('\n'.join(wrong + [f'{len(allowed)} rooms, {includes} includes, {len(private)} functions of one file, {len(wrong)} faults']))
sys.exit(1 if wrong or includes < 300 or len(types) < 200 or len(private) < 500 or len(declared) < 300 else 0)
