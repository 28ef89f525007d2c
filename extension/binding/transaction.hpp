// What a call writes: all of it or nothing, and the connection afterwards as it was.
//
//   Transaction transaction(database, "cdr_import");  // prepares what will end it
//   transaction.begin();                              // takes the write lock
//   …
//   transaction.commit();                             // without it, all of it is undone
//
// Outside a transaction of the caller's it is one of its own; inside, a savepoint. Undoing must
// work when nothing else does: after an interrupt, in which SQLite refuses every statement until
// the calling one has ended; after a failed commit, which leaves the lock held; when memory ran
// out. So its statements are prepared before anything is begun, and the last resort is SQLite's own
// rule: a statement that would write and is interrupted, or finds no memory, undoes the whole
// transaction, the caller's too. entry.cpp says so in the message of the error.
#pragma once

#include <optional>
#include <string_view>

#include "extension/binding/statement.hpp"

namespace cdr::ext {

class Transaction {
 public:
  // `who` speaks in messages and must outlive it. Nothing is begun yet.
  Transaction(sqlite3* database, std::string_view who);
  ~Transaction() { roll_back(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Waits for the lock as long as the connection's busy timeout says. Throws SqliteError, with
  // nothing begun, when it cannot be had, and inside a statement that writes.
  void begin();
  // Throws SqliteError, and everything is undone, when SQLite refuses.
  void commit();
  void roll_back() noexcept;
  // Before the schema is changed: SQLite lets every prepared statement expire then, and what has
  // expired cannot be run when memory has run out.
  void expect_schema_changes();
  // After each change: prepares again what undoes it, while that is possible.
  void prepare_again();
  bool is_begun() const { return begun_; }
  // Throws unless it is as begin() left it. SQLite may have undone all of it, and what was written
  // then would be committed at once.
  void require_begun() const;

 private:
  void undo_own() noexcept;
  void undo_inside_callers() noexcept;
  void run(Statement& statement);

  sqlite3* database_;
  std::string_view who_;
  Statement begin_, lock_, release_, back_, rollback_, force_;
  // A reading that is under way does not expire. Out of memory its next row is an error, after
  // which SQLite undoes the whole transaction.
  Statement last_resort_;
  std::optional<Statement::Rows> last_rows_;
  bool begun_ = false, is_own_ = false;
};

}  // namespace cdr::ext
