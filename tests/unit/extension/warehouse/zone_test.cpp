// The zone of a record that was imported: between two zones, the one that was named counts, and
// contents are compared by their times as they are written. docs/warehouse.md states the rule.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "connection.hpp"
#include "folder.hpp"
#include "seed.hpp"

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
  // As it is written, with the options as JSON.
  std::string import_json(const std::string& json, const std::string& options = "{}") const {
    return require("SELECT cdr_import('" + json + "', '" + options + "')");
  }
  std::string zone() const { return require("SELECT ifnull(zone, 'UTC') FROM raw_record"); }
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
  // The warning names UTC too.
  CHECK(warehouse.import("20", "UTC") == "updated");
  CHECK(warehouse.end() == "2025-01-08 10:01:20.000");
}

TEST_CASE("zones: a file is known if no other import has changed its zone") {
  constexpr const char* here = R"({"zone":"America/Montevideo"})";
  constexpr const char* there = R"({"zone":"Europe/Madrid"})";
  const std::string file = ucontact_row("20"), same_records = file + "\n";
  const ZonedWarehouse warehouse;
  const auto is_known = [&](const std::string& json, const char* options) {
    return warehouse.import_json(json, options).find(R"("known":1)") != std::string::npos;
  };
  CHECK_FALSE(is_known(file, here));
  CHECK_FALSE(is_known(same_records, "{}"));
  CHECK(is_known(file, here));
  CHECK_FALSE(is_known(same_records, there));
  CHECK(warehouse.zone() == "Europe/Madrid");
  CHECK_FALSE(is_known(file, here));
  CHECK(warehouse.zone() == "America/Montevideo");
  CHECK(is_known(file, here));
}

TEST_CASE("zones: UTC is a name among the options of cdr_file too") {
  const cdr::test::Folder folder;
  const std::string path = folder.write("a.json", ucontact_row("20"));
  const ZonedWarehouse warehouse;
  for (const char* zone : {"Europe/Madrid", "UTC"}) {
    warehouse.require("SELECT cdr_import(cdr_file('" + path + R"(', '{"zone":")" + zone + "\"}'))");
    CHECK(warehouse.zone() == zone);
  }
}

TEST_CASE("zones: a newer version that names none is read in the record's zone") {
  const ZonedWarehouse warehouse;
  CHECK(warehouse.import("20", "Europe/Madrid") == "inserted");
  const std::string report = warehouse.import_json(ucontact_row("59"));
  CHECK(report.find("imported before in the zone Europe/Madrid, which is kept") != report.npos);
  CHECK(report.find("when read in UTC") == report.npos);
  CHECK(warehouse.end() == "2025-01-08 09:01:59.000");
  CHECK(warehouse.zone() == "Europe/Madrid");
  CHECK(warehouse.require("SELECT cdr_check() ->> 'violations'") == "0");
}

TEST_CASE("zones: the time of fetching says nothing about the zone") {
  const std::string fetched = R"("fetched_at":"2025-02-01")", zone = R"("zone":"Europe/Madrid")";
  for (const auto& both : {std::pair(zone, fetched), std::pair(fetched, zone),
                           std::pair(fetched + "," + zone, zone)}) {
    const auto& first = both.first;
    const auto& second = both.second;
    CAPTURE(first);
    const ZonedWarehouse warehouse;
    warehouse.import_json(ucontact_row("20"), "{" + first + "}");
    warehouse.import_json(ucontact_row("20"), "{" + second + "}");
    CHECK(warehouse.zone() == "Europe/Madrid");
    CHECK(warehouse.end() == "2025-01-08 09:01:20.000");
    CHECK(warehouse.require("SELECT fetched_at FROM raw_record") == "1738368000000000");
  }
}

