// The state after a failed call: the transaction, the lock and the settings of the connection.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <array>
#include <functional>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "extension/binding/setting.hpp"
#include "extension/binding/transaction.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "folder.hpp"

using namespace cdr;
using namespace cdr::ext;

namespace {

std::string ask(SQLite::Database& database, const std::string& sql) {
  return database.execAndGet(sql).getString();
}

std::string error_of(SQLite::Database& database, const std::string& sql) {
  try {
    SQLite::Statement statement(database, sql);
    while (statement.executeStep()) {
    }
  } catch (const SQLite::Exception& error) {
    return error.what();
  }
  return "";
}

// Runs `work` as SQLite runs a function: inside a statement that has not ended.
std::string call(SQLite::Database& database, std::function<void()> work) {
  const auto run = [](sqlite3_context* context, int, sqlite3_value**) {
    try {
      (*static_cast<std::function<void()>*>(sqlite3_user_data(context)))();
    } catch (const std::exception& error) {
      sqlite3_result_error(context, error.what(), -1);
    }
  };
  sqlite3_create_function(database.getHandle(), "work", 0, SQLITE_UTF8, &work, run, nullptr,
                          nullptr);
  return error_of(database, "SELECT work()");
}

SQLite::Database new_file(const std::string& path, const char* journal = "DELETE") {
  SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(std::string("PRAGMA journal_mode = ") + journal + "; CREATE TABLE t (x)");
  return database;
}

constexpr std::array journals{"DELETE", "WAL"};
// Every call that writes to a warehouse, with arguments that make it write.
constexpr std::array calls{
    "cdr_init()",
    "cdr_import('{\"dialog_uuid\":\"new\",\"talking_time\":1}')",
    "cdr_rebuild()",
    "cdr_erase('interaction', 'first')",
};

// A warehouse of one dialog; for cdr_init an empty file.
SQLite::Database warehouse(const std::string& path, const char* journal, std::string_view call) {
  SQLite::Database database = new_file(path, journal);
  if (call == "cdr_init()") return database;
  ask(database, "SELECT cdr_init()");
  ask(database, "SELECT cdr_import('{\"dialog_uuid\":\"first\",\"talking_time\":1}')");
  return database;
}

std::string settings(SQLite::Database& database) {
  std::string all;
  for (const char* name : {"foreign_keys", "main.secure_delete", "main.cache_size", "busy_timeout"})
    all += ask(database, std::string("PRAGMA ") + name) + ' ';
  return all;
}
constexpr const char* unusual_settings =
    "PRAGMA foreign_keys = ON; PRAGMA secure_delete = FAST; PRAGMA cache_size = -321";

}  // namespace

TEST_CASE("transaction: what is not committed is undone") {
  const test::Folder folder;
  for (const char* journal : journals) {
    SQLite::Database database = new_file(folder / journal, journal);
    CHECK(call(database, [&] {
            Transaction transaction(database.getHandle(), "work");
            transaction.begin();
            execute_all(database.getHandle(), "INSERT INTO t VALUES (1)");
            throw Error("enough");
          }) == "enough");
    CHECK(sqlite3_get_autocommit(database.getHandle()) == 1);
    CHECK(ask(database, "SELECT count(*) FROM t") == "0");
    CHECK(call(database, [&] {
            Transaction transaction(database.getHandle(), "work");
            transaction.begin();
            execute_all(database.getHandle(), "INSERT INTO t VALUES (1)");
            transaction.commit();
          }).empty());
    CHECK(ask(database, "SELECT count(*) FROM t") == "1");
  }
}

TEST_CASE("transaction: an interrupt undoes what was begun, the caller's transaction too") {
  const test::Folder folder;
  for (const char* journal : journals)
    for (const bool inside : {false, true}) {
      SQLite::Database database = new_file(folder / (journal + std::to_string(inside)), journal);
      database.exec(unusual_settings);
      const std::string before = settings(database);
      if (inside) database.exec("BEGIN; INSERT INTO t VALUES (7)");
      const std::string error = call(database, [&] {
        sqlite3* const handle = database.getHandle();
        const ForeignKeysOff foreign_keys(handle);
        const LargeCache cache(handle, 10'000'000);
        Setting secure_delete(handle, Pragma::secure_delete);
        secure_delete.set(1);
        Transaction transaction(handle, "work");
        transaction.begin();
        execute_all(handle, "INSERT INTO t VALUES (1)");
        sqlite3_interrupt(handle);
        execute_all(handle, "INSERT INTO t VALUES (2)");
      });
      CHECK(error == "the warehouse: interrupted");
      CHECK(sqlite3_get_autocommit(database.getHandle()) == 1);
      CHECK(ask(database, "SELECT count(*) FROM t") == "0");
      CHECK(settings(database) == before);
      CHECK(error_of(database, "INSERT INTO t VALUES (3)").empty());
    }
}

