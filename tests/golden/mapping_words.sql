-- One vocabulary: the vendors' different words, blanks and cases become one value in the model. All inputs are invented.
.mode list
.headers on
CREATE TEMP TABLE said(vendor TEXT, what TEXT, doc TEXT);

-- A word is compared without the blanks around it and without case; the vendor's text stays in the vendor's column.
INSERT INTO said VALUES
('ucontact', 'direction with a blank, campaign of the other',
 '{"calldate":"2024-05-02 10:00:00","src":"9901","dst":"099000001","channel":"SIP/101-1","dstchannel":"SIP/trunk-1","lastapp":"Dial","duration":30,"billsec":20,"disposition":"ANSWERED","uniqueid":"1714644000.1","linkedid":"1714644000.1","sequence":1,"guid":"u1","direction":"outbound ","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:00:30"}'),
('ucontact', 'disposition with a blank',
 '{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/101-1","lastapp":"Queue","duration":30,"billsec":20,"disposition":"ANSWERED ","uniqueid":"1714644000.2","linkedid":"1714644000.2","sequence":1,"guid":"u2","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:00:30"}'),
('conpeek', 'dialog_type with a blank',
 '{"data":[{"dialog_uuid":"w1","dialog_type":"CONSULTANT ","business_direction":" inbound","start_time":"2024-05-02 10:00:10","alert_time":"2024-05-02 10:00:10","answer_time":"2024-05-02 10:00:15","serve_time":"2024-05-02 10:00:15","hangup_time":"2024-05-02 10:01:00","talking_time":45000,"tenant_user":{"id":"a1"},"linked_dialogs":["w2"]},{"dialog_uuid":"w2","dialog_type":"EXTERNAL ","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:01:00","serve_time":"2024-05-02 10:00:15","talking_time":45000,"linked_dialogs":["w1"]}]}'),
('alibaba', 'events with blanks, tabs and no-break spaces',
 '{"ContactId":"e1","ContactType":"INBOUND ","ContactDisposition":"success\u00a0","StartTime":1714644000000,"ReleaseTime":1714644180000,"ReleaseInitiator":"customer ","AgentEvents":[{"AgentId":"a@i\t","SkillGroupId":"q@i","EventSequence":[{"Event":"Ringing ","EventTime":1714644010000},{"Event":"\u00a0established","EventTime":1714644015000},{"Event":"Released\t","EventTime":1714644180000}]}],"QueueEvents":[{"QueueId":"q@i ","QueueName":"Q","EventSequence":[{"Event":" enqueue","EventTime":1714644005000}]}]}'),
('mluvii', 'activities and channel with blanks',
 '{"id":701,"companyId":7,"channel":"Phone ","source":" incomingcall","status":"CLOSED ","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","started":"2024-05-02T10:00:20Z","ended":"2024-05-02T10:02:00Z","length":"PT1M40S","operators":[{"userId":"5 ","joined":"2024-05-02T10:00:20Z","left":"2024-05-02T10:02:00Z","concluded":"2024-05-02T10:02:10Z"}],"guestLeftSession":"LeftSession ","routingHistory":[{"routingRequestId":"r","timestamp":"2024-05-02T10:00:03Z","activityType":"EnteredGroupQueue ","group":{"id":21,"name":"G"}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:05Z","activityType":"AssignedToOperator ","operator":{"userId":"5"}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:20Z","activityType":"acceptedbyoperator","operator":{"userId":"5\t"}}]}'),
('mluvii', 'LeftQueue with a blank',
 '{"id":702,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:00:40Z","guestLeftSession":"LeftQueue ","operators":[],"routingHistory":[{"routingRequestId":"r","timestamp":"2024-05-02T10:00:03Z","activityType":"EnteredGroupQueue","group":{"id":21,"name":"G"}}]}');
SELECT s.vendor, s.what, i.channel, i.direction, i.outcome, i.agent_count AS agents, i.last_agent_id AS agent, i.in_queue_seconds AS queued, i.ring_seconds AS ring, i.active_seconds AS active, i.released_by
FROM said AS s, interactions(s.doc) AS i;
SELECT s.what, d.dialog_id, d.dialog_type || '|' AS dialog_type, d.business_direction || '|' AS business_direction, d.outcome FROM said AS s, cdr_dialog(s.doc) AS d WHERE s.vendor = 'conpeek';
SELECT s.what, e.agent_id, e.event FROM said AS s, agent_events(s.doc) AS e WHERE s.vendor = 'alibaba';
SELECT s.what, v.queue_id, v.dequeue_time, v.wait_seconds, v.outcome, v.agent_id FROM said AS s, queue_visits(s.doc) AS v WHERE s.vendor IN ('alibaba', 'mluvii');

