// How far links are followed, and how much work that takes: n records of one interaction cost work
// in proportion to n, in whatever order they come. The tests count work and never measure time.
#include "reading/group_limits.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "extension/warehouse/import/import.hpp"
#include "extension/warehouse/import/ingest.hpp"
#include "extension/warehouse/import/replay.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "extension/warehouse/upkeep/check.hpp"
#include "extension/warehouse/upkeep/creation.hpp"
#include "extension/warehouse/upkeep/erase.hpp"
#include "extension/warehouse/upkeep/rebuild.hpp"
#include "facts_dump.hpp"
#include "folder.hpp"
#include "reading/groups.hpp"
#include "seed.hpp"

using namespace cdr;
using namespace cdr::ext;

namespace {

using Lines = std::vector<std::string>;
constexpr std::string_view nil = "00000000-0000-0000-0000-000000000000";

// Smaller limits for one test.
struct Limits {
  explicit Limits(GroupLimits limits) : before(group_limits) { group_limits = limits; }
  ~Limits() { group_limits = before; }
  Limits(const Limits&) = delete;
  Limits& operator=(const Limits&) = delete;
  GroupLimits before;
};

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::string dialog(const std::string& id, const Lines& linked, int version = 0) {
  std::string json = R"({"dialog_uuid":")" + id + R"(","dialog_type":"EXTERNAL","start_time":)" +
                     R"("2024-05-02 10:00:00","hangup_time":"2024-05-02 10:00:)" +
                     std::to_string(10 + version) + R"(","linked_dialogs":[)";
  for (std::size_t i = 0; i < linked.size(); ++i)
    json += std::string(i == 0 ? "\"" : ",\"") + linked[i] + '"';
  return json + "]}";
}
std::string number(std::size_t i) {
  return "d-" + std::to_string(1'000'000 + i);
}

