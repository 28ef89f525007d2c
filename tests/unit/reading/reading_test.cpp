// Reading once, with guessed ends of records, gives the same as the slower ways.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "core/error.hpp"
#include "facts_dump.hpp"
#include "reading/id_set.hpp"
#include "reading/packed_rows.hpp"
#include "reading/reader.hpp"
#include "seed.hpp"

using namespace cdr;

namespace {

struct Problems : ProblemSink {
  void report(const Problem& problem) override { all.push_back(problem.text()); }
  std::vector<std::string> all;
};

// Records and problems, as text.
std::vector<std::string> read(const Source& source, RecordEnds ends) {
  Problems problems;
  Reader reader(source, problems, ends);
  std::vector<std::string> read;
  while (reader.next())
    read.push_back(std::to_string(reader.raw().number) + ' ' + std::to_string(reader.raw().offset) +
                   ' ' + std::string(reader.raw().bytes));
  read.insert(read.end(), problems.all.begin(), problems.all.end());
  return read;
}

const JsonTable& dialogs() {
  for (const JsonTable& table : json_tables())
    if (table.model == Model::dialogs) return table;
  throw std::logic_error("no table of dialogs");
}

// The texts of these columns, one line per row.
std::vector<std::string> rows(const std::string& json, const std::vector<const char*>& shown,
                              const ColumnSet& used, SourceOptions::OnError on_error) {
  Source source = test::content(json);
  source.options.on_error = on_error;
  RowQuery query;
  query.columns = used;
  std::vector<std::string> texts;
  try {
    const auto stream =
        dialogs().open(std::make_shared<const Source>(std::move(source)), std::move(query));
    while (stream->next()) {
      std::string& text = texts.emplace_back();
      for (const char* column : shown)
        text +=
            test::text_of(stream->row()[static_cast<std::size_t>(dialogs().table.find(column))]) +
            '|';
    }
  } catch (const Error& error) {
    texts.emplace_back(error.what());
  }
  return texts;
}

std::string dialog(unsigned id, unsigned talking) {
  return R"({"dialog_uuid":"d-)" + std::to_string(id) + R"(","dialog_type":"EXTERNAL",)" +
         R"("project":{"id":1,"name":"A}{B"},"talking_time":)" + std::to_string(talking) + "}";
}

// The records as they are read and kept, and the problems, one in a line.
std::string read_as(const std::string& json) {
  const Source source = test::content(json);
  Problems problems;
  Reader reader(source, problems);
  std::string texts;
  while (reader.next()) (texts += reader.raw().bytes) += '\n';
  for (const std::string& problem : problems.all) texts += problem + '\n';
  return texts;
}

}  // namespace

TEST_CASE("a guessed end of a record is taken back where it is wrong" *
          doctest::test_suite("random")) {
  const unsigned seed = test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  const std::string spread = "{\"dialog_uuid\":\"d-1\",\n\"project\":{\"id\":1}\n,\"a\":[{}\n]}\n";
  static constexpr std::string_view damage = "{}[]\",:\\\n \r x1";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (unsigned i = 1 + random() % 12; i-- > 0;) {
      if (random() % 4 == 0) text += spread;
      text += dialog(i, i);
      static constexpr const char* ends[] = {"\n", "\n", "\n", "\r\n", " ", "", " \n\n", ",\n"};
      text += ends[random() % std::size(ends)];
    }
    for (unsigned i = random() % 4; i-- > 0;) {
      const std::size_t at = random() % text.size();
      if (random() % 2)
        text[at] = damage[random() % damage.size()];
      else
        text.erase(at, 1 + random() % 3);
      if (text.empty()) text = "{";
    }
    CAPTURE(text);
    const Source source = test::content(text);
    REQUIRE(read(source, RecordEnds::guessed) == read(source, RecordEnds::exact));
  }
}

