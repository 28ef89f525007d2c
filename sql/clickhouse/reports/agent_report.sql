-- agent_report: one row per interval and agent, with the same rows and figures as libcdr's agent_report, to the last digit: offers belong to the
-- interval in which they began, spans are clipped to their intervals, and every agent of the period has a row in each interval. An agent whose name
-- changed has the last one in the period. Teams are those of agent_team.
--
--   SELECT * FROM agent_report(from = '2024-05-02', to = '2024-05-03', interval = '1h', zone = 'Europe/Prague', credit = 'clip');
--
-- from (included) and to (excluded) are UTC; interval is '15m', '30m', '1h', '1d', '1w', '1mo', or '' for one row for the whole period; credit is
-- 'clip', or 'start' or 'end' to count a whole span where it starts or ends. Instants are whole milliseconds.
CREATE VIEW IF NOT EXISTS {database}.agent_report AS
WITH
toUnixTimestamp64Milli(parseDateTime64BestEffort({from:String}, 3, 'UTC')) AS period_start,
toUnixTimestamp64Milli(parseDateTime64BestEffort({to:String}, 3, 'UTC')) AS period_end,
-- The quarter hours of the period, in order, each with the beginning of its interval; the first interval may begin before the period.
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
-- Computed once for the whole query, so that the cost of a span does not grow with the number of intervals. place_of maps a quarter hour to a place
-- in starts.
(SELECT arraySort(groupUniqArray(start)) FROM quarter) AS starts,
(SELECT arrayMap(each -> each.2, arraySort(groupArray((since, place)))) FROM (
  SELECT since, toUInt32(1 + sum(since IN (SELECT start FROM quarter) AND since > starts[1]) OVER (ORDER BY since)) AS place FROM quarter)) AS place_of,
