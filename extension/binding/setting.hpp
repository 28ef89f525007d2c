// Settings of the host's connection that a call needs otherwise while it runs. They are put back
// whatever happens: an interrupt, a full disk, an exception.
//
//   Setting secure_delete(database, Pragma::secure_delete);
//   if (secure_delete.before() != 1) secure_delete.set(1);
//   const ForeignKeysOff foreign_keys(database);
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Of `main`, each a whole number.
enum class Pragma : unsigned char { analysis_limit, cache_size, page_size, secure_delete };
inline constexpr std::size_t pragma_count = 4;

// Sets it, without memory of ours, also in a statement that was interrupted. false: SQLite refuses,
// as it does after it ran out of memory.
bool put_back(sqlite3* database, Pragma pragma, std::int64_t value) noexcept;

class Setting {
 public:
  // Throws SqliteError where it cannot be read.
  Setting(sqlite3* database, Pragma pragma);
  ~Setting();
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  std::int64_t before() const { return before_; }
  void set(std::int64_t to);
  // It stays as it was set.
  void keep() { changed_ = false; }

 private:
  sqlite3* database_;
  Pragma pragma_;
  std::int64_t before_;
  bool changed_ = false;
};

// Gives main's page cache as much as an import or a rebuild needs, if it has less: they touch many
// indexes at once, and would read each page again and again.
class LargeCache {
 public:
  // Enough that the tables that are written in the order of random ids stay in memory for 200,000
  // dialogs.
  static constexpr std::int64_t needed = std::int64_t{136} * 1024 * 1024;
  explicit LargeCache(sqlite3* database, std::int64_t bytes = needed);

 private:
  Setting size_;  // in pages; negative: in KiB
};

// Foreign keys are not enforced while it lives, inside a transaction too, where the PRAGMA has no
// effect.
class ForeignKeysOff {
 public:
  explicit ForeignKeysOff(sqlite3* database) noexcept;
  ~ForeignKeysOff();
  ForeignKeysOff(const ForeignKeysOff&) = delete;
  ForeignKeysOff& operator=(const ForeignKeysOff&) = delete;

 private:
  sqlite3* database_;
  int was_on_ = 0;
};

}  // namespace cdr::ext
