#include "extension/warehouse/import/ingest.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <numeric>
#include <utility>

#include "core/stop.hpp"
#include "core/text.hpp"
#include "reading/group_limits.hpp"
#include "vendors/contradiction.hpp"

namespace cdr::ext {
namespace {

// How many interactions are mapped at a time, and how many such chunks are in progress.
constexpr std::size_t chunk_components = 64, chunk_records = 1024;
constexpr std::size_t chunks_ahead = 3;
constexpr std::size_t most_touched = std::size_t{8} * 1024;
// finish() builds a component with more records once, and also checks whether it is too large.
std::size_t at_once() {
  return std::min(group_limits.at_once, group_limits.records);
}

// How many dialogs of a large interaction are mapped at a time.
constexpr std::size_t part_records = std::size_t{8} * 1024;

// Keeps fewer pages of the database in memory while a large interaction's records are in memory.
class SmallCache {
 public:
  SmallCache(sqlite3* database, std::size_t records) : database_(database) {
    if (records <= part_records) return;
    Statement select(database, "PRAGMA main.cache_size");
    auto rows = select.query();
    if (!rows.next()) return;
    before_ = rows.integer(0);
    set(std::int64_t{-16} * 1024);
    sqlite3_db_release_memory(database);
#ifdef __GLIBC__
    malloc_trim(0);  // otherwise only the worker's thread would use again the memory that it freed
#endif
  }
  ~SmallCache() {
    if (before_) set(*before_);
  }
  SmallCache(const SmallCache&) = delete;
  SmallCache& operator=(const SmallCache&) = delete;

 private:
  void set(std::int64_t size) {
    std::array<char, 64> sql{};  // allocates nothing, because an exception may be in flight
    std::snprintf(sql.data(), sql.size(), "PRAGMA main.cache_size = %lld",
                  static_cast<long long>(size));
    sqlite3_exec(database_, sql.data(), nullptr, nullptr, nullptr);
  }
  sqlite3* database_;
  std::optional<std::int64_t> before_;
};

// Sorts records by key, and records of one key in the order of arrival.
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

// Maps some components from their texts to their facts, and makes the rows of these. Both live until
// the next ones are mapped. Only the worker calls map().
class Ingest::Chunk {
 public:
  explicit Chunk(const FactStore& store) : store_(store) {}
  // `limits` is what figures are counted with.
  void begin(std::span<const Component> components, const LimitsOf& limits) {
    components_ = components;
    limits_ = &limits;
    if (facts_.size() < components.size()) facts_.resize(components.size());
    unmapped_.clear();
  }
  void map() {
    made_.clear();
    texts_.rewind();
    for (std::size_t i = 0; i < components_.size(); ++i) {
      map_one(components_[i], facts_[i]);
      const Component& component = components_[i];
      made_.push_back({component.id, &facts_[i], component.stays, *component.imports.rbegin()});
    }
    store_.make(made_, *limits_, rows_);
  }
  std::span<const FactStore::Made> made() const { return made_; }
  FactStore::MadeRows& rows() { return rows_; }
  std::span<const Component> components() const { return components_; }
  const Unmapped& unmapped() const { return unmapped_; }
  std::size_t records() const {
    std::size_t count = 0;
    for (const Component& each : components_) count += each.members.size();
    return count;
  }

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
    if (UnmappedFields::none_in(vendor, records_, facts)) return;
    for (std::size_t i = 0; i < members.size(); ++i)
      if (members[i]->has_come) count_unmapped(fields_, vendor, records_[i], unmapped_);
  }

