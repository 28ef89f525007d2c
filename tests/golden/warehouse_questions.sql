-- A question that an index of the stored table answers uses that index through the virtual table too. The shell stops a question after some thousand
-- steps of SQLite, counting its own and those of the inner statement; a scan of these tables takes a hundred times as many.
SELECT cdr_init();
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO interaction (interaction_key, vendor, source, interaction_id, start_time, customer_number, outcome, handle_seconds, last_import)
SELECT i, 'conpeek', 'east', printf('i%05d', i), strftime('%Y-%m-%d %H:%M:%f', '2024-01-01', (i * 61) || ' seconds'), '485000' || (1000 + i % 5000),
    CASE i % 3 WHEN 0 THEN 'ANSWERED' WHEN 1 THEN 'BUSY' END, i % 100 / 4.0, 1
FROM n;
INSERT INTO fact_agent_event_kind (id, hash, agent_id, event) SELECT seq, seq, 'a' || seq, 'ring' FROM (SELECT 1 AS seq UNION ALL SELECT 2);
INSERT INTO fact_agent_event (interaction_key, n, kind, seq, event_time, duration_seconds)
SELECT interaction_key, seq, seq, seq, start_time, seq * 1.5 FROM interaction, (SELECT 1 AS seq UNION ALL SELECT 2);
INSERT INTO fact_state_kind (id, hash, agent_id, state, basis)
SELECT id, id, iif(id > 2, 'a1', NULL), iif(id % 2, 'RING', 'ACTIVE'), iif(id % 2, 'measured', 'reported')
FROM (SELECT 1 AS id UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4);
INSERT INTO fact_state_duration (interaction_key, n, kind, start_time, end_time, seconds)
SELECT interaction_key, side * 2 + is_active, min(side, 1) * 2 + is_active + 1, iif(is_active, NULL, start_time),
  iif(is_active, NULL, start_time), iif(is_active, handle_seconds, 2.5)
FROM interaction, (SELECT 0 AS side UNION ALL SELECT 1 UNION ALL SELECT 2), (SELECT 0 AS is_active UNION ALL SELECT 1);

.progress 500 --limit 40 --quiet
.print by interaction
SELECT interaction_id, start_time, handle_seconds FROM interactions WHERE interaction_id = 'i00777';
SELECT seq, agent_id, duration_seconds FROM agent_events WHERE interaction_id = 'i00777';
SELECT seq, agent_id FROM agent_events WHERE interaction_id IN ('i00777', 'i00778') AND seq = 2;
SELECT agent_id, state, seconds, basis FROM state_durations WHERE interaction_id = 'i00777' AND agent_id IS NULL;
.print by customer
.parameter init
.parameter set ?1 "'4850001123'"
SELECT interaction_id, outcome FROM interactions WHERE customer_number = '4850001123' ORDER BY start_time;
SELECT interaction_id, outcome FROM interactions WHERE customer_number = ?1 ORDER BY start_time DESC;
SELECT interaction_id FROM interactions(NULL) WHERE customer_number = '4850001123' AND outcome = 'BUSY';
.print by time
SELECT interaction_id FROM interactions WHERE start_time >= '2024-01-05' AND start_time < '2024-01-05 00:03';
SELECT interaction_id FROM interactions ORDER BY start_time DESC LIMIT 2;
SELECT interaction_id FROM interactions ORDER BY start_time DESC LIMIT 2 OFFSET 1;
SELECT interaction_id, start_time FROM interactions WHERE start_time > '2024-01-05' ORDER BY start_time LIMIT 2;
SELECT interaction_id FROM interactions WHERE (start_time, interaction_id) > ('2024-01-05 00:00:35.000', 'i05665') ORDER BY start_time, interaction_id LIMIT 2;
SELECT min(start_time), max(start_time) FROM (SELECT start_time FROM interactions ORDER BY start_time LIMIT 3);
.print by joins and alternatives
SELECT i.start_time, e.seq FROM interactions AS i JOIN agent_events AS e USING (vendor, source, interaction_id)
WHERE i.customer_number = '4850001123' AND e.agent_id = 'a2';
SELECT count(*), min(interaction_id) FROM interactions WHERE customer_number = '4850001123' OR interaction_id = 'i00123' OR start_time = '2024-01-01 00:01:01.000';
SELECT count(*) FROM agent_events WHERE interaction_id = 'i00007' OR interaction_id = 'i00008' AND seq = 1;
SELECT e.interaction_id, (SELECT outcome FROM interactions AS i WHERE i.interaction_id = e.interaction_id) AS outcome
FROM agent_events AS e WHERE e.interaction_id = 'i00009';
SELECT EXISTS (SELECT 1 FROM interactions WHERE outcome = 'ANSWERED');
.print without an index
SELECT count(*) FROM interactions WHERE handle_seconds = 2.5;
.progress 0

.print the same without the limit
SELECT count(*) FROM interactions WHERE handle_seconds = 2.5;
SELECT count(*) FROM interactions WHERE handle_seconds = '2.5' AND outcome IS NULL;
SELECT count(*) FROM interactions WHERE outcome IS NOT NULL AND handle_seconds <> 2.5;
SELECT count(*) FROM interactions WHERE outcome IS NOT 'BUSY';
SELECT count(*) FROM interactions WHERE outcome COLLATE nocase = 'busy';
SELECT count(*) FROM interactions WHERE customer_number = 4850001123;
SELECT count(*) FROM interactions, (SELECT 4850001123 AS number) WHERE customer_number = number;
SELECT count(*) FROM interactions WHERE interaction_id > 'i19990' AND interaction_id LIKE 'i%5';
SELECT interaction_id, outcome FROM interactions ORDER BY outcome DESC, start_time DESC LIMIT 2;
SELECT interaction_id, outcome FROM interactions ORDER BY outcome NULLS LAST, start_time LIMIT 2;
SELECT interaction_id, outcome FROM interactions ORDER BY outcome COLLATE nocase, start_time LIMIT 2;
SELECT interaction_id FROM interactions WHERE length(interaction_id) = 6 AND outcome = 'BUSY' ORDER BY start_time LIMIT 2 OFFSET 3;
SELECT outcome, count(*) FROM interactions GROUP BY outcome ORDER BY outcome;
SELECT DISTINCT outcome FROM interactions ORDER BY outcome;
SELECT count(*), count(DISTINCT rowid) FROM agent_events;
SELECT count(*), count(DISTINCT rowid) FROM state_durations;
SELECT count(*) FROM (SELECT * FROM state_durations EXCEPT SELECT * FROM state_duration);
SELECT count(*) FROM (SELECT * FROM state_duration EXCEPT SELECT * FROM state_durations);
SELECT typeof(start_time), typeof(handle_seconds), typeof(agent_count) FROM interactions LIMIT 1;
-- A text is compared as a number if the other side is CAST to one, and as a text with a literal number.
SELECT count(*) FROM interactions WHERE customer_number < CAST('5' AS INTEGER);
SELECT count(*) FROM interactions WHERE customer_number < 5;
