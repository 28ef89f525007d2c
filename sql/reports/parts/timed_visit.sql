-- timed_visit: one row per queue visit, with its wait by each clock, how it counts, and within which time it counts as early.
--
-- queue_wait is the time in the queue alone; queue_ring_wait adds ringing (to the answer, where there was one); arrival_wait begins with the
-- interaction. Where a visit's own instants do not say how long it waited, they are of two clocks that cannot be compared, and that is not known
-- from the arrival on either. counted_as is answered, abandoned, flowed_out, failed, open or untold. event_time is when it was answered or ended, as far
-- as that is known. threshold and short_abandon are what the call says, otherwise the queue's setting, otherwise everybody's. A visit of which nobody says when it entered the queue belongs to no interval; data_quality counts those.
SELECT
  v.vendor, v.source, v.interaction_id, v.interaction_key, v.visit_no, v.queue_id, v.queue_name, v.entry, v.enqueue_time, v.outcome, v.agent_id, i.direction,
  CASE
    WHEN v.outcome = 'ANSWERED' THEN coalesce(v.answer_time, v.dequeue_time, v.end_time, v.enqueue_time)
    ELSE coalesce(v.end_time, v.dequeue_time, v.enqueue_time)
  END AS event_time,
  v.wait_seconds AS queue_wait,
  iif(v.outcome = 'ANSWERED', v.speed_of_answer_seconds, v.wait_seconds + ifnull(v.ring_seconds, 0)) AS queue_ring_wait,
  iif(v.wait_seconds IS NULL AND v.enqueue_time IS NOT NULL AND v.dequeue_time IS NOT NULL, NULL,
    cdr_seconds(i.start_time, iif(v.outcome = 'ANSWERED', coalesce(v.answer_time, i.answer_time), iif(v.outcome IS NULL, NULL, coalesce(v.end_time, i.end_time))))) AS arrival_wait,
  CASE
    WHEN v.outcome = 'ANSWERED' THEN 'answered'
    WHEN v.outcome IN ('ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING') THEN 'abandoned'
    WHEN v.outcome IN ('QUEUE_TIMEOUT', 'QUEUE_OVERFLOW', 'FORWARDED') THEN 'flowed_out'
    WHEN v.outcome IS NOT NULL THEN 'failed'
    WHEN i.end_time IS NULL THEN 'open'
    ELSE 'untold'
  END AS counted_as,
  coalesce(:threshold, s.threshold_seconds, (SELECT CAST(r.value AS REAL) FROM report_setting AS r WHERE r.name = 'threshold_seconds'), 20) AS threshold,
  coalesce(:short_abandon, s.short_abandon_seconds, (SELECT CAST(r.value AS REAL) FROM report_setting AS r WHERE r.name = 'short_abandon_seconds'), 5) AS short_abandon
FROM queue_visit AS v
CROSS JOIN interaction AS i ON i.interaction_key = v.interaction_key
LEFT JOIN queue_setting AS s ON s.vendor = v.vendor AND s.source = v.source AND s.queue_id = v.queue_id
