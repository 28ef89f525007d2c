-- What a report page shows: a question each, from the reports and as they count. Nothing is computed here but sums over queues of what
-- queue_report gives to be summed.
--
-- Parameters: :from and :to (UTC), :zone, :interval, :threshold; :before_from, :before_to, the same length before; :week_from, :week_to, a
-- week earlier, NULL where that is no other period; :heat_from and :heat_to, the part of the period in which anybody entered a queue; :mask,
-- 1 to mask customers' numbers (of a name or an address, which phone_mask() leaves as it is,
-- nothing stays); :timelines and :listed, how many interactions and how many of each other list at most.

-- == headline: one row per period to compare. Of a period that lies wholly before the first interaction of the warehouse, or after the
-- last, nothing is known: its counts are NULL. In another one in which nobody called, they are 0. is_partial: some of its days lie before the
-- first interaction or after the last.
WITH bounds(period, "from", "to") AS (
  VALUES ('this', :from, :to), ('before', :before_from, :before_to), ('week', :week_from, :week_to)
),
period AS (
  SELECT *, CASE WHEN EXISTS (SELECT 1 FROM interaction WHERE start_time < b."to")
      AND (EXISTS (SELECT 1 FROM interaction WHERE start_time >= b."from") OR EXISTS (SELECT 1 FROM queue_visit WHERE enqueue_time >= b."from"))
    THEN 0 END AS nobody
  FROM bounds AS b
)
SELECT p.period, p."from" AS period_from, p."to" AS period_to,
  cdr_local(p."from", :zone) AS local_from, cdr_local(p."to", :zone) AS local_to,
  date(cdr_local(p."to", :zone), '-1 day') AS local_last_day,
  p.nobody IS NOT NULL AND ((SELECT date(cdr_local(min(start_time), :zone)) FROM interaction) > date(cdr_local(p."from", :zone))
    OR (SELECT date(cdr_local(max(start_time), :zone)) FROM interaction) < date(cdr_local(p."to", :zone), '-1 day')) AS is_partial,
  (SELECT ifnull(sum(i.interactions), p.nobody) FROM interaction_report(p."from", p."to", NULL, :zone) AS i) AS interactions,
  ifnull(sum(q.offered), p.nobody) AS offered, ifnull(sum(q.answered), p.nobody) AS answered, ifnull(sum(q.abandoned), p.nobody) AS abandoned,
  ifnull(sum(q.flowed_out), p.nobody) AS flowed_out, ifnull(sum(q.failed), p.nobody) AS failed, ifnull(sum(q.open), p.nobody) AS open,
  ifnull(sum(q.untold), p.nobody) AS untold, ifnull(sum(q.wait_known), 0) AS wait_known,
  1.0 * sum(q.answered_in_threshold) / nullif(sum(q.wait_known), 0) AS service_level,
  1.0 * sum(q.abandoned) / nullif(sum(q.offered), 0) AS abandon_rate,
  sum(q.answered_wait_seconds) / nullif(sum(q.answered_wait_known), 0) AS asa_seconds, ifnull(sum(q.answered_wait_known), 0) AS answered_wait_known,
  (sum(q.talk_seconds) + ifnull(sum(q.hold_seconds), 0) + ifnull(sum(q.acw_seconds), 0)) / nullif(sum(q.talk_known), 0) AS aht_seconds,
  ifnull(sum(q.talk_known), 0) AS talk_known, ifnull(sum(q.hold_known), 0) AS hold_known, ifnull(sum(q.acw_known), 0) AS acw_known,
  max(q.longest_wait_answered) AS longest_wait_answered, max(q.longest_wait_abandoned) AS longest_wait_abandoned
FROM period AS p LEFT JOIN queue_report(p."from", p."to", NULL, :zone, NULL, NULL, NULL, :threshold) AS q
WHERE p."from" IS NOT NULL
GROUP BY p.period
ORDER BY p.period = 'this' DESC, p.period;

-- == intervals: one row per interval, all queues together
SELECT interval_start, interval_local, utc_offset, fold, sum(offered) AS offered, sum(answered) AS answered, sum(abandoned) AS abandoned,
  sum(flowed_out + failed + open + untold) AS other, sum(wait_known) AS wait_known,
  1.0 * sum(answered_in_threshold) / nullif(sum(wait_known), 0) AS service_level,
  sum(answered_wait_seconds) / nullif(sum(answered_wait_known), 0) AS asa_seconds
FROM queue_report(:from, :to, :interval, :zone, NULL, NULL, NULL, :threshold)
GROUP BY interval_start
ORDER BY interval_start;

-- == calendar: one row per interval, also where nobody called
SELECT interval_start, interval_local, utc_offset, fold FROM cdr_intervals(:from, :to, :interval, :zone) ORDER BY interval_start;

-- == waits: one row, all queues together: how many waited how long
SELECT sum(visits) AS visits, sum(wait_known) AS wait_known, sum(to_5) AS to_5, sum(to_10) AS to_10, sum(to_20) AS to_20, sum(to_30) AS to_30,
  sum(to_60) AS to_60, sum(to_120) AS to_120, sum(to_300) AS to_300, sum(over_300) AS over_300
FROM wait_report(:from, :to, NULL, :zone);

-- == heat: one row per weekday (0 is Sunday) and hour of the zone's clock in which anybody entered a queue
SELECT CAST(strftime('%w', interval_local) AS INTEGER) AS weekday, CAST(strftime('%H', interval_local) AS INTEGER) AS hour,
  sum(offered) AS offered, sum(abandoned) AS abandoned, sum(wait_known) AS wait_known,
  1.0 * sum(answered_in_threshold) / nullif(sum(wait_known), 0) AS service_level
