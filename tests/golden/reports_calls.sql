-- The preset alibaba_instance counts a call once, with its wait in all queues until it was answered first. The inputs are invented; times are seconds
-- after 2024-05-02 10:00:00 UTC.
.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';

--   overflowed    in s1 from 5 to 35, in s2 from 35 to 50; rings 5: waits 50
--   transferred   in s1 from 5 to 10, rings 5: waits 10. Answered in s2 after 24 more, which is after the first answer
--   lost          in s1 from 5 to 35, in s2 from 35 to 45, and hangs up: gave up after 40
--   handed on     in s1 from 5 to 10, rings 5: waits 10. Then hangs up in s2
CREATE TEMP TABLE call(id, disposition, ended, agents, queues);
INSERT INTO call VALUES
('overflowed', 'Success', 100, '[["a","s2",["Ringing",50],["Established",55],["Released",100]]]', '[["s1",["Enqueue",5],["QueueingTimeout",35]],["s2",["Enqueue",35]]]'),
('transferred', 'Success', 200, '[["a","s1",["Ringing",10],["Established",15],["BlindTransfer",60],["Released",60]],["b","s2",["Ringing",80],["Established",85],["Released",200]]]',
  '[["s1",["Enqueue",5]],["s2",["Enqueue",61]]]'),
('lost', 'AbandonedInQueue', 45, '[]', '[["s1",["Enqueue",5],["QueueingTimeout",35]],["s2",["Enqueue",35],["Abandoned",45]]]'),
('handed on', 'AbandonedInQueue', 200, '[["a","s1",["Ringing",10],["Established",15],["BlindTransfer",60],["Released",60]]]', '[["s1",["Enqueue",5]],["s2",["Enqueue",61],["Abandoned",200]]]');
CREATE TEMP TABLE entry AS
  SELECT c.id, 'agent' AS kind, a.key AS place, a.value ->> 0 AS name, a.value ->> 1 AS queue, e.key AS n, e.value ->> 0 AS event, e.value ->> 1 AS at
  FROM call AS c, json_each(c.agents) AS a, json_each(a.value) AS e WHERE e.key > 1
  UNION ALL
  SELECT c.id, 'queue', q.key, q.value ->> 0, NULL, e.key, e.value ->> 0, e.value ->> 1 FROM call AS c, json_each(c.queues) AS q, json_each(q.value) AS e WHERE e.key > 0;
CREATE TEMP TABLE party AS
  SELECT id, kind, place, name, queue, json_group_array(json_object('Event', event, 'EventTime', 1714644000000 + at * 1000)) AS events FROM entry GROUP BY id, kind, place;
SELECT cdr_import(group_concat(json_object('ContactId', id, 'InstanceId', 'i', 'ContactType', 'INBOUND', 'ContactDisposition', disposition, 'StartTime', 1714644000000,
  'ReleaseTime', 1714644000000 + ended * 1000, 'CallDuration', ended,
  'AgentEvents', (SELECT json_group_array(json_object('AgentId', name, 'SkillGroupId', queue, 'EventSequence', json(events))) FROM party AS p WHERE p.id = call.id AND kind = 'agent'),
  'QueueEvents', (SELECT json_group_array(json_object('QueueId', name, 'EventSequence', json(events))) FROM party AS p WHERE p.id = call.id AND kind = 'queue')), char(10))) ->> 'inserted' AS calls
FROM call;
SELECT interaction_id, visit_no, queue_id, enqueue_time, wait_seconds, ring_seconds, outcome FROM queue_visit ORDER BY 1, 2;
-- The waits of answered calls: 50, 10 and 10, two of which are in time; of the abandoned call: 40.
SELECT offered, answered, answered_in_threshold AS in_time, abandoned, wait_known, service_level, round(asa_seconds, 3) AS asa_seconds, longest_wait_answered, longest_wait_abandoned, answered_wait_seconds, abandoned_wait_seconds
FROM queue_report('2024-05-02', '2024-05-03') WHERE preset = 'alibaba_instance';
-- In the queues alone: 45, 5 and 5. From the arrival, the menu included: 55, 15, 15 and 45.
SELECT clock.value AS clock, answered_wait_seconds, longest_wait_answered, abandoned_wait_seconds
FROM json_each('["queue", "queue_ring", "arrival"]') AS clock, queue_report('2024-05-02', '2024-05-03', NULL, NULL, NULL, clock.value, 'alibaba_instance');
-- Skill groups count each visit.
SELECT queue_id, offered, answered, abandoned, flowed_out, answered_wait_seconds, abandoned_wait_seconds FROM queue_report('2024-05-02', '2024-05-03') WHERE preset = 'alibaba_skill_group';
-- A call counts as it ended, even if that is after the period: in s1 until the queue gives up at 12:00:35, in s2 from 12:01:05, answered. The parts add up to the whole.
SELECT cdr_import(json_object('ContactId', 'later', 'InstanceId', 'i', 'ContactType', 'INBOUND', 'ContactDisposition', 'Success', 'StartTime', 1714651200000, 'ReleaseTime', 1714651300000,
  'CallDuration', 100, 'AgentEvents', json('[{"AgentId":"a","SkillGroupId":"s2","EventSequence":[{"Event":"Ringing","EventTime":1714651275000},{"Event":"Established","EventTime":1714651280000},{"Event":"Released","EventTime":1714651300000}]}]'),
  'QueueEvents', json('[{"QueueId":"s1","EventSequence":[{"Event":"Enqueue","EventTime":1714651205000},{"Event":"QueueingTimeout","EventTime":1714651235000}]},{"QueueId":"s2","EventSequence":[{"Event":"Enqueue","EventTime":1714651265000}]}]'))) ->> 'inserted' AS calls;
