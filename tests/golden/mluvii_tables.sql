-- mluvii's own tables over the sample day.
.nullvalue NULL
.headers on
.mode line
-- A chat with nearly everything; a session with unknown words, strings for numbers and fields without a column.
SELECT * FROM mluvii_session(cdr_file('../../samples/mluvii/Sessions/880102.json'));
SELECT id, channel, source, phone_callback_number, url, widget, blacklisted, guest_identity, guest_left_session, outbound_dial_result,
       guest_feedback_stars, guest_feedback_text, extra
FROM mluvii_session(cdr_file('../../samples/mluvii')) WHERE id = '880134';
SELECT * FROM mluvii_activity(cdr_file('../../samples/mluvii/Sessions/880102.json')) WHERE type = 'SharedFile';
.mode list

-- Webhooks are rows of the same table, with an event_type.
SELECT id, department_id, channel, started, ended, event_type, event_time, event_user_id, extra
FROM mluvii_session(cdr_file('../../samples/mluvii/webhooks.ndjson'));
SELECT event_type IS NULL AS is_session, count(*) FROM mluvii_session(cdr_file('../../samples/mluvii')) GROUP BY 1;

SELECT * FROM mluvii_operator(cdr_file('../../samples/mluvii')) WHERE session_id = '880131';

-- A timeline in each of its places: at its own path, inside the session, in a document.
SELECT * FROM mluvii_routing(cdr_file('../../samples/mluvii/Sessions/880120/routingHistory.json'));
SELECT session_id, routing_request_id, timestamp, activity_type, group_name, operator_user_id, forwarded_by_operator_user_id
FROM mluvii_routing(cdr_file('../../samples/mluvii')) WHERE session_id IN ('880102', '880115');
SELECT count(*), count(session_id), count(DISTINCT session_id) FROM mluvii_routing(cdr_file('../../samples/mluvii'));

SELECT * FROM mluvii_operator_state(cdr_file('../../samples/mluvii')) WHERE user_id = '502';

-- Published times: with a colon before the fraction; microseconds are cut for display, but not in computations.
SELECT id, created, entered_queue FROM mluvii_session(cdr_file('../../samples/mluvii')) WHERE id = '880129';
SELECT created_seconds FROM interactions(cdr_file('../../samples/mluvii')) WHERE interaction_id = '880129';

-- The samples have no problems.
SELECT count(*) FROM cdr_problems(cdr_file('../../samples/mluvii'));
