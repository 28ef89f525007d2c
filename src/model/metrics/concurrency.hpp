// The largest number of spans that overlap: an exact sweep, to the millisecond, over spans that can
// be added and removed. A span includes its start but not its end. So two consecutive spans do not
// overlap, and a span without a length overlaps nothing.
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
  // Steps sorted by time, each instant once, with their sum and the peak of their running sum.
  struct Block {
    std::vector<Step> steps;
    std::int64_t sum = 0, peak = 0;
    void add_up();
  };
  void change(std::int64_t start_ms, std::int64_t end_ms, int by);
  void step(std::int64_t ms, int by);
  void order();

  std::vector<Step> loose_;  // unsorted, until a result is needed
  std::vector<Block> blocks_;
};

}  // namespace cdr
