#include "vendors/field.hpp"

#include <bit>
#include <map>

#include "core/stop.hpp"
#include "core/text.hpp"
#include "json/document/keys.hpp"
#include "json/document/writer.hpp"
#include "vendors/element.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
namespace {

struct KindInfo {
  Kind kind;
  std::string_view type;
  std::string_view expected;  // for messages: 'the value is not …'
};
constexpr KindInfo kinds[] = {
    {Kind::text, "TEXT", "text"},
    {Kind::id, "TEXT", "text"},
    {Kind::integer, "INTEGER", "an integer"},
    {Kind::real, "DOUBLE", "a number"},
    {Kind::boolean, "INTEGER", "a boolean (true, false, 0, 1)"},
    {Kind::utc, "TIMESTAMP", "a time that exists (YYYY-MM-DD HH:MM:SS)"},
    {Kind::zoned, "TIMESTAMP", "a time that exists in the source's zone"},
    {Kind::epoch_ms, "TIMESTAMP", "a time (epoch milliseconds)"},
    {Kind::duration, "TEXT", "a duration (ISO 8601, such as PT1M23.4S)"},
    {Kind::list, "TEXT", "a JSON list"},
    {Kind::wrapped_list, "TEXT", "a JSON list"},
    {Kind::elements, "TEXT", "a JSON list"},
    {Kind::texts, "TEXT", "a JSON list of texts"},
    {Kind::wrapped_texts, "TEXT", "a JSON list of texts"},
    {Kind::object, "TEXT", "a JSON object"},
    {Kind::json, "TEXT", "a JSON list or object"},
    {Kind::context, "TEXT", "text"},
    {Kind::member, "TEXT", "text"},
    {Kind::resource, "TEXT", "text"},
};
const KindInfo& info(Kind kind) {
  return kinds[static_cast<std::size_t>(kind)];
}

Node resolve(Node from, std::span<const std::string_view> steps) {
  for (const std::string_view step : steps) from = from[step];
  return from;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

void add_kept(JsonObject& object, std::string_view key, Node value) {
  object.add_json(key, value.is_odd() ? value.kept() : value.raw());
}

// Reports the first odd key or value within `value`, its own key included; false if there is none.
bool note_odd(const Record& record, std::string_view path, Node value) {
  if (value.has_odd_key()) {
    record.note(ProblemCode::bad_string, path,
                "under a sound key: that holds NUL or half of a surrogate pair");
    return true;
  }
  if (value.is_odd()) {
    const bool text = value.type() == Node::Type::string;
    record.note(text ? ProblemCode::bad_string : ProblemCode::bad_number, path,
                text ? "sound text: it holds NUL or half of a surrogate pair"
                     : "a number within the range of int64 or double");
    return true;
  }
  for (const Node child : value.children())
    if (note_odd(record, path, child)) return true;
  return false;
}

// A value that is known about a record, but is not part of its text.
std::string_view stands_outside(const Record& record, Kind kind) {
  switch (kind) {
    case Kind::context:
      return record.context;
    case Kind::member:
      return record.member;
    case Kind::resource:
      return record.resource->name;
    default:
      return {};
  }
}

}  // namespace

std::string_view declared_type(Kind kind) {
  return info(kind).type;
}

// Which members of an element have fields: the whole member, or only parts of the object in it.
struct FieldReader::Claims {
  bool whole = false;
  std::map<std::string_view, Claims> parts;
  // The parts by the hashes of their names, because every member of every record is looked up.
  std::vector<const std::pair<const std::string_view, Claims>*> places;

  const Claims* find(std::string_view name) const {
    if (places.empty()) return nullptr;
    for (std::size_t at = hash_of_key(name, 0);; ++at) {
      const auto* const part = places[at & (places.size() - 1)];
      if (part == nullptr || part->first == name) return part == nullptr ? nullptr : &part->second;
    }
  }
  // Called when all are added.
  void index() {
    if (parts.empty()) return;
    places.assign(std::bit_ceil(parts.size() * 2), nullptr);
    for (auto& part : parts) {
      std::size_t at = hash_of_key(part.first, 0);
      while (places[at & (places.size() - 1)] != nullptr) ++at;
      places[at & (places.size() - 1)] = &part;
      part.second.index();
    }
  }