-- The customer's telephone: not in use, off, busy, refusing, answered by a machine.
DELETE FROM said;
INSERT INTO said
SELECT 'alibaba', 'EarlyMediaState ' || value,
  '{"ContactId":"x","ContactType":"OUTBOUND","ContactDisposition":"NoAnswer","StartTime":1714644000000,"ReleaseTime":1714644030000,"EarlyMediaState":"' || value || '","ReleaseReason":"487 - Request Terminated"}'
FROM json_each('["NotExist","OutOfService","PowerOff","Restricted","NotConnected"," busy","NoAnswer"]');
INSERT INTO said
SELECT 'alibaba', 'ReleaseReason ' || value,
  '{"ContactId":"x","ContactType":"OUTBOUND","ContactDisposition":"NoAnswer","StartTime":1714644000000,"ReleaseTime":1714644030000,"ReleaseReason":"' || value || '"}'
FROM json_each('["404 - Not Found","604:Does Not Exist Anywhere","484 - Address Incomplete","410 - Gone","486 - Busy Here","600 - Busy Everywhere","603 - Decline","480 - Temporarily Unavailable","none"]');
INSERT INTO said
SELECT 'mluvii', 'outboundDialResult ' || value,
  '{"id":703,"companyId":7,"channel":"Phone","source":"OutgoingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:00:40Z","length":"PT0S","operators":[],"outboundDialResult":"' || value || '"}'
FROM json_each('["INVALID_NUMBER","UNREACHABLE","invalid_number ","BUSY","REJECTED","NO_ANSWER","FAILED"]');
INSERT INTO said
SELECT 'conpeek', 'hangup_cause ' || value,
  '{"dialog_uuid":"c","dialog_type":"EXTERNAL","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:00:30","talking_time":0,"hangup_cause":"' || value || '"}'
FROM json_each('["21","CALL_REJECTED","17","USER_BUSY","1","UNALLOCATED_NUMBER","SUBSCRIBER_ABSENT","27","19","NETWORK_OUT_OF_ORDER","16"," call_rejected","999"]');
INSERT INTO said
SELECT 'ucontact', json_extract(value, '$[0]') || ' ' || json_extract(value, '$[1]'),
  '{"calldate":"2024-05-02 10:00:00","src":"9901","dst":"099000001","channel":"SIP/101-1","dstchannel":"SIP/trunk-1","lastapp":"Dial","duration":30,"billsec":0,"disposition":"' || json_extract(value, '$[0]') || '","uniqueid":"1714644000.3","linkedid":"1714644000.3","sequence":1,"guid":"u3","direction":"outbound","campaign":"Out->","carrier":"trunk","causecode":"' || json_extract(value, '$[1]') || '"}'
