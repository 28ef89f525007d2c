// The keys of a record's objects. No key may occur twice in an object, and some are looked up.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/document/tape.hpp"

namespace cdr {

inline std::uint64_t load_word(const void* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// A hash of the length, the first and the last eight bytes. Field names rarely agree in all three,
// and names with equal hashes are compared.
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

// The keys of one record's objects and their places on the tape, cleared in constant time for the
// next record. All objects share one small table, so that it stays in the nearest cache.
class KeyTable {
 public:
  // Begins a record, whose keys are on `tape`.
  void start_record(const Tape& tape) {
    tape_ = tape;
    if (round_ > last_round) {  // before old stamps could look current
      slots_.assign(slots_.size(), {});
      round_ = 0;
    }
    first_round_ = round_ + 1;
    size_ = 0;
  }
  // Begins an object and returns its number, which identifies it from then on.
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
  // The place of the object's key on the tape, or `none`.
  std::uint32_t find(std::uint32_t object, std::string_view text) const {
    if (size_ == 0) return none;
    const std::uint32_t tag = tag_of(object, text);
    for (std::size_t at = tag & mask_; slots_[at].object >= first_round_; at = (at + 1) & mask_)
      if (is_key(slots_[at], object, tag, text)) return slots_[at].key;
    return none;
  }

 private:
  struct Slot {
    std::uint32_t object = 0;  // an object of an earlier record: the slot is free
    std::uint32_t tag = 0;
    std::uint32_t key = 0;
  };
  // A record has fewer objects than bytes.
  static constexpr std::uint32_t last_round = ~std::uint32_t{0} - (std::uint32_t{1} << 25);

  bool is_key(const Slot& slot, std::uint32_t object, std::uint32_t tag,
              std::string_view text) const {
    return slot.tag == tag && slot.object == object && tape_.text(slot.key) == text;
  }
  // Equal keys of different objects have different tags.
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

// The keys of one object, if they are few. Keys are compared with each other only if they may be
// equal.
class FewKeys {
 public:
  static constexpr std::size_t most = 8;

  std::size_t size() const { return size_; }
  // The place of the key with that number.
  std::uint32_t operator[](std::size_t number) const { return places_[number]; }
  // false: the object has that key already.
  bool insert(const Tape& tape, std::uint32_t key) {
    const std::string_view text = tape.text(key);
    const std::uint64_t mark = mark_of(text);
    if ((seen_ & mark) != 0)
      for (std::size_t i = 0; i < size_; ++i)
        if (tape.text(places_[i]) == text) return false;
    seen_ |= mark;
    places_[size_++] = key;
    return true;
  }

 private:
  // Keys with different marks differ. Each mark is one of 64 bits.
  static std::uint64_t mark_of(std::string_view key) {
    const auto at = [&](std::size_t place) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(key[place]));
    };
    if (key.empty()) return 1;
    const std::uint32_t what = static_cast<std::uint32_t>(key.size()) << 24 | at(0) << 16 |
                               at(key.size() / 2) << 8 | at(key.size() - 1);
    return std::uint64_t{1} << (what * 0x9E3779B1U >> 26);
  }
  std::array<std::uint32_t, most> places_;
  std::size_t size_ = 0;
  std::uint64_t seen_ = 0;
};

// Bits that say what is to be known of a record that has a key with that name inside its root.
using KeyMarks = std::uint32_t (*)(std::string_view name);

// The marks of the keys that come again and again. 8 bytes can be loaded at each name.
class MarksOfKeys {
 public:
  explicit MarksOfKeys(KeyMarks marks) : marks_(marks), kept_(marks != nullptr ? places : 0) {}
  bool are_known() const { return marks_ != nullptr; }
  std::uint32_t of(std::string_view name) {
    if (!are_known()) return 0;
    const Shape shape = shape_of(name);
    const std::size_t place = shape.place();
    for (std::size_t i = 0; i < tried; ++i) {
      Kept& kept = kept_[(place + i) % places];
      if (kept.shape == shape && (name.size() <= 16 || kept.name == name)) return kept.marks;
      if (kept.shape == Shape()) return keep(kept, shape, name);
    }
    return keep(kept_[place], shape, name);
  }

