#include "extension/warehouse/ingest.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include "core/stop.hpp"
#include "vendors/contradiction.hpp"

namespace cdr::ext {
namespace {

// So many interactions are mapped at a time, and so many times that are under way.
constexpr std::size_t chunk_components = 64;
constexpr std::size_t chunks_ahead = 3;
constexpr std::size_t most_touched = std::size_t{8} * 1024;

// Records of one key, and they in the order of arrival.
bool comes_before(const Incoming* a, const Incoming* b) {
  const RawData &x = a->raw, &y = b->raw;
  if (x.key_hash != y.key_hash) return x.key_hash < y.key_hash;
  if (x.as.resource != y.as.resource) return std::less<>()(x.as.resource, y.as.resource);
  if (x.source != y.source) return x.source < y.source;
  if (x.record_id != y.record_id) return x.record_id < y.record_id;
  return a < b;
}
bool same_key(const RawData& a, const RawData& b) {
  return a.key_hash == b.key_hash && a.as.resource == b.as.resource && a.record_id == b.record_id &&
         a.source == b.source;
}

}  // namespace

// Some components, from their texts to their facts, which live until the next ones are mapped. Only
// the worker calls map().
class Ingest::Chunk {
 public:
  void begin(std::span<const Component> components) {
    components_ = components;
    if (facts_.size() < components.size()) facts_.resize(components.size());
    unmapped_.clear();
  }
  void map() {
    made_.clear();
    texts_.rewind();
    for (std::size_t i = 0; i < components_.size(); ++i) {
      map_one(components_[i], facts_[i]);
      made_.push_back({components_[i].id, &facts_[i], components_[i].stays});
    }
  }
  std::span<const FactStore::Made> made() const { return made_; }
  const Unmapped& unmapped() const { return unmapped_; }

  Worker::Pending done;

 private:
  void map_one(const Component& component, Facts& facts) {
    const auto& members = component.members;
    if (documents_.size() < members.size()) documents_.resize(members.size());
    records_.resize(members.size());
    const Vendor& vendor = *members.front()->raw.as.vendor;
    for (std::size_t i = 0; i < members.size(); ++i) {
      check_stop();
      parser_.parse(members[i]->raw, documents_[i], records_[i], texts_);
    }
    facts.clear();
    map_with_note(vendor, records_, Wanted::everything(), facts);
    if (UnmappedFields::none_in(vendor, facts)) return;
    for (std::size_t i = 0; i < members.size(); ++i)
      if (members[i]->incoming != nullptr) note_unmapped(vendor, records_[i]);
  }
  void note_unmapped(const Vendor& vendor, const Record& record) {
    for (const UnmappedField& field : fields_.of(vendor, record)) {
      UnmappedCount& count = unmapped_[{vendor.name, record.resource->name, field.path,
                                        field.kind == UnmappedField::Kind::unknown}];
      if (count.records++ == 0) count.type = field.type;
    }
  }

  std::span<const Component> components_;
  std::deque<Facts> facts_;  // of which none moves
  // Of one component after the other: documents know the keys of those before.
  std::vector<Document> documents_;
  std::vector<Record> records_;
  Arena texts_;  // of what the facts say
  std::vector<FactStore::Made> made_;
  RawParser parser_;
  UnmappedFields fields_;
  Unmapped unmapped_;
};

Ingest::Ingest(sqlite3* database, Worker& worker)
    : database_(database),
      worker_(worker),
      raw_(database),
      facts_(database),
      unmapped_(database,
                "INSERT INTO main.unmapped_field VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                "strftime('%Y-%m-%d %H:%M:%f', 'now'), strftime('%Y-%m-%d %H:%M:%f', 'now')) "
                "ON CONFLICT DO UPDATE SET count = count + ?6, last_seen = excluded.last_seen"),
      tombstones_(database) {
  for (std::size_t i = 0; i < chunks_ahead; ++i) chunks_.push_back(std::make_unique<Chunk>());
}

Ingest::~Ingest() {
  worker_.forget();
}

