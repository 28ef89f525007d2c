#include "json/document/document.hpp"
#include "json/document/convert.hpp"

#include <doctest/doctest.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/document/number.hpp"
#include "seed.hpp"

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

// Writes random JSON, and text that is almost JSON.
class Scribe {
 public:
  explicit Scribe(unsigned seed) : random_(seed) {}

  std::string record() {
    text_.clear();
    // A few recurring shapes, so that the parser remembers keys and finds them changed.
    shape_.seed(random_() % 3);
    object(0);
    if (random_() % 3 == 0) damage();
    return text_;
  }

 private:
  std::string_view one_of(std::initializer_list<std::string_view> list, std::mt19937& random) {
    return list.begin()[random() % list.size()];
  }
  void space() {
    if (random_() % 12 == 0) text_ += one_of({" ", "\n", "\t ", "\r\n  "}, random_);
  }
  void string(std::string_view characters) {
    text_ += '"';
    text_ += characters;
    text_ += '"';
  }
  void object(int depth) {
    text_ += '{';
    const unsigned members = shape_() % 12;
    for (unsigned i = 0; i < members; ++i) {
      if (i != 0) text_ += ',';
      space();
      const std::string key =
          std::string(one_of({"a", "key", "a longer key",
                              "one that has more than a few words in it", "", "\u0142", "\\u0061"},
                             shape_)) +
          (random_() % 40 == 0 ? "" : std::to_string(i));
      string(random_() % 60 == 0 ? "other" : std::string_view(key));
      space();
      text_ += ':';
      space();
      value(depth + 1);
      space();
    }
    text_ += '}';
  }
  void array(int depth) {
    text_ += '[';
    for (unsigned i = random_() % 4; i > 0; --i) {
      value(depth + 1);
      space();
      if (i != 1) text_ += ',';
    }
    text_ += ']';
  }
  void value(int depth) {
    const unsigned kind = depth > 3 ? shape_() % 4 : shape_() % 6;
    if (kind == 0)
      text_ += one_of({"null", "true", "false"}, random_);
    else if (kind == 1)
      text_ += one_of({"0", "-0", "7", "-12", "999999999999999999", "9223372036854775807",
                       "-9223372036854775808", "1.0", "-0.0", "1e5", "2.5E-3", "1e308", "1e-400",
                       "0e999", "123456789012345678901234567890.5", "5e-324"},
                      random_);
    else if (kind < 4)
      string(one_of({"", "x", "plain text", "\u017c\u00f3\u0142w", "a\\nb", "\\\"quoted\\\"",
                     "\\\\", "\\u00e9\\ud83d\\ude00", "{\\\"a\\\":[1,2]}", "ends in \\\\"},
                    random_));
    else if (kind == 4)
      object(depth);
    else
      array(depth);
  }
  void damage() {
    static constexpr std::string_view signs = "{}[]:,\"\\ntf0123456789.eE+- \n\x01\x0c/ud";
    for (unsigned i = 1 + random_() % 2; i > 0; --i) {
      const std::size_t at = random_() % text_.size();
      const char sign = signs[random_() % signs.size()];
      if (random_() % 3 == 0)
        text_.erase(at, 1 + random_() % 3);
      else if (random_() % 2 == 0)
        text_.insert(at, 1, sign);
      else
        text_[at] = sign;
      if (text_.empty()) text_ = sign;
    }
  }

  std::mt19937 random_, shape_;
  std::string text_;
};

// The same text from simdjson's own DOM, as lines in the style of SAX, or "" if the document
// exceeds a limit.
bool describe(simdjson::dom::element element, std::string& as) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::OBJECT: {
      std::set<std::string_view> keys;
      as += '{';
      for (const auto member : simdjson::dom::object(element)) {
        if (!keys.insert(member.key).second) return false;
        as.append("k").append(member.key).append(":");
        if (!describe(member.value, as)) return false;
      }
      as += '}';
      return true;
    }
    case element_type::ARRAY:
      as += '[';
      for (const auto each : simdjson::dom::array(element))
        if (!describe(each, as)) return false;
      as += ']';
      return true;
    case element_type::STRING: {
      const std::string_view text = element;
      as.append("s").append(text).append(";");
      if (text.find('\0') != text.npos) return false;
      for (std::size_t i = 0; i + 1 < text.size(); ++i)  // half of a surrogate pair
        if (text[i] == '\xED' && static_cast<unsigned char>(text[i + 1]) >= 0xA0) return false;
      return true;
    }
    case element_type::INT64:
      as.append("i").append(std::to_string(std::int64_t(element))).append(";");
      return true;
    case element_type::UINT64:
      return false;
    case element_type::DOUBLE:
      as.append("d").append(std::to_string(double(element))).append(";");
      return true;
    case element_type::BOOL:
      as += bool(element) ? 't' : 'f';
      return true;
    case element_type::NULL_VALUE:
      as += 'n';
      return true;
  }
  return false;
}

