-- reconcile: one row per figure of a vendor's own report, beside the one that queue_report computes as that vendor defines it
--
-- The report is what the vendor's API answers, or a CSV. Known are Alibaba's interval reports of skill groups and of the instance (items
-- with StatsTime; the part Inbound, otherwise Overall), uContact's campaignstatus and queuesummary, and lines of queue,interval,figure,value
-- with the names of queue_report's columns; a field of the CSV has no comma in it. A queue that the vendor lists and the warehouse does not
-- know has no computed figure, and neither has a field that is none of ours. Semicolons or tabs may separate the fields instead. A text that
-- is not one of these gives one row, and its definition says what is known.
-- argument report TEXT: the vendor's report: JSON, or CSV
-- argument interval INTERVAL = NULL: how long the report's intervals are; left out, each of its rows is about the whole period
-- argument zone
-- argument from TIME = NULL: the period's begin; left out, the first interval that the report names
-- argument to TIME = NULL: its end; left out, that of the last interval that the report names
-- argument preset 'alibaba_skill_group' | 'alibaba_instance' | 'genesys' | 'cisco' | 'asterisk' | 'mluvii' = NULL: as whose reports define
--   the figures; left out, as the one whose report it is, and of a CSV as queue_report does
-- argument threshold NUMBER = NULL: seconds within which an answer is in time; left out, what the report says, otherwise the queue's setting
-- column interval_start
-- column queue_id TEXT: the queue as the vendor's report has it; NULL where it is about all of them
-- column field TEXT: the figure in the vendor's report
-- column figure TEXT: the column of queue_report that it is held against; NULL where the vendor's field is none of ours
-- column reported DOUBLE: the vendor's figure; shares are 0 to 1
-- column computed DOUBLE: ours
-- column difference DOUBLE: computed - reported
-- column definition TEXT: what ours counts, and where the vendor's may differ

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
report AS MATERIALIZED (
  SELECT CASE
    WHEN NOT json_valid(:report) THEN NULL
    WHEN json_type(:report, '$.Data.List') = 'array' THEN json_extract(:report, '$.Data.List')
    WHEN json_type(:report, '$.Data') IN ('array', 'object') THEN json_extract(:report, '$.Data')
    ELSE :report
  END AS items
),
item AS MATERIALIZED (
  SELECT CASE
      WHEN json_extract(e.value, '$.StatsTime') IS NOT NULL THEN 'alibaba'
      WHEN json_extract(e.value, '$.campaign') IS NOT NULL AND json_extract(e.value, '$.completed') IS NOT NULL THEN 'campaign'
      WHEN json_extract(e.value, '$.queue') IS NOT NULL AND json_extract(e.value, '$.holdTime') IS NOT NULL THEN 'summary'
    END AS kind, e.value AS item
  FROM report AS r CROSS JOIN json_each(iif(json_type(r.items) = 'object' AND json_type(r.items, '$.StatsTime') IS NOT NULL, json_array(json(r.items)), r.items)) AS e
  WHERE r.items IS NOT NULL AND e.type = 'object'
),
told_by_vendor AS (
  SELECT i.kind, cdr_time(json_extract(i.item, '$.StatsTime')) AS at,
    coalesce(json_extract(i.item, '$.SkillGroupId'), json_extract(i.item, '$.campaign'), json_extract(i.item, '$.queue')) AS queue,
    k.field, k.figure, k.definition, 1.0 * f.value / k.per AS reported, CAST(json_extract(i.item, '$.slevelthreshold') AS REAL) AS threshold,
    CASE WHEN i.kind <> 'alibaba' THEN 'asterisk' WHEN json_extract(i.item, '$.SkillGroupId') IS NULL THEN 'alibaba_instance' ELSE 'alibaba_skill_group' END AS preset
  FROM item AS i
  CROSS JOIN json_each(CASE WHEN json_type(i.item, '$.Inbound') = 'object' THEN json_extract(i.item, '$.Inbound')
    WHEN json_type(i.item, '$.Overall') = 'object' THEN json_extract(i.item, '$.Overall') ELSE i.item END) AS f
  JOIN known AS k ON k.kind = i.kind AND k.field = f.key
  WHERE f.type IN ('integer', 'real', 'text')
),
-- What separates fields, which the first line shows; as JSON spells it.
separated AS MATERIALIZED (
  SELECT CASE WHEN instr(line, char(9)) > 0 THEN '\t' WHEN instr(line, ';') > 0 THEN ';' ELSE ',' END AS by
  FROM (SELECT substr(:report, 1, instr(:report || char(10), char(10)) - 1) AS line)
),
-- A line of the CSV as a JSON list: a quoted text has its line breaks as two characters. A number may have a decimal comma where commas do not
-- separate.
line AS (
  SELECT e.key AS number, '[' || replace(json_quote(trim(e.value)), (SELECT by FROM separated), '","') || ']' AS fields
  FROM json_each(iif(json_valid(:report), '[]', '[' || replace(replace(json_quote(:report), '\r', ''), '\n', '","') || ']')) AS e
),
told AS MATERIALIZED (
  SELECT 1 AS number, at, queue, field, figure, definition,
    iif(figure IN ('service_level', 'abandon_rate') AND reported > 1, reported / 100, reported) AS reported, threshold, preset
  FROM told_by_vendor
  UNION ALL
  SELECT number, coalesce(cdr_time(trim(json_extract(fields, '$[1]')), :zone), cdr_time(trim(json_extract(fields, '$[1]')) || ':00', :zone)), nullif(trim(json_extract(fields, '$[0]')), ''), trim(json_extract(fields, '$[2]')),
    trim(json_extract(fields, '$[2]')), 'as queue_report defines it; cdr_explain says how', CAST(replace(json_extract(fields, '$[3]'), ',', '.') AS REAL), NULL, NULL
  FROM line
  WHERE json_array_length(fields) = 4 AND trim(json_extract(fields, '$[3]')) GLOB '*[0-9]*' AND trim(json_extract(fields, '$[3]')) NOT GLOB '*[^-0-9.,]*'
),
named AS MATERIALIZED (SELECT min(at) AS first, max(at) AS last FROM told),
-- An interval ends where the next one begins; without one, what the report names last ends a moment later.
period AS MATERIALIZED (
  SELECT coalesce(:from, n.first) AS begin, coalesce(:to, iif(n.last IS NULL, NULL, (
      SELECT c.interval_end FROM cdr_intervals(n.last, cdr_time(strftime('%Y-%m-%d %H:%M:%f', n.last, '+1 second')), :interval, :zone) AS c))) AS end
  FROM named AS n
),
asked AS MATERIALIZED (
  SELECT DISTINCT ifnull(:preset, t.preset) AS preset, ifnull(:threshold, t.threshold) AS threshold FROM told AS t
),
ours AS MATERIALIZED (
  SELECT a.preset, a.threshold, q.*
  FROM period AS p CROSS JOIN asked AS a CROSS JOIN queue_report(p.begin, p.end, :interval, :zone, NULL, NULL, a.preset, a.threshold) AS q
  WHERE p.begin < p.end
),
figure AS (
  SELECT t.*, iif(:interval IS NULL, p.begin, cdr_bucket(t.at, :interval, :zone)) AS interval_start,
    CASE t.figure WHEN 'offered' THEN o.offered WHEN 'answered' THEN o.answered WHEN 'answered_in_threshold' THEN o.answered_in_threshold
      WHEN 'abandoned' THEN o.abandoned WHEN 'abandoned_in_threshold' THEN o.abandoned_in_threshold WHEN 'short_abandoned' THEN o.short_abandoned
      WHEN 'flowed_in' THEN o.flowed_in WHEN 'flowed_out' THEN o.flowed_out WHEN 'failed' THEN o.failed WHEN 'open' THEN o.open WHEN 'untold' THEN o.untold
      WHEN 'wait_known' THEN o.wait_known WHEN 'service_level' THEN o.service_level WHEN 'abandon_rate' THEN o.abandon_rate WHEN 'asa_seconds' THEN o.asa_seconds
      WHEN 'aht_seconds' THEN o.aht_seconds WHEN 'talk_seconds' THEN o.talk_seconds WHEN 'hold_seconds' THEN o.hold_seconds WHEN 'acw_seconds' THEN o.acw_seconds
      WHEN 'longest_wait_answered' THEN o.longest_wait_answered WHEN 'longest_wait_abandoned' THEN o.longest_wait_abandoned END AS computed
  FROM told AS t CROSS JOIN period AS p
  LEFT JOIN ours AS o ON o.preset IS ifnull(:preset, t.preset) AND o.threshold IS ifnull(:threshold, t.threshold) AND (o.queue_id IS t.queue OR o.queue_name = t.queue)
    AND o.interval_start = iif(:interval IS NULL, p.begin, cdr_bucket(t.at, :interval, :zone))
)
SELECT interval_start, queue, field, figure, reported, computed, difference, definition
FROM (
  SELECT interval_start, queue, field, figure, reported, round(computed, 6) AS computed, round(computed - reported, 6) AS difference, definition, number
  FROM figure
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'this is not a report that reconcile knows; there are Alibaba''s interval reports (items with StatsTime), uContact''s '
    || 'campaignstatus and queuesummary, and lines of queue, interval, figure and value', 0
  WHERE NOT EXISTS (SELECT * FROM told)
)
ORDER BY interval_start, queue, number, field;
