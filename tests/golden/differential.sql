-- The tables compared with plain SQL over the same JSON: libcdr must return the results of SQLite's own JSON functions and a few lines of arithmetic.
-- Each query counts the compared rows and the rows that differ, in both directions.
.mode list
.headers off
CREATE TABLE file(name TEXT, content TEXT);
INSERT INTO file VALUES ('mluvii', readfile('../../samples/mluvii/Sessions.json')),
    ('ucontact', readfile('../../samples/ucontact/day.json')), ('lists', readfile('../../samples/alibaba/list_call_detail_records.json'));
CREATE TABLE line(doc TEXT);
.mode ascii
.separator "\037" "\n"
.import ../../samples/conpeek/day.ndjson line
.mode list
.separator "|"

.print 'Conpeek: fields as they are, of two copies of a dialog the later one (compared, missing, surplus)'
CREATE TEMP TABLE dialog AS SELECT doc, max(doc ->> 'hangup_time') FROM line GROUP BY doc ->> 'dialog_uuid';
CREATE TEMP VIEW conpeek AS
SELECT doc ->> 'dialog_uuid', doc ->> 'dialog_type', doc ->> 'business_direction', (doc ->> 'start_time') || '.000', (doc ->> 'hangup_time') || '.000',
    doc ->> 'from_display_target', json_extract(doc, '$.project'), doc ->> '$.project.name', CAST(doc ->> '$.tenant_user.id' AS TEXT),
    doc ->> '$.anonymous.display_name', json_extract(doc, '$.linked_dialogs'), doc ->> 'hangup_cause', doc ->> 'call_info_value1'
FROM dialog;
CREATE TEMP TABLE ours AS
SELECT dialog_uuid, dialog_type, business_direction, start_time, hangup_time, from_display_target, project, project_name, tenant_user_id, anonymous_display_name,
    linked_dialogs, hangup_cause, call_info_value1
FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson'));
SELECT (SELECT count(*) FROM ours), (SELECT count(*) FROM (SELECT * FROM conpeek EXCEPT SELECT * FROM ours)),
    (SELECT count(*) FROM (SELECT * FROM ours EXCEPT SELECT * FROM conpeek));

.print 'Conpeek: the states of a side (compared, differing); no figure is negative in this day, and without talk there is no conversation'
WITH plain AS (
    SELECT doc ->> 'dialog_uuid' AS id, nullif(doc ->> 'talking_time', 0) / 1000.0 AS active, (doc ->> 'waiting_time') / 1000.0 AS waiting,
        (doc ->> 'first_queue_waiting_time') / 1000.0 AS in_queue,
        (SELECT unixepoch(end.value) - unixepoch(coalesce(doc ->> 'ring_time', doc ->> 'alert_time'))
         FROM json_each(json_array(doc ->> 'answer_time', doc ->> 'serve_time', doc ->> 'hangup_time')) AS end
         WHERE end.value >= coalesce(doc ->> 'ring_time', doc ->> 'alert_time') ORDER BY end.key LIMIT 1) AS ring
    FROM dialog
)
SELECT count(*), sum(active IS NOT active_seconds), sum(waiting IS NOT waiting_seconds), sum(in_queue IS NOT in_queue_seconds), sum(ring IS NOT ring_seconds)
FROM cdr_dialog(cdr_file('../../samples/conpeek/day.ndjson')) AS d JOIN plain ON plain.id = d.dialog_uuid;

