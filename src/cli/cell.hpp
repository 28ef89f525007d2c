// One value of a row.
#pragma once

#include <string>
#include <string_view>

namespace cdr::cli {

struct Cell {
  enum class Kind { null, integer, real, text, blob } kind = Kind::null;
  double number = 0;      // of a real
  std::string_view text;  // of other kinds, as SQLite gives it; valid until the next row
};

bool is_number(const Cell& cell);

// x'c0de'
std::string blob_literal(std::string_view bytes);
// A number, blob or text without quoting. A real number is the shortest text that reads back as the
// same number, and as a real number.
std::string plain(const Cell& cell);

}  // namespace cdr::cli