  const FactStore& store_;
  std::span<const Component> components_;
  const LimitsOf* limits_ = nullptr;
  std::deque<Facts> facts_;  // none of them moves
  // Used for one component after the other, because documents remember the keys of earlier ones.
  std::vector<Document> documents_;
  std::vector<Record> records_;
  Arena texts_;  // the texts of the facts
  std::vector<FactStore::Made> made_;
  FactStore::MadeRows rows_;
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
  for (std::size_t i = 0; i < chunks_ahead; ++i) chunks_.push_back(std::make_unique<Chunk>(facts_));
}

Ingest::~Ingest() {
  worker_.forget();
}

void Ingest::begin(std::int64_t import_id, ImportCounts& counts, bool names_zone,
                   Building building) {
  import_id_ = import_id;
  names_zone_ = names_zone;
  building_ = building;
  counts_ = &counts;
  counts_of_[import_id] = &counts;
  next_id_ = raw_.last_id() + 1;
  facts_.forget();
  tombstones_.refresh();
  seen_.clear();
  came_again_.clear();
  erased_ = 0;
  zones_kept_ = 0;
}

void Ingest::abandon() {
  worker_.forget();
  compressed_ = {};
  for (const auto& chunk : chunks_) chunk->done = {};
  forget_batch();
  unmapped_fields_.clear();
  bad_times_.clear();
  kept_zones_.clear();
  differing_ = 0;
  raw_.forget();
  facts_.forget();
  facts_.figures().forget();
  facts_.take_crowded();
  forget_noted();
  counts_of_.clear();
  counted_.clear();
  seen_.clear();
}

void Ingest::forget_noted() {
  deferred_.clear();
  making_.clear();
  noted_.clear();
  noted_components_.clear();
  noted_links_.clear();
  arrivals_.clear();
  before_texts_.clear();
  placed_.clear();
}

void Ingest::forget_batch() {
  raw_.expect({});
  expected_.clear();
  lost_.clear();
  hubs_of_batch_.clear();
  large_of_batch_.clear();
  noted_of_batch_.clear();
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
  const auto at = static_cast<std::size_t>(raw_id);
  if (at < seen_.size() && seen_[at]) return;
  touched_.push_back(raw_id);
  if (touched_.size() >= most_touched) write();
}

void Ingest::take_in(Batch& batch) {
  std::vector<Incoming*> order;
  order.reserve(batch.records().size());
  for (Incoming& each : batch.records()) {
    if (!tombstones_.cover_date(each.raw)) {
      order.push_back(&each);
      continue;
    }
    ++counts_->stale;
    note_erased(1);
  }
  // Brings records of one key together, and leaves the others in their order: if they are stored
  // already, they were stored in this order.
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
  part_from_others();
  if (compressed_.valid()) compressed_.get();
  write_raw();
  write_facts();
  write_unmapped();
  if (written_.empty()) {
    for (const std::int64_t raw_id : placed_) {
      const auto at = static_cast<std::size_t>(raw_id);
      if (at >= seen_.size()) seen_.resize(std::max(at + 1, seen_.size() * 2));
      seen_[at] = true;
    }
  } else {
    seen_.clear();
  }
  forget_batch();
}

// Decides as if the records came one by one. Only the last one that counts is written.
void Ingest::choose_among(std::span<Incoming* const> versions, RawStore::Search& stored) {
  auto known = stored.find(versions.front()->raw);
  if (known) ++came_again_[known->first_import];
  Incoming* standing = nullptr;
  std::optional<Version> best;
  if (known) best = known->version;
  if (known && !names_zone_ && !known->version.zone.empty())
    keep_zone(versions, known->version.zone);
  for (Incoming* each : versions) {
    Version& version = each->raw.version;
    if (best && version.same_reading(*best)) {
      ++counts_->unchanged;
      // The same content was fetched again, so it prevails over versions fetched in between.
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
    // Counts records whose times do not tell which is newer. If the times differ, the export holds
    // a record as it was and as it became.
    if (standing != nullptr && standing->raw.version.fetched_at == version.fetched_at &&
        standing->raw.version.rank.latest == version.rank.latest)
      ++differing_;
    if (!best) {
      ++counts_->inserted;
    } else if (replaces(*each, *best)) {
      ++counts_->updated;
    } else {
      ++counts_->stale;
      continue;
    }
    // The same content in another zone: the later fetch of both counts.
    if (best && version.same_content(*best))
      version.fetched_at = std::max(version.fetched_at, best->fetched_at);
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

// An import that names no zone says nothing about it: its versions are read in the record's zone.
void Ingest::keep_zone(std::span<Incoming* const> versions, std::string_view zone) {
  ++kept_zones_[std::string(zone)];
  ++zones_kept_;
  zone = arena_.keep(zone);
  for (Incoming* each : versions) {
    each->raw.version.zone = zone;
    each->is_looked_into = false;  // its times have changed
  }
}

// Content decides, whatever the order of arrival. Only the zone is not content: it is the caller's
// to say, so for the same content the zone that is named now counts. Between two contents, times
// are compared as they are written: both in one zone.
bool Ingest::replaces(const Incoming& incoming, const Version& former) {
  const Version& version = incoming.raw.version;
  if (version.zone == former.zone) return former < version;
  if (version.same_content(former)) return true;
  RawData raw = incoming.raw;
  raw.version.zone = former.zone;
  Record record;
  parser_.parse(raw, document_, record);
  raw.version.rank = rank_of(record);
  return former < raw.version;
}

void Ingest::look_into(Incoming& incoming) {
  if (incoming.is_looked_into) return;
  Record record;
  parser_.parse(incoming.raw, document_, record);
  incoming.raw.version.rank = rank_of(record);
  incoming.links = link_ids(*incoming.raw.as.vendor, record);
  incoming.is_looked_into = true;
}

// In the order of arrival, so that records that came together are stored together.
void Ingest::number_new_records() {
  for (Incoming* each : written_) {
    if (each->is_new) each->raw.id = next_id_++;
    by_raw_id_[each->raw.id] = each;
    touched_.push_back(each->raw.id);
  }
}

// A new kind of record gets a dictionary first, if there are enough records.
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
    if (!each->is_new && each->raw.as.resource->links != nullptr) unlink_old(*each);
    for (const LinkId& link : each->links) links.emplace_back(link, each->raw.id);
  }
  std::sort(links.begin(), links.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.low, a.second) < std::pair(b.first.low, b.second);
  });
  raw_.add_links(links);
}