SELECT credit.value AS credit, part.value ->> 0 AS "from", part.value ->> 1 AS "to", offered, answered, flowed_out, open, wait_known, longest_wait_answered
FROM json_each('["event", "arrival"]') AS credit, json_each('[["12:00:00", "12:01:00"], ["12:01:00", "12:02:00"], ["12:00:00", "12:02:00"]]') AS part,
  queue_report('2024-05-02 ' || (part.value ->> 0), '2024-05-02 ' || (part.value ->> 1), NULL, 'UTC', credit.value, NULL, 'alibaba_instance');

-- uContact, where a queue that a call comes back to is one visit. Times are seconds after 2024-05-03 10:00:00 UTC.
--   back          asked in q1 at 5, in q2 at 20, in q1 again at 40, answered at 50: waits 50
--   lost          the same, but nobody answers until 60: gave up after 60
--   between       asked in q1 at 5, answered in q2 at 30, handed back to q1, answered at 80. Arrived 30 before the answer; how long it waited in q1 until then is not known
CREATE TEMP TABLE leg(id, number, queue, at, answered, until, finish);
INSERT INTO leg VALUES
('back', 1, 'q1', 5, NULL, 15, 100), ('back', 2, 'q2', 20, NULL, 30, 100), ('back', 3, 'q1', 40, 50, 100, 100),
('lost', 1, 'q1', 5, NULL, 15, 60), ('lost', 2, 'q2', 20, NULL, 30, 60), ('lost', 3, 'q1', 40, NULL, 60, 60),
('between', 1, 'q1', 5, NULL, 15, 120), ('between', 2, 'q2', 20, 30, 70, 120), ('between', 3, 'q1', 75, 80, 120, 120);
SELECT cdr_import(json_group_array(json_object('calldate', datetime(1714730400 + at, 'unixepoch'), 'src', '099000001', 'dst', '9901', 'channel', 'SIP/trunk-' || id, 'dstchannel', 'SIP/10' || number || '-1',
  'lastapp', 'Queue', 'duration', until - at, 'billsec', until - ifnull(answered, at), 'disposition', iif(answered, 'ANSWERED', 'NO ANSWER'), 'uniqueid', id || number, 'linkedid', '1714730400.' || length(id),
  'sequence', number, 'guid', id, 'direction', 'inbound', 'campaign', queue || '<-', 'carrier', 'trunk', 'finishtime', datetime(1714730400 + finish, 'unixepoch')))) ->> 'inserted' AS rows FROM leg;
SELECT interaction_id, visit_no, queue_id, enqueue_time, answer_time, end_time, wait_seconds, outcome FROM queue_visit WHERE vendor = 'ucontact' ORDER BY 1, 2;
SELECT clock.value AS clock, offered, answered, abandoned, untold, wait_known, answered_wait_seconds, abandoned_wait_seconds
FROM json_each('["queue", "queue_ring", "arrival"]') AS clock, queue_report('2024-05-03', '2024-05-04', NULL, NULL, NULL, clock.value, 'alibaba_instance');
SELECT part.value ->> 0 AS "from", part.value ->> 1 AS "to", answered, abandoned
FROM json_each('[["10:00:00", "10:00:40"], ["10:00:40", "10:00:55"], ["10:00:55", "10:02:00"]]') AS part,
  queue_report('2024-05-03 ' || (part.value ->> 0), '2024-05-03 ' || (part.value ->> 1), NULL, 'UTC', NULL, NULL, 'alibaba_instance');

-- Alibaba again: a queue gives up, the call comes back to the menu, and the customer hangs up there. It is one call, abandoned in the IVR.
SELECT cdr_import('{"ContactId":"menu","InstanceId":"i","ContactType":"INBOUND","ContactDisposition":"AbandonedInIVR","StartTime":1714816800000,"ReleaseTime":1714816880000,
  "IvrEvents":[{"FlowId":"f","FlowType":"MAIN_FLOW","EventSequence":[{"Event":"Route2IVR","EventTime":1714816800000},{"Event":"Route2IVR","EventTime":1714816840000},{"Event":"Abandoned","EventTime":1714816880000}]}],
  "QueueEvents":[{"QueueId":"s1","EventSequence":[{"Event":"Enqueue","EventTime":1714816810000},{"Event":"QueueingTimeout","EventTime":1714816840000}]}]}') ->> 'inserted' AS calls;
SELECT preset.value AS preset, credit.value AS credit, offered, abandoned, flowed_out, abandon_rate
FROM json_each('["alibaba_instance", "alibaba_skill_group"]') AS preset, json_each('["event", "arrival"]') AS credit,
  queue_report('2024-05-04', '2024-05-05', NULL, NULL, credit.value, NULL, preset.value);
-- The oldest lists tell of no events, but of one agent: the conversation belongs to the one visit, by the facts and by the stored figures.
SELECT cdr_import('{"CallDetailRecords":{"List":{"CallDetailRecord":[{"ContactId":"listed","InstanceId":"i","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714903200000,"Duration":130,
  "SkillGroupNames":"g","Agents":{"CallDetailAgent":[{"AgentId":"a","AgentName":"A","SkillGroupName":"g","QueueTime":10,"RingTime":3,"StartTime":1714903213000,"TalkTime":100,"HoldTime":5,"WorkTime":12}]}}]}}}') ->> 'inserted' AS calls;
SELECT dialog_id, agent_id, visit_no, outcome FROM agent_offer WHERE interaction_id = 'listed';
SELECT offered, answered, talk_seconds, hold_seconds, acw_seconds, aht_seconds FROM queue_report('2024-05-05', '2024-05-06');
SELECT credit, answered, talk_seconds, hold_seconds, acw_seconds FROM queue_interval WHERE interval_start >= '2024-05-05';
