// What a record must not hold beyond what JSON itself forbids.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace cdr {

// One object's keys and where each stands, emptied in constant time for the next object.
class KeyTable {
 public:
  void start(std::size_t size) {
    std::size_t slots = 16;
    while (slots < size * 2) slots *= 2;
    if (slots > slots_.size()) slots_.resize(slots);
    mask_ = slots - 1;
    if (++round_ == 0) {  // the stamp wrapped: old stamps would look current
      slots_.assign(slots_.size(), {});
      round_ = 1;
    }
  }
  // false: it was there.
  bool insert(std::string_view key, std::uint32_t place) {
    Slot& slot = slots_[find_slot(key)];
    if (slot.round == round_) return false;
    slot = {key, round_, place};
    return true;
  }
  // The key's place, or `none`.
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::uint32_t find(std::string_view key) const {
    const Slot& slot = slots_[find_slot(key)];
    return slot.round == round_ ? slot.place : none;
  }

 private:
  // Of the length, the first and the last eight bytes: field names that agree in all three are
  // rare, and equal hashes are compared.
  static std::size_t hash(std::string_view key) {
    std::uint64_t first = 0, last = 0;
    if (key.size() >= 8) {
      std::memcpy(&first, key.data(), 8);
      std::memcpy(&last, key.data() + key.size() - 8, 8);
    } else {
      for (const char c : key) first = first << 8 | static_cast<unsigned char>(c);
    }
    const std::uint64_t mixed =
        (first ^ (last * 0x9E3779B97F4A7C15u) ^ key.size()) * 0xD6E8FEB86659FD93u;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
  }
  std::size_t find_slot(std::string_view key) const {
    std::size_t slot = hash(key) & mask_;
    while (slots_[slot].round == round_ && slots_[slot].key != key) slot = (slot + 1) & mask_;
    return slot;
  }
  struct Slot {
    std::string_view key;
    std::uint32_t round = 0;
    std::uint32_t place = 0;
  };
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::uint32_t round_ = 0;
};

// NUL ends a C string half-way through; half a surrogate pair is not UTF-8.
inline bool has_forbidden_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0) return true;
    if (byte == 0xED && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0)
      return true;
  }
  return false;
}

}  // namespace cdr
