-- The sample day of mluvii in the model's tables.
.nullvalue NULL
.headers on

-- Every session, how it ended, and the states of the vendor's FAQ.
SELECT interaction_id, channel, direction, outcome, created_seconds AS created, in_queue_seconds AS in_queue, waiting_seconds AS waiting,
       ring_seconds AS ring, bcw_seconds AS bcw, active_seconds AS active, acw_seconds AS acw, handle_seconds AS handle
FROM interactions(cdr_file('../../samples/mluvii')) ORDER BY interaction_id;

SELECT interaction_id, start_time, queue_time, answer_time, end_time, first_queue_name, last_queue_name, first_agent_name, last_agent_name,
       agent_count, dialog_count, transfer_count, released_by, end_cause, satisfaction, recording_count
FROM interactions(cdr_file('../../samples/mluvii')) ORDER BY interaction_id;

-- Facts that a figure alone would hide: routed again, contradictions, a rating's scale, a campaign's ringing.
SELECT interaction_id, mapping FROM interactions(cdr_file('../../samples/mluvii')) WHERE mapping IS NOT NULL ORDER BY interaction_id;

-- Sides of a chatbot's session, of two operators, of an operator who came back, of an outbound call that failed.
SELECT interaction_id, dialog_id, dialog_type, start_time, serve_time, hangup_time, talking_time, waiting_time, tenant_user_display_name,
       virtual_agent_name, active_seconds AS active, acw_seconds AS acw, outcome
FROM cdr_dialog(cdr_file('../../samples/mluvii')) WHERE interaction_id IN ('880127', '880120', '880131', '880107') ORDER BY interaction_id, dialog_id;

-- Two routing requests, each with its visit; the operators' states and the session's.
SELECT visit_no, queue_name, enqueue_time, dequeue_time, wait_seconds, outcome, agent_id
FROM queue_visits(cdr_file('../../samples/mluvii')) WHERE interaction_id = '880115' ORDER BY visit_no;
SELECT agent_id, state, start_time, end_time, seconds, basis
FROM state_durations(cdr_file('../../samples/mluvii')) WHERE interaction_id = '880115';

SELECT outcome, count(*), sum(wait_seconds) FROM queue_visits(cdr_file('../../samples/mluvii')) GROUP BY outcome ORDER BY outcome;
SELECT event, count(*) FROM agent_events(cdr_file('../../samples/mluvii')) GROUP BY event ORDER BY event;
SELECT event, count(*) FROM queue_events(cdr_file('../../samples/mluvii')) GROUP BY event ORDER BY event;
SELECT event, count(*) FROM customer_events(cdr_file('../../samples/mluvii')) GROUP BY event ORDER BY event;
SELECT count(*) FROM ivr_events(cdr_file('../../samples/mluvii'));

-- Entries that arrived in the wrong order, sorted by time.
SELECT seq, event, event_time, agent_id FROM agent_events(cdr_file('../../samples/mluvii')) WHERE interaction_id = '880130' ORDER BY seq;

SELECT interaction_id, recording_id, dialog_id, media, start_time, stop_time, urls FROM recordings(cdr_file('../../samples/mluvii')) ORDER BY recording_id;
SELECT interaction_id, agent_id, state, reason, is_paid, start_time, end_time
FROM agent_states(cdr_file('../../samples/mluvii')) ORDER BY agent_id, start_time;

-- Two states of one instant: none is dropped, and the same one lasts, in whatever order they come. Each user has one state at 8, and two or three at 9.
CREATE TEMP TABLE history(user INTEGER PRIMARY KEY, at_8, at_9);
INSERT INTO history(at_8, at_9) VALUES ('ON_CALL', '["AFTER_CALL","ONLINE"]'), ('AFTER_CALL', '["ONLINE","OFFLINE"]'), ('OFFLINE', '["OFFLINE","ONLINE"]'),
  ('AFTER_CALL', '["ONLINE","BEFORE_CALL"]'), ('ONLINE', '["ON_CALL","AFTER_CALL"]'), ('BEFORE_CALL', '["ON_CALL","AFTER_CALL","ONLINE"]'),
  ('BREAK', '["BREAK","ONLINE"]'), ('ONLINE', '["ONLINE","BREAK"]'), ('ONLINE', '["AFTER_CALL","AFTER_CALL"]'), ('OFFLINE', '["ONLINE","mine"]');
CREATE TEMP TABLE change AS
  SELECT user, at_8 AS kind, '2024-05-02T08:00:00Z' AS changed FROM history UNION ALL SELECT user, value, '2024-05-02T09:00:00Z' FROM history, json_each(at_9);
CREATE TEMP TABLE export AS SELECT json_group_array(json_object('userId', user, 'stateKind', kind, 'changed', changed)) AS json FROM change;
CREATE TEMP TABLE backwards AS SELECT json_group_array(json_object('userId', user, 'stateKind', kind, 'changed', changed)) AS json FROM (SELECT * FROM change ORDER BY rowid DESC);
SELECT agent_id, group_concat(state || ' ' || substr(start_time, 12, 2) || '-' || coalesce(substr(end_time, 12, 2), ''), ', ') AS states
FROM agent_states((SELECT json FROM export)) GROUP BY agent_id ORDER BY CAST(agent_id AS INTEGER);
SELECT count(*) AS differences FROM (SELECT * FROM agent_states((SELECT json FROM export)) EXCEPT SELECT * FROM agent_states((SELECT json FROM backwards)));
-- The list names the break, the webhook does not; two breaks of one instant are two states.
SELECT state, reason, start_time, end_time FROM agent_states('{"userId":1,"stateKind":"BREAK","breakStateName":"Lunch","changed":"2024-05-02T10:00:00Z"}
{"eventType":"UserStatusChanged","data":{"userId":1,"stateKind":"BREAK","changed":"2024-05-02T10:00:00Z"}}
{"userId":1,"stateKind":"BREAK","breakStateName":"Training","changed":"2024-05-02T11:00:00Z"}
{"userId":1,"stateKind":"BREAK","breakStateName":"Coffee","changed":"2024-05-02T11:00:00Z"}');
