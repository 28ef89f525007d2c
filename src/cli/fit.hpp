// Decides which columns of a table fit into a line, and how wide they are.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace cdr::cli {

struct ColumnSize {
  std::size_t content = 0;  // of its widest cell
  std::size_t header = 0;
  bool is_whole = false;  // its cells are never cut: half a number is another number
  bool is_empty = false;  // has only NULL
  std::size_t natural() const { return content > header ? content : header; }
};

// The width of each column without its borders; 0 if it is left out. All columns keep their width
// if they fit. Otherwise the widest are cut, but not so much that texts cannot be distinguished. If
// that is not enough, columns without a value are left out, and then others, from the right. One
// column always remains.
std::vector<std::size_t> fit(std::span<const ColumnSize> columns, std::size_t max_width);

}  // namespace cdr::cli
