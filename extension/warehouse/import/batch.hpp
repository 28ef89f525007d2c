// Records as they were read, before anything of the warehouse is known of them.
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
  // Else of its rank the hash alone is there, and no links are.
  bool is_looked_into = true;
  // Decided when it is taken in.
  bool writes = false, is_new = false;
  // Whether its component is among those that write() makes.
  bool is_placed = false;
  std::uint64_t number = 0, offset = 0;  // in its file
  std::string_view payload;              // compressed
  std::optional<std::int64_t> dictionary_id;
};

// What is done for each record as it is read.
enum class Look : std::uint8_t {
  full,  // all that is needed to store it
  least  // what shows whether it is stored already; the rest is left for those that are not
};

class Batch {
 public:
  // Takes a record that names itself by `id`, unless it was erased: false. Its text need not
  // outlive the call.
  bool add(const Vendor& vendor, const Record& record, std::string_view id,
           std::optional<std::int64_t> fetched_at, const Tombstones& tombstones, Look look);
  void clear();

  std::vector<Incoming>& records() { return records_; }
  bool is_empty() const { return records_.empty(); }
  // Time to take it in.
  bool is_full() const;

 private:
  Arena arena_;
  std::vector<Incoming> records_;
  std::size_t bytes_ = 0;
};

}  // namespace cdr::ext
