-- What must hold in a warehouse and can be said in SQL: cdr_check() runs these statements one by one. Each gives one row per
-- violation and none in a healthy file; the columns are those of cdr_check: check, table, key, found, expected, remedy.
-- A record may contradict itself: what it reports is kept, and the interaction's mapping has it under "inconsistent"
-- (src/vendors/contradiction.hpp). That is not a fault of the file, so the times of such interactions are not compared.

-- An interaction begins before everything else in it, and ends behind it.
WITH i AS (
  SELECT * FROM main.interaction
  WHERE iif(json_valid(mapping), json_type(mapping, '$.inconsistent'), NULL) IS NULL
)
SELECT 'times', 'interaction', vendor || '/' || source || '/' || interaction_id,
  'start ' || start_time || ', queue ' || ifnull(queue_time, 'NULL') || ', answer ' || ifnull(answer_time, 'NULL') || ', end ' || ifnull(end_time, 'NULL'),
  'start first and end last', 'SELECT cdr_rebuild()'
FROM i
WHERE min(ifnull(queue_time, start_time), ifnull(answer_time, start_time), ifnull(end_time, start_time)) < start_time
  OR max(ifnull(queue_time, end_time), ifnull(answer_time, end_time)) > end_time;

-- A conversation is what makes an interaction answered.
SELECT 'answered', 'interaction', vendor || '/' || source || '/' || interaction_id,
  'outcome ' || outcome || ', answered ' || ifnull(answer_time, 'never') || ', active ' || ifnull(active_seconds, 0) || ' s',
  'outcome ANSWERED', 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE outcome <> 'ANSWERED' AND (active_seconds > 0 OR answer_time IS NOT NULL);

-- Handle time is its parts.
SELECT 'handle_time', 'interaction', vendor || '/' || source || '/' || interaction_id,
  ifnull(handle_seconds, 'NULL'), active_seconds || ' + ' || ifnull(hold_seconds, 0) || ' + ' || ifnull(acw_seconds, 0), 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE (handle_seconds IS NULL) <> (active_seconds IS NULL)
  OR abs(handle_seconds - active_seconds - ifnull(hold_seconds, 0) - ifnull(acw_seconds, 0)) > 0.0015;

-- Counts are of the rows that are there. NULL: the vendor does not list them.
WITH counted AS (
  SELECT vendor, source, interaction_id, dialog_count AS said, 'dialog' AS of,
    (SELECT count(*) FROM main.dialog AS d
     WHERE d.interaction_id = i.interaction_id AND d.vendor = i.vendor AND d.source = i.source) AS found
  FROM main.interaction AS i
  UNION ALL
  SELECT vendor, source, interaction_id, recording_count, 'recording',
    (SELECT count(*) FROM main.recording AS r
     WHERE r.interaction_id = i.interaction_id AND r.vendor = i.vendor AND r.source = i.source)
  FROM main.interaction AS i
)
SELECT 'counts', of, vendor || '/' || source || '/' || interaction_id, found, ifnull(said, 0) || ' (' || of || '_count of interaction)', 'SELECT cdr_rebuild()'
FROM counted
WHERE ifnull(said, 0) <> found;

-- The interaction's figures are those of its own states, in their order.
WITH compared AS (
  SELECT i.vendor, i.source, i.interaction_id,
    json_array(s.created_seconds, s.ivr_seconds, s.in_queue_seconds, s.waiting_seconds, s.ring_seconds, s.bcw_seconds,
      s.active_seconds, s.hold_seconds, s.acw_seconds) AS spans,
    json_array(i.created_seconds, i.ivr_seconds, i.in_queue_seconds, i.waiting_seconds, i.ring_seconds, i.bcw_seconds,
      i.active_seconds, i.hold_seconds, i.acw_seconds) AS own
  FROM main.fact_interaction AS i LEFT JOIN main.fact_state_span AS s ON s.id = i.component << 24
)
SELECT 'states', 'fact_state_span', vendor || '/' || source || '/' || interaction_id, spans, own || ' (interaction)', 'SELECT cdr_rebuild()'
FROM compared
WHERE spans <> own;

