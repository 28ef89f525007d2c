-- Odd strings, each in note of the second of three records (string_*, written in ASCII), and odd bytes (bytes_*). The comment is the string;
-- bad/case.sql explains the lines of the output.

-- Accepted

-- "\xEF\xBB\xBFx"
.param set :file bytes_byte_order_mark_inside.ndjson
.read bad/case.sql
-- "a\x7Fb"
.param set :file bytes_delete.ndjson
.read bad/case.sql
-- "\xE2\x80\xA8"
.param set :file bytes_line_separator.ndjson
.read bad/case.sql
-- "Za\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87 \xF0\x9F\x98\x80"
.param set :file bytes_utf8_valid.ndjson
.read bad/case.sql
-- "a\u0001\u001f\u007fb"
.param set :file string_control_escape.ndjson
.read bad/case.sql
-- ""
.param set :file string_empty.ndjson
.read bad/case.sql
-- "\"\\\/\b\f\n\r\t\u00e9"
.param set :file string_every_escape.ndjson
.read bad/case.sql
-- "\uffff"
.param set :file string_noncharacter.ndjson
.read bad/case.sql
-- "\ud83d\ude00"
.param set :file string_surrogate_pair.ndjson
.read bad/case.sql

-- Refused

-- "a\x07b"
.param set :file bytes_bell.ndjson
.read bad/case.sql
-- "a\x0Db"
.param set :file bytes_carriage_return.ndjson
.read bad/case.sql
.param set :file bytes_form_feed_between.ndjson
.read bad/case.sql
-- "caf\xE9"
.param set :file bytes_latin1.ndjson
.read bad/case.sql
-- "a
.param set :file bytes_line_feed.ndjson
.read bad/case.sql
.param set :file bytes_no_break_space_between.ndjson
.read bad/case.sql
-- "a\x00b"
.param set :file bytes_nul.ndjson
.read bad/case.sql
.param set :file bytes_outside_of_strings.ndjson
.read bad/case.sql
-- "a\x09b"
.param set :file bytes_tab.ndjson
.read bad/case.sql
-- "\xF4\x90\x80\x80"
.param set :file bytes_utf8_beyond.ndjson
.read bad/case.sql
-- "\xC3"
.param set :file bytes_utf8_cut.ndjson
.read bad/case.sql
-- "\xFE"
.param set :file bytes_utf8_fe.ndjson
.read bad/case.sql
.param set :file bytes_utf8_in_key.ndjson
.read bad/case.sql
-- "\x80"
.param set :file bytes_utf8_lone_continuation.ndjson
.read bad/case.sql
-- "\xC0\xAF"
.param set :file bytes_utf8_overlong.ndjson
.read bad/case.sql
-- "\xC0\x80"
.param set :file bytes_utf8_overlong_nul.ndjson
.read bad/case.sql
-- "\xED\xA0\x80"
.param set :file bytes_utf8_surrogate.ndjson
.read bad/case.sql
-- "\x41"
.param set :file string_bad_escape.ndjson
.read bad/case.sql
-- "it\'s"
.param set :file string_escaped_single_quote.ndjson
.read bad/case.sql
-- "\ud83dx"
.param set :file string_high_surrogate_then_text.ndjson
.read bad/case.sql
-- "\ud83d"
.param set :file string_lone_high_surrogate.ndjson
.read bad/case.sql
-- "\ude00"
.param set :file string_lone_low_surrogate.ndjson
.read bad/case.sql
-- "a\u0000b"
.param set :file string_nul_escape.ndjson
.read bad/case.sql
-- "\u12"
.param set :file string_short_unicode_escape.ndjson
.read bad/case.sql
-- 'x'
.param set :file string_single_quoted.ndjson
.read bad/case.sql
-- "\ude00\ud83d"
.param set :file string_swapped_surrogates.ndjson
.read bad/case.sql
-- yes
.param set :file string_unquoted.ndjson
.read bad/case.sql
-- "\U00e9"
.param set :file string_upper_unicode_escape.ndjson
.read bad/case.sql
