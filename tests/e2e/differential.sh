#!/bin/sh
# Each sample file by itself, and then each vendor's folder as a whole: its JSON is compared with a warehouse that has only this file. Every row of
# every table of the model and of the vendors is compared, each value with its type, and the origin of the row. An interaction's key and the last
# import that changed it exist only in the warehouse. Then, in a warehouse of all samples, conditions on any column find the same number of rows.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
loaded ".mode list" "SELECT name FROM cdr_tables WHERE kind = 'model';" > "$work/model"
loaded ".mode list" "SELECT name FROM cdr_tables WHERE kind = 'vendor';" > "$work/vendor"
[ "$(cat "$work/model" "$work/vendor" | wc -l)" -ge 25 ]

zone() {
  case $1 in
    samples/ucontact*) echo America/Montevideo ;;
    samples/mluvii*) echo Europe/Prague ;;
    *) echo Asia/Shanghai ;;
  esac
}
find samples -mindepth 2 -type f ! -name README.md | LC_ALL=C sort > "$work/files"
[ "$(wc -l < "$work/files")" -ge 50 ]
printf 'samples/%s\n' alibaba conpeek mluvii ucontact >> "$work/files"
facts_of() {  # INPUT: prints a SELECT of each table of the model, with the columns that both sides have
  echo "SELECT 'SELECT ''' || t.name || ''', ' || group_concat('\"' || c.column_name || '\"') || ' FROM ' || t.name || '$1;' FROM cdr_tables AS t
    JOIN cdr_columns AS c ON c.table_name = t.name WHERE t.kind = 'model' AND NOT c.hidden AND c.column_name NOT IN ('interaction_key', 'last_import')
    GROUP BY t.name;"
}
while read -r file; do
  options="{\"source\": \"somebody\", \"zone\": \"$(zone "$file")\"}"
  # Only the vendors' tables have the hidden columns _source and _file.
  {
    echo "SELECT cdr_init();"
    echo "SELECT cdr_import('$file', '$options');"
    echo ".mode quote"
    for side in kept read; do
      input=''
      [ $side = kept ] || input="(cdr_file('$file', '$options'))"
      echo ".output $work/model.$side"
      loaded ".mode list" "$(facts_of "$(echo "$input" | sed "s/'/''/g")")"
      echo ".output $work/vendor.$side"
      sed "s#.*#SELECT '&', *, _source, _file FROM &$input;#" "$work/vendor"
    done
  } > "$work/sql"
  loaded ".bail on" ".read $work/sql" > "$work/import"
  for list in model.kept model.read vendor.kept vendor.read; do LC_ALL=C sort -o "$work/$list" "$work/$list"; done
  cat "$work/model.kept" >> "$work/models"
  cat "$work/vendor.kept" >> "$work/vendors"
  diff "$work/model.read" "$work/model.kept" || { echo "$file: the model's rows differ"; exit 1; }
  # From JSON, a vendor's table has all records; in the warehouse it has the newest of each id, one row each.
  LC_ALL=C comm -13 "$work/vendor.read" "$work/vendor.kept" > "$work/invented"
  [ ! -s "$work/invented" ] || { cat "$work/invented"; echo "$file: the vendor's tables have rows that no record has"; exit 1; }
  replaced=$(($(sed -n 's/.*"seen":\([0-9]*\),"inserted":\([0-9]*\),.*/\1 - \2/p' "$work/import")))
  case $file in samples/conpeek*) replaced=0 ;; esac
  missing=$(LC_ALL=C comm -23 "$work/vendor.read" "$work/vendor.kept" | wc -l)
  [ "$missing" = "$replaced" ] || { echo "$file: the vendor's tables lack $missing rows, and $replaced records were replaced"; exit 1; }
done < "$work/files"
for kind in model vendor; do
  while read -r name; do
    grep -q "^'$name'," "$work/${kind}s" || { echo "no sample has a row in $name"; exit 1; }
  done < "$work/$kind"
done

# For each column: the lookups of its single values together find all rows that have a value.
loaded_on "$work/cdr.db" "SELECT cdr_init();" "SELECT cdr_import('samples/');" > /dev/null
loaded "SELECT printf('SELECT ''%w.%w'', (SELECT count(\"%w\") FROM \"%w\"),
    (SELECT count(*) FROM (SELECT DISTINCT \"%w\" AS asked FROM \"%w\") CROSS JOIN \"%w\" ON \"%w\" = asked);', t.name, c.column_name, c.column_name, t.name, c.column_name, t.name, t.name, c.column_name)
  FROM cdr_tables AS t JOIN cdr_columns AS c ON c.table_name = t.name
  WHERE t.kind IN ('model', 'vendor') AND NOT c.hidden;" > "$work/asked.sql"
loaded_on "$work/cdr.db" ".read $work/asked.sql" > "$work/asked"
awk -F '|' '$2 != $3 {print $1 ": of " $2 " rows " $3 " were found"; bad = 1} $2 > 0 {columns++} END {exit bad || columns < 300}' "$work/asked"
echo "$(wc -l < "$work/files") files, $(wc -l < "$work/models") rows of the model and $(wc -l < "$work/vendors") of the vendors; $(wc -l < "$work/asked") columns"
