.nullvalue NULL
.headers on

-- A vendor's own report compared with libcdr's. The day of reports_day.sql: four calls of one skill group, three of which are answered, after 15, 33
-- and 25 seconds with ringing, and one is abandoned after 8.
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


-- Alibaba's report of the skill group, by half hours. In the first half hour it states 4 offered and 2 answered, with 1 of 4 in time (0.25); the call
-- that is answered at 08:30:15 belongs to the second. Its average waits are right: (15 + 33) / 2 and 25.
SELECT substr(interval_start, 12, 5) AS at, queue_id, field, figure, reported, computed, difference
FROM reconcile('{"Code": "OK", "Data": {"List": [
  {"StatsTime": 1714982400000, "SkillGroupId": "sales", "Inbound": {"CallsOffered": 4, "CallsHandled": 2, "CallsAbandoned": 1, "ServiceLevel20": 0.5, "AverageWaitTime": 24, "MaxWaitTime": 33, "CallsTimeout": 0}},
  {"StatsTime": 1714984200000, "SkillGroupId": "sales", "Inbound": {"CallsOffered": 0, "CallsHandled": 1, "AverageWaitTime": 25, "TotalTalkTime": 180, "AgentsLoggedIn": 3}}]}}', '30m');
SELECT DISTINCT field, definition FROM reconcile('{"Data": [{"StatsTime": 1714982400000, "Overall": {"CallsOffered": 4, "AbandonRate": 25}}]}', '1d', '-08:00');
-- In UTC, no day begins at that time.
SELECT DISTINCT field, definition FROM reconcile('{"Data": [{"StatsTime": 1714982400000, "Overall": {"CallsOffered": 4, "AbandonRate": 25}}]}', '1d');
SELECT queue_id, field, reported, computed, difference FROM reconcile('{"Data": [{"StatsTime": 1714982400000, "Overall": {"CallsOffered": 4, "AbandonRate": 25}}]}', '1h');
-- An unknown queue, and a queue given by its name.
SELECT queue_id, field, reported, computed FROM reconcile('{"Data": [{"StatsTime": 1714982400000, "SkillGroupId": "support", "Inbound": {"CallsOffered": 4}},
  {"StatsTime": 1714982400000, "SkillGroupId": "Sales", "Inbound": {"CallsOffered": 4}}]}', '1h');
