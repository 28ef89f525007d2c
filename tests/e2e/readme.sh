#!/bin/sh
# What README.md shows is what comes out, from its top to its end, in one folder and one database, cdr.db. Every ```sql block gives the ```text block
# behind it; where it names nothing of libcdr's, without libcdr too. Every ```console block that shows what its commands say is run, and they
# say just that.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(dirname "$library"):$PATH
unset CDR_DB

# A file for each block, in the order of the README: 01.sql and 01.text; 02.console.
mkdir "$work/blocks" "$work/in"
awk -v work="$work/blocks" '
  /^```(sql|console)$/ {kind = substr($0, 4); to = sprintf("%s/%02d.%s", work, ++n, kind); next}
  /^```text$/ {to = sprintf("%s/%02d.text", work, n); next}
  /^```/      {to = ""; next}
  to != ""    {print > to}' "$root/README.md"
loaded "SELECT name FROM cdr_tables UNION SELECT name FROM cdr_functions;" > "$work/names"

ln -s "$root/samples" "$work/in/samples"
cd "$work/in"
differs() { echo "differs for:"; cat "$1"; exit 1; }
queries=0 alone=0 commands=0
for block in "$work"/blocks/*; do
  case $block in
    *.sql)
      expected=${block%.sql}.text
      [ -e "$expected" ] || { echo "a sql block without its output:"; cat "$block"; exit 1; }
      loaded_on cdr.db ".mode box" ".read $block" 2>&1 | diff -u "$expected" - || differs "$block"
      queries=$((queries + 1))
      grep -qwFf "$work/names" "$block" || {
        plain_on cdr.db ".mode box" ".read $block" 2>&1 | diff -u "$expected" - || differs "$block"
        alone=$((alone + 1))
      }
      ;;
    *.console)
      # What only installs, builds or asks shows no output; a session in the shell is no command.
      grep -qv '^\$ ' "$block" && ! grep -q '^sqlite> ' "$block" || continue
      grep '^\$ ' "$block" | cut -c 3- > "$work/commands"
      while IFS= read -r command; do
        printf '$ %s\n' "$command"
        sh -c "$command" 2>&1 < /dev/null || true
      done < "$work/commands" | sed 's/ *$//' | diff -u "$block" - || differs "$block"
      commands=$((commands + $(wc -l < "$work/commands")))
      ;;
  esac
done
echo "$queries queries, $alone of them without libcdr too; $commands commands"
[ "$queries" -ge 12 ] && [ "$alone" -ge 5 ] && [ "$commands" -ge 6 ] || { echo "too few blocks found"; exit 1; }
