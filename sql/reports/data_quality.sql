-- data_quality: one row per vendor, source and question about the data: what is not known, or contradicts itself
--
-- Interactions, visits and offers belong to the period in which they begin. Unknown is not wrong: most of it no vendor tells.
-- argument from, to, zone
-- column vendor, source
-- column subject TEXT: interaction, visit, offer, conversation or record
-- column question TEXT: what is not known, or contradicts itself
-- column found INTEGER: of how many that is true
-- column of INTEGER: of how many
-- column share DOUBLE: found / of, 0 to 1
-- column example TEXT: the id of an interaction of which it is true

WITH one AS MATERIALIZED (
  SELECT * FROM interaction WHERE start_time >= :from AND start_time < :to
),
answer(place, vendor, source, subject, question, is_so, interaction_id) AS (
  SELECT 1, vendor, source, 'interaction', 'it contradicts itself (mapping says how)', ifnull(iif(json_valid(mapping), json_type(mapping, '$.inconsistent'), NULL) IS NOT NULL, 0), interaction_id FROM one
  UNION ALL SELECT 2, vendor, source, 'interaction', 'its end is not known', end_time IS NULL, interaction_id FROM one
  UNION ALL SELECT 3, vendor, source, 'interaction', 'its outcome is not known', outcome IS NULL OR outcome = 'OTHER', interaction_id FROM one
  UNION ALL SELECT 4, vendor, source, 'interaction', 'its direction is not known', direction IS NULL, interaction_id FROM one
  UNION ALL SELECT 5, vendor, source, 'interaction', 'the customer has no number', ifnull(NOT customer_number GLOB '*[0-9]*', 1), interaction_id FROM one
  UNION ALL SELECT 6, vendor, source, 'interaction', 'the customer''s number is masked', ifnull(instr(customer_number, '*') > 0, 0), interaction_id FROM one
  UNION ALL SELECT 7, vendor, source, 'interaction', 'who ended it is not known', released_side IS NULL, interaction_id FROM one
  UNION ALL SELECT 8, v.vendor, v.source, 'visit', 'when it entered the queue is not known: it is in no queue report', v.enqueue_time IS NULL, v.interaction_id FROM one AS i CROSS JOIN queue_visit AS v ON v.interaction_key = i.interaction_key
  UNION ALL SELECT 9, vendor, source, 'visit', 'its queue is not known', queue_id IS NULL, interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 10, vendor, source, 'visit', 'how long it waited in the queue is not known', queue_wait IS NULL, interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 11, vendor, source, 'visit', 'how long it waited, ringing included, is not known', queue_ring_wait IS NULL, interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 12, vendor, source, 'visit', 'it has ended, and how is not known', counted_as = 'untold', interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 13, vendor, source, 'offer', 'its outcome is not known', outcome IS NULL, interaction_id FROM agent_offer WHERE offer_time >= :from AND offer_time < :to
  UNION ALL SELECT 14, vendor, source, 'offer', 'how long it rang is not known', ring_seconds IS NULL, interaction_id FROM agent_offer WHERE offer_time >= :from AND offer_time < :to
  UNION ALL SELECT 15, d.vendor, d.source, 'conversation', 'its length is not known', d.active_seconds IS NULL, d.interaction_id FROM one AS i CROSS JOIN dialog AS d ON d.interaction_key = i.interaction_key WHERE d.outcome = 'ANSWERED'
  UNION ALL SELECT 16, d.vendor, d.source, 'conversation', 'its hold time is not known', d.hold_seconds IS NULL, d.interaction_id FROM one AS i CROSS JOIN dialog AS d ON d.interaction_key = i.interaction_key WHERE d.outcome = 'ANSWERED'
  UNION ALL SELECT 17, d.vendor, d.source, 'conversation', 'its after-call work is not known', d.acw_seconds IS NULL, d.interaction_id FROM one AS i CROSS JOIN dialog AS d ON d.interaction_key = i.interaction_key WHERE d.outcome = 'ANSWERED'
)
SELECT vendor, source, subject, question, sum(is_so), count(*), 1.0 * sum(is_so) / count(*), min(iif(is_so, interaction_id, NULL))
FROM answer
GROUP BY vendor, source, place;
