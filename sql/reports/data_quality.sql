-- data_quality: one row per vendor, source and question about the data: what is unknown or contradictory
--
-- Interactions, visits, offers and agents' states belong to the period in which they begin; those without a time belong to the period of their interaction,
-- and conversations do too. Interactions without a time belong to every period. Unknown is not wrong: no vendor reports everything.
-- Contradictions are those that the column mapping lists; times that fit no zone, and states that overlap, are questions of their own. Values that do not convert
-- are counted by field over all records that were ever imported, because a record may be without a time for that reason: their source,
-- example and total are NULL.
-- argument from, to, zone
-- column vendor, source
-- column subject TEXT: interaction, visit, offer, conversation, state or record
-- column question TEXT: what is unknown or contradictory
-- column found INTEGER: how many it is true of
-- column of INTEGER: how many there are in all; NULL for records
-- column share DOUBLE: found / of, 0 to 1
-- column example TEXT: the id of an interaction that it is true of; for states, the id of an agent

WITH one AS MATERIALIZED (
  SELECT *, replace(mapping, '"contradictions":["calldate does not fit the second that linkedid begins with: is the zone right?"]', '"zone":"?"') AS said
  FROM interaction
  WHERE start_time >= :from AND start_time < :to
),
untimed AS MATERIALIZED (
  SELECT vendor, source, count(*) - count(start_time) AS found, count(*) AS of, min(iif(start_time IS NULL, interaction_id, NULL)) AS example
  FROM interaction
  GROUP BY vendor, source
),
-- until: up to where the agent's earlier states reach, those from before the period as well.
overlapped AS (
  SELECT vendor, source, agent_id, start_time,
    max(end_time) OVER (PARTITION BY vendor, source, agent_id ORDER BY start_time, end_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
  FROM agent_state
  WHERE agent_id IS NOT NULL AND start_time < :to AND end_time > :from AND start_time < end_time
),
answer(place, vendor, source, subject, question, is_so, interaction_id) AS (
  SELECT 1, vendor, source, 'interaction', 'it contradicts itself (mapping says how)', ifnull(said GLOB '*"inconsistent":*' OR said GLOB '*"contradictions":*'
    OR said GLOB '*"negative":*' OR said GLOB '*"concluded_before_left":*' OR said GLOB '*"reported_differs_from_events":*' OR said GLOB '*"detail_differs_from_summary":*', 0), interaction_id FROM one
  UNION ALL SELECT 1.1, vendor, source, 'interaction', 'a reported figure is longer than there was time for', ifnull(said GLOB '* is longer than *' OR said GLOB '*billsec above duration*', 0), interaction_id FROM one
  UNION ALL SELECT 1.2, vendor, source, 'interaction', 'it was answered before the wait that is reported had passed', ifnull(said GLOB '*answer_time before IN_QUEUE of*', 0), interaction_id FROM one
  UNION ALL SELECT 1.3, vendor, source, 'interaction', 'a time is before or after one that it cannot be', ifnull(said GLOB '*_time before [a-z]*_time*' OR said GLOB '*_time after *' OR said GLOB '*begins before start_time*'
    OR said GLOB '*before ringing began*' OR said GLOB '*finishtime before the end*' OR said GLOB '*ends after end_time*' OR said GLOB '*release_before_start*' OR said GLOB '*events_outside_call*' OR said GLOB '*"concluded_before_left":*', 0), interaction_id FROM one
  UNION ALL SELECT 1.4, vendor, source, 'interaction', 'a figure or a span is negative', ifnull(said GLOB '*is negative*' OR said GLOB '*"negative":*' OR said GLOB '*ends before it begins*', 0), interaction_id FROM one
  UNION ALL SELECT 1.5, vendor, source, 'interaction', 'figures of the same thing differ', ifnull(said GLOB '*differ*', 0), interaction_id FROM one
  UNION ALL SELECT 1.6, vendor, source, 'interaction', 'its local times do not fit its channel''s second: the zone may be wrong', ifnull(mapping GLOB '*is the zone right*', 0), interaction_id FROM one WHERE vendor = 'ucontact'
  UNION ALL SELECT 2, vendor, source, 'interaction', 'its end is not known', end_time IS NULL, interaction_id FROM one
  UNION ALL SELECT 3, vendor, source, 'interaction', 'its outcome is not known', outcome IS NULL OR outcome = 'OTHER', interaction_id FROM one
  UNION ALL SELECT 4, vendor, source, 'interaction', 'its direction is not known', direction IS NULL, interaction_id FROM one
  UNION ALL SELECT 5, vendor, source, 'interaction', 'the customer has no number', ifnull(NOT customer_number GLOB '*[0-9@]*', 1), interaction_id FROM one
  UNION ALL SELECT 6, vendor, source, 'interaction', 'the customer''s number is masked', ifnull(instr(customer_number, '*') > 0, 0), interaction_id FROM one
  UNION ALL SELECT 7, vendor, source, 'interaction', 'who ended it is not known', released_side IS NULL, interaction_id FROM one
  UNION ALL SELECT 8, v.vendor, v.source, 'visit', 'when it entered the queue is not known: it is in no queue report', v.enqueue_time IS NULL, v.interaction_id FROM one AS i CROSS JOIN queue_visit AS v ON v.interaction_key = i.interaction_key
  UNION ALL SELECT 9, vendor, source, 'visit', 'its queue is not known', queue_id IS NULL, interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 10, vendor, source, 'visit', 'how long it waited in the queue is not known', queue_wait IS NULL, interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 11, vendor, source, 'visit', 'how long it waited, ringing included, is not known', queue_ring_wait IS NULL, interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 12, vendor, source, 'visit', 'it has ended, and how is not known', counted_as = 'untold', interaction_id FROM timed_visit WHERE enqueue_time >= :from AND enqueue_time < :to
  UNION ALL SELECT 13, vendor, source, 'offer', 'its outcome is not known', outcome IS NULL, interaction_id FROM agent_offer WHERE offer_time >= :from AND offer_time < :to
  UNION ALL SELECT 14, vendor, source, 'offer', 'how long it rang is not known', ring_seconds IS NULL, interaction_id FROM agent_offer WHERE offer_time >= :from AND offer_time < :to
  UNION ALL SELECT 14.1, o.vendor, o.source, 'offer', 'when the agent was asked is not known: it is in no agent report', o.offer_time IS NULL, o.interaction_id FROM one AS i CROSS JOIN agent_offer AS o ON o.interaction_key = i.interaction_key
  UNION ALL SELECT 15, d.vendor, d.source, 'conversation', 'its length is not known', d.active_seconds IS NULL, d.interaction_id FROM one AS i CROSS JOIN dialog AS d ON d.interaction_key = i.interaction_key WHERE d.outcome = 'ANSWERED'
  UNION ALL SELECT 16, d.vendor, d.source, 'conversation', 'its hold time is not known', d.hold_seconds IS NULL, d.interaction_id FROM one AS i CROSS JOIN dialog AS d ON d.interaction_key = i.interaction_key WHERE d.outcome = 'ANSWERED'
  UNION ALL SELECT 17, d.vendor, d.source, 'conversation', 'its after-call work is not known', d.acw_seconds IS NULL, d.interaction_id FROM one AS i CROSS JOIN dialog AS d ON d.interaction_key = i.interaction_key WHERE d.outcome = 'ANSWERED'
  UNION ALL SELECT 18, vendor, source, 'state', 'it begins before an earlier state of the agent ends: agent_report counts the time in both', ifnull(start_time < until, 0), agent_id FROM overlapped WHERE start_time >= :from
)
SELECT vendor, source, subject, question, sum(is_so), count(*), 1.0 * sum(is_so) / count(*), min(iif(is_so, interaction_id, NULL))
FROM answer
GROUP BY vendor, source, place
UNION ALL
SELECT vendor, source, 'interaction', 'when it began is not known: it is in no report (of all that there are)', found, of, 1.0 * found / of, example
FROM untimed
WHERE found > 0
UNION ALL
SELECT vendor, NULL, 'record', json_path || ' of a ' || resource || ' does not convert (of all records imported)', count, NULL, NULL, NULL
FROM unmapped_field
WHERE kind = 'unconverted';
