-- A queue and an agent that were given another name: each row has the last name of the period, whatever the letters it begins with and wherever the figures come from.
.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';
-- One session a day; on the second day of the new names, an earlier one of the morning still has the old ones.
CREATE TEMP TABLE session(id, at, agent, queue);
INSERT INTO session VALUES (1, '2025-01-30T10', 'Zelena', 'Podpora'), (2, '2025-01-31T10', 'Zelena', 'Podpora'), (3, '2025-02-01T10', 'Bila', 'Helpdesk'),
  (4, '2025-02-02T08', 'Zelena', 'Podpora'), (5, '2025-02-02T10', 'Bila', 'Helpdesk');
SELECT cdr_import(group_concat(json_object('id', id, 'companyId', 7, 'channel', 'Phone', 'source', 'IncomingCall', 'status', 'CLOSED', 'created', at || ':00:10Z', 'guestJoined', at || ':00:11Z',
    'started', at || ':00:38Z', 'ended', at || ':05:50Z', 'length', 'PT5M',
    'operators', json_array(json_object('userId', 501, 'firstName', 'Jana', 'lastName', agent, 'joined', at || ':00:38Z', 'left', at || ':05:50Z', 'concluded', at || ':06:00Z')),
    'routingHistory', json_array(json_object('timestamp', at || ':00:10Z', 'activityType', 'RoutingRequestCreated'),
      json_object('timestamp', at || ':00:10Z', 'activityType', 'EnteredGroupQueue', 'group', json_object('id', 22, 'name', queue)),
      json_object('timestamp', at || ':00:20Z', 'activityType', 'AssignedToOperator', 'operator', json_object('userId', 501, 'firstName', 'Jana', 'lastName', agent)),
      json_object('timestamp', at || ':00:38Z', 'activityType', 'AcceptedByOperator', 'operator', json_object('userId', 501, 'firstName', 'Jana', 'lastName', agent)))), char(10))) ->> 'inserted' AS sessions
FROM session;
CREATE TEMP TABLE period("from", "to");
INSERT INTO period VALUES ('2025-01-01', '2025-02-01'), ('2025-01-01', '2025-03-01'), ('2025-02-02', '2025-02-03'), ('2025-02-02', '2025-02-02 09:00');
-- From stored figures; from facts, because of the threshold or the period; and by event.
SELECT p.*, r.queue_name, r.offered FROM period AS p, queue_report(p."from", p."to") AS r;
SELECT p.*, r.queue_name, r.offered FROM period AS p, queue_report(p."from", p."to", NULL, 'UTC', 'event', NULL, NULL, 7) AS r;
SELECT p.*, r.queue_name, r.visits FROM period AS p, wait_report(p."from", p."to") AS r;
SELECT p.*, r.agent_name, r.offered FROM period AS p, agent_report(p."from", p."to") AS r;
SELECT p.*, r.agent_name, r.offered FROM period AS p, agent_report(p."from", p."to", NULL, 'UTC', 'start') AS r;
SELECT substr(interval_local, 1, 7) AS month, queue_name, offered FROM queue_report('2025-01-01', '2025-03-01', '1mo');
SELECT substr(interval_local, 1, 7) AS month, agent_name, offered FROM agent_report('2025-01-01', '2025-03-01', '1mo');
-- Each name that a queue has had is a row of the stored figures; the dimensions have the last one.
SELECT queue_name, first_seen, last_seen FROM queue;
SELECT agent_name, first_seen, last_seen FROM agent;
SELECT cdr_check() ->> 'violations' AS violations;

-- Who handed on, under both names.
UPDATE interaction SET transfer_count = 1 WHERE interaction_id IN ('2', '5');
SELECT from_agent_id, from_agent_name, to_agent_id, to_agent_name, transfers FROM transfer_matrix('2025-01-01', '2025-03-01');
