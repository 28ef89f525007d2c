// The ids of records, as hashes: a cheap check whether any occurs twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/large_pages.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// The hash is valid only within one run of the program.
std::uint64_t hash_of_id(const Resource& resource, std::string_view id);

class IdSet {
 public:
  // A repeated hash is noticed when the next one is added, or by finish(). By then the processor
  // has had time to load its slot, which is rarely in the cache.
  void add(std::uint64_t hash);
  void finish();
  // It is practically impossible that two ids have the same hash.
  bool any_twice() const { return any_twice_; }
  // The bytes of memory in use.
  std::size_t bytes() const { return slots_.size() * sizeof(std::uint64_t); }

 private:
  using Slots = std::vector<std::uint64_t, LargePages<std::uint64_t>>;
  void grow();
  Slots slots_;  // 0 = free
  std::size_t size_ = 0;
  std::uint64_t last_ = 0;  // not in its slot yet; 0 = none
  bool any_twice_ = false;
};

}  // namespace cdr
