// What xBestIndex decides and xFilter reads, as the text that SQLite carries between them: which
// columns are used, and what each argument is.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extension/sqlite.hpp"
#include "vendors/rows.hpp"

namespace cdr::ext {

struct Plan {
  struct Argument {
    char use;  // 'i' the input, 'f' the filter, or a comparison: '=', '<', '{' (<=), '>', '}' (>=)
    std::size_t column;
  };
  ColumnSet columns;
  std::vector<Argument> arguments;  // in xFilter's order

  static Plan read(const char* text);
  std::string write(std::uint64_t columns_used) const;
};

// What a table wants of a plan.
struct PlanRequest {
  std::size_t columns = 0;      // of the SQL table, arguments among them
  int input = -1, filter = -1;  // hidden argument columns; -1 = none
  std::string_view name;
};
// Fills `info`. SQLITE_CONSTRAINT when the input is there but not usable yet.
int make_plan(const PlanRequest& request, sqlite3_index_info& info);
// The error of a table that is read without an input, or with NULL for one.
[[noreturn]] void refuse_missing_input(const Plan& plan, std::string_view name);

}  // namespace cdr::ext
