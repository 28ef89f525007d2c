-- wait_report: one row per queue: how long people waited, as exact quantiles and as a histogram
--
-- Visits belong to the period in which they entered the queue.
-- argument from, to
-- argument clock 'queue' | 'queue_ring' | 'arrival' = 'queue': which wait counts: in the queue alone, with ringing, or from the
--   interaction's start
-- argument zone
-- column vendor, source, queue_id, queue_name
-- column visits INTEGER: visits that entered the queue
-- column wait_known INTEGER: visits whose wait by this clock is known; all further columns are about these
-- column mean_seconds DOUBLE: their mean
-- column p50_seconds DOUBLE: the median
-- column p80_seconds DOUBLE: eight of ten waited no longer
-- column p90_seconds DOUBLE: nine of ten waited no longer
-- column p95_seconds DOUBLE: 19 of 20 waited no longer
-- column p99_seconds DOUBLE: 99 of 100 waited no longer
-- column max_seconds DOUBLE: the longest
-- column answered_mean_seconds DOUBLE: the mean of those answered
-- column abandoned_mean_seconds DOUBLE: the mean of those abandoned: how long people waited before they gave up
-- column to_5 INTEGER: visits that waited up to 5 seconds
-- column to_10 INTEGER: more than 5, up to 10 seconds
-- column to_20 INTEGER: more than 10, up to 20 seconds
-- column to_30 INTEGER: more than 20, up to 30 seconds
-- column to_60 INTEGER: more than 30, up to 60 seconds
-- column to_120 INTEGER: more than 60, up to 120 seconds
-- column to_300 INTEGER: more than 120, up to 300 seconds
-- column over_300 INTEGER: more than 300 seconds

WITH visit AS MATERIALIZED (
  SELECT vendor, source, queue_id, queue_name, counted_as, CASE :clock WHEN 'queue' THEN queue_wait WHEN 'queue_ring' THEN queue_ring_wait ELSE arrival_wait END AS wait
  FROM timed_visit
  WHERE enqueue_time >= :from AND enqueue_time < :to
),
several_names AS (
  SELECT vendor, source, queue_id FROM visit GROUP BY vendor, source, queue_id HAVING min(queue_name) <> max(queue_name)
),
name AS MATERIALIZED (SELECT * FROM queue_last_name)
SELECT w.vendor, w.source, w.queue_id, ifnull(max(n.queue_name), max(w.queue_name)),
  count(*), count(wait), round(avg(wait), 3), round(quantile(wait, 0.5), 3), round(quantile(wait, 0.8), 3),
  round(quantile(wait, 0.9), 3), round(quantile(wait, 0.95), 3), round(quantile(wait, 0.99), 3), max(wait),
  round(avg(wait) FILTER (WHERE counted_as = 'answered'), 3), round(avg(wait) FILTER (WHERE counted_as = 'abandoned'), 3),
  count(*) FILTER (WHERE wait <= 5), count(*) FILTER (WHERE wait > 5 AND wait <= 10), count(*) FILTER (WHERE wait > 10 AND wait <= 20),
  count(*) FILTER (WHERE wait > 20 AND wait <= 30), count(*) FILTER (WHERE wait > 30 AND wait <= 60), count(*) FILTER (WHERE wait > 60 AND wait <= 120),
  count(*) FILTER (WHERE wait > 120 AND wait <= 300), count(*) FILTER (WHERE wait > 300)
FROM visit AS w LEFT JOIN name AS n ON n.queue_id = w.queue_id AND n.vendor = w.vendor AND n.source = w.source
GROUP BY w.vendor, w.source, w.queue_id;
