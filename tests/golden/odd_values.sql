-- An odd value does not cost the record. A number beyond 64 bits, NUL and half of a surrogate pair stay as text in extra, with one line in
-- cdr_problems; a repeated key is refused only if its values differ; and reading continues after damage.
.mode list
.separator ' | '
.nullvalue NULL

SELECT dialog_id, talking_time, extra FROM cdr_dialog(cdr_file('cases/bigint_in_extra.ndjson'));
SELECT record, json_path, code, loses, message FROM cdr_problems(cdr_file('cases/bigint_in_extra.ndjson'));
SELECT dialog_id, talking_time, extra FROM cdr_dialog(cdr_file('cases/note_nul.ndjson'));
SELECT record, json_path, code, loses, message FROM cdr_problems(cdr_file('cases/note_nul.ndjson'));
SELECT dialog_id, call_info_value1, hex(call_info_value1), extra FROM cdr_dialog(cdr_file('cases/note_lone_surrogate.ndjson'));
SELECT record, json_path, code, loses, message FROM cdr_problems(cdr_file('cases/note_lone_surrogate.ndjson'));
SELECT dialog_id, talking_time, extra FROM cdr_dialog(cdr_file('cases/dup_key_same_value.ndjson'));
SELECT record, json_path, code, loses, message FROM cdr_problems(cdr_file('cases/dup_key_same_value.ndjson'));
SELECT code, loses FROM cdr_problems('{"dialog_uuid":"d","dialog_type":"BOT","talking_time":1,"talking_time":2}');

-- An id may have any number of digits, and is text; as a duration the same number is invalid
SELECT crm_id, talking_time, extra FROM cdr_dialog('{"dialog_uuid":1,"dialog_type":"BOT","crm_id":184467440737095516150,"talking_time":1e999}');
SELECT json_path, code FROM cdr_problems('{"dialog_uuid":1,"dialog_type":"BOT","crm_id":184467440737095516150,"talking_time":1e999}');
-- JSON inside a column is not changed
SELECT variables, extra FROM cdr_dialog('{"dialog_uuid":1,"dialog_type":"BOT","variables":{"n":18446744073709551615},"other":{"deep":["\u0000"]}}');
SELECT json_path, code FROM cdr_problems('{"dialog_uuid":1,"dialog_type":"BOT","variables":{"n":18446744073709551615},"other":{"deep":["\u0000"]}}');
-- A key with half of a surrogate pair is kept as written, and reported
SELECT extra FROM cdr_dialog('{"dialog_uuid":1,"dialog_type":"BOT","k\ud800":1,"o":{"\u0000":2},"plain":3}');
SELECT json_path, code, message FROM cdr_problems('{"dialog_uuid":1,"dialog_type":"BOT","k\ud800":1,"o":{"\u0000":2},"plain":3}');
SELECT extra FROM mluvii_session('{"id":1,"companyId":7,"channel":"Chat","guest":{"a\udc00":1}}');
-- For other vendors as well, and in a warehouse
SELECT id, channel, extra FROM mluvii_session('{"id":1,"companyId":7,"channel":"Chat\u0000","token":99999999999999999999}');
SELECT json_extract(cdr_init(), '$.created');
SELECT json_extract(cdr_import('cases/note_lone_surrogate.ndjson'), '$.inserted', '$.quarantined');
SELECT dialog_id, call_info_value1, extra FROM dialog ORDER BY dialog_id;
SELECT cdr_check();
-- {"on_error":"strict"} refuses it
SELECT count(*) FROM cdr_dialog(cdr_file('cases/bigint_in_extra.ndjson', '{"on_error":"strict"}'));

-- One of ten records on one line is truncated: reading continues with the next one
SELECT group_concat(dialog_id, ' ') FROM cdr_dialog(cdr_file('cases/oneline_truncated_inside.json', '{"on_error":"skip"}'));
SELECT record, offset, code FROM cdr_problems(cdr_file('cases/oneline_truncated_inside.json'));

-- A figure that cannot fit into its call is noted and not used
SELECT outcome, active_seconds, handle_seconds, mapping FROM interactions(cdr_file('cases/alibaba_absurd_talktime.json'));
SELECT talk_time FROM alibaba_call(cdr_file('cases/alibaba_absurd_talktime.json'));

-- Blanks around an id do not belong to it, whatever is between them. The text as it was written is in extra
SELECT dialog_id, dialog_uuid, extra FROM cdr_dialog('[{"dialog_uuid":" b-1","dialog_type":"BOT"},{"dialog_uuid":"b-2\t","dialog_type":"BOT"},{"dialog_uuid":" \u0000b","dialog_type":"BOT"},{"dialog_uuid":7,"dialog_type":"BOT"}]');
SELECT json_extract(cdr_import('[{"dialog_uuid":" b-1","dialog_type":"BOT"},{"dialog_uuid":"b-2\t","dialog_type":"BOT"},{"dialog_uuid":" \u0000b","dialog_type":"BOT"},{"dialog_uuid":7,"dialog_type":"BOT"}]'), '$.inserted');
SELECT dialog_id, dialog_uuid, extra FROM dialog WHERE dialog_type = 'BOT' ORDER BY dialog_id;
SELECT count(*) FROM cdr_check();

-- No figure is counted after the end of the year 9999, though the conversation that began in its last millisecond lasts longer
SELECT json_extract(cdr_import('{"ContactId":"job-9999","ContactType":"Inbound","StartTime":253402300799999,"Agents":[{"AgentId":"a-1","QueueTime":5,"RingTime":10,"TalkTime":30,"HoldTime":2,"WorkTime":6,"StartTime":253402300799999}]}'), '$.inserted', '$.quarantined');
SELECT interval_start, credit, answered, talk_seconds FROM agent_interval WHERE agent_id = 'a-1' ORDER BY 1, 2;
SELECT json_extract(cdr_rebuild(), '$.interactions') > 0, (SELECT count(*) FROM cdr_check());
