-- queue_last_name: one row per queue of the query's own table several_names, with the last name of the queue before the period's end.
--
-- several_names has vendor, source and queue_id. The name is NULL where no visit of the queue has a name and a time.
SELECT s.vendor, s.source, s.queue_id, (
    SELECT v.queue_name FROM queue_visit AS v
    WHERE v.queue_id = s.queue_id AND v.vendor = s.vendor AND v.source = s.source AND v.enqueue_time < :to AND v.queue_name IS NOT NULL
    ORDER BY v.enqueue_time DESC, v.queue_name DESC LIMIT 1) AS queue_name
FROM several_names AS s
