-- Which customers waited longest before they gave up? Their numbers are masked.
SELECT interaction_id, start_time, phone_mask(customer_number) AS customer, in_queue_seconds
FROM interaction
WHERE outcome = 'ABANDONED_IN_QUEUE' AND in_queue_seconds IS NOT NULL
ORDER BY in_queue_seconds DESC
LIMIT 5;
