// UTF-8 as terminals show it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/text.hpp"

namespace cdr::cli {

// The columns that a character takes on a terminal: 0 for combining ones, 2 for wide ones (CJK,
// emoji).
int width_of(char32_t character);
std::size_t width_of(std::string_view text);

// Makes the text safe to show in one line: a control character is replaced by its picture (U+240A
// for a line feed), or by U+FFFD if it has none, as are line separators and marks that change the
// direction of writing. So no data moves the cursor or changes the order of what is beside it.
std::string printable(std::string_view text);
// Returns `value`. Throws Failure that names the option if it is not UTF-8.
const std::string& require_utf8(std::string_view option, const std::string& value);

}  // namespace cdr::cli
