// Everything that the extension registers, as data: what entry.cpp loops over and what cdr_tables,
// cdr_columns, cdr_functions and the reference are made from.
#pragma once

#include <memory>
#include <span>

#include "core/arena.hpp"
#include "extension/function.hpp"
#include "json/source.hpp"
#include "model/facts.hpp"

namespace cdr::ext {

// A table whose rows are made all at once: the declarations themselves, and cdr_problems.
struct ListTable {
  Table table;
  enum class Reads : unsigned char {
    nothing,
    input,      // a hidden column `input`, as the JSON tables have; without it the warehouse
    warehouse,  // much of it: DIRECTONLY
  } reads = Reads::nothing;
  // From the source, or without one from the warehouse.
  void (*fill)(RowSet& rows, Arena& arena, const Source* source, sqlite3* database);
};

std::span<const ListTable> list_tables();
// All functions, of all files of extension/functions/.
std::span<const std::span<const Function>> functions();

}  // namespace cdr::ext
