-- The template vendor (tests/template_vendor) through every interface. Only its folder and the list of vendors mention it.
.mode list
.print '== recognition'
SELECT cdr_vendor('{"call_ref":"P-1","way":"in"}');
SELECT code, message FROM cdr_problems('{"call_ref":"P-1"}');
.print '== its own table'
SELECT call_ref, way, talk_s, over, extra FROM parlo_call(cdr_file('../template_vendor/samples/'));
.print '== the model'
SELECT interaction_id, direction, outcome, in_queue_seconds, ring_seconds, active_seconds, acw_seconds, handle_seconds
FROM interactions(cdr_file('../template_vendor/samples/'));
SELECT interaction_id, queue_id, enqueue_time, wait_seconds, outcome FROM queue_visits(cdr_file('../template_vendor/samples/'));
SELECT ring_duration('{"call_ref":"P-1","way":"in","rang":"2026-03-02T08:00:20Z","picked_up":"2026-03-02T08:00:26Z"}');
.print '== the mapping is documented'
SELECT table_name, count(*) FILTER (WHERE basis <> 'not provided') AS provided FROM cdr_mapping WHERE vendor = 'parlo' GROUP BY 1 HAVING provided > 0;
SELECT name, kind FROM cdr_tables WHERE name LIKE 'parlo%';
SELECT column_name, type, doc FROM cdr_columns WHERE table_name = 'parlo_call' LIMIT 3;
.print '== a warehouse, beside the others'
SELECT cdr_init() IS NOT NULL;
SELECT json_extract(cdr_import('../template_vendor/samples/'), '$.inserted', '$.quarantined');
SELECT json_extract(cdr_import('../../samples/mluvii/'), '$.quarantined');
SELECT vendor, count(*) FROM interaction GROUP BY 1;
SELECT queue_id, sum(offered), sum(answered), sum(abandoned) FROM queue_interval WHERE vendor = 'parlo' AND credit = 'arrival' GROUP BY 1;
SELECT call_ref, way FROM parlo_call ORDER BY 1 LIMIT 2;
SELECT count(*) FROM cdr_check();
SELECT json_extract(cdr_rebuild(), '$.changed');
SELECT json_path, kind FROM unmapped_field WHERE vendor = 'parlo';
SELECT state, basis, mapping FROM state_basis WHERE vendor = 'parlo' AND table_name LIKE 'interaction%' AND basis <> 'not provided';
