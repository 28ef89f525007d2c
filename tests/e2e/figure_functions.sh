#!/bin/sh
# Functions and aggregates of figures against other implementations of them: see figure_functions.py.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0 exec /usr/bin/python3 "$root/tests/e2e/figure_functions.py" "$library"