void describe(Node node, std::string& as) {
  switch (node.type()) {
    case Node::Type::object:
      as += '{';
      for (const Node member : node.children()) {
        as.append("k").append(member.key()).append(":");
        CHECK(node[member.key()].is_same(member));
        describe(member, as);
      }
      as += '}';
      return;
    case Node::Type::array:
      as += '[';
      for (const Node each : node.children()) describe(each, as);
      as += ']';
      return;
    case Node::Type::string:
      as.append("s").append(node.string()).append(";");
      return;
    case Node::Type::integer:
      as.append("i").append(std::to_string(node.integer())).append(";");
      return;
    case Node::Type::real:
      as.append("d").append(std::to_string(node.real())).append(";");
      return;
    case Node::Type::boolean:
      as += node.boolean() ? 't' : 'f';
      return;
    case Node::Type::null:
      as += 'n';
      return;
    case Node::Type::missing:
      as += '?';
  }
}

}  // namespace

TEST_CASE("what simdjson's own document says, whole and damaged" * doctest::test_suite("random")) {
  const std::uint32_t seed = test::seed();
  MESSAGE("seed ", seed);
  Scribe scribe(seed);
  Document document;
  simdjson::dom::parser parser;
  int accepted = 0, refused = 0;
  for (int round = 0; round < 30000; ++round) {
    const std::string json = scribe.record();
    CAPTURE(json);
    std::string expected, found;
    auto theirs = parser.parse(json);
    const bool valid = theirs.error() == simdjson::SUCCESS && describe(theirs.value(), expected);
    const auto problem = document.parse_copy(json);
    // Numbers beyond its types and half a surrogate pair make simdjson refuse the record; libcdr
    // loses the value only.
    if (!problem && !valid) {
      REQUIRE((document.root().is_among_odd() || document.had_repeats()));
      continue;
    }
    REQUIRE(problem.has_value() == !valid);
    ++(valid ? accepted : refused);
    if (problem) {
      REQUIRE(problem->message != "not valid JSON");  // too vague: the message gives no reason
      continue;
    }
    describe(document.root(), found);
    REQUIRE(found == expected);
    std::string minified(json.size() + padding, ' ');
    std::size_t size = 0;
    REQUIRE(simdjson::minify(json.data(), json.size(), minified.data(), size) == simdjson::SUCCESS);
    REQUIRE(document.root().raw() == minified.substr(0, size));
  }
  CHECK(accepted > 1000);
  CHECK(refused > 1000);
}

TEST_CASE("a number's value is the nearest double, zero or infinite beyond all") {
  CHECK(double_of("0.1") == 0.1);
  CHECK(double_of("-2.5e3") == -2500);
  CHECK(double_of("5e-324") > 0);
  CHECK(double_of("1e-400") == 0);
  CHECK(std::signbit(double_of("-11e-400")));
  CHECK(double_of("-1e400") < 0);
  CHECK(double_of("0." + std::string(400, '0') + "1") == 0);
  CHECK(double_of("0." + std::string(400, '0') + "1e10") == 0);
  CHECK(double_of("0." + std::string(400, '0') + "1e401") == 1);
  CHECK(double_of("0e999999999999999999999") == 0);
  CHECK(double_of("0.000e400") == 0);
  CHECK(double_of("1e-99999999999999999999") == 0);
  CHECK(std::isinf(double_of("1e400")));
  CHECK(std::isinf(double_of("-1e400")));
  CHECK(std::isinf(double_of("1e99999999999999999999")));
  CHECK(std::isinf(double_of("1" + std::string(400, '0'))));
  CHECK(std::isinf(double_of("1" + std::string(400, '0') + ".5e-20")));
  CHECK(double_of("1" + std::string(400, '0') + "e-400") == 1);
}

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
  CHECK(refusal(R"({"a":1,"b":{"c":1,"c":2}})") == ProblemCode::duplicate_key);
  CHECK(!document.parse_copy(R"({"a":"\ud83d\ude00"})"));
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
      {R"({"a":1 "long":2})", 7, "not valid JSON: found a string where it is not allowed"},
      {R"({"a":1,})", 7, "not valid JSON: found '}' where it is not allowed"},
      {R"({"a":012345})", 6, "not valid JSON: found a number where it is not allowed"},
      {R"({"a":NaN})", 5, "not valid JSON: found a word without quotes where it is not allowed"},
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
}