void Ingest::begin(std::int64_t import_id, ImportCounts& counts) {
  import_id_ = import_id;
  counts_ = &counts;
  next_id_ = raw_.last_id() + 1;
  facts_.forget();
  tombstones_.refresh();
}

void Ingest::abandon() {
  worker_.forget();
  compressed_ = {};
  for (const auto& chunk : chunks_) chunk->done = {};
  forget_batch();
  unmapped_fields_.clear();
  raw_.forget();
  facts_.forget();
}

void Ingest::forget_batch() {
  written_.clear();
  codings_.clear();
  touched_.clear();
  by_raw_id_.clear();
  members_.clear();
  components_.clear();
  arena_.clear();
  payloads_.clear();
}

void Ingest::touch(std::int64_t raw_id) {
  touched_.push_back(raw_id);
  if (touched_.size() >= most_touched) write();
}

void Ingest::take_in(Batch& batch) {
  std::vector<Incoming*> order;
  order.reserve(batch.records().size());
  for (Incoming& each : batch.records()) {
    if (tombstones_.cover_date(each.raw))
      ++counts_->stale;
    else
      order.push_back(&each);
  }
  // Records of one key together, the others where they are: it is the order in which they were
  // stored, if they were.
  std::sort(order.begin(), order.end(), comes_before);
  std::vector<std::span<Incoming* const>> keys(batch.records().size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && same_key(order[to]->raw, order[from]->raw)) ++to;
    const auto first = static_cast<std::size_t>(order[from] - batch.records().data());
    keys[first] = std::span(order).subspan(from, to - from);
    from = to;
  }
  {
    RawStore::Search stored(raw_);
    for (const auto& versions : keys)
      if (!versions.empty()) choose_among(versions, stored);
  }
  for (Incoming& each : batch.records())
    if (each.writes) written_.push_back(&each);
  number_new_records();
  compress();
}

void Ingest::write() {
  write_links();
  find_components();
  remove_former_facts();
  if (compressed_.valid()) compressed_.get();
  write_raw();
  write_facts();
  write_unmapped();
  forget_batch();
}

