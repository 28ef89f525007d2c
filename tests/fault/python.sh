#!/bin/sh
# Runs a test that is written in Python: python.sh LIBRARY ROOT SCRIPT COUNT COUNT_SANITIZED. A library that has sanitizers in it takes
# many times as long, so it gets its own count.
set -eu
library=$1 root=$2 script=$3 count=$4
. "$root/tests/e2e/shell.sh"
! is_sanitized || count=$5
# Debian's own: it loads extensions. Python does not free all that it has at its end.
LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0 exec /usr/bin/python3 "$root/tests/fault/$script" "$library" "$root" "$count"
