// Small functions on text. Vendors' keys and enum values are ASCII. All other text is passed
// through; it should be UTF-8, but may be damaged.
#pragma once

#include <cstddef>
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

// A key as it is compared with keys in other spellings: in lower case, without the characters that
// join its words.
std::string plain_key(std::string_view key);
constexpr bool joins_words(char c) {
  return c == '_' || c == '-' || c == ' ';
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Whether the text begins like a JSON object or list, rather than like a path or a word.
constexpr bool looks_like_json(std::string_view text) {
  text = trim(text);
  return !text.empty() && (text.front() == '{' || text.front() == '[');
}

// Whether an id is only a placeholder: nothing but blanks, 0, or the nil UUID. Systems write these
// if they have no id, so thousands of unrelated records share them.
constexpr bool names_nothing(std::string_view id) {
  id = trim(id);
  return id.empty() || id == "0" || id == "00000000-0000-0000-0000-000000000000";
}

inline constexpr char32_t replacement = 0xFFFD;

// Returns the character that begins at `at`, and moves `at` past it. Each byte that is not UTF-8
// gives U+FFFD.
char32_t next_character(std::string_view text, std::size_t& at);
void append_character(std::string& to, char32_t character);
// Whether the character makes a terminal do something instead of showing it, or misleads the
// reader: controls, line separators, and marks that change the direction of writing.
constexpr bool is_active(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0) ||
         (character >= 0x2028 && character <= 0x202E) ||
         (character >= 0x2066 && character <= 0x2069);
}
// The same text, with U+FFFD for each byte that is not UTF-8.
std::string valid_utf8(std::string_view text);

// A message as a person may see it: one line of valid UTF-8, whatever paths, keys and SQL it
// quotes. A control character is written as in C (\n, \t, \r, \x1b, \u0085), a byte that is not
// UTF-8 as \xNN, and a character that changes the direction of writing or breaks the line as
// \uNNNN. All other text, including backslashes, stays as it is, so that a second call changes
// nothing.
std::string shown(std::string_view text);
// Like shown(), but writes into `to`, which must have room for most_shown bytes per byte of `text`.
// Returns the number of bytes written. Allocates nothing.
std::size_t show(std::string_view text, char* to) noexcept;
inline constexpr std::size_t most_shown = 4;

// Quotes a name for SQL: a"b → "a""b".
std::string quoted_name(std::string_view name);

// Appends `text` as a JSON string literal, quotes included.
void append_json_string(std::string& to, std::string_view text);

}  // namespace cdr
