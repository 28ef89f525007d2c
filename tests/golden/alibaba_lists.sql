-- Only Alibaba's lists: a call that was in a queue has one visit, made from the figures of the list. The inputs are invented.
.mode list
.separator ' | '
.nullvalue NULL
.headers on
SELECT interaction_id, queue_id, queue_name, entry, enqueue_time, dequeue_time, answer_time, end_time, wait_seconds AS wait, ring_seconds AS ring, speed_of_answer_seconds AS speed, outcome, agent_id, basis
FROM queue_visits(cdr_file('../../samples/alibaba/*list*_call_detail_records.json'));
SELECT interaction_id, direction, outcome, queue_time, in_queue_seconds, json_extract(mapping, '$.queue_visits') AS note
FROM interactions(cdr_file('../../samples/alibaba/*list*_call_detail_records.json'));

CREATE TEMP TABLE said(what TEXT, doc TEXT);
INSERT INTO said
SELECT value ->> '$[0]', json_object('ContactId', 'c', 'ContactType', value ->> '$[1]', 'ContactDisposition', value ->> '$[2]', 'StartTime', 1714644000000, 'ReleaseTime', 1714644200000,
  'SkillGroupIds', value ->> '$[3]', 'SkillGroupNames', value ->> '$[3]', 'IvrTime', value ->> '$[4]', 'QueueTime', value ->> '$[5]', 'RingTime', value ->> '$[6]', 'TalkTime', value ->> '$[7]', 'AgentIds', value ->> '$[8]')
FROM json_each('[["answered", "Inbound", "Success", "q@i", "5", "20", "10", "100", "a@i"],
  ["at once", "Inbound", "Success", "q@i", "5", "0", "0", "100", "a@i"],
  ["a trailing comma and blanks", "Inbound ", "Success", " q@i, ", "5", "20", "10", "100", "a@i,"],
  ["two skill groups", "Inbound", "Success", "q@i,r@i", "5", "20", "10", "100", "a@i"],
  ["out of the menu", "Inbound", "AbandonedInIVR", "q@i", "50", "0", "0", "0", ""],
  ["out of the queue", "Inbound", "AbandonedInQueue", "q@i", "5", "195", "0", "0", ""],
  ["while it rang", "Inbound", "AbandonedInRing", "q@i", "5", "20", "175", "0", "a@i"],
  ["a message after the queue", "Inbound", "Voicemail", "q@i", "5", "30", "0", "0", ""],
  ["a message, no queue", "Inbound", "Voicemail", "q@i", "5", "0", "0", "0", ""],
  ["the wait is longer than the call", "Inbound", "Success", "q@i", "5", "9000", "10", "100", "a@i"],
  ["no skill group", "Inbound", "AbandonedInQueue", "", "5", "195", "0", "0", ""],
  ["outbound", "Outbound", "Success", "q@i", "0", "0", "0", "100", "a@i"]]');
SELECT s.what, v.queue_id, v.enqueue_time, v.dequeue_time, v.answer_time, v.end_time, v.wait_seconds AS wait, v.ring_seconds AS ring, v.speed_of_answer_seconds AS speed, v.outcome, v.agent_id
FROM said AS s LEFT JOIN queue_visits(s.doc) AS v;

-- If the answer of Get exists too, its events count, even if they show that there was no queue.
INSERT INTO said
SELECT 'and no queue by its events', doc || '{"ContactId":"c","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644200000,"QueueEvents":[],"AgentEvents":[{"AgentId":"a@i","EventSequence":[{"Event":"Established","EventTime":1714644100000},{"Event":"Released","EventTime":1714644200000}]}]}' FROM said WHERE what = 'answered';
INSERT INTO said
SELECT 'and another queue by its events', doc || '{"ContactId":"c","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644200000,"QueueEvents":[{"QueueId":"e@i","EventSequence":[{"Event":"Enqueue","EventTime":1714644006000}]}],"AgentEvents":[{"AgentId":"a@i","SkillGroupId":"e@i","EventSequence":[{"Event":"Ringing","EventTime":1714644090000},{"Event":"Established","EventTime":1714644100000},{"Event":"Released","EventTime":1714644200000}]}]}' FROM said WHERE what = 'answered';
SELECT s.what, v.visit_no, v.queue_id, v.enqueue_time, v.answer_time, v.basis FROM said AS s LEFT JOIN queue_visits(s.doc) AS v WHERE s.what LIKE 'and %';

-- In a warehouse, the queue's report includes the visits.
SELECT json_extract(cdr_init(), '$.created') AS created;
SELECT json_extract(cdr_import('../../samples/alibaba/list_call_detail_records.json'), '$.inserted') AS inserted;
SELECT queue_id, offered, answered, abandoned, wait_known, service_level, asa_seconds, longest_wait_abandoned FROM queue_report('2024-05-06', '2024-05-07');
SELECT cdr_check();
