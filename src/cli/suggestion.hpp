// What was probably meant by a word that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cdr::cli {

// The candidate that is nearest, counting letters that are missing, added, other or swapped; "" if
// none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// " (did you mean query?)", or "".
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace cdr::cli
