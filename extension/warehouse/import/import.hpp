// cdr_import: imports files and JSON into the warehouse.
#pragma once

#include <string>

#include "extension/binding/sqlite.hpp"
#include "extension/warehouse/import/options.hpp"
#include "json/input/source.hpp"

namespace cdr::ext {

// Returns its summary as JSON. `main` must be a warehouse.
std::string import_into(sqlite3* database, const Source& source, const ImportOptions& options);

}  // namespace cdr::ext
