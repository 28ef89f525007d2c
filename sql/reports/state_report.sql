-- state_report: one row per state of an interaction: for how many interactions its length is known, and how long it took
--
-- Interactions belong to the period in which they begin.
-- argument from, to, zone
-- column state TEXT: CREATED, IVR, IN_QUEUE, WAITING, RING, BCW, ACTIVE, HOLD or ACW
-- column interactions INTEGER: interactions of the period
-- column known INTEGER: those for which the state's length is known, including 0 seconds
-- column total_seconds DOUBLE: their total seconds in the state
-- column mean_seconds DOUBLE: total_seconds / known; NULL where none is known
-- column p50_seconds DOUBLE: the median of those that are known
-- column p90_seconds DOUBLE: nine of ten took no longer
-- column p95_seconds DOUBLE: 19 of 20 took no longer
-- column max_seconds DOUBLE: the longest

WITH length AS (
  SELECT created_seconds, ivr_seconds, in_queue_seconds, waiting_seconds, ring_seconds, bcw_seconds, active_seconds, hold_seconds, acw_seconds
  FROM interaction
  WHERE start_time >= :from AND start_time < :to
),
state(place, state) AS (
  VALUES (1, 'CREATED'), (2, 'IVR'), (3, 'IN_QUEUE'), (4, 'WAITING'), (5, 'RING'), (6, 'BCW'), (7, 'ACTIVE'), (8, 'HOLD'), (9, 'ACW')
),
in_state AS (
  SELECT place, state,
    CASE place
      WHEN 1 THEN created_seconds
      WHEN 2 THEN ivr_seconds
      WHEN 3 THEN in_queue_seconds
      WHEN 4 THEN waiting_seconds
      WHEN 5 THEN ring_seconds
      WHEN 6 THEN bcw_seconds
      WHEN 7 THEN active_seconds
      WHEN 8 THEN hold_seconds
      ELSE acw_seconds
    END AS seconds
  FROM state CROSS JOIN length
)
SELECT state, count(*), count(seconds), round(sum(seconds), 3), round(avg(seconds), 3), round(quantile(seconds, 0.5), 3), round(quantile(seconds, 0.9), 3),
  round(quantile(seconds, 0.95), 3), max(seconds)
FROM in_state
GROUP BY place;
