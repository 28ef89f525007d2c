-- The vendor's own tables, over every version of its answers.
.mode line
-- The example of the vendor's page, unchanged.
SELECT * FROM alibaba_call(cdr_file('../../samples/alibaba/seed_get_call_detail_record.json'));
SELECT * FROM interactions(cdr_file('../../samples/alibaba/seed_get_call_detail_record.json'));
.mode list
.headers on
-- Values that only the lists have.
SELECT contact_id, resource, contact_type, call_duration, ivr_time, queue_time, ring_time, wait_time, dialing_time,
       talk_time, held_time, recording_duration, satisfaction_index, satisfaction_description, broker, extra
FROM alibaba_call(cdr_file('../../samples/alibaba/list_call_detail_records.json'));
-- Scalars as strings, other names, other envelopes.
SELECT contact_id, resource, start_time, call_duration, recording_ready, skill_group_ids, satisfaction,
       satisfaction_description, length(agent_events) > 0 AS has_events, agents, recordings, extra
FROM alibaba_call(cdr_file('../../samples/alibaba/*.json'))
WHERE contact_id NOT LIKE 'job-2024%' AND contact_id NOT LIKE '%*%';
SELECT recording_id, dialog_id, media, start_time, stop_time, urls
FROM recordings(cdr_file('../../samples/alibaba/*.json'));
SELECT interaction_id, agent_id, state, seconds, basis
FROM state_durations(cdr_file('../../samples/alibaba/oldest_list_call_detail_records.json'));
-- An answer given in SQL.
SELECT contact_id, contact_disposition
FROM alibaba_call('{"Code":"OK","Data":{"PageNumber":1,"List":[{"ContactId":"a","ContactDisposition":"Success"},
                                        {"ContactId":"b","ContactDisposition":"Voicemail"}]}}');
