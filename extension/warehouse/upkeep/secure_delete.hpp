// What SQLite has to do so that deleted rows are gone from the file's bytes, as far as it can be
// done from inside a function.
//
//   { const SecureDelete secure(database); delete…; }   // freed bytes are overwritten
//   for (const ToDo& each : left_to_do(database)) tell(each.run, each.why);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "extension/binding/setting.hpp"
#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// secure_delete of `main`, on while it lives; then what the host had set.
class SecureDelete {
 public:
  explicit SecureDelete(sqlite3* database);

 private:
  Setting setting_;
};

// What is left to be done by who runs SQL, and why.
struct ToDo {
  std::string run;  // a statement
  std::string why;
};
// Empties the write-ahead log of `main`, which has pages as they were, and tells the rest, in that
// order: COMMIT, a checkpoint that a reader kept from finishing, VACUUM.
std::vector<ToDo> left_to_do(sqlite3* database);

}  // namespace cdr::ext
