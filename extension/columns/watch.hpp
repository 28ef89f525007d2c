// The state of main's file, on which a reader may rely, and the kept columns that belong to it.
#pragma once

#include <memory>
#include <optional>

#include "extension/binding/statement.hpp"
#include "extension/columns/cache.hpp"

namespace cdr::ext {

class FileWatch {
 public:
  // main is a warehouse.
  explicit FileWatch(sqlite3* database);
  // nullopt: rows that are read now must not be kept, because no transaction holds the state, or a
  // transaction has written that may yet be undone: ours, or one that ours reads from.
  std::optional<FileState> state();

 private:
  sqlite3* database_;
  Statement last_import_;  // none where texts are not UTF-8, or the ledger is none
};

// The connection's kept columns, for a reader of main's tables.
class KeptColumns {
 public:
  // main is a warehouse when see() is called first.
  explicit KeptColumns(sqlite3* database) : database_(database) {}
  // The state of the file for which columns may be looked up and kept now; nullopt: they may not.
  std::optional<FileState> see();
  // After a first see() that returned a state.
  ColumnCache& operator*() const { return *cache_; }
  ColumnCache* operator->() const { return cache_; }
  // Keeps them unless the file has another state by now.
  void keep(std::shared_ptr<const KeptTable> table, const FileState& state);

 private:
  sqlite3* database_;
  std::optional<FileWatch> watch_;
  ColumnCache* cache_ = nullptr;
};

}  // namespace cdr::ext
