-- Files that are odd as a whole; tests/e2e/bad_files.sh has those that are too large or too special to be stored. bad/case.sql explains the lines of
-- the output.

-- Accepted

.param set :file file_blank_lines.ndjson
.read bad/case.sql
.param set :file file_byte_order_mark.json
.read bad/case.sql
.param set :file file_cr_only.ndjson
.read bad/case.sql
.param set :file file_crlf.ndjson
.read bad/case.sql
.param set :file file_gz_not_really.json.gz
.read bad/case.sql
.param set :file file_no_line_end.ndjson
.read bad/case.sql
.param set :file file_no_space_between.json
.read bad/case.sql

-- Refused

.param set :file file_blank.json
.read bad/case.sql
.param set :file file_braces.json
.read bad/case.sql
.param set :file file_brackets.json
.read bad/case.sql
.param set :file file_byte_order_mark_only.json
.read bad/case.sql
.param set :file file_closers.json
.read bad/case.sql
.param set :file file_commas_between.json
.read bad/case.sql
.param set :file file_comment_first.json
.read bad/case.sql
.param set :file file_csv.csv
.read bad/case.sql
.param set :file file_cut.ndjson
.read bad/case.sql
.param set :file file_dialer_list.txt
.read bad/case.sql
SELECT campaign, number, priority FROM ucontact_dialer_list(cdr_file('bad/file_dialer_list.txt', '{"on_error":"skip"}'));
.param set :file file_empty.json
.read bad/case.sql
.param set :file file_garbage_first.ndjson
.read bad/case.sql
.param set :file file_html.json
.read bad/case.sql
.param set :file file_jsonp.json
.read bad/case.sql
.param set :file file_nul_bytes.json
.read bad/case.sql
.param set :file file_null.json
.read bad/case.sql
.param set :file file_number.json
.read bad/case.sql
.param set :file file_quote.json
.read bad/case.sql
.param set :file file_record_separators.json
.read bad/case.sql
.param set :file file_single_quotes.json
.read bad/case.sql
.param set :file file_string.json
.read bad/case.sql
.param set :file file_true.json
.read bad/case.sql
.param set :file file_utf16_be.json
.read bad/case.sql
.param set :file file_utf16_le.json
.read bad/case.sql
.param set :file file_utf16_without_mark.json
.read bad/case.sql
.param set :file file_word.json
.read bad/case.sql