TEST_CASE("one reading gives the rows of the census, errors included" *
          doctest::test_suite("random")) {
  const unsigned seed = test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  ColumnSet few;
  const std::vector<const char*> shown{"vendor", "dialog_id", "talking_time", "extra"};
  for (const char* column : shown) few.add(static_cast<std::size_t>(dialogs().table.find(column)));
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    const unsigned count = 1 + random() % 12;
    // Ids from a large range do not collide; ids from a small one do.
    const unsigned ids = random() % 2 ? 10 : 100000;
    for (unsigned i = 0; i < count; ++i) {
      text += dialog(random() % ids, random() % 100);
      const unsigned oddity = random() % 40;
      if (oddity == 0) text += "}";
      if (oddity == 1) text += R"({"dialog_uuid":null,"dialog_type":"BOT"})";
      if (oddity == 2) text += R"({"dialog_uuid":"x","talking_time":"long"})";
      if (oddity == 3) text += R"({"who":"knows"})";
      text += '\n';
    }
    CAPTURE(text);
    for (const auto on_error : {SourceOptions::OnError::fail, SourceOptions::OnError::skip,
                                SourceOptions::OnError::strict})
      REQUIRE(rows(text, shown, few, on_error) == rows(text, shown, ColumnSet::all(), on_error));
  }
}

TEST_CASE("rows that are too large to keep come all the same, in their order") {
  const std::string note(128 * 1024, 'n');
  std::string text;
  for (unsigned i = 0; i < 400; ++i)
    text += R"({"dialog_uuid":"d-)" + std::to_string(i) + R"(","note":")" + note + "\"}\n";
  ColumnSet used;
  for (const char* column : {"dialog_id", "note"})
    used.add(static_cast<std::size_t>(dialogs().table.find(column)));
  const auto ids = rows(text, {"dialog_id"}, used, SourceOptions::OnError::fail);
  REQUIRE(ids.size() == 400);
  for (unsigned i = 0; i < 400; ++i) REQUIRE(ids[i] == "'d-" + std::to_string(i) + "'|");
}