FROM json_each('[["FAILED","1"],["CONGESTION","34"],["NO ANSWER","20"],["NO ANSWER","19"],["BUSY","21"],["BUSY","17"]]');
INSERT INTO said VALUES
('conpeek', 'machine_detected by AMD', '{"dialog_uuid":"m1","dialog_type":"EXTERNAL","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:00:30","talking_time":20000,"machine_detected":1,"machine_detected_type":"AMD"}'),
('conpeek', 'machine_detected by an agent', '{"data":[{"dialog_uuid":"m2","dialog_type":"EXTERNAL","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:00:30","talking_time":20000,"machine_detected":1,"machine_detected_type":"manual ","linked_dialogs":["m3"]},{"dialog_uuid":"m3","dialog_type":"CONSULTANT","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:00:30","talking_time":20000,"tenant_user":{"id":"a1"}}]}');
-- The agent stopped waiting: the customer's telephone rang, and nobody answered.
INSERT INTO said VALUES
('alibaba', 'the agent gave up', '{"ContactId":"x","ContactType":"OUTBOUND","ContactDisposition":"NoAnswer","ReleaseInitiator":"agent","StartTime":1714644000000,"ReleaseTime":1714644030000,"ReleaseReason":"487 - Request Terminated"}'),
('mluvii', 'the agent gave up', '{"id":703,"companyId":7,"channel":"Phone","source":"OutgoingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:00:40Z","operators":[],"outboundDialResult":"CANCELLED_BY_USER"}'),
('conpeek', 'the agent gave up', '{"dialog_uuid":"c","dialog_type":"EXTERNAL","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","ring_time":"2024-05-02 10:00:02","hangup_time":"2024-05-02 10:00:30","talking_time":0,"hangup_cause":"ORIGINATOR_CANCEL"}'),
('conpeek', 'the agent gave up, by another cause', '{"dialog_uuid":"c","dialog_type":"EXTERNAL","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","ring_time":"2024-05-02 10:00:02","hangup_time":"2024-05-02 10:00:30","talking_time":0,"hangup_cause":"NORMAL_CLEARING"}'),
('ucontact', 'the agent gave up', '{"calldate":"2024-05-02 10:00:00","src":"9901","dst":"099000001","channel":"SIP/101-1","dstchannel":"SIP/trunk-1","lastapp":"Dial","duration":30,"billsec":0,"disposition":"NO ANSWER","uniqueid":"1714644000.3","linkedid":"1714644000.3","sequence":1,"guid":"u3","direction":"outbound","campaign":"Out->","carrier":"trunk","causecode":"16"}');
SELECT s.vendor, s.what, i.outcome, i.hangup_cause, i.q850_cause, i.sip_code, i.answer_time, i.active_seconds, i.handle_seconds FROM said AS s, interactions(s.doc) AS i;

-- Bots and menus that served until the end, and messages that were left: answered, but not by an agent.
DELETE FROM said;
INSERT INTO said
SELECT 'ucontact', 'ANSWERED, ' || value,
  '{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"","lastapp":"' || value || '","duration":40,"billsec":40,"disposition":"ANSWERED","uniqueid":"1714644000.4","linkedid":"1714644000.4","sequence":1,"guid":"u4","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:00:40"}'
FROM json_each('["VoiceMail","Playback","playback ","Queue","Dial"]');
INSERT INTO said VALUES
('conpeek', 'bot', '{"data":[{"dialog_uuid":"b1","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:01","hangup_time":"2024-05-02 10:00:30","talking_time":29000,"linked_dialogs":["b2"]},{"dialog_uuid":"b2","dialog_type":"BOT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:01","hangup_time":"2024-05-02 10:00:30","talking_time":29000}]}'),
('mluvii', 'chatbot', '{"id":704,"companyId":7,"channel":"Chat","source":"Default","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:03:00Z","operators":[],"chatbots":[{"chatbotId":9,"name":"B","joined":"2024-05-02T10:00:01Z","left":"2024-05-02T10:03:00Z"}]}'),
('alibaba', 'menu', '{"ContactId":"s1","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644055000,"IvrEvents":[{"FlowId":"f","FlowType":"MAIN_FLOW ","EventSequence":[{"Event":"Route2IVR","EventTime":1714644000000}]}]}');
SELECT s.vendor, s.what, i.outcome, i.ivr_seconds, i.active_seconds, i.answer_time FROM said AS s, interactions(s.doc) AS i;

-- A supervisor who listens is not an agent of the call, whatever the order of the events.
DELETE FROM said;
INSERT INTO said
SELECT 'alibaba', 'Monitoring ' || iif(value = 1714644099000, 'before', 'after') || ' Established',
  '{"ContactId":"s2","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644190000,"AgentIds":"a@i,boss@i","AgentEvents":[{"AgentId":"a@i","AgentName":"A","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Established","EventTime":1714644020000},{"Event":"Released","EventTime":1714644095000}]},{"AgentId":"boss@i","AgentName":"Boss","EventSequence":[{"Event":"Monitoring","EventTime":' || value || '},{"Event":"Established","EventTime":1714644100000},{"Event":"Released","EventTime":1714644185000}]}]}'
FROM json_each('[1714644099000,1714644101000]');
SELECT s.what, i.outcome, i.active_seconds, i.agent_count, i.last_agent_id, i.transfer_count FROM said AS s, interactions(s.doc) AS i;
SELECT s.what, d.tenant_user_id, d.outcome, d.active_seconds FROM said AS s, cdr_dialog(s.doc) AS d WHERE d.dialog_type = 'CONSULTANT';

