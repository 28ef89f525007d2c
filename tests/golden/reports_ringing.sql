-- An agent's ringing is that of offers, answered or not, and of sides without an offer: each counts once, in agent_report and in the stored figures.
-- The inputs are invented.
.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';

-- One call of each vendor, offered without success and then answered.
--   alibaba   al-1 rings 25 s in vain from 10:14:50, so that 10 s lie in the first quarter hour; al-2 rings 5 s
--   mluvii    5 is asked for 10 s in vain, 6 for 5 s
--   conpeek   co-1 rings 15 s in vain, co-2 5 s
--   ucontact  SIP/101 rings 10 s in vain, SIP/102 20 s
SELECT cdr_import('{"ContactId":"vain","ContactType":"INBOUND","ContactDisposition":"Success","StartTime":1714644880000,"ReleaseTime":1714645080000,"AgentEvents":[
  {"AgentId":"al-1","EventSequence":[{"Event":"Ringing","EventTime":1714644890000},{"Event":"Released","EventTime":1714644915000}]},
  {"AgentId":"al-2","EventSequence":[{"Event":"Ringing","EventTime":1714644975000},{"Event":"Established","EventTime":1714644980000},{"Event":"Released","EventTime":1714645080000}]}],
  "QueueEvents":[{"QueueId":"q","EventSequence":[{"Event":"Enqueue","EventTime":1714644885000}]}]}') ->> 'inserted' AS alibaba;
SELECT cdr_import('{"id":711,"companyId":7,"channel":"Phone","source":"IncomingCall","status":"CLOSED","created":"2024-05-02T10:00:00Z","guestJoined":"2024-05-02T10:00:00Z",
  "started":"2024-05-02T10:00:55Z","ended":"2024-05-02T10:02:00Z","length":"PT1M5S","operators":[{"userId":6,"joined":"2024-05-02T10:00:55Z","left":"2024-05-02T10:02:00Z","concluded":"2024-05-02T10:02:00Z"}],
  "routingHistory":[{"timestamp":"2024-05-02T10:00:00Z","activityType":"RoutingRequestCreated"},{"timestamp":"2024-05-02T10:00:03Z","activityType":"EnteredGroupQueue","group":{"id":21}},
  {"timestamp":"2024-05-02T10:00:05Z","activityType":"AssignedToOperator","operator":{"userId":5}},{"timestamp":"2024-05-02T10:00:15Z","activityType":"OperatorTimeoutExpired","operator":{"userId":5}},
  {"timestamp":"2024-05-02T10:00:50Z","activityType":"AssignedToOperator","operator":{"userId":6}},{"timestamp":"2024-05-02T10:00:55Z","activityType":"AcceptedByOperator","operator":{"userId":6}}]}') ->> 'inserted' AS mluvii;
SELECT cdr_import('{"data":[{"dialog_uuid":"e","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-02 10:00:00","serve_time":"2024-05-02 10:00:55","hangup_time":"2024-05-02 10:02:00","linked_dialogs":["a","b"]},
  {"dialog_uuid":"a","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:30","alert_time":"2024-05-02 10:00:30","hangup_time":"2024-05-02 10:00:45","tenant_user":{"id":"co-1"}},
  {"dialog_uuid":"b","dialog_type":"CONSULTANT","business_direction":"INBOUND","start_time":"2024-05-02 10:00:50","alert_time":"2024-05-02 10:00:50","serve_time":"2024-05-02 10:00:55","hangup_time":"2024-05-02 10:02:00","tenant_user":{"id":"co-2"}}]}') ->> 'inserted' AS conpeek;
SELECT cdr_import('[{"calldate":"2024-05-02 10:00:05","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/101-1","lastapp":"Queue","duration":10,"billsec":10,"disposition":"NO ANSWER",
  "uniqueid":"1714644000.11","linkedid":"1714644000.11","sequence":1,"guid":"u11","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:01:40"},
  {"calldate":"2024-05-02 10:00:15","src":"099000001","dst":"9901","channel":"SIP/trunk-1","dstchannel":"SIP/102-1","lastapp":"Queue","duration":85,"billsec":65,"disposition":"ANSWERED",
  "uniqueid":"1714644000.11","linkedid":"1714644000.11","sequence":2,"guid":"u11","direction":"inbound","campaign":"In<-","carrier":"trunk","finishtime":"2024-05-02 10:01:40"}]') ->> 'inserted' AS ucontact;
