#include "reading/groups.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "json/document/keys.hpp"
#include "reading/group_limits.hpp"
#include "reading/id_set.hpp"
#include "reading/rank.hpp"

namespace cdr {
namespace {

// Records that wait for others of their group are kept in parsed form, as long as all of them
// together need no more than this.
constexpr std::size_t most_bytes_with_tapes = std::size_t{32} * 1024 * 1024;

// Finds a record's resource and id without parsing it, if its first member is a decisive key that
// is also its id. Most records of most exports are of that kind, and the census needs no more.
class QuickId {
 public:
  QuickId() {
    for (const Vendor* vendor : vendors())
      for (const Resource& resource : vendor->resources)
        if (!resource.id_key.empty() && resource.id_key == resource.decisive_key)
          resources_.push_back({vendor, &resource});
  }
  // `id` points into `bytes`. An empty result means that the record must be parsed.
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

// Groups records by the ids that they share: union-find over the ids' hashes.
class GroupReader::Graph {
 public:
  struct Key {
    std::uint64_t high, low;
    bool operator==(const Key&) const = default;
  };

  static constexpr std::uint32_t none = ~std::uint32_t{0};

  // Joins all of a record's ids except hubs, and counts the record in their group. false: the group
  // would be too large, and nothing is joined. `of_record` receives one of its nodes, or none.
  bool add(const Vendor& vendor, const Record& record, std::string_view record_id,
           std::span<const Links::Link> links, const RawRecord& raw, std::uint32_t& of_record) {
    nodes_of_.clear();
    for (const Links::Link& link : links) {
      const std::uint32_t at = node(vendor, link.id);
      nodes_of_.push_back(at);
      Node& node = nodes_[at];
      node.names_record = link.names != nullptr;
      node.is_record = node.is_record || (link.names == record.resource && link.id == record_id);
    }
    std::sort(nodes_of_.begin(), nodes_of_.end());
    nodes_of_.erase(std::unique(nodes_of_.begin(), nodes_of_.end()), nodes_of_.end());
    for (const std::uint32_t at : nodes_of_) {
      Node& node = nodes_[at];
      // Only an id that may turn out to be a hub is noted.
      if (++node.carriers == group_limits.joined + 1 && !node.is_record)
        crowded_.push_back({at, {&vendor, 0, std::string(raw.file), raw.number, raw.offset}});
    }
    std::erase_if(nodes_of_, [this](std::uint32_t at) { return is_hub(at); });
    of_record = nodes_of_.empty() ? none : nodes_of_.front();
    if (nodes_of_.empty()) return true;
    for (std::uint32_t& at : nodes_of_) at = root(at);
    std::sort(nodes_of_.begin(), nodes_of_.end());
    nodes_of_.erase(std::unique(nodes_of_.begin(), nodes_of_.end()), nodes_of_.end());
    std::size_t records = 1;
    for (const std::uint32_t at : nodes_of_) records += nodes_[at].records;
    if (records > group_limits.records) return false;
    const std::uint32_t first = nodes_of_.front();
    for (const std::uint32_t at : nodes_of_) nodes_[at].parent = first;
    nodes_[first].records = static_cast<std::uint32_t>(records);
    return true;
  }
  enum class Joined : std::uint8_t { incomplete, complete, unknown };
  // The same for reading once. complete: all records that the group's ids name have been read.
  // unknown: one pass cannot show it. `groups` receives the groups that were joined; the first of
  // them is now the group of all.
  Joined add_at_once(const Vendor& vendor, const Record& record, std::string_view record_id,
                     std::span<const Links::Link> links, std::span<const std::uint32_t>& groups) {
    nodes_of_.clear();
    for (const Links::Link& link : links) {
      if (link.names == nullptr) return Joined::unknown;  // any number of records may have it
      const std::uint32_t at = node(vendor, link.id);
      const std::uint32_t group = root(at);
      if (nodes_[group].is_complete) return Joined::unknown;
      if (++nodes_[at].carriers > group_limits.joined) return Joined::unknown;  // may be a hub
      if (link.names == record.resource && link.id == record_id && !nodes_[at].is_record) {
        nodes_[at].is_record = true;
        --nodes_[group].awaited;
      }
      nodes_of_.push_back(group);
    }
    std::sort(nodes_of_.begin(), nodes_of_.end());
    nodes_of_.erase(std::unique(nodes_of_.begin(), nodes_of_.end()), nodes_of_.end());
    groups = nodes_of_;
    if (nodes_of_.empty()) return Joined::complete;
    std::size_t records = 1, awaited = 0;
    for (const std::uint32_t at : nodes_of_) {
      records += nodes_[at].records;
      awaited += nodes_[at].awaited;
      nodes_[at].parent = nodes_of_.front();
    }
    if (records > group_limits.records) return Joined::unknown;
    Node& whole = nodes_[nodes_of_.front()];
    whole.records = static_cast<std::uint32_t>(records);
    whole.awaited = static_cast<std::uint32_t>(awaited);
    whole.is_complete = awaited == 0;
    return whole.is_complete ? Joined::complete : Joined::incomplete;
  }
  std::size_t bytes() const {
    return nodes_.capacity() * sizeof(Node) + slots_.capacity() * sizeof(std::uint32_t);
  }
  // The ids that turned out to be hubs after all records were added.
  std::vector<std::pair<Key, Hub>> hubs() {
    std::vector<std::pair<Key, Hub>> found;
    for (auto& [at, hub] : crowded_) {
      const Node& node = nodes_[at];
      if (!node.names_record || node.is_record) continue;
      hub.records = node.carriers;
      found.emplace_back(node.key, hub);
    }
    return found;
  }
  void leave_out(const Key& key) { hubs_.insert(key.low); }
  // The group of these ids; nullopt if all of them are hubs.
  std::optional<std::uint32_t> group(const Vendor& vendor, std::span<const Links::Link> links) {
    for (const Links::Link& link : links)
      if (const std::uint32_t at = node(vendor, link.id); !is_hub(at)) return root(at);
    return std::nullopt;
  }
  std::optional<std::uint32_t> group(std::uint32_t of_record) {
    return of_record == none ? std::nullopt : std::optional(root(of_record));
  }
  std::uint32_t records(std::uint32_t group) const { return nodes_[group].records; }

