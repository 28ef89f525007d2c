-- Occupancy and utilisation use the after-call work of an agent's conversations or of the agent's states, whichever is longer. The inputs are
-- invented; times are seconds after 2024-05-02 10:00:00 UTC.
.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';

-- By their states, two operators are asked at 10, talk from 16 to 100 and work on until 130. 501 has not concluded, so the conversation has no length
-- of after-call work. 502 concluded at 140, so the conversation has 40 s.
CREATE TEMP TABLE stay(operator, concluded);
INSERT INTO stay VALUES (501, NULL), (502, '2024-05-02T10:02:20Z');
SELECT cdr_import(group_concat(json_object('id', operator, 'companyId', 7, 'channel', 'Phone', 'source', 'IncomingCall', 'status', 'CLOSED', 'created', '2024-05-02T10:00:05Z',
    'guestJoined', '2024-05-02T10:00:05Z', 'started', '2024-05-02T10:00:16Z', 'ended', '2024-05-02T10:01:40Z', 'length', 'PT1M24S',
    'operators', json_array(json_object('userId', operator, 'joined', '2024-05-02T10:00:16Z', 'left', '2024-05-02T10:01:40Z', 'concluded', concluded)),
    'routingHistory', json_array(json_object('timestamp', '2024-05-02T10:00:10Z', 'activityType', 'AssignedToOperator', 'operator', json_object('userId', operator)),
      json_object('timestamp', '2024-05-02T10:00:16Z', 'activityType', 'AcceptedByOperator', 'operator', json_object('userId', operator)))), char(10))) ->> 'inserted' AS sessions
FROM stay;
CREATE TEMP TABLE state(kind, at);
INSERT INTO state VALUES ('ONLINE', '10:00:00'), ('BEFORE_CALL', '10:00:10'), ('ON_CALL', '10:00:16'), ('AFTER_CALL', '10:01:40'), ('ONLINE', '10:02:10'), ('BREAK', '10:10:00'), ('OFFLINE', '10:15:00');
SELECT cdr_import(json_object('lastModified', '2024-05-02T10:15:00Z', 'limit', 100, 'page', 1, 'totalCount', count(*),
  'data', json_group_array(json_object('userId', operator, 'stateKind', kind, 'changed', '2024-05-02T' || at || 'Z')))) ->> 'inserted' AS states
FROM stay, state;
-- Free from 0 to 10 and from 130 to 600: 480 s. 501 works 6 + 84 + 30 = 120 s, 502 6 + 84 + 40 = 130 s; 900 s are paid.
SELECT agent_id, talk_seconds, acw_seconds, ring_seconds, handle_seconds, logged_in_seconds, available_seconds, round(occupancy, 6) AS occupancy, round(utilisation, 6) AS utilisation
FROM agent_report('2024-05-02', '2024-05-03');
SELECT 120.0 / 600, 130.0 / 610, 120.0 / 900, 130.0 / 900;
-- From the facts, because the period does not consist of quarter hours; and cut at 120: 20 s of the after-call work are before, 10 s after.
SELECT agent_id, round(occupancy, 6) AS occupancy, round(utilisation, 6) AS utilisation FROM agent_report('2024-05-02', '2024-05-02 23:59:59');
SELECT agent_id, acw_seconds, available_seconds, round(occupancy, 6) AS occupancy FROM agent_report('2024-05-02 10:00:00', '2024-05-02 10:02:00');
SELECT 110.0 / 120;
SELECT agent_id, acw_seconds, available_seconds, round(occupancy, 6) AS occupancy FROM agent_report('2024-05-02 10:02:00', '2024-05-02 10:15:00');
SELECT 10.0 / 480, 20.0 / 490;

-- Alibaba's calls have no after-call work, but its state log does.
CREATE TEMP TABLE log AS SELECT agent_id, start_time, end_time FROM agent_states(cdr_file('../../samples/alibaba/ListAgentStateLogs')) WHERE state_category = 'ACW';
SELECT cdr_import(cdr_file('../../samples/alibaba/ListAgentStateLogs')) ->> 'inserted' AS log;
SELECT agent_id, count(*) AS spans, sum(cdr_seconds(start_time, end_time)) AS after_call FROM log GROUP BY agent_id;
SELECT agent_id, acw_seconds, acw_known, available_seconds, round(occupancy, 6) AS occupancy FROM agent_report('2024-05-06', '2024-05-07') WHERE vendor = 'alibaba';
-- The stored figures and the facts are the same in every interval. Figures that another version made are not read, so the facts are used.
CREATE TEMP TABLE asked AS SELECT i.value AS interval, z.value AS zone FROM json_each('["15m", "30m", "1h", "1d", "1w", "1mo", null]') AS i, json_each('["UTC", "Europe/Prague", "Asia/Kathmandu"]') AS z;
CREATE TEMP TABLE stored AS SELECT a.*, r.* FROM asked AS a, agent_report('2024-05-02', '2024-05-09', a.interval, a.zone) AS r;
UPDATE cdr_meta SET value = 'of another version' WHERE name = 'figures_of_agents';
UPDATE agent_interval SET offered = 100;
UPDATE agent_day_total SET offered = 100;
CREATE TEMP TABLE counted AS SELECT a.*, r.* FROM asked AS a, agent_report('2024-05-02', '2024-05-09', a.interval, a.zone) AS r;
SELECT (SELECT count(*) FROM stored WHERE occupancy > 0) AS occupied, (SELECT count(*) FROM (SELECT * FROM stored EXCEPT SELECT * FROM counted)) AS only_stored,
  (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM stored)) AS only_counted;
SELECT "table", found, remedy FROM cdr_check();
SELECT cdr_refresh() ->> 'changed' AS counted_again;
SELECT cdr_check() ->> 'violations' AS violations;
