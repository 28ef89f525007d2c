-- The sides of calls, their events, and their visits to queues.
.mode list
.headers on
SELECT dialog_id, dialog_type, tenant_user_display_name AS agent, anonymous_display_name AS customer,
       start_time, serve_time, hangup_time, talking_time, outcome, linked_dialogs
FROM cdr_dialog(cdr_file('../../samples/alibaba/day_get.ndjson'))
WHERE interaction_id IN ('job-20240506000004', 'job-20240506000012', 'job-20240506000018',
                         'job-20240506000024', 'job-20240506000034');
SELECT dialog_id, agent_id, queue_id, seq, event, event_time, duration_seconds
FROM agent_events(cdr_file('../../samples/alibaba/day_get.ndjson'))
WHERE interaction_id = 'job-20240506000032';
SELECT queue_id, queue_name, queue_type, flow_id, seq, event, event_time
FROM queue_events(cdr_file('../../samples/alibaba/day_get.ndjson'))
WHERE interaction_id = 'job-20240506000015';
SELECT flow_type, seq, event, event_time
FROM ivr_events(cdr_file('../../samples/alibaba/day_get.ndjson'))
WHERE interaction_id = 'job-20240506000028';
SELECT customer_id, seq, event, event_time
FROM customer_events(cdr_file('../../samples/alibaba/day_get.ndjson'))
WHERE interaction_id = 'job-20240506000017';
SELECT interaction_id, visit_no, queue_name, enqueue_time, dequeue_time, wait_seconds, outcome, agent_id
FROM queue_visits(cdr_file('../../samples/alibaba/day_get.ndjson'));