-- Lines of text: a civil time of the zone, any column of queue_report, and one that does not exist.
SELECT interval_start, queue_id, field, reported, computed, difference FROM reconcile('queue,interval,figure,value
sales,2024-05-06 10:00,offered,4
sales,2024-05-06 10:00,service_level,0.5
sales,2024-05-06 11:00,offered,0
sales,2024-05-06 10:00,lost,1
', '1h', 'Europe/Prague');
-- The same with semicolons, which allow a decimal comma, and with tabs; and Alibaba's other name for the share of abandoned calls.
SELECT interval_start, queue_id, field, reported, computed FROM reconcile('queue;interval;figure;value
sales;2024-05-06 10:00;offered;4
sales;2024-05-06 10:00;service_level;0,5
', '1h', 'Europe/Prague');
SELECT interval_start, queue_id, field, reported, computed FROM reconcile('sales' || char(9) || '2024-05-06 10:00' || char(9) || 'offered' || char(9) || '4', '1h', 'Europe/Prague');
SELECT field, figure, reported, computed FROM reconcile('{"Data": [{"StatsTime": 1714982400000, "Overall": {"AbandonedRate": 25}}]}', '1h');
-- A CSV as a spreadsheet writes it: a byte order mark, quoted fields, percent signs, durations, thousands; and a value that is not understood is
-- reported.
SELECT queue_id, field, figure, reported, computed, definition FROM reconcile(char(65279) || '"queue","interval","figure","value"
"sales","2024-05-06 10:00","offered","4"
"sales, ""the others""","2024-05-06 10:00","offered","4"
sales,2024-05-06T10:00,service_level,50%
sales,2024-05-06 10:00,longest_wait_answered,00:00:30
sales,2024-05-06 10:00,talk_seconds,"1,234.5"
sales,2024-05-06 10:00,hold_seconds,"1,234"
sales,2024-05-06 10:00,acw_seconds,n/a
sales,2024-05-06 10:00,open,
sales,2024-05-06 10:20,offered,4
sales,yesterday,offered,4
,2024-05-06 10:00,offered,4
sales,2024-05-06 10:00
', '1h', 'Europe/Prague');
-- One column per figure, and one that is not a figure; European dates; the interval is the step between them. A line of totals has no interval.
SELECT interval_start, queue_id, field, figure, reported, computed, difference, definition FROM reconcile('Queue;Start;Offered;Service Level;Agents
sales;06.05.2024 10:00;4;50,0 %;3
sales;06.05.2024 10:30;1.234;0,0 %;3
Total;;4;;
', NULL, 'Europe/Prague');
-- The lines need not name their queue if the caller does.
SELECT queue_id, field, reported, computed FROM reconcile('day,offered,answered
2024-05-06,4,3', '1d') WHERE queue = 'sales';
-- A single time does not say how long its interval is, nor do irregular ones; another day has no figures.
SELECT field, computed, definition FROM reconcile('sales,2024-05-06 08:00,offered,4');
SELECT field, computed, definition FROM reconcile('sales,2024-05-06 08:00,offered,4' || char(10) || 'sales,2024-05-06 08:20,offered,4');
SELECT field, computed, definition FROM reconcile('sales,2023-05-06 08:00,offered,4', '1h');
-- The hour that the autumn night repeats appears twice in a report with civil times.
SELECT interval_start, reported FROM reconcile('sales,2024-10-27 02:00,offered,4' || char(10) || 'sales,2024-10-27 02:00,offered,5' || char(10) || 'sales,2024-10-27 03:00,offered,6', '1h', 'Europe/Prague');
-- Alibaba's report of one skill group does not name it, and its numbers may be texts. Figures without a counterpart are listed too.
SELECT queue_id, field, reported, computed, definition FROM reconcile('{"Data": [{"StatsTime": "1714982400000", "Inbound": {"CallsOffered": "4", "CallsTimeout": "0", "ServiceLevel20": "50", "CallsHold": "1"}}]}', '1h');
SELECT queue_id, field, reported, computed, definition FROM reconcile('{"Data": [{"StatsTime": "1714982400000", "Inbound": {"CallsOffered": "4", "CallsTimeout": "0", "ServiceLevel20": "50", "CallsHold": "1"}}]}', '1h') WHERE queue = 'Sales';
-- uContact's campaignstatus and queuesummary, of a period that the caller names.
-- They are about uContact's queues: a queue of Alibaba with the same name does not matter.
SELECT field, computed, definition FROM reconcile('[{"queue": "sales", "holdTime": 24}]', NULL, NULL, '2024-05-06', '2024-05-07');
SELECT cdr_import(json_group_array(json_object('id', rowid, 'calldate', strftime('%Y-%m-%d %H:%M:%S', 1714982400 + enqueued, 'unixepoch'), 'src', '4850000010' || rowid, 'dst', '48500000001', 'dcontext', 'inbound',
  'channel', 'SIP/trunkA-0000001' || rowid, 'dstchannel', 'SIP/2001-0000002' || rowid, 'lastapp', 'Queue', 'lastdata', 'sales,tkc,,,600', 'duration', ended - enqueued,
  'billsec', ended - ifnull(answered, enqueued), 'disposition', iif(answered IS NULL, 'NO ANSWER', 'ANSWERED'), 'uniqueid', (1714982400 + enqueued) || '.' || rowid,
  'linkedid', (1714982400 + enqueued) || '.' || rowid, 'sequence', 0, 'guid', 'reconcile-' || rowid, 'causecode', '16', 'campaign', 'sales', 'direction', 'inbound',
  'peeraccount', 'agent.2001', 'finishtime', strftime('%Y-%m-%d %H:%M:%S', 1714982400 + ended, 'unixepoch'))), '{"zone": "UTC"}') ->> 'inserted' AS legs
FROM call;
SELECT field, figure, reported, computed FROM reconcile('{"sales": {"campaign": "sales", "completed": 3, "abandoned": 1, "totalcalls": 4, "servicelevel": "33.3", "servicelevel2": "66.6", "abandonedlevel": "25.0", "slevelthreshold": "20"},
  "SIP/1": {"queue": "sales", "location": "SIP/1"}}', NULL, NULL, '2024-05-06', '2024-05-07');
SELECT field, figure, reported, computed FROM reconcile('[{"queue": "sales", "holdTime": 24, "talkTime": 120, "longestHoldTime": 3}, {"loggedIn": 3}]', NULL, NULL, '2024-05-06', '2024-05-07');
-- Its service level is that of 20 seconds, whatever the queue's own threshold is; and its report covers only uContact's own queues.
INSERT INTO queue_setting (vendor, source, queue_id, threshold_seconds) VALUES ('alibaba', 'alibaba', 'sales', 40);
SELECT vendor, source, field, reported, computed FROM reconcile('{"Data": [{"StatsTime": 1714982400000, "SkillGroupId": "sales", "Inbound": {"ServiceLevel20": 0.5}}]}', '1h');
SELECT vendor, source, field, reported, computed FROM reconcile('sales,2024-05-06 08:00,offered,4', '1h');
SELECT vendor, source, field, reported, computed FROM reconcile('{"Data": [{"StatsTime": 1714982400000, "Overall": {"CallsOffered": 4}}]}', '1h');
DELETE FROM queue_setting;
-- An unknown report, no period, and a period that ends before it begins.
SELECT field, definition FROM reconcile('{"a": 1}');
SELECT field, definition FROM reconcile('queue|offered');
SELECT field, reported, computed FROM reconcile('[{"queue": "sales", "holdTime": 24}]');
SELECT * FROM reconcile('[]', NULL, NULL, '2024-05-07', '2024-05-06');
SELECT * FROM reconcile('[]', 'often');
SELECT * FROM reconcile;
-- No time of the report can be read.
SELECT interval_start, queue_id, field, reported, computed, definition FROM reconcile('queue;interval;Offered
11;28/03/2026;52', '1d');
SELECT interval_start, queue_id, field, reported, computed, definition FROM reconcile('queue;interval;Offered
11;28/03/2026;52');
