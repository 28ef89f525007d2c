// The keys of a record's objects: none may come twice in one object, and some are looked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "json/tape.hpp"

namespace cdr {

inline std::uint64_t load_word(const void* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Of the length, the first and the last eight bytes: field names that agree in all three are rare,
// and equal hashes are compared.
inline std::uint32_t hash_of_key(std::string_view key, std::uint32_t seed) {
  std::uint64_t first = 0, last = 0;
  if (key.size() >= 8) {
    first = load_word(key.data());
    last = load_word(key.data() + key.size() - 8);
  } else {
    for (const char c : key) first = first << 8 | static_cast<unsigned char>(c);
  }
  const std::uint64_t mixed =
      (first ^ (last * 0x9E3779B97F4A7C15u) ^ (std::uint64_t{seed} << 32 | key.size())) *
      0xD6E8FEB86659FD93u;
  return static_cast<std::uint32_t>(mixed >> 32);
}

// The keys of one record's objects and where they stand, emptied in constant time for the next
// record. All its objects share one small table, so that it stays in the nearest cache.
class KeyTable {
 public:
  // Begins a record, whose keys stand on `tape`.
  void start_record(const Tape& tape) {
    tape_ = tape;
    if (round_ > last_round) {  // before old stamps could look current
      slots_.assign(slots_.size(), {});
      round_ = 0;
    }
    first_round_ = round_ + 1;
    size_ = 0;
  }
  // Begins an object; what it returns names it from then on.
  std::uint32_t start_object() { return ++round_; }
  // false: the object has that key already.
  bool insert(std::uint32_t object, std::uint32_t key) {
    if (++size_ * 2 > slots_.size()) grow();
    const std::string_view text = tape_.text(key);
    const std::uint32_t tag = tag_of(object, text);
    std::size_t at = tag & mask_;
    for (; slots_[at].object >= first_round_; at = (at + 1) & mask_)
      if (is_key(slots_[at], object, tag, text)) return false;
    slots_[at] = {object, tag, key};
    return true;
  }
  static constexpr std::uint32_t none = 0;
  // Where the object's key stands, or `none`.
  std::uint32_t find(std::uint32_t object, std::string_view text) const {
    if (size_ == 0) return none;
    const std::uint32_t tag = tag_of(object, text);
    for (std::size_t at = tag & mask_; slots_[at].object >= first_round_; at = (at + 1) & mask_)
      if (is_key(slots_[at], object, tag, text)) return slots_[at].key;
    return none;
  }

 private:
  struct Slot {
    std::uint32_t object = 0;  // of an earlier record: empty
    std::uint32_t tag = 0;
    std::uint32_t key = 0;
  };
  // A record has fewer objects than bytes.
  static constexpr std::uint32_t last_round = ~std::uint32_t{0} - (std::uint32_t{1} << 25);

  bool is_key(const Slot& slot, std::uint32_t object, std::uint32_t tag,
              std::string_view text) const {
    return slot.tag == tag && slot.object == object && tape_.text(slot.key) == text;
  }
  // Each object has its own places for equal keys.
  static std::uint32_t tag_of(std::uint32_t object, std::string_view text) {
    return hash_of_key(text, object);
  }
  void grow() {
    std::vector<Slot> larger(slots_.empty() ? 256 : slots_.size() * 2);
    mask_ = larger.size() - 1;
    for (const Slot& slot : slots_) {
      if (slot.object < first_round_) continue;
      std::size_t at = slot.tag & mask_;
      while (larger[at].object != 0) at = (at + 1) & mask_;
      larger[at] = slot;
    }
    slots_ = std::move(larger);
  }

  Tape tape_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
  std::uint32_t round_ = 0, first_round_ = 1;
};

// The keys of one object, as long as they are few: compared with each other.
class FewKeys {
 public:
  static constexpr std::size_t most = 8;

  void start_object() { size_ = 0; }
  // false: the object has that key already.
  bool insert(const Tape& tape, std::uint32_t key) {
    const std::string_view text = tape.text(key);
    const std::uint32_t mark = mark_of(text);
    for (std::size_t i = 0; i < size_; ++i)
      if (marks_[i] == mark && tape.text(places_[i]) == text) return false;
    marks_[size_] = mark;
    places_[size_++] = key;
    return true;
  }

 private:
  // Keys of different marks differ.
  static std::uint32_t mark_of(std::string_view key) {
    const auto at = [&](std::size_t place) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(key[place]));
    };
    if (key.empty()) return 0;
    return static_cast<std::uint32_t>(key.size()) << 24 | at(0) << 16 | at(key.size() / 2) << 8 |
           at(key.size() - 1);
  }
  std::array<std::uint32_t, most> marks_;
  std::array<std::uint32_t, most> places_;
  std::size_t size_ = 0;
};

