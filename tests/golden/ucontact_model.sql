-- A day of uContact's calls in the model's tables. Times of the vendor are in Montevideo's time.
.mode box
.nullvalue -
SELECT substr(interaction_id, 1, 8) AS call, direction, start_time, end_time, customer_number, last_queue_name AS queue,
       last_agent_id AS agent, dialog_count AS dialogs, transfer_count AS transfers, outcome, q850_cause AS q850,
       ring_seconds AS ring, active_seconds AS active
FROM interactions(cdr_file('../../samples/ucontact/day.json', '{"zone":"America/Montevideo"}')) ORDER BY start_time;
.mode list
SELECT substr(interaction_id, 1, 8) AS call, mapping
FROM interactions(cdr_file('../../samples/ucontact/day.json')) WHERE mapping IS NOT NULL ORDER BY start_time;
.mode box

-- The page's two rows: one call that rang two agents.
SELECT dialog_id, dialog_type, start_time, hangup_time, tenant_user_id, tenant_user_username, hangup_cause, end_cause, outcome
FROM cdr_dialog(cdr_file('../../samples/ucontact/getrecords.json')) ORDER BY dialog_type DESC, dialog_id;
SELECT seq, agent_id, agent_name, queue_id, event, event_time FROM agent_events(cdr_file('../../samples/ucontact/getrecords.json')) ORDER BY seq;
SELECT * FROM queue_visits(cdr_file('../../samples/ucontact/getrecords.json'));
SELECT recording_id, dialog_id, media, url.value AS url
FROM recordings(cdr_file('../../samples/ucontact/getrecords.json')), json_each(urls) AS url;

-- Transferred, transferred and back, and with both agents in conversation for a while.
SELECT substr(interaction_id, 1, 8) AS call, agent_id, state, start_time, end_time, seconds, basis
FROM state_durations(cdr_file('../../samples/ucontact/day.json', '{"zone":"America/Montevideo"}'))
WHERE substr(interaction_id, 1, 8) IN ('00000008', '00000009', '0000000b') ORDER BY call, agent_id, start_time;
SELECT substr(interaction_id, 1, 8) AS call, visit_no, queue_name, outcome, agent_id
FROM queue_visits(cdr_file('../../samples/ucontact/day.json')) WHERE substr(interaction_id, 1, 8) IN ('00000008', '00000023')
ORDER BY call, visit_no;

-- If there are two versions of a row, the later one counts, whichever is read first.
SELECT count(*) AS calls, sum(active_seconds) AS active, max(satisfaction) AS rating
FROM interactions(cdr_file('../../samples/ucontact/day.json'));
SELECT count(*) AS calls, sum(active_seconds) AS active, max(satisfaction) AS rating
FROM interactions(cdr_file('../../samples/ucontact/day*.json'));

-- Durations of a call as a document.
SELECT state_duration(readfile('../../samples/ucontact/getrecords.json'), 'ACTIVE') AS active,
       ring_duration(readfile('../../samples/ucontact/getrecords.json')) AS ring;

-- Snapshots, requests and lists are not part of the model.
SELECT count(*) AS interactions FROM interactions(cdr_file('../../samples/ucontact/campaignstatus_day.json'));
SELECT count(*) AS agent_states FROM agent_states(cdr_file('../../samples/ucontact/'));
