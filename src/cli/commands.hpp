// What `cdr` can be told to do. Each gives an exit code, or throws Failure.
#pragma once

#include <cstdint>
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

struct ImportOptions {
  DatabaseOption database;
  std::vector<std::string> paths;  // files, folders, globs; - is standard input
  std::string source;              // "" = the vendor's name
  std::string zone;                // "" = UTC
  std::string fetched_at;          // "" = decided by what the records say
  bool json = false;               // each file's summary, instead of the sum
  bool wal = false;                // else the database keeps its journal mode
};

struct UpkeepOptions {
  DatabaseOption database;
  bool format_given = false;
  FormatOptions format;
};

struct EraseOptions {
  DatabaseOption database;
  std::string what, value;     // value "-": standard input
  std::string vendor, source;  // of an interaction; "" = any
  std::string key_file;        // of a customer_token
  bool yes = false;            // without asking
  bool dry_run = false;
  bool vacuum = true;
};

int query(const QueryOptions& options);
int import(const ImportOptions& options);
int check(const UpkeepOptions& options);
int rebuild(const UpkeepOptions& options);
int erase(const EraseOptions& options);
int doctor(const DatabaseOption& database);

// Runs every statement of `sql` and writes the rows of each; gives how many rows there were.
std::int64_t run_sql(SQLite::Database& database, const std::string& path, const std::string& sql,
                     const FormatOptions& format);

// All of standard input; `what` is told to a person who sits before it.
std::string read_standard_input(const std::string& what);

// `format` as it was given, or else what suits standard output.
FormatOptions suited(FormatOptions format, bool given);

}  // namespace cdr::cli
