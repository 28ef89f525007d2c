// A table of the model read from the warehouse: what is asked of the virtual table becomes one SQL
// statement over its stored table, so that what an index answers there, an index answers here.
//
//   SELECT start_time, outcome FROM interactions WHERE customer_number = '…' ORDER BY start_time;
//     becomes
//   SELECT t."start_time", t."outcome" … FROM (SELECT … FROM main.interaction AS f) AS t
//    WHERE t."customer_number" = ?1 …
//
// What the view of that name selects is taken from sql/schema.sql and not from the file, which may
// hold another one.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "extension/binding/statement.hpp"
#include "extension/tables/json_table.hpp"
#include "extension/tables/standing.hpp"
#include "vendors/row_filter.hpp"

namespace cdr::ext {

class StoredRows : public TableRows {
 public:
  // Throws Error unless main is a warehouse whose `table` is what cdr_init() made.
  // `first_column` is the number of argument columns before the table's own.
  StoredRows(sqlite3* database, const Table& table, std::size_t first_column);

  void filter(const Plan& plan, std::span<sqlite3_value*> values) override;
  bool next() override;
  void column(sqlite3_context* context, std::size_t column) override;
  // Stays with the row, whatever the question: SQLite tells rows apart by it when it joins the
  // answers of an OR.
  std::int64_t rowid() override;
  void end() noexcept override;
  bool reopen() override { return standing_.holds(); }

 private:
  std::string quoted(std::size_t column) const;
  std::string select_list(const ColumnSet& used);
  std::string conditions(const Plan& plan, std::span<sqlite3_value*> values);
  bool passes_times();
  bool passes_filter();

  sqlite3* database_;
  const Table& table_;
  const std::size_t first_column_;
  const std::string from_;
  std::string sql_;
  Standing standing_;
  Statement statement_;
  std::optional<Statement::Rows> rows_;
  std::vector<std::size_t> bound_;       // arguments whose values are bound, in order
  std::deque<std::string> bound_times_;  // that the statement points at
  std::vector<TimeCondition> times_;     // that SQL was not given
  std::vector<int> places_;  // by column of the table: its place in the statement's row, or -1
  int place_ = 0;            // of the row's number there
  std::string filter_text_;
  std::unique_ptr<const RowFilter> filter_;
  std::vector<Value> cells_;
};

}  // namespace cdr::ext
