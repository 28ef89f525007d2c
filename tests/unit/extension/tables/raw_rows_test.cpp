// A vendor's table that reads the warehouse, where it is asked repeatedly: its rows are kept,
// and are the same as if the records were read each time.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

#include "connection.hpp"
#include "folder.hpp"

using cdr::test::Connection;
using cdr::test::count_rows_over_close;
using cdr::test::Folder;

namespace {

std::string legs(int from, int to) {
  std::string list;
  for (int i = from; i < to; ++i) {
    const std::string id = std::to_string(i);
    list += R"({"guid":"g)" + id + R"(","calldate":"2024-05-02 10:00:00","src":")" + id +
            R"(","dst":"100","duration":"10","billsec":"5","uniqueid":"u)" + id +
            R"(","disposition":"ANSWERED"})"
            "\n";
  }
  return list;
}

struct Legs {
  Legs() {
    connection.require("SELECT cdr_init()");
    import(0, 40);
  }
  void import(int from, int to) const {
    connection.require("SELECT cdr_import('" + legs(from, to) + "')");
  }
  // Kept by the connection while no statement runs.
  bool keeps() const {
    return connection.require("SELECT cdr_option('column_cache_bytes')") != "0";
  }
  std::string ask(const std::string& sql) const {
    return connection.require(
        "WITH x(guid) AS (SELECT 'g' || value FROM "
        "json_each('[0,7,7,38,39,40,41,null]')) SELECT " +
        sql);
  }

  Folder folder;
  Connection connection{folder / "warehouse.db"};
};

constexpr const char* of_subquery =
    "group_concat((SELECT src FROM ucontact_record AS r WHERE r.guid = x.guid)) FROM x";
constexpr const char* of_join =
    "group_concat(r.src) FROM x LEFT JOIN ucontact_record AS r ON r.guid = x.guid";

}  // namespace

TEST_CASE("records in joins: what is kept belongs to the state of the file") {
  for (const std::string sql : {of_subquery, of_join}) {
    INFO(sql);
    const Legs warehouse;
    CHECK(warehouse.ask(sql) == "0,7,7,38,39");
    CHECK(warehouse.keeps());
    CHECK(warehouse.ask(sql) == "0,7,7,38,39");
    // Changes that another connection commits, and some that this one undoes.
    {
      const Connection other(warehouse.folder / "warehouse.db");
      other.require("SELECT cdr_import('" + legs(40, 41) + "')");
    }
    CHECK(warehouse.ask(sql) == "0,7,7,38,39,40");
    warehouse.connection.require("BEGIN");
    warehouse.import(41, 42);
    CHECK(warehouse.ask(sql) == "0,7,7,38,39,40,41");
    warehouse.connection.require("SAVEPOINT here");
    warehouse.connection.require("SELECT cdr_erase('interaction', 'g7')");
    CHECK(warehouse.ask(sql) == "0,38,39,40,41");
    warehouse.connection.require("ROLLBACK TO here");
    CHECK(warehouse.ask(sql) == "0,7,7,38,39,40,41");
    warehouse.connection.require("ROLLBACK");
    CHECK(warehouse.ask(sql) == "0,7,7,38,39,40");
    warehouse.connection.require("SELECT cdr_erase('interaction', 'g40')");
    CHECK(warehouse.ask(sql) == "0,7,7,38,39");
  }
}

