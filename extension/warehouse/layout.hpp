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
inline constexpr std::string_view instant_table = "fact_instant";

// The table that holds what is a row's own, of a stored table of the model ("dialog").
std::string facts_of(std::string_view stored);
// The ids of a row there: its component's number, and its own in it.
inline constexpr int row_bits = 24;
constexpr std::int64_t first_row(std::int64_t component) {
  return component << row_bits;
}
constexpr std::int64_t last_row(std::int64_t component) {
  return first_row(component) | ((std::int64_t{1} << row_bits) - 1);
}

// Names of the views.
std::vector<std::string_view> layout_views();
// The rows of a stored table, to be read FROM: what its view selects, and as `place` a number that
// each row has alone, and keeps while its interaction stays as it is. It is not the file's view,
// which may be another one.
std::string rows_of(std::string_view stored);
// "SELECT …" of the table's columns, FROM that AS t.
std::string select_rows(const Table& table);
// The tables that it reads.
std::vector<std::string_view> tables_behind(std::string_view stored);
// Columns of a stored table by which rows are found.
const Indexes& indexes_of(std::string_view stored);

}  // namespace cdr::ext
