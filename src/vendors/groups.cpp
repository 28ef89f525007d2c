#include "vendors/groups.hpp"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "vendors/id_set.hpp"
#include "vendors/rank.hpp"

namespace cdr {
namespace {

// A record's resource and id, found without parsing it, when its first member is a decisive key
// that is also its id. Most records of most exports are of that kind, and the census need not do
// more.
class QuickId {
 public:
  QuickId() {
    for (const Vendor* vendor : vendors())
      for (const Resource& resource : vendor->resources)
        if (!resource.id_key.empty() && resource.id_key == resource.decisive_key)
          resources_.push_back({vendor, &resource});
  }
  // `id` points into `bytes`. Empty: parse it.
  Recognised find(std::string_view bytes, std::string_view& id) const {
    Scanner scan{bytes};
    std::string_view key;
    if (!scan.take('{') || !scan.string(key) || !scan.take(':') || !scan.string(id) || id.empty())
      return {};
    for (const Recognised& each : resources_)
      if (each.resource->id_key == key) return each;
    return {};
  }

 private:
  struct Scanner {
    std::string_view rest;
    bool take(char c) {
      while (!rest.empty() &&
             (rest[0] == ' ' || rest[0] == '\n' || rest[0] == '\t' || rest[0] == '\r'))
        rest.remove_prefix(1);
      if (rest.empty() || rest[0] != c) return false;
      rest.remove_prefix(1);
      return true;
    }
    bool string(std::string_view& text) {  // without escapes
      if (!take('"')) return false;
      const std::size_t end = rest.find_first_of("\"\\");
      if (end == std::string_view::npos || rest[end] == '\\') return false;
      text = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      return true;
    }
  };
  std::vector<Recognised> resources_;
};

}  // namespace

// Groups of records by the ids that they share: union-find over the ids' hashes.
class GroupReader::Links {
 public:
  // Joins all of a record's ids, and counts the record in their group.
  void add(const Vendor& vendor, std::span<const std::string> ids) {
    const std::uint32_t first = node(vendor, ids.front());
    for (const std::string& id : ids.subspan(1)) join(first, node(vendor, id));
    ++records_[root(first)];
  }
  std::uint32_t group(const Vendor& vendor, std::string_view id) { return root(node(vendor, id)); }
  std::uint32_t records(std::uint32_t group) const { return records_[group]; }

 private:
  struct Key {
    std::uint64_t high, low;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return key.low; }
  };
  std::uint32_t node(const Vendor& vendor, std::string_view id) {
    const XXH128_hash_t hash =
        XXH3_128bits_withSeed(id.data(), id.size(), reinterpret_cast<std::uintptr_t>(&vendor));
    const auto [at, added] =
        nodes_.try_emplace({hash.high64, hash.low64}, static_cast<std::uint32_t>(parents_.size()));
    if (added) {
      parents_.push_back(at->second);
      records_.push_back(0);
    }
    return at->second;
  }
  std::uint32_t root(std::uint32_t node) {
    while (parents_[node] != node) node = parents_[node] = parents_[parents_[node]];
    return node;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    parents_[b] = a;
    records_[a] += records_[b];
  }
  std::unordered_map<Key, std::uint32_t, KeyHash> nodes_;
  std::vector<std::uint32_t> parents_, records_;
};

GroupReader::GroupReader(const Source& source, ProblemSink& sink, Scope scope)
    : source_(source), sink_(sink), scope_(scope) {
  take_census();
  reader_ = std::make_unique<Reader>(source_, sink_, RecordEnds::guessed);
}
GroupReader::~GroupReader() = default;

GroupReader::Place GroupReader::place(const RawRecord& raw) {
  return {files_.try_emplace(std::string(raw.file), files_.size()).first->second, raw.offset};
}

// The census passes over what is no JSON, and so may first meet what only follows from that. Which
// problem comes first is said by who parses everything, or else is this one.
class GroupReader::CensusPolicy : public ProblemSink {
 public:
  CensusPolicy(const Source& source, ProblemSink& sink) : source_(source), sink_(sink) {}
  void report(const Problem& problem) override {
    if (source_.options.on_error != SourceOptions::OnError::skip) {
      Reader reader(source_, sink_, RecordEnds::guessed);
      while (reader.next()) {
      }
    }
    sink_.report(problem);
  }

 private:
  const Source& source_;
  ProblemSink& sink_;
};

