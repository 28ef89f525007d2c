// Tells whether SQLite may have prepared kept statements anew. It does so after the host has set an
// authorizer, which may hide what was read before, and after some changes of the schema. It does not
// when an authorizer is removed: statements that were prepared under it stay as they are.
#pragma once

#include <utility>

#include "extension/binding/statement.hpp"

namespace cdr::ext {

class PreparedAnew {
 public:
  explicit PreparedAnew(sqlite3* database) : probe_(database, "SELECT 1") { has_happened(); }
  // Whether it has, since the last call.
  bool has_happened() {
    probe_.execute();
    const int now = probe_.times_prepared_anew();
    return std::exchange(before_, now) != now;
  }

 private:
  Statement probe_;
  int before_ = 0;
};

}  // namespace cdr::ext
