// Records as they were read, before they are compared with the warehouse.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "extension/warehouse/raw/raw_store.hpp"
#include "extension/warehouse/raw/tombstone.hpp"

namespace cdr::ext {

struct Incoming {
  RawData raw;
  std::vector<LinkId> links;
  // If false, only the hash of its rank is set, and its links are not set.
  bool is_looked_into = true;
  // Decided when it is ingested.
  bool writes = false, is_new = false;
  // Whether write() builds its component.
  bool is_placed = false;
  std::uint64_t number = 0, offset = 0;  // in its file
  std::string_view payload;              // compressed
  std::optional<std::int64_t> dictionary_id;
};

// Whether it has U+FFFE or U+FFFF, as a character or an escape. In a UTF-16 database, SQLite
// replaces both, so an id would not be found again.
bool has_noncharacter(const Record& record);

// How much is computed for each record as it is read.
enum class Look : std::uint8_t {
  full,  // everything that is needed to store it
  least  // only what tells whether it is stored already; the rest is computed if it is not
};

class Batch {
 public:
  // Adds a record with that `id`. false: it was erased, and is left out. The record's text need not
  // outlive the call.
  bool add(const Vendor& vendor, const Record& record, std::string_view id,
           std::optional<std::int64_t> fetched_at, const Tombstones& tombstones, Look look);
  void clear();

  std::vector<Incoming>& records() { return records_; }
  bool is_empty() const { return records_.empty(); }
  // Whether the batch is large enough to be ingested.
  bool is_full() const;

 private:
  Arena arena_;
  std::vector<Incoming> records_;
  std::size_t bytes_ = 0;
};

}  // namespace cdr::ext
