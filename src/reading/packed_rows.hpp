// Rows kept for later in little memory. Only used columns are kept: a byte for the type, and the
// value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/arena.hpp"
#include "core/value.hpp"
#include "model/table.hpp"

namespace cdr {

class PackedRows {
 public:
  PackedRows(const Table& table, const ColumnSet& used);

  void add(std::span<const Value> row);
  std::size_t size() const { return rows_.size(); }
  // Fills the used columns of `row`; its texts stay in this object.
  void read(std::size_t number, std::span<Value> row) const;
  // The bytes of memory in use.
  std::size_t bytes() const { return bytes_ + rows_.capacity() * sizeof(const char*); }
  // Frees all of it.
  void clear();

 private:
  std::vector<std::size_t> columns_;
  std::vector<const char*> rows_;
  Arena arena_;
  std::size_t bytes_ = 0;
};

}  // namespace cdr
