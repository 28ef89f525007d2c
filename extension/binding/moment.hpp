// The moment of main's file that a connection reads. While it stays the same, so does the file.
#pragma once

#include <cstdint>
#include <optional>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Every commit to the file, by any connection, gives its pages another version. The count starts
// again when sqlite3_deserialize() gives the connection another file.
struct Moment {
  unsigned version = 0;        // of the pages, as this connection sees them
  const void* file = nullptr;  // the file that the connection has open
  // Rows that this connection has changed so far, if it has written and may still undo some of
  // that. Undoing does not change the number, nor does a change of the schema.
  std::optional<std::int64_t> own_changes;
  bool operator==(const Moment&) const = default;
};

// nullopt: no transaction holds the file, so the next statement may read another moment.
std::optional<Moment> moment_of_main(sqlite3* database);

}  // namespace cdr::ext
