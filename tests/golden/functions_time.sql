.nullvalue NULL

-- Vendors' forms: Conpeek, mluvii (with its stray colon), uContact (old and newer Java), Alibaba (ms, number and text).
SELECT cdr_time('2018-09-01 00:00:00');
SELECT cdr_time('2024-05-02T16:05:24.454661+02:00');
SELECT cdr_time('2024-05-02T08:58:58:888364+02:00');
SELECT cdr_time('Nov 2, 2018 11:31:42 AM');
SELECT cdr_time('Nov 2, 2018, 11:31:42' || char(0x202f) || 'AM');
SELECT cdr_time(1532458000000), cdr_time('1532458000000');

-- Epochs: seconds below 1e11 in magnitude, milliseconds from there; fractions; numeric text means the same as the number.
SELECT cdr_time(0), cdr_time(-1), cdr_time(1655747819), cdr_time('1655747819.0'), cdr_time(1655747819.25);
SELECT cdr_time(99999999999), cdr_time(100000000000), cdr_time(-100000000000);
SELECT cdr_time('  1532458000 '), cdr_time('1.5e9'), cdr_time('+1532458000'), cdr_time('0x10'), cdr_time('-'), cdr_time('.');
-- Eight digits are also a number: seconds in 1970, not a date without hyphens.
SELECT cdr_time('20180901');
-- The ends of the range; beyond them NULL.
SELECT cdr_time(253402300799999), cdr_time(253402300800000), cdr_time(-62135596800000), cdr_time(-62135596800001);
SELECT cdr_time(9223372036854775807), cdr_time('9223372036854775808'), cdr_time(1e300), cdr_time(9e999), cdr_time(-9e999);
-- Seconds may be left out, as people write times; an offset may then only be Z, because -10:30 could also be the end of a span.
SELECT cdr_time('2018-09-01 10:00'), cdr_time(' 2018-09-01T10:00Z '), cdr_time('2018-09-01 10:00', 'Europe/Prague'), cdr_time('2018-09-01 25:00'), cdr_time('2018-09-01 10:00-10:30');
SELECT cdr_time('2018-09-01T10:00+02:00'), cdr_time('2018-09-01T10:00-0330'), cdr_time('2018-09-01 10:00+02'), cdr_time('2018-09-01 10:00 x'), cdr_time('2018-09-01 10:00+');

-- Zones: for texts without an offset only; an instant with an offset, or a number, keeps its own meaning.
SELECT cdr_time('2018-09-01 10:00:00', 'Asia/Shanghai'), cdr_time('2018-09-01T10:00:00Z', 'Asia/Shanghai'), cdr_time(1532458000, 'Asia/Shanghai');
SELECT cdr_time('2018-09-01 10:00:00', '+05:30'), cdr_time('2018-09-01 10:00:00', '-03'), cdr_time('2018-09-01 10:00:00', 'utc'), cdr_time('2018-09-01 10:00:00', NULL);
SELECT cdr_time('2018-09-01', 'Europe/Prague');

-- Clock changes: a time in the gap is not a time, in the overlap the earlier instant is taken, an offset decides.
SELECT cdr_time('2024-03-31 01:59:59', 'Europe/Prague'), cdr_time('2024-03-31 02:30:00', 'Europe/Prague'), cdr_time('2024-03-31 03:00:00', 'Europe/Prague');
SELECT cdr_time('2024-10-27 02:30:00', 'Europe/Prague'), cdr_time('2024-10-27T02:30:00+01:00', 'Europe/Prague');
SELECT cdr_time('2018-11-04', 'America/Sao_Paulo'), cdr_time('2018-11-04 01:00:00', 'America/Sao_Paulo');

-- Not times: NULL, never an error.
SELECT cdr_time(NULL), cdr_time(''), cdr_time('yesterday'), cdr_time(x'00ff'), cdr_time('2024-02-30'), cdr_time('2023-02-29');
SELECT cdr_time('2016-12-31 23:59:60'), cdr_time('2018-09-01 24:00:00'), cdr_time('2018-09-01 10'), cdr_time('2018-9-1');
SELECT cdr_time('2018-09-01 00:00:00+14:01'), cdr_time('2018-09-01 00:00:00.'), cdr_time('2018-09-01 00:00:00.1234567890');
SELECT cdr_time('0001-01-01T00:00:00+00:01'), cdr_time('9999-12-31T23:59:59-00:01');
-- Fractions are cut, so a time never moves into the next second.
SELECT cdr_time('2018-12-31 23:59:59.999999999'), cdr_time('1969-12-31 23:59:59.9996');
-- A blob is read as text.
SELECT cdr_time(CAST('2018-09-01' AS BLOB));
-- The function accepts its own results, and so do SQLite's functions.
SELECT cdr_time(cdr_time('2024-05-02T16:05:24.454661+02:00')), strftime('%s', cdr_time(1532458000));

