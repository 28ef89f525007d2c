-- queue_report: the same from the stored figures, up to where queue_report.sql goes on with the rows
--
-- :days is 1 where the intervals consist of days of the reporting zone, and 0 where they consist of quarter hours. What the settings
-- say of thresholds is part of the stored figures, and so no argument may say something else. cdr_dense_queue_figures
-- (extension/reports/dense_figures.cpp) adds the stored figures up: those of each queue in each interval.
-- when :preset IS NOT 'alibaba_instance' AND NOT EXISTS (
--     SELECT 1 FROM (
--       SELECT threshold_seconds AS threshold, short_abandon_seconds AS short_abandon FROM main.queue_setting
--       UNION ALL
--       SELECT coalesce((SELECT CAST(value AS REAL) FROM main.report_setting WHERE name = 'threshold_seconds'), 20),
--         coalesce((SELECT CAST(value AS REAL) FROM main.report_setting WHERE name = 'short_abandon_seconds'), 5))
--     WHERE threshold <> :threshold OR short_abandon <> :short_abandon)

WITH dense AS NOT MATERIALIZED (
  SELECT interval_start, interval_local, utc_offset, fold, vendor, source, queue_id, queue_name,
    offered, flowed_in, answered, abandoned, flowed_out, failed, open, untold, known, answered_in_threshold, abandoned_in_threshold,
    short_abandoned, answered_known, answered_seconds AS answered_wait, longest_answered_seconds AS longest_answered, abandoned_known,
    abandoned_seconds AS abandoned_wait, longest_abandoned_seconds AS longest_abandoned, talk_known, talk_seconds AS talk,
    hold_known, hold_seconds AS hold, acw_known, acw_seconds AS acw, answered_ms, handled_ms
  FROM cdr_dense_queue_figures(:days, :from, :to, :interval, :zone,
    coalesce(:credit, iif(:preset IN ('alibaba_skill_group', 'genesys', 'cisco'), 'event', 'arrival')),
    coalesce(:clock, iif(:preset IS NULL OR :preset = 'cisco', 'queue', 'queue_ring')))
)
