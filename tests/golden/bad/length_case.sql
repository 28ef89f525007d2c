-- As case.sql, for long values: it shows their lengths.
SELECT char(10) || :file;
SELECT 'all      ' || group_concat(dialog_uuid, ' ') FROM cdr_dialog(cdr_file('bad/' || :file));
SELECT 'kept     ' || group_concat(dialog_uuid, ' ') FROM cdr_dialog(cdr_file('bad/' || :file, '{"on_error":"skip"}'));
SELECT 'value    note of ' || length(note) || ' characters' FROM cdr_dialog(cdr_file('bad/' || :file, '{"on_error":"skip"}'))
WHERE note IS NOT NULL;
SELECT 'problem  record ' || record || ', byte ' || offset || ', ' || code || ', loses the ' || loses || ', ' || json_path || ': ' || message
FROM cdr_problems(cdr_file('bad/' || :file));
