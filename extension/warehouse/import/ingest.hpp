// Ingests records into the warehouse, a batch at a time: looks them up, stores and links them, and
// writes the resulting facts.
//
//   Worker worker;
//   Ingest ingest(database, worker);
//   ingest.begin({import_id}, counts);
//   while (…) {
//     ingest.take_in(batch);   // the worker begins to compress the records that count
//     ingest.write();
//   }
//   for (const Ingest::Refused& each : ingest.finish()) …  // to quarantine; then release
//
// An interaction is built from all its records, those of the batch and the former ones.
// Records that share an id (Resource::links), directly or through others, belong together. Each set
// of them is a component, named by its smallest raw id. A batch rebuilds only the components that
// it touches: those with a new or changed record, and those that such a record has left.
//
// The cost of building a component grows with its number of records. If thousands of records arrive
// for one component, they must not each pay for all the others. So a component with more than
// group_limits.at_once records is only noted when a batch touches it, and finish() builds it once,
// before the transaction is committed, for all files in it. Facts are right after every
// transaction, but not before.
//
// If each of many small files built what it touches, interactions would be built as often as they
// have records. So their records are stored and noted, and make_deferred() builds what all of these
// files touch (Building::later).
//
// The following holds in between, after each write():
//   - A component's number is always the id of its smallest record.
//   - A record's component (raw_record.component) is the one with which it was built last. 0: no
//     stored fact was made from it.
//   - Facts under a number were made from exactly the records that have it as their component. So
//     code that moves or removes a record also removes the facts under its former number; and code
//     that builds a component without the record that has its number sets that record's to 0.
//   - A record whose facts do not match its present links is noted: by itself, by its arrival, or
//     by its component. Everything that finish() does not reach from there is up to date.
//
// The worker compresses and maps while this thread talks to the database.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/number_set.hpp"
#include "core/worker.hpp"
#include "extension/warehouse/facts/fact_store.hpp"
#include "extension/warehouse/import/batch.hpp"
#include "extension/warehouse/raw/raw_store.hpp"
#include "extension/warehouse/raw/tombstone.hpp"
#include "reading/unmapped.hpp"

namespace cdr::ext {

struct ImportCounts {
  std::int64_t seen = 0, inserted = 0, updated = 0, unchanged = 0, stale = 0, quarantined = 0;
  std::int64_t interactions = 0;
  bool operator==(const ImportCounts&) const = default;
};

class Ingest {
 public:
  Ingest(sqlite3* database, Worker& worker);
  ~Ingest();
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

  // Whether write() builds the components that its batch touches, or make_deferred() does.
  enum class Building : bool { now, later };
  // Everything from here on runs inside a transaction of the caller. `counts` must outlive
  // finish(), which may still refuse records of any file of the transaction. `names_zone`: the
  // caller says which zone the records are in; otherwise UTC is assumed for new ones. Before a file
  // with Building::now, make_deferred() must have built what is left of files before it.
  void begin(std::int64_t import_id, ImportCounts& counts, bool names_zone = false,
             Building building = Building::now);
  // Decides which records of the batch count. The batch must not change until write(). An erased
  // record counts as stale.
  void take_in(Batch& batch);
  // Rebuilds the component of a stored record, with the next write() at the latest. Do not call it
  // between take_in() and write().
  void touch(std::int64_t raw_id);
  // Writes the ingested records and the facts made from them.
  void write();
  // A record that would have made a component larger than group_limits.records. It is not stored,
  // but a former version of it stays. It is counted as quarantined.
  struct Refused {
    std::int64_t import_id;
    std::uint64_t number, offset;  // in its file
    std::string json, member;
  };
  // Builds what was put off since the last call. `has_many_deferred`: it takes so much memory that
  // it should be built now.
  void make_deferred();
  bool has_many_deferred() const { return deferred_.size() >= most_deferred; }
  // Builds everything that write() only noted since the transaction began, and updates the stored
  // figures. An interaction counts for each file that touched it.
  std::vector<Refused> finish();
  // Reports records since begin() that are kept out, because they were erased.
  void note_erased(std::int64_t records) { erased_ += records; }
  // How many of the records that an earlier import was the first to bring came again since begin().
  // An erased record may have come with any of them, so it counts.
  std::int64_t came_again(std::int64_t first_import) const {
    const auto found = came_again_.find(first_import);
    return erased_ + (found == came_again_.end() ? 0 : found->second);
  }
  // How many records since begin() were read in the zone of an earlier import.
  std::int64_t zones_kept() const { return zones_kept_; }
  // Forgets everything since begin(), because the transaction is undone.
  void abandon();
  // Reports that a record with that link is removed, other than by a new version of it.
  void lose(const LinkId& link) {
    if (link.names != 0) lost_.push_back(link);
  }
  // Messages about links that were not followed since the last call: more than group_limits.joined
  // records name each of them, and no record has that id.
  std::vector<std::string> take_warnings();

