.nullvalue NULL

-- By interaction (agent_id NULL) and by agent. Checked by hand in tests/unit/vendors/conpeek_test.cpp.
SELECT substr(interaction_id, 7, 2), agent_id, state, start_time, end_time, seconds, basis FROM state_durations(cdr_file('../../samples/conpeek/day.ndjson'))
 WHERE substr(interaction_id, 1, 8) IN ('00000001', '00000003', '00000004', '00000005', '00000007', '00000008', '0000000b', '0000000d', '00000020') ORDER BY interaction_id, agent_id, rowid;

-- From one record.
SELECT created_duration(doc), in_queue_duration(doc), waiting_duration(doc), ring_duration(doc), bcw_duration(doc), active_duration(doc), acw_duration(doc)
  FROM (SELECT '{"dialog_uuid":"a","dialog_type":"CONSULTANT","start_time":"2024-03-12 08:00:45","alert_time":"2024-03-12 08:00:46","answer_time":"2024-03-12 08:00:51","serve_time":"2024-03-12 08:00:52","hangup_time":"2024-03-12 08:03:10","talking_time":138240,"waiting_time":6800,"first_queue_waiting_time":44350}' AS doc);
SELECT state_duration('{"dialog_uuid":"a","talking_time":138240}', 'ACTIVE'), state_duration('{"dialog_uuid":"a","talking_time":138240}', 'RING');

-- Ringing begins with the tone, otherwise with alerting; it ends with the technical answer, otherwise with the conversation, otherwise at the end.
SELECT ring_duration('{"dialog_uuid":"a","ring_time":"2024-03-12 08:00:02","alert_time":"2024-03-12 08:00:00","answer_time":"2024-03-12 08:00:10"}');
SELECT ring_duration('{"dialog_uuid":"a","alert_time":"2024-03-12 08:00:00","answer_time":"2024-03-12 08:00:10","serve_time":"2024-03-12 08:00:12"}');
SELECT ring_duration('{"dialog_uuid":"a","alert_time":"2024-03-12 08:00:00","serve_time":"2024-03-12 08:00:12"}');
SELECT ring_duration('{"dialog_uuid":"a","alert_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:00:30"}');
SELECT ring_duration('{"dialog_uuid":"a","alert_time":"2024-03-12 08:00:00"}');
SELECT ring_duration('{"dialog_uuid":"a","ring_time":"2024-03-12 08:00:02","answer_time":"2024-03-12 08:00:00"}');

-- Only if there is time between the technical answer and the conversation; a measured zero is 0, a missing figure NULL.
SELECT bcw_duration('{"dialog_uuid":"a","answer_time":"2024-03-12 08:00:00","serve_time":"2024-03-12 08:00:00"}');
SELECT bcw_duration('{"dialog_uuid":"a","answer_time":"2024-03-12 08:00:01","serve_time":"2024-03-12 08:00:00"}');
SELECT bcw_duration('{"dialog_uuid":"a","answer_time":"2024-03-12 08:00:00","serve_time":"2024-03-12 08:00:03"}');
SELECT active_duration('{"dialog_uuid":"a","talking_time":0}'), active_duration('{"dialog_uuid":"a","talking_time":null}'), active_duration('{"dialog_uuid":"a","talking_time":""}'), active_duration('{"dialog_uuid":"a","talking_time":-1}'), active_duration('{"dialog_uuid":"a","talking_time":"1500"}');
SELECT created_duration('{"dialog_uuid":"a","start_time":"2024-03-12 08:00:00"}'), created_duration('{"dialog_uuid":"a","start_time":"2024-03-12 08:00:00","alert_time":"2024-03-12 08:00:00"}');

-- How each figure is computed.
SELECT table_name, column_name, basis, mapping FROM cdr_mapping WHERE vendor = 'conpeek' AND column_name LIKE '%_seconds' AND basis <> 'not provided' ORDER BY 1, 2;
