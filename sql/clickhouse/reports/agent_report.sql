-- agent_report: one row per interval and agent, as libcdr's agent_report has them, to the last digit: offers belong to the interval in which
-- they began, spans are clipped to the intervals that they lie in, and every agent of the period has a row in each interval. Teams are those
-- of agent_team.
--
--   SELECT * FROM agent_report(from = '2024-05-02', to = '2024-05-03', interval = '1h', zone = 'Europe/Prague', credit = 'clip');
--
-- from (included) and to (not included) are UTC; interval is '15m', '30m', '1h', '1d', '1w', '1mo', or '' for one row for the whole period;
-- credit is 'clip', or 'start' or 'end' for all of a span where it starts or ends. Instants are whole milliseconds.
CREATE VIEW IF NOT EXISTS {database}.agent_report AS
WITH
toUnixTimestamp64Milli(parseDateTime64BestEffort({from:String}, 3, 'UTC')) AS period_start,
toUnixTimestamp64Milli(parseDateTime64BestEffort({to:String}, 3, 'UTC')) AS period_end,
-- The quarter hours that the period lies in, and where the interval of each begins, in order; the first one may begin before the period.
quarter AS (
  SELECT toInt64(at) * 1000 AS since, toInt64(multiIf({interval:String} = '15m', at - local % 900, {interval:String} = '30m', at - local % 1800,
      {interval:String} = '1h', at - local % 3600,
      {interval:String} = '1d', toUnixTimestamp(toStartOfDay(moment, {zone:String})),
      {interval:String} = '1w', toUnixTimestamp(toDateTime(toMonday(moment, {zone:String}), {zone:String})),
      {interval:String} = '1mo', toUnixTimestamp(toDateTime(toStartOfMonth(moment, {zone:String}), {zone:String})),
      toUnixTimestamp(parseDateTimeBestEffort({from:String}, 'UTC')))) * 1000 AS start
  FROM (
    SELECT toUInt32(arrayJoin(range(toUInt64(intDiv(toUnixTimestamp(parseDateTimeBestEffort({from:String}, 'UTC')), 900) * 900),
      toUInt64(toUnixTimestamp(parseDateTimeBestEffort({to:String}, 'UTC'))), 900))) AS at, toDateTime(at, 'UTC') AS moment,
      at + timezoneOffset(toTimeZone(moment, {zone:String})) AS local
  )
),
-- Each once for the whole query: what a span's intervals are must not cost more with their number. place_of: of a quarter hour, in starts.
(SELECT arraySort(groupUniqArray(start)) FROM quarter) AS starts,
(SELECT arrayMap(each -> each.2, arraySort(groupArray((since, place)))) FROM (
  SELECT since, toUInt32(1 + sum(since IN (SELECT start FROM quarter) AND since > starts[1]) OVER (ORDER BY since)) AS place FROM quarter)) AS place_of,