  // How often a record was read again because of another one, and how many records were mapped:
  // tests measure the growth of the work by these.
  struct Work {
    std::size_t read = 0, mapped = 0;
  };
  const Work& work() const { return work_; }

  RawStore& raw() { return raw_; }
  FactStore& facts() { return facts_; }
  // The tombstones as they were at begin().
  Tombstones& tombstones() { return tombstones_; }

 private:
  struct Member {  // of a component
    RawData raw;
    std::span<const LinkId> links;
    std::vector<LinkId> own_links;  // of a record that was stored before
    Incoming* incoming = nullptr;
    bool has_come = false;  // in this transaction, and no facts were made from it yet
    bool is_made = false;   // in a component of this batch
  };
  using Imports = std::set<std::int64_t>;
  struct Component {
    std::vector<Member*> members;
    std::int64_t id = 0;
    // Its records are new or were in it before, and none has left it.
    bool stays = false;
    Imports imports;  // that touched it
  };
  // A field without a column: the number of records that have it, and its type in the first one.
  using UnmappedKey = std::tuple<std::string_view, std::string_view, std::string, bool>;
  struct UnmappedCount {
    std::int64_t records = 0;
    std::string_view type;
    std::string time;  // the first one of times that could not be converted
    // How many of the records have a time that a clock change leaves out or repeats, but that has
    // an instant.
    std::int64_t clock_changes = 0;
    std::string clock_change;

    void add(const UnmappedCount& more) {
      if (records == 0) type = more.type;
      records += more.records;
      clock_changes += more.clock_changes;
      if (time.empty()) time = more.time;
      if (clock_change.empty()) clock_change = more.clock_change;
    }
  };
  using Unmapped = std::map<UnmappedKey, UnmappedCount>;
  class Chunk;
  // A record of a large component. Not all its texts are held while the component is found.
  struct Linked {
    std::int64_t id, former;
    std::vector<LinkId> links;
  };
  struct Whole {
    std::vector<Linked> members;
    std::int64_t id = 0;
  };
  // A version that was stored before the transaction; its texts are in before_texts_.
  struct Before {
    RawData raw;
    std::int64_t last_import;
  };
  // The origin of a record that is stored without a component.
  struct Arrival {
    std::int64_t import_id;
    std::uint64_t number, offset;
    bool is_new;
    std::unique_ptr<Before> before;
  };
  // Records that have to be built, each with the import that touched it.
  using Touches = std::vector<std::pair<std::int64_t, std::int64_t>>;

