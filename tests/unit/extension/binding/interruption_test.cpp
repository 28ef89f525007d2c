// Long work ends when the host asks for it: after sqlite3_interrupt(), or when a progress handler
// returns nonzero. Reading the whole input takes a hundred times as long as noticing the request.
// The test counts the records read by then and measures no time.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "connection.hpp"
#include "folder.hpp"
#include "json/input/progress.hpp"

namespace {

using cdr::test::Connection;
using cdr::test::Folder;

constexpr std::uint64_t many = 2'000'000;

// A handler that returns zero for the first calls.
struct Handler {
  int calls_before = 0;
  int calls = 0;
};
int handle(void* data) {
  auto& handler = *static_cast<Handler*>(data);
  return handler.calls++ >= handler.calls_before ? 1 : 0;
}

std::uint64_t records_read() {
  return cdr::read_progress.records.load();
}

struct Input {
  Input() {
    std::string text;
    for (std::uint64_t i = 0; i < many; ++i)
      text += "{\"dialog_uuid\":\"d-" + std::to_string(i) + "\",\"talking_time\":1}\n";
    path = folder.write("many.ndjson", text);
  }
  Folder folder;
  std::string path;
};

const Input& the_input() {
  static const Input input;
  return input;
}

// One query for each table that takes an input. No row matches, so SQLite takes no step of the
// statement while the table reads.
std::vector<std::string> questions(const Connection& connection, const std::string& path) {
  return connection.list("SELECT 'SELECT * FROM ' || t.name || '(cdr_file(''" + path +
                         "'')) WHERE \"' || c.name || '\" = ''none''' FROM cdr_tables AS t, "
                         "pragma_table_xinfo(t.name) "
                         "AS c WHERE t.kind IN ('model', 'vendor') AND c.cid = (SELECT min(cid) "
                         "FROM pragma_table_xinfo(t.name) "
                         "WHERE hidden = 0 AND type = 'TEXT')");
}

// Interrupts the query once it has read records.
int run_interrupted(const Connection& connection, const std::string& sql, std::uint64_t before) {
  std::atomic<bool> ended = false;
  std::thread host([&] {
    while (records_read() == before && !ended) std::this_thread::yield();
    sqlite3_interrupt(connection.get());
  });
  const int code = connection.run(sql);
  ended = true;
  host.join();
  return code;
}

}  // namespace

TEST_CASE("a progress handler ends the reading of a file without a matching row") {
  const Input& input = the_input();
  const Connection connection(":memory:");
  const auto all = questions(connection, input.path);
  CHECK(all.size() > 20);
  for (const std::string& sql : all) {
    CAPTURE(sql);
    Handler handler;
    sqlite3_progress_handler(connection.get(), 1000, handle, &handler);
    const std::uint64_t before = records_read();
    CHECK(connection.run(sql) == SQLITE_INTERRUPT);
    CHECK(std::string(sqlite3_errmsg(connection.get())) == "interrupted");
    CHECK(handler.calls == 1);
    CHECK(records_read() - before < many);
    sqlite3_progress_handler(connection.get(), 0, nullptr, nullptr);
    CHECK(connection.run("SELECT 1") == SQLITE_DONE);
  }
}

TEST_CASE("a progress handler is called again and again while a file is read") {
  const Input& input = the_input();
  const Connection connection(":memory:");
  const std::string sql = questions(connection, input.path).front();
  for (const int steps : {100, 1000}) {
    CAPTURE(steps);
    Handler handler{5, 0};
    sqlite3_progress_handler(connection.get(), steps, handle, &handler);
    CHECK(connection.run(sql) == SQLITE_INTERRUPT);
    CHECK(handler.calls >= 6);
    // The handler belongs to the host: reading neither replaces nor removes it.
    handler = {0, 0};
    CHECK(connection.run("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT "
                         "max(i) FROM n") == SQLITE_INTERRUPT);
    CHECK(handler.calls == 1);
  }
}

TEST_CASE("sqlite3_interrupt ends the reading of a file, and the connection works") {
  const Input& input = the_input();
  const Connection connection(":memory:");
  for (const std::string& sql : questions(connection, input.path)) {
    CAPTURE(sql);
    const std::uint64_t before = records_read();
    CHECK(run_interrupted(connection, sql, before) == SQLITE_INTERRUPT);
    CHECK(records_read() - before < many);
    CHECK(connection.run("SELECT 1") == SQLITE_DONE);
  }
}

TEST_CASE("sqlite3_interrupt ends an import, and the next one succeeds") {
  const Input& input = the_input();
  const Folder folder;
  const Connection connection(folder / "warehouse.db");
  connection.require("SELECT cdr_init()");
  const std::string import = "SELECT cdr_import('" + input.path + "') ->> 'inserted'";
  const std::uint64_t before = records_read();
  CHECK(run_interrupted(connection, import, before) == SQLITE_INTERRUPT);
  CHECK(records_read() - before < many);
  CHECK(sqlite3_get_autocommit(connection.get()) != 0);
  CHECK(connection.busy_statements() == 0);
  CHECK(connection.require("SELECT count(*) FROM raw_record") == "0");
  CHECK(connection.require("SELECT count(*) FROM import_file") == "0");
  CHECK(connection.require(
            "SELECT cdr_import('{\"dialog_uuid\":\"d-1\",\"talking_time\":1}') ->> 'inserted'") ==
        "1");
}
