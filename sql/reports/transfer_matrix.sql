-- transfer_matrix: one row per pair of the agent who handed interactions on and the queue or agent that they went to
--
-- Interactions belong to the period in which they begin. An interaction that an agent hands to a queue goes to the agent who answers that
-- visit, if any. A change from agent to agent without a queue counts if the vendor says that the interaction was transferred. A transfer
-- whose target is in no row (an outside number, or an agent who did not take it) has neither a queue nor an agent as target.
-- argument from, to, zone
-- column vendor, source
-- column from_agent_id TEXT: the agent in conversation before; NULL where it is not known which agent handed it on
-- column from_agent_name TEXT: that agent's name; if it changed, the last one in the period
-- column to_queue_id TEXT: the queue that it was handed to; NULL where it went straight to an agent
-- column to_agent_id TEXT: the agent who answered; NULL where no agent did
-- column to_agent_name TEXT: that agent's name; if it changed, the last one in the period
-- column transfers INTEGER: how many times
-- column answered INTEGER: those that an agent answered

WITH handed_on AS MATERIALIZED (
  SELECT interaction_key, vendor, source, transfer_count FROM interaction WHERE start_time >= :from AND start_time < :to AND transfer_count > 0
),
talked AS MATERIALIZED (
  SELECT d.interaction_key, d.vendor, d.source, d.dialog_id, d.agent_id, d.agent_name, coalesce(d.serve_time, d.answer_time, d.start_time, d.alert_time) AS began,
    ifnull(d.hangup_time, 'never') AS ended
  FROM handed_on AS h CROSS JOIN dialog AS d ON d.interaction_key = h.interaction_key
  WHERE d.agent_id IS NOT NULL AND d.outcome = 'ANSWERED'
),
leg AS MATERIALIZED (
  SELECT interaction_key, vendor, source, dialog_id, agent_id, agent_name, began FROM agent_turn
),
-- Into a queue: by the agent who was in conversation last.
to_queue AS (
  SELECT v.vendor, v.source, v.interaction_key, v.visit_no, v.queue_id, iif(v.outcome = 'ANSWERED', v.agent_id, NULL) AS to_agent_id, v.outcome = 'ANSWERED' AS is_answered,
    (SELECT l.dialog_id FROM leg AS l WHERE l.interaction_key = v.interaction_key AND l.began < v.enqueue_time ORDER BY l.began DESC, l.dialog_id LIMIT 1) AS from_dialog
  FROM handed_on AS h CROSS JOIN queue_visit AS v ON v.interaction_key = h.interaction_key
  WHERE v.entry = 'TRANSFER'
),
-- From agent to agent: legs that follow another one, except an agent's first leg in a visit that this agent answered.
in_turn AS (
  SELECT *, lag(dialog_id) OVER (PARTITION BY interaction_key ORDER BY began, dialog_id) AS from_dialog FROM leg
),
recorded AS MATERIALIZED (
  SELECT q.vendor, q.source, q.interaction_key, q.from_dialog, q.queue_id, q.to_agent_id, q.is_answered, 1 AS transfers FROM to_queue AS q
  UNION ALL
  SELECT t.vendor, t.source, t.interaction_key, t.from_dialog, NULL, t.agent_id, 1, 1
  FROM in_turn AS t
  WHERE t.from_dialog IS NOT NULL
    AND NOT EXISTS (
      SELECT 1 FROM queue_visit AS v
      WHERE v.interaction_key = t.interaction_key AND v.outcome = 'ANSWERED' AND v.agent_id = t.agent_id AND v.enqueue_time <= t.began
        AND NOT EXISTS (SELECT 1 FROM leg AS l WHERE l.interaction_key = t.interaction_key AND l.agent_id = t.agent_id AND l.began < t.began AND l.began >= v.enqueue_time))
),
-- Transfers that the vendor counts beyond those: from the agent in conversation, if there was only one.
transfer AS (
  SELECT vendor, source, interaction_key, from_dialog, queue_id, to_agent_id, is_answered, transfers FROM recorded
  UNION ALL
  SELECT vendor, source, interaction_key, from_dialog, NULL, NULL, 0, transfers
  FROM (
    SELECT h.vendor, h.source, h.interaction_key,
      (SELECT iif(count(*) = 1, max(l.dialog_id), NULL) FROM leg AS l WHERE l.interaction_key = h.interaction_key) AS from_dialog,
      h.transfer_count - (SELECT count(*) FROM recorded AS t WHERE t.interaction_key = h.interaction_key) AS transfers
    FROM handed_on AS h
  )
  WHERE transfers > 0
),
found AS MATERIALIZED (
  SELECT vendor, source, agent_id, min(agent_name) AS least_name, max(agent_name) AS greatest_name FROM leg GROUP BY vendor, source, agent_id
),
several_names AS (
  SELECT vendor, source, agent_id FROM found WHERE least_name <> greatest_name
),
name AS MATERIALIZED (
  SELECT f.vendor, f.source, f.agent_id, ifnull(n.agent_name, f.greatest_name) AS agent_name
  FROM found AS f LEFT JOIN agent_last_name AS n ON n.agent_id = f.agent_id AND n.vendor = f.vendor AND n.source = f.source
),
pair AS (
  SELECT t.vendor, t.source, f.agent_id AS from_agent_id, t.queue_id, t.to_agent_id, sum(t.transfers) AS transfers, sum(t.is_answered) AS answered
  FROM transfer AS t LEFT JOIN leg AS f ON f.interaction_key = t.interaction_key AND f.dialog_id = t.from_dialog
  WHERE f.agent_id IS NULL OR t.to_agent_id IS NULL OR f.agent_id <> t.to_agent_id
  GROUP BY t.vendor, t.source, f.agent_id, t.queue_id, t.to_agent_id
)
SELECT p.vendor, p.source, p.from_agent_id, (SELECT n.agent_name FROM name AS n WHERE n.agent_id = p.from_agent_id AND n.vendor = p.vendor AND n.source = p.source),
  p.queue_id, p.to_agent_id, (SELECT n.agent_name FROM name AS n WHERE n.agent_id = p.to_agent_id AND n.vendor = p.vendor AND n.source = p.source), p.transfers, p.answered
FROM pair AS p
ORDER BY p.vendor, p.source, p.transfers DESC, p.from_agent_id, p.queue_id, p.to_agent_id;
