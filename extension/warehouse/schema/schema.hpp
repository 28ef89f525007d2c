// The warehouse's schema: sql/schema.sql, embedded, and the conditions for reading or writing
// its tables.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// The file's format, in cdr_meta. A change of sql/schema.sql makes a new format, and comes with
// sql/migrations/<format>.sql, which converts the previous format to it.
inline constexpr int warehouse_format = 5;

// The text of sql/schema.sql, and of sql/checks.sql.
std::string_view schema_sql();
std::string_view checks_sql();
// The queries that compute what facts add to stored figures: sql/rollups/queue_interval.sql and
// agent_interval.sql; and the parts of reports that they read: sql/reports/parts/timed_visit.sql
// and agent_turn.sql.
std::string_view queue_interval_sql();
std::string_view agent_interval_sql();
std::string_view timed_visit_sql();
std::string_view agent_turn_sql();

// The names of the ordinary tables that sql/schema.sql creates.
std::span<const std::string_view> stored_tables();

// A file of sql/migrations/, embedded.
struct Migration {
  int format;  // the resulting format
  std::string_view sql;
};
std::span<const Migration> migrations();  // in no order

// The kind of object that main holds under each name, in lower case: 'table' for an ordinary one,
// otherwise 'view' or 'virtual table'.
class Kinds {
 public:
  explicit Kinds(sqlite3* database);
  // "" if there is none.
  std::string_view of(std::string_view name) const;

 private:
  std::map<std::string, std::string_view, std::less<>> kinds_;
};
// The format that main claims to have; nullopt: it is not a warehouse. Throws Error if the claim is
// impossible.
std::optional<int> format_of(sqlite3* database, const Kinds& kinds, std::string_view who);
// They throw Error: the first for a format of a newer libcdr, the second for a trigger on a table
// of the warehouse, because SQL from a file that somebody else made would run with every write.
void refuse_newer(int found, std::string_view who);
void refuse_triggers(sqlite3* database, std::string_view who);

// Whether main stores texts as UTF-8, and not as UTF-16.
bool is_utf8(sqlite3* database);

// Throws SqliteError if an authorizer answers SQLITE_IGNORE for a column of the warehouse.
void refuse_ignored_columns(sqlite3* database);
// Whether every column of these tables, or of all if there are none, is read as it is. If not, an
// authorizer answers SQLITE_IGNORE or SQLITE_DENY for one of them.
bool reads_all_columns(sqlite3* database, std::span<const std::string_view> tables);

// Throws Error, whose message begins with `who`, unless `main` is a warehouse of this format whose
// tables are ordinary tables without triggers: a hostile file may hold others. Also throws if the
// connection would make SQLite skip something that is written or read: by a TEMP trigger with
// RAISE(IGNORE), or by an authorizer that answers SQLITE_IGNORE. Call it before writing any of the
// tables.
void require_warehouse(sqlite3* database, std::string_view who);
// The same, but triggers are allowed: for code that only reads all of them.
void require_tables(sqlite3* database, std::string_view who);

// The same for code that only reads `tables`, and for a virtual table without an input.
void require_stored(sqlite3* database, const std::vector<std::string_view>& tables,
                    std::string_view who);

}  // namespace cdr::ext
