// A call that changes facts without reading a file has a row in the ledger too. Its number is the
// last_import of the interactions that it changed.
#pragma once

#include <cstdint>
#include <string_view>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Writes the row, with `what` as its path: 'cdr_erase()'. Returns its import_id. Runs inside
// the caller's transaction.
std::int64_t note_change(sqlite3* database, std::string_view what);

}  // namespace cdr::ext