// What would happen if they came one by one; only the last that stands is written.
void Ingest::choose_among(std::span<Incoming* const> versions, RawStore::Search& stored) {
  auto known = stored.find(versions.front()->raw);
  Incoming* standing = nullptr;
  std::optional<Version> best;
  if (known) best = known->version;
  for (Incoming* each : versions) {
    const Version& version = each->raw.version;
    if (best && version.same_content(*best)) {
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
    }
    look_into(*each);
    if (!best) {
      ++counts_->inserted;
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

void Ingest::look_into(Incoming& incoming) {
  if (incoming.is_looked_into) return;
  Record record;
  parser_.parse(incoming.raw, document_, record);
  incoming.raw.version.rank = rank_of(record);
  incoming.links = link_ids(*incoming.raw.as.vendor, record);
  incoming.is_looked_into = true;
}

// In the order of arrival, so that what came together lies together.
void Ingest::number_new_records() {
  for (Incoming* each : written_) {
    if (each->is_new) each->raw.id = next_id_++;
    by_raw_id_[each->raw.id] = each;
    touched_.push_back(each->raw.id);
  }
}

// A kind of record that is new is given a dictionary first, if there are enough.
void Ingest::compress() {
  std::map<const Resource*, std::vector<std::string_view>> samples;
  std::map<const Resource*, Recognised> kinds;
  for (const Incoming* each : written_) {
    samples[each->raw.as.resource].push_back(each->raw.json);
    kinds[each->raw.as.resource] = each->raw.as;
  }
  for (const auto& [resource, texts] : samples) {
    raw_.prepare(kinds[resource], texts);
    codings_[resource] = raw_.coding(kinds[resource]);
  }
  if (written_.empty()) return;
  compressed_ = worker_.run([this] {
    for (Incoming* each : written_) {
      check_stop();
      const RawStore::Coding& coding = codings_.find(each->raw.as.resource)->second;
      each->payload = payloads_.keep(compressor_.compress(each->raw.json, coding.dictionary));
      each->dictionary_id = coding.dictionary_id;
    }
  });
}

void Ingest::write_links() {
  std::vector<std::pair<LinkId, std::int64_t>> links;
  for (const Incoming* each : written_) {
    if (!each->is_new && each->raw.as.resource->links != nullptr) {
      // Whoever was mapped with it before may have to do without it now.
      raw_.records_of(each->raw.component, touched_);
      unlink_old(*each);
    }
    for (const LinkId& link : each->links) links.emplace_back(link, each->raw.id);
  }
  std::sort(links.begin(), links.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.low, a.second) < std::pair(b.first.low, b.second);
  });
  raw_.add_links(links);
}

void Ingest::unlink_old(const Incoming& incoming) {
  const RawData old = raw_.read(incoming.raw.id, arena_);
  Record record;
  parser_.parse(old, document_, record);
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
  parser_.parse(member.raw, document_, record);
  member.own_links = link_ids(*member.raw.as.vendor, record);
  member.links = member.own_links;
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
  // The order in which the tables keep their rows.
  std::sort(components_.begin(), components_.end(),
            [](const Component& a, const Component& b) { return a.id < b.id; });
}

// An interaction's id may pass from one component to another: what does not stay goes first.
void Ingest::remove_former_facts() {
  std::map<std::int64_t, const Component*> now_in;  // by former component; null: in several
  for (Component& component : components_) {
    component.stays = true;
    for (const Member* each : component.members) {
      const std::int64_t former = each->raw.component;
      component.stays = component.stays && former == component.id;
      if (former == 0) continue;
      const auto [at, added] = now_in.try_emplace(former, &component);
      if (!added && at->second != &component) at->second = nullptr;
    }
  }
  for (Component& component : components_) {
    const auto at = now_in.find(component.id);
    component.stays = component.stays && at != now_in.end() && at->second == &component;
  }
  for (const auto& [former, component] : now_in)
    if (component == nullptr || !component->stays) facts_.remove(former);
}

void Ingest::write_raw() {
  for (const Component& component : components_)
    for (const Member* each : component.members) {
      if (each->incoming != nullptr) each->incoming->raw.component = component.id;
      if (each->incoming != nullptr && each->incoming->is_new) continue;
      if (each->raw.component != component.id) raw_.set_component(each->raw.id, component.id);
    }
  for (Incoming* each : written_) {
    if (each->is_new)
      raw_.insert(each->raw, each->payload, each->dictionary_id, import_id_);
    else
      raw_.update(each->raw, each->payload, each->dictionary_id, import_id_);
  }
}

// While the facts of one chunk are written, those of the next ones are made.
void Ingest::write_facts() {
  std::span<const Component> rest = components_;
  const auto start = [&](Chunk& chunk) {
    const std::size_t count = std::min(rest.size(), chunk_components);
    if (count == 0) return;
    chunk.begin(rest.first(count));
    rest = rest.subspan(count);
    chunk.done = worker_.run([&chunk] { chunk.map(); });
  };
  for (const auto& chunk : chunks_) start(*chunk);
  for (std::size_t turn = 0; chunks_[turn]->done.valid(); turn = (turn + 1) % chunks_.size()) {
    Chunk& chunk = *chunks_[turn];
    chunk.done.get();
    counts_->interactions += facts_.write(chunk.made());
    for (const auto& [key, count] : chunk.unmapped()) {
      UnmappedCount& all = unmapped_fields_[key];
      if (all.records == 0) all.type = count.type;
      all.records += count.records;
    }
    start(chunk);
  }
}

void Ingest::write_unmapped() {
  for (const auto& [key, count] : unmapped_fields_) {
    const auto& [vendor, resource, path, is_unknown] = key;
    unmapped_.execute(vendor, resource, path, is_unknown ? "unknown" : "unconverted", count.type,
                      count.records);
  }
  unmapped_fields_.clear();
}

}  // namespace cdr::ext