 private:
  struct Node {
    Key key;
    std::uint32_t parent, records = 0, carriers = 0;
    std::uint32_t awaited = 1;  // of a group: ids whose records have not been read yet
    bool names_record = false, is_record = false, is_hub = false, is_complete = false;
  };
  std::uint32_t node(const Vendor& vendor, std::string_view id) {
    const XXH128_hash_t hash =
        XXH3_128bits_withSeed(id.data(), id.size(), reinterpret_cast<std::uintptr_t>(&vendor));
    const Key key{hash.high64, hash.low64};
    if (nodes_.size() * 2 >= slots_.size()) grow();
    std::size_t at = key.low & (slots_.size() - 1);
    for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
      if (nodes_[slots_[at] - 1].key == key) return slots_[at] - 1;
    const auto number = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({key, number});
    nodes_.back().is_hub = hubs_.contains(key.low);
    slots_[at] = number + 1;
    return number;
  }
  void grow() {
    decltype(slots_) larger(slots_.empty() ? 64 : slots_.size() * 2);
    const std::size_t mask = larger.size() - 1;
    for (std::uint32_t number = 1; number <= nodes_.size(); ++number) {
      std::size_t at = nodes_[number - 1].key.low & mask;
      while (larger[at] != 0) at = (at + 1) & mask;
      larger[at] = number;
    }
    slots_ = std::move(larger);
  }
  bool is_hub(std::uint32_t at) const { return nodes_[at].is_hub; }
  std::uint32_t root(std::uint32_t at) {
    while (nodes_[at].parent != at) at = nodes_[at].parent = nodes_[nodes_[at].parent].parent;
    return at;
  }
  std::vector<Node, LargePages<Node>> nodes_;
  std::vector<std::uint32_t, LargePages<std::uint32_t>>
      slots_;                            // by key: a node's number, from 1; 0 = free
  std::vector<std::uint32_t> nodes_of_;  // the record that is being added
  std::vector<std::pair<std::uint32_t, Hub>> crowded_;
  std::unordered_set<std::uint64_t> hubs_;
};

GroupReader::GroupReader(const Source& source, ProblemSink& sink, Scope scope, bool linked)
    : source_(source), sink_(sink), scope_(scope) {
  take_census(linked);
  reader_ =
      std::make_unique<Reader>(source_, sink_, RecordEnds::guessed, count_threads(source_.options));
}
GroupReader::GroupReader(const Source& source, ProblemSink& sink, Scope scope, Once once)
    : source_(source),
      sink_(sink),
      scope_(scope),
      graph_(std::make_unique<Graph>()),
      most_bytes_(once.most_bytes) {
  reader_ =
      std::make_unique<Reader>(source_, sink_, RecordEnds::guessed, count_threads(source_.options));
}
GroupReader::~GroupReader() = default;

std::size_t GroupReader::bytes() const {
  return ids_.bytes() + graph_->bytes() + waiting_bytes_;
}

bool GroupReader::next_at_once() {
  while (!has_ended_ && !has_failed_) {
    if (!open_record()) {
      ids_.finish();
      has_ended_ = true;
      for (const auto& [group, members] : waiting_) {
        std::uint64_t last = 0;
        for (const Member& member : members) last = std::max(last, member.place);
        rest_.emplace_back(last, group);
      }
      std::sort(rest_.begin(), rest_.end());
    } else if (take_at_once()) {
      return true;
    }
    has_failed_ = has_failed_ || ids_.any_twice() || bytes() > most_bytes_;
  }
  return !has_failed_ && next_of_rest();
}

// Adds the current record to its group. true: the group is complete.
bool GroupReader::take_at_once() {
  const Record& record = reader_->record();
  vendor_ = &reader_->vendor();
  place_ = read_++;
  ids_.add(hash_of_id(*record.resource, id_));
  links_.clear();
  if (is_linked(*vendor_, *record.resource)) record.resource->links(record, links_);
  std::span<const std::uint32_t> groups;
  const Graph::Joined joined = graph_->add_at_once(*vendor_, record, id_, links_.all(), groups);
  has_failed_ = joined == Graph::Joined::unknown;
  if (has_failed_) return false;
  const bool is_complete = joined == Graph::Joined::complete;
  if (is_complete && (groups.empty() || graph_->records(groups.front()) == 1)) {
    records_.assign(1, record);
    return true;
  }
  auto& members = waiting_[groups.front()];
  for (const std::uint32_t other : groups.subspan(1))
    if (const auto at = waiting_.find(other); at != waiting_.end()) {
      std::move(at->second.begin(), at->second.end(), std::back_inserter(members));
      waiting_.erase(at);
    }
  members.push_back(hold());
  if (!is_complete) return false;
  gather(members);
  waiting_.erase(groups.front());
  return true;
}

bool GroupReader::next_of_rest() {
  if (next_of_rest_ == rest_.size()) return false;
  const auto& [last, group] = rest_[next_of_rest_++];
  place_ = last;
  auto& members = waiting_[group];
  vendor_ = members.front().as.vendor;
  gather(members);
  return true;
}

GroupReader::Place GroupReader::place(const RawRecord& raw) {
  return {files_.try_emplace(std::string(raw.file), files_.size()).first->second, raw.offset};
}

// The census passes over records that are not JSON, so the first problem that it meets may be only
// a consequence of such a record. A Reader that parses everything therefore looks for the first
// problem. If it finds none, the census's problem is reported.
class GroupReader::CensusPolicy : public ProblemSink {
 public:
  CensusPolicy(const Source& source, ProblemSink& sink) : source_(source), sink_(sink) {}
  void report(const Problem& problem) override {
    if (source_.options.on_error != SourceOptions::OnError::skip) {
      Reader reader(source_, sink_, RecordEnds::guessed, count_threads(source_.options));
      while (reader.next()) {
      }
    }
    sink_.report(problem);
  }

