#!/bin/sh
# README.md and the pages of docs/ show what really comes out: see docs.py.
#
#   docs.sh [--update] LIBRARY ROOT [PAGE…]
set -eu
exec /usr/bin/python3 "$(dirname "$0")/docs.py" "$@"
