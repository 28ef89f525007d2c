# Sourced by the tests of the program cdr: the program, an empty working folder, and `expect`.
program=$(dirname "$library")/cdr
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset CDR_DB

# expect STATUS ARGUMENT…: runs cdr, checks its exit status, and compares its whole output (standard output, then standard error) with standard input
# here. cdr itself reads the file `in`.
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
