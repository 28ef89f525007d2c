// A set of whole numbers from 0. Numbers that are near each other take about a bit each.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace cdr {

class NumberSet {
 public:
  // false: it is in the set already.
  bool insert(std::int64_t number) {
    auto bit = parts_[number / size][place_of(number)];
    if (bit) return false;
    bit = true;
    return true;
  }
  // false: it is not in the set.
  bool erase(std::int64_t number) {
    const auto at = parts_.find(number / size);
    if (at == parts_.end() || !at->second[place_of(number)]) return false;
    at->second[place_of(number)] = false;
    return true;
  }

 private:
  static constexpr std::int64_t size = 512;
  static std::size_t place_of(std::int64_t number) {
    return static_cast<std::size_t>(number % size);
  }
  std::unordered_map<std::int64_t, std::bitset<size>> parts_;
};

}  // namespace cdr