FROM queue_report(:heat_from, :heat_to, '1h', :zone, NULL, NULL, NULL, :threshold)
WHERE :heat_from IS NOT NULL
GROUP BY weekday, hour
HAVING sum(offered) > 0
ORDER BY weekday, hour;

-- == states: one row per interval and category of agents' states: how many agents at once on average
SELECT interval_start, state_category, sum(mean_agents) AS mean_agents
FROM staffing_report(:from, :to, :interval, :zone)
GROUP BY interval_start, state_category
ORDER BY interval_start, state_category;

-- == stateless: one row per vendor and source with agents of whom no state is known
SELECT vendor, source, count(*) AS agents, sum(logged_in_seconds IS NULL) AS unknown
FROM agent_report(:from, :to, NULL, :zone)
GROUP BY vendor, source
HAVING unknown > 0;

-- == outcomes: one row per outcome of an interaction
SELECT value AS outcome, interactions, share
FROM interaction_report(:from, :to, NULL, :zone, 'outcome')
ORDER BY interactions DESC, value;

-- == sources: one row per vendor
SELECT value AS vendor, interactions
FROM interaction_report(:from, :to, NULL, :zone, 'vendor')
ORDER BY interactions DESC, value;

-- == queues: one row per queue
SELECT q.vendor, q.source, q.queue_id, q.queue_name, q.offered, q.answered, q.abandoned, q.flowed_out, q.failed, q.open, q.untold, q.wait_known,
  q.service_level, q.abandon_rate, q.asa_seconds, q.aht_seconds, q.hold_known, q.acw_known, q.talk_known, w.p50_seconds, w.p90_seconds, w.max_seconds
FROM queue_report(:from, :to, NULL, :zone, NULL, NULL, NULL, :threshold) AS q
LEFT JOIN wait_report(:from, :to, NULL, :zone) AS w ON w.vendor = q.vendor AND w.source = q.source AND w.queue_id IS q.queue_id
ORDER BY q.offered DESC, q.vendor, q.source, q.queue_id
LIMIT :listed;

-- == agents: one row per agent
SELECT vendor, source, agent_id, agent_name, team, offered, answered, missed_by_agent, rejected, transferred_out, talk_seconds, hold_seconds,
  acw_seconds, aht_seconds, logged_in_seconds, available_seconds, break_seconds, occupancy
FROM agent_report(:from, :to, NULL, :zone)
ORDER BY answered DESC, offered DESC, vendor, source, agent_id
LIMIT :listed;

-- == given_up: one row: what became of the customers who gave up
SELECT count(*) AS abandoned, ifnull(sum(reached = 1), 0) AS reached, ifnull(sum(reached = 0), 0) AS not_reached,
  ifnull(sum(reached IS NULL), 0) AS unknown
FROM abandoned_interactions(:from, :to, :zone);

-- == abandoned: one row per interaction that the customer gave up, who was not reached later or of whom nobody can know; newest first
SELECT vendor, source, interaction_id, start_time, start_local, outcome,
  CASE
    WHEN NOT :mask OR customer_number GLOB '*[*]*' THEN customer_number
    WHEN phone_mask(customer_number) = customer_number THEN '****'
    ELSE phone_mask(customer_number)
  END AS customer_number,
  queue_id, queue_name, wait_seconds, reached
FROM abandoned_interactions(:from, :to, :zone)
WHERE reached IS NOT 1
ORDER BY start_time DESC, vendor, source, interaction_id
LIMIT :listed;

-- == interactions: one row per interaction with a timeline: those above first, then those that waited longest
WITH unreached AS MATERIALIZED (
  SELECT vendor, source, interaction_id FROM abandoned_interactions(:from, :to, :zone) WHERE reached IS NOT 1 ORDER BY start_time DESC LIMIT :timelines
)
SELECT i.vendor, i.source, i.interaction_id, cdr_local(i.start_time, :zone) AS start_local, i.channel, i.direction, i.outcome,
  CASE
    WHEN NOT :mask OR i.customer_number GLOB '*[*]*' THEN i.customer_number
    WHEN phone_mask(i.customer_number) = i.customer_number THEN '****'
    ELSE phone_mask(i.customer_number)
  END AS customer_number, ifnull(i.last_queue_name, i.last_queue_id) AS queue,
  ifnull(i.last_agent_name, i.last_agent_id) AS agent, i.in_queue_seconds, i.active_seconds, i.handle_seconds, i.transfer_count, i.agent_count
FROM interaction AS i
WHERE i.start_time >= :from AND i.start_time < :to
ORDER BY EXISTS (SELECT 1 FROM unreached AS u WHERE u.vendor = i.vendor AND u.source = i.source AND u.interaction_id = i.interaction_id) DESC,
  i.in_queue_seconds DESC, i.start_time, i.vendor, i.source, i.interaction_id
LIMIT :timelines;

-- == quality: one row per source and question about what is not known
SELECT vendor, source, subject, question, found, "of", share
FROM data_quality(:from, :to, :zone)
WHERE found > 0 AND subject <> 'record'
ORDER BY share DESC, vendor, source, subject, question;

-- == explained: one row per variant of a figure
SELECT column_name, figure, variant, unit, formula, doc FROM cdr_explain();

-- == columns: one row per column of the reports that the page shows
SELECT table_name, column_name, doc
FROM cdr_columns
WHERE table_name IN ('queue_report', 'agent_report', 'wait_report', 'interaction_report', 'staffing_report', 'abandoned_interactions', 'interactions')
  AND doc <> '';

-- == warehouse: one row: when what is known begins and ends
SELECT cdr_local(min(start_time), :zone) AS first_local, cdr_local(max(start_time), :zone) AS last_local FROM interaction;
