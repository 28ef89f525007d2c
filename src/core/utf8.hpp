// Reads UTF-8 one character at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace cdr {

// The number of bytes of the character at the front of `text`; 0 if it does not begin with one.
std::size_t utf8_size(std::string_view text);

}  // namespace cdr
