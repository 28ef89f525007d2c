// Stretches of time that may overlap, and the time that they cover, in which nothing counts twice.
#pragma once

#include <optional>
#include <vector>

#include "model/state.hpp"

namespace cdr {

struct Interval {
  Instant from, to;
  bool derived = false;  // an end of it is our reading rather than an event
};

// The time that the intervals cover, from the first beginning to the last end. nullopt without any.
// Measured, unless an interval is derived.
std::optional<StateSpan> covered(std::vector<Interval> intervals);
// The same, on a basis that the caller knows.
std::optional<StateSpan> covered(std::vector<Interval> intervals, Basis basis);

// The same time in as few intervals as possible, by their beginning.
std::vector<Interval> merged(std::vector<Interval> intervals);
// Parts of `a` that `b` covers too, and parts that it does not. What is cut is derived.
std::vector<Interval> overlap(const std::vector<Interval>& a, const std::vector<Interval>& b);
std::vector<Interval> without(std::vector<Interval> a, const std::vector<Interval>& b);

}  // namespace cdr
