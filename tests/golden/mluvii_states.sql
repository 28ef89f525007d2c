-- State durations of mluvii sessions, from functions: the vendor's FAQ, formula by formula, and its edge cases.
.nullvalue NULL

CREATE TABLE session(id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO session SELECT json_extract(value, '$.id'), value FROM json_each(readfile('../../samples/mluvii/Sessions.json'));
CREATE TABLE timeline(id INTEGER PRIMARY KEY, routing TEXT);
INSERT INTO timeline SELECT id, readfile('../../samples/mluvii/Sessions/' || id || '/routingHistory.json') FROM session
WHERE id NOT IN (880115) AND readfile('../../samples/mluvii/Sessions/' || id || '/routingHistory.json') IS NOT NULL;

-- With the timeline as a separate record.
SELECT id, state_duration(doc, 'CREATED', routing), state_duration(doc, 'IN_QUEUE', routing), state_duration(doc, 'WAITING', routing),
       state_duration(doc, 'RING', routing), state_duration(doc, 'BCW', routing), state_duration(doc, 'ACTIVE', routing), state_duration(doc, 'ACW', routing)
FROM session JOIN timeline USING (id) ORDER BY id;

-- Without one, the states of routing are unknown, but the others are known.
SELECT id, created_duration(doc), in_queue_duration(doc), waiting_duration(doc), ring_duration(doc), bcw_duration(doc), active_duration(doc), acw_duration(doc)
FROM session WHERE id IN (880101, 880104, 880105, 880120, 880123, 880125) ORDER BY id;

-- Inside the session.
SELECT created_duration(doc), in_queue_duration(doc), waiting_duration(doc), in_queue_duration(doc, '502'), in_queue_duration(doc, 501), acw_duration(doc, 502)
FROM (SELECT readfile('../../samples/mluvii/Sessions/880102.json') AS doc);

-- Ringing: a preview campaign has none.
SELECT ring_duration(doc), ring_duration(doc, 'Preview'), ring_duration(doc, 'preview'), ring_duration(doc, 'Predictive'), ring_duration(doc, NULL)
FROM session WHERE id = 880105;

-- After-call work of each operator: both concluded; one not concluded; one who came back.
SELECT id, acw_duration(doc, 501), acw_duration(doc, 502), acw_duration(doc, 504), acw_duration(doc, 999) FROM session WHERE id IN (880120, 880123, 880131) ORDER BY id;

-- Microseconds count, and are rounded once: 0.3005 s, 12.3456785 s.
SELECT ring_duration('{"id":1,"created":"2024-05-02T16:05:24.000000+02:00","guestJoined":"2024-05-02T14:05:24.300500Z"}');
SELECT acw_duration('{"id":1,"recordingsState":null,"operators":[{"userId":1,"left":"2024-05-02T16:05:24.000001+02:00","concluded":"2024-05-02T16:05:36.345679+02:00"}]}');
-- Given as a duration, in all its forms; given as an invalid one.
SELECT active_duration('{"id":1,"waited":null,"length":"PT1M23.4S"}'), active_duration('{"id":1,"waited":null,"length":"PT1H0.0005S"}'),
       active_duration('{"id":1,"waited":null,"length":"P1DT1S"}'), active_duration('{"id":1,"waited":null,"length":"P1M"}'), active_duration('{"id":1,"waited":null,"length":""}');

-- Problems are reported.
SELECT state_duration(doc, 'TALKING', '[]') FROM session WHERE id = 880101;
SELECT state_duration(doc, 'CREATED', '{}') FROM session WHERE id = 880101;
SELECT state_duration(doc, 'CREATED', '[') FROM session WHERE id = 880101;
SELECT ring_duration('{"created":"2024-05-02T16:05:24+02:00","guestJoined":"2024-05-02T16:05:25+02:00"}');
SELECT created_duration('[{"routingRequestId":1,"timestamp":"2024-05-02T16:05:24+02:00","activityType":"RoutingRequestCreated"}]');
