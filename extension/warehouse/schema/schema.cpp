#include "extension/warehouse/schema/schema.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "extension/binding/bulk_insert.hpp"
#include "extension/binding/connection.hpp"
#include "extension/binding/statement.hpp"
#include "extension/warehouse/schema/layout.hpp"

namespace cdr::ext {
namespace {

constexpr std::size_t longest_format = 20;  // that a message quotes

void require_ordinary(const Kinds& kinds, std::string_view table, std::string_view who) {
  const std::string_view kind = kinds.of(table);
  if (kind == "table") return;
  throw Error(std::string(who) + ": expected the table " + std::string(table) + " in main, found " +
              (kind.empty() ? "none" : "a " + std::string(kind)) +
              "; the file is not a complete warehouse: restore it, or import into a new one");
}

Error damaged_format(std::string_view who, std::string_view found) {
  return Error(std::string(who) + ": main says in cdr_meta that it is a warehouse of format " +
               std::string(found) + ", which never existed; restore the file from a backup");
}

std::string other_format(int found, std::string_view who) {
  return std::string(who) + ": main is a warehouse of format " + std::to_string(found) +
         ", expected " + std::to_string(warehouse_format) + " (libcdr " CDR_VERSION "); ";
}

}  // namespace

std::span<const std::string_view> stored_tables() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> found;
    for (const LayoutTable& each : layout_tables()) found.push_back(each.name);
    return found;
  }();
  return names;
}

Kinds::Kinds(sqlite3* database) {
  Statement select(database,
                   "SELECT lower(name), type, rootpage FROM main.sqlite_schema "
                   "WHERE type IN ('table', 'view')");
  auto rows = select.query();
  while (rows.next())
    kinds_.emplace(rows.text(0), rows.text(1) != "table" ? "view"
                                 : rows.integer(2) > 0   ? "table"
                                                         : "virtual table");
}

std::string_view Kinds::of(std::string_view name) const {
  const auto found = kinds_.find(name);
  return found == kinds_.end() ? std::string_view() : found->second;
}

void refuse_triggers(sqlite3* database, std::string_view who) {
  Statement select(database,
                   "SELECT name, tbl_name FROM main.sqlite_schema WHERE type = 'trigger'");
  auto rows = select.query();
  while (rows.next())
    for (const std::string_view table : stored_tables())
      if (sqlite3_stricmp(std::string(table).c_str(), std::string(rows.text(1)).c_str()) == 0)
        throw Error(std::string(who) + ": the trigger '" + std::string(rows.text(0)) +
                    "' on the warehouse's table " + std::string(table) +
                    " would run with every write, which libcdr does not allow; drop it, or "
                    "make it a TEMP trigger of your own connection");
}

namespace {

// A TEMP trigger of the connection may log what is written, but must not make SQLite skip rows.
void refuse_ignoring_triggers(sqlite3* database, std::string_view who) {
  Statement select(database,
                   "SELECT name, lower(tbl_name) FROM temp.sqlite_schema WHERE type = 'trigger' "
                   "AND sql LIKE '%RAISE%IGNORE%'");
  for (auto rows = select.query(); rows.next();)
    for (const std::string_view table : stored_tables())
      if (table == rows.text(1))
        throw Error(std::string(who) + ": the TEMP trigger '" + std::string(rows.text(0)) +
                    "' on the warehouse's table " + std::string(table) +
                    " has RAISE(IGNORE), so rows would be skipped silently; drop it");
}

// The tables in which libcdr updates rows, and does not only insert and delete them.
constexpr std::string_view updated_tables[] = {
    "interaction",     "raw_record",     "import_file", "quarantine",
    "cdr_meta",        "queue_interval", "queue_day",   "agent_interval",
    "agent_day_total", "unmapped_field", "tombstone",
};

// "a = ?, b = ?"
std::string all_set(const LayoutTable& table) {
  std::string list;
  for (const LayoutColumn& each : table.columns)
    list.append(list.empty() ? "" : ", ").append(each.name).append(" = ?");
  return list;
}

// If an authorizer answers SQLITE_IGNORE for a column, SQLite reads NULL in its place, which has no
// declared type.
void refuse_ignored_columns_of(sqlite3* database, const LayoutTable& table) {
  if (sqlite3_api->column_decltype == nullptr) return;  // SQLite may be compiled without it
  // With the table's name, because the message of a column that is missing shows what is written.
  const std::string name(table.name);
  std::string columns;
  for (const LayoutColumn& each : table.columns)
    columns.append(columns.empty() ? "" : ", ").append(name).append(".").append(each.name);
  Statement select(database, "SELECT " + columns + " FROM main." + name);
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (!select.is_declared(static_cast<int>(i)))
      throw_ignored("SELECT " + std::string(table.columns[i].name) + " FROM main." + name);
}

}  // namespace

