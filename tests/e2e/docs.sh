#!/bin/sh
# The outputs shown in README.md and the pages of docs/ are the real ones: see docs.py.
#
#   docs.sh [--update] LIBRARY ROOT [PAGE…]
set -eu
exec /usr/bin/python3 "$(dirname "$0")/docs.py" "$@"
