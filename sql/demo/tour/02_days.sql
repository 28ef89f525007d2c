-- How many interactions began on each day, and how many of them were answered? Days are UTC.
SELECT date(start_time) AS day, count(*) AS interactions, sum(outcome = 'ANSWERED') AS answered
FROM interaction
WHERE direction = 'INBOUND'
GROUP BY day
ORDER BY day;
