.nullvalue NULL
.headers on

-- Stored figures, computed by hand. The day of reports_day.sql: four calls of one skill group, times in seconds after 08:00 UTC.
--   call  enqueued  assigned  answered  ended   waits   rings  talks
--   a            5        15        20    140      10       5    120
--   b          600       630       633    693      30       3     60
--   c         1200                        1208       8 and gives up
--   d         1790      1810      1815   1995      20       5    180
CREATE TEMP TABLE call(name, enqueued, assigned, answered, ended);
INSERT INTO call VALUES ('a', 5, 15, 20, 140), ('b', 600, 630, 633, 693), ('c', 1200, NULL, NULL, 1208), ('d', 1790, 1810, 1815, 1995);
SELECT cdr_init() ->> 'created';
SELECT cdr_import(group_concat(json_object('ContactId', name, 'ContactType', 'INBOUND', 'ContactDisposition', iif(answered IS NULL, 'AbandonedInQueue', 'Success'),
  'CallingNumber', '4850000010' || rowid, 'CalledNumber', '48500009000', 'StartTime', 1714982400000 + enqueued * 1000, 'ReleaseTime', 1714982400000 + ended * 1000,
  'EstablishedTime', 1714982400000 + answered * 1000, 'CallDuration', ended - answered,
  'AgentEvents', CASE WHEN answered IS NULL THEN json_array() ELSE json_array(json_object('AgentId', 'lin', 'AgentName', 'Lin', 'SkillGroupId', 'sales', 'EventSequence', json_array(
    json_object('Event', 'Ringing', 'EventTime', 1714982400000 + assigned * 1000, 'Duration', answered - assigned),
    json_object('Event', 'Established', 'EventTime', 1714982400000 + answered * 1000, 'Duration', ended - answered),
    json_object('Event', 'Released', 'EventTime', 1714982400000 + ended * 1000)))) END,
  'QueueEvents', json_array(json_object('QueueId', 'sales', 'QueueName', 'Sales', 'QueueType', 1, 'EventSequence', json_array(
    json_object('Event', 'Enqueue', 'EventTime', 1714982400000 + enqueued * 1000),
    json_object('Event', iif(answered IS NULL, 'Abandoned', 'AssignAgent'), 'EventTime', 1714982400000 + ifnull(assigned, ended) * 1000))))), char(10))) ->> 'inserted' AS inserted
FROM call;


-- By arrival, a and b belong to 08:00, c and d to 08:15. By event, d's ending belongs to 08:30, with its conversation.
SELECT substr(interval_start, 12, 5) AS at, credit, offered, answered, abandoned, queue_known AS known, queue_answered_in_threshold AS in_time,
  queue_answered_seconds AS waited, queue_longest_answered_seconds AS longest, queue_short_abandoned AS short, queue_longest_abandoned_seconds AS longest_given_up,
  talk_known, talk_seconds
FROM queue_interval ORDER BY credit, at;
-- With ringing a waits 15 seconds, b 33, d 25; there was no time before the queue.
SELECT substr(interval_start, 12, 5) AS at, queue_ring_answered_in_threshold AS in_time, queue_ring_answered_seconds AS waited, arrival_answered_seconds AS arrived
FROM queue_interval WHERE credit = 'arrival' ORDER BY at;
-- The agent by event: offers where they began and ended; ringing and conversation are clipped: d rings from 30:10 and talks from 30:15 to 33:15.
SELECT substr(interval_start, 12, 5) AS at, credit, offered, answered, missed, handled, handle_seconds, talk_parts, talk_seconds, ring_seconds, hold_parts, hold_seconds
FROM agent_interval ORDER BY credit, at;
-- The day is the sum of its quarter hours.
SELECT day, queue_id, queue_name, direction, credit, offered, answered, abandoned, queue_answered_seconds, queue_longest_answered_seconds, talk_seconds FROM queue_day;
SELECT day, agent_id, agent_name, credit, offered, answered, handled, handle_seconds, ring_seconds FROM agent_day_total;
SELECT * FROM queue;
SELECT * FROM agent;
-- In a zone that is eight hours behind, part of the data moves to another day: 08:00 is the day before. The next import or cdr_refresh() applies
-- that.
INSERT INTO report_setting VALUES ('zone', '-08:15');
SELECT count(*) AS days FROM queue_day WHERE credit = 'arrival';
SELECT json_remove(cdr_refresh(), '$.agent_interval', '$.agent_day_total') AS refreshed;
SELECT cdr_refresh() ->> 'changed' AS again;
SELECT day, credit, offered, answered, abandoned FROM queue_day ORDER BY credit, day;
SELECT first_seen, last_seen FROM queue;
SELECT cdr_check() ->> 'violations' AS violations;

