#include "json/document.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace cdr;

namespace {

ProblemCode refusal(const std::string& json) {
  Document document;
  const auto problem = document.parse_copy(json);
  REQUIRE_MESSAGE(problem, "was accepted: " << json);
  CHECK(document.root().type() == Node::Type::missing);
  return problem->code;
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("a document's nodes are walked in the source's order") {
  Document document;
  REQUIRE(!document.parse_copy(
      R"( {"a": 1, "b": [true, null, {"c": "x\u00e9"}], "d": 2.50, "e": "" } )"));
  const Node root = document.root();
  CHECK(root.is_object());
  CHECK(root.size() == 4);
  CHECK(root["a"].integer() == 1);
  CHECK(root["b"].size() == 3);
  CHECK(root["d"].real() == 2.5);
  CHECK(root["b"].raw() == R"([true,null,{"c":"x\u00e9"}])");
  CHECK(root["d"].raw() == "2.50");
  CHECK(root.raw() == R"({"a":1,"b":[true,null,{"c":"x\u00e9"}],"d":2.50,"e":""})");
  CHECK(!root["e"].provided());
  CHECK(!root["nowhere"].provided());
  CHECK(root["nowhere"]["deeper"].type() == Node::Type::missing);
  std::string keys;
  for (const Node member : root.children()) keys += member.key();
  CHECK(keys == "abde");
  std::size_t element = 0;
  for (const Node each : root["b"].children()) {
    if (element == 0) CHECK(each.boolean());
    if (element == 1) CHECK(each.type() == Node::Type::null);
    if (element == 2) CHECK(each["c"].string() == "x\u00e9");
    ++element;
  }
  CHECK(element == 3);
}

TEST_CASE("limits and oddities of a record") {
  Document document;
  CHECK(!document.parse_copy(nested(max_depth)));
  CHECK(refusal(nested(max_depth + 1)) == ProblemCode::too_deep);
  CHECK(refusal(R"({"a":1,"b":{"c":1,"c":1}})") == ProblemCode::duplicate_key);
  CHECK(refusal(R"({"a":"x\u0000y"})") == ProblemCode::bad_string);
  CHECK(refusal(R"({"a":"\ud800"})") == ProblemCode::bad_string);
  CHECK(refusal(R"({"a":"\udc00"})") == ProblemCode::bad_string);
  CHECK(!document.parse_copy(R"({"a":"\ud83d\ude00"})"));
  CHECK(refusal(R"({"a":9223372036854775808})") == ProblemCode::bad_number);
  CHECK(refusal(R"({"a":99999999999999999999999})") == ProblemCode::bad_number);
  CHECK(refusal(R"({"a":1e400})") == ProblemCode::bad_number);
  CHECK(!document.parse_copy(
      R"({"a":9223372036854775807,"b":-9223372036854775808,"c":1e308,"d":-0.0})"));
  CHECK(refusal(R"({"a":01})") == ProblemCode::not_json);
  CHECK(refusal(R"({"a":+1})") == ProblemCode::not_json);
  CHECK(refusal(R"({"a":.5})") == ProblemCode::not_json);
  CHECK(refusal(R"({"a":NaN})") == ProblemCode::not_json);
  CHECK(refusal(R"({"a":1,})") == ProblemCode::not_json);
  CHECK(refusal(R"({"a" 1})") == ProblemCode::not_json);
  CHECK(refusal(R"({"a":1} x)") == ProblemCode::not_json);
  CHECK(refusal(R"({"a":"b)") == ProblemCode::truncated);
  CHECK(refusal(R"({"a":)") == ProblemCode::truncated);
  CHECK(refusal("{\"a\":\"\xff\"}") == ProblemCode::bad_utf8);
  CHECK(refusal("{\"a\":\"\t\"}") == ProblemCode::not_json);
  CHECK(refusal("") == ProblemCode::truncated);
  std::string many = "{";
  for (std::size_t i = 0; i <= max_keys; ++i)
    many += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
  CHECK(refusal(many + "}") == ProblemCode::too_many_keys);
  CHECK(refusal("{\"a\":\"" + std::string(max_string_bytes + 1, 'x') + "\"}") ==
        ProblemCode::too_long_string);
  CHECK(!document.parse_copy("{\"a\":\"" + std::string(max_string_bytes, 'x') + "\"}"));
  CHECK(refusal("{\"a\":\"" + std::string(max_record_bytes, 'x') + "\"}") ==
        ProblemCode::too_large);
}

TEST_CASE("an error's offset is where the JSON breaks") {
  Document document;
  const auto problem = document.parse_copy(R"({"a":1,"b":tru})");
  REQUIRE(problem);
  CHECK(problem->offset == 14);
  struct Case {
    std::string_view json;
    std::size_t offset;
    std::string_view message;
  };
  const Case cases[] = {
      {R"({"a":1 "long":2})", 7, "not valid JSON: found a string where it may not stand"},
      {R"({"a":1,})", 7, "not valid JSON: found '}' where it may not stand"},
      {R"({"a":012345})", 6, "not valid JSON: found a number where it may not stand"},
      {R"({"a":NaN})", 5, "not valid JSON: found a word without quotes where it may not stand"},
      {"{\"a\":\"x\ty\"}", 7, "a control character in a string is not escaped"},
      {R"({"a":"\q"})", 7, "a string holds an escape that JSON does not have"},
      {R"({"a":"\u12"})", 10, "a string holds an escape that JSON does not have"},
      {"{\"a\":\"\xe9t\xe9\"}", 6, "expected UTF-8, found the byte 0xE9"},
      {"{\"a\":\"\xc3\xa9\xed\xa0\x80\"}", 8, "expected UTF-8, found the byte 0xED"},
      {"{\"a\":\"\xf0\x9f\x98\"}", 6, "expected UTF-8, found the byte 0xF0"},
      {"{\"a\":\"\xf0\x9f\x98\x80\xc0\xaf\"}", 10, "expected UTF-8, found the byte 0xC0"},
      {"{\"a\":\"\xf4\x90\x80\x80\"}", 6, "expected UTF-8, found the byte 0xF4"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.json);
    const auto found = document.parse_copy(each.json);
    REQUIRE(found);
    CHECK(found->offset == each.offset);
    CHECK(found->message == each.message);
  }
}

TEST_CASE("a problem's path tells a key of the record from one somewhere inside") {
  Document document;
  CHECK(document.parse_copy(R"({"a":1,"a":2})")->path == "$.a");
  CHECK(document.parse_copy(R"({"o":{"a":1,"a":2}})")->path == "$..a");
  CHECK(document.parse_copy(R"({"l":[{"x":{"a":1,"a":2}}]})")->path == "$..a");
  CHECK(document.parse_copy(R"({"n":18446744073709551615})")->path == "$.n");
  CHECK(document.parse_copy(R"({"o":{"n":18446744073709551615}})")->path == "$..n");
  for (const char* number : {"18446744073709551615", "18446744073709551616", "-9223372036854775809",
                             "123456789012345678901234567890"}) {
    const auto found = document.parse_copy(R"({"a":1.5e3,"o":{"b":[1]},"n":)" +
                                           std::string(number) + R"(,"c":2})");
    REQUIRE(found);
    CHECK(found->code == ProblemCode::bad_number);
    CHECK(found->path == "$.n");
    CHECK(found->message == "an integer is beyond the range of int64");
  }
}

TEST_CASE("whatever went before, a repeated key is found, and every other one is where it stands") {
  const unsigned seed = std::random_device{}();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  // Of lengths around those that are compared at once, differing at the end only or in the middle.
  std::vector<std::string> names{"", "a", "b", "id", "abc", "abcd", "abce"};
  for (const std::size_t size : {5, 7, 8, 9, 12, 13, 27, 28, 29, 40})
    for (const char end : {'x', 'y'}) {
      names.push_back(std::string(size, 'k') + end);
      names.push_back(std::string(size / 2, 'k') + end + std::string(size - size / 2, 'k'));
    }
  for (int i = 0; i < 300; ++i) names.push_back("field_" + std::to_string(i));
  std::vector<std::string> keys;
  // Members of these names, the values numbered; `inner` stands at the first.
  const auto object = [](const std::vector<std::string>& members, const std::string& inner) {
    std::string json = "{";
    for (std::size_t i = 0; i < members.size(); ++i)
      json += (i ? ",\"" : "\"") + members[i] +
              "\":" + (i || inner.empty() ? std::to_string(i) : inner);
    return json + "}";
  };
  const auto choose = [&](std::size_t most) {
    std::shuffle(names.begin(), names.end(), random);
    return std::vector<std::string>(names.begin(), names.begin() + 1 + random() % most);
  };
  Document document;
  for (int round = 0; round < 4000; ++round) {
    const unsigned change = random() % 8;
    if (keys.empty() || change == 0) keys = choose(random() % 4 ? 12 : names.size());
    if (change == 1) std::shuffle(keys.begin(), keys.end(), random);
    if (change == 2) keys[random() % keys.size()] = names[random() % names.size()];
    std::vector<std::string> inner = choose(14);
    if (random() % 4 == 0) inner.back() = inner.front();
    const auto repeats = [](const std::vector<std::string>& list) {
      return std::set<std::string>(list.begin(), list.end()).size() < list.size();
    };
    const std::string json = object(keys, object(inner, ""));
    CAPTURE(json);
    const auto problem = document.parse_copy(json);
    REQUIRE(problem.has_value() == (repeats(keys) || repeats(inner)));
    if (problem) {
      REQUIRE(problem->code == ProblemCode::duplicate_key);
      REQUIRE(document.root_keys() == 0);
      if (repeats(keys)) keys.clear();
      continue;
    }
    const Node root = document.root();
    REQUIRE(root.size() == keys.size());
    for (std::size_t i = 1; i < keys.size(); ++i)
      REQUIRE(root[keys[i]].integer() == static_cast<std::int64_t>(i));
    for (std::size_t i = 1; i < inner.size(); ++i)
      REQUIRE(root[keys[0]][inner[i]].integer() == static_cast<std::int64_t>(i));
    for (const std::string& name : names)
      if (std::find(keys.begin(), keys.end(), name) == keys.end())
        REQUIRE(root[name].type() == Node::Type::missing);
    REQUIRE(root.raw() == json);
  }
}

TEST_CASE("records of the same keys are known by them") {
  Document document;
  REQUIRE(!document.parse_copy(R"({"a":1,"b":2})"));
  REQUIRE(!document.parse_copy(R"({"a":1,"b":2})"));
  REQUIRE(!document.parse_copy(R"({"a":3,"b":{"c":4}})"));
  const std::uint32_t known = document.root_keys();
  CHECK(known != 0);
  REQUIRE(!document.parse_copy(R"({"a":3,"c":4})"));
  CHECK(document.root_keys() == 0);
  REQUIRE(!document.parse_copy(R"({"a":"","b":null})"));
  CHECK(document.root_keys() == known);
  REQUIRE(document.parse_copy(R"({"a":"","b":})"));
  CHECK(document.root_keys() == 0);
  for (int i = 0; i < 3; ++i) REQUIRE(!document.parse_copy(R"({"b":1,"a":2})"));
  CHECK(document.root_keys() != 0);
  CHECK(document.root_keys() != known);
}

TEST_CASE("an escape is looked into only where it may mean something forbidden") {
  Document document;
  CHECK(!document.parse_copy(R"({"a":"\\u0000 \u00e9 \ud83d\ude00"})"));
  CHECK(document.root()["a"].string() == "\\u0000 \u00e9 \U0001F600");
  CHECK(refusal(R"({"\u0000":1})") == ProblemCode::bad_string);
  CHECK(refusal(R"({"a":{"b":["\uDFFF"]}})") == ProblemCode::bad_string);
}
