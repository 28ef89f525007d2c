// cdr_rebuild: derives the facts again from the raw records.
#pragma once

#include <string>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Returns its summary as JSON. `main` must be a warehouse.
std::string rebuild_facts(sqlite3* database);

}  // namespace cdr::ext
