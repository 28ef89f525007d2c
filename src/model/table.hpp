// The declaration of a table: its columns, each declared once. Everything else (DDL, dispatch,
// help, documentation, tests) is derived from these declarations.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

namespace cdr {

struct Column {
  std::string_view name;
  std::string_view type;  // TEXT, INTEGER, DOUBLE or TIMESTAMP (ARCHITECTURE.md, decision 9)
  std::string_view doc;
};

// Whether the column is compared as an instant, with any text that cdr_time reads.
inline bool is_time(const Column& column) {
  return column.type == "TIMESTAMP";
}

struct Table {
  std::string_view name;  // of the virtual table
  std::string_view
      stored;              // of the ordinary table in the warehouse; "" = read from its raw records
  std::string_view grain;  // 'one row per …'
  std::span<const Column> columns;

  // The column's position, or -1.
  constexpr int find(std::string_view column) const {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].name == column) return static_cast<int>(i);
    return -1;
  }
};

// A string literal as a template argument, so that a column is named, checked and numbered by the
// compiler.
template <std::size_t N>
struct Literal {
  char text[N];
  constexpr Literal(const char (&from)[N]) {
    std::copy_n(from, N, text);
  }  // NOLINT(google-explicit-constructor)
  constexpr std::string_view view() const { return {text, N - 1}; }
};

// The columns of a table that a query uses; `all` outside a query. Bit i = column i.
class ColumnSet {
 public:
  static ColumnSet all() {
    ColumnSet set;
    set.bits_.fill(~std::uint64_t{0});
    return set;
  }
  static ColumnSet none() { return {}; }
  void add(std::size_t column) { bits_[column / 64] |= std::uint64_t{1} << (column % 64); }
  void add_all(const ColumnSet& other) {
    for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] |= other.bits_[i];
  }
  void remove(std::size_t column) { bits_[column / 64] &= ~(std::uint64_t{1} << (column % 64)); }
  // The same set, numbered without the first `count` columns.
  ColumnSet without_first(std::size_t count) const {
    ColumnSet rest;
    for (std::size_t column = count; column < bits_.size() * 64; ++column)
      if (has(column)) rest.add(column - count);
    return rest;
  }
  bool empty() const { return count() == 0; }
  std::size_t count() const {
    std::size_t sum = 0;
    for (const std::uint64_t bits : bits_) sum += static_cast<std::size_t>(std::popcount(bits));
    return sum;
  }
  bool has_all(const ColumnSet& others) const {
    for (std::size_t i = 0; i < bits_.size(); ++i)
      if ((others.bits_[i] & ~bits_[i]) != 0) return false;
    return true;
  }
  bool has(std::size_t column) const { return (bits_[column / 64] >> (column % 64)) & 1; }
  // The first column of the set from `column` on, or the largest possible number of columns.
  std::size_t next(std::size_t column) const {
    for (; column < bits_.size() * 64; column = (column / 64 + 1) * 64)
      if (const std::uint64_t rest = bits_[column / 64] >> (column % 64); rest != 0)
        return column + static_cast<std::size_t>(std::countr_zero(rest));
    return column;
  }

 private:
  std::array<std::uint64_t, 4> bits_{};
};
inline constexpr std::size_t max_columns = 256;

}  // namespace cdr
