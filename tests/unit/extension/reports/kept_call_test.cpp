// The rows of a report on the inner side of a join: computed once for the statement, not for each
// row of the outer side, and the same as if they were computed each time.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>
#include <string_view>
#include <vector>

#include "connection.hpp"

using cdr::test::Connection;

namespace {

// Offers the report drawn(of), and counts how often it is computed.
class Drawn {
 public:
  Drawn() {
    connection_.require("SELECT cdr_init()");
    connection_.require("CREATE TABLE drawn_row(of, name, at, n)");
    connection_.require(
        "INSERT INTO drawn_row VALUES ('x', 'a', '2024-05-06 01:00:00.000', 1), "
        "('x', 'b', '2024-05-06 02:00:00.000', 2), ('x', NULL, NULL, 3), "
        "('x', 'b', '2024-05-06 02:00:00.000', 4), ('x', '7', '2024-05-06 03:00:00.000', NULL), "
        "('y', 'a', NULL, 6)");
    connection_.require(
        "SELECT cdr_report_add('-- drawn: one row per row\n-- argument of TEXT: which\n"
        "-- column name TEXT: a name\n-- column at TIMESTAMP: a time\n-- column n INTEGER: it\n"
        "SELECT name, at, n FROM drawn_row WHERE of = :of')");
    sqlite3_trace_v2(connection_.get(), SQLITE_TRACE_STMT, note, this);
  }
  ~Drawn() { sqlite3_trace_v2(connection_.get(), 0, nullptr, nullptr); }
  Drawn(const Drawn&) = delete;
  Drawn& operator=(const Drawn&) = delete;

  const Connection& connection() const { return connection_; }
  // The first column of the rows.
  std::vector<std::string> list(const std::string& sql) {
    computed_ = 0;
    return connection_.list(sql);
  }
  int computed() const { return computed_; }
  std::string kept() const {
    return connection_.require("SELECT cdr_option('column_cache_bytes')");
  }

 private:
  static int note(unsigned, void* to, void*, void* sql) {
    const std::string_view text(static_cast<const char*>(sql));
    if (text.find("drawn_row WHERE of") != std::string_view::npos)
      ++static_cast<Drawn*>(to)->computed_;
    return 0;
  }
  Connection connection_{":memory:"};
  int computed_ = 0;
};

using Lines = std::vector<std::string>;
constexpr const char* names = "json_each('[\"a\", \"b\", \"c\", 7, null]')";

}  // namespace

TEST_CASE("reports in joins: looked up, they are computed once") {
  Drawn drawn;
  const std::string shown = "SELECT ifnull(j.value, '-') || ' ' || ifnull(d.n, '-') FROM ";
  CHECK(drawn.list(shown + names + " AS j LEFT JOIN drawn('x') AS d ON d.name = j.value") ==
        Lines{"a 1", "b 2", "b 4", "c -", "7 -", "- -"});
  CHECK(drawn.computed() == 1);
  // SQLite compares a number with the name '7' in one of these two ways.
  CHECK(drawn.list("SELECT count(d.name) FROM " + std::string(names) +
                   " AS j LEFT JOIN drawn('x') AS d ON d.name = j.value") == Lines{"3"});
  CHECK(drawn.list("SELECT count(d.name) FROM " + std::string(names) +
                   " AS j LEFT JOIN drawn('x') AS d ON d.name = j.value + 0") == Lines{"1"});
  CHECK(drawn.list(shown + names + " AS j LEFT JOIN drawn('x') AS d ON d.name IS j.value") ==
        Lines{"a 1", "b 2", "b 4", "c -", "7 -", "- 3"});
  CHECK(drawn.computed() == 1);
  // Several columns, and a time in another form.
  const std::string times =
      "json_each('[\"2024-05-06T01:00:00Z\", \"2024-05-06T04:00:00+02:00\", \"never\", null]')";
  CHECK(drawn.list(shown + times + " AS j LEFT JOIN drawn('x') AS d ON d.at = j.value") ==
        Lines{"2024-05-06T01:00:00Z 1", "2024-05-06T04:00:00+02:00 2",
              "2024-05-06T04:00:00+02:00 4", "never -", "- -"});
  CHECK(drawn.computed() == 2);
  CHECK(drawn.list("SELECT count(*) FROM drawn('x') AS a LEFT JOIN drawn('x') AS b USING (name, "
                   "at)") == Lines{"7"});
  CHECK(drawn.computed() == 2);
  // Other ways of comparing are SQLite's.
  CHECK(drawn.list(shown + "json_each('[\"A\", \"B\"]') AS j LEFT JOIN drawn('x') AS d ON d.name = "
                           "j.value COLLATE NOCASE") == Lines{"A 1", "B 2", "B 4"});
  CHECK(drawn.list(shown + names + " AS j LEFT JOIN drawn('x') AS d ON d.name IN (j.value, 'a')") ==
        Lines{"a 1", "b 1", "b 2", "b 4", "c 1", "7 1", "7 -", "- 1"});
}

