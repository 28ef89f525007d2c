#!/bin/sh
# Runs a test that is written in Python: python.sh LIBRARY ROOT SCRIPT COUNT COUNT_SANITIZED. A library with sanitizers takes many times as long, so
# it has a count of its own.
set -eu
library=$1 root=$2 script=$3 count=$4
. "$root/tests/e2e/shell.sh"
! is_sanitized || count=$5
# Debian's Python, which can load extensions. Python does not free all of its memory when it ends.
LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0 exec /usr/bin/python3 "$root/tests/fault/$script" "$library" "$root" "$count"
