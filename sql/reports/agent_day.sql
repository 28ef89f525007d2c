-- agent_day: one row per span of an agent's day, in order of time: states, offers, conversations, hold and after-call work
--
-- A span that reaches into the day counts as a whole. The conversations of an agent who comes back to an interaction have a row each; a hold
-- then has the times of its conversation, and seconds is its length.
-- argument agent_id TEXT: the agent; if several vendors or sources have an agent with that id, all of them
-- argument date DAY: the day, a date of the zone such as '2024-05-02'
-- argument zone
-- column vendor, source
-- column start_time TIMESTAMP: when it begins (UTC)
-- column start_local TIMESTAMP: the same in the zone's civil time
-- column end_time TIMESTAMP: when it ends (UTC); NULL while it lasts, or where the vendor does not say
-- column seconds DOUBLE: how long it lasted
-- column kind TEXT: state, offer, conversation, hold or after-call work
-- column what TEXT: for a state its category, for an offer its outcome
-- column detail TEXT: for a state the vendor's word, and the reason where there is one
-- column interaction_id TEXT: the interaction, where it belongs to one
-- column queue_id TEXT: the queue of an offer
-- column customer_number TEXT: the interaction's customer

-- A state of an agent who comes back is from the first start to the last end, so the conversations of such an agent come from the sides.
-- The interactions are not materialized: SQLite would then read all states instead of looking them up.
WITH chosen AS NOT MATERIALIZED (
  SELECT DISTINCT vendor, source, interaction_id, interaction_key FROM dialog
  WHERE agent_id = :agent_id AND start_time < :date_end AND (hangup_time IS NULL OR hangup_time > strftime('%Y-%m-%d %H:%M:%f', :date, '-1 day'))
),
side AS MATERIALIZED (
  SELECT c.vendor, c.source, c.interaction_id, c.interaction_key, coalesce(d.serve_time, d.answer_time, d.start_time, d.alert_time) AS began, d.hangup_time, d.active_seconds,
    d.hold_seconds, d.acw_seconds, count(*) OVER (PARTITION BY c.interaction_key) AS sides
  FROM chosen AS c CROSS JOIN dialog AS d ON d.interaction_key = c.interaction_key
  WHERE d.agent_id = :agent_id AND (d.active_seconds > 0 OR d.acw_seconds > 0)
),
span(vendor, source, start_time, end_time, seconds, kind, interaction_id, interaction_key, place) AS (
  SELECT c.vendor, c.source, s.start_time, s.end_time, s.seconds, CASE s.state WHEN 'ACTIVE' THEN 'conversation' WHEN 'HOLD' THEN 'hold' ELSE 'after-call work' END,
    c.interaction_id, c.interaction_key, CASE s.state WHEN 'ACTIVE' THEN 2 WHEN 'HOLD' THEN 3 ELSE 4 END
  FROM chosen AS c CROSS JOIN state_duration AS s ON s.interaction_key = c.interaction_key AND s.agent_id = :agent_id
  WHERE s.state IN ('ACTIVE', 'HOLD', 'ACW') AND s.seconds > 0 AND c.interaction_key NOT IN (SELECT interaction_key FROM side WHERE sides > 1)
  UNION ALL
  SELECT vendor, source, began, hangup_time, active_seconds, 'conversation', interaction_id, interaction_key, 2 FROM side WHERE sides > 1 AND active_seconds > 0
  UNION ALL
  SELECT vendor, source, began, hangup_time, hold_seconds, 'hold', interaction_id, interaction_key, 3 FROM side WHERE sides > 1 AND hold_seconds > 0
  UNION ALL
  SELECT vendor, source, hangup_time, strftime('%Y-%m-%d %H:%M:%f', hangup_time, acw_seconds || ' seconds'), acw_seconds, 'after-call work', interaction_id, interaction_key, 4
  FROM side WHERE sides > 1 AND acw_seconds > 0
),
row(vendor, source, start_time, end_time, seconds, kind, what, detail, interaction_id, queue_id, interaction_key, place) AS (
  SELECT vendor, source, start_time, end_time, cdr_seconds(start_time, end_time), 'state', state_category, state || ifnull(': ' || reason, ''), interaction_id, NULL, interaction_key, 0
  FROM agent_state
  WHERE agent_id = :agent_id AND start_time < :date_end AND (end_time > :date OR end_time IS NULL OR start_time >= :date)
  UNION ALL
  SELECT vendor, source, offer_time, end_time, ring_seconds, 'offer', outcome, NULL, interaction_id, queue_id, interaction_key, 1
  FROM agent_offer
  WHERE agent_id = :agent_id AND offer_time < :date_end AND (end_time > :date OR offer_time >= :date)
  UNION ALL
  SELECT vendor, source, start_time, end_time, seconds, kind, NULL, NULL, interaction_id, NULL, interaction_key, place
  FROM span
  WHERE start_time < :date_end AND (end_time > :date OR start_time >= :date)
)
SELECT r.vendor, r.source, r.start_time, cdr_local(r.start_time, :zone), r.end_time, r.seconds, r.kind, r.what, r.detail, r.interaction_id, r.queue_id, i.customer_number
FROM row AS r LEFT JOIN interaction AS i ON i.interaction_key = r.interaction_key
ORDER BY r.vendor, r.source, r.start_time, r.place, r.end_time, r.interaction_id;
