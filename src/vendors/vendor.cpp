#include "vendors/vendor.hpp"

#include <algorithm>
#include <bitset>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/error.hpp"
#include "core/text.hpp"
#include "json/document/keys.hpp"

namespace cdr {
namespace {

// Every key that any signature asks about has a bit, so that one pass over a record's members
// decides.
class Signatures {
 public:
  using Keys = std::bitset<512>;

  static const Signatures& all() {
    static const Signatures signatures;
    return signatures;
  }

  void add(Keys& present, std::string_view key) const {
    if (const auto bit = bits_.find(key); bit != bits_.end()) present.set(bit->second);
  }
  Keys keys_of(Node record) const {
    Keys present;
    for (const Node member : record.children()) add(present, member.key());
    return present;
  }
  // Matches the signatures of one vendor, or of all.
  Recognised match(const Keys& present, const Vendor* vendor = nullptr) const {
    Recognised found;
    for (const Signature& each : signatures_) {
      if (vendor != nullptr && each.of.vendor != vendor) continue;
      if ((present & each.all) != each.all || (present & each.none).any()) continue;
      if (!has_any(present, each.any) || !has_any(present, each.also_any)) continue;
      if (found) return {};  // if two claim it, neither gets it
      found = each.of;
    }
    return found;
  }
  // The record's kind with the most keys present.
  Recognised closest(const Keys& present) const {
    Recognised found;
    std::size_t most = 0;
    for (const Signature& each : signatures_) {
      const std::size_t count = (present & (each.all | each.any | each.also_any)).count();
      if (count <= most) continue;
      most = count;
      found = each.of;
    }
    return found;
  }

 private:
  struct Signature {
    Recognised of;
    Keys all, any, also_any, none;
  };
  static bool has_any(const Keys& present, const Keys& any) {
    return any.none() || (present & any).any();
  }

