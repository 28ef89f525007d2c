-- What lies at the edge of a period, or reaches over it: the parts of a period add up to the whole. The inputs are invented.
.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';

-- A state belongs where it ends, with credit 'end': free from 13:00 to 14:00, on a break from 14:00 to 15:00, then offline.
SELECT cdr_import('{"lastModified":"2024-05-02T15:00:00Z","limit":100,"page":1,"totalCount":3,"data":[{"userId":5,"stateKind":"ONLINE","changed":"2024-05-02T13:00:00Z"},
  {"userId":5,"stateKind":"BREAK","changed":"2024-05-02T14:00:00Z"},{"userId":5,"stateKind":"OFFLINE","changed":"2024-05-02T15:00:00Z"}]}') ->> 'inserted' AS states;
SELECT credit.value AS credit, substr(interval_local, 12, 5) AS at, available_seconds, break_seconds, logged_in_seconds
FROM json_each('["clip", "start", "end"]') AS credit, agent_report('2024-05-02 13:00', '2024-05-02 16:00', '1h', 'UTC', credit.value);
SELECT credit.value AS credit, hour.value AS hour, available_seconds, break_seconds, logged_in_seconds
FROM json_each('["clip", "start", "end"]') AS credit, json_each('[13, 14, 15]') AS hour,
  agent_report('2024-05-02 ' || hour.value || ':00', '2024-05-02 ' || (hour.value + 1) || ':00', '1h', 'UTC', credit.value);

-- A conversation as the vendor reports it lasts 5 s longer than its row: from 12:38:00 to 12:38:25, hung up at 12:38:20.
SELECT cdr_import('{"linkedid":"1715085480.1","uniqueid":"1715085480.1","sequence":1,"guid":"g1","calldate":"2024-05-07 12:38:00","disposition":"ANSWERED","duration":20,"billsec":25,"src":"48500001015",
  "direction":"inbound","campaign":"In<-","lastapp":"Queue","channel":"SIP/t-1","dstchannel":"SIP/2001-1","finishtime":"2024-05-07 12:38:26"}') ->> 'inserted' AS calls;
CREATE TEMP TABLE part(name, "from", "to");
INSERT INTO part VALUES ('whole', '12:37:00', '12:40:00'), ('before', '12:37:00', '12:38:22'), ('after', '12:38:22', '12:40:00'), ('after its end', '12:38:25', '12:40:00');
CREATE TEMP VIEW parts AS
  SELECT p.name, r.talk_seconds, r.ring_seconds, r.acw_seconds FROM part AS p JOIN agent_report('2024-05-07 ' || p."from", '2024-05-07 ' || p."to") AS r ON r.agent_id = 'SIP/2001' ORDER BY p.rowid;
SELECT * FROM parts;
-- It lasts longer than a day after the hang-up; and it begins before its side does.
UPDATE fact_dialog SET active_seconds = 86420 WHERE agent_id = 'SIP/2001';
SELECT talk_seconds FROM agent_report('2024-05-08 12:38:10', '2024-05-09') WHERE agent_id = 'SIP/2001';
UPDATE fact_dialog SET active_seconds = 25, serve_time = start_time, start_time = '2024-05-07 12:38:30.000', hangup_time = '2024-05-07 12:38:40.000' WHERE agent_id = 'SIP/2001';
SELECT * FROM parts;
-- Ringing that lasts longer than its offer.
UPDATE agent_offer SET offer_time = '2024-05-07 12:38:00.000', ring_seconds = 30, end_time = '2024-05-07 12:38:05.000' WHERE agent_id = 'SIP/2001';
SELECT * FROM parts;

-- After-call work of 0 s at the end of a period belongs to the next one, with intervals or without.
UPDATE fact_dialog SET acw_seconds = 0, hangup_time = '2024-05-07 12:46:00.000' WHERE agent_id = 'SIP/2001';
SELECT interval.value AS interval, part.value AS "from", acw_seconds
FROM json_each('[null, "15m"]') AS interval, json_each('[31, 46]') AS part,
  agent_report('2024-05-07 12:' || part.value, strftime('%Y-%m-%d %H:%M', '2024-05-07 12:' || part.value, '+15 minutes'), interval.value, 'UTC') WHERE agent_id = 'SIP/2001';

