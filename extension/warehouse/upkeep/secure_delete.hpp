// Makes SQLite remove deleted rows from the file's bytes, as far as that is possible from inside a
// function.
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

// Turns secure_delete of `main` on while it lives, and then restores the host's setting.
class SecureDelete {
 public:
  explicit SecureDelete(sqlite3* database);

 private:
  Setting setting_;
};

// A statement that the caller still has to run, and why.
struct ToDo {
  std::string run;  // a statement
  std::string why;
};
// Empties the write-ahead log of `main`, which holds old versions of pages. Returns the remaining
// steps in order: COMMIT, a checkpoint that a reader kept from finishing, VACUUM.
std::vector<ToDo> left_to_do(sqlite3* database);

}  // namespace cdr::ext
