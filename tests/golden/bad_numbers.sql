-- Odd numbers, each in talking_time of the second of three records. The comment is the number; bad/case.sql explains the lines of the output.

-- Accepted

-- 1e-400
.param set :file number_double_under.ndjson
.read bad/value_case.sql
-- 1e3
.param set :file number_exponent_integer.ndjson
.read bad/value_case.sql
-- 9223372036854775807
.param set :file number_int64_max.ndjson
.read bad/value_case.sql
-- -9223372036854775808
.param set :file number_int64_min.ndjson
.read bad/value_case.sql
-- -0
.param set :file number_minus_zero.ndjson
.read bad/value_case.sql
-- "60000"
.param set :file number_text.ndjson
.read bad/value_case.sql
-- " 60000 "
.param set :file number_text_with_blanks.ndjson
.read bad/value_case.sql
-- 1E+3
.param set :file number_upper_exponent.ndjson
.read bad/value_case.sql
-- 60000.0
.param set :file number_whole_fraction.ndjson
.read bad/value_case.sql

-- Accepted, but the value stays in extra and its column is NULL

-- true
.param set :file number_boolean.ndjson
.read bad/value_case.sql
-- 1.7976931348623157e308
.param set :file number_double_max.ndjson
.read bad/value_case.sql
-- 60000.5
.param set :file number_fraction.ndjson
.read bad/value_case.sql
-- 0.1111111111111111111111… (402 characters)
.param set :file number_long_fraction.ndjson
.read bad/value_case.sql
-- "a minute"
.param set :file number_text_no_number.ndjson
.read bad/value_case.sql

-- Refused

-- 1,5
.param set :file number_comma.ndjson
.read bad/value_case.sql
-- 1e400
.param set :file number_double_over.ndjson
.read bad/value_case.sql
-- 0x1F
.param set :file number_hex.ndjson
.read bad/value_case.sql
-- Infinity
.param set :file number_infinity.ndjson
.read bad/value_case.sql
-- 9223372036854775808
.param set :file number_int64_over.ndjson
.read bad/value_case.sql
-- -9223372036854775809
.param set :file number_int64_under.ndjson
.read bad/value_case.sql
-- 01
.param set :file number_leading_zero.ndjson
.read bad/value_case.sql
-- -
.param set :file number_minus_alone.ndjson
.read bad/value_case.sql
-- -Infinity
.param set :file number_minus_infinity.ndjson
.read bad/value_case.sql
-- -01
.param set :file number_minus_leading_zero.ndjson
.read bad/value_case.sql
-- NaN
.param set :file number_nan.ndjson
.read bad/value_case.sql
-- 1e
.param set :file number_no_exponent.ndjson
.read bad/value_case.sql
-- 1.
.param set :file number_no_fraction.ndjson
.read bad/value_case.sql
-- .5
.param set :file number_no_integer_part.ndjson
.read bad/value_case.sql
-- +1
.param set :file number_plus.ndjson
.read bad/value_case.sql
-- 18446744073709551615
.param set :file number_uint64_max.ndjson
.read bad/value_case.sql
-- 18446744073709551616
.param set :file number_uint64_over.ndjson
.read bad/value_case.sql
-- 1_000
.param set :file number_underscore.ndjson
.read bad/value_case.sql
