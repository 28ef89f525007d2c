// The elements of a list in a record.
#include "vendors/element.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cdr;

namespace {

std::string shown(std::vector<Node> (*elements_of)(Node), std::string_view json) {
  Document document;
  REQUIRE(!document.parse_copy(json));
  std::string all;
  for (const Node object : elements_of(document.root()["list"])) all += std::string(object.raw());
  return all;
}

}  // namespace

TEST_CASE("elements: the objects of a list") {
  const auto objects = [](std::string_view json) { return shown(objects_of, json); };
  CHECK(objects(R"({"list":[{"a":1},null,"text",[{"a":2}],7,{},{"a":1}]})") ==
        R"({"a":1}{}{"a":1})");
  CHECK(objects(R"({"list":{"a":{"b":1}}})") == R"({"a":{"b":1}})");
  for (const char* none : {R"({"list":[]})", R"({"list":null})", R"({"list":"text"})", R"({})"})
    CHECK(objects(none).empty());
}

TEST_CASE("elements: equal objects of a list are one") {
  const auto distinct = [](std::string_view json) {
    return shown([](Node list) { return distinct_objects_of(list); }, json);
  };
  const auto last = [](std::string_view json) {
    return shown([](Node list) { return distinct_objects_of(list, Occurrence::last); }, json);
  };
  CHECK(last(R"({"list":[{"a":1,"b":2},{"a":2},{"b":2,"a":1},{"a":3},{"a":2}]})") ==
        R"({"b":2,"a":1}{"a":3}{"a":2})");
  CHECK(distinct(R"({"list":[{"a":1,"b":2},{"b":2,"a":1},{"a":2,"b":1},null,{"a":1,"b":2}]})") ==
        R"({"a":1,"b":2}{"a":2,"b":1})");
  CHECK(distinct(R"({"list":[{"a":{"x":1,"y":[1,2]}},{"a":{"y":[1,2],"x":1}}]})") ==
        R"({"a":{"x":1,"y":[1,2]}})");
  CHECK(distinct(R"({"list":[{"a":[1,2]},{"a":[2,1]},{"a":[1,2,3]},{"a":"[1,2]"}]})") ==
        R"({"a":[1,2]}{"a":[2,1]}{"a":[1,2,3]}{"a":"[1,2]"})");
  CHECK(distinct(R"({"list":[{"a":"A"},{"a":"\u0041"},{"a":1},{"a":"1"},{"a":null},{}]})") ==
        R"({"a":"A"}{"a":1}{"a":null})");
  // Half of a surrogate pair is read as U+FFFD, but other halves are other texts.
  CHECK(distinct(R"({"list":[{"a":"\ud800"},{"a":"\ud801"},{"a":"\ud800"}]})") ==
        R"({"a":"\ud800"}{"a":"\ud801"})");
}