// Records that were mapped with it before, and that only a lost link joined with it, have to do
// without it now. Each of them is joined with one that has the link.
void Ingest::unlink_old(const Incoming& incoming) {
  const RawData old = raw_.read(incoming.raw.id, arena_);
  Record record;
  parser_.parse(old, document_, record);
  for (const LinkId& link : link_ids(*old.as.vendor, record)) {
    if (std::binary_search(incoming.links.begin(), incoming.links.end(), link)) continue;
    raw_.remove_link(link, incoming.raw.id);
    lose(link);
    if (const std::int64_t component = incoming.raw.component; is_large(component))
      noted_components_[component].insert(import_id_);
    else
      raw_.records_sharing(link, touched_);
  }
}

// Whether a component, as it was before the batch, is too large to be built now. It is counted once,
// however many of its records have lost links.
bool Ingest::is_large(std::int64_t component) {
  if (component == 0) return false;
  const auto [at, is_new] = large_of_batch_.try_emplace(component, false);
  if (is_new) at->second = raw_.has_more_records(component, at_once());
  return at->second;
}

Ingest::Member& Ingest::member(std::int64_t raw_id) {
  const auto [at, added] = members_.try_emplace(raw_id);
  Member& member = at->second;
  if (!added) return member;
  if (const auto incoming = by_raw_id_.find(raw_id); incoming != by_raw_id_.end()) {
    member.incoming = incoming->second;
    member.has_come = true;
    member.raw = incoming->second->raw;
    member.links = incoming->second->links;
    return member;
  }
  ++work_.read;
  member.has_come = arrivals_.contains(raw_id);
  member.raw = raw_.read(raw_id, arena_);
  if (member.raw.as.resource->links == nullptr) return member;
  Record record;
  parser_.parse(member.raw, document_, record);
  member.own_links = link_ids(*member.raw.as.vendor, record);
  member.links = member.own_links;
  return member;
}

// Collects all records that share an id with `seed`, directly or through others. record_link finds
// them by half a hash, so the whole hash must agree, too. false: there are too many to be built
// now.
bool Ingest::spread(std::int64_t seed, Component& component) {
  std::unordered_set<LinkId, LinkHash> followed;
  std::vector<std::int64_t> sharing;
  const auto too_many = [&] {
    noted_links_.insert(followed.begin(), followed.end());
    for (const Member* each : component.members) noted_of_batch_.insert(each->raw.id);
    return false;
  };
  component.members.push_back(&member(seed));
  for (std::size_t i = 0; i < component.members.size(); ++i)
    for (const LinkId& link : component.members[i]->links) {
      if (followed.contains(link)) continue;
      sharing.clear();
      if (noted_links_.contains(link) ? !raw_.is_followed(link)
                                      : !raw_.records_sharing(link, sharing)) {
        note_hub(link, component.members[i]->raw.id);
        continue;
      }
      if (noted_links_.contains(link)) return too_many();
      followed.insert(link);
      for (const std::int64_t raw_id : sharing) {
        if (noted_of_batch_.contains(raw_id)) return too_many();
        if (placed_.contains(raw_id)) continue;
        Member& other = member(raw_id);
        if (!std::binary_search(other.links.begin(), other.links.end(), link)) continue;
        placed_.insert(raw_id);
        component.members.push_back(&other);
        const bool is_noted =
            making_.empty() && other.incoming == nullptr && other.raw.component == 0;
        if (is_noted || component.members.size() > at_once()) return too_many();
      }
    }
  return true;
}

// Notes a link that is not followed. If it was followed before this batch, the records that it
// joined are separated.
void Ingest::note_hub(const LinkId& link, std::int64_t raw_id) {
  if (!hubs_of_batch_.insert(link).second) return;
  hubs_.try_emplace(link, MetHub{raw_id});
  const auto added = static_cast<std::size_t>(
      std::count_if(written_.begin(), written_.end(), [&](const Incoming* each) {
        return std::binary_search(each->links.begin(), each->links.end(), link);
      }));
  const std::size_t crowd = group_limits.joined + 1 + added;
  if (raw_.count_sharing(link, crowd) < crowd) raw_.all_sharing(link, touched_);
}

// Not every link of a component that is only noted was checked. If this batch is the reason why one
// of them is no longer followed, other records are separated, too.
void Ingest::note_unmet_hubs() {
  if (noted_of_batch_.empty()) return;
  for (const Incoming* each : written_)
    if (noted_of_batch_.contains(each->raw.id))
      for (const LinkId& link : each->links)
        if (!raw_.is_followed(link)) note_hub(link, each->raw.id);
}

// Touches the records of links that so few records share now that the links are followed again.
void Ingest::touch_former_hubs() {
  std::sort(lost_.begin(), lost_.end());
  for (auto at = lost_.begin(); at != lost_.end();) {
    const auto next = std::upper_bound(at, lost_.end(), *at);
    const std::size_t left = raw_.count_sharing(*at, group_limits.joined + 1);
    if (left <= group_limits.joined &&
        left + static_cast<std::size_t>(next - at) > group_limits.joined)
      raw_.all_sharing(*at, touched_);
    at = next;
  }
}

