-- The odd inputs of make.sh; tests/e2e/bad_files.sh runs this in their folder, and compares the output with made.out. case.sql explains the lines of
-- the output.

-- Limits: inputs just within them are accepted.
.param set :file string_1_mib.ndjson
.read bad/length_case.sql
.param set :file string_over_1_mib.ndjson
.read bad/length_case.sql
.param set :file keys_10000.ndjson
.read bad/case.sql
.param set :file keys_10001.ndjson
.read bad/case.sql
.param set :file record_17_mb.ndjson
.read bad/case.sql
.param set :file record_17_mb_string.ndjson
.read bad/case.sql
.param set :file record_17_mb_undecided.ndjson
.read bad/case.sql
.param set :file record_17_mb_unclosed.ndjson
.read bad/case.sql
.param set :file array_17_mb_element.json
.read bad/case.sql
.param set :file depth_100000.ndjson
.read bad/case.sql
.param set :file depth_5000000_unclosed.ndjson
.read bad/case.sql
.param set :file line_2_mib_of_blanks.ndjson
.read bad/case.sql

-- Only opening brackets.
.param set :file file_20000000_brackets.json
.read bad/case.sql
.param set :file file_20000000_braces.json
.read bad/case.sql
.param set :file file_2000000_envelopes.json
.read bad/case.sql
.param set :file file_2000000_open_lines.ndjson
.read bad/count_case.sql

-- Compressed: recognised by the first bytes, whatever the name; several members, including an empty one.
.param set :file good.json.gz
.read bad/case.sql
.param set :file good.json.zst
.read bad/case.sql
.param set :file good_without_name_gz.json
.read bad/case.sql
.param set :file good_without_name_zst.json
.read bad/case.sql
.param set :file several_members.json.gz
.read bad/case.sql
.param set :file several_members.json.zst
.read bad/case.sql
.param set :file empty.json.gz
.read bad/case.sql
.param set :file empty.json.zst
.read bad/case.sql
.param set :file twice.json.gz.gz
.read bad/case.sql
.param set :file twice.json.zst.zst
.read bad/case.sql

-- Damaged: records before the damage are read if skipping is allowed.
.param set :file cut.json.gz
.read bad/count_case.sql
.param set :file cut.json.zst
.read bad/count_case.sql
.param set :file damaged.json.gz
.read bad/count_case.sql
.param set :file damaged.json.zst
.read bad/count_case.sql
.param set :file cut_by_one.json.gz
.read bad/case.sql
.param set :file cut_by_one.json.zst
.read bad/case.sql
.param set :file cut_to_3.json.gz
.read bad/case.sql
.param set :file cut_to_3.json.zst
.read bad/case.sql
.param set :file garbage_behind.json.gz
.read bad/case.sql
.param set :file garbage_behind.json.zst
.read bad/case.sql
.param set :file bomb.json.gz
.read bad/case.sql
.param set :file bomb.json.zst
.read bad/case.sql

-- Not a regular file.
.param set :file fifo.json
.read bad/case.sql
.param set :file dangling.json
.read bad/case.sql
.param set :file loop.json
.read bad/case.sql
.param set :file folder.json
.read bad/case.sql
.param set :file empty_folder
.read bad/case.sql
.param set :file none.json
.read bad/case.sql
.param set :file none*.json
.read bad/case.sql

-- Several at once: each keeps its good records.
SELECT char(10) || 'good*';
SELECT count(*) FROM cdr_dialog(cdr_file('bad/good*'));
SELECT char(10) || '[d-l]*.json';
SELECT count(*) FROM cdr_dialog(cdr_file('bad/[d-l]*.json', '{"on_error":"skip"}'));
SELECT path, code, loses, count(*) FROM cdr_problems(cdr_file('bad/[d-l]*.json')) GROUP BY path, code ORDER BY path, code;
