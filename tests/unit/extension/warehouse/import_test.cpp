// What an import takes in, and leaves in the ledger, if one of its files is bad.
#include <doctest/doctest.h>

#include <string>

#include "connection.hpp"
#include "folder.hpp"

using cdr::test::Connection;
using cdr::test::Folder;

namespace {

constexpr const char* one_side =
    R"({"dialog_uuid":"one","dialog_type":"EXTERNAL","linked_dialogs":["two"]})";
constexpr const char* other_side =
    R"({"dialog_uuid":"two","dialog_type":"TENANT_USER","linked_dialogs":["one"]})";

}  // namespace

TEST_CASE("import: a number of the ledger is never given twice") {
  const Folder folder;
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  const auto import = [&] {
    return connection.require("SELECT cdr_import('" + (folder / "a.json") + "')");
  };
  const auto last = [&] {
    return std::stoi(connection.require("SELECT max(import_id) FROM import_file"));
  };
  folder.write("a.json", "");
  import();
  const int failed = last();
  folder.write("a.json", one_side);
  import();
  CHECK(last() > failed);
  // The failed reading is forgotten.
  CHECK(connection.require("SELECT count(*) FROM import_file") == "1");
}

TEST_CASE("import: bad files are read a few times only, if the records are not kept") {
  const Folder folder;
  for (int i = 0; i < 24; ++i) folder.write(std::to_string(i) + ".json", "{\"dialog_uuid\": ");
  folder.write("good.json", one_side);
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  // It would take hours if each bad file had those before it read once more.
  CHECK(connection.require("SELECT cdr_import('" + folder.path() +
                           "', '{\"keep_raw\":false,\"on_error\":\"fail\"}') ->> 'imported'") ==
        "1");
  CHECK(connection.require("SELECT count(*) FROM import_file WHERE status = 'failed'") == "24");
}

TEST_CASE("import: a bad file leaves out only itself, also if the records are not kept") {
  for (const char* bad : {"a.json", "b.json", "c.json"}) {
    CAPTURE(bad);
    const Folder folder;
    for (const char* name : {"a.json", "b.json", "c.json"})
      folder.write(name, "{\"dialog_uuid\": ");
    const bool is_last = std::string(bad) == "c.json";
    folder.write(std::string(bad) == "a.json" ? "b.json" : "a.json", one_side);
    folder.write(is_last ? "b.json" : "c.json", other_side);
    const Connection connection(":memory:");
    connection.require("SELECT cdr_init()");
    const std::string told = connection.require("SELECT cdr_import('" + folder.path() +
                                                "', '{\"keep_raw\":false,\"on_error\":\"fail\"}')");
    CAPTURE(told);
    CHECK(connection.require("SELECT group_concat(status) FROM (SELECT status FROM import_file "
                             "ORDER BY status)") == "failed,imported,imported");
    CHECK(connection.require("SELECT count(*), max(dialog_count) FROM interaction") == "1");
    CHECK(connection.require("SELECT dialog_count FROM interaction") == "2");
    CHECK(connection.require("SELECT path FROM import_file WHERE status = 'failed'") ==
          (folder / bad));
    CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  }
}

TEST_CASE("import: a record that belongs to one that is not kept fails only its own file") {
  const Folder folder;
  folder.write("a.json", one_side);
  folder.write("b.json", R"({"dialog_uuid":"late","linked_dialogs":["before"]})");
  folder.write("c.json", other_side);
  const Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  connection.require(
      R"(SELECT cdr_import('{"dialog_uuid":"before","linked_dialogs":[]}', '{"keep_raw":false}'))");
  connection.require("SELECT cdr_import('" + folder.path() + "', '{\"keep_raw\":false}')");
  CHECK(connection.require("SELECT group_concat(status) FROM (SELECT status FROM import_file "
                           "ORDER BY import_id)") == "imported,imported,failed,imported");
  CHECK(connection.require("SELECT count(*) FROM interaction") == "2");
  CHECK(connection.require("SELECT max(dialog_count) FROM interaction") == "2");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}

TEST_CASE("import: a file that fails says nothing of the zone of the files beside it") {
  const Folder folder;
  std::string calls;
  // Local times that are three hours behind the instant in uniqueid.
  for (int i = 0; i < 20; ++i)
    calls +=
        R"({"guid":"g-)" + std::to_string(i) + R"(","uniqueid":"1715079612.)" + std::to_string(i) +
        R"(","calldate":"2024-05-07 08:00:12","type":"record","disposition":"ANSWERED"})" + "\n";
  folder.write("a.ndjson", one_side);
  folder.write("b.ndjson", calls);
  folder.write("c.ndjson", other_side);
  const auto warnings = [&](const char* options) {
    const Connection connection(":memory:");
    connection.require("SELECT cdr_init()");
    return connection.require("SELECT coalesce(cdr_import('" + folder.path() + "', '" + options +
                              "') ->> 'warnings', '')");
  };
  CHECK(warnings("{}").find("b.ndjson: 20 records have local times that are 3:00 behind") !=
        std::string::npos);
  folder.write("b.ndjson", calls + "{");
  CHECK(warnings(R"({"on_error":"fail"})") == "");
}
