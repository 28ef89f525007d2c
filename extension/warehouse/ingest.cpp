#include "extension/warehouse/ingest.hpp"

#include <algorithm>
#include <cstring>

namespace cdr::ext {
namespace {

constexpr std::size_t batch_records = 4096;
constexpr std::size_t batch_bytes = 8 * 1024 * 1024;

// A kind of record after the other, each by its ids: the order of the index, as far as it matters.
bool comes_before(const RawData& a, const RawData& b) {
  if (a.as.resource != b.as.resource) return std::less<>()(a.as.resource, b.as.resource);
  if (a.source != b.source) return a.source < b.source;
  return a.record_id < b.record_id;
}
bool same_key(const RawData& a, const RawData& b) {
  return a.as.resource == b.as.resource && a.record_id == b.record_id && a.source == b.source;
}

}  // namespace

Ingest::Ingest(sqlite3* database)
    : database_(database),
      raw_(database),
      facts_(database),
      unmapped_(database,
                "INSERT INTO main.unmapped_field VALUES (?1, ?2, ?3, ?4, ?5, 1, "
                "strftime('%Y-%m-%d %H:%M:%f', 'now'), strftime('%Y-%m-%d %H:%M:%f', 'now')) "
                "ON CONFLICT DO UPDATE SET count = count + 1, last_seen = excluded.last_seen"),
      tombstones_(database) {}

void Ingest::begin(const Context& context, ImportCounts& counts) {
  context_ = context;
  counts_ = &counts;
  next_id_ = raw_.last_id() + 1;
  tombstones_.refresh();
}

void Ingest::abandon() {
  clear_batch();
  raw_.forget();
}

void Ingest::clear_batch() {
  batch_.clear();
  touched_.clear();
  by_raw_id_.clear();
  members_.clear();
  components_.clear();
  arena_.clear();
  bytes_ = 0;
}

void Ingest::add(const Vendor& vendor, const Record& record, std::string_view id) {
  Incoming& incoming = batch_.emplace_back();
  RawData& raw = incoming.raw;
  raw.as = {&vendor, record.resource};
  raw.source = arena_.keep(record.source);
  raw.record_id = arena_.keep(id);
  const std::string_view json = record.root.raw();
  char* const copy = arena_.allocate(json.size() + padding);
  std::memcpy(copy, json.data(), json.size());
  std::memset(copy + json.size(), 0, padding);
  raw.json = {copy, json.size()};
  raw.version.fetched_at = context_.fetched_at;
  raw.version.rank = rank_of(record);
  if (!record.zone->is_utc()) raw.version.zone = arena_.keep(record.zone->name());
  raw.version.context = arena_.keep(record.context);
  raw.version.member = arena_.keep(record.member);
  incoming.links = link_ids(vendor, record);
  if (tombstones_.cover(vendor, record, id, incoming.links, raw.version.rank.latest)) {
    ++counts_->stale;
    batch_.pop_back();
    return;
  }
  bytes_ += json.size();
  if (batch_.size() >= batch_records || bytes_ >= batch_bytes) flush();
}

void Ingest::touch(std::int64_t raw_id) {
  touched_.push_back(raw_id);
  if (touched_.size() >= batch_records) flush();
}

void Ingest::flush() {
  choose_versions();
  number_new_records();
  write_links();
  find_components();
  write_raw();
  for (const Component& component : components_) write_facts(component);
  clear_batch();
}

void Ingest::choose_versions() {
  // In the order of the key, which is that of the index.
  std::vector<Incoming*> order;
  order.reserve(batch_.size());
  for (Incoming& each : batch_) order.push_back(&each);
  std::stable_sort(order.begin(), order.end(), [](const Incoming* a, const Incoming* b) {
    return comes_before(a->raw, b->raw);
  });
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && same_key(order[to]->raw, order[from]->raw)) ++to;
    choose_among(std::span(order).subspan(from, to - from));
    from = to;
  }
}

// What would happen if they came one by one; only the last that stands is written.
void Ingest::choose_among(std::span<Incoming* const> versions) {
  const RawData& key = versions.front()->raw;
  auto known = raw_.find(key.as, key.source, key.record_id);
  Incoming* standing = nullptr;
  std::optional<Version> best;
  if (known) best = known->version;
  for (Incoming* each : versions) {
    const Version& version = each->raw.version;
    if (!best) {
      ++counts_->inserted;
    } else if (version.same_content(*best)) {
      ++counts_->unchanged;
      // The same content, fetched again: it stands against what was fetched in between.
      if (best->fetched_at < version.fetched_at) {
        best->fetched_at = version.fetched_at;
        if (standing != nullptr)
          standing->raw.version.fetched_at = version.fetched_at;
        else
          raw_.set_fetched_at(known->id, *version.fetched_at);
      }
      continue;
    } else if (*best < version) {
      ++counts_->updated;
    } else {
      ++counts_->stale;
      continue;
    }
    best = version;
    standing = each;
  }
  if (standing == nullptr) return;
  standing->writes = true;
  standing->is_new = !known;
  if (!known) return;
  standing->raw.id = known->id;
  standing->raw.component = known->component;
}

// In the order of arrival, so that what came together lies together.
void Ingest::number_new_records() {
  for (Incoming& each : batch_) {
    if (!each.writes) continue;
    if (each.is_new) each.raw.id = next_id_++;
    by_raw_id_[each.raw.id] = &each;
    touched_.push_back(each.raw.id);
  }
}

