// What sql/schema.sql declares, as data: the tables with their columns, what these refer to, the
// indexes, and what each view selects. Whoever writes rows, or passes a question on, derives from
// it what to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/tables.hpp"

namespace cdr::ext {

// The columns of each index of a table; primary keys among them.
using Indexes = std::vector<std::vector<std::string_view>>;

struct LayoutColumn {
  std::string_view name;
  std::string_view refers_to;  // the table of which it holds an id; "" = none
  std::string_view type;       // as declared
  std::string_view doc;        // the comment behind it, or ""
};
struct LayoutTable {
  std::string_view name;
  std::vector<LayoutColumn> columns;
  Indexes indexes;
};
const std::vector<LayoutTable>& layout_tables();
// Throws Error when there is none of that name.
const LayoutTable& layout_table(std::string_view name);

// "INSERT INTO …" of a row, a parameter for each column.
std::string insert_into(const LayoutTable& table);

// The tables of which many rows hold an id.
bool is_shared(const LayoutTable& table);

// The table that holds the rows of a stored table of the model: itself, or the one that its view
// reads.
std::string_view facts_of(std::string_view stored);
// Its column that holds the number of the component whose records a row was made of.
std::string_view key_of(const LayoutTable& facts);
// Its rows of one component, ?1, come in this order.
std::string_view order_of(const LayoutTable& facts);
// A component's rows in one table are at most so many.
inline constexpr int row_bits = 24;

// Whether SQLite numbers its rows itself; otherwise they lie in the order of their primary key.
bool has_rowid(std::string_view table);

// Names of the views.
std::vector<std::string_view> layout_views();

// What each statement of sql/schema.sql creates, in its order.
struct Creation {
  std::string_view name;
  std::string_view sql;  // as sqlite_schema keeps it
  bool is_view;
};
const std::vector<Creation>& creations();
// The rows of a stored table, to be read FROM: its columns, as `place` a number that each row has
// alone, and keeps while its interaction stays as it is, and as `component` the number of the
// component that it was made of. What a view selects is not read from the file, which may hold
// another one.
std::string rows_of(std::string_view stored);
// "SELECT …" of the table's columns, FROM that AS t.
std::string select_rows(const Table& table);
// The tables that it reads.
std::vector<std::string_view> tables_behind(std::string_view stored);
// Columns of a stored table by which rows are found.
const Indexes& indexes_of(std::string_view stored);

}  // namespace cdr::ext
