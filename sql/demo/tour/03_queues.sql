-- How long did customers wait in each queue? An empty wait is unknown, and counts nowhere.
SELECT vendor, queue_id, count(*) AS visits, sum(outcome = 'ANSWERED') AS answered,
       round(avg(wait_seconds), 1) AS mean_wait_s, max(wait_seconds) AS longest_wait_s
FROM queue_visit
WHERE queue_id IS NOT NULL
GROUP BY vendor, queue_id
ORDER BY visits DESC;
