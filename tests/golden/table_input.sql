-- The input of a table: missing or NULL without a warehouse, and conditions joined by OR, which SQLite plans without the arguments.
SELECT count(*) FROM interactions;
SELECT count(*) FROM interactions WHERE direction = 'INBOUND' OR outcome = 'BUSY';
SELECT count(*) FROM interactions(NULL);
SELECT count(*) FROM cdr_problems;
SELECT count(*) FROM interactions(cdr_file('../../samples/alibaba/day_get.ndjson'))
WHERE direction = 'INBOUND' OR outcome = 'BUSY';
SELECT count(*) FROM interactions(cdr_file('../../samples/alibaba/day_get.ndjson')) AS i
JOIN queue_visits(cdr_file('../../samples/alibaba/day_get.ndjson')) AS v
WHERE (v.interaction_id = i.interaction_id AND v.visit_no = 2) OR (v.interaction_id = i.interaction_id AND v.visit_no = 1);
