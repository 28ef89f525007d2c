#include "vendors/unmapped.hpp"

#include <algorithm>

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

// Keeps the paths ('$.guest.age') of the values that did not convert.
class Unconverted : public ProblemSink {
 public:
  void report(const Problem& problem) override { paths.push_back(problem.path); }
  bool has(std::string_view key) const {
    return std::any_of(paths.begin(), paths.end(), [key](std::string_view path) {
      return path.size() == key.size() + 2 && path.ends_with(key);
    });
  }
  std::vector<std::string> paths;
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

bool UnmappedFields::none_in(const Vendor& vendor, const Facts& facts) {
  if (!vendor.dialog_per_record || !vendor.tables.empty()) return false;
  const RowSet& dialogs = facts.rows(Model::dialogs);
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
  for (const Node member : extra_.root().children())
    found_.push_back({prefix + std::string(member.key()),
                      unconverted.has(member.key()) ? UnmappedField::Kind::unconverted
                                                    : UnmappedField::Kind::unknown,
                      type_name(member.type())});
}

}  // namespace cdr
