.nullvalue NULL
.headers on

-- Days of mluvii and uContact computed by hand, as stored figures and as queue_report returns them. All data is generated.
SELECT cdr_init() ->> 'created';

-- mluvii: three sessions of the group Podpora, times UTC.
--   session  enters    assigned  accepted  ends      waits  rings  talks  after-call work
--   9001     08:00:00  08:00:10  08:00:14  08:02:14     10      4    120               30
--   9002     08:14:50                      08:15:05     15 and leaves: the next quarter hour by event
--   9003     08:20:00                      08:21:00     60, then the queue gives up
CREATE TEMP TABLE step(session, at, activity, operator);
INSERT INTO step VALUES (9001, '08:00:00', 'RoutingRequestCreated', 0), (9001, '08:00:00', 'EnteredGroupQueue', 0), (9001, '08:00:10', 'AssignedToOperator', 1),
  (9001, '08:00:14', 'AcceptedByOperator', 1), (9001, '08:00:14', 'LeftGroupQueue', 0), (9001, '08:02:14', 'RoutingEnded', 0),
  (9002, '08:14:50', 'RoutingRequestCreated', 0), (9002, '08:14:50', 'EnteredGroupQueue', 0), (9002, '08:15:05', 'LeftGroupQueue', 0), (9002, '08:15:05', 'RoutingEnded', 0),
  (9003, '08:20:00', 'RoutingRequestCreated', 0), (9003, '08:20:00', 'EnteredGroupQueue', 0), (9003, '08:21:00', 'GroupQueueTimeoutExpired', 0), (9003, '08:21:00', 'RoutingEnded', 0);
CREATE TEMP TABLE session(id, created, started, ended, concluded, guest_left);
INSERT INTO session VALUES (9001, '08:00:00', '08:00:14', '08:02:14', '08:02:44', 'LeftSession'), (9002, '08:14:50', NULL, '08:15:05', NULL, 'LeftQueue'),
  (9003, '08:20:00', NULL, '08:21:00', NULL, NULL);
SELECT cdr_import(group_concat(json_object('id', id, 'companyId', 7, 'channel', 'Phone', 'source', 'IncomingCall', 'status', 'CLOSED',
  'created', '2024-05-07T' || created || 'Z', 'guestJoined', '2024-05-07T' || created || 'Z', 'started', '2024-05-07T' || started || 'Z', 'ended', '2024-05-07T' || ended || 'Z',
  'length', iif(started IS NULL, NULL, 'PT2M'), 'guestLeftSession', guest_left,
  'operators', iif(started IS NULL, json_array(), json_array(json_object('userId', 11, 'firstName', 'Ema', 'lastName', 'Nová', 'joined', '2024-05-07T' || started || 'Z',
    'left', '2024-05-07T' || ended || 'Z', 'concluded', '2024-05-07T' || concluded || 'Z'))),
  'routingHistory', (SELECT json_group_array(json_object('routingRequestId', session, 'timestamp', '2024-05-07T' || at || 'Z', 'activityType', activity,
    'group', iif(activity LIKE 'Routing%', NULL, json_object('id', 5, 'name', 'Podpora')),
    'operator', iif(operator, json_object('userId', 11, 'firstName', 'Ema', 'lastName', 'Nová'), NULL))) FROM step WHERE step.session = s.id)), char(10))) ->> 'inserted' AS sessions
FROM session AS s;
SELECT substr(interval_start, 12, 5) AS at, credit, queue_name, offered, answered, abandoned, flowed_out, queue_known AS known, queue_answered_seconds AS waited,
  queue_ring_answered_seconds AS with_ringing, queue_abandoned_seconds AS given_up_after, queue_abandoned_in_threshold AS in_time, talk_seconds, acw_seconds
FROM queue_interval WHERE vendor = 'mluvii' ORDER BY credit, at;
SELECT substr(interval_start, 12, 5) AS at, credit, agent_name, offered, answered, handled, handle_seconds, talk_seconds, acw_seconds, ring_seconds
FROM agent_interval WHERE vendor = 'mluvii' ORDER BY credit, at;

-- uContact: three calls of the campaign Soporte<-.
--   call  arrives   agents  answered  ends      waits, ringing included  talks
--   1     08:00:00  2001    08:00:12  08:01:35                       12     83
--   2     08:29:50  2002    never     08:30:06       16 and hangs up: the next quarter hour by event
--   3     08:31:00  2001    08:31:30  08:46:30                       30    900, of which 90 seconds lie after 08:45
CREATE TEMP TABLE leg(call, epoch, calldate, agent, duration, billsec, disposition, finished);
INSERT INTO leg VALUES (1, 1715068800, '08:00:00', 2001, 95, 83, 'ANSWERED', '08:01:35'), (2, 1715070590, '08:29:50', 2002, 16, 16, 'NO ANSWER', '08:30:06'),
  (3, 1715070660, '08:31:00', 2001, 930, 900, 'ANSWERED', '08:46:30');
SELECT cdr_import(json_group_array(json_object('id', call, 'calldate', '2024-05-07 ' || calldate, 'src', '4850000100' || call, 'dst', '48500000001', 'dcontext', 'inbound',
  'channel', 'SIP/trunkA-0000001' || call, 'dstchannel', 'SIP/' || agent || '-0000002' || call, 'lastapp', 'Queue', 'lastdata', 'Soporte<-,tkc,,,600', 'duration', duration,
  'billsec', billsec, 'disposition', disposition, 'uniqueid', epoch || '.' || call, 'linkedid', epoch || '.' || call, 'sequence', 0, 'guid', 'figures-day-' || call,
  'causecode', '16', 'campaign', 'Soporte<-', 'direction', 'inbound', 'peeraccount', 'agent.' || agent, 'finishtime', '2024-05-07 ' || finished))) ->> 'inserted' AS legs
