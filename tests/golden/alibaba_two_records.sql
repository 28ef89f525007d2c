-- A call fetched twice, by Get and by a list, is one interaction: the list's figures together with the events. The order does not matter.
.mode list
.headers on
SELECT interaction_id, agent_id, state, seconds, basis
FROM state_durations(cdr_file('../../samples/alibaba/*.*json'))
WHERE interaction_id IN ('job-20240506000001', 'job-20240506000014', 'job-20240506000036');
SELECT interaction_id, outcome, active_seconds, hold_seconds, handle_seconds, mapping
FROM interactions(cdr_file('../../samples/alibaba/*.*json'))
WHERE interaction_id IN ('job-20240506000001', 'job-20240506000014', 'job-20240506000017', 'job-20240506000036');
SELECT contact_id, resource, talk_time, length(agent_events) AS agent_events
FROM alibaba_call(cdr_file('../../samples/alibaba/*.*json')) WHERE contact_id = 'job-20240506000001';
-- If there are two answers of one kind, the newer one counts.
SELECT interaction_id, outcome, end_time FROM interactions(
  '[{"ContactId":"x","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1000,"ReleaseTime":9000,"AgentIds":"a"},
    {"ContactId":"x","ContactType":"INBOUND","ContactDisposition":"","StartTime":1000}]');
