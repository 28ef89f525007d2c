-- reconcile: one row per figure of a vendor's own report, next to the figure that queue_report computes by that vendor's definition
--
-- The report is the answer of the vendor's API, or a CSV. The known answers are Alibaba's interval reports of skill groups and of the
-- instance (items with StatsTime; the part Inbound, otherwise Overall), and uContact's campaignstatus and queuesummary. A CSV has lines of
-- queue, interval, figure and value, or a first line that names its columns: a queue, an interval, and figures under the names of
-- queue_report's columns. Commas, semicolons or tabs separate its fields, which may be quoted; numbers may have a decimal comma, a percent
-- sign, or be durations such as 00:01:30. Every figure that the report has gets a row. Where libcdr computes none, the definition says why.
-- argument report TEXT: the vendor's report: JSON, or CSV
-- argument interval INTERVAL = NULL: how long the report's intervals are; if left out, the shortest step between the times that it names. A
--   report that names only one time, or none, is about the period from, to
-- argument zone
-- argument from TIME = NULL: the beginning of the period; if left out, that of the first interval that the report names
-- argument to TIME = NULL: the end of the period; if left out, that of the last interval that the report names
-- argument preset 'alibaba_skill_group' | 'alibaba_instance' | 'genesys' | 'cisco' | 'asterisk' | 'mluvii' = NULL: the vendor whose reports
--   define the figures; if left out, the vendor of the report; a CSV then follows the definitions of queue_report
-- argument threshold NUMBER = NULL: seconds within which an answer is in time; if left out, the threshold in the report, otherwise the
--   queue's setting
-- argument queue TEXT = NULL: the queue that the report is about, by id or name, if the report does not name it, as with Alibaba's report
--   of one skill group
-- column interval_start
-- column queue_id TEXT: the queue as named in the vendor's report; NULL where the report is about all of them
-- column field TEXT: the figure in the vendor's report
-- column figure TEXT: the column of queue_report that it is compared with; NULL where queue_report has no such figure
-- column reported DOUBLE: the vendor's figure; shares are 0 to 1
-- column computed DOUBLE: the figure that queue_report computes
-- column difference DOUBLE: computed - reported
-- column definition TEXT: what queue_report counts, and where the vendor's figure may differ; or why nothing is computed
-- column vendor, source

