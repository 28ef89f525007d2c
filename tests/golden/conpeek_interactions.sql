.nullvalue NULL

-- Every interaction of the day. n is the sample's number (samples/conpeek/README.md), in hex.
.mode column
SELECT substr(interaction_id, 7, 2) AS n, direction, outcome, dialog_count AS dialogs, agent_count AS agents, transfer_count AS transfers, substr(start_time, 12, 8) AS start, substr(answer_time, 12, 8) AS answer, substr(end_time, 12, 8) AS "end", customer_number, hangup_cause, q850_cause AS q850
  FROM interactions(cdr_file('../../samples/conpeek/day.ndjson')) ORDER BY interaction_id;
SELECT substr(interaction_id, 7, 2) AS n, created_seconds AS created, in_queue_seconds AS queue, waiting_seconds AS waiting, ring_seconds AS ring, bcw_seconds AS bcw, active_seconds AS active, handle_seconds AS handle, recording_count AS recordings
  FROM interactions(cdr_file('../../samples/conpeek/day.ndjson')) ORDER BY interaction_id;

-- A transferred interaction, with all columns.
.mode line
SELECT * FROM interactions(cdr_file('../../samples/conpeek/day.ndjson')) WHERE interaction_id LIKE '00000007-%';
.mode list

-- Talking time is the customer's and counts once, however many sides talked.
SELECT sum(active_seconds) FROM interactions(cdr_file('../../samples/conpeek/day.ndjson'));
SELECT sum(talking_time) / 1000.0 FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'));

-- How a figure was computed if it is not the customer's, and contradictions.
SELECT substr(interaction_id, 7, 2), mapping FROM interactions(cdr_file('../../samples/conpeek/day.ndjson')) WHERE mapping IS NOT NULL ORDER BY 1;
SELECT substr(interaction_id, 7, 2), mapping FROM interactions(cdr_file('../../samples/conpeek/odd.ndjson')) WHERE mapping IS NOT NULL ORDER BY interaction_id;

-- Joined through a missing dialog, by a link in one direction, and across the pages of an answer.
SELECT interaction_id, dialog_id, linked_dialogs FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson')) WHERE substr(interaction_id, 1, 8) IN ('00000017', '00000019') ORDER BY 2;
SELECT interaction_id, dialog_count, outcome FROM interactions(cdr_file('../../samples/conpeek/answer*.json')) ORDER BY 1;
SELECT interaction_id, dialog_count FROM interactions('[{"dialog_uuid":"c","linked_dialogs":["x"]},{"dialog_uuid":"b","linked_dialogs":["y"]},{"dialog_uuid":"a","linked_dialogs":["y","x"]},{"dialog_uuid":"d","dialog_type":"SYSTEM"}]') ORDER BY 1;

-- Events, visits and recordings of a call that the second agent answered.
SELECT agent_id, agent_name, dialog_id, seq, event, event_time, queue_id, duration_seconds FROM agent_events(cdr_file('../../samples/conpeek/day.ndjson')) WHERE interaction_id LIKE '00000005-%' ORDER BY seq;
SELECT customer_id, seq, event, event_time FROM customer_events(cdr_file('../../samples/conpeek/day.ndjson')) WHERE interaction_id LIKE '0000000b-%' ORDER BY seq;
SELECT substr(interaction_id, 7, 2), visit_no, queue_id, enqueue_time, wait_seconds, outcome, agent_id FROM queue_visits(cdr_file('../../samples/conpeek/day.ndjson')) ORDER BY 1;
SELECT recording_id, dialog_id, media, start_time, stop_time, urls FROM recordings(cdr_file('../../samples/conpeek/day.ndjson')) WHERE interaction_id LIKE '0000001a-%' ORDER BY 1;
SELECT count(*) FROM queue_events(cdr_file('../../samples/conpeek/day.ndjson'));
SELECT count(*) FROM ivr_events(cdr_file('../../samples/conpeek/day.ndjson'));
SELECT count(*) FROM agent_states(cdr_file('../../samples/conpeek/day.ndjson'));
