// A table that is given JSON on the inner side of a join: its input is read as a whole once, and the
// rows are the same as if it were read for each row of the outer side.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "connection.hpp"
#include "folder.hpp"

using cdr::test::Connection;
using cdr::test::Folder;

namespace {

std::string dialog(int i) {
  const std::string id = std::to_string(i);
  return R"({"dialog_uuid":"d)" + id +
         R"(","dialog_type":"EXTERNAL","business_direction":"INBOUND",)" +
         R"("start_time":"2024-05-02 10:0)" + id + R"(:00","hangup_time":"2024-05-02 10:0)" + id +
         R"(:30","from_display_target":"48500000)" + id + R"(00","recordings":[{"media_id":"m)" +
         id +
         R"(","media":["VOICE"]}]})"
         "\n";
}
std::string session(int id) {
  return R"({"id":)" + std::to_string(id) + R"(,"guestFeedbackStars":)" + std::to_string(id) +
         R"(,"companyId":7,"channel":"Phone","created":"2024-05-02T10:00:00Z"})"
         "\n";
}

using Lines = std::vector<std::string>;
constexpr const char* ids = "json_each('[\"d1\",\"d2\",\"none\",\"d4\",null,\"d2\",\"d3\"]') AS j";

struct Files {
  Folder folder;
  std::string dialogs =
      folder.write("dialogs.ndjson", dialog(1) + dialog(2) + dialog(3) + dialog(4));
  std::string more = folder.write("more.ndjson", dialog(4) + dialog(5));
  std::string sessions = folder.write("sessions.ndjson", session(7) + session(8) + session(9));
  Connection connection{":memory:"};

  // The second column of the rows; {ids}, {d} and {path} are replaced.
  std::vector<std::string> list(std::string sql) const {
    for (const auto& [name, by] : {std::pair<std::string, std::string>{"{ids}", ids},
                                   {"{d}", "cdr_dialog(cdr_file('" + dialogs + "')) AS d"},
                                   {"{path}", "'" + dialogs + "'"}})
      if (const auto at = sql.find(name); at != std::string::npos) sql.replace(at, name.size(), by);
    std::vector<std::string> found;
    sqlite3_stmt* const statement = connection.prepare(sql);
    while (sqlite3_step(statement) == SQLITE_ROW)
      found.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 1)));
    CHECK(sqlite3_finalize(statement) == SQLITE_OK);
    return found;
  }
};

// lose(n, path): removes the file at the n-th row that asks.
void lose(sqlite3_context* context, int, sqlite3_value** values) {
  if (sqlite3_value_int(values[0]) == 3)
    std::remove(reinterpret_cast<const char*>(sqlite3_value_text(values[1])));
  sqlite3_result_int(context, 1);
}

}  // namespace

TEST_CASE("JSON in joins: a file is read for the first rows only") {
  const std::string subquery = "(SELECT dialog_uuid FROM {d} WHERE d.dialog_uuid = j.value)";
  const std::string of_join =
      "SELECT lose(j.key, {path}), ifnull(d.dialog_uuid, '-') FROM {ids} "
      "LEFT JOIN {d} ON d.dialog_uuid = j.value";
  for (const std::string& asked :
       {of_join, "SELECT lose(j.key, {path}), ifnull(" + subquery + ", '-') FROM {ids}"}) {
    const Files files;
    sqlite3_create_function(files.connection.get(), "lose", 2, SQLITE_UTF8, nullptr, lose, nullptr,
                            nullptr);
    CHECK(files.list(asked) == Lines{"d1", "d2", "-", "d4", "-", "d2", "d3"});
    // The file is gone, and so is what was kept of it.
    CHECK(files.connection.run("SELECT 1 FROM cdr_dialog(cdr_file('" + files.dialogs + "'))") ==
          SQLITE_ERROR);
    CHECK(files.connection.require("SELECT cdr_option('column_cache_bytes')") == "0");
  }
}

