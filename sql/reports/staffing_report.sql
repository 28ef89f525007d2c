-- staffing_report: one row per interval and category of agents' states: how many agents were in it, on average and at most
--
-- A state counts in each interval with the part that lies in it. A state whose end is not known does not count. If an agent's
-- states of one category overlap, the agent counts once; data_quality says how many states overlap.
-- argument from, to, interval, zone
-- column interval_start, interval_local, utc_offset, fold, vendor, source
-- column state_category TEXT: AVAILABLE, RINGING, ON_CONTACT, ACW, BREAK, MEETING_TRAINING, OTHER_WORK, OFFLINE or UNKNOWN
-- column agents INTEGER: agents who were in it at any time in the interval
-- column mean_agents DOUBLE: average number of agents in it at once
-- column peak_agents INTEGER: most agents in it at one instant
-- column total_seconds DOUBLE: their total seconds in it

WITH state AS (
  SELECT vendor, source, agent_id, ifnull(state_category, 'UNKNOWN') AS state_category, max(start_time, :from) AS begin, min(end_time, :to) AS "end"
  FROM agent_state
  WHERE start_time < :to AND end_time > :from AND start_time < end_time
),
-- until: up to where the agent's earlier states of that category reach.
ordered AS (
  SELECT *, iif(agent_id IS NULL, NULL, max("end") OVER (PARTITION BY vendor, source, agent_id, state_category ORDER BY begin
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS until
  FROM state
),
span AS MATERIALIZED (
  SELECT vendor, source, agent_id, state_category, max(begin, ifnull(until, begin)) AS begin, "end" FROM ordered WHERE until IS NULL OR until < "end"
),
piece AS (
  SELECT iif(:interval IS NULL, :from, i.interval_start) AS interval_start, s.vendor, s.source, s.state_category, s.agent_id, max(s.begin, i.interval_start) AS begin, min(s."end", i.interval_end) AS "end"
  FROM span AS s CROSS JOIN cdr_intervals(s.begin, s."end", :interval, :zone) AS i
),
figure AS (
  SELECT interval_start, vendor, source, state_category, count(DISTINCT agent_id) AS agents, peak_concurrency(begin, "end") AS peak, sum(cdr_seconds(begin, "end")) AS seconds
  FROM piece
  GROUP BY interval_start, vendor, source, state_category
),
-- Once: joined as it is, it would be made again for each row.
calendar AS MATERIALIZED (
  SELECT +interval_start AS interval_start, interval_end, interval_local, utc_offset, fold FROM cdr_intervals(:from, :to, :interval, :zone)
)
SELECT f.interval_start, c.interval_local, c.utc_offset, c.fold, f.vendor, f.source, f.state_category, f.agents,
  f.seconds / cdr_seconds(max(c.interval_start, :from), min(c.interval_end, :to)), f.peak, round(f.seconds, 3)
FROM figure AS f JOIN calendar AS c USING (interval_start)
ORDER BY f.interval_start, f.vendor, f.source, f.state_category;
