-- How did the interactions of each vendor end? One row per vendor and outcome.
SELECT vendor, outcome, count(*) AS interactions
FROM interaction
GROUP BY vendor, outcome
ORDER BY vendor, interactions DESC;
