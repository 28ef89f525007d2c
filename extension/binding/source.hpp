// Converts an SQL value to the source that a table reads.
#pragma once

#include <memory>
#include <string_view>

#include "extension/binding/sqlite.hpp"
#include "json/input/source.hpp"

namespace cdr::ext {

// JSON text or blob (also compressed), or the result of cdr_file; null for SQL NULL. Messages begin
// with `who`. Throws Error, which says what the value was and how to read a file.
std::shared_ptr<const Source> source_of(sqlite3_value* value, std::string_view who);

}  // namespace cdr::ext