TEST_CASE("reports in joins: a FULL JOIN has each row once, matched or not") {
  const Drawn drawn;
  const auto joined = [&](const std::string& right, const char* join, const char* by) {
    return drawn.connection().list("SELECT ifnull(j.value, '-') || ' ' || ifnull(d.n, '-') FROM " +
                                   std::string(names) + " AS j " + join + ' ' + right +
                                   " AS d ON d.name " + by + " j.value ORDER BY 1");
  };
  drawn.connection().require("CREATE TEMP TABLE copy AS SELECT * FROM drawn('x')");
  drawn.connection().require(
      "SELECT cdr_report_add('-- all_drawn: one row per row\n"
      "-- column name TEXT: a name\n-- column n INTEGER: it\nSELECT name, n FROM drawn_row')");
  drawn.connection().require("CREATE TEMP TABLE copy_of_all AS SELECT * FROM all_drawn");
  for (const char* by : {"=", "IS", "<"}) {
    CAPTURE(by);
    CHECK(joined("drawn('x')", "FULL JOIN", by) == joined("copy", "FULL JOIN", by));
    for (const char* join : {"FULL JOIN", "RIGHT JOIN"})
      CHECK(joined("all_drawn", join, by) == joined("copy_of_all", join, by));
  }
}

TEST_CASE("reports in joins: not looked up, they are computed twice at most") {
  Drawn drawn;
  CHECK(drawn.list("SELECT count(*) FROM " + std::string(names) + " CROSS JOIN drawn('x')") ==
        Lines{"25"});
  CHECK(drawn.computed() == 2);
  // Each call is read to its first row only.
  CHECK(drawn.list("SELECT j.value || EXISTS (SELECT 1 FROM drawn('x') AS d WHERE d.name = "
                   "j.value) FROM " +
                   std::string(names) + " AS j WHERE j.value IS NOT NULL") ==
        Lines{"a1", "b1", "c0", "70"});
  // Calls that differ.
  CHECK(drawn.list("SELECT j.value || count(*) FROM json_each('[\"x\", \"y\", \"x\"]') AS j CROSS "
                   "JOIN drawn(j.value) AS d GROUP BY j.key") == Lines{"x5", "y1", "x5"});
  CHECK(drawn.computed() == 3);
}

TEST_CASE("reports in joins: memory") {
  Drawn drawn;
  const std::string join = "SELECT count(d.n) FROM " + std::string(names) +
                           " AS j LEFT JOIN drawn('x') AS d ON d.name = j.value";
  CHECK(drawn.list(join) == Lines{"3"});
  CHECK(drawn.kept() == "0");
  sqlite3_stmt* const statement = drawn.connection().prepare(
      "SELECT d.n, cdr_option('column_cache_bytes') FROM " + std::string(names) +
      " AS j JOIN drawn('x') AS d ON d.name > j.value OR j.key < 5 ORDER BY +j.key DESC");
  CHECK(sqlite3_step(statement) == SQLITE_ROW);
  sqlite3_finalize(statement);
  CHECK(drawn.kept() == "0");
  drawn.connection().require("SELECT cdr_option('column_cache_mib', 0)");
  CHECK(drawn.list(join) == Lines{"3"});
  CHECK(drawn.computed() == 5);
}

TEST_CASE("reports in joins: rows that change meanwhile are computed again") {
  Drawn drawn;
  const Connection& connection = drawn.connection();
  for (const bool is_open : {false, true}) {
    CAPTURE(is_open);
    connection.require("UPDATE drawn_row SET n = n % 100");
    if (is_open) connection.require("BEGIN");
    sqlite3_stmt* const join = connection.prepare(
        "SELECT d.n FROM json_each('[\"a\", \"a\", \"b\"]') AS j CROSS JOIN drawn('x') AS d ON "
        "d.name = j.value");
    const auto next = [&] {
      return sqlite3_step(join) == SQLITE_ROW ? sqlite3_column_int(join, 0) : -1;
    };
    CHECK(next() == 1);
    CHECK(next() == 1);
    connection.require("UPDATE drawn_row SET n = n + 100");
    CHECK(next() == 102);
    CHECK(next() == 104);
    CHECK(next() == -1);
    sqlite3_finalize(join);
    if (is_open) connection.require("COMMIT");
  }
  CHECK(connection.busy_statements() == 0);
}
