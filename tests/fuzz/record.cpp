// One record: libcdr accepts it as JSON exactly when simdjson's own parser does, within libcdr's
// limits; its nodes return its contents; and a record that a vendor recognises is mapped into rows
// of SQL values. The first byte chooses the zone.
#include <memory>
#include <string>

#include "door.hpp"
#include "everything.hpp"
#include "json/document/document.hpp"
#include "reading/rank.hpp"
#include "reading/reader.hpp"
#include "vendors/contradiction.hpp"

namespace {

using namespace cdr;

void walk(Node node, unsigned depth) {
  test::require(depth <= max_depth + 1, "nested beyond the limit");
  test::require_utf8(node.string(), "a string");
  test::require_utf8(node.key(), "a key");
  switch (node.type()) {
    case Node::Type::array:
    case Node::Type::object: {
      std::uint32_t count = 0;
      for (const Node child : node.children()) {
        walk(child, depth + 1);
        if (node.is_object() && count < 8)
          test::require(node[child.key()].is_same(child), "a member is not found by its key",
                        child.key());
        ++count;
      }
      test::require(count == node.size(), "another number of children than size()");
      break;
    }
    case Node::Type::integer:
    case Node::Type::real:
      test::require(node.real() == node.real(), "a number is not one");
      break;
    default:
      break;
  }
}

void check_cells(const Facts& facts) {
  for (std::size_t i = 0; i < model_count; ++i) {
    const RowSet& rows = facts.rows(static_cast<Model>(i));
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t column = 0; column < rows.width(); ++column) {
        const Value& value = rows[row][column];
        const Column& declared = rows.table().columns[column];
        if (value.type() != Value::Type::text) continue;
        test::require_utf8(value.as_text(), declared.name);
        test::require(declared.type != "TIMESTAMP" || value.as_text().size() == 23,
                      "no canonical time", declared.name);
        test::require(declared.type == "TEXT" || declared.type == "TIMESTAMP", "text",
                      declared.name);
      }
  }
}

bool has_surrogate(std::string_view json) {
  for (std::size_t at = json.find("\\u"); at + 2 < json.size(); at = json.find("\\u", at + 2))
    if (json[at + 2] == 'd' || json[at + 2] == 'D') return true;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Document document;
  static simdjson::dom::parser theirs;
  static Facts facts;
  static Source source;
  static const Zone zones[] = {Zone(), Zone::named("Europe/Prague"),
                               Zone::named("America/Montevideo")};
  test::Input input(data, size);
  source.options.zone = zones[input.byte() % 3];
  const std::string_view json = input.rest();

  const auto problem = document.parse_copy(json);
  const auto error = theirs.parse(simdjson::padded_string(json)).error();
  if (problem)
    test::require_utf8(problem->text(), "a problem's text");
  else
    // libcdr treats half a surrogate pair as an odd text, and a number beyond int64 or double as an
    // odd number; for simdjson neither is JSON.
    test::require(error == simdjson::SUCCESS ||
                      (error == simdjson::STRING_ERROR && has_surrogate(json)) ||
                      (error == simdjson::NUMBER_ERROR && document.root().is_among_odd()),
                  "taken for JSON", simdjson::error_message(error));
  // libcdr also refuses repeated keys and documents that exceed a limit.
  if (problem && error == simdjson::SUCCESS)
    test::require(problem->code != ProblemCode::not_json && problem->code != ProblemCode::truncated,
                  "JSON that is not taken for it", problem->text());
  if (problem) return 0;
  walk(document.root(), 0);

  const Recognised as = recognise(document.root());
  if (!as) return 0;
  Record record;
  describe(record, as, document.root(), source, "argument", 1, 0, "", nullptr);
  std::string id;
  as.resource->record_id(record, id);
  test::require_utf8(id, "a record's id");
  if (id.empty()) return 0;
  Links links;
  if (as.resource->links != nullptr) as.resource->links(record, links);
  rank_of(record);
  facts.clear();
  map_with_note(*as.vendor, {&record, 1}, Wanted::everything(), facts);
  check_cells(facts);
  return 0;
}
