-- agent_turn: one row per agent's conversation in which that agent had the interaction, of those in the query's own table talked.
--
-- Who has it next stays longer than all before. Whoever was only asked, or joined and left again, took nothing over and has nothing to hand on.
-- talked has interaction_key, dialog_id, agent_id, began, and ended ('never' while it lasts). next_agent_id: who had the interaction next.
SELECT *, lead(agent_id) OVER (PARTITION BY interaction_key ORDER BY began, dialog_id) AS next_agent_id
FROM (
  SELECT *, max(ended) OVER (PARTITION BY interaction_key ORDER BY began, dialog_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest FROM talked
)
WHERE latest IS NULL OR ended > latest
