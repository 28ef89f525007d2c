-- A call whose times were read in a wrong zone: its wait is unknown by every clock, and counted as unknown.
.mode list
.headers on
.nullvalue NULL
SELECT cdr_init() ->> 'created';
SELECT cdr_import('[{"guid":"g1","linkedid":"1714644000.1","uniqueid":"1714644000.1","sequence":0,"calldate":"2024-05-02 07:00:00","duration":65,"billsec":60,"disposition":"ANSWERED",
  "channel":"SIP/t-1","dstchannel":"SIP/101-1","direction":"inbound","campaign":"Q<-","lastapp":"Queue","finishtime":"2024-05-02 07:01:05"}]') ->> 'inserted';
SELECT offered, answered, wait_known, service_level, asa_seconds, longest_wait_answered FROM queue_report('2024-05-02', '2024-05-03', NULL, 'UTC') WHERE clock = 'queue';
SELECT offered, answered, wait_known, service_level, asa_seconds, longest_wait_answered FROM queue_report('2024-05-02', '2024-05-03', NULL, 'UTC') WHERE clock = 'queue_ring';
SELECT offered, answered, wait_known, service_level, asa_seconds, longest_wait_answered FROM queue_report('2024-05-02', '2024-05-03', NULL, 'UTC') WHERE clock = 'arrival';
SELECT cdr_check() ->> 'violations';
-- Calls that name the carrier in place of the caller: nobody knows whether it was the same customer.
SELECT cdr_import('[{"guid":"c1","linkedid":"1714903200.1","uniqueid":"1714903200.1","sequence":0,"calldate":"2024-05-05 10:00:00","src":"9901","carrier":"9901","dst":"100","duration":16,"billsec":16,
  "disposition":"NO ANSWER","channel":"SIP/9901-1","dstchannel":"SIP/101-1","direction":"inbound","campaign":"Q<-","lastapp":"Queue","finishtime":"2024-05-05 10:00:16"},
 {"guid":"c2","linkedid":"1714906800.1","uniqueid":"1714906800.1","sequence":0,"calldate":"2024-05-05 11:00:00","src":"9901","carrier":"9901","dst":"100","duration":60,"billsec":50,
  "disposition":"ANSWERED","channel":"SIP/9901-2","dstchannel":"SIP/101-2","direction":"inbound","campaign":"Q<-","lastapp":"Queue","finishtime":"2024-05-05 11:01:00"}]') ->> 'inserted';
SELECT interaction_id, customer_number, is_recognisable, reached FROM abandoned_interactions('2024-05-05', '2024-05-06');
SELECT within_days, interactions, unrecognisable, customers, repeated, repeat_rate FROM repeat_interactions('2024-05-05', '2024-05-06', 1);
SELECT question, found, of FROM data_quality('2024-05-05', '2024-05-06') WHERE question LIKE '%number%' OR question LIKE 'its outcome%' ORDER BY 1, 3;