-- States fit inside their interaction, after-call work behind its end excepted, and last no longer than from start to end.
-- Vendors' own figures are of one second's precision.
WITH placed AS (
  SELECT d.*, i.start_time AS began, i.end_time AS ended,
    (julianday(d.end_time) - julianday(d.start_time)) * 86400 AS length, iif(d.basis = 'reported', 1.002, 0.003) AS allowance
  FROM main.state_duration AS d JOIN main.interaction AS i USING (interaction_id, vendor, source)
  WHERE iif(json_valid(i.mapping), json_type(i.mapping, '$.inconsistent'), NULL) IS NULL
)
SELECT 'states_inside', 'state_duration', vendor || '/' || source || '/' || interaction_id || ' ' || ifnull(agent_id || ' ', '') || state,
  ifnull(start_time, 'NULL') || ' to ' || ifnull(end_time, 'NULL') || ', ' || ifnull(seconds, 'NULL') || ' s',
  'within ' || ifnull(began, 'NULL') || ' to ' || ifnull(ended, 'NULL'), 'SELECT cdr_rebuild()'
FROM placed
WHERE seconds IS NULL OR seconds < 0 OR end_time < start_time OR start_time < began OR seconds > length + allowance
  OR (state <> 'ACW' AND julianday(end_time) > julianday(ended) + 1.002 / 86400);

