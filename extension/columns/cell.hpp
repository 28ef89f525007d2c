// A value as SQLite compares it, and comparisons of a column with such values.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.hpp"
#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

struct Cell {
  enum class Kind : std::uint8_t { null, integer, real, text, blob } kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;  // a blob's bytes, too

  bool is_null() const { return kind == Kind::null; }
  static Cell of(std::int64_t number) { return {Kind::integer, number, 0, {}}; }
  static Cell of(double number) { return {Kind::real, 0, number, {}}; }
  static Cell of(std::string_view text) { return {Kind::text, 0, 0, text}; }
  // These point into the value.
  static Cell of(sqlite3_value* value);
  static Cell of(const Value& value);
  // Not of a blob. Points where the cell does.
  Value value() const;
};

// Whether SQLite may take the text for a number, where it compares it with one.
bool may_be_number(std::string_view text);

// Negative, 0 or positive. Numbers come before texts, and texts before blobs. Texts compare byte by
// byte, as under BINARY. Neither cell is NULL.
int compare(const Cell& a, const Cell& b);

enum class Operator : std::uint8_t {
  eq,
  lt,
  le,
  gt,
  ge,
  is,
  is_null,
  in,
};

// A column, compared with a value or, for `in`, with any of several.
class Comparison {
 public:
  Comparison(Operator op, std::size_t column) : op_(op), column_(column) {}
  Comparison(const Comparison&) = delete;
  Comparison(Comparison&&) = default;

  // Copies the data of the cell.
  void add(Cell operand);
  std::size_t column() const { return column_; }
  Operator op() const { return op_; }
  const std::vector<Cell>& operands() const { return operands_; }
  // Compares like SQLite's operator: with NULL, only IS can hold.
  bool holds(const Cell& cell) const;

 private:
  Operator op_;
  std::size_t column_;  // of the table
  std::vector<Cell> operands_;
  std::deque<std::string> texts_;
};

}  // namespace cdr::ext
