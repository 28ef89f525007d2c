-- interaction_report: one row per interval and outcome (or direction, channel, vendor, source) of the interactions that begin in it
--
-- argument from, to, interval, zone
-- argument by 'outcome' | 'direction' | 'channel' | 'vendor' | 'source' = 'outcome': the property by which the interactions are grouped
-- column interval_start, interval_local, utc_offset, fold
-- column value TEXT: the outcome, direction, channel, vendor or source; NULL where it is not known
-- column interactions INTEGER: interactions that begin in the interval
-- column share DOUBLE: their share of all interactions of the interval, 0 to 1
-- column answered INTEGER: those in which customer and agent were in conversation
-- column abandoned INTEGER: those that the customer left, in the IVR, in a queue or while it rang
-- column open INTEGER: those that have not ended
-- column talk_seconds DOUBLE: seconds of conversation, hold not included; NULL where none is known
-- column talk_known INTEGER: interactions whose length of conversation is known
-- column hold_seconds DOUBLE: seconds on hold; NULL where none is known
-- column hold_known INTEGER: interactions whose hold time is known
-- column acw_seconds DOUBLE: seconds of after-call work; NULL where none is known
-- column acw_known INTEGER: interactions whose after-call work is known
-- column handle_seconds DOUBLE: conversation, hold and after-call work of those answered, as far as they are known
-- column aht_seconds DOUBLE: handle_seconds / answered with a known handle time
-- column transfers INTEGER: how many times they were handed on, as far as the vendor shows this

WITH counted AS (
  SELECT ifnull(cdr_bucket(start_time, :interval, :zone), :from) AS interval_start,
    CASE :by WHEN 'outcome' THEN outcome WHEN 'direction' THEN direction WHEN 'channel' THEN channel WHEN 'vendor' THEN vendor ELSE source END AS value,
    count(*) AS interactions,
    ifnull(sum(outcome = 'ANSWERED'), 0) AS answered,
    ifnull(sum(outcome IN ('ABANDONED_IN_IVR', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING')), 0) AS abandoned,
    sum(end_time IS NULL) AS open,
    sum(active_seconds) AS talk_seconds, count(active_seconds) AS talk_known,
    sum(hold_seconds) AS hold_seconds, count(hold_seconds) AS hold_known,
    sum(acw_seconds) AS acw_seconds, count(acw_seconds) AS acw_known,
    sum(iif(outcome = 'ANSWERED', handle_seconds, NULL)) AS handle_seconds, count(iif(outcome = 'ANSWERED', handle_seconds, NULL)) AS handle_known,
    sum(transfer_count) AS transfers
  FROM interaction
  WHERE start_time >= :from AND start_time < :to
  GROUP BY 1, 2
),
-- Once: joined as it is, it would be made again for each row.
calendar AS MATERIALIZED (
  SELECT +interval_start AS interval_start, interval_local, utc_offset, fold FROM cdr_intervals(:from, :to, :interval, :zone)
)
SELECT i.interval_start, i.interval_local, i.utc_offset, i.fold,
  c.value, c.interactions, 1.0 * c.interactions / sum(c.interactions) OVER (PARTITION BY i.interval_start), c.answered, c.abandoned, c.open,
  round(c.talk_seconds, 3), c.talk_known, round(c.hold_seconds, 3), c.hold_known, round(c.acw_seconds, 3), c.acw_known,
  round(c.handle_seconds, 3), round(round(c.handle_seconds, 3) / c.handle_known, 3), c.transfers
FROM counted AS c JOIN calendar AS i USING (interval_start)
ORDER BY i.interval_start, c.value;
