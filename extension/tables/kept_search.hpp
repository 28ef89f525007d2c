// Those of a table's kept rows that a query asks for, when it asks again and again: on the inner
// side of a join, or in a correlated subquery.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "extension/columns/kept_rows.hpp"
#include "extension/tables/json_table.hpp"

namespace cdr::ext {

class KeptSearch {
 public:
  KeptSearch(sqlite3* database, const JsonTable& table) : database_(database), table_(table) {}

  // For the rows that a plan asks for, whatever values it compares them with. Null if the
  // connection keeps nothing.
  std::unique_ptr<KeptRows> make(const Plan& plan) const;
  // What must be read to fill them: all rows, and the columns that the plan needs.
  RowQuery all_rows(const Plan& plan) const;

  // Begins before the first row. `rows` were made for this plan, and must outlive the search;
  // `query` is query_of() these values.
  void begin(const KeptRows& rows, const Plan& plan, std::span<sqlite3_value*> values,
             const RowQuery& query);
  void end() noexcept;
  bool is_running() const { return rows_ != nullptr; }
  // The next row that may meet the query's conditions, and does meet those that SQLite does not
  // check again.
  bool next(const RowQuery& query);
  // Of the current row.
  std::int64_t rowid() const { return rows_->rowid(row_); }
  // Valid until the next call.
  Value value(std::size_t column);

 private:
  bool is_key(const Plan::Argument& argument) const;
  const Column& column_of(const Plan::Argument& argument) const;

  sqlite3* database_;
  const JsonTable& table_;
  const KeptRows* rows_ = nullptr;
  std::optional<std::span<const KeptRows::Found>> found_;  // nullopt: all rows
  std::size_t left_ = 0, row_ = 0;
  std::vector<Cell> keys_;
  Arena arena_;
};

}  // namespace cdr::ext
