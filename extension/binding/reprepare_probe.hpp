// Tells whether SQLite may have reprepared kept statements. It does so after the host has set an
// authorizer, which may hide what was read before, and after some changes of the schema. It does not
// when an authorizer is removed: statements that were prepared under it stay as they are.
#pragma once

#include <utility>

#include "extension/binding/statement.hpp"

namespace cdr::ext {

class ReprepareProbe {
 public:
  explicit ReprepareProbe(sqlite3* database) : statement_(database, "SELECT 1") { has_news(); }
  // Whether it has reprepared them since the last call.
  bool has_news() {
    statement_.execute();
    const int now = statement_.times_reprepared();
    return std::exchange(before_, now) != now;
  }

 private:
  Statement statement_;
  int before_ = 0;
};

}  // namespace cdr::ext
