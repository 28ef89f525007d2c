// How many spans overlap at most: an exact sweep, to the millisecond, over spans that come and go.
//
// A span includes its begin and not its end. So two that follow each other do not overlap, and one
// without a length overlaps nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cdr {

class Concurrency {
 public:
  static constexpr std::int64_t no_end = INT64_MAX;
  void add(std::int64_t start_ms, std::int64_t end_ms) { change(start_ms, end_ms, 1); }
  void remove(std::int64_t start_ms, std::int64_t end_ms) { change(start_ms, end_ms, -1); }
  std::int64_t peak();

 private:
  struct Step {
    std::int64_t ms, change;
  };
  // Steps in order, each instant once, and what they add up to.
  struct Block {
    std::vector<Step> steps;
    std::int64_t sum = 0, peak = 0;
    void add_up();
  };
  void change(std::int64_t start_ms, std::int64_t end_ms, int by);
  void step(std::int64_t ms, int by);
  void order();

  std::vector<Step> loose_;  // in no order, until somebody asks
  std::vector<Block> blocks_;
};

}  // namespace cdr
