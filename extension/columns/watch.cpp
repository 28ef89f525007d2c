#include "extension/columns/watch.hpp"

#include <utility>

#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {
namespace {

// In a shared cache, a connection that reads uncommitted data sees changes that another one may
// still undo, and the version of the pages does not show it. The PRAGMA returns the setting at the
// time when it was prepared, so it is prepared each time.
bool reads_uncommitted(sqlite3* database) {
  Statement pragma(database, "PRAGMA read_uncommitted");
  auto rows = pragma.query();
  return rows.next() && rows.integer(0) != 0;
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

std::optional<FileState> FileWatch::state() {
  const auto moment = moment_of_main(database_);
  if (!last_import_ || !moment || reads_uncommitted(database_)) return std::nullopt;
  FileState state{*moment, {}};
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
  if (connection == nullptr || !may_keep_) return std::nullopt;
  cache_ = &ColumnCache::of(*connection);
  if (cache_->bound() == 0) return std::nullopt;
  auto state = state_now();
  if (state && state->lasts()) cache_->see(*state);
  return state;
}

// After sqlite3_close_v2(), while statements end that were running, nothing can be prepared, and the
// state is unknown.
std::optional<FileState> KeptColumns::state_now() {
  try {
    if (!watch_) watch_.emplace(database_);
    return watch_->state();
  } catch (const SqliteError& error) {
    if (error.sqlite() != SQLITE_MISUSE) throw;
    return std::nullopt;
  }
}

void KeptColumns::keep(std::shared_ptr<const KeptTable> table, const FileState& state) {
  if (state_now() == state) cache_->keep(std::move(table), state);
}

}  // namespace cdr::ext