intDiv(period_start, 900000) AS first_quarter,
leg AS (
  SELECT interaction_key, dialog_id, vendor, source, agent_id, agent_name, active_seconds AS talk, hold_seconds AS hold, acw_seconds AS acw, ring_seconds AS ring,
    outcome, assumeNotNull(toUnixTimestamp64Milli(coalesce(serve_time, answer_time, start_time))) AS began,
    assumeNotNull(toUnixTimestamp64Milli(coalesce(alert_time, start_time))) AS rung,
    assumeNotNull(toUnixTimestamp64Milli(coalesce(hangup_time, serve_time, start_time))) AS hung_up
  FROM {database}.dialog
  WHERE agent_id IS NOT NULL AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
    AND (start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') OR hangup_time IS NULL
      OR toUnixTimestamp64Milli(hangup_time) + toInt64(round(ifNull(acw_seconds, 0) * 1000)) > toUnixTimestamp64Milli(parseDateTime64BestEffort({from:String}, 3, 'UTC')))
    AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
),
-- kind: what the seconds are; whole: their number, which may be less than the span's length.
span AS (
  SELECT each.1 AS kind, vendor, source, agent_id, agent_name, each.2 AS begin, each.2 + toInt64(round(each.3 * 1000)) AS end, each.4 AS whole
  FROM (
    SELECT vendor, source, agent_id, agent_name, arrayJoin(arrayFilter(part -> part.4 IS NOT NULL, [
      ('talk', began, talk + ifNull(hold, 0), talk), ('hold', began, ifNull(talk, 0) + hold, hold), ('acw', hung_up, acw, acw), ('ring', rung, ring, ring)])) AS each
    FROM leg
  )
  UNION ALL
  SELECT multiIf(state_category = 'AVAILABLE', 'available', state_category = 'BREAK' AND is_paid = 0, 'unpaid_break', state_category = 'BREAK', 'break', 'logged_in'),
    vendor, source, agent_id, agent_name, toUnixTimestamp64Milli(start_time), toUnixTimestamp64Milli(end_time),
    (toUnixTimestamp64Milli(end_time) - toUnixTimestamp64Milli(start_time)) / 1000
  FROM {database}.agent_state
  WHERE agent_id IS NOT NULL AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC') AND end_time > parseDateTime64BestEffort({from:String}, 3, 'UTC')
    AND state_category <> 'OFFLINE' AND start_time < end_time AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
),
-- Each span with the intervals that it belongs to.
placed AS (
  SELECT kind, vendor, source, agent_id, agent_name, assumeNotNull(begin) AS first, assumeNotNull(end) AS last, whole,
    if({credit:String} = 'end', last, first) AS instant,
    arrayJoin(if({credit:String} = 'clip' AND first < last,
      if(last > period_start AND first < period_end,
        range(place_of[greatest(intDiv(first, 900000) - first_quarter, 0) + 1],
          place_of[least(intDiv(last - 1, 900000) - first_quarter + 1, toInt64(length(place_of)))] + 1), []),
      if(instant >= period_start AND instant < period_end, [place_of[intDiv(instant, 900000) - first_quarter + 1]], []))) AS place
  FROM span
),
clipped AS (
  SELECT starts[place] AS bucket, kind, vendor, source, agent_id, agent_name,
    greatest(first, starts[place], period_start) AS since, least(last, if(place = length(starts), period_end, starts[place + 1]), period_end) AS until,
    if({credit:String} = 'clip' AND first < last, (intDiv(toInt64(round(whole * 1000)) * (until - first), greatest(last - first, 1))
      - intDiv(toInt64(round(whole * 1000)) * (since - first), greatest(last - first, 1))) / 1000, whole) AS seconds
  FROM placed
  WHERE NOT ({credit:String} = 'clip' AND first < last) OR since < until
),
-- handed_on: another agent had the conversation next, even after the period's end.
followed AS (
  SELECT interaction_key, dialog_id, max(is_other) AS handed_on
  FROM (
    SELECT interaction_key, dialog_id, ifNull(leadInFrame(toNullable(toString(agent_id))) OVER (PARTITION BY interaction_key
      ORDER BY coalesce(serve_time, answer_time, start_time) ASC NULLS FIRST, dialog_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) <> agent_id, 0) AS is_other
    FROM {database}.dialog
    WHERE agent_id IS NOT NULL AND outcome = 'ANSWERED' AND interaction_key IN (
      SELECT interaction_key FROM {database}.interaction WHERE transfer_count > 0 AND interaction_key IN (SELECT interaction_key FROM leg))
  )
  GROUP BY interaction_key, dialog_id
),
turn AS (
  SELECT l.vendor AS vendor, l.source AS source, l.agent_id AS agent_id, l.agent_name AS agent_name, l.began AS began, f.handed_on AS handed_on,
    toInt64(round((l.talk + ifNull(l.hold, 0) + ifNull(l.acw, 0)) * 1000)) AS handle_ms
  FROM leg AS l LEFT JOIN followed AS f ON f.interaction_key = l.interaction_key AND f.dialog_id = l.dialog_id
  WHERE l.outcome = 'ANSWERED'
),
part AS (
  SELECT bucket, vendor, source, agent_id, agent_name, kind, seconds, 0 AS offered, 0 AS answered, 0 AS missed, 0 AS missed_by_agent, 0 AS rejected,
    0 AS transferred_out, CAST(NULL AS Nullable(Int64)) AS handle_ms, 0 AS talk_known, 0 AS hold_known, 0 AS acw_known
  FROM clipped
  UNION ALL
  SELECT starts[place_of[intDiv(at, 900000) - first_quarter + 1]], vendor, source, agent_id, agent_name, '', NULL, 1, ifNull(outcome = 'ANSWERED', 0), ifNull(outcome <> 'ANSWERED', 0),
    ifNull(outcome IN ('NO_ANSWER', 'REJECTED'), 0), ifNull(outcome = 'REJECTED', 0), 0, NULL, 0, 0, 0
  FROM (
    SELECT vendor, source, agent_id, agent_name, outcome, assumeNotNull(toUnixTimestamp64Milli(offer_time)) AS at FROM {database}.agent_offer
    WHERE agent_id IS NOT NULL AND offer_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND offer_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
      AND day >= toDate(parseDateTimeBestEffort({from:String}, 'UTC')) AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
  ) AS o
  UNION ALL
  SELECT starts[place_of[intDiv(began, 900000) - first_quarter + 1]], vendor, source, agent_id, agent_name, '', NULL, 0, 0, 0, 0, 0, handed_on, handle_ms, 0, 0, 0
  FROM turn
  WHERE began >= period_start AND began < period_end
  UNION ALL
  SELECT starts[place_of[intDiv(rung, 900000) - first_quarter + 1]], vendor, source, agent_id, agent_name, '', NULL, 0, 0, 0, 0, 0, 0, NULL,
    toUInt8(talk IS NOT NULL), toUInt8(hold IS NOT NULL), toUInt8(acw IS NOT NULL)
  FROM leg
  WHERE rung >= period_start AND rung < period_end AND (talk IS NOT NULL OR hold IS NOT NULL OR acw IS NOT NULL)
),
figure AS (
  SELECT bucket, vendor, source, agent_id, max(e.agent_name) AS agent_name, sum(e.offered) AS offered, sum(e.answered) AS answered, sum(e.missed) AS missed,
    sum(e.missed_by_agent) AS missed_by_agent, sum(e.rejected) AS rejected, sum(e.transferred_out) AS transferred_out,
    sumIf(seconds, kind = 'talk') AS talk, sumIf(seconds, kind = 'hold') AS hold, sumIf(seconds, kind = 'acw') AS acw, sumIf(seconds, kind = 'ring') AS ring,
    sumIf(seconds, kind IN ('talk', 'hold', 'acw')) AS handle, sum(e.handle_ms) AS handle_begun, count(e.handle_ms) AS handled,
    sum(e.talk_known) AS talk_known, sum(e.hold_known) AS hold_known, sum(e.acw_known) AS acw_known,
    ifNull(sumIf(seconds, kind IN ('available', 'break', 'unpaid_break', 'logged_in')), 0) AS logged_in, ifNull(sumIf(seconds, kind = 'available'), 0) AS available,
    ifNull(sumIf(seconds, kind IN ('break', 'unpaid_break')), 0) AS break, ifNull(sumIf(seconds, kind = 'unpaid_break'), 0) AS unpaid,
    ifNull(sumIf(seconds, kind IN ('talk', 'hold', 'acw', 'ring')), 0) AS work, countIf(kind IN ('available', 'break', 'unpaid_break', 'logged_in')) AS states
  FROM (
    SELECT * FROM part
    UNION ALL
    SELECT c.start, a.vendor, a.source, a.agent_id, a.agent_name, '', NULL, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0
    FROM (SELECT arrayJoin(starts) AS start) AS c
      CROSS JOIN (SELECT vendor, source, agent_id, max(agent_name) AS agent_name FROM part GROUP BY vendor, source, agent_id) AS a
  ) AS e
  GROUP BY bucket, vendor, source, agent_id
)
SELECT fromUnixTimestamp64Milli(bucket, 'UTC') AS interval_start,
  toDateTime64(second + civil_offset, 3, 'UTC') AS interval_local,
  concat(if(civil_offset < 0, '-', '+'), leftPad(toString(intDiv(abs(civil_offset), 3600)), 2, '0'), ':',
    leftPad(toString(intDiv(abs(civil_offset) % 3600, 60)), 2, '0')) AS utc_offset,
  arrayExists(step -> timezoneOffset(toTimeZone(toDateTime(second - step, 'UTC'), {zone:String})) = civil_offset + step, [1800, 3600, 7200]) AS fold,
  vendor, source, agent_id, agent_name, nullIf(tupleElement(arrayLast(each -> tupleElement(each, 1) <= toString(toDate(interval_local)), teams), 2), '') AS team,
  offered, answered, missed, missed_by_agent, rejected, transferred_out,
  floor(talk * 1000 + 0.5) / 1000 AS talk_seconds, floor(hold * 1000 + 0.5) / 1000 AS hold_seconds, floor(acw * 1000 + 0.5) / 1000 AS acw_seconds,
  floor(ring * 1000 + 0.5) / 1000 AS ring_seconds, floor(handle * 1000 + 0.5) / 1000 AS handle_seconds,
  if(handled = 0, NULL, intDiv(2 * handle_begun + toInt64(handled), 2 * greatest(toInt64(handled), 1)) / 1000) AS aht_seconds,
  if(tells_states, floor(logged_in * 1000 + 0.5) / 1000, NULL) AS logged_in_seconds, if(tells_states, floor(available * 1000 + 0.5) / 1000, NULL) AS available_seconds,
  if(tells_states, floor(break * 1000 + 0.5) / 1000, NULL) AS break_seconds,
  if(tells_states AND work + available > 0, (floor(work * 1000 + 0.5) / 1000) / (floor((work + available) * 1000 + 0.5) / 1000), NULL) AS occupancy,
  if(tells_states AND logged_in - unpaid > 0, (floor(work * 1000 + 0.5) / 1000) / (floor((logged_in - unpaid) * 1000 + 0.5) / 1000), NULL) AS utilisation,
  talk_known, hold_known, acw_known
FROM (SELECT *, sum(states) OVER (PARTITION BY vendor, source, agent_id) > 0 AS tells_states, intDiv(bucket, 1000) AS second,
    timezoneOffset(toTimeZone(toDateTime(second, 'UTC'), {zone:String})) AS civil_offset
  FROM figure LEFT JOIN (SELECT vendor, source, agent_id, arraySort(groupArray((valid_from, team))) AS teams FROM {database}.agent_team
    GROUP BY vendor, source, agent_id) AS t USING (vendor, source, agent_id))
ORDER BY interval_start, vendor, source, agent_id;
