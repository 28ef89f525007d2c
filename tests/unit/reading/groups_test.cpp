// Facts depend only on the latest records, not on their order, repetition or distribution over
// files.
#include "reading/groups.hpp"
#include "seed.hpp"

#include <doctest/doctest.h>

#include <random>

#include "core/error.hpp"
#include "facts_dump.hpp"

using namespace cdr;

namespace {

// The records of the vendor's samples, one per line; only those whose meaning does not depend on
// their place.
std::vector<std::string> sample_records(const std::string& vendor) {
  std::vector<std::string> lines;
  const Source source = test::files(CDR_SAMPLES "/" + vendor);
  ReadingPolicy skip(SourceOptions::OnError::skip);
  Reader reader(source, skip);
  while (reader.next())
    if (reader.record().context.empty() && reader.record().member.empty())
      lines.emplace_back(reader.record().root.raw());
  return lines;
}

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

}  // namespace

TEST_CASE("order and repetition of the records change no fact" * doctest::test_suite("random")) {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const Vendor* vendor : vendors()) {
    CAPTURE(vendor->name);
    std::vector<std::string> records = sample_records(std::string(vendor->name));
    REQUIRE(records.size() > 10);
    const std::string facts = test::dump(test::content(join(records)));
    REQUIRE(facts.size() > 1000);
    for (int round = 0; round < 20; ++round) {
      std::vector<std::string> history = records;
      for (int i = 0; i < 10; ++i) history.push_back(records[random() % records.size()]);
      std::shuffle(history.begin(), history.end(), random);
      REQUIRE(test::dump(test::content(join(history))) == facts);
    }
  }
}

TEST_CASE("the newer of two records of one id counts, whichever comes first") {
  const std::string old_one =
      R"({"dialog_uuid":"d-1","hangup_time":"2018-09-01 10:00:00","talking_time":1000})";
  const std::string new_one =
      R"({"dialog_uuid":"d-1","hangup_time":"2018-09-01 10:00:09","talking_time":9000})";
  const std::string facts = test::dump(test::content(new_one));
  CHECK(test::dump(test::content(old_one + new_one)) == facts);
  CHECK(test::dump(test::content(new_one + old_one)) == facts);
  CHECK(test::dump(test::content(old_one)) != facts);
}

TEST_CASE("links are followed through dialogs that are absent, and in any direction") {
  const std::string first = R"({"dialog_uuid":"d-3","linked_dialogs":["d-absent"]})";
  const std::string second = R"({"dialog_uuid":"d-2","linked_dialogs":["d-absent"]})";
  const std::string third = R"({"dialog_uuid":"d-9","linked_dialogs":["d-3"]})";
  const std::string other = R"({"dialog_uuid":"d-1","linked_dialogs":[]})";
  std::vector<std::string> records{first, second, third, other};
  std::sort(records.begin(), records.end());
  do {
    const Source source = test::content(join(records));
    ReadingPolicy policy(SourceOptions::OnError::fail);
    GroupReader groups(source, policy, GroupReader::Scope::linked);
    std::vector<std::size_t> sizes;
    while (groups.next()) sizes.push_back(groups.records().size());
    std::sort(sizes.begin(), sizes.end());
    REQUIRE(sizes == std::vector<std::size_t>{1, 3});
  } while (std::next_permutation(records.begin(), records.end()));
}

TEST_CASE("a stale record's links do not hold a group together") {
  const std::string stale =
      R"({"dialog_uuid":"d-1","hangup_time":"2018-09-01 10:00:00","linked_dialogs":["d-2"]})";
  const std::string fresh =
      R"({"dialog_uuid":"d-1","hangup_time":"2018-09-01 10:00:09","linked_dialogs":[]})";
  const std::string other = R"({"dialog_uuid":"d-2","dialog_type":"SYSTEM"})";
  const Source source = test::content(stale + other + fresh);
  ReadingPolicy policy(SourceOptions::OnError::fail);
  GroupReader groups(source, policy, GroupReader::Scope::linked);
  std::size_t count = 0;
  while (groups.next()) {
    CHECK(groups.records().size() == 1);
    ++count;
  }
  CHECK(count == 2);
}

TEST_CASE("a table that uses one column gives the same values in it as one that uses all") {
  for (const Vendor* vendor : vendors()) {
    Source source = test::files(CDR_SAMPLES "/" + std::string(vendor->name));
    source.options.on_error = SourceOptions::OnError::skip;
    const auto shared = std::make_shared<const Source>(source);
    for (const JsonTable& table : json_tables()) {
      if (table.vendor != nullptr && table.vendor != vendor) continue;
      CAPTURE(table.table.name);
      const std::size_t width = table.table.columns.size();
      std::vector<std::vector<std::string>> all(width);
      const auto everything = table.open(shared, {});
      while (everything->next())
        for (std::size_t i = 0; i < width; ++i)
          all[i].push_back(test::text_of(everything->row()[i]));
      for (std::size_t column = 0; column < width; ++column) {
        CAPTURE(table.table.columns[column].name);
        RowQuery query;
        query.columns = ColumnSet::none();
        query.columns.add(column);
        std::vector<std::string> alone;
        const auto stream = table.open(shared, query);
        while (stream->next()) alone.push_back(test::text_of(stream->row()[column]));
        std::sort(alone.begin(), alone.end());
        std::sort(all[column].begin(), all[column].end());
        REQUIRE(alone == all[column]);
      }
    }
  }
}

