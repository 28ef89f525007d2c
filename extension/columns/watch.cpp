#include "extension/columns/watch.hpp"

#include <utility>

#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {
namespace {

// In a shared cache, a connection that reads uncommitted data sees changes that another one may
// still undo, and the version of the pages does not show it. The PRAGMA returns the setting at the
// time when it was prepared, so it is prepared each time. After sqlite3_close_v2(), while
// statements end that were running, nothing can be prepared, and the answer is unknown.
bool may_read_uncommitted(sqlite3* database) {
  try {
    Statement pragma(database, "PRAGMA read_uncommitted");
    auto rows = pragma.query();
    return rows.next() && rows.integer(0) != 0;
  } catch (const SqliteError& error) {
    if (error.sqlite() == SQLITE_MISUSE) return true;
    throw;
  }
}

bool has_ledger(sqlite3* database) {
  try {
    require_stored(database, {"import_file"}, "libcdr");
    return true;
  } catch (const SqliteError&) {
    throw;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

// Kept texts are compared byte by byte. BINARY does the same only if the database stores UTF-8.
FileWatch::FileWatch(sqlite3* database) : database_(database) {
  if (is_utf8(database) && has_ledger(database))
    last_import_ = Statement(database,
                             "SELECT import_id || ' ' || finished_at FROM main.import_file "
                             "ORDER BY import_id DESC LIMIT 1");
}

// A statement that writes outside of a transaction can undo only what it has written itself, and
// that is in no table that is read meanwhile (Standing).
std::optional<FileState> FileWatch::state() {
  const auto moment = moment_of_main(database_);
  if (!last_import_ || !moment || may_read_uncommitted(database_)) return std::nullopt;
  FileState state{*moment, {}};
  if (sqlite3_get_autocommit(database_) != 0) state.moment.own_changes.reset();
  auto rows = last_import_.query();
  if (rows.next()) state.last_import = rows.text(0);
  return state;
}

std::optional<FileState> KeptColumns::see() {
  auto state = see_own();
  return state && state->lasts() ? std::move(state) : std::nullopt;
}

std::optional<FileState> KeptColumns::see_own() {
  Connection* const connection = Connection::of(database_);
  if (connection == nullptr) return std::nullopt;
  cache_ = &ColumnCache::of(*connection);
  if (cache_->bound() == 0) return std::nullopt;
  if (!watch_) watch_.emplace(database_);
  auto state = watch_->state();
  if (state && state->lasts()) cache_->see(*state);
  return state;
}

void KeptColumns::keep(std::shared_ptr<const KeptTable> table, const FileState& state) {
  if (watch_->state() == state) cache_->keep(std::move(table), state);
}

}  // namespace cdr::ext
