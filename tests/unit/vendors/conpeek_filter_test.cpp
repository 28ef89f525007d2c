// The filter of cdr_dialog: every property and operator, both spellings of the argument, and
// refused filters.
#include "vendors/conpeek/filter.hpp"

#include <doctest/doctest.h>

#include <set>

#include "conpeek_samples.hpp"
#include "core/error.hpp"

using namespace cdr;
using namespace cdr::test;

namespace of_conpeek_filter {

namespace {

std::size_t column(std::string_view name) {
  const int at = table_of(Model::dialogs).find(name);
  REQUIRE(at >= 0);
  return static_cast<std::size_t>(at);
}

// Whether a dialog with just these fields passes.
bool passes(const std::string& fields, std::string_view filter) {
  const Mapped mapped({R"({"dialog_uuid":"d")" + (fields.empty() ? "" : "," + fields) + "}"});
  return DialogFilter(filter).matches(mapped.facts.rows(Model::dialogs)[0]);
}

std::string error_of(std::string_view filter) {
  try {
    DialogFilter compiled(filter);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::mismatch);
    return error.what();
  }
  return "no error";
}

// Turns 'gt' and 60000 into the filter with that condition alone.
std::string one(std::string_view property, std::string_view operation, std::string_view value) {
  return R"([{"property":")" + std::string(property) + R"(","operator":")" +
         std::string(operation) + R"(","value":)" + std::string(value) + "}]";
}
std::string one(std::string_view property, std::string_view value) {
  return R"([{"property":")" + std::string(property) + R"(","value":)" + std::string(value) + "}]";
}

// The number of dialogs of the sample day that pass.
std::size_t count(std::string_view filter) {
  const DialogFilter compiled(filter);
  std::size_t found = 0;
  for (const std::string& line : lines_of("day.ndjson")) {
    const Mapped mapped({line}, Wanted::only(Model::dialogs, compiled.columns()));
    if (compiled.matches(mapped.facts.rows(Model::dialogs)[0])) ++found;
  }
  return found;
}

// The same number, from a search for the texts in the lines.
std::size_t count_lines(const std::set<std::string>& any_of) {
  std::size_t found = 0;
  for (const std::string& line : lines_of("day.ndjson"))
    for (const std::string& text : any_of)
      if (line.find(text) != std::string::npos) {
        ++found;
        break;
      }
  return found;
}

}  // namespace

TEST_CASE("conpeek filter: nothing given filters nothing") {
  for (const std::string filter : {"", "  ", "[]", " [ ] ", "%5B%5D"}) {
    CAPTURE(filter);
    CHECK(passes("", filter));
    CHECK(count(filter) == lines_of("day.ndjson").size());
  }
}

TEST_CASE("conpeek filter: talking_time, with each operator and without") {
  const auto at = [](int ms, std::string_view operation) {
    return passes("\"talking_time\":" + std::to_string(ms),
                  one("talking_time", operation, "60000"));
  };
  struct {
    std::string operation;
    bool below, equal, above;
  } expected[] = {{"gt", false, false, true},
                  {"gte", false, true, true},
                  {"lt", true, false, false},
                  {"lte", true, true, false},
                  {"eq", false, true, false}};
  for (const auto& each : expected) {
    const auto& operation = each.operation;
    CAPTURE(operation);
    CHECK(at(59999, operation) == each.below);
    CHECK(at(60000, operation) == each.equal);
    CHECK(at(60001, operation) == each.above);
    CHECK_FALSE(passes("", one("talking_time", operation, "60000")));  // not provided
  }
  CHECK(passes("\"talking_time\":60000", one("talking_time", "60000")));
  CHECK_FALSE(passes("\"talking_time\":60001", one("talking_time", "60000")));
  CHECK(passes("\"talking_time\":\"60000\"", one("talking_time", "\"60000\"")));
  CHECK(passes("\"talking_time\":-5", one("talking_time", "lt", "0")));
  CHECK(passes("\"talking_time\":60000",
               R"([{"property":"talking_time","operator":null,"value":60000}])"));
}