// The sizes of the groups that reading makes, sorted.
std::vector<std::size_t> groups_of(const std::string& text) {
  const Source source = test::content(text);
  ReadingPolicy policy(SourceOptions::OnError::skip);
  GroupReader groups(source, policy, GroupReader::Scope::linked);
  std::vector<std::size_t> sizes;
  while (groups.next()) sizes.push_back(groups.records().size());
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

class Warehouse {
 public:
  Warehouse() : database_(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    create_warehouse(database_.getHandle());
  }
  std::string import(const std::string& text, const ImportOptions& options = {}) {
    return import(test::content(text), options);
  }
  std::string import(const Source& source, const ImportOptions& options = {}) {
    return import_into(database_.getHandle(), source, options);
  }
  std::int64_t count(const std::string& of) {
    return database_.execAndGet("SELECT count(*) FROM " + of).getInt64();
  }
  // The facts in the form of test::dump.
  std::string dump() {
    std::string all;
    for (const JsonTable& table : json_tables()) {
      if (!table.model) continue;
      Lines rows;
      std::string columns;
      for (const Column& column : table.table.columns)
        if (is_fact(column))
          columns +=
              std::string(columns.empty() ? "" : ", ") + '"' + std::string(column.name) + '"';
      SQLite::Statement select(database_,
                               "SELECT " + columns + " FROM " + std::string(table.table.stored));
      while (select.executeStep()) {
        std::string row(table.table.name);
        for (int i = 0; i < select.getColumnCount(); ++i) row += '|' + text_of(select.getColumn(i));
        rows.push_back(std::move(row));
      }
      std::sort(rows.begin(), rows.end());
      for (const std::string& row : rows) all += row + '\n';
    }
    return all;
  }
  // The rows of a query, with '|' between cells.
  Lines rows(const std::string& sql) {
    Lines rows;
    SQLite::Statement select(database_, sql);
    while (select.executeStep()) {
      std::string row;
      for (int i = 0; i < select.getColumnCount(); ++i)
        row += (i == 0 ? "" : "|") + select.getColumn(i).getString();
      rows.push_back(std::move(row));
    }
    return rows;
  }
  // The number of statements that `work` runs.
  template <class Work>
  std::size_t statements(Work&& work) {
    std::size_t count = 0;
    const auto add = [](unsigned, void* to, void*, void*) {
      ++*static_cast<std::size_t*>(to);
      return 0;
    };
    sqlite3_trace_v2(handle(), SQLITE_TRACE_STMT, add, &count);
    work();
    sqlite3_trace_v2(handle(), 0, nullptr, nullptr);
    return count;
  }
  // The work that SQLite does during `work`, in steps of its virtual machine.
  template <class Work>
  std::size_t steps(Work&& work) {
    constexpr int at_a_time = 16;
    std::size_t count = 0;
    const auto add = [](void* to) {
      *static_cast<std::size_t*>(to) += at_a_time;
      return 0;
    };
    sqlite3_progress_handler(handle(), at_a_time, add, &count);
    work();
    sqlite3_progress_handler(handle(), 0, nullptr, nullptr);
    return count;
  }
  Lines violations() {
    Lines found;
    check_warehouse(database_.getHandle(), [&](const Violation& each) {
      found.push_back(each.check + ' ' + each.key + ": " + each.found + ", expected " +
                      each.expected);
    });
    return found;
  }
  bool rebuild_changes() {
    return rebuild_facts(database_.getHandle()).find("\"changed\":true") != std::string::npos;
  }
  sqlite3* handle() { return database_.getHandle(); }
  SQLite::Database& database() { return database_; }

 private:
  static std::string text_of(const SQLite::Column& column) {
    if (column.isNull()) return "NULL";
    if (column.isInteger()) return std::to_string(column.getInt64());
    if (column.isFloat()) return std::to_string(column.getDouble());
    return '\'' + column.getString() + '\'';
  }
  SQLite::Database database_;
};

// The work of importing these lines as one file, in batches of `batch_size` records.
Ingest::Work work_of(Warehouse& warehouse, const Lines& lines, std::size_t batch_size) {
  const Source source = test::content(joined(lines));
  ReadingPolicy policy(SourceOptions::OnError::fail);
  Reader reader(source, policy);
  Worker worker;
  Ingest ingest(warehouse.handle(), worker);
  ImportCounts counts;
  SQLite::Statement ledger(warehouse.database(),
                           "INSERT INTO import_file (path, status, seen, inserted, updated, "
                           "unchanged, stale, quarantined, interactions, started_at, finished_at, "
                           "libcdr) VALUES ('test', 'imported', 0, 0, 0, 0, 0, 0, 0, '', '', '')");
  ledger.exec();
  ingest.begin(warehouse.database().getLastInsertRowid(), counts);
  Batch batch;
  const auto write = [&] {
    ingest.take_in(batch);
    ingest.write();
    batch.clear();
  };
  while (reader.next()) {
    std::string id;
    reader.record().resource->record_id(reader.record(), id);
    batch.add(reader.vendor(), reader.record(), id, std::nullopt, ingest.tombstones(), Look::full);
    if (batch.records().size() == batch_size) write();
  }
  write();
  CHECK(ingest.finish().empty());
  warehouse.database().exec(
      "UPDATE import_file SET (seen, inserted, updated, unchanged, stale) = (" +
      std::to_string(counts.inserted + counts.updated + counts.unchanged + counts.stale) + ", " +
      std::to_string(counts.inserted) + ", " + std::to_string(counts.updated) + ", " +
      std::to_string(counts.unchanged) + ", " + std::to_string(counts.stale) +
      ") WHERE import_id = (SELECT max(import_id) FROM import_file)");
  return ingest.work();
}

Lines star(std::size_t from, std::size_t to) {
  Lines lines;
  for (std::size_t i = from; i < to; ++i)
    lines.push_back(dialog(number(i), i == 0 ? Lines{} : Lines{number(0)}));
  return lines;
}
// Sides of agents that were rung and talked, each with a recording; all linked to one, or to none.
Lines talks(std::size_t count, bool are_linked) {
  Lines lines;
  for (std::size_t i = 0; i < count; ++i)
    lines.push_back(
        R"({"dialog_uuid":")" + number(i) +
        R"(","dialog_type":"CONSULTANT","business_direction":)" +
        R"("INBOUND","start_time":"2024-05-02 10:00:00","alert_time":"2024-05-02 10:00:01",)" +
        R"("serve_time":"2024-05-02 10:00:05","hangup_time":"2024-05-02 10:01:00","talking_time":)" +
        R"(55000,"audio_video_recording":true,"tenant_user":{"id":)" + std::to_string(i % 50) +
        R"(,"username":"u"},"linked_dialogs":[)" +
        (are_linked && i > 0 ? '"' + number(0) + '"' : "") + "]}");
  return lines;
}
Lines chain(std::size_t from, std::size_t to) {
  Lines lines;
  for (std::size_t i = from; i < to; ++i) lines.push_back(dialog(number(i), {number(i + 1)}));
  return lines;
}
Lines routing(std::size_t from, std::size_t to) {
  Lines lines;
  for (std::size_t i = from; i < to; ++i)
    lines.push_back(R"({"sessionId":77,"routingRequestId":)" + std::to_string(i) +
                    R"(,"timestamp":"2024-05-02T10:00:00Z","activityType":"EnteredGroupQueue"})");
  return lines;
}

}  // namespace

