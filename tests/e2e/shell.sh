# Sourced by the end-to-end tests: the stock sqlite3 shell, with and without the library in $library, in memory or on a database.
plain() { plain_on :memory: "$@"; }
loaded() { loaded_on :memory: "$@"; }
plain_on() { sqlite3 -batch -init /dev/null "$@"; }
loaded_on() {
  database=$1
  shift
  LD_PRELOAD=$(preload) sqlite3 -batch -init /dev/null "$database" ".load $library" "$@"
}
# The address sanitizer must be loaded before a program that was not built with it.
preload() {
  ! is_sanitized || ldd "$library" | awk '/libasan|libubsan|libstdc\+\+/ {print $3}' | tr '\n' ' '
}
is_sanitized() { ldd "$library" | grep -q libasan; }
