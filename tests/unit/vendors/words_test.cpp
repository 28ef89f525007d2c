// Words of enumerations, ids and figures in other spellings do not change the facts. A word may
// have blanks around it and another case, an id may have blanks, a figure may be text, and a value
// that is not provided may be null, "" or absent.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/word.hpp"
#include "facts_dump.hpp"
#include "json/document/document.hpp"
#include "vendors/cause.hpp"
#include "vendors/mapping.hpp"
#include "vendors/vendor.hpp"

using namespace cdr;

namespace of_words {

namespace {

struct Sample {
  std::string_view file;
  std::vector<std::string_view> words;    // keys of enumerations
  std::vector<std::string_view> ids;      // keys of ids and names, which are case-sensitive
  std::vector<std::string_view> figures;  // keys of numbers
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{
      {"conpeek/day.ndjson",
       {"dialog_type", "business_direction", "hangup_cause", "end_cause", "machine_detected_type"},
       {},
       {"talking_time", "waiting_time", "first_queue_waiting_time"}},
      {"alibaba/day_get.ndjson",
       {"ContactType", "ContactDisposition", "ReleaseInitiator", "EarlyMediaState", "Event",
        "FlowType"},
       {"AgentId", "AgentName", "SkillGroupId", "QueueId", "QueueName"},
       {"StartTime", "EstablishedTime", "ReleaseTime", "EventTime", "Duration", "CallDuration"}},
      {"alibaba/list_call_detail_records.json",
       {"ContactType", "ContactDisposition", "ReleaseInitiator"},
       {},
       {"TalkTime", "QueueTime", "RingTime", "IvrTime", "WaitTime", "HeldTime"}},
      {"alibaba/oldest_list_call_detail_records.json",
       {"ContactType", "ContactDisposition"},
       {},
       {}},
      {"mluvii/Sessions.json",
       {"channel", "source", "status", "guestLeftSession", "outboundDialResult", "type",
        "terminationReason", "client"},
       {},
       {"userId"}},
      {"mluvii/routing-histories.ndjson", {"activityType"}, {"routingRequestId"}, {"userId"}},
      {"ucontact/day.json",
       {"direction", "disposition", "lastapp", "type"},
       {"campaign", "peeraccount", "carrier", "dstchannel"},
       {"duration", "billsec", "sequence", "rating"}},
  };
  return all;
}

std::string text_of_sample(std::string_view file) {
  std::ifstream in(std::string(CDR_SAMPLES "/") + std::string(file));
  REQUIRE(in.good());
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Replaces the value of every such member; `value` is the value as written, including quotes.
std::string with_values(const std::string& text, std::string_view key,
                        const std::function<std::string(std::string_view value)>& change,
                        std::size_t& changed) {
  const std::string quoted = '"' + std::string(key) + '"';
  std::string made;
  std::size_t done = 0;
  for (std::size_t at = text.find(quoted); at != std::string::npos; at = text.find(quoted, at)) {
    at += quoted.size();
    std::size_t from = text.find_first_not_of(" \t\n", at);
    if (from == std::string::npos || text[from] != ':') continue;
    from = text.find_first_not_of(" \t\n", from + 1);
    std::size_t to = from;
    if (text[from] == '"') {
      to = text.find('"', from + 1) + 1;  // none of these values has an escape
    } else {
      while (to < text.size() &&
             std::string_view(",}] \n").find(text[to]) == std::string_view::npos)
        ++to;
      if (text[from] == '{' || text[from] == '[') continue;
    }
    const std::string value = change(std::string_view(text).substr(from, to - from));
    made.append(text, done, from - done).append(value);
    if (value != text.substr(from, to - from)) ++changed;
    done = at = to;
  }
  return made.append(text, done);
}

// All facts without blanks and in lower case, because vendors' own columns keep the text as it
// came. `mapping`, which lists inconsistencies, is included.
std::vector<std::string> facts(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream all(test::dump(test::content(text)));
  for (std::string line; std::getline(all, line);) {
    for (const std::string_view blank :
         {std::string_view(" "), std::string_view("\t"), no_break_space, std::string_view("\\t"),
          std::string_view("\\u00a0")})
      for (std::size_t at = line.find(blank); at != std::string::npos; at = line.find(blank, at))
        line.erase(at, blank.size());
    std::transform(line.begin(), line.end(), line.begin(), lower);
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

void check_same(const std::vector<std::string>& expected, const std::vector<std::string>& found) {
  std::vector<std::string> lost, added;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(lost));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(added));
  CHECK_MESSAGE(lost.empty(), lost.size()
                                  << " lost, first: " << (lost.empty() ? "" : lost.front()));
  CHECK_MESSAGE(added.empty(), added.size()
                                   << " added, first: " << (added.empty() ? "" : added.front()));
}

struct Spelling {
  const char* name;
  bool of_ids;
  std::function<std::string(std::string_view)> change;
};
const std::vector<Spelling>& spellings() {
  static const auto inner = [](std::string_view quoted) {
    return std::string(quoted.substr(1, quoted.size() - 2));
  };
  static const auto changed = [](std::string_view value, const std::function<char(char)>& by) {
    std::string text(value);
    if (text.front() == '"') std::transform(text.begin(), text.end(), text.begin(), by);
    return text;
  };
  static const auto around = [](std::string_view before, std::string_view after) {
    return [=](std::string_view value) {
      if (value.front() != '"' || value.size() == 2) return std::string(value);
      return '"' + std::string(before) + inner(value) + std::string(after) + '"';
    };
  };
  static const std::vector<Spelling> all{
      {"a blank behind", true, around("", " ")},
      {"a tab behind", true, around("", "\\t")},
      {"no-break spaces around", true, around("\xC2\xA0", "\\u00a0")},
      {"blanks before", true, around("  ", "")},
      {"lower case", false, [](std::string_view value) { return changed(value, lower); }},
      {"upper case", false,
       [](std::string_view value) {
         return changed(value, [](char c) {
           return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
         });
       }},
  };
  return all;
}

}  // namespace

TEST_CASE("words: blanks and case change no fact of any vendor") {
  for (const Sample& sample : samples()) {
    const std::string text = text_of_sample(sample.file);
    const auto expected = facts(text);
    REQUIRE(!expected.empty());
    std::size_t changed = 0;
    for (const Spelling& spelling : spellings()) {
      for (const std::string_view key : sample.words) {
        CAPTURE(sample.file);
        CAPTURE(key);
        CAPTURE(spelling.name);
        check_same(expected, facts(with_values(text, key, spelling.change, changed)));
      }
      for (const std::string_view key : sample.ids) {
        if (!spelling.of_ids) continue;
        CAPTURE(sample.file);
        CAPTURE(key);
        CAPTURE(spelling.name);
        check_same(expected, facts(with_values(text, key, spelling.change, changed)));
      }
    }
    CHECK_MESSAGE(changed > 0, sample.file);
  }
}

TEST_CASE("words: a figure may be text, of any vendor") {
  const auto as_text = [](std::string_view value) {
    const bool is_number = value.front() == '-' || is_digit(value.front());
    return is_number ? '"' + std::string(value) + '"' : std::string(value);
  };
  for (const Sample& sample : samples()) {
    const std::string text = text_of_sample(sample.file);
    const auto expected = facts(text);
    for (const std::string_view key : sample.figures) {
      CAPTURE(sample.file);
      CAPTURE(key);
      std::size_t changed = 0;
      const auto found = facts(with_values(text, key, as_text, changed));
      // A vendor's own JSON in a column is unchanged.
      const auto unquoted = [](std::vector<std::string> lines) {
        for (std::string& line : lines) std::erase(line, '"');
        std::sort(lines.begin(), lines.end());
        return lines;
      };
      check_same(unquoted(expected), unquoted(found));
    }
  }
}

TEST_CASE("words: null and empty are the same, of any vendor") {
  for (const Sample& sample : samples()) {
    const std::string text = text_of_sample(sample.file);
    for (const std::string_view key : sample.words) {
      CAPTURE(sample.file);
      CAPTURE(key);
      std::size_t changed = 0;
      const auto none = facts(with_values(
          text, key, [](std::string_view) { return std::string("null"); }, changed));
      const auto empty = facts(with_values(
          text, key, [](std::string_view) { return std::string("\"\""); }, changed));
      // A vendor's own JSON in a column is unchanged.
      const auto alike = [](std::vector<std::string> lines) {
        for (std::string& line : lines)
          for (std::size_t at = line.find("\"\""); at != std::string::npos;
               at = line.find("\"\"", at))
            line.replace(at, 2, "null");
        std::sort(lines.begin(), lines.end());
        return lines;
      };
      check_same(alike(none), alike(empty));
      CHECK(changed > 0);
    }
  }
}

// Values that are JSON of another kind than the field.
std::vector<std::string> misshapen(Kind kind) {
  switch (kind) {
    case Kind::text:
    case Kind::context:
    case Kind::member:
    case Kind::resource:
      return {"[]", R"(["a"])", R"({"a":1})"};
    case Kind::list:
    case Kind::wrapped_list:
      return {R"("a")", R"({"a":1})"};
    case Kind::texts:
    case Kind::wrapped_texts:
      return {R"("a")", R"({"a":1})", R"([{"a":"b"}])", R"([["a"],[]])"};
    case Kind::elements:
    case Kind::json:
      return {R"("a")"};
    case Kind::object:
      return {R"("a")", R"([{"a":1}])"};
    default:
      return {};
  }
}

TEST_CASE("words: JSON of another kind than the field stays in extra, of any vendor") {
  struct Counted : ProblemSink {
    void report(const Problem& problem) override { codes.push_back(problem.code); }
    std::vector<ProblemCode> codes;
  };
  const Zone zone;
  for (const Vendor* vendor : vendors())
    for (const auto tables : {vendor->tables, vendor->unregistered_tables})
      for (const VendorTable& table : tables) {
        const FieldReader reader(table.fields);
        const auto check = [&](std::size_t at, const std::string& key, const std::string& value) {
          CAPTURE(table.name);
          CAPTURE(key);
          CAPTURE(value);
          std::string json = "{\"" + key + "\":" + value + "}";
          for (std::size_t dot; (dot = json.find('.')) != std::string::npos; json += '}')
            json.replace(dot, 1, "\":{\"");
          Document document;
          REQUIRE(!document.parse_copy(json));
          Counted sink;
          Record record;
          record.resource = &vendor->resources[0];
          record.root = document.root();
          record.zone = &zone;
          record.sink = &sink;
          std::vector<Value> cells(table.fields.size());
          Arena arena;
          const Value extra =
              reader.read(record, record.root, ColumnSet::all(), 0, true, cells, arena);
          CHECK(cells[at].is_null());
          REQUIRE(!extra.is_null());
          CHECK(extra.as_text() == "{\"" + key + "\":" + value + "}");
          CHECK_FALSE(sink.codes.empty());
          for (const ProblemCode code : sink.codes) CHECK(code == ProblemCode::bad_value);
        };
        for (std::size_t at = 0; at < table.fields.size(); ++at) {
          const Field& field = table.fields[at];
          const std::string key(field.key.substr(0, field.key.find('|')));
          if (key.empty() || key.starts_with('/')) continue;
          for (const std::string& value : misshapen(field.kind)) check(at, key, value);
          if (const std::size_t dot = key.find('.'); dot != key.npos)
            check(at, key.substr(0, dot), R"("a")");
        }
      }
}

TEST_CASE("words: the texts of a list are read beside what is none") {
  constexpr Field fields[] = {{"list", "list", Kind::texts, ""},
                              {"wrapped", "wrapped", Kind::wrapped_texts, ""}};
  struct Case {
    const char *json, *list, *wrapped, *extra;
    std::size_t problems;
  };
  const Case cases[] = {
      {R"({"list":["a",{"id":"b"},1.50,["c"],null,true],"wrapped":["a","b"]})",
       R"(["a",1.50,null,true])", R"(["a","b"])",
       R"({"list":["a",{"id":"b"},1.50,["c"],null,true]})", 1},
      {R"({"list":[],"wrapped":{"item":["a",{"b":1}]}})", "[]", R"(["a"])",
       R"({"wrapped":{"item":["a",{"b":1}]}})", 1},
      {R"({"list":{"item":["a"]},"wrapped":{"item":["a"]}})", "NULL", R"({"item":["a"]})",
       R"({"list":{"item":["a"]}})", 1},
      {R"({"list":[{}],"wrapped":[[]]})", "NULL", "NULL", R"({"list":[{}],"wrapped":[[]]})", 2},
      {R"({"list":["a"],"wrapped":null})", R"(["a"])", "NULL", "NULL", 0},
  };
  struct Counted : ProblemSink {
    void report(const Problem& problem) override {
      CHECK(problem.code == ProblemCode::bad_value);
      CHECK(problem.message.find("a JSON list of texts") != std::string::npos);
      ++count;
    }
    std::size_t count = 0;
  };
  const Zone zone;
  for (const Case& each : cases) {
    CAPTURE(each.json);
    Document document;
    REQUIRE(!document.parse_copy(each.json));
    Counted sink;
    Record record;
    record.resource = &vendors()[0]->resources[0];
    record.root = document.root();
    record.zone = &zone;
    record.sink = &sink;
    Value cells[2];
    Arena arena;
    const Value extra =
        FieldReader(fields).read(record, record.root, ColumnSet::all(), 0, true, cells, arena);
    const auto shown = [](const Value& value) {
      return value.is_null() ? "NULL" : std::string(value.as_text());
    };
    CHECK(shown(cells[0]) == each.list);
    CHECK(shown(cells[1]) == each.wrapped);
    CHECK(shown(extra) == each.extra);
    CHECK(sink.count == each.problems);
  }
}

TEST_CASE("words: what they are compared by") {
  CHECK(same_word("ANSWERED", "answered "));
  CHECK(same_word("\t\xC2\xA0Phone\xC2\xA0 ", "phone"));
  CHECK_FALSE(same_word("NO ANSWER", "NOANSWER"));
  CHECK_FALSE(same_word("", "x"));
  CHECK(trim_word(" \xC2\xA0 ") == "");
  CHECK(trim_word("\xC2 x \xA0") == "\xC2 x \xA0");  // half a no-break space is not a blank
  CHECK(word_starts_with(" guestLeft", "Guest"));
  CHECK_FALSE(word_starts_with("Gue", "Guest"));
}

TEST_CASE("causes: by code or name, one meaning for all vendors") {
  struct Expected {
    std::string_view cause;
    int code;  // 0: none
    std::string_view outcome;
  };
  for (const Expected& each : {Expected{"21", 21, "REJECTED"},
                               {" 21 ", 21, "REJECTED"},
                               {"CALL_REJECTED", 21, "REJECTED"},
                               {"user_busy\t", 17, "BUSY"},
                               {"16", 16, ""},
                               {"NORMAL_CLEARING", 16, ""},
                               {"1", 1, "UNREACHABLE"},
                               {"SUBSCRIBER_ABSENT", 20, "UNREACHABLE"},
                               {"27", 27, "UNREACHABLE"},
                               {"NO_ANSWER", 19, "NO_ANSWER"},
                               {"ORIGINATOR_CANCEL", 0, "NO_ANSWER"},
                               {"USER_NOT_REGISTERED", 0, "UNREACHABLE"},
                               {"38", 38, "FAILED"},
                               {"0", 0, ""},
                               {"128", 0, ""},
                               {"99999999999999999999", 0, ""},
                               {"LOSE_RACE", 0, ""},
                               {"", 0, ""}}) {
    CAPTURE(each.cause);
    CHECK(q850_of(each.cause).value_or(0) == each.code);
    CHECK(outcome_of_cause(each.cause) == each.outcome);
  }
  for (const int code : {486, 600}) CHECK(outcome_of_sip(code) == "BUSY");
  for (const int code : {404, 410, 484, 604}) CHECK(outcome_of_sip(code) == "UNREACHABLE");
  CHECK(outcome_of_sip(603) == "REJECTED");
  for (const int code : {200, 408, 480, 487, 0, -1}) CHECK(outcome_of_sip(code) == "");
}

TEST_CASE("milliseconds: no figure is too large to be asked for") {
  for (const double seconds : {1e16, -1e16, 1e300, 9.1e12}) CHECK(milliseconds(seconds).is_null());
  CHECK(milliseconds(std::nullopt).is_null());
  CHECK(milliseconds(1.2345).as_integer() == 1235);
  CHECK(milliseconds(9e12).as_integer() == 9'000'000'000'000'000);
}

TEST_CASE("words: a list or an object is no word, and no text") {
  Document document;
  REQUIRE(!document.parse_copy(R"({"list":[],"one":["a"],"object":{"a":1},"truth":true})"));
  for (const char* key : {"list", "one", "object"}) {
    CHECK(text_of(document.root()[key]).empty());
    CHECK(word_of(document.root()[key]).empty());
    CHECK(content_of(document.root()[key]) == document.root()[key].raw());
  }
  CHECK(word_of(document.root()["truth"]) == "true");
}

}  // namespace of_words
