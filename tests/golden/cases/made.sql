-- The files that make.sh makes: archives, UTF-16, and files that are not JSON. Runs in their folder.
.mode list
.separator ' | '
.nullvalue NULL

SELECT end_cause, hex(end_cause) FROM cdr_dialog(cdr_file('utf16_le.json'));
SELECT end_cause FROM cdr_dialog(cdr_file('utf16_be.json'));

-- zip: each member is a file of its own, whatever its name, and may be compressed itself
SELECT dialog_type FROM cdr_dialog(cdr_file('export.zip')) ORDER BY 1;
SELECT interaction_id, dialog_count FROM interactions(cdr_file('export.zip'));
SELECT path, code, loses, message FROM cdr_problems(cdr_file('export.zip'));
SELECT count(*) FROM cdr_dialog(cdr_file('stored.zip'));
SELECT count(*) FROM cdr_dialog(cdr_file('renamed.json'));
SELECT session_id, _file FROM mluvii_routing(cdr_file('Sessions.zip'));
SELECT path, code, message FROM cdr_problems(cdr_file('empty.zip'));
SELECT path, code, message FROM cdr_problems(cdr_file('cut.zip'));
SELECT path, code, message FROM cdr_problems(cdr_file('damaged.zip')) WHERE code = 'bad_compression';
SELECT path, code, message FROM cdr_problems(cdr_file('bomb.zip'));
SELECT json_extract(cdr_init(), '$.created');
SELECT json_extract(cdr_import('export.zip'), '$.imported', '$.seen', '$.inserted', '$.interactions');
SELECT json_extract(cdr_import('export.zip'), '$.known');
-- an archive imported again under the same name, with a repaired member: the old member's entry is closed
.system cp sent/day.zip day.zip
SELECT json_extract(cdr_import('day.zip', '{"source":"z"}'), '$.inserted', '$.quarantined');
SELECT json_extract(cdr_import('day.zip', '{"source":"other"}'), '$.inserted', '$.quarantined');
.system cp sent_again/day.zip day.zip
SELECT json_extract(cdr_import('day.zip', '{"source":"z"}'), '$.inserted', '$.quarantined');
SELECT q.path, i.source, q.state, q.resolved_by IS NOT NULL FROM quarantine AS q JOIN import_file AS i USING (import_id) ORDER BY q.id;

-- The problem names the format of each file
SELECT path, code, message, remedy FROM cdr_problems(cdr_file('book.xlsx.json'));
SELECT path, code, message FROM cdr_problems(cdr_file('old.xls.json'));
SELECT path, code, message FROM cdr_problems(cdr_file('calls.csv'));
SELECT path, code, message FROM cdr_problems(cdr_file('calls_semicolon.csv'));
SELECT path, code, message FROM cdr_problems(cdr_file('page.json'));
SELECT path, code, message FROM cdr_problems(cdr_file('quotes.json'));

-- A folder lists the files that it passed over, and a file that is not JSON does not end a query that skips errors
SELECT path, code, loses, message FROM cdr_problems(cdr_file('folder'));
SELECT count(*) FROM cdr_dialog(cdr_file('folder', '{"on_error":"skip"}'));
SELECT count(*) FROM cdr_dialog(cdr_file('folder'));
SELECT json_extract(cdr_import('folder'), '$.failed', '$.warnings');

-- An import also reports members of an archive that are passed over. './' and '..' hide nothing.
SELECT count(*) FROM cdr_dialog(cdr_file('placed.zip'));
SELECT json_extract(cdr_import('placed.zip', '{"source":"placed"}'), '$.seen', '$.warnings');
SELECT json_extract(cdr_import('hidden.zip'), '$.failed', '$.seen', '$.errors');