 private:
  static constexpr std::size_t places = 256, tried = 4;
  // All of a name that has at most 16 bytes.
  struct Shape {
    std::uint64_t first = 0, last = 0;
    std::size_t size = ~std::size_t{0};  // of no name
    bool operator==(const Shape&) const = default;
    std::size_t place() const {
      return static_cast<std::size_t>(
          ((first ^ (last * 0x9E3779B97F4A7C15u) ^ size) * 0xD6E8FEB86659FD93u) >> 56);
    }
  };
  static Shape shape_of(std::string_view name) {
    if (name.size() >= 8)
      return {load_word(name.data()), load_word(name.data() + name.size() - 8), name.size()};
    const std::uint64_t bytes = (std::uint64_t{1} << 8 * name.size()) - 1;
    return {load_word(name.data()) & bytes, 0, name.size()};
  }
  struct Kept {
    Shape shape;
    std::uint32_t marks = 0;
    std::string name;
  };
  [[gnu::noinline]] std::uint32_t keep(Kept& kept, const Shape& shape, std::string_view name) {
    const std::uint32_t marks = marks_(name);
    kept.shape = {};
    kept.name = name;
    kept.shape = shape;
    return kept.marks = marks;
  }

  KeyMarks marks_;
  std::vector<Kept> kept_;
};

class KnownKey;

// The keys of an object, remembered for the next object in the same place. Exports repeat the
// same keys in the same order. If they do, a comparison shows that no key occurs twice.
class KnownKeys {
 public:
  std::span<KnownKey> keys();
  // Ends an object that has no repeated keys. `follows`: it has exactly these keys. true: its keys
  // should be remembered instead, because the previous object had other keys too. A single object
  // with other keys changes nothing, because two kinds of objects may alternate.
  bool miss(bool follows) {
    missed_ = follows ? 0 : missed_ + 1;
    return missed_ == 2;
  }
  void remember(const Tape& tape, std::uint32_t object);
  // The marks of all these keys.
  std::uint32_t marks() const { return marks_; }
  void set_marks(std::uint32_t marks) { marks_ = marks; }

 private:
  std::vector<KnownKey> keys_;
  std::uint32_t marks_ = 0;
  unsigned missed_ = 0;
};

// A key as written in a text, with its quotes, to be recognised in other texts. It is compared in
// words of eight bytes, the last of which overlaps the one before it.
class KnownKey {
 public:
  // The longest key, including its quotes. This many bytes can be loaded wherever a token begins.
  static constexpr std::size_t longest = 64;

  explicit KnownKey(std::string_view token)
      : token_size_(static_cast<std::uint32_t>(token.size())), token_(token) {
    std::memcpy(words_, token.data(), std::min(token.size(), sizeof words_));
    if (token.size() < sizeof last_)
      mask_ >>= 8 * (sizeof last_ - token.size());
    else
      last_ = load_word(token.data() + token.size() - sizeof last_);
  }
  // Whether the text at `quote` is this key.
  bool is_at(const char* quote) const {
    if (((load_word(quote) ^ words_[0]) & mask_) != 0) return false;
    if (token_size_ <= 8) return true;
    if (load_word(quote + token_size_ - 8) != last_) return false;
    if (token_size_ <= 16) return true;
    if (load_word(quote + 8) != words_[1]) return false;
    if (token_size_ <= 24) return true;
    if (load_word(quote + 16) != words_[2]) return false;
    return token_size_ <= 32 || token_.compare(0, token_size_, quote, token_size_) == 0;
  }
  // Without the quotes.
  std::size_t size() const { return token_size_ - 2; }
  // The keys of objects that are this key's value, or elements of a list that is its value.
  KnownKeys& inner() { return inner_; }