FROM leg;
SELECT substr(interval_start, 12, 5) AS at, credit, queue_id, offered, answered, abandoned, queue_ring_answered_in_threshold AS in_time, queue_ring_answered_seconds AS waited,
  queue_ring_longest_answered_seconds AS longest, queue_ring_abandoned_seconds AS given_up_after, talk_seconds
FROM queue_interval WHERE vendor = 'ucontact' ORDER BY credit, at;
SELECT substr(interval_start, 12, 5) AS at, credit, agent_id, offered, answered, missed_by_agent, handled, talk_parts, talk_seconds
FROM agent_interval WHERE vendor = 'ucontact' ORDER BY credit, at, agent_id;

-- The days equal the reports, by both credits and all clocks; the figures of the intervals add up.
SELECT vendor, credit, clock, offered, answered, abandoned, in_time, asa_seconds, longest, talk_seconds, 'stored' AS by FROM (
  SELECT vendor, credit, clock.value AS clock, sum(offered) AS offered, sum(answered) AS answered, sum(abandoned) AS abandoned,
    CASE clock.value WHEN 'queue' THEN sum(queue_answered_in_threshold) WHEN 'queue_ring' THEN sum(queue_ring_answered_in_threshold) ELSE sum(arrival_answered_in_threshold) END AS in_time,
    round(CASE clock.value WHEN 'queue' THEN sum(queue_answered_seconds) / sum(queue_answered_known) WHEN 'queue_ring' THEN sum(queue_ring_answered_seconds) / sum(queue_ring_answered_known)
      ELSE sum(arrival_answered_seconds) / sum(arrival_answered_known) END, 3) AS asa_seconds,
    CASE clock.value WHEN 'queue' THEN max(queue_longest_answered_seconds) WHEN 'queue_ring' THEN max(queue_ring_longest_answered_seconds) ELSE max(arrival_longest_answered_seconds) END AS longest,
    sum(talk_seconds) AS talk_seconds
  FROM queue_day, json_each('["queue", "queue_ring", "arrival"]') AS clock WHERE day = '2024-05-07' GROUP BY vendor, credit, clock.value)
UNION ALL
SELECT q.vendor, credit.value, clock.value, q.offered, q.answered, q.abandoned, q.answered_in_threshold, q.asa_seconds, q.longest_wait_answered, q.talk_seconds, 'queue_report'
FROM json_each('["arrival", "event"]') AS credit, json_each('["queue", "queue_ring", "arrival"]') AS clock,
  queue_report('2024-05-07', '2024-05-08', NULL, NULL, credit.value, clock.value) AS q
ORDER BY 1, 2, 3, by;
-- queue_report reads the stored figures if they apply, and counts the facts if the call gives thresholds. Both results are the same.
CREATE TEMP TABLE asked AS
  SELECT i.value AS interval, z.value AS zone, credit.value AS credit, clock.value AS clock
  FROM json_each('["15m", "30m", "1h", "1d", "1w", "1mo", null]') AS i, json_each('["UTC", "Europe/Prague", "Asia/Kathmandu"]') AS z,
    json_each('["arrival", "event"]') AS credit, json_each('["queue", "queue_ring", "arrival"]') AS clock;
CREATE TEMP TABLE stored AS SELECT a.*, q.* FROM asked AS a, queue_report('2024-05-06', '2024-05-09', a.interval, a.zone, a.credit, a.clock) AS q;
CREATE TEMP TABLE counted AS SELECT a.*, q.* FROM asked AS a, queue_report('2024-05-06', '2024-05-09', a.interval, a.zone, a.credit, a.clock, NULL, 20, 5) AS q;
SELECT (SELECT count(*) FROM stored WHERE offered + answered + abandoned > 0) AS rows_of_them, (SELECT count(*) FROM (SELECT * FROM stored EXCEPT SELECT * FROM counted)) AS only_stored,
  (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM stored)) AS only_counted;
-- A figure that was changed in the table shows which of them is used; so does a setting that is not applied yet.
SAVEPOINT tried;
UPDATE queue_interval SET offered = offered + 100;
UPDATE queue_day SET offered = offered + 1000;
SELECT (SELECT sum(offered) >= 100 FROM queue_report('2024-05-06', '2024-05-09', '30m')) AS by_quarters, (SELECT sum(offered) >= 1000 FROM queue_report('2024-05-06', '2024-05-09', '1d')) AS by_days,
  (SELECT sum(offered) >= 100 FROM queue_report('2024-05-06 00:10:00', '2024-05-09')) AS within_a_quarter, (SELECT sum(offered) >= 100 FROM queue_report('2024-05-06', '2024-05-09', '30m', 'UTC', NULL, NULL, NULL, 30)) AS of_a_threshold;
INSERT INTO report_setting VALUES ('threshold_seconds', '30');
SELECT sum(offered) >= 100 AS before_a_refresh FROM queue_report('2024-05-06', '2024-05-09', '30m');
ROLLBACK TO tried;
RELEASE tried;
SELECT count(*) AS wrong FROM queue_interval WHERE credit = 'arrival' AND offered <> answered + abandoned + flowed_out + failed + open + untold;
SELECT cdr_check() ->> 'violations' AS violations;
