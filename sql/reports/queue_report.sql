-- queue_report: one row per interval and queue: what came in, what became of it, and how long people waited
--
-- Every queue of the period has a row in each interval. By arrival, the whole visit belongs to the interval in which it entered the queue,
-- and offered = answered + abandoned + flowed_out + failed + open + untold. By event, each part belongs to the interval in which it
-- happened, so answered may exceed offered. Conversation, hold and after-call work belong to the same interval as answered. The report
-- reads the stored figures where they give the same result: for the thresholds in the settings, and intervals that consist of whole quarter
-- hours or of whole days of the reporting zone.
-- argument from, to, interval, zone
-- argument credit 'arrival' | 'event' = NULL: the interval that an answer or an abandonment belongs to: that of the arrival, or its own;
--   arrival unless the preset says otherwise
-- argument clock 'queue' | 'queue_ring' | 'arrival' = NULL: which wait counts: in the queue alone, with ringing, or from the interaction's
--   start; queue unless the preset says otherwise
-- argument preset 'alibaba_skill_group' | 'alibaba_instance' | 'genesys' | 'cisco' | 'asterisk' | 'mluvii' = NULL: computes the figures as
--   that vendor's own reports define them
-- argument threshold, short_abandon
-- column interval_start, interval_local, utc_offset, fold, vendor, source, queue_id, queue_name
-- column offered INTEGER: visits that entered the queue
-- column answered INTEGER: those that an agent answered
-- column answered_in_threshold INTEGER: those answered within the threshold
-- column abandoned INTEGER: those that the customer left, in the queue or while it rang
-- column abandoned_in_threshold INTEGER: those abandoned within the threshold
-- column short_abandoned INTEGER: those abandoned within short_abandon seconds
-- column flowed_in INTEGER: those of the offered visits that came from an agent or another queue
-- column flowed_out INTEGER: those that the queue sent elsewhere: timeout, overflow, forwarded
-- column failed INTEGER: those that ended in another way
-- column open INTEGER: those that have not ended
-- column untold INTEGER: those that have ended in a way that the vendor does not report
-- column wait_known INTEGER: visits whose wait by this clock is known; the others do not count in service level and ASA
-- column service_level DOUBLE: answered within the threshold / offered with a known wait, 0 to 1, unless the preset defines it otherwise;
--   NULL where no wait is known
-- column abandon_rate DOUBLE: abandoned / offered, 0 to 1, unless the preset defines it otherwise
-- column asa_seconds DOUBLE: average wait of those answered, as far as it is known
-- column aht_seconds DOUBLE: (conversation + hold + after-call work) / conversations
-- column talk_seconds DOUBLE: seconds of conversation with agents, hold not included; NULL where none is known
-- column hold_seconds DOUBLE: seconds on hold; NULL where none is known
-- column acw_seconds DOUBLE: seconds of after-call work; NULL where none is known
-- column hold_known INTEGER: conversations whose hold time is known
-- column acw_known INTEGER: conversations whose after-call work is known
-- column longest_wait_answered DOUBLE: the longest known wait of those answered
-- column longest_wait_abandoned DOUBLE: the longest known wait of those abandoned
-- column answered_wait_seconds DOUBLE: the known waits of those answered, added up: use them to compute asa_seconds over several rows
-- column answered_wait_known INTEGER: those answered whose wait is known
-- column abandoned_wait_seconds DOUBLE: the known waits of those abandoned, added up
-- column abandoned_wait_known INTEGER: those abandoned whose wait is known
-- column talk_known INTEGER: conversations whose length is known: use them and the seconds to compute aht_seconds over several rows

