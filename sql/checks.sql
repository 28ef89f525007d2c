-- Invariants of a warehouse that SQL can express. cdr_check() runs these statements one by one. Each returns one row per violation, and none in a
-- healthy file; the columns are those of cdr_check: check, table, key, found, expected, remedy. A record may contradict itself: its values are kept,
-- and the interaction's mapping lists the contradiction under "inconsistent" (src/vendors/contradiction.hpp). That is not a fault of the file, so the
-- times of such interactions are not compared.

-- An interaction begins before everything else in it, and ends after it.
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

-- An interaction with a conversation is answered.
SELECT 'answered', 'interaction', vendor || '/' || source || '/' || interaction_id,
  'outcome ' || outcome || ', answered ' || ifnull(answer_time, 'never') || ', active ' || ifnull(active_seconds, 0) || ' s',
  'outcome ANSWERED', 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE outcome <> 'ANSWERED' AND (active_seconds > 0 OR answer_time IS NOT NULL);

-- Handle time is the sum of its parts.
SELECT 'handle_time', 'interaction', vendor || '/' || source || '/' || interaction_id,
  ifnull(handle_seconds, 'NULL'), active_seconds || ' + ' || ifnull(hold_seconds, 0) || ' + ' || ifnull(acw_seconds, 0), 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE (handle_seconds IS NULL) <> (active_seconds IS NULL)
  OR abs(handle_seconds - active_seconds - ifnull(hold_seconds, 0) - ifnull(acw_seconds, 0)) > 0.0015;

-- Counts equal the number of rows. NULL: the vendor does not list them.
WITH counted AS (
  SELECT vendor, source, interaction_id, dialog_count AS said, 'dialog' AS of,
    (SELECT count(*) FROM main.dialog AS d WHERE d.interaction_key = i.interaction_key) AS found
  FROM main.interaction AS i
  UNION ALL
  SELECT vendor, source, interaction_id, recording_count, 'recording',
    (SELECT count(*) FROM main.recording AS r WHERE r.interaction_key = i.interaction_key)
  FROM main.interaction AS i
)
SELECT 'counts', of, vendor || '/' || source || '/' || interaction_id, found, ifnull(said, 0) || ' (' || of || '_count of interaction)', 'SELECT cdr_rebuild()'
FROM counted
WHERE ifnull(said, 0) <> found;

-- The interaction's figures equal those of its own states.
WITH own(interaction_key, state, seconds) AS (
  SELECT interaction_key, 'CREATED', created_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'IVR', ivr_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'IN_QUEUE', in_queue_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'WAITING', waiting_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'RING', ring_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'BCW', bcw_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'ACTIVE', active_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'HOLD', hold_seconds FROM main.interaction UNION ALL
  SELECT interaction_key, 'ACW', acw_seconds FROM main.interaction
),
spans AS MATERIALIZED (
  SELECT d.interaction_key, k.state, d.seconds FROM main.fact_state_duration AS d JOIN main.fact_state_kind AS k ON k.id = d.kind WHERE k.agent_id IS NULL
),
compared AS (
  SELECT o.interaction_key, o.state, o.seconds AS own, d.seconds AS span
  FROM own AS o LEFT JOIN spans AS d ON d.interaction_key = o.interaction_key AND d.state = o.state
)
SELECT 'states', 'state_duration', vendor || '/' || source || '/' || interaction_id || ' ' || state, ifnull(span, 'NULL'),
  ifnull(own, 'NULL') || ' (interaction)', 'SELECT cdr_rebuild()'
FROM compared JOIN main.interaction USING (interaction_key)
WHERE span IS NOT own;

