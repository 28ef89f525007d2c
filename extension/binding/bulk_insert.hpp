// Writes many rows with one statement:
//
//   BulkInsert insert(database, "t", {"a", "b"});
//   const std::span<Value> row = insert.add();  // two values, NULL until they are set
//   insert.write();
//
// Running an INSERT opens the table and each of its indexes, and searches each of them from its
// root. One statement for many rows does that once, and takes a third to two thirds of the time.
// The rows come from a virtual table of this connection, which reads them from memory.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.hpp"
#include "extension/binding/statement.hpp"

namespace cdr::ext {

class BulkInsert {
 public:
  enum class Conflict : bool {
    fail,   // an error; rows before it stay, so the caller must undo its transaction or savepoint
    ignore  // the row is left out
  };
  // A table of main, and the columns that are written, at most most_columns. Texts of the columns in
  // `blobs` are written as blobs.
  BulkInsert(sqlite3* database, std::string_view table, std::vector<std::string_view> columns,
             Conflict conflict = Conflict::fail,
             std::initializer_list<std::string_view> blobs = {});

  // Adds a row. The span is valid until the next call, and the texts in it must outlive write().
  std::span<Value> add();
  // Adds a row of these values, which must outlive write(), too.
  void add(std::span<const Value> row) { rows_.rows.push_back(row.data()); }
  std::size_t size() const { return rows_.rows.size(); }
  // From now on a table that has other columns, too, is an error: it is for callers that delete rows
  // and write them again, which would lose what is in those.
  void require_no_more_columns() { has_all_columns_ = true; }
  // Writes the rows that were added since the last call, in that order. Throws SqliteError.
  void write();
  // Drops them.
  void forget() noexcept {
    rows_.rows.clear();
    own_ = 0;
  }

  // A host may allow few columns; views of the warehouse have about as many.
  static constexpr std::size_t most_columns = 90;
  // Registers the virtual table with a connection. Returns SQLite's code. No table of a database can
  // have its name.
  static int add_table(sqlite3* database);
  // SQLite makes the table when it is first used. From then on, until the connection is closed, it
  // holds the connection's probe (connection.hpp). Throws SqliteError.
  static void make_table(sqlite3* database);
  static constexpr const char* table_name = "sqlite_cdr_rows";

  // What the virtual table reads.
  struct Rows {
    std::vector<const Value*> rows;
    std::vector<bool> is_blob;  // of each column
    std::size_t given = 0;      // cells that SQLite asked for
  };

 private:
  void place_own();
  void use_columns();
  void prepare();
  void require_columns() const;

  sqlite3* database_;
  std::string table_;
  std::vector<std::string_view> columns_;
  Conflict conflict_;
  Statement insert_;  // prepared by write()
  Rows rows_;         // null: the next one of own_cells_
  std::vector<Value> own_cells_;
  std::size_t own_ = 0;  // rows in it
  // Columns that have been NULL in all rows: the statement does not read them.
  std::vector<std::size_t> unused_;
  bool has_all_columns_ = false;
};

}  // namespace cdr::ext
