-- An agent's state that names a call is not part of it: whichever comes first, changes or is repeated, the call keeps the facts of its own records.
.mode list
.separator ' | '
.nullvalue NULL
.headers off
SELECT cdr_init() ->> 'created';
CREATE TEMP TABLE log (doc);
INSERT INTO log SELECT json_object('AgentStateLogPage', json_object('List', json_array(json_object('StateTime', '1587519581000', 'InstanceId', value,
  'State', 'Talking', 'StateCode', 'StartTalking', 'RamId', '77', 'ContactId', '2670898993')))) FROM json_each('["first","second"]');
CREATE TEMP VIEW told AS
SELECT (SELECT group_concat(interaction_id || ' ' || outcome) FROM (SELECT * FROM interaction ORDER BY interaction_id)) AS call,
  (SELECT count(*) FROM dialog) AS dialogs,
  (SELECT count(*) FROM state_duration) AS states, (SELECT group_concat(interaction_id || ' ' || state) FROM agent_state) AS agent;

.print the state first, then the call
SELECT cdr_import(doc) ->> 'inserted' FROM log WHERE rowid = 1;
SELECT * FROM told;
SELECT cdr_import('../../samples/alibaba/oldest_list_call_detail_records.json') ->> 'seen';
SELECT * FROM told;
SELECT cdr_check();

.print another version of the state
SELECT cdr_import(doc, '{"fetched_at": "2030-01-01"}') ->> 'updated' FROM log WHERE rowid = 2;
SELECT * FROM told;
SELECT cdr_check();
SELECT cdr_rebuild() ->> 'changed';
