-- queue_report: one row per interval and queue, with the same rows and figures as libcdr's queue_report by arrival and with the clock of the queue,
-- to the last digit: a whole visit belongs to the interval in which it entered the queue, and every queue of the period has a row in each interval.
-- A queue that was renamed has the last name in the period.
--
--   SELECT * FROM queue_report(from = '2024-05-02', to = '2024-05-03', interval = '1h', zone = 'Europe/Prague', threshold = 20, short_abandon = 5);
--
-- from (included) and to (excluded) are UTC; interval is '15m', '30m', '1h', '1d', '1w', '1mo', or '' for one row for the whole period. Seconds are
-- added up in whole milliseconds, and averages are rounded half up to milliseconds.
CREATE VIEW IF NOT EXISTS {database}.queue_report AS
WITH
visit AS (
  SELECT *, toDateTime(assumeNotNull(enqueue_time), 'UTC') AS begin, toUnixTimestamp(begin) AS unix,
    unix + timezoneOffset(toTimeZone(begin, {zone:String})) AS civil,
    multiIf({interval:String} = '15m', unix - civil % 900, {interval:String} = '30m', unix - civil % 1800, {interval:String} = '1h', unix - civil % 3600,
      {interval:String} = '1d', toUnixTimestamp(toStartOfDay(begin, {zone:String})),
      {interval:String} = '1w', toUnixTimestamp(toDateTime(toMonday(begin, {zone:String}), {zone:String})),
      {interval:String} = '1mo', toUnixTimestamp(toDateTime(toStartOfMonth(begin, {zone:String}), {zone:String})),
      toUnixTimestamp(parseDateTimeBestEffort({from:String}, 'UTC'))) AS bucket
  FROM {database}.queue_visit
  WHERE enqueue_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND enqueue_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
    AND day >= toDate(parseDateTimeBestEffort({from:String}, 'UTC')) AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
),
counted AS (
  SELECT v.bucket AS bucket, v.vendor AS vendor, v.source AS source, v.queue_id AS queue_id, v.entry AS entry,
    v.wait_seconds AS wait, toInt64(round(v.wait_seconds * 1000)) AS wait_ms,
    multiIf(v.outcome = 'ANSWERED', 'answered', v.outcome IN ('ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING'), 'abandoned',
      v.outcome IN ('QUEUE_TIMEOUT', 'QUEUE_OVERFLOW', 'FORWARDED'), 'flowed_out', v.outcome IS NOT NULL, 'failed', i.end_time IS NULL, 'open', 'untold') AS counted_as
  FROM visit AS v LEFT JOIN (SELECT interaction_key, end_time FROM {database}.interaction WHERE interaction_key IN (SELECT interaction_key FROM visit)) AS i
    ON i.interaction_key = v.interaction_key
),
-- Conversations of answered visits, with hold and after-call work, from the agents' sides.
handled AS (
  SELECT v.bucket AS bucket, v.vendor AS vendor, v.source AS source, v.queue_id AS queue_id, toInt64(round(d.active_seconds * 1000)) AS talk_ms,
    toInt64(round(d.hold_seconds * 1000)) AS hold_ms, toInt64(round(d.acw_seconds * 1000)) AS acw_ms
  FROM visit AS v
  INNER JOIN (SELECT interaction_key, visit_no, dialog_id FROM {database}.agent_offer WHERE outcome = 'ANSWERED'
    AND interaction_key IN (SELECT interaction_key FROM visit)) AS o ON o.interaction_key = v.interaction_key AND o.visit_no = v.visit_no
  INNER JOIN (SELECT interaction_key, dialog_id, active_seconds, hold_seconds, acw_seconds FROM {database}.dialog
    WHERE interaction_key IN (SELECT interaction_key FROM visit)) AS d ON d.interaction_key = o.interaction_key AND d.dialog_id = o.dialog_id
  WHERE v.outcome = 'ANSWERED'
),
part AS (
  SELECT bucket, vendor, source, queue_id, CAST(NULL AS Nullable(String)) AS queue_name, count() AS offered, countIf(entry IN ('TRANSFER', 'OVERFLOW')) AS flowed_in, count(wait) AS known,
    countIf(counted_as = 'answered') AS answered, countIf(counted_as = 'answered' AND wait IS NOT NULL) AS answered_known,
    countIf(counted_as = 'answered' AND wait <= {threshold:Float64}) AS answered_in_threshold,
    sumIf(wait_ms, counted_as = 'answered') AS answered_wait_ms, maxIf(wait, counted_as = 'answered') AS longest_answered,
    countIf(counted_as = 'abandoned') AS abandoned, countIf(counted_as = 'abandoned' AND wait <= {threshold:Float64}) AS abandoned_in_threshold,
    countIf(counted_as = 'abandoned' AND wait <= {short_abandon:Float64}) AS short_abandoned, maxIf(wait, counted_as = 'abandoned') AS longest_abandoned,
    countIf(counted_as = 'flowed_out') AS flowed_out, countIf(counted_as = 'failed') AS failed, countIf(counted_as = 'open') AS open,
    countIf(counted_as = 'untold') AS untold, CAST(NULL AS Nullable(Int64)) AS talk_ms, CAST(NULL AS Nullable(Int64)) AS hold_ms,
    CAST(NULL AS Nullable(Int64)) AS acw_ms, 0 AS talk_known, 0 AS hold_known, 0 AS acw_known,
    sumIf(wait_ms, counted_as = 'abandoned') AS abandoned_wait_ms, countIf(counted_as = 'abandoned' AND wait IS NOT NULL) AS abandoned_known
  FROM counted GROUP BY bucket, vendor, source, queue_id
  UNION ALL
  SELECT bucket, vendor, source, queue_id, NULL, 0, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL, 0, 0, 0, 0, sum(talk_ms), sum(hold_ms), sum(acw_ms),
    count(talk_ms), count(hold_ms), count(acw_ms), NULL, 0
  FROM handled GROUP BY bucket, vendor, source, queue_id
  UNION ALL
  SELECT c.bucket, q.vendor, q.source, q.queue_id, q.queue_name, 0, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL, 0, 0, 0, 0, NULL, NULL, NULL, 0, 0, 0, NULL, 0
  FROM (
    SELECT DISTINCT multiIf({interval:String} = '15m', at - local % 900, {interval:String} = '30m', at - local % 1800, {interval:String} = '1h', at - local % 3600,
      {interval:String} = '1d', toUnixTimestamp(toStartOfDay(moment, {zone:String})),
      {interval:String} = '1w', toUnixTimestamp(toDateTime(toMonday(moment, {zone:String}), {zone:String})),
      {interval:String} = '1mo', toUnixTimestamp(toDateTime(toStartOfMonth(moment, {zone:String}), {zone:String})),
      toUnixTimestamp(parseDateTimeBestEffort({from:String}, 'UTC'))) AS bucket
    FROM (
      SELECT toUInt32(arrayJoin(range(toUInt64(intDiv(toUnixTimestamp(parseDateTimeBestEffort({from:String}, 'UTC')), 900) * 900),
        toUInt64(toUnixTimestamp(parseDateTimeBestEffort({to:String}, 'UTC'))), 900))) AS at, toDateTime(at, 'UTC') AS moment,
        at + timezoneOffset(toTimeZone(moment, {zone:String})) AS local
    )
  ) AS c CROSS JOIN (
    SELECT vendor, source, queue_id, if(queue_id IS NULL, max(v.queue_name),
      argMaxIf(v.queue_name, (assumeNotNull(v.enqueue_time), ifNull(v.queue_name, '')), v.queue_name IS NOT NULL)) AS queue_name
    FROM visit AS v GROUP BY vendor, source, queue_id
  ) AS q
),
figure AS (
  SELECT bucket, vendor, source, queue_id, max(p.queue_name) AS queue_name, sum(p.offered) AS offered, sum(p.answered) AS answered,
    sum(p.answered_in_threshold) AS answered_in_threshold, sum(p.abandoned) AS abandoned, sum(p.abandoned_in_threshold) AS abandoned_in_threshold,
    sum(p.short_abandoned) AS short_abandoned, sum(p.flowed_in) AS flowed_in, sum(p.flowed_out) AS flowed_out, sum(p.failed) AS failed, sum(p.open) AS open,
    sum(p.untold) AS untold, sum(p.known) AS wait_known, sum(p.answered_wait_ms) AS answered_wait_ms, sum(p.answered_known) AS answered_known,
    sum(p.talk_ms) AS talk_ms, sum(p.hold_ms) AS hold_ms, sum(p.acw_ms) AS acw_ms, sum(p.talk_known) AS talk_known, sum(p.hold_known) AS hold_known,
    sum(p.acw_known) AS acw_known, max(p.longest_answered) AS longest_wait_answered, max(p.longest_abandoned) AS longest_wait_abandoned,
    sum(p.abandoned_wait_ms) AS abandoned_wait_ms, sum(p.abandoned_known) AS abandoned_known
  FROM part AS p GROUP BY bucket, vendor, source, queue_id
)
SELECT toDateTime64(bucket, 3, 'UTC') AS interval_start,
  toDateTime64(bucket + civil_offset, 3, 'UTC') AS interval_local,
  concat(if(civil_offset < 0, '-', '+'), leftPad(toString(intDiv(abs(civil_offset), 3600)), 2, '0'), ':',
    leftPad(toString(intDiv(abs(civil_offset) % 3600, 60)), 2, '0')) AS utc_offset,
  arrayExists(step -> timezoneOffset(toTimeZone(toDateTime(bucket - step, 'UTC'), {zone:String})) = civil_offset + step, [1800, 3600, 7200]) AS fold,
  vendor, source, queue_id, queue_name, offered, answered, answered_in_threshold, abandoned,
  abandoned_in_threshold, short_abandoned, flowed_in, flowed_out, failed, open, untold, wait_known,
  if(wait_known = 0, NULL, answered_in_threshold / wait_known) AS service_level, if(offered = 0, NULL, abandoned / offered) AS abandon_rate,
  if(answered_known = 0, NULL, intDiv(2 * answered_wait_ms + toInt64(answered_known), 2 * greatest(toInt64(answered_known), 1)) / 1000) AS asa_seconds,
  if(talk_known = 0, NULL, intDiv(2 * (talk_ms + ifNull(hold_ms, 0) + ifNull(acw_ms, 0)) + toInt64(talk_known), 2 * greatest(toInt64(talk_known), 1)) / 1000) AS aht_seconds,
  talk_ms / 1000 AS talk_seconds, hold_ms / 1000 AS hold_seconds, acw_ms / 1000 AS acw_seconds, hold_known, acw_known, longest_wait_answered,
  longest_wait_abandoned, answered_wait_ms / 1000 AS answered_wait_seconds, answered_known AS answered_wait_known, abandoned_wait_ms / 1000 AS abandoned_wait_seconds,
  abandoned_known AS abandoned_wait_known, talk_known
FROM (SELECT *, timezoneOffset(toTimeZone(toDateTime(bucket, 'UTC'), {zone:String})) AS civil_offset FROM figure)
ORDER BY interval_start, vendor, source, queue_id NULLS FIRST;