void Ingest::find_components() {
  placed_.clear();
  for (const Incoming* each : written_) expected_.push_back(&each->raw);
  raw_.expect(expected_);
  touch_former_hubs();
  if (building_ == Building::later && making_.empty()) {
    for (const Incoming* each : written_) noted_of_batch_.insert(each->raw.id);
    note_unmet_hubs();
    for (const std::int64_t raw_id : touched_) deferred_.emplace_back(raw_id, import_id_);
    return;
  }
  for (std::size_t i = 0;; ++i) {
    if (i == touched_.size()) note_unmet_hubs();  // this may touch more records
    if (i == touched_.size()) break;
    const std::int64_t raw_id = touched_[i];
    if (!placed_.insert(raw_id).second) continue;
    Component component;
    if (!spread(raw_id, component)) continue;
    auto& members = component.members;
    for (Member* each : members) each->is_made = true;
    component.id = (*std::min_element(members.begin(), members.end(), [](auto* a, auto* b) {
                     return a->raw.id < b->raw.id;
                   }))->raw.id;
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return key_of(a->raw) < key_of(b->raw); });
    std::vector<std::int64_t> ids;
    for (const Member* each : members) ids.push_back(each->raw.id);
    component.imports = imports_of(ids);
    components_.push_back(std::move(component));
  }
  // The order in which the tables keep their rows.
  std::sort(components_.begin(), components_.end(),
            [](const Component& a, const Component& b) { return a.id < b.id; });
  note_rest();
}

// Notes all records that were touched but not built. Records that are together now may be separate
// by the time that finish() builds them.
void Ingest::note_rest() {
  if (noted_of_batch_.empty()) return;
  for (const std::int64_t raw_id : touched_) {
    const auto at = members_.find(raw_id);
    if (at != members_.end() && at->second.is_made) continue;
    for (const std::int64_t import_id : imports_of({&raw_id, 1}))
      noted_.emplace_back(raw_id, import_id);
  }
}

// An interaction's id may pass from one component to another, so facts that do not stay are removed
// first.
void Ingest::remove_former_facts() {
  struct Now {
    const Component* in;  // null: in several
    std::int64_t import_id;
  };
  std::map<std::int64_t, Now> now_in;  // by former component
  for (Component& component : components_) {
    component.stays = true;
    for (const Member* each : component.members) {
      const std::int64_t former = each->raw.component;
      if (former == 0) continue;  // a new record
      component.stays = component.stays && former == component.id;
      const std::int64_t import_id = *component.imports.rbegin();
      Now& now = now_in.try_emplace(former, Now{&component, import_id}).first->second;
      if (now.in != &component) now.in = nullptr;
      now.import_id = std::max(now.import_id, import_id);
    }
  }
  for (Component& component : components_) {
    const auto at = now_in.find(component.id);
    component.stays = component.stays && at != now_in.end() && at->second.in == &component;
  }
  for (const auto& [former, now] : now_in)
    if (now.in == nullptr || !now.in->stays) remove_facts(former, now.import_id);
}

// Records that wait for finish() must not keep the number of a component that is built without them
// now.
void Ingest::part_from_others() {
  std::vector<std::int64_t> before;
  for (const Component& component : components_) {
    const Incoming* const smallest = members_.find(component.id)->second.incoming;
    // No component had the number of a new record.
    if (smallest != nullptr && smallest->is_new) continue;
    if (const auto at = arrivals_.find(component.id); at != arrivals_.end() && at->second.is_new)
      continue;
    before.clear();
    raw_.records_of(component.id, before);
    for (const std::int64_t raw_id : before) {
      const auto at = members_.find(raw_id);
      if (at != members_.end() && at->second.is_made) continue;
      raw_.set_component(raw_id, 0);
      if (!is_making(raw_id)) noted_.emplace_back(raw_id, *component.imports.rbegin());
    }
  }
}

void Ingest::write_raw() {
  for (const Component& component : components_)
    for (const Member* each : component.members) {
      if (each->incoming != nullptr) {
        each->incoming->raw.component = component.id;
        each->incoming->is_placed = true;
      }
      if (each->incoming != nullptr && each->incoming->is_new) continue;
      if (!making_.empty()) arrivals_.erase(each->raw.id);
      if (each->raw.component != component.id) raw_.set_component(each->raw.id, component.id);
    }
  for (Incoming* each : written_) {
    if (!each->is_placed) note_arrival(*each);
    if (each->is_new)
      raw_.insert(each->raw, each->payload, each->dictionary_id, import_id_);
    else
      raw_.update(each->raw, each->payload, each->dictionary_id, import_id_);
  }
  raw_.write_new();
}

