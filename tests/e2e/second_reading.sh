#!/bin/sh
# The vendors' arithmetic implemented a second time, in another language, over generated and mutated records: see second_reading.py.
#
#   second_reading.sh LIBRARY ROOT [INTERACTIONS]   INTERACTIONS of each vendor, three times (1500)
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
exec /usr/bin/python3 "$root/tests/e2e/second_reading.py" "$library" "$(dirname "$library")/cdr_generate" "${CDR_TEST_SEED:-20240502}" "${3-1500}"