bool reads_all_columns(sqlite3* database, std::span<const std::string_view> tables) {
  try {
    for (const LayoutTable& each : layout_tables())
      if (tables.empty() || std::find(tables.begin(), tables.end(), each.name) != tables.end())
        refuse_ignored_columns_of(database, each);
    return true;
  } catch (const SqliteError&) {
    return false;
  }
}

// SQLite also leaves such a column out of an UPDATE, so that its parameter is not used.
void refuse_ignored_columns(sqlite3* database) {
  for (const LayoutTable& each : layout_tables()) refuse_ignored_columns_of(database, each);
  for (const std::string_view name : updated_tables) {
    const LayoutTable& table = layout_table(name);
    const std::string sql = "UPDATE main." + std::string(name) + " SET " + all_set(table);
    Statement explain(database, "EXPLAIN " + sql);
    std::size_t count = 0;
    for (auto rows = explain.query(); rows.next();) count += rows.text(1) == "Variable" ? 1 : 0;
    if (count != table.columns.size()) throw_ignored("UPDATE main." + std::string(name));
  }
  constexpr std::string_view recursion =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 2 FROM n WHERE i = 1)";
  Statement count(database, std::string(recursion) + " SELECT count(*) FROM n");
  auto rows = count.query();
  if (!rows.next() || rows.integer(0) != 2) throw_ignored(recursion);
}

std::optional<int> format_of(sqlite3* database, const Kinds& kinds, std::string_view who) {
  if (kinds.of("cdr_meta").empty()) return std::nullopt;
  require_ordinary(kinds, "cdr_meta", who);
  Statement select(database, "SELECT value FROM main.cdr_meta WHERE name = 'format'");
  auto rows = select.query();
  if (!rows.next()) throw damaged_format(who, "NULL");
  const std::string_view text = rows.text(0);
  int format = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), format);
  if (error != std::errc() || end != text.data() + text.size() || format < 1)
    throw damaged_format(who, '\'' + std::string(text.substr(0, longest_format)) + '\'');
  return format;
}

bool is_utf8(sqlite3* database) {
  Statement encoding(database, "PRAGMA main.encoding");
  auto rows = encoding.query();
  return rows.next() && rows.text(0) == "UTF-8";
}

void refuse_newer(int found, std::string_view who) {
  if (found > warehouse_format) throw Error(other_format(found, who) + "use a newer libcdr");
}

namespace {

void require_format(int found, std::string_view who) {
  refuse_newer(found, who);
  if (found < warehouse_format)
    throw Error(other_format(found, who) + "SELECT cdr_init() brings it up to date");
}

}  // namespace

void require_tables(sqlite3* database, std::string_view who) {
  const Kinds kinds(database);
  const auto found = format_of(database, kinds, who);
  if (!found)
    throw Error(std::string(who) + ": main is not a warehouse; SELECT cdr_init() makes it one");
  require_format(*found, who);
  for (const std::string_view table : stored_tables()) require_ordinary(kinds, table, who);
}

void require_warehouse(sqlite3* database, std::string_view who) {
  require_tables(database, who);
  refuse_triggers(database, who);
  refuse_ignoring_triggers(database, who);
  // This takes longer than importing a record.
  if (Connection* const connection = Connection::of(database);
      connection == nullptr || !connection->is_looked_at()) {
    refuse_ignored_columns(database);
    if (connection == nullptr) return;
    BulkInsert::make_table(database);
    connection->set_looked_at();
  }
}

void require_stored(sqlite3* database, const std::vector<std::string_view>& tables,
                    std::string_view who) {
  const Kinds kinds(database);
  const auto found = format_of(database, kinds, who);
  if (!found)
    throw Error(std::string(who) +
                ": no input, and main is not a warehouse; give it JSON or a file, "
                "as in " +
                std::string(who) +
                "(cdr_file('export.json')), or make a warehouse with "
                "SELECT cdr_init() and cdr_import(path)");
  require_format(*found, who);
  for (const std::string_view table : tables) require_ordinary(kinds, table, who);
}

}  // namespace cdr::ext
