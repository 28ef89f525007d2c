-- case.sql, and what {"on_error":"strict"} makes of the file: there, a value that does not convert is an error as well.
.read bad/case.sql
SELECT 'strict   ' || group_concat(dialog_uuid, ' ') FROM cdr_dialog(cdr_file('bad/' || :file, '{"on_error":"strict"}'));
