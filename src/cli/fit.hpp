// Which columns of a table fit into a line, and how wide they are then.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace cdr::cli {

struct ColumnSize {
  std::size_t content = 0;  // of its widest cell
  std::size_t header = 0;
  bool is_whole = false;  // its cells are never cut: half a number is another number
  bool is_empty = false;  // nothing but NULL
  std::size_t natural() const { return content > header ? content : header; }
};

// The width of each column, without its borders; 0: it is left out. All keep their width where that
// fits. Otherwise the widest are cut, to no less than a text can be told by; and if that is not
// enough, columns without a value are left out, then others, from the right. One always stays.
std::vector<std::size_t> fit(std::span<const ColumnSize> columns, std::size_t max_width);

}  // namespace cdr::cli
