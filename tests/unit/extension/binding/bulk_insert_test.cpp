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

TEST_CASE("bulk insert: rows of its own and the caller's, and columns that are NULL at first") {
  const Connection connection(":memory:");
  connection.require("CREATE TABLE t (a, b, c)");
  BulkInsert insert(connection.get(), "t", {"a", "b", "c"});
  const Value given[] = {Value::integer(2), Value::text("two"), Value()};
  add(insert, Value(), Value(), Value());
  insert.add(given);
  add(insert, Value::integer(3), Value(), Value());
  insert.add(given);
  CHECK(insert.size() == 4);
  insert.write();
  add(insert, Value::integer(4), Value(), Value::real(0.5));  // c for the first time
  insert.write();
  add(insert, Value::integer(5), Value(), Value());  // b and c are NULL in all of its rows
  insert.write();
  CHECK(rows_of(connection) ==
        std::vector<std::string>{"NULL NULL NULL", "2 'two' NULL", "3 NULL NULL", "2 'two' NULL",
                                 "4 NULL 0.5", "5 NULL NULL"});
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
  CHECK(message_of(insert).starts_with(
      "the warehouse: table main.t has no column named c; cdr_check()"));
  // Columns are known by their names, not by their order.
  connection.require("ALTER TABLE t RENAME b TO c");
  connection.require("ALTER TABLE t RENAME other TO b");
  add(insert, Value::integer(1), Value::integer(2), Value::integer(3));
  CHECK(message_of(insert).empty());
  CHECK(rows_of(connection) == std::vector<std::string>{"1 2 3"});
  connection.require("ALTER TABLE t ADD d");
  for (const bool may_have_more : {true, false}) {
    BulkInsert again(connection.get(), "t", {"a", "b", "c"});
    if (!may_have_more) again.require_no_more_columns();
    again.add();
    CHECK((message_of(again).find("4 columns but 3 values were supplied") == std::string::npos) ==
          may_have_more);
  }
  CHECK(rows_of(connection) == std::vector<std::string>{"1 2 3", "NULL NULL NULL"});
}

TEST_CASE("bulk insert: the clauses of the host's triggers count") {
  const Connection connection(":memory:");
  connection.require("CREATE TABLE t (a INTEGER PRIMARY KEY, b, c)");
  connection.require("CREATE TEMP TABLE mine (b PRIMARY KEY)");
  connection.require(
      "CREATE TEMP TRIGGER note AFTER INSERT ON main.t BEGIN INSERT OR IGNORE INTO mine VALUES "
      "(new.b); END");
  BulkInsert insert(connection.get(), "t", {"a", "b", "c"});
  for (const int key : {1, 2, 3})
    add(insert, Value::integer(key), Value::integer(key / 2), Value());
  CHECK(message_of(insert).empty());
  CHECK(connection.require("SELECT group_concat(b) FROM mine") == "0,1");
}

TEST_CASE("bulk insert: tables of any name, and few columns") {
  const Connection connection(":memory:");
  connection.require("CREATE TABLE t (a, b, c)");
  for (const char* schema : {"main", "temp"})
    connection.require("CREATE TABLE " + std::string(schema) + ".cdr_rows (c0, c1, c2)");
  CHECK(sqlite3_exec(connection.get(), "CREATE TABLE sqlite_cdr_rows (c0)", nullptr, nullptr,
                     nullptr) == SQLITE_ERROR);
  sqlite3_limit(connection.get(), SQLITE_LIMIT_COLUMN,
                static_cast<int>(BulkInsert::most_columns) + 1);
  BulkInsert insert(connection.get(), "t", {"a", "b", "c"});
  add(insert, Value::integer(1), Value::integer(2), Value::integer(3));
  CHECK(message_of(insert).empty());
  CHECK(rows_of(connection) == std::vector<std::string>{"1 2 3"});
  const Connection narrow(":memory:");
  narrow.require("CREATE TABLE t (a, b, c)");
  sqlite3_limit(narrow.get(), SQLITE_LIMIT_COLUMN, 50);
  BulkInsert refused(narrow.get(), "t", {"a", "b", "c"});
  refused.add();
  CHECK(message_of(refused) ==
        "the warehouse: too many columns on x; sqlite3_limit() of this connection allows less than "
        "libcdr needs; keep SQLite's default limits");
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
  for (const char* not_null : {"", " NOT NULL"}) {
    connection.require("DROP TABLE IF EXISTS t");
    connection.require("CREATE TABLE t (a, b, c" + std::string(not_null) + ")");
    BulkInsert insert(connection.get(), "t", {"a", "b", "c"});
    add(insert, Value::integer(1), Value::integer(2), Value::integer(3));
    CHECK(message_of(insert).find("SQLITE_IGNORE to 'INSERT INTO main.t'") != std::string::npos);
  }
}

TEST_CASE("bulk insert: SQL cannot read the rows") {
  const Connection connection(":memory:");
  const auto error_of = [&](const char* sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(connection.get(), sql, -1, &statement, nullptr);
    CHECK(sqlite3_finalize(statement) == SQLITE_OK);
    return code == SQLITE_OK ? "" : std::string(sqlite3_errmsg(connection.get()));
  };
  CHECK(error_of("SELECT * FROM sqlite_cdr_rows") ==
        "sqlite_cdr_rows: libcdr writes rows with it; there are none to be read");
  CHECK(connection.run("CREATE VIRTUAL TABLE mine USING sqlite_cdr_rows") == SQLITE_ERROR);
  CHECK(connection.require("SELECT count(*) FROM sqlite_cdr_rows(NULL)") == "0");
  CHECK(connection.require("SELECT count(*) FROM sqlite_cdr_rows('rows')") == "0");
  CHECK(connection.require("SELECT count(*) FROM sqlite_cdr_rows(cdr_file('" CDR_SAMPLES "'))") ==
        "0");
}
