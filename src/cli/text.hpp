// UTF-8 as terminals show it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/text.hpp"

namespace cdr::cli {

// Columns that it takes on a terminal: 0 for combining characters, 2 for wide ones (CJK, emoji).
int width_of(char32_t character);
std::size_t width_of(std::string_view text);

// Safe to show in one line: a control character is replaced by its picture (U+240A for a line
// feed), so that no data moves the cursor.
std::string printable(std::string_view text);
// The same text, in valid UTF-8.
std::string valid_utf8(std::string_view text);
// Gives `value` back. Throws Failure, which names the option, when it is not UTF-8.
const std::string& require_utf8(std::string_view option, const std::string& value);

}  // namespace cdr::cli
