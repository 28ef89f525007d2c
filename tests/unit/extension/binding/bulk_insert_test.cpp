// BulkInsert writes what an INSERT for each row would write, and says so if it cannot.
#include "extension/binding/bulk_insert.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

#include "connection.hpp"

using namespace cdr;
using namespace cdr::ext;

namespace {

using test::Connection;

// The row's cells, as a table without declared types has them.
std::vector<std::string> rows_of(const Connection& connection) {
  return connection.list("SELECT quote(a) || ' ' || quote(b) || ' ' || quote(c) FROM t");
}

void add(BulkInsert& insert, Value a, Value b, Value c) {
  const std::span<Value> row = insert.add();
  row[0] = a;
  row[1] = b;
  row[2] = c;
}

std::string message_of(BulkInsert& insert) {
  try {
    insert.write();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("bulk insert: values of all types, in the order in which they were added") {
  for (const char* encoding : {"UTF-8", "UTF-16"}) {
    CAPTURE(encoding);
    const Connection connection(":memory:");
    connection.require("PRAGMA encoding = '" + std::string(encoding) + "'");
    connection.require("CREATE TABLE t (a, b, c)");
    BulkInsert insert(connection.get(), "t", {"a", "b", "c"}, BulkInsert::Conflict::fail, {"c"});
    insert.write();  // nothing yet
    add(insert, Value::integer(-7), Value::text("żółć"), Value::text({"\0\xff", 2}));
    add(insert, Value::real(0.5), Value(), Value::text(""));
    insert.add();
    CHECK(insert.size() == 3);
    CHECK(rows_of(connection).empty());
    insert.write();
    add(insert, Value::text({}), Value::text("last"), Value());
    insert.write();
    insert.write();
    CHECK(rows_of(connection) == std::vector<std::string>{"-7 'żółć' X'00FF'", "0.5 NULL X''",
                                                          "NULL NULL NULL", "'' 'last' NULL"});
  }
}

TEST_CASE("bulk insert: more rows than before, and rows that are forgotten") {
  const Connection connection(":memory:");
  connection.require("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c DOUBLE)");
  BulkInsert insert(connection.get(), "t", {"a", "b", "c"});
  constexpr int many = 1000;
  for (int i = 1; i <= many; ++i)
    add(insert, Value::integer(i), Value::integer(i), Value::integer(i));
  insert.forget();
  insert.write();
  CHECK(connection.require("SELECT count(*) FROM t") == "0");
  for (int i = 1; i <= many; ++i)
    add(insert, Value::integer(i), Value::integer(i), Value::integer(i));
  insert.write();
  // Each column converts as it does for any INSERT.
  CHECK(connection.require("SELECT count(*) || typeof(b) || typeof(c) FROM t WHERE b = a") ==
        "1000textreal");
}

TEST_CASE("bulk insert: a conflict is an error, or leaves the row out") {
  const Connection connection(":memory:");
  connection.require("CREATE TABLE t (a INTEGER PRIMARY KEY, b, c)");
  BulkInsert fails(connection.get(), "t", {"a", "b", "c"});
  BulkInsert ignores(connection.get(), "t", {"a", "b", "c"}, BulkInsert::Conflict::ignore);
  for (BulkInsert* each : {&ignores, &fails})
    for (const int key : {1, 1, 2}) add(*each, Value::integer(key), Value(), Value());
  ignores.write();
  CHECK(connection.require("SELECT group_concat(a) FROM t") == "1,2");
  CHECK(message_of(fails) == "the warehouse: UNIQUE constraint failed: t.a");
  CHECK(message_of(fails).empty());  // its rows are forgotten
  CHECK(connection.require("SELECT group_concat(a) FROM t") == "1,2");
}

TEST_CASE("bulk insert: the table has other columns") {
  const Connection connection(":memory:");
  connection.require("CREATE TABLE t (a, b, other)");
  BulkInsert insert(connection.get(), "t", {"a", "b", "c"});
  insert.add();
  CHECK(message_of(insert).starts_with("the warehouse: no such table column: t.c; cdr_check()"));
  connection.require("ALTER TABLE t RENAME other TO c");
  connection.require("ALTER TABLE t ADD d");
  BulkInsert again(connection.get(), "t", {"a", "b", "c"});
  again.add();
  CHECK(message_of(again).find("4 columns but 3 values were supplied") != std::string::npos);
  CHECK(rows_of(connection).empty());
}

TEST_CASE("bulk insert: what an authorizer makes SQLite ignore is not written as NULL") {
  const Connection connection(":memory:");
  connection.require("CREATE TABLE t (a, b, c)");
  sqlite3_set_authorizer(
      connection.get(),
      [](void*, int code, const char*, const char* column, const char*, const char*) {
        return code == SQLITE_READ && std::string(column) == "c2" ? SQLITE_IGNORE : SQLITE_OK;
      },
      nullptr);
  BulkInsert insert(connection.get(), "t", {"a", "b", "c"});
  add(insert, Value::integer(1), Value::integer(2), Value::integer(3));
  CHECK(message_of(insert).find("SQLITE_IGNORE to 'INSERT INTO main.t'") != std::string::npos);
}

TEST_CASE("bulk insert: SQL cannot read the rows") {
  const Connection connection(":memory:");
  const auto error_of = [&](const char* sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(connection.get(), sql, -1, &statement, nullptr);
    CHECK(sqlite3_finalize(statement) == SQLITE_OK);
    return code == SQLITE_OK ? "" : std::string(sqlite3_errmsg(connection.get()));
  };
  CHECK(error_of("SELECT * FROM cdr_rows") ==
        "cdr_rows: libcdr writes rows with it; there are none to be read");
  CHECK(connection.run("CREATE VIRTUAL TABLE mine USING cdr_rows") == SQLITE_ERROR);
  CHECK(connection.require("SELECT count(*) FROM cdr_rows(NULL)") == "0");
  CHECK(connection.require("SELECT count(*) FROM cdr_rows('rows')") == "0");
  CHECK(connection.require("SELECT count(*) FROM cdr_rows(cdr_file('" CDR_SAMPLES "'))") == "0");
}