-- Who gave up waits from 10:00 to 10:05. The conversation from 10:01 on is no call back: it began before. The next one begins as this one ends.
SELECT cdr_import('{"dialog_uuid":"gave up","dialog_type":"EXTERNAL","business_direction":"INBOUND","from_display_target":"48500000111","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:05:00","first_queue_waiting_time":300000,"waiting_time":300000,"project":{"id":5,"name":"P"}}
{"dialog_uuid":"meanwhile","dialog_type":"EXTERNAL","business_direction":"INBOUND","from_display_target":"48500000111","start_time":"2024-05-02 10:01:00","serve_time":"2024-05-02 10:01:10","hangup_time":"2024-05-02 10:03:00"}') ->> 'inserted' AS dialogs;
SELECT interaction_id, outcome, reached, reached_after_seconds, reached_interaction_id FROM abandoned_interactions('2024-05-02', '2024-05-03');
SELECT cdr_import('{"dialog_uuid":"again","dialog_type":"EXTERNAL","business_direction":"INBOUND","from_display_target":"48500000111","start_time":"2024-05-02 10:05:00","serve_time":"2024-05-02 10:05:10","hangup_time":"2024-05-02 10:08:00"}') ->> 'inserted' AS dialogs;
SELECT interaction_id, outcome, reached, reached_after_seconds, reached_interaction_id FROM abandoned_interactions('2024-05-02', '2024-05-03');

-- Times are compared as instants, in any form; those of the civil time of a zone as they are.
SELECT count(*) FROM cdr_intervals('2024-05-06', '2024-05-07', '1h') WHERE interval_start < '2024-05-06T01:00:00Z';
SELECT '=' AS op, group_concat(substr(interval_start, 12, 5)) AS starts FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start = '2024-05-06T03:00:00+02:00'
UNION ALL SELECT '<>', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start <> '2024-05-06T01:00Z'
UNION ALL SELECT '<=', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start <= '2024-05-06T01:00Z'
UNION ALL SELECT '>', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start > '2024-05-06T01:00Z'
UNION ALL SELECT '>=', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start >= '2024-05-06T01:00Z'
UNION ALL SELECT 'BETWEEN', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start BETWEEN '2024-05-06T01:00Z' AND '2024-05-06T02:00Z'
UNION ALL SELECT 'IN', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start IN ('2024-05-06T01:00Z', '2024-05-06T05:00+02:00', 'never', NULL)
UNION ALL SELECT 'number', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start > 5
UNION ALL SELECT 'NULL', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h') WHERE interval_start > NULL
UNION ALL SELECT 'local', group_concat(substr(interval_start, 12, 5)) FROM cdr_intervals('2024-05-06 00:00', '2024-05-06 04:00', '1h', 'Europe/Prague') WHERE interval_local < '2024-05-06T04:00';
SELECT substr(interval_start, 12, 5) AS at, offered FROM queue_report('2024-05-02', '2024-05-03', '1h') WHERE interval_start >= '2024-05-02T10:00Z' AND interval_start < '2024-05-02T11:00Z';
SELECT vendor, reached_time FROM abandoned_interactions('2024-05-02', '2024-05-03') WHERE reached_time = '2024-05-02T12:05:00+02:00';
-- A report that a user added may hold times in other forms, and numbers.
SELECT cdr_report_add('-- odd_times: one row per form of a time
--
-- column at TIMESTAMP: a time
SELECT ''2024-05-06T03:00:00+02:00'' UNION ALL SELECT ''2024-05-06'' UNION ALL SELECT 5 UNION ALL SELECT NULL') AS report;
SELECT cdr_report_load() AS loaded;
SELECT at FROM odd_times WHERE at = '2024-05-06T01:00Z';
SELECT at FROM odd_times WHERE at < '2024-05-06 01:00';
SELECT at FROM odd_times WHERE at < 6;

-- Two spans of one agent that overlap are one agent; data_quality counts the one that begins too early. Agent b was free from 8:05 to 8:10 as well.
SELECT cdr_import('{"Code":"OK","HttpStatusCode":200,"Message":"","RequestId":"x","Data":[
  {"AgentId":"a","StartTime":1714982400000,"State":"Ready","StateCode":"","Duration":1000},{"AgentId":"a","StartTime":1714983000000,"State":"Ready","StateCode":"","Duration":600},
  {"AgentId":"a","StartTime":1714983600000,"State":"Break","StateCode":"","Duration":60},{"AgentId":"b","StartTime":1714982700000,"State":"Ready","StateCode":"","Duration":300}]}') ->> 'inserted' AS states;
SELECT agent_id, state_category, start_time, end_time FROM agent_state WHERE vendor = 'alibaba' ORDER BY agent_id, start_time;
SELECT state_category, agents, mean_agents, peak_agents, total_seconds FROM staffing_report('2024-05-06 08:00', '2024-05-06 08:30');
SELECT substr(interval_start, 12, 5) AS at, state_category, agents, peak_agents, total_seconds FROM staffing_report('2024-05-06 08:00', '2024-05-06 08:30', '15m');
SELECT vendor, subject, question, found, of, example FROM data_quality('2024-05-06', '2024-05-07') WHERE subject = 'state';
-- Also where the earlier one begins before the period.
SELECT found, of FROM data_quality('2024-05-06 08:10', '2024-05-07') WHERE subject = 'state';

-- An argument is given with = or IN; another comparison would only leave out all rows.
SELECT clock, sum(offered) AS offered FROM queue_report('2024-05-01', '2024-06-01') WHERE clock = 'queue' OR clock = 'arrival' GROUP BY clock;
SELECT threshold, count(*) FROM queue_report('2024-05-01', '2024-06-01') WHERE threshold IN (20, 60) GROUP BY threshold;
SELECT count(*) FROM queue_report('2024-05-01', '2024-06-01') WHERE threshold IS 60;
SELECT count(*) FROM queue_report('2024-05-01', '2024-06-01') WHERE threshold BETWEEN 30 AND 60;
SELECT count(*) FROM queue_report('2024-05-01', '2024-06-01') WHERE zone LIKE 'Europe/%';
SELECT count(*) FROM queue_report('2024-05-01', '2024-06-01') WHERE zone <> 'UTC';
SELECT count(*) FROM queue_report WHERE "from" >= '2024-05-01' AND "to" < '2024-06-01';
SELECT count(*) FROM queue_report WHERE clock = 'queue';
