// Intervals of time that may overlap, and the time that they cover, in which nothing counts twice.
#pragma once

#include <optional>
#include <vector>

#include "model/state.hpp"

namespace cdr {

struct Spell {
  Instant from, to;
  bool derived = false;  // its beginning or end is our reading rather than an event
};

// The time that the intervals cover, from the first beginning to the last end; nullopt if there are
// no intervals. Its basis is measured, or derived if an interval is derived.
std::optional<StateSpan> covered(std::vector<Spell> intervals);
// The same, with the basis that the caller gives.
std::optional<StateSpan> covered(std::vector<Spell> intervals, Basis basis);

// The same time in as few intervals as possible, sorted by their beginning.
std::vector<Spell> merged(std::vector<Spell> intervals);
// overlap() returns the parts of `a` that `b` covers too, without() the parts that `b` does not
// cover. All parts from overlap() are derived, and those that without() has cut.
std::vector<Spell> overlap(const std::vector<Spell>& a, const std::vector<Spell>& b);
std::vector<Spell> without(std::vector<Spell> a, const std::vector<Spell>& b);

}  // namespace cdr
