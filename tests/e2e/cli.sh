# Sourced by the tests of the program cdr: the program, an empty folder to work in, and what to expect of it.
program=$(dirname "$library")/cdr
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset CDR_DB

# expect STATUS ARGUMENT…: runs cdr; its exit status, and the whole of what it writes (standard error behind standard
# output) compared with standard input here. What cdr itself reads is in the file `in`.
: > in
expect() {
  cat > expected
  wanted=$1
  shift
  status=0
  "$program" "$@" < in > out 2> err || status=$?
  cat out err | diff -u expected - || { echo "differs: cdr $*"; exit 1; }
  [ "$status" = "$wanted" ] || { echo "exit status $status, not $wanted: cdr $*"; exit 1; }
}
