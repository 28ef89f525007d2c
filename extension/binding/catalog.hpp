// Everything that the extension registers, as data: entry.cpp loops over it, and cdr_tables,
// cdr_columns, cdr_functions and the reference are made from it.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "core/arena.hpp"
#include "extension/binding/function.hpp"
#include "json/input/source.hpp"
#include "model/facts.hpp"

namespace cdr::ext {

// Rows that are produced a portion at a time, as they are read.
class RowPortions {
 public:
  virtual ~RowPortions() = default;
  // Adds the next rows, at least one; if it adds none, there are no more.
  virtual void add_next(RowSet& rows, Arena& arena) = 0;
};

// A table whose rows are made all at once, for example the lists of declarations. A table that
// reads an input makes them in portions.
struct ListTable {
  Table table;
  enum class Reads : unsigned char {
    nothing,
    input,      // a hidden column `input`, as in the JSON tables; without it, the warehouse
    warehouse,  // large parts of the warehouse: DIRECTONLY
  } reads = Reads::nothing;
  // All rows; for a table that reads its input, the rows without an input.
  void (*fill)(RowSet& rows, Arena& arena, sqlite3* database);
  std::unique_ptr<RowPortions> (*open)(std::shared_ptr<const Source> source) = nullptr;
};

std::span<const ListTable> list_tables();

// A report as the catalog shows it: its arguments are hidden columns.
struct ReportTable {
  Table table;
  std::span<const Column> arguments;
};
std::span<const ReportTable> report_tables();
// Calls `show` for each report of the warehouse's users that this connection offers, by name.
void each_added_report(sqlite3* database, const std::function<void(const ReportTable&)>& show);

// All functions: the lists that function.hpp declares.
std::span<const std::span<const Function>> functions();

// Registers all of it with a connection. Returns SQLite's code.
int register_everything(sqlite3* database);

}  // namespace cdr::ext
