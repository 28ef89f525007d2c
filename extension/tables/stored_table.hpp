// A table of the model read from the warehouse.
//
// A query of the virtual table becomes one SQL statement over its stored table, so that it uses
// the same indexes.
//
//   SELECT start_time, outcome FROM interactions WHERE customer_number = '…' ORDER BY start_time;
//     becomes
//   SELECT t."start_time", t."outcome" … FROM (SELECT … FROM main.interaction AS f) AS t
//    WHERE t."customer_number" = ?1 …
//
// The definition of the view is taken from sql/schema.sql and not from the file, because the file
// may hold another one.
//
// A query that reads many rows is answered from the columns that the connection keeps
// (columns/cache.hpp). If they are not kept yet, a query that needs rows in an order or in groups
// reads them first. Other queries keep them while the statement returns its rows, and drop them if
// the statement does not reach its end.
//
// A query that looks rows up, one value after the other, keeps what it found (KeptAnswers).
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "extension/binding/statement.hpp"
#include "extension/columns/cache.hpp"
#include "extension/columns/kept_answers.hpp"
#include "extension/columns/reader.hpp"
#include "extension/columns/watch.hpp"
#include "extension/tables/json_table.hpp"
#include "extension/tables/standing.hpp"
#include "vendors/row_filter.hpp"

namespace cdr::ext {

class StoredRows : public TableRows {
 public:
  // Throws Error unless main is a warehouse whose `table` is what cdr_init() made.
  // `first_column` is the number of argument columns before the table's own.
  StoredRows(sqlite3* database, const JsonTable& table, std::size_t first_column);

  void filter(const Plan& plan, std::span<sqlite3_value*> values) override;
  bool next() override;
  void column(sqlite3_context* context, std::size_t column) override;
  // The same for a row in every query: SQLite distinguishes rows by it when it combines the results
  // of an OR.
  std::int64_t rowid() override;
  void end() noexcept override;
  void put_by() noexcept override { forget_lookups(); }
  bool reopen() override;

 private:
  // The demands of a plan on kept columns.
  struct Needs {
    KeptQuestion question;
    Scope scope;
    std::vector<std::size_t> scope_arguments;  // of the plan
    ColumnSet columns;                         // that it certainly uses
    bool may_use_more = false;                 // SQLite does not report which of the last columns
    bool sifts = false;                        // few rows may meet the conditions
  };
  // Columns that are kept while the statement returns its rows.
  struct Keeping {
    Scope scope;
    ColumnSet columns;
    bool may_use_more;
    FileState state;
    std::int64_t changes;
    std::vector<Comparison> comparisons;  // that the statement does not make
    std::optional<KeptTableBuilder> builder;
    bool has_row = false;          // the statement has a row that was not added yet
    bool was_passed_over = false;  // a row failed before the columns were known
  };

  // The inner loop of a join that looks rows up by interaction_key. Once the lookups have taken
  // about as long as reading the whole table would, further rows are looked up in kept columns.
  struct Lookups {
    std::string plan;
    std::size_t argument = no_argument;  // of the plan: the key
    std::size_t count = 0, enough = 0;
    std::optional<Moment> moment;  // in which the kept columns were found
    std::optional<KeptLookup> by_key;
    std::optional<KeptReader> reader;
  };
  static constexpr std::size_t no_argument = static_cast<std::size_t>(-1);

  // The same for lookups by other columns, and before the whole table is worth reading: what was
  // found for a value is kept, once SQLite has read it to its end.
  struct Answering {
    std::size_t count = 0;  // of lookups before the first one that is answered
    bool is_possible = true;
    std::optional<FileState> state;  // once answers may be looked for
    std::shared_ptr<KeptAnswers> answers;
    std::optional<KeptReader> reader;
    // The lookup that is made now, and its rows so far.
    bool is_keeping = false;
    std::string values;
    std::vector<Cell> cells;
    Arena texts;
    std::size_t rows = 0, bytes = 0;
  };

  std::string quoted(std::size_t column) const;
  std::string select_list(const ColumnSet& used);
  std::vector<std::size_t> count_all_values(const Plan& plan, std::span<sqlite3_value*> values);
  std::string conditions(const Plan& plan, const std::vector<std::size_t>& counts) const;
  void prepare(std::string sql);
  void filter_by_sql(const Plan& plan, std::span<sqlite3_value*> values);
  void run_sql(const Plan& plan, std::span<sqlite3_value*> values);
  bool gives_list() const;
  using ByPlan = std::map<std::string, ColumnSet, std::less<>>;
  static std::pair<ByPlan::iterator, bool> find_plan(ByPlan& columns, const Plan& plan);
  const ColumnSet* looked_at_before(const Plan& plan);
  const ColumnSet& seldom_read_before(const Plan& plan);
  void watch_row() noexcept;
  std::size_t first_untold() const { return columns_told - first_column_; }
  std::string is_at_place() const;
  sqlite3_value* value_by_place(std::size_t column);
  bool passes_times();
  bool passes_filter();

