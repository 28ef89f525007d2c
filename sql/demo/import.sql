-- The second part of ./dev demo: makes a warehouse of the samples in the database that is open, and one file more of which a record is broken.
-- Run from the project's root, with libcdr loaded.
.mode list
.headers off

.print
.print '==== The warehouse: an ordinary SQLite file, made by libcdr (sql/demo/import.sql)'
.print
.print 'SELECT cdr_init();'
SELECT cdr_init();
.print
.print "SELECT cdr_import('samples/');"
SELECT cdr_import('samples/');
.print
.print 'The same again: the ledger knows every file, nothing is read twice.'
SELECT cdr_import('samples/');
.print
.print 'Three records, of which one is broken: it goes to quarantine, and costs its neighbours nothing.'
SELECT cdr_import('
  {"dialog_uuid": "demo-1", "dialog_type": "EXTERNAL", "start_time": "2024-05-02 10:00:00", "talking_time": 61000}
  {"dialog_uuid": "demo-2", "dialog_type": "EXTERNAL", "start_time": "2024-05-02 10:05:00", "talking_time": 1000,}
  {"dialog_uuid": "demo-3", "dialog_type": "EXTERNAL", "start_time": "2024-05-02 10:10:00", "talking_time": 5000}',
  '{"source": "demo"}');
