-- Where does the time go? Seconds in each state, and how they are known: reported, measured or derived.
SELECT vendor, state, basis, count(*) AS spans, round(sum(seconds)) AS seconds
FROM state_duration
WHERE agent_id IS NULL
GROUP BY vendor, state, basis
ORDER BY vendor, seconds DESC;
