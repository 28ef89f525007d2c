-- agent_report: one row per interval and agent: what was offered, what became of it, and how the time was spent
--
-- Every agent of the period has a row in each interval. Offers belong to the interval in which they began. Spans are clipped: each interval
-- has the part that lies in it, conversation and hold in proportion to their share of the whole; credit puts them where they start or end
-- instead. Parts are whole milliseconds: the part before an instant is rounded down, so that the parts add up to the whole. A state whose
-- end is not known does not count. The report reads the stored figures where they give the same result: for clipped spans, and intervals
-- that consist of whole quarter hours or of whole days of the reporting zone.
-- argument from, to, interval, zone
-- argument credit 'clip' | 'start' | 'end' = 'clip': the part of a span that belongs to an interval: clip, the part inside it; start or
--   end, all of it where it starts or ends
-- column interval_start, interval_local, utc_offset, fold, vendor, source, agent_id, agent_name
-- column team TEXT: the agent's team at the beginning of the interval, from agent_team; NULL where it has no row
-- column offered INTEGER: times the agent was asked to take an interaction
-- column answered INTEGER: those of them that the agent answered, perhaps after the interval
-- column missed INTEGER: offers that ended without an answer, no matter who ended them
-- column missed_by_agent INTEGER: those that the agent refused or did not take, without those that the customer or a colleague ended
-- column rejected INTEGER: those that the agent refused
-- column transferred_out INTEGER: conversations of the agent after which another agent had the interaction, if the vendor says that it was
--   transferred; they count where they began. Agents who were only asked meanwhile and left earlier do not count as having had it
-- column talk_seconds DOUBLE: conversation, hold not included; NULL where none is known
-- column hold_seconds DOUBLE: hold; NULL where none is known
-- column acw_seconds DOUBLE: after-call work; NULL where none is known
-- column ring_seconds DOUBLE: ringing of the agent's offers, whether answered or not; NULL where none is known. Where no offer says when
--   and how long the agent was rung, the ringing of the agent's side
-- column handle_seconds DOUBLE: conversation, hold and after-call work, as far as they are known
-- column aht_seconds DOUBLE: handle time of the conversations that begin in the interval, on average
-- column logged_in_seconds DOUBLE: time in any state except OFFLINE; NULL where the vendor reports no states of the agent. A state whose end is
--   not known, such as the last one of an export, does not count here or below; data_quality says how many there are
-- column available_seconds DOUBLE: time in which the agent was free to take an interaction
-- column break_seconds DOUBLE: breaks
-- column occupancy DOUBLE: (conversation + hold + after-call work + ringing) / (the same + available), 0 to 1; NULL without states, and too
--   high where the vendor reports states for only a part of the time that the agent worked: compare logged_in_seconds. After-call work here
--   is that of the conversations or that of the agent's states, whichever is longer, because Alibaba's calls do not report it
-- column utilisation DOUBLE: the same work / paid time, which is logged_in without unpaid breaks; it may exceed 1 for the same reason
-- column talk_known INTEGER: interactions that the agent was asked to take in the interval and whose length of conversation is known
-- column hold_known INTEGER: those interactions whose hold time is known
-- column acw_known INTEGER: those interactions whose after-call work is known

