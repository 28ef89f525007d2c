// The state of main's file, on which a reader may rely, and the kept columns that belong to it.
#pragma once

#include <memory>
#include <optional>

#include "extension/binding/statement.hpp"
#include "extension/columns/cache.hpp"

namespace cdr::ext {

class FileWatch {
 public:
  // main must be a warehouse.
  explicit FileWatch(sqlite3* database);
  // nullopt: rows that are read now must not be kept. Either no transaction holds the state, or
  // another connection has written changes that this one reads and that may still be undone.
  std::optional<FileState> state();

 private:
  sqlite3* database_;
  Statement last_import_;  // empty if texts are not UTF-8 or there is no ledger
};

// The connection's kept columns, for a reader of main's tables.
class KeptColumns {
 public:
  // main must be a warehouse when see() is first called. Nothing is kept unless `may_keep`.
  KeptColumns(sqlite3* database, bool may_keep) : database_(database), may_keep_(may_keep) {}
  // The state of the file for which columns may be looked up and kept now; nullopt: they may not.
  std::optional<FileState> see();
  // The same, or one that does not last, for which rows may be kept as long as a cursor is open.
  std::optional<FileState> see_own();
  // Call them after see() has returned a state.
  ColumnCache& operator*() const { return *cache_; }
  ColumnCache* operator->() const { return cache_; }
  // Keeps the table unless the state of the file has changed.
  void keep(std::shared_ptr<const KeptTable> table, const FileState& state);

 private:
  std::optional<FileState> state_now();

  sqlite3* database_;
  bool may_keep_;
  std::optional<FileWatch> watch_;
  ColumnCache* cache_ = nullptr;
};

}  // namespace cdr::ext
