-- agent_interval: the contribution of each offer, conversation and state to the figures of a quarter hour.
--
-- A contribution that is the same by arrival and by event is one row with the credit 'both'. Columns: the number of the interaction, or of the
-- records with the state; the number of the quarter hour (from 0001-01-01 00:00 UTC); then the columns of agent_interval from vendor on. Times are
-- whole milliseconds (from that day), so that sums are the same in any order. The interactions are those from :first to :last. handed_on: another
-- agent had the conversation next (see reports/parts/agent_turn.sql), and the vendor says that it was transferred. Ringing is that of offers,
-- answered or not; the side's own ringing counts if no offer says when and for how long its agent was rung. If something lasts longer than
-- :most_quarters quarter hours, only that time is counted: the vendor's times are wrong then, and one such record would have millions of parts.
-- Neither is time after :last_quarter, the end of the year 9999, which no timestamp can name.
WITH RECURSIVE talked AS NOT MATERIALIZED (
  SELECT d.rowid AS id, d.interaction_key, d.agent_id, coalesce(d.serve_time, d.answer_time, d.start_time, d.alert_time) AS began, d.dialog_id,
    ifnull(d.hangup_time, 'never') AS ended
  FROM main.interaction AS i CROSS JOIN main.fact_dialog AS d ON d.interaction_key = i.interaction_key
  WHERE i.interaction_key BETWEEN :first AND :last AND i.transfer_count > 0 AND d.agent_id IS NOT NULL AND d.outcome = 'ANSWERED'
),
-- The ringing of offers that say when and for how long their agent was rung.
ringing AS NOT MATERIALIZED (
  SELECT interaction_key, vendor, source, agent_id, agent_name, dialog_id, CAST(round(ring_seconds * 1000) AS INTEGER) AS ring,
    (unixepoch(offer_time) + 62135596800) * 1000 + substr(offer_time, 21, 3) AS at
  FROM main.agent_offer
  WHERE interaction_key BETWEEN :first AND :last AND agent_id IS NOT NULL AND offer_time IS NOT NULL AND ring_seconds IS NOT NULL
),
-- IN looks these up in an index that SQLite makes of them; a join might go through all of them for each dialog.
dialog AS NOT MATERIALIZED (
  SELECT d.interaction_key, d.vendor, d.source, d.agent_id, d.agent_name, i.direction, d.outcome,
    d.rowid IN (SELECT id FROM agent_turn WHERE next_agent_id <> agent_id) AS handed_on,
    CAST(round(d.active_seconds * 1000) AS INTEGER) AS talk, CAST(round(d.hold_seconds * 1000) AS INTEGER) AS hold,
    CAST(round(d.acw_seconds * 1000) AS INTEGER) AS acw,
    iif((d.interaction_key, d.dialog_id) IN (SELECT interaction_key, dialog_id FROM ringing WHERE dialog_id IS NOT NULL), NULL,
      CAST(round(d.ring_seconds * 1000) AS INTEGER)) AS ring,
    coalesce(d.serve_time, d.answer_time, d.start_time, d.alert_time) AS began, coalesce(d.alert_time, d.start_time, d.answer_time, d.serve_time) AS rung,
    coalesce(d.hangup_time, d.serve_time, d.start_time, d.alert_time, d.answer_time) AS hung_up
  FROM main.fact_dialog AS d CROSS JOIN main.interaction AS i ON i.interaction_key = d.interaction_key
  WHERE d.interaction_key BETWEEN :first AND :last AND d.agent_id IS NOT NULL
),
-- An agent's side with something to count, or the ringing of an offer.
leg AS MATERIALIZED (
  SELECT interaction_key, vendor, source, agent_id, direction, agent_name, talk, hold, acw, ring,
    iif(outcome = 'ANSWERED' AND talk IS NOT NULL, talk + ifnull(hold, 0) + ifnull(acw, 0), NULL) AS handle,
    (unixepoch(rung) + 62135596800) * 1000 + substr(rung, 21, 3) AS rung,
    (unixepoch(began) + 62135596800) * 1000 + substr(began, 21, 3) AS began,
    (unixepoch(hung_up) + 62135596800) * 1000 + substr(hung_up, 21, 3) AS hung_up,
    handed_on
  FROM dialog AS d
  WHERE began IS NOT NULL AND (talk IS NOT NULL OR hold IS NOT NULL OR acw IS NOT NULL OR ring IS NOT NULL OR handed_on)
  UNION ALL
  SELECT r.interaction_key, r.vendor, r.source, r.agent_id, i.direction, r.agent_name, NULL, NULL, NULL, r.ring, NULL, r.at, r.at, r.at, 0
  FROM ringing AS r CROSS JOIN main.interaction AS i ON i.interaction_key = r.interaction_key
),
placed AS NOT MATERIALIZED (
  SELECT interaction_key, vendor, source, agent_id, direction, agent_name, talk, hold, acw, ring, handle, rung, began,
    began + ifnull(talk, 0) + ifnull(hold, 0) AS talked, hung_up, handed_on, min(rung, began, hung_up) / 900000 AS first,
    min(max(rung + max(ifnull(ring, 0) - 1, 0), began, began + ifnull(talk, 0) + ifnull(hold, 0) - 1, hung_up + max(ifnull(acw, 0) - 1, 0)) / 900000,
      :last_quarter) AS last
  FROM leg
),
-- The quarter hours of spans that cover several of them, each with its part of the span. The part of a span before an instant is rounded down, so
-- that the parts add up to the whole.
crossing AS (
  SELECT first AS quarter, first * 900000 AS since, (first + 1) * 900000 AS until, p.* FROM placed AS p WHERE first < last
  UNION ALL
  SELECT quarter + 1, until, until + 900000, interaction_key, vendor, source, agent_id, direction, agent_name, talk, hold, acw, ring, handle, rung, began,
    talked, hung_up, handed_on, first, last
  FROM crossing
  WHERE quarter < min(last, first + :most_quarters)
),
clipped AS (
  SELECT interaction_key, quarter, vendor, source, agent_id, direction, agent_name,
    iif(quarter = began / 900000, handed_on, 0) AS handed_on, iif(quarter = began / 900000, handle, NULL) AS handle,
    iif(began < until AND (talked > since OR (talked = began AND began >= since)),
      CASE WHEN until >= talked THEN talk WHEN until <= began THEN 0 ELSE CAST(1.0 * talk * (until - began) / (talked - began) AS INTEGER) END
      - CASE WHEN since >= talked THEN talk WHEN since <= began THEN 0 ELSE CAST(1.0 * talk * (since - began) / (talked - began) AS INTEGER) END, NULL) AS talk,
    iif(began < until AND (talked > since OR (talked = began AND began >= since)),
      CASE WHEN until >= talked THEN hold WHEN until <= began THEN 0 ELSE CAST(1.0 * hold * (until - began) / (talked - began) AS INTEGER) END
      - CASE WHEN since >= talked THEN hold WHEN since <= began THEN 0 ELSE CAST(1.0 * hold * (since - began) / (talked - began) AS INTEGER) END, NULL) AS hold,
    iif(hung_up < until AND ((hung_up + acw) > since OR ((hung_up + acw) = hung_up AND hung_up >= since)),
      CASE WHEN until >= (hung_up + acw) THEN acw WHEN until <= hung_up THEN 0 ELSE CAST(1.0 * acw * (until - hung_up) / ((hung_up + acw) - hung_up) AS INTEGER) END
      - CASE WHEN since >= (hung_up + acw) THEN acw WHEN since <= hung_up THEN 0 ELSE CAST(1.0 * acw * (since - hung_up) / ((hung_up + acw) - hung_up) AS INTEGER) END, NULL) AS acw,
    iif(rung < until AND ((rung + ring) > since OR ((rung + ring) = rung AND rung >= since)),
      CASE WHEN until >= (rung + ring) THEN ring WHEN until <= rung THEN 0 ELSE CAST(1.0 * ring * (until - rung) / ((rung + ring) - rung) AS INTEGER) END
      - CASE WHEN since >= (rung + ring) THEN ring WHEN since <= rung THEN 0 ELSE CAST(1.0 * ring * (since - rung) / ((rung + ring) - rung) AS INTEGER) END, NULL) AS ring
  FROM crossing
),
side AS (
  SELECT interaction_key, rung / 900000 AS quarter, vendor, source, agent_id, direction, iif(first = last, 'both', 'arrival') AS credit, agent_name,
    handed_on, handle, talk, hold, acw, ring
  FROM placed
  UNION ALL
  SELECT interaction_key, quarter, vendor, source, agent_id, direction, 'event', agent_name, handed_on, handle, talk, hold, acw, ring
  FROM clipped
  WHERE talk IS NOT NULL OR hold IS NOT NULL OR acw IS NOT NULL OR ring IS NOT NULL OR handed_on
),
offer AS MATERIALIZED (
  SELECT o.interaction_key, o.vendor, o.source, o.agent_id, i.direction, o.agent_name, o.outcome,
    (unixepoch(o.offer_time) + 62135596800) / 900 AS began, (unixepoch(ifnull(o.end_time, o.offer_time)) + 62135596800) / 900 AS ended
  FROM main.agent_offer AS o CROSS JOIN main.interaction AS i ON i.interaction_key = o.interaction_key
  WHERE o.interaction_key BETWEEN :first AND :last AND o.agent_id IS NOT NULL AND o.offer_time IS NOT NULL
),
asked AS (
  SELECT interaction_key, began AS quarter, vendor, source, agent_id, direction, iif(outcome IS NULL OR began = ended, 'both', 'arrival') AS credit, agent_name,
    1 AS offered, outcome
  FROM offer
  UNION ALL
  SELECT interaction_key, began, vendor, source, agent_id, direction, 'event', agent_name, 1, NULL FROM offer
  WHERE outcome IS NOT NULL AND began <> ended
  UNION ALL
  SELECT interaction_key, ended, vendor, source, agent_id, direction, 'event', agent_name, 0, outcome FROM offer
  WHERE outcome IS NOT NULL AND began <> ended
),
state AS (
  SELECT f.component, f.vendor, f.source, f.agent_id, f.agent_name, f.state_category, f.is_paid,
    (unixepoch(f.start_time) + 62135596800) * 1000 + substr(f.start_time, 21, 3) AS began,
    (unixepoch(f.end_time) + 62135596800) * 1000 + substr(f.end_time, 21, 3) AS ended
  FROM main.fact_agent_state AS f
  WHERE f.component BETWEEN :first AND :last AND f.agent_id IS NOT NULL AND f.state_category <> 'OFFLINE' AND f.start_time < f.end_time
),
lasting AS (
  SELECT began / 900000 AS quarter, began / 900000 * 900000 AS since, s.* FROM state AS s
  UNION ALL
  SELECT quarter + 1, since + 900000, component, vendor, source, agent_id, agent_name, state_category, is_paid, began, ended
  FROM lasting
  WHERE since + 900000 < ended AND quarter < began / 900000 + :most_quarters
),
present AS (
  SELECT component, quarter, vendor, source, agent_id, agent_name, state_category, is_paid, min(ended, since + 900000) - max(began, since) AS part FROM lasting
)
SELECT interaction_key, quarter, vendor, source, agent_id, direction, credit, agent_name, 0, 0, 0, 0, 0, handed_on, handle IS NOT NULL, handle,
  talk IS NOT NULL, talk, hold IS NOT NULL, hold, acw IS NOT NULL, acw, ring IS NOT NULL, ring, 0, NULL, NULL, NULL, NULL
FROM side
UNION ALL
SELECT interaction_key, quarter, vendor, source, agent_id, direction, credit, agent_name, offered, ifnull(outcome = 'ANSWERED', 0),
  ifnull(outcome <> 'ANSWERED', 0), ifnull(outcome IN ('NO_ANSWER', 'REJECTED'), 0), ifnull(outcome = 'REJECTED', 0), 0, 0, NULL,
  0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL
FROM asked
UNION ALL
SELECT component, quarter, vendor, source, agent_id, NULL, 'both', agent_name, 0, 0, 0, 0, 0, 0, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL,
  1, part, iif(state_category = 'AVAILABLE', part, 0), iif(state_category = 'BREAK', part, 0), iif(state_category = 'BREAK' AND is_paid = 0, part, 0)
FROM present;