-- The settings of the call: its own arguments, otherwise those of the preset; and the earliest time of visits that may count. By event, visits from
-- before the period may count.
WITH calendar AS MATERIALIZED (
  SELECT +interval_start AS interval_start, interval_local, utc_offset, fold FROM cdr_intervals(:from, :to, :interval, :zone)
),
setting AS MATERIALIZED (
  SELECT credit, clock, iif(credit = 'arrival', :from, '') AS earliest, :preset IS 'alibaba_instance' AS by_call
  FROM (
    SELECT coalesce(:credit, iif(:preset IN ('alibaba_skill_group', 'alibaba_instance', 'genesys', 'cisco'), 'event', 'arrival')) AS credit,
      coalesce(:clock, iif(:preset IS NULL OR :preset = 'cisco', 'queue', 'queue_ring')) AS clock
  )
),
visit AS NOT MATERIALIZED (
  SELECT s.credit, v.interaction_key, v.visit_no, v.vendor, v.source, v.queue_id, v.queue_name, v.entry, v.enqueue_time, v.event_time,
    v.counted_as, CASE s.clock WHEN 'queue' THEN v.queue_wait WHEN 'queue_ring' THEN v.queue_ring_wait ELSE v.arrival_wait END AS wait,
    v.threshold, v.short_abandon
  FROM setting AS s CROSS JOIN timed_visit AS v
  WHERE v.enqueue_time >= s.earliest AND v.enqueue_time < iif(s.by_call, '', :to)
),
-- alibaba_instance counts a call once, as the visit ended that was answered first, or otherwise as the one did that ended last, even if that is after the
-- period. The call waited in all queues until then; a customer who is handed on after the answer waits for something else. A visit to a queue that the call
-- came back to has the wait in the queues between, but if one of them answered first, it does not say how long the call had waited. Calls abandoned in the
-- IVR are calls too, whether they had been in a queue before or not: they count as abandoned, without a wait.
-- Indexes find the calls: those with a visit that enters a queue in the period, and by event those with a visit that is answered or ends in it.
visit_of_call AS NOT MATERIALIZED (
  SELECT c.credit, c.clock, v.interaction_key, v.visit_no, v.vendor, v.source, min(v.enqueue_time) OVER one_call AS enqueue_time, v.event_time, v.counted_as,
    CASE c.clock WHEN 'queue' THEN v.queue_wait WHEN 'queue_ring' THEN v.queue_ring_wait ELSE v.arrival_wait END AS wait, v.threshold, v.short_abandon,
    v.enqueue_time AS entered, min(iif(v.counted_as = 'answered', v.event_time, NULL)) OVER one_call AS first_answer,
    max(v.event_time) OVER (PARTITION BY v.interaction_key ORDER BY v.enqueue_time, v.event_time DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS end_of_earlier
  FROM (
    SELECT s.credit, s.clock, q.interaction_key
    FROM setting AS s CROSS JOIN queue_visit AS q
    WHERE q.enqueue_time >= :from AND q.enqueue_time < iif(s.by_call, :to, '')
    UNION
    SELECT s.credit, s.clock, q.interaction_key
    FROM setting AS s CROSS JOIN queue_visit AS q
    WHERE s.credit = 'event'
      AND CASE WHEN q.outcome = 'ANSWERED' THEN coalesce(q.answer_time, q.dequeue_time, q.end_time, q.enqueue_time) ELSE coalesce(q.end_time, q.dequeue_time, q.enqueue_time) END >= :from
      AND CASE WHEN q.outcome = 'ANSWERED' THEN coalesce(q.answer_time, q.dequeue_time, q.end_time, q.enqueue_time) ELSE coalesce(q.end_time, q.dequeue_time, q.enqueue_time) END
        < iif(s.by_call, :to, '')
  ) AS c CROSS JOIN timed_visit AS v ON v.interaction_key = c.interaction_key
  WHERE v.enqueue_time IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM interaction AS i WHERE i.interaction_key = c.interaction_key AND i.outcome = 'ABANDONED_IN_IVR')
  WINDOW one_call AS (PARTITION BY v.interaction_key)
),
-- SQLite takes the other columns of a group from the row with the maximum.
call AS MATERIALIZED (
  SELECT credit, interaction_key, vendor, source, enqueue_time, event_time, counted_as,
    iif(clock = 'arrival', wait, iif(count(in_queues) = count(*), round(sum(in_queues), 3), NULL)) AS wait, threshold, short_abandon, max(ending) AS ending
  FROM (
    SELECT *, CASE WHEN end_of_earlier > event_time THEN 0 WHEN event_time > first_answer THEN NULL ELSE wait END AS in_queues,
      format('%d %s %08d', is_answer, event_time, visit_no) AS ending
    FROM (SELECT *, counted_as = 'answered' AND event_time = first_answer AS is_answer FROM visit_of_call)
    WHERE first_answer IS NULL OR is_answer OR entered < first_answer
  )
  GROUP BY interaction_key
  UNION ALL
  SELECT s.credit, i.interaction_key, i.vendor, i.source, i.start_time, i.end_time, 'abandoned', NULL, NULL, NULL, NULL
  FROM setting AS s CROSS JOIN interaction AS i
  WHERE i.start_time >= s.earliest AND i.start_time < iif(s.by_call, :to, '') AND +i.outcome = 'ABANDONED_IN_IVR'
),
arrival AS NOT MATERIALIZED (
  SELECT credit, interaction_key, visit_no, vendor, source, queue_id, queue_name, entry, enqueue_time, event_time, counted_as, wait, threshold, short_abandon FROM visit
  UNION ALL
  SELECT credit, interaction_key, NULL, vendor, source, NULL, NULL, NULL, enqueue_time, event_time, counted_as, wait, threshold, short_abandon FROM call
),
-- By arrival a visit counts once; by event its entry counts, and then its ending.
counted AS (
  SELECT enqueue_time AS at, vendor, source, queue_id, queue_name, 1 AS offered, ifnull(entry IN ('TRANSFER', 'OVERFLOW'), 0) AS flowed_in,
    iif(credit = 'arrival' OR counted_as IN ('open', 'untold'), counted_as, NULL) AS counted_as,
    iif(credit = 'arrival' OR counted_as IN ('open', 'untold'), wait, NULL) AS wait, threshold, short_abandon
  FROM arrival
  WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL
  SELECT event_time, vendor, source, queue_id, queue_name, 0, 0, counted_as, wait, threshold, short_abandon
  FROM arrival
  WHERE credit = 'event' AND counted_as NOT IN ('open', 'untold') AND event_time >= :from AND event_time < :to
),
ending AS (
  SELECT ifnull(cdr_bucket(at, :interval, :zone), :from) AS interval_start, vendor, source, queue_id, counted_as, min(queue_name) AS least_name, max(queue_name) AS greatest_name,
    sum(offered) AS offered, sum(flowed_in) AS flowed_in, count(counted_as) AS visits, count(wait) AS known, ifnull(sum(wait <= threshold), 0) AS in_threshold,
    ifnull(sum(wait <= short_abandon), 0) AS short, sum(wait) AS wait, max(wait) AS longest
  FROM counted
  GROUP BY interval_start, queue_id, counted_as, vendor, source
),
-- Conversations of answered visits, with hold and after-call work, from the agents' sides.
handled AS (
  SELECT ifnull(cdr_bucket(iif(a.credit = 'arrival', a.enqueue_time, a.event_time), :interval, :zone), :from) AS interval_start,
    a.vendor, a.source, a.queue_id, sum(d.active_seconds) AS talk, sum(d.hold_seconds) AS hold, sum(d.acw_seconds) AS acw,
    count(d.active_seconds) AS talk_known, count(d.hold_seconds) AS hold_known, count(d.acw_seconds) AS acw_known
  FROM arrival AS a
  CROSS JOIN agent_offer AS o ON o.interaction_key = a.interaction_key AND o.outcome = 'ANSWERED' AND (o.visit_no = a.visit_no OR a.visit_no IS NULL)
  CROSS JOIN dialog AS d ON d.interaction_key = o.interaction_key AND d.dialog_id = o.dialog_id
  WHERE a.counted_as = 'answered' AND iif(a.credit = 'arrival', a.enqueue_time, a.event_time) >= :from
    AND iif(a.credit = 'arrival', a.enqueue_time, a.event_time) < :to
  GROUP BY interval_start, a.queue_id, a.vendor, a.source
),
part AS (
  SELECT interval_start, vendor, source, queue_id, counted_as, least_name, greatest_name, offered, flowed_in, visits, known, in_threshold, short, wait, longest,
    NULL AS talk, NULL AS hold, NULL AS acw, 0 AS talk_known, 0 AS hold_known, 0 AS acw_known
  FROM ending
  UNION ALL
  SELECT interval_start, vendor, source, queue_id, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, NULL, NULL, talk, hold, acw, talk_known, hold_known, acw_known
  FROM handled
),
figure AS MATERIALIZED (
  SELECT interval_start, vendor, source, queue_id, min(least_name) AS least_name, max(greatest_name) AS greatest_name, sum(offered) AS offered, sum(flowed_in) AS flowed_in, sum(known) AS known,
    sum(iif(counted_as = 'answered', visits, 0)) AS answered, sum(iif(counted_as = 'answered', known, 0)) AS answered_known,
    sum(iif(counted_as = 'answered', in_threshold, 0)) AS answered_in_threshold, sum(iif(counted_as = 'answered', wait, NULL)) AS answered_wait,
    max(iif(counted_as = 'answered', longest, NULL)) AS longest_answered,
    sum(iif(counted_as = 'abandoned', visits, 0)) AS abandoned, sum(iif(counted_as = 'abandoned', known, 0)) AS abandoned_known,
    sum(iif(counted_as = 'abandoned', in_threshold, 0)) AS abandoned_in_threshold, sum(iif(counted_as = 'abandoned', short, 0)) AS short_abandoned,
    sum(iif(counted_as = 'abandoned', wait, NULL)) AS abandoned_wait, max(iif(counted_as = 'abandoned', longest, NULL)) AS longest_abandoned,
    sum(iif(counted_as = 'flowed_out', visits, 0)) AS flowed_out, sum(iif(counted_as = 'failed', visits, 0)) AS failed,
    sum(iif(counted_as = 'open', visits, 0)) AS open, sum(iif(counted_as = 'untold', visits, 0)) AS untold,
    sum(talk) AS talk, sum(hold) AS hold, sum(acw) AS acw, sum(talk_known) AS talk_known, sum(hold_known) AS hold_known, sum(acw_known) AS acw_known
  FROM part
  GROUP BY interval_start, vendor, source, queue_id
),
found AS MATERIALIZED (
  SELECT vendor, source, queue_id, min(least_name) AS least_name, max(greatest_name) AS greatest_name FROM figure GROUP BY vendor, source, queue_id
),
several_names AS (
  SELECT vendor, source, queue_id FROM found WHERE least_name <> greatest_name
),
-- Every queue of the period has a row in every interval, in this order, which the nested loops below keep.
queue_of_period AS MATERIALIZED (
  SELECT f.vendor, f.source, f.queue_id, ifnull(n.queue_name, f.greatest_name) AS queue_name
  FROM found AS f LEFT JOIN queue_last_name AS n ON n.queue_id = f.queue_id AND n.vendor = f.vendor AND n.source = f.source
  ORDER BY f.vendor, f.source, f.queue_id
),
dense AS NOT MATERIALIZED (
  SELECT c.interval_start, c.interval_local, c.utc_offset, c.fold, q.vendor, q.source, q.queue_id, q.queue_name,
    f.offered, f.flowed_in, f.answered, f.abandoned, f.flowed_out, f.failed, f.open, f.untold, f.known, f.answered_in_threshold, f.abandoned_in_threshold,
    f.short_abandoned, f.answered_known, round(f.answered_wait, 3) AS answered_wait, round(f.longest_answered, 3) AS longest_answered, f.abandoned_known,
    round(f.abandoned_wait, 3) AS abandoned_wait, round(f.longest_abandoned, 3) AS longest_abandoned, f.talk_known, round(f.talk, 3) AS talk,
    f.hold_known, round(f.hold, 3) AS hold, f.acw_known, round(f.acw, 3) AS acw,
    CAST(round(1000 * f.answered_wait) AS INTEGER) AS answered_ms,
    CAST(round(1000 * (f.talk + ifnull(f.hold, 0) + ifnull(f.acw, 0))) AS INTEGER) AS handled_ms
  FROM calendar AS c CROSS JOIN queue_of_period AS q
  LEFT JOIN figure AS f ON f.interval_start = c.interval_start AND f.queue_id IS q.queue_id AND f.vendor = q.vendor AND f.source = q.source
)
-- ==== The rows, of figures from here or from stored/queue_report.sql: sums of seconds have no more than three digits after the point, and
-- averages are rounded half up to milliseconds

