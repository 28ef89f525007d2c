-- case.sql, and the result with {"on_error":"strict"}, where a value that does not convert is an error as well.
.read bad/case.sql
SELECT 'strict   ' || group_concat(dialog_uuid, ' ') FROM cdr_dialog(cdr_file('bad/' || :file, '{"on_error":"strict"}'));
