// The warehouse's schema: sql/schema.sql, embedded, and what must hold before anything of it is
// read or written.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "extension/sqlite.hpp"

namespace cdr::ext {

// Of the file, in cdr_meta. A change of sql/schema.sql, once it was released, is a new one, and
// comes with sql/migrations/<format>.sql, which makes it of the one before.
inline constexpr int warehouse_format = 2;

// The text of sql/schema.sql, and of sql/checks.sql.
std::string_view schema_sql();
std::string_view checks_sql();
// What facts add to stored figures: sql/rollups/queue_interval.sql and agent_interval.sql; and
// sql/reports/parts/timed_visit.sql, which the former reads.
std::string_view queue_interval_sql();
std::string_view agent_interval_sql();
std::string_view timed_visit_sql();

// Names of the ordinary tables that it creates.
std::span<const std::string_view> stored_tables();

// A file of sql/migrations/, embedded.
struct Migration {
  int format;  // that it leads to
  std::string_view sql;
};
std::span<const Migration> migrations();  // in no order

// Takes the warehouse from a format to another one, a step after the other, in one savepoint.
// Throws Error, and leaves all as it was, when a step is missing or fails. The facts are not made
// anew.
void migrate(sqlite3* database, int from, int to, std::span<const Migration> steps);

enum class Created : bool { no, yes };
// Makes `main` a warehouse if it is none, and migrates one of an older format; brings its
// documentation (cdr_column, state_basis, metric_definition, state_name) up to this library's. A
// file that is up to date is not written to.
Created create_warehouse(sqlite3* database);

// Throws Error, in which `who` speaks, unless `main` is a warehouse of this format whose tables are
// ordinary tables without triggers: a hostile file may hold others. Call it before
// writing any of them.
void require_warehouse(sqlite3* database, std::string_view who);
// The same, triggers or not, for what only reads all of them.
void require_tables(sqlite3* database, std::string_view who);

// The same for what only reads `tables`, and for a virtual table that was given no input.
void require_stored(sqlite3* database, const std::vector<std::string_view>& tables,
                    std::string_view who);

}  // namespace cdr::ext
