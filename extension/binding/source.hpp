// What a table reads, from the SQL value that says so.
#pragma once

#include <memory>
#include <string_view>

#include "extension/binding/sqlite.hpp"
#include "json/input/source.hpp"

namespace cdr::ext {

// JSON text or blob (also compressed), or what cdr_file returned; null for SQL NULL. `who` speaks
// in messages. Throws Error, which says what the value was and how to read a file.
std::shared_ptr<const Source> source_of(sqlite3_value* value, std::string_view who);

}  // namespace cdr::ext
