-- State functions of one record.
.mode list
CREATE TABLE answer AS
SELECT json_object('ContactId', 'c', 'ContactType', 'INBOUND', 'ContactDisposition', 'Success',
  'AgentEvents', json('[{"AgentId":"a@x","EventSequence":[{"Event":"Ringing","EventTime":1714957220456},
    {"Event":"Established","EventTime":1714957226789},{"Event":"Released","EventTime":1714957346800}]}]'),
  'QueueEvents', json('[{"QueueId":"q","EventSequence":[{"Event":"Enqueue","EventTime":1714957212345}]}]'),
  'IvrEvents', json('[{"FlowType":"MAIN_FLOW","EventSequence":[{"Event":"Route2IVR","EventTime":1714957200000}]}]')) AS doc;
SELECT cdr_vendor(doc) FROM answer;
SELECT in_queue_duration(doc), waiting_duration(doc), ring_duration(doc), active_duration(doc),
       state_duration(doc, 'IVR'), acw_duration(doc) IS NULL, created_duration(doc) IS NULL, bcw_duration(doc) IS NULL
FROM answer;
SELECT in_queue_duration(doc, 'a@x'), in_queue_duration(doc, 'b@x') IS NULL, acw_duration(doc, 'a@x') IS NULL FROM answer;
SELECT active_duration('{"ContactId":"c","ContactType":"Inbound","TalkTime":188}'),
       ring_duration('{"ContactId":"c","ContactType":"Inbound","RingTime":"6"}');
-- The declared basis of every state.
SELECT column_name, basis FROM cdr_mapping WHERE vendor = 'alibaba' AND table_name = 'interactions' AND column_name LIKE '%_seconds';
