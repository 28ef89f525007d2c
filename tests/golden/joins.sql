-- Joins of virtual tables have the rows that joins of ordinary tables have. A condition in ON decides which rows match, and an outer join keeps the
-- others, whatever the operator; so each pair of counts is equal
SELECT cdr_init() ->> 'created';
SELECT cdr_import('../../samples') ->> 'failed';
.mode column
WITH joined (operator, of_virtual, of_stored) AS (VALUES
  ('<>', (SELECT count(*) FROM interactions AS i LEFT JOIN queue_visits AS v ON v.interaction_key = i.interaction_key AND i.direction <> 'OUTBOUND'),
    (SELECT count(*) FROM interaction AS i LEFT JOIN queue_visit AS v ON v.interaction_key = i.interaction_key AND i.direction <> 'OUTBOUND')),
  ('IS NOT', (SELECT count(*) FROM interactions AS i LEFT JOIN queue_visits AS v ON v.interaction_key = i.interaction_key AND i.direction IS NOT 'OUTBOUND'),
    (SELECT count(*) FROM interaction AS i LEFT JOIN queue_visit AS v ON v.interaction_key = i.interaction_key AND i.direction IS NOT 'OUTBOUND')),
  ('IS NOT NULL', (SELECT count(*) FROM cdr_dialog AS d LEFT JOIN agent_offers AS o ON o.interaction_key = d.interaction_key AND d.agent_id IS NOT NULL),
    (SELECT count(*) FROM dialog AS d LEFT JOIN agent_offer AS o ON o.interaction_key = d.interaction_key AND d.agent_id IS NOT NULL)),
  ('<> of a time', (SELECT count(*) FROM interactions AS i LEFT JOIN queue_visits AS v ON v.interaction_key = i.interaction_key AND i.start_time <> '2018-09-01 00:00:00.000'),
    (SELECT count(*) FROM interaction AS i LEFT JOIN queue_visit AS v ON v.interaction_key = i.interaction_key AND i.start_time <> '2018-09-01 00:00:00.000')),
  ('<> of JSON', (SELECT count(*) FROM interactions(cdr_file('../../samples')) AS i LEFT JOIN queue_visit AS v ON v.interaction_id = i.interaction_id AND i.direction <> 'OUTBOUND'),
    (SELECT count(*) FROM interaction AS i LEFT JOIN queue_visit AS v ON v.interaction_id = i.interaction_id AND i.direction <> 'OUTBOUND')),
  ('FULL JOIN with JSON', (SELECT count(*) FROM (VALUES ('880101'), ('880104'), ('none')) AS x FULL JOIN interactions(cdr_file('../../samples/mluvii/Sessions.json')) AS i ON i.interaction_id = x.column1),
    (SELECT count(*) + 1 FROM interactions(cdr_file('../../samples/mluvii/Sessions.json')))),
  ('FULL JOIN of a vendor', (SELECT count(*) FROM (VALUES ('880101'), ('880104'), ('none')) AS x FULL JOIN mluvii_session(cdr_file('../../samples/mluvii/Sessions.json')) AS s ON s.id = x.column1),
    (SELECT count(*) + 1 FROM mluvii_session(cdr_file('../../samples/mluvii/Sessions.json')))),
  ('RIGHT JOIN', (SELECT count(*) FROM interaction AS i RIGHT JOIN agent_states AS s ON i.interaction_id = s.interaction_id),
    (SELECT count(*) FROM interaction AS i RIGHT JOIN agent_state AS s ON i.interaction_id = s.interaction_id)),
  ('>= of two types', (SELECT count(*) FROM mluvii_recording AS r JOIN state_durations(cdr_file('../../samples/conpeek/day.ndjson')) AS s ON r.started >= s.agent_id),
    (SELECT count(*) FROM (SELECT * FROM mluvii_recording LIMIT -1) AS r JOIN (SELECT * FROM state_durations(cdr_file('../../samples/conpeek/day.ndjson')) LIMIT -1) AS s ON r.started >= s.agent_id)),
  ('of records by a column that is no id', (SELECT count(*) || ' ' || count(r.guid) FROM interaction AS i LEFT JOIN ucontact_record AS r ON r.guid = i.interaction_id),
    (SELECT count(*) || ' ' || count(r.guid) FROM interaction AS i LEFT JOIN (SELECT guid FROM ucontact_record LIMIT -1) AS r ON r.guid = i.interaction_id)),
  ('FULL JOIN of records', (SELECT count(*) || ' ' || count(r.guid) || ' ' || count(i.vendor) FROM interaction AS i FULL JOIN ucontact_record AS r ON r.guid = i.interaction_id AND r.calldate > '2024'),
    (SELECT count(*) || ' ' || count(r.guid) || ' ' || count(i.vendor) FROM interaction AS i FULL JOIN (SELECT guid, calldate FROM ucontact_record LIMIT -1) AS r ON r.guid = i.interaction_id AND r.calldate > '2024')),
  ('FULL JOIN of several rows per record', (SELECT count(*) || ' ' || count(DISTINCT a.activity_id) FROM (VALUES ('SessionEnded'), ('ChatMessage'), ('none')) AS x FULL JOIN mluvii_activity AS a ON a.type = x.column1),
    (SELECT count(*) || ' ' || count(DISTINCT a.activity_id) FROM (VALUES ('SessionEnded'), ('ChatMessage'), ('none')) AS x FULL JOIN (SELECT * FROM mluvii_activity LIMIT -1) AS a ON a.type = x.column1)),
  ('IS of records', (SELECT count(*) || ' ' || count(r.guid) FROM interaction AS i LEFT JOIN ucontact_record AS r ON r.guid IS i.interaction_id),
    (SELECT count(*) || ' ' || count(r.guid) FROM interaction AS i LEFT JOIN (SELECT guid FROM ucontact_record LIMIT -1) AS r ON r.guid IS i.interaction_id)),
  ('IS of JSON', (SELECT count(*) || ' ' || count(d.dialog_id) FROM interaction AS i LEFT JOIN cdr_dialog(cdr_file('../../samples/conpeek')) AS d ON d.agent_id IS i.first_queue_id),
    (SELECT count(*) || ' ' || count(d.dialog_id) FROM interaction AS i LEFT JOIN (SELECT * FROM cdr_dialog(cdr_file('../../samples/conpeek')) LIMIT -1) AS d ON d.agent_id IS i.first_queue_id)),
  ('= of times of JSON', (SELECT count(*) || ' ' || count(d.dialog_id) FROM interaction AS i LEFT JOIN cdr_dialog(cdr_file('../../samples/conpeek')) AS d ON d.start_time = i.start_time),
    (SELECT count(*) || ' ' || count(d.dialog_id) FROM interaction AS i LEFT JOIN (SELECT * FROM cdr_dialog(cdr_file('../../samples/conpeek')) LIMIT -1) AS d ON d.start_time = i.start_time)),
  ('OR of records', (SELECT count(*) || ' ' || count(r.guid) FROM interaction AS i LEFT JOIN ucontact_record AS r ON r.guid = i.interaction_id OR r.src = i.customer_number),
    (SELECT count(*) || ' ' || count(r.guid) FROM interaction AS i LEFT JOIN (SELECT guid, src FROM ucontact_record LIMIT -1) AS r ON r.guid = i.interaction_id OR r.src = i.customer_number)),
  ('of records in a subquery', (SELECT count(*) || ' ' || sum((SELECT count(*) FROM ucontact_record AS r WHERE r.guid = i.interaction_id)) FROM interaction AS i),
    (SELECT count(*) || ' ' || sum((SELECT count(*) FROM (SELECT guid FROM ucontact_record LIMIT -1) AS r WHERE r.guid = i.interaction_id)) FROM interaction AS i)),
  ('<> in a report', (SELECT count(*) FROM queue_report('2024-05-02', '2024-05-04', '1d') AS r LEFT JOIN queue AS q ON q.queue_id = r.queue_id AND r.interval_start <> '2024-05-02 00:00:00.000'),
    (SELECT count(*) FROM (SELECT * FROM queue_report('2024-05-02', '2024-05-04', '1d') LIMIT -1) AS r LEFT JOIN queue AS q ON q.queue_id = r.queue_id AND r.interval_start <> '2024-05-02 00:00:00.000')))
