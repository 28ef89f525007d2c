// Values that many rows of the model share: each set of values is stored once and has an id.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extension/binding/bulk_insert.hpp"
#include "extension/binding/statement.hpp"
#include "extension/warehouse/schema/layout.hpp"

namespace cdr::ext {

class SharedRows {
 public:
  SharedRows(sqlite3* database, const LayoutTable& table);

  // The columns of a row, after id and hash.
  std::span<const LayoutColumn> columns() const { return columns_; }
  // The id of the row with these values, in the order of the columns. If there is none yet, it is
  // written with the next write(), until which its texts must be there. nullopt: all values are
  // NULL.
  std::optional<std::int64_t> id_of(std::span<const Value> cells);
  void write() { insert_.write(); }
  // Forgets what is known about the file, because it may no longer hold.
  void forget() {
    known_.clear();
    insert_.forget();
    next_id_ = 0;
  }

 private:
  using Hash = std::array<std::uint64_t, 2>;
  struct ByLow {
    std::size_t operator()(const Hash& hash) const { return hash[0]; }
  };
  Hash spell(std::span<const Value> cells);
  std::optional<std::int64_t> find(std::int64_t hash);

  std::int64_t new_id();

  std::span<const LayoutColumn> columns_;
  Statement find_, last_;
  BulkInsert insert_;
  std::int64_t next_id_ = 0;  // 0: not known
  std::unordered_map<Hash, std::int64_t, ByLow> known_;
  std::string spelled_, other_;
};

// Deletes rows to which nothing refers any more.
void sweep_shared_rows(sqlite3* database);

}  // namespace cdr::ext