-- An unknown zone is an error, whatever the time is: it would make every value wrong.
SELECT cdr_time('2018-09-01', 'Europe/Pragu');
SELECT cdr_time(NULL, 'CEST');
SELECT cdr_time('2018-09-01', '');
SELECT cdr_time('2018-09-01', '+15:00');
SELECT cdr_time('2018-09-01', '../../etc/passwd');
SELECT cdr_time('2018-09-01', 1);
SELECT cdr_time('2018-09-01', replace(hex(zeroblob(50)), '0', 'x'));
SELECT cdr_time();
SELECT cdr_time(1, 2, 3);

-- cdr_local: civil time; both instants of the hour that Prague repeats look the same; 2018-07-25 was summer in Prague, winter in São Paulo.
SELECT cdr_local(1532458000000, 'Asia/Shanghai'), cdr_local('2018-07-24 18:46:40', 'Europe/Prague'), cdr_local('2018-07-24T18:46:40Z', 'America/Sao_Paulo');
SELECT cdr_local('2024-10-27 00:30:00', 'Europe/Prague'), cdr_local('2024-10-27 01:30:00', 'Europe/Prague');
SELECT cdr_local('2018-09-01 00:00:00', 'UTC'), cdr_local('2018-09-01 00:00:00', '-09:30');
-- After year 9999 there, or before year 1: NULL.
SELECT cdr_local('9999-12-31 23:00:00', '+14:00'), cdr_local('0001-01-01', '-01:00');
SELECT cdr_local(NULL, 'UTC'), cdr_local('2018-09-01', NULL), cdr_local('x', 'UTC');
SELECT cdr_local('2018-09-01', 'Mars/Olympus');

-- cdr_seconds: from microseconds, rounded half away from zero to the millisecond; negative when backwards.
SELECT cdr_seconds('2018-09-01 00:00:00', '2018-09-01 00:00:10'), cdr_seconds('2018-09-01 00:00:10', '2018-09-01 00:00:00');
SELECT cdr_seconds('2018-09-01 00:00:00', '2018-09-01 00:00:00.0005'), cdr_seconds('2018-09-01 00:00:00.0009', '2018-09-01 00:00:00.0011');
SELECT cdr_seconds(1532458000000, '2018-07-24T20:46:50.5+02:00'), cdr_seconds(1532458000, 1532458000);
SELECT cdr_seconds('0001-01-01', '9999-12-31 23:59:59.999');
-- Across a clock change the elapsed time counts, not the clock's.
SELECT cdr_seconds('2024-03-31T01:30:00+01:00', '2024-03-31T03:30:00+02:00');
SELECT cdr_seconds(NULL, 1), cdr_seconds(1, NULL), cdr_seconds('x', 1), cdr_seconds(1, 'x'), typeof(cdr_seconds(1, 2));

-- cdr_duration: every form, rounded in decimals.
SELECT cdr_duration('PT1M23.4S'), cdr_duration('P1DT2H'), cdr_duration('P2W'), cdr_duration('-PT1,5S'), cdr_duration('PT1.5H');
SELECT cdr_duration('00:01:23'), cdr_duration('100:00:00.5'), cdr_duration('1.02:03:04'), cdr_duration('01:23'), cdr_duration('-00:00:01');
SELECT cdr_duration('83.4'), cdr_duration(83), cdr_duration(83.4), cdr_duration(1.0004), typeof(cdr_duration(83));
SELECT cdr_duration('PT1.0005S'), cdr_duration('0.9995'), cdr_duration('-0');
-- Not durations: years and months have no length; the trailing count of uContact's 'talked' is not part of a duration.
SELECT cdr_duration('P1Y'), cdr_duration('P1M'), cdr_duration('P'), cdr_duration('PT'), cdr_duration('P1DT'), cdr_duration('00:00:00-');
-- uContact's form: a time, and a number that does not belong to it.
SELECT cdr_duration('00:00:00-0'), cdr_duration('00:00:05-3'), cdr_duration('100:01:30-12'), cdr_duration('00:00:05-3x'), cdr_duration('00:00:05--3'), cdr_duration('00:05-3'),
  cdr_duration('1.00:00:05-3'), cdr_duration('00:00:05.5-3');
SELECT cdr_duration(NULL), cdr_duration(''), cdr_duration('x'), cdr_duration('00:60:00'), cdr_duration('1e3'), cdr_duration('999999999999999');

-- format_duration
SELECT format_duration(83), format_duration(83.4), format_duration(0), format_duration(-1.5), format_duration(360000), format_duration(59.9996);
SELECT format_duration('PT1M23.4S'), format_duration('83'), format_duration(cdr_duration('26:00:00'));
SELECT format_duration(NULL), format_duration('x'), format_duration(9e999), format_duration(1e300), format_duration(9223372036854775807);