TEST_CASE("transaction: after SQLite has undone it, nothing more is written") {
  const test::Folder folder;
  SQLite::Database database = new_file(folder / "t.db");
  CHECK(call(database, [&] {
          Transaction transaction(database.getHandle(), "work");
          transaction.begin();
          execute_all(database.getHandle(), "ROLLBACK");
          transaction.commit();
        }) == "the warehouse: SQLite has undone the transaction; run it again");
  CHECK(sqlite3_get_autocommit(database.getHandle()) == 1);
}

// By then a change of the schema has expired every prepared statement, and no new one can be
// prepared.
TEST_CASE("cdr_init: interrupted just when a statement of the schema has ended, it is undone") {
  struct Trace {
    int ended = 0, interrupted_at = 0;
    static int note(unsigned, void* self, void* statement, void*) {
      auto& trace = *static_cast<Trace*>(self);
      auto* const ended = static_cast<sqlite3_stmt*>(statement);
      const char* const sql = sqlite3_sql(ended);
      if (sql == nullptr || std::string(sql).find("CREATE ") == std::string::npos) return 0;
      if (++trace.ended == trace.interrupted_at) sqlite3_interrupt(sqlite3_db_handle(ended));
      return 0;
    }
  };
  const test::Folder folder;
  int interrupted = 0;
  for (int at = 1; at == 1 + 11 * interrupted; at += 11) {
    CAPTURE(at);
    SQLite::Database database = new_file(folder / ("f" + std::to_string(at)));
    Trace trace;
    trace.interrupted_at = at;
    sqlite3_trace_v2(database.getHandle(), SQLITE_TRACE_PROFILE, Trace::note, &trace);
    const bool failed = !error_of(database, "SELECT cdr_init()").empty();
    sqlite3_trace_v2(database.getHandle(), 0, nullptr, nullptr);
    interrupted += failed ? 1 : 0;
    CHECK(failed == (trace.ended >= at));
    CHECK(sqlite3_get_autocommit(database.getHandle()) == 1);
    CHECK((ask(database, "SELECT count(*) FROM sqlite_schema") == "1") == failed);
    ask(database, "SELECT cdr_init()");
    CHECK(ask(database, "SELECT cdr_check() ->> 'violations'") == "0");
  }
  CHECK(interrupted > 5);
}

TEST_CASE("cdr_init: refused amid the schema, it leaves the caller's transaction as it was") {
  const test::Folder folder;
  SQLite::Database database = new_file(folder / "w.db");
  database.exec("BEGIN; INSERT INTO t VALUES (7)");
  sqlite3_set_authorizer(
      database.getHandle(),
      [](void*, int action, const char*, const char*, const char*, const char*) {
        return action == SQLITE_CREATE_VIEW ? SQLITE_DENY : SQLITE_OK;
      },
      nullptr);
  const std::string error = error_of(database, "SELECT cdr_init()");
  sqlite3_set_authorizer(database.getHandle(), nullptr, nullptr);
  CHECK(error.ends_with(" (your transaction is as it was before the call)"));
  CHECK(sqlite3_get_autocommit(database.getHandle()) == 0);
  CHECK(ask(database, "SELECT count(*) FROM sqlite_schema") == "1");
  CHECK(ask(database, "SELECT count(*) FROM t") == "1");
  database.exec("COMMIT");
  ask(database, "SELECT cdr_init()");
  CHECK(ask(database, "SELECT count(*) FROM t") == "1");
}

TEST_CASE("calls that write: a reader that keeps them from committing") {
  const test::Folder folder;
  int files = 0;
  for (const char* name : calls)
    for (const bool inside : {false, true}) {
      CAPTURE(name);
      CAPTURE(inside);
      SQLite::Database database = warehouse(folder / std::to_string(files++), "DELETE", name);
      database.exec(unusual_settings);
      database.exec("INSERT INTO t VALUES (1), (2), (3)");
      const std::string before = settings(database);
      SQLite::Database other(database.getFilename(), SQLite::OPEN_READWRITE);
      {
        SQLite::Statement reading(other, "SELECT x FROM t");
        REQUIRE(reading.executeStep());
        if (inside) database.exec("BEGIN; INSERT INTO t VALUES (7)");
        const std::string error = error_of(database, std::string("SELECT ") + name);
        // Inside the caller's transaction, the caller's COMMIT has to wait.
        CHECK(error.empty() == inside);
        if (inside) {
          CHECK(error_of(database, "COMMIT") == "database is locked");
          database.exec("ROLLBACK");
        } else {
          CHECK(error.find("database is locked") != std::string::npos);
        }
        CHECK(sqlite3_get_autocommit(database.getHandle()) == 1);
        CHECK(settings(database) == before);
      }
      CHECK(error_of(other, "INSERT INTO t VALUES (8)").empty());
      CHECK(error_of(database, std::string("SELECT ") + name).empty());
      CHECK(ask(database, "SELECT cdr_check() ->> 'violations'") == "0");
      for (const char* later : {"later-1", "later-2", "later-3"})
        CHECK(ask(database, std::string("SELECT cdr_import('{\"dialog_uuid\":\"") + later +
                                "\",\"dialog_type\":\"BOT\"}') ->> 'inserted'") == "1");
      CHECK(ask(other, "SELECT count(*) FROM raw_record WHERE record_id LIKE 'later-%'") == "3");
    }
}

