# Sourced by the benches: sets the paths, and installs the requirements. $1 is the build.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/release}
build=$(cd "$build" && pwd)
bench=$root/build/bench
python=/usr/bin/python3  # Debian's Python, which can load extensions
mkdir -p "$bench"

needs() {  # PROGRAM…
  for program in "$@"; do
    command -v "$program" > /dev/null || {
      echo "bench: $program is missing; run './dev bench', which installs what is needed" >&2
      exit 1
    }
  done
}
# Installs npm's DuckDB, and beside it the script that queries it, because node looks for the package there.
needs_duckdb() {  # SCRIPT
  if ! cmp -s "$root/tests/bench/package.json" "$bench/package.json" || [ ! -d "$bench/node_modules/@duckdb" ]; then
    cp "$root/tests/bench/package.json" "$bench/"
    (cd "$bench" && npm install --no-audit --no-fund --loglevel=error >&2)
  fi
  cp "$root/tests/bench/$1" "$bench/"
}
