#!/usr/bin/python3
"""Every relative link in a .md file below this folder has a target file, and with an #anchor a heading in it."""
import functools
import os
import re
import sys

FENCED = re.compile(r'^```.*?^```$', re.MULTILINE | re.DOTALL)
CODE = re.compile(r'`[^`\n]*`')
LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')


@functools.lru_cache(None)
def text_of(path):
    with open(path, encoding='utf-8') as file:
        return FENCED.sub('', file.read())


@functools.lru_cache(None)
def anchors_of(path):
    """The anchor of each heading, as GitHub makes it: lower case, without punctuation, blanks as hyphens, and a number if it repeats."""
    anchors, seen = set(), {}
    for heading in re.findall(r'^#+ +(.*)$', text_of(path), re.MULTILINE):
        words = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading).strip().lower()
        anchor = re.sub(r'[^\w\- ]', '', words).replace(' ', '-')
        count = seen.get(anchor, 0)
        seen[anchor] = count + 1
        anchors.add(f'{anchor}-{count}' if count else anchor)
    return anchors


pages = []
for folder, folders, files in os.walk('.'):
    folders[:] = sorted(name for name in folders if name not in ('build', 'node_modules') and not name.startswith('.'))
    pages += [os.path.relpath(os.path.join(folder, name)) for name in sorted(files) if name.endswith('.md')]

links, broken = 0, []
for page in pages:
    for link in LINK.findall(CODE.sub('', text_of(page))):
        if re.match(r'[a-z]+:', link):
            continue
        links += 1
        path, _, anchor = link.partition('#')
        target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(target):
            broken.append(f'{page}: {link}: there is no {target}')
        elif anchor and anchor not in anchors_of(target):
            broken.append(f'{page}: {link}: {target} has no heading of that name')
print('\n'.join(broken + [f'{len(pages)} pages, {links} links, {len(broken)} of them broken']))
sys.exit(1 if broken or links < 50 else 0)
