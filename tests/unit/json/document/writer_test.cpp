// JSON written in one pass: separators, escapes, and text that is not UTF-8.
#include "json/document/writer.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "json/document/document.hpp"

namespace cdr {
namespace {

std::string written(std::string_view text) {
  JsonWriter json;
  json.value(text);
  return json.text();
}

TEST_CASE("json writer: commas stand between values, and nowhere else") {
  JsonWriter json;
  json.begin_object();
  json.key("empty");
  json.begin_list();
  json.end_list();
  json.member("yes", true);
  json.member("no", false);
  json.key("nested");
  json.begin_list();
  json.begin_object();
  json.end_object();
  json.value(std::numeric_limits<std::int64_t>::min());
  json.value(std::numeric_limits<std::uint64_t>::max());
  json.begin_list();
  json.value("");
  json.end_list();
  json.end_list();
  json.member("last", std::string("text"));
  json.end_object();
  CHECK(json.text() == R"({"empty":[],"yes":true,"no":false,"nested":[{},-9223372036854775808,)"
                       R"(18446744073709551615,[""]],"last":"text"})");
}

TEST_CASE("json writer: every character comes back") {
  std::string all;
  for (char c = 1; c > 0; ++c) {
    all += c;
    if (c == std::numeric_limits<char>::max()) break;
  }
  all += "\u017C\u20AC\U0001F600";
  Document document;
  REQUIRE_FALSE(document.parse_copy(written(all)));
  CHECK(document.root().string() == all);
}

TEST_CASE("json writer: what is not UTF-8 becomes U+FFFD, byte by byte") {
  CHECK(written("a\xff") == "\"a\uFFFD\"");
  CHECK(written("\xc3(") == "\"\uFFFD(\"");
  CHECK(written("\xed\xa0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");  // half of a surrogate pair
  CHECK(written("\u017C\xe2\x82") == "\"\u017C\uFFFD\uFFFD\"");
  CHECK(written("\xc0\xaf") == "\"\uFFFD\uFFFD\"");  // '/' in two bytes
}

}  // namespace
}  // namespace cdr