-- A queue's own threshold, the general one, and a target: with a new threshold b's 30 seconds count, and the report agrees unless it is given
-- another.
INSERT INTO queue_setting (vendor, source, queue_id, threshold_seconds, target) VALUES ('alibaba', 'alibaba', 'sales', 30, 0.8);
INSERT INTO report_setting VALUES ('threshold_seconds', '10'), ('short_abandon_seconds', 8);
SELECT "table", found, remedy FROM cdr_check();
SELECT cdr_refresh() ->> 'changed' AS changed;
SELECT sum(queue_answered_in_threshold) AS in_time, sum(queue_short_abandoned) AS short FROM queue_day WHERE credit = 'arrival';
SELECT answered_in_threshold AS in_time, short_abandoned AS short FROM queue_report('2024-05-06', '2024-05-07');
SELECT answered_in_threshold AS in_time, short_abandoned AS short FROM queue_report('2024-05-06', '2024-05-07') WHERE threshold = 20 AND short_abandon = 5;
SELECT threshold_seconds, short_abandon_seconds, target FROM queue;
-- A zone of opening hours that does not exist.
UPDATE queue_setting SET zone = 'Mars/Olympus', opens = '08:00', closes = '18:00' WHERE vendor = 'alibaba';
SELECT cdr_refresh();
DELETE FROM queue_setting;
SELECT cdr_import('{}', '{"on_error": "fail"}') ->> 'failed' AS failed;
SELECT sum(queue_answered_in_threshold) AS in_time FROM queue_day WHERE credit = 'arrival';
SELECT answered_in_threshold AS in_time FROM queue_report('2024-05-06', '2024-05-07');

-- A call with the thresholds of the settings is also answered from the stored figures, and any other from the facts: deliberately wrong figures show
-- it.
BEGIN;
UPDATE queue_interval SET offered = 100;
SELECT sum(offered) AS stored FROM queue_report('2024-05-06', '2024-05-07', '1h', 'UTC') WHERE threshold = 10 AND short_abandon = 8;
SELECT sum(offered) AS counted FROM queue_report('2024-05-06', '2024-05-07', '1h', 'UTC') WHERE threshold = 10.5 AND short_abandon = 8;
SELECT sum(offered) AS counted FROM queue_report('2024-05-06', '2024-05-07', '1h', 'UTC') WHERE threshold = 10 AND short_abandon = 7;
INSERT INTO queue_setting (vendor, source, queue_id, threshold_seconds) VALUES ('alibaba', 'alibaba', 'another', 20);
SELECT cdr_refresh() ->> 'changed' AS changed;
UPDATE queue_interval SET offered = 100;
SELECT sum(offered) AS counted FROM queue_report('2024-05-06', '2024-05-07', '1h', 'UTC') WHERE threshold = 10;
SELECT sum(offered) AS stored FROM queue_report('2024-05-06', '2024-05-07', '1h', 'UTC') WHERE short_abandon = 8;
ROLLBACK;

-- Team membership begins on a day.
INSERT INTO agent_team (vendor, source, agent_id, team, valid_from) VALUES ('alibaba', 'alibaba', 'lin', 'North', '2024-05-01'), ('alibaba', 'alibaba', 'lin', 'South', '2024-05-07');
SELECT cdr_refresh() ->> 'changed' AS changed;
SELECT team FROM agent;
SELECT interval_local, team FROM agent_report('2024-05-06', '2024-05-08', '1d');

-- Quarter hours are read without the days, and figures that a transaction has written and may undo are not kept.
BEGIN;
DELETE FROM queue_day WHERE queue_name IS NOT NULL;
SELECT count(*) FROM queue_report('2024-05-05', '2024-05-08', '1h', '-08:15');
INSERT INTO queue_day SELECT '2024-05-06', vendor, source, 'another', direction, credit, NULL, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL,
  0, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL, 0, NULL, 0, NULL, 0, NULL FROM queue_interval;
SELECT count(*) FROM queue_report('2024-05-05', '2024-05-08', '1h', '-08:15');
ROLLBACK;
SELECT count(*), sum(offered) FROM queue_report('2024-05-05', '2024-05-08', '1h', '-08:15');