void Ingest::note_arrival(const Incoming& incoming) {
  const std::int64_t id = incoming.raw.id;
  const auto [at, is_first] = arrivals_.try_emplace(id);
  Arrival& arrival = at->second;
  arrival.import_id = import_id_;
  arrival.number = incoming.number;
  arrival.offset = incoming.offset;
  arrival.is_new = incoming.is_new;
  // With far fewer records, none will be refused.
  const bool may_be_refused = static_cast<std::size_t>(next_id_) > group_limits.records / 2;
  if (is_first && !incoming.is_new && may_be_refused)
    arrival.before =
        std::make_unique<Before>(Before{raw_.read(id, before_texts_), raw_.last_import(id)});
}

// While the facts of one chunk are written, those of the next ones are made.
void Ingest::write_facts() {
  std::span<const Component> rest = components_;
  const auto start = [&](Chunk& chunk) {
    std::size_t count = 0;
    for (std::size_t records = 0;
         count < std::min(rest.size(), chunk_components) && records < chunk_records; ++count)
      records += rest[count].members.size();
    if (count == 0) return;
    chunk.begin(rest.first(count), facts_.figures().limits());
    rest = rest.subspan(count);
    chunk.done = worker_.run([&chunk] { chunk.map(); });
  };
  for (const auto& chunk : chunks_) start(*chunk);
  for (std::size_t turn = 0; chunks_[turn]->done.valid(); turn = (turn + 1) % chunks_.size()) {
    Chunk& chunk = *chunks_[turn];
    chunk.done.get();
    work_.mapped += chunk.records();
    make_way(chunk.made());
    facts_.write(chunk.made(), chunk.rows());
    for (std::size_t i = 0; i < chunk.made().size(); ++i) {
      if (!FactStore::is_interaction(*chunk.made()[i].facts)) continue;
      const Component& component = chunk.components()[i];
      count_interaction(component.id, component.imports);
    }
    for (const auto& [key, count] : chunk.unmapped()) {
      unmapped_fields_[key].add(count);
    }
    start(chunk);
  }
}

// An interaction's id may pass to a component from one that is written after it, or that is only
// noted. The former holder's facts are removed first. Only new versions of records give up an id.
void Ingest::make_way(std::span<const FactStore::Made> made) {
  const bool is_let_go =
      !making_.empty() || !noted_.empty() || !noted_components_.empty() ||
      std::any_of(written_.begin(), written_.end(), [](auto* each) { return !each->is_new; });
  if (!is_let_go) return;
  std::vector<std::int64_t> records;
  for (const FactStore::Made& each : made) {
    const auto owner = owner_of(*each.facts);
    if (!owner) continue;
    const auto holder = facts_.component_of(*owner);
    if (!holder || *holder == each.component) continue;
    const auto at = std::lower_bound(
        components_.begin(), components_.end(), *holder,
        [](const Component& component, std::int64_t id) { return component.id < id; });
    const bool is_of_batch = at != components_.end() && at->id == *holder;
    // It has been written already, and still has the id.
    if (is_of_batch && *holder < made.front().component) continue;
    remove_facts(*holder, each.import_id);
    if (is_of_batch) continue;
    records.clear();
    raw_.records_of(*holder, records);
    for (const std::int64_t raw_id : records) noted_.emplace_back(raw_id, each.import_id);
  }
}

// ---- Components that were only noted

void Ingest::make_deferred() {
  if (deferred_.empty()) return;
  making_ = std::exchange(deferred_, {});
  std::sort(making_.begin(), making_.end());
  seen_.clear();
  for (const auto& [raw_id, import_id] : making_) touch(raw_id);
  write();
  making_.clear();
}

std::vector<Ingest::Refused> Ingest::finish() {
  make_deferred();
  std::vector<Refused> refused = make_noted();
  facts_.figures().write();
  counts_of_.clear();
  counted_.clear();
  return refused;
}

std::vector<Ingest::Refused> Ingest::make_noted() {
  std::vector<Refused> refused;
  if (noted_.empty() && noted_components_.empty()) return refused;
  std::vector<std::int64_t> seeds = noted_records();
  std::vector<Whole> wholes = find_wholes(seeds);
  while (true) {
    const std::size_t before = refused.size();
    for (const Whole& whole : wholes)
      if (whole.members.size() > group_limits.records) refuse_surplus(whole, refused);
    if (refused.size() == before) break;
    std::erase_if(seeds, [this](std::int64_t id) { return !raw_.has(id); });
    wholes = find_wholes(seeds);
  }
  std::set<std::int64_t> former;
  for (const Whole& whole : wholes)
    for (const Linked& each : whole.members)
      if (each.former != 0 && each.former != whole.id) former.insert(each.former);
  for (const std::int64_t component : former) remove_facts(component, import_id_);
  for (std::size_t i = 0; i < wholes.size(); ++i) {
    const Imports imports = imports_of(wholes[i]);
    const std::int64_t last = imports.empty() ? import_id_ : *imports.rbegin();
    if (!write_whole(wholes[i], last, std::span(std::as_const(wholes)).subspan(i + 1))) continue;
    count_interaction(wholes[i].id, imports);
  }
  write_unmapped();
  forget_noted();
  return refused;
}

