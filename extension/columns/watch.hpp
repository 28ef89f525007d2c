// The state of main's file, on which a reader may rely.
#pragma once

#include <optional>

#include "extension/binding/statement.hpp"
#include "extension/columns/cache.hpp"

namespace cdr::ext {

class FileWatch {
 public:
  // main is a warehouse.
  explicit FileWatch(sqlite3* database);
  // nullopt: rows that are read now must not be kept, because no transaction holds the state, or a
  // transaction has written that may yet be undone.
  std::optional<FileState> state();

 private:
  sqlite3* database_;
  Statement last_import_;  // none where texts are not UTF-8, or the ledger is none
};

}  // namespace cdr::ext
