#!/bin/sh
# cdr report-add: users' reports are checked, then stored, and available only with --reports.
set -eu
library=$1 root=$2
. "$root/tests/e2e/cli.sh"

"$program" import "$root/samples/alibaba/" > /dev/null
cat > visits.sql <<'END'
-- visits_of: one row per queue
-- argument from, to
-- column queue_id
-- column visits INTEGER: how many came
SELECT queue_id, count(*) FROM queue_visit WHERE enqueue_time >= :from AND enqueue_time < :to GROUP BY 1 ORDER BY 1
END
expect 0 report-add visits.sql <<'END'
visits_of(from, to) is added; query it with cdr query --reports
END
question="SELECT sum(visits) > 0 AS some FROM visits_of('2024-01-01', '2027-01-01')"
expect 0 query --reports "$question" <<'END'
some
1
END
expect 0 query --reports --read-only "$question" <<'END'
some
1
END
expect 0 export --reports --sql "$question" --format csv --out - <<'END'
some
1
END
expect 0 tables --reports visits_of <<'END'
name	kind	doc
visits_of	report	one row per queue
END
expect 0 describe --reports visits_of <<'END'
column	type	doc
from		argument: the beginning of the period, included: anything that cdr_time reads (UTC unless it says otherwise), or a date of the zone such as '2024-05-02'
to		argument: the end of the period, not included, in the same form
queue_id	TEXT	the queue; NULL where the vendor does not say which
visits	INTEGER	how many came
END
# Reports stored in a file run only on request.
status=0
"$program" query "$question" > out 2> err || status=$?
[ "$status" = 1 ]
grep -q 'no such table: visits_of' err
# From standard input; added again, the report replaces the former one; several at once, up to the first refused one.
sed 's/count(\*)/7/' visits.sql > in
expect 0 report-add - <<'END'
visits_of(from, to) is added; query it with cdr query --reports
END
: > in
expect 0 query --reports "SELECT DISTINCT visits FROM visits_of('2024-01-01', '2027-01-01')" <<'END'
visits
7
END
{ echo '-- bad: one row'; echo '-- column a TEXT: it'; echo "SELECT cdr_import('/etc')"; } > bad.sql
expect 1 report-add visits.sql bad.sql <<'END'
visits_of(from, to) is added; query it with cdr query --reports
cdr: bad.sql: cdr_report_add: bad: the query calls cdr_import(); a report may only call functions that compute, not functions that read files, write, or load anything
END
expect 1 report-add missing.sql <<'END'
cdr: missing.sql: cannot be read: No such file or directory; name a file that holds SQL
END
expect 1 report-add --db missing.db visits.sql <<'END'
cdr: missing.db: no such database; name another with --db, or make it with 'cdr import --db missing.db PATH'
END
sqlite3 other.db 'CREATE TABLE t(a)'
expect 1 report-add --db other.db visits.sql <<'END'
cdr: visits.sql: cdr_report_add: main is not a warehouse; 'cdr import --db other.db PATH' makes one
END
expect 1 query --db other.db --reports 'SELECT 1' <<'END'
cdr: cdr_report_load: main is not a warehouse; 'cdr import --db other.db PATH' makes one
END
# One harmful row blocks all stored reports.
"$program" query "INSERT INTO report_definition SELECT 'bad', '-- bad: one row' || char(10) || '-- column a TEXT: it' || char(10) || 'DELETE FROM interaction RETURNING 1'"
expect 1 query --reports 'SELECT 1' <<'END'
cdr: cdr_report_load: report_definition, row 'bad': bad: the query must be one SELECT that changes nothing and reads only the warehouse, other ordinary tables of the file, and the tables of libcdr
END
"$program" check > /dev/null
