-- From format 4 to 5. The index over visits by queue and time has visits without a queue, too: then SQLite goes through it queue by queue for the figures
-- of a period. cdr_init() creates it in that form.
DROP INDEX IF EXISTS main.queue_visit_queue;
