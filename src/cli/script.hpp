// The statements of an SQL text, one after the other, with the values of their parameters.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <set>
#include <string>

#include "cli/cell.hpp"
#include "cli/database.hpp"

namespace cdr::cli {

struct SqlText {
  std::string sql;
  std::string file;  // where the SQL comes from, for messages; "" = none
};

// Values of an SQL text's parameters, by name.
using Parameters = std::map<std::string, std::string>;

// SQLite's own statements, because SQLiteCpp's do not say where the next one begins.
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

class Script {
 public:
  // All arguments must outlive the script. `path` is the database's, and `access` is the access
  // that was requested; both are for messages.
  Script(sqlite3* database, const std::string& path, const SqlText& text,
         Access access = Access::write);

  // The next statement; null at the end. Throws Failure, with the place of the error.
  Prepared next();
  // Whether the statement returned last is the last one.
  bool is_at_end() const;
  // From now on messages do not say which names were probably meant: the connection may not read the
  // lists of names.
  void do_not_suggest() { suggests_ = false; }
  // Throws SQLite's message.
  [[noreturn]] void fail(const char* begin = nullptr) const;

 private:
  std::string position(std::size_t at) const;

  sqlite3* database_;
  const std::string& path_;
  const Access access_;
  const SqlText& text_;
  const std::string& sql_;
  const char* next_;
  bool suggests_ = true;
};

class Binder {
 public:
  explicit Binder(const Parameters& parameters) : parameters_(parameters) {}
  // Throws Failure if a parameter has no value, or a value has no parameter in any statement.
  void bind(sqlite3_stmt* statement, const Script& script);

 private:
  void require_all_used() const;

  const Parameters& parameters_;
  std::set<std::string> used_;
};

// A value of the row; valid until the next row.
Cell cell_of(sqlite3_stmt* row, int column);

}  // namespace cdr::cli
