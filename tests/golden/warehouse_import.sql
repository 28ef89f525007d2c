-- cdr_import: records that are new, newer, older, the same; joined late; bad ones; options.
SELECT cdr_import('[]');
SELECT cdr_init();
.mode line
-- Two sides of a call; the second names the first.
SELECT cdr_import('{"dialog_uuid":"b","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-03-12 10:00:05","hangup_time":"2024-03-12 10:01:00","linked_dialogs":["c"]}') AS one_side;
SELECT cdr_import('{"dialog_uuid":"a","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-03-12 10:00:00","hangup_time":"2024-03-12 10:01:00","linked_dialogs":["c"]}') AS joined_through_an_absent_one;
.mode list
SELECT interaction_id, dialog_id FROM dialog ORDER BY 1, 2;
SELECT interaction_id, dialog_count, start_time FROM interaction;
SELECT record_id, component FROM raw_record;
-- A newer version drops the link: each is an interaction of its own. An older version changes nothing; neither does the same one again.
SELECT cdr_import('{"dialog_uuid":"a","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-03-12 10:00:00","hangup_time":"2024-03-12 10:02:00"}') ->> '$.updated';
SELECT interaction_id, dialog_count, end_time FROM interaction;
SELECT cdr_import('{"dialog_uuid":"a","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-03-12 10:00:00","hangup_time":"2024-03-12 10:01:00","linked_dialogs":["b"]}') ->> '$.stale';
SELECT cdr_import(' {"dialog_uuid":"a", "dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-03-12 10:00:00","hangup_time":"2024-03-12 10:02:00"}') ->> '$.unchanged';
SELECT interaction_id, dialog_count, end_time FROM interaction;
-- The version that was fetched later is kept, whatever it contains.
SELECT cdr_import('{"dialog_uuid":"a","dialog_type":"EXTERNAL","start_time":"2024-03-12 10:00:00","linked_dialogs":["b"]}', '{"fetched_at":"2024-03-13 08:00:00"}') ->> '$.updated';
SELECT cdr_import('{"dialog_uuid":"a","dialog_type":"EXTERNAL","start_time":"2024-03-12 10:00:00","note":"x"}', '{"fetched_at":"2024-03-12 20:00:00Z"}') ->> '$.stale';
SELECT interaction_id, dialog_count, end_time FROM interaction;
-- The records of another tenant are separate.
SELECT cdr_import('{"dialog_uuid":"a","dialog_type":"EXTERNAL","start_time":"2024-03-12 10:00:00"}', '{"source":"north"}') ->> '$.inserted';
SELECT vendor, source, interaction_id FROM interaction ORDER BY 2;
SELECT cdr_rebuild() ->> 'changed';

-- Each bad record becomes a row in quarantine, and nothing else is lost.
SELECT cdr_import('{"dialog_uuid":"d","start_time":"2024-03-12 11:00:00"}
{"dialog_uuid":"e","start_time":"2024-03-12 11:00:00","x":1,"x":2}
{"dialog_uuid":"","start_time":"2024-03-12 11:00:00"}
{"weather":"fine"}
{"dialog_uuid":"f","note":"not closed
{"dialog_uuid":"g","start_time":"2024-03-12 11:00:00"}
');
SELECT record, byte_offset, code, json_path, message, payload, payload_bytes, state FROM quarantine;
SELECT status, seen, inserted, quarantined FROM import_file ORDER BY import_id DESC LIMIT 1;
SELECT cdr_replay();
-- A record that this version of libcdr can read.
UPDATE quarantine SET payload = CAST('{"dialog_uuid":"e","dialog_type":"SYSTEM"}' AS BLOB), payload_bytes = 42 WHERE code = 'duplicate_key';
SELECT cdr_replay();
SELECT code, state, resolved_by IS NOT NULL FROM quarantine;
SELECT count(*) FROM dialog WHERE dialog_id = 'e';

-- on_error fail: nothing of the file is kept, except that it failed.
SELECT cdr_import('[{"dialog_uuid":"h","dialog_type":"SYSTEM"},{"weather":"fine"}]', '{"on_error":"fail"}');
SELECT count(*) FROM dialog WHERE dialog_id = 'h';
SELECT path, status, seen FROM import_file WHERE status = 'failed';
-- keep_raw false: the facts are the same.
SELECT cdr_import('{"dialog_uuid":"k","linked_dialogs":["l"]}', '{"keep_raw":false}') ->> '$.inserted';
SELECT cdr_import('{"dialog_uuid":"l","dialog_type":"SYSTEM"}');
SELECT cdr_rebuild();
SELECT count(*) FROM dialog WHERE dialog_id IN ('k', 'l');

-- Arguments.
SELECT cdr_import(NULL);
SELECT cdr_import(17);
SELECT cdr_import('');
SELECT cdr_import('/nowhere/at/all.json') ->> '$.errors[0].error';
SELECT cdr_import('/nowhere/*.json');
SELECT cdr_import('[]', 'x');
SELECT cdr_import('[]', '{"sauce":"x"}');
SELECT cdr_import('[]', '{"on_error":"skip"}');
SELECT cdr_import('[]', '{"zone":"Mars/Base"}');
SELECT cdr_import('[]', '{"keep_raw":"no"}');
SELECT cdr_import('[]', '{"fetched_at":"yesterday"}');
SELECT cdr_import(cdr_file('../../samples/conpeek/seed_dialog.json', '{"source":"south"}')) ->> '$.inserted', (SELECT max(source) FROM dialog);
CREATE TEMP TABLE t AS SELECT cdr_import('{"dialog_uuid":"m","dialog_type":"SYSTEM"}');
SELECT count(*) FROM import_file WHERE seen <> inserted + updated + unchanged + stale + quarantined;
PRAGMA integrity_check;

-- The import's own zone counts, even if it is UTC; without one that of cdr_file.
SELECT writefile('import-zone.json', '{"guid":"z","linkedid":"1714654800.1","uniqueid":"1714654800.1","calldate":"2024-05-02 10:00:00","duration":65,"billsec":60,'
  || '"disposition":"ANSWERED","channel":"SIP/t-1","dstchannel":"SIP/101-1","direction":"inbound","campaign":"Q"}');
SELECT cdr_import(cdr_file('import-zone.json', '{"zone":"America/Montevideo"}'), '{"source":"its own"}') ->> 'inserted';
SELECT cdr_import(cdr_file('import-zone.json', '{"zone":"America/Montevideo"}'), '{"source":"UTC","zone":"UTC"}') ->> 'inserted';
SELECT source, end_time FROM interaction WHERE vendor = 'ucontact' AND interaction_id = 'z' ORDER BY 1;
.system rm import-zone.json