TEST_CASE("packed rows are read as they were") {
  static constexpr Column columns[] = {
      {"a", "TEXT", ""}, {"b", "INTEGER", ""}, {"c", "DOUBLE", ""}, {"d", "TEXT", ""}};
  const Table table{"t", "t", "", columns};
  ColumnSet used;
  for (const std::size_t column : {0, 1, 3}) used.add(column);
  PackedRows packed(table, used);
  const std::string large(100'000, 'x');
  const Value given[][4] = {
      {Value::text("one"), Value::integer(-1), Value::real(1), Value()},
      {Value(), Value::real(0.5), Value::real(2), Value::text("")},
      {Value::text(large), Value(), Value(), Value::text("end")},
  };
  for (const auto& row : given) packed.add(row);
  CHECK(packed.size() == 3);
  CHECK(packed.bytes() > large.size());
  std::vector<Value> row(4);
  for (std::size_t i = 0; i < 3; ++i) {
    packed.read_next(row);
    for (const std::size_t column : {0, 1, 3})
      CHECK(test::text_of(row[column]) == test::text_of(given[i][column]));
    CHECK(row[2].is_null());
  }
  packed.clear();
  CHECK(packed.size() == 0);
  CHECK(packed.bytes() == 0);
}

TEST_CASE("an id that comes twice is noticed wherever it stands") {
  for (unsigned size = 1; size < 300; size += 7)
    for (unsigned twice = 0; twice < size; twice += 5) {
      IdSet ids;
      for (unsigned i = 0; i < size; ++i) ids.add(std::uint64_t{i} << 40);
      ids.finish();
      REQUIRE(!ids.any_twice());
      ids.add(std::uint64_t{twice} << 40);
      ids.finish();
      REQUIRE(ids.any_twice());
    }
}

TEST_CASE("an object, a list or a boolean is no id") {
  struct Case {
    const char* before;
    const char* after;
  };
  const Case cases[] = {
      {R"({"dialog_uuid":)", R"(,"dialog_type":"CONSULTANT"})"},
      {R"({"ContactId":)", R"(,"StartTime":1532458000000,"AgentEvents":[]})"},
      {R"({"ContactId":)", R"(,"StartTime":1532458000000,"IvrTime":3})"},
      {R"({"id":)", R"(,"companyId":1,"channel":"Phone","created":"2024-05-02T16:00:00+02:00"})"},
      {R"({"sessionId":)", R"(,"routingHistory":[]})"},
      {R"({"userId":)", R"(,"stateKind":"AWAY","changed":"2024-05-02T16:00:00+02:00"})"},
      {R"({"sequence":1,"disposition":"BUSY","calldate":"2021-05-06 00:00:00","uniqueid":)",
       R"(,"billsec":1})"},
  };
  const auto codes = [](const Case& each, std::string_view id) {
    std::string text;
    for (const Problem& problem :
         problems_of(test::content(each.before + std::string(id) + each.after)))
      (text += problem_kind(problem.code).name) += ' ';
    return text;
  };
  for (const Case& each : cases) {
    CAPTURE(each.before);
    CHECK(codes(each, R"("1.0")") == "");
    CHECK(codes(each, "17") == "");
    for (const char* id : {"{}", "[]", R"({"id":"1"})", R"(["1"])", "true"}) {
      CAPTURE(id);
      CHECK(codes(each, id).ends_with("missing_key "));  // an object or a list is no text either
    }
  }
  // Two dialogs do not belong together because neither says what it is linked to.
  const std::string linked = R"("dialog_type":"CONSULTANT","linked_dialogs":[{},[1],true,null]})";
  const auto found = rows(R"({"dialog_uuid":"1",)" + linked + R"({"dialog_uuid":"2",)" + linked,
                          {"interaction_id"}, ColumnSet::all(), SourceOptions::OnError::fail);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "'1'|");
  CHECK(found[1] == "'2'|");
}

TEST_CASE("conditions leave out the rows that fail them, and change no other" *
          doctest::test_suite("random")) {
  const unsigned seed = test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  auto source = std::make_shared<Source>(test::files(CDR_SAMPLES));
  source->options.on_error = SourceOptions::OnError::skip;
  using Op = Condition::Op;
  const auto texts = [](RowStream& stream, const Condition* condition) {
    std::vector<std::string> found;
    while (stream.next()) {
      if (condition != nullptr && !condition->may_hold(stream.row()[condition->column])) continue;
      std::string& text = found.emplace_back();
      for (const Value& value : stream.row()) text += test::text_of(value) + '|';
    }
    return found;
  };
  std::size_t left = 0, left_out = 0;
  for (const JsonTable& table : json_tables()) {
    CAPTURE(table.table.name);
    // Values that occur.
    std::vector<Condition> conditions;
    const auto all = table.open(source, RowQuery());
    std::size_t count = 0;
    for (; all->next(); ++count) {
      if (random() % 8 != 0 || conditions.size() >= 4) continue;
      Condition condition;
      condition.column = random() % table.table.columns.size();
      static constexpr Op ops[] = {Op::eq, Op::eq, Op::lt, Op::le, Op::gt, Op::ge};
      condition.op = ops[random() % std::size(ops)];
      const Value& value = all->row()[condition.column];
      if (value.type() == Value::Type::text)
        condition.operand = std::string(value.as_text());
      else if (value.type() == Value::Type::integer)
        condition.operand = value.as_integer();
      else
        continue;
      conditions.push_back(std::move(condition));
    }
    for (const Condition& condition : conditions) {
      CAPTURE(condition.column);
      const auto expected = texts(*table.open(source, RowQuery()), &condition);
      RowQuery query;
      query.conditions.push_back(condition);
      REQUIRE(texts(*table.open(source, std::move(query)), nullptr) == expected);
      left += expected.size();
      left_out += count - expected.size();
    }
  }
  CHECK(left > 100);
  CHECK(left_out > 100);
}

