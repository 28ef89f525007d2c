-- wfm-generic: one row per interval of the zone's civil time and queue, also where nobody called. By arrival.
SELECT strftime('%Y-%m-%d', interval_local) AS date, strftime('%H:%M', interval_local) AS time, utc_offset, :minutes AS interval_minutes,
  vendor, source, queue_token(vendor, queue_id) AS queue_id, queue_token(vendor, queue_name) AS queue_name, offered, answered, abandoned, flowed_in, flowed_out, failed + open + untold AS other_endings,
  answered_in_threshold, abandoned_in_threshold, short_abandoned, wait_known, answered_wait_seconds, answered_wait_known, abandoned_wait_seconds,
  abandoned_wait_known, longest_wait_answered, longest_wait_abandoned, talk_seconds, talk_known, hold_seconds, hold_known, acw_seconds, acw_known,
  aht_seconds
FROM queue_report(:from, :to, :interval, :zone, NULL, NULL, NULL, :threshold, :short_abandon)
WHERE (:vendor IS NULL OR vendor = :vendor) AND (:source IS NULL OR source = :source)
ORDER BY interval_start, vendor, source, queue_id;
