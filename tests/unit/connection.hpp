// A connection of SQLite as a host has it: statements step by step, errors as codes.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

namespace cdr::test {

class Connection {
 public:
  explicit Connection(const std::string& path) {
    REQUIRE(sqlite3_open(path.c_str(), &database_) == SQLITE_OK);
    require("PRAGMA synchronous = OFF");
  }
  ~Connection() { CHECK(sqlite3_close(database_) == SQLITE_OK); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  sqlite3* get() const { return database_; }

  // Returns the result code, and the value in the first column of the first row.
  int run(const std::string& sql, std::string* first = nullptr) const {
    sqlite3_stmt* statement = prepare(sql);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW && first != nullptr) *first = text(statement);
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code;
  }
  std::string require(const std::string& sql) const {
    std::string first;
    const int code = run(sql, &first);
    INFO(sql, ": ", std::string(sqlite3_errmsg(database_)));
    REQUIRE(code == SQLITE_DONE);
    return first;
  }
  std::vector<std::string> list(const std::string& sql) const {
    std::vector<std::string> found;
    sqlite3_stmt* statement = prepare(sql);
    while (sqlite3_step(statement) == SQLITE_ROW) found.push_back(text(statement));
    sqlite3_finalize(statement);
    return found;
  }
  sqlite3_stmt* prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr);
    INFO(sql, ": ", std::string(sqlite3_errmsg(database_)));
    REQUIRE(code == SQLITE_OK);
    return statement;
  }
  // Counts all busy statements, including those of the virtual tables.
  int busy_statements() const {
    int busy = 0;
    for (sqlite3_stmt* each = sqlite3_next_stmt(database_, nullptr); each != nullptr;
         each = sqlite3_next_stmt(database_, each))
      if (sqlite3_stmt_busy(each) != 0) ++busy;
    return busy;
  }

 private:
  static std::string text(sqlite3_stmt* statement) {
    const auto* found = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    return found == nullptr ? "" : found;
  }
  sqlite3* database_ = nullptr;
};

// How many rows a query returns whose connection is closed by sqlite3_close_v2() after the first
// `steps` of them.
inline int count_rows_over_close(const std::string& path, const std::string& sql, int steps) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  for (int i = 0; i < steps; ++i) REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
  CHECK(sqlite3_close_v2(database) == SQLITE_OK);
  int rows = steps, code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) ++rows;
  CHECK(code == SQLITE_DONE);
  CHECK(sqlite3_finalize(statement) == SQLITE_OK);
  return rows;
}

}  // namespace cdr::test
