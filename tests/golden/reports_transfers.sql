.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';

-- Each case is an interaction of its own. 8001 to 8004 are agents.
CREATE TEMP TABLE side (call, n, dialog_type, agent, began, ended);
INSERT INTO side VALUES
  -- 8001 asks 8003 and then 8004, and keeps the customer.
  ('consulted', 1, 'EXTERNAL', NULL, '00:26', '05:00'), ('consulted', 2, 'CONSULTANT', 8001, '00:26', '05:00'),
  ('consulted', 3, 'CONSULTANT', 8003, '00:55', '01:30'), ('consulted', 4, 'CONSULTANT', 8004, '02:35', '03:10'),
  -- 8001 asks 8003, and hands on to 8002.
  ('consulted, then transferred', 1, 'EXTERNAL', NULL, '00:26', '05:00'), ('consulted, then transferred', 2, 'CONSULTANT', 8001, '00:26', '03:20'),
  ('consulted, then transferred', 3, 'CONSULTANT', 8003, '00:55', '01:30'), ('consulted, then transferred', 4, 'CONSULTANT', 8002, '03:05', '05:00'),
  -- From 8001 to 8002 and back.
  ('and back', 1, 'EXTERNAL', NULL, '00:26', '05:00'), ('and back', 2, 'CONSULTANT', 8001, '00:26', '01:40'),
  ('and back', 3, 'CONSULTANT', 8002, '01:35', '03:20'), ('and back', 4, 'CONSULTANT', 8001, '03:15', '05:00');
SELECT cdr_import(group_concat(json_object('dialog_uuid', call || ' ' || n, 'dialog_type', dialog_type, 'business_direction', 'INBOUND',
    'start_time', '2024-05-02 10:' || began, 'alert_time', '2024-05-02 10:' || began, 'serve_time', '2024-05-02 10:' || began,
    'hangup_time', '2024-05-02 10:' || ended, 'first_queue_waiting_time', iif(n = 1, 9000, NULL),
    'tenant_user', iif(agent IS NULL, NULL, json_object('id', agent)), 'linked_dialogs', json_array(call || ' 1')), char(10))) ->> 'inserted' AS conpeek
FROM side;
SELECT interaction_id, transfer_count FROM interaction ORDER BY 1;
SELECT from_agent_id, to_queue_id, to_agent_id, transfers, answered FROM transfer_matrix('2024-05-02', '2024-05-03');
SELECT agent_id, transferred_out FROM agent_report('2024-05-02', '2024-05-03');
SELECT agent_id, transferred_out FROM agent_report('2024-05-02', '2024-05-03', '30m', 'UTC', 'start') WHERE transferred_out > 0;

-- A consultation that ended, and then a blind transfer: one transfer, from 8001 to 8002.
SELECT cdr_import('{"Data":{"ContactId":"c1","InstanceId":"i","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714730400000,"ReleaseTime":1714730700000,"AgentEvents":[
 {"AgentId":"8001","SkillGroupId":"s","EventSequence":[{"Event":"Ringing","EventTime":1714730410000},{"Event":"Established","EventTime":1714730415000},{"Event":"Consulting","EventTime":1714730440000},{"Event":"BlindTransfer","EventTime":1714730499000},{"Event":"Released","EventTime":1714730499000}]},
 {"AgentId":"8003","SkillGroupId":"s","EventSequence":[{"Event":"Ringing","EventTime":1714730441000},{"Event":"Established","EventTime":1714730445000},{"Event":"Released","EventTime":1714730480000}]},
 {"AgentId":"8002","SkillGroupId":"s","EventSequence":[{"Event":"Ringing","EventTime":1714730500000},{"Event":"Established","EventTime":1714730505000},{"Event":"Released","EventTime":1714730700000}]}],
 "QueueEvents":[{"QueueId":"s","EventSequence":[{"Event":"Enqueue","EventTime":1714730405000},{"Event":"AssignAgent","EventTime":1714730410000}]}]}}') ->> 'inserted' AS alibaba;
SELECT transfer_count FROM interaction WHERE vendor = 'alibaba';
SELECT from_agent_id, to_queue_id, to_agent_id, transfers, answered FROM transfer_matrix('2024-05-03', '2024-05-04');

-- To an outside number: no row has the destination.
SELECT cdr_import('{"id":1,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-04T10:00:00Z","guestJoined":"2024-05-04T10:00:00Z","length":"PT84S","started":"2024-05-04T10:00:16Z","ended":"2024-05-04T10:01:40Z",
 "operators":[{"userId":8001,"joined":"2024-05-04T10:00:16Z","left":"2024-05-04T10:01:40Z"}],
 "routingHistory":[{"activityType":"RoutingRequestCreated","timestamp":"2024-05-04T10:00:01Z"},{"activityType":"AssignedToOperator","timestamp":"2024-05-04T10:00:10Z","operator":{"userId":8001}},
 {"activityType":"AcceptedByOperator","timestamp":"2024-05-04T10:00:16Z","operator":{"userId":8001}},
 {"activityType":"ForwardedToPhone","timestamp":"2024-05-04T10:01:38Z","forwardedByOperator":{"userId":8001}}]}') ->> 'inserted' AS mluvii;
SELECT transfer_count FROM interaction WHERE vendor = 'mluvii';
SELECT from_agent_id, to_queue_id, to_agent_id, transfers, answered FROM transfer_matrix('2024-05-04', '2024-05-05');
SELECT cdr_check() ->> 'violations' AS violations;
