#include "vendors/vendor.hpp"

#include <bitset>
#include <unordered_map>

#include "core/error.hpp"

namespace cdr {
namespace {

// Every key that any signature asks about has a bit, so that one pass over a record's members
// decides.
class Signatures {
 public:
  static const Signatures& all() {
    static const Signatures signatures;
    return signatures;
  }

  Recognised match(Node record) const {
    Keys present;
    for (const Node member : record.children())
      if (const auto bit = bits_.find(member.key()); bit != bits_.end()) present.set(bit->second);
    Recognised found;
    for (const Signature& each : signatures_) {
      if ((present & each.all) != each.all || (present & each.none).any()) continue;
      if (each.any.any() && !(present & each.any).any()) continue;
      if (found) return {};  // two claim it: neither has it
      found = each.of;
    }
    return found;
  }

 private:
  using Keys = std::bitset<256>;
  struct Signature {
    Recognised of;
    Keys all, any, none;
  };

  Signatures() {
    for (const Vendor* vendor : vendors())
      for (const Resource& resource : vendor->resources)
        signatures_.push_back({{vendor, &resource},
                               keys(resource.all_of),
                               keys(resource.any_of),
                               keys(resource.none_of)});
  }
  Keys keys(std::span<const std::string_view> names) {
    Keys set;
    for (const std::string_view name : names)
      set.set(bits_.try_emplace(name, bits_.size()).first->second);
    return set;
  }

  std::unordered_map<std::string_view, std::size_t> bits_;
  std::vector<Signature> signatures_;
};

FramingRules::Role role_of(std::string_view key) {
  static const auto roles = [] {
    std::unordered_map<std::string_view, FramingRules::Role> map;
    for (const Vendor* vendor : vendors()) {
      for (const Resource& resource : vendor->resources)
        if (!resource.decisive_key.empty()) map[resource.decisive_key] = FramingRules::Role::record;
      for (const std::string_view name : vendor->envelope_keys)
        map[name] = FramingRules::Role::envelope;
    }
    return map;
  }();
  const auto found = roles.find(key);
  return found == roles.end() ? FramingRules::Role::unknown : found->second;
}

bool is_keyed(std::string_view object) {
  Document document;
  if (document.parse_copy(object)) return false;
  const Recognised found = recognise(document.root());
  return found && found.resource->keyed;
}

bool record_of_line(std::string_view line, std::string& json) {
  for (const Vendor* vendor : vendors())
    if (vendor->record_of_line != nullptr && vendor->record_of_line(line, json)) return true;
  return false;
}

}  // namespace

Recognised recognise(Node record) {
  return record.is_object() ? Signatures::all().match(record) : Recognised();
}

const FramingRules& framing_rules() {
  static constexpr FramingRules rules{role_of, is_keyed, record_of_line};
  return rules;
}

}  // namespace cdr
