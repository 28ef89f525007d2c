-- If a part of a record's key is missing, the next best parts replace it: records are not merged, and replacements are reported.
.mode list
.separator ' | '
.nullvalue NULL

-- Five legs of one queue call, from a table without a sequence, and from one with it
SELECT json_extract(cdr_init(), '$.created');
SELECT json_extract(cdr_import('cases/asterisk_queue5_noseq.json', '{"source":"without"}'), '$.inserted', '$.updated', '$.stale');
SELECT json_extract(cdr_import('cases/asterisk_queue5_seq.json', '{"source":"with"}'), '$.inserted', '$.updated', '$.stale');
SELECT source, outcome, dialog_count, active_seconds FROM interaction ORDER BY source;
SELECT record_id FROM raw_record WHERE source = 'without' ORDER BY record_id LIMIT 2;
SELECT count(*) FROM ucontact_record(cdr_file('cases/asterisk_queue5_noseq.json'));
SELECT outcome, active_seconds FROM interactions(cdr_file('cases/asterisk_queue5_noseq.json'));

-- The same five legs with other parts of the key missing: the next best ones replace them
CREATE TEMP TABLE without(what TEXT, doc TEXT);
INSERT INTO without
SELECT key.value, (SELECT json_group_array(json(json_remove(leg.value, '$.' || key.value))) FROM json_each(readfile('cases/asterisk_queue5_seq.json')) AS leg) FROM json_each('["linkedid","uniqueid","sequence"]') AS key;
INSERT INTO without
SELECT 'linkedid blank, sequence missing', (SELECT json_group_array(json(json_set(json_remove(leg.value, '$.sequence'), '$.linkedid', ' '))) FROM json_each(readfile('cases/asterisk_queue5_seq.json')) AS leg);
SELECT w.what, i.interaction_id, i.outcome, i.dialog_count, i.agent_count, i.active_seconds FROM without AS w, interactions(w.doc) AS i;
SELECT w.what, d.dialog_id, d.outcome FROM without AS w, cdr_dialog(w.doc) AS d WHERE d.outcome = 'ANSWERED';

-- Imported again: no new record
SELECT json_extract(cdr_import('[' || (SELECT group_concat(value) FROM json_each(readfile('cases/asterisk_queue5_noseq.json'))) || ']',
  '{"source":"without"}'), '$.unchanged', '$.inserted');

-- Two states of one dialog in one file: the newer one is kept. If no time shows which is newer, the import reports that
SELECT json_extract(cdr_import('{"dialog_uuid":"d","dialog_type":"EXTERNAL","start_time":"2024-05-02 10:00:00"}
{"dialog_uuid":"d","dialog_type":"EXTERNAL","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:01:00"}'), '$.inserted', '$.updated', '$.warnings');
SELECT json_extract(cdr_import('{"dialog_uuid":"e","dialog_type":"EXTERNAL","start_time":"2024-05-02 10:00:00"}
{"dialog_uuid":"e","dialog_type":"EXTERNAL","start_time":"2024-05-02 10:00:00","talking_time":5000}'), '$.inserted', '$.updated', '$.warnings');
