// The model's tables as ClickHouse has them, and the statements of sql/clickhouse/ for a target.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdr::cli::push {

// The format of tables.sql. A target with a greater one belongs to a newer libcdr.
inline constexpr int schema_format = 1;

// How the server keeps times. classic: DateTime, and a column <name>_ms of milliseconds since 1970,
// as before ClickHouse 23. modern: DateTime64(3).
enum class Dialect { classic, modern };
const char* name_of(Dialect dialect);
// The dialect of a version such as "18.16.1".
Dialect dialect_of(std::string_view version);

// name: text, but never NULL; text; integer; real; time; key: the target's own interaction_key.
enum class Kind { name, text, integer, real, time, key };

struct Column {
  std::string name;
  Kind kind;
};

struct Table {
  std::string name;
  std::vector<Column>
      columns;       // in the model's order, without last_import, which is the warehouse's
  std::size_t time;  // the column whose date is `day`
};

// The tables of the warehouse that tables.sql has. Throws Failure if it is not a warehouse.
std::vector<Table> tables_of(SQLite::Database& warehouse);

struct Place {
  Dialect dialect = Dialect::modern;
  std::string database;
  std::string cluster;  // "" = one node
};

// Statements from the files of sql/clickhouse/, with the target's names and types.
class Schema {
 public:
  Schema(Place place, std::vector<Table> tables);

  const Place& place() const { return place_; }
  const std::vector<Table>& tables() const { return tables_; }

  std::vector<std::string> create_tables() const;
  // Adds the columns that a table made by an older libcdr lacks; `present` are the columns that it
  // has.
  std::vector<std::string> add_columns(const Table& table,
                                       const std::vector<std::string>& present) const;
  // The views and, on a cluster, distributed tables: name and statement, in the order in which they
  // must be made.
  std::vector<std::pair<std::string, std::string>> create_views() const;
  std::string settle(const std::string& interaction_keys, bool is_before) const;
  // The condition for rows of facts that must go from the disk.
  std::string garbage() const;
  // The INSERT into a table of facts, with its columns in the order in which rows are sent.
  std::string insert(const Table& table) const;

  // "`d`.`t`", and "`d`".
  std::string in_database(std::string_view table) const;
  std::string database() const;

 private:
  using Words = std::map<std::string, std::string, std::less<>>;
  std::vector<std::string> statements(std::string_view file, const Words& words) const;
  std::string columns(const Table& table) const;
  std::string names(const Table& table) const;
  const Table& table(std::string_view name) const;

  Place place_;
  std::vector<Table> tables_;
};

// The text of sql/clickhouse/<name>.sql; written by CMake.
std::string_view clickhouse_sql(std::string_view name);
// The names of the reports in sql/clickhouse/.
std::vector<std::string_view> clickhouse_reports();

// 'it\'s': a text in ClickHouse's SQL.
std::string literal(std::string_view text);

}  // namespace cdr::cli::push
