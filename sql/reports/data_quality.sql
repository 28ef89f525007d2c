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

-- Each subject is read once: what is so of a row, then how many there are and one of them, then a row for each question.
WITH one AS MATERIALIZED (
  SELECT interaction_key, vendor, source, interaction_id, mapping, end_time, outcome, direction, customer_number, released_side,
    replace(mapping, '"contradictions":["calldate does not fit the second that linkedid begins with: is the zone right?"]', '"zone":"?"') AS said
  FROM interaction
  WHERE start_time >= :from AND start_time < :to
),
untimed AS MATERIALIZED (
  SELECT vendor, source, count(*) - count(start_time) AS found, count(*) AS of, min(iif(start_time IS NULL, interaction_id, NULL)) AS example
  FROM interaction
  GROUP BY vendor, source
),
interaction_row AS MATERIALIZED (
  SELECT vendor, source, interaction_id,
    ifnull(said GLOB '*"inconsistent":*' OR said GLOB '*"contradictions":*'
      OR said GLOB '*"negative":*' OR said GLOB '*"concluded_before_left":*' OR said GLOB '*"reported_differs_from_events":*' OR said GLOB '*"detail_differs_from_summary":*', 0) AS contradicts,
    ifnull(said GLOB '* is longer than *' OR said GLOB '*billsec above duration*', 0) AS is_longer,
    ifnull(said GLOB '*answer_time before IN_QUEUE of*', 0) AS is_before_wait,
    ifnull(said GLOB '*_time before [a-z]*_time*' OR said GLOB '*_time after *' OR said GLOB '*begins before start_time*'
      OR said GLOB '*before ringing began*' OR said GLOB '*finishtime before the end*' OR said GLOB '*ends after end_time*' OR said GLOB '*release_before_start*' OR said GLOB '*events_outside_call*' OR said GLOB '*"concluded_before_left":*', 0) AS is_out_of_order,
    ifnull(said GLOB '*is negative*' OR said GLOB '*"negative":*' OR said GLOB '*ends before it begins*', 0) AS is_negative,
    ifnull(said GLOB '*differ*', 0) AS differs,
    iif(vendor = 'ucontact', ifnull(mapping GLOB '*is the zone right*', 0), 0) AS is_of_zone,
    end_time IS NULL AS no_end, end_time IS NOT NULL AND ifnull(outcome = 'OTHER', 1) AS no_outcome, direction IS NULL AS no_direction,
    ifnull(NOT customer_number GLOB '*[0-9@]*', 1) OR ifnull(said GLOB '*"customer_number":"the carrier*', 0) AS no_number, ifnull(instr(customer_number, '*') > 0, 0) AS is_masked, released_side IS NULL AS no_side
  FROM one
),
interactions_of AS MATERIALIZED (
  SELECT vendor, source, count(*) AS of,
    sum(contradicts) AS contradicts, min(iif(contradicts, interaction_id, NULL)) AS contradicts_example,
    sum(is_longer) AS is_longer, min(iif(is_longer, interaction_id, NULL)) AS is_longer_example,
    sum(is_before_wait) AS is_before_wait, min(iif(is_before_wait, interaction_id, NULL)) AS is_before_wait_example,
    sum(is_out_of_order) AS is_out_of_order, min(iif(is_out_of_order, interaction_id, NULL)) AS is_out_of_order_example,
    sum(is_negative) AS is_negative, min(iif(is_negative, interaction_id, NULL)) AS is_negative_example,
    sum(differs) AS differs, min(iif(differs, interaction_id, NULL)) AS differs_example,
    sum(is_of_zone) AS is_of_zone, min(iif(is_of_zone, interaction_id, NULL)) AS is_of_zone_example,
    sum(no_end) AS no_end, min(iif(no_end, interaction_id, NULL)) AS no_end_example,
    sum(no_outcome) AS no_outcome, min(iif(no_outcome, interaction_id, NULL)) AS no_outcome_example,
    sum(no_direction) AS no_direction, min(iif(no_direction, interaction_id, NULL)) AS no_direction_example,
    sum(no_number) AS no_number, min(iif(no_number, interaction_id, NULL)) AS no_number_example,
    sum(is_masked) AS is_masked, min(iif(is_masked, interaction_id, NULL)) AS is_masked_example,
    sum(no_side) AS no_side, min(iif(no_side, interaction_id, NULL)) AS no_side_example
  FROM interaction_row
  GROUP BY vendor, source
),
visits_of_interactions AS (
  SELECT v.vendor, v.source, count(*) AS of, sum(v.enqueue_time IS NULL) AS no_time, min(iif(v.enqueue_time IS NULL, v.interaction_id, NULL)) AS no_time_example
  FROM one AS i CROSS JOIN queue_visit AS v ON v.interaction_key = i.interaction_key
  GROUP BY v.vendor, v.source
),
visit_row AS MATERIALIZED (
  SELECT vendor, source, interaction_id, queue_id IS NULL AS no_queue, queue_wait IS NULL AS no_wait, queue_ring_wait IS NULL AS no_ring_wait, counted_as = 'untold' AS is_untold
  FROM timed_visit
  WHERE enqueue_time >= :from AND enqueue_time < :to
),
visits_of AS MATERIALIZED (
  SELECT vendor, source, count(*) AS of,
    sum(no_queue) AS no_queue, min(iif(no_queue, interaction_id, NULL)) AS no_queue_example,
    sum(no_wait) AS no_wait, min(iif(no_wait, interaction_id, NULL)) AS no_wait_example,
    sum(no_ring_wait) AS no_ring_wait, min(iif(no_ring_wait, interaction_id, NULL)) AS no_ring_wait_example,
    sum(is_untold) AS is_untold, min(iif(is_untold, interaction_id, NULL)) AS is_untold_example
  FROM visit_row
  GROUP BY vendor, source
),
offers_of_interactions AS (
  SELECT o.vendor, o.source, count(*) AS of, sum(o.offer_time IS NULL) AS no_time, min(iif(o.offer_time IS NULL, o.interaction_id, NULL)) AS no_time_example
  FROM one AS i CROSS JOIN agent_offer AS o ON o.interaction_key = i.interaction_key
  GROUP BY o.vendor, o.source
),
offers_of AS MATERIALIZED (
  SELECT vendor, source, count(*) AS of,
    sum(outcome IS NULL) AS no_outcome, min(iif(outcome IS NULL, interaction_id, NULL)) AS no_outcome_example,
    sum(ring_seconds IS NULL) AS no_ring, min(iif(ring_seconds IS NULL, interaction_id, NULL)) AS no_ring_example
  FROM agent_offer
  WHERE offer_time >= :from AND offer_time < :to
  GROUP BY vendor, source
),
conversations_of AS MATERIALIZED (
  SELECT d.vendor, d.source, count(*) AS of,
    sum(d.active_seconds IS NULL) AS no_talk, min(iif(d.active_seconds IS NULL, d.interaction_id, NULL)) AS no_talk_example,
    sum(d.hold_seconds IS NULL) AS no_hold, min(iif(d.hold_seconds IS NULL, d.interaction_id, NULL)) AS no_hold_example,
    sum(d.acw_seconds IS NULL) AS no_acw, min(iif(d.acw_seconds IS NULL, d.interaction_id, NULL)) AS no_acw_example
  FROM one AS i CROSS JOIN dialog AS d ON d.interaction_key = i.interaction_key
  WHERE d.outcome = 'ANSWERED'
  GROUP BY d.vendor, d.source
),
-- until: up to where the agent's earlier states reach, those from before the period as well.
overlapped AS (
  SELECT vendor, source, agent_id, start_time,
    max(end_time) OVER (PARTITION BY vendor, source, agent_id ORDER BY start_time, end_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
  FROM agent_state
  WHERE agent_id IS NOT NULL AND start_time < :to AND end_time > :from AND start_time < end_time
),
states_of AS (
  SELECT vendor, source, count(*) AS of, sum(ifnull(start_time < until, 0)) AS overlaps, min(iif(start_time < until, agent_id, NULL)) AS overlaps_example
  FROM overlapped
  WHERE start_time >= :from
  GROUP BY vendor, source
),
states_begun AS (
  SELECT vendor, source, count(*) AS of, sum(end_time IS NULL AND state_category IS NOT 'OFFLINE') AS no_end,
    min(iif(end_time IS NULL AND state_category IS NOT 'OFFLINE', agent_id, NULL)) AS no_end_example
  FROM agent_state
  WHERE agent_id IS NOT NULL AND start_time >= :from AND start_time < :to
  GROUP BY vendor, source
),
answer(place, vendor, source, subject, question, found, of, example) AS (
  SELECT 1, vendor, source, 'interaction', 'it contradicts itself (mapping says how)', contradicts, of, contradicts_example FROM interactions_of
  UNION ALL SELECT 1.1, vendor, source, 'interaction', 'a reported figure is longer than there was time for', is_longer, of, is_longer_example FROM interactions_of
  UNION ALL SELECT 1.2, vendor, source, 'interaction', 'it was answered before the wait that is reported had passed', is_before_wait, of, is_before_wait_example FROM interactions_of
  UNION ALL SELECT 1.3, vendor, source, 'interaction', 'a time is before or after one that it cannot be', is_out_of_order, of, is_out_of_order_example FROM interactions_of
  UNION ALL SELECT 1.4, vendor, source, 'interaction', 'a figure or a span is negative', is_negative, of, is_negative_example FROM interactions_of
  UNION ALL SELECT 1.5, vendor, source, 'interaction', 'figures of the same thing differ', differs, of, differs_example FROM interactions_of
  UNION ALL SELECT 1.6, vendor, source, 'interaction', 'its local times do not fit its channel''s second: the zone may be wrong', is_of_zone, of, is_of_zone_example FROM interactions_of WHERE vendor = 'ucontact'
  UNION ALL SELECT 2, vendor, source, 'interaction', 'its end is not known', no_end, of, no_end_example FROM interactions_of
  UNION ALL SELECT 3, vendor, source, 'interaction', 'its outcome is OTHER or not known', no_outcome, of, no_outcome_example FROM interactions_of
  UNION ALL SELECT 4, vendor, source, 'interaction', 'its direction is not known', no_direction, of, no_direction_example FROM interactions_of
  UNION ALL SELECT 5, vendor, source, 'interaction', 'the customer has no number', no_number, of, no_number_example FROM interactions_of
  UNION ALL SELECT 6, vendor, source, 'interaction', 'the customer''s number is masked', is_masked, of, is_masked_example FROM interactions_of
  UNION ALL SELECT 7, vendor, source, 'interaction', 'who ended it is not known', no_side, of, no_side_example FROM interactions_of
  UNION ALL SELECT 8, vendor, source, 'visit', 'when it entered the queue is not known: it is in no queue report', no_time, of, no_time_example FROM visits_of_interactions
  UNION ALL SELECT 9, vendor, source, 'visit', 'its queue is not known', no_queue, of, no_queue_example FROM visits_of
  UNION ALL SELECT 10, vendor, source, 'visit', 'how long it waited in the queue is not known', no_wait, of, no_wait_example FROM visits_of
  UNION ALL SELECT 11, vendor, source, 'visit', 'how long it waited, ringing included, is not known', no_ring_wait, of, no_ring_wait_example FROM visits_of
  UNION ALL SELECT 12, vendor, source, 'visit', 'it has ended, and how is not known', is_untold, of, is_untold_example FROM visits_of
  UNION ALL SELECT 13, vendor, source, 'offer', 'its outcome is not known', no_outcome, of, no_outcome_example FROM offers_of
  UNION ALL SELECT 14, vendor, source, 'offer', 'how long it rang is not known', no_ring, of, no_ring_example FROM offers_of
  UNION ALL SELECT 14.1, vendor, source, 'offer', 'when the agent was asked is not known: it is in no agent report', no_time, of, no_time_example FROM offers_of_interactions
  UNION ALL SELECT 15, vendor, source, 'conversation', 'its length is not known', no_talk, of, no_talk_example FROM conversations_of
  UNION ALL SELECT 16, vendor, source, 'conversation', 'its hold time is not known', no_hold, of, no_hold_example FROM conversations_of
  UNION ALL SELECT 17, vendor, source, 'conversation', 'its after-call work is not known', no_acw, of, no_acw_example FROM conversations_of
  UNION ALL SELECT 18, vendor, source, 'state', 'it begins before an earlier state of the agent ends: agent_report counts the time in both', overlaps, of, overlaps_example FROM states_of
  UNION ALL SELECT 19, vendor, source, 'state', 'when it ended is not known: agent_report counts no time in it', no_end, of, no_end_example FROM states_begun
)
SELECT vendor, source, subject, question, found, of, 1.0 * found / of, example
FROM (SELECT * FROM answer ORDER BY vendor, source, place)
UNION ALL
SELECT vendor, source, 'interaction', 'when it began is not known: it is in no report (of all that there are)', found, of, 1.0 * found / of, example
FROM untimed
WHERE found > 0
UNION ALL
SELECT vendor, NULL, 'record', json_path || ' of a ' || resource || ' does not convert (of all records imported)', count, NULL, NULL, NULL
FROM unmapped_field
WHERE kind = 'unconverted';
