-- What does each vendor not say? The share of interactions whose value is NULL, which is unknown and not 0.
SELECT vendor, count(*) AS interactions,
       round(100.0 * sum(in_queue_seconds IS NULL) / count(*)) AS no_queue_time_percent,
       round(100.0 * sum(acw_seconds IS NULL) / count(*)) AS no_acw_percent,
       round(100.0 * sum(released_by IS NULL) / count(*)) AS no_released_by_percent
FROM interaction
GROUP BY vendor;
