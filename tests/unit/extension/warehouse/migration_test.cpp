// Migrations from one format of the warehouse to the next, with steps that the test defines.
// tests/e2e/format_*.sh use real files; tests/golden/warehouse_schema.sql shows how cdr_init()
// treats a file's format.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>

#include "core/error.hpp"
#include "extension/warehouse/upkeep/creation.hpp"

using namespace cdr;
using namespace cdr::ext;

namespace {

// The parts of a format 1 warehouse that matter here.
SQLite::Database of_format_1() {
  SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(
      "PRAGMA foreign_keys = ON;"
      "CREATE TABLE cdr_meta (name TEXT PRIMARY KEY, value TEXT);"
      "INSERT INTO cdr_meta VALUES ('format', '1');"
      "CREATE TABLE call (id INTEGER PRIMARY KEY, seconds TEXT);"
      "CREATE TABLE leg (call INTEGER NOT NULL REFERENCES call (id));"
      "INSERT INTO call VALUES (7, '1.5'); INSERT INTO leg VALUES (7);");
  return database;
}

// In an order in which a file system may list them.
constexpr std::array steps{
    Migration{
        3, "ALTER TABLE call ADD COLUMN outcome TEXT; UPDATE call SET outcome = typeof(seconds)"},
    Migration{2,
              "-- A column's type is changed by making the table anew, which `leg` refers to.\n"
              "CREATE TABLE new_call (id INTEGER PRIMARY KEY, seconds DOUBLE);\n"
              "INSERT INTO new_call SELECT id, seconds FROM call;\n"
              "DROP TABLE call;\n"
              "ALTER TABLE new_call RENAME TO call;"},
};

std::string ask(SQLite::Database& database, const char* sql) {
  return database.execAndGet(sql).getString();
}

std::string error_of(SQLite::Database& database, int from, int to,
                     std::span<const Migration> some) {
  try {
    migrate(database.getHandle(), from, to, some);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("migrate: one step after the other") {
  auto database = of_format_1();
  migrate(database.getHandle(), 1, 3, steps);
  CHECK(ask(database, "SELECT value FROM cdr_meta WHERE name = 'format'") == "3");
  CHECK(ask(database, "SELECT id || seconds || outcome FROM call") == "71.5real");
  CHECK(ask(database, "SELECT count(*) FROM pragma_foreign_key_check") == "0");

  auto half = of_format_1();
  migrate(half.getHandle(), 1, 2, steps);
  CHECK(ask(half, "SELECT value FROM cdr_meta WHERE name = 'format'") == "2");
  CHECK(ask(half, "SELECT count(*) FROM pragma_table_info('call')") == "2");
  migrate(half.getHandle(), 2, 3, steps);
  CHECK(ask(half, "SELECT id || seconds || outcome FROM call") == "71.5real");
  migrate(half.getHandle(), 3, 3, steps);
  CHECK(ask(half, "SELECT value FROM cdr_meta WHERE name = 'format'") == "3");
}

TEST_CASE("migrate: all of it or nothing") {
  const Migration broken[] = {steps[1], {3, "UPDATE call SET seconds = 9; SELECT * FROM absent"}};
  auto database = of_format_1();
  CHECK(error_of(database, 1, 3, broken) == "the warehouse: no such table: absent");
  CHECK(error_of(database, 1, 3, {&steps[1], 1}) ==
        "cdr_init: there is no migration from a warehouse of format 2 to format 3; import the "
        "files into a new database");
  // Legs whose call is deleted.
  const Migration orphaning[] = {{2, "DELETE FROM call"}};
  CHECK(error_of(database, 1, 2, orphaning) ==
        "cdr_init: the step to format 2 would leave rows of leg that name missing rows of call; "
        "cdr_check() says what is wrong with the file");
  CHECK(ask(database, "SELECT value FROM cdr_meta WHERE name = 'format'") == "1");
  CHECK(ask(database, "SELECT typeof(seconds) FROM call") == "text");
  CHECK(ask(database, "SELECT count(*) FROM sqlite_schema") == "4");
}

// CREATE INDEX expires every prepared statement, and an interrupted connection prepares no other.
TEST_CASE("migrate: interrupted just when one of its statements has ended, it is undone") {
  static constexpr std::array indexed{
      Migration{2,
                "CREATE INDEX leg_call ON leg (call);\n"
                "CREATE TABLE new_call (id INTEGER PRIMARY KEY, seconds DOUBLE);\n"
                "INSERT INTO new_call SELECT id, seconds FROM call;\n"
                "CREATE INDEX call_seconds ON call (seconds);\n"
                "-- What was made a moment ago goes at once.\n"
                "DROP INDEX call_seconds;\n"
                "\n"
                "DROP TABLE call;\n"
                "ALTER TABLE new_call RENAME TO call;\n"
                "CREATE VIEW long_call AS SELECT id FROM call WHERE seconds > 1;\n"
                "CREATE UNIQUE INDEX call_seconds ON call (seconds)"},
  };
  struct Work {
    int at = 0, ended = 0;
    static int note(unsigned, void* self, void* statement, void*) {
      auto& work = *static_cast<Work*>(self);
      if (++work.ended == work.at)
        sqlite3_interrupt(sqlite3_db_handle(static_cast<sqlite3_stmt*>(statement)));
      return 0;
    }
    // Runs as cdr_init() does: inside a statement that has not ended.
    static void run(sqlite3_context* context, int, sqlite3_value**) {
      try {
        migrate(sqlite3_context_db_handle(context), 1, 2, indexed);
      } catch (const Error& error) {
        sqlite3_result_error(context, error.what(), -1);
      }
    }
  };
  int undone = 0;
  for (const bool is_inside : {false, true})
    for (int at = 1;; ++at) {
      CAPTURE(is_inside);
      CAPTURE(at);
      auto database = of_format_1();
      sqlite3* const handle = database.getHandle();
      sqlite3_create_function(handle, "migrate", 0, SQLITE_UTF8, nullptr, Work::run, nullptr,
                              nullptr);
      if (is_inside) database.exec("BEGIN; INSERT INTO leg VALUES (7)");
      Work work{at};
      sqlite3_trace_v2(handle, SQLITE_TRACE_PROFILE, Work::note, &work);
      const bool has_failed =
          sqlite3_exec(handle, "SELECT migrate()", nullptr, nullptr, nullptr) != SQLITE_OK;
      sqlite3_trace_v2(handle, 0, nullptr, nullptr);
      if (work.ended < at) break;
      const bool is_undone =
          ask(database, "SELECT value FROM cdr_meta WHERE name = 'format'") == "1";
      // The migration is also complete if the interrupt came after the call had ended.
      CHECK((has_failed || !is_undone));
      CHECK(ask(database, "SELECT count(*) FROM sqlite_schema") == (is_undone ? "4" : "7"));
      CHECK(ask(database, "SELECT seconds FROM call") == "1.5");
      // The caller's transaction is unchanged, or all of it is undone; no transaction of the call
      // remains.
      const bool is_open = sqlite3_get_autocommit(handle) == 0;
      CHECK((is_undone ? !is_open || is_inside : is_open == is_inside));
      CHECK(ask(database, "SELECT count(*) FROM leg") == (is_open ? "2" : "1"));
      undone += is_undone ? 1 : 0;
    }
  CHECK(undone > 40);
}

TEST_CASE("migrate: the host's foreign_keys is as it was, also inside a transaction") {
  for (const char* foreign_keys : {"0", "1"}) {
    auto database = of_format_1();
    database.exec(std::string("PRAGMA foreign_keys = ") + foreign_keys);
    CHECK(error_of(database, 1, 4, steps).find("there is no migration") != std::string::npos);
    CHECK(ask(database, "PRAGMA foreign_keys") == foreign_keys);
    database.exec("BEGIN");
    migrate(database.getHandle(), 1, 3, steps);
    CHECK(ask(database, "PRAGMA foreign_keys") == foreign_keys);
    database.exec("ROLLBACK");
    CHECK(ask(database, "SELECT value FROM cdr_meta WHERE name = 'format'") == "1");
    migrate(database.getHandle(), 1, 3, steps);
    CHECK(ask(database, "PRAGMA foreign_keys") == foreign_keys);
  }
}

TEST_CASE("migrations: one leads to every format behind the first") {
  for (int format = 2; format <= warehouse_format; ++format)
    CHECK(std::count_if(migrations().begin(), migrations().end(),
                        [format](const Migration& each) { return each.format == format; }) == 1);
  CHECK(migrations().size() == warehouse_format - 1);
}