 private:
  const Source& source_;
  ProblemSink& sink_;
};

void GroupReader::take_census(bool linked) {
  static const QuickId quick;
  // A record that is not JSON may hide others (see RecordReader::resynchronise), which are only
  // found by parsing it. If such a record ends the query, its neighbours do not matter.
  const bool may_be_quick = !linked && source_.options.on_error != SourceOptions::OnError::skip;
  std::vector<std::uint64_t, LargePages<std::uint64_t>> hashes;
  bool any_linked = false;
  CensusPolicy policy(source_, sink_);
  Reader reader(source_, policy, may_be_quick ? RecordEnds::exact : RecordEnds::guessed,
                count_threads(source_.options));
  graph_ = std::make_unique<Graph>();
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
    if (id_.empty()) continue;  // reported in the last pass
    hashes.push_back(hash_of_id(resource, id_));
    if (!is_linked(reader.vendor(), resource)) continue;
    any_linked = true;
    link(reader.vendor(), reader.record(), reader.raw());
  }
  std::size_t compared = 0;
  std::sort(hashes.begin(), hashes.end(), [&compared](std::uint64_t a, std::uint64_t b) {
    if (++compared % (1U << 16) == 0) check_stop();  // there may be tens of millions
    return a < b;
  });
  std::unordered_set<std::uint64_t> twice;
  for (std::size_t i = 1; i < hashes.size(); ++i)
    if (hashes[i] == hashes[i - 1]) twice.insert(hashes[i]);
  hashes = decltype(hashes)();
  if (!twice.empty()) choose_newest(twice);
  if (!any_linked) return;
  if (!twice.empty()) {  // superseded records link nothing
    graph_ = std::make_unique<Graph>();
    link_records();
  }
  leave_out_hubs();
}

void GroupReader::choose_newest(const std::unordered_set<std::uint64_t>& twice) {
  struct Best {
    Rank rank;
    Place place;
  };
  std::unordered_map<std::string, Best> best;  // by resource and id: a hash alone may collide
  Reader reader(source_, sink_, RecordEnds::guessed, count_threads(source_.options));
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

// It is known which ids are hubs only after all links were counted.
void GroupReader::leave_out_hubs() {
  const auto hubs = graph_->hubs();
  if (hubs.empty()) return;
  graph_ = std::make_unique<Graph>();
  for (const auto& [key, hub] : hubs) {
    graph_->leave_out(key);
    hubs_.push_back(hub);
  }
  link_records();
  for (const Hub& hub : hubs_) sink_.report(problem_of(hub));
}

Problem GroupReader::problem_of(const Hub& hub) {
  Problem problem;
  problem.code = ProblemCode::link_not_followed;
  problem.file = hub.file;
  problem.record = hub.number;
  problem.offset = hub.offset;
  problem.message = std::to_string(hub.records) + " records of " + std::string(hub.vendor->name) +
                    ", including this one, link to one id that no record has; a link that would "
                    "join more than " +
                    std::to_string(group_limits.joined) + " interactions is not followed";
  return problem;
}

void GroupReader::link_records() {
  refused_.clear();
  known_.clear();
  Reader reader(source_, sink_, RecordEnds::guessed, count_threads(source_.options));
  while (reader.next()) {
    const Record& record = reader.record();
    if (!is_linked(reader.vendor(), *record.resource) || superseded_.contains(place(reader.raw())))
      continue;
    id_.clear();
    record.resource->record_id(record, id_);
    if (!id_.empty()) link(reader.vendor(), record, reader.raw());
  }
}

// The record's id is in id_.
void GroupReader::link(const Vendor& vendor, const Record& record, const RawRecord& raw) {
  links_.clear();
  record.resource->links(record, links_);
  Known& known = known_.emplace_back();
  known.id_hash = static_cast<std::uint32_t>(hash_of_id(*record.resource, id_));
  if (!graph_->add(vendor, record, id_, links_.all(), raw, known.node)) refused_.insert(place(raw));
}

// The group of the record that open_record() has found. nullopt: it is alone.
std::optional<std::uint32_t> GroupReader::group() {
  const Record& record = reader_->record();
  if (!is_linked(*vendor_, *record.resource)) return std::nullopt;
  if (linked_ <= known_.size()) {
    const Known& known = known_[linked_ - 1];
    if (known.id_hash == static_cast<std::uint32_t>(hash_of_id(*record.resource, id_)))
      return graph_->group(known.node);
  }
  links_.clear();
  record.resource->links(record, links_);
  return graph_->group(*vendor_, links_.all());
}

// Finds the next record that counts, and puts its id into id_.
bool GroupReader::open_record() {
  while (reader_->next()) {
    if (!superseded_.empty() && superseded_.contains(place(reader_->raw()))) continue;
    id_.clear();
    reader_->record().resource->record_id(reader_->record(), id_);
    if (!id_.empty()) {
      if (is_linked(reader_->vendor(), *reader_->record().resource)) ++linked_;
      if (refused_.empty() || !refused_.contains(place(reader_->raw()))) return true;
      reader_->report_too_large();
      continue;
    }
    reader_->report_missing_key();
  }
  return false;
}

bool GroupReader::next() {
  if (most_bytes_ != 0) return next_at_once();
  while (open_record()) {
    vendor_ = &reader_->vendor();
    const auto whose = group();
    if (!whose || graph_->records(*whose) == 1) {
      records_.assign(1, reader_->record());
      return true;
    }
    auto& members = waiting_[*whose];
    members.push_back(hold());
    if (members.size() < graph_->records(*whose)) continue;
    gather(members);
    waiting_.erase(*whose);
    return true;
  }
  if (!waiting_.empty())
    throw Error(source_.named + " changed while it was read: run the query again");
  return false;
}

// A copy of the current record that can be kept.
GroupReader::Member GroupReader::hold() {
  const RawRecord& raw = reader_->raw();
  Member held;
  if (waiting_bytes_ < most_bytes_with_tapes) held.parsed = reader_->parsed();
  const std::size_t words = held.parsed ? held.parsed->tape.behind(0) : 0;
  const std::size_t places = held.parsed ? held.parsed->places.size() : 0;
  const std::size_t unescaped = held.parsed ? held.parsed->unescaped_bytes : 0;
  held.memory_bytes = words * sizeof(std::uint64_t) + places * sizeof(std::uint32_t) +
                      raw.bytes.size() + padding + unescaped + padding + raw.member.size() +
                      id_.size();
  held.memory.reset(new char[held.memory_bytes]);
  char* to = held.memory.get();
  const auto keep = [&to](const void* from, std::size_t bytes) {
    if (bytes != 0) std::memcpy(to, from, bytes);
    return std::exchange(to, to + bytes);
  };
  const auto keep_text = [&keep](std::string_view text) {
    return std::string_view(keep(text.data(), text.size()), text.size());
  };
  constexpr char after[padding] = {};
  if (held.parsed) {  // first, because new aligns the beginning
    ParsedRecord& parsed = *held.parsed;
    parsed.tape.words = reinterpret_cast<const std::uint64_t*>(
        keep(parsed.tape.words, words * sizeof(std::uint64_t)));
    const char* const at = keep(parsed.places.data(), places * sizeof(std::uint32_t));
    parsed.places = {reinterpret_cast<const std::uint32_t*>(at), places};
    held.index = parsed.index->shared_from_this();
  }
  held.bytes = keep_text(raw.bytes);
  keep(after, padding);
  if (held.parsed) {
    held.parsed->tape.json = held.bytes.data();
    held.parsed->tape.unescaped = keep(held.parsed->tape.unescaped, unescaped);
    keep(after, padding);
  }
  held.member = keep_text(raw.member);
  held.id = keep_text(id_);
  held.file = raw.file;
  held.number = raw.number;
  held.offset = raw.offset;
  held.place = place_;
  held.as = {&reader_->vendor(), reader_->record().resource};
  waiting_bytes_ += held.memory_bytes;
  return held;
}

void GroupReader::gather(std::vector<Member>& members) {
  gathered_ = std::move(members);
  documents_.clear();
  tapes_.clear();
  struct Entry {
    Record record;
    std::string_view id;
  };
  std::vector<Entry> entries(gathered_.size());
  for (std::size_t i = 0; i < gathered_.size(); ++i) {
    check_stop();
    const Member& member = gathered_[i];
    waiting_bytes_ -= member.memory_bytes;
    if (!member.parsed) parser_.parse(member.bytes, tapes_);
    const Node root = (member.parsed ? documents_.emplace_back(*member.parsed, tapes_)
                                     : documents_.emplace_back(parser_, tapes_))
                          .root();
    describe(entries[i].record, member.as, root, source_, member.file, member.number, member.offset,
             member.member, &sink_);
    entries[i].id = member.id;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.record.resource->name, a.id) < std::pair(b.record.resource->name, b.id);
  });
  records_.clear();
  for (const Entry& entry : entries) records_.push_back(entry.record);
}

}  // namespace cdr
