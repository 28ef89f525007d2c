-- Queue visits, offers to agents, wrap-ups, categories of agents' states and who released, of all vendors. Each input is invented.
.mode list
.headers on
CREATE TEMP TABLE said(vendor TEXT, what TEXT, doc TEXT);

-- One visit, offered in vain and then taken, as each vendor tells it.
INSERT INTO said VALUES
('alibaba', 'a rings 10 to 35 in vain, b rings 95 to 100',
 '{"ContactId":"q1","ContactType":"INBOUND","ContactDisposition":"Success","ReleaseInitiator":"agent ","StartTime":1714644000000,"ReleaseTime":1714644200000,"AgentEvents":[{"AgentId":"a@i","AgentName":"A","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Released","EventTime":1714644035000}]},{"AgentId":"b@i","AgentName":"B","EventSequence":[{"Event":"Ringing","EventTime":1714644095000},{"Event":"Established","EventTime":1714644100000},{"Event":"Released","EventTime":1714644200000}]}],"QueueEvents":[{"QueueId":"q","QueueName":"Q","EventSequence":[{"Event":"Enqueue","EventTime":1714644005000}]}]}'),
('mluvii', '5 is asked from 5 to 15 in vain, 6 from 50 to 55',
 '{"id":711,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","started":"2024-05-02T10:00:55Z","ended":"2024-05-02T10:02:00Z","length":"PT1M5S","operators":[{"userId":6,"firstName":"F","lastName":"L","joined":"2024-05-02T10:00:55Z","left":"2024-05-02T10:02:00Z","concluded":"2024-05-02T10:02:00Z"}],"tags":[{"userId":6,"name":"Complaint "},{"userId":9,"name":"Later"}],"activities":[{"activityId":1,"time":"2024-05-02T10:02:00Z","type":"SessionEnded","terminationReason":"GuestLeft "}],"routingHistory":[{"routingRequestId":"r","timestamp":"2024-05-02T10:00:00Z","activityType":"RoutingRequestCreated"},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:03Z","activityType":"EnteredGroupQueue","group":{"id":21,"name":"G"}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:05Z","activityType":"AssignedToOperator","operator":{"userId":5,"firstName":"E","lastName":"K"}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:15Z","activityType":"OperatorTimeoutExpired","operator":{"userId":5}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:50Z","activityType":"AssignedToOperator","operator":{"userId":6}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:55Z","activityType":"AcceptedByOperator","operator":{"userId":6}}]}'),
('conpeek', 'a1 alerts at 30 in vain, a2 at 50, serves at 55',
 '{"data":[{"dialog_uuid":"q2","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:55","hangup_time":"2024-05-02 10:02:00","talking_time":65000,"first_queue_waiting_time":20000,"linked_dialogs":["q3","q4"],"custom_tag_id_list":[7,"8 "]},{"dialog_uuid":"q3","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:30","alert_time":"2024-05-02 10:00:30","hangup_time":"2024-05-02 10:00:45","hangup_cause":"NO_ANSWER","tenant_user":{"id":"a1","display_name":"Anna"},"project":{"id":5,"name":"Support "}},{"dialog_uuid":"q4","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:50","alert_time":"2024-05-02 10:00:50","serve_time":"2024-05-02 10:00:55","hangup_time":"2024-05-02 10:02:00","talking_time":65000,"tenant_user":{"id":"a2","firstname":"Bea","surname":"B"},"project":{"id":5,"name":"Support"},"custom_tag_id_list":[8]}]}'),
('ucontact', '101 is rung for 10 s in vain, 102 answers after 20 s more',
 '[{"calldate":"2024-05-02 10:00:05","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/101-1","lastapp":"Queue","duration":10,"billsec":10,"disposition":"NO ANSWER","uniqueid":"1714644000.11","linkedid":"1714644000.11","sequence":1,"guid":"u11","direction":"inbound","campaign":"In<-","carrier":"trunk","peeraccount":"ana","finishtime":"2024-05-02 10:01:40"},{"calldate":"2024-05-02 10:00:15","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/102-1","lastapp":"Queue","duration":85,"billsec":65,"disposition":"ANSWERED","uniqueid":"1714644000.11","linkedid":"1714644000.11","sequence":2,"guid":"u11","direction":"inbound","campaign":"In<-","carrier":"trunk","peeraccount":"bea","finishtime":"2024-05-02 10:01:40"},{"campaign":"In<-","agent":"Bea ","callerid":"099000001","guid":"u11","l1":"Sales","l2":"Interested","l3":"","comment":"Asked for an offer"}]');
