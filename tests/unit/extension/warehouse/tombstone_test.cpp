// Tombstones: they keep erased records from being imported again.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

#include "connection.hpp"

using cdr::test::Connection;

TEST_CASE("tombstones: a clock that is behind brings no customer back") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  const auto import = [&](const char* source, const char* time) {
    return connection.require(
        std::string("SELECT cdr_import('{\"dialog_uuid\":\"one\",\"dialog_type\":\"EXTERNAL\","
                    "\"from_display_target\":\"48500002001\",\"start_time\":\"") +
        time + "\"}', '{\"source\":\"" + source + "\"}') ->> 'inserted'");
  };
  CHECK(import("first", "2150-05-06 10:00:00") == "1");
  // As if the clock was right at the import and is wrong now.
  connection.require("UPDATE import_file SET finished_at = '2160-01-01 00:00:00.000'");
  CHECK(connection.require("SELECT cdr_erase('customer', '48500002001') ->> 'records'") == "1");
  CHECK(import("second", "2150-05-06 10:00:00") == "0");
  CHECK(import("third", "2150-05-06 11:00:00") == "0");
  // Erased a second time, when nothing in the ledger shows the later time.
  connection.require("UPDATE import_file SET finished_at = '2024-01-01 00:00:00.000'");
  connection.require("SELECT cdr_erase('customer', '48500002001')");
  CHECK(import("fourth", "2150-05-06 12:00:00") == "0");
  // Records that are later than the erasure are accepted.
  CHECK(import("fifth", "2170-05-06 10:00:00") == "1");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}
