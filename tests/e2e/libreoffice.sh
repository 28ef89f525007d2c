#!/bin/sh
# A warehouse in headless LibreOffice: over ODBC with the DSN that cdr odbc writes, and as the workbook that cdr export writes. See libreoffice.py.
# ./dev soak installs the required packages.
set -eu
library=$1 root=$2
command -v soffice > /dev/null && /usr/bin/python3 -c 'import uno' 2> /dev/null && driver=$(dpkg -L libsqliteodbc 2> /dev/null | grep '/libsqlite3odbc\.so$') &&
  [ "$(find /usr/lib/libreoffice/program '(' -name libodbclo.so -o -name libdbaxmllo.so ')' 2> /dev/null | wc -l)" = 2 ] ||
  { echo "skipped: LibreOffice with Base and Calc, its ODBC driver, python3-uno or libsqliteodbc is not installed"; exit 77; }
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "skipped: LibreOffice does not load a library with the sanitizer"; exit 77; }
export HOME="$work" ODBCSYSINI="$work/system" ODBCINI="$work/my.ini"
mkdir system
printf '[SQLite3]\nDriver = %s\n' "$driver" > system/odbcinst.ini
"$program" import "$root/samples" > /dev/null 2>&1
"$program" odbc --install > /dev/null
# The second DSN of docs/odbc.md, for Calc.
"$program" odbc --install --name cdr-calc > /dev/null
sed -i '/^\[cdr-calc\]/,$s/^BigInt = 1$/BigInt = 0/' my.ini
"$program" export interaction queue_visit --out day.xlsx > /dev/null
/usr/bin/python3 "$root/tests/e2e/libreoffice.py" cdr.db
