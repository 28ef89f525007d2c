-- agent_report: the same from the stored figures, up to where agent_report.sql goes on with the rows
--
-- :days is 1 where the intervals consist of days of the reporting zone, and 0 where they consist of quarter hours. Offers, and what is known of
-- conversations, count where the agent was asked, which is their credit by arrival; the parts of spans count where they lie, which is their credit by
-- event. What agents' states say of after-call work is not stored: it comes from the states.
-- when :credit = 'clip'

WITH calendar AS MATERIALIZED (
  SELECT +interval_start AS interval_start, interval_local, utc_offset, fold FROM cdr_intervals(:from, :to, :interval, :zone)
),
-- After the time, both tables have the same columns.
stored AS (
  SELECT a.* FROM agent_interval AS a WHERE :days = 0 AND a.interval_start >= :from AND a.interval_start < :to
  UNION ALL
  SELECT a.* FROM agent_day_total AS a
  WHERE :days = 1 AND a.day >= substr(cdr_local(:from, :zone), 1, 10) AND a.day < substr(cdr_local(:to, :zone), 1, 10)
),
summed AS (
  SELECT ifnull(cdr_bucket(iif(:days, cdr_time(r.interval_start, :zone), r.interval_start), :interval, :zone), :from) AS interval_start, r.vendor, r.source, r.agent_id,
    min(r.agent_name) AS least_name, max(r.agent_name) AS greatest_name, sum(iif(r.credit = 'arrival', r.offered, 0)) AS offered, sum(iif(r.credit = 'arrival', r.answered, 0)) AS answered,
    sum(iif(r.credit = 'arrival', r.missed, 0)) AS missed, sum(iif(r.credit = 'arrival', r.missed_by_agent, 0)) AS missed_by_agent,
    sum(iif(r.credit = 'arrival', r.rejected, 0)) AS rejected, sum(iif(r.credit = 'event', r.transferred_out, 0)) AS transferred_out,
    sum(iif(r.credit = 'event', r.talk_seconds, NULL)) AS talk, sum(iif(r.credit = 'event', r.hold_seconds, NULL)) AS hold,
    sum(iif(r.credit = 'event', r.acw_seconds, NULL)) AS acw, sum(iif(r.credit = 'event', r.ring_seconds, NULL)) AS ring,
    sum(iif(r.credit = 'event', r.handle_seconds, NULL)) AS handle_begun, sum(iif(r.credit = 'event', r.handled, 0)) AS handled,
    total(iif(r.credit = 'event', r.logged_in_seconds, NULL)) AS logged_in, total(iif(r.credit = 'event', r.available_seconds, NULL)) AS available,
    total(iif(r.credit = 'event', r.break_seconds, NULL)) AS break, total(iif(r.credit = 'event', r.unpaid_break_seconds, NULL)) AS unpaid,
    max(r.credit = 'event' AND r.state_parts > 0) AS has_states, sum(iif(r.credit = 'arrival', r.talk_parts, 0)) AS talk_known,
    sum(iif(r.credit = 'arrival', r.hold_parts, 0)) AS hold_known, sum(iif(r.credit = 'arrival', r.acw_parts, 0)) AS acw_known
  FROM stored AS r
  WHERE iif(r.credit = 'arrival', r.offered + r.talk_parts + r.hold_parts + r.acw_parts, r.talk_parts + r.hold_parts + r.acw_parts + r.ring_parts + r.state_parts + r.handled + r.transferred_out) > 0
  GROUP BY 1, 4, 2, 3
),
-- Spans within one interval first, then those that cross a boundary.
acw_state AS MATERIALIZED (
  SELECT vendor, source, agent_id, start_time, end_time, iif(:interval IS NULL, :from, cdr_bucket(start_time, :interval, :zone)) AS first,
    start_time >= :from AND end_time <= :to AND (:interval IS NULL OR cdr_bucket(start_time, :interval, :zone) = cdr_bucket(end_time, :interval, :zone)) AS is_within
  FROM agent_state
  WHERE agent_id IS NOT NULL AND start_time < :to AND end_time > :from AND state_category = 'ACW' AND start_time < end_time
),
after_call AS MATERIALIZED (
  SELECT interval_start, vendor, source, agent_id, sum(seconds) AS seconds
  FROM (
    SELECT first AS interval_start, vendor, source, agent_id, cdr_seconds(start_time, end_time) AS seconds
    FROM acw_state
    WHERE is_within
    UNION ALL
    SELECT iif(:interval IS NULL, :from, i.interval_start), s.vendor, s.source, s.agent_id,
      cdr_seconds(max(s.start_time, i.interval_start, :from), min(s.end_time, i.interval_end, :to))
    FROM acw_state AS s CROSS JOIN cdr_intervals(max(s.start_time, :from), min(s.end_time, :to), :interval, :zone) AS i
    WHERE NOT s.is_within
  )
  GROUP BY 1, 4, 2, 3
),
figure AS MATERIALIZED (
  SELECT interval_start, vendor, source, agent_id, least_name, greatest_name, offered, answered, missed, missed_by_agent, rejected, transferred_out, talk, hold, acw, ring,
    iif(coalesce(talk, hold, acw) IS NULL, NULL, ifnull(talk, 0) + ifnull(hold, 0) + ifnull(acw, 0)) AS handle, handle_begun, handled, logged_in, available,
    break, unpaid, ifnull(talk, 0) + ifnull(hold, 0) + max(ifnull(acw, 0), ifnull(c.seconds, 0)) + ifnull(ring, 0) AS work, talk_known, hold_known, acw_known,
    has_states
  FROM summed LEFT JOIN after_call AS c USING (interval_start, vendor, source, agent_id)
),