TEST_CASE("growth: an id that names nothing joins nobody, of any vendor") {
  for (const std::string id :
       {"\"0\"", "0", "\"\"", "\"  \"", "\" 0 \"", "null",
        "\"00000000-0000-0000-0000-000000000000\"", "\" 00000000-0000-0000-0000-000000000000\""}) {
    CAPTURE(id);
    const auto with = [&](const std::string& text) {
      std::string all = text;
      for (std::size_t at; (at = all.find("ID")) != std::string::npos;) all.replace(at, 2, id);
      return all;
    };
    // Each record has other ids that are real: no record is lost, and none is joined.
    const std::string conpeek = with(
        R"({"dialog_uuid":"a","linked_dialogs":[ID]}{"dialog_uuid":"b","linked_dialogs":[ID]})");
    const std::string ucontact =
        with(R"({"guid":ID,"linkedid":"1.1","uniqueid":"1.1","sequence":1,"disposition":"BUSY"})"
             R"({"guid":ID,"linkedid":"1.2","uniqueid":"1.2","sequence":2,"disposition":"BUSY"})"
             R"({"guid":ID,"linkedid":ID,"uniqueid":"1.3","sequence":3,"disposition":"BUSY"})"
             R"({"guid":ID,"linkedid":ID,"uniqueid":"1.4","sequence":4,"disposition":"BUSY"})");
    const std::string operator_states =
        with(R"({"userId":ID,"changed":"2024-05-02T10:00:00Z","stateKind":"Online"})"
             R"({"userId":ID,"changed":"2024-05-02T11:00:00Z","stateKind":"Break"})");
    CHECK(groups_of(conpeek) == std::vector<std::size_t>{1, 1});
    CHECK(groups_of(ucontact) == std::vector<std::size_t>{1, 1, 1, 1});
    if (id.find('0') != std::string::npos)
      CHECK(groups_of(operator_states) == std::vector<std::size_t>{1, 1});
    // A record without any other id has no identity.
    CHECK(groups_of(with(R"({"ContactId":ID,"AgentEvents":[]}{"ContactId":ID,"CallDuration":1})"))
              .empty());
    CHECK(groups_of(with(R"({"id":ID,"companyId":7,"channel":"Chat"})")).empty());
    CHECK(groups_of(with(R"({"sessionId":ID,"routingHistory":[]})")).empty());
    CHECK(groups_of(with(R"({"dialog_uuid":ID})")).empty());
    CHECK(groups_of(with(R"({"eventType":"SessionCreated","data":{"sessionId":ID}})")).empty());
    for (const std::string& text : {conpeek, ucontact}) {
      Warehouse warehouse;
      warehouse.import(text);
      CHECK(warehouse.dump() == test::dump(test::content(text)));
      CHECK(warehouse.violations() == Lines{});
    }
  }
  CHECK(names_nothing(nil));
  CHECK(!names_nothing("00"));
  CHECK(!names_nothing("n/a"));
}

TEST_CASE("growth: an id that many say and none has is reported and not followed") {
  const Limits limits({.joined = 10});
  const auto linked = [](std::size_t count, const std::string& to) {
    Lines lines;
    for (std::size_t i = 1; i <= count; ++i) lines.push_back(dialog(number(i), {to}));
    return lines;
  };
  CHECK(groups_of(joined(linked(10, "n/a"))) == std::vector<std::size_t>{10});
  CHECK(groups_of(joined(linked(11, "n/a"))) == std::vector<std::size_t>(11, 1));
  // A link that names an existing dialog is followed.
  Lines with_centre = linked(11, "d-0");
  with_centre.push_back(dialog("d-0", {}));
  CHECK(groups_of(joined(with_centre)) == std::vector<std::size_t>{12});
  const auto problems = problems_of(test::content(joined(linked(11, "n/a"))));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].text() ==
        "argument: record 11 at byte 1490: 11 records of conpeek, including this one, link to one "
        "id that no record has; a link that would join more than 10 interactions is not followed "
        "(link_not_followed); without \"strict\" each record stays separate; import the record "
        "that the link names, if there is one");
  CHECK(problems_of(test::content(joined(with_centre))).empty());
  // The id of the whole interaction is its own and joins no other one.
  CHECK(groups_of(joined(routing(0, 30))) == std::vector<std::size_t>{30});

  Warehouse warehouse;
  CHECK(warehouse.import(joined(linked(10, "n/a"))).find("warnings") == std::string::npos);
  CHECK(warehouse.count("interaction") == 1);
  CHECK(warehouse.import(dialog(number(11), {"n/a"}))
            .find("\"warnings\":[\"11 records, including raw_record "
                  "11, link to one id") != std::string::npos);
  CHECK(warehouse.count("interaction") == 11);
  CHECK(warehouse.violations() == Lines{});
  // With one record fewer, the remaining ten belong together again.
  warehouse.import(dialog(number(11), {}, 1));
  CHECK(warehouse.count("interaction") == 2);
  warehouse.import(dialog(number(11), {"n/a"}, 2));
  CHECK(warehouse.count("interaction") == 11);
  erase_from(warehouse.handle(), "interaction", number(4), {});
  CHECK(warehouse.count("interaction") == 1);
  CHECK(warehouse.violations() == Lines{});
  // The record that they name comes late.
  warehouse.import(joined(linked(14, "n/a")));
  CHECK(warehouse.count("interaction") == 13);
  warehouse.import(dialog("n/a", {}));
  CHECK(warehouse.count("interaction") == 1);
  CHECK(warehouse.violations() == Lines{});
}

// A leg of a call. All legs of one linkedid are one interaction; so are all legs of one guid, which
// names the interaction. A later version may have another guid.
std::string leg(std::size_t call, std::size_t number, const std::string& guid, int version = 0) {
  const std::string linkedid = "1655747819." + std::to_string(call);
  return R"({"guid":")" + guid + R"(","linkedid":")" + linkedid + R"(","uniqueid":")" + linkedid +
         R"(","sequence":)" + std::to_string(number) +
         R"(,"calldate":"2024-05-02 10:00:00","duration":5,"finishtime":"2024-05-02 10:00:)" +
         std::to_string(10 + version) + "\"}";
}

