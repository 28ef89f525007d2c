#include "extension/binding/transaction.hpp"

#include <string>

namespace cdr::ext {
namespace {

constexpr std::string_view begin_sql = "SAVEPOINT cdr";
constexpr std::string_view release_sql = "RELEASE cdr";
constexpr std::string_view back_sql = "ROLLBACK TO cdr";
constexpr std::string_view rollback_sql = "ROLLBACK";
// SQLite counts it as a statement that writes. It is run only when it is certain to be interrupted.
constexpr std::string_view force_sql = "DROP TABLE IF EXISTS main.\"cdr: no table has this name\"";
// SQLite counts it as a statement that writes, too. It writes nothing and returns a row.
constexpr std::string_view last_write_sql = "PRAGMA main.journal_mode";

Statement prepared(sqlite3* database, std::string_view sql) {
  Statement statement(database, sql);
  statement.prepare();
  return statement;
}

// Whether the compiled statement contains the opcode that does its work. An authorizer may make
// SQLite skip the statement silently.
bool is_done(sqlite3* database, std::string_view sql, std::string_view opcode) {
  Statement explain(database, "EXPLAIN " + std::string(sql));
  auto rows = explain.query();
  while (rows.next())
    if (rows.text(1) == opcode) return true;
  return false;
}

}  // namespace

Transaction::Transaction(sqlite3* database, std::string_view who)
    : database_(database),
      who_(who),
      begin_(database, begin_sql),
      // Takes the write lock of any file and writes nothing, unless the file's owner has set
      // auto_vacuum to INCREMENTAL: then it removes at most one page, which was free already.
      lock_(database, "PRAGMA main.incremental_vacuum(1)"),
      release_(prepared(database, release_sql)),
      back_(prepared(database, back_sql)),
      rollback_(prepared(database, rollback_sql)),
      force_(prepared(database, force_sql)) {}

void Transaction::expect_schema_changes() {
  end_last_resorts();  // the rows go before their statements are replaced
  last_write_ = Statement(database_, last_write_sql);
  last_written_.emplace(last_write_.query());
  last_written_->next();
  last_resort_ = Statement(database_,
                           "WITH rows (n) AS (VALUES (1), (2), (3)) SELECT n FROM rows, "
                           "(SELECT count(*) FROM main.sqlite_schema)");
  last_rows_.emplace(last_resort_.query());
  last_rows_->next();
}

void Transaction::prepare_again() {
  // If one cannot be prepared, the previous one stays: it may not have expired.
  rollback_ = prepared(database_, rollback_sql);
  back_ = prepared(database_, back_sql);
  release_ = prepared(database_, release_sql);
  force_ = prepared(database_, force_sql);
  end_last_resorts();
}

void Transaction::end_last_resorts() noexcept {
  last_rows_.reset();
  last_written_.reset();
}

void Transaction::begin() {
  is_own_ = sqlite3_get_autocommit(database_) != 0;
  try {
    begin_.execute();
  } catch (const SqliteError& error) {
    if ((error.sqlite() & 0xff) != SQLITE_BUSY) throw;
    throw SqliteError(std::string(who_) +
                          ": cannot write while a statement that writes is running; call it by "
                          "itself, as in SELECT " +
                          std::string(who_) + "(…)",
                      error.sqlite());
  }
  begun_ = true;
  try {
    require_all_done();
  } catch (...) {
    roll_back();
    throw;
  }
  run(lock_);
}

void Transaction::require_all_done() {
  constexpr std::string_view savepoint = "Savepoint";
  begun_ = is_done(database_, begin_sql, savepoint);
  if (!begun_) throw_ignored(begin_sql);
  for (const std::string_view sql : {release_sql, back_sql})
    if (!is_done(database_, sql, savepoint)) throw_ignored(sql);
  if (!is_done(database_, rollback_sql, "AutoCommit")) throw_ignored(rollback_sql);
}

void Transaction::run(Statement& statement) {
  try {
    statement.execute();
  } catch (...) {
    roll_back();
    throw;
  }
}

void Transaction::commit() {
  require_begun();
  end_last_resorts();
  run(release_);
  begun_ = false;
}

void Transaction::require_begun() const {
  if (begun_ && sqlite3_get_autocommit(database_) == 0) return;
  throw SqliteError("the warehouse: SQLite has undone the transaction; run it again", SQLITE_ABORT);
}

void Transaction::roll_back() noexcept {
  if (!begun_) return;
  begun_ = false;
  if (is_own_)
    undo_own();
  else
    undo_inside_callers();
  end_last_resorts();
}

// Tries both in turn: SQLite refuses a ROLLBACK while the connection is interrupted, and only then
// does the other statement undo anything.
void Transaction::undo_own() noexcept {
  constexpr int tries = 3;
  for (int i = 0; i < tries && sqlite3_get_autocommit(database_) == 0; ++i) {
    if (rollback_.try_step() && sqlite3_get_autocommit(database_) != 0) return;
    if (sqlite3_get_autocommit(database_) == 0) force_.try_step();
  }
  // An authorizer may make SQLite skip the ROLLBACK.
  if (sqlite3_get_autocommit(database_) == 0 && back_.try_step()) release_.try_step();
  // Rows::next() would first check whether to stop.
  if (last_written_ && sqlite3_get_autocommit(database_) == 0) last_write_.try_step();
  if (last_rows_ && sqlite3_get_autocommit(database_) == 0) last_resort_.try_step();
}

void Transaction::undo_inside_callers() noexcept {
  if (sqlite3_get_autocommit(database_) != 0) return;  // all of it has been undone already
  if (back_.try_step()) {
    end_last_resorts();  // nothing can be released while a running statement counts as writing
    if (release_.try_step()) return;
  }
  undo_own();
}

}  // namespace cdr::ext
