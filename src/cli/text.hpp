// UTF-8 as terminals show it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cdr::cli {

inline constexpr char32_t replacement = 0xFFFD;

// The character that begins at `at`, which moves behind it. What is not UTF-8 gives U+FFFD, byte by
// byte.
char32_t next_character(std::string_view text, std::size_t& at);
void append_character(std::string& to, char32_t character);

// Columns that it takes on a terminal: 0 for combining characters, 2 for wide ones (CJK, emoji).
int width_of(char32_t character);
std::size_t width_of(std::string_view text);

// Safe to show in one line: a control character is replaced by its picture (U+240A for a line
// feed), so that no data moves the cursor.
std::string printable(std::string_view text);
// The same text, in valid UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace cdr::cli
