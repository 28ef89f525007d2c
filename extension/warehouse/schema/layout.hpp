// The declarations of sql/schema.sql as data: the tables with their columns and references, the
// indexes, and the select list of each view. Code that writes rows or forwards queries is driven by
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/tables.hpp"

namespace cdr::ext {

// The columns of each index of a table, including primary keys.
using Indexes = std::vector<std::vector<std::string_view>>;

struct LayoutColumn {
  std::string_view name;
  std::string_view refers_to;  // the table whose id it holds; "" = none
  std::string_view type;       // as declared
  std::string_view doc;        // the comment after it, or ""
};
struct LayoutTable {
  std::string_view name;
  std::vector<LayoutColumn> columns;
  Indexes indexes;
};
const std::vector<LayoutTable>& layout_tables();
// Throws Error if there is none of that name.
const LayoutTable& layout_table(std::string_view name);

std::vector<std::string_view> names_of(const std::vector<LayoutColumn>& columns);

// "INSERT INTO …" for one row, with a parameter for each column.
std::string insert_into(const LayoutTable& table);

// Whether many rows of other tables may refer to one row of this table.
bool is_shared(const LayoutTable& table);

// The table that holds the rows of a stored table of the model: itself, or the one that its view
// reads.
std::string_view facts_of(std::string_view stored);
// The column that holds the number of the component from whose records a row was made.
std::string_view key_of(const LayoutTable& facts);
// The order of the rows of one component.
std::string_view order_of(const LayoutTable& facts);
// The most rows that a component can have in one table.
inline constexpr int row_bits = 24;

// Whether SQLite numbers its rows itself; otherwise they lie in the order of their primary key.
bool has_rowid(std::string_view table);

// Names of the views.
std::vector<std::string_view> layout_views();

// The object that each statement of sql/schema.sql creates, in the file's order.
struct Creation {
  std::string_view name;
  std::string_view sql;  // as sqlite_schema keeps it
  bool is_view;
};
const std::vector<Creation>& creations();
// The rows of a stored table, for use after FROM: its columns; `place`, a number that is unique to
// a row and stays the same while its interaction does not change; `component`, the number of the
// component that it was made from; and `n`, its number there, if the table has no rowids. The
// definition of a view is not read from the file, because the file may hold another one.
std::string rows_of(std::string_view stored);
// "SELECT …" of the table's columns, FROM rows_of() AS t.
std::string select_rows(const Table& table);
// The tables that rows_of() reads.
std::vector<std::string_view> tables_behind(std::string_view stored);
// Columns of a stored table by which rows are found.
const Indexes& indexes_of(std::string_view stored);

}  // namespace cdr::ext