TEST_CASE("a record in another spelling is read in its vendor's, also where a vendor claims it") {
  // One-word keys suffice for the claim.
  CHECK(read_as(R"([{"id":5,"company_id":7,"channel":"Phone","created":null,"guest_joined":null,)"
                R"("operators":[{"user_id":2,"first_name":"A"}]}])") ==
        R"({"id":5,"companyId":7,"channel":"Phone","created":null,"guestJoined":null,)"
        R"("operators":[{"userId":2,"firstName":"A"}]})"
        "\n");
  CHECK(read_as(R"([{"id":5,"channel":"Phone","created":null,"operators":[{"user_id":2}]}])") ==
        R"({"id":5,"channel":"Phone","created":null,"operators":[{"userId":2}]})"
        "\n");
  // A key that excludes a record at its root is a field inside.
  CHECK(read_as(R"({"ID":5,"COMPANYID":7,"CHANNEL":"Phone","GUEST":{"CALLPARAMS":{"User_Id":5,)"
                R"("NAME":"x"}},"OPERATORS":[{"USERID":2,"USERNAME":"u2"}]})") ==
        R"({"id":5,"companyId":7,"channel":"Phone","guest":{"callParams":{"User_Id":5,)"
        R"("NAME":"x"}},"operators":[{"userId":2,"userName":"u2"}]})"
        "\n");
  CHECK(read_as(R"({"dialogUuid":"d","dialogType":"BOT","audioVideoRecording":[)"
                R"({"recordingId":"r","startTime":null}]})") ==
        R"({"dialog_uuid":"d","dialog_type":"BOT","audio_video_recording":[)"
        R"({"recording_id":"r","start_time":null}]})"
        "\n");
  CHECK(read_as(R"({"contact_id":"c","agents":{"item":[{"agent_id":"a","work_time":1}]},)"
                R"("contact_type":"INBOUND"})") ==
        R"({"ContactId":"c","Agents":{"item":[{"AgentId":"a","WorkTime":1}]},)"
        R"("ContactType":"INBOUND"})"
        "\n");
  CHECK(read_as(R"({"id":5,"channel":"Phone","created":null,"guest-joined":1,"operators":[)"
                R"({"User id":2,"first_name":"A"}]})") ==
        R"({"id":5,"channel":"Phone","created":null,"guestJoined":1,"operators":[)"
        R"({"userId":2,"firstName":"A"}]})"
        "\n");
  // Beside the vendor's spelling another one is another key, and what no vendor knows keeps its keys.
  for (const char* same :
       {R"({"id":5,"companyId":7,"company_id":8,"channel":"Phone","created":null})",
        R"({"dialog_uuid":"d","dialog_type":"BOT","own":{"Dialog_Type":"x","Url":1}})"})
    CHECK(read_as(same) == std::string(same) + "\n");
  // Records before and after keep theirs.
  CHECK(read_as(R"([{"id":5,"companyId":7,"channel":"Phone"},{"id":6,"company_id":7,"length":null,)"
                R"("channel":"Phone"},{"id":7,"companyId":7,"channel":"Phone"}])") ==
        R"({"id":5,"companyId":7,"channel":"Phone"})"
        "\n"
        R"({"id":6,"companyId":7,"length":null,"channel":"Phone"})"
        "\n"
        R"({"id":7,"companyId":7,"channel":"Phone"})"
        "\n");
}

