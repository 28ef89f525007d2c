// Records on their way into the warehouse: a batch at a time they are looked up, stored, linked,
// and what they make is written.
//
//   Ingest ingest(database);
//   ingest.begin({import_id, fetched_at}, counts);
//   while (…) ingest.add(vendor, record, id);
//   ingest.flush();
//
// An interaction is made of all its records, those of the batch and those that were there before.
// Records that share an id (Resource::links), directly or through others, belong together; each set
// of them is a component, named by its smallest raw id. A batch makes anew just the components that
// it touches: those with a record that came or changed, and those that such a record has left.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extension/warehouse/fact_store.hpp"
#include "extension/warehouse/raw_store.hpp"
#include "extension/warehouse/tombstone.hpp"
#include "vendors/unmapped.hpp"

namespace cdr::ext {

struct ImportCounts {
  std::int64_t seen = 0, inserted = 0, updated = 0, unchanged = 0, stale = 0, quarantined = 0;
  std::int64_t interactions = 0;
};

class Ingest {
 public:
  struct Context {
    std::int64_t import_id = 0;
    std::optional<std::int64_t> fetched_at;
  };

  explicit Ingest(sqlite3* database);

  // From here on, inside a savepoint of the caller's.
  void begin(const Context& context, ImportCounts& counts);
  // Of the records that are added from now on.
  void set_fetched_at(std::optional<std::int64_t> fetched_at) { context_.fetched_at = fetched_at; }
  // Takes a record that names itself by `id`. Its text need not outlive the call. One that was
  // erased counts as stale.
  void add(const Vendor& vendor, const Record& record, std::string_view id);
  // Makes the component of a stored record anew.
  void touch(std::int64_t raw_id);
  void flush();
  // Forgets what was begun: the savepoint is undone.
  void abandon();

  RawStore& raw() { return raw_; }
  FactStore& facts() { return facts_; }
  // As of begin().
  Tombstones& tombstones() { return tombstones_; }

 private:
  struct Incoming {
    RawData raw;
    std::vector<LinkId> links;
    bool writes = false, is_new = false;
  };
  struct Member {  // of a component
    RawData raw;
    std::vector<LinkId> links;
    const Incoming* incoming = nullptr;
  };
  struct Component {
    std::vector<const Member*> members;
    std::int64_t id = 0;
  };

  void clear_batch();
  void choose_versions();
  void choose_among(std::span<Incoming* const> versions);
  void number_new_records();
  void write_links();
  void unlink_old(const Incoming& incoming);
  void find_components();
  const Member& member(std::int64_t raw_id);
  void spread(std::int64_t seed, Component& component);
  void write_raw();
  void write_facts(const Component& component);
  void note_unmapped(const Vendor& vendor, const Record& record);

  sqlite3* database_;
  RawStore raw_;
  FactStore facts_;
  Statement unmapped_;
  Tombstones tombstones_;
  Context context_;
  ImportCounts* counts_ = nullptr;
  std::int64_t next_id_ = 0;

  Arena arena_;  // texts of the batch
  std::size_t bytes_ = 0;
  std::vector<Incoming> batch_;
  std::vector<std::int64_t> touched_;
  std::unordered_map<std::int64_t, const Incoming*> by_raw_id_;
  std::unordered_map<std::int64_t, Member> members_;
  std::set<std::int64_t> placed_;
  std::vector<Component> components_;
  Document document_;
  std::vector<Document> documents_;
  std::vector<Record> records_;
  Facts mapped_;
  UnmappedFields unmapped_fields_;
};

}  // namespace cdr::ext
