// What sql/schema.sql declares of a table's indexes: lets a plan know which questions are cheap.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace cdr::ext {

// The columns of each index of a stored table, or of the table that a stored view shows; primary
// keys among them.
using Indexes = std::vector<std::vector<std::string_view>>;
const Indexes& indexes_of(std::string_view stored_table);

}  // namespace cdr::ext
