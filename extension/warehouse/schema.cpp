#include "extension/warehouse/schema.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "extension/setting.hpp"
#include "extension/statement.hpp"
#include "extension/transaction.hpp"
#include "extension/warehouse/documentation.hpp"
#include "extension/warehouse/import.hpp"
#include "extension/warehouse/layout.hpp"
#include "extension/warehouse/statistics.hpp"

namespace cdr::ext {
namespace {

constexpr std::size_t longest_format = 20;  // of what a message repeats

// What main holds under each name, in lower case: 'table' for an ordinary one, else 'view' or
// 'virtual table'.
class Kinds {
 public:
  explicit Kinds(sqlite3* database) {
    Statement select(database,
                     "SELECT lower(name), type, rootpage FROM main.sqlite_schema "
                     "WHERE type IN ('table', 'view')");
    auto rows = select.query();
    while (rows.next())
      kinds_.emplace(rows.text(0), rows.text(1) != "table" ? "view"
                                   : rows.integer(2) > 0   ? "table"
                                                           : "virtual table");
  }
  // "" when there is none.
  std::string_view of(std::string_view name) const {
    const auto found = kinds_.find(name);
    return found == kinds_.end() ? std::string_view() : found->second;
  }

 private:
  std::map<std::string, std::string_view, std::less<>> kinds_;
};

void require_ordinary(const Kinds& kinds, std::string_view table, std::string_view who) {
  const std::string_view kind = kinds.of(table);
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

Error damaged_format(std::string_view who, std::string_view found) {
  return Error(std::string(who) + ": main says in cdr_meta that it is a warehouse of format " +
               std::string(found) + ", which there never was; restore the file from a backup");
}

// nullopt: it is no warehouse.
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

std::string other_format(int found, std::string_view who) {
  return std::string(who) + ": main is a warehouse of format " + std::to_string(found) +
         ", expected " + std::to_string(warehouse_format) + " (libcdr " CDR_VERSION "); ";
}

void check_foreign_keys(sqlite3* database, int format) {
  Statement check(database, "PRAGMA main.foreign_key_check");
  auto rows = check.query();
  if (rows.next())
    throw Error("cdr_init: the step to format " + std::to_string(format) + " would leave rows of " +
                std::string(rows.text(0)) + " without those of " + std::string(rows.text(2)) +
                " that they name; cdr_check() says what is wrong with the file");
}

void refuse_newer(int found, std::string_view who) {
  if (found > warehouse_format) throw Error(other_format(found, who) + "use a newer libcdr");
}

void require_format(int found, std::string_view who) {
  refuse_newer(found, who);
  if (found < warehouse_format)
    throw Error(other_format(found, who) + "SELECT cdr_init() brings it up to date");
}

// A dialog's row takes a third of SQLite's usual page: larger ones waste less at their ends, and
// trees of them are less deep. Only where nothing says how the file is to be: it is empty, and the
// host has left the size as it was.
void enlarge_pages(sqlite3* database, Setting& page_size) {
  constexpr std::int64_t usual = 4096, larger = 8192;
  Statement select(database, "PRAGMA main.page_count");
  bool is_empty = false;
  {
    auto rows = select.query();
    is_empty = rows.next() && rows.integer(0) == 0;
  }
  if (is_empty && page_size.before() == usual) page_size.set(larger);
}

bool has_index(sqlite3* database, std::string_view name) {
  Statement select(database, "SELECT 1 FROM main.sqlite_schema WHERE type = 'index' AND name = ?1");
  auto rows = select.query(name);
  return rows.next();
}

// Tables and views.
std::vector<std::string_view> names_in_schema() {
  std::vector<std::string_view> names = layout_views();
  names.insert(names.end(), stored_tables().begin(), stored_tables().end());
  return names;
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

namespace {

// Inside the caller's transaction, with foreign keys off: steps rebuild tables that others refer
// to.
void take_steps(sqlite3* database, int from, int to, std::span<const Migration> steps) {
  Statement set_format(database, "UPDATE main.cdr_meta SET value = ?1 WHERE name = 'format'");
  while (from < to) {
    const auto step = std::find_if(steps.begin(), steps.end(), [from](const Migration& each) {
      return each.format == from + 1;
    });
    if (step == steps.end())
      throw Error("cdr_init: nothing leads from a warehouse of format " + std::to_string(from) +
                  " to format " + std::to_string(from + 1) +
                  "; import the files into a new database");
    execute_all(database, step->sql);
    set_format.execute(std::to_string(++from));
    check_foreign_keys(database, from);
  }
}

}  // namespace

void migrate(sqlite3* database, int from, int to, std::span<const Migration> steps) {
  const ForeignKeysOff foreign_keys(database);
  Transaction transaction(database, "cdr_init");
  transaction.begin();
  take_steps(database, from, to, steps);
  transaction.commit();
}

Created create_warehouse(sqlite3* database) {
  constexpr std::string_view who = "cdr_init";
  const auto needs_nothing = [&](const std::optional<int>& found) {
    if (found) refuse_newer(*found, who);
    return found == warehouse_format && is_documented(database);
  };
  // Most calls find that there is nothing to do, and take no lock to see it.
  if (needs_nothing(format_of(database, Kinds(database), who))) return Created::no;
  const ForeignKeysOff foreign_keys(database);
  Setting page_size(database, Pragma::page_size);
  enlarge_pages(database, page_size);
  Transaction transaction(database, who);
  transaction.begin();
  // Another connection may have been here in the meantime.
  const Kinds kinds(database);
  const auto found = format_of(database, kinds, who);
  if (needs_nothing(found)) return Created::no;
  refuse_triggers(database, who);
  if (!found) {
    for (const std::string_view name : names_in_schema())
      if (!kinds.of(name).empty())
        throw Error(std::string(who) + ": main has a table or view '" + std::string(name) +
                    "' already, and is no warehouse; give libcdr a database file of its own");
    transaction.expect_schema_changes();
    for (std::string_view rest = schema_sql(); !rest.empty(); transaction.prepare_again())
      if (Statement statement(database, rest, &rest); statement) statement.execute();
    Statement(database, "INSERT INTO main.cdr_meta VALUES ('format', ?1)")
        .execute(std::to_string(warehouse_format));
    make_statistics(database);  // of nothing yet: so that the table for them is there
    transaction.prepare_again();
  } else {
    take_steps(database, *found, warehouse_format, migrations());
    // A step drops what only holds facts in another form, and a format that was never released may
    // lack a table: it is made as it is now, and filled.
    const Kinds now(database);
    bool is_complete = *found == warehouse_format;
    for (const Creation& each : creations())
      if (now.of(each.name).empty() && !has_index(database, each.name)) {
        transaction.expect_schema_changes();
        execute_all(database, each.sql);
        transaction.prepare_again();
        is_complete = false;
      }
    if (!is_complete) rebuild_facts(database);
  }
  document(database);
  transaction.commit();
  page_size.keep();
  return found ? Created::no : Created::yes;
}

void require_tables(sqlite3* database, std::string_view who) {
  const Kinds kinds(database);
  const auto found = format_of(database, kinds, who);
  if (!found)
    throw Error(std::string(who) + ": main is no warehouse; SELECT cdr_init() makes it one");
  require_format(*found, who);
  for (const std::string_view table : stored_tables()) require_ordinary(kinds, table, who);
}

void require_warehouse(sqlite3* database, std::string_view who) {
  require_tables(database, who);
  refuse_triggers(database, who);
}

void require_stored(sqlite3* database, const std::vector<std::string_view>& tables,
                    std::string_view who) {
  const Kinds kinds(database);
  const auto found = format_of(database, kinds, who);
  if (!found)
    throw Error(std::string(who) +
                ": no input, and main is no warehouse; give it JSON or a file, "
                "as in " +
                std::string(who) +
                "(cdr_file('export.json')), or make a warehouse with "
                "SELECT cdr_init() and cdr_import(path)");
  require_format(*found, who);
  for (const std::string_view table : tables) require_ordinary(kinds, table, who);
}

}  // namespace cdr::ext
