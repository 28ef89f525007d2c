// User-defined reports: a connection offers exactly the reports that main holds, even to a
// statement that was prepared earlier.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

#include "connection.hpp"

using cdr::test::Connection;

TEST_CASE("added reports: a prepared statement answers what main holds when it is run") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  const auto add = [&](int n) {
    connection.require("SELECT cdr_report_add('-- mine: one row\n-- column n INTEGER: it\nSELECT " +
                       std::to_string(n) + "')");
  };
  add(1);
  sqlite3_stmt* const statement = connection.prepare("SELECT n FROM mine()");
  const auto ask = [&] {
    const int code = sqlite3_step(statement);
    const int found = code == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -code;
    sqlite3_reset(statement);
    return found;
  };
  CHECK(ask() == 1);
  add(2);
  CHECK(ask() == 2);
  connection.require("BEGIN");
  add(3);
  CHECK(ask() == 3);
  connection.require("ROLLBACK");
  CHECK(ask() == -SQLITE_ERROR);
  CHECK(connection.require("SELECT count(*) FROM cdr_tables WHERE name = 'mine'") == "0");
  connection.require("SELECT cdr_report_load()");
  CHECK(ask() == 2);
  connection.require("DELETE FROM report_definition");
  CHECK(ask() == -SQLITE_ERROR);
  sqlite3_finalize(statement);
}
