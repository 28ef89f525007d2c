.nullvalue NULL

-- The vendor's own example: all columns.
.mode line
SELECT * FROM cdr_dialog(cdr_file('../../samples/conpeek/seed_dialog.json'));
.mode list

-- The same from content; a record, a list, an answer of the API, and consecutive objects are equivalent.
SELECT count(*), sum(talking_time) FROM cdr_dialog('{"dialog_uuid":"a","talking_time":1000}');
SELECT count(*), sum(talking_time) FROM cdr_dialog('[{"dialog_uuid":"a","talking_time":1000},{"dialog_uuid":"b","talking_time":2000}]');
SELECT count(*), sum(talking_time) FROM cdr_dialog('{"data":[{"dialog_uuid":"a","talking_time":1000},{"dialog_uuid":"b","talking_time":2000}]}');
SELECT count(*), sum(talking_time) FROM cdr_dialog('{"dialog_uuid":"a","talking_time":1000} {"dialog_uuid":"b","talking_time":2000}');
SELECT cdr_vendor('{"dialog_uuid":"a","dialog_type":"SYSTEM"}');

-- Two pages of one answer are read as one, also from a folder's or a pattern's name.
SELECT dialog_id, interaction_id FROM cdr_dialog(cdr_file('../../samples/conpeek/answer*.json')) ORDER BY 1;

-- A dialog exported twice is one row: the one with the later instant, wherever it is.
SELECT dialog_id, hangup_time, talking_time FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson')) WHERE dialog_id LIKE '00000016-%' ORDER BY 1;
SELECT hangup_time FROM cdr_dialog('[{"dialog_uuid":"a","start_time":"2024-03-12 08:00:00"},{"dialog_uuid":"a","start_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:01:00"}]');
SELECT hangup_time FROM cdr_dialog('[{"dialog_uuid":"a","start_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:01:00"},{"dialog_uuid":"a","start_time":"2024-03-12 08:00:00"}]');

-- The contents of the day, by kind of side.
SELECT business_direction, dialog_type, count(*), sum(talking_time), count(outcome) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson')) GROUP BY 1, 2 ORDER BY 1, 2;

-- Each side's own states; the BCW of a caller's side is all time between the technical answer and the conversation.
.mode column
SELECT substr(dialog_id, 7, 2) AS n, dialog_type, created_seconds AS created, in_queue_seconds AS queue, waiting_seconds AS waiting, ring_seconds AS ring, bcw_seconds AS bcw, active_seconds AS active, outcome
  FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson')) WHERE dialog_id < '0000000c' ORDER BY dialog_id;
.mode list

-- States that the vendor does not provide.
SELECT count(ivr_seconds), count(hold_seconds), count(acw_seconds) FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'));

-- Other contents of real exports: missing values, numbers as strings, an undocumented type, values that do not convert.
.mode line
SELECT dialog_type, talking_time, typeof(talking_time), waiting_time, transcript_exist, machine_detected, serve_time, variables, project_id, project_id_list, active_seconds, outcome, extra
  FROM cdr_dialog(cdr_file('../../samples/conpeek/odd.ndjson')) ORDER BY dialog_id;
SELECT * FROM cdr_problems(cdr_file('../../samples/conpeek/odd.ndjson'));
.mode list

-- A record without an id.
SELECT count(*) FROM cdr_dialog('[{"dialog_uuid":"a","dialog_type":"SYSTEM"},{"dialog_uuid":null,"dialog_type":"SYSTEM"}]');
SELECT count(*) FROM cdr_dialog('[{"dialog_uuid":"a","dialog_type":"SYSTEM"},{"dialog_type":"BOT"}]');