-- Calls in progress: established means answered.
SELECT i.outcome, i.answer_time, i.active_seconds, d.outcome AS side, d.serve_time
FROM interactions('{"ContactId":"p1","ContactType":"INBOUND","StartTime":1714644000000,"AgentEvents":[{"AgentId":"a@i","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Established","EventTime":1714644020000}]}]}') AS i,
  cdr_dialog('{"ContactId":"p1","ContactType":"INBOUND","StartTime":1714644000000,"AgentEvents":[{"AgentId":"a@i","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Established","EventTime":1714644020000}]}]}') AS d
WHERE d.dialog_type = 'CONSULTANT';

-- Calls among colleagues.
SELECT direction, customer_number, company_number, outcome, transfer_count, agent_count
FROM interactions('{"data":[{"dialog_uuid":"i1","dialog_type":"TENANT_USER","business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:05","hangup_time":"2024-05-02 10:01:00","talking_time":55000,"from_display_target":"101","to_display_target":"102","tenant_user":{"id":"a1"},"linked_dialogs":["i2"]},{"dialog_uuid":"i2","dialog_type":"TENANT_USER","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","alert_time":"2024-05-02 10:00:01","serve_time":"2024-05-02 10:00:05","hangup_time":"2024-05-02 10:01:00","talking_time":55000,"from_display_target":"101","to_display_target":"102","tenant_user":{"id":"a2"}}]}');

-- Two telephones rang at once, and one of them was answered: the other agent missed nothing.
DELETE FROM said;
INSERT INTO said VALUES
('alibaba', 'ring-all', '{"ContactId":"r1","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644120000,"AgentEvents":[{"AgentId":"a@i","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Released","EventTime":1714644020000}]},{"AgentId":"b@i","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Established","EventTime":1714644020000},{"Event":"Released","EventTime":1714644120000}]}],"QueueEvents":[{"QueueId":"q","EventSequence":[{"Event":"Enqueue","EventTime":1714644005000}]}]}'),
('alibaba', 'one after the other', '{"ContactId":"r2","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644120000,"AgentEvents":[{"AgentId":"a@i","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Released","EventTime":1714644020000}]},{"AgentId":"b@i","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644020000},{"Event":"Established","EventTime":1714644021000},{"Event":"Released","EventTime":1714644120000}]}],"QueueEvents":[{"QueueId":"q","EventSequence":[{"Event":"Enqueue","EventTime":1714644005000}]}]}'),
('ucontact', 'ring-all', '[{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/101-1","lastapp":"Queue","duration":14,"billsec":14,"disposition":"NO ANSWER","uniqueid":"1714644000.5","linkedid":"1714644000.5","sequence":1,"guid":"u5","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:01:00"},{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/102-1","lastapp":"Queue","duration":60,"billsec":45,"disposition":"ANSWERED","uniqueid":"1714644000.5","linkedid":"1714644000.5","sequence":2,"guid":"u5","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:01:00"}]'),
('ucontact', 'the customer hung up', '[{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/101-1","lastapp":"Queue","duration":10,"billsec":10,"disposition":"NO ANSWER","uniqueid":"1714644000.6","linkedid":"1714644000.6","sequence":1,"guid":"u6","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:00:30"},{"calldate":"2024-05-02 10:00:15","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/102-1","lastapp":"Queue","duration":15,"billsec":15,"disposition":"NO ANSWER","uniqueid":"1714644000.6","linkedid":"1714644000.6","sequence":2,"guid":"u6","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:00:30"}]'),
('conpeek', 'ring-all', '{"data":[{"dialog_uuid":"r5","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:15","hangup_time":"2024-05-02 10:01:00","talking_time":45000,"linked_dialogs":["r6","r7"]},{"dialog_uuid":"r6","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:05","alert_time":"2024-05-02 10:00:05","hangup_time":"2024-05-02 10:00:15","hangup_cause":"lose_race ","talking_time":0,"tenant_user":{"id":"a1"}},{"dialog_uuid":"r7","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:05","alert_time":"2024-05-02 10:00:05","serve_time":"2024-05-02 10:00:15","hangup_time":"2024-05-02 10:01:00","talking_time":45000,"tenant_user":{"id":"a2"}}]}');
SELECT s.vendor, s.what, d.tenant_user_id, d.outcome, d.active_seconds FROM said AS s, cdr_dialog(s.doc) AS d WHERE d.dialog_type = 'CONSULTANT';