TEST_CASE("of several problems the first is named, also when the ids are found without parsing") {
  // The second record lacks a bracket, which is noticed only at the array's end.
  const Source source = test::content(
      R"([{"dialog_uuid":"d-1","dialog_type":"SYSTEM"},{"dialog_uuid":"d-2","variables":{"a":1},{"dialog_uuid":"d-3","dialog_type":"SYSTEM"}])");
  for (const auto scope : {GroupReader::Scope::single, GroupReader::Scope::linked}) {
    ReadingPolicy policy(SourceOptions::OnError::fail);
    const auto read = [&, scope] { const GroupReader groups(source, policy, scope); };
    CHECK_THROWS_WITH_AS(read(), doctest::Contains("argument: record 2 at byte 87: not valid JSON"),
                         Error);
  }
}

TEST_CASE("strict: a value that does not convert ends the query, whichever columns it uses") {
  Source source = test::content(R"({"dialog_uuid":"d-1","serve_time":"2024-02-30 10:00:00"})");
  const auto rows = [&](std::string_view name) {
    for (const JsonTable& table : json_tables()) {
      if (table.table.name == name)
        return test::rows_of(table, source, {ColumnSet::none(), {}, {}, {}}).size();
    }
    return std::size_t{999};
  };
  CHECK(rows("cdr_dialog") == 1);
  CHECK(rows("interactions") == 1);
  CHECK(rows("alibaba_call") == 0);
  source.options.on_error = SourceOptions::OnError::strict;
  for (const char* table : {"cdr_dialog", "interactions", "agent_events", "alibaba_call"})
    CHECK_THROWS_WITH_AS(rows(table), doctest::Contains("record 1 at byte 0, $.serve_time"), Error);
}

TEST_CASE(
    "groups: reading once gives what a census gives, in the same order, or says that it fails" *
    doctest::test_suite("random")) {
  const auto seed = test::seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const JsonTable& interactions =
      *std::find_if(json_tables().begin(), json_tables().end(),
                    [](const JsonTable& each) { return each.model == Model::interactions; });
  const auto names = [](const GroupReader& groups) {
    std::string text;
    for (const Record& record : groups.records())
      text += std::string(record.root["dialog_uuid"].string()) + ' ' +
              std::string(record.root["note"].raw()) + ' ' + std::to_string(record.number) + ';';
    return text;
  };
  unsigned sufficed = 0, with_rest = 0;
  for (int round = 0; round < 2000; ++round) {
    // Groups of dialogs that mostly name each other; some come late, twice or never.
    std::vector<std::string> records;
    const unsigned groups = 1 + random() % 8;
    const bool is_faulty = random() % 3 == 0;
    for (unsigned group = 0; group < groups; ++group) {
      const unsigned size = 1 + random() % 4;
      for (unsigned side = 0; side < size; ++side) {
        std::string linked;
        for (unsigned other = 0; other < size; ++other)
          if (other != side && random() % 8 != 0)
            linked += "\"" + std::to_string(group) + "-" + std::to_string(other) + "\",";
        if (random() % 10 == 0) linked += "\"absent-" + std::to_string(random() % 3) + "\",";
        if (!linked.empty()) linked.pop_back();
        std::string record = R"({"dialog_uuid":")" + std::to_string(group) + "-" +
                             std::to_string(side) + R"(","dialog_type":"CONSULTANT","note":"\t)" +
                             std::to_string(random() % 10) + R"(","linked_dialogs":[)" + linked +
                             "]}";
        if (is_faulty && random() % 20 == 0) records.push_back(record);
        records.push_back(std::move(record));
      }
    }
    if (random() % 2) std::shuffle(records.begin(), records.end(), random);
    const Source source = test::content(join(records));
    CAPTURE(source.content);
    ReadingPolicy skip(SourceOptions::OnError::skip);
    std::vector<std::string> expected;
    GroupReader census(source, skip, GroupReader::Scope::linked);
    while (census.next()) expected.push_back(names(census));

    std::vector<std::pair<std::uint64_t, std::string>> found;
    GroupReader once(source, skip, GroupReader::Scope::linked, GroupReader::Once{1 << 20});
    while (once.next()) found.emplace_back(once.place(), names(once));
    if (!once.has_failed()) {
      ++sufficed;
      if (!std::is_sorted(found.begin(), found.end())) ++with_rest;
      std::sort(found.begin(), found.end());
      std::vector<std::string> sorted;
      for (const auto& each : found) sorted.push_back(each.second);
      REQUIRE(sorted == expected);
    }

    // The table keeps rows and returns them in that order.
    std::vector<std::string> ids;
    const auto rows = interactions.open(std::make_shared<const Source>(source), RowQuery());
    while (rows->next()) ids.emplace_back(rows->row()[2].as_text());
    REQUIRE(ids.size() == expected.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
      REQUIRE(expected[i].find(ids[i] + ' ') != std::string::npos);
  }
  // Both cases occurred often enough.
  CHECK(sufficed > 500);
  CHECK(sufficed < 1900);
  CHECK(with_rest > 100);
}

TEST_CASE("groups: reading once keeps no more than it may") {
  std::vector<std::string> records;
  for (int i = 0; i < 1000; ++i)
    records.push_back(R"({"dialog_uuid":"d-)" + std::to_string(i) +
                      R"(","linked_dialogs":["absent-)" + std::to_string(i) + "\"]}");
  const Source source = test::content(join(records));
  ReadingPolicy skip(SourceOptions::OnError::skip);
  GroupReader little(source, skip, GroupReader::Scope::linked, GroupReader::Once{100'000});
  CHECK(!little.next());
  CHECK(little.has_failed());
  GroupReader enough(source, skip, GroupReader::Scope::linked, GroupReader::Once{10'000'000});
  CHECK(enough.next());
  CHECK(!enough.has_failed());
}