WITH known(kind, field, figure, per, definition) AS (
  VALUES
    ('alibaba', 'CallsOffered', 'offered', 1, 'entries into the queue, transfers in among them, each in its own interval; of the instance, calls'),
    ('alibaba', 'CallsHandled', 'answered', 1, 'answered by an agent, in the interval of the answer'),
    ('alibaba', 'CallsAbandoned', 'abandoned', 1, 'left in the queue or while it rang, in the interval in which that was; of the instance, in the IVR too'),
    ('alibaba', 'CallsOverflow', NULL, 1, 'a part of flowed_out, which has timeouts and forwarded visits too'),
    ('alibaba', 'CallsTimeout', NULL, 1, 'a part of flowed_out, which has overflows and forwarded visits too'),
    ('alibaba', 'ServiceLevel20', 'service_level', 1, 'answered within 20 s, ringing included / visits with a known wait'),
    ('alibaba', 'AbandonRate', 'abandon_rate', 1, 'abandoned / offered'),
    ('alibaba', 'AbandonedRate', 'abandon_rate', 1, 'abandoned / offered'),
    ('alibaba', 'AverageWaitTime', 'asa_seconds', 1, 'average wait of those answered, ringing included'),
    ('alibaba', 'MaxWaitTime', 'longest_wait_answered', 1, 'the longest wait of those answered, ringing included'),
    ('alibaba', 'MaxAbandonTime', 'longest_wait_abandoned', 1, 'the longest wait of those abandoned, ringing included'),
    ('alibaba', 'TotalWaitTime', 'answered_wait_seconds', 1, 'the waits of those answered together, ringing included'),
    ('alibaba', 'TotalTalkTime', 'talk_seconds', 1, 'conversation with agents, hold not included'),
    ('alibaba', 'TotalHoldTime', 'hold_seconds', 1, 'on hold, where it is known'),
    ('alibaba', 'TotalWorkTime', 'acw_seconds', 1, 'after-call work, where it is known'),
    ('campaign', 'totalcalls', 'offered', 1, 'completed and abandoned; the vendor counts since its queue was reset'),
    ('campaign', 'completed', 'answered', 1, 'answered by an agent; the vendor counts since its queue was reset'),
    ('campaign', 'abandoned', 'abandoned', 1, 'left before an answer; the vendor counts since its queue was reset'),
    ('campaign', 'abandonedlevel', 'abandon_rate', 100, 'abandoned / (completed + abandoned)'),
    ('campaign', 'servicelevel', 'service_level', 100, 'completed within slevelthreshold, ringing included / completed'),
    ('campaign', 'servicelevel2', NULL, 100, '(completed + abandoned in time) / (completed + abandoned): abandons_positive of service_levels without flow-outs'),
    ('summary', 'holdTime', 'asa_seconds', 1, 'average wait of those answered, ringing included; the vendor has a moving average, which weighs the last calls more'),
    ('summary', 'talkTime', 'aht_seconds', 1, 'conversation, hold and after-call work on average; the vendor has a moving average of conversation and hold'),
    ('summary', 'longestHoldTime', NULL, 1, 'the wait of who waits longest at that moment, which a report of a period does not have')
),
-- The figures of queue_report that a report may contain, and whether they are counts.
queue_figure(figure, is_count) AS (
  VALUES ('offered', 1), ('answered', 1), ('answered_in_threshold', 1), ('abandoned', 1), ('abandoned_in_threshold', 1), ('short_abandoned', 1),
    ('flowed_in', 1), ('flowed_out', 1), ('failed', 1), ('open', 1), ('untold', 1), ('wait_known', 1),
    ('hold_known', 1), ('acw_known', 1), ('talk_known', 1), ('answered_wait_known', 1), ('abandoned_wait_known', 1), ('service_level', 0),
    ('abandon_rate', 0), ('asa_seconds', 0), ('aht_seconds', 0), ('talk_seconds', 0), ('hold_seconds', 0), ('acw_seconds', 0),
    ('answered_wait_seconds', 0), ('abandoned_wait_seconds', 0), ('longest_wait_answered', 0), ('longest_wait_abandoned', 0)
),
-- A text editor or spreadsheet may have written a byte order mark.
given AS MATERIALIZED (SELECT ltrim(:report, char(65279)) AS text),
report AS MATERIALIZED (
  SELECT CASE
    WHEN NOT json_valid(text) THEN NULL
    WHEN json_type(text, '$.Data.List') = 'array' THEN json_extract(text, '$.Data.List')
    WHEN json_type(text, '$.Data') IN ('array', 'object') THEN json_extract(text, '$.Data')
    ELSE text
  END AS items
  FROM given
),
item AS MATERIALIZED (
  SELECT CASE
      WHEN json_extract(e.value, '$.StatsTime') IS NOT NULL THEN 'alibaba'
      WHEN json_extract(e.value, '$.campaign') IS NOT NULL AND json_extract(e.value, '$.completed') IS NOT NULL THEN 'campaign'
      WHEN json_extract(e.value, '$.queue') IS NOT NULL AND json_extract(e.value, '$.holdTime') IS NOT NULL THEN 'summary'
    END AS kind, e.value AS item,
    CASE WHEN json_type(e.value, '$.Inbound') = 'object' THEN json_extract(e.value, '$.Inbound')
      WHEN json_type(e.value, '$.Overall') = 'object' THEN json_extract(e.value, '$.Overall') ELSE e.value END AS figures
  FROM report AS r CROSS JOIN json_each(iif(json_type(r.items) = 'object' AND json_type(r.items, '$.StatsTime') IS NOT NULL, json_array(json(r.items)), r.items)) AS e
  WHERE r.items IS NOT NULL AND e.type = 'object'
),
-- Alibaba's report of a skill group has transfers and flow-outs, which its report of the instance lacks; it need not name the skill group.
told_by_vendor AS (
  SELECT i.kind, cdr_time(json_extract(i.item, '$.StatsTime')) AS at, json_extract(i.item, '$.StatsTime') AS at_text,
    coalesce(json_extract(i.item, '$.SkillGroupId'), json_extract(i.item, '$.campaign'), json_extract(i.item, '$.queue'), :queue) AS queue,
    f.key AS field, k.figure, ifnull(k.definition, 'none of the figures of queue_report') AS definition, iif(f.type IN ('integer', 'real'), f.value, trim(f.value)) AS value,
    ifnull(k.per, 1) AS per, iif(i.kind = 'alibaba', 20, CAST(json_extract(i.item, '$.slevelthreshold') AS REAL)) AS threshold,
    CASE WHEN i.kind <> 'alibaba' THEN 'asterisk' WHEN coalesce(json_extract(i.item, '$.SkillGroupId'), :queue, json_extract(i.figures, '$.CallsTimeout'),
        json_extract(i.figures, '$.CallsOverflow'), json_extract(i.figures, '$.CallsBlindTransferIn')) IS NULL THEN 'alibaba_instance' ELSE 'alibaba_skill_group' END AS preset
  FROM item AS i
  CROSS JOIN json_each(i.figures) AS f
  LEFT JOIN known AS k ON k.kind = i.kind AND k.field = f.key
  WHERE i.kind IS NOT NULL AND (k.field IS NOT NULL OR i.kind = 'alibaba' AND f.type IN ('integer', 'real', 'text') AND f.key NOT IN ('StatsTime', 'SkillGroupId', 'SkillGroupName'))
    AND f.type IN ('integer', 'real', 'text')
),
-- The separator of fields, taken from the first line.
separated AS MATERIALIZED (
  SELECT CASE WHEN instr(line, char(9)) > 0 THEN char(9) WHEN instr(line, ';') > 0 THEN ';' ELSE ',' END AS by
  FROM (SELECT substr(text, 1, instr(text || char(10), char(10)) - 1) AS line FROM given)
),
-- The lines of the CSV, separated by char(30) for now.
written AS MATERIALIZED (
  SELECT e.key + 1 AS number, trim(e.value, ' ') AS line
  FROM given AS g CROSS JOIN json_each(iif(json_valid(g.text), '[]', '[' || replace(json_quote(replace(replace(g.text, char(13), ''), char(10), char(30))), '\u001e', '","') || ']')) AS e
  WHERE trim(e.value, ' ' || char(9) || ',;') <> ''
),
-- A line as a JSON list of its fields, separated by char(31) for now. Quotation marks divide a line into pieces: every second piece is quoted, and an
-- empty unquoted piece that is not at an end stands for a quotation mark.
line AS MATERIALIZED (
  SELECT w.number, w.line, '[' || replace(json_quote(w.marked), '\u001f', '","') || ']' AS fields
  FROM (
    SELECT number, line, iif(instr(line, '"') = 0, replace(line, (SELECT by FROM separated), char(31)), (
      SELECT group_concat(CASE WHEN p.key % 2 = 1 THEN p.value WHEN p.value = '' AND p.key > 0 AND p.key < length(w.line) - length(replace(w.line, '"', '')) THEN '"'
        ELSE replace(p.value, (SELECT by FROM separated), char(31)) END, '')
      FROM json_each('["' || replace(substr(json_quote(w.line), 2, length(json_quote(w.line)) - 2), '\"', '","') || '"]') AS p)) AS marked
    FROM written AS w
  ) AS w
),
-- The names of the columns if the first line has them, which means that none of its fields is a number.
header AS MATERIALIZED (
  SELECT e.key AS place, replace(replace(lower(trim(e.value)), ' ', '_'), '-', '_') AS name, trim(e.value) AS written
  FROM (SELECT * FROM line ORDER BY number LIMIT 1) AS l CROSS JOIN json_each(l.fields) AS e
  WHERE NOT EXISTS (SELECT * FROM json_each(l.fields) AS f WHERE trim(f.value) GLOB '[-0-9]*')
),
-- The meaning of each column. Without names the columns are queue, interval, figure, value.
place AS MATERIALIZED (
  SELECT (SELECT count(*) FROM header) AS columns,
    iif(EXISTS (SELECT * FROM header), (SELECT min(place) FROM header WHERE name IN ('queue', 'queue_id', 'queue_name', 'skill_group', 'skillgroup', 'skill_group_id', 'skillgroupid', 'campaign')), 0) AS queue,
    iif(EXISTS (SELECT * FROM header), (SELECT min(place) FROM header WHERE name IN ('interval', 'interval_start', 'interval_local', 'start', 'start_time', 'statstime', 'time', 'date', 'day')), 1) AS at,
    iif(EXISTS (SELECT * FROM header), (SELECT min(place) FROM header WHERE name IN ('figure', 'metric', 'field')), 2) AS figure,
    iif(EXISTS (SELECT * FROM header), (SELECT min(place) FROM header WHERE name IN ('value', 'reported')), 3) AS value
),
told_by_line AS (
  SELECT l.number, 0 AS place, nullif(trim(json_extract(l.fields, '$[' || p.queue || ']')), '') AS queue, trim(ifnull(json_extract(l.fields, '$[' || p.at || ']'), '')) AS at_text,
    trim(json_extract(l.fields, '$[' || p.figure || ']')) AS field, trim(json_extract(l.fields, '$[' || p.value || ']')) AS value
  FROM place AS p CROSS JOIN line AS l
  WHERE p.figure IS NOT NULL AND p.value IS NOT NULL AND (p.columns = 0 OR l.number > (SELECT min(number) FROM line)) AND json_array_length(l.fields) = ifnull(nullif(p.columns, 0), 4)
  UNION ALL
  SELECT l.number, h.place, nullif(trim(json_extract(l.fields, '$[' || p.queue || ']')), ''), trim(ifnull(json_extract(l.fields, '$[' || p.at || ']'), '')), h.written, trim(json_extract(l.fields, '$[' || h.place || ']'))
  FROM place AS p CROSS JOIN line AS l CROSS JOIN header AS h
  WHERE p.figure IS NULL AND (p.queue IS NOT NULL OR :queue IS NOT NULL) AND l.number > (SELECT min(number) FROM line) AND json_array_length(l.fields) = p.columns
    AND h.place IS NOT p.queue AND h.place IS NOT p.at
),
told_in_csv AS (
  SELECT number, place, at_text, ifnull(queue, :queue) AS queue, field, replace(replace(lower(field), ' ', '_'), '-', '_') AS figure, value,
    coalesce(cdr_time(nullif(at_text, ''), :zone), iif(at_text GLOB '[0-3][0-9].[01][0-9].[12][0-9][0-9][0-9]*',
      cdr_time(substr(at_text, 7, 4) || '-' || substr(at_text, 4, 2) || '-' || substr(at_text, 1, 2) || substr(at_text, 11), :zone), NULL)) AS at
  FROM told_by_line
),
told_as_text AS (
  SELECT 1 AS number, 0 AS place, kind, at, at_text, queue, field, figure, definition, value, per, threshold, preset FROM told_by_vendor
  UNION ALL
  SELECT number, place, 'csv', at, at_text, queue, field, figure, 'as queue_report defines it; cdr_explain says how', value, 1, NULL, NULL FROM told_in_csv
),
-- A value as digits with a decimal point, without spaces, percent signs and thousands separators; a count may only contain the latter. If there are a
-- comma and a point, the last one is the decimal separator; a comma alone is one, too, unless commas separate fields and three digits follow.
bare AS (
  SELECT t.*, replace(replace(replace(replace(t.value, ' ', ''), char(160), ''), char(8239), ''), '%', '') AS digits FROM told_as_text AS t
),
plain AS (
  SELECT b.*, CASE
      WHEN instr(digits, ':') > 0 THEN cdr_duration(digits)
      WHEN digits GLOB '*[0-9][.,][0-9][0-9][0-9]' AND figure IN (SELECT q.figure FROM queue_figure AS q WHERE q.is_count) THEN replace(replace(digits, '.', ''), ',', '')
      WHEN instr(digits, ',') > 0 AND instr(digits, '.') > instr(digits, ',') THEN replace(digits, ',', '')
      WHEN instr(digits, ',') > 0 AND instr(digits, '.') > 0 THEN replace(replace(digits, '.', ''), ',', '.')
      WHEN (SELECT by FROM separated) = ',' AND digits GLOB '*[0-9],[0-9][0-9][0-9]' AND digits NOT GLOB '0,*' THEN replace(digits, ',', '')
      ELSE replace(digits, ',', '.')
    END AS number_text
  FROM bare AS b
),
-- The hour that a clock change repeats appears twice: the second of two equal lines is the later one.
told AS MATERIALIZED (
  SELECT id, number, place, kind, iif(nth = 2 AND cdr_local(later, :zone) = cdr_local(at, :zone), later, at) AS at, at_text, queue, field, figure, definition, threshold, preset, value,
    iif(value LIKE '%\%' ESCAPE '\' OR figure IN ('service_level', 'abandon_rate') AND per = 1 AND amount > 1, amount / 100, amount / per) AS reported
  FROM (
    SELECT p.*, row_number() OVER () AS id, row_number() OVER (PARTITION BY kind, queue, field, at ORDER BY number) AS nth, strftime('%Y-%m-%d %H:%M:%f', at, '+1 hour') AS later,
      iif(number_text GLOB '*[0-9]*' AND number_text NOT GLOB '*[^-0-9.]*' AND number_text NOT GLOB '*.*.*' AND number_text NOT GLOB '?*-*', CAST(number_text AS REAL), NULL) AS amount
    FROM plain AS p
  )
),
step AS MATERIALIZED (
  SELECT count(*) AS times, min(at) AS first, max(at) AS last, min(seconds) AS seconds
  FROM (SELECT at, cdr_seconds(lag(at) OVER (ORDER BY at), at) AS seconds FROM (SELECT DISTINCT at FROM told WHERE at IS NOT NULL))
),
-- The interval: days, weeks and months of a zone vary in length.
spaced AS MATERIALIZED (
  SELECT times, first, last, coalesce(:interval, CASE
      WHEN seconds = 900 THEN '15m' WHEN seconds = 1800 THEN '30m' WHEN seconds = 3600 THEN '1h' WHEN seconds BETWEEN 82800 AND 90000 THEN '1d'
      WHEN seconds BETWEEN 601200 AND 608400 THEN '1w' WHEN seconds BETWEEN 2415600 AND 2682000 THEN '1mo' END) AS length
  FROM step
),
-- An interval ends where the next one begins. A report with a single time does not say how long it is.
period AS MATERIALIZED (
  SELECT s.length, s.times, coalesce(:from, s.first) AS begin, coalesce(:to, iif(s.length IS NULL OR s.last IS NULL, NULL, (
      SELECT c.interval_end FROM cdr_intervals(s.last, strftime('%Y-%m-%d %H:%M:%f', s.last, '+1 second'), s.length, :zone) AS c))) AS end
  FROM spaced AS s
),
asked AS MATERIALIZED (
  SELECT DISTINCT ifnull(:preset, t.preset) AS preset, ifnull(:threshold, t.threshold) AS threshold FROM told AS t
),
ours AS MATERIALIZED (
  SELECT a.preset AS asked_preset, a.threshold AS asked_threshold, q.*
  FROM period AS p CROSS JOIN asked AS a CROSS JOIN queue_report(p.begin, p.end, p.length, :zone, NULL, NULL, a.preset, a.threshold) AS q
  WHERE p.begin < p.end AND (p.length IS NOT NULL OR p.times < 2)
),
-- Our figures by the names that a report may use for a queue: its id or its name.
ours_called AS MATERIALIZED (
  SELECT ifnull(queue_id, '') AS called, o.* FROM ours AS o
  UNION ALL
  SELECT queue_name, o.* FROM ours AS o WHERE queue_name <> ifnull(queue_id, '')
),
-- The place of each figure, and the reason if it cannot be compared with ours.
placed AS MATERIALIZED (
  SELECT t.*, ifnull(t.queue, '') AS called, ifnull(:preset, t.preset) AS by_preset, ifnull(:threshold, t.threshold) AS by_threshold,
    CASE t.kind WHEN 'csv' THEN NULL WHEN 'alibaba' THEN 'alibaba' ELSE 'ucontact' END AS by_vendor,
    iif(p.length IS NULL, p.begin, ifnull(cdr_bucket(t.at, p.length, :zone), iif(t.at_text = '', p.begin, NULL))) AS interval_start,
    CASE
      WHEN ifnull(t.value, '') = '' THEN 'the report has no value'
      WHEN t.reported IS NULL THEN 'the value ''' || t.value || ''' is not a number'
      WHEN t.at IS NULL AND t.at_text <> '' THEN '''' || t.at_text || ''' is not a time of the zone ' || :zone
      WHEN p.length IS NULL AND p.times > 1 THEN 'the times of the report are at no regular distance: give interval'
      WHEN p.begin IS NULL OR p.end IS NULL THEN iif(p.times = 0, 'the report does not state its period: give from and to', 'the report does not say how long its interval is: give interval')
      WHEN p.length IS NOT NULL AND t.at IS NULL AND p.times > 0 THEN 'the line names no interval'
      WHEN p.length IS NOT NULL AND t.at <> cdr_bucket(t.at, p.length, :zone) THEN 'no interval of ' || p.length || ' begins at that time in the zone ' || :zone
      WHEN t.at < p.begin OR t.at >= p.end THEN 'outside of the period'
      WHEN t.queue IS NULL AND ifnull(:preset, t.preset) IS NOT 'alibaba_instance' THEN 'the report does not name its queue: give queue'
    END AS obstacle
  FROM told AS t CROSS JOIN period AS p
),
-- With this order of the two, SQLite looks up the report's figures; with the other it would read all of ours for each.
matched AS MATERIALIZED (
  SELECT t.*, o.vendor, o.source, 1 AS has_ours,
    CASE t.figure WHEN 'offered' THEN o.offered WHEN 'answered' THEN o.answered WHEN 'answered_in_threshold' THEN o.answered_in_threshold
      WHEN 'abandoned' THEN o.abandoned WHEN 'abandoned_in_threshold' THEN o.abandoned_in_threshold WHEN 'short_abandoned' THEN o.short_abandoned
      WHEN 'flowed_in' THEN o.flowed_in WHEN 'flowed_out' THEN o.flowed_out WHEN 'failed' THEN o.failed WHEN 'open' THEN o.open WHEN 'untold' THEN o.untold
      WHEN 'wait_known' THEN o.wait_known WHEN 'service_level' THEN o.service_level WHEN 'abandon_rate' THEN o.abandon_rate WHEN 'asa_seconds' THEN o.asa_seconds
      WHEN 'aht_seconds' THEN o.aht_seconds WHEN 'talk_seconds' THEN o.talk_seconds WHEN 'hold_seconds' THEN o.hold_seconds WHEN 'acw_seconds' THEN o.acw_seconds
      WHEN 'hold_known' THEN o.hold_known WHEN 'acw_known' THEN o.acw_known WHEN 'talk_known' THEN o.talk_known
      WHEN 'answered_wait_seconds' THEN o.answered_wait_seconds WHEN 'answered_wait_known' THEN o.answered_wait_known
      WHEN 'abandoned_wait_seconds' THEN o.abandoned_wait_seconds WHEN 'abandoned_wait_known' THEN o.abandoned_wait_known
      WHEN 'longest_wait_answered' THEN o.longest_wait_answered WHEN 'longest_wait_abandoned' THEN o.longest_wait_abandoned END AS computed
  FROM ours_called AS o CROSS JOIN placed AS t ON t.called = o.called AND t.interval_start = +o.interval_start
  WHERE t.obstacle IS NULL AND +t.by_preset IS o.asked_preset AND +t.by_threshold IS o.asked_threshold AND (t.by_vendor IS NULL OR +t.by_vendor = o.vendor)
),
figure AS (
  SELECT * FROM matched
  UNION ALL
  SELECT t.*, NULL, NULL, 0, NULL FROM placed AS t WHERE t.id NOT IN (SELECT m.id FROM matched AS m)
)
SELECT interval_start, queue, field, figure, reported, computed, difference, definition, vendor, source
FROM (
  SELECT interval_start, queue, field, iif(figure IN (SELECT q.figure FROM queue_figure AS q), figure, NULL) AS figure, reported, round(computed, 6) AS computed,
    round(computed - reported, 6) AS difference,
    CASE
      WHEN kind = 'csv' AND figure NOT IN (SELECT q.figure FROM queue_figure AS q) THEN 'none of the figures of queue_report'
      WHEN figure IS NULL THEN definition
      WHEN obstacle IS NOT NULL THEN obstacle
      WHEN has_ours THEN definition || iif(computed IS NULL, '; ours is not known', '')
      WHEN EXISTS (SELECT * FROM queue AS k WHERE (k.queue_id = f.queue OR k.queue_name = f.queue) AND (f.by_vendor IS NULL OR k.vendor = f.by_vendor)) THEN 'the warehouse has nothing of this queue in the period'
      WHEN queue IS NULL THEN 'the warehouse has nothing of the period'
      ELSE 'the warehouse knows no queue of this id or name'
    END AS definition, vendor, source, number, place
  FROM figure AS f
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'line ' || l.number || ' has ' || json_array_length(l.fields) || ' fields, not ' || ifnull(nullif(p.columns, 0), 4) || ': ' || substr(l.line, 1, 100), NULL, NULL, l.number, 0
  FROM place AS p CROSS JOIN line AS l
  WHERE EXISTS (SELECT * FROM told) AND json_array_length(l.fields) <> ifnull(nullif(p.columns, 0), 4)
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'this is not a report that reconcile knows; there are Alibaba''s interval reports (items with StatsTime), uContact''s '
    || 'campaignstatus and queuesummary, and CSVs of queue, interval, figure and value, or with a first line that names a queue, an interval and figures', NULL, NULL, 0, 0
  WHERE NOT EXISTS (SELECT * FROM told)
)
ORDER BY interval_start, queue, number, place, field, vendor, source;
