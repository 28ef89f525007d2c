-- A warehouse of all samples: importing again changes nothing. (tests/e2e/differential.sh compares it with the virtual tables.)
SELECT cdr_init();
SELECT cdr_import('../../samples/conpeek', '{"zone":"UTC"}');
SELECT cdr_import('../../samples/alibaba', '{"zone":"UTC"}');
SELECT cdr_import('../../samples/mluvii', '{"zone":"Europe/Prague"}');
SELECT cdr_import('../../samples/ucontact', '{"zone":"America/Montevideo"}');

-- A second import writes nothing.
CREATE TEMP TABLE before AS SELECT total_changes() AS n;
SELECT cdr_import('../../samples/mluvii', '{"zone":"Europe/Prague"}');
SELECT cdr_import('../../samples/conpeek/day.ndjson');
SELECT total_changes() - n FROM before;

-- The ledger, and a check that each of its rows adds up.
SELECT count(*), sum(seen), sum(inserted), sum(updated), sum(unchanged), sum(stale), sum(quarantined) FROM import_file;
SELECT count(*) FROM import_file WHERE seen <> inserted + updated + unchanged + stale + quarantined;
SELECT path, status, seen, inserted, unchanged, stale FROM import_file WHERE inserted < seen;
SELECT vendor, resource, json_path, kind, sample_type, count FROM unmapped_field;
SELECT vendor, resource, count(*), count(DISTINCT component) FROM raw_record GROUP BY 1, 2;
SELECT cdr_rebuild() ->> 'changed', cdr_rebuild() ->> 'records';
PRAGMA integrity_check;
PRAGMA foreign_key_check;
.print 'No table is taken for a tiny one, which SQLite would read whole for each row of another: one interaction may have most of its rows.'
SELECT count(*) > 10, min(CAST(stat AS INTEGER)) FROM main.sqlite_stat1 WHERE tbl IN ('interaction', 'fact_dialog', 'queue_visit', 'agent_offer');
