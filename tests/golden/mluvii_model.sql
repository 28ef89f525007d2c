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
