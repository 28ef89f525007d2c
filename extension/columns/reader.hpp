// A question answered from kept columns: the rows that it asks for, one at a time, in its order.
#pragma once

#include <memory>
#include <vector>

#include "extension/columns/cache.hpp"
#include "extension/columns/cell.hpp"

namespace cdr::ext {

struct KeptQuestion {
  std::vector<Comparison> comparisons;  // that rows must meet
  struct Order {
    std::size_t column;
    bool descending;
  };
  std::vector<Order> order;
  bool is_distinct = false;
};

class KeptReader {
 public:
  // All columns that the question compares or sorts by are kept.
  KeptReader(std::shared_ptr<const KeptTable> table, const KeptQuestion& question);

  bool next();
  // false: that column is not kept.
  bool column(sqlite3_context* context, std::size_t column);
  // A whole number of the current row; the column is kept.
  std::int64_t integer(std::size_t column);

  const std::shared_ptr<const KeptTable>& table() const { return table_; }
  // The same rows, with more columns.
  void set_table(std::shared_ptr<const KeptTable> table);

 private:
  std::size_t row() const { return is_all_ ? at_ : rows_[at_]; }
  bool is_same(std::size_t a, std::size_t b) const;
  const ColumnValues* values(std::size_t column) const {
    return column < columns_.size() ? columns_[column] : nullptr;
  }

  std::shared_ptr<const KeptTable> table_;
  std::vector<const ColumnValues*> columns_;
  std::vector<const ColumnValues*> sorted_by_;
  ColumnSet sort_columns_;
  bool is_all_ = false;  // in the order in which they are kept
  std::vector<std::uint32_t> rows_;
  std::size_t at_ = 0, count_ = 0;
  bool has_begun_ = false, is_distinct_ = false, is_looked_at_ = false;
  Arena arena_;
};

}  // namespace cdr::ext