TEST_CASE("conpeek filter: times, with each operator and without") {
  for (const std::string property : {"start_time", "hangup_time"}) {
    CAPTURE(property);
    const auto at = [&](const std::string& time, std::string_view operation) {
      return passes(joined({"\"", property, "\":\"", time, "\""}),
                    one(property, operation, "\"2024-03-12 08:00:00\""));
    };
    struct {
      std::string operation;
      bool below, equal, above;
    } expected[] = {{"gt", false, false, true},
                    {"gte", false, true, true},
                    {"lt", true, false, false},
                    {"lte", true, true, false}};
    for (const auto& each : expected) {
      const auto& operation = each.operation;
      CAPTURE(operation);
      CHECK(at("2024-03-12 07:59:59", operation) == each.below);
      CHECK(at("2024-03-12 08:00:00", operation) == each.equal);
      CHECK(at("2024-03-12 08:00:01", operation) == each.above);
      CHECK(at("2024-03-12T10:00:00+02:00", operation) == each.equal);  // the same instant
      CHECK_FALSE(passes("", one(property, operation, "\"2024-03-12 08:00:00\"")));
    }
    CHECK(passes('"' + property + R"(":"2024-03-12 08:00:00")",
                 one(property, "\"2024-03-12T09:00:00+01:00\"")));
    // Digits that the canonical text cuts off still count in comparisons.
    CHECK_FALSE(at("2024-03-12 08:00:00", "gt"));
    CHECK_FALSE(passes('"' + property + R"(":"2024-03-12 08:00:00")",
                       one(property, "gte", "\"2024-03-12 08:00:00.000500\"")));
    CHECK(passes('"' + property + R"(":"2024-03-12 08:00:00")",
                 one(property, "lt", "\"2024-03-12 08:00:00.000500\"")));
  }
}

TEST_CASE("conpeek filter: lists compare as text, whatever the values' type") {
  struct {
    std::string property;
    std::string fields;  // of a dialog with the value 17
  } scalars[] = {
      {"number_list", R"("from_display_target":"17")"},
      {"number_list", R"("to_display_target":17)"},
      {"project_id_list", R"("project_id_list":[4,17])"},
      {"project_id_list", R"("project_id_list":["17"])"},
      {"project_id_list", R"("project_id_list":[2],"project":{"id":17})"},
      {"tenant_user_id_list", R"("tenant_user":{"id":17})"},
      {"tenant_user_id_list", R"("tenant_user":{"id":"17"})"},
      {"custom_tag_id_list", R"("custom_tag_id_list":[17,5])"},
      {"operator_call_id_list", R"("operator_call_id":"17")"},
      {"dialog_type_list", R"("dialog_type":"17")"},
      {"call_request_agent_id_list", R"("call_request_data":{"virtual_agent_id":"17"})"},
  };
  for (const auto& each : scalars) {
    const std::string& property = each.property;
    const std::string& fields = each.fields;
    CAPTURE(property);
    CAPTURE(fields);
    for (const std::string value : {"[17]", R"(["17"])", "17", R"("17")", R"([1,"x",17])"})
      CHECK(passes(fields, one(property, value)));
    for (const std::string value : {"[]", "[1]", "[170]", R"(["1","7"])", R"([" 17"])", "-17"})
      CHECK_FALSE(passes(fields, one(property, value)));
    CHECK_FALSE(passes("", one(property, "[17]")));  // not provided
  }
}

TEST_CASE("conpeek filter: what a property does not read") {
  CHECK_FALSE(passes(R"("project_id_list":"17")", one("project_id_list", "[17]")));  // not a list
  CHECK_FALSE(passes(R"("anonymous":{"display_name":"17"})", one("number_list", "[17]")));
  CHECK_FALSE(passes(R"("call_request_data":{"project_id":17})", one("project_id_list", "[17]")));
  CHECK_FALSE(passes(R"("virtual_agent":{"id":17})", one("call_request_agent_id_list", "[17]")));
  CHECK_FALSE(
      passes(R"("from_display_target":"4850000****")", one("number_list", R"("48500002020")")));
  CHECK(passes(R"("from_display_target":"4850000****")", one("number_list", R"("4850000****")")));
  CHECK_FALSE(passes(R"("from_display_target":"[17]")", one("number_list", "[17]")));
}

