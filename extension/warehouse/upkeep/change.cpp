#include "extension/warehouse/upkeep/change.hpp"

#include "extension/binding/statement.hpp"

namespace cdr::ext {

std::int64_t note_change(sqlite3* database, std::string_view what) {
  constexpr std::string_view now = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
  Statement insert(
      database,
      std::string("INSERT INTO main.import_file (path, status, seen, inserted, updated, unchanged, "
                  "stale, quarantined, interactions, started_at, finished_at, libcdr) "
                  "VALUES (?1, 'imported', 0, 0, 0, 0, 0, 0, 0, ")
          .append(now)
          .append(", ")
          .append(now)
          .append(", '" CDR_VERSION "')"));
  insert.execute(what);
  return sqlite3_last_insert_rowid(database);
}

}  // namespace cdr::ext
