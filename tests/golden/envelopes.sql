-- Wrappers around records, and spellings of their keys: from SDKs, search engines, gateways, scripts and Windows; and inputs that are not records,
-- which the problem identifies.
.mode list
.separator ' | '
.nullvalue NULL

-- SDK wrappers, and keys as SDKs write them
SELECT contact_id, contact_type, call_duration FROM alibaba_call(cdr_file('cases/alibaba_sdk_wrapper.json'));
SELECT contact_id, contact_type, start_time, resource FROM alibaba_call(cdr_file('cases/alibaba_node_sdk_camel.json'));
SELECT outcome, in_queue_seconds, ring_seconds, active_seconds FROM interactions(cdr_file('cases/alibaba_node_sdk_camel.json'));
SELECT contact_id, call_duration FROM alibaba_call('{"code":"OK","data":{"list":[{"contact_id":"c","contact_type":"Inbound","call_duration":"7"}]}}');
SELECT id, channel, created FROM mluvii_session('[{"Id":5,"CompanyId":7,"Channel":"Phone","Created":"2024-05-02T08:00:00Z"}]');
SELECT dialog_id, dialog_type, tenant_user_display_name, variables FROM cdr_dialog('{"dialogUuid":"d","dialogType":"CONSULTANT","tenantUser":{"displayName":"A"},"variables":{"myKey":1}}');
SELECT linkedid, disposition FROM ucontact_record('{"LinkedId":"1.1","UniqueId":"1.1","Disposition":"ANSWERED"}');
-- one-word keys suffice for a claim; the others are in another spelling
SELECT outcome, answer_time, first_agent_id, bcw_seconds, acw_seconds FROM interactions('[{"id":5,"company_id":7,"channel":"Phone","status":"CLOSED","created":"2024-05-02T10:00:00Z","guest_joined":"2024-05-02T10:00:25Z","started":"2024-05-02T10:00:20Z","ended":"2024-05-02T10:05:00Z","length":"PT4M35S","operators":[{"user_id":502,"joined":"2024-05-02T10:00:20Z","left":"2024-05-02T10:05:00Z","concluded":"2024-05-02T10:05:30Z"}]}]');
SELECT state_duration('{"id":5,"company_id":7,"channel":"Phone","created":"2024-05-02T10:00:00Z"}', 'CREATED', '[{"timestamp":"2024-05-02T10:00:02Z","activityType":"RoutingRequestCreated"}]');
-- a record in its vendor's spelling is never touched
SELECT extra FROM cdr_dialog('{"dialog_uuid":"d","dialog_type":"BOT","dialogType":"x"}');

-- Lists of other systems
SELECT dialog_id FROM cdr_dialog('{"results":[{"dialog_uuid":"a","dialog_type":"BOT"}],"count":1}');
SELECT dialog_id FROM cdr_dialog('{"items":[{"dialog_uuid":"a","dialog_type":"BOT"}]}');
SELECT dialog_id FROM cdr_dialog('{"took":3,"hits":{"total":{"value":1},"hits":[{"_index":"i","_id":"1","_source":{"dialog_uuid":"a","dialog_type":"BOT"}}]}}');
SELECT dialog_id FROM cdr_dialog('[{"data":[{"dialog_uuid":"a","dialog_type":"BOT"}]},{"data":[{"dialog_uuid":"b","dialog_type":"BOT"}]}]');
SELECT dialog_id FROM cdr_dialog('[[{"dialog_uuid":"a","dialog_type":"BOT"}],[{"dialog_uuid":"b","dialog_type":"BOT"}]]');

-- JSON inside a string
SELECT dialog_id FROM cdr_dialog('{"statusCode":200,"body":"{\"data\":[{\"dialog_uuid\":\"a\",\"dialog_type\":\"BOT\"},{\"dialog_uuid\":\"b\",\"dialog_type\":\"BOT\"}]}"}');
SELECT dialog_id FROM cdr_dialog('{"timestamp":1,"message":"{\"dialog_uuid\":\"a\",\"dialog_type\":\"BOT\"}"}
{"timestamp":2,"message":"{\"dialog_uuid\":\"b\",\"dialog_type\":\"BOT\"}"}');
SELECT record, code, message FROM cdr_problems('{"body":"{\"data\":[{\"dialog_uuid\":\"a\",\"dialog_type\":\"BOT\"},{\"dialog_uuid\":]}"}');

-- A webhook whose payload comes first is still a webhook
SELECT id, event_type FROM mluvii_session('{"data":{"id":5,"tenantId":62,"channel":"Phone","started":"2024-05-02T08:58:58Z"},"eventType":"SessionStarted"}');

-- The caller says where the records are
SELECT dialog_id FROM cdr_dialog(cdr_file('cases/records_path.json', '{"records":"$.answer.calls[*].sides"}'));
SELECT code, message FROM cdr_problems(cdr_file('cases/records_path.json', '{"records":"$.answer.callers"}'));
SELECT cdr_file('cases/records_path.json', '{"records":"answer"}');

-- Answers that are errors
SELECT code, message FROM cdr_problems('{"Code":"Throttling.User","Message":"Request was denied due to user flow control.","RequestId":"r"}');
SELECT code, message FROM cdr_problems('{"statusCode":401,"message":"Unauthorized"}');
SELECT code, message FROM cdr_problems('{"message":"Unauthorized"}');
SELECT code, message FROM cdr_problems('{"error":"invalid_token","error_description":"The token expired"}');
SELECT code, message FROM cdr_problems('{"headers":{},"statusCode":400,"body":{"Code":"InstanceNotExist","Message":"no"}}');
SELECT code, message FROM cdr_problems('{"what":"this is no answer that anybody knows"}');
SELECT cdr_vendor('{"contactId":"c","contactType":"INBOUND"}'), cdr_vendor('{"Id":1,"CompanyId":2,"GuestJoined":null}');
