// The zone of a record that was imported: between two zones, the one that was named counts, and
// contents are compared by their times as they are written.
#include <doctest/doctest.h>

#include <string>

#include "connection.hpp"

using cdr::test::Connection;

namespace {

// A row of uContact that ends at 10:01:`second`, or later by the zone's offset.
std::string ucontact_row(const char* second) {
  return std::string(R"([{"id":1,"calldate":"2025-01-08 10:00:20","src":"34600000001",)"
                     R"("dst":"34900000001","dcontext":"inbound","channel":"SIP/trunkA-1",)"
                     R"("dstchannel":"SIP/2001-2","lastapp":"Queue","duration":60,"billsec":57,)"
                     R"("disposition":"ANSWERED","uniqueid":"1736326812.1",)"
                     R"("linkedid":"1736326812.1","guid":"g-1","type":"record",)"
                     R"("campaign":"Soporte<-","direction":"inbound","sequence":0,)"
                     R"("finishtime":"2025-01-08 10:01:)") +
         second + "\"}]";
}

struct ZonedWarehouse : Connection {
  ZonedWarehouse() : Connection(":memory:") { require("SELECT cdr_init()"); }
  // Which counts are not 0: 'inserted', 'updated', 'unchanged' or 'stale'.
  std::string import(const char* second, const char* zone = nullptr) const {
    const std::string options =
        zone == nullptr ? "" : std::string(", '{\"zone\":\"") + zone + "\"}'";
    return require("SELECT group_concat(key) FROM json_each(cdr_import('" + ucontact_row(second) +
                   "'" + options +
                   ")) WHERE key IN ('inserted', 'updated', 'unchanged', 'stale') AND value <> 0");
  }
  std::string end() const { return require("SELECT end_time FROM interaction"); }
  std::string wait() const { return require("SELECT in_queue_seconds FROM interaction"); }
};

}  // namespace

TEST_CASE("zones: a record is read again in the zone that is named, wherever that lies") {
  for (const char* zone : {"Europe/Madrid", "America/Montevideo", "Asia/Kolkata"}) {
    CAPTURE(zone);
    const ZonedWarehouse warehouse;
    CHECK(warehouse.import("20") == "inserted");
    CHECK(warehouse.end() == "2025-01-08 10:01:20.000");
    CHECK(warehouse.import("20", zone) == "updated");
    CHECK(warehouse.end() != "2025-01-08 10:01:20.000");
    CHECK(warehouse.import("20", zone).empty());  // the content is known
    // The zone that is named last counts, also if it is UTC.
    CHECK(warehouse.import("20", "UTC") == "updated");
    CHECK(warehouse.end() == "2025-01-08 10:01:20.000");
    CHECK(warehouse.require("SELECT cdr_check() ->> 'violations'") == "0");
  }
}

TEST_CASE("zones: an import that names none keeps the zone, and says so") {
  const ZonedWarehouse warehouse;
  CHECK(warehouse.import("20", "Europe/Madrid") == "inserted");
  CHECK(warehouse.wait() == "8.0");
  CHECK(warehouse.require("SELECT cdr_import('" + ucontact_row("20") + "') ->> '$.warnings[0]'") ==
        "1 record was imported before in the zone Europe/Madrid, which is kept, because this "
        "import names none; to have them read in another one, name it: option zone, an IANA name "
        "or UTC");
  CHECK(warehouse.end() == "2025-01-08 09:01:20.000");
}

TEST_CASE("zones: of two contents the one with the later times as written counts") {
  for (const char* zone : {"Europe/Madrid", "America/Montevideo"}) {
    CAPTURE(zone);
    const ZonedWarehouse corrected;
    CHECK(corrected.import("20") == "inserted");
    CHECK(corrected.import("59", zone) == "updated");
    const std::string end = corrected.end();
    // The order in which they come makes no difference.
    const ZonedWarehouse reversed;
    CHECK(reversed.import("59", zone) == "inserted");
    CHECK(reversed.import("20") == "stale");
    CHECK(reversed.end() == end);
    const ZonedWarehouse older;
    CHECK(older.import("59") == "inserted");
    CHECK(older.import("20", zone) == "stale");
    CHECK(older.end() == "2025-01-08 10:01:59.000");
  }
}