  void forget_batch();
  void forget_noted();
  void choose_among(std::span<Incoming* const> same_key, RawStore::Search& stored);
  void keep_zone(std::span<Incoming* const> versions, std::string_view zone);
  bool replaces(const Incoming& incoming, const Version& former);
  void look_into(Incoming& incoming);
  void number_new_records();
  void compress();
  void write_links();
  void unlink_old(const Incoming& incoming);
  bool is_large(std::int64_t component);
  void find_components();
  Member& member(std::int64_t raw_id);
  bool spread(std::int64_t seed, Component& component);
  void note_hub(const LinkId& link, std::int64_t raw_id);
  void note_unmet_hubs();
  void touch_former_hubs();
  void note_rest();
  std::vector<Refused> make_noted();
  std::vector<std::int64_t> noted_records();
  std::vector<Whole> find_wholes(std::span<const std::int64_t> seeds);
  Linked linked(std::int64_t raw_id);
  Whole walk(std::int64_t seed);
  void refuse_surplus(const Whole& whole, std::vector<Refused>& refused);
  void refuse(const Linked& member, std::vector<Refused>& refused);
  void note_arrival(const Incoming& incoming);
  void put_back(const Before& before);
  void count_interaction(std::int64_t component, const Imports& imports);
  void remove_facts(std::int64_t component, std::int64_t import_id);
  bool is_making(std::int64_t raw_id) const;
  Imports imports_of(const Whole& whole) const;
  static void add_imports(const Touches& touches, std::int64_t raw_id, Imports& to);
  Imports imports_of(std::span<const std::int64_t> raw_ids) const;
  bool write_whole(Whole& whole, std::int64_t import_id, std::span<const Whole> not_yet_written);
  void note_unmapped_of(const Vendor& vendor, const Facts& facts, std::span<const Record> records,
                        std::span<const std::int64_t> ids);
  void remove_former_facts();
  void part_from_others();
  void make_way(std::span<const FactStore::Made> made);
  void make_way(const Owner& owner, std::int64_t import_id, std::span<const Whole> not_yet_written);
  void write_raw();
  void write_facts();
  void write_unmapped();
  static void count_unmapped(UnmappedFields& fields, const Vendor& vendor, const Record& record,
                             Unmapped& to);

  sqlite3* database_;
  Worker& worker_;
  RawStore raw_;
  RawParser parser_;
  FactStore facts_;
  Statement unmapped_;
  Tombstones tombstones_;
  std::int64_t import_id_ = 0;
  ImportCounts* counts_ = nullptr;
  std::unordered_map<std::int64_t, ImportCounts*> counts_of_;  // by import of the transaction
  std::unordered_map<std::int64_t, NumberSet> counted_;        // interactions, by import
  Building building_ = Building::now;
  bool names_zone_ = false;
  std::int64_t zones_kept_ = 0;                                // see zones_kept()
  std::unordered_map<std::int64_t, std::int64_t> came_again_;  // by import
  std::int64_t erased_ = 0;                                    // see note_erased()
  std::int64_t next_id_ = 0;

  Arena arena_;                     // records that were stored before
  std::vector<Incoming*> written_;  // of the batch
  std::map<const Resource*, RawStore::Coding> codings_;
  Worker::Pending compressed_;
  Compressor compressor_;  // the worker's
  Arena payloads_;
  std::vector<std::int64_t> touched_;
  std::unordered_map<std::int64_t, Incoming*> by_raw_id_;
  std::unordered_map<std::int64_t, Member> members_;
  std::unordered_set<std::int64_t> placed_;
  std::vector<Component> components_;
  Document document_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<const RawData*> expected_;
  std::vector<LinkId> lost_;
  std::vector<bool> seen_;  // by raw id: placed while nothing but touch() was called

  static constexpr std::size_t most_deferred = std::size_t{16} * 1024;
  Touches deferred_;  // what make_deferred() builds next
  Touches making_;    // what it builds now, sorted
  // For components that finish() builds.
  Touches noted_;
  std::map<std::int64_t, Imports> noted_components_;  // some record left them
  std::unordered_set<LinkId, LinkHash> noted_links_;
  std::unordered_map<std::int64_t, Arrival> arrivals_;
  Arena before_texts_;

  struct MetHub {
    std::int64_t raw_id;
    bool is_told = false;
  };
  std::map<LinkId, MetHub> hubs_;
  std::unordered_set<LinkId, LinkHash> hubs_of_batch_;
  std::unordered_set<std::int64_t> noted_of_batch_;        // records
  std::unordered_map<std::int64_t, bool> large_of_batch_;  // components; see is_large()
  Work work_;
  Unmapped unmapped_fields_;
  Unmapped bad_times_;          // of the import
  std::int64_t differing_ = 0;  // records that have another's id in the same part of a file
  std::map<std::string, std::int64_t, std::less<>> kept_zones_;  // records that stay in a zone
};

}  // namespace cdr::ext
