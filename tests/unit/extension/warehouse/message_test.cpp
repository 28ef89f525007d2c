// Messages in cases where SQLite's own text would mislead: they say what happened and what to do.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstdio>
#include <string>

#include "connection.hpp"
#include "folder.hpp"

namespace {

using cdr::test::Connection;
using cdr::test::Folder;

constexpr const char* import_one =
    "SELECT cdr_import('{\"dialog_uuid\":\"one\",\"dialog_type\":\"SYSTEM\"}')";
constexpr const char* import_two =
    "SELECT cdr_import('{\"dialog_uuid\":\"two\",\"dialog_type\":\"SYSTEM\"}')";

void expect(const Connection& connection, const std::string& sql, const std::string& message) {
  INFO(sql);
  CHECK(connection.run(sql) != SQLITE_DONE);
  CHECK(std::string(sqlite3_errmsg(connection.get())) == message);
}

}  // namespace

TEST_CASE("message: a transaction that has read what is older by now") {
  const Folder folder;
  const Connection first(folder / "w.db"), second(folder / "w.db");
  first.require("PRAGMA journal_mode = WAL");
  first.require("SELECT cdr_init()");
  first.require("BEGIN");
  first.require("SELECT count(*) FROM interactions");
  second.require(import_one);
  expect(first, import_two,
         "the warehouse: database is locked; another connection has committed since this one began "
         "to read; end the transaction, or the statement that still reads, then try again (your "
         "transaction is as it was before the call)");
  first.require("COMMIT");
  first.require(import_two);
}

TEST_CASE("message: the file is another one than it was") {
  const Folder folder;
  const Connection connection(folder / "w.db");
  connection.require("SELECT cdr_init()");
  REQUIRE(std::rename((folder / "w.db").c_str(), (folder / "other.db").c_str()) == 0);
  expect(connection, import_one,
         "the warehouse: attempt to write a readonly database; its file was renamed, deleted or "
         "replaced while it was open; close the database and open the file again");
}

TEST_CASE("message: limits of the connection are too low") {
  const Folder folder;
  const Connection connection(folder / "w.db");
  connection.require("SELECT cdr_init()");
  const std::string advice =
      "; sqlite3_limit() of this connection allows less than libcdr needs; keep SQLite's default "
      "limits";
  const auto expect_limit = [&](int id, int limit, const char* sql, const std::string& what) {
    const int before = sqlite3_limit(connection.get(), id, limit);
    expect(connection, sql, "the warehouse: " + what + advice);
    sqlite3_limit(connection.get(), id, before);
  };
  expect_limit(SQLITE_LIMIT_VARIABLE_NUMBER, 5, import_one, "too many SQL variables");
  expect_limit(SQLITE_LIMIT_COLUMN, 20, import_one, "too many columns in result set");
  connection.require(import_one);
  expect_limit(SQLITE_LIMIT_COMPOUND_SELECT, 2, "SELECT cdr_rebuild()",
               "too many terms in compound SELECT");
  const Connection fresh(folder / "w.db");
  sqlite3_limit(fresh.get(), SQLITE_LIMIT_SQL_LENGTH, 200);
  sqlite3_stmt* statement = nullptr;
  CHECK(sqlite3_prepare_v2(fresh.get(), "SELECT 1 FROM interactions", -1, &statement, nullptr) !=
        SQLITE_OK);
  CHECK(std::string(sqlite3_errmsg(fresh.get())).ends_with(advice));
}

TEST_CASE("message: a table of the warehouse is not what it was") {
  const Folder folder;
  const Connection connection(folder / "w.db");
  connection.require("SELECT cdr_init()");
  connection.require("SAVEPOINT before");
  connection.require("ALTER TABLE interaction ADD COLUMN mine TEXT");
  CHECK(connection.run(import_one) == SQLITE_ERROR);
  const std::string found = sqlite3_errmsg(connection.get());
  INFO(found);
  CHECK(found.find("values were supplied; a column was added or dropped; keep columns of your own "
                   "in a table of your own (ALTER TABLE … DROP COLUMN)") != std::string::npos);
  connection.require("ALTER TABLE interaction DROP COLUMN mine");
  connection.require(import_one);
  connection.require("ROLLBACK TO before");
  connection.require("ALTER TABLE interaction RENAME COLUMN outcome TO result");
  expect(connection, import_one,
         "the warehouse: no such column: interaction.outcome; cdr_check() says which table is no "
         "longer what cdr_init() made (your transaction is as it was before the call)");
  CHECK(connection.require("SELECT group_concat(DISTINCT \"check\") FROM cdr_check()") == "schema");
}

TEST_CASE("message: a file that is known may lack records") {
  const Folder folder;
  const Connection connection(folder / "w.db");
  connection.require("SELECT cdr_init()");
  const std::string cut = folder.write(
      "cut.ndjson", "{\"dialog_uuid\":\"one\",\"dialog_type\":\"SYSTEM\"}\n{\"dialog_uu");
  const std::string whole =
      folder.write("whole.ndjson", "{\"dialog_uuid\":\"three\",\"dialog_type\":\"SYSTEM\"}\n");
  for (const std::string& path : {cut, whole})
    connection.require("SELECT cdr_import('" + path + "')");
  const auto warnings = [&] {
    return connection.require("SELECT cdr_import('" + folder.path() +
                              "/*.ndjson') ->> "
                              "'$.warnings'");
  };
  CHECK(warnings() == "[\"" + cut +
                          ": known, and not read again; 1 record is still in quarantine: SELECT * "
                          "FROM quarantine WHERE state = 'open' says why\"]");
  folder.write(
      "cut.ndjson",
      "{\"dialog_uuid\":\"one\",\"dialog_type\":\"SYSTEM\"}\n{\"dialog_uuid\":\"two\",\"dialog_type\":\"SYSTEM\"}\n");
  CHECK(warnings().empty());
  CHECK(warnings().empty());
}

TEST_CASE("message: a record that a database of UTF-16 would change is not taken") {
  const Folder folder;
  const std::string file =
      folder.write("odd.ndjson",
                   "{\"dialog_uuid\":\"one\",\"dialog_type\":\"SYSTEM\"}\n"
                   "{\"dialog_uuid\":\"two\\uFFff\",\"dialog_type\":\"SYSTEM\"}\n");
  for (const char* encoding : {"UTF-8", "UTF-16le", "UTF-16be"}) {
    CAPTURE(std::string(encoding));
    const Connection connection(folder / encoding);
    connection.require(std::string("PRAGMA encoding = '") + encoding + "'");
    connection.require("SELECT cdr_init()");
    const bool is_utf8 = std::string(encoding) == "UTF-8";
    for (const char* more : {"", ",\"talking_time\":1"}) {
      const std::string said = connection.require(
          std::string("SELECT cdr_import('{\"dialog_uuid\":\"two\\ufffe\",\"dialog_type\":"
                      "\"SYSTEM\"") +
          more + "}')");
      CHECK((said.find("\"failed\":1") == std::string::npos) == is_utf8);
    }
    const std::string said = connection.require("SELECT cdr_import('" + file + "') ->> '$.errors'");
    CHECK(said == (is_utf8 ? std::string("[]")
                           : "[{\"path\":\"" + file + "\",\"error\":\"" + file +
                                 ": record 2 has U+FFFE or U+FFFF, which SQLite replaces in a "
                                 "database of UTF-16; import it into a warehouse of UTF-8\"}]"));
    CHECK(connection.require("SELECT count(*) FROM raw_record") == (is_utf8 ? "3" : "0"));
    CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  }
}
