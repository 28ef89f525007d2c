-- At which hour do customers call? In Prague's time; without libcdr, use substr(start_time, 12, 2), which is UTC.
SELECT substr(cdr_local(start_time, 'Europe/Prague'), 12, 2) AS hour, count(*) AS interactions
FROM interaction
WHERE direction = 'INBOUND'
GROUP BY hour
ORDER BY hour;
