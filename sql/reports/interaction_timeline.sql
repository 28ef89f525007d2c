-- interaction_timeline: one row per span of an interaction, for all its parties, in order of time; gaps and overlaps have rows of their own
--
-- A gap is time of the interaction that none of its spans covers. An overlap is time in which two agents were in conversation at once.
-- The conversations of an agent who comes back have a row each; a hold then has the times of its conversation, and seconds is its length.
-- The IVR has one row, from when it is entered first to when it is left last; seconds is the time in it.
-- argument interaction_id TEXT: the interaction; if several vendors or sources have one with that id, all of them
-- argument zone
-- column vendor, source
-- column start_time TIMESTAMP: when the span begins (UTC)
-- column start_local TIMESTAMP: the same in the zone's civil time
-- column end_time TIMESTAMP: when it ends (UTC); NULL while it lasts, or where the vendor does not say
-- column seconds DOUBLE: how long it lasted; for a queue without the ringing in it, for a conversation without the hold
-- column offset_seconds DOUBLE: seconds from the interaction's start to the span's start
-- column party TEXT: customer, ivr, queue, agent, or nobody for a gap
-- column party_id TEXT: the queue or the agent
-- column party_name TEXT: its name
-- column what TEXT: interaction, ivr, queue, offer, conversation, hold, after-call work, gap or overlap
-- column outcome TEXT: how it ended, for spans that have an outcome

