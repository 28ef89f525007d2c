-- concurrency_report: one row per interval: how many interactions went on at once, at most (and when) and on average
--
-- Each interaction counts from its start to its end, exact to the millisecond, even if it began before the period. An interaction whose end
-- is not known does not count; without_end says how many there are.
-- argument from, to, interval, zone
-- column interval_start, interval_local, utc_offset, fold
-- column peak INTEGER: most interactions at one instant
-- column peak_time TIMESTAMP: the first instant of the interval at which the peak was reached (UTC)
-- column mean DOUBLE: average number of interactions at once over the interval
-- column begun INTEGER: interactions that began in the interval
-- column without_end INTEGER: those whose end is not known

WITH piece AS MATERIALIZED (
  SELECT +interval_start AS interval_start, interval_local, utc_offset, fold, max(interval_start, :from) AS begin, min(interval_end, :to) AS "end"
  FROM cdr_intervals(:from, :to, :interval, :zone)
),
span AS MATERIALIZED (
  SELECT max(start_time, :from) AS begin, min(end_time, :to) AS "end" FROM interaction WHERE start_time < :to AND end_time > :from
),
step AS (
  SELECT at, sum(change) AS change
  FROM (
    SELECT begin AS at, 1 AS change FROM span WHERE begin < "end"
    UNION ALL SELECT "end", -1 FROM span WHERE begin < "end"
    UNION ALL SELECT begin, 0 FROM piece
  )
  GROUP BY at
),
level AS (
  SELECT at, sum(change) OVER (ORDER BY at) AS level, lead(at, 1, :to) OVER (ORDER BY at) AS until FROM step
),
in_piece AS MATERIALIZED (
  SELECT ifnull(cdr_bucket(at, :interval, :zone), :from) AS interval_start, at, level, cdr_seconds(at, until) AS seconds FROM level WHERE at < :to
),
figure AS (
  SELECT interval_start, max(level) AS peak, sum(level * seconds) AS total, sum(seconds) AS seconds FROM in_piece GROUP BY interval_start
),
first_peak AS (
  SELECT l.interval_start, min(l.at) AS at FROM in_piece AS l JOIN figure AS f ON f.interval_start = l.interval_start AND l.level = f.peak GROUP BY l.interval_start
),
begun AS (
  SELECT ifnull(cdr_bucket(start_time, :interval, :zone), :from) AS interval_start, count(*) AS begun, sum(end_time IS NULL) AS without_end
  FROM interaction
  WHERE start_time >= :from AND start_time < :to
  GROUP BY 1
)
SELECT p.interval_start, p.interval_local, p.utc_offset, p.fold, f.peak, iif(f.peak > 0, h.at, NULL), f.total / f.seconds, ifnull(b.begun, 0), ifnull(b.without_end, 0)
FROM piece AS p
LEFT JOIN figure AS f USING (interval_start)
LEFT JOIN first_peak AS h USING (interval_start)
LEFT JOIN begun AS b USING (interval_start)
ORDER BY p.interval_start;
