// What a record must not hold beyond what JSON itself forbids.
#pragma once

#include <string_view>

#include "core/text.hpp"

namespace cdr {

// NUL ends a C string half-way through; half a surrogate pair is not UTF-8.
inline bool has_forbidden_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0) return true;
    if (byte == 0xED && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0)
      return true;
  }
  return false;
}

// Whether the source could hold such a character: only an escape can make one, since its own bytes
// are valid UTF-8 and JSON has no bare NUL. (An escaped backslash before "u0000" looks like one.)
inline bool may_hold_forbidden_character(std::string_view json) {
  for (std::size_t at = 0; (at = json.find("\\u", at)) != json.npos; at += 2) {
    if (json.size() < at + 4) return false;
    const char first = lower(json[at + 2]), second = lower(json[at + 3]);
    if (first == '0' && second == '0') return true;
    if (first == 'd' && (second == '8' || second == '9' || second >= 'a')) return true;
  }
  return false;
}

}  // namespace cdr