void GroupReader::take_census() {
  static const QuickId quick;
  // A record that is not JSON may hide others (see RecordReader::resynchronise), which only parsing
  // it brings out. Where such a record ends the query, its neighbours do not matter.
  const bool may_be_quick = source_.options.on_error != SourceOptions::OnError::skip;
  std::vector<std::uint64_t> hashes;
  bool any_linked = false;
  CensusPolicy policy(source_, sink_);
  Reader reader(source_, policy, may_be_quick ? RecordEnds::exact : RecordEnds::guessed);
  links_ = std::make_unique<Links>();
  while (reader.next_raw()) {
    std::string_view id;
    const Recognised known = may_be_quick ? quick.find(reader.raw().bytes, id) : Recognised();
    if (known && !is_linked(*known.vendor, *known.resource)) {
      hashes.push_back(hash_of_id(*known.resource, id));
      continue;
    }
    if (!reader.parse()) continue;
    const Resource& resource = *reader.record().resource;
    id_.clear();
    resource.record_id(reader.record(), id_);
    if (id_.empty()) continue;  // reported when its turn comes
    hashes.push_back(hash_of_id(resource, id_));
    if (!is_linked(reader.vendor(), resource)) continue;
    any_linked = true;
    link(reader.vendor(), reader.record());
  }
  std::size_t compared = 0;
  std::sort(hashes.begin(), hashes.end(), [&compared](std::uint64_t a, std::uint64_t b) {
    if (++compared % (1U << 16) == 0) check_stop();  // there may be tens of millions
    return a < b;
  });
  std::unordered_set<std::uint64_t> twice;
  for (std::size_t i = 1; i < hashes.size(); ++i)
    if (hashes[i] == hashes[i - 1]) twice.insert(hashes[i]);
  hashes = std::vector<std::uint64_t>();
  if (twice.empty()) return;
  choose_newest(twice);
  if (any_linked) link_records();  // superseded records link nothing
}

void GroupReader::choose_newest(const std::unordered_set<std::uint64_t>& twice) {
  struct Best {
    Rank rank;
    Place place;
  };
  std::unordered_map<std::string, Best> best;  // by resource and id: a hash alone may collide
  Reader reader(source_, sink_, RecordEnds::guessed);
  while (reader.next()) {
    const Record& record = reader.record();
    id_.clear();
    record.resource->record_id(record, id_);
    if (id_.empty() || !twice.contains(hash_of_id(*record.resource, id_))) continue;
    const Best candidate{rank_of(record), place(reader.raw())};
    const std::string key =
        std::string(reader.vendor().name) + '\n' + std::string(record.resource->name) + '\n' + id_;
    const auto [known, first] = best.try_emplace(key, candidate);
    if (first) continue;
    if (known->second.rank < candidate.rank) {
      superseded_.insert(known->second.place);
      known->second = candidate;
    } else {
      superseded_.insert(candidate.place);
    }
  }
}

void GroupReader::link_records() {
  links_ = std::make_unique<Links>();
  Reader reader(source_, sink_, RecordEnds::guessed);
  while (reader.next()) {
    const Record& record = reader.record();
    if (!is_linked(reader.vendor(), *record.resource) || superseded_.contains(place(reader.raw())))
      continue;
    id_.clear();
    record.resource->record_id(record, id_);
    if (!id_.empty()) link(reader.vendor(), record);
  }
}

void GroupReader::link(const Vendor& vendor, const Record& record) {
  linked_ids_.clear();
  record.resource->links(record, linked_ids_);
  if (!linked_ids_.empty()) links_->add(vendor, linked_ids_);
}

// The next record that counts, its id in id_.
bool GroupReader::open_record() {
  while (reader_->next()) {
    if (!superseded_.empty() && superseded_.contains(place(reader_->raw()))) continue;
    id_.clear();
    reader_->record().resource->record_id(reader_->record(), id_);
    if (!id_.empty()) return true;
    reader_->report_missing_key();
  }
  return false;
}

bool GroupReader::next() {
  std::vector<std::string>& ids = linked_ids_;
  while (open_record()) {
    const Record& record = reader_->record();
    vendor_ = &reader_->vendor();
    ids.clear();
    if (is_linked(*vendor_, *record.resource)) record.resource->links(record, ids);
    const std::uint32_t group = ids.empty() ? 0 : links_->group(*vendor_, ids.front());
    if (ids.empty() || links_->records(group) == 1) {
      records_.assign(1, record);
      return true;
    }
    hold(group);
    auto& members = waiting_[group];
    if (members.size() < links_->records(group)) continue;
    gather(members);
    waiting_.erase(group);
    return true;
  }
  if (!waiting_.empty())
    throw Error(source_.named + " changed while it was read: run the query again");
  return false;
}

void GroupReader::hold(std::uint32_t group) {
  const RawRecord& raw = reader_->raw();
  waiting_[group].push_back({std::string(raw.bytes), std::string(raw.file), std::string(raw.member),
                             id_, raw.number, raw.offset});
}

void GroupReader::gather(std::vector<Member>& members) {
  gathered_ = std::move(members);
  if (documents_.size() < gathered_.size()) documents_.resize(gathered_.size());
  struct Entry {
    Record record;
    std::string_view id;
  };
  std::vector<Entry> entries(gathered_.size());
  for (std::size_t i = 0; i < gathered_.size(); ++i) {
    check_stop();
    const Member& member = gathered_[i];
    documents_[i].parse_copy(member.bytes);
    describe(entries[i].record, recognise(documents_[i].root()), documents_[i].root(), source_,
             member.file, member.number, member.offset, member.member, &sink_);
    entries[i].id = member.id;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.record.resource->name, a.id) < std::pair(b.record.resource->name, b.id);
  });
  records_.clear();
  for (const Entry& entry : entries) records_.push_back(entry.record);
}

}  // namespace cdr