SELECT s.vendor, v.visit_no, v.queue_id, v.queue_name, v.entry, v.enqueue_time, v.dequeue_time, v.answer_time, v.end_time, v.wait_seconds, v.ring_seconds, v.speed_of_answer_seconds, v.outcome, v.agent_id, v.basis
FROM said AS s, queue_visits(s.doc) AS v;
SELECT s.vendor, o.dialog_id, o.agent_id, o.agent_name, o.visit_no, o.queue_id, o.offer_no, o.offer_time, o.end_time, o.ring_seconds, o.outcome, o.basis
FROM said AS s, agent_offers(s.doc) AS o;
SELECT s.vendor, w.dialog_id, w.agent_id, w.level, w.code, w.name, w.comment, w.wrap_up_time FROM said AS s, wrap_ups(s.doc) AS w;
SELECT s.vendor, i.queue_time, i.first_queue_id, i.first_queue_name, i.in_queue_seconds, i.waiting_seconds, i.ring_seconds, i.released_by, i.released_side
FROM said AS s, interactions(s.doc) AS i;
SELECT s.vendor, d.dialog_type, d.agent_id, d.agent_name FROM said AS s, cdr_dialog(s.doc) AS d;

-- Nobody answered: the visit lasts until the end, and who was still asked then has missed nothing.
DELETE FROM said;
INSERT INTO said VALUES
('ucontact', 'two telephones, neither answered',
 '[{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"101","channel":"SIP/trunk-1","dstchannel":"SIP/101-1","duration":10,"billsec":0,"disposition":"NO ANSWER","uniqueid":"1.1","linkedid":"1.1","sequence":1,"guid":"g-152","direction":"inbound","campaign":"q<-","finishtime":"2024-05-02 10:00:10"},{"calldate":"2024-05-02 10:00:10","src":"099000001","dst":"102","channel":"SIP/trunk-1","dstchannel":"SIP/102-1","duration":6,"billsec":0,"disposition":"NO ANSWER","uniqueid":"1.1","linkedid":"1.1","sequence":2,"guid":"g-152","direction":"inbound","campaign":"q<-","finishtime":"2024-05-02 10:00:16"}]'),
('ucontact', 'the menu is counted in: the channel was made 40 s before the row',
 '{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"","lastapp":"Queue","duration":30,"billsec":30,"disposition":"NO ANSWER","uniqueid":"1714643960.12","linkedid":"1714643960.12","sequence":1,"guid":"u12","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:00:30"}'),
('ucontact', 'three hours from the channel: another zone',
 '{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"","lastapp":"Queue","duration":30,"billsec":30,"disposition":"NO ANSWER","uniqueid":"1714654800.13","linkedid":"1714654800.13","sequence":1,"guid":"u13","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:00:30"}'),
('alibaba', 'hung up while it rang',
 '{"ContactId":"q5","ContactType":"INBOUND","ContactDisposition":"AbandonedInRing","ReleaseInitiator":"customer","StartTime":1714644000000,"ReleaseTime":1714644030000,"AgentEvents":[{"AgentId":"a@i","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Released","EventTime":1714644030000}]}],"QueueEvents":[{"QueueId":"q","EventSequence":[{"Event":"Enqueue","EventTime":1714644005000},{"Event":"GiveUp","EventTime":1714644030000}]}]}'),
('mluvii', 'hung up while an operator was asked',
 '{"id":712,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:00:30Z","guestLeftSession":"LeftQueue","operators":[],"routingHistory":[{"routingRequestId":"r","timestamp":"2024-05-02T10:00:03Z","activityType":"EnteredGroupQueue","group":{"id":21,"name":"G"}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:10Z","activityType":"AssignedToOperator","operator":{"userId":5}}]}'),
