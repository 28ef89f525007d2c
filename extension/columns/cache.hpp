// Columns of the model's tables that a connection has read, kept so that a query that reads
// many rows is answered from arrays; the rows that lookups in these tables have found; and rows of
// vendors' tables that were asked for repeatedly.
//
// What is kept does not change; a reader holds what it began with. It belongs to one state of the
// file, and is dropped when the state changes. The total size is limited: the least recently used
// go first, and a table that exceeds the limit by itself is not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/connection.hpp"
#include "extension/binding/moment.hpp"
#include "extension/binding/statement.hpp"
#include "extension/columns/values.hpp"
#include "model/table.hpp"

namespace cdr::ext {

// Which rows of a table: all, or those whose time lies in a range that an index finds.
struct Scope {
  struct Bound {
    std::string time;  // canonical
    bool included;
  };
  std::size_t column = 0;  // of the table
  std::optional<Bound> from, to;

  bool is_all() const { return !from && !to; }
  // Whether it includes every row of the other one.
  bool covers(const Scope& other) const;
  bool operator==(const Scope& other) const;
};

// A row's number is 32 bits wide.
inline constexpr std::size_t most_kept_rows = 0xFFFF'FFF0;

// The rows of one scope, in the order in which they were read.
struct KeptTable {
  const Table* table = nullptr;
  Scope scope;
  std::size_t count = 0;
  std::uint64_t order = 0;  // a hash of the rows' places, in their order
  std::map<std::size_t, std::shared_ptr<const ColumnValues>> columns;

  const ColumnValues* find(std::size_t column) const {
    const auto found = columns.find(column);
    return found == columns.end() ? nullptr : found->second.get();
  }
  bool has_all(const ColumnSet& wanted) const;
  std::size_t bytes() const;
};

// The state of a file, known before its rows are read. While it stays the same, so do the rows.
struct FileState {
  Moment moment;
  std::string last_import;
  // false: the connection may still undo what it has written, so what is read now must not be kept
  // beyond the statement.
  bool lasts() const { return !moment.own_changes; }
  bool operator==(const FileState&) const = default;
};

class KeptAnswers;
class KeptRows;

class ColumnCache : public Connection::Kept {
 public:
  // The cache of the connection, created on first use.
  static ColumnCache& of(Connection& connection);

  static constexpr std::size_t usual_bound = std::size_t{256} << 20;

  std::size_t bound() const { return bound_; }
  void set_bound(std::size_t bytes);
  // The bytes in use.
  std::size_t bytes() const;
  // Drops columns of another state.
  void see(const FileState& state);

  // A table that covers the scope and has the columns; otherwise null.
  std::shared_ptr<const KeptTable> find(const Table& table, const Scope& scope,
                                        const ColumnSet& columns);
  // A table of exactly that scope, whatever its columns.
  std::shared_ptr<const KeptTable> find_scope(const Table& table, const Scope& scope) const;
  // Replaces a table of the same scope. Does nothing if the file has been seen in another state
  // since.
  void keep(std::shared_ptr<const KeptTable> table, const FileState& state);
  // The rows that a plan (tables/plan.hpp) asks for; null: they are not kept.
  std::shared_ptr<const KeptRows> find_rows(const Table& table, std::string_view plan);
  // As keep() does. find_rows() must have returned null.
  void keep_rows(const Table& table, std::string plan, std::shared_ptr<const KeptRows> rows,
                 const FileState& state);
  // The answers to a plan's lookups that have just these columns: SQLite does not report for every
  // column whether it is used, so a plan's text does not say it. Null: the columns cannot be kept,
  // or the file has been seen in another state since.
  std::shared_ptr<KeptAnswers> answers(const Table& table, std::string_view plan,
                                       const ColumnSet& columns, const FileState& state);
  // Drops tables other than `beside`, and rows that nobody reads, until that many more bytes fit.
  // false: they do not fit.
  bool make_room(std::size_t bytes, const KeptTable* beside);
  // Counts bytes that are kept elsewhere, until they are released. false: they do not fit.
  bool reserve(std::size_t bytes);
  void release(std::size_t bytes) noexcept { reserved_ -= bytes; }

  // Remembers a failed attempt, so that it is not repeated while the file stays the same.
  void refuse(const Table& table, const Scope& scope, const ColumnSet& columns);
  bool is_refused(const Table& table, const Scope& scope, const ColumnSet& columns) const;
  // How often a query wanted few rows of a table, without an index that finds them.
  std::size_t count_sifting(const Table& table) { return ++sifted_[&table]; }

 private:
  struct Entry {
    std::shared_ptr<const KeptTable> table;
    std::uint64_t used;
    std::size_t bytes;
  };
  // What is kept for a plan: one of the two.
  struct PlanEntry {
    const Table* table;
    std::string plan;
    std::shared_ptr<const KeptRows> rows;
    std::shared_ptr<KeptAnswers> answers;
    std::uint64_t used;
    bool is_read() const { return rows.use_count() > 1 || answers.use_count() > 1; }
  };
  void keep_plan(PlanEntry entry);
  void forget() noexcept;

  std::size_t bound_ = usual_bound;
  std::optional<FileState> state_;
  std::vector<Entry> entries_;
  std::size_t reserved_ = 0;
  std::uint64_t uses_ = 0;
  struct Refusal {
    const Table* table;
    Scope scope;
    ColumnSet columns;
  };
  std::vector<Refusal> refused_;
  std::map<const Table*, std::size_t> sifted_;
  std::vector<PlanEntry> plans_;  // last, because its rows give their bytes back when they go
};

// No values yet, of a column of the table or of what comes after its columns.
std::shared_ptr<ColumnValues> no_values_of(const Table& table, std::size_t column);

// Columns of a table while they are read.
class KeptTableBuilder {
 public:
  // Reads those of `columns` that `before` lacks. `before`, if given, has the same rows.
  KeptTableBuilder(ColumnCache& cache, const Table& table, Scope scope,
                   std::shared_ptr<const KeptTable> before, const ColumnSet& columns);

  const std::vector<std::size_t>& columns() const { return columns_; }
  // Adds the next row: `cell_of(i)` is its value in the i-th of columns(). false: the columns
  // cannot be kept.
  template <class CellOf>
  bool add(std::int64_t place, const CellOf& cell_of) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (!values_[i]->add(cell_of(i))) return refuse({columns_[i]});
    return end_row(place);
  }
  // Adds all rows of a query that returns columns() and then the row's place, and calls finish().
  // Null if the columns cannot be kept.
  std::shared_ptr<const KeptTable> read(Statement::Rows rows);
  // Call it when all rows were added. Null if they differ from those of `before`, or are too large.
  std::shared_ptr<const KeptTable> finish();

 private:
  bool end_row(std::int64_t place);
  bool refuse(const std::vector<std::size_t>& columns);
  bool has_room();

  ColumnCache& cache_;
  std::shared_ptr<const KeptTable> before_;
  std::vector<std::size_t> columns_;
  std::vector<std::shared_ptr<ColumnValues>> values_;
  std::shared_ptr<KeptTable> made_;
};

}  // namespace cdr::ext
