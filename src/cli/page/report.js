// The page's figures, pictures and tables, from the data that it carries. Nothing is computed here but shares, differences and the order
// of tables. All texts become text nodes: whatever a queue is called, it is never read as HTML.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const words = JSON.parse(document.getElementById('words').textContent);
  const meta = data.meta;

  // Tables as lists of objects.
  const tables = {};
  for (const [name, table] of Object.entries(data.tables))
    tables[name] = table.rows.map(row => Object.fromEntries(table.columns.map((column, i) => [column, row[i]])));
  const [now, ...earlier] = tables.headline;
  const isNothingKnown = () => isUnknown(now.interactions);
  const nobody = () => say(isNothingKnown() ? 'nothing_known' : 'nobody_called');

  // ---- words, numbers and times ----
  let language = 'en';
  let numbers = {};
  const has = key => key in words[language];
  const say = (key, values = {}) => (words[language][key] ?? words.en[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  const locale = () => words[language].locale;

  function choose(wanted) {
    language = wanted in words ? wanted : 'en';
    document.documentElement.lang = language;
    const form = options => new Intl.NumberFormat(locale(), options);
    numbers = {
      whole: form({maximumFractionDigits: 0}), one: form({minimumFractionDigits: 1, maximumFractionDigits: 1}),
      share: form({style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1}), signed: form({signDisplay: 'exceptZero', maximumFractionDigits: 0}),
      agents: form({minimumFractionDigits: 1, maximumFractionDigits: 2}),
      points: form({signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1}),
      percent: form({style: 'percent', maximumFractionDigits: 0}),
      signedShare: form({style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 0}),
    };
  }

  const isUnknown = value => value === null || value === undefined;
  const whole = value => numbers.whole.format(value);
  const share = value => numbers.share.format(value);
  // 8.3 s, 2:05, 1:02:03
  function seconds(value) {
    if (Math.abs(value) < 60) return (Math.abs(value) < 10 && value % 1 !== 0 ? numbers.one.format(value) : whole(Math.round(value))) + '\u00a0s';
    const all = Math.round(value), two = part => String(part).padStart(2, '0');
    const h = Math.floor(all / 3600), m = Math.floor(all / 60) % 60, s = all % 60;
    return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  }
  const formats = {plain: value => new Intl.NumberFormat(locale()).format(value), whole, share, seconds, agents: value => numbers.agents.format(value), text: String};

  // Civil times of the zone, as the data has them, are formatted as they are.
  const civil = local => new Date(local.replace(' ', 'T') + 'Z');
  const dated = (local, options) => new Intl.DateTimeFormat(locale(), {timeZone: 'UTC', hourCycle: 'h23', ...options}).format(typeof local === 'string' ? civil(local) : local);
  const moment = local => isUnknown(local) ? say('not_known') : dated(local, {day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit'});
  const isMidnight = local => local.endsWith(' 00:00:00.000');
  function periodName(row) {
    if (!isMidnight(row.local_from) || !isMidnight(row.local_to)) return `${moment(row.local_from)} – ${moment(row.local_to)}`;
    const first = civil(row.local_from), last = new Date(civil(row.local_to) - 864e5);
    const long = {day: 'numeric', month: 'long', year: 'numeric'};
    if (+first === +last) return dated(first, {weekday: 'long', ...long});
    return new Intl.DateTimeFormat(locale(), {timeZone: 'UTC', ...long}).formatRange(first, last);
  }
  const shortPeriod = row => {
    if (!isMidnight(row.local_from) || !isMidnight(row.local_to)) return moment(row.local_from);
    const first = civil(row.local_from), last = new Date(civil(row.local_to) - 864e5), short = {day: 'numeric', month: 'short'};
    return +first === +last ? dated(first, short) : new Intl.DateTimeFormat(locale(), {timeZone: 'UTC', ...short}).formatRange(first, last);
  };
  function intervalName(row) {
    const time = {hour: '2-digit', minute: '2-digit'}, day = {day: 'numeric', month: 'short'};
    const fold = row.fold ? ' (' + row.utc_offset + ')' : '';
    if (meta.interval === '1mo') return dated(row.interval_local, {month: 'short', year: 'numeric'});
    if (meta.interval === '1d') return dated(row.interval_local, meta.days > 14 ? day : {weekday: 'short', ...day});
    if (meta.interval === '1w') return dated(row.interval_local, day);
    return dated(row.interval_local, meta.days > 1.5 ? {...day, ...time} : time) + fold;
  }

  // ---- elements ----
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (name === 'class') element.className = value;
      else if (value !== false && !isUnknown(value)) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children.flat(Infinity).filter(child => !isUnknown(child) && child !== false));
    return element;
  }
  const style = (element, properties) => {
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
    return element;
  };

  const levelName = () => isUnknown(meta.threshold) ? say('service_level') : say('service_level_of', {seconds: formats.plain(meta.threshold)});

  // ---- the dialog: definitions, and the course of an interaction ----
  const dialog = document.getElementById('dialog');
  function showDialog(title, ...content) {
    dialog.replaceChildren(
      make('div', {class: 'head'}, make('h2', {id: 'dialog-title'}, title),
        make('button', {class: 'close', type: 'button', onclick: () => dialog.close()}, say('close'))), ...content.flat().filter(Boolean));
    dialog.showModal();
    dialog.scrollTop = 0;
  }
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });

  const documented = (column, reports) => reports.map(report => tables.columns.find(row => row.table_name === report && row.column_name === column)).filter(Boolean);
  // Every figure says what it is: its variants from cdr_explain, and the columns of the reports that it comes from.
  function info(name, column, reports = ['queue_report']) {
    return make('button', {
      type: 'button', class: 'info', 'aria-label': say('define', {name}), title: say('define', {name}),
      onclick: () => {
        const variants = tables.explained.filter(row => row.column_name === column);
        showDialog(`${say('definitions')}: ${name}`,
          documented(column, reports).map(row => make('p', {},
            make('span', {lang: 'en'}, row.doc), ' ', make('span', {class: 'small'}, say('in_report', {column: row.column_name, report: row.table_name})))),
          make('dl', {lang: 'en'}, variants.map(row => [
            make('dt', {}, `${row.figure}, ${row.variant}`), make('dd', {}, make('code', {}, row.formula)), make('dd', {}, row.doc)])),
          variants.length ? make('p', {class: 'unknown-note'}, say('definitions_note')) : null);
      },
    }, '?');
  }

  // ---- key figures ----
  const beforeName = row => {
    if (row.period === 'week' || meta.days === 7) return say('week_before');
    return say(meta.days === 1 ? 'day_before' : 'period_before');
  };
  // `better` is 1 where more is better, -1 where less is, 0 where it is neither, as for a count that follows the volume.
  function change(row, column, kind, better) {
    const was = row[column], is = now[column];
    if (isUnknown(was)) return make('span', {}, say('not_known'));
    if (isUnknown(is)) return make('b', {}, formats[kind](was));
    // What reads as no difference is none.
    const least = {share: 5e-4, seconds: .05}[kind] ?? 1;
    const more = Math.abs(is - was) < least ? 0 : is - was;
    if (more === 0) return make('b', {}, '=');
    const signed = text => text.replace(/^-/, '−').replace('(-', '(−');
    let text;
    if (kind === 'share') text = `${numbers.points.format(more * 100)} ${say('percentage_points')}`;
    else if (kind === 'seconds') text = (more > 0 ? '+' : '−') + seconds(Math.abs(more));
    else text = numbers.signed.format(more) + (was > 0 ? ` (${numbers.signedShare.format(more / was)})` : '');
    return make('b', {class: better * more > 0 ? 'good' : better * more < 0 ? 'bad' : ''}, `${more > 0 ? '▲' : '▼'} ${signed(text)}`);
  }
  // `rate` is the column of a share that is judged where the count is not.
  function difference(row, column, kind, better, rate) {
    const name = `${beforeName(row)} (${shortPeriod(row)})`;
    const hasRate = rate && !isUnknown(row[rate]) && !isUnknown(now[rate]);
    return make('li', {}, make('span', {}, name), make('span', {class: 'changes'}, change(row, column, kind, better),
      hasRate ? make('span', {title: say(rate)}, change(row, rate, 'share', -1)) : null));
  }
  function tile(label, column, kind, better, note, reports, unknownOf, rate) {
    const value = now[column];
    return make('article', {class: 'card tile'},
      make('h3', {}, label, info(label, column, reports)),
      isUnknown(value) ? make('p', {class: 'value unknown'}, unknownOf > 0 ? say('not_known_of', {all: whole(unknownOf)}) : say('not_known'))
        : make('p', {class: 'value'}, formats[kind](value)),
      note ? make('p', {class: 'note'}, note) : null,
      make('ul', {}, earlier.map(row => difference(row, column, kind, better, rate))));
  }
  function tiles() {
    const of = {all: whole(now.offered), known: whole(now.wait_known)};
    const level = levelName();
    return make('section', {'aria-labelledby': 'headlines'}, make('h2', {id: 'headlines', class: 'hidden'}, say('headlines')), make('div', {class: 'tiles'},
      tile(say('interactions'), 'interactions', 'whole', 0, tables.sources.map(row => `${row.vendor ?? say('unknown_name')} ${whole(row.interactions)}`).join(', '), ['interaction_report']),
      tile(say('offered'), 'offered', 'whole', 0, say('offered_note')),
      tile(say('answered'), 'answered', 'whole', 0, now.offered ? say('rate_note', {share: share(now.answered / now.offered)}) : null),
      tile(say('abandoned'), 'abandoned', 'whole', 0, isUnknown(now.abandon_rate) ? null : say('rate_note', {share: share(now.abandon_rate)}), undefined, undefined, 'abandon_rate'),
      tile(level, 'service_level', 'share', 1, now.offered ? say('wait_note', of) + (isUnknown(meta.threshold) ? '; ' + say('own_thresholds') : '') : null, undefined, now.offered),
      tile(say('asa_seconds'), 'asa_seconds', 'seconds', -1, now.answered ? say('answered_wait_note', {known: whole(now.answered_wait_known), all: whole(now.answered)}) : null, undefined, now.answered),
      tile(say('aht_seconds'), 'aht_seconds', 'seconds', 0, now.talk_known ? say('talk_note', {known: whole(now.talk_known), hold: whole(now.hold_known), acw: whole(now.acw_known)}) : null, undefined, now.answered),
      tile(say('longest_wait'), 'longest_wait_answered', 'seconds', -1,
        say('longest_note', {abandoned: isUnknown(now.longest_wait_abandoned) ? say('not_known') : seconds(now.longest_wait_abandoned)}), undefined, now.answered)));
  }

  // ---- tables ----
  // columns: {key, label, kind, about, cell}; a column with `about` has its definition on demand.
  function table(name, columns, rows, {sortable = true, tall = false, header = 0} = {}) {
    const collator = new Intl.Collator(locale(), {numeric: true, sensitivity: 'base'});
    const body = make('tbody');
    const line = row => make('tr', {}, columns.map((column, i) => {
      const value = row[column.key];
      const tag = i === header ? 'th' : 'td';
      const place = i === header ? {scope: 'row'} : {};
      const isNumber = column.kind && column.kind !== 'text' && column.kind !== 'moment';
      if (column.cell) return make(tag, {...place, class: isNumber ? 'number' : ''}, column.cell(value, row));
      if (isUnknown(value)) return make(tag, {...place, class: (isNumber ? 'number ' : '') + 'unknown'}, say(column.kind && column.kind !== 'text' ? 'not_known' : 'unknown_name'));
      if (column.kind === 'moment') return make(tag, {...place, class: 'time'}, moment(value));
      return make(tag, {...place, class: isNumber ? 'number' : ''}, formats[column.kind ?? 'text'](value));
    }));
    const fill = sorted => body.replaceChildren(...sorted.map(line));
    const heads = columns.map(column => {
      const head = make('th', {scope: 'col', class: column.kind && column.kind !== 'text' && column.kind !== 'moment' ? 'number' : ''});
      const about = column.about ? [info(column.label, column.key, column.about)] : [];
      if (!sortable) { head.append(column.label, ...about); return head; }
      head.append(make('span', {class: 'both'}, make('button', {type: 'button', class: 'sort', title: say('sort_by', {name: column.label}), onclick: () => {
        const down = head.getAttribute('aria-sort') === 'descending' ? false : head.getAttribute('aria-sort') === 'ascending' ? true : column.kind !== undefined && column.kind !== 'text';
        heads.forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const of = column.sort ?? (row => row[column.key]);
        // Unknown is neither least nor most: it stays at the end.
        fill([...rows].sort((a, b) => {
          const x = of(a), y = of(b);
          if (isUnknown(x) || isUnknown(y)) return isUnknown(x) - isUnknown(y);
          return (typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(x, y)) * (down ? -1 : 1);
        }));
      }}, column.label), ...about));
      return head;
    });
    fill(rows);
    return make('div', {class: 'scroll' + (tall ? ' tall' : ''), role: 'region', tabindex: '0', 'aria-label': say('table_scrolls', {name})},
      make('table', {}, make('caption', {class: 'hidden'}, name), make('thead', {}, make('tr', {}, heads)), body));
  }
  const card = (size, title, lead, ...content) => {
    const id = 'h-' + title.replace(/\W+/g, '-').toLowerCase();
    return make('section', {class: 'card ' + size, 'aria-labelledby': id},
      make('div', {class: 'head'}, make('div', {}, make('h2', {id}, title), lead ? make('p', {class: 'lead'}, lead) : null)), ...content);
  };

  // ---- pictures ----
  let charts = [];
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches && !document.documentElement.classList.contains('printing');
  const isNarrow = () => window.innerWidth <= 640;
  function picture(label, height, config, alternative) {
    const canvas = make('canvas', {role: 'img', 'aria-label': label});
    charts.push({canvas, config});
    return [make('div', {class: 'chart ' + height}, canvas), make('details', {}, make('summary', {}, say('numbers')), alternative)];
  }
  const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches || navigator.webdriver || document.documentElement.classList.contains('printing');
  function drawCharts() {
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    for (const entry of charts) {
      entry.chart?.destroy();
      Chart.defaults.color = colour('soft');
      Chart.defaults.borderColor = colour('line');
      const config = entry.config();
      config.options = {responsive: true, maintainAspectRatio: false, animation: isStill() ? false : {duration: 350}, ...config.options};
      entry.chart = new Chart(entry.canvas, config);
    }
  }
  const legend = () => ({position: 'bottom', align: 'start', labels: {boxWidth: 9, boxHeight: 9, padding: 14, usePointStyle: true}});
  const grid = () => ({color: colour('faint'), drawBorder: false});

  function volume() {
    const rows = tables.intervals;
    const label = say('volume'), interval = say('interval_' + meta.interval);
    const level = levelName();
    const config = () => ({
      data: {
        labels: rows.map(intervalName),
        datasets: [
          {type: 'line', label: level, yAxisID: 'level', data: rows.map(row => isUnknown(row.service_level) ? null : row.service_level * 100), borderColor: colour('ink'),
            backgroundColor: colour('card'), borderWidth: 2.25, pointBorderColor: colour('ink'), pointBorderWidth: 2, pointRadius: rows.length > 60 ? 0 : 3.5, pointStyle: 'circle', pointHoverRadius: 5, clip: 6, cubicInterpolationMode: 'monotone', spanGaps: false, order: 0},
          ...['answered', 'abandoned', 'other'].map(key => ({type: 'bar', label: say(key), yAxisID: 'y', stack: 'visits', pointStyle: 'rect', data: rows.map(row => row[key]),
            backgroundColor: colour(key), categoryPercentage: .86, barPercentage: .92, borderRadius: 2, order: 1})),
        ],
      },
      options: {
        interaction: {mode: 'index', intersect: false},
        plugins: {
          legend: legend(),
          tooltip: {callbacks: {label: item => `${item.dataset.label}: ${item.dataset.yAxisID === 'level' ? (isUnknown(item.raw) ? say('not_known') : share(item.raw / 100)) : whole(item.raw)}`}},
        },
        scales: {
          x: {stacked: true, grid: {display: false}, ticks: {maxRotation: 0, autoSkip: true, autoSkipPadding: 14}},
          y: {stacked: true, beginAtZero: true, grid: grid(), border: {display: false}, ticks: {precision: 0, callback: value => whole(value)}, title: {display: !isNarrow(), text: say('offered')}},
          level: {position: 'right', min: 0, max: 100, grid: {display: false}, ticks: {stepSize: 25, callback: value => numbers.percent.format(value / 100)}, title: {display: !isNarrow(), text: say('service_level')}},
        },
      },
    });
    const columns = [{key: 'interval_local', label: say('time'), cell: (_, row) => intervalName(row)}, {key: 'offered', label: say('offered'), kind: 'whole'},
      {key: 'answered', label: say('answered'), kind: 'whole'}, {key: 'abandoned', label: say('abandoned'), kind: 'whole'}, {key: 'other', label: say('other'), kind: 'whole'},
      {key: 'wait_known', label: say('wait_known'), kind: 'whole'}, {key: 'service_level', label: level, kind: 'share'}, {key: 'asa_seconds', label: say('asa_seconds'), kind: 'seconds'}];
    return card('two-thirds', label, say('volume_lead', {interval}),
      rows.length ? picture(`${label}: ${say('offered')} ${whole(now.offered)}, ${level} ${isUnknown(now.service_level) ? say('not_known') : share(now.service_level)}`, '', config,
        table(label, columns, rows, {tall: true})) : make('p', {class: 'unknown-note'}, nobody()));
  }

  const buckets = ['to_5', 'to_10', 'to_20', 'to_30', 'to_60', 'to_120', 'to_300', 'over_300'];
  function waits() {
    const row = tables.waits[0];
    const label = say('waits');
    if (!row || isUnknown(row.visits)) return card('third', label, null, make('p', {class: 'unknown-note'}, nobody()));
    const lead = say('waits_lead', {known: whole(row.wait_known), all: whole(row.visits)});
    if (row.wait_known === 0) return card('third', label, lead, make('p', {class: 'unknown-note'}, say('not_known_of', {all: whole(row.visits)})));
    const rows = buckets.map(key => ({key, label: say(key), number: row[key], share: row[key] / row.wait_known}));
    const config = () => ({
      type: 'bar',
      data: {labels: rows.map(each => each.label), datasets: [{label: say('number'), data: rows.map(each => each.number), backgroundColor: colour('answered'), borderRadius: 3, barPercentage: .96, categoryPercentage: .92}]},
      options: {
        indexAxis: 'y',
        plugins: {legend: {display: false}, tooltip: {callbacks: {label: item => `${whole(item.raw)} (${share(item.raw / row.wait_known)})`}}},
        scales: {x: {beginAtZero: true, grid: grid(), ticks: {precision: 0, maxTicksLimit: 6, callback: value => whole(value)}}, y: {grid: {display: false}}},
      },
    });
    return card('third', label, lead, picture(`${label}: ${rows.map(each => `${each.label} ${whole(each.number)}`).join(', ')}`, '', config,
      table(label, [{key: 'label', label: say('wait'), sort: each => buckets.indexOf(each.key)}, {key: 'number', label: say('number'), kind: 'whole'}, {key: 'share', label: say('share'), kind: 'share'}], rows)));
  }

  let heatShown = 'offered';
  function heat() {
    const label = say('heat');
    const cells = new Map(tables.heat.map(row => [row.weekday * 24 + row.hour, row]));
    const choices = {offered: ['offered', 'whole', '--heat'], service_level: ['service_level', 'share', '--heat-level'], abandoned: ['abandoned', 'whole', '--heat-abandoned']};
    const holder = make('div');
    const draw = () => {
      const [key, kind, tone] = choices[heatShown];
      const most = Math.max(...tables.heat.map(row => row[key] ?? 0), kind === 'share' ? 1 : 0);
      const hours = tables.heat.map(row => row.hour);
      const from = Math.min(...hours), to = Math.max(...hours);
      const list = Array.from({length: to - from + 1}, (_, i) => from + i);
      const days = [1, 2, 3, 4, 5, 6, 0].filter(day => meta.days >= 7 || tables.heat.some(row => row.weekday === day));
      const dayName = (day, form) => dated(new Date(Date.UTC(2024, 0, 7 + day)), {weekday: form});
      const hourName = hour => String(hour).padStart(2, '0');
      const cell = (day, hour) => {
        const row = cells.get(day * 24 + hour);
        const value = row?.[key];
        const what = `${dayName(day, 'long')}, ${hourName(hour)}:00`;
        if (!row) return make('td', {class: 'none', title: `${what}: ${key === 'service_level' ? say('none') : 0}`}, make('span', {class: 'hidden'}, key === 'service_level' ? say('none') : '0'));
        if (isUnknown(value)) return make('td', {class: 'none', title: `${what}: ${say('not_known')}`}, '?');
        // Never so deep that the number in it could not be read.
        const deepest = isDark() ? .37 : .62;
        const text = kind === 'share' ? numbers.whole.format(value * 100) : whole(value);
        return style(make('td', {title: `${what}: ${formats[kind](value)}`}, text), {'--depth': (.08 + deepest * (most > 0 ? value / most : 0)).toFixed(3), '--tone': `var(${tone})`});
      };
      const isTall = isNarrow();
      const columns = isTall ? days : list, lines = isTall ? list : days;
      holder.replaceChildren(make('table', {class: 'heat'}, make('caption', {class: 'hidden'}, `${label}: ${say(key)}`),
        make('thead', {}, make('tr', {}, make('th', {class: 'corner'}, make('span', {class: 'hidden'}, say(isTall ? 'hour' : 'weekday'))),
          columns.map(each => make('th', {scope: 'col'}, isTall ? dayName(each, 'short') : hourName(each))))),
        make('tbody', {}, lines.map(each => make('tr', {}, make('th', {scope: 'row'}, isTall ? hourName(each) : dayName(each, 'long')),
          columns.map(other => isTall ? cell(other, each) : cell(each, other)))))));
    };
    if (tables.heat.length === 0) return card('wide', label, null, make('p', {class: 'unknown-note'}, nobody()));
    draw();
    redraws.push(draw);
    const select = make('select', {id: 'heat-choice', onchange: event => { heatShown = event.target.value; draw(); }},
      Object.keys(choices).map(key => make('option', {value: key, selected: key === heatShown}, say(key) + (key === 'service_level' ? ' (%)' : ''))));
    const section = card('wide', label, say('heat_lead'), holder);
    section.querySelector('.head').append(make('div', {}, make('label', {for: 'heat-choice', class: 'hidden'}, say('heat_choice')), select));
    return section;
  }

  const categories = ['ON_CONTACT', 'ACW', 'RINGING', 'AVAILABLE', 'OTHER_WORK', 'MEETING_TRAINING', 'BREAK', 'UNKNOWN'];
  function states() {
    const label = say('states');
    const rows = tables.states.filter(row => row.state_category !== 'OFFLINE' && row.mean_agents > 0);
    const unknown = tables.stateless.map(row => {
      const source = row.source === row.vendor ? row.vendor : `${row.vendor}, ${row.source}`;
      return say('agents_of', {unknown: whole(row.unknown), all: whole(row.agents), source});
    });
    const note = unknown.length ? make('p', {class: 'unknown-note'}, say('states_unknown', {list: unknown.join('; ')})) : null;
    if (rows.length === 0) return card('two-thirds', label, null, make('p', {class: 'unknown-note'}, say('not_known')), note);
    // Of an interval without any state, nothing is known.
    const seen = new Set(tables.states.map(row => row.interval_start));
    const at = new Map(rows.map(row => [row.interval_start + row.state_category, row.mean_agents]));
    const mean = (row, category) => at.get(row.interval_start + category) ?? (seen.has(row.interval_start) ? 0 : null);
    const there = categories.filter(category => rows.some(row => row.state_category === category));
    const config = () => ({
      type: 'bar',
      data: {labels: tables.calendar.map(intervalName), datasets: there.map(category => ({label: say(category), data: tables.calendar.map(row => mean(row, category)),
        backgroundColor: colour('state-' + category.toLowerCase().replace('_', '-')), stack: 'states', pointStyle: 'rect', categoryPercentage: .98, barPercentage: .96}))},
      options: {
        locale: locale(), // for the numbers of the axis, with as many digits as its steps need
        interaction: {mode: 'index', intersect: false},
        plugins: {legend: legend(), tooltip: {filter: item => item.raw > 0, callbacks: {label: item => `${item.dataset.label}: ${formats.agents(item.raw)}`}}},
        scales: {x: {stacked: true, grid: {display: false}, ticks: {maxRotation: 0, autoSkip: true, autoSkipPadding: 14}},
          y: {stacked: true, beginAtZero: true, grid: grid(), title: {display: !isNarrow(), text: say('agents')}}},
      },
    });
    const lines = tables.calendar.map(row => ({...row, ...Object.fromEntries(there.map(category => [category, mean(row, category)]))}));
    return card('two-thirds', label, say('states_lead'), picture(`${label}: ${there.map(say).join(', ')}`, '', config,
      table(label, [{key: 'interval_local', label: say('time'), cell: (_, row) => intervalName(row)}, ...there.map(category => ({key: category, label: say(category), kind: 'agents'}))], lines, {tall: true})), note);
  }

  const outcomeTone = outcome => outcome === 'ANSWERED' ? 'answered' : outcome?.startsWith('ABANDONED') ? 'abandoned' : 'other';
  const outcomeName = outcome => isUnknown(outcome) ? say('not_known') : say(outcome);
  function outcomes() {
    const label = say('outcomes'), rows = tables.outcomes;
    if (rows.length === 0) return card('third', label, null, make('p', {class: 'unknown-note'}, nobody()));
    const shown = rows.length > 10 ? rows.slice(0, 9) : rows;
    const rest = rows.slice(shown.length).reduce((sum, row) => sum + row.interactions, 0);
    const bars = [...shown.map(row => ({label: outcomeName(row.outcome), number: row.interactions, tone: outcomeTone(row.outcome)})), ...(rest ? [{label: '…', number: rest, tone: 'other'}] : [])];
    const config = () => ({
      type: 'bar',
      data: {labels: bars.map(bar => bar.label), datasets: [{label: say('interactions'), data: bars.map(bar => bar.number), backgroundColor: bars.map(bar => colour(bar.tone)), borderRadius: 3, barPercentage: .9}]},
      options: {
        indexAxis: 'y',
        plugins: {legend: {display: false}, tooltip: {callbacks: {label: item => `${whole(item.raw)} (${share(item.raw / now.interactions)})`}}},
        scales: {x: {beginAtZero: true, grid: grid(), ticks: {precision: 0, maxTicksLimit: 6, callback: value => whole(value)}}, y: {grid: {display: false}}},
      },
    });
    return card('third', label, say('outcomes_lead'), picture(`${label}: ${bars.map(bar => `${bar.label} ${whole(bar.number)}`).join(', ')}`, '', config,
      table(label, [{key: 'outcome', label: say('outcome'), cell: value => outcomeName(value)}, {key: 'interactions', label: say('interactions'), kind: 'whole'}, {key: 'share', label: say('share'), kind: 'share'}], rows)));
  }

  // ---- the course of an interaction ----
  const whats = {interaction: 'interaction', ivr: 'ivr', queue: 'queue', offer: 'offer', conversation: 'conversation', hold: 'hold', 'after-call work': 'acw', gap: 'gap', overlap: 'overlap'};
  const indexOf = new Map(tables.interactions.map((row, i) => [JSON.stringify([row.vendor, row.source, row.interaction_id]), i]));
  const timelineOf = row => indexOf.get(JSON.stringify([row.vendor, row.source, row.interaction_id]));
  function showTimeline(index) {
    const row = tables.interactions[index];
    const spans = data.timelines[index].map(([offset, length, party, name, what, outcome]) => ({offset, length, party, name, what, outcome}));
    const end = Math.max(1, ...spans.map(span => (span.offset ?? 0) + (span.length ?? 0)));
    const lanes = new Map();
    for (const span of spans) {
      const key = JSON.stringify([span.party, span.name]);
      if (!lanes.has(key)) lanes.set(key, {party: span.party, name: span.name, spans: []});
      lanes.get(key).spans.push(span);
    }
    const whatName = what => has('what_' + what) ? say('what_' + what) : what;
    const title = span => `${whatName(span.what)}: ${isUnknown(span.length) ? say('not_known') : seconds(span.length)}${span.outcome ? ', ' + say(span.outcome) : ''}`;
    const lane = each => make('div', {class: 'lane'}, make('span', {title: each.name ?? say('party_' + each.party)}, each.name ?? say('party_' + each.party)),
      make('div', {class: 'track'}, each.spans.filter(span => !isUnknown(span.offset)).map(span => style(make('i', {class: 'span', title: title(span)}), {
        left: 100 * Math.max(0, span.offset) / end + '%', width: 100 * Math.min(span.length ?? 0, end) / end + '%', background: `var(--what-${whats[span.what] ?? 'gap'})`}))));
    const there = Object.keys(whats).filter(what => spans.some(span => span.what === what));
    const facts = [row.vendor, has(row.channel) ? say(row.channel) : row.channel, has(row.direction) ? say(row.direction) : row.direction, outcomeName(row.outcome), row.customer_number].filter(Boolean).join(' · ');
    showDialog(`${say('timeline')}, ${moment(row.start_local)}`, make('p', {class: 'lead'}, facts), make('p', {class: 'lead'}, make('code', {}, row.interaction_id)),
      make('div', {class: 'lanes', role: 'img', 'aria-label': spans.map(title).join('; ')}, [...lanes.values()].map(lane),
        make('div', {class: 'lane'}, make('span'), make('div', {class: 'ticks'}, [0, .25, .5, .75, 1].map(part => style(make('span', {}, seconds(part * end)), {left: part * 100 + '%'}))))),
      make('ul', {class: 'key', 'aria-hidden': 'true'}, there.map(what => make('li', {}, style(make('i'), {background: `var(--what-${whats[what]})`}), whatName(what)))),
      table(say('timeline'), [
        {key: 'offset', label: say('from_start'), kind: 'seconds'}, {key: 'length', label: say('duration'), kind: 'seconds'},
        {key: 'what', label: say('what'), cell: value => whatName(value)}, {key: 'party', label: say('party'), cell: (value, span) => span.name ? `${say('party_' + value)}: ${span.name}` : say('party_' + value)},
        {key: 'outcome', label: say('outcome'), cell: value => isUnknown(value) ? '' : say(value)}], spans, {sortable: false, header: 2}));
  }
  const opener = (text, index) => make('button', {type: 'button', class: 'open', title: say('show_timeline', {time: text}), onclick: () => showTimeline(index)}, text);
  const startCell = (value, row) => {
    const index = timelineOf(row);
    return index === undefined ? moment(value) : opener(moment(value), index);
  };
  const named = (name, id, other) => [name ?? id ?? say('unknown_name'), make('span', {class: 'small'}, other)];
  const sourceOf = row => row.source === row.vendor ? row.vendor : `${row.vendor}, ${row.source}`;
  const listed = rows => rows.length >= meta.listed ? make('p', {class: 'unknown-note'}, say('listed_most', {most: whole(meta.listed)})) : null;

  // ---- what lies beneath the pictures ----
  function queues() {
    const about = ['queue_report', 'wait_report'];
    const level = levelName();
    return card('wide long', say('queues'), null, tables.queues.length === 0 ? make('p', {class: 'unknown-note'}, nobody()) : table(say('queues'), [
      {key: 'queue_name', label: say('queue'), sort: row => row.queue_name ?? row.queue_id, cell: (_, row) => named(row.queue_name, row.queue_id, sourceOf(row))},
      {key: 'offered', label: say('offered'), kind: 'whole', about}, {key: 'answered', label: say('answered'), kind: 'whole', about}, {key: 'abandoned', label: say('abandoned'), kind: 'whole', about},
      {key: 'abandon_rate', label: say('abandon_rate'), kind: 'share', about}, {key: 'flowed_out', label: say('flowed_out'), kind: 'whole', about},
      {key: 'failed', label: say('failed'), kind: 'whole', about},
      {key: 'service_level', label: level, kind: 'share', about, cell: (value, row) => isUnknown(value) ? make('span', {class: 'unknown'}, row.offered ? say('not_known_of', {all: whole(row.offered)}) : say('none'))
        : [share(value), make('span', {class: 'bar', 'aria-hidden': 'true'}, style(make('i'), {width: value * 100 + '%'}))]},
      {key: 'wait_known', label: say('wait_known'), kind: 'whole', about, cell: (value, row) => `${whole(value)} / ${whole(row.offered)}`},
      {key: 'asa_seconds', label: say('asa_seconds'), kind: 'seconds', about}, {key: 'p50_seconds', label: say('p50_seconds'), kind: 'seconds', about},
      {key: 'p90_seconds', label: say('p90_seconds'), kind: 'seconds', about}, {key: 'max_seconds', label: say('max_seconds'), kind: 'seconds', about},
      {key: 'aht_seconds', label: say('aht_seconds'), kind: 'seconds', about}], tables.queues, {tall: tables.queues.length > 14}), listed(tables.queues));
  }
  function agents() {
    const about = ['agent_report'];
    const column = (key, kind) => ({key, label: say(key), kind, about});
    return card('wide long', say('agents'), null, tables.agents.length === 0 ? make('p', {class: 'unknown-note'}, nobody()) : table(say('agents'), [
      {key: 'agent_name', label: say('agent'), sort: row => row.agent_name ?? row.agent_id, cell: (_, row) => named(row.agent_name, row.agent_id, sourceOf(row) + (row.team ? ', ' + row.team : ''))},
      column('offered', 'whole'), column('answered', 'whole'), column('missed_by_agent', 'whole'), column('rejected', 'whole'), column('transferred_out', 'whole'),
      column('talk_seconds', 'seconds'), column('hold_seconds', 'seconds'), column('acw_seconds', 'seconds'), column('aht_seconds', 'seconds'), column('logged_in_seconds', 'seconds'),
      column('available_seconds', 'seconds'), column('break_seconds', 'seconds'), column('occupancy', 'share')], tables.agents, {tall: tables.agents.length > 14}), listed(tables.agents));
  }
  function callback() {
    const counts = Object.fromEntries(Object.entries(tables.given_up[0]).map(([key, value]) => [key, whole(value)]));
    const lead = tables.given_up[0].abandoned ? say('callback_lead', counts) : isNothingKnown() ? say('nothing_known') : say('callback_none');
    const rows = tables.abandoned, all = tables.given_up[0].not_reached + tables.given_up[0].unknown;
    return card('wide long', say('callback'), lead, rows.length === 0 ? null : table(say('callback'), [
      {key: 'start_local', label: say('start'), kind: 'moment', cell: startCell}, {key: 'customer_number', label: say('customer')},
      {key: 'queue_name', label: say('queue'), sort: row => row.queue_name ?? row.queue_id, cell: (_, row) => named(row.queue_name, row.queue_id, sourceOf(row))},
      {key: 'outcome', label: say('outcome'), cell: value => make('span', {class: 'pill ' + outcomeTone(value)}, outcomeName(value))},
      {key: 'wait_seconds', label: say('wait'), kind: 'seconds', about: ['abandoned_interactions']},
      {key: 'reached', label: say('reached_state'), cell: value => say(isUnknown(value) ? 'is_unknown' : 'is_not_reached')}], rows, {tall: true}),
      rows.length < all ? make('p', {class: 'unknown-note'}, say('listed', {shown: whole(rows.length), all: whole(all)})) : null);
  }
  function journeys() {
    const rows = tables.interactions;
    if (rows.length === 0) return null;
    const about = ['interactions'];
    // Who was not answered has talked to nobody, which is known.
    const talk = key => ({key, label: say(key), kind: 'seconds', about, cell: (value, row) => !isUnknown(value) ? seconds(value) : row.outcome === 'ANSWERED' ? say('not_known') : '–'});
    return card('wide long screen', say('journeys'), say('journeys_lead', {shown: whole(rows.length), all: whole(now.interactions)}), table(say('journeys'), [
      {key: 'start_local', label: say('start'), kind: 'moment', cell: startCell}, {key: 'vendor', label: say('vendor'), cell: (_, row) => sourceOf(row)},
      {key: 'channel', label: say('channel'), cell: value => isUnknown(value) ? say('unknown_name') : say(value)}, {key: 'direction', label: say('direction'), cell: value => isUnknown(value) ? say('unknown_name') : say(value)},
      {key: 'outcome', label: say('outcome'), cell: value => make('span', {class: 'pill ' + outcomeTone(value)}, outcomeName(value))},
      {key: 'customer_number', label: say('customer')}, {key: 'queue', label: say('queue')}, {key: 'agent', label: say('agent'), cell: (value, row) => value ?? (row.agent_count === 0 ? '–' : say('unknown_name'))},
      {key: 'in_queue_seconds', label: say('in_queue_seconds'), kind: 'seconds', about}, talk('active_seconds'), talk('handle_seconds'), {key: 'transfer_count', label: say('transfer_count'), kind: 'whole', about}], rows, {tall: true}));
  }
  function quality() {
    const rows = tables.quality;
    return card('wide long', say('quality'), rows.length ? say('quality_lead') : isNothingKnown() ? say('nothing_known') : say('quality_none'), rows.length === 0 ? null : table(say('quality'), [
      {key: 'vendor', label: say('vendor'), cell: (_, row) => sourceOf(row)}, {key: 'subject', label: say('subject'), cell: value => has('subject_' + value) ? say('subject_' + value) : value},
      {key: 'question', label: say('question'), cell: value => has(value) ? say(value) : make('span', {lang: 'en'}, value)},
      {key: 'found', label: say('found'), kind: 'whole'}, {key: 'of', label: say('of'), kind: 'whole'}, {key: 'share', label: say('share'), kind: 'share'}], rows, {tall: rows.length > 14}));
  }

  // ---- the whole ----
  let redraws = [];
  function render() {
    charts.forEach(entry => entry.chart?.destroy());
    charts = [];
    redraws = [];
    document.title = `${say('title')}: ${periodName(now)}`;
    document.getElementById('title').textContent = say('title');
    const h1 = document.getElementById('period');
    h1.textContent = periodName(now);
    h1.textContent = h1.textContent.charAt(0).toLocaleUpperCase(locale()) + h1.textContent.slice(1);
    document.getElementById('sub').textContent = say('zone', {zone: meta.zone});
    const switcher = document.getElementById('languages');
    switcher.setAttribute('aria-label', say('languages'));
    switcher.replaceChildren(...Object.keys(words).map(each => make('button', {type: 'button', lang: each, 'aria-pressed': String(each === language), onclick: () => { choose(each); render(); }}, words[each].language)));
    const bounds = tables.warehouse[0];
    const known = isUnknown(bounds.first_local) ? say('warehouse_empty') : say('warehouse_has', {first: moment(bounds.first_local), last: moment(bounds.last_local)});
    const empty = !now.interactions && !now.offered ? make('p', {class: 'empty', id: 'empty'}, nobody() + ' ' + known) : null;
    const partial = !empty && tables.headline.some(each => each.is_partial) ? make('p', {class: 'empty', id: 'partial'}, known) : null;
    document.getElementById('main').replaceChildren(...[empty, partial, tiles(),
      make('div', {class: 'grid'}, volume(), waits(), heat(), states(), outcomes(), queues(), agents(), callback(), journeys(), quality())].filter(Boolean));
    document.getElementById('footer').replaceChildren(
      make('p', {}, say('made', {time: moment(meta.made), version: meta.version, database: meta.database})), make('p', {}, say('zone', {zone: meta.zone})),
      make('p', {}, meta.masked ? say('masked') : say('personal')), make('p', {}, say('licence')));
    drawCharts();
    document.documentElement.dataset.drawn = String(charts.length);
  }
  function repaint() {
    drawCharts();
    redraws.forEach(draw => draw());
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  matchMedia('(max-width: 640px)').addEventListener('change', repaint);
  window.addEventListener('beforeprint', () => { document.documentElement.classList.add('printing'); repaint(); });
  window.addEventListener('afterprint', () => { document.documentElement.classList.remove('printing'); repaint(); });

  const chosen = document.documentElement.dataset.chosen;
  choose(chosen || navigator.languages.map(each => each.slice(0, 2)).find(each => each in words) || 'en');
  render();
})();
