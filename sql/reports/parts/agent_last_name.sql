-- agent_last_name: one row per agent of the query's own table several_names, with the last name of the agent before the period's end.
--
-- several_names has vendor, source and agent_id. Offers, sides and states say what an agent is called; each of the three has an index on the agent and the
-- time, whose order ends the search at the first row. The name is NULL where nothing of the agent has a name and a time.
SELECT s.vendor, s.source, s.agent_id, (
    SELECT agent_name
    FROM (
      SELECT * FROM (
        SELECT o.agent_name, o.offer_time AS named_at FROM agent_offer AS o
        WHERE o.agent_id = s.agent_id AND o.vendor = s.vendor AND o.source = s.source AND o.offer_time < :to AND o.agent_name IS NOT NULL
        ORDER BY o.offer_time DESC, o.agent_name DESC LIMIT 1)
      UNION ALL
      SELECT * FROM (
        SELECT d.agent_name, d.start_time AS named_at FROM dialog AS d
        WHERE d.agent_id = s.agent_id AND d.vendor = s.vendor AND d.source = s.source AND d.start_time < :to AND d.agent_name IS NOT NULL
        ORDER BY d.start_time DESC, d.agent_name DESC LIMIT 1)
      UNION ALL
      SELECT * FROM (
        SELECT t.agent_name, t.start_time AS named_at FROM agent_state AS t
        WHERE t.agent_id = s.agent_id AND t.vendor = s.vendor AND t.source = s.source AND t.start_time < :to AND t.agent_name IS NOT NULL
        ORDER BY t.start_time DESC, t.agent_name DESC LIMIT 1)
    )
    ORDER BY named_at DESC, agent_name DESC LIMIT 1) AS agent_name
FROM several_names AS s