TEST_CASE("conpeek filter: elements of a list with escapes, commas and brackets in them") {
  const std::string row = R"("custom_tag_id_list":["a,b","c]d","e\"f","g\\","h\u00e9", 7 ])";
  for (const std::string value :
       {R"("a,b")", R"("c]d")", R"("e\"f")", R"("g\\")", "\"h\u00e9\"", "7"}) {
    CAPTURE(value);
    CHECK(passes(row, one("custom_tag_id_list", value)));
  }
  for (const std::string value : {R"("a")", R"("b")", R"("c")", R"("f")", R"("g")", R"("")"}) {
    CAPTURE(value);
    CHECK_FALSE(passes(row, one("custom_tag_id_list", value)));
  }
}

TEST_CASE("conpeek filter: enums in any case of letters") {
  CHECK(passes(R"("business_direction":"INBOUND")", one("business_direction", "\"inbound\"")));
  CHECK(passes(R"("business_direction":"Inbound")", one("business_direction", "\"INBOUND\"")));
  CHECK_FALSE(
      passes(R"("business_direction":"OUTBOUND")", one("business_direction", "\"INBOUND\"")));
  CHECK_FALSE(passes("", one("business_direction", "\"INBOUND\"")));
  CHECK(passes(R"("dialog_type":"bot")", one("dialog_type_list", R"(["EXTERNAL","BOT"])")));
  CHECK(passes(R"("dialog_type":"HOLOGRAM")", one("dialog_type_list", R"(["HOLOGRAM"])")));
}

TEST_CASE("conpeek filter: all conditions hold, two of one property make a range") {
  const std::string range = R"([{"property":"talking_time","operator":"gte","value":10},)"
                            R"({"property":"talking_time","operator":"lt","value":20}])";
  CHECK_FALSE(passes("\"talking_time\":9", range));
  CHECK(passes("\"talking_time\":10", range));
  CHECK(passes("\"talking_time\":19", range));
  CHECK_FALSE(passes("\"talking_time\":20", range));
  const std::string both = R"([{"property":"business_direction","value":"INBOUND"},)"
                           R"({"value":["BOT"],"property":"dialog_type_list"}])";
  CHECK(passes(R"("business_direction":"INBOUND","dialog_type":"BOT")", both));
  CHECK_FALSE(passes(R"("business_direction":"INBOUND","dialog_type":"EXTERNAL")", both));
  CHECK_FALSE(passes(R"("business_direction":"OUTBOUND","dialog_type":"BOT")", both));
}

TEST_CASE("conpeek filter: percent-encoded, as encodeURI does it and in full") {
  for (const std::string filter :
       {R"([{"property":"talking_time","operator":"gt","value":50000}])",
        "%5B%7B%22property%22:%22talking_time%22,%22operator%22:%22gt%22,%22value%22:50000%7D%5D",
        "%5B%7B%22property%22%3A%22talking_time%22%2C%22operator%22%3A%22gt%22%2C%22value%22%"
        "3A50000%7D%5D",
        "%5b%7b%22property%22%3a%22talking_time%22%2c%22operator%22%3a%22gt%22%2c%22value%22%"
        "3a50000%7d%5d",
        "[{%22property%22:%22talking_time%22,%22operator%22:%22gt%22,%22value%22:50000}]"}) {
    CAPTURE(filter);
    CHECK(passes("\"talking_time\":50001", filter));
    CHECK_FALSE(passes("\"talking_time\":50000", filter));
  }
  // The space in a time, a plus that is part of a number, and letters beyond ASCII.
  CHECK(passes(
      R"("start_time":"2024-03-12 08:00:00")",
      "%5B%7B%22property%22:%22start_time%22,%22value%22:%222024-03-12%2008:00:00%22%7D%5D"));
  CHECK(passes(R"("from_display_target":"+48500002001")",
               "%5B%7B%22property%22:%22number_list%22,%22value%22:%22+48500002001%22%7D%5D"));
  CHECK(passes("\"operator_call_id\":\"ż\"",
               "%5B%7B%22property%22:%22operator_call_id_list%22,%22value%22:%22%C5%BC%22%7D%5D"));
  // Plain JSON is not percent-decoded.
  CHECK(passes(R"("operator_call_id":"100%20")", one("operator_call_id_list", R"("100%20")")));
}

