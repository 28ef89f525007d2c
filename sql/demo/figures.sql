-- The last part of ./dev demo: figures of the warehouse that import.sql made, as reports.
-- Grain: one small table a question. Run from the project's root, with libcdr loaded.
.mode box

.print
.print '==== Figures of the same file, as reports (sql/demo/figures.sql)'
.print
.print "A day's queues, the zone's day: what came in, what became of it, and how long people waited"
SELECT vendor, queue_id AS queue, offered, answered, abandoned, flowed_out, failed, wait_known, round(service_level, 3) AS service_level,
    asa_seconds AS asa_s, aht_seconds AS aht_s, longest_wait_abandoned AS longest_abandoned_s
FROM queue_report('2024-05-06', '2024-05-07', NULL, 'Europe/Prague');

.print
.print 'The same day, by agent:'
SELECT agent_id AS agent, offered, answered, missed_by_agent, rejected, talk_seconds AS talk_s, acw_seconds AS acw_s, logged_in_seconds AS logged_in_s,
    round(occupancy, 3) AS occupancy
FROM agent_report('2024-05-06', '2024-05-07', NULL, 'Europe/Prague');

.print
.print 'One interaction, from its start to its end:'
SELECT time(start_local) AS time, seconds, party, ifnull(party_name, party_id) AS who, what, outcome
FROM interaction_timeline(
    (SELECT interaction_id FROM interaction WHERE vendor = 'alibaba' ORDER BY transfer_count DESC, interaction_id LIMIT 1), 'Europe/Prague');

.print
.print 'And one figure, explained:'
SELECT variant, formula, doc FROM cdr_explain('service_level');
