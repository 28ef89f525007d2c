// UTF-8, a character at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace cdr {

// How many bytes the character at the front of `text` takes; 0 when there is none.
std::size_t utf8_size(std::string_view text);

}  // namespace cdr
