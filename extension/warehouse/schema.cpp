#include "extension/warehouse/schema.hpp"

#include <optional>
#include <string>

#include "core/error.hpp"
#include "extension/statement.hpp"
#include "extension/warehouse/documentation.hpp"

namespace cdr::ext {
namespace {

// The kind of object of that name in main: 'table' for an ordinary one, else 'view' or
// 'virtual table'; "" when there is none.
std::string_view kind_of(sqlite3* database, std::string_view name) {
  Statement select(database,
                   "SELECT type, rootpage FROM main.sqlite_schema "
                   "WHERE lower(name) = ?1 AND type IN ('table', 'view')");
  auto rows = select.query(name);
  if (!rows.next()) return "";
  if (rows.text(0) != "table") return "view";
  return rows.integer(1) > 0 ? "table" : "virtual table";
}

void require_ordinary(sqlite3* database, std::string_view table, std::string_view who) {
  const std::string_view kind = kind_of(database, table);
  if (kind == "table") return;
  throw Error(std::string(who) + ": expected the table " + std::string(table) + " in main, found " +
              (kind.empty() ? "none" : "a " + std::string(kind)) +
              "; the file is no complete warehouse: restore it, or import into a new one");
}

// SQL that another one's file holds would run with every write.
void refuse_triggers(sqlite3* database, std::string_view who) {
  Statement select(database,
                   "SELECT name, tbl_name FROM main.sqlite_schema WHERE type = 'trigger'");
  auto rows = select.query();
  while (rows.next())
    for (const std::string_view table : stored_tables())
      if (sqlite3_stricmp(std::string(table).c_str(), std::string(rows.text(1)).c_str()) == 0)
        throw Error(std::string(who) + ": the trigger '" + std::string(rows.text(0)) +
                    "' on the warehouse's table " + std::string(table) +
                    " would run with every write, which libcdr does not let happen; drop it, or "
                    "make it a TEMP trigger of your own connection");
}

std::optional<std::int64_t> format_of(sqlite3* database, std::string_view who) {
  if (kind_of(database, "cdr_meta").empty()) return std::nullopt;
  require_ordinary(database, "cdr_meta", who);
  Statement select(database,
                   "SELECT CAST(value AS INTEGER) FROM main.cdr_meta WHERE name = 'format'");
  auto rows = select.query();
  return rows.next() ? rows.integer(0) : 0;
}

void refuse_format(std::int64_t found, std::string_view who) {
  const std::string text = std::string(who) + ": main is a warehouse of format " +
                           std::to_string(found) + ", expected " +
                           std::to_string(warehouse_format) + " (libcdr " CDR_VERSION "); ";
  throw Error(text + (found > warehouse_format ? "use a newer libcdr"
                                               : "its cdr_meta is damaged: restore the file"));
}

}  // namespace

std::span<const std::string_view> stored_tables() {
  static const std::vector<std::string_view> names = [] {
    constexpr std::string_view begin = "\nCREATE TABLE ";
    std::vector<std::string_view> found;
    const std::string_view sql = schema_sql();
    for (std::size_t at = sql.find(begin); at != sql.npos; at = sql.find(begin, at + 1)) {
      const std::string_view name = sql.substr(at + begin.size());
      found.push_back(name.substr(0, name.find(' ')));
    }
    return found;
  }();
  return names;
}

Created create_warehouse(sqlite3* database) {
  constexpr std::string_view who = "cdr_init";
  const auto found = format_of(database, who);
  if (found && *found != warehouse_format) refuse_format(*found, who);
  if (found && is_documented(database)) return Created::no;
  refuse_triggers(database, who);
  Savepoint savepoint(database, who);
  if (!found) {
    for (const std::string_view table : stored_tables())
      if (!kind_of(database, table).empty())
        throw Error(std::string(who) + ": main has a table or view '" + std::string(table) +
                    "' already, and is no warehouse; give libcdr a database file of its own");
    execute_all(database, schema_sql());
    Statement(database, "INSERT INTO main.cdr_meta VALUES ('format', ?1)")
        .execute(std::to_string(warehouse_format));
  }
  document(database);
  savepoint.release();
  return found ? Created::no : Created::yes;
}

void require_tables(sqlite3* database, std::string_view who) {
  const auto found = format_of(database, who);
  if (!found)
    throw Error(std::string(who) + ": main is no warehouse; SELECT cdr_init() makes it one");
  if (*found != warehouse_format) refuse_format(*found, who);
  for (const std::string_view table : stored_tables()) require_ordinary(database, table, who);
}

void require_warehouse(sqlite3* database, std::string_view who) {
  require_tables(database, who);
  refuse_triggers(database, who);
}

void require_stored(sqlite3* database, std::initializer_list<std::string_view> tables,
                    std::string_view who) {
  const auto found = format_of(database, who);
  if (!found)
    throw Error(std::string(who) +
                ": no input, and main is no warehouse; give it JSON or a file, "
                "as in " +
                std::string(who) +
                "(cdr_file('export.json')), or make a warehouse with "
                "SELECT cdr_init() and cdr_import(path)");
  if (*found != warehouse_format) refuse_format(*found, who);
  for (const std::string_view table : tables) require_ordinary(database, table, who);
}

}  // namespace cdr::ext
