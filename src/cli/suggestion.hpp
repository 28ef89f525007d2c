// Suggests the word that was probably meant by an unknown one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cdr::cli {

// The nearest candidate, counting letters that are missing, added, different or swapped; "" if none
// is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// " (did you mean query?)", or "".
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace cdr::cli
