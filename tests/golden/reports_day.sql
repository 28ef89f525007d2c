.nullvalue NULL
.headers on

-- A day computed by hand. Times are seconds after 2024-05-06 08:00 UTC; four calls of one skill group.
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

-- By arrival, all four belong to the first half hour: 2 of 4 in time (a with 10, d with 20), ASA (10 + 30 + 20) / 3 = 20, AHT (120 + 60 + 180) / 3 = 120.
SELECT interval_local, queue_id, offered, answered, answered_in_threshold AS in_time, abandoned, abandoned_in_threshold AS given_up_in_time, short_abandoned AS short, open, untold, wait_known,
  service_level, abandon_rate, asa_seconds, aht_seconds, talk_seconds, longest_wait_answered, longest_wait_abandoned
FROM queue_report('2024-05-06 08:00:00', '2024-05-06 09:00:00', '30m', 'Europe/Prague');
-- By event, d is answered in the second half hour, in which nothing was offered.
SELECT interval_local, offered, answered, answered_in_threshold AS in_time, abandoned, service_level, asa_seconds, talk_seconds
FROM queue_report('2024-05-06 08:00:00', '2024-05-06 09:00:00', '30m', 'Europe/Prague', 'event');
-- With ringing a waits 15 seconds, b 33, d 25: one in time. An abandon after eight seconds is short if short means up to eight.
SELECT offered, answered_in_threshold AS in_time, short_abandoned AS short, service_level, round(asa_seconds, 3) AS asa_seconds
FROM queue_report('2024-05-06', '2024-05-07', NULL, 'Europe/Prague', 'arrival', 'queue_ring', NULL, 20, 8);
-- Presets: cisco 2 / (4 - 1); genesys 1 / (3 + 1), asterisk 1 / 3 and of 4, alibaba and mluvii 1 / 4.
SELECT preset.value AS preset, offered, answered, abandoned, round(service_level, 4) AS service_level, round(abandon_rate, 4) AS abandon_rate
FROM json_each('["cisco", "genesys", "asterisk", "alibaba_skill_group", "alibaba_instance", "mluvii"]') AS preset,
  queue_report('2024-05-06', '2024-05-07', NULL, NULL, NULL, NULL, preset.value) ORDER BY preset.key;
SELECT clock, variant, part, whole, round(service_level, 4) AS service_level FROM service_levels('2024-05-06', '2024-05-07') ORDER BY clock, variant;
-- The agent: offered and answered three times; d's 180 seconds are in the second half hour.
SELECT interval_local, agent_id, offered, answered, missed, talk_seconds, ring_seconds, handle_seconds, aht_seconds, logged_in_seconds, occupancy
FROM agent_report('2024-05-06 08:00:00', '2024-05-06 09:00:00', '30m', 'Europe/Prague');
-- In quarter hours, b's conversation of 60 seconds is in the first, d's from 30:15 in the third.
SELECT interval_local, talk_seconds, ring_seconds FROM agent_report('2024-05-06 08:00:00', '2024-05-06 09:00:00', '15m', 'Europe/Prague');
SELECT queue_id, visits, wait_known, mean_seconds, p50_seconds, p90_seconds, max_seconds, abandoned_mean_seconds, to_5, to_10, to_20, to_30, to_60 FROM wait_report('2024-05-06', '2024-05-07');
SELECT start_time, seconds, party, party_id, what, outcome FROM interaction_timeline('a');
SELECT start_local, kind, seconds, interaction_id FROM agent_day('lin', '2024-05-06', 'Europe/Prague');
SELECT interaction_id, wait_seconds, is_recognisable, reached FROM abandoned_interactions('2024-05-06', '2024-05-07');
SELECT peak, peak_time FROM concurrency_report('2024-05-06', '2024-05-07');
-- Conditions that are alternatives.
SELECT queue_id, offered, answered FROM queue_report('2024-05-06', '2024-05-07') WHERE offered > 100 OR answered > 0;
SELECT q.queue_id, q.offered FROM queue_report('2024-05-06', '2024-05-07') AS q WHERE q.talk_seconds IS NULL OR q.queue_id = 'nobody' OR q.abandoned > 0;

-- Errors of a call.
SELECT * FROM queue_report WHERE offered > 100 OR answered > 0;
SELECT * FROM queue_report('2024-05-06', '2024-05-07', NULL, NULL, 'arrivals');
SELECT * FROM queue_report('2024-05-06', '2024-05-07', NULL, NULL, NULL, NULL, 'avaya');
SELECT * FROM queue_report('2024-05-06', '2024-05-07', NULL, NULL, NULL, NULL, NULL, -1);
SELECT * FROM cdr_explain('service');
SELECT figure, count(*) FROM cdr_explain GROUP BY figure;
SELECT figure, variant, unit, formula, doc, query FROM cdr_explain('flowed_out');
SELECT figure, variant, unit, doc FROM cdr_explain('acw_known');
SELECT count(*) FROM interaction_timeline('nobody');
