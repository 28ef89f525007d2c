// The state of the file that a reading of the warehouse found before it prepared its statements,
// and whether it still holds. Checking takes less time than preparing them again.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/statement.hpp"

namespace cdr::ext {

class Standing {
 public:
  // Throws Error, in which `who` speaks, unless main is a warehouse of this format whose `tables`
  // are what cdr_init() made.
  Standing(sqlite3* database, const std::vector<std::string_view>& tables, std::string_view who);
  // Whether the schema and the format are the ones that were found.
  bool holds();

 private:
  static std::string answer(Statement& question);

  Statement schema_version_, format_;
  std::array<std::string, 2> found_;
};

}  // namespace cdr::ext