  Signatures() {
    for (const Vendor* vendor : vendors())
      for (const Resource& resource : vendor->resources)
        signatures_.push_back({{vendor, &resource},
                               keys(resource.all_of),
                               keys(resource.any_of),
                               keys(resource.also_any_of),
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

// Keys as a vendor spells them, by their plain form.
class SpeltKeys {
 public:
  // If two keys have one plain form, the first one added gives the spelling of others.
  void add(std::string_view key) {
    if (key.empty()) return;
    exact_.insert(key);
    by_plain_.try_emplace(plain_key(key), key);
  }
  void add_all(const SpeltKeys& others) {
    exact_.insert(others.exact_.begin(), others.exact_.end());
    add_plain(others);
  }
  // Adds only how they are spelt: none of them is known as it is.
  void add_plain(const SpeltKeys& others) {
    for (const auto& [text, key] : others.by_plain_) by_plain_.try_emplace(text, key);
  }
  bool knows(std::string_view key) const { return exact_.contains(key); }
  // The vendor's spelling of that key; the key itself if the vendor has none.
  std::string_view of(std::string_view key) const {
    if (knows(key)) return key;
    const auto found = by_plain_.find(plain_key(key));
    return found == by_plain_.end() ? key : found->second;
  }

 private:
  // Cheaper than the standard hash, since every member of a record is looked for.
  struct Hash {
    std::size_t operator()(std::string_view key) const { return hash_of_key(key, 0); }
  };
  std::unordered_set<std::string_view, Hash> exact_;
  std::unordered_map<std::string, std::string_view> by_plain_;
};

// A vendor's keys. At the root of a record those by which it is recognised go before fields: a key
// that excludes a record (`username`) excludes it in any spelling, and inside may be a field
// (`userName`).
class Spelling {
 public:
  explicit Spelling(const Vendor& vendor) : vendor_(&vendor) {
    for (const Resource& resource : vendor.resources)
      for (const auto list :
           {resource.all_of, resource.any_of, resource.also_any_of, resource.none_of})
        for (const std::string_view key : list) root_.add(key);
    for (const auto& tables : {vendor.tables, vendor.unregistered_tables})
      for (const VendorTable& table : tables) {
        for (const Origin& origin : table.origins)
          if (!origin.list.empty()) add_inner(origin.list);
        for (const Field& field : table.fields) add_path(field.key);
      }
    for (const std::string_view key : vendor.inner_keys) add_inner(key);
    for (const std::string_view key : vendor.free_objects) inner_.add(key);
    const SpeltKeys of_records = root_;
    root_.add_all(inner_);
    inner_.add_plain(of_records);
  }
  const Vendor& vendor() const { return *vendor_; }

  std::string_view at_root(std::string_view key) const { return root_.of(key); }
  Spelt spelt(Node record) const {
    bool twice = false;
    for (const Node member : record.children()) {
      const std::string_view name = root_.of(member.key());
      if (name == member.key()) continue;
      if (record[name].type() == Node::Type::missing) return Spelt::otherwise;
      twice = true;
    }
    if (twice) return Spelt::unsure;
    return has_parts_ ? Spelt::inside : Spelt::as_declared;
  }
  bool has_respelt_members(Node record) const {
    for (const Node member : record.children())
      if (is_respelt(record, member, root_)) return true;
    return false;
  }
  // Whether a key of that name is spelt in another way if it is inside a record.
  bool is_other_inside(std::string_view name) const {
    return has_parts_ && inner_.of(name) != name;
  }
  // Whether any key inside the record is spelt in another way.
  bool has_respelt_parts(Node record) const {
    for (const Node member : record.children())
      if (member.is_container() && is_read(record, member, member.key(), root_) &&
          has_respelt(member))
        return true;
    return false;
  }
  // Returns a key that two members have in other spellings, with different values; or "".
  std::string_view write(Node record, std::string& json) const {
    std::string_view contradiction;
    write_object(record, root_, json, contradiction);
    return contradiction;
  }

 private:
  void add_inner(std::string_view key) {
    has_parts_ = true;
    inner_.add(key);
  }
  // Every step may be a member of the root, where a webhook has what a session's operator has.
  void add_path(std::string_view path) {
    while (!path.empty()) {
      const std::size_t end = std::min(path.find_first_of("./|"), path.size());
      has_parts_ = has_parts_ || (end < path.size() && path[end] == '.');
      inner_.add(path.substr(0, end));
      path.remove_prefix(std::min(end + 1, path.size()));
    }
  }
  // Beside a value in the vendor's spelling, another spelling is another key.
  static bool is_respelt(Node object, Node member, const SpeltKeys& keys) {
    const std::string_view name = keys.of(member.key());
    if (name == member.key()) return false;
    const Node declared = object[name];
    return declared.type() == Node::Type::missing || (!declared.provided() && member.provided());
  }
  // The vendor's objects, not those whose keys are the customer's own. A list that is all of its
  // object has any name: {"AgentEvents": {"item": [...]}}.
  bool is_read(Node object, Node member, std::string_view name, const SpeltKeys& keys) const {
    const auto& free = vendor_->free_objects;
    if (std::find(free.begin(), free.end(), name) != free.end()) return false;
    return keys.knows(name) || (member.is_array() && object.size() == 1);
  }
  bool has_respelt(Node node) const {
    const bool is_object = node.is_object();
    for (const Node child : node.children()) {
      if (is_object && is_respelt(node, child, inner_)) return true;
      if (!child.is_container()) continue;
      if ((!is_object || is_read(node, child, child.key(), inner_)) && has_respelt(child))
        return true;
    }
    return false;
  }
  void write_value(Node node, std::string& json, std::string_view& contradiction) const {
    if (node.is_object()) return write_object(node, inner_, json, contradiction);
    if (!node.is_array()) {
      json += node.raw();
      return;
    }
    json += '[';
    bool first = true;
    for (const Node element : node.children()) {
      if (!std::exchange(first, false)) json += ',';
      write_value(element, json, contradiction);
    }
    json += ']';
  }
  struct Respelt {
    std::string_view name;
    Node member;
  };
  // The members that are respelt, each name once.
  static std::vector<Respelt> respelt_members(Node object, const SpeltKeys& keys,
                                              std::string_view& contradiction) {
    std::vector<Respelt> respelt;
    for (const Node member : object.children()) {
      if (!is_respelt(object, member, keys)) continue;
      const std::string_view name = keys.of(member.key());
      const auto known = std::find_if(respelt.begin(), respelt.end(),
                                      [&](const Respelt& each) { return each.name == name; });
      if (known == respelt.end())
        respelt.push_back({name, member});
      else if (!known->member.provided())
        known->member = member;
      else if (member.provided() && member.raw() != known->member.raw())
        contradiction = name;
    }
    return respelt;
  }
  void write_object(Node object, const SpeltKeys& keys, std::string& json,
                    std::string_view& contradiction) const {
    const std::vector<Respelt> respelt = respelt_members(object, keys, contradiction);
    json += '{';
    bool first = true;
    for (const Node member : object.children()) {
      std::string_view name = keys.of(member.key());
      const auto found = std::find_if(respelt.begin(), respelt.end(),
                                      [&](const Respelt& each) { return each.name == name; });
      if (found == respelt.end())
        name = member.key();
      else if (!found->member.is_same(member))
        continue;
      if (!std::exchange(first, false)) json += ',';
      if (member.has_odd_key())
        json.append("\"").append(member.written_key()) += '"';
      else
        append_json_string(json, name);
      json += ':';
      if (is_read(object, member, name, keys))
        write_value(member, json, contradiction);
      else
        json += member.raw();
    }
    json += '}';
  }

  const Vendor* vendor_;
  SpeltKeys root_, inner_;
  bool has_parts_ = false;  // records have keys inside their members
};

const std::vector<Spelling>& spellings() {
  static const std::vector<Spelling> all = [] {
    std::vector<Spelling> made;
    for (const Vendor* vendor : vendors()) made.emplace_back(*vendor);
    return made;
  }();
  return all;
}

const Spelling* spelling_of(const Vendor& vendor) {
  for (const Spelling& each : spellings())
    if (&each.vendor() == &vendor) return &each;
  return nullptr;
}

// The mark of a vendor: a key inside the record may be its own in another spelling.
std::uint32_t mark_of(const Spelling& spelling) {
  return std::uint32_t{1} << (&spelling - spellings().data());
}

std::uint32_t marks_of(std::string_view name) {
  std::uint32_t marks = 0;
  for (const Spelling& each : spellings())
    if (each.is_other_inside(name)) marks |= mark_of(each);
  return marks;
}

std::string quoted(std::span<const std::string_view> names, std::string_view last) {
  constexpr std::size_t most = 8;
  const std::size_t count = std::min(names.size(), most);
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_last = i + 1 == count && count == names.size();
    if (i > 0) list += is_last ? " " + std::string(last) + " " : ", ";
    list += names[i];
  }
  return count < names.size() ? list + ", …" : list;
}

std::vector<std::string_view> those(Node record, std::span<const std::string_view> names,
                                    bool present) {
  std::vector<std::string_view> found;
  for (const std::string_view name : names)
    if ((record[name].type() != Node::Type::missing) == present) found.push_back(name);
  return found;
}

// Keys under which SDKs, search engines, gateways and scripts wrap answers. No record has an object
// or a list under any of these.
constexpr std::string_view envelope_names[] = {
    "data",    "Data",    "DATA",    "list",   "List",  "items",   "Items",     "results",
    "Results", "result",  "Result",  "body",   "Body",  "records", "Records",   "rows",
    "Rows",    "hits",    "_source", "pages",  "Pages", "page",    "response",  "Response",
    "payload", "Payload", "content", "values", "value", "entries", "documents",
};

using Roles = std::unordered_map<std::string_view, FramingRules::Role>;

const Roles& declared_roles() {
  static const Roles roles = [] {
    Roles map;
    for (const Vendor* vendor : vendors()) {
      for (const Resource& resource : vendor->resources)
        if (!resource.decisive_key.empty()) map[resource.decisive_key] = FramingRules::Role::record;
      for (const std::string_view name : vendor->envelope_keys)
        map[name] = FramingRules::Role::envelope;
    }
    for (const std::string_view name : envelope_names)
      map.try_emplace(name, FramingRules::Role::envelope);
    return map;
  }();
  return roles;
}

bool is_spelling_of(std::string_view key, std::string_view plain) {
  std::size_t at = 0;
  for (const char c : key) {
    if (joins_words(c)) continue;
    if (at == plain.size() || lower(c) != plain[at]) return false;
    ++at;
  }
  return at == plain.size();
}

std::size_t ends_of(std::string_view key) {
  return std::size_t{static_cast<unsigned char>(lower(key.front()))} << 8 |
         static_cast<unsigned char>(lower(key.back()));
}

// The keys that have a role in any spelling: the vendors' envelopes, and the keys of records that
// have a member with the name of an envelope, which would be entered otherwise.
FramingRules::Role role_in_any_spelling(std::string_view key) {
  using Role = FramingRules::Role;
  static const auto roles = [] {
    std::vector<std::pair<std::string, Role>> all;
    for (const Vendor* vendor : vendors()) {
      for (const std::string_view name : vendor->envelope_keys)
        all.emplace_back(plain_key(name), Role::envelope);
      for (const Resource& resource : vendor->resources)
        for (const std::string_view own : resource.all_of)
          if (const auto role = declared_roles().find(own);
              role != declared_roles().end() && role->second == Role::envelope)
            all.emplace_back(plain_key(resource.decisive_key), Role::message);
    }
    return all;
  }();
  // Every key before a record's decisive one is asked about, so most are sorted out by their ends alone.
  static const auto ends = [] {
    std::bitset<std::size_t{1} << 16> found;
    for (const auto& each : roles) found.set(ends_of(each.first));
    return found;
  }();
  if (key.empty() || !ends[ends_of(key)]) return Role::unknown;
  for (const auto& [plain, role] : roles)
    if (is_spelling_of(key, plain)) return role;
  return Role::unknown;
}

FramingRules::Role role_of(std::string_view key) {
  const auto found = declared_roles().find(key);
  return found != declared_roles().end() ? found->second : role_in_any_spelling(key);
}

bool is_keyed(std::string_view object) {
  Document document;
  if (document.parse_copy(object)) return false;
  Recognised found = recognise(document.root());
  if (!found) found = recognise_respelt(document.root());
  return found && found.resource->keyed;
}

bool record_of_line(std::string_view line, std::string& json) {
  for (const Vendor* vendor : vendors())
    if (vendor->record_of_line != nullptr && vendor->record_of_line(line, json)) return true;
  return false;
}

}  // namespace

Recognised recognise(Node record) {
  const Signatures& signatures = Signatures::all();
  return record.is_object() ? signatures.match(signatures.keys_of(record)) : Recognised();
}

void require_vendor(std::string_view name, std::string_view who) {
  std::string known;
  for (const Vendor* each : vendors()) {
    if (each->name == name) return;
    known.append(known.empty() ? "" : ", ").append(each->name);
  }
  throw Error(std::string(who) + " the vendor '" + std::string(name) + "'; there are " + known,
              ErrorCode::mismatch);
}

std::unique_ptr<RowFilter> dialog_filter(std::string_view text) {
  for (const Vendor* vendor : vendors())
    if (vendor->dialog_filter != nullptr) return vendor->dialog_filter(text);
  throw Error("no vendor has a filter of its own", ErrorCode::mismatch);
}

Spelt spelt(const Recognised& as, Node record) {
  const Spelling* spelling = as ? spelling_of(*as.vendor) : nullptr;
  return spelling != nullptr ? spelling->spelt(record) : Spelt::as_declared;
}

bool needs_respelling(const Recognised& as, Spelt spelt, Node record, std::uint32_t marks) {
  if (spelt == Spelt::as_declared || spelt == Spelt::otherwise) return spelt == Spelt::otherwise;
  const Spelling* const spelling = spelling_of(*as.vendor);
  if (spelling == nullptr) return false;
  const bool may_have_parts = (marks & mark_of(*spelling)) != 0;
  return (spelt == Spelt::unsure && spelling->has_respelt_members(record)) ||
         (may_have_parts && spelling->has_respelt_parts(record));
}

Recognised recognise_respelt(Node record) {
  if (!record.is_object()) return {};
  const Signatures& signatures = Signatures::all();
  Recognised found;
  for (const Spelling& each : spellings()) {
    Signatures::Keys present;
    for (const Node member : record.children()) signatures.add(present, each.at_root(member.key()));
    const Recognised as = signatures.match(present, &each.vendor());
    if (!as) continue;
    if (found) return {};
    found = as;
  }
  return found;
}

std::string_view respell(const Recognised& as, Node record, std::string& json) {
  json.clear();
  return spelling_of(*as.vendor)->write(record, json);
}

std::string unrecognised_message(Node record) {
  if (!record.is_object()) return "a record is an object, found another kind of JSON value";
  const Signatures& signatures = Signatures::all();
  const Recognised closest = signatures.closest(signatures.keys_of(record));
  std::string message = "its keys do not match any vendor's record";
  if (!closest) return message;
  const Resource& resource = *closest.resource;
  message.append("; ").append(closest.vendor->title).append("'s ").append(resource.name);
  const auto lacks = those(record, resource.all_of, false);
  const auto excluded = those(record, resource.none_of, true);
  std::vector<std::string> parts;
  if (!lacks.empty()) parts.push_back(quoted(lacks, "and"));
  for (const auto any : {resource.any_of, resource.also_any_of})
    if (!any.empty() && those(record, any, true).empty())
      parts.push_back((any.size() > 1 ? "one of " : "") + quoted(any, "or"));
  if (parts.empty() && excluded.empty())
    return "its keys match more than one vendor's record, or two kinds of record of one vendor";
  for (std::size_t i = 0; i < parts.size(); ++i)
    message += (i == 0 ? " would have " : ", and ") + parts[i];
  if (!excluded.empty())
    message += (parts.empty() ? " would not have " : ", and not ") + quoted(excluded, "or");
  return message;
}

const FramingRules& framing_rules() {
  static constexpr FramingRules rules{role_of, is_keyed, record_of_line, marks_of};
  return rules;
}

}  // namespace cdr
