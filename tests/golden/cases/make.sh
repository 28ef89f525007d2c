#!/bin/sh
# Makes the inputs that are not text: make.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
python3=/usr/bin/python3
"$python3" - "$here" << 'END'
import os, sys, zipfile, gzip
here = sys.argv[1]
real = open(os.path.join(here, 'conpeek_real.ndjson'), encoding='utf-8').read()
sides = real.splitlines()
for name, encoding, mark in (('utf16_le.json', 'utf-16-le', b'\xff\xfe'), ('utf16_be.json', 'utf-16-be', b'\xfe\xff')):
    text = '[' + sides[0].replace('NORMAL_CLEARING', 'Dzi\u0119kuj\u0119 \U0001F600') + ']'
    open(name, 'wb').write(mark + text.encode(encoding))
def archive(name, members, kind=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name, 'w', kind) as to:
        for member, content in members:
            to.writestr(zipfile.ZipInfo(member, (2024, 8, 26, 12, 0, 0)), content, kind)
archive('export.zip', [('day1.ndjson', sides[0]), ('sub/day2.json.gz', gzip.compress(sides[1].encode(), mtime=0)),
                       ('readme.md', 'no records'), ('__MACOSX/._day1.ndjson', 'x')])
archive('placed.zip', [('./day1.ndjson', sides[0]), ('x/../y/day2.ndjson', sides[1]), ('day3.data', 'x'), ('x/.hidden.json', '{}')])
archive('hidden.zip', [('.day.json', real)])
archive('stored.zip', [('day.ndjson', real)], zipfile.ZIP_STORED)
archive('renamed.json', [('day.ndjson', real)])
archive('empty.zip', [('notes.md', 'x')])
archive('book.xlsx.json', [('[Content_Types].xml', '<x/>'), ('xl/workbook.xml', '<x/>')])
archive('bomb.zip', [('day.ndjson', ' ' * 30_000_000)])
archive('Sessions.zip', [('Sessions/5/routingHistory.json',
    '[{"routingRequestId":1,"timestamp":"2024-05-02T08:00:00Z","activityType":"RoutingRequestCreated"}]')])
bad = real.replace('"dialog_type":"CONSULTANT"', '"dialog_type":', 1)
for folder, second in (('sent', bad), ('sent_again', real)):
    os.makedirs(folder, exist_ok=True)
    archive(folder + '/day.zip', [('a.ndjson', real.splitlines()[0]), ('sub/b.ndjson', second.splitlines()[1])])
whole = open('export.zip', 'rb').read()
open('cut.zip', 'wb').write(whole[:-30])
damaged = bytearray(open('stored.zip', 'rb').read())
damaged[200] ^= 1
open('damaged.zip', 'wb').write(damaged)
with open('calls.csv', 'w') as to:
    to.write('id,start,end\n1,2,3\n')
with open('calls_semicolon.csv', 'w') as to:
    to.write('id;start\n1;2\n')
with open('page.json', 'w') as to:
    to.write('<!DOCTYPE html>\n<html><body>401</body></html>\n')
open('old.xls.json', 'wb').write(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 600)
with open('quotes.json', 'w', encoding='utf-8') as to:
    to.write('{\u201cdialog_uuid\u201d: \u201ca\u201d, \u201cdialog_type\u201d: \u201cBOT\u201d}\n')
os.makedirs('folder', exist_ok=True)
with open('folder/good.ndjson', 'w') as to:
    to.write(real)
with open('folder/not.json', 'w') as to:
    to.write('id,start,end\n1,2,3\n')
for other in ('report.xlsx', 'notes.md', '.hidden'):
    with open('folder/' + other, 'w') as to:
        to.write('x')
END