// Files of one to three records each.
void write_small_files(const test::Folder& folder, const Lines& lines, std::mt19937& random) {
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.size(), at + 1 + random() % 3);
    const auto from = lines.begin();
    const std::string text = joined(
        Lines(from + static_cast<std::ptrdiff_t>(at), from + static_cast<std::ptrdiff_t>(end)));
    folder.write(std::to_string(1000 + at) + ".json", text);
    at = end;
  }
}

// Imports the versions in several orders, split at random into files and batches. The facts always
// equal those of reading all versions at once.
void check_orders(Lines versions, std::mt19937& random) {
  const auto any = [&](std::size_t below) { return random() % below; };
  const std::string facts = test::dump(test::content(joined(versions)));
  for (int order = 0; order < 4; ++order) {
    std::shuffle(versions.begin(), versions.end(), random);
    REQUIRE(test::dump(test::content(joined(versions))) == facts);
    Warehouse warehouse;
    for (std::size_t at = 0; at < versions.size();) {
      const bool are_small_files = any(3) == 0;
      const std::size_t size = std::min(versions.size() - at, 1 + any(are_small_files ? 30 : 6));
      const auto first = versions.begin() + static_cast<std::ptrdiff_t>(at);
      // Some parts come as one file in small batches, others as several files, which share a
      // transaction or not.
      const Lines part(first, first + static_cast<std::ptrdiff_t>(size));
      if (are_small_files) {
        const test::Folder folder;
        write_small_files(folder, part, random);
        warehouse.import(test::files(folder.path()));
      } else if (any(2) == 0) {
        work_of(warehouse, part, 1 + any(3));
      } else {
        warehouse.import(joined(part));
      }
      at += size;
    }
    REQUIRE(warehouse.dump() == facts);
    if (order == 0) REQUIRE(warehouse.violations() == Lines{});
    REQUIRE(!warehouse.rebuild_changes());
  }
}

TEST_CASE("growth: what links join does not depend on the order in which records come" *
          doctest::test_suite("random")) {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto any = [&](std::size_t below) { return random() % below; };
  for (int history = 0; history < 14; ++history) {
    CAPTURE(history);
    const Limits limits({.joined = 3, .at_once = 1 + any(6)});
    // All ids of some dialogs, in versions that link to others, to missing dialogs, or to none.
    Lines versions;
    const std::size_t ids = 8 + any(10);
    for (std::size_t i = 0; i < ids; ++i) {
      if (any(5) == 0) continue;
      for (int version = 0; version <= static_cast<int>(any(3)); ++version) {
        Lines linked;
        for (std::size_t k = any(3); k > 0; --k)
          linked.push_back(any(2) == 0 ? number(any(ids)) : "n/a" + std::to_string(any(2)));
        versions.push_back(dialog(number(i), linked, version));
      }
    }
    check_orders(versions, random);
    // After an erasure, the facts equal those of the remaining records alone.
    Warehouse all;
    all.import(joined(versions));
    const std::string gone = number(any(ids));
    erase_from(all.handle(), "interaction", gone, {});
    CHECK(all.violations() == Lines{});
    CHECK(!all.rebuild_changes());
  }
}

TEST_CASE("growth: what ids of wholes join does not depend on the order in which records come" *
          doctest::test_suite("random")) {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto any = [&](std::size_t below) { return random() % below; };
  for (int history = 0; history < 8; ++history) {
    CAPTURE(history);
    const Limits limits({.at_once = 1 + any(6)});
    // Legs of a few calls whose versions pass interaction ids on to each other.
    Lines versions;
    const std::size_t legs = 8 + any(10);
    for (std::size_t i = 0; i < legs; ++i) {
      const std::size_t call = any(6);
      for (int version = 0; version <= static_cast<int>(any(3)); ++version)
        versions.push_back(leg(call, i, "g-" + std::to_string(any(5)), version));
    }
    check_orders(versions, random);
  }
}

TEST_CASE("growth: small files that share a transaction give what they give one by one" *
          doctest::test_suite("random")) {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto any = [&](std::size_t below) { return random() % below; };
  for (int history = 0; history < 6; ++history) {
    CAPTURE(history);
    const Limits limits({.at_once = 1 + any(12)});
    // Dialogs that come once, some with a field that has no column, and links among them.
    Lines lines;
    const std::size_t ids = 20 + any(40);
    for (std::size_t i = 2; i < ids; ++i) {
      std::string line =
          dialog(number(i), any(2) == 0 ? Lines{} : Lines{number(any(ids)), number(any(ids))});
      if (any(4) == 0) line.insert(1, R"("odd":1,)");
      lines.push_back(line);
    }
    std::shuffle(lines.begin(), lines.end(), random);
    const test::Folder folder;
    write_small_files(folder, lines, random);
    Warehouse together, apart;
    // Two interactions exist already, and are changed or joined.
    const std::string before = dialog(number(0), {number(any(ids))}) + dialog(number(1), {});
    for (Warehouse* each : {&together, &apart}) each->import(before);
    const Source files = test::files(folder.path());
    together.import(files);
    for (const std::string& path : files.paths) apart.import(test::files(path));
    CHECK(together.dump() == apart.dump());
    for (const char* const sql :
         {"SELECT path, status, error, seen, inserted, updated, unchanged, stale, quarantined "
          "FROM import_file ORDER BY import_id",
          "SELECT interaction_key, last_import FROM interaction ORDER BY 1",
          "SELECT vendor, resource, json_path, kind, sample_type, count FROM unmapped_field "
          "ORDER BY 1, 2, 3"})
      CHECK(joined(together.rows(sql)) == joined(apart.rows(sql)));
    // Each file counts the interactions that its records are part of.
    CHECK(
        joined(together.rows("SELECT import_id, interactions FROM import_file WHERE import_id > 1 "
                             "ORDER BY 1")) ==
        joined(together.rows("SELECT first_import, count(DISTINCT component) FROM raw_record "
                             "WHERE first_import > 1 GROUP BY 1 ORDER BY 1")));
    // An interaction that no other connection has seen is not reported as removed.
    CHECK(together.rows("SELECT interaction_key FROM removed_interaction") ==
          apart.rows("SELECT interaction_key FROM removed_interaction WHERE interaction_key <= 2"));
    CHECK(together.violations() == Lines{});
    CHECK(!together.rebuild_changes());
  }
}

