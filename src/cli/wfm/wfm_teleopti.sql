-- wfm-teleopti: the queue statistics that Calabrio WFM (Teleopti) imports: 21 fields in its order, one row per interval of the zone's civil
-- time and queue, also where nobody called. The format has no word for unknown: it is 0 there, and so is what is not computed. The hour that
-- an autumn night repeats has one row, with the sum of both. `queue` is the queue's number, by the function of that name.
SELECT :minutes AS interval, strftime('%Y%m%d', interval_local) AS date_from, strftime('%H:%M', interval_local) AS time,
  workforce_queue(vendor, source, queue_token(vendor, queue_id)) AS queue, queue_token(vendor, coalesce(max(queue_name), queue_id, '')) AS queue_name,
  sum(offered - flowed_in) AS offd_direct_call_cnt, sum(flowed_in) AS overflow_in_call_cnt, sum(abandoned) AS aband_call_cnt,
  sum(flowed_out) AS overflow_out_call_cnt, sum(answered) AS answ_call_cnt,
  CAST(round(ifnull(sum(answered_wait_seconds), 0)) AS INTEGER) AS queued_and_answ_call_dur,
  CAST(round(ifnull(sum(abandoned_wait_seconds), 0)) AS INTEGER) AS queued_and_aband_call_dur,
  CAST(round(ifnull(sum(talk_seconds), 0) + ifnull(sum(hold_seconds), 0)) AS INTEGER) AS talking_call_dur,
  CAST(round(ifnull(sum(acw_seconds), 0)) AS INTEGER) AS wrap_up_dur,
  CAST(round(ifnull(max(longest_wait_answered), 0)) AS INTEGER) AS queued_answ_longest_que_dur,
  CAST(round(ifnull(max(longest_wait_abandoned), 0)) AS INTEGER) AS queued_aband_longest_que_dur,
  0 AS avg_avail_member_cnt, sum(answered_in_threshold) AS ans_servicelevel_cnt, 0 AS wait_dur,
  sum(short_abandoned) AS aband_short_call_cnt, sum(abandoned_in_threshold) AS aband_within_sl_cnt
FROM queue_report(:from, :to, :interval, :zone, NULL, NULL, NULL, :threshold, :short_abandon)
WHERE (:vendor IS NULL OR vendor = :vendor) AND (:source IS NULL OR source = :source)
GROUP BY interval_local, vendor, source, queue_id
ORDER BY interval_local, vendor, source, queue_id;