void Ingest::write_links() {
  std::vector<std::pair<LinkId, std::int64_t>> links;
  for (const Incoming& each : batch_) {
    if (!each.writes) continue;
    if (!each.is_new && each.raw.as.resource->links != nullptr) {
      // Whoever was mapped with it before may have to do without it now.
      raw_.records_of(each.raw.component, touched_);
      unlink_old(each);
    }
    for (const LinkId& link : each.links) links.emplace_back(link, each.raw.id);
  }
  std::sort(links.begin(), links.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.low, a.second) < std::pair(b.first.low, b.second);
  });
  for (const auto& [link, id] : links) raw_.add_link(link, id);
}

void Ingest::unlink_old(const Incoming& incoming) {
  const RawData old = raw_.read(incoming.raw.id, arena_);
  Record record;
  raw_.describe(old, document_, record);
  for (const LinkId& link : link_ids(*old.as.vendor, record))
    if (!std::binary_search(incoming.links.begin(), incoming.links.end(), link))
      raw_.remove_link(link, incoming.raw.id);
}

const Ingest::Member& Ingest::member(std::int64_t raw_id) {
  const auto [at, added] = members_.try_emplace(raw_id);
  Member& member = at->second;
  if (!added) return member;
  if (const auto incoming = by_raw_id_.find(raw_id); incoming != by_raw_id_.end()) {
    member.incoming = incoming->second;
    member.raw = incoming->second->raw;
    member.links = incoming->second->links;
    return member;
  }
  member.raw = raw_.read(raw_id, arena_);
  if (member.raw.as.resource->links == nullptr) return member;
  Record record;
  raw_.describe(member.raw, document_, record);
  member.links = link_ids(*member.raw.as.vendor, record);
  return member;
}

// All that share an id with it, directly or through others. What record_link finds by half a hash
// must agree in all of it.
void Ingest::spread(std::int64_t seed, Component& component) {
  std::set<LinkId> followed;
  std::vector<std::int64_t> sharing;
  component.members.push_back(&member(seed));
  for (std::size_t i = 0; i < component.members.size(); ++i)
    for (const LinkId& link : component.members[i]->links) {
      if (!followed.insert(link).second) continue;
      sharing.clear();
      raw_.records_sharing(link, sharing);
      for (const std::int64_t raw_id : sharing) {
        if (placed_.contains(raw_id)) continue;
        const Member& other = member(raw_id);
        if (!std::binary_search(other.links.begin(), other.links.end(), link)) continue;
        placed_.insert(raw_id);
        component.members.push_back(&other);
      }
    }
}

void Ingest::find_components() {
  placed_.clear();
  for (const std::int64_t raw_id : touched_) {
    if (!placed_.insert(raw_id).second) continue;
    Component& component = components_.emplace_back();
    spread(raw_id, component);
    auto& members = component.members;
    component.id = (*std::min_element(members.begin(), members.end(), [](auto* a, auto* b) {
                     return a->raw.id < b->raw.id;
                   }))->raw.id;
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return key_of(a->raw) < key_of(b->raw); });
  }
  // Near the order of the interactions' ids, in which the tables keep their rows.
  std::sort(components_.begin(), components_.end(), [](const Component& a, const Component& b) {
    return key_of(a.members.front()->raw) < key_of(b.members.front()->raw);
  });
}

void Ingest::write_raw() {
  // An interaction's id may pass from one component to another: all that goes, goes first.
  std::set<std::int64_t> gone;
  std::unordered_map<std::int64_t, std::int64_t> component_of;
  for (const Component& component : components_)
    for (const Member* each : component.members) {
      if (each->raw.component != 0) gone.insert(each->raw.component);
      component_of[each->raw.id] = component.id;
      if (each->incoming == nullptr && each->raw.component != component.id)
        raw_.set_component(each->raw.id, component.id);
    }
  for (const std::int64_t component : gone) facts_.remove(component);

  std::map<const Resource*, std::vector<std::string_view>> samples;
  std::map<const Resource*, Recognised> kinds;
  for (const Incoming& each : batch_)
    if (each.writes) {
      samples[each.raw.as.resource].push_back(each.raw.json);
      kinds[each.raw.as.resource] = each.raw.as;
    }
  for (const auto& [resource, texts] : samples) raw_.prepare(kinds[resource], texts);
  for (Incoming& each : batch_) {
    if (!each.writes) continue;
    each.raw.component = component_of[each.raw.id];
    if (each.is_new)
      raw_.insert(each.raw, context_.import_id);
    else
      raw_.update(each.raw, context_.import_id);
  }
}

void Ingest::write_facts(const Component& component) {
  const auto& members = component.members;
  if (documents_.size() < members.size()) documents_.resize(members.size());
  records_.resize(members.size());
  const Vendor& vendor = *members.front()->raw.as.vendor;
  for (std::size_t i = 0; i < members.size(); ++i) {
    raw_.describe(members[i]->raw, documents_[i], records_[i]);
    if (members[i]->incoming != nullptr) note_unmapped(vendor, records_[i]);
  }
  mapped_.clear();
  vendor.map(records_, Wanted::everything(), mapped_);
  if (facts_.write(component.id, mapped_)) ++counts_->interactions;
}

void Ingest::note_unmapped(const Vendor& vendor, const Record& record) {
  for (const UnmappedField& field : unmapped_fields_.of(vendor, record))
    unmapped_.execute(vendor.name, record.resource->name, field.path,
                      field.kind == UnmappedField::Kind::unknown ? "unknown" : "unconverted",
                      field.type);
}

}  // namespace cdr::ext
