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

namespace {

std::string dialog(const char* id, const char* second, const char* linked, const char* number) {
  return std::string(R"({"dialog_uuid":")") + id +
         R"(","dialog_type":"EXTERNAL","business_direction":"INBOUND","from_display_target":")" +
         number + R"(","start_time":"2024-05-02 10:00:00","hangup_time":"2024-05-02 10:00:)" +
         second + R"(","linked_dialogs":[)" + linked + "]}";
}

}  // namespace

TEST_CASE("erasing: the id of an interaction that was merged before is erased with its records") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  const auto import = [&](const std::string& json) {
    return connection.require("SELECT cdr_import('" + json + "')");
  };
  const auto removed = [&] {
    return connection.require(
        "SELECT group_concat(ifnull(interaction_id, 'NULL')) FROM removed_interaction");
  };
  import(dialog("aaaa-1", "20", "", "48500000111"));
  import(dialog("bbbb-2", "20", "", "48500000222"));
  import(dialog("cccc-3", "20", "", "48500000333"));
  import(dialog("dddd-4", "20", "", "48500000333"));
  import(dialog("aaaa-1", "30", "\"bbbb-2\"", "48500000111"));
  import(dialog("cccc-3", "30", "\"dddd-4\"", "48500000333"));
  CHECK(removed() == "bbbb-2,dddd-4");
  connection.require("SELECT cdr_erase('customer', '48500000222')");
  CHECK(removed() == "NULL,dddd-4,NULL");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}

TEST_CASE("erasing: an option that does not apply is refused, and nothing is erased") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  connection.require("SELECT cdr_import('" + dialog("aaaa-1", "20", "", "48500000111") + "')");
  const auto refused = [&](const char* what, const char* value, const char* options) {
    connection.run(std::string("SELECT cdr_erase('") + what + "', '" + value + "', '" + options +
                   "')");
    return std::string(sqlite3_errmsg(connection.get()));
  };
  CHECK(refused("before", "2025-01-01", R"({"vendor":"mluvii"})") ==
        "cdr_erase: option \"vendor\" applies to 'interaction' only, not to 'before'; nothing was "
        "erased: leave the option out, or erase interaction by interaction");
  CHECK(refused("customer", "48500000111", R"({"source":"north"})").find("'customer'") !=
        std::string::npos);
  CHECK(refused("interaction", "aaaa-1", R"({"key":"0123456789abcdef"})").find("\"key\"") !=
        std::string::npos);
  CHECK(connection.require("SELECT count(*) FROM interaction") == "1");
}
