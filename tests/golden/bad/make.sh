#!/bin/sh
# Makes the odd inputs that are too large, too special or too compressed to be stored, in the folder $1.
#
#   tests/golden/bad/make.sh /tmp/bad
#
# As in the stored files, every file with a d-2 has a good d-1 and d-3. Uses only awk, printf, gzip and zstd.
set -eu
folder=${1:?the folder to write to}
mkdir -p "$folder"
cd "$folder"

# dialog N [MORE]: one record, with MORE after its members
dialog() {
  printf '{"dialog_uuid":"d-%s","dialog_type":"CONSULTANT","business_direction":"INBOUND",' "$1"
  printf '"start_time":"2024-03-01 08:00:00","hangup_time":"2024-03-01 08:05:00"%s}\n' "${2-}"
}
# repeat TEXT COUNT: doubles the text, so that 17 million copies do not take 17 million steps
repeat() {
  awk -v text="$1" -v count="$2" 'BEGIN {
    for (all = ""; count > 0; count = int(count / 2)) {
      if (count % 2) all = all text
      text = text text
    }
    printf "%s", all
  }'
}
# between FILE COMMAND…: the output of COMMAND, between d-1 and d-3
between() {
  file=$1
  shift
  { dialog 1; "$@"; printf '\n'; dialog 3; } >"$file"
}
open_dialog() { dialog 2 "$1" | awk '{ printf "%s", substr($0, 1, length($0) - 1) }'; }

with_note() { open_dialog ',"note":"'; repeat n "$1"; printf '"}'; }
with_list() { open_dialog ',"custom_tag_id_list":['; repeat 4, "$1"; printf '4]}'; }
with_keys() {
  open_dialog ',"variables":{'
  awk -v count="$1" 'BEGIN { for (i = 1; i <= count; ++i) printf "%s\"v%d\":1", (i > 1 ? "," : ""), i }'
  printf '}}'
}
nested() { open_dialog ',"variables":'; repeat '[' "$1"; repeat ']' "$1"; printf '}'; }
unclosed() { open_dialog ',"variables":'; repeat '[' "$1"; }
open_string() { open_dialog ',"note":"'; repeat n "$1"; }
anonymous() { printf '{"note":"'; repeat n "$1"; printf '"}'; }
blanks() { repeat ' ' "$1"; }

mib=1048576
# A string of 1 MiB is accepted; one more byte is refused.
between string_1_mib.ndjson with_note $mib
between string_over_1_mib.ndjson with_note $((mib + 1))
# A record of more than 16 MiB: with many values, with one string, without a deciding key, never closed.
between record_17_mb.ndjson with_list 8700000
between record_17_mb_string.ndjson with_note 17500000
between record_17_mb_undecided.ndjson anonymous 17500000
between record_17_mb_unclosed.ndjson open_string 17500000
{ printf '['; dialog 1; printf ','; with_list 8700000; printf ','; dialog 3; printf ']\n'; } >array_17_mb_element.json
# The record has six other keys: 10,000 in all are accepted.
between keys_10000.ndjson with_keys 9994
between keys_10001.ndjson with_keys 9995
between depth_100000.ndjson nested 100000
between depth_5000000_unclosed.ndjson unclosed 5000000
between line_2_mib_of_blanks.ndjson blanks 2097152
repeat '[' 20000000 >file_20000000_brackets.json
repeat '{' 20000000 >file_20000000_braces.json
repeat '{"data":' 2000000 >file_2000000_envelopes.json
repeat '{"x":
' 2000000 >file_2000000_open_lines.ndjson

# Compression: readable files, and each way in which they can be damaged.
{ dialog 1; dialog 2; dialog 3; } >plain
awk 'BEGIN { for (i = 1; i <= 20000; ++i)
  printf "{\"dialog_uuid\":\"d-%d\",\"dialog_type\":\"CONSULTANT\",\"note\":\"%d\"}\n", i, i * 7919 }' >many
cut_to() { dd if="$1" bs=1 count="$2" 2>/dev/null; }
half() { cut_to "$1" $(($(wc -c <"$1") / 2)); }
for how in gz zst; do
  case $how in
    gz) pack() { gzip -nc; } ;;
    zst) pack() { zstd -qc; } ;;
  esac
  pack <plain >good.json.$how
  pack <plain >good_without_name_$how.json
  { dialog 1 | pack; dialog 2 | pack; dialog 3 | pack; } >several_members.json.$how
  pack </dev/null >empty.json.$how
  pack <many >many.$how
  half many.$how >cut.json.$how
  cut_to good.json.$how $(($(wc -c <good.json.$how) - 1)) >cut_by_one.json.$how
  cut_to good.json.$how 3 >cut_to_3.json.$how
  { cat good.json.$how; printf garbage; } >garbage_behind.json.$how
  { cut_to many.$how 2000; printf 'XXXXXXXX'; half many.$how; } >damaged.json.$how
  { dialog 1; repeat ' ' 20000000; dialog 3; } | pack >bomb.json.$how
  pack <good.json.$how >twice.json.$how.$how
  rm many.$how
done
rm plain many

# Files that are not regular.
mkdir -p folder.json empty_folder
test -p fifo.json || mkfifo fifo.json
ln -sf nowhere dangling.json
ln -sf loop.json loop.json
