// A column in memory: the values of all rows, in the smallest form.
//
//   words     texts that repeat: each once, and for each row its code
//   texts     texts that hardly repeat, one after the other
//   times     instants in their canonical form, as milliseconds
//   integers  whole numbers
//   millis    seconds that are whole milliseconds, as milliseconds
//   reals     other numbers
//
// A column holds texts, or whole numbers, or numbers with a fraction, and NULL; one that mixes them
// is not kept. The form is chosen while values are added, and changes when a value does not fit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/arena.hpp"
#include "extension/binding/sqlite.hpp"
#include "extension/columns/cell.hpp"

namespace cdr::ext {

// Whole numbers from 0 on, each in as few bytes as the largest one needs.
class Codes {
 public:
  std::uint32_t operator[](std::size_t row) const {
    return width_ == 1 ? bytes_[row] : width_ == 2 ? shorts_[row] : words_[row];
  }
  void add(std::uint32_t code);
  void add_zeros(std::size_t count);
  std::size_t size() const;
  std::size_t bytes() const;
  void trim();

 private:
  void widen(int width);
  int width_ = 1;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint16_t> shorts_;
  std::vector<std::uint32_t> words_;
};

class ColumnValues {
 public:
  explicit ColumnValues(bool is_time) : is_time_(is_time) {}

  // Adds the next row's value. false: its type does not match; the column is then unusable.
  bool add(const Cell& cell);
  // Call it after the last row: frees the memory that only adding needs, and spare room.
  void finish();

  std::size_t size() const { return size_; }
  std::size_t bytes() const;

  // The value of a row. A text is valid until the arena is used again.
  Cell cell(std::size_t row, Arena& arena) const;
  // All values if they are whole numbers, with no_number for NULL; otherwise null.
  const std::int64_t* integers() const {
    return form_ == Form::integers ? numbers_.data() : nullptr;
  }
  bool equal(std::size_t a, std::size_t b) const;
  int compare_rows(std::size_t a, std::size_t b) const;

  // The first row with each value, in no order. nullopt: it is known only of texts that repeat.
  std::optional<std::vector<std::uint32_t>> first_rows() const;

  // Removes the rows for which the comparison does not hold.
  void keep(const Comparison& comparison, std::vector<std::uint32_t>& rows) const;
  // The rows for which it holds.
  std::vector<std::uint32_t> find(const Comparison& comparison) const;

  // A value's key is a number: keys sort as the values do, and equal values have equal keys.
  // Returns how many keys there are, from 0 on; 0: all that 64 bits can represent. nullopt: texts
  // that hardly repeat have no keys.
  std::optional<std::uint64_t> count_keys() const;
  // For each row keys[i] = keys[i] * count_keys() + its key.
  void add_keys(std::span<const std::uint32_t> rows, bool descending,
                std::vector<std::uint64_t>& keys) const;

 private:
  enum class Form : std::uint8_t { nulls, words, texts, times, integers, millis, reals };
  // The number that represents NULL.
  static constexpr std::int64_t no_number = INT64_MIN;
  static constexpr std::int32_t no_millis = INT32_MIN;

  void become(Form form);
  void words_to_texts();
  void times_to_words();
  void millis_to_reals();
  bool is_numbers() const { return form_ == Form::times || form_ == Form::integers; }
  bool add_text(std::string_view text);
  bool add_time(std::string_view text);
  bool add_integer(std::int64_t number);
  bool add_real(double number);
  void add_null();
  void add_word(std::string_view text);
  void add_null_word();
  std::uint32_t code_of(std::string_view text);
  void grow_slots();
  void note(std::int64_t number);
  std::string_view word(std::uint32_t code) const;  // from 1 on
  std::string_view text(std::size_t row) const;
  bool is_null_text(std::size_t row) const { return (ends_[row] & null_mark) != 0; }
  const std::vector<std::uint32_t>& ranks() const;
  std::uint64_t key(std::size_t row) const;
  template <class Use>
  void with_test(const Comparison& comparison, const Use& use) const;

  static constexpr std::uint32_t null_mark = 0x8000'0000;
  bool is_time_;
  Form form_ = Form::nulls;
  std::size_t size_ = 0;
  // words: code 0 is NULL, code i the i-th of the words.  texts: a text for each row.
  Codes codes_;
  std::vector<char> characters_;
  std::vector<std::uint32_t> ends_;
  std::vector<std::uint32_t> slots_, hashes_;  // while words are added: code by hash; hash by code
  std::uint32_t last_ = 0;                     // the code of the last row
  std::vector<std::uint32_t> firsts_;          // by code, without that of NULL: its first row
  std::optional<std::uint32_t> first_null_;
  mutable std::vector<std::uint32_t> ranks_;  // by code: its place among the sorted words
  std::vector<std::int64_t> numbers_;         // of times and integers
  std::vector<std::int32_t> millis_;
  std::vector<double> reals_;
  std::int64_t least_ = INT64_MAX, greatest_ = INT64_MIN;
};

}  // namespace cdr::ext