  Needs needs_of(const Plan& plan, std::span<sqlite3_value*> values) const;
  void add_comparison(const Plan::Argument& argument, sqlite3_value* value, Needs& needs) const;
  bool add_bound(const Plan::Argument& argument, sqlite3_value* value, Needs& needs) const;
  bool filter_from_columns(const Plan& plan, std::span<sqlite3_value*> values);
  bool filter_from_lookup(const Plan& plan, std::span<sqlite3_value*> values);
  void forget_lookups() noexcept;
  void begin_lookups(const Plan& plan);
  bool load_for_lookups(const Plan& plan, std::span<sqlite3_value*> values);
  std::size_t count_rows();
  bool filter_from_answers(const Plan& plan, std::span<sqlite3_value*> values);
  bool begin_answering(const Plan& plan);
  bool is_writing() const { return sqlite3_txn_state(database_, "main") == SQLITE_TXN_WRITE; }
  void begin_answer(const Plan& plan);
  void keep_answer_row();
  void end_answer();
  bool is_answering() const { return answering_.reader && reading_ == &*answering_.reader; }
  const ColumnSet& selected(const Plan& plan);
  Cell cell_of_row(std::size_t column) const;
  void begin_keeping(const Plan& plan, Needs needs, const FileState& state);
  bool next_kept_as_read();
  void keep_row();
  void begin_builder();
  void stop_keeping() noexcept { keeping_.reset(); }
  std::string scope_sql(const Scope& scope) const;
  static void bind_scope(Statement& statement, const Scope& scope);
  std::shared_ptr<const KeptTable> load(const Scope& scope,
                                        const std::shared_ptr<const KeptTable>& before,
                                        const ColumnSet& columns, const FileState& state);
  bool load_for_reader(std::size_t column);
  // The parts of its time come after the table's own columns.
  std::size_t count_columns() const { return table_.columns.size() + parts_.size(); }
  std::size_t place_column() const { return count_columns(); }
  bool is_part(std::size_t column) const {
    return column >= table_.columns.size() && column < count_columns();
  }
  std::size_t time_column() const { return static_cast<std::size_t>(table_.find(time_of_parts)); }
  std::string_view part_of(std::size_t column, sqlite3_value* time) const;

  sqlite3* database_;
  const Table& table_;
  const std::span<const TimePart> parts_;
  const std::size_t first_column_;
  const std::string from_;
  std::string sql_;
  std::string sql_plan_;                 // what it was made of: a plan, and for each argument the
  std::vector<std::size_t> sql_counts_;  // number of values that it is given
  // Which of the columns that SQLite reports only as a whole it selects; nullopt: all of them.
  std::optional<ColumnSet> sql_looked_at_;
  bool may_list_ = true;  // many values of an IN may be given to SQL as a list
  ColumnSet sql_seldom_;  // which columns it leaves out because they are seldom read
  Standing standing_;
  Statement statement_;
  std::optional<Statement::Rows> rows_;
  // Columns that are selected only for a row in which they are read.
  ColumnSet by_place_;
  std::string by_place_sql_;
  Statement by_place_statement_;
  std::optional<Statement::Rows> by_place_row_;
  bool reads_few_ = false;               // of the plan
  std::vector<std::size_t> bound_;       // arguments whose values are bound, in order
  std::deque<std::string> bound_texts_;  // that the statement points to
  std::vector<TimeCondition> times_;     // conditions that SQL was not given
  std::vector<int> places_;  // by column of the table: its place in the statement's row, or -1
  int place_ = 0;            // of the row's number there
  std::optional<ColumnSet> selected_;  // what selected() returns for the statement
  std::string filter_text_;
  std::unique_ptr<const RowFilter> filter_;
  std::vector<Value> cells_;

  KeptColumns cache_;
  std::optional<KeptReader> reader_;
  KeptReader* reading_ = nullptr;  // reader_, or the one of lookups_ or answering_
  FileState reader_state_;
  Lookups lookups_;
  Answering answering_;
  std::optional<Keeping> keeping_;
  // For each plan: which of the columns that SQLite reports only as a whole were read.
  ByPlan looked_at_;
  ColumnSet* looked_at_now_ = nullptr;
  // For each plan that goes through all rows and uses many columns: which of them are read of few
  // rows only, because SQLite leaves out the others by conditions of its own.
  ByPlan seldom_;
  ColumnSet* seldom_now_ = nullptr;
  std::size_t rows_watched_ = 0;
  std::array<std::uint32_t, max_columns> reads_{};
  bool is_new_plan_ = false;  // it has not run before
};

}  // namespace cdr::ext