-- An agent's entry without a queue belongs to the visit at that time; a visit continues through unanswered offers.
DELETE FROM said;
INSERT INTO said
SELECT 'alibaba', iif(value = '', 'the second without SkillGroupId', 'both with SkillGroupId'),
  '{"ContactId":"v1","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644200000,"AgentEvents":[{"AgentId":"a@i","SkillGroupId":"q","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},{"Event":"Released","EventTime":1714644035000}]},{"AgentId":"b@i"' || value || ',"EventSequence":[{"Event":"Ringing","EventTime":1714644095000},{"Event":"Established","EventTime":1714644100000},{"Event":"Released","EventTime":1714644200000}]}],"QueueEvents":[{"QueueId":"q","QueueName":"Q","EventSequence":[{"Event":"Enqueue","EventTime":1714644005000}]}]}'
FROM json_each('["",",\"SkillGroupId\":\"q\""]');
INSERT INTO said
SELECT 'mluvii', iif(value = '', 'without LeftGroupQueue', 'with LeftGroupQueue'),
  '{"id":705,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","started":"2024-05-02T10:00:55Z","ended":"2024-05-02T10:02:00Z","length":"PT1M5S","operators":[{"userId":6,"joined":"2024-05-02T10:00:55Z","left":"2024-05-02T10:02:00Z","concluded":"2024-05-02T10:02:00Z"}],"routingHistory":[{"routingRequestId":"r","timestamp":"2024-05-02T10:00:00Z","activityType":"RoutingRequestCreated"},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:03Z","activityType":"EnteredGroupQueue","group":{"id":21,"name":"G"}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:05Z","activityType":"AssignedToOperator","operator":{"userId":5}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:15Z","activityType":"OperatorTimeoutExpired","operator":{"userId":5}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:50Z","activityType":"AssignedToOperator","operator":{"userId":6}},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:55Z","activityType":"AcceptedByOperator","operator":{"userId":6}}' || value || ']}'
FROM json_each('["",",{\"routingRequestId\":\"r\",\"timestamp\":\"2024-05-02T10:00:55Z\",\"activityType\":\"LeftGroupQueue\",\"group\":{\"id\":21,\"name\":\"G\"}}"]');
SELECT s.vendor, s.what, v.enqueue_time, v.dequeue_time, v.wait_seconds, v.outcome, v.agent_id FROM said AS s, queue_visits(s.doc) AS v;
SELECT s.vendor, s.what, i.outcome, i.in_queue_seconds, i.ring_seconds FROM said AS s, interactions(s.doc) AS i;

-- A reported figure is compared with the length of the call: an impossible figure is noted and not used.
DELETE FROM said;
INSERT INTO said VALUES
('alibaba', 'TalkTime of 54 years', '{"ContactId":"t1","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714644000000,"EstablishedTime":1714644010000,"ReleaseTime":1714644060000,"CallDuration":"60","TalkTime":1714644000,"IvrTime":3,"AgentIds":"a@i"}'),
('alibaba', 'more than whole numbers hold', '{"ContactId":"t2","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714644000000,"TalkTime":1e16,"QueueTime":1e300,"AgentIds":"a@i"}'),
('conpeek', 'talking_time of 19 days', '{"dialog_uuid":"t3","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:01:00","talking_time":1714644000,"waiting_time":9000000000000000000}'),
('mluvii', 'length of 54 years', '{"id":706,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","started":"2024-05-02T10:00:05Z","ended":"2024-05-02T10:01:00Z","length":"PT1714644000S","waited":"PT9000000000S","operators":[{"userId":5,"joined":"2024-05-02T10:00:05Z","left":"2024-05-02T10:01:00Z"}]}'),
('ucontact', 'billsec beyond duration', '{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/101-1","lastapp":"Queue","duration":60,"billsec":1714644000,"disposition":"ANSWERED","uniqueid":"1714644000.7","linkedid":"1714644000.7","sequence":1,"guid":"u7","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:01:00"}');
SELECT s.vendor, s.what, i.outcome, i.active_seconds, i.handle_seconds, i.mapping FROM said AS s, interactions(s.doc) AS i;
SELECT s.vendor, s.what, d.dialog_type, d.talking_time, d.waiting_time, d.active_seconds FROM said AS s, cdr_dialog(s.doc) AS d;

