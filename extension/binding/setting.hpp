// Changes settings of the host's connection while a call runs, and restores them whatever happens:
// an interrupt, a full disk, an exception.
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

// Settings of `main`; each is a whole number.
enum class Pragma : unsigned char { analysis_limit, cache_size, page_size, secure_delete };
inline constexpr std::size_t pragma_count = 4;

// Sets the pragma without allocating libcdr's own memory, even in an interrupted statement. false:
// SQLite refuses, as it does after memory ran out.
bool put_back(sqlite3* database, Pragma pragma, std::int64_t value) noexcept;

class Setting {
 public:
  // Throws SqliteError if it cannot be read.
  Setting(sqlite3* database, Pragma pragma);
  ~Setting();
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  std::int64_t before() const { return before_; }
  void set(std::int64_t to);
  // Keeps the new value instead of restoring the old one.
  void keep() { changed_ = false; }

 private:
  sqlite3* database_;
  Pragma pragma_;
  std::int64_t before_;
  bool changed_ = false;
};

// Enlarges main's page cache to the size that an import or a rebuild needs. They touch many
// indexes at once, and would otherwise read the same pages repeatedly.
class LargeCache {
 public:
  // With 200,000 dialogs, tables that are written in the order of random ids still fit in memory.
  static constexpr std::int64_t needed = std::int64_t{136} * 1024 * 1024;
  explicit LargeCache(sqlite3* database, std::int64_t bytes = needed);

 private:
  Setting size_;  // in pages; negative: in KiB
};

// While it lives, foreign keys are not enforced, even inside a transaction, where the PRAGMA has no
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

// Restores last_insert_rowid() afterwards, because the rows that a call inserts are not the host's.
class LastInsertRowid {
 public:
  explicit LastInsertRowid(sqlite3* database) noexcept
      : database_(database), before_(sqlite3_last_insert_rowid(database)) {}
  ~LastInsertRowid() { sqlite3_set_last_insert_rowid(database_, before_); }
  LastInsertRowid(const LastInsertRowid&) = delete;
  LastInsertRowid& operator=(const LastInsertRowid&) = delete;

 private:
  sqlite3* database_;
  std::int64_t before_;
};

}  // namespace cdr::ext