-- States and sides are looked up with IN, because for a join SQLite would first read all of them into a Bloom filter. A state of an agent who comes back is from the first
-- start to the last end, so the conversations of such an agent come from the sides.
WITH chosen AS MATERIALIZED (
  SELECT * FROM interaction AS i WHERE i.interaction_id = :interaction_id
),
side AS MATERIALIZED (
  SELECT d.interaction_key, d.vendor, d.source, d.agent_id, d.agent_name, coalesce(d.serve_time, d.answer_time, d.start_time, d.alert_time) AS began, d.hangup_time, d.active_seconds,
    d.hold_seconds, d.acw_seconds, count(*) OVER (PARTITION BY d.interaction_key, d.agent_id) AS sides
  FROM dialog AS d
  WHERE d.interaction_key IN (SELECT c.interaction_key FROM chosen AS c) AND d.agent_id IS NOT NULL AND (d.active_seconds > 0 OR d.acw_seconds > 0)
),
span(interaction_key, vendor, source, start_time, end_time, seconds, party, party_id, party_name, what, outcome, place) AS MATERIALIZED (
  SELECT interaction_key, vendor, source, start_time, end_time, cdr_seconds(start_time, end_time), 'customer', customer_number, NULL, 'interaction', outcome, 0 FROM chosen
  UNION ALL
  SELECT s.interaction_key, s.vendor, s.source, s.start_time, s.end_time, s.seconds, 'ivr', NULL, NULL, 'ivr', NULL, 1
  FROM state_duration AS s
  WHERE s.interaction_key IN (SELECT c.interaction_key FROM chosen AS c) AND s.agent_id IS NULL AND s.state = 'IVR' AND s.start_time IS NOT NULL
  UNION ALL
  SELECT c.interaction_key, c.vendor, c.source, v.enqueue_time, coalesce(v.dequeue_time, v.end_time), v.wait_seconds, 'queue', v.queue_id, v.queue_name, 'queue', v.outcome, 2
  FROM chosen AS c CROSS JOIN queue_visit AS v ON v.interaction_key = c.interaction_key
  UNION ALL
  SELECT c.interaction_key, c.vendor, c.source, o.offer_time, o.end_time, o.ring_seconds, 'agent', o.agent_id, o.agent_name, 'offer', o.outcome, 3
  FROM chosen AS c CROSS JOIN agent_offer AS o ON o.interaction_key = c.interaction_key
  UNION ALL
  SELECT s.interaction_key, s.vendor, s.source, s.start_time, s.end_time, s.seconds, 'agent', s.agent_id,
    (SELECT d.agent_name FROM dialog AS d WHERE d.interaction_key = s.interaction_key AND d.agent_id = s.agent_id),
    CASE s.state WHEN 'ACTIVE' THEN 'conversation' WHEN 'HOLD' THEN 'hold' ELSE 'after-call work' END, NULL, CASE s.state WHEN 'ACTIVE' THEN 4 WHEN 'HOLD' THEN 5 ELSE 6 END
  FROM state_duration AS s
  WHERE s.interaction_key IN (SELECT c.interaction_key FROM chosen AS c) AND s.agent_id IS NOT NULL AND s.state IN ('ACTIVE', 'HOLD', 'ACW') AND s.seconds > 0 AND s.start_time IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM side AS d WHERE d.interaction_key = s.interaction_key AND d.agent_id = s.agent_id AND d.sides > 1)
  UNION ALL
  SELECT interaction_key, vendor, source, began, hangup_time, active_seconds, 'agent', agent_id, agent_name, 'conversation', NULL, 4 FROM side WHERE sides > 1 AND active_seconds > 0 AND began IS NOT NULL
  UNION ALL
  SELECT interaction_key, vendor, source, began, hangup_time, hold_seconds, 'agent', agent_id, agent_name, 'hold', NULL, 5 FROM side WHERE sides > 1 AND hold_seconds > 0 AND began IS NOT NULL
  UNION ALL
  SELECT interaction_key, vendor, source, hangup_time, strftime('%Y-%m-%d %H:%M:%f', hangup_time, acw_seconds || ' seconds'), acw_seconds, 'agent', agent_id, agent_name, 'after-call work', NULL, 6
  FROM side WHERE sides > 1 AND acw_seconds > 0 AND hangup_time IS NOT NULL
),
-- The coverage of the interaction: how far it is covered before each span, from its start on, and at its end.
cover AS (
  SELECT interaction_key, start_time, end_time FROM span WHERE place BETWEEN 1 AND 5 AND end_time IS NOT NULL
  UNION ALL
  SELECT interaction_key, start_time, start_time FROM chosen
  UNION ALL
  SELECT interaction_key, end_time, end_time FROM chosen WHERE end_time IS NOT NULL
),
covered AS (
  SELECT interaction_key, start_time,
    max(end_time) OVER (PARTITION BY interaction_key ORDER BY start_time, end_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
  FROM cover
),
row AS (
  SELECT * FROM span
  UNION ALL
  SELECT g.interaction_key, c.vendor, c.source, g.until, g.start_time, cdr_seconds(g.until, g.start_time), 'nobody', NULL, NULL, 'gap', NULL, 7
  FROM covered AS g JOIN chosen AS c USING (interaction_key)
  WHERE g.until < g.start_time AND g.start_time <= ifnull(c.end_time, g.start_time)
  UNION ALL
  SELECT a.interaction_key, a.vendor, a.source, max(a.start_time, b.start_time), min(a.end_time, b.end_time),
    cdr_seconds(max(a.start_time, b.start_time), min(a.end_time, b.end_time)), 'agent', a.party_id || ', ' || b.party_id, a.party_name || ', ' || b.party_name, 'overlap', NULL, 8
  FROM span AS a JOIN span AS b ON b.interaction_key = a.interaction_key AND b.party_id > a.party_id AND b.start_time < a.end_time AND b.end_time > a.start_time
  WHERE a.what = 'conversation' AND b.what = 'conversation'
)
SELECT r.vendor, r.source, r.start_time, cdr_local(r.start_time, :zone), r.end_time, r.seconds, cdr_seconds(c.start_time, r.start_time), r.party, r.party_id, r.party_name, r.what, r.outcome
FROM row AS r JOIN chosen AS c USING (interaction_key)
ORDER BY r.vendor, r.source, r.start_time, r.place, r.end_time, r.party_id;