WITH side AS NOT MATERIALIZED (
  SELECT d.interaction_key, d.dialog_id, d.vendor, d.source, d.agent_id, d.agent_name, d.active_seconds AS talk, d.hold_seconds AS hold, d.acw_seconds AS acw,
    d.ring_seconds AS ring, coalesce(d.serve_time, d.answer_time, d.start_time, d.alert_time) AS began,
    coalesce(d.alert_time, d.start_time, d.answer_time, d.serve_time) AS rung,
    coalesce(d.hangup_time, d.serve_time, d.start_time, d.alert_time, d.answer_time) AS hung_up, d.outcome, d.start_time, d.hangup_time
  FROM dialog AS d
),
-- Lengths as the vendor reports them may reach beyond the hang-up, and a side's other times may be before its start, by up to a day. Most sides ended more
-- than a day before the period: of those, only lengths of a day or more are added to a time.
leg AS MATERIALIZED (
  SELECT s.interaction_key, s.dialog_id, s.vendor, s.source, s.agent_id, s.agent_name, s.talk, s.hold, s.acw, s.ring, s.began, s.rung, s.hung_up, s.outcome
  FROM side AS s
  WHERE s.agent_id IS NOT NULL AND s.began IS NOT NULL
    AND (s.start_time < ifnull(strftime('%Y-%m-%d %H:%M:%f', :to, '+1 day'), :to) OR s.start_time IS NULL)
    AND (s.start_time < :to OR min(s.began, s.rung, s.hung_up) < :to)
    AND (s.start_time >= :from OR s.hangup_time IS NULL OR s.hangup_time >= :from
      OR ((s.hangup_time >= strftime('%Y-%m-%d %H:%M:%f', :from, '-1 day') OR s.start_time >= strftime('%Y-%m-%d %H:%M:%f', :from, '-1 day')
          OR s.began >= strftime('%Y-%m-%d %H:%M:%f', :from, '-1 day') OR s.rung >= strftime('%Y-%m-%d %H:%M:%f', :from, '-1 day')
          OR s.talk >= 43200 OR s.hold >= 43200 OR s.ring >= 86400 OR s.acw >= 86400)
        AND max(strftime('%Y-%m-%d %H:%M:%f', s.began, (ifnull(s.talk, 0) + ifnull(s.hold, 0)) || ' seconds'),
          strftime('%Y-%m-%d %H:%M:%f', s.rung, ifnull(s.ring, 0) || ' seconds'),
          strftime('%Y-%m-%d %H:%M:%f', s.hung_up, ifnull(s.acw, 0) || ' seconds')) >= :from))
),
-- Ringing is that of offers. A side's own ringing counts if no offer says when and for how long its agent was rung.
ringing AS MATERIALIZED (
  SELECT vendor, source, agent_id, agent_name, offer_time AS rung, ring_seconds AS ring
  FROM agent_offer
  WHERE agent_id IS NOT NULL AND ring_seconds IS NOT NULL AND offer_time < :to AND (offer_time >= :from OR end_time IS NULL OR end_time >= :from
    OR ((offer_time >= strftime('%Y-%m-%d %H:%M:%f', :from, '-1 day') OR ring_seconds >= 86400)
      AND strftime('%Y-%m-%d %H:%M:%f', offer_time, ring_seconds || ' seconds') >= :from))
  UNION ALL
  SELECT l.vendor, l.source, l.agent_id, l.agent_name, l.rung, l.ring
  FROM leg AS l
  WHERE l.ring IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM agent_offer AS o
    WHERE o.interaction_key = l.interaction_key AND o.dialog_id = l.dialog_id AND o.agent_id IS NOT NULL AND o.offer_time IS NOT NULL AND o.ring_seconds IS NOT NULL)
),
-- kind: the kind of seconds; whole: their number, which may be less than the span's length.
span AS MATERIALIZED (
  SELECT 'talk' AS kind, vendor, source, agent_id, agent_name, began AS begin, strftime('%Y-%m-%d %H:%M:%f', began, (talk + ifnull(hold, 0)) || ' seconds') AS "end", talk AS whole
  FROM leg WHERE talk IS NOT NULL
  UNION ALL
  SELECT 'hold', vendor, source, agent_id, agent_name, began, strftime('%Y-%m-%d %H:%M:%f', began, (ifnull(talk, 0) + hold) || ' seconds'), hold FROM leg WHERE hold IS NOT NULL
  UNION ALL
  SELECT 'acw', vendor, source, agent_id, agent_name, hung_up, strftime('%Y-%m-%d %H:%M:%f', hung_up, acw || ' seconds'), acw FROM leg WHERE acw IS NOT NULL
  UNION ALL
  SELECT 'ring', vendor, source, agent_id, agent_name, rung, strftime('%Y-%m-%d %H:%M:%f', rung, ring || ' seconds'), ring FROM ringing
  UNION ALL
  SELECT CASE state_category WHEN 'AVAILABLE' THEN 'available' WHEN 'BREAK' THEN iif(is_paid = 0, 'unpaid_break', 'break') WHEN 'ACW' THEN 'acw_state' ELSE 'logged_in' END,
    vendor, source, agent_id, agent_name, start_time, end_time, cdr_seconds(start_time, end_time)
  FROM agent_state
  WHERE agent_id IS NOT NULL AND start_time < :to AND end_time >= :from AND state_category <> 'OFFLINE' AND start_time < end_time
),
-- Spans within one interval first, then those that cross a boundary, then those that belong where they start or end.
clipped AS (
  SELECT cdr_bucket(begin, :interval, :zone) AS interval_start, kind, vendor, source, agent_id, agent_name, whole AS seconds
  FROM span
  WHERE :credit = 'clip' AND :interval IS NOT NULL AND begin >= :from AND begin < :to AND "end" <= :to
    AND ("end" <= begin OR cdr_bucket(begin, :interval, :zone) = cdr_bucket("end", :interval, :zone))
  UNION ALL
  SELECT iif(:interval IS NULL, :from, i.interval_start), s.kind, s.vendor, s.source, s.agent_id, s.agent_name,
    (CAST(round(1000 * s.whole) AS INTEGER) * CAST(round(1000 * cdr_seconds(s.begin, min(s."end", i.interval_end, :to))) AS INTEGER) / CAST(round(1000 * cdr_seconds(s.begin, s."end")) AS INTEGER)
      - CAST(round(1000 * s.whole) AS INTEGER) * CAST(round(1000 * cdr_seconds(s.begin, max(s.begin, i.interval_start, :from))) AS INTEGER) / CAST(round(1000 * cdr_seconds(s.begin, s."end")) AS INTEGER)) / 1000.0
  FROM span AS s CROSS JOIN cdr_intervals(max(s.begin, :from), min(s."end", :to), :interval, :zone) AS i
  WHERE :credit = 'clip' AND s.begin < s."end" AND s.begin < :to AND s."end" > :from
    AND NOT (:interval IS NOT NULL AND s.begin >= :from AND s."end" <= :to AND cdr_bucket(s.begin, :interval, :zone) = cdr_bucket(s."end", :interval, :zone))
  UNION ALL
  SELECT ifnull(cdr_bucket(iif(:credit = 'end', "end", begin), :interval, :zone), :from), kind, vendor, source, agent_id, agent_name, whole
  FROM span
  WHERE :credit <> 'clip' AND iif(:credit = 'end', "end", begin) >= :from AND iif(:credit = 'end', "end", begin) < :to
  UNION ALL
  SELECT :from, kind, vendor, source, agent_id, agent_name, whole
  FROM span
  WHERE :credit = 'clip' AND :interval IS NULL AND "end" <= begin AND begin >= :from AND begin < :to
),
-- handed_on: another agent had the conversation next, even after the period's end.
talked AS (
  SELECT d.interaction_key, d.dialog_id, d.agent_id, coalesce(d.serve_time, d.answer_time, d.start_time, d.alert_time) AS began, ifnull(d.hangup_time, 'never') AS ended
  FROM dialog AS d
  WHERE d.agent_id IS NOT NULL AND d.outcome = 'ANSWERED' AND d.interaction_key IN (
    SELECT i.interaction_key FROM leg AS l CROSS JOIN interaction AS i ON i.interaction_key = l.interaction_key WHERE i.transfer_count > 0)
),
transferred AS MATERIALIZED (
  SELECT interaction_key, dialog_id, max(next_agent_id <> agent_id) AS handed_on FROM agent_turn GROUP BY interaction_key, dialog_id
),
turn AS (
  SELECT l.*, t.handed_on
  FROM leg AS l LEFT JOIN transferred AS t ON t.interaction_key = l.interaction_key AND t.dialog_id = l.dialog_id
  WHERE l.outcome = 'ANSWERED' AND (l.talk IS NOT NULL OR t.handed_on)
),
part AS MATERIALIZED (
  SELECT interval_start, vendor, source, agent_id, min(agent_name) AS least_name, max(agent_name) AS greatest_name, kind, sum(seconds) AS seconds,
    0 AS offered, 0 AS answered, 0 AS missed, 0 AS missed_by_agent, 0 AS rejected, 0 AS transferred_out, NULL AS handle, 0 AS handled,
    0 AS talk_known, 0 AS hold_known, 0 AS acw_known
  FROM clipped
  GROUP BY interval_start, agent_id, kind, vendor, source
  UNION ALL
  SELECT ifnull(cdr_bucket(offer_time, :interval, :zone), :from) AS interval_start, vendor, source, agent_id, min(agent_name), max(agent_name), NULL, NULL,
    count(*), ifnull(sum(outcome = 'ANSWERED'), 0), ifnull(sum(outcome <> 'ANSWERED'), 0), ifnull(sum(outcome IN ('NO_ANSWER', 'REJECTED')), 0),
    ifnull(sum(outcome = 'REJECTED'), 0), 0, NULL, 0, 0, 0, 0
  FROM agent_offer
  WHERE agent_id IS NOT NULL AND offer_time >= :from AND offer_time < :to
  GROUP BY interval_start, agent_id, vendor, source
  UNION ALL
  SELECT ifnull(cdr_bucket(began, :interval, :zone), :from) AS interval_start, vendor, source, agent_id, min(agent_name), max(agent_name), NULL, NULL, 0, 0, 0, 0, 0,
    ifnull(sum(handed_on), 0),
    sum(talk + ifnull(hold, 0) + ifnull(acw, 0)), count(talk), 0, 0, 0
  FROM turn AS t
  WHERE began >= :from AND began < :to
  GROUP BY interval_start, agent_id, vendor, source
  UNION ALL
  SELECT ifnull(cdr_bucket(rung, :interval, :zone), :from) AS interval_start, vendor, source, agent_id, min(agent_name), max(agent_name), NULL, NULL, 0, 0, 0, 0, 0, 0, NULL, 0,
    count(talk), count(hold), count(acw)
  FROM leg
  WHERE rung >= :from AND rung < :to AND (talk IS NOT NULL OR hold IS NOT NULL OR acw IS NOT NULL)
  GROUP BY interval_start, agent_id, vendor, source
),
calendar AS MATERIALIZED (
  SELECT +interval_start AS interval_start, interval_local, utc_offset, fold FROM cdr_intervals(:from, :to, :interval, :zone)
),
figure AS MATERIALIZED (
  SELECT interval_start, vendor, source, agent_id, min(least_name) AS least_name, max(greatest_name) AS greatest_name, sum(offered) AS offered, sum(answered) AS answered, sum(missed) AS missed,
    sum(missed_by_agent) AS missed_by_agent, sum(rejected) AS rejected, sum(transferred_out) AS transferred_out,
    sum(iif(kind = 'talk', seconds, NULL)) AS talk, sum(iif(kind = 'hold', seconds, NULL)) AS hold, sum(iif(kind = 'acw', seconds, NULL)) AS acw,
    sum(iif(kind = 'ring', seconds, NULL)) AS ring, sum(iif(kind IN ('talk', 'hold', 'acw'), seconds, NULL)) AS handle, sum(handle) AS handle_begun, sum(handled) AS handled,
    total(iif(kind IN ('available', 'break', 'unpaid_break', 'acw_state', 'logged_in'), seconds, NULL)) AS logged_in, total(iif(kind = 'available', seconds, NULL)) AS available,
    total(iif(kind IN ('break', 'unpaid_break'), seconds, NULL)) AS break, total(iif(kind = 'unpaid_break', seconds, NULL)) AS unpaid,
    total(iif(kind IN ('talk', 'hold', 'ring'), seconds, NULL)) + max(total(iif(kind = 'acw', seconds, NULL)), total(iif(kind = 'acw_state', seconds, NULL))) AS work,
    sum(talk_known) AS talk_known, sum(hold_known) AS hold_known, sum(acw_known) AS acw_known,
    ifnull(max(kind IN ('available', 'break', 'unpaid_break', 'acw_state', 'logged_in')), 0) AS has_states
  FROM part
  GROUP BY interval_start, vendor, source, agent_id
),
-- ==== The rows, of figures from here or from stored/agent_report.sql

