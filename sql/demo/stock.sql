-- The third part of ./dev demo: what any SQLite tool reads in the warehouse that import.sql made, with nothing loaded.
-- Grain: one small table a question.

.print
.print '==== The same file in the stock sqlite3, nothing loaded (sql/demo/stock.sql)'
.print
.print '.tables'
.tables
.mode box

.print
.print "How each vendor's interactions ended:"
SELECT vendor, count(*) AS interactions, sum(outcome = 'ANSWERED') AS answered, sum(outcome LIKE 'ABANDONED%') AS abandoned,
    sum(outcome LIKE 'QUEUE%') AS not_served, sum(outcome IS NULL) AS not_said
FROM interaction
GROUP BY vendor
ORDER BY vendor;

.print
.print 'How long customers waited, by queue (where the vendor gives the wait):'
SELECT vendor, ifnull(queue_id, '(not given)') AS queue, count(*) AS visits, sum(outcome = 'ANSWERED') AS answered,
    round(avg(wait_seconds), 1) AS avg_wait_s, max(wait_seconds) AS longest_s, queue_name
FROM queue_visit
WHERE wait_seconds IS NOT NULL
GROUP BY vendor, queue_id
ORDER BY avg_wait_s DESC;

.print
.print "One agent's day, side by side:"
SELECT start_time, interaction_id, business_direction AS direction, outcome, in_queue_seconds AS in_queue_s, active_seconds AS active_s,
    acw_seconds AS acw_s
FROM dialog
WHERE tenant_user_id = '501' AND start_time >= '2024-05-02' AND start_time < '2024-05-03'
ORDER BY start_time;

.print
.print 'In which states the agents spent their time, and on what the figures stand:'
SELECT vendor, state, count(*) AS times, round(sum(seconds), 1) AS seconds, group_concat(DISTINCT basis) AS basis
FROM state_duration
WHERE agent_id IS NOT NULL
GROUP BY vendor, state
ORDER BY vendor, seconds DESC;

.print
.print 'What was quarantined, where, and why:'
SELECT path, record, byte_offset, code, message, CAST(payload AS TEXT) AS payload FROM quarantine WHERE state = 'open';

.print
.print 'What the import made of the files: the ledger, by status. Each row adds up, and so do these:'
SELECT status, count(*) AS files, sum(seen) AS seen, sum(inserted) AS inserted, sum(updated) AS updated, sum(unchanged) AS unchanged,
    sum(stale) AS stale, sum(quarantined) AS quarantined
FROM import_file
GROUP BY status;

.print
.print 'Fields that no column has, or whose value did not convert: kept in extra, counted here. The first three:'
SELECT vendor, resource, json_path, kind, sample_type, count FROM unmapped_field ORDER BY vendor, resource, json_path LIMIT 3;

.print
.print 'PRAGMA integrity_check;'
.mode list
.headers off
PRAGMA integrity_check;
