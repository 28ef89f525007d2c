#!/bin/sh
# A source includes only what its room may include, as the table in ARCHITECTURE.md says.
#
#   includes.sh LIBRARY ROOT
set -eu
cd "$2"
exec /usr/bin/python3 tests/e2e/includes.py
