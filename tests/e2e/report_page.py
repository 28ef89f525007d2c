"""A report page in headless Chromium: python3 report_page.py CHROMIUM PROGRAM DATABASE WORK

All pictures are drawn at three widths, light and dark, without a console error and without a request; the page does not scroll sideways; texts have
contrast; languages, definitions, sorting, timelines and printing work; a name with HTML in it stays a name. With CDR_SCREENSHOTS=DIR, screenshots are
saved there.
"""
import base64
import json
import pathlib
import re
import subprocess
import sys

from browser import Browser, fail, require_drawn, screenshots

chromium, program, database, work = sys.argv[1:]
root = pathlib.Path(__file__).resolve().parents[2]


def report(out, *arguments):
    run = subprocess.run([program, 'report', '--db', database, '--out', out, *arguments], capture_output=True, text=True)
    if run.returncode != 0 or run.stderr:
        fail('cdr report:', run.returncode, run.stderr)
    return run.stdout


def sql(query):
    run = subprocess.run([program, 'query', '--db', database, '--format', 'json', query], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


period = ('--from', '2026-03-09', '--to', '2026-03-16', '--zone', 'Europe/Prague')
page = f'{work}/page.html'
report(page, *period)
browser = Browser(chromium, work)

contrast = '''(() => {
  const parts = colour => { const probe = document.createElement("i"); probe.style.color = colour; document.body.append(probe);
    const rgb = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number); probe.remove(); return rgb; };
  const light = rgb => rgb.map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const variable = name => light(parts(getComputedStyle(document.documentElement).getPropertyValue(name).trim()));
  const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  return ["--ink", "--soft", "--accent", "--good", "--bad"].flatMap(ink => ["--card", "--page", "--faint"].map(paper => [ink, paper, ratio(variable(ink), variable(paper))]));
})()'''
# For each number of the heat map, the contrast with its colour, which is laid over the card's.
heat = '''(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = rgb => rgb.map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const card = numbers(getComputedStyle(document.querySelector(".card")).backgroundColor);
  return [...document.querySelectorAll(".heat td:not(.none)")].map(cell => {
    const [r, g, b, depth = 1] = numbers(getComputedStyle(cell).backgroundColor);
    const paper = light([r, g, b].map((c, i) => c * depth + card[i] * (1 - depth))), ink = light(numbers(getComputedStyle(cell).color).slice(0, 3));
    return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
  });
})()'''
for width in (360, 800, 1400):
    for dark in (False, True):
        where = f'{width} {"dark" if dark else "light"}:'
        browser.open(page, width, dark)
        require_drawn(browser, where)
        # Bars are within their axes.
        outside = browser.evaluate('''[...document.querySelectorAll("canvas")].filter(canvas => {
          const chart = Chart.getChart(canvas), flat = chart.options.indexAxis === "y", stacks = new Map();
          for (const set of chart.data.datasets.filter(set => set.yAxisID !== "level")) set.data.forEach((value, i) => stacks.set(i, (stacks.get(i) ?? 0) + value));
          const axis = chart.scales[flat ? "x" : "y"], most = Math.max(...stacks.values());
          return axis.max < most || axis.max > 3 * most + 1;
        }).length''')
        if outside:
            fail(where, 'bars do not suit their axes')
        wide = browser.evaluate('[document.documentElement.scrollWidth, innerWidth]')
        if wide[0] > wide[1]:
            fail(where, 'the page scrolls sideways:', wide)
        for ink, paper, ratio in browser.evaluate(contrast):
            if ratio < 4.5:
                fail(where, f'{ink} on {paper} has a contrast of {ratio:.2f}')
        for shown in ('abandoned', 'service_level', 'offered'):
            browser.evaluate(f'(() => {{ const choice = document.getElementById("heat-choice"); choice.value = "{shown}"; choice.dispatchEvent(new Event("change")); }})()')
            cells = browser.evaluate(heat)
            if len(cells) < 20 or min(cells) < 4.5:
                fail(where, f'the heat map of {shown} has {len(cells)} numbers, and a contrast of {min(cells, default=0):.2f}')
        browser.require_quiet(where)
        browser.screenshot(f'{width}-{"dark" if dark else "light"}')

# The output of a screen reader: pictures and buttons have names, tables have captions, sections have headings.
browser.open(page)
for what, expression in {
    'a picture without a name': '[...document.querySelectorAll("canvas")].filter(e => !e.getAttribute("aria-label")).length',
    'a picture without a table': '[...document.querySelectorAll("canvas")].filter(e => !e.closest("section").querySelector("table")).length',
    'a button without a name': '[...document.querySelectorAll("button")].filter(e => !e.getAttribute("aria-label") && !e.textContent.trim()).length',
    'a table without a caption': '[...document.querySelectorAll("table")].filter(e => !e.caption?.textContent).length',
    'a section without a heading': '[...document.querySelectorAll("section")].filter(e => !document.getElementById(e.getAttribute("aria-labelledby"))).length',
    'a column without a scope': '[...document.querySelectorAll("thead th")].filter(e => !e.scope && !e.classList.contains("corner")).length',
    'an id that is there twice': '(() => { const ids = [...document.querySelectorAll("[id]")].map(e => e.id); return ids.length - new Set(ids).size; })()',
}.items():
    if browser.evaluate(expression) != 0:
        fail('there is', what)

# What agents do has the intervals of the volume, also those without a state, and each step of its axis has a number of its own.
states = '''(() => {
  const chart = name => Chart.getChart([...document.querySelectorAll("canvas")].find(canvas => canvas.closest("section").querySelector("h2").textContent === name));
  const volume = chart(NAMES[0]), states = chart(NAMES[1]);
  return [states.data.labels.join() === volume.data.labels.join(), states.data.labels.length, new Set(states.scales.y.ticks.map(tick => tick.label)).size === states.scales.y.ticks.length];
})()'''


def require_intervals(count, names):
    found = browser.evaluate(states.replace('NAMES', json.dumps(names)))
    if found != [True, count, True]:
        fail('the intervals of what agents do are not those of the volume, or its axis repeats a number:', found)


require_intervals(7, ['Volume and service level', 'What agents do'])

# A point of the service level is whole at 0 % and at 100 %.
if browser.evaluate('(() => { const line = Chart.getChart(document.querySelector("canvas")).data.datasets[0]; return line.clip >= line.pointRadius + line.pointBorderWidth / 2; })()') is not True:
    fail('points at the edge are cut')

# Counts follow the volume and are not judged; the share of abandoned visits, the service level and waits are.
tones = browser.evaluate('[...document.querySelectorAll(".tile")].map(tile => [...tile.querySelectorAll("li b")].map(change => change.className))')
if any(tones[i][0] for i in range(4)) or tones[6][0] or not tones[3][1] or not tones[4][0]:
    fail('figures are judged wrongly:', tones)

# The figures equal those of the reports.
(expected,) = sql("""SELECT sum(offered) AS offered, sum(answered) AS answered, sum(abandoned) AS abandoned, (SELECT sum(interactions) FROM
  interaction_report('2026-03-09', '2026-03-16', NULL, 'Europe/Prague')) AS interactions, (SELECT service_level FROM service_levels('2026-03-09', '2026-03-16', 20, 5,
  'Europe/Prague') WHERE clock = 'queue' AND variant = 'abandons_negative') AS service_level FROM queue_report('2026-03-09', '2026-03-16', NULL, 'Europe/Prague')""")
values = browser.evaluate('[...document.querySelectorAll(".tile .value")].map(e => e.textContent)')
shown = [f'{expected["interactions"]:,}', f'{expected["offered"]:,}', f'{expected["answered"]:,}', f'{expected["abandoned"]:,}', f'{expected["service_level"]:.1%}']
if values[:5] != shown:
    fail('the key figures are', values[:5], 'and should be', shown)

# Every figure shows its definition on request.
definitions = browser.evaluate('''[...document.querySelectorAll(".info")].map(button => {
  button.click();
  const dialog = document.getElementById("dialog"), text = dialog.open ? dialog.querySelectorAll("p, dd").length : 0;
  dialog.close();
  return [button.getAttribute("aria-label"), text];
})''')
if len(definitions) < 30 or any(count == 0 for _, count in definitions):
    fail('figures without a definition:', [name for name, count in definitions if count == 0], 'of', len(definitions))

# Tables can be sorted, numbers as numbers, and unknown values stay at the end.
order = '''(() => {
  const table = [...document.querySelectorAll("section table")].find(table => table.caption.textContent === "Agents");
  const at = [...table.tHead.rows[0].cells].findIndex(cell => cell.textContent.startsWith("Logged in"));
  table.tHead.rows[0].cells[at].querySelector(".sort").click();
  return [table.tHead.rows[0].cells[at].getAttribute("aria-sort"), ...[...table.tBodies[0].rows].map(row => row.cells[at].textContent)];
})()'''


def as_seconds(text):
    parts = text.replace('\u00a0s', '').split(':')
    return sum(float(part) * 60 ** i for i, part in enumerate(reversed(parts)))


for direction in ('descending', 'ascending'):
    found, *cells = browser.evaluate(order)
    known = [as_seconds(cell) for cell in cells if cell != 'not known']
    if found != direction or not 5 < len(known) < len(cells) or 'not known' in cells[:len(known)] or known != sorted(known, reverse=direction == 'descending'):
        fail('agents are not sorted', direction, cells)

# A click opens the timeline of one interaction, with as many rows as interaction_timeline has.
opened = browser.evaluate('''(() => {
  document.querySelector(".open").click();
  const id = document.querySelector("#dialog code").textContent;
  const row = JSON.parse(document.getElementById("data").textContent).tables.interactions.rows.find(row => row[2] === id);
  return [row[0], row[1], id, document.querySelectorAll("#dialog tbody tr").length, document.querySelectorAll("#dialog .span").length];
})()''')
spans = sql(f"SELECT count(*) AS n, count(offset_seconds) AS timed FROM interaction_timeline('{opened[2]}') WHERE vendor = '{opened[0]}' AND source = '{opened[1]}'")[0]
if opened[3:] != [spans['n'], spans['timed']] or spans['n'] < 2:
    fail('the course has', opened[3:], 'rows and spans, and should have', spans)
browser.screenshot('timeline', whole=False)
browser.evaluate('document.getElementById("dialog").close()')

# Languages apply to the whole page, including numbers and dates.
texts = {}
for language in ('pl', 'cs', 'en'):
    browser.evaluate(f'document.querySelector(".languages button[lang={language}]").click()')
    texts[language] = browser.evaluate('[document.documentElement.lang, document.title, document.getElementById("period").textContent, document.querySelectorAll(".tile .value")[4].textContent, document.querySelectorAll("h2")[1].textContent, document.documentElement.dataset.drawn]')
    browser.screenshot(f'language-{language}')
level = f'{expected["service_level"] * 100:.1f}'
if [texts[language][0] for language in texts] != ['pl', 'cs', 'en'] or len({text[1] for text in texts.values()}) != 3 or len({text[4] for text in texts.values()}) != 3:
    fail('the languages do not differ:', texts)
if texts['en'][3] != level + '%' or not texts['pl'][3].startswith(level.replace('.', ',')) or not texts['cs'][3].startswith(level.replace('.', ',') + '\u00a0'):
    fail('numbers are not those of the language:', texts)
if not texts['en'][2].endswith('15 March 2026') or not texts['pl'][2].endswith('15 marca 2026') or not re.search('15. (3.|března) 2026$', texts['cs'][2]):
    fail('dates are not those of the language:', texts)
missing = browser.evaluate('''(() => {
  const words = JSON.parse(document.getElementById("words").textContent), data = JSON.parse(document.getElementById("data").textContent).tables;
  const column = (table, name) => data[table].rows.map(row => row[data[table].columns.indexOf(name)]);
  const used = new Set([...column("outcomes", "outcome"), ...column("states", "state_category"), ...column("interactions", "direction")].filter(Boolean));
  return Object.entries(words).flatMap(([language, all]) => [...Object.keys(words.en), ...used].filter(word => !(word in all)).map(word => language + ": " + word))
    .concat(["pl", "cs"].flatMap(language => column("quality", "question").filter(question => !(question in words[language])).map(question => language + ": " + question)));
})()''')
# Also those questions that have no answer here.
questions = re.findall("'(?:interaction|visit|offer|conversation|state)', '((?:[^']|'')+)'", (root / 'sql/reports/data_quality.sql').read_text())
words = json.loads((root / 'src/cli/page/words.json').read_text())
missing += [f'{language}: {question}' for language in ('pl', 'cs') for question in (each.replace("''", "'") for each in questions) if question not in words[language]]
if len(questions) < 20 or missing:
    fail('words without a translation:', missing)
browser.require_quiet('after everything was tried:')

# On paper the page is light, whatever the screen is.
browser.open(page, 1400, True)
browser.evaluate('window.addEventListener("beforeprint", () => window.ink = getComputedStyle(document.documentElement).getPropertyValue("--card").trim())')
paper = base64.b64decode(browser.call('Page.printToPDF', printBackground=True, preferCSSPageSize=True)['data'])
if not paper.startswith(b'%PDF') or paper.count(b'/Type /Page\n') + paper.count(b'/Type /Page ') + paper.count(b'/Type/Page\n') < 2:
    fail('it does not print')
if browser.evaluate('window.ink') != '#ffffff' or browser.evaluate('document.documentElement.classList.contains("printing")'):
    fail('it is not printed in light colours, or stays in them')
if screenshots:
    pathlib.Path(screenshots, 'print.pdf').write_bytes(paper)
browser.require_quiet('printing:')

# A page for one day, with the language set by an option and with masked customers' numbers.
report(page, '--from', '2026-03-10', '--zone', 'Europe/Prague', '--lang', 'cs', '--mask', '--timelines', '3')
browser.open(page)
if browser.evaluate('document.documentElement.lang') != 'cs' or browser.evaluate('JSON.parse(document.getElementById("data").textContent).timelines.length') != 3:
    fail('--lang or --timelines is not heeded')
numbers = [row['n'] for row in sql("SELECT DISTINCT customer_number AS n FROM interaction WHERE length(customer_number) > 6 AND customer_number NOT LIKE '%*%' AND start_time LIKE '2026-03-10%'")]
text = pathlib.Path(page).read_text()
leaked = [number for number in numbers if f'"{number}"' in text]
if not numbers or leaked:
    fail('--mask leaves', leaked[:3], 'of', len(numbers))
if browser.evaluate('document.querySelectorAll(".tile li").length') != 16:
    fail('a day is not compared with the day and the week before')
browser.require_quiet('a day:')
browser.screenshot('day')

# Agents' states end before the period does.
report(page, '--from', '2026-03-15', '--to', '2026-03-18')
browser.open(page)
require_intervals(72, ['Volume and service level', 'What agents do'])

# Half an hour without a call has counts of 0 within what the warehouse covers; before the first call, nothing is known, also to compare with.
compared = '[...document.querySelectorAll(".tile")].slice(0, 4).map(tile => [tile.querySelector(".value").textContent, tile.querySelector("li:last-child .changes").textContent])'
gap = sql("""SELECT interval_start AS "from", interval_end AS "to" FROM cdr_intervals('2026-03-03', '2026-03-07', '30m', 'UTC') AS n
  WHERE NOT EXISTS (SELECT 1 FROM interaction WHERE start_time >= n.interval_start AND start_time < n.interval_end)
    AND NOT EXISTS (SELECT 1 FROM queue_visit WHERE enqueue_time >= n.interval_start AND enqueue_time < n.interval_end) LIMIT 1""")[0]
report(page, '--from', gap['from'], '--to', gap['to'])
browser.open(page)
found = browser.evaluate(compared)
if found != [['0', 'not known']] * 4 or 'Nobody called' not in browser.evaluate('document.getElementById("empty").textContent'):
    fail('half an hour without a call, and the week before, of which nothing is known:', found)

# The page says so where the warehouse, which has two weeks from 2 March, has only a part of the period or of one that it is compared with.
for begin, end, is_partial in (('2026-03-10', '2026-03-12', False), ('2026-03-15', '2026-03-18', True), ('2026-03-08', '2026-03-10', True)):
    report(page, '--from', begin, '--to', end)
    browser.open(page)
    said = browser.evaluate('document.getElementById("partial")?.textContent ?? ""')
    if said.startswith('The warehouse has interactions from') != is_partial or (said != '') != is_partial:
        fail('of the days from', begin, 'the page says:', said)

# A period without a call says so, and says when there were calls.
said = report(page, '--from', '2020-01-01', '--to', '2020-01-08')
browser.open(page, 360)
empty = browser.evaluate('document.getElementById("empty")?.textContent ?? ""')
if '0 interactions; the warehouse has interactions from 2026-03-0' not in said or 'Nothing is known' not in empty or '2026' not in empty:
    fail('a period without a call:', said, empty)
if browser.evaluate('[...document.querySelectorAll(".tile .value.unknown")].length') != 8:
    fail('what is not known of an empty period is shown as a figure')
browser.require_quiet('a period without a call:')
browser.screenshot('empty')

# A name with HTML and line separators in it stays a name, and unknown values are shown with the number of rows.
hostile = """</script><script>document.title='taken'</script><img src=x onerror="document.title='taken'"> O'Neil "&amp;" \u2028 {{data}}"""
database = f'{work}/hostile.db'
record = {'ContactId': 'h-1', 'ContactType': 'INBOUND', 'ContactDisposition': 'AbandonedInQueue', 'CallingNumber': '48500000111', 'CalledNumber': '48500009000', 'StartTime': 1714982400000,
          'ReleaseTime': 1714982460000, 'QueueEvents': [{'QueueId': hostile, 'QueueName': hostile, 'QueueType': 'SkillGroup', 'FlowId': 'f', 'EventSequence': [{'Event': 'Enqueue', 'EventTime': 1714982410000}]}]}
pathlib.Path(f'{work}/hostile.json').write_text(json.dumps(record))
subprocess.run([program, 'import', '--db', database, '--source', hostile.replace('\u2028', ''), f'{work}/hostile.json'], check=True, stdout=subprocess.DEVNULL)
report(page, '--from', '2024-05-06')
browser.open(page)
if browser.evaluate('document.title') == 'taken' or browser.evaluate('document.querySelectorAll("img").length') != 0:
    fail('a name is read as HTML')
if hostile not in browser.evaluate('JSON.parse(document.getElementById("data").textContent).tables.queues.rows.flat()'):
    fail('the name is not in the table of queues')
if not browser.evaluate('[...document.querySelectorAll("section th")].some(cell => cell.textContent.includes("O\'Neil"))'):
    fail('the name is not shown')
browser.require_quiet('hostile names:')
print('six views, languages, printing and hostile names: all as they should be')
