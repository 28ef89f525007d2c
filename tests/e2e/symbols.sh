#!/bin/sh
# libcdr.so exports only its two entry points, and calls the host's SQLite instead of its own.
set -eu
library=$1
symbols=$(nm -D --defined-only "$library" | awk '{print $3}' | sort | tr '\n' ' ')
[ "$symbols" = "sqlite3_cdr_init sqlite3_extension_init " ] || { echo "exports: $symbols"; exit 1; }
if ldd "$library" | grep -q libsqlite3; then echo "is linked with sqlite3"; exit 1; fi
if nm -D --undefined-only "$library" | grep -q ' sqlite3_'; then echo "calls sqlite3 directly"; exit 1; fi
