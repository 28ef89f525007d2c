// What `cdr` can be told to do. Each gives an exit code, or throws Failure.
#pragma once

#include <string>
#include <vector>

#include "cli/database.hpp"
#include "cli/format.hpp"

namespace cdr::cli {

struct QueryOptions {
  DatabaseOption database;
  std::string sql;  // "" or "-": standard input
  bool read_only = false;
  bool format_given = false;  // else a table on a terminal, TSV elsewhere
  FormatOptions format;
};

int query(const QueryOptions& options);
int doctor(const DatabaseOption& database);

// Runs every statement of `sql` and writes the rows of each; gives how many rows there were.
// `arguments` are bound to the parameters of each statement, as text.
std::int64_t run_sql(SQLite::Database& database, const std::string& path, const std::string& sql,
                     const FormatOptions& format, const std::vector<std::string>& arguments = {});

// All of standard input; `what` is told to a person who sits before it.
std::string read_standard_input(const std::string& what);

// `format` as it was given, or else what suits standard output.
FormatOptions suited(FormatOptions format, bool given);

}  // namespace cdr::cli