-- States are inside their interaction, except for after-call work after its end, and last no longer than from start to end. Vendors' own figures have
-- a precision of one second.
WITH placed AS (
  SELECT i.vendor, i.source, i.interaction_id, k.agent_id, k.state, d.start_time, d.end_time, d.seconds, k.basis, i.start_time AS began, i.end_time AS ended,
    (julianday(d.end_time) - julianday(d.start_time)) * 86400 AS length, iif(k.basis = 'reported', 1.002, 0.003) AS allowance
  -- In this order, an interaction's mapping is looked at once, and not for each of its states.
  FROM main.interaction AS i CROSS JOIN main.fact_state_duration AS d USING (interaction_key) CROSS JOIN main.fact_state_kind AS k ON k.id = d.kind
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
  SELECT 'queue_visit', vendor, source, interaction_id, visit_no, enqueue_time FROM main.queue_visit UNION ALL
  SELECT 'agent_offer', vendor, source, interaction_id, offer_no, offer_time FROM main.agent_offer
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

-- Every visit to a queue was answered, abandoned or flowed out, or is still open: no other visits count as offered.
SELECT 'offered', 'queue_visit', vendor || '/' || source || '/' || interaction_id || ' ' || visit_no,
  'outcome ' || outcome, 'an outcome of queue_visits, or NULL', 'SELECT cdr_rebuild()'
FROM main.queue_visit
WHERE outcome NOT IN ('ANSWERED', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING', 'QUEUE_TIMEOUT', 'QUEUE_OVERFLOW', 'QUEUE_FAILED',
  'FORWARDED', 'FAILED', 'REJECTED', 'BUSY', 'NO_ANSWER', 'VOICEMAIL', 'OTHER');
SELECT 'offered', 'queue_interval', interval_start || ' ' || vendor || '/' || source || ' ' || ifnull(queue_id, 'NULL'), offered,
  answered + abandoned + flowed_out + failed + open + untold || ' in all', 'SELECT cdr_rebuild()'
FROM main.queue_interval
WHERE credit = 'arrival' AND offered <> answered + abandoned + flowed_out + failed + open + untold;
SELECT 'outcome', 'agent_offer', vendor || '/' || source || '/' || interaction_id || ' ' || offer_no,
  'outcome ' || outcome, 'an outcome of agent_offers, or NULL', 'SELECT cdr_rebuild()'
FROM main.agent_offer
WHERE outcome NOT IN ('ANSWERED', 'NO_ANSWER', 'REJECTED', 'CANCELLED', 'FAILED');
SELECT 'outcome', 'interaction', vendor || '/' || source || '/' || interaction_id,
  'outcome ' || outcome, 'an outcome of interactions, or NULL', 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE outcome NOT IN ('ANSWERED', 'ABANDONED_IN_IVR', 'ABANDONED_IN_QUEUE', 'ABANDONED_IN_RING', 'QUEUE_TIMEOUT', 'QUEUE_OVERFLOW',
  'QUEUE_FAILED', 'VOICEMAIL', 'MACHINE', 'SELF_SERVICE', 'FORWARDED', 'NO_ANSWER', 'REJECTED', 'BUSY', 'UNREACHABLE', 'FAILED', 'OTHER');

-- A reference to a dialog names an existing dialog of the same interaction.
WITH named(of, interaction_key, dialog_id) AS (
  SELECT 'agent_offer', interaction_key, dialog_id FROM main.agent_offer UNION ALL
  SELECT 'recording', interaction_key, dialog_id FROM main.recording UNION ALL
  SELECT 'wrap_up', interaction_key, dialog_id FROM main.wrap_up
),
-- Not by EXISTS: no index has the ids of an interaction's dialogs, and an interaction may have many.
missing AS MATERIALIZED (
  SELECT interaction_key, dialog_id FROM named WHERE dialog_id IS NOT NULL EXCEPT SELECT interaction_key, dialog_id FROM main.fact_dialog
)
SELECT 'dialog', of, 'interaction_key ' || interaction_key, 'dialog ' || dialog_id, 'a dialog of the interaction', 'SELECT cdr_rebuild()'
FROM missing JOIN named USING (interaction_key, dialog_id);
SELECT 'dialog', 'fact_agent_event', 'interaction_key ' || interaction_key || ' n ' || n, 'dialog ' || dialog, 'a dialog of the interaction', 'SELECT cdr_rebuild()'
FROM main.fact_agent_event AS x
WHERE dialog IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM main.fact_dialog AS d WHERE d.interaction_key = x.interaction_key AND d.n = x.dialog);

-- Facts come from records. (A foreign key ensures that each part of an interaction has its interaction.)
SELECT 'orphan', 'interaction', vendor || '/' || source || '/' || interaction_id, 'no records that it derives from', 'records', 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE interaction_key NOT IN (SELECT component FROM main.raw_record);
SELECT DISTINCT 'orphan', 'fact_agent_state', 'component ' || component, 'no records that it derives from', 'records', 'SELECT cdr_rebuild()'
FROM main.fact_agent_state
WHERE component NOT IN (SELECT component FROM main.raw_record);

