# Sourced by the end-to-end tests: the stock sqlite3 shell, with and without the library in $library.
plain() { sqlite3 -batch -init /dev/null :memory: "$@"; }
loaded() {
  if ldd "$library" | grep -q libasan; then
    LD_PRELOAD="$(ldd "$library" | awk '/libasan|libubsan|libstdc\+\+/ {print $3}' | tr '\n' ' ')" \
      sqlite3 -batch -init /dev/null :memory: ".load $library" "$@"
  else
    sqlite3 -batch -init /dev/null :memory: ".load $library" "$@"
  fi
}