-- Without a conversation the value is NULL, not 0, for every vendor.
DELETE FROM said;
INSERT INTO said VALUES
('alibaba', 'abandoned', '{"ContactId":"z1","ContactType":"Inbound","ContactDisposition":"AbandonedInQueue","StartTime":1714644000000,"ReleaseTime":1714644060000,"TalkTime":0,"HeldTime":0,"QueueTime":40}'),
('conpeek', 'abandoned', '{"data":[{"dialog_uuid":"z2","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:01:00","talking_time":0,"first_queue_waiting_time":40000,"hangup_cause":"NORMAL_CLEARING","linked_dialogs":["z3"]},{"dialog_uuid":"z3","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:40","alert_time":"2024-05-02 10:00:40","hangup_time":"2024-05-02 10:01:00","talking_time":0,"hangup_cause":"ORIGINATOR_CANCEL","tenant_user":{"id":"a1"}}]}'),
('mluvii', 'abandoned', '{"id":707,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:01:00Z","length":"PT0S","guestLeftSession":"LeftQueue","operators":[],"routingHistory":[{"routingRequestId":"r","timestamp":"2024-05-02T10:00:02Z","activityType":"RoutingRequestCreated"},{"routingRequestId":"r","timestamp":"2024-05-02T10:00:20Z","activityType":"EnteredGroupQueue","group":{"id":21,"name":"G"}}]}'),
('ucontact', 'abandoned', '{"calldate":"2024-05-02 10:00:00","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"","lastapp":"Queue","duration":60,"billsec":60,"disposition":"NO ANSWER","uniqueid":"1714644000.8","linkedid":"1714644000.8","sequence":1,"guid":"u8","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:01:00"}');
SELECT s.vendor, i.outcome, i.in_queue_seconds, i.active_seconds, i.hold_seconds, i.handle_seconds FROM said AS s, interactions(s.doc) AS i;
SELECT s.vendor, d.dialog_type, d.outcome, d.active_seconds FROM said AS s, cdr_dialog(s.doc) AS d;

-- Consulting a colleague is not a transfer, nor is a conference.
SELECT i.transfer_count, i.agent_count, i.active_seconds
FROM interactions('{"data":[{"dialog_uuid":"k1","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:05:00","talking_time":290000,"linked_dialogs":["k2","k3"]},{"dialog_uuid":"k2","dialog_type":"CONSULTANT","start_time":"2024-05-02 10:00:05","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:05:00","talking_time":290000,"tenant_user":{"id":"a1"}},{"dialog_uuid":"k3","dialog_type":"CONSULTANT","start_time":"2024-05-02 10:02:00","serve_time":"2024-05-02 10:02:05","hangup_time":"2024-05-02 10:03:00","talking_time":55000,"tenant_user":{"id":"a2"}}]}') AS i;
SELECT i.transfer_count
FROM interactions('{"ContactId":"k4","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644300000,"AgentEvents":[{"AgentId":"a@i","EventSequence":[{"Event":"Established","EventTime":1714644010000},{"Event":"Consulting","EventTime":1714644060000},{"Event":"StartConference","EventTime":1714644070000},{"Event":"Released","EventTime":1714644200000}]},{"AgentId":"b@i","EventSequence":[{"Event":"Established","EventTime":1714644065000},{"Event":"Released","EventTime":1714644300000}]}]}') AS i;

-- In mluvii, holding is taken from its activities.
SELECT i.active_seconds, i.hold_seconds, i.acw_seconds, i.handle_seconds
FROM interactions('{"id":708,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z","started":"2024-05-02T10:00:10Z","ended":"2024-05-02T10:05:00Z","length":"PT4M50S","operators":[{"userId":5,"joined":"2024-05-02T10:00:10Z","left":"2024-05-02T10:05:00Z","concluded":"2024-05-02T10:05:20Z"}],"activities":[{"activityId":1,"time":"2024-05-02T10:01:00Z","type":"OnHold ","userId":5},{"activityId":2,"time":"2024-05-02T10:01:30Z","type":"resumeguest","userId":5},{"activityId":3,"time":"2024-05-02T10:03:00Z","type":"OnHold","userId":5},{"activityId":4,"time":"2024-05-02T10:03:15Z","type":"ResumeGuest","userId":5}]}') AS i;