TEST_CASE("growth: versions in small files that share a transaction count as they do one by one" *
          doctest::test_suite("random")) {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto any = [&](std::size_t below) { return random() % below; };
  for (int history = 0; history < 8; ++history) {
    CAPTURE(history);
    const std::size_t ids = 10 + any(30);
    // Each version of a dialog names other dialogs, so that interactions are joined and separated.
    const auto some_version = [&](int version) {
      Lines linked(any(3));
      for (std::string& each : linked) each = number(any(ids));
      return dialog(number(any(ids)), linked, version);
    };
    Lines before, lines;
    for (std::size_t i = 0; i < ids; ++i) before.push_back(some_version(0));
    for (int version = 1; version < 40; ++version) lines.push_back(some_version(version));
    const test::Folder folder;
    write_small_files(folder, lines, random);
    Warehouse together, apart;
    for (Warehouse* each : {&together, &apart}) each->import(joined(before));
    const Source files = test::files(folder.path());
    together.import(files);
    for (const std::string& path : files.paths) apart.import(test::files(path));
    CHECK(together.dump() == apart.dump());
    const std::string counts =
        "SELECT import_id, seen, inserted, updated, unchanged, stale FROM import_file ORDER BY 1";
    CHECK(joined(together.rows(counts)) == joined(apart.rows(counts)));
    // What was changed and changed back in one transaction has not changed.
    const std::string last = "SELECT interaction_key, last_import FROM interaction ORDER BY 1";
    const Lines found = together.rows(last), expected = apart.rows(last);
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      if (!found[i].ends_with("|1")) CHECK(found[i] == expected[i]);
    CHECK(together.violations() == Lines{});
    CHECK(!together.rebuild_changes());
  }
}

TEST_CASE("growth: an id of an interaction passes to another that is written before it") {
  for (const std::size_t at_once : {1, 2, 100}) {
    CAPTURE(at_once);
    const Limits limits({.at_once = at_once});
    const std::string before = leg(1, 1, "g-1") + leg(2, 1, "g-2");
    const std::string after = leg(1, 1, "g-2", 1) + leg(2, 1, "g-1", 1);
    Warehouse warehouse;
    warehouse.import(before);
    CHECK(warehouse.import(after).find("\"failed\":0") != std::string::npos);
    CHECK(warehouse.dump() == test::dump(test::content(before + after)));
    CHECK(warehouse.violations() == Lines{});
    // All legs of g-3 change to g-4; while they wait to be mapped again, a new leg names g-3.
    work_of(warehouse, {leg(3, 1, "g-3"), leg(3, 2, "g-3"), leg(3, 3, "g-3")}, 3);
    work_of(warehouse,
            {leg(3, 1, "g-4", 1), leg(3, 2, "g-4", 1), leg(3, 3, "g-4", 1), leg(4, 1, "g-3")}, 1);
    CHECK(warehouse.rows("SELECT interaction_id FROM interaction ORDER BY 1") ==
          Lines{"g-1", "g-2", "g-3", "g-4"});
    CHECK(warehouse.violations() == Lines{});
    CHECK(!warehouse.rebuild_changes());
  }
}

TEST_CASE("growth: cdr_rebuild does not believe the stored numbers of components") {
  Warehouse warehouse;
  warehouse.import(joined(star(0, 10)) + joined(star(100, 102)) + dialog("alone", {}));
  const std::string facts = warehouse.dump();
  for (const char* wrong : {"1", "0", "id", "14 - id", "id % 3"}) {
    CAPTURE(wrong);
    for (const std::size_t at_once : {2, 100}) {
      const Limits limits({.at_once = at_once});
      warehouse.database().exec(std::string("UPDATE raw_record SET component = ") + wrong);
      CHECK(!warehouse.rebuild_changes());
      CHECK(warehouse.dump() == facts);
      CHECK(warehouse.violations() == Lines{});
    }
  }
}

