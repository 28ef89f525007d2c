// A statement that reads the warehouse through a virtual table ends even if it writes to main.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

#include "connection.hpp"
#include "folder.hpp"

namespace {

using cdr::test::Connection;
using cdr::test::Folder;

constexpr int far_too_many = 5'000;  // times a million instructions; these statements need fewer

struct Warehouse {
  Warehouse() {
    connection.require("SELECT cdr_init()");
    connection.require("SELECT cdr_import('" CDR_SAMPLES "/conpeek/day.ndjson')");
    sqlite3_progress_handler(
        connection.get(), 1'000'000,
        [](void* count) { return ++*static_cast<int*>(count) > far_too_many ? 1 : 0; }, &calls);
  }
  // The statement is refused with a message that names the table, and it changes nothing.
  void refuses(const std::string& sql, const std::string& table) {
    calls = far_too_many - 3;
    INFO(sql);
    CHECK(connection.run(sql) == SQLITE_ERROR);
    const std::string message = sqlite3_errmsg(connection.get());
    INFO(message);
    CHECK(message.find("writes to the table " + table + ",") != std::string::npos);
    calls = 0;
    CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
    CHECK(connection.busy_statements() == 0);
  }
  std::string count(const std::string& table) const {
    return connection.require("SELECT count(*) FROM " + table);
  }

  Folder folder;
  Connection connection{folder / "warehouse.db"};
  int calls = 0;
};

constexpr const char* insert_interaction =
    "INSERT INTO interaction (vendor, source, interaction_id, mapping, last_import) ";

}  // namespace

TEST_CASE("a statement that writes to the table that a virtual one reads is refused") {
  Warehouse warehouse;
  warehouse.refuses(std::string(insert_interaction) +
                        "SELECT vendor, source, interaction_id || 'x', mapping, last_import FROM "
                        "interactions",
                    "interaction");
  warehouse.refuses(std::string(insert_interaction) +
                        "SELECT a.vendor, a.source, a.interaction_id || b.interaction_id, "
                        "a.mapping, a.last_import FROM interactions AS a, interactions AS b",
                    "interaction");
  warehouse.refuses(
      "INSERT INTO raw_record SELECT id + 1000, vendor, resource, source, record_id "
      "|| 'x', key_hash, content_hash, payload, payload_bytes, dictionary_id, latest, "
      "provided, fetched_at, zone, context, member, component, first_import, "
      "last_import FROM raw_record WHERE EXISTS (SELECT 1 FROM conpeek_event)",
      "raw_record");
  // A harmless statement may have been at the same address before it.
  warehouse.connection.require("CREATE TABLE own (id)");
  warehouse.connection.require(
      "INSERT INTO own SELECT interaction_id FROM interactions WHERE false");
  warehouse.refuses(std::string(insert_interaction) +
                        "SELECT vendor, source, interaction_id || 'x', mapping, last_import FROM "
                        "interactions",
                    "interaction");
  // Through a trigger of the user's, on a table of the user's.
  warehouse.connection.require("CREATE TABLE mine (id)");
  warehouse.connection.require(std::string("CREATE TRIGGER mine_too AFTER INSERT ON mine BEGIN ") +
                               insert_interaction + "VALUES ('conpeek', '', new.id, '', 1); END");
  warehouse.refuses("INSERT INTO mine SELECT interaction_id || 'x' FROM interactions",
                    "interaction");
  // However the statement begins, and if it deletes all rows, which opens no table.
  for (const char* beginning : {"/* a comment */;", "-- a comment\n;\n/* another */ "})
    warehouse.refuses(std::string(beginning) + insert_interaction +
                          "SELECT vendor, source, interaction_id || 'x', mapping, last_import FROM "
                          "interactions",
                      "interaction");
  warehouse.connection.require(
      "CREATE TRIGGER own_goes AFTER DELETE ON own BEGIN DELETE FROM wrap_up; END");
  warehouse.connection.require("INSERT INTO own VALUES (1)");
  warehouse.refuses("DELETE FROM own WHERE NOT EXISTS (SELECT 1 FROM wrap_ups)", "wrap_up");
}

TEST_CASE("a statement that writes elsewhere reads virtual tables as before") {
  Warehouse warehouse;
  const Connection& connection = warehouse.connection;
  connection.require("CREATE TABLE mine AS SELECT * FROM interactions");
  CHECK(warehouse.count("mine") == warehouse.count("interaction"));
  connection.require(
      "INSERT INTO mine SELECT i.* FROM interactions AS i, mine AS m "
      "WHERE m.interaction_key = i.interaction_key");
  connection.require("CREATE TABLE dialogs AS SELECT * FROM cdr_dialog");
  CHECK(warehouse.count("dialogs") == warehouse.count("dialog"));
  connection.require(
      "INSERT INTO queue_setting (vendor, source, queue_id, threshold_seconds) "
      "SELECT DISTINCT vendor, source, queue_id, 30 FROM "
      "queue_report('2024-01-01', '2025-01-01')");
  CHECK(warehouse.count("queue_setting") != "0");
  // A report reads all rows of its query first, so the statement may write to the tables that it
  // reads.
  connection.require("CREATE TABLE holiday (day)");
  connection.require("INSERT INTO holiday VALUES (1), (2), (3)");
  connection.require(
      "SELECT cdr_report_add('-- holidays: one row per day"
      "\n"
      "-- column day INTEGER: it"
      "\n"
      "SELECT day FROM holiday ORDER BY day DESC; -- all of them')");
  warehouse.calls = far_too_many - 3;
  connection.require("INSERT INTO holiday SELECT day + 10 FROM holidays()");
  CHECK(connection.require("SELECT group_concat(day) FROM holiday") == "1,2,3,13,12,11");
}