TEST_CASE("zones: each record of a session is read in its own zone") {
  const std::string session =
      R"({"id":1,"tenantId":70,"channel":"Phone","source":"IncomingCall",)"
      R"("created":"2024-05-02T08:02:10.120","started":"2024-05-02T08:02:30",)"
      R"("ended":"2024-05-02T08:06:00","operators":[{"userId":501,)"
      R"("joined":"2024-05-02T08:02:31","left":"2024-05-02T08:06:00",)"
      R"("concluded":"2024-05-02T08:06:30"}],"chatbots":[{"chatbotId":3,)"
      R"("joined":"2024-05-02T08:02:11","left":"2024-05-02T08:02:20"}],)"
      R"("activities":[{"activityId":1,"time":"2024-05-02T08:03:00","type":"OnHold"},)"
      R"({"activityId":2,"time":"2024-05-02T08:03:10","type":"ResumeGuest"}],)"
      R"("recordings":[{"id":7,"userId":501,"type":"Operator","duration":"00:03:00",)"
      R"("started":"2024-05-02T08:02:32"}]})";
  // Its times have an offset, or need a zone.
  const auto routing = [](const std::string& offset) {
    return R"({"sessionId":1,"routingHistory":[{"routingRequestId":1,"timestamp":)"
           R"("2024-05-02T08:02:21)" +
           offset + R"(","activityType":"AssignedToOperator","operator":{"userId":501}},)" +
           R"({"routingRequestId":1,"timestamp":"2024-05-02T08:02:30)" + offset +
           R"(","activityType":"AcceptedByOperator","operator":{"userId":501}}]})";
  };
  const std::string webhook =
      R"({"eventType":"SessionEnded","data":{"id":1,"ended":"2024-05-02T06:06:00Z"}})";
  constexpr const char* facts =
      "SELECT json_array(start_time, end_time, answer_time, hold_seconds) FROM interaction "
      "UNION ALL SELECT json_array(start_time, stop_time) FROM recording "
      "UNION ALL SELECT json_array(dialog_id, start_time, hangup_time) FROM dialog "
      "UNION ALL SELECT json_array(event, event_time) FROM agent_event "
      "UNION ALL SELECT json_array(event, event_time) FROM customer_event";
  const std::string prague = R"({"zone":"Europe/Prague"})";
  const ZonedWarehouse same;
  same.import_json(session + "\n" + routing("") + "\n" + webhook, prague);
  CHECK(same.require("SELECT start_time FROM interaction") == "2024-05-02 06:02:10.120");
  const ZonedWarehouse apart;
  apart.import_json(session, prague);
  apart.import_json(routing("+02:00") + "\n" + webhook);
  CHECK(apart.list(facts) == same.list(facts));
  const ZonedWarehouse reversed;
  reversed.import_json(routing(""), prague);
  std::string with_offsets = session;
  for (std::size_t at = 0; (at = with_offsets.find("T08:", at)) != with_offsets.npos; ++at)
    with_offsets.insert(with_offsets.find('"', at), "+02:00");
  reversed.import_json(with_offsets + "\n" + webhook);
  CHECK(reversed.list(facts) == same.list(facts));
}

TEST_CASE("zones: a snapshot keeps its id when it is read in another zone") {
  const std::string file = "'" CDR_SAMPLES "/ucontact/queuesummary_day.json'";
  constexpr const char* ids = "SELECT group_concat(record_id, ' ') FROM raw_record";
  const ZonedWarehouse warehouse;
  warehouse.require("SELECT cdr_import(" + file + ")");
  const std::string before = warehouse.require(ids);
  warehouse.require("SELECT cdr_import(" + file + R"(, '{"zone":"America/Montevideo"}'))");
  CHECK(warehouse.require(ids) == before);
  CHECK(warehouse.require("SELECT group_concat(DISTINCT zone) FROM raw_record") ==
        "America/Montevideo");
  CHECK(warehouse.require("SELECT cdr_check() ->> 'violations'") == "0");
}

