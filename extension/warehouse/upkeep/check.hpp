// cdr_check: whether a warehouse is what it should be. SQLite 3.40 has no xIntegrity, so this is
// the integrity check: of the file, of its schema, of every raw record and what it is kept by, of
// the components against the ids that records share, and of all facts against what the records make
// when they are mapped again, in memory. Nothing is written.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

struct Violation {
  std::string check;     // which of them
  std::string table;     // where
  std::string key;       // of the row
  std::string found;     // against
  std::string expected;  // this
  std::string remedy;
};

// More of one check than that are told as a number.
inline constexpr std::size_t most_violations = 1000;

// Tells of every violation; of a healthy file there is none. Gives how many there are of each
// check. Throws Error when `main` is no warehouse.
std::map<std::string, std::size_t> check_warehouse(
    sqlite3* database, const std::function<void(const Violation&)>& tell);

}  // namespace cdr::ext
