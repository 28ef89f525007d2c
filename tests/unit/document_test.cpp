#include "json/document.hpp"

#include <doctest/doctest.h>

#include <string>

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
