-- Which customers contacted us more than once? phone_token() counts them without showing anybody's number.
SELECT phone_token(customer_number, 'a key of this tour only') AS customer, count(*) AS interactions
FROM interaction
WHERE direction = 'INBOUND' AND customer_number IS NOT NULL
GROUP BY customer
HAVING interactions > 1 AND customer IS NOT NULL
ORDER BY interactions DESC, customer
LIMIT 5;
