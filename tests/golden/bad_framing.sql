-- Text around and between the records: arrays, envelopes, and lines that are not records. bad/case.sql explains the lines of the output. Other
-- contents of an envelope are passed over, not checked.

-- Accepted

.param set :file array_empty.json
.read bad/case.sql
.param set :file array_two.json
.read bad/case.sql
.param set :file envelope_empty.json
.read bad/case.sql
.param set :file envelope_number_beside.json
.read bad/case.sql
.param set :file line_blank.ndjson
.read bad/case.sql
.param set :file line_byte_order_mark.ndjson
.read bad/case.sql

-- Refused

.param set :file array_bad_number.json
.read bad/case.sql
.param set :file array_broken_quote.json
.read bad/case.sql
.param set :file array_broken_record.json
.read bad/case.sql
.param set :file array_broken_record_on_one_line.json
.read bad/case.sql
.param set :file array_cut_in_record.json
.read bad/case.sql
.param set :file array_double_comma.json
.read bad/case.sql
.param set :file array_extra_bracket.json
.read bad/case.sql
.param set :file array_garbage_behind.json
.read bad/case.sql
.param set :file array_leading_comma.json
.read bad/case.sql
.param set :file array_missing_comma.json
.read bad/case.sql
.param set :file array_of_arrays.json
.read bad/case.sql
.param set :file array_scalars.json
.read bad/case.sql
.param set :file array_trailing_comma.json
.read bad/case.sql
.param set :file array_unclosed.json
.read bad/case.sql
.param set :file array_unclosed_behind_comma.json
.read bad/case.sql
.param set :file array_wrong_bracket.json
.read bad/case.sql
.param set :file envelope_array_unclosed.json
.read bad/case.sql
.param set :file envelope_cut_in_record.json
.read bad/case.sql
.param set :file envelope_error_answer.json
.read bad/case.sql
.param set :file envelope_garbage_member.json
.read bad/case.sql
.param set :file envelope_lines_one_cut.ndjson
.read bad/case.sql
.param set :file envelope_null.json
.read bad/case.sql
.param set :file envelope_scalar.json
.read bad/case.sql
.param set :file envelope_scalars.json
.read bad/case.sql
.param set :file envelope_unclosed.json
.read bad/case.sql
.param set :file line_array_of_scalars.ndjson
.read bad/case.sql
.param set :file line_bracket.ndjson
.read bad/case.sql
.param set :file line_comma.ndjson
.read bad/case.sql
.param set :file line_comment.ndjson
.read bad/case.sql
.param set :file line_garbage.ndjson
.read bad/case.sql
.param set :file line_html.ndjson
.read bad/case.sql
.param set :file line_nul.ndjson
.read bad/case.sql
.param set :file line_null.ndjson
.read bad/case.sql
.param set :file line_number.ndjson
.read bad/case.sql
.param set :file line_record_separator.ndjson
.read bad/case.sql
.param set :file line_string.ndjson
.read bad/case.sql