TEST_CASE("keys inside a record may be in another spelling where those of its root are not") {
  struct Case {
    const char *written, *read;
  };
  for (
      const Case& each : {
          Case{
              R"({"ContactId":"c","AgentEvents":[{"AgentId":"a","eventSequence":[{"event":"x"}]}]})",
              R"({"ContactId":"c","AgentEvents":[{"AgentId":"a","EventSequence":[{"Event":"x"}]}]})"},
          Case{R"({"ContactId":"c","QueueEvents":{"item":[{"queueId":"a"}]}})",
               R"({"ContactId":"c","QueueEvents":{"item":[{"QueueId":"a"}]}})"},
          Case{R"({"dialog_uuid":"d","dialog_type":"BOT","tenant_user":{"displayName":"A"}})",
               R"({"dialog_uuid":"d","dialog_type":"BOT","tenant_user":{"display_name":"A"}})"},
          Case{R"({"dialog_uuid":"d","audio_video_recording":[{"url":"u"},{"recordingId":"r"}]})",
               R"({"dialog_uuid":"d","audio_video_recording":[{"url":"u"},{"recording_id":"r"}]})"},
          Case{R"({"id":5,"companyId":7,"channel":"Phone","operators":[{"user_id":2}]})",
               R"({"id":5,"companyId":7,"channel":"Phone","operators":[{"userId":2}]})"},
      })
    CHECK(read_as(each.written) == std::string(each.read) + "\n");
  // Objects with the customer's own keys, and those that no vendor has, keep theirs.
  for (const char* same :
       {R"({"dialog_uuid":"d","dialog_type":"BOT","variables":{"displayName":"x"}})",
        R"({"id":5,"companyId":7,"channel":"Phone","own":[{"user_id":2}]})"})
    CHECK(read_as(same) == std::string(same) + "\n");
}

TEST_CASE("one record in another spelling is found among many that are as declared" *
          doctest::description("also by a second thread, and where objects have several forms")) {
  std::string json, expected;
  for (int i = 0; i < 300; ++i) {
    const std::string id = std::to_string(i);
    const bool other = i % 50 == 30;
    const auto record = [&](const std::string& name) {
      return R"({"dialog_uuid":"d)" + id + R"(","dialog_type":"BOT","tenant_user":{"id":)" + id +
             (i % 3 == 0 ? R"(,"username":"u")" : "") + ",\"" + name + R"(":"A"}})" + "\n";
    };
    json += record(other ? "displayName" : "display_name");
    expected += record("display_name");
  }
  CHECK(read_as(json) == expected);
  Source source = test::content(json);
  source.options.threads = 2;
  Problems problems;
  Reader reader(source, problems, RecordEnds::guessed, 2);
  std::string texts;
  while (reader.next()) (texts += reader.raw().bytes) += '\n';
  CHECK(texts == expected);
}

TEST_CASE("a webhook may be in another spelling, as a whole or inside") {
  const char* const left =
      R"({"eventType":"SessionOperatorLeft","data":{"id":1,"channel":"Chat","userId":5}})"
      "\n";
  const char* const ended =
      R"({"eventType":"SessionEnded","data":{"id":1,"channel":"Chat","created":null}})"
      "\n";
  CHECK(read_as(
            R"({"eventType":"SessionOperatorLeft","data":{"Id":1,"Channel":"Chat","UserId":5}})") ==
        left);
  CHECK(
      read_as(
          R"([{"EventType":"SessionOperatorLeft","Data":{"Id":1,"Channel":"Chat","UserId":5}}])") ==
      left);
  CHECK(
      read_as(
          R"({"event_type":"SessionOperatorLeft","data":{"id":1,"channel":"Chat","user_id":5}})") ==
      left);
  CHECK(
      read_as(R"({"event_type":"SessionEnded","data":{"id":1,"channel":"Chat","created":null}})") ==
      ended);
  CHECK(
      read_as(R"({"data":{"id":1,"channel":"Chat","created":null},"event_type":"SessionEnded"})") ==
      R"({"data":{"id":1,"channel":"Chat","created":null},"eventType":"SessionEnded"})"
      "\n");
  // Another system's message with a record in it.
  CHECK(read_as(R"({"event_type":"x","data":{"dialog_uuid":"d","dialog_type":"BOT"}})") ==
        R"({"dialog_uuid":"d","dialog_type":"BOT"})"
        "\n");
  CHECK(read_as(R"({"event_type":"x","list":[{"dialog_uuid":"d","dialog_type":"BOT"}]})") ==
        R"({"dialog_uuid":"d","dialog_type":"BOT"})"
        "\n");
}

