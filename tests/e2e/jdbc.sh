#!/bin/sh
# The warehouse over JDBC, with Debian's driver: see jdbc.py. ./dev soak installs the required packages.
set -eu
library=$1 root=$2
driver=/usr/share/java/xerial-sqlite-jdbc.jar
[ -f $driver ] && command -v javac > /dev/null || { echo "skipped: libxerial-sqlite-jdbc-java or a JDK is not installed"; exit 77; }
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "skipped: Java does not run with the sanitizer"; exit 77; }
"$program" import "$root/samples" > /dev/null
"$program" import --db cdr.db - <<'END_OF_INPUT' > /dev/null || [ $? = 3 ]
{"dialog_uuid": "d-2", "talking_time": 1000,}
END_OF_INPUT
plain_on cdr.db "UPDATE import_file SET bytes = 5000000000 WHERE import_id = 1"  # beyond 32 bits
javac -cp $driver -d classes "$root/tests/e2e/Jdbc.java"
/usr/bin/python3 "$root/tests/e2e/jdbc.py" "$driver:classes" cdr.db "$library"
