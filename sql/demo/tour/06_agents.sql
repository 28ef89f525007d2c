-- Who talked how long? An agent's own seconds, of all interactions.
SELECT vendor, agent_id, count(DISTINCT interaction_id) AS interactions, round(sum(seconds)) AS talk_s
FROM state_duration
WHERE agent_id IS NOT NULL AND state = 'ACTIVE'
GROUP BY vendor, agent_id
ORDER BY talk_s DESC
LIMIT 10;