SELECT vendor, agent_id, offered, answered, missed, ring_seconds, talk_seconds FROM agent_report('2024-05-02', '2024-05-03');
-- From the facts, because the period does not consist of quarter hours.
SELECT vendor, agent_id, offered, answered, missed, ring_seconds, talk_seconds FROM agent_report('2024-05-02', '2024-05-02 23:59:59');
-- Clipped, at its start, at its end: 25 s from 10:14:50.
SELECT credit.value AS credit, substr(interval_local, 12, 5) AS at, offered, ring_seconds
FROM json_each('["clip", "start", "end"]') AS credit, agent_report('2024-05-02 10:00:00', '2024-05-02 10:30:00', '15m', 'UTC', credit.value) WHERE agent_id = 'al-1';
SELECT substr(interval_start, 12, 5) AS at, credit, offered, missed, ring_parts, ring_seconds FROM agent_interval WHERE agent_id = 'al-1' ORDER BY credit, at;
SELECT agent_id, credit, ring_parts, ring_seconds FROM agent_day_total ORDER BY agent_id, credit;

-- An agent who dials is not asked: the ringing is that of the side.
SELECT cdr_import('{"calldate":"2024-05-03 10:00:00","src":"101","dst":"099000001","channel":"SIP/101-9","dstchannel":"SIP/trunk-9","lastapp":"Dial","duration":30,"billsec":22,"disposition":"ANSWERED",
  "uniqueid":"1714730400.14","linkedid":"1714730400.14","sequence":1,"guid":"u14","direction":"outbound","campaign":"Out->","carrier":"trunk","finishtime":"2024-05-03 10:00:30"}') ->> 'inserted' AS dialled;
SELECT agent_id, offered, ring_seconds FROM agent_report('2024-05-03', '2024-05-04');

-- An unanswered offer is work, too: 5 worked 10 s for it in the hour online.
SELECT cdr_import('{"lastModified":"2024-05-02T11:00:00Z","limit":100,"page":1,"totalCount":2,"data":[{"userId":5,"stateKind":"ONLINE","changed":"2024-05-02T10:00:00Z"},
  {"userId":5,"stateKind":"OFFLINE","changed":"2024-05-02T11:00:00Z"}]}') ->> 'inserted' AS states;
SELECT agent_id, ring_seconds, available_seconds, logged_in_seconds, round(occupancy, 5) AS occupancy, round(utilisation, 5) AS utilisation
FROM agent_report('2024-05-02', '2024-05-03') WHERE agent_id = '5' AND vendor = 'mluvii';
SELECT cdr_check() ->> 'violations' AS violations;

-- A side without a beginning counts from its first known time: in the stored figures and in the facts alike.
SELECT cdr_import('{"data":[{"dialog_uuid":"c","dialog_type":"EXTERNAL","business_direction":"INBOUND","start_time":"2024-05-04 10:00:00","serve_time":"2024-05-04 10:00:55","hangup_time":"2024-05-04 10:02:00","linked_dialogs":["d"]},
  {"dialog_uuid":"d","dialog_type":"CONSULTANT","business_direction":"INBOUND","serve_time":"2024-05-04 10:00:55","hangup_time":"2024-05-04 10:02:00","talking_time":65000,"tenant_user":{"id":"co-3"}}]}') ->> 'inserted' AS conpeek;
SELECT agent_id, talk_seconds, talk_known, aht_seconds FROM agent_report('2024-05-04', '2024-05-05');
SELECT agent_id, talk_seconds, talk_known, aht_seconds FROM agent_report('2024-05-04', '2024-05-04 23:59:59');

-- Stored figures that another version of libcdr made have another meaning: until they are counted again, the facts are used.
UPDATE cdr_meta SET value = 'of another version' WHERE name = 'figures_of_agents';
UPDATE agent_day_total SET ring_seconds = 1000 WHERE agent_id = 'al-1';
SELECT ring_seconds FROM agent_report('2024-05-02', '2024-05-03') WHERE agent_id = 'al-1';
SELECT "table", found, remedy FROM cdr_check();
SELECT cdr_refresh() ->> 'changed' AS counted_again;
SELECT ring_seconds FROM agent_report('2024-05-02', '2024-05-03') WHERE agent_id = 'al-1';
SELECT cdr_check() ->> 'violations' AS violations;
