-- The fourth part of ./dev demo: the warehouse that import.sql made through libcdr's tables, which read it where they get no input.
-- Grain: one small table a question. Run from the project's root, with libcdr loaded.
.mode box

.print
.print "==== The same file through libcdr's tables: without an argument they read the warehouse (sql/demo/virtual.sql)"
.print
.print "The vendor's own records, which the warehouse keeps compressed: one operator, field by field as mluvii wrote it"
SELECT session_id, user_id, joined, "left", concluded FROM mluvii_operator WHERE user_id = 501 ORDER BY joined LIMIT 3;

.print
.print "The longest conversations, in the agent's own time, the customer's number masked:"
SELECT vendor, cdr_local(start_time, 'Europe/Prague') AS started, phone_mask(customer_number) AS customer, last_agent_name AS agent,
    format_duration(active_seconds) AS talk
FROM interactions
ORDER BY active_seconds DESC
LIMIT 4;

.print
.print "The samples' JSON against the warehouse: rows that only one of the two has"
WITH json AS (SELECT vendor, source, interaction_id, start_time, end_time, outcome, handle_seconds, mapping FROM interactions(cdr_file('samples/'))),
warehouse AS (SELECT vendor, source, interaction_id, start_time, end_time, outcome, handle_seconds, mapping FROM interactions WHERE source <> 'demo')
SELECT (SELECT count(*) FROM (SELECT * FROM json EXCEPT SELECT * FROM warehouse)) AS only_json,
    (SELECT count(*) FROM (SELECT * FROM warehouse EXCEPT SELECT * FROM json)) AS only_warehouse,
    (SELECT count(*) FROM warehouse) AS compared;

.print
.print 'Does the file hold what it should? Every record and every fact is checked:'
.mode list
.headers off
SELECT cdr_check();
