-- abandoned_interactions: one row per interaction that the customer gave up, with whether and when the customer was reached later
--
-- Customers count as reached if, after giving up, they called again and were answered, or were called and answered, at the same vendor and source. The
-- number or address must be written the same, and not masked.
-- argument from, to, zone
-- column vendor, source, interaction_id
-- column start_time TIMESTAMP: when it began (UTC)
-- column start_local TIMESTAMP: the same in the zone's civil time
-- column end_time TIMESTAMP: when the customer gave up (UTC)
-- column outcome TEXT: ABANDONED_IN_IVR, ABANDONED_IN_QUEUE or ABANDONED_IN_RING
-- column customer_number
-- column is_recognisable INTEGER: 1 if there is a number or address that is neither masked nor, at uContact, the carrier's; otherwise 0,
--   and it cannot be known whether the customer was reached
-- column queue_id TEXT: the queue that it entered last
-- column queue_name TEXT: its name
-- column wait_seconds DOUBLE: seconds from the start to the end
-- column reached INTEGER: 1 if the customer was reached later at the same vendor and source, 0 if not, as far as the warehouse shows; NULL
--   where it cannot be known
-- column reached_time TIMESTAMP: when the interaction that reached the customer began (UTC)
-- column reached_after_seconds DOUBLE: how long after giving up that was
-- column reached_direction TEXT: INBOUND: the customer called again; OUTBOUND: the customer was called back
-- column reached_interaction_id TEXT: the interaction that reached the customer

WITH given_up AS MATERIALIZED (
  SELECT *, customer_number GLOB '*[0-9@]*' AND instr(customer_number, '*') = 0 AND ifnull(mapping NOT GLOB '*"customer_number":"the carrier*', 1) AS is_recognisable
  FROM interaction
  WHERE start_time >= :from AND start_time < :to AND outcome IN ('ABANDONED_IN_IVR', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING')
),
reached AS (
  SELECT g.*, (
      SELECT i.interaction_key FROM interaction AS i
      WHERE g.is_recognisable AND i.customer_number = g.customer_number AND i.start_time >= ifnull(g.end_time, g.start_time) AND i.interaction_key <> g.interaction_key AND i.vendor = g.vendor AND i.source = g.source AND i.outcome = 'ANSWERED'
      ORDER BY i.start_time, i.interaction_key LIMIT 1) AS reached_key
  FROM given_up AS g
)
SELECT r.vendor, r.source, r.interaction_id, r.start_time, cdr_local(r.start_time, :zone), r.end_time, r.outcome, r.customer_number, ifnull(r.is_recognisable, 0),
  r.last_queue_id, r.last_queue_name, cdr_seconds(r.start_time, r.end_time), iif(r.is_recognisable, l.interaction_key IS NOT NULL, NULL),
  l.start_time, cdr_seconds(ifnull(r.end_time, r.start_time), l.start_time), l.direction, l.interaction_id
FROM reached AS r LEFT JOIN interaction AS l ON l.interaction_key = r.reached_key
ORDER BY r.start_time, r.interaction_key;
