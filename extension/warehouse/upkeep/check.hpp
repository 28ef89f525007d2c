// cdr_check: checks a warehouse. SQLite 3.40 has no xIntegrity, so this is the integrity check. It
// checks the file, its schema, and every raw record with its key. It compares the components with
// the ids that records share, and all facts with those that the records give when they are mapped
// again, in memory. Nothing is written.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

struct Violation {
  std::string check;     // the name of the check
  std::string table;     // the table of the row
  std::string key;       // the key of the row
  std::string found;     // the value in the file
  std::string expected;  // the value that it should have
  std::string remedy;
};

// Beyond this many violations of one check, only their number is reported.
inline constexpr std::size_t most_violations = 1000;

// Reports every violation; a healthy file has none. Returns the number of violations of each
// check. Throws Error if `main` is not a warehouse.
std::map<std::string, std::size_t> check_warehouse(
    sqlite3* database, const std::function<void(const Violation&)>& tell);

}  // namespace cdr::ext
