// Words of enumerations, as vendors write them: 'ANSWERED', 'answered', "customer ". A word means
// the same whatever its case and the blanks around it, so every comparison of a vendor's word uses
// these functions. The word as the vendor wrote it stays in the vendor's own column.
#pragma once

#include <string_view>

#include "core/text.hpp"

namespace cdr {

inline constexpr std::string_view no_break_space = "\xC2\xA0";

// The word without the blanks, tabs, line ends and no-break spaces around it. Also used for ids,
// because vendors' published examples have ids with a tab after them.
constexpr std::string_view trim_word(std::string_view word) {
  while (true) {
    const std::size_t before = word.size();
    word = trim(word);
    if (word.starts_with(no_break_space)) word.remove_prefix(no_break_space.size());
    if (word.ends_with(no_break_space)) word.remove_suffix(no_break_space.size());
    if (word.size() == before) return word;
  }
}

constexpr bool same_word(std::string_view a, std::string_view b) {
  return equal_ignoring_case(trim_word(a), trim_word(b));
}

constexpr bool word_starts_with(std::string_view word, std::string_view start) {
  word = trim_word(word);
  return word.size() >= start.size() && equal_ignoring_case(word.substr(0, start.size()), start);
}

}  // namespace cdr
