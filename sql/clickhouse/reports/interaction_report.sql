-- interaction_report: one row per interval and outcome (or direction, channel, vendor, source) of the interactions that begin in it, with the same
-- rows and figures as libcdr's interaction_report, to the last digit.
--
--   SELECT * FROM interaction_report(from = '2024-05-02', to = '2024-05-03', interval = '1h', zone = 'Europe/Prague', by = 'outcome');
--
-- from (included) and to (excluded) are UTC; interval is '15m', '30m', '1h', '1d', '1w', '1mo', or '' for one row for the whole period. Seconds are
-- added up in whole milliseconds, and averages are rounded half up to milliseconds.
CREATE VIEW IF NOT EXISTS {database}.interaction_report AS
SELECT toDateTime64(bucket, 3, 'UTC') AS interval_start,
  toDateTime64(bucket + civil_offset, 3, 'UTC') AS interval_local,
  concat(if(civil_offset < 0, '-', '+'), leftPad(toString(intDiv(abs(civil_offset), 3600)), 2, '0'), ':',
    leftPad(toString(intDiv(abs(civil_offset) % 3600, 60)), 2, '0')) AS utc_offset,
  arrayExists(step -> timezoneOffset(toTimeZone(toDateTime(bucket - step, 'UTC'), {zone:String})) = civil_offset + step, [1800, 3600, 7200]) AS fold,
  value, interactions, interactions / sum(interactions) OVER (PARTITION BY bucket) AS share,
  answered, abandoned, open, talk_ms / 1000 AS talk_seconds, talk_known, hold_ms / 1000 AS hold_seconds, hold_known, acw_ms / 1000 AS acw_seconds,
  acw_known, handle_ms / 1000 AS handle_seconds, if(handle_known = 0, NULL, intDiv(2 * handle_ms + handle_known, 2 * greatest(handle_known, 1)) / 1000) AS aht_seconds,
  transfers
FROM (
  SELECT *, timezoneOffset(toTimeZone(toDateTime(bucket, 'UTC'), {zone:String})) AS civil_offset
  FROM (
    SELECT
      multiIf({interval:String} = '15m', unix - civil % 900, {interval:String} = '30m', unix - civil % 1800, {interval:String} = '1h', unix - civil % 3600,
        {interval:String} = '1d', toUnixTimestamp(toStartOfDay(begin, {zone:String})),
        {interval:String} = '1w', toUnixTimestamp(toDateTime(toMonday(begin, {zone:String}), {zone:String})),
        {interval:String} = '1mo', toUnixTimestamp(toDateTime(toStartOfMonth(begin, {zone:String}), {zone:String})),
        toUnixTimestamp(parseDateTimeBestEffort({from:String}, 'UTC'))) AS bucket,
      multiIf({by:String} = 'outcome', outcome, {by:String} = 'direction', direction, {by:String} = 'channel', channel, {by:String} = 'vendor', vendor, source) AS value,
      count() AS interactions, countIf(outcome = 'ANSWERED') AS answered,
      countIf(outcome IN ('ABANDONED_IN_IVR', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING')) AS abandoned, countIf(end_time IS NULL) AS open,
      sum(toInt64(round(active_seconds * 1000))) AS talk_ms, count(active_seconds) AS talk_known,
      sum(toInt64(round(hold_seconds * 1000))) AS hold_ms, count(hold_seconds) AS hold_known,
      sum(toInt64(round(acw_seconds * 1000))) AS acw_ms, count(acw_seconds) AS acw_known,
      sumIf(toInt64(round(handle_seconds * 1000)), outcome = 'ANSWERED') AS handle_ms, countIf(outcome = 'ANSWERED' AND handle_seconds IS NOT NULL) AS handle_known,
      sum(transfer_count) AS transfers
    FROM (
      SELECT *, toDateTime(assumeNotNull(start_time), 'UTC') AS begin, toUnixTimestamp(begin) AS unix, unix + timezoneOffset(toTimeZone(begin, {zone:String})) AS civil
      FROM {database}.interaction
      WHERE start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
        AND day >= toDate(parseDateTimeBestEffort({from:String}, 'UTC')) AND day <= toDate(parseDateTimeBestEffort({to:String}, 'UTC'))
    )
    GROUP BY bucket, value
  )
)
ORDER BY bucket, value NULLS FIRST;