TEST_CASE("growth: files that share a transaction make a large interaction once") {
  const Limits limits({.at_once = 50});
  const auto cost = [](std::size_t files) {
    Warehouse warehouse;
    warehouse.import(joined(star(0, 1000)));
    const test::Folder folder;
    for (std::size_t i = 0; i < files; ++i)
      folder.write(number(i) + ".json", joined(star(1000 + 10 * i, 1010 + 10 * i)));
    const std::size_t statements =
        warehouse.statements([&] { warehouse.import(test::files(folder.path())); });
    // Each file counts the interaction as if the file came alone.
    CHECK(warehouse.count("import_file WHERE interactions = 1 AND inserted IN (10, 1000)") ==
          static_cast<std::int64_t>(files + 1));
    CHECK(warehouse.count("interaction") == 1);
    CHECK(warehouse.violations() == Lines{});
    return statements;
  };
  const std::size_t few = cost(10), many = cost(40);
  // 300 more records cost no further work on the 1000 existing ones.
  CHECK(many <= few + 300 * 30);
}

TEST_CASE("growth: files that share a transaction make an interaction that they change once") {
  const auto cost = [](std::size_t dialogs) {
    Warehouse warehouse;
    warehouse.import(joined(star(0, dialogs)));
    const test::Folder folder;
    for (std::size_t i = 1; i < dialogs; ++i)
      folder.write(number(i) + ".json", dialog(number(i), {number(0)}, 1));
    const std::size_t statements =
        warehouse.statements([&] { warehouse.import(test::files(folder.path())); });
    CHECK(warehouse.count("import_file WHERE updated = 1 AND interactions = 1") ==
          static_cast<std::int64_t>(dialogs - 1));
    CHECK(warehouse.violations() == Lines{});
    return statements;
  };
  const std::size_t few = cost(120), many = cost(480);
  CHECK(many < 6 * few);
}

TEST_CASE("growth: an interaction counts once for an import that builds it several times") {
  // The first dialog leaves the second, which is only looked at much later, or in a later batch.
  constexpr std::size_t many = 9000;  // more than are looked at together
  const std::string parted = dialog(number(0), {}, 1) + '\n';
  Lines lines;
  for (std::size_t i = 1; i <= many; ++i) lines.push_back(dialog("x-" + std::to_string(i), {}));
  const std::string before =
      dialog(number(0), {number(1)}) + joined(lines) + dialog(number(1), {number(0)});
  {
    Warehouse warehouse;
    warehouse.import(before);
    CHECK(warehouse.rows("SELECT interactions FROM import_file") ==
          Lines{std::to_string(many + 1)});
  }
  Warehouse warehouse;
  warehouse.import(before);
  const test::Folder folder;
  for (std::size_t i = 0; i < lines.size(); ++i)
    lines[i] = dialog("x-" + std::to_string(i + 1), {}, 2);
  for (std::size_t i = 0; i < lines.size(); i += 100)
    folder.write("f" + std::to_string(10000 + i) + ".ndjson",
                 joined({lines.begin() + static_cast<std::ptrdiff_t>(i),
                         lines.begin() + static_cast<std::ptrdiff_t>(i + 100)}));
  folder.write("f0001.ndjson", parted + dialog(number(1), {}, 1));
  warehouse.import(test::files(folder.path()));
  CHECK(warehouse.rows("SELECT DISTINCT updated, interactions FROM import_file WHERE import_id > 1 "
                       "ORDER BY 1") == Lines{"2|2", "100|100"});
  CHECK(warehouse.violations() == Lines{});
}

TEST_CASE("growth: of files that share a transaction, each has its own records refused") {
  const Limits limits({.records = 20, .at_once = 3});
  // 18 linked dialogs, and two without a link.
  const std::string before = joined(star(0, 18)) + dialog("w-0", {}) + dialog("w-1", {});
  const std::string late = dialog("late", {number(0)});
  // The existing dialogs come first, in whichever file they are.
  const std::string joining = dialog("w-0", {number(0), "w-1"}, 1);
  const std::string ledger =
      "SELECT path LIKE '%a.json', status, seen, inserted, updated, quarantined, interactions "
      "FROM import_file ORDER BY import_id";
  const test::Folder folder;
  folder.write("a.json", late);
  folder.write("b.json", joining);
  Warehouse warehouse;
  warehouse.import(before);
  const std::string summary = warehouse.import(test::files(folder.path()));
  CHECK(summary ==
        "{\"files\":2,\"imported\":2,\"known\":0,\"partial\":0,\"failed\":0,\"seen\":2,"
        "\"inserted\":0,\"updated\":1,\"unchanged\":0,\"stale\":0,\"quarantined\":1,"
        "\"interactions\":1,\"errors\":[]}");
  CHECK(warehouse.rows(ledger) ==
        Lines{"0|imported|20|20|0|0|3", "1|imported|1|0|0|1|0", "0|imported|1|0|1|0|1"});
  CHECK(warehouse.rows("SELECT code, record, path LIKE '%a.json', import_id FROM quarantine") ==
        Lines{"component_too_large|1|1|2"});
  CHECK(warehouse.count("interaction") == 1);
  CHECK(warehouse.count("dialog") == 20);
  CHECK(warehouse.violations() == Lines{});
  CHECK(!warehouse.rebuild_changes());
  // With fail_on_error, a refused record undoes its own file only.
  ImportOptions fail;
  fail.fail_on_error = true;
  Warehouse strict;
  strict.import(before);
  strict.import(test::files(folder.path()), fail);
  CHECK(strict.rows(ledger) ==
        Lines{"0|imported|20|20|0|0|3", "1|imported|1|1|0|0|1", "0|failed|0|0|0|0|0"});
  CHECK(strict.count("dialog") == 21);
  CHECK(strict.violations() == Lines{});
}

