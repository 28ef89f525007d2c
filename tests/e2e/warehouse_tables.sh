#!/bin/sh
# Every table without an input returns for a warehouse of all samples what it returns for the samples' JSON: the model's tables row by row, the
# vendors' tables except for records that a newer one of the same id has replaced; and the ordinary tables in the stock shell.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
warehouse=$work/warehouse.db
loaded_on "$warehouse" "SELECT cdr_init();" "SELECT cdr_import('samples/');" > "$work/import"
grep -q '"failed":0,.*"quarantined":0' "$work/import"

# rows FILE TABLE…: all rows of those tables, sorted, each value with its type.
rows() { sed "s/.*/SELECT '&', * FROM &;/" | { echo ".mode quote"; cat; } > "$work/rows.sql"; "$@" ".read $work/rows.sql" | LC_ALL=C sort; }
names() { loaded "SELECT $1 FROM cdr_tables WHERE kind = '$2';"; }

names stored model > "$work/stored"
rows plain_on "$warehouse" < "$work/stored" > "$work/stored.rows"
paste -d' ' "$work/stored" - << END > "$work/pairs"
$(names name model)
END
[ "$(wc -l < "$work/stored.rows")" -gt 1000 ]
while read -r stored name; do
  grep "^'$stored'," "$work/stored.rows" | sed "s/^'$stored',//" > "$work/expected" || [ ! -s "$work/expected" ]
  echo "$name" | rows loaded_on "$warehouse" | sed "s/^'$name',//" | diff "$work/expected" -
  columns=$(plain_on "$warehouse" "SELECT group_concat(column_name) FROM cdr_column WHERE table_name = '$stored' AND column_name NOT IN ('interaction_key', 'last_import');")
  printf '.mode quote\nSELECT %s FROM %s;\n' "$columns" "$stored" > "$work/warehouse.sql"
  printf ".mode quote\nSELECT %s FROM %s(cdr_file('samples/'));\n" "$columns" "$name" > "$work/json.sql"
  plain_on "$warehouse" ".read $work/warehouse.sql" | LC_ALL=C sort > "$work/facts"
  loaded ".read $work/json.sql" | LC_ALL=C sort | diff "$work/facts" -
done < "$work/pairs"

# A vendor's table has only rows of its records, and lacks only those of replaced or repeated records.
replaced=$(plain_on "$warehouse" "SELECT sum(seen - inserted) FROM import_file;")
names name vendor | while read -r name; do
  printf ".mode quote\nSELECT * FROM %s;\n" "$name" > "$work/warehouse.sql"
  printf ".mode quote\nSELECT * FROM %s(cdr_file('samples/'));\n" "$name" > "$work/json.sql"
  loaded_on "$warehouse" ".read $work/warehouse.sql" | LC_ALL=C sort > "$work/kept"
  loaded ".read $work/json.sql" | LC_ALL=C sort > "$work/all"
  [ -s "$work/kept" ]
  LC_ALL=C comm -23 "$work/kept" "$work/all" > "$work/invented"
  [ ! -s "$work/invented" ] || { echo "$name: rows that no record has"; head -3 "$work/invented"; exit 1; }
  LC_ALL=C comm -13 "$work/kept" "$work/all" >> "$work/missing"
done
[ "$(wc -l < "$work/missing")" -le "$replaced" ]

# The same id from two sources is two records, and both are found.
two=$work/two.db
for source in a b; do
  loaded_on "$two" "SELECT cdr_init();" "SELECT cdr_import('samples/mluvii/', '{\"source\": \"$source\"}');" > "$work/import"
done
[ "$(loaded_on "$two" "SELECT group_concat(id || _source) FROM (SELECT id, _source FROM mluvii_session WHERE id = '880102' ORDER BY _source);")" = 880102a,880102b ]
[ "$(loaded_on "$two" "SELECT group_concat(id || _source) FROM mluvii_session WHERE id = '880102' AND _source = 'b';")" = 880102b ]
[ "$(loaded_on "$two" "SELECT count(*) FROM mluvii_session WHERE id = '8801020';")" = 0 ]
[ "$(loaded_on "$two" "SELECT group_concat(DISTINCT _source) FROM mluvii_session WHERE _source = 'b';")" = b ]

# A host that enforces foreign keys can import, import again, and erase.
keys=$work/keys.db
loaded_on "$keys" "SELECT cdr_init();" "PRAGMA foreign_keys = ON;" "SELECT cdr_import('samples/');" "SELECT cdr_import('samples/mluvii/', '{\"fetched_at\": \"2030-01-01\"}');" \
  "SELECT cdr_rebuild();" "SELECT cdr_erase('interaction', '880102');" "PRAGMA foreign_keys;" > "$work/import"
grep -q '"failed":0,.*"quarantined":0' "$work/import"
[ "$(tail -1 "$work/import")" = 1 ]
