// cdr_replay: reads the records in quarantine again.
#pragma once

#include <string>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Returns its summary as JSON. `main` must be a warehouse.
std::string replay_quarantine(sqlite3* database);

}  // namespace cdr::ext