std::vector<std::int64_t> Ingest::noted_records() {
  std::sort(noted_.begin(), noted_.end());
  std::vector<std::int64_t> records;
  for (const auto& [raw_id, import_id] : noted_) records.push_back(raw_id);
  // Each one by itself, because a later version may have separated it from the record that was
  // noted.
  for (const auto& [raw_id, arrival] : arrivals_) records.push_back(raw_id);
  for (const auto& [component, imports] : noted_components_) raw_.records_of(component, records);
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  return records;
}

// Counts an interaction once for each of the imports, however often it is built.
void Ingest::count_interaction(std::int64_t component, const Imports& imports) {
  for (const std::int64_t import_id : imports)
    if (counted_[import_id].insert(component)) ++counts_of_[import_id]->interactions;
}

// If it is not built once more, it does not count: its records are in another interaction now.
void Ingest::remove_facts(std::int64_t component, std::int64_t import_id) {
  facts_.remove(component, import_id);
  for (auto& [counting, components] : counted_)
    if (components.erase(component)) --counts_of_[counting]->interactions;
}

// The imports that touched it.
Ingest::Imports Ingest::imports_of(const Whole& whole) const {
  Imports imports;
  for (const Linked& each : whole.members) {
    add_imports(noted_, each.id, imports);
    if (const auto at = arrivals_.find(each.id); at != arrivals_.end())
      imports.insert(at->second.import_id);
    if (const auto at = noted_components_.find(each.former); at != noted_components_.end())
      imports.insert(at->second.begin(), at->second.end());
  }
  return imports;
}

// `touches` are sorted.
void Ingest::add_imports(const Touches& touches, std::int64_t raw_id, Imports& to) {
  auto at = std::lower_bound(touches.begin(), touches.end(), std::pair(raw_id, std::int64_t{0}));
  for (; at != touches.end() && at->first == raw_id; ++at) to.insert(at->second);
}

// Whether make_deferred() builds the record in this batch or in a later one.
bool Ingest::is_making(std::int64_t raw_id) const {
  const auto at =
      std::lower_bound(making_.begin(), making_.end(), std::pair(raw_id, std::int64_t{0}));
  return at != making_.end() && at->first == raw_id;
}

// The imports because of which these records are built now: those that put them off, otherwise the
// current one.
Ingest::Imports Ingest::imports_of(std::span<const std::int64_t> raw_ids) const {
  Imports imports;
  for (const std::int64_t raw_id : raw_ids) add_imports(making_, raw_id, imports);
  if (imports.empty()) imports.insert(import_id_);
  return imports;
}

std::vector<Ingest::Whole> Ingest::find_wholes(std::span<const std::int64_t> seeds) {
  placed_.clear();
  std::vector<Whole> wholes;
  for (const std::int64_t raw_id : seeds)
    if (placed_.insert(raw_id).second) wholes.push_back(walk(raw_id));
  std::sort(wholes.begin(), wholes.end(),
            [](const Whole& a, const Whole& b) { return a.id < b.id; });
  return wholes;
}

Ingest::Linked Ingest::linked(std::int64_t raw_id) {
  check_stop();
  ++work_.read;
  arena_.clear();
  const RawData raw = raw_.read(raw_id, arena_);
  Record record;
  parser_.parse(raw, document_, record);
  return {raw_id, raw.component, link_ids(*raw.as.vendor, record)};
}

Ingest::Whole Ingest::walk(std::int64_t seed) {
  Whole whole;
  std::unordered_set<LinkId, LinkHash> followed;
  std::vector<std::int64_t> sharing;
  whole.members.push_back(linked(seed));
  for (std::size_t i = 0; i < whole.members.size(); ++i)
    for (std::size_t at = 0; at < whole.members[i].links.size(); ++at) {
      const LinkId link = whole.members[i].links[at];
      if (!followed.insert(link).second) continue;
      sharing.clear();
      raw_.records_sharing(link, sharing);
      for (const std::int64_t raw_id : sharing) {
        if (placed_.contains(raw_id)) continue;
        Linked other = linked(raw_id);
        if (!std::binary_search(other.links.begin(), other.links.end(), link)) continue;
        placed_.insert(raw_id);
        whole.members.push_back(std::move(other));
      }
    }
  std::sort(whole.members.begin(), whole.members.end(),
            [](const Linked& a, const Linked& b) { return a.id < b.id; });
  whole.id = whole.members.front().id;
  return whole;
}

