// cdr tables and cdr describe: the tables that can be queried, and the contents of their columns.
// The answers come from libcdr's own catalog and, for a database, from its schema and its data
// dictionary.
#include <unistd.h>

#include <vector>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/suggestion.hpp"
#include "cli/terminal.hpp"
#include "core/text.hpp"

namespace cdr::cli {

// SQLite's own tables, other extensions' tables, and the fact_ tables behind the views are left
// out.
const char all_tables[] = R"sql(
WITH virtual(name, kind, vendor, stored, doc) AS (SELECT * FROM cdr_tables)
SELECT name, kind, doc FROM virtual
UNION ALL
SELECT s.name, 'stored ' || s.type, v.doc
FROM sqlite_schema AS s LEFT JOIN virtual AS v ON v.stored = s.name
WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND s.name NOT LIKE 'fact\_%' ESCAPE '\')sql";

std::vector<std::string> names_of(SQLite::Database& database, const std::string& sql) {
  std::vector<std::string> names;
  SQLite::Statement statement(database, sql);
  while (statement.executeStep()) names.push_back(statement.getColumn(0).getString());
  return names;
}

namespace {

// The descriptions of stored columns in a warehouse's dictionary.
constexpr char with_stored[] =
    "UNION ALL SELECT table_name, position, column_name, doc FROM stored";

std::string columns_sql(bool has_dictionary) {
  return std::string(R"sql(
WITH virtual(table_name, position, column_name, type, hidden, doc) AS (SELECT * FROM cdr_columns),)sql") +
         (has_dictionary ? "stored(table_name, position, column_name, type, doc) AS (SELECT * FROM "
                           "cdr_column),"
                         : "") +
         R"sql(
described(table_name, position, column_name, doc) AS
 (SELECT table_name, position, column_name, doc FROM virtual )sql" +
         (has_dictionary ? with_stored : "") + R"sql()
SELECT x.name AS "column", x.type AS type, iif(x.hidden = 1, 'argument: ', '') || coalesce(d.doc, '') AS doc
FROM pragma_table_xinfo(:name) AS x
LEFT JOIN described AS d ON d.table_name = :name AND d.column_name = x.name
ORDER BY x.cid)sql";
}

constexpr char function_sql[] =
    "SELECT signature, doc, effect, example, result FROM cdr_functions WHERE name = :name";

// A name as it is declared, in whatever case it was written.
constexpr char spelled_sql[] = R"sql(
WITH known(name, place) AS (
  SELECT name, schema <> 'main' FROM pragma_table_list
  UNION ALL SELECT name, 2 FROM cdr_tables
  UNION ALL SELECT name, 3 FROM cdr_functions)
SELECT name FROM known WHERE lower(name) = lower(?1) ORDER BY place LIMIT 1)sql";

bool has(SQLite::Database& database, const char* sql, const std::string& name) {
  return value_of(database, sql, name) == "1";
}

}  // namespace

int tables(const TablesOptions& options) {
  Questioned asked = open_for_questions(options.database, Access::read);
  const InterruptGuard guard(asked.database.getHandle());
  const std::string sql =
      std::string("SELECT * FROM (") + all_tables + ") WHERE instr(lower(name), lower(:name)) > 0";
  if (value_of(asked.database, ("SELECT 1 FROM (" + sql + ")").c_str(), options.name).empty())
    throw Failure("no table's name contains '" + options.name + "'" +
                  suggestion(options.name, names_of(asked.database, all_tables)) + "; '" +
                  command_on(asked.path, "tables") + "' lists them all");
  run_sql(asked.database, asked.path, {sql, ""}, options.show, {{"name", options.name}});
  asked.require_untouched();
  return exit_ok;
}

int describe(const TablesOptions& options) {
  Questioned asked = open_for_questions(options.database, Access::read);
  SQLite::Database& database = asked.database;
  const InterruptGuard guard(database.getHandle());
  const std::string name = value_of(database, spelled_sql, options.name);
  const std::string known = name.empty() ? options.name : name;
  if (has(database, "SELECT count(*) > 0 FROM pragma_table_xinfo(?1)", known)) {
    const bool has_dictionary =
        value_of(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'cdr_column'") == "1";
    run_sql(database, asked.path, {columns_sql(has_dictionary), ""}, options.show,
            {{"name", known}});
  } else if (has(database, "SELECT count(*) > 0 FROM cdr_functions WHERE name = ?1", known)) {
    ShowOptions show = options.show;
    if (!show.format_given && is_terminal(STDOUT_FILENO)) {
      show.format.format = Format::line;
      show.format_given = true;
    }
    run_sql(database, asked.path, {function_sql, ""}, show, {{"name", known}});
  } else {
    std::vector<std::string> names = names_of(database, all_tables);
    for (std::string& function : names_of(database, "SELECT name FROM cdr_functions"))
      names.push_back(std::move(function));
    throw Failure("there is no table or function '" + options.name + "'" +
                  suggestion(options.name, names) + "; '" + command_on(asked.path, "tables") +
                  "' lists the tables");
  }
  asked.require_untouched();
  return exit_ok;
}

}  // namespace cdr::cli