found AS MATERIALIZED (
  SELECT vendor, source, agent_id, min(least_name) AS least_name, max(greatest_name) AS greatest_name, max(has_states) AS has_states
  FROM figure GROUP BY vendor, source, agent_id
),
several_names AS (
  SELECT vendor, source, agent_id FROM found WHERE least_name <> greatest_name
),
-- Every agent of the period has a row in every interval, in this order, which the nested loops below keep.
agent_of_period AS MATERIALIZED (
  SELECT f.vendor, f.source, f.agent_id, ifnull(n.agent_name, f.greatest_name) AS agent_name, f.has_states
  FROM found AS f LEFT JOIN agent_last_name AS n ON n.agent_id = f.agent_id AND n.vendor = f.vendor AND n.source = f.source
  ORDER BY f.vendor, f.source, f.agent_id
)
SELECT c.interval_start, c.interval_local, c.utc_offset, c.fold, a.vendor, a.source, a.agent_id, a.agent_name,
  (SELECT t.team FROM agent_team AS t WHERE t.vendor = a.vendor AND t.source = a.source AND t.agent_id = a.agent_id
     AND t.valid_from <= substr(c.interval_local, 1, 10) ORDER BY t.valid_from DESC LIMIT 1),
  ifnull(f.offered, 0), ifnull(f.answered, 0), ifnull(f.missed, 0), ifnull(f.missed_by_agent, 0), ifnull(f.rejected, 0), ifnull(f.transferred_out, 0),
  round(f.talk, 3), round(f.hold, 3), round(f.acw, 3), round(f.ring, 3), round(f.handle, 3), round(round(f.handle_begun, 3) / f.handled, 3),
  iif(a.has_states, round(ifnull(f.logged_in, 0.0), 3), NULL), iif(a.has_states, round(ifnull(f.available, 0.0), 3), NULL),
  iif(a.has_states, round(ifnull(f.break, 0.0), 3), NULL), iif(a.has_states, round(f.work, 3) / nullif(round(f.work + f.available, 3), 0), NULL),
  iif(a.has_states, round(f.work, 3) / nullif(round(f.logged_in - f.unpaid, 3), 0), NULL),
  ifnull(f.talk_known, 0), ifnull(f.hold_known, 0), ifnull(f.acw_known, 0)
FROM calendar AS c CROSS JOIN agent_of_period AS a
LEFT JOIN figure AS f ON f.interval_start = c.interval_start AND f.agent_id = a.agent_id AND f.vendor = a.vendor AND f.source = a.source;
