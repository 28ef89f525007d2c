-- Straight from the files, without the warehouse: the same tables, in the plural, with cdr_file().
SELECT vendor, outcome, count(*) AS interactions
FROM interactions(cdr_file('samples/'))
WHERE outcome LIKE 'ABANDONED%'
GROUP BY vendor, outcome;