TEST_CASE("a key in two spellings counts once, whatever their order") {
  const auto read_pair = [](const std::string& first, const std::string& second) {
    const std::string one = read_as("{" + first + "," + second + R"(,"contactType":"INBOUND"})");
    const std::string other = read_as("{" + second + "," + first + R"(,"contactType":"INBOUND"})");
    CHECK(one == other);
    return one;
  };
  const std::string read = R"({"ContactId":"a","ContactType":"INBOUND"})"
                           "\n";
  CHECK(read_pair(R"("contactId":"a")", R"("contact_id":"a")") == read);
  CHECK(read_pair(R"("contactId":"a")", R"("contact_id":null)") == read);
  CHECK(read_pair(R"("contactId":"a")", R"("ContactId":"")") == read);
  CHECK(read_pair(R"("contactId":"a")", R"("contact_id":"b")").find("(duplicate_key)") !=
        std::string::npos);
  // So also where a vendor claims the record as it is, and inside.
  CHECK(read_as(R"({"dialog_uuid":"d","dialogUuid":"e","dialog_type":null,"dialogType":"BOT",)"
                R"("tenant_user":{"display_name":null,"displayName":"A"}})") ==
        R"({"dialog_uuid":"d","dialogUuid":"e","dialog_type":"BOT",)"
        R"("tenant_user":{"display_name":"A"}})"
        "\n");
  CHECK(read_as(R"({"dialog_uuid":"d","dialog_type":"BOT",)"
                R"("tenant_user":{"displayName":"A","DisplayName":"B"}})")
            .find("display_name occurs in two spellings") != std::string::npos);
}

TEST_CASE("answers in another spelling are entered like the vendor's own") {
  const std::string call = R"({"ContactId":"c","ContactType":"INBOUND"})"
                           "\n";
  CHECK(read_as(R"({"CALL_DETAIL_RECORDS":{"LIST":{"CALL_DETAIL_RECORD":[)"
                R"({"CONTACT_ID":"c","CONTACT_TYPE":"INBOUND"}]}}})") == call);
  CHECK(read_as(R"({"agent_state_log_page":{"list":{"agent_state_log":[)"
                R"({"state":"Ready","state_code":"x","start_time":1}]}}})") ==
        R"({"State":"Ready","StateCode":"x","StartTime":1})"
        "\n");
  CHECK(read_as(R"({"one":{"Campaign":"one","Availables":1},"two":{"Campaign":"two",)"
                R"("Availables":2}})") == R"({"campaign":"one","availables":1})"
                                          "\n"
                                          R"({"campaign":"two","availables":2})"
                                          "\n");
}

// So no two of them become one because hyphens and blanks are ignored.
TEST_CASE("no key of any vendor has a hyphen or a blank") {
  const auto check = [](std::string_view key) {
    CAPTURE(key);
    CHECK(key.find_first_of("- ") == key.npos);
  };
  for (const Vendor* vendor : vendors()) {
    for (const auto& keys : {vendor->envelope_keys, vendor->inner_keys, vendor->free_objects})
      for (const std::string_view key : keys) check(key);
    for (const Resource& resource : vendor->resources)
      for (const auto& keys :
           {resource.all_of, resource.any_of, resource.also_any_of, resource.none_of})
        for (const std::string_view key : keys) check(key);
    for (const auto& tables : {vendor->tables, vendor->unregistered_tables})
      for (const VendorTable& table : tables)
        for (const Field& field : table.fields) check(field.key);
  }
}
