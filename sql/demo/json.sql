-- The first part of ./dev demo: the samples of all vendors, read straight from their JSON, no warehouse.
-- Grain: one small table a question. Run from the project's root, with libcdr loaded.
.mode box

.print '==== JSON as tables, no warehouse (sql/demo/json.sql)'
.print
.print 'The dialogs (sides) of calls, from the JSON of all vendors, by type and direction:'
SELECT vendor, dialog_type, business_direction, count(*) AS dialogs, sum(serve_time IS NOT NULL) AS served,
    round(avg(talking_time) / 1000.0, 1) AS avg_talking_s
FROM cdr_dialog(cdr_file('samples/'))
GROUP BY vendor, dialog_type, business_direction
ORDER BY vendor, dialog_type, business_direction;

.print
.print 'How contacts ended, every vendor in one vocabulary:'
WITH ends AS (
    SELECT outcome, vendor, count(*) AS n
    FROM interactions(cdr_file('samples/'))
    GROUP BY outcome, vendor
    ORDER BY outcome, vendor
)
SELECT outcome, sum(n) AS interactions, group_concat(vendor || ' ' || n, ', ') AS by_vendor
FROM ends
GROUP BY outcome
ORDER BY interactions DESC, outcome;

.print
.print 'What happened to the agents in one call of each vendor:'
WITH busiest AS (
    SELECT vendor, source, interaction_id, row_number() OVER (PARTITION BY vendor ORDER BY count(*) DESC, interaction_id) AS place
    FROM agent_events(cdr_file('samples/'))
    GROUP BY vendor, source, interaction_id
)
SELECT e.vendor, e.interaction_id, e.seq, e.event_time, e.event, ifnull(e.agent_name, e.agent_id) AS agent
FROM agent_events(cdr_file('samples/')) AS e JOIN busiest AS b USING (vendor, source, interaction_id)
WHERE b.place = 1 AND e.seq <= 6
ORDER BY e.vendor, e.interaction_id, e.seq;

.print
.print 'Visits to queues: how they ended, and how long they took where the vendor gives it:'
SELECT vendor, ifnull(outcome, '(still there, or not said)') AS outcome, count(*) AS visits, round(avg(wait_seconds), 1) AS avg_wait_s,
    max(wait_seconds) AS longest_s
FROM queue_visits(cdr_file('samples/'))
GROUP BY vendor, outcome
ORDER BY vendor, visits DESC, outcome;

.print
.print 'State durations, in seconds (averages over the interactions that have them; NULL: the vendor does not say):'
SELECT vendor, count(*) AS n, round(avg(created_seconds), 1) AS CREATED, round(avg(ivr_seconds), 1) AS IVR,
    round(avg(in_queue_seconds), 1) AS IN_QUEUE, round(avg(waiting_seconds), 1) AS WAITING, round(avg(ring_seconds), 1) AS RING,
    round(avg(bcw_seconds), 1) AS BCW, round(avg(active_seconds), 1) AS ACTIVE, round(avg(hold_seconds), 1) AS HOLD,
    round(avg(acw_seconds), 1) AS ACW
FROM interactions(cdr_file('samples/'))
GROUP BY vendor;

.print
.print 'The same for one mluvii session, with the instants, for the session and for each operator:'
SELECT ifnull(agent_id, '(session)') AS whose, state, start_time, end_time, seconds, basis
FROM state_durations(cdr_file('samples/mluvii/'))
WHERE interaction_id = (
    SELECT interaction_id FROM state_durations(cdr_file('samples/mluvii/'))
    GROUP BY interaction_id ORDER BY count(DISTINCT agent_id) DESC, count(*) DESC, interaction_id LIMIT 1)
ORDER BY agent_id IS NOT NULL, agent_id, start_time, state;