TEST_CASE("conpeek filter: says which columns it reads") {
  const DialogFilter none("[]");
  const DialogFilter two(
      R"([{"property":"talking_time","value":1},{"property":"project_id_list","value":1}])");
  std::set<std::string_view> read;
  for (std::size_t i = 0; i < table_of(Model::dialogs).columns.size(); ++i) {
    CHECK_FALSE(none.columns().has(i));
    if (two.columns().has(i)) read.insert(table_of(Model::dialogs).columns[i].name);
  }
  CHECK(read == std::set<std::string_view>{"talking_time", "project_id_list", "project_id"});
  CHECK(two.columns().has(column("talking_time")));
}

TEST_CASE("conpeek filter: each property over the sample day, against a search in the text") {
  CHECK(count(one("dialog_type_list", R"(["BOT","SYSTEM"])")) ==
        count_lines({R"("dialog_type":"BOT")", R"("dialog_type":"SYSTEM")"}));
  CHECK(count(one("business_direction", "\"OUTBOUND\"")) ==
        count_lines({R"("business_direction":"OUTBOUND")"}));
  CHECK(count(one("tenant_user_id_list", "[101,104]")) ==
        count_lines({R"("tenant_user":{"id":101,)", R"("tenant_user":{"id":104,)"}));
  CHECK(count(one("project_id_list", "[917]")) == count_lines({R"("project":{"id":917,)"}));
  CHECK(count(one("custom_tag_id_list", "[5]")) == count_lines({R"("custom_tag_id_list":[4,5])"}));
  CHECK(count(one("number_list", R"("48500002005")")) ==
        count_lines({R"("from_display_target":"48500002005")"}));
  CHECK(count(one("operator_call_id_list", R"(["OP-1001","OP-1012"])")) ==
        count_lines({R"("operator_call_id":"OP-10)"}));
  CHECK(count(one("call_request_agent_id_list", R"(["629637d8b8e622289a1d8c27"])")) ==
        count_lines({R"("virtual_agent_id":"629637d8b8e622289a1d8c27")"}));
  CHECK(count(one("talking_time", "eq", "0")) == count_lines({R"("talking_time":0,)"}));
  CHECK(count(one("start_time", "gte", "\"2024-03-12 23:00:00\"")) ==
        count_lines({R"("start_time":"2024-03-12 23:)"}));
  CHECK(count(one("hangup_time", "gt", "\"2024-03-13 00:00:00\"")) ==
        count_lines({R"("hangup_time":"2024-03-13)"}));
}

TEST_CASE("conpeek filter: what is refused, and what the message says") {
  const std::string who = "cdr_dialog: filter: ";
  const std::string not_json =
      who +
      "found text that is neither JSON nor percent-encoded JSON; expected a list such as "
      R"([{"property":"talking_time","operator":"gt","value":60000}])";
  const std::string all =
      "number_list, start_time, hangup_time, talking_time, project_id_list, tenant_user_id_list, "
      "custom_tag_id_list, operator_call_id_list, dialog_type_list, call_request_agent_id_list, "
      "business_direction";
  struct {
    std::string filter, message;
  } refused[] = {
      {"talking_time > 5", not_json},
      {"[", not_json},
      {"[{]", not_json},
      {"%5B%7B", not_json},
      {"%5B%5D%2", not_json},
      {"%5B%5D%zz", not_json},
      {"[\"\xff\"]", not_json},
      {"[] []", not_json},
      {R"({"property":"talking_time","value":1})",
       who +
           R"(found an object; expected a list of conditions: put [ ] around {"property":...,"value":...})"},
      {"5",
       who +
           R"(found a number; expected a list of conditions: put [ ] around {"property":...,"value":...})"},
      {"null",
       who +
           R"(found null; expected a list of conditions: put [ ] around {"property":...,"value":...})"},
      {"[5]",
       who + R"(condition 1: found a number; expected an object {"property":...,"value":...})"},
      {R"([[]])",
       who + R"(condition 1: found a list; expected an object {"property":...,"value":...})"},
      {R"([{"property":"talking_time"}])",
       who + "condition 1: the key value is missing; every condition needs property and value"},
      {R"([{"value":1}])",
       who + "condition 1: the key property is missing; every condition needs property and value"},
      {R"([{"property":"talking_time","value":1},{}])",
       who + "condition 2: the key property is missing; every condition needs property and value"},
      {R"([{"property":"talking_time","value":1,"op":"gt"}])",
       who + "condition 1: unknown key \"op\"; allowed: property, operator, value"},
      {R"([{"property":"talking_time","value":1,"value":2}])",
       who + "the key \"value\" occurs twice in one condition; write two conditions instead"},
      {one("color", "1"), who + "condition 1: unknown property \"color\"; allowed: " + all},
      {one("Talking_Time", "1"),
       who + "condition 1: unknown property \"Talking_Time\"; allowed: " + all},
      {R"([{"property":7,"value":1}])",
       who + "condition 1: found a number as property; expected one of " + all},
      {one("talking_time", "ne", "1"),
       who + "condition 1: talking_time: unknown operator \"ne\"; allowed: gt, gte, lt, lte, eq"},
      {one("start_time", "eq", "\"2024-03-12 08:00:00\""),
       who + "condition 1: start_time: unknown operator \"eq\"; allowed: gt, gte, lt, lte"},
      {R"([{"property":"hangup_time","operator":3,"value":"2024-03-12 08:00:00"}])",
       who + "condition 1: hangup_time: unknown operator a number; allowed: gt, gte, lt, lte"},
      {one("number_list", "eq", "[1]"),
       who + "condition 1: number_list takes no operator; leave it out"},
      {one("business_direction", "eq", "\"INBOUND\""),
       who + "condition 1: business_direction takes no operator; leave it out"},
      {one("talking_time", "\"long\""),
       who + "condition 1: talking_time: value is not an integer (ms)"},
      {one("talking_time", "1.5"), who + "condition 1: talking_time: found a number that is not an "
                                         "integer as value; expected an integer (ms)"},
      {one("talking_time", "9223372036854775808"),
       who + "condition 1: talking_time: found a number that is not an integer as value; expected "
             "an integer (ms)"},
      {one("talking_time", "null"),
       who + "condition 1: talking_time: found null as value; expected an integer (ms)"},
      {one("talking_time", "[1]"),
       who + "condition 1: talking_time: found a list as value; expected an integer (ms)"},
      {one("start_time", "1710230400"), who + "condition 1: start_time: found a number as value; "
                                              "expected a UTC time 'YYYY-MM-DD HH:MM:SS'"},
      {one("hangup_time", "\"2024-02-30 00:00:00\""),
       who + "condition 1: hangup_time: value is not a UTC time 'YYYY-MM-DD HH:MM:SS'"},
      {one("project_id_list", "[1.5]"),
       who + "condition 1: project_id_list: found a number that is not an integer as value; "
             "expected a list of strings or integers"},
      {one("custom_tag_id_list", "[[4]]"), who + "condition 1: custom_tag_id_list: found a list as "
                                                 "value; expected a list of strings or integers"},
      {one("dialog_type_list", "null"), who + "condition 1: dialog_type_list: found null as value; "
                                              "expected a list of strings or integers"},
      {one("operator_call_id_list", "[true]"),
       who + "condition 1: operator_call_id_list: found a boolean as value; expected a list of "
             "strings or integers"},
      {one("business_direction", "[\"INBOUND\"]"),
       who + "condition 1: business_direction: found a list as value; expected a string, INBOUND "
             "or OUTBOUND"},
  };
  for (const auto& each : refused) {
    const std::string& filter = each.filter;
    CAPTURE(filter);
    CHECK(error_of(filter) == each.message);
  }
}

TEST_CASE("conpeek filter: a long or broken property name is cut in the message, at a character") {
  const std::string name = std::string(39, 'x') + "żżż";
  const std::string message = error_of(one(name, "1"));
  CHECK(message.find('"' + std::string(39, 'x') + "\"...") != std::string::npos);
}

}  // namespace of_conpeek_filter
