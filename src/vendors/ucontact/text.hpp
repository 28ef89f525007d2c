// Small texts of vendors that contain more than one value, converted to JSON.
#pragma once

#include <string>
#include <string_view>

namespace cdr {

// uContact's `k=v:k2=v2` (parandvalues, data) as a JSON object: 'a=1:b=2' → {"a":"1","b":"2"}.
// Values are text. An item is split at its first '=', so a value may contain more; an item without
// '=' becomes a key with null; empty items are skipped. A key that occurs more than once gets the
// list of its values, in order. A colon always separates items: the form cannot have one inside a
// value.
std::string kv_json(std::string_view text);

// The addresses where uContact's recording of a call may be, as a JSON list, in the order of the
// vendor's page: on the telephony host records/<guid>.mp3 and records/<folder>/<guid>.mp3, on the
// backup host (if there is one) the same two, folder first; then the same addresses with .gsm. The
// folder is the date of `calldate` exactly as the vendor writes it (local, never converted to a
// zone), without hyphens; if `calldate` does not begin with a date, the addresses with a folder are
// left out. Hosts are given bare, or with https:// (or http://, which is kept). "" if guid or host
// is empty.
std::string recording_urls(std::string_view guid, std::string_view calldate, std::string_view host,
                           std::string_view backup_host = {});

// The same paths without a host: 'records/<guid>.mp3' and so on.
std::string recording_paths(std::string_view guid, std::string_view calldate);

}  // namespace cdr
