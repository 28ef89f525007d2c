-- As case.sql, for a file of many records: it shows their number instead of their ids.
SELECT char(10) || :file;
SELECT 'all      ' || count(*) FROM cdr_dialog(cdr_file('bad/' || :file));
SELECT 'kept     ' || (count(*) > 1000) || ', each once ' || (count(*) = count(DISTINCT dialog_uuid))
FROM cdr_dialog(cdr_file('bad/' || :file, '{"on_error":"skip"}'));
SELECT 'problem  ' || count(*) || ' ' || code || ', loses the ' || loses || ', ' || min(message)
FROM cdr_problems(cdr_file('bad/' || :file)) GROUP BY code, loses ORDER BY code;
