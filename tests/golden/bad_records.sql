-- Records with odd structure or keys, each the second of three; the comment is its end. bad/case.sql explains the lines of the output.

-- Accepted

.param set :file depth_64.ndjson
.read bad/case.sql
.param set :file depth_64_objects.ndjson
.read bad/case.sql
.param set :file record_duplicate_apart.ndjson
.read bad/case.sql
.param set :file record_empty_key.ndjson
.read bad/case.sql
.param set :file record_number_id.ndjson
.read bad/case.sql
.param set :file record_pretty_printed.ndjson
.read bad/case.sql

-- Refused

.param set :file depth_65.ndjson
.read bad/case.sql
.param set :file depth_65_objects.ndjson
.read bad/case.sql
.param set :file record_backslash_at_end.ndjson
.read bad/case.sql
.param set :file record_block_comment.ndjson
.read bad/case.sql
.param set :file record_bracket_behind.ndjson
.read bad/case.sql
.param set :file record_capital_word.ndjson
.read bad/case.sql
.param set :file record_comma_behind.ndjson
.read bad/case.sql
.param set :file record_cut_behind_bracket.ndjson
.read bad/case.sql
.param set :file record_cut_behind_colon.ndjson
.read bad/case.sql
.param set :file record_cut_behind_comma.ndjson
.read bad/case.sql
.param set :file record_cut_in_string.ndjson
.read bad/case.sql
.param set :file record_double_colon.ndjson
.read bad/case.sql
.param set :file record_double_comma.ndjson
.read bad/case.sql
.param set :file record_duplicate_escaped_key.ndjson
.read bad/case.sql
.param set :file record_duplicate_key.ndjson
.read bad/case.sql
.param set :file record_duplicate_nested.ndjson
.read bad/case.sql
.param set :file record_duplicate_same_value.ndjson
.read bad/case.sql
.param set :file record_empty_id.ndjson
.read bad/case.sql
.param set :file record_empty_object.ndjson
.read bad/case.sql
.param set :file record_extra_bracket.ndjson
.read bad/case.sql
.param set :file record_extra_square_bracket.ndjson
.read bad/case.sql
.param set :file record_garbage_behind.ndjson
.read bad/case.sql
.param set :file record_hash_comment.ndjson
.read bad/case.sql
.param set :file record_key_alone.ndjson
.read bad/case.sql
.param set :file record_key_without_quotes.ndjson
.read bad/case.sql
.param set :file record_line_comment.ndjson
.read bad/case.sql
.param set :file record_list_double_comma.ndjson
.read bad/case.sql
.param set :file record_list_trailing_comma.ndjson
.read bad/case.sql
.param set :file record_list_unclosed.ndjson
.read bad/case.sql
.param set :file record_list_without_quotes.ndjson
.read bad/case.sql
.param set :file record_list_wrong_bracket.ndjson
.read bad/case.sql
.param set :file record_missing_colon.ndjson
.read bad/case.sql
.param set :file record_missing_comma.ndjson
.read bad/case.sql
.param set :file record_missing_key.ndjson
.read bad/case.sql
.param set :file record_missing_value.ndjson
.read bad/case.sql
.param set :file record_null_id.ndjson
.read bad/case.sql
.param set :file record_number_as_key.ndjson
.read bad/case.sql
.param set :file record_object_id.ndjson
.read bad/case.sql
.param set :file record_object_unclosed.ndjson
.read bad/case.sql
.param set :file record_object_wrong_bracket.ndjson
.read bad/case.sql
.param set :file record_python_word.ndjson
.read bad/case.sql
.param set :file record_semicolon.ndjson
.read bad/case.sql
.param set :file record_single_quotes.ndjson
.read bad/case.sql
.param set :file record_smart_quotes.ndjson
.read bad/case.sql
.param set :file record_trailing_comma.ndjson
.read bad/case.sql
.param set :file record_two_vendors.ndjson
.read bad/case.sql
.param set :file record_unclosed_key.ndjson
.read bad/case.sql
.param set :file record_unclosed_string.ndjson
.read bad/case.sql
.param set :file record_unrecognised.ndjson
.read bad/case.sql
.param set :file record_without_id.ndjson
.read bad/case.sql
.param set :file record_word.ndjson
.read bad/case.sql
