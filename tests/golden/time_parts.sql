-- The hidden columns start_month, start_day and start_hour of interactions and cdr_dialog: over JSON, and over a warehouse.
SELECT start_month, start_day, start_hour, start_time FROM interactions(cdr_file('../../samples/conpeek/answer_2.json'));
SELECT start_day, count(*) FROM cdr_dialog(cdr_file('../../samples/conpeek/answer_2.json')) GROUP BY 1;
SELECT start_day, start_time FROM cdr_dialog('[{"dialog_uuid":"d-1","dialog_type":"SYSTEM"}]');
SELECT count(*) FROM interactions(cdr_file('../../samples/conpeek/')) WHERE start_day = '2024-03-12';
.print SELECT * does not have them
SELECT count(*) FROM pragma_table_info('interactions') WHERE name LIKE 'start%';
SELECT name, type, hidden FROM pragma_table_xinfo('cdr_dialog') WHERE hidden;
SELECT cdr_init() ->> 'created';
SELECT cdr_import('../../samples/conpeek/') ->> 'failed';
.print of a warehouse
SELECT start_month, count(*), sum(start_day = date(start_time)), sum(start_hour = strftime('%Y-%m-%d %H', start_time)) FROM interactions GROUP BY 1;
SELECT start_day, count(DISTINCT start_hour), count(agent_id) FROM cdr_dialog GROUP BY start_day ORDER BY start_day DESC LIMIT 3;
SELECT count(*) FROM cdr_dialog WHERE start_day IS NOT substr(start_time, 1, 10);
.print '== an argument too many is not a month'
SELECT count(*) FROM interactions('[]', '{"zone":"Europe/Prague"}');
SELECT count(*) FROM interactions('[]') WHERE start_month = '2024-05';
SELECT count(*) FROM interactions('[]') WHERE start_day = 5;
