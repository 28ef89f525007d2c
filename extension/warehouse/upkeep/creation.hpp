// cdr_init: creates a warehouse, or migrates one from an older format to this one.
#pragma once

#include <span>

#include "extension/binding/sqlite.hpp"
#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {

// Migrates the warehouse from one format to another, step by step, in one savepoint.
// Throws Error, and leaves everything as it was, if a step is missing or fails. Does not rebuild
// the facts.
void migrate(sqlite3* database, int from, int to, std::span<const Migration> steps);

enum class Created : bool { no, yes };
// Makes `main` a warehouse if it is not one yet, and migrates one of an older format. Updates its
// documentation (cdr_column, state_basis, metric_definition, state_name) to this library's. Does
// not write to a file that is up to date.
Created create_warehouse(sqlite3* database);

}  // namespace cdr::ext
