// The ids of records, as hashes: to see whether any comes twice, before more is done about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vendors/vendor.hpp"

namespace cdr {

// Within one run of the program.
std::uint64_t hash_of_id(const Resource& resource, std::string_view id);

class IdSet {
 public:
  // A hash that comes twice is seen when the next one is added, or by finish(): by then its place
  // in memory, rarely a near one, has had time to arrive.
  void add(std::uint64_t hash);
  void finish();
  // That two ids have the same hash is as good as impossible.
  bool any_twice() const { return any_twice_; }
  // What it takes in memory.
  std::size_t bytes() const { return slots_.size() * sizeof(std::uint64_t); }

 private:
  void grow();
  std::vector<std::uint64_t> slots_;  // 0 = free
  std::size_t size_ = 0;
  std::uint64_t last_ = 0;  // not in its slot yet; 0 = none
  bool any_twice_ = false;
};

}  // namespace cdr
