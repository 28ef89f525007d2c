// Values that many rows of the model share: each set of values is stored once and has an id.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
  // XXH3-128 of a row's values, in the order of the columns.
  using Hash = std::array<std::uint64_t, 2>;
  // `scratch` saves allocations. Any thread may call it.
  static Hash hash_of(std::span<const Value> cells, std::string& scratch);

  // The id of the row with that hash, if it is known already; otherwise 0: id_of() finds it.
  std::int64_t known(const Hash& hash) const { return known_.find(hash); }
  // The id of the row with these values and that hash. If there is none yet, it is written with the
  // next write(), until which its texts must be there.
  std::int64_t id_of(const Hash& hash, std::span<const Value> cells);
  // Call it some time before known().
  void expect(const Hash& hash) const { known_.expect(hash); }
  void write() { insert_.write(); }
  // Forgets what is known about the file, because it may no longer hold.
  void forget() {
    known_.clear();
    insert_.forget();
    next_id_ = 0;
  }

 private:
  // The ids by hash, at most `most`.
  class Known {
   public:
    static constexpr std::size_t most = 100'000;  // some megabytes
    // 0: not known.
    std::int64_t find(const Hash& hash) const;
    void add(const Hash& hash, std::int64_t id);
    void expect(const Hash& hash) const {
      if (!slots_.empty()) __builtin_prefetch(&slots_[hash[0] & (slots_.size() - 1)]);
    }
    std::size_t size() const { return size_; }
    void clear() {
      slots_.clear();
      size_ = 0;
    }

   private:
    struct Slot {
      Hash hash{};
      std::int64_t id = 0;  // 0: free
    };
    Slot& place_of(const Hash& hash);
    std::vector<Slot> slots_;
    std::size_t size_ = 0;
  };
  std::optional<std::int64_t> find(std::int64_t hash, std::span<const Value> cells);

  std::int64_t new_id();

  std::span<const LayoutColumn> columns_;
  Statement find_, last_;
  BulkInsert insert_;
  std::int64_t next_id_ = 0;  // 0: not known
  Known known_;
  std::string spelled_, other_;
};

// Deletes rows to which nothing refers any more.
void sweep_shared_rows(sqlite3* database);

}  // namespace cdr::ext
