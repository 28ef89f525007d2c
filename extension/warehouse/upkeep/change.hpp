// What changes facts without reading a file has a row in the ledger too: its number is what the
// interactions that it changed have as last_import.
#pragma once

#include <cstdint>
#include <string_view>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Writes the row, in which `what` stands for the path: 'cdr_erase()'. Gives its import_id. Inside
// the caller's transaction.
std::int64_t note_change(sqlite3* database, std::string_view what);

}  // namespace cdr::ext
