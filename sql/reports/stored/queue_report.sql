-- queue_report: the same from the stored figures, up to where queue_report.sql goes on with the rows
--
-- :days is 1 where the intervals consist of days of the reporting zone, and 0 where they consist of quarter hours. What the settings
-- say of thresholds is part of the stored figures, and so no argument can say something else.
-- when :threshold IS NULL AND :short_abandon IS NULL AND :preset IS NOT 'alibaba_instance'

WITH calendar AS MATERIALIZED (
  SELECT +interval_start AS interval_start, interval_local, utc_offset, fold FROM cdr_intervals(:from, :to, :interval, :zone)
),
setting AS MATERIALIZED (
  SELECT coalesce(:credit, iif(:preset IN ('alibaba_skill_group', 'genesys', 'cisco'), 'event', 'arrival')) AS credit,
    coalesce(:clock, iif(:preset IS NULL OR :preset = 'cisco', 'queue', 'queue_ring')) AS clock
),
-- After the time, both tables have the same columns. +: the time alone chooses the index.
stored AS (
  SELECT q.* FROM queue_interval AS q
  WHERE :days = 0 AND q.interval_start >= :from AND q.interval_start < :to AND +q.credit = (SELECT credit FROM setting)
  UNION ALL
  SELECT q.* FROM queue_day AS q
  WHERE :days = 1 AND q.day >= substr(cdr_local(:from, :zone), 1, 10) AND q.day < substr(cdr_local(:to, :zone), 1, 10) AND +q.credit = (SELECT credit FROM setting)
),
figure AS MATERIALIZED (
  SELECT ifnull(cdr_bucket(iif(:days, cdr_time(r.interval_start, :zone), r.interval_start), :interval, :zone), :from) AS interval_start, r.vendor, r.source, r.queue_id, max(r.queue_name) AS queue_name,
    sum(r.offered) AS offered, sum(r.flowed_in) AS flowed_in, sum(r.answered) AS answered, sum(r.abandoned) AS abandoned, sum(r.flowed_out) AS flowed_out,
    sum(r.failed) AS failed, sum(r.open) AS open, sum(r.untold) AS untold,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_known WHEN 'queue_ring' THEN r.queue_ring_known ELSE r.arrival_known END) AS known,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_answered_in_threshold WHEN 'queue_ring' THEN r.queue_ring_answered_in_threshold ELSE r.arrival_answered_in_threshold END) AS answered_in_threshold,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_abandoned_in_threshold WHEN 'queue_ring' THEN r.queue_ring_abandoned_in_threshold ELSE r.arrival_abandoned_in_threshold END) AS abandoned_in_threshold,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_short_abandoned WHEN 'queue_ring' THEN r.queue_ring_short_abandoned ELSE r.arrival_short_abandoned END) AS short_abandoned,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_answered_known WHEN 'queue_ring' THEN r.queue_ring_answered_known ELSE r.arrival_answered_known END) AS answered_known,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_answered_seconds WHEN 'queue_ring' THEN r.queue_ring_answered_seconds ELSE r.arrival_answered_seconds END) AS answered_wait,
    max(CASE s.clock WHEN 'queue' THEN r.queue_longest_answered_seconds WHEN 'queue_ring' THEN r.queue_ring_longest_answered_seconds ELSE r.arrival_longest_answered_seconds END) AS longest_answered,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_abandoned_known WHEN 'queue_ring' THEN r.queue_ring_abandoned_known ELSE r.arrival_abandoned_known END) AS abandoned_known,
    sum(CASE s.clock WHEN 'queue' THEN r.queue_abandoned_seconds WHEN 'queue_ring' THEN r.queue_ring_abandoned_seconds ELSE r.arrival_abandoned_seconds END) AS abandoned_wait,
    max(CASE s.clock WHEN 'queue' THEN r.queue_longest_abandoned_seconds WHEN 'queue_ring' THEN r.queue_ring_longest_abandoned_seconds ELSE r.arrival_longest_abandoned_seconds END) AS longest_abandoned,
    sum(r.talk_known) AS talk_known, sum(r.talk_seconds) AS talk, sum(r.hold_known) AS hold_known, sum(r.hold_seconds) AS hold, sum(r.acw_known) AS acw_known,
    sum(r.acw_seconds) AS acw
  FROM setting AS s CROSS JOIN stored AS r
  GROUP BY 1, 4, 2, 3
),
