// Decides which of two records with the same id counts. Content decides, not arrival
// (ARCHITECTURE.md, decision 5), so that every order of reading gives the same result.
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
// The hash alone; it costs almost nothing if the record contains no white space. If the hash and
// the other inputs to the record's meaning agree, so does its whole rank.
Rank hash_of(const Record& record);

}  // namespace cdr