TEST_CASE("JSON in joins: the rows are those of ordinary tables") {
  const Files files;
  const Connection& connection = files.connection;
  connection.require("CREATE TEMP TABLE dialogs AS SELECT * FROM cdr_dialog(cdr_file('" +
                     files.dialogs + "'))");
  connection.require("CREATE TEMP TABLE sessions(guest_feedback_stars INTEGER)");
  connection.require(
      "INSERT INTO sessions SELECT guest_feedback_stars FROM mluvii_session(cdr_file('" +
      files.sessions + "'))");
  connection.require("CREATE TEMP TABLE numbers(x INTEGER, y REAL)");
  connection.require("INSERT INTO numbers VALUES (7, 7.0), (12, 12.0)");
  const std::string content = dialog(1) + dialog(2) + dialog(3) + dialog(4);
  const std::string of_file = "cdr_dialog(cdr_file('" + files.dialogs + "'))";
  const std::string of_text = "cdr_dialog('" + content + "')";
  const std::string of_sessions = "mluvii_session(cdr_file('" + files.sessions + "'))";
  for (const char* mib : {"256", "0"}) {  // kept, and read each time
    connection.require("SELECT cdr_option('column_cache_mib', " + std::string(mib) + ")");
    for (const char* join : {"JOIN", "LEFT JOIN", "FULL JOIN", "CROSS JOIN"})
      for (const char* on :
           {"d.dialog_uuid = j.value", "d.dialog_uuid >= j.value",
            "d.dialog_uuid = j.value AND d.start_time > '2024-05-02 10:02:00.000'",
            "d.dialog_uuid = 'd2' AND d.active_seconds < j.key", "d.dialog_uuid = j.key + 0",
            "d.dialog_uuid = j.value COLLATE NOCASE", "d.dialog_uuid IN (j.value, 'd1')",
            "d.start_time = j.value", "d.dialog_uuid IS j.value", "true"})
        for (const std::string& table : {of_file, of_text}) {
          INFO(table, ' ', join, ' ', on);
          const auto joined = [&](const std::string& name) {
            return connection.list(
                "SELECT quote(j.value) || quote(d.dialog_uuid) || "
                "quote(d.start_time) || quote(d.from_display_target) FROM " +
                std::string(ids) + ' ' + join + ' ' + name + " AS d ON " + on + " ORDER BY 1");
          };
          CHECK(joined(table) == joined("dialogs"));
        }
    // Numbers, and texts that are numbers.
    for (const char* on : {"s.guest_feedback_stars = j.value", "s.guest_feedback_stars = j.key",
                           "s.guest_feedback_stars = j.key + 0.5"}) {
      CAPTURE(on);
      const auto joined = [&](const std::string& name) {
        return connection.list(
            "SELECT quote(j.value) || quote(s.guest_feedback_stars) FROM json_each('[7,\"8\",9.0,\"07\",null,\"x\",7,"
            "0,8,9]') AS j LEFT JOIN " +
            name + " AS s ON " + on + " ORDER BY j.key");
      };
      CHECK(joined(of_sessions) == joined("sessions"));
    }
    // Texts that are numbers, compared with numbers, which may be columns.
    for (const char* by : {"j.value", "CAST(j.value AS INTEGER)", "n.x", "n.y"})
      for (const char* more : {"8", "07", "7.0", "x"}) {
        CAPTURE(by);
        CAPTURE(more);
        const std::string table =
            "mluvii_session('" + session(7) + session(12) + R"({"id":")" + more +
            R"(","companyId":7,"channel":"Phone","created":"2024-05-02T10:00:00Z"}')"
            ")";
        connection.require("CREATE TEMP TABLE ids(id TEXT)");
        connection.require("INSERT INTO ids SELECT id FROM " + table);
        const auto joined = [&](const std::string& name) {
          return connection.list(
              "SELECT quote(j.value) || quote(s.id) FROM json_each('[7,\"12\",7.0,\"07\",12]') AS j "
              "JOIN numbers AS n ON n.x = CAST(j.value AS INTEGER) LEFT JOIN " +
              name + " AS s ON s.id = " + by + " ORDER BY j.key, s.id");
        };
        CHECK(joined(table) == joined("ids"));
        connection.require("DROP TABLE temp.ids");
      }
  }
}

TEST_CASE("JSON in joins: each row of the outer side may name another input") {
  const Files files;
  const Connection& connection = files.connection;
  connection.require("CREATE TEMP TABLE given(n, path, content)");
  connection.require("INSERT INTO given VALUES (1, '" + files.more + "', '" + dialog(1) +
                     "'), (2, '" + files.dialogs + "', '" + dialog(2) + dialog(3) + "'), (3, '" +
                     files.more + "', '" + dialog(1) + "'), (4, '" + files.more + "', NULL)");
  CHECK(connection.list(
            "SELECT n || d.dialog_uuid FROM given JOIN cdr_dialog(cdr_file(path)) AS d") ==
        Lines{"1d4", "1d5", "2d1", "2d2", "2d3", "2d4", "3d4", "3d5", "4d4", "4d5"});
  CHECK(connection.list("SELECT n || d.dialog_uuid FROM given JOIN cdr_dialog(content) AS d "
                        "WHERE n < 4") == Lines{"1d1", "2d2", "2d3", "3d1"});
}

TEST_CASE("json rows: no number has the sign of -0.0, which a file does not keep") {
  const Connection connection(":memory:");
  sqlite3_stmt* const statement = connection.prepare(
      R"(SELECT satisfaction FROM interactions('{"id":1,"companyId":7,"channel":"Phone","guestFeedbackStars":-0.0}'))");
  REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
  const double stars = sqlite3_column_double(statement, 0);
  CHECK(sqlite3_column_type(statement, 0) == SQLITE_FLOAT);
  CHECK(stars == 0);
  CHECK(!std::signbit(stars));
  sqlite3_finalize(statement);
}