// Earlier states of format 4 had the instant in the id, so that a snapshot could be there twice.
TEST_CASE("zones: a rebuild gives snapshots the ids that they have now") {
  const std::string file = "'" CDR_SAMPLES "/ucontact/queuesummary_day.json'";
  constexpr const char* rows =
      "SELECT json_group_array(json_array(record_id, key_hash, zone)) FROM "
      "(SELECT * FROM raw_record ORDER BY record_id)";
  const ZonedWarehouse warehouse;
  warehouse.require("SELECT cdr_import(" + file + R"(, '{"zone":"America/Montevideo"}'))");
  const std::string sound = warehouse.require(rows);
  warehouse.require("UPDATE raw_record SET record_id = 'the former id ' || id, key_hash = id");
  warehouse.require("SELECT cdr_import(" + file + ")");
  CHECK(warehouse.require("SELECT count(*) > 0 AND min(remedy) = 'SELECT cdr_rebuild()' AND "
                          "max(remedy) = 'SELECT cdr_rebuild()' FROM cdr_check()") == "1");
  warehouse.require("SELECT cdr_rebuild()");
  CHECK(warehouse.require(rows) == sound);
  CHECK(warehouse.list("SELECT \"check\" || ' ' || found FROM cdr_check()").empty());
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

// ---- Every sequence of imports

namespace {

// Records of each vendor, of agents' states and snapshots. A later version has one more value.
std::vector<std::string> records_of(int version) {
  std::string more;
  for (int i = 0; i < version; ++i) more += ",\"v" + std::to_string(i) + "\":1";
  const std::string row = ucontact_row("20");
  std::vector<std::string> records{
      row.substr(1, row.size() - 3),
      R"({"queue":"Soporte<-","loggedIn":4,"internalActionId":"7_1",)"
      R"("dateReceived":"May 7, 2024, 9:00:05 AM")",
      R"({"id":1,"channel":"Phone","source":"IncomingCall","created":"2024-05-02T08:02:10")",
      R"({"userId":501,"stateKind":"ONLINE","changed":"2024-05-02T07:58:00")",
      R"({"dialog_uuid":"d-1","start_time":"2024-05-02 08:00:00")",
      R"({"ContactId":"c-1","ContactType":"INBOUND","StartTime":1714636800000,"TalkTime":5)",
      R"({"RamId":"r-1","State":"Ready","StateCode":"1","StartTime":1714636800000,"Duration":5)",
  };
  for (std::string& each : records) each += more + "}";
  return records;
}

struct Import {
  int version;
  std::string fetched, zone;  // "": not given
};

// The rule of docs/warehouse.md.
struct Rule {
  int version = -1;
  std::string fetched, zone = "UTC";

  void take(const Import& import) {
    const bool is_same = import.version == version;
    if (!is_same && std::pair(import.fetched, import.version) < std::pair(fetched, version)) return;
    version = import.version;
    fetched = std::max(fetched, import.fetched);
    if (!import.zone.empty()) zone = import.zone;
  }
  std::vector<std::string> rows() const {
    std::vector<std::string> rows;
    for (const std::string& record : records_of(version))
      rows.push_back(zone + " " + (fetched.empty() ? "" : fetched + "000000") + " " +
                     std::to_string(record.size()));
    return rows;
  }
};

}  // namespace

TEST_CASE("zones: every sequence of imports follows the rule" * doctest::test_suite("random")) {
  const cdr::test::Folder folder;
  const auto any_of = [](auto& random, std::initializer_list<const char*> words) {
    return std::string(std::data(words)[random() % words.size()]);
  };
  for (std::uint32_t more = 0; more < 10; ++more) {
    const std::uint32_t seed = cdr::test::seed() + more;
    CAPTURE(seed);
    std::mt19937 random(seed);
    const ZonedWarehouse warehouse;
    Rule rule;
    std::string course;
    for (int i = 0; i < 7; ++i) {
      const Import import{static_cast<int>(random() % 3),
                          any_of(random, {"", "", "1717200000", "1717300000"}),
                          any_of(random, {"", "", "UTC", "Europe/Madrid", "America/Montevideo"})};
      // Two files may have the same records.
      const std::string end = any_of(random, {"\n", "\n\n"});
      std::string text;
      for (const std::string& record : records_of(import.version)) text += record + "\n";
      const std::string path = folder.write(std::to_string(end.size()), text + end);
      std::string options;
      if (!import.fetched.empty()) options += ",\"fetched_at\":" + import.fetched;
      if (!import.zone.empty()) options += R"(,"zone":")" + import.zone + '"';
      course += std::to_string(import.version) + ' ' + options + ' ' + path + '\n';
      CAPTURE(course);
      if (!options.empty()) options.erase(0, 1);
      warehouse.require("SELECT cdr_import('" + path + "', '{" + options + "}')");
      rule.take(import);
      REQUIRE(warehouse.list("SELECT ifnull(zone, 'UTC') || ' ' || ifnull(fetched_at, '') || ' ' "
                             "|| payload_bytes FROM raw_record ORDER BY id") == rule.rows());
    }
    CHECK(warehouse.require("SELECT cdr_check() ->> 'violations'") == "0");
  }
}