TEST_CASE("records in joins: a query that needs few of them reads all at most once") {
  const Legs warehouse;
  const Connection& connection = warehouse.connection;
  // How much the table's own statements do for a query.
  const auto steps_of = [&](const std::string& sql) {
    int steps = 0;
    const auto each_statement = [&](const auto& use) {
      for (sqlite3_stmt* each = sqlite3_next_stmt(connection.get(), nullptr); each != nullptr;
           each = sqlite3_next_stmt(connection.get(), each))
        if (std::string(sqlite3_sql(each)).find("FROM main.raw_record AS r") != std::string::npos)
          use(sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 1));
    };
    each_statement([](int) {});
    connection.require(sql);
    each_statement([&](int done) { steps += done; });
    return steps;
  };
  const int all = steps_of("SELECT count(*) FROM (SELECT src FROM ucontact_record)");
  REQUIRE(all > 40);
  for (const bool has_written : {false, true}) {
    if (has_written) {
      connection.require("BEGIN");
      connection.require("CREATE TABLE mine(x)");
    }
    int read_all = 0;
    for (int i = 0; i < 100; ++i)
      if (steps_of("SELECT count(*) FROM (SELECT src FROM ucontact_record LIMIT 1)") > all / 2)
        ++read_all;
    CHECK(read_all == (has_written ? 0 : 1));
  }
  connection.require("ROLLBACK");
  // A statement that writes, in no transaction of the host's and in one.
  connection.require("CREATE TABLE found(src)");  // the file's state is another one then
  for (const char* transaction : {"SELECT 1", "BEGIN"}) {
    connection.require(transaction);
    connection.require("DELETE FROM found");
    const std::string insertion =
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99) "
        "INSERT INTO found SELECT (SELECT src FROM ucontact_record AS r WHERE r.guid = 'g' || i) "
        "FROM n";
    CHECK(steps_of(insertion) < 4 * all);
    CHECK(connection.require("SELECT count(src) || ' of ' || count(*) FROM found") == "40 of 100");
  }
  connection.require("ROLLBACK");
}

TEST_CASE("records in joins: memory is given back, and more of it is used") {
  const Legs warehouse;
  const auto set_mib = [&](int mib) {
    warehouse.connection.require("SELECT cdr_option('column_cache_mib', " + std::to_string(mib) +
                                 ")");
  };
  CHECK(warehouse.ask(of_subquery) == "0,7,7,38,39");
  CHECK(warehouse.keeps());
  set_mib(0);
  CHECK_FALSE(warehouse.keeps());
  CHECK(warehouse.ask(of_subquery) == "0,7,7,38,39");
  CHECK_FALSE(warehouse.keeps());
  // While rows are read, and the file has changed.
  set_mib(1);
  sqlite3_stmt* const statement = warehouse.connection.prepare(
      "SELECT b.src FROM json_each('[1,2,3,4,5]') AS a LEFT JOIN ucontact_record AS b ON b.src = "
      "a.value || ''");
  for (int i = 0; i < 3; ++i) CHECK(sqlite3_step(statement) == SQLITE_ROW);
  CHECK(warehouse.keeps());
  set_mib(0);
  CHECK(sqlite3_step(statement) == SQLITE_ROW);
  sqlite3_finalize(statement);
  CHECK_FALSE(warehouse.keeps());
  // What did not fit is tried with more memory.
  const std::string long_text(4'000, 'x');
  std::string list;
  for (int i = 100; i < 400; ++i)
    list += R"({"guid":"g)" + std::to_string(i) + R"(","calldate":"2024-05-02 10:00:00","src":")" +
            long_text + std::to_string(i) + R"(","uniqueid":"u)" + std::to_string(i) +
            R"(","disposition":"ANSWERED"})"
            "\n";
  warehouse.connection.require("SELECT cdr_import('" + list + "')");
  set_mib(1);
  CHECK(warehouse.ask(of_subquery) == "0,7,7,38,39");
  CHECK_FALSE(warehouse.keeps());
  set_mib(4);
  CHECK(warehouse.ask(of_subquery) == "0,7,7,38,39");
  CHECK(warehouse.keeps());
}

TEST_CASE("records in joins: a statement ends after sqlite3_close_v2()") {
  const Legs warehouse;
  CHECK(count_rows_over_close(warehouse.folder / "warehouse.db",
                              "SELECT a.src FROM ucontact_record AS a JOIN ucontact_record AS b ON "
                              "b.src = a.src",
                              10) == 40);
}
