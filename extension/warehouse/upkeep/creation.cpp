#include "extension/warehouse/upkeep/creation.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "extension/binding/setting.hpp"
#include "extension/binding/statement.hpp"
#include "extension/binding/transaction.hpp"
#include "extension/warehouse/schema/documentation.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "extension/warehouse/schema/statistics.hpp"
#include "extension/warehouse/upkeep/rebuild.hpp"

namespace cdr::ext {
namespace {

void check_foreign_keys(sqlite3* database, int format) {
  Statement check(database, "PRAGMA main.foreign_key_check");
  auto rows = check.query();
  if (rows.next())
    throw Error("cdr_init: the step to format " + std::to_string(format) + " would leave rows of " +
                std::string(rows.text(0)) + " that name missing rows of " +
                std::string(rows.text(2)) + "; cdr_check() says what is wrong with the file");
}

// A dialog's row takes a third of SQLite's usual page. Larger pages waste less space at their ends,
// and trees of them are less deep. The size is changed only if the file is empty and the host has
// not set another one.
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

// Runs every statement of `sql`, and can undo all of it at any interrupt.
void change_schema(sqlite3* database, Transaction& transaction, std::string_view sql) {
  while (!sql.empty()) {
    if (first_word(sql) != "DROP") transaction.expect_schema_changes();
    if (Statement statement(database, sql, &sql); statement) statement.execute();
    transaction.prepare_again();
  }
}

// Foreign keys must be off, because steps rebuild tables that others refer to.
void take_steps(sqlite3* database, Transaction& transaction, int from, int to,
                std::span<const Migration> steps) {
  Statement set_format(database, "UPDATE main.cdr_meta SET value = ?1 WHERE name = 'format'");
  while (from < to) {
    const auto step = std::find_if(steps.begin(), steps.end(), [from](const Migration& each) {
      return each.format == from + 1;
    });
    if (step == steps.end())
      throw Error("cdr_init: there is no migration from a warehouse of format " +
                  std::to_string(from) + " to format " + std::to_string(from + 1) +
                  "; import the files into a new database");
    change_schema(database, transaction, step->sql);
    set_format.execute(std::to_string(++from));
    check_foreign_keys(database, from);
  }
}

}  // namespace

void migrate(sqlite3* database, int from, int to, std::span<const Migration> steps) {
  const ForeignKeysOff foreign_keys(database);
  Transaction transaction(database, "cdr_init");
  transaction.begin();
  take_steps(database, transaction, from, to, steps);
  transaction.commit();
}

Created create_warehouse(sqlite3* database) {
  constexpr std::string_view who = "cdr_init";
  const auto needs_nothing = [&](const std::optional<int>& found) {
    if (found) refuse_newer(*found, who);
    return found == warehouse_format && is_documented(database);
  };
  // Most calls find nothing to do, and need no lock to find that out.
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
                    "' already, and is not a warehouse; give libcdr a database file of its own");
    change_schema(database, transaction, schema_sql());
    transaction.expect_schema_changes();
    Statement(database, "INSERT INTO main.cdr_meta VALUES ('format', ?1)")
        .execute(std::to_string(warehouse_format));
    make_statistics(database);  // of nothing yet, so that their table exists
    transaction.prepare_again();
  } else {
    take_steps(database, transaction, *found, warehouse_format, migrations());
    // A step drops tables that only hold facts in another form, and a format that was never
    // released may lack a table. What is missing is created in its present form and filled.
    const Kinds now(database);
    bool is_complete = *found == warehouse_format;
    for (const Creation& each : creations())
      if (now.of(each.name).empty() && !has_index(database, each.name)) {
        change_schema(database, transaction, each.sql);
        is_complete = false;
      }
    if (!is_complete) rebuild_facts(database);
  }
  document(database);
  transaction.commit();
  page_size.keep();
  return found ? Created::no : Created::yes;
}

}  // namespace cdr::ext
