-- queue_interval: the contribution of each queue visit to the figures of a quarter hour.
--
-- A visit that is entered and ends in one quarter hour is one row with the credit 'both'. Other visits are three rows: the whole visit by arrival,
-- and its entry and its ending by event. Columns: the number of the interaction; the number of the quarter hour (from 0001-01-01 00:00 UTC); then the
-- columns of queue_interval from vendor on. Times are whole milliseconds, so that sums are the same in any order. timed_visit is
-- sql/reports/parts/timed_visit.sql; the interactions are those from :first to :last. An interaction may have many thousands of rows, so its parts
-- are joined by indexes that SQLite makes on materialized rows.
WITH side AS MATERIALIZED (
  SELECT interaction_key, dialog_id, CAST(round(active_seconds * 1000) AS INTEGER) AS talk, CAST(round(hold_seconds * 1000) AS INTEGER) AS hold,
    CAST(round(acw_seconds * 1000) AS INTEGER) AS acw
  FROM main.fact_dialog
  WHERE interaction_key BETWEEN :first AND :last AND (active_seconds IS NOT NULL OR hold_seconds IS NOT NULL OR acw_seconds IS NOT NULL)
),
-- Conversations of answered visits, with hold and after-call work, are those of the agents' sides.
conversation AS MATERIALIZED (
  SELECT o.interaction_key, o.visit_no, count(s.talk) AS talk_known, sum(s.talk) AS talk, count(s.hold) AS hold_known, sum(s.hold) AS hold,
    count(s.acw) AS acw_known, sum(s.acw) AS acw
  FROM main.agent_offer AS o CROSS JOIN side AS s ON s.interaction_key = o.interaction_key AND s.dialog_id = o.dialog_id
  WHERE o.interaction_key BETWEEN :first AND :last AND o.outcome = 'ANSWERED' AND o.visit_no IS NOT NULL
  GROUP BY o.interaction_key, o.visit_no
),
visit AS MATERIALIZED (
  SELECT v.interaction_key, v.vendor, v.source, v.queue_id, v.direction, v.queue_name, ifnull(v.entry IN ('TRANSFER', 'OVERFLOW'), 0) AS flowed_in,
    (unixepoch(v.enqueue_time) + 62135596800) / 900 AS entered, (unixepoch(v.event_time) + 62135596800) / 900 AS ended,
    v.counted_as, v.queue_wait, v.queue_ring_wait, v.arrival_wait,
    v.threshold, v.short_abandon,
    ifnull(s.talk_known, 0) AS talk_known, s.talk, ifnull(s.hold_known, 0) AS hold_known, s.hold, ifnull(s.acw_known, 0) AS acw_known, s.acw
  FROM timed_visit AS v
  LEFT JOIN conversation AS s ON v.counted_as = 'answered' AND s.interaction_key = v.interaction_key AND s.visit_no = v.visit_no
  WHERE v.interaction_key BETWEEN :first AND :last AND v.enqueue_time IS NOT NULL
),
-- A visit without a known ending has no row for it.
piece AS (
  SELECT entered AS quarter, iif(entered = ended OR counted_as IN ('open', 'untold'), 'both', 'arrival') AS credit, 1 AS offered, v.* FROM visit AS v
  UNION ALL
  SELECT ended, 'event', 0, v.* FROM visit AS v WHERE entered <> ended AND counted_as NOT IN ('open', 'untold')
)
SELECT interaction_key, quarter, vendor, source, queue_id, direction, credit, queue_name, offered, iif(offered, flowed_in, 0),
  counted_as = 'answered', counted_as = 'abandoned', counted_as = 'flowed_out', counted_as = 'failed', counted_as = 'open', counted_as = 'untold',
  queue_wait IS NOT NULL, ifnull(counted_as = 'answered' AND queue_wait <= threshold, 0), ifnull(counted_as = 'abandoned' AND queue_wait <= threshold, 0), ifnull(counted_as = 'abandoned' AND queue_wait <= short_abandon, 0),
  ifnull(counted_as = 'answered' AND queue_wait IS NOT NULL, 0), iif(counted_as = 'answered', CAST(round(queue_wait * 1000) AS INTEGER), NULL), iif(counted_as = 'answered', CAST(round(queue_wait * 1000) AS INTEGER), NULL),
  ifnull(counted_as = 'abandoned' AND queue_wait IS NOT NULL, 0), iif(counted_as = 'abandoned', CAST(round(queue_wait * 1000) AS INTEGER), NULL), iif(counted_as = 'abandoned', CAST(round(queue_wait * 1000) AS INTEGER), NULL),
  queue_ring_wait IS NOT NULL, ifnull(counted_as = 'answered' AND queue_ring_wait <= threshold, 0), ifnull(counted_as = 'abandoned' AND queue_ring_wait <= threshold, 0), ifnull(counted_as = 'abandoned' AND queue_ring_wait <= short_abandon, 0),
  ifnull(counted_as = 'answered' AND queue_ring_wait IS NOT NULL, 0), iif(counted_as = 'answered', CAST(round(queue_ring_wait * 1000) AS INTEGER), NULL), iif(counted_as = 'answered', CAST(round(queue_ring_wait * 1000) AS INTEGER), NULL),
  ifnull(counted_as = 'abandoned' AND queue_ring_wait IS NOT NULL, 0), iif(counted_as = 'abandoned', CAST(round(queue_ring_wait * 1000) AS INTEGER), NULL), iif(counted_as = 'abandoned', CAST(round(queue_ring_wait * 1000) AS INTEGER), NULL),
  arrival_wait IS NOT NULL, ifnull(counted_as = 'answered' AND arrival_wait <= threshold, 0), ifnull(counted_as = 'abandoned' AND arrival_wait <= threshold, 0), ifnull(counted_as = 'abandoned' AND arrival_wait <= short_abandon, 0),
  ifnull(counted_as = 'answered' AND arrival_wait IS NOT NULL, 0), iif(counted_as = 'answered', CAST(round(arrival_wait * 1000) AS INTEGER), NULL), iif(counted_as = 'answered', CAST(round(arrival_wait * 1000) AS INTEGER), NULL),
  ifnull(counted_as = 'abandoned' AND arrival_wait IS NOT NULL, 0), iif(counted_as = 'abandoned', CAST(round(arrival_wait * 1000) AS INTEGER), NULL), iif(counted_as = 'abandoned', CAST(round(arrival_wait * 1000) AS INTEGER), NULL),
  talk_known, talk, hold_known, hold, acw_known, acw
FROM piece
UNION ALL
SELECT interaction_key, entered, vendor, source, queue_id, direction, 'event', queue_name, 1, flowed_in, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL,
  0, NULL, 0, NULL, 0, NULL
FROM visit
WHERE entered <> ended AND counted_as NOT IN ('open', 'untold');
