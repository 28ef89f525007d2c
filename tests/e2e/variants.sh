#!/bin/sh
# Every key of every vendor's records in other spellings: see variants.py.
set -eu
library=$1 root=$2
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
exec /usr/bin/python3 "$root/tests/e2e/variants.py" "$library" "$(dirname "$library")/cdr_generate" "$root"
