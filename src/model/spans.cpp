#include "model/spans.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cdr {
namespace {

void sort_by_beginning(std::vector<Spell>& intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Spell& a, const Spell& b) { return a.from < b.from; });
}

}  // namespace

std::optional<StateSpan> covered(std::vector<Spell> intervals) {
  const bool is_derived = std::any_of(intervals.begin(), intervals.end(),
                                      [](const Spell& each) { return each.derived; });
  return covered(std::move(intervals), is_derived ? Basis::derived : Basis::measured);
}

std::optional<StateSpan> covered(std::vector<Spell> intervals, Basis basis) {
  if (intervals.empty()) return std::nullopt;
  sort_by_beginning(intervals);
  const Instant begin = intervals.front().from;
  Instant end = begin;
  std::int64_t us = 0;
  for (const Spell& each : intervals) {
    if (each.to <= end) continue;
    us += each.to.us - std::max(each.from, end).us;
    end = each.to;
  }
  return StateSpan{seconds_between({0}, {us}), basis, begin, end};
}

std::vector<Spell> merged(std::vector<Spell> intervals) {
  sort_by_beginning(intervals);
  std::vector<Spell> whole;
  for (const Spell& each : intervals) {
    if (whole.empty() || whole.back().to < each.from) {
      whole.push_back(each);
      continue;
    }
    whole.back().to = std::max(whole.back().to, each.to);
    whole.back().derived |= each.derived;
  }
  return whole;
}

std::vector<Spell> overlap(const std::vector<Spell>& a, const std::vector<Spell>& b) {
  std::vector<Spell> both;
  for (const Spell& one : a)
    for (const Spell& other : b) {
      const Instant from = std::max(one.from, other.from);
      const Instant to = std::min(one.to, other.to);
      if (from < to) both.push_back({from, to, true});
    }
  return both;
}

std::vector<Spell> without(std::vector<Spell> a, const std::vector<Spell>& b) {
  for (const Spell& cut : b) {
    if (cut.to <= cut.from) continue;
    std::vector<Spell> rest;
    for (const Spell& each : a) {
      if (cut.to <= each.from || each.to <= cut.from) {
        rest.push_back(each);
        continue;
      }
      if (each.from < cut.from) rest.push_back({each.from, cut.from, true});
      if (cut.to < each.to) rest.push_back({cut.to, each.to, true});
    }
    a = std::move(rest);
  }
  return a;
}

}  // namespace cdr
