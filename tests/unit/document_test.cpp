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
}