-- Events and visits are numbered 1, 2, … in their interaction, in the order of time.
WITH numbered(of, vendor, source, interaction_id, n, at) AS (
  SELECT 'agent_event', vendor, source, interaction_id, seq, event_time FROM main.agent_event UNION ALL
  SELECT 'queue_event', vendor, source, interaction_id, seq, event_time FROM main.queue_event UNION ALL
  SELECT 'ivr_event', vendor, source, interaction_id, seq, event_time FROM main.ivr_event UNION ALL
  SELECT 'customer_event', vendor, source, interaction_id, seq, event_time FROM main.customer_event UNION ALL
  SELECT 'queue_visit', vendor, source, interaction_id, visit_no, enqueue_time FROM main.queue_visit
),
follows AS (
  SELECT *, row_number() OVER interaction AS expected, max(at) OVER before AS latest
  FROM numbered
  WINDOW interaction AS (PARTITION BY of, interaction_id, vendor, source ORDER BY n),
    before AS (interaction ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT 'sequence', of, vendor || '/' || source || '/' || interaction_id, 'number ' || n || ' at ' || ifnull(at, 'NULL'),
  'number ' || expected || ifnull(', not before ' || latest, ''), 'SELECT cdr_rebuild()'
FROM follows
WHERE n <> expected OR at < latest;

-- Every visit to a queue is one that was answered, abandoned, flowed out, or is still open: nothing else makes up what was offered.
SELECT 'offered', 'queue_visit', vendor || '/' || source || '/' || interaction_id || ' ' || visit_no,
  'outcome ' || outcome, 'an outcome of queue_visits, or NULL', 'SELECT cdr_rebuild()'
FROM main.queue_visit
WHERE outcome NOT IN ('ANSWERED', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING', 'QUEUE_TIMEOUT', 'QUEUE_OVERFLOW', 'QUEUE_FAILED',
  'FORWARDED', 'NO_ANSWER', 'REJECTED', 'BUSY', 'FAILED', 'VOICEMAIL', 'OTHER');
SELECT 'outcome', 'interaction', vendor || '/' || source || '/' || interaction_id,
  'outcome ' || outcome, 'an outcome of interactions, or NULL', 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE outcome NOT IN ('ANSWERED', 'ABANDONED_IN_IVR', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING', 'QUEUE_TIMEOUT', 'QUEUE_OVERFLOW',
  'QUEUE_FAILED', 'VOICEMAIL', 'MACHINE', 'SELF_SERVICE', 'FORWARDED', 'NO_ANSWER', 'REJECTED', 'BUSY', 'UNREACHABLE', 'FAILED', 'OTHER');

-- What names a dialog of its interaction names one that is there.
WITH named(of, id, dialog) AS (
  SELECT 'fact_agent_event', id, dialog FROM main.fact_agent_event UNION ALL
  SELECT 'fact_recording', id, dialog FROM main.fact_recording
)
SELECT 'dialog', of, 'id ' || id, 'dialog ' || dialog, 'a dialog of the interaction', 'SELECT cdr_rebuild()'
FROM named
WHERE dialog IS NOT NULL AND id & ~16777215 | dialog NOT IN (SELECT id FROM main.fact_dialog);

-- Facts come from records, and what belongs to an interaction has one.
SELECT 'orphan', 'fact_interaction', vendor || '/' || source || '/' || interaction_id, 'no records that make it', 'records', 'SELECT cdr_rebuild()'
FROM main.fact_interaction
WHERE component NOT IN (SELECT component FROM main.raw_record);
SELECT 'orphan', 'fact_agent_state', 'id ' || id, 'no records that make it', 'records', 'SELECT cdr_rebuild()'
FROM main.fact_agent_state
WHERE id >> 24 NOT IN (SELECT component FROM main.raw_record);
WITH part(of, id) AS (
  SELECT 'fact_dialog', id FROM main.fact_dialog UNION ALL
  SELECT 'fact_agent_event', id FROM main.fact_agent_event UNION ALL
  SELECT 'fact_queue_event', id FROM main.fact_queue_event UNION ALL
  SELECT 'fact_ivr_event', id FROM main.fact_ivr_event UNION ALL
  SELECT 'fact_customer_event', id FROM main.fact_customer_event UNION ALL
  SELECT 'fact_queue_visit', id FROM main.fact_queue_visit UNION ALL
  SELECT 'fact_recording', id FROM main.fact_recording UNION ALL
  SELECT 'fact_state_span', id FROM main.fact_state_span
)
SELECT DISTINCT 'orphan', of, 'component ' || (id >> 24), 'no interaction', 'a row of fact_interaction', 'SELECT cdr_rebuild()'
FROM part
WHERE id >> 24 NOT IN (SELECT component FROM main.fact_interaction);

-- Of each id, the newest record and no other.
SELECT 'record_id', 'raw_record', vendor || '/' || resource || '/' || source || '/' || record_id, count(*) || ' records', 'one', 'restore the file from a backup'
FROM main.raw_record
GROUP BY vendor, resource, source, record_id
HAVING count(*) > 1;

-- The ledger: what a file's records became adds up, and is there. Erasing takes away from it.
SELECT 'ledger', 'import_file', import_id, seen || ' seen', inserted + updated + unchanged + stale + quarantined, 'restore the file from a backup'
FROM main.import_file
WHERE seen <> inserted + updated + unchanged + stale + quarantined;
WITH kept AS (SELECT first_import AS import_id, count(*) AS found FROM main.raw_record GROUP BY first_import)
SELECT 'ledger', 'raw_record', import_id, ifnull(found, 0) || ' first imported', inserted || ' inserted', 'restore the file from a backup'
FROM main.import_file LEFT JOIN kept USING (import_id)
WHERE found > inserted OR (ifnull(found, 0) < inserted AND NOT EXISTS (SELECT 1 FROM main.tombstone));
WITH kept AS (SELECT import_id, count(*) AS found FROM main.quarantine GROUP BY import_id)
SELECT 'ledger', 'quarantine', import_id, ifnull(found, 0) || ' kept', quarantined || ' quarantined', 'restore the file from a backup'
FROM main.import_file LEFT JOIN kept USING (import_id)
WHERE found > quarantined OR (ifnull(found, 0) < quarantined AND NOT EXISTS (SELECT 1 FROM main.tombstone));