TEST_CASE("calls that write wait for the lock as long as they are told to") {
  const test::Folder folder;
  int files = 0;
  for (const char* journal : journals)
    for (const char* name : calls) {
      CAPTURE(name);
      CAPTURE(journal);
      SQLite::Database database = warehouse(folder / std::to_string(files++), journal, name);
      SQLite::Database other(database.getFilename(), SQLite::OPEN_READWRITE);
      other.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES (9)");
      // Replaces the passage of time: the other connection commits after three waits.
      struct Patience {
        SQLite::Database& other;
        int waited = 0;
      } patience{other};
      sqlite3_busy_handler(
          database.getHandle(),
          [](void* data, int) {
            auto& patient = *static_cast<Patience*>(data);
            if (++patient.waited == 3) patient.other.exec("COMMIT");
            return patient.waited <= 3 ? 1 : 0;
          },
          &patience);
      CHECK(error_of(database, std::string("SELECT ") + name).empty());
      CHECK(patience.waited == 3);
    }
}

TEST_CASE("calls that write: a memory limit is an error of its own, and nothing is half-written") {
  const test::Folder folder;
  int files = 0;
  for (const char* name : calls)
    for (int limit = 200'000; limit <= 1'600'000; limit += 200'000) {
      CAPTURE(name);
      CAPTURE(limit);
      SQLite::Database database = warehouse(folder / std::to_string(files++), "DELETE", name);
      database.exec(unusual_settings);
      const std::string before = settings(database);
      const std::string tables = ask(database, "SELECT count(*) FROM sqlite_schema");
      sqlite3_hard_heap_limit64(limit);
      const std::string error = error_of(database, std::string("SELECT ") + name);
      sqlite3_hard_heap_limit64(0);
      CHECK((error.empty() || error == "out of memory"));
      CHECK(sqlite3_get_autocommit(database.getHandle()) == 1);
      if (!error.empty()) CHECK(ask(database, "SELECT count(*) FROM sqlite_schema") == tables);
      ask(database, "SELECT cdr_version()");  // restores what could not be restored at once
      CHECK(settings(database) == before);
      CHECK(error_of(database, std::string("SELECT ") + name).empty());
      CHECK(ask(database, "SELECT cdr_check() ->> 'violations'") == "0");
    }
}

TEST_CASE("calls that write: the message says what became of the caller's transaction") {
  const test::Folder folder;
  SQLite::Database database = warehouse(folder / "w.db", "DELETE", "cdr_rebuild()");
  database.exec("BEGIN; INSERT INTO t VALUES (7)");
  const std::string error = error_of(database, "SELECT cdr_erase('customer', 'nobody')");
  CHECK(error.ends_with(" (your transaction is as it was before the call)"));
  CHECK(ask(database, "SELECT count(*) FROM t") == "1");
  database.exec("COMMIT");
  CHECK(error_of(database, "SELECT cdr_erase('customer', 'nobody')").find("transaction") ==
        std::string::npos);
}

TEST_CASE("calls that write: the host's last_insert_rowid() stays") {
  const test::Folder folder;
  int files = 0;
  for (const char* name : calls) {
    CAPTURE(name);
    SQLite::Database database = warehouse(folder / std::to_string(files++), "DELETE", name);
    database.exec("INSERT INTO t (rowid) VALUES (4242)");
    int interrupted = 0;
    for (int left : {30, 100, 300, 1000}) {
      sqlite3_progress_handler(
          database.getHandle(), 10,
          [](void* count) { return --*static_cast<int*>(count) < 0 ? 1 : 0; }, &left);
      interrupted += error_of(database, std::string("SELECT ") + name).empty() ? 0 : 1;
      sqlite3_progress_handler(database.getHandle(), 0, nullptr, nullptr);
      CHECK(ask(database, "SELECT last_insert_rowid()") == "4242");
    }
    CHECK(interrupted > 0);
    CHECK(error_of(database, std::string("SELECT ") + name).empty());
    CHECK(ask(database, "SELECT last_insert_rowid()") == "4242");
  }
}

TEST_CASE("transaction: a host that makes SQLite skip ROLLBACK keeps no transaction open") {
  for (const char* call : calls) {
    CAPTURE(call);
    const test::Folder folder;
    SQLite::Database database = warehouse(folder / "w.db", "DELETE", call);
    sqlite3_set_authorizer(
        database.getHandle(),
        [](void*, int code, const char* what, const char*, const char*, const char*) {
          return code == SQLITE_TRANSACTION && std::string(what) == "ROLLBACK" ? SQLITE_IGNORE
                                                                               : SQLITE_OK;
        },
        nullptr);
    CHECK(error_of(database, std::string("SELECT ") + call).find("SQLITE_IGNORE to 'ROLLBACK'") !=
          std::string::npos);
    CHECK(sqlite3_get_autocommit(database.getHandle()) != 0);
    sqlite3_set_authorizer(database.getHandle(), nullptr, nullptr);
    CHECK(error_of(database, std::string("SELECT ") + call).empty());
  }
}
