-- data_quality: contradictions by kind, with counts and an example, for each vendor; and values that do not convert. The inputs are invented, and
-- each is named after its problem.
.mode list
.separator ' | '
.nullvalue NULL
SELECT json_extract(cdr_init(), '$.created');
SELECT json_extract(cdr_import('
{"dialog_uuid":"as it should be","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:01:00","talking_time":50000}
{"dialog_uuid":"hung up too early","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 09:00:00"}
{"dialog_uuid":"negative talk","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:01:00","talking_time":-5000}
{"dialog_uuid":"talk differs","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:01:00","talking_time":20000}
{"dialog_uuid":"talk is longer than the call","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:01:00","talking_time":900000}
{"dialog_uuid":"answered before the wait had passed","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:10","hangup_time":"2024-05-02 10:01:00","talking_time":50000,"first_queue_waiting_time":40000}
{"dialog_uuid":"a time that is none","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","hangup_time":"2024-13-01 10:00:00"}
{"dialog_uuid":"no time at all","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"yesterday","hangup_time":"2024-13-02 10:00:00"}'), '$.inserted', '$.warnings');
SELECT json_extract(cdr_import('
{"ContactId":"as it should be","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644060000,"CallDuration":60,"TalkTime":50,"AgentIds":"a"}
{"ContactId":"talk is longer than the call","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644060000,"CallDuration":60,"TalkTime":1714644000,"AgentIds":"a"}
{"ContactId":"hung up too early","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714643000000}
{"ContactId":"negative talk","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644060000,"TalkTime":-4,"AgentIds":"a"}
{"ContactId":"duration differs","ContactType":"Inbound","ContactDisposition":"Success","StartTime":1714644000000,"ReleaseTime":1714644060000,"CallDuration":5,"AgentIds":"a"}'), '$.inserted');
SELECT json_extract(cdr_import('
{"id":1,"companyId":7,"channel":"Phone","source":"IncomingCall","created":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:05:00Z","length":"PT4M"}
{"id":2,"companyId":7,"channel":"Phone","source":"IncomingCall","created":"2024-05-02T10:00:00Z","ended":"2024-05-02T10:05:00Z","length":"PT4H"}
{"id":3,"companyId":7,"channel":"Phone","source":"IncomingCall","created":"2024-05-02T10:00:00Z","ended":"2024-05-02T09:05:00Z","length":"PT4M"}
{"id":4,"companyId":7,"channel":"Phone","source":"IncomingCall","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T09:59:00Z","ended":"2024-05-02T10:05:00Z","length":"PT4M"}'), '$.inserted');
SELECT json_extract(cdr_import('
{"linkedid":"1714644000.1","uniqueid":"1714644000.1","sequence":1,"guid":"as it should be","calldate":"2024-05-02 10:00:02","disposition":"ANSWERED","duration":20,"billsec":9,"direction":"inbound","finishtime":"2024-05-02 10:00:22"}
{"linkedid":"1714644000.2","uniqueid":"1714644000.2","sequence":1,"guid":"talk is longer than the row","calldate":"2024-05-02 10:00:02","disposition":"ANSWERED","duration":20,"billsec":9000,"direction":"inbound","finishtime":"2024-05-02 10:00:22"}
{"linkedid":"1714644000.3","uniqueid":"1714644000.3","sequence":1,"guid":"ends before its row","calldate":"2024-05-02 10:00:02","disposition":"ANSWERED","duration":20,"billsec":9,"direction":"inbound","finishtime":"2024-05-02 10:00:12"}
{"linkedid":"1714654800.4","uniqueid":"1714654800.4","sequence":1,"guid":"another zone","calldate":"2024-05-02 10:00:02","disposition":"ANSWERED","duration":20,"billsec":9,"direction":"inbound","finishtime":"2024-05-02 10:00:22"}'), '$.inserted');
SELECT vendor, found, of, example, question FROM data_quality('2024-05-02', '2024-05-03') WHERE subject = 'interaction' AND (found > 0 AND question NOT LIKE '%not known' AND question NOT LIKE '%number%' OR question LIKE '%contradicts%' OR question LIKE '%zone%') ORDER BY vendor, 5;
SELECT vendor, source, found, of, example, question FROM data_quality('2024-05-02', '2024-05-03') WHERE subject = 'record';
SELECT vendor, interaction_id, mapping FROM interaction WHERE mapping IS NOT NULL ORDER BY vendor, interaction_id;
-- Contradictions in the vendors' data are not faults of the file.
SELECT cdr_check();
-- Another period has none, except for the values that do not convert.
SELECT subject, count(*) FROM data_quality('2025-05-02', '2025-05-03') GROUP BY subject;
-- Rows without a time are in no report but are counted here: an interaction in any period, an offer in the period of its interaction.
SELECT json_extract(cdr_import('{"CallDetailRecords":{"TotalCount":1,"PageNumber":1,"PageSize":10,"List":{"CallDetailRecord":[{"ContactId":"an agent at no time","ContactType":"Inbound","ContactDisposition":"Normal",
  "StartTime":"1714730400000","Duration":"70","InstanceId":"i","Agents":{"CallDetailAgent":[{"AgentId":"a","AgentName":"A","SkillGroupName":"S","QueueTime":"5","RingTime":"4","TalkTime":"60","StartTime":"","WorkTime":"3"}]}}]}}}'), '$.inserted');
SELECT offer_time, ring_seconds, outcome FROM agent_offer WHERE interaction_id = 'an agent at no time';
SELECT vendor, subject, found, of, example, question FROM data_quality('2024-05-03', '2024-05-04') WHERE question LIKE '%in no %report%' ORDER BY 1, 2;
SELECT count(*) FROM agent_report('2024-05-03', '2024-05-04') WHERE offered > 0;
-- The last state of an export has no end, so its time is in no report; nothing is unknown of one that is OFFLINE.
SELECT cdr_import('{"userId":1,"stateKind":"ON_CALL","changed":"2024-05-04T08:00:00Z"}
{"userId":1,"stateKind":"ONLINE","changed":"2024-05-04T08:10:00Z"}
{"userId":2,"stateKind":"ONLINE","changed":"2024-05-04T08:00:00Z"}
{"userId":2,"stateKind":"OFFLINE","changed":"2024-05-04T09:00:00Z"}') ->> 'inserted' AS states;
SELECT agent_id, logged_in_seconds, available_seconds FROM agent_report('2024-05-04', '2024-05-05');
SELECT vendor, found, of, example, question FROM data_quality('2024-05-04', '2024-05-05') WHERE subject = 'state';