  void add(std::span<const std::string_view> steps) {
    Claims* claim = this;
    for (const std::string_view step : steps) claim = &claim->parts[step];
    claim->whole = true;
  }

  // Adds the members of `object` that no field reads to `extra`, under their dotted names.
  void collect(const Record& record, Node object, const std::string& prefix,
               JsonObject& extra) const {
    for (const Node member : object.children()) {
      const Claims* const claim = find(member.key());
      if (claim != nullptr && (claim->whole || !member.provided())) continue;
      if (claim == nullptr || !member.is_object()) {
        const std::string path = prefix + std::string(member.written_key());
        add_kept(extra, path, member);
        if (claim != nullptr)
          record.note(ProblemCode::bad_value, path, info(Kind::object).expected);
        else if (member.is_among_odd())
          note_odd(record, path, member);
        continue;
      }
      claim->collect(record, member, prefix + std::string(member.key()) + ".", extra);
    }
  }
};

FieldReader::FieldReader(std::span<const Field> fields)
    : fields_(fields),
      claims_(std::make_unique<Claims>()),
      claims_at_root_(std::make_unique<Claims>()) {
  for (const Field& field : fields) {
    Target& target = targets_.emplace_back();
    target.kind = field.kind;
    if (field.key.empty()) continue;
    for (std::string_view key : split(field.key, '|')) {
      Path path;
      path.from_root = key.front() == '/';
      if (path.from_root) key.remove_prefix(1);
      path.name = key;
      path.steps = split(key, '.');
      claims_at_root_->add(path.steps);
      if (!path.from_root) claims_->add(path.steps);
      target.paths.push_back(std::move(path));
    }
  }
  claims_->index();
  claims_at_root_->index();
}
FieldReader::~FieldReader() = default;
FieldReader::FieldReader(FieldReader&&) noexcept = default;

Value FieldReader::convert(const Target& target, const Path& path, Node node, const Record& record,
                           Arena& arena, Outcome& outcome) const {
  const auto texts = [&](Node list) -> Value {
    if (!list.is_array()) return {};
    const std::vector<Node> scalars = scalars_of(list);
    if (scalars.size() == list.size()) return Value::text(node.raw());
    if (scalars.empty()) return {};
    outcome = Outcome::partly;
    JsonList readable;
    for (const Node scalar : scalars) readable.add_json(scalar.raw());
    return Value::text(arena.keep(readable.text()));
  };
  const auto time = [&](TimeForm form) -> Value {
    const auto parsed = time_of(node, form, *record.zone);
    if (!parsed) return {};
    if (parsed->skipped) outcome = Outcome::skipped;
    if (parsed->ambiguous) {
      const auto settle = record.resource->settle;
      if (const auto instant = settle != nullptr ? settle(record, path.name) : std::nullopt)
        return Value::text(format_time(*instant, arena));
      outcome = Outcome::ambiguous;
    }
    return Value::text(format_time(parsed->instant, arena));
  };
  switch (target.kind) {
    case Kind::integer:
      if (const auto number = integer_of(node)) return Value::integer(*number);
      return {};
    case Kind::real:
      if (const auto number = real_of(node)) return Value::real(*number);
      return {};
    case Kind::boolean:
      if (const auto truth = boolean_of(node)) return Value::integer(*truth ? 1 : 0);
      return {};
    case Kind::utc:
      return time(TimeForm::utc);
    case Kind::zoned:
      return time(TimeForm::zoned);
    case Kind::epoch_ms:
      return time(TimeForm::epoch_ms);
    case Kind::duration:
      if (const auto text = text_of(node); parse_duration(text)) return Value::text(text);
      return {};
    case Kind::list:
      return node.is_array() ? Value::text(node.raw()) : Value();
    case Kind::wrapped_list:
      return list_of(node).is_array() ? Value::text(node.raw()) : Value();
    case Kind::elements:
      if (node.is_object()) return Value::text(arena.keep("[" + std::string(node.raw()) + "]"));
      return node.is_array() ? Value::text(node.raw()) : Value();
    case Kind::texts:
      return texts(node);
    case Kind::wrapped_texts:
      return texts(list_of(node));
    case Kind::object:
      return node.is_object() ? Value::text(node.raw()) : Value();
    case Kind::json:
      return node.is_container() ? Value::text(node.raw()) : Value();
    case Kind::id: {
      const std::string_view id = id_of(node);
      if (id.size() != text_of(node).size()) outcome = Outcome::trimmed;
      return id.empty() ? Value() : Value::text(id);
    }
    case Kind::text:
    case Kind::context:
    case Kind::member:
    case Kind::resource:
      return node.is_container() ? Value() : Value::text(text_of(node));
  }
  return {};
}

Value FieldReader::read(const Record& record, Node element, const ColumnSet& used,
                        std::size_t first_column, bool want_extra, std::span<Value> cells,
                        Arena& arena) const {
  check_stop();  // a list may have as many elements as fit into a record
  JsonObject extra;
  const bool odd = element.is_among_odd();
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (!want_extra) i = used.next(first_column + i) - first_column;
    if (i >= targets_.size()) break;
    const bool wanted = used.has(first_column + i);
    const Target& target = targets_[i];
    const Path* chosen = nullptr;
    Node node;
    for (const Path& path : target.paths) {
      const Node found = resolve(path.from_root ? record.root : element, path.steps);
      if (!found.provided()) continue;
      if (chosen == nullptr) {
        chosen = &path;
        node = found;
      } else if (want_extra && !path.from_root && found.raw() != node.raw()) {
        add_kept(extra, path.name, found);  // two spellings of one field that disagree
      }
    }
    if (chosen == nullptr) {
      const std::string_view fallback = stands_outside(record, target.kind);
      if (wanted && !fallback.empty()) cells[i] = Value::text(fallback);
      continue;
    }
    Outcome outcome = Outcome::good;
    const Value value = convert(target, *chosen, node, record, arena, outcome);
    if (value.is_null()) outcome = Outcome::bad;
    if (wanted) cells[i] = value;
    // Odd text was changed for its column. The token of a number is kept as it is.
    const bool read = outcome == Outcome::good || outcome == Outcome::trimmed;
    const bool changed = odd && read && node.is_odd() && node.type() == Node::Type::string;
    if (outcome == Outcome::good && !changed) continue;
    if (want_extra && !chosen->from_root) add_kept(extra, chosen->name, node);
    if (changed)
      note_odd(record, chosen->name, node);
    else if (outcome == Outcome::bad || outcome == Outcome::partly)
      record.note(ProblemCode::bad_value, chosen->name, info(target.kind).expected);
    else if (outcome == Outcome::ambiguous)
      record.note(ProblemCode::ambiguous_time, chosen->name,
                  "unique: a clock change makes this local time happen twice");
    else if (outcome == Outcome::skipped)
      record.note(ProblemCode::skipped_time, chosen->name,
                  "a time of its zone: a clock change skips this local time");
  }
  if (!want_extra && !(odd && record.sink != nullptr)) return {};
  collect_unread(record, element, extra);
  if (extra.empty() || !want_extra) return {};
  return Value::text(arena.keep(extra.text()));
}

void FieldReader::collect_unread(const Record& record, Node element, JsonObject& extra) const {
  if (!element.is_object()) {  // a list element that is not an object has no fields
    if (element.provided()) add_kept(extra, "", element);
    return;
  }
  const Claims& claims = element.is_same(record.root) ? *claims_at_root_ : *claims_;
  claims.collect(record, element, "", extra);
}

}  // namespace cdr
