// cdr_init: a warehouse made, or brought from an older format to this one.
#pragma once

#include <span>

#include "extension/binding/sqlite.hpp"
#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {

// Takes the warehouse from a format to another one, a step after the other, in one savepoint.
// Throws Error, and leaves all as it was, when a step is missing or fails. The facts are not made
// anew.
void migrate(sqlite3* database, int from, int to, std::span<const Migration> steps);

enum class Created : bool { no, yes };
// Makes `main` a warehouse if it is none, and migrates one of an older format; brings its
// documentation (cdr_column, state_basis, metric_definition, state_name) up to this library's. A
// file that is up to date is not written to.
Created create_warehouse(sqlite3* database);

}  // namespace cdr::ext
