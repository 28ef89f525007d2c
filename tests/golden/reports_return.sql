-- Agents who come back to an interaction: each conversation has a row of its own, in the timeline and in the agent's day. The inputs are invented.
.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';
-- Alibaba: Ann from 15 s to 600 s, Bob until 1200 s, then Ann again until 1800 s.
SELECT cdr_import('{"ContactId":"back","InstanceId":"i","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"EstablishedTime":1714644015000,"ReleaseTime":1714645800000,
  "AgentEvents":[
  {"AgentName":"Ann","AgentId":"a","SkillGroupId":"s","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Established","EventTime":1714644015000},{"Event":"BlindTransfer","EventTime":1714644600000},{"Event":"Released","EventTime":1714644600000}]},
  {"AgentName":"Bob","AgentId":"b","SkillGroupId":"s","EventSequence":[{"Event":"Ringing","EventTime":1714644602000},{"Event":"Established","EventTime":1714644605000},{"Event":"BlindTransfer","EventTime":1714645200000},{"Event":"Released","EventTime":1714645200000}]},
  {"AgentName":"Ann","AgentId":"a","SkillGroupId":"s","EventSequence":[{"Event":"Ringing","EventTime":1714645202000},{"Event":"Established","EventTime":1714645205000},{"Event":"Released","EventTime":1714645800000}]}],
  "QueueEvents":[{"QueueId":"s","EventSequence":[{"Event":"Enqueue","EventTime":1714644000000},{"Event":"AssignAgent","EventTime":1714644010000}]}]}') ->> 'inserted';
SELECT start_time, end_time, seconds, party_id, what FROM interaction_timeline('back');
SELECT start_time, end_time, seconds, kind FROM agent_day('a', '2024-05-02');
SELECT start_time, end_time, seconds, kind FROM agent_day('b', '2024-05-02');
-- mluvii: the operator is there on two days and not on the one between.
SELECT cdr_import('{"id":78,"companyId":1,"channel":"Chat","source":"Default","status":"CLOSED","created":"2024-05-06T10:00:00+00:00","guestJoined":"2024-05-06T10:00:00+00:00","started":"2024-05-06T10:00:10+00:00","ended":"2024-05-08T10:30:00+00:00",
  "length":"PT1H","guestLeftSession":"LeftSession","guest":{"identity":"x@example.com"},"operators":[
  {"userId":1,"userName":"Ann","joined":"2024-05-06T10:00:10+00:00","left":"2024-05-06T10:10:00+00:00","concluded":"2024-05-06T10:10:00+00:00"},
  {"userId":2,"userName":"Bob","joined":"2024-05-06T10:10:05+00:00","left":"2024-05-08T10:00:00+00:00","concluded":"2024-05-08T10:00:00+00:00"},
  {"userId":1,"userName":"Ann","joined":"2024-05-08T10:00:05+00:00","left":"2024-05-08T10:30:00+00:00","concluded":"2024-05-08T10:31:00+00:00"}],"chatbots":[],"tags":[],"recordings":[],"activities":[],"routingHistory":[]}') ->> 'inserted';
SELECT day.value AS day, start_time, end_time, seconds, kind FROM json_each('["2024-05-06", "2024-05-07", "2024-05-08"]') AS day, agent_day('1', day.value);
SELECT interval_start, talk_seconds, acw_seconds FROM agent_report('2024-05-06', '2024-05-09', '1d') WHERE agent_id = '1';
-- A period that no time can follow: repeated within any number of days.
SELECT within_days, interactions, repeated FROM repeat_interactions('2024-05-01', '9999-12-31');
SELECT within_days, interactions, repeated FROM repeat_interactions('2024-05-01', '2024-05-03', 3000000);