TEST_CASE("growth: a record that would make an interaction too large is quarantined") {
  const Limits limits({.joined = 5, .records = 20});
  Lines lines = star(0, 25);
  lines.insert(lines.begin() + 3, dialog("alone", {}));
  const Source source = test::content(joined(lines));
  CHECK(groups_of(joined(lines)) == std::vector<std::size_t>{1, 20});
  ReadingPolicy fail(SourceOptions::OnError::fail);
  const auto read = [&] {
    GroupReader groups(source, fail, GroupReader::Scope::linked);
    while (groups.next()) {
    }
  };
  CHECK_THROWS_WITH(read(), doctest::Contains("of more than 20 records"));

  Warehouse warehouse;
  CHECK(warehouse.import(joined(lines))
            .find("\"inserted\":21,\"updated\":0,\"unchanged\":0,"
                  "\"stale\":0,\"quarantined\":5,\"interactions\":2") != std::string::npos);
  CHECK(warehouse.count("raw_record") == 21);
  CHECK(warehouse.count("dialog") == 21);
  CHECK(warehouse.count("quarantine WHERE code = 'component_too_large' AND payload IS NOT NULL "
                        "AND record BETWEEN 22 AND 26 AND length(remedy) > 0") == 5);
  CHECK(warehouse.count("record_link WHERE raw_id NOT IN (SELECT id FROM raw_record)") == 0);
  CHECK(warehouse.violations() == Lines{});
  const std::string facts = warehouse.dump();
  // Another dialog, and one that would join two interactions that together exceed the limit.
  CHECK(warehouse.import(dialog("late", {number(0)})).find("\"quarantined\":1") !=
        std::string::npos);
  CHECK(replay_quarantine(warehouse.handle()).find("\"replayed\":0") != std::string::npos);
  CHECK(warehouse.dump() == facts);
  warehouse.import(joined(star(100, 101)) + dialog("x", {"y"}) + dialog("y", {}));
  CHECK(warehouse.import(dialog("bridge", {"x", number(0)})).find("\"quarantined\":1") !=
        std::string::npos);
  CHECK(warehouse.count("interaction") == 3);
  CHECK(warehouse.violations() == Lines{});
  CHECK(!warehouse.rebuild_changes());
}

TEST_CASE("growth: a version that would make an interaction too large leaves the one before it") {
  const std::string before = joined(star(0, 20)) + dialog("w", {}) + dialog("v", {"w"}) +
                             dialog("u", {"w"}) + dialog("alone", {});
  for (const std::size_t at_once : {1, 4, 100}) {
    CAPTURE(at_once);
    const Limits limits({.records = 20, .at_once = at_once});
    Warehouse warehouse;
    warehouse.import(before);
    const std::string facts = warehouse.dump();
    const auto records = [&] {
      return warehouse.rows(
          "SELECT id, record_id, component, hex(content_hash), latest, first_import, last_import, "
          "(SELECT count(*) FROM record_link WHERE raw_id = id) FROM raw_record ORDER BY id");
    };
    const Lines stored = records();
    // A new version links its dialog to the large interaction; another brings along all dialogs
    // that it is linked with.
    CHECK(warehouse.import(dialog("alone", {number(0)}, 1) + dialog("v", {"w", number(3)}, 1))
              .find("\"inserted\":0,\"updated\":0,\"unchanged\":0,\"stale\":0,"
                    "\"quarantined\":2") != std::string::npos);
    CHECK(records() == stored);
    CHECK(warehouse.dump() == facts);
    CHECK(warehouse.violations() == Lines{});
    CHECK(!warehouse.rebuild_changes());
    // A version that also drops the link to its old interaction is refused, and its dialog stays
    // there.
    CHECK(warehouse.import(dialog("v", {number(3)}, 2)).find("\"quarantined\":1") !=
          std::string::npos);
    CHECK(records() == stored);
    CHECK(warehouse.dump() == facts);
    CHECK(warehouse.violations() == Lines{});
    // A later version without links is accepted.
    work_of(warehouse, {dialog("v", {}, 3)}, 1);
    CHECK(warehouse.count("interaction") == 4);
  }
}

TEST_CASE("growth: one interaction with more rows than a table keeps of it costs only itself") {
  FactStore::most_rows = 15;
  Warehouse warehouse;
  const std::string summary = warehouse.import(joined(star(0, 16)) + dialog("alone", {}));
  CHECK(summary.find("\"warnings\":[\"component 1 makes more than 15 rows") != std::string::npos);
  CHECK(warehouse.count("raw_record") == 17);
  CHECK(warehouse.count("dialog") == 1);
  CHECK(warehouse.violations() == Lines{});
  FactStore::most_rows = std::int64_t{1} << row_bits;
  CHECK(warehouse.rebuild_changes());
  CHECK(warehouse.count("dialog") == 17);
}

