-- Odd times: each file has one in serve_time of the second of three records; the comment is the time. bad/case.sql explains the lines of the output.
-- Below: instants in other forms, and local times near clock changes.

-- Accepted

-- "2024-03-01"
.param set :file time_date_only.ndjson
.read bad/value_case.sql
-- ""
.param set :file time_empty.ndjson
.read bad/value_case.sql
-- "2024-02-29 10:00:00"
.param set :file time_leap_day.ndjson
.read bad/value_case.sql
-- "2024-03-01T10:00:00+01:00"
.param set :file time_offset.ndjson
.read bad/value_case.sql

-- Accepted, but the value stays in extra and its column is NULL

-- "2024-03-01 24:00:00"
.param set :file time_hour_24.ndjson
.read bad/value_case.sql
-- "2016-12-31 23:59:60"
.param set :file time_leap_second.ndjson
.read bad/value_case.sql
-- "2023-02-29 10:00:00"
.param set :file time_no_leap_year.ndjson
.read bad/value_case.sql
-- "2024-02-30 10:00:00"
.param set :file time_no_such_day.ndjson
.read bad/value_case.sql
-- "2024-13-01 10:00:00"
.param set :file time_no_such_month.ndjson
.read bad/value_case.sql
-- 1709280000000
.param set :file time_number.ndjson
.read bad/value_case.sql
-- "yesterday"
.param set :file time_text.ndjson
.read bad/value_case.sql
-- "24-03-01 10:00:00"
.param set :file time_two_digit_year.ndjson
.read bad/value_case.sql
-- "0000-00-00 00:00:00"
.param set :file time_year_zero.ndjson
.read bad/value_case.sql

-- Instants as epoch milliseconds; each record's id describes its StartTime. An instant that cannot be distinguished from milliseconds is read as
-- such: seconds become a day of January 1970.

SELECT char(10) || 'values_epoch.ndjson';
SELECT contact_id, start_time, extra FROM alibaba_call(cdr_file('bad/values_epoch.ndjson'));
SELECT record, offset, code, loses, json_path, message FROM cdr_problems(cdr_file('bad/values_epoch.ndjson'));
SELECT count(*) FROM alibaba_call(cdr_file('bad/values_epoch.ndjson', '{"on_error":"strict"}'));

-- Local times of a vendor that does not give its zone: in UTC by default; in a zone whose clock goes forward at 2024-03-31 02:00 and back at
-- 2024-10-27 03:00; and in fixed offsets. A time in the gap does not exist; one in the overlap exists twice, and the earlier is taken.

SELECT char(10) || 'values_zone.ndjson';
SELECT linkedid, calldate, extra FROM ucontact_record(cdr_file('bad/values_zone.ndjson'));
SELECT record, offset, code, loses, json_path, message FROM cdr_problems(cdr_file('bad/values_zone.ndjson'));
SELECT linkedid, calldate, extra FROM ucontact_record(cdr_file('bad/values_zone.ndjson', '{"zone":"Europe/Prague"}'));
SELECT record, offset, code, loses, json_path, message, remedy
FROM cdr_problems(cdr_file('bad/values_zone.ndjson', '{"zone":"Europe/Prague"}'));
SELECT linkedid, calldate FROM ucontact_record(cdr_file('bad/values_zone.ndjson', '{"zone":"-03:00"}')) LIMIT 2;
SELECT linkedid, calldate FROM ucontact_record(cdr_file('bad/values_zone.ndjson', '{"zone":"Z"}')) LIMIT 2;
SELECT count(*) FROM ucontact_record(cdr_file('bad/values_zone.ndjson', '{"zone":"Europe/Prague","on_error":"strict"}'));
-- As a fact such a time is NULL; its interaction stays.
SELECT interaction_id, start_time FROM interactions(cdr_file('bad/values_zone.ndjson', '{"zone":"Europe/Prague"}'))
WHERE interaction_id IN ('g-3', 'g-4', 'g-8');
-- Functions return NULL for text that is not a time.
SELECT cdr_time('2024-02-30 12:00:00'), cdr_time('2016-12-31 23:59:60'), cdr_time('2024-03-31 02:30:00', 'Europe/Prague'),
  cdr_time('2024-10-27 02:30:00', 'Europe/Prague'), cdr_time(9223372036854775807), cdr_time(1e300), cdr_time('nonsense'), cdr_time(NULL);
