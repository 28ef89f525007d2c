// The model's and the vendors' tables: interactions('[…]'), cdr_dialog(cdr_file('day.json')),
// mluvii_session(…). They have hidden columns: `input`, the argument; in cdr_dialog also `filter`,
// the second argument; in vendors' tables also columns that tell where a row comes from.
//
// If the input is missing or NULL, they read the warehouse in main: the model's tables read their
// stored tables, and the vendors' tables read the kept records. That is why they are not INNOCUOUS:
// under PRAGMA trusted_schema=OFF no view or trigger may use them, with or without an input.
#pragma once

#include <memory>
#include <new>
#include <optional>
#include <string>

#include "extension/binding/module.hpp"
#include "extension/binding/value.hpp"
#include "extension/columns/cell.hpp"
#include "extension/tables/plan.hpp"

namespace cdr::ext {

// The rows of a cursor: from JSON, from a stored table, or from kept records.
class TableRows {
 public:
  virtual ~TableRows() = default;
  // Starts over. `values` are the plan's arguments, and are valid only during the call.
  virtual void filter(const Plan& plan, std::span<sqlite3_value*> values) = 0;
  virtual bool next() = 0;
  // Sets the result to a column of the table; argument columns are not counted.
  virtual void column(sqlite3_context* context, std::size_t column) = 0;
  virtual std::int64_t rowid() = 0;
  // The query is over: releases files and running statements.
  virtual void end() noexcept = 0;
  // The last cursor is closed: releases everything that only its query needed.
  virtual void put_by() noexcept {}
  // Prepares for another cursor's query. false: the file has changed since, and a new object must
  // be made.
  virtual bool reopen() { return false; }
};

class JsonRows;

struct JsonTableModule {
  using Declaration = JsonTable;
  static std::string ddl(const JsonTable& table);
  static Risk risk(const JsonTable&) { return Risk::usual; }
  static int plan(const JsonTable& table, sqlite3_index_info& info);

  // The last reader of the warehouse: preparing another one takes longer than most queries.
  struct Kept {
    explicit Kept(sqlite3*) {}
    std::unique_ptr<TableRows> warehouse;
    Plan plan;  // of the cursor that was closed last
    // Cursors that are open and were not asked yet. SQLite opens the cursor of a correlated
    // subquery once more for each row, before it closes the one that it had.
    std::size_t unasked = 0;
  };

  class Cursor {
   public:
    Cursor(const JsonTable& table, sqlite3* database, Kept& kept);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    void filter(const char* plan, std::span<sqlite3_value*> values);
    bool eof() const { return !has_row_; }
    void next() { has_row_ = rows_->next(); }
    void column(sqlite3_context* context, int index);
    std::int64_t rowid() { return rows_->rowid(); }
    void end() noexcept;

   private:
    bool takes_input(sqlite3_value* input);

    const JsonTable& table_;
    sqlite3* database_;
    Kept& kept_;
    std::unique_ptr<JsonRows> json_;
    std::unique_ptr<TableRows> warehouse_;
    bool was_asked_ = false;
    TableRows* rows_ = nullptr;  // json_ or warehouse_
    Plan plan_;                  // the last one; the inner loop of a join always has the same
    bool has_row_ = false;
  };
};

// Hidden columns after those of interactions and cdr_dialog, to group by: start_time, cut to the
// month, the day or the hour.
struct TimePart {
  Column column;
  std::size_t size;  // how many characters of the text remain
};
std::span<const TimePart> time_parts(const JsonTable& table);
inline constexpr std::string_view time_of_parts = "start_time";

// How many hidden columns come before the table's own.
std::size_t count_arguments(const JsonTable& table);
// The plan's comparisons of rows, for a reader that leaves out rows that fail them.
RowQuery query_of(const JsonTable& table, const Plan& plan, std::span<sqlite3_value*> values);

// '"name" TYPE, …', each followed by `suffix`.
std::string column_list(std::span<const Column> columns, std::string_view suffix);

// Calls `use` with the value of a plan's argument, or with each value of an IN. A value is valid
// until the next one.
template <class Call>
void each_value(const Plan::Argument& argument, sqlite3_value* value, const Call& use) {
  if (argument.use != Plan::Use::in) return use(value);
  sqlite3_value* each = nullptr;
  int code = sqlite3_vtab_in_first(value, &each);
  for (; code == SQLITE_OK && each != nullptr; code = sqlite3_vtab_in_next(value, &each)) use(each);
  if (code != SQLITE_OK && code != SQLITE_DONE) throw std::bad_alloc();
}

// The instant as the tables write it, if the value is a text that cdr_time reads.
std::optional<std::string> canonical_time(const Argument& argument);
TimeCondition time_condition(const Plan::Argument& argument, std::size_t column,
                             sqlite3_value* value);
// What is looked up for an equality of times: the canonical form. Points into the condition.
Cell key_of(const TimeCondition& condition);

}  // namespace cdr::ext
