#!/bin/sh
# An import into a file on a disk that becomes full, in WAL and in DELETE mode: it reports the error, the file is sound and contains whole files only,
# and when there is room again, a second import gives the result of an undisturbed one.
#
#   disk_full.sh LIBRARY ROOT [LEVELS]   on disks of LEVELS sizes (4) in each mode, from hardly any room to nearly enough
#
# The disk is a tmpfs in a mount namespace of its own, which ends with the process. If that is not allowed, the size of files is limited
# instead (ulimit -f), and the test says so.
set -eu
library=$1 root=$2 levels=${3-4}
. "$root/tests/e2e/shell.sh"
! is_sanitized || { echo "left out: too slow under the sanitizers"; exit 77; }
if [ -z "${DISK_FULL_NAMESPACE-}" ] && unshare -rm true 2> /dev/null; then
  DISK_FULL_NAMESPACE=1 exec unshare -rm "$0" "$@"
fi
work=$(mktemp -d)
trap 'cd /; umount "$work/disk" 2> /dev/null || true; rm -rf "$work"' EXIT
cd "$work"
mkdir disk
warehouse=disk/w.db
if [ -n "${DISK_FULL_NAMESPACE-}" ] && mount -t tmpfs -o size=64m none disk 2> /dev/null; then
  resize() { mount -o "remount,size=$1" disk; }
  limited() { "$@"; }
  what='a tmpfs'
else
  echo 'no tmpfs may be mounted here: the size of files is limited instead'
  resize() { limit=$1; }
  limited() { (trap '' XFSZ; ulimit -f $((limit / 512)); exec "$@"); }
  what='files'
fi
. "$root/tests/e2e/whole_files.sh"

how='no room'
# SQLite's temporary files are on the same disk.
attempt() { limited env SQLITE_TMPDIR="$PWD/disk" sqlite3 -batch -init /dev/null "$warehouse" ".load $library" "SELECT cdr_import('in');" > said 2>&1; }

for mode in wal delete; do
  # The size before the import, and the size with which it succeeds: during the import, journals need more than the final file.
  begin "$warehouse" $mode
  empty=$(du -cb disk/* | tail -1 | cut -f 1)
  all=$(wc -c < stepwise.db)
  while
    resize "$all"
    ! attempt
  do
    resize 64m
    begin "$warehouse" $mode
    all=$((all + all / 32768 * 4096))
    [ $all -lt 64000000 ] || { cat said; echo 'it does not import with enough room either'; exit 1; }
  done
  level=0 left='' full=0
  while [ $level -lt "$levels" ]; do
    begin "$warehouse" $mode
    size=$(((empty + (all - empty) * level / levels) / 4096 * 4096 + 4096))
    at="$size of $all bytes"
    resize $size
    status=0
    attempt || status=$?
    resize 64m
    check
    if [ "$whole" != $files ]; then
      full=$((full + 1))
      [ $status != 0 ] && grep -q 'the warehouse: ' said || { cat said; fail "it does not say so"; }
    fi
    left="$left $whole"
    again
    level=$((level + 1))
  done
  echo "$mode: $what of $levels sizes, $full too small; whole files then:$left of $files"
  [ $((full * 4)) -ge $((levels * 3)) ] || { echo "too few of them were too small"; exit 1; }
done