TEST_CASE("growth: n records of one interaction cost n, not the square") {
  const Limits limits({.at_once = 50});
  for (const auto& make : {star, chain, routing}) {
    const auto cost = [&](std::size_t n) {
      Warehouse warehouse;
      const Ingest::Work work = work_of(warehouse, make(0, n), 40);
      CHECK(warehouse.count("raw_record") == static_cast<std::int64_t>(n));
      CHECK(warehouse.count("interaction") == 1);
      CHECK(warehouse.violations() == Lines{});
      return work;
    };
    const Ingest::Work once = cost(1000), twice = cost(2000);
    // Each record is mapped once, and again at most as often as one batch allows before the
    // interaction is found to be large.
    CHECK(once.mapped <= 1000 + 2 * group_limits.at_once);
    CHECK(twice.mapped <= 2000 + 2 * group_limits.at_once);
    CHECK(twice.read <= 2 * once.read + once.read / 5);
  }
}

TEST_CASE("growth: k late records of one interaction of n cost n + k") {
  const Limits limits({.at_once = 50});
  for (const auto& make : {star, chain, routing}) {
    Warehouse warehouse;
    work_of(warehouse, make(0, 1000), 40);
    const Ingest::Work work = work_of(warehouse, make(1000, 1200), 40);
    CHECK(work.mapped <= 1200 + 2 * group_limits.at_once);
    CHECK(work.read <= 3 * 1200);
    CHECK(warehouse.count("interaction") == 1);
    CHECK(warehouse.violations() == Lines{});
  }
}

TEST_CASE("growth: new versions of many records of one interaction cost no more than it has") {
  const Limits limits({.at_once = 50});
  Warehouse warehouse;
  work_of(warehouse, star(0, 1000), 40);
  Lines changed;
  for (std::size_t i = 500; i < 700; ++i) changed.push_back(dialog(number(i), {}, 1));
  const Ingest::Work work = work_of(warehouse, changed, 40);
  CHECK(work.mapped <= 2 * 1000);
  CHECK(work.read <= 4 * 1000);
  CHECK(warehouse.count("interaction") == 201);
  CHECK(warehouse.violations() == Lines{});
}

TEST_CASE("growth: checking, rebuilding and erasing n records cost n, not the square") {
  for (const bool are_linked : {false, true}) {
    CAPTURE(are_linked);
    const auto costs = [&](std::size_t n) {
      Warehouse warehouse;
      warehouse.import(joined(talks(n, are_linked)));
      CHECK(warehouse.count("dialog") == static_cast<std::int64_t>(n));
      CHECK(warehouse.count("agent_offer") == static_cast<std::int64_t>(n));
      std::vector<std::size_t> steps;
      steps.push_back(warehouse.steps([&] { CHECK(warehouse.violations() == Lines{}); }));
      steps.push_back(warehouse.steps([&] { CHECK(!warehouse.rebuild_changes()); }));
      const std::string whole = warehouse.rows("SELECT min(interaction_id) FROM interaction")[0];
      steps.push_back(warehouse.steps([&] {
        if (are_linked)
          erase_from(warehouse.handle(), "interaction", whole, {});
        else
          erase_from(warehouse.handle(), "before", "2024-06-01", {});
      }));
      CHECK(warehouse.count("raw_record") == 0);
      return steps;
    };
    const std::vector<std::size_t> once = costs(400), twice = costs(800);
    for (std::size_t i = 0; i < once.size(); ++i) {
      CAPTURE(i);
      CHECK(once[i] > 400);
      CHECK(twice[i] * 10 < once[i] * 22);
    }
  }
}

TEST_CASE("growth: n files that end inside a record cost n to look at once more") {
  const auto cost = [](std::size_t n) {
    Warehouse warehouse;
    const test::Folder folder;
    for (std::size_t i = 0; i < n; ++i)
      folder.write(number(i) + ".json", R"({"dialog_uuid":")" + number(i));
    const Source files = test::files(folder.path());
    warehouse.import(files);
    CHECK(warehouse.count("quarantine WHERE code = 'truncated'") == static_cast<std::int64_t>(n));
    return warehouse.steps([&] {
      CHECK(warehouse.import(files).find("\"known\":" + std::to_string(n)) != std::string::npos);
    });
  };
  CHECK(cost(400) * 10 < cost(200) * 22);
}

TEST_CASE("growth: a file that fails costs the same however many records are in quarantine") {
  const auto cost = [](std::size_t quarantined) {
    Warehouse warehouse;
    Lines lines;
    for (std::size_t i = 0; i < quarantined; ++i) lines.push_back(R"({"dialog_uuid": })");
    warehouse.import(joined(lines));
    const test::Folder folder;
    for (std::size_t i = 0; i < 50; ++i) folder.write(number(i) + ".json", "");
    const Source files = test::files(folder.path());
    warehouse.import(files);
    CHECK(warehouse.count("quarantine") == static_cast<std::int64_t>(quarantined));
    CHECK(warehouse.count("import_file WHERE status = 'failed'") == 50);
    return warehouse.steps([&] {
      warehouse.import(files);
      CHECK(warehouse.count("import_file WHERE status = 'failed'") == 50);
    });
  };
  CHECK(cost(2000) * 10 < cost(20) * 12);
}
