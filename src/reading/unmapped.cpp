#include "reading/unmapped.hpp"

#include <algorithm>

#include "json/document/convert.hpp"

namespace cdr {
namespace {

std::string_view type_name(Node::Type type) {
  switch (type) {
    case Node::Type::boolean:
      return "boolean";
    case Node::Type::integer:
      return "integer";
    case Node::Type::real:
      return "real";
    case Node::Type::string:
      return "string";
    case Node::Type::array:
      return "array";
    case Node::Type::object:
      return "object";
    case Node::Type::missing:
    case Node::Type::null:
      break;
  }
  return "null";
}

// A time as it is written. A text with other characters may be anything, and is not shown.
std::string shown_time(Node node) {
  constexpr std::size_t longest = 40;
  const std::string_view text = content_of(node);
  const bool plain = text.find_first_not_of("0123456789-:.,+/ TZz") == text.npos;
  if (plain && text.size() <= longest) return "'" + std::string(text) + "'";
  return "a text of " + std::to_string(text.size()) + " bytes";
}

bool reads_time(const VendorTable& table, std::string_view key) {
  for (const Field& field : table.fields) {
    if (field.kind != Kind::utc && field.kind != Kind::zoned && field.kind != Kind::epoch_ms)
      continue;
    for (std::string_view rest = field.key; !rest.empty();) {
      const std::size_t end = std::min(rest.find('|'), rest.size());
      if (rest.substr(0, end) == key) return true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return false;
}

// Keeps the paths ('$.guest.age') of the values that did not convert.
class Unconverted : public ProblemSink {
 public:
  struct Value {
    std::string path;
    ProblemCode code;
  };
  void report(const Problem& problem) override { values.push_back({problem.path, problem.code}); }
  // Null: the value converted.
  const Value* of(std::string_view key) const {
    const auto found = std::find_if(values.begin(), values.end(), [key](const Value& value) {
      return value.path.size() == key.size() + 2 && value.path.ends_with(key);
    });
    return found == values.end() ? nullptr : &*found;
  }
  std::vector<Value> values;
};

}  // namespace

const std::vector<UnmappedField>& UnmappedFields::of(const Vendor& vendor, const Record& record) {
  found_.clear();
  for (const auto& tables : {vendor.tables, vendor.unregistered_tables})
    for (const VendorTable& table : tables)
      for (const Origin& origin : table.origins) {
        if (origin.resource != record.resource->name) continue;
        const Node place = origin.list.empty() ? record.root : record.root[origin.list];
        if (place.is_array()) {
          for (const Node element : place.children())
            look(table, std::string(origin.list) + "[].", record, element);
        } else if (place.is_object()) {
          look(table, origin.list.empty() ? "" : std::string(origin.list) + '.', record, place);
        }
      }
  if (found_.size() > 1) {
    std::sort(found_.begin(), found_.end());
    const auto same = [](const auto& a, const auto& b) { return !(a < b) && !(b < a); };
    found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  }
  return found_;
}

bool UnmappedFields::none_in(const Vendor& vendor, std::span<const Record> records,
                             const Facts& facts) {
  const RowSet& dialogs = facts.rows(Model::dialogs);
  if (!vendor.dialog_keeps_extra || dialogs.size() < records.size()) return false;
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    if (!dialogs[i][Row<Model::dialogs>::column<"extra">()].is_null()) return false;
  return true;
}

void UnmappedFields::look(const VendorTable& table, const std::string& prefix, const Record& record,
                          Node element) {
  Unconverted unconverted;
  Record heard = record;
  heard.sink = &unconverted;
  arena_.clear();
  cells_.resize(std::max(cells_.size(), table.fields.size()));
  const FieldReader& reader = readers_.try_emplace(&table, table.fields).first->second;
  const Value extra = reader.read(heard, element, ColumnSet::none(), 0, true, cells_, arena_);
  if (extra.is_null() || extra_.parse_copy(extra.as_text())) return;
  for (const Node member : extra_.root().children()) {
    const auto* const value = unconverted.of(member.key());
    const bool known = value != nullptr;
    found_.push_back({prefix + std::string(member.key()),
                      known ? UnmappedField::Kind::unconverted : UnmappedField::Kind::unknown,
                      type_name(member.type()),
                      known && reads_time(table, member.key()) ? shown_time(member) : std::string(),
                      known && (value->code == ProblemCode::skipped_time ||
                                value->code == ProblemCode::ambiguous_time)});
  }
}

}  // namespace cdr
