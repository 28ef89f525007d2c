-- One case of ../bad_*.sql: the results of reading the file :file of this folder.
--   all      the records' ids in cdr_dialog, or the error that ends the query
--   kept     the ids with {"on_error":"skip"}
--   value    the values at the places of the files' oddities: talking_time, serve_time, note; and extra
--   problem  the rows of cdr_problems: the place, the code, the loss, found and expected
SELECT char(10) || :file;
SELECT 'all      ' || coalesce(group_concat(dialog_uuid, ' '), 'no records') FROM cdr_dialog(cdr_file('bad/' || :file));
SELECT 'kept     ' || coalesce(group_concat(dialog_uuid, ' '), 'no records')
FROM cdr_dialog(cdr_file('bad/' || :file, '{"on_error":"skip"}'));
SELECT 'value   ' || coalesce(' talking_time ' || talking_time || ' ' || typeof(talking_time), '')
  || coalesce(' serve_time ' || serve_time, '') || CASE WHEN note IS NOT NULL THEN ' note ' || json_quote(note) || ' x''' || hex(note) || '''' ELSE '' END
  || coalesce(' extra ' || extra, '')
FROM cdr_dialog(cdr_file('bad/' || :file, '{"on_error":"skip"}'))
WHERE coalesce(talking_time, serve_time, note, extra) IS NOT NULL;
SELECT 'problem  ' || coalesce('record ' || record || ', ', '') || 'byte ' || offset || ', ' || code || ', loses the ' || loses
  || ', ' || coalesce(json_path || ': ', '') || message
FROM cdr_problems(cdr_file('bad/' || :file));
