// The tables of a warehouse that explain it, written from libcdr's declarations: cdr_column,
// state_basis, metric_definition, state_name.
#pragma once

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// Whether they say what this library's declarations say.
bool is_documented(sqlite3* database);
// Writes them anew.
void document(sqlite3* database);

}  // namespace cdr::ext
