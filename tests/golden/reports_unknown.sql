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
