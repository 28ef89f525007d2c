// Keeps rows for later in little memory. Only the used columns are kept, each as a byte for the
// type and the value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/large_pages.hpp"
#include "core/value.hpp"
#include "model/table.hpp"

namespace cdr {

class PackedRows {
 public:
  PackedRows(const Table& table, const ColumnSet& used);

  void add(std::span<const Value> row);
  std::size_t size() const { return size_; }
  // Fills the used columns of `row` with those of the next row, beginning with the first one. There
  // must be a next row. Its texts stay in this object.
  void read_next(std::span<Value> row);
  // The bytes of memory in use.
  std::size_t bytes() const { return bytes_; }
  // Removes all rows and frees their memory.
  void clear();

 private:
  using Block = std::vector<char, LargePages<char>>;
  char* room(std::size_t bytes);

  std::vector<std::size_t> columns_;
  std::vector<Block> blocks_;  // of whole rows; rows are added to the last one
  std::size_t size_ = 0, bytes_ = 0;
  std::size_t block_ = 0, at_ = 0;  // where the next row to be read is
};

}  // namespace cdr
