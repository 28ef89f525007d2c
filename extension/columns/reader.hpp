// Answers a query from kept columns: returns its rows, one at a time, in its order.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "extension/columns/cache.hpp"
#include "extension/columns/cell.hpp"
#include "extension/columns/order.hpp"

namespace cdr::ext {

struct KeptQuestion {
  std::vector<Comparison> comparisons;  // that rows must meet
  struct Order {
    std::size_t column;
    bool descending;
  };
  std::vector<Order> order;
  bool is_distinct = false;
  bool is_grouped = false;  // all rows are wanted, in the order
};

// Finds the rows of a kept table by a whole number in one of its columns.
class KeptLookup {
 public:
  // The column must be kept. If it does not hold whole numbers, is_possible() is false, and find()
  // must not be called.
  KeptLookup(const KeptTable& table, std::size_t column);
  bool is_possible() const { return numbers_ != nullptr; }
  // The rows, in the order in which they are kept. Valid until the next call.
  const std::vector<std::uint32_t>& find(std::int64_t number);

 private:
  const std::int64_t* numbers_;
  std::vector<std::uint32_t> sorted_;  // by number; empty: they are kept in that order
  std::size_t count_;
  std::vector<std::uint32_t> found_;
};

class KeptReader {
 public:
  // All columns that the question compares or sorts by must be kept.
  KeptReader(std::shared_ptr<const KeptTable> table, const KeptQuestion& question);

  // Replaces the rows by others of the same table, in that order.
  void set_rows(std::span<const std::uint32_t> rows);
  // The same for rows that follow each other.
  void set_rows(std::uint32_t first, std::uint32_t count);
  // Keeps only the rows that meet the comparisons.
  void keep(const std::vector<Comparison>& comparisons);

  bool next();
  // false: the column is not kept.
  bool column(sqlite3_context* context, std::size_t column);
  // The value in the current row; the column must be kept. A text is valid until the next call.
  Cell cell(std::size_t column);

  const std::shared_ptr<const KeptTable>& table() const { return table_; }
  // Replaces the table by one that has the same rows and more columns.
  void set_table(std::shared_ptr<const KeptTable> table);

 private:
  void begin();
  std::size_t row() const { return is_all_ ? at_ : rows_[at_]; }
  void find_first();
  void sort();
  bool is_same(std::size_t a, std::size_t b) const;
  void take_all();
  void add_equal_rows();
  const ColumnValues* values(std::size_t column) const {
    return column < columns_.size() ? columns_[column] : nullptr;
  }

  std::shared_ptr<const KeptTable> table_;
  std::vector<const ColumnValues*> columns_;
  std::vector<SortColumn> sorted_by_;
  ColumnSet sort_columns_;
  bool is_all_ = false;      // in the order in which they are kept
  bool has_firsts_ = false;  // of equal rows only the first
  bool is_sorted_ = true;    // false: the rows are sorted when the second one is wanted
  std::size_t first_ = 0;    // where the first one then was
  std::vector<std::uint32_t> rows_;
  std::size_t at_ = 0, count_ = 0;
  bool has_begun_ = false, is_distinct_ = false, is_looked_at_ = false;
  Arena arena_;
};

}  // namespace cdr::ext
