.nullvalue NULL

-- The published vector (Cisco): of 100 offered, 70 answered and 10 abandoned within the threshold give 77.8 %, 70 % and 80 %.
CREATE TABLE visit(wait, outcome);
WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 100)
INSERT INTO visit SELECT iif(n <= 80, 10, 40), CASE WHEN n <= 70 THEN 'ANSWERED' WHEN n <= 80 THEN 'ABANDONED_IN_QUEUE' WHEN n <= 95 THEN 'ANSWERED' ELSE 'ABANDONED_IN_RING' END FROM n;
SELECT round(service_level(wait, outcome, 20, 'ignore_abandons'), 3), service_level(wait, outcome, 20, 'abandons_negative'), service_level(wait, outcome, 20, 'abandons_positive') FROM visit;
SELECT round(service_level(wait, outcome, 20, 'answered_only'), 6) AS "70/85", service_level(wait, outcome, 20, 'answered_or_abandoned') AS "70/100",
  round(service_level(wait, outcome, 20, 'answered_or_abandoned', 10), 6) AS "70/90", service_level(wait, outcome, 20, 'removed') AS "80/100" FROM visit;
-- Flow-outs can leave in time, too; visits that have not ended have not left; the threshold itself is in time.
INSERT INTO visit VALUES (5, 'QUEUE_OVERFLOW'), (5, NULL), (20, 'ANSWERED'), (20.001, 'ANSWERED'), (NULL, 'ANSWERED'), (NULL, 'ABANDONED_IN_QUEUE');
SELECT service_level(wait, outcome, 20, 'removed') * 104, service_level(wait, outcome, 20, 'abandons_negative') * 104, round(service_level(wait, outcome, 20, 'asterisk_sl2') * 102, 6) AS "71 + 10" FROM visit;
-- No known values, no rows, no rows that the variant counts.
SELECT service_level(NULL, 'ANSWERED', 20, 'removed'), (SELECT service_level(wait, outcome, 20, 'removed') FROM visit WHERE 0), service_level(3, 'ABANDONED_IN_QUEUE', 20, 'ignore_abandons'), service_level(3, 'QUEUE_TIMEOUT', 20, 'answered_only');
SELECT service_level(1, 'ANSWERED', 20, 'answered');
SELECT service_level(NULL, 'ANSWERED', 20, NULL);
SELECT service_level('1', 'ANSWERED', 20, 'removed');
SELECT service_level(1, 'ANSWERED', NULL, 'removed');
SELECT service_level(1, 'ANSWERED', 20, 'removed', '5');
SELECT service_level(wait, outcome, 20, iif(wait = 40, 'removed', 'answered_only')) FROM visit;
SELECT service_level(1, 'ANSWERED', 20);

-- Type 7, the definition's own example and its ends; the order does not matter; NULL is ignored.
WITH x(x) AS (VALUES (40), (10), (NULL), (30), (20))
SELECT quantile(x, 0), quantile(x, 0.25), quantile(x, 0.5), quantile(x, 0.9), quantile(x, 1), typeof(quantile(x, 0)) FROM x;
SELECT quantile(7, 0.3), quantile(NULL, 0.5), (SELECT quantile(1, 0.5) WHERE 0), quantile(9e999, 0.5), (SELECT quantile(value, 0.5) FROM json_each('[1,1e999]'));
SELECT quantile('7', 0.5);
SELECT quantile(7, 1.5);
SELECT quantile(7, NULL);
SELECT quantile(7, 'median');
SELECT quantile(value, value) FROM json_each('[0.1, 0.2]');

-- A span includes its start and not its end; without an end it continues; a span without length does not count.
CREATE TABLE span(begin, "end");
INSERT INTO span VALUES (0, 10), (10, 20), (5, 15), (5, 5), (14, NULL), (30, 20), (NULL, 20), ('1970-01-01 00:00:14.999', '1970-01-01T01:00:15+01:00');
SELECT peak_concurrency(begin, "end") FROM span;
SELECT peak_concurrency(begin, "end") FROM span WHERE begin < 10;
SELECT peak_concurrency(0, 0), peak_concurrency(NULL, 1), (SELECT peak_concurrency(begin, "end") FROM span WHERE 0), peak_concurrency(1, 'x'), peak_concurrency(1, NULL);

-- As window functions, each row has its own frame.
SELECT begin, peak_concurrency(begin, "end") OVER (ORDER BY rowid ROWS 1 PRECEDING) AS pairs, quantile(begin, 0.5) OVER (ORDER BY rowid) AS so_far,
  service_level(begin, 'ANSWERED', 9, 'removed') OVER (ORDER BY rowid ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING) AS ahead
FROM span WHERE typeof(begin) <> 'text';
