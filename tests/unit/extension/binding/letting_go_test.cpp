// A virtual table that is not read to its end holds no statement, lock or file once SQLite is done
// with the cursor. This is tested for every table that libcdr registers and for every way in which
// a query may end.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "connection.hpp"
#include "folder.hpp"

namespace {

using cdr::test::Connection;
using cdr::test::Folder;

void interrupt_now(sqlite3_context* context, int, sqlite3_value**) {
  sqlite3_interrupt(sqlite3_context_db_handle(context));
  sqlite3_result_int(context, 1);
}

int open_files_below(const std::string& folder) {
  int count = 0;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code closed;  // for the iterator's own descriptor
    const std::string path = std::filesystem::read_symlink(each.path(), closed).string();
    if (path.starts_with(folder + '/')) ++count;
  }
  return count;
}

// The samples, the samples with a file that ends in an error, and a warehouse of the samples.
struct World {
  World() {
    const auto all = std::filesystem::copy_options::recursive;
    std::filesystem::copy(CDR_SAMPLES, folder / "good", all);
    std::filesystem::copy(CDR_SAMPLES, folder / "bad", all);
    folder.write("bad/zzz.json", R"({"dialog_uuid":"ended)");
    const Connection connection(warehouse());
    connection.require("SELECT cdr_init()");
    connection.require("SELECT cdr_import('" + (folder / "good") + "')");
    connection.require("CREATE TABLE other (n INTEGER)");
    connection.require("INSERT INTO other VALUES (0)");
    // Reports that take a period are asked for a few months.
    tables = connection.list(
        "SELECT t.name || iif(t.kind = 'report', '(''2024-01-01'', ''2024-06-01'')', '') "
        "FROM cdr_tables AS t WHERE t.kind <> 'report' OR (SELECT group_concat(c.name) FROM "
        "pragma_table_xinfo(t.name) AS c WHERE c.hidden) LIKE 'from,to%'");
    with_input = connection.list(
        "SELECT t.name FROM cdr_tables AS t, pragma_table_xinfo(t.name) AS c WHERE c.name = "
        "'input'");
  }
  std::string warehouse() const { return folder / "warehouse.db"; }
  Folder folder;
  std::vector<std::string> tables, with_input;
};

class Check {
 public:
  Check(const World& world, const std::string& mode)
      : world_(world), reader_(world.warehouse()), other_(world.warehouse()) {
    sqlite3_create_function(reader_.get(), "interrupt_now", 0, SQLITE_UTF8, nullptr, interrupt_now,
                            nullptr, nullptr);
    CHECK(reader_.require("PRAGMA journal_mode = " + mode) == mode);
    is_wal_ = mode == "wal";
  }

  // Runs every way in which a query over `table` may end. `bad` is the same table over input that
  // ends in an error.
  void run(const std::string& table, const std::string& bad) {
    CAPTURE(table);
    bool has_rows = false;
    const std::string from = " FROM " + table + " AS a";
    CHECK(run_to_end("SELECT *" + from + " LIMIT 1", &has_rows) == SQLITE_DONE);
    CHECK(run_to_end("SELECT EXISTS (SELECT 1" + from + ")") == SQLITE_DONE);
    CHECK(run_to_end("SELECT -1 IN (SELECT rowid" + from + ")") == SQLITE_DONE);
    CHECK(run_to_end("SELECT (SELECT rowid" + from + ")") == SQLITE_DONE);
    CHECK(run_to_end("SELECT 1" + from + " JOIN " + table + " AS b LIMIT 1") == SQLITE_DONE);
    CHECK(run_to_end("SELECT 1" + from + " WHERE rowid = -1") == SQLITE_DONE);
    CHECK(run_to_end("SELECT count(*)" + from) == SQLITE_DONE);
    CHECK(run_to_end("SELECT json('{' || a.rowid)" + from) ==
          (has_rows ? SQLITE_ERROR : SQLITE_DONE));
    CHECK(run_to_end("SELECT interrupt_now()" + from) ==
          (has_rows ? SQLITE_INTERRUPT : SQLITE_DONE));
    CHECK(reader_.require("SELECT 1") == "1");
    if (!bad.empty()) CHECK(run_to_end("SELECT count(*) FROM " + bad) == SQLITE_ERROR);
    abandon("SELECT *" + from);
    CHECK(reader_.run("VACUUM") == SQLITE_DONE);
    tables_with_rows += has_rows ? 1 : 0;
  }

  int tables_with_rows = 0;
  int held_statements = 0, held_files = 0;  // while a query was half read

 private:
  int run_to_end(const std::string& sql, bool* has_rows = nullptr) {
    CAPTURE(sql);
    sqlite3_stmt* statement = reader_.prepare(sql);
    int code = sqlite3_step(statement);
    if (has_rows != nullptr) *has_rows = code == SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    nothing_is_held();  // also before the statement is reset
    sqlite3_finalize(statement);
    nothing_is_held();
    return code;
  }
  void abandon(const std::string& sql) {
    CAPTURE(sql);
    sqlite3_stmt* statement = reader_.prepare(sql);
    if (sqlite3_step(statement) == SQLITE_ROW) {
      held_statements += reader_.busy_statements() - 1;
      held_files += open_files_below(world_.folder / "good");
    }
    sqlite3_reset(statement);
    nothing_is_held();
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    nothing_is_held();
  }
  void nothing_is_held() {
    CHECK(reader_.busy_statements() == 0);
    CHECK(open_files_below(world_.folder / "good") == 0);
    CHECK(open_files_below(world_.folder / "bad") == 0);
    // In DELETE mode a commit waits for every reader; in WAL mode truncating the log does.
    CHECK(other_.run("UPDATE other SET n = n + 1") == SQLITE_DONE);
    if (is_wal_) CHECK(other_.require("PRAGMA wal_checkpoint(TRUNCATE)") == "0");
    CHECK(reader_.require("SELECT n FROM other") == std::to_string(++updates_));
  }

  const World& world_;
  const Connection reader_, other_;
  bool is_wal_ = false;
  int updates_ = 0;
};

}  // namespace

TEST_CASE("a virtual table lets go of what it reads: the warehouse") {
  for (const std::string mode : {"delete", "wal"}) {
    CAPTURE(mode);
    const World world;
    Check check(world, mode);
    for (const std::string& table : world.tables) check.run(table, "");
    CHECK(check.tables_with_rows > 20);
    CHECK(check.held_statements > 0);
  }
}

TEST_CASE("a virtual table lets go of what it reads: files") {
  const World world;
  Check check(world, "delete");
  CHECK(world.with_input.size() > 20);
  for (const std::string& table : world.with_input) {
    const auto over = [&](const char* folder, const char* on_error) {
      return table + "(cdr_file('" + (world.folder / folder) + "', '{\"on_error\":\"" + on_error +
             "\"}'))";
    };
    check.run(over("good", "skip"), table == "cdr_problems" ? "" : over("bad", "fail"));
  }
  CHECK(check.tables_with_rows > 20);
  CHECK(check.held_files > 0);
}