SELECT f.interval_start, f.interval_local, f.utc_offset, f.fold, f.vendor, f.source, f.queue_id, f.queue_name,
  iif(:preset = 'asterisk', ifnull(f.answered + f.abandoned, 0), ifnull(f.offered, 0)),
  ifnull(f.answered, 0), ifnull(f.answered_in_threshold, 0), ifnull(f.abandoned, 0), ifnull(f.abandoned_in_threshold, 0),
  ifnull(f.short_abandoned, 0), ifnull(f.flowed_in, 0), ifnull(f.flowed_out, 0), ifnull(f.failed, 0), ifnull(f.open, 0),
  ifnull(f.untold, 0), ifnull(f.known, 0),
  1.0 * f.answered_in_threshold / nullif(CASE :preset
    WHEN 'genesys' THEN f.answered_known + f.abandoned_known
    WHEN 'cisco' THEN f.known - f.abandoned_in_threshold
    WHEN 'asterisk' THEN f.answered_known
    ELSE f.known
  END, 0),
  1.0 * f.abandoned / nullif(iif(:preset = 'asterisk', f.answered + f.abandoned, f.offered), 0),
  (2 * f.answered_ms + f.answered_known) / (2 * f.answered_known) / 1000.0, (2 * f.handled_ms + f.talk_known) / (2 * f.talk_known) / 1000.0,
  f.talk, f.hold, f.acw, ifnull(f.hold_known, 0), ifnull(f.acw_known, 0), f.longest_answered, f.longest_abandoned,
  f.answered_wait, ifnull(f.answered_known, 0), f.abandoned_wait, ifnull(f.abandoned_known, 0), ifnull(f.talk_known, 0)
FROM dense AS f;