.print 'mluvii: the formulas of the FAQ over the instants of a session (compared, differing); without the one whose time SQLite cannot read'
WITH session AS (SELECT value AS doc FROM file, json_each(file.content) WHERE file.name = 'mluvii'),
seconds AS (
    SELECT CAST(doc ->> 'id' AS TEXT) AS id,
        round((julianday(doc ->> 'guestJoined') - julianday(doc ->> 'created')) * 86400, 3) AS ring,
        round((julianday(doc ->> 'guestJoined') - julianday(doc ->> 'started')) * 86400, 3) AS bcw,
        (SELECT round((max(julianday(o.value ->> 'concluded')) - max(julianday(o.value ->> 'left'))) * 86400, 3)
         FROM json_each(doc, '$.operators') AS o) AS acw,
        (SELECT count(*) FROM json_each(doc, '$.operators') AS o WHERE o.value ->> 'left' IS NOT NULL AND o.value ->> 'concluded' IS NULL) AS unfinished
    FROM session
)
SELECT count(*),
    sum(CASE WHEN ring >= 0 THEN ring_seconds IS NULL OR abs(ring_seconds - ring) > 0.0021 ELSE ring_seconds IS NOT NULL END),
    sum(CASE WHEN bcw > 0.0005 THEN bcw_seconds IS NULL OR abs(bcw_seconds - bcw) > 0.0021 ELSE bcw_seconds IS NOT NULL END),
    sum(CASE WHEN acw >= 0 AND unfinished = 0 THEN acw_seconds IS NULL OR abs(acw_seconds - acw) > 0.0021 ELSE 0 END)
FROM interactions(cdr_file('../../samples/mluvii/Sessions.json')) AS i JOIN seconds ON seconds.id = i.interaction_id
WHERE i.interaction_id <> '880129';

.print 'uContact: fields, and ring by disposition (compared, missing, surplus)'
CREATE TEMP VIEW ucontact AS
SELECT value ->> 'guid', CAST(value ->> 'uniqueid' AS TEXT), (value ->> 'calldate') || '.000', CAST(value ->> 'duration' AS INTEGER), CAST(value ->> 'billsec' AS INTEGER),
    value ->> 'disposition', value ->> 'campaign', value ->> 'dst'
FROM file, json_each(file.content) WHERE file.name = 'ucontact';
CREATE TEMP TABLE legs AS
SELECT guid, uniqueid, calldate, duration, billsec, disposition, campaign, dst FROM ucontact_record(cdr_file('../../samples/ucontact/day.json'));
SELECT (SELECT count(*) FROM legs), (SELECT count(*) FROM (SELECT * FROM ucontact EXCEPT SELECT * FROM legs)),
    (SELECT count(*) FROM (SELECT * FROM legs EXCEPT SELECT * FROM ucontact));
SELECT count(*), sum(d.ring_seconds IS NOT CASE WHEN r.disposition = 'ANSWERED' AND r.duration >= r.billsec THEN r.duration - r.billsec END),
    sum(d.active_seconds IS NOT CASE r.disposition WHEN 'ANSWERED' THEN r.billsec END)
FROM cdr_dialog(cdr_file('../../samples/ucontact/day.json')) AS d
    JOIN ucontact_record(cdr_file('../../samples/ucontact/day.json')) AS r ON d.dialog_id = r.linkedid || '/' || r.uniqueid || '/' || r.sequence;

.print 'Alibaba: the reported seconds of a list are those of the interaction (compared, differing); without talk there is no conversation'
WITH call AS (SELECT value AS doc FROM file, json_each(file.content, '$.Data.List') WHERE file.name = 'lists')
SELECT count(*), sum(i.ivr_seconds IS NOT CAST(doc ->> 'IvrTime' AS REAL)), sum(i.in_queue_seconds IS NOT CAST(doc ->> 'QueueTime' AS REAL)),
    sum(i.ring_seconds IS NOT CAST(doc ->> 'RingTime' AS REAL)), sum(i.active_seconds IS NOT CASE WHEN doc ->> 'TalkTime' > 0 THEN CAST(doc ->> 'TalkTime' AS REAL) END),
    sum(i.hold_seconds IS NOT CASE WHEN doc ->> 'TalkTime' > 0 THEN CAST(doc ->> 'HeldTime' AS REAL) END)
FROM interactions(cdr_file('../../samples/alibaba/list_call_detail_records.json')) AS i JOIN call ON doc ->> 'ContactId' = i.interaction_id;