SELECT operator, of_virtual, of_stored, of_virtual = of_stored AS are_equal FROM joined;
-- A row's number is the same, whatever the conditions
SELECT count(*) AS rows, count(DISTINCT rowid) AS numbers, min(rowid) = (SELECT min(rowid) FROM interactions(cdr_file('../../samples')) WHERE vendor = 'mluvii' AND outcome = 'ANSWERED') AS is_alike
FROM interactions(cdr_file('../../samples')) WHERE vendor = 'mluvii' AND +outcome = 'ANSWERED';
-- A page of rows has the columns of its rows, whatever sorts them and however many rows come before it
WITH page (page, of_virtual, of_stored) AS (VALUES
  ('event_time', (SELECT group_concat(interaction_id || event || ifnull(agent_id, '') || ifnull(dialog_id, '')) FROM (SELECT * FROM agent_events ORDER BY event_time DESC, interaction_id, seq LIMIT 7)),
    (SELECT group_concat(interaction_id || event || ifnull(agent_id, '') || ifnull(dialog_id, '')) FROM (SELECT * FROM agent_event ORDER BY event_time DESC, interaction_id, seq LIMIT 7))),
  ('start_time', (SELECT group_concat(interaction_id || outcome) FROM (SELECT * FROM interactions ORDER BY start_time, interaction_id LIMIT 5 OFFSET 40)),
    (SELECT group_concat(interaction_id || outcome) FROM (SELECT * FROM interaction ORDER BY start_time, interaction_id LIMIT 5 OFFSET 40))),
  ('active_seconds', (SELECT group_concat(dialog_id || ifnull(extra, '')) FROM (SELECT * FROM cdr_dialog ORDER BY active_seconds DESC, dialog_id LIMIT 5 OFFSET 3)),
    (SELECT group_concat(dialog_id || ifnull(extra, '')) FROM (SELECT * FROM dialog ORDER BY active_seconds DESC, dialog_id LIMIT 5 OFFSET 3))),
  ('start_day', (SELECT group_concat(start_day || interaction_id) FROM (SELECT start_day, * FROM interactions ORDER BY start_day DESC, interaction_id LIMIT 5)),
    (SELECT group_concat(substr(start_time, 1, 10) || interaction_id) FROM (SELECT * FROM interaction ORDER BY substr(start_time, 1, 10) DESC, interaction_id LIMIT 5))))
SELECT page, length(of_virtual) > 40 AS has_rows, of_virtual = of_stored AS are_equal FROM page;
