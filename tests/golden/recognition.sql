-- Another resource of the same vendor is not a call: records are recognised by keys that only their kind has, and the message about an unrecognised
-- record says which keys would identify it.
.mode list
.separator ' | '
.nullvalue NULL

-- mluvii's users, campaigns and e-mail threads have an id and a company, as sessions do
SELECT count(*) FROM interactions(cdr_file('cases/mluvii_users.json', '{"on_error":"skip"}'));
SELECT code, message FROM cdr_problems(cdr_file('cases/mluvii_users.json'));
SELECT code, message FROM cdr_problems(cdr_file('cases/mluvii_campaign.json'));
SELECT code, message FROM cdr_problems(cdr_file('cases/mluvii_emailthread.json'));

-- Conpeek's webhooks are events of their dialog, never dialogs, and recordings are neither
SELECT count(*) FROM cdr_dialog(cdr_file('cases/conpeek_webhook_documented.ndjson'));
SELECT count(*) FROM interactions(cdr_file('cases/conpeek_webhook_documented.ndjson'));
SELECT * FROM conpeek_event(cdr_file('cases/conpeek_webhook_documented.ndjson'));
SELECT code, message FROM cdr_problems('{"recording_uuid":"r","dialog_uuid":"d","start_time":"2024-08-26 14:43:10"}');
SELECT code, message FROM cdr_problems('{"dialog_uuid":"d"}');

-- Alibaba's snapshot of agents gives lengths in seconds; its recordings name their call and the numbers
SELECT count(*) FROM agent_states(cdr_file('cases/alibaba_realtime_agent_states.json', '{"on_error":"skip"}'));
SELECT record, code, message FROM cdr_problems(cdr_file('cases/alibaba_realtime_agent_states.json'));
SELECT code, message FROM cdr_problems('{"ContactId":"c","StartTime":1714644000000,"CallingNumber":"1","FileName":"f.wav"}');

-- More of each vendor's other resources: the id of a call, a company or a channel does not make a record a call
CREATE TEMP TABLE other(what TEXT, doc TEXT);
INSERT INTO other VALUES
('a message that a caller left', '{"ContactId":"c","Name":"f.wav","RecordingUrl":"u","StartTime":1714644000000,"Duration":30,"CallingNumber":"1","CalledNumber":"2"}'),
('an agent''s report', '{"AgentId":"a","AgentName":"n","SkillGroupIds":"s","Inbound":{"CallsOffered":1},"Overall":{"TotalLoggedInTime":1}}'),
('a campaign that has begun', '[{"id":77,"name":"Campaign","companyId":7,"state":"RUNNING","created":"2024-05-02T13:30:20+02:00","started":"2024-05-02T14:00:00+02:00"}]'),
('a campaign''s number', '[{"id":78,"campaignId":77,"companyId":7,"number":"1","status":"CLOSED","started":"2024-05-02T14:00:00+02:00","ended":"2024-05-02T14:01:00+02:00"}]'),
('a widget', '[{"id":5,"companyId":7,"departmentId":3,"name":"n","channel":"Chat","created":"2024-05-02T10:00:00+02:00"}]'),
('an event of a channel', '[{"eventtype":"ANSWER","eventtime":"2024-05-02 10:00:00","uniqueid":"1714644000.1","linkedid":"1714644000.1","channame":"SIP/1-1"}]'),
('a chat message', '{"data":[{"message_uuid":"m","dialog_uuid":"d","content":"x","timestamp":"2024-08-26 14:43:10"}]}');
SELECT o.what, p.code, p.message FROM other AS o, cdr_problems(o.doc) AS p;

-- A page after the last one has no record, which is not a problem
SELECT count(*) FROM alibaba_call(cdr_file('cases/alibaba_emptypage2.json'));
SELECT count(*) FROM cdr_problems(cdr_file('cases/alibaba_emptypage2.json'));
SELECT count(*) FROM cdr_problems('{"lastModified":null,"limit":100,"page":3,"totalCount":200,"data":[]}');

-- mluvii's webhooks alone: the facts of SessionStarted, SessionForwarded and SessionEnded
SELECT interaction_id, start_time, answer_time, end_time, outcome, transfer_count, agent_count
FROM interactions(cdr_file('cases/mluvii_webhook_docs.ndjson'));
-- and a user's status is a state of the agent, counted once if list and webhook report it
SELECT agent_id, state, reason, start_time, end_time FROM agent_states(
  '[{"userId":7,"stateKind":"ONLINE","changed":"2024-05-02T08:00:00+02:00"},
    {"eventType":"UserStatusChanged","data":{"userId":7,"stateKind":"ONLINE","changed":"2024-05-02T06:00:00Z"}},
    {"eventType":"UserStatusChanged","data":{"userId":7,"status":"BREAK","breakStateName":"Lunch","time":"2024-05-02T08:30:00+02:00"}}]');
SELECT id, session_id, started, duration, user_id, is_deleted FROM mluvii_recording(
  '{"id":5,"companyId":7,"channel":"Phone","recordings":[{"id":9,"name":"a.mp3","started":"2024-05-02T10:00:06+02:00","duration":"PT5M","type":"Audio","userId":502,"isDeleted":false}]}');

-- In a warehouse, none of them changes the call with the same id
SELECT json_extract(cdr_init(), '$.created');
SELECT json_extract(cdr_import('cases/mluvii_session5.json'), '$.inserted');
SELECT json_extract(cdr_import('cases/mluvii_emailthread.json'), '$.quarantined');
SELECT interaction_id, channel, outcome, active_seconds FROM interaction WHERE vendor = 'mluvii';
SELECT json_extract(cdr_import('cases/conpeek_real.ndjson'), '$.inserted');
SELECT json_extract(cdr_import('cases/conpeek_webhook_documented.ndjson', '{"fetched_at":"2030-01-01T00:00:00Z"}'), '$.inserted');
SELECT interaction_id, outcome, dialog_count, active_seconds FROM interaction WHERE vendor = 'conpeek';
SELECT count(*) FROM dialog WHERE vendor = 'conpeek';
SELECT event_name, event_time FROM conpeek_event ORDER BY event_time;
SELECT json_extract(cdr_import('cases/alibaba_emptypage2.json'), '$.seen', '$.quarantined', '$.failed');