intDiv(period_start, 900000) AS first_quarter,
leg AS (
  SELECT interaction_key, dialog_id, vendor, source, agent_id, agent_name, toUnixTimestamp64Milli(start_time) AS named_at, active_seconds AS talk, hold_seconds AS hold, acw_seconds AS acw, ring_seconds AS ring,
    outcome, assumeNotNull(toUnixTimestamp64Milli(coalesce(serve_time, answer_time, start_time, alert_time))) AS began,
    assumeNotNull(toUnixTimestamp64Milli(coalesce(alert_time, start_time, answer_time, serve_time))) AS rung,
    assumeNotNull(toUnixTimestamp64Milli(coalesce(hangup_time, serve_time, start_time, alert_time, answer_time))) AS hung_up
  FROM {database}.dialog
  WHERE agent_id IS NOT NULL AND coalesce(serve_time, answer_time, start_time, alert_time) IS NOT NULL
    AND (start_time IS NULL OR start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC') + INTERVAL 1 DAY)
    AND (start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC') OR least(began, rung, hung_up) < period_end)
    AND (start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') OR hangup_time IS NULL
      OR greatest(hung_up + toInt64(round(ifNull(acw_seconds, 0) * 1000)), began + toInt64(round((ifNull(active_seconds, 0) + ifNull(hold_seconds, 0)) * 1000)),
        rung + toInt64(round(ifNull(ring_seconds, 0) * 1000))) >= period_start)
    AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC')) + 1
),
-- Ringing is that of offers. A side's own ringing counts if no offer says when and for how long its agent was rung.
rung_side AS (
  SELECT DISTINCT interaction_key, dialog_id
  FROM {database}.agent_offer
  WHERE agent_id IS NOT NULL AND dialog_id IS NOT NULL AND offer_time IS NOT NULL AND ring_seconds IS NOT NULL
    AND interaction_key IN (SELECT interaction_key FROM leg WHERE ring IS NOT NULL)
),
-- handed_on: another agent had the conversation next, even after the period's end. The next agent stays longer than all earlier ones.
followed AS (
  SELECT interaction_key, dialog_id, max(is_other) AS handed_on
  FROM (
    SELECT interaction_key, dialog_id, ifNull(leadInFrame(toNullable(toString(agent_id))) OVER (PARTITION BY interaction_key
      ORDER BY began ASC NULLS FIRST, dialog_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) <> agent_id, 0) AS is_other
    FROM (
      SELECT interaction_key, dialog_id, agent_id, coalesce(serve_time, answer_time, start_time, alert_time) AS began,
        if(hangup_time IS NULL, 9223372036854775807, assumeNotNull(toUnixTimestamp64Milli(hangup_time))) AS ended,
        max(ended) OVER (PARTITION BY interaction_key ORDER BY began ASC NULLS FIRST, dialog_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest,
        row_number() OVER (PARTITION BY interaction_key ORDER BY began ASC NULLS FIRST, dialog_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS place
      FROM {database}.dialog
      WHERE agent_id IS NOT NULL AND outcome = 'ANSWERED' AND interaction_key IN (
        SELECT interaction_key FROM {database}.interaction WHERE transfer_count > 0 AND interaction_key IN (SELECT interaction_key FROM leg))
    )
    WHERE place = 1 OR ended > latest
  )
  GROUP BY interaction_key, dialog_id
),
-- Everything that is counted, in one stream, because ClickHouse computes a subquery again for each reference. kind is the kind of event; whole is its
-- seconds, which may be less than the length from begin to end.
event AS (
  SELECT each.1 AS kind, vendor, source, agent_id, agent_name, named_at, each.2 AS begin, each.2 + toInt64(round(each.3 * 1000)) AS end, each.4 AS whole
  FROM (
    SELECT vendor, source, agent_id, agent_name, named_at, arrayJoin(arrayFilter(part -> part.4 IS NOT NULL, [
      ('talk', began, talk + ifNull(hold, 0), talk), ('hold', began, ifNull(talk, 0) + hold, hold), ('acw', hung_up, acw, acw),
      ('ring', rung, ring, if((l.interaction_key, ifNull(l.dialog_id, '')) IN (SELECT interaction_key, ifNull(dialog_id, '') FROM rung_side), NULL, ring)),
      ('talk_known', rung, 0, talk), ('hold_known', rung, 0, hold), ('acw_known', rung, 0, acw),
      ('handled', began, 0, if(outcome = 'ANSWERED', talk + ifNull(hold, 0) + ifNull(acw, 0), NULL)),
      ('handed_on', began, 0, if(outcome = 'ANSWERED' AND f.handed_on > 0, 0, NULL))])) AS each
    FROM leg AS l LEFT JOIN followed AS f ON f.interaction_key = l.interaction_key AND f.dialog_id = l.dialog_id
  )
  UNION ALL
  SELECT multiIf(outcome = 'ANSWERED', 'answered', outcome = 'REJECTED', 'rejected', outcome = 'NO_ANSWER', 'unanswered', outcome IS NULL, 'offered', 'missed'),
    vendor, source, agent_id, agent_name, toUnixTimestamp64Milli(offer_time), assumeNotNull(toUnixTimestamp64Milli(offer_time)) AS at, at, 0
  FROM {database}.agent_offer
  WHERE agent_id IS NOT NULL AND offer_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND offer_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
    AND day >= toDate(parseDateTimeBestEffort({from:String}, 'UTC')) AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
  UNION ALL
  SELECT 'ring', vendor, source, agent_id, agent_name, toUnixTimestamp64Milli(offer_time), assumeNotNull(toUnixTimestamp64Milli(offer_time)) AS at, at + toInt64(round(ring_seconds * 1000)), ring_seconds
  FROM {database}.agent_offer
  WHERE agent_id IS NOT NULL AND ring_seconds IS NOT NULL AND offer_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
    AND (offer_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') OR end_time IS NULL OR end_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC')
      OR toUnixTimestamp64Milli(offer_time) + toInt64(round(ring_seconds * 1000)) >= period_start)
    AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
  UNION ALL
  SELECT multiIf(state_category = 'AVAILABLE', 'available', state_category = 'BREAK' AND is_paid = 0, 'unpaid_break', state_category = 'BREAK', 'break', state_category = 'ACW', 'acw_state', 'logged_in'),
    vendor, source, agent_id, agent_name, toUnixTimestamp64Milli(start_time), toUnixTimestamp64Milli(start_time), toUnixTimestamp64Milli(end_time),
    (toUnixTimestamp64Milli(end_time) - toUnixTimestamp64Milli(start_time)) / 1000
  FROM {database}.agent_state
  WHERE agent_id IS NOT NULL AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC') AND end_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC')
    AND state_category <> 'OFFLINE' AND start_time < end_time AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
),
-- Each event with its intervals, given by their places in starts.
placed AS (
  SELECT kind, vendor, source, agent_id, agent_name, named_at, assumeNotNull(begin) AS first, assumeNotNull(end) AS last, whole,
    {credit:String} = 'clip' AND first < last AS is_clipped, if({credit:String} = 'end', last, first) AS instant,
    arrayJoin(if(is_clipped,
      if(last > period_start AND first < period_end,
        range(place_of[greatest(intDiv(first, 900000) - first_quarter, 0) + 1],
          place_of[least(intDiv(last - 1, 900000) - first_quarter + 1, toInt64(length(place_of)))] + 1), []),
      if(instant >= period_start AND instant < period_end, [place_of[intDiv(instant, 900000) - first_quarter + 1]], []))) AS place
  FROM event
),
clipped AS (
  SELECT place, kind, vendor, source, agent_id, agent_name, named_at,
    greatest(first, starts[place], period_start) AS since, least(last, if(place = length(starts), period_end, starts[place + 1]), period_end) AS until,
    if(is_clipped, (intDiv(toInt64(round(whole * 1000)) * (until - first), greatest(last - first, 1))
      - intDiv(toInt64(round(whole * 1000)) * (since - first), greatest(last - first, 1))) / 1000, whole) AS seconds
  FROM placed
  WHERE NOT is_clipped OR since < until
),
counted AS (
  SELECT place, vendor, source, agent_id, max((ifNull(e.named_at < period_end AND e.agent_name IS NOT NULL, 0), ifNull(e.named_at, 0), ifNull(e.agent_name, ''))) AS named,
    countIf(kind IN ('answered', 'rejected', 'unanswered', 'offered', 'missed')) AS offered, countIf(kind = 'answered') AS answered,
    countIf(kind IN ('rejected', 'unanswered', 'missed')) AS missed, countIf(kind IN ('rejected', 'unanswered')) AS missed_by_agent,
    countIf(kind = 'rejected') AS rejected, countIf(kind = 'handed_on') AS transferred_out,
    sumIf(seconds, kind = 'talk') AS talk, sumIf(seconds, kind = 'hold') AS hold, sumIf(seconds, kind = 'acw') AS acw, sumIf(seconds, kind = 'ring') AS ring,
    sumIf(seconds, kind IN ('talk', 'hold', 'acw')) AS handle, sumIf(toInt64(round(seconds * 1000)), kind = 'handled') AS handle_begun, countIf(kind = 'handled') AS handled,
    countIf(kind = 'talk_known') AS talk_known, countIf(kind = 'hold_known') AS hold_known, countIf(kind = 'acw_known') AS acw_known,
    ifNull(sumIf(seconds, kind IN ('available', 'break', 'unpaid_break', 'acw_state', 'logged_in')), 0) AS logged_in, ifNull(sumIf(seconds, kind = 'available'), 0) AS available,
    ifNull(sumIf(seconds, kind IN ('break', 'unpaid_break')), 0) AS break, ifNull(sumIf(seconds, kind = 'unpaid_break'), 0) AS unpaid,
    ifNull(sumIf(seconds, kind IN ('talk', 'hold', 'ring')), 0)
      + greatest(ifNull(sumIf(seconds, kind = 'acw'), 0), ifNull(sumIf(seconds, kind = 'acw_state'), 0)) AS work,
    countIf(kind IN ('available', 'break', 'unpaid_break', 'acw_state', 'logged_in')) AS states
  FROM clipped AS e
  GROUP BY place, vendor, source, agent_id
),
-- An agent of the period has a row in every interval: first the intervals with events, then the empty ones.
agent AS (
  SELECT vendor, source, agent_id, nullIf(tupleElement(max(c.named), 3), '') AS agent_name, sum(c.states) > 0 AS tells_states, groupArray((place, (offered, answered, missed, missed_by_agent,
      rejected, transferred_out, talk, hold, acw, ring, handle, handle_begun, handled, talk_known, hold_known, acw_known, logged_in, available, break, unpaid, work))) AS own,
    arrayConcat(own.1, bitmapToArray(bitmapAndnot(bitmapBuild(arrayMap(each -> toUInt32(each), range(1, length(starts) + 1))), groupBitmapState(toUInt32(place))))) AS places,
    arrayResize(own.2, length(starts)) AS figures
  FROM counted AS c
  GROUP BY vendor, source, agent_id
),
figure AS (
  SELECT starts[p] AS bucket, vendor, source, agent_id, agent_name, tells_states, f.1 AS offered, f.2 AS answered, f.3 AS missed, f.4 AS missed_by_agent, f.5 AS rejected,
    f.6 AS transferred_out, f.7 AS talk, f.8 AS hold, f.9 AS acw, f.10 AS ring, f.11 AS handle, f.12 AS handle_begun, f.13 AS handled, f.14 AS talk_known,
    f.15 AS hold_known, f.16 AS acw_known, f.17 AS logged_in, f.18 AS available, f.19 AS break, f.20 AS unpaid, f.21 AS work
  FROM agent ARRAY JOIN places AS p, figures AS f
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
FROM (SELECT *, intDiv(bucket, 1000) AS second,
    timezoneOffset(toTimeZone(toDateTime(second, 'UTC'), {zone:String})) AS civil_offset
  FROM figure LEFT JOIN (SELECT vendor, source, agent_id, arraySort(groupArray((valid_from, team))) AS teams FROM {database}.agent_team
    GROUP BY vendor, source, agent_id) AS t USING (vendor, source, agent_id))
ORDER BY interval_start, vendor, source, agent_id;
