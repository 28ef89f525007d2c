// Writes everything or nothing, and leaves the connection as it was.
//
//   Transaction transaction(database, "cdr_import");  // prepares the statements that end it
//   transaction.begin();                              // takes the write lock
//   …
//   transaction.commit();                             // without it, all of it is undone
//
// If the caller has no transaction, it opens one; otherwise it makes a savepoint. Undoing must
// work when nothing else does: after an interrupt, when SQLite refuses every statement until
// the calling one has ended; after a failed commit, which leaves the lock held; when memory ran
// out. So its statements are prepared before anything begins, and the last resort is SQLite's own
// rule: a writing statement that is interrupted, or finds no memory, undoes the whole
// transaction, the caller's too. entry.cpp says so in the message of the error.
#pragma once

#include <optional>
#include <string_view>

#include "extension/binding/statement.hpp"

namespace cdr::ext {

class Transaction {
 public:
  // Messages begin with `who`, which must outlive the object. Nothing is begun yet.
  Transaction(sqlite3* database, std::string_view who);
  ~Transaction() { roll_back(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Waits for the lock as long as the connection's busy timeout says. Throws SqliteError, with
  // nothing begun, if it cannot get the lock, if a statement that writes is running, or if an
  // authorizer would make SQLite skip a statement that begins, ends or undoes the transaction.
  void begin();
  // If SQLite refuses, everything is undone and SqliteError is thrown.
  void commit();
  void roll_back() noexcept;
  // Call it before the schema changes. A change expires every prepared statement, and an expired
  // statement cannot be run when memory has run out or the connection is interrupted. Until
  // prepare_again(), savepoints can neither be made nor released. Do not call it before DROP TABLE
  // or DROP INDEX: SQLite refuses both while a statement is running, and neither expires a
  // statement.
  void expect_schema_changes();
  // Call it after the change: prepares the undoing statements again, while that is possible.
  void prepare_again();
  bool is_begun() const { return begun_; }
  // Throws unless the transaction is as begin() left it. SQLite may have undone all of it, and
  // later writes would then be committed at once.
  void require_begun() const;

 private:
  void undo_own() noexcept;
  void undo_inside_callers() noexcept;
  void require_all_done();
  void run(Statement& statement);
  void end_last_resorts() noexcept;

  sqlite3* database_;
  std::string_view who_;
  Statement begin_, lock_, release_, back_, rollback_, force_;
  // Running statements do not expire. If memory has run out, the next row of a read is an error; if
  // the connection is interrupted, the next row of a statement that counts as writing is one. After
  // the error, SQLite undoes the whole transaction.
  Statement last_resort_, last_write_;
  std::optional<Statement::Rows> last_rows_, last_written_;
  bool begun_ = false, is_own_ = false;
};

}  // namespace cdr::ext
