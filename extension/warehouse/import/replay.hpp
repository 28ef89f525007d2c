// cdr_replay: what is in quarantine, read again.
#pragma once

#include <string>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Gives its summary as JSON. `main` must be a warehouse.
std::string replay_quarantine(sqlite3* database);

}  // namespace cdr::ext
