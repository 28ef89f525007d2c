.nullvalue NULL
.headers on

-- Quarter hours of a day with a clock change in either direction, and of an ordinary day; half hours and hours of them.
SELECT interval, count(*) FILTER (WHERE day = '2024-03-31') AS spring, count(*) FILTER (WHERE day = '2024-05-02') AS usual, count(*) FILTER (WHERE day = '2024-10-27') AS autumn
FROM (SELECT day.value AS day, size.value AS interval
  FROM json_each('["2024-03-31", "2024-05-02", "2024-10-27"]') AS day, json_each('["15m", "30m", "1h", "1d"]') AS size,
    cdr_intervals(day.value, date(day.value, '+1 day'), size.value, 'Europe/Prague'))
GROUP BY interval;
-- The two hours from 02:00 of an autumn night; the hour that a spring night skips.
SELECT * FROM cdr_intervals('2024-10-27', '2024-10-28', '1h', 'Europe/Prague') LIMIT 5;
SELECT * FROM cdr_intervals('2024-03-31', '2024-04-01', '1h', 'Europe/Prague') LIMIT 4;
-- Half an hour that Lord Howe repeats; a zone with a half-hour offset; days that begin at 01:00 in São Paulo, the date that Samoa skipped.
SELECT * FROM cdr_intervals('2024-04-06 14:00:00', '2024-04-06 17:00:00', '1h', 'Australia/Lord_Howe');
SELECT * FROM cdr_intervals('2024-05-02', '2024-05-02 19:45:00', '1h', 'Asia/Kolkata');
SELECT * FROM cdr_intervals('2018-11-03', '2018-11-06', '1d', 'America/Sao_Paulo');
SELECT * FROM cdr_intervals('2011-12-29', '2012-01-01', '1d', 'Pacific/Apia');
-- Weeks and months; the first one contains the beginning of the period.
SELECT * FROM cdr_intervals('2024-05-02', '2024-05-14', '1w', 'Europe/Prague');
SELECT * FROM cdr_intervals('2024-02-10', '2024-04-02', '1mo', 'Europe/Prague');
-- Without an interval the period itself; an empty period has none. Times of other forms; as hidden columns, in a join.
SELECT * FROM cdr_intervals('2024-05-02T10:00:00+02:00', 1714640400000);
SELECT count(*) FROM cdr_intervals('2024-05-02', '2024-05-02', '1d');
SELECT "from", "to", interval, zone, interval_local FROM cdr_intervals WHERE "from" = '2024-05-02' AND "to" = '2024-05-03' AND zone = '-03:00' AND interval = '1d';
SELECT cdr_time(interval_local || utc_offset) = interval_start AS round_trip, count(*) FROM cdr_intervals('2024-03-01', '2024-11-01', '15m', 'Europe/Prague') GROUP BY 1;
-- cdr_bucket maps the instants of every interval to its beginning, and each interval begins where the previous one ends.
SELECT sum(cdr_bucket(interval_start, '30m', 'America/St_Johns') <> interval_start) AS starts, sum(interval_start <> ended) AS gaps, count(*)
FROM (SELECT *, lag(interval_end, 1, interval_start) OVER (ORDER BY interval_start) AS ended FROM cdr_intervals('2005-03-20', '2005-11-20', '30m', 'America/St_Johns'));

-- Errors of a call are reported, with the valid values.
SELECT * FROM cdr_intervals;
SELECT * FROM cdr_intervals('2024-05-02');
SELECT * FROM cdr_intervals('2024-05-02', NULL);
SELECT * FROM cdr_intervals('2024-02-30', '2024-05-02');
SELECT * FROM cdr_intervals('yesterday', '2024-05-02');
SELECT * FROM cdr_intervals('2024-05-03', '2024-05-02');
SELECT * FROM cdr_intervals('2024-05-02', '2024-05-03', '20m');
SELECT * FROM cdr_intervals('2024-05-02', '2024-05-03', '1h', 'Europe/Pragu');
SELECT * FROM interaction_report('2024-05-02', '2024-05-03');
SELECT cdr_init();
SELECT * FROM interaction_report('2024-05-02', '2024-05-03', '1h', 'UTC', 'agent');
SELECT * FROM repeat_interactions('2024-05-02', '2024-05-03', 1.5);
SELECT * FROM repeat_interactions('2024-05-02', '2024-05-03', 'x');
SELECT * FROM interaction_report('2024-05-02', '2024-05-03', '1h', 'UTC', 'outcome', 1);
SELECT count(*) FROM interaction_report('2024-05-02', '2024-05-03', '1h');
SELECT state, interactions, known, total_seconds FROM state_report('2024-05-02', '2024-05-03');

-- Returning customers: 101 after 2 days, and 5 days later again; 102 after 20 days; 103 never.
CREATE TEMP TABLE contact(day, customer);
INSERT INTO contact VALUES (0, 101), (2, 101), (7, 101), (0, 102), (20, 102), (1, 103);
SELECT cdr_import(group_concat(json_object('ContactId', 'again-' || rowid, 'ContactType', 'INBOUND', 'ContactDisposition', 'Success', 'CallingNumber', '48500000' || customer,
  'CalledNumber', '48500009000', 'StartTime', 1714982400000 + day * 86400000, 'ReleaseTime', 1714982460000 + day * 86400000), char(10))) ->> 'inserted' AS inserted FROM contact;
SELECT within_days, interactions, unrecognisable, customers, repeated, repeat_rate FROM repeat_interactions('2024-05-06', '2024-05-14');
SELECT within_days, interactions, repeated FROM repeat_interactions('2024-05-06', '2024-05-14', 4);
-- A user's own report may have an argument of any name, such as one that libcdr's own queries use.
SELECT cdr_report_add('-- asked: one row with the value of each argument
--
-- argument days WHOLE = 4: days
-- argument interval INTERVAL = NULL: not used
-- column given INTEGER: the days

SELECT :days') AS added;
SELECT given FROM asked;
SELECT given FROM asked(9);
