// Records on their way into the warehouse: a batch at a time they are looked up, stored, linked,
// and what they make is written.
//
//   Worker worker;
//   Ingest ingest(database, worker);
//   ingest.begin({import_id}, counts);
//   while (…) {
//     ingest.take_in(batch);   // then the worker has nothing of this batch to wait for
//     ingest.write();
//   }
//   for (const Ingest::Refused& each : ingest.finish()) …  // to quarantine; then release
//
// An interaction is made of all its records, those of the batch and those that were there before.
// Records that share an id (Resource::links), directly or through others, belong together; each set
// of them is a component, named by its smallest raw id. A batch makes anew just the components that
// it touches: those with a record that came or changed, and those that such a record has left.
//
// Making a component costs as much as it has records. So that records which come by the thousand
// for one component do not each pay for all the others, a component of more than
// group_limits.at_once is only noted when a batch touches it, and finish() makes each of them once,
// before the transaction is committed, for all files in it. Facts are right after every
// transaction, and not before.
//
// What holds in between, after each write():
//   - A number is only ever that of a component whose smallest record has it as its id.
//   - A record's component (raw_record.component) is the one that it was made with last. 0: nothing
//     that is stored was made of it.
//   - Facts under a number were made of exactly the records that have it as their component. So who
//     makes a record elsewhere, or takes it away, removes the facts under its former number; and
//     who makes a component without a record that has its number sets that record's to 0.
//   - A record whose facts are not what its links say now is noted: by itself, by its arrival, or
//     by its component. What finish() does not reach from there stands as it was made.
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

#include "extension/warehouse/facts/fact_store.hpp"
#include "extension/warehouse/import/batch.hpp"
#include "extension/warehouse/import/worker.hpp"
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

  // From here on, inside a transaction of the caller's. `counts` outlive finish(): there, records
  // of any file of the transaction may be refused.
  void begin(std::int64_t import_id, ImportCounts& counts);
  // Decides what of the batch counts. It stays as it is until write(). A record that was erased
  // counts as stale.
  void take_in(Batch& batch);
  // Makes the component of a stored record anew, with the next write() at the latest. Not between
  // take_in() and write().
  void touch(std::int64_t raw_id);
  // Writes what was taken in, and what is made of it.
  void write();
  // A record that would have made a component of more than group_limits.records, and is not stored;
  // a version of it that was there before is. The counts know it as quarantined.
  struct Refused {
    std::int64_t import_id;
    std::uint64_t number, offset;  // in its file
    std::string json, member;
  };
  // Makes what write() only noted, since the transaction began, and brings the stored figures up to
  // date. An interaction counts for each file that touched it, as if that were alone.
  std::vector<Refused> finish();
  // Forgets what was begun: the transaction is undone.
  void abandon();
  // A record with that link goes, or went, by other means than a new version of it.
  void lose(const LinkId& link) {
    if (link.names != 0) lost_.push_back(link);
  }
  // Links that were met and not followed, in words: each joins more than group_limits.joined
  // records and names none. Since the last call.
  std::vector<std::string> take_warnings();

  // How often a record was read again for the sake of another, and how many records were mapped:
  // what the growth of the work is measured by.
  struct Work {
    std::size_t read = 0, mapped = 0;
  };
  const Work& work() const { return work_; }

  RawStore& raw() { return raw_; }
  FactStore& facts() { return facts_; }
  // As of begin().
  Tombstones& tombstones() { return tombstones_; }

 private:
  struct Member {  // of a component
    RawData raw;
    std::span<const LinkId> links;
    std::vector<LinkId> own_links;  // of a record that was there before
    Incoming* incoming = nullptr;
    bool is_made = false;  // in a component of this batch
  };
  struct Component {
    std::vector<Member*> members;
    std::int64_t id = 0;
    bool stays = false;  // it consists of the records that it did, and is still written
  };
  // Fields without a column, of how many records, and what the first one's was.
  using UnmappedKey = std::tuple<std::string_view, std::string_view, std::string, bool>;
  struct UnmappedCount {
    std::int64_t records = 0;
    std::string_view type;
    std::string time;  // the first, of times that did not convert
  };
  using Unmapped = std::map<UnmappedKey, UnmappedCount>;
  class Chunk;
  // Of a large component, of which not all texts are held while it is found.
  struct Linked {
    std::int64_t id, former;
    std::vector<LinkId> links;
  };
  struct Whole {
    std::vector<Linked> members;
    std::int64_t id = 0;
  };
  // A version that was there before the transaction, its texts in before_texts_.
  struct Before {
    RawData raw;
    std::int64_t last_import;
  };
  // Where a record that is stored without a component came from.
  struct Arrival {
    std::int64_t import_id;
    ImportCounts* counts;
    std::uint64_t number, offset;
    bool is_new;
    std::unique_ptr<Before> before;
  };
  using Files = std::set<ImportCounts*>;

  void forget_batch();
  void forget_noted();
  void choose_among(std::span<Incoming* const> same_key, RawStore::Search& stored);
  void look_into(Incoming& incoming);
  void number_new_records();
  void compress();
  void write_links();
  void unlink_old(const Incoming& incoming);
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
  Files files_of(const Whole& whole) const;
  std::int64_t write_whole(Whole& whole, std::span<const Whole> not_yet_written);
  void note_unmapped_of(const Vendor& vendor, const Facts& facts, std::span<const Record> records,
                        std::span<const std::int64_t> ids);
  void remove_former_facts();
  void part_from_others();
  void make_way(std::span<const FactStore::Made> made);
  void make_way(const Owner& owner, std::span<const Whole> not_yet_written);
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
  std::int64_t next_id_ = 0;

  Arena arena_;                     // records that were there before
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

  // Of components that finish() makes.
  std::vector<std::pair<std::int64_t, ImportCounts*>> noted_;  // records, and the file that did it
  std::map<std::int64_t, Files> noted_components_;             // some record left them
  std::unordered_set<LinkId, LinkHash> noted_links_;
  std::unordered_map<std::int64_t, Arrival> arrivals_;
  Arena before_texts_;

  struct MetHub {
    std::int64_t raw_id;
    bool is_told = false;
  };
  std::map<LinkId, MetHub> hubs_;
  std::unordered_set<LinkId, LinkHash> hubs_of_batch_;
  std::unordered_set<std::int64_t> noted_of_batch_;  // records
  Work work_;
  Unmapped unmapped_fields_;
  Unmapped bad_times_;          // of the import
  std::int64_t differing_ = 0;  // records that have another's id in the same part of a file
};

}  // namespace cdr::ext