TEST_CASE("an odd value is kept as it is written, and is neither a number nor sound text") {
  Document document;
  for (const char* number : {"18446744073709551615", "18446744073709551616", "-9223372036854775809",
                             "123456789012345678901234567890", "1e400", "-1E+999"}) {
    REQUIRE(!document.parse_copy(R"({"a":1.5e3,"o":{"b":[1]},"n":)" + std::string(number) +
                                 R"(,"c":2})"));
    const Node odd = document.root()["n"];
    CHECK(odd.is_odd());
    CHECK(odd.is_among_odd());
    CHECK(odd.raw() == number);
    CHECK(odd.kept() == '"' + std::string(number) + '"');
    CHECK(!integer_of(odd));
    CHECK(!real_of(odd));
    CHECK(scalar_of(odd) == number);
    CHECK(!document.root()["a"].is_odd());
    CHECK(real_of(document.root()["a"]) == 1500);
  }
  REQUIRE(!document.parse_copy(R"({"a":"x\u0000y","b":["\ud800","\udC00z","\ud83d\ude00"]})"));
  CHECK(document.root()["a"].string() == "x\xef\xbf\xbdy");
  CHECK(document.root()["a"].kept() == R"("x\\u0000y")");
  const Node list = document.root()["b"];
  std::string texts;
  for (const Node each : list.children()) texts += std::string(each.string()) + '|';
  CHECK(texts == "\xef\xbf\xbd|\xef\xbf\xbdz|\xf0\x9f\x98\x80|");
  REQUIRE(!document.parse_copy(R"({"\u0000":1,"b":9223372036854775807,"c":-9223372036854775808})"));
  CHECK(document.root()["b"].integer() == 9223372036854775807);
  CHECK(!document.root()["b"].is_odd());
  REQUIRE(!document.parse_copy(R"({"x\ud800\n":{"y\n":1}})"));
  for (const Node odd : document.root().children()) {
    CHECK(odd.has_odd_key());
    CHECK(odd.key() == "x\xef\xbf\xbd\n");
    CHECK(odd.written_key() == R"(x\ud800\n)");
    for (const Node sound : odd.children()) {
      CHECK(!sound.has_odd_key());
      CHECK(sound.written_key() == "y\n");
    }
  }
  REQUIRE(!document.parse_copy("{}"));
  CHECK(!document.root().is_among_odd());
}

TEST_CASE("a key that comes again with the same value is read once") {
  Document document;
  REQUIRE(
      !document.parse_copy(R"({"a":1,"o":{"x":[1, 2],"x":[1,2]},"a":1,"n":18446744073709551615})"));
  CHECK(document.had_repeats());
  CHECK(document.root().raw() == R"({"a":1,"o":{"x":[1,2]},"n":18446744073709551615})");
  CHECK(document.root()["n"].is_odd());
  CHECK(refusal(R"({"a":1,"a":1.0})") == ProblemCode::duplicate_key);
  CHECK(refusal(R"({"a":1,"a":"1"})") == ProblemCode::duplicate_key);
  CHECK(refusal(R"({"a":{"b":1,"b":2},"a":{"b":1,"b":2}})") == ProblemCode::duplicate_key);
  CHECK(refusal(R"({"a":1,"a":1,"b":})") == ProblemCode::not_json);
  REQUIRE(!document.parse_copy(R"({"a":1})"));
  CHECK(!document.had_repeats());
  // However often keys repeat, the parser does not carry that over from one record to the next.
  for (int i = 0; i < 4; ++i) REQUIRE(!document.parse_copy(R"({"a":1,"o":{"b":2,"b":2},"a":1})"));
  CHECK(document.parse_copy(R"({"a":1,"o":{"b":2,"b":2},"a":2})"));
  CHECK(document.parse_copy(R"({"a":1,"o":{"b":2,"b":3},"a":1})"));
}

TEST_CASE("what is wrong with a record is told, whatever odd values stand before it") {
  const std::string odd = R"({"n":18446744073709551615,"e":1e999,"s":"\ud83d \u0000",)";
  Document document;
  for (const char* rest : {R"("a":tru})", R"("a":[1,]})", R"("a":"\x"})", R"("a":01})"}) {
    const auto found = document.parse_copy(odd + rest);
    REQUIRE(found);
    CHECK(found->code == ProblemCode::not_json);
    CHECK(found->offset >= odd.size());
  }
  CHECK(refusal(odd + R"("a":1,"a":2})") == ProblemCode::duplicate_key);
}

TEST_CASE("whatever went before, a repeated key is found, and every other one is where it stands" *
          doctest::test_suite("random")) {
  const unsigned seed = test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  // Names with lengths around those that are compared at once, which differ only at the end or in
  // the middle.
  std::vector<std::string> names{"", "a", "b", "id", "abc", "abcd", "abce"};
  for (const std::size_t size : {5, 7, 8, 9, 12, 13, 27, 28, 29, 40})
    for (const char end : {'x', 'y'}) {
      names.push_back(std::string(size, 'k') + end);
      names.push_back(std::string(size / 2, 'k') + end + std::string(size - size / 2, 'k'));
    }
  for (int i = 0; i < 300; ++i) names.push_back("field_" + std::to_string(i));
  std::vector<std::string> keys;
  // An object with these names and numbered values; `inner` is the value of the first.
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
  CHECK(!document.root()["a"].is_odd());
}
