.nullvalue NULL

-- The published check of clipping: 05:23 to 06:15 in half hours is 7 + 30 + 15 minutes, and nothing in the half hours before and after.
WITH half_hour(n) AS (VALUES (0), (1), (2), (3), (4))
SELECT time('04:30', (n * 30) || ' minutes') AS half_hour,
  clip_seconds('2024-05-02 05:23:00', '2024-05-02 06:15:00', datetime('2024-05-02 04:30', (n * 30) || ' minutes'), datetime('2024-05-02 05:00', (n * 30) || ' minutes')) / 60
FROM half_hour;
-- A span inside, around, before, after, without length, and to the millisecond; times in any form.
SELECT clip_seconds(10, 20, 0, 100), clip_seconds(0, 100, 10, 20), clip_seconds(0, 10, 20, 30), clip_seconds(20, 30, 0, 10), clip_seconds(5, 5, 0, 10);
SELECT clip_seconds('2024-05-02T10:00:00.0005+02:00', '2024-05-02 08:00:01.5', '2024-05-02', 1714640401), clip_seconds(0, 10, 20, 5);
-- Unknown stays unknown: a missing end, a text that is not a time, an end before the start.
SELECT clip_seconds(NULL, 1, 0, 1), clip_seconds(0, NULL, 0, 1), clip_seconds(0, 1, 'x', 1), clip_seconds(0, 1, 0, NULL), clip_seconds(20, 10, 0, 100);

-- Every interval; a week begins on Monday.
SELECT cdr_bucket('2024-05-02 22:47:11.5', '15m'), cdr_bucket('2024-05-02 22:47:11.5', '30m'), cdr_bucket('2024-05-02 22:47:11.5', '1h');
SELECT cdr_bucket('2024-05-02 22:47:11.5', '1d'), cdr_bucket('2024-05-02 22:47:11.5', '1w'), cdr_bucket('2024-05-02 22:47:11.5', '1mo');
SELECT cdr_bucket('2024-05-02 22:47:11.5', '1d', 'Europe/Prague'), cdr_bucket('2024-05-31 22:47:11.5', '1mo', 'Europe/Prague'), cdr_bucket('2024-05-05 22:00:00', '1w', 'Europe/Prague');
SELECT cdr_bucket('2024-05-02 22:47:11.5', '1h', 'Asia/Kolkata'), cdr_bucket('2024-05-02 22:47:11.5', '1h', '+05:45'), cdr_bucket(1714690031, '1d', '-03:00');
SELECT cdr_bucket('1969-12-31 23:59:59.999', '15m'), cdr_bucket('1969-12-29 00:00:00', '1w'), cdr_bucket('1969-12-28 23:59:59', '1w');
-- A clock change ends an interval: the two 02:30 of Prague, the half hour of Lord Howe; a day without midnight in São Paulo.
SELECT cdr_bucket('2024-10-27 00:40:00', '30m', 'Europe/Prague'), cdr_bucket('2024-10-27 01:40:00', '30m', 'Europe/Prague'), cdr_bucket('2024-10-27 01:40:00', '1d', 'Europe/Prague');
SELECT cdr_bucket('2024-04-06 14:50:00', '1h', 'Australia/Lord_Howe'), cdr_bucket('2024-04-06 15:10:00', '1h', 'Australia/Lord_Howe'), cdr_bucket('2024-04-06 15:40:00', '1h', 'Australia/Lord_Howe');
SELECT cdr_bucket('2018-11-04 03:10:00', '1d', 'America/Sao_Paulo'), cdr_bucket('2018-11-04 02:59:59', '1d', 'America/Sao_Paulo');
SELECT cdr_bucket(NULL, '1h'), cdr_bucket('x', '1h'), cdr_bucket(0, NULL), cdr_bucket(0, '1h', NULL), cdr_bucket('0001-01-01 00:00:00', '1w'), cdr_bucket('0001-01-02', '1mo');
SELECT cdr_bucket(0, '45m');
SELECT cdr_bucket(NULL, '1 hour');
SELECT cdr_bucket(0, '1h', 'Europe/Pragu');
SELECT cdr_bucket(0, replace(hex(zeroblob(50)), '0', 'x'));

-- Erlang: one agent is A/(1+A); no agents block all; without traffic nobody waits.
SELECT erlang_b(1, 1), erlang_b(3, 1), erlang_b(5, 0), erlang_b(0, 0), erlang_b(0, 3);
SELECT erlang_c(0.5, 1), erlang_c(0, 3), erlang_c(3, 3), erlang_c(5, 3), erlang_c(0, 0);
SELECT round(erlang_b(9000, 10000), 12), round(erlang_b(10000, 10000), 12), round(erlang_c(9950, 10000), 12), erlang_b(100, 10000);
-- With no time to wait, and with unlimited time; a queue that grows without end; no work.
SELECT round(erlang_service_level(120, 1800, 240, 20, 0), 9), erlang_service_level(120, 1800, 240, 20, 1e9), erlang_service_level(120, 1800, 240, 16, 20), erlang_service_level(0, 1800, 240, 1, 20), erlang_service_level(0, 1800, 240, 0, 20);
SELECT erlang_asa(120, 1800, 240, 16), erlang_asa(0, 1800, 240, 1), erlang_asa(120, 1800, 0, 1), erlang_service_level(120, 1800, 0, 1, 20);
SELECT agents_required(120, 1800, 240, 0.8, 20), agents_required(120, 1800, 240, 0, 20), agents_required(0, 1800, 240, 0.8, 20), agents_required(120, 1800, 240, 0.999999, 0), agents_required(60000, 1800, 300, 0.8, 20);
SELECT erlang_b(NULL, 1), erlang_c(1, NULL), erlang_service_level(1, 1, 1, NULL, 1), erlang_asa(1, NULL, 1, 1), agents_required(1, 1, 1, NULL, 1);
SELECT erlang_b(-1, 1);
SELECT erlang_b(1, 1.5);
SELECT erlang_b('10', 1);
SELECT erlang_c(1, 1000001);
SELECT erlang_c(9e999, 1);
SELECT erlang_asa(1, 0, 1, 1);
SELECT erlang_service_level(1, 1, 1, 1, -1);
SELECT agents_required(120, 1800, 240, 1, 20);
SELECT agents_required(120, 1800, 240, 80, 20);
SELECT agents_required(1e9, 1800, 240, 0.8, 20);

-- An unknown outcome is refused, because it would count as one that was not served.
SELECT service_level(5, 'answered', 20, 'abandons_negative');
SELECT service_level(5, 'ABANDONED', 20, 'abandons_negative');
SELECT service_level(column1, column2, 20, 'abandons_negative') FROM (VALUES (5, 'ANSWERED'), (5, 'OTHER'), (5, NULL), (5, ''), (NULL, 'ANSWERED'));