-- Columns that interactions share with their rows have the same values in both, so that tables can be joined by interaction_id.
WITH part(of, interaction_key, vendor, source, interaction_id) AS (
  SELECT 'fact_dialog', interaction_key, vendor, source, interaction_id FROM main.fact_dialog UNION ALL
  SELECT 'agent_offer', interaction_key, vendor, source, interaction_id FROM main.agent_offer UNION ALL
  SELECT 'queue_visit', interaction_key, vendor, source, interaction_id FROM main.queue_visit UNION ALL
  SELECT 'recording', interaction_key, vendor, source, interaction_id FROM main.recording UNION ALL
  SELECT 'wrap_up', interaction_key, vendor, source, interaction_id FROM main.wrap_up
)
SELECT 'identity', of, 'interaction_key ' || interaction_key, p.vendor || '/' || p.source || '/' || p.interaction_id,
  i.vendor || '/' || i.source || '/' || i.interaction_id, 'SELECT cdr_rebuild()'
FROM part AS p JOIN main.interaction AS i USING (interaction_key)
WHERE (p.vendor, p.source, p.interaction_id) <> (i.vendor, i.source, i.interaction_id);

-- Every change has an import number that is in the ledger.
SELECT 'last_import', 'interaction', 'interaction_key ' || interaction_key, 'import ' || last_import, 'an import of import_file', 'SELECT cdr_rebuild()'
FROM main.interaction
WHERE last_import NOT IN (SELECT import_id FROM main.import_file);

-- Each id has only the newest record.
SELECT 'record_id', 'raw_record', vendor || '/' || resource || '/' || source || '/' || record_id, count(*) || ' records', 'one', 'restore the file from a backup'
FROM main.raw_record
GROUP BY vendor, resource, source, record_id
HAVING count(*) > 1;

-- The ledger: the counts of each file's records add up, and the records exist. An erasure removes some of them.
SELECT 'ledger', 'import_file', import_id, seen || ' seen', inserted + updated + unchanged + stale + quarantined, 'restore the file from a backup'
FROM main.import_file
WHERE seen <> inserted + updated + unchanged + stale + quarantined;
WITH kept AS (SELECT first_import AS import_id, count(*) AS found FROM main.raw_record GROUP BY first_import)
SELECT 'ledger', 'raw_record', import_id, ifnull(found, 0) || ' first imported', inserted || ' inserted', 'restore the file from a backup'
FROM main.import_file LEFT JOIN kept USING (import_id)
WHERE found > inserted OR (ifnull(found, 0) < inserted AND NOT EXISTS (SELECT 1 FROM main.tombstone UNION ALL SELECT 1 FROM main.import_file WHERE path = 'cdr_erase()'));
WITH kept AS (SELECT import_id, count(*) AS found FROM main.quarantine GROUP BY import_id)
SELECT 'ledger', 'quarantine', import_id, ifnull(found, 0) || ' kept', quarantined || ' quarantined', 'restore the file from a backup'
FROM main.import_file LEFT JOIN kept USING (import_id)
WHERE found > quarantined OR (ifnull(found, 0) < quarantined AND NOT EXISTS (SELECT 1 FROM main.tombstone UNION ALL SELECT 1 FROM main.import_file WHERE path = 'cdr_erase()'));

-- Erased data is recognised by hashes whose key belongs to the file.
SELECT 'erase_key', 'cdr_meta', 'erase_key', iif(value IS NULL, 'none', 'no key'), 'the key of tombstone, in hexadecimal digits',
  'restore the file from a backup; without one, DELETE FROM tombstone WHERE kind <> ''before'', DELETE FROM cdr_meta WHERE name = ''erase_key'', and erase again'
FROM (SELECT (SELECT value FROM main.cdr_meta WHERE name = 'erase_key') AS value)
WHERE iif(value IS NULL, EXISTS (SELECT 1 FROM main.tombstone WHERE kind <> 'before'),
  length(value) NOT BETWEEN 32 AND 128 OR length(value) % 2 = 1 OR value GLOB '*[^0-9a-fA-F]*');