// Refuses the last records that came, if they would make a component too large: stored records are
// joined first, then each new one, as long as there is room.
void Ingest::refuse_surplus(const Whole& whole, std::vector<Refused>& refused) {
  const std::vector<Linked>& members = whole.members;
  std::vector<std::size_t> order, root(members.size()), size(members.size(), 1);
  std::iota(root.begin(), root.end(), 0U);
  const auto find = [&](std::size_t at) {
    while (root[at] != at) at = root[at] = root[root[at]];
    return at;
  };
  for (const bool came : {false, true})
    for (std::size_t i = 0; i < members.size(); ++i)
      if (arrivals_.contains(members[i].id) == came) order.push_back(i);
  std::unordered_map<LinkId, std::size_t, LinkHash> first;  // the first member with each link
  std::vector<std::size_t> joined;
  for (const std::size_t at : order) {
    joined.assign(1, at);
    for (const LinkId& link : members[at].links)
      if (const auto known = first.find(link); known != first.end())
        joined.push_back(find(known->second));
    std::sort(joined.begin(), joined.end());
    joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
    std::size_t records = 0;
    for (const std::size_t each : joined) records += size[each];
    if (records > group_limits.records && arrivals_.contains(members[at].id)) {
      refuse(members[at], refused);
      continue;
    }
    for (const std::size_t each : joined) root[each] = joined.front();
    size[joined.front()] = records;
    for (const LinkId& link : members[at].links) first.try_emplace(link, at);
  }
}

void Ingest::refuse(const Linked& member, std::vector<Refused>& refused) {
  const auto arrival = arrivals_.find(member.id);
  arena_.clear();
  const RawData raw = raw_.read(member.id, arena_);
  refused.push_back({arrival->second.import_id, arrival->second.number, arrival->second.offset,
                     std::string(raw.json), std::string(raw.version.member)});
  ImportCounts& counts = *counts_of_[arrival->second.import_id];
  --(arrival->second.is_new ? counts.inserted : counts.updated);
  ++counts.quarantined;
  for (const LinkId& link : member.links) raw_.remove_link(link, member.id);
  if (arrival->second.before != nullptr) {
    put_back(*arrival->second.before);
  } else {
    if (member.former != 0) remove_facts(member.former, import_id_);
    raw_.remove(member.id);
  }
  arrivals_.erase(arrival);
}

// The former version is built again with the records that it was built with, if they still exist.
void Ingest::put_back(const Before& before) {
  const RawData& raw = before.raw;
  Record record;
  parser_.parse(raw, document_, record);
  for (const LinkId& link : link_ids(*raw.as.vendor, record)) raw_.add_link(link, raw.id);
  // The worker has nothing left to compress.
  raw_.update(raw, compressor_.compress(raw.json, nullptr), std::nullopt, before.last_import);
}

// Writes one table after the other, so that not all facts are held at a time. Only the tapes of the
// documents are held.
bool Ingest::write_whole(Whole& whole, std::int64_t import_id,
                         std::span<const Whole> not_yet_written) {
  struct Entry {
    std::string_view id;
    std::int64_t raw_id;
    Record record;
  };
  const SmallCache cache(database_, whole.members.size());
  bool stays = true, was_there = false;
  arena_.clear();
  Arena texts;
  std::deque<Document> documents;
  std::vector<Entry> entries;
  entries.reserve(whole.members.size());
  const Vendor* vendor = nullptr;
  for (const Linked& each : whole.members) {
    check_stop();
    stays = stays && (each.former == 0 || each.former == whole.id);
    was_there = was_there || each.former == whole.id;
    if (each.former != whole.id) raw_.set_component(each.id, whole.id);
    const RawData raw = raw_.read(each.id, texts);
    Entry& entry = entries.emplace_back();
    parser_.parse(raw, document_, entry.record, texts);
    entry.record.root = documents.emplace_back(document_, texts).root();
    entry.id = raw.record_id;
    entry.raw_id = each.id;
    vendor = raw.as.vendor;
  }
  work_.mapped += entries.size();
  std::vector<Linked>().swap(whole.members);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tuple(a.record.resource->name, a.record.source, a.id) <
           std::tuple(b.record.resource->name, b.record.source, b.id);
  });
  std::vector<Record> records;
  std::vector<std::int64_t> ids;
  records.reserve(entries.size());
  for (const Entry& entry : entries) {
    records.push_back(entry.record);
    ids.push_back(entry.raw_id);
  }
  std::vector<Entry>().swap(entries);
  // Rows that are written in parts are not compared with the stored ones.
  stays = stays && was_there && !(vendor->dialog_per_record && records.size() > part_records);
  if (!stays) remove_facts(whole.id, import_id);
  std::unique_ptr<Facts> facts;
  std::string interaction_id;
  const auto facts_of = [&](Model model, std::size_t part) -> const Facts* {
    // If each record gives its own dialog, the dialogs need not be held together.
    const bool in_parts = model == Model::dialogs && vendor->dialog_per_record;
    const std::size_t size = in_parts ? part_records : records.size();
    if (part * size >= records.size()) return nullptr;
    const std::size_t from = part * size, count = std::min(size, records.size() - from);
    const std::span some = std::span(std::as_const(records)).subspan(from, count);
    facts = std::make_unique<Facts>();
    map_with_note(*vendor, some, Wanted::only(model, ColumnSet::all()), *facts);
    if (model == Model::interactions)
      if (const auto owner = owner_of(*facts)) {
        interaction_id = (*owner)[2].as_text();
        make_way(*owner, import_id, not_yet_written);
      }
    if (in_parts)
      for (std::size_t i = 0; i < facts->rows(model).size(); ++i)
        facts->rows(model).at(i)[Row<Model::dialogs>::column<"interaction_id">()] =
            Value::text(interaction_id);
    if (model == Model::dialogs)
      note_unmapped_of(*vendor, *facts, some, std::span(std::as_const(ids)).subspan(from, count));
    return facts.get();
  };
  return facts_.write_apart(whole.id, import_id, stays, facts_of);
}

