// Two records of one id: which one counts. Content decides, not arrival (ARCHITECTURE.md, decision
// 5), so that any order of reading gives the same.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "core/time.hpp"
#include "json/document/record.hpp"

namespace cdr {

// Compared in this order; the greater one counts.
struct Rank {
  std::optional<Instant> latest;  // Resource::latest
  std::uint64_t provided = 0;     // values that are provided
  std::uint64_t hash_high = 0;    // of the JSON without white space
  std::uint64_t hash_low = 0;
  auto operator<=>(const Rank&) const = default;
};

Rank rank_of(const Record& record);
// The hash alone, for nearly nothing where no white space stands in the record: where it and what
// else decides what the record means agree, so does the rest.
Rank hash_of(const Record& record);

}  // namespace cdr