-- A call that is removed takes its figures along: the longest wait is another one, and the agent's day is shorter.
SELECT cdr_erase('interaction', 'b') ->> 'interactions' AS erased;
SELECT credit, sum(offered) AS offered, max(queue_longest_answered_seconds) AS longest, sum(talk_seconds) AS talk FROM queue_day GROUP BY credit;
SELECT credit, sum(offered) AS offered, sum(handle_seconds) AS handle FROM agent_day_total GROUP BY credit;
SELECT cdr_check() ->> 'violations' AS violations;
SELECT cdr_erase('before', '2024-05-07') ->> 'interactions' AS erased;
SELECT (SELECT count(*) FROM queue_interval), (SELECT count(*) FROM queue_day), (SELECT count(*) FROM agent_interval), (SELECT count(*) FROM agent_day_total),
  (SELECT count(*) FROM queue), (SELECT count(*) FROM agent);

-- Meaningless rows are refused, as far as SQL can detect them when they are written.
INSERT INTO report_setting VALUES ('timezone', 'Europe/Prague');
INSERT INTO report_setting VALUES ('short_abandon_seconds', 'five');
UPDATE report_setting SET value = '-1' WHERE name = 'threshold_seconds';
UPDATE report_setting SET value = 'Europe / Prague' WHERE name = 'zone';
INSERT INTO queue_setting (vendor, source, queue_id, threshold_seconds) VALUES ('alibaba', 'alibaba', 'sales', 'soon');
INSERT INTO queue_setting (vendor, source, queue_id, short_abandon_seconds) VALUES ('alibaba', 'alibaba', 'sales', -5);
INSERT INTO queue_setting (vendor, source, queue_id, target) VALUES ('alibaba', 'alibaba', 'sales', 80);
INSERT INTO queue_setting (vendor, source, queue_id, opens, closes) VALUES ('alibaba', 'alibaba', 'sales', '18:00', '08:00');
INSERT INTO queue_setting (vendor, source, queue_id, opens) VALUES ('alibaba', 'alibaba', 'sales', '08:00');
INSERT INTO queue_setting (vendor, source, queue_id) VALUES ('alibaba', '', 'sales');
INSERT INTO agent_team VALUES ('alibaba', 'alibaba', 'lin', '1.5.2024', 'North');
INSERT INTO calendar_day VALUES ('2024-02-30', 'HOLIDAY', NULL);
INSERT INTO calendar_day VALUES ('2024-12-24', 'holiday', NULL);
INSERT INTO calendar_day VALUES ('2024-12-24', 'HOLIDAY', 'Christmas Eve');
-- The others are refused when they are used.
UPDATE report_setting SET value = 'Europe/Praha' WHERE name = 'zone';
SELECT cdr_refresh();
SELECT cdr_import('{}');
SELECT "table", found FROM cdr_check();
UPDATE report_setting SET value = 'Europe/Prague' WHERE name = 'zone';
INSERT INTO queue_setting (vendor, source, queue_id, target) VALUES ('avaya', 'avaya', 'sales', 0.8);
SELECT cdr_refresh();
DELETE FROM queue_setting;
SELECT cdr_refresh() ->> 'zone';

-- Settings of what is not there: a queue's name instead of its id, another source, an agent who never had a call.
SELECT cdr_import(json_object('ContactId', 'later', 'ContactType', 'INBOUND', 'ContactDisposition', 'AbandonedInQueue', 'StartTime', 4102444800000, 'ReleaseTime', 4102444860000,
  'QueueEvents', json_array(json_object('QueueId', 'sales@demo', 'QueueName', 'Sales', 'QueueType', 1, 'EventSequence', json_array(
    json_object('Event', 'Enqueue', 'EventTime', 4102444800000), json_object('Event', 'Abandon', 'EventTime', 4102444860000)))))) ->> 'inserted' AS inserted;
SELECT vendor, source, queue_id FROM queue;
INSERT INTO queue_setting(vendor, source, queue_id, threshold_seconds) VALUES ('alibaba', 'alibaba', 'Sales', 90), ('alibaba', 'typo', 'sales@demo', 90), ('alibaba', 'alibaba', 'sales@demo', 90);
DELETE FROM agent_team;
INSERT INTO agent_team(vendor, source, agent_id, team) VALUES ('mluvii', 'mluvii', 'nobody', 'One');
SELECT value FROM json_each(cdr_refresh(), '$.warnings');
DELETE FROM queue_setting;
DELETE FROM agent_team;
SELECT cdr_refresh() ->> 'warnings' AS none;