('conpeek', 'hung up while two telephones rang',
 '{"data":[{"dialog_uuid":"q6","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:00:30","talking_time":0,"first_queue_waiting_time":5000,"hangup_cause":"NORMAL_CLEARING","linked_dialogs":["q7","q8"]},{"dialog_uuid":"q7","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:10","alert_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:00:30","hangup_cause":"NORMAL_CLEARING","tenant_user":{"id":"a1"}},{"dialog_uuid":"q8","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:10","alert_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:00:12","hangup_cause":"21","tenant_user":{"id":"a2"}}]}');
SELECT s.vendor, s.what, v.enqueue_time, v.end_time, v.wait_seconds, v.ring_seconds, v.speed_of_answer_seconds, v.outcome FROM said AS s, queue_visits(s.doc) AS v;
SELECT s.vendor, s.what, o.agent_id, o.ring_seconds, o.outcome FROM said AS s, agent_offers(s.doc) AS o;
SELECT s.vendor, s.what, i.start_time, i.outcome, i.in_queue_seconds, i.waiting_seconds, i.released_side, i.mapping FROM said AS s, interactions(s.doc) AS i;

-- An outbound call that nobody took is no missed offer of the agent who dialled.
SELECT count(*) AS offers FROM agent_offers('{"calldate":"2024-05-02 10:00:00","src":"9901","dst":"099000001","channel":"SIP/101-1","dstchannel":"SIP/trunk-1","lastapp":"Dial","duration":30,"billsec":0,"disposition":"NO ANSWER","uniqueid":"1714644000.14","linkedid":"1714644000.14","sequence":1,"guid":"u14","direction":"outbound","campaign":"Out->","carrier":"trunk"}')
UNION ALL SELECT count(*) FROM agent_offers('{"dialog_uuid":"q9","dialog_type":"CONSULTANT","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:00:30","hangup_cause":"NO_ANSWER","tenant_user":{"id":"a1"}}')
UNION ALL SELECT count(*) FROM agent_offers('{"ContactId":"q10","ContactType":"OUTBOUND","ContactDisposition":"NoAnswer","StartTime":1714644000000,"ReleaseTime":1714644030000,"AgentEvents":[{"AgentId":"a@i","EventSequence":[{"Event":"Dialing","EventTime":1714644000000},{"Event":"Released","EventTime":1714644030000}]}]}');

-- How a visit came about.
SELECT visit_no, queue_id, entry, outcome
FROM queue_visits('{"ContactId":"q11","ContactType":"INBOUND","ContactDisposition":"AbandonedInQueue","StartTime":1714644000000,"ReleaseTime":1714644400000,"AgentEvents":[{"AgentId":"a@i","SkillGroupId":"q2","EventSequence":[{"Event":"Ringing","EventTime":1714644120000},{"Event":"Established","EventTime":1714644125000},{"Event":"BlindTransfer","EventTime":1714644200000},{"Event":"Released","EventTime":1714644200000}]}],"QueueEvents":[{"QueueId":"q1","EventSequence":[{"Event":"Enqueue","EventTime":1714644005000},{"Event":"QueueingTimeout","EventTime":1714644050000},{"Event":"Enqueue","EventTime":1714644060000},{"Event":"QueueingOverflow","EventTime":1714644100000}]},{"QueueId":"q2","EventSequence":[{"Event":"Enqueue","EventTime":1714644110000}]},{"QueueId":"q3","EventSequence":[{"Event":"Enqueue","EventTime":1714644200000},{"Event":"Abandoned","EventTime":1714644400000}]}]}');

-- Agents' states in one vocabulary.
SELECT state, state_category FROM agent_states(cdr_file('../../samples/alibaba/ListAgentStateLogs')) GROUP BY 1, 2 ORDER BY 1;
SELECT state, state_category FROM agent_states(cdr_file('../../samples/mluvii/Users/operatorStates.json')) GROUP BY 1, 2 ORDER BY 1;

-- What each vendor fills, and what it does not.
SELECT table_name, column_name, group_concat(vendor || ' ' || basis, ', ') AS basis
FROM (SELECT * FROM cdr_mapping WHERE table_name IN ('queue_visits', 'agent_offers', 'wrap_ups') AND column_name NOT IN ('vendor', 'source', 'interaction_id') ORDER BY table_name, column_name, vendor)
GROUP BY table_name, column_name;
