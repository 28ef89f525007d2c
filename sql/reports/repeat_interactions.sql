-- repeat_interactions: one row per source and number of days: how many interactions were followed by another one from the same customer
--
-- Interactions that customers began (INBOUND, or without a direction) belong to the period in which they begin; those that follow may begin
-- after it. Customers without a number, with a masked one, or of whom uContact names only the carrier, cannot be recognised, so their
-- interactions are counted separately. This is not first-contact resolution, which has no standard.
-- argument from, to
-- argument days WHOLE = NULL: within how many days of 24 hours; if left out, there is a row each for 1, 3, 7 and 30
-- argument zone
-- column vendor, source
-- column within_days INTEGER: within how many days
-- column interactions INTEGER: interactions that customers began
-- column unrecognisable INTEGER: those without a number, with a masked one, or with the carrier in its place
-- column customers INTEGER: distinct numbers in the other interactions
-- column repeated INTEGER: interactions that another one from the same customer follows within that many days
-- column repeat_rate DOUBLE: repeated / (interactions - unrecognisable), 0 to 1
-- column until TIMESTAMP: when the latest interaction in the warehouse began; later ones are not known yet

WITH span(days) AS (
  SELECT value FROM json_each(iif(:days IS NULL, '[1, 3, 7, 30]', json_array(:days)))
),
begun AS (
  SELECT vendor, source, start_time,
    iif(customer_number GLOB '*[0-9@]*' AND instr(customer_number, '*') = 0 AND ifnull(mapping NOT GLOB '*"customer_number":"the carrier*', 1), customer_number, NULL) AS customer
  FROM interaction
  WHERE start_time >= :from AND start_time < ifnull(strftime('%Y-%m-%d %H:%M:%f', :to, (SELECT max(days) FROM span) || ' days'), '~')
    AND (direction = 'INBOUND' OR direction IS NULL)
),
followed AS (
  SELECT vendor, source, start_time, customer,
    iif(customer IS NULL, NULL, lead(start_time) OVER (PARTITION BY vendor, source, customer ORDER BY start_time)) AS next_time
  FROM begun
),
counted AS (
  SELECT f.vendor, f.source, s.days, count(*) AS interactions, sum(f.customer IS NULL) AS unrecognisable, count(DISTINCT f.customer) AS customers,
    ifnull(sum(f.next_time <= ifnull(strftime('%Y-%m-%d %H:%M:%f', f.start_time, s.days || ' days'), '~')), 0) AS repeated
  FROM span AS s CROSS JOIN followed AS f
  WHERE f.start_time < :to
  GROUP BY f.vendor, f.source, s.days
)
SELECT vendor, source, days, interactions, unrecognisable, customers, repeated, 1.0 * repeated / nullif(interactions - unrecognisable, 0),
  (SELECT max(start_time) FROM interaction)
FROM counted
ORDER BY vendor, source, days;
