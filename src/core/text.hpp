// Small questions about ASCII text. Vendors' keys and enum values are ASCII; everything else is
// passed through.
#pragma once

#include <string>
#include <string_view>

namespace cdr {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Whether an id says that there is none, as systems without an answer write it: nothing but blanks,
// 0, or the nil UUID. Thousands of records that have nothing to do with each other share such ids.
constexpr bool names_nothing(std::string_view id) {
  id = trim(id);
  return id.empty() || id == "0" || id == "00000000-0000-0000-0000-000000000000";
}

// Appends `text` as a JSON string literal, quotes included.
void append_json_string(std::string& to, std::string_view text);

}  // namespace cdr
