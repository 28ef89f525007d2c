#!/bin/sh
# The same days as four vendors record them, compared with one list of true events: see four_vendors.py.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0 exec /usr/bin/python3 "$root/tests/e2e/four_vendors.py" "$library" \
  "$(dirname "$library")/cdr_generate" "${CDR_TEST_SEED:-20240502}"
