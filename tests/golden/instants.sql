-- Times: comparisons of TIMESTAMP columns with any text that cdr_time reads, fractions after a comma, clock changes, and units that differ by
-- version.
.mode list
.separator ' | '
.nullvalue NULL
SELECT json_extract(cdr_init(), '$.created');
SELECT json_extract(cdr_import('cases/conpeek_real.ndjson'), '$.inserted');

-- Over JSON, and over the warehouse, with instants in all forms
.param init
.param set :t "'2024-08-26 14:43:10'"
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time >= '2024-08-26T14:43:00Z';
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time = '2024-08-26 14:43:10';
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time = :t;
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time < '2024-08-26T16:43:11+02:00';
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time < '2024-08-26T16:43:10+02:00';
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time BETWEEN '2024-08-26T14:43:10Z' AND '2024-08-26';
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time BETWEEN '2024-08-26' AND '2024-08-27';
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time IN ('2024-08-26T14:43:10Z', '2030-01-01');
SELECT 'json', count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time <> '2024-08-26T14:43:10Z';
SELECT 'warehouse', count(*) FROM interactions WHERE start_time >= '2024-08-26T14:43:00Z';
SELECT 'warehouse', count(*) FROM interactions WHERE start_time = '2024-08-26 14:43:10';
SELECT 'warehouse', count(*) FROM interactions WHERE start_time = :t;
SELECT 'warehouse', count(*) FROM interactions WHERE start_time < '2024-08-26T16:43:11+02:00';
SELECT 'warehouse', count(*) FROM interactions WHERE start_time < '2024-08-26T16:43:10+02:00';
SELECT 'warehouse', count(*) FROM interactions WHERE start_time BETWEEN '2024-08-26T14:43:10Z' AND '2024-08-26';
SELECT 'warehouse', count(*) FROM interactions WHERE start_time BETWEEN '2024-08-26' AND '2024-08-27';
SELECT 'warehouse', count(*) FROM interactions WHERE start_time IN ('2024-08-26T14:43:10Z', '2030-01-01');
SELECT 'warehouse', count(*) FROM interactions WHERE start_time <> '2024-08-26T14:43:10Z';
-- in a vendor's table, over JSON and over the records that the warehouse keeps, and in a join
SELECT count(*) FROM mluvii_session(cdr_file('cases/mluvii_session5.json')) WHERE created = '2024-05-02T08:00:00Z';
SELECT json_extract(cdr_import('cases/mluvii_session5.json'), '$.inserted');
SELECT count(*) FROM mluvii_session WHERE created = '2024-05-02T10:00:00+02:00';
SELECT count(*) FROM mluvii_session WHERE created > '2024-05-02T10:00:00+02:00';
SELECT p.t, count(i.interaction_id) FROM (SELECT '2024-05-02T10:00:00+02:00' AS t UNION ALL SELECT '2024-08-26T14:43:10.000Z') AS p
LEFT JOIN interactions AS i ON i.start_time = p.t GROUP BY 1;
-- text that is not a time is compared as before: text with text, and a number is less than every text
SELECT count(*) FROM interactions WHERE start_time > 'today';
SELECT count(*) FROM interactions WHERE start_time > 5;
SELECT count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time > 5;
SELECT count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time < x'00';
SELECT count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time > NULL;
SELECT count(*) FROM interactions(cdr_file('cases/conpeek_real.ndjson')) WHERE start_time LIKE '2024-08-26 14:43%';
-- more values than fit into one statement
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 700)
SELECT count(*) FROM interactions WHERE start_time IN (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', '2024-08-26 14:40:00', '+' || i || ' seconds') FROM n);

-- A comma before the fraction, and an offset without a colon
SELECT started, ended FROM mluvii_session(cdr_file('cases/mluvii_webhook_comma_time.ndjson'));
SELECT cdr_time('2024-05-02T08:58:58,888+0200');
SELECT count(*) FROM cdr_problems(cdr_file('cases/mluvii_webhook_comma_time.ndjson'));

-- Clock changes: in autumn the duration shows which of the two readings is right; in spring the instant of the change is taken
SELECT calldate, finishtime, extra FROM ucontact_record(cdr_file('cases/ucontact_dst.json', '{"zone":"Europe/Madrid"}'));
SELECT start_time, end_time FROM interactions(cdr_file('cases/ucontact_dst.json', '{"zone":"Europe/Madrid"}')) ORDER BY start_time;
SELECT record, json_path, code, message FROM cdr_problems(cdr_file('cases/ucontact_dst.json', '{"zone":"Europe/Madrid"}'));
SELECT interaction_id, json_extract(mapping, '$.start_time') FROM interactions(cdr_file('cases/ucontact_dst.json', '{"zone":"Europe/Madrid"}'));
SELECT json_extract(cdr_import('cases/ucontact_dst.json', '{"zone":"Europe/Madrid"}'), '$.warnings');
SELECT cdr_time('2024-03-31 02:30:00', 'Europe/Madrid');
-- The unanswered queue call of two telephones, as the file has it: a wait from the arrival to finishtime
SELECT outcome, in_queue_seconds, waiting_seconds FROM interactions(cdr_file('cases/ucontact_seq_ring_152.json'));
SELECT wait_seconds, basis, outcome FROM queue_visits(cdr_file('cases/ucontact_seq_ring_152.json'));

-- Alibaba's state log of version 2.x is in milliseconds, as its texts show
SELECT agent_id, state, start_time, end_time FROM agent_states(cdr_file('cases/alibaba_statelog_2x.json')) ORDER BY start_time;
SELECT state, start_time, end_time FROM agent_states('{"State":"Ready","StartTime":1620265103871,"Duration":12}');

-- The import reports a time that does not convert
SELECT json_extract(cdr_import('[{"dialog_uuid":"t1","dialog_type":"BOT","start_time":"2024-13-01 10:00:00"},
  {"dialog_uuid":"t2","dialog_type":"BOT","start_time":"2024-13-02 10:00:00"},{"dialog_uuid":"t3","dialog_type":"BOT","hangup_time":"tomorrow, says Jan"}]'), '$.warnings');

-- uContact's times have no offset; uniqueid shows the instant, and so the zone
SELECT json_extract(cdr_import('{"linkedid":"1714654800.1","uniqueid":"1714654800.1","sequence":1,"calldate":"2024-05-02 10:00:02","disposition":"ANSWERED"}'), '$.warnings');
SELECT json_extract(cdr_import('{"linkedid":"1714654800.2","uniqueid":"1714654800.2","sequence":1,"calldate":"2024-05-02 10:00:02","disposition":"ANSWERED"}',
  '{"zone":"America/Montevideo"}'), '$.warnings');
