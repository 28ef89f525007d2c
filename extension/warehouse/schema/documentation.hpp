// The tables of a warehouse that explain it, written from libcdr's declarations: cdr_column,
// state_basis, metric_definition, state_name.
#pragma once

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Whether they agree with this library's declarations.
bool is_documented(sqlite3* database);
// Writes them again.
void document(sqlite3* database);

}  // namespace cdr::ext
