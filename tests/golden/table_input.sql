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
-- Two inputs that differ: neither is ignored. The same one twice is one.
SELECT count(*) FROM interactions('[{"dialog_uuid":"a","dialog_type":"BOT"}]') WHERE input = '[{"dialog_uuid":"b","dialog_type":"BOT"},{"dialog_uuid":"c","dialog_type":"BOT"}]';
SELECT count(*) FROM interactions('[{"dialog_uuid":"a","dialog_type":"BOT"}]') WHERE input = '[{"dialog_uuid":"a","dialog_type":"BOT"}]';
SELECT count(*) FROM cdr_dialog('[{"dialog_uuid":"a","dialog_type":"BOT"}]') WHERE input = NULL;
SELECT count(*) FROM interactions(cdr_file('../../samples/alibaba/day_get.ndjson')) WHERE input = '[{"dialog_uuid":"a","dialog_type":"BOT"}]';
SELECT count(*) FROM cdr_dialog('[{"dialog_uuid":"a","dialog_type":"BOT"}]', '{}') WHERE filter = '{"dialogTypes":["BOT"]}';
WITH t(doc) AS (VALUES ('[{"dialog_uuid":"a","dialog_type":"BOT"}]'), ('[{"dialog_uuid":"b","dialog_type":"BOT"},{"dialog_uuid":"c","dialog_type":"BOT"}]'))
SELECT count(*) FROM t JOIN interactions AS i ON i.input = t.doc WHERE t.doc = '[{"dialog_uuid":"a","dialog_type":"BOT"}]';
