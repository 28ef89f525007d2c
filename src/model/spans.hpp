// Stretches of time that may overlap, and the time that they cover, in which nothing counts twice.
#pragma once

#include <optional>
#include <vector>

#include "model/state.hpp"

namespace cdr {

struct Spell {
  Instant from, to;
  bool derived = false;  // an end of it is our reading rather than an event
};

// The time that the intervals cover, from the first beginning to the last end. nullopt without any.
// Measured, unless an interval is derived.
std::optional<StateSpan> covered(std::vector<Spell> intervals);
// The same, on a basis that the caller knows.
std::optional<StateSpan> covered(std::vector<Spell> intervals, Basis basis);

// The same time in as few intervals as possible, by their beginning.
std::vector<Spell> merged(std::vector<Spell> intervals);
// Parts of `a` that `b` covers too, and parts that it does not. What is cut is derived.
std::vector<Spell> overlap(const std::vector<Spell>& a, const std::vector<Spell>& b);
std::vector<Spell> without(std::vector<Spell> a, const std::vector<Spell>& b);

}  // namespace cdr