 private:
  std::uint64_t words_[3] = {};
  std::uint64_t last_ = 0;
  std::uint64_t mask_ = ~std::uint64_t{0};  // for the first word, if the key ends in it
  std::uint32_t token_size_;
  KnownKeys inner_;
  std::string token_;
};

inline std::span<KnownKey> KnownKeys::keys() {
  return keys_;
}

inline void KnownKeys::remember(const Tape& tape, std::uint32_t object) {
  missed_ = 0;
  std::vector<KnownKey> keys;  // keys_ stays valid if memory runs out
  const std::uint32_t end = tape.behind(object);
  for (std::uint32_t key = Tape::first(object); key != end; key = tape.behind(tape.behind(key))) {
    if (tape.has_escapes(key) || tape.source(key).size() > KnownKey::longest) return keys_.clear();
    keys.emplace_back(tape.source(key));
  }
  keys_ = std::move(keys);
}

// The keys that the roots of many records have, in a hash table that gives the number of each. It
// never changes, so several threads may use it. It has its own copies of the names, so that a
// search does not touch a record that another thread has read.
class RootIndex : public std::enable_shared_from_this<RootIndex> {
 public:
  // Has the first `count` keys of an object.
  RootIndex(const Tape& tape, std::uint32_t object, std::size_t count) : slots_(32) {
    while (slots_.size() < count * 2) slots_.resize(slots_.size() * 2);
    std::uint32_t key = Tape::first(object);
    for (std::uint32_t number = 1; number <= count; ++number) {
      names_.emplace_back(tape.text(key));
      std::size_t at = hash_of_key(names_.back(), 0);
      while (slots_[at & (slots_.size() - 1)] != 0) ++at;
      slots_[at & (slots_.size() - 1)] = number;
      key = tape.behind(tape.behind(key));
    }
  }
  // The key's element of `places`, which has the places of all keys; or `KeyTable::none`.
  std::uint32_t find(const std::uint32_t* places, std::string_view text) const {
    for (std::size_t at = hash_of_key(text, 0);; ++at) {
      const std::uint32_t number = slots_[at & (slots_.size() - 1)];
      if (number == 0) return KeyTable::none;
      if (names_[number - 1] == text) return places[number - 1];
    }
  }
  // A number, never 0, that is the same for all roots with these keys.
  std::uint32_t version() const { return version_; }

 private:
  static std::uint32_t next_version() {
    static std::atomic<std::uint32_t> last = 0;
    return ++last;
  }
  std::vector<std::uint32_t> slots_;  // a key's number, from 1; 0 = free
  std::vector<std::string> names_;
  std::uint32_t version_ = next_version();
};

// The keys of a record's root, which are also looked up. If they are the known ones, the place of
// each is known without a table.
class RootKeys {
 public:
  KnownKeys& known() { return known_; }
  // The places of this record's keys, in the order of the known keys, if the record follows.
  std::uint32_t* places() { return places_.data(); }

  // Begins a record. It does not follow until follow() says so.
  void start_record(const Tape& tape) {
    tape_ = tape;
    follows_ = false;
  }
  // The root has exactly the known keys, and their places are set.
  void follow() { follows_ = true; }
  bool follows() const { return follows_; }

  // For a record that follows: the place of the key, or `KeyTable::none`.
  std::uint32_t find(std::string_view text) const { return index_->find(places_.data(), text); }
  // For a record that follows: the known keys, and the place of each.
  const std::shared_ptr<const RootIndex>& index() const { return index_; }
  std::span<const std::uint32_t> places() const { return {places_.data(), keys_}; }

  // Makes the keys of this object the known ones.
  void remember(std::uint32_t root) {
    if (places_.size() < tape_.count(root)) places_.resize(tape_.count(root));
    auto all = std::make_shared<const RootIndex>(tape_, root, tape_.count(root));
    auto none = std::make_shared<const RootIndex>(tape_, root, 0);
    known_.remember(tape_, root);
    // From here on nothing can fail.
    keys_ = known_.keys().size();
    index_ = std::move(keys_ != 0 ? all : none);
  }

 private:
  Tape tape_;
  KnownKeys known_;
  std::shared_ptr<const RootIndex> index_;
  std::vector<std::uint32_t> places_;  // of this record's keys
  std::size_t keys_ = 0;
  bool follows_ = false;
};

}  // namespace cdr