// The keys of a record's root, remembered for the next record. Exports repeat the same keys in the
// same order: where they do, a comparison shows that none comes twice, and where each stands is
// known without a table.
class RootKeys {
 public:
  // Begins a record whose root has that many keys.
  void start_record(const Tape& tape, std::size_t count) {
    tape_ = tape;
    followed_ = 0;
    follows_ = count != 0 && count == keys_.size();
  }
  // Whether the root's next key, like all before it, is the one remembered.
  bool follow(std::uint32_t key) {
    follows_ = follows_ && keys_[followed_].is(tape_.bytes(key));
    if (follows_) places_[followed_++] = key;
    return follows_;
  }
  bool follows() const { return follows_; }
  // Of a record that follows: where the key stands, or `KeyTable::none`.
  std::uint32_t find(std::string_view text) const {
    for (std::size_t at = hash_of_key(text, 0);; ++at) {
      const std::uint32_t number = index_[at & (index_.size() - 1)];
      if (number == 0) return KeyTable::none;
      if (tape_.text(places_[number - 1]) == text) return places_[number - 1];
    }
  }
  // Changes with the keys that are remembered.
  std::uint32_t version() const { return version_; }

  // Ends a record without duplicates. Its keys are the next to be remembered when it did not
  // follow, nor did the one before it: kinds of records that alternate are not worth the change.
  void end_record(std::uint32_t root) {
    missed_ = follows_ ? 0 : missed_ + 1;
    if (missed_ == 2) remember(root);
  }

 private:
  void remember(std::uint32_t root) {
    missed_ = 0;
    ++version_;
    keys_.clear();
    index_.assign(32, 0);
    while (index_.size() < tape_.count(root) * std::size_t{2}) index_.resize(index_.size() * 2);
    const std::uint32_t end = tape_.behind_container(root) - 1;
    for (std::uint32_t key = root + 1; key != end; key = tape_.behind(key + 1)) {
      keys_.emplace_back(tape_.bytes(key), tape_.text(key).size());
      std::size_t at = hash_of_key(tape_.text(key), 0);
      while (index_[at & (index_.size() - 1)] != 0) ++at;
      index_[at & (index_.size() - 1)] = static_cast<std::uint32_t>(keys_.size());
    }
    places_.resize(keys_.size());
  }

  // A key's bytes on the tape, the length before the characters. Its first words are compared
  // without a branch, under a mask; few keys have more.
  class Key {
   public:
    Key(const std::uint8_t* bytes, std::size_t text_size) {
      std::size_t size = sizeof(std::uint32_t) + text_size;
      if (size > sizeof words_) {
        rest_.assign(bytes + sizeof words_, bytes + size);
        size = sizeof words_;
      }
      std::memset(masks_, 0xff, size);
      std::memcpy(words_, bytes, size);
    }
    bool is(const std::uint8_t* bytes) const {
      std::uint64_t difference = 0;
      for (std::size_t i = 0; i < std::size(words_); ++i)
        difference |= (load_word(bytes + i * sizeof *words_) & masks_[i]) ^ words_[i];
      return difference == 0 &&
             (rest_.empty() || std::memcmp(bytes + sizeof words_, rest_.data(), rest_.size()) == 0);
    }

   private:
    std::uint64_t words_[4] = {};
    std::uint64_t masks_[4] = {};
    std::vector<std::uint8_t> rest_;
  };

  Tape tape_;
  std::vector<Key> keys_;              // remembered
  std::vector<std::uint32_t> index_;   // by hash: a key's number, from 1; 0 = free
  std::vector<std::uint32_t> places_;  // of this record's keys
  std::size_t followed_ = 0;           // how many of them are known
  std::uint32_t version_ = 0;
  unsigned missed_ = 0;
  bool follows_ = false;
};

}  // namespace cdr