// As above: removes the facts of the former holder, which is written later without that id.
void Ingest::make_way(const Owner& owner, std::int64_t import_id,
                      std::span<const Whole> not_yet_written) {
  const auto holder = facts_.component_of(owner);
  if (holder &&
      std::binary_search(not_yet_written.begin(), not_yet_written.end(), Whole{{}, *holder},
                         [](const Whole& a, const Whole& b) { return a.id < b.id; }))
    remove_facts(*holder, import_id);
}

void Ingest::note_unmapped_of(const Vendor& vendor, const Facts& facts,
                              std::span<const Record> records, std::span<const std::int64_t> ids) {
  if (UnmappedFields::none_in(vendor, records, facts)) return;
  UnmappedFields fields;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (arrivals_.contains(ids[i])) count_unmapped(fields, vendor, records[i], unmapped_fields_);
}

void Ingest::count_unmapped(UnmappedFields& fields, const Vendor& vendor, const Record& record,
                            Unmapped& to) {
  for (const UnmappedField& field : fields.of(vendor, record)) {
    UnmappedCount& count = to[{vendor.name, record.resource->name, field.path,
                               field.kind == UnmappedField::Kind::unknown}];
    if (count.records++ == 0) count.type = field.type;
    count.clock_changes += field.at_clock_change;
    std::string& first = field.at_clock_change ? count.clock_change : count.time;
    if (first.empty()) first = field.time;
  }
}

std::vector<std::string> Ingest::take_warnings() {
  std::vector<std::string> warnings;
  for (auto& [link, hub] : hubs_) {
    if (hub.is_told || raw_.is_followed(link)) continue;
    const std::size_t records = raw_.count_sharing(link, group_limits.records + 1);
    if (records == 0) continue;
    hub.is_told = true;
    warnings.push_back(std::to_string(records) + " records, including raw_record " +
                       std::to_string(hub.raw_id) +
                       ", link to one id that no record has; a link that would join more than " +
                       std::to_string(group_limits.joined) +
                       " interactions is not followed (link_not_followed); " +
                       std::string(problem_kind(ProblemCode::link_not_followed).remedy));
  }
  for (const auto& [key, count] : std::exchange(bad_times_, {})) {
    const auto warn = [&, &key = key](std::int64_t records, const std::string& what) {
      warnings.push_back(std::to_string(records) + " " + std::string(std::get<0>(key)) + " " +
                         std::string(std::get<1>(key)) +
                         (records == 1 ? " record has" : " records have") + " a time in " +
                         shown(std::get<2>(key)) + what);
    };
    if (!count.time.empty())
      warn(count.records - count.clock_changes,
           " that does not convert, such as " + count.time +
               ": the column is NULL, and extra has the value");
    if (count.clock_changes > 0)
      warn(count.clock_changes,
           " that a clock change of the zone skips or repeats, such as " + count.clock_change +
               ": the column has the instant of the change or the earlier instant, and extra has "
               "the value");
  }
  if (const std::int64_t count = std::exchange(differing_, 0); count != 0)
    warnings.push_back(std::to_string(count) + (count == 1 ? " record has" : " records have") +
                       " the id and time of another record of the same file, but different "
                       "content: for each id, the more complete record is kept");
  for (const auto& [zone, count] : std::exchange(kept_zones_, {}))
    warnings.push_back(std::to_string(count) + (count == 1 ? " record was" : " records were") +
                       " imported before in the zone " + zone +
                       ", which is kept, because this import names none; to have them read in "
                       "another one, name it: option zone, an IANA name or UTC");
  for (const std::int64_t component : facts_.take_crowded())
    warnings.push_back("component " + std::to_string(component) + " makes more than " +
                       std::to_string(FactStore::most_rows) +
                       " rows of a table, the most that one interaction may have: its raw records "
                       "are stored, but no facts are made from them; correct the ids that join "
                       "them, then import them again");
  return warnings;
}

void Ingest::write_unmapped() {
  for (const auto& [key, count] : unmapped_fields_) {
    const auto& [vendor, resource, path, is_unknown] = key;
    unmapped_.execute(vendor, resource, path, is_unknown ? "unknown" : "unconverted", count.type,
                      count.records);
    if (count.time.empty() && count.clock_changes == 0) continue;
    bad_times_[key].add(count);
  }
  unmapped_fields_.clear();
}

}  // namespace cdr::ext
