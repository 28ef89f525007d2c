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

std::string linked_dialog(const char* id, const char* second, const char* linked,
                          const char* number) {
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
  import(linked_dialog("aaaa-1", "20", "", "48500000111"));
  import(linked_dialog("bbbb-2", "20", "", "48500000222"));
  import(linked_dialog("cccc-3", "20", "", "48500000333"));
  import(linked_dialog("dddd-4", "20", "", "48500000333"));
  import(linked_dialog("aaaa-1", "30", "\"bbbb-2\"", "48500000111"));
  import(linked_dialog("cccc-3", "30", "\"dddd-4\"", "48500000333"));
  CHECK(removed() == "bbbb-2,dddd-4");
  connection.require("SELECT cdr_erase('customer', '48500000222')");
  CHECK(removed() == "NULL,dddd-4,NULL");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}

TEST_CASE("tombstones: what would join an erased interaction stays out, its text kept or not") {
  for (const char* options : {"{}", "{\"keep_raw\":false}"}) {
    const Connection connection(":memory:");
    connection.require("SELECT cdr_init()");
    const auto import = [&](const char* record) {
      return connection.require("SELECT cdr_import('" + std::string(record) + "', '" + options +
                                "') ->> 'inserted'");
    };
    CHECK(import("{\"dialog_uuid\":\"k\",\"linked_dialogs\":[\"l\"]}") == "1");
    CHECK(import("{\"dialog_uuid\":\"other\",\"linked_dialogs\":[\"m\"]}") == "1");
    const std::string id =
        connection.require("SELECT interaction_id FROM dialog WHERE dialog_uuid = 'k'");
    CHECK(connection.require("SELECT cdr_erase('interaction', '" + id + "') ->> 'records'") == "1");
    CHECK(import("{\"dialog_uuid\":\"l\",\"dialog_type\":\"BOT\"}") == "0");
    CHECK(import("{\"dialog_uuid\":\"n\",\"linked_dialogs\":[\"k\"]}") == "0");
    CHECK(import("{\"dialog_uuid\":\"p\",\"linked_dialogs\":[\"l\"]}") == "0");
    CHECK(import("{\"dialog_uuid\":\"q\",\"dialog_type\":\"BOT\"}") == "1");
    CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  }
}

TEST_CASE(
    "tombstones: without them, what was erased may come again, and cdr_check knows why it went") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  constexpr const char* import =
      "SELECT cdr_import('{\"dialog_uuid\":\"one\",\"dialog_type\":\"BOT\"}') ->> 'inserted'";
  CHECK(connection.require(import) == "1");
  CHECK(connection.require("SELECT cdr_erase('interaction', 'one') ->> 'records'") == "1");
  connection.require("DELETE FROM tombstone");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  CHECK(connection.require(import) == "0");
  connection.require("UPDATE import_file SET ledger_key = NULL");
  CHECK(connection.require(import) == "1");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}

TEST_CASE("erase: an option that does not apply is refused, and nothing is erased") {
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  connection.require("SELECT cdr_import('{\"dialog_uuid\":\"one\",\"dialog_type\":\"BOT\"}')");
  const auto error = [&](const char* arguments) {
    CHECK(connection.run("SELECT cdr_erase(" + std::string(arguments) + ")") == SQLITE_MISMATCH);
    return std::string(sqlite3_errmsg(connection.get()));
  };
  const std::string end =
      "; nothing was erased: leave the option out, or erase interaction by interaction";
  CHECK(error("'before', '2024-01-01', '{\"vendor\":\"mluvii\"}'") ==
        "cdr_erase: option \"vendor\" applies to 'interaction' only, not to 'before'" + end);
  CHECK(error("'customer', '48500002001', '{\"source\":\"north\"}'") ==
        "cdr_erase: option \"source\" applies to 'interaction' only, not to 'customer'" + end);
  CHECK(error("'interaction', 'one', '{\"key\":\"a key of 16 bytes or more\"}'") ==
        "cdr_erase: option \"key\" applies to 'customer_token' only, not to 'interaction'" + end);
  CHECK(connection.require("SELECT (SELECT count(*) FROM raw_record) || (SELECT count(*) FROM "
                           "tombstone)") == "10");
}

TEST_CASE("erasing: a webhook goes with the dialog that it tells about, and stays out with it") {
  for (const char* options : {"{}", "{\"keep_raw\":false}"}) {
    CAPTURE(options);
    const Connection connection(":memory:");
    connection.require("SELECT cdr_init()");
    const auto import = [&](const std::string& records) {
      return connection.require("SELECT cdr_import('" + records + "', '" + options +
                                "') ->> 'inserted'");
    };
    const auto event = [](const char* dialog, const char* name, const char* time) {
      return std::string(R"({"event_type":"user_dialog","event_name":")") + name +
             R"(","event_time":")" + time + R"(","dialog_uuid":")" + dialog + "\"}";
    };
    const auto events = [&] {
      return connection.require("SELECT group_concat(record_id) FROM raw_record");
    };
    CHECK(import(linked_dialog("kkkk-1", "20", "", "48500000111") + '\n' +
                 event("kkkk-1", "dialog_hold", "2024-05-02 10:00:05") + '\n' +
                 event("kkkk-11", "dialog_hold", "2024-05-02 10:00:05")) == "3");
    CHECK(connection.require("SELECT cdr_erase('customer', '48500000111') ->> 'records'") == "2");
    CHECK(events().starts_with("kkkk-11|"));
    CHECK(import(event("kkkk-1", "dialog_unhold", "2024-05-02 10:00:07")) == "0");
    CHECK(import(event("kkkk-11", "dialog_unhold", "2024-05-02 10:00:07")) == "1");
    CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  }
}
