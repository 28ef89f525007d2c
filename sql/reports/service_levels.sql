-- service_levels: one row per clock and variant of the service level, side by side, with what each counts
--
-- Visits belong to the period in which they entered the queue. A visit with an unknown wait is counted neither in part nor in whole.
-- argument from, to, threshold, short_abandon, zone
-- column clock TEXT: which wait counts: queue (in the queue alone), queue_ring (with ringing) or arrival (from the interaction's start)
-- column variant TEXT: the variant's name
-- column formula TEXT: A answered, B abandoned, O offered, S short abandons, R all that left the queue; _T within the threshold
-- column service_level DOUBLE: part / whole, 0 to 1; NULL where the whole is 0
-- column part INTEGER: visits that count as served in time
-- column whole INTEGER: visits that the share is taken of
-- column offered INTEGER: visits of the period
-- column wait_known INTEGER: those whose wait by this clock is known

WITH clock(place, clock) AS (VALUES (1, 'queue'), (2, 'queue_ring'), (3, 'arrival')),
visit AS MATERIALIZED (
  SELECT counted_as, queue_wait, queue_ring_wait, arrival_wait, threshold, short_abandon FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
),
timed AS (
  SELECT c.place, c.clock, v.counted_as, v.threshold, v.short_abandon, CASE c.place WHEN 1 THEN v.queue_wait WHEN 2 THEN v.queue_ring_wait ELSE v.arrival_wait END AS wait
  FROM clock AS c CROSS JOIN visit AS v
),
figure AS (
  SELECT place, clock, count(*) AS offered, count(wait) AS known,
    count(*) FILTER (WHERE counted_as = 'answered' AND wait IS NOT NULL) AS a,
    count(*) FILTER (WHERE counted_as = 'answered' AND wait <= threshold) AS a_t,
    count(*) FILTER (WHERE counted_as = 'abandoned' AND wait IS NOT NULL) AS b,
    count(*) FILTER (WHERE counted_as = 'abandoned' AND wait <= threshold) AS b_t,
    count(*) FILTER (WHERE counted_as = 'abandoned' AND wait <= short_abandon) AS s,
    count(*) FILTER (WHERE counted_as NOT IN ('open', 'untold') AND wait <= threshold) AS r_t
  FROM timed
  GROUP BY place
),
variant(n, variant, formula) AS (
  VALUES (1, 'ignore_abandons', 'A_T / (O - B_T)'), (2, 'abandons_negative', 'A_T / O'), (3, 'abandons_positive', '(A_T + B_T) / O'),
    (4, 'answered_only', 'A_T / A'), (5, 'answered_or_abandoned', 'A_T / (A + B - S)'), (6, 'removed', 'R_T / O'),
    (7, 'asterisk_sl2', '(A_T + B_T) / (A + B)')
),
shared AS (
  SELECT f.place, f.clock, v.n, v.variant, v.formula, f.offered, f.known,
    CASE v.n WHEN 3 THEN a_t + b_t WHEN 7 THEN a_t + b_t WHEN 6 THEN r_t ELSE a_t END AS part,
    CASE v.n WHEN 1 THEN known - b_t WHEN 4 THEN a WHEN 5 THEN a + b - s WHEN 7 THEN a + b ELSE known END AS whole
  FROM figure AS f CROSS JOIN variant AS v
)
SELECT clock, variant, formula, 1.0 * part / nullif(whole, 0), part, whole, offered, known
FROM shared
ORDER BY place, n;
