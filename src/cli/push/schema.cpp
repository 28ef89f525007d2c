#include "cli/push/schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "cli/database.hpp"
#include "cli/failure.hpp"
#include "core/text.hpp"

namespace cdr::cli::push {
namespace {

// From this version on, views may have parameters, which the reports need.
constexpr int first_modern_version = 23;

// Texts with few different values: modern ClickHouse stores each of them once.
constexpr std::array<std::string_view, 28> few_values{"vendor",
                                                      "source",
                                                      "channel",
                                                      "direction",
                                                      "outcome",
                                                      "released_by",
                                                      "released_side",
                                                      "end_cause",
                                                      "hangup_cause",
                                                      "state",
                                                      "state_category",
                                                      "basis",
                                                      "entry",
                                                      "event",
                                                      "dialog_type",
                                                      "queue_type",
                                                      "flow_type",
                                                      "media",
                                                      "reason",
                                                      "queue_id",
                                                      "queue_name",
                                                      "agent_id",
                                                      "agent_name",
                                                      "business_direction",
                                                      "initial_media",
                                                      "business_end_cause",
                                                      "first_queue_name",
                                                      "last_queue_name"};

// The times by which rows are queried; a table has one of them.
constexpr std::array<std::string_view, 5> main_times{"enqueue_time", "offer_time", "event_time",
                                                     "wrap_up_time", "start_time"};

constexpr std::string_view key_column = "interaction_key", import_column = "last_import";

Kind kind_of(const std::string& name, const std::string& type, const std::string& table) {
  if (name == key_column) return Kind::key;
  if (name == "vendor" || name == "source") return Kind::name;
  if (name == "interaction_id" && table != "agent_state") return Kind::name;
  if (type == "TIMESTAMP") return Kind::time;
  if (type == "DOUBLE" || type == "REAL") return Kind::real;
  if (type == "INTEGER" || type == "BIGINT") return Kind::integer;
  return Kind::text;
}

bool has_few_values(std::string_view name) {
  return std::find(few_values.begin(), few_values.end(), name) != few_values.end();
}

std::string type_of(const Column& column, Dialect dialect) {
  const bool is_few = dialect == Dialect::modern && has_few_values(column.name);
  switch (column.kind) {
    case Kind::name:
      return is_few ? "LowCardinality(String)" : "String";
    case Kind::text:
      return is_few ? "LowCardinality(Nullable(String))" : "Nullable(String)";
    case Kind::integer:
      return "Nullable(Int64)";
    case Kind::real:
      return "Nullable(Float64)";
    case Kind::time:
      return dialect == Dialect::modern ? "Nullable(DateTime64(3, 'UTC'))"
                                        : "Nullable(DateTime('UTC'))";
    case Kind::key:
      break;
  }
  return "UInt64";
}

std::string backquoted(std::string_view name) {
  std::string text = "`";
  for (const char c : name) {
    if (c == '`' || c == '\\') text += '\\';
    text += c;
  }
  return text + '`';
}

std::string_view trimmed(std::string_view text) {
  return trim(text);
}

// The text without comments and blank lines at its beginning.
std::string_view without_comments(std::string_view text) {
  for (text = trimmed(text); text.starts_with("--");) {
    const std::size_t end = text.find('\n');
    text = end == text.npos ? std::string_view() : trimmed(text.substr(end));
  }
  return text;
}

}  // namespace

const char* name_of(Dialect dialect) {
  return dialect == Dialect::modern ? "modern" : "classic";
}

Dialect dialect_of(std::string_view version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major >= first_modern_version ? Dialect::modern : Dialect::classic;
}

std::vector<Table> tables_of(SQLite::Database& warehouse) {
  if (value_of(warehouse,
               "SELECT count(*) FROM sqlite_schema WHERE name IN ('cdr_column', "
               "'removed_interaction')") != "2")
    throw Failure("this is not a warehouse of this version of libcdr; import into it first");
  std::vector<Table> tables;
  const std::string_view file = clickhouse_sql("tables");
  SQLite::Statement columns(
      warehouse,
      "SELECT column_name, type FROM cdr_column WHERE table_name = ?1 ORDER BY position");
  constexpr std::string_view mark = "{columns ";
  for (std::size_t at = file.find("CREATE"); (at = file.find(mark, at)) != file.npos;) {
    at += mark.size();
    Table table{std::string(file.substr(at, file.find('}', at) - at)), {}, 0};
    columns.reset();
    columns.bind(1, table.name);
    while (columns.executeStep()) {
      const std::string name = columns.getColumn(0).getString();
      if (name == import_column) continue;
      table.columns.push_back({name, kind_of(name, columns.getColumn(1).getString(), table.name)});
    }
    const auto found = std::find_first_of(
        table.columns.begin(), table.columns.end(), main_times.begin(), main_times.end(),
        [](const Column& column, std::string_view name) { return column.name == name; });
    if (found == table.columns.end())
      throw Failure("the warehouse does not describe its table " + table.name +
                    "; run 'cdr query \"SELECT cdr_init()\"' on it");
    table.time = static_cast<std::size_t>(found - table.columns.begin());
    tables.push_back(std::move(table));
  }
  return tables;
}

std::string literal(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + '\'';
}

Schema::Schema(Place place, std::vector<Table> tables)
    : place_(std::move(place)), tables_(std::move(tables)) {}

std::string Schema::database() const {
  return backquoted(place_.database);
}

std::string Schema::in_database(std::string_view table) const {
  return database() + '.' + backquoted(table);
}

const Table& Schema::table(std::string_view name) const {
  return *std::find_if(tables_.begin(), tables_.end(),
                       [&](const Table& each) { return each.name == name; });
}

std::string Schema::columns(const Table& table) const {
  std::string list;
  for (const Column& column : table.columns) {
    list += (list.empty() ? "" : ",\n  ") + backquoted(column.name) + ' ' +
            type_of(column, place_.dialect);
    if (column.kind == Kind::time && place_.dialect == Dialect::classic)
      list += ",\n  " + backquoted(column.name + "_ms") + " Nullable(Int64)";
  }
  return list;
}

std::string Schema::names(const Table& table) const {
  std::string list;
  for (const Column& column : table.columns) {
    list += (list.empty() ? "" : ", ") + backquoted(column.name);
    if (column.kind == Kind::time && place_.dialect == Dialect::classic)
      list += ", " + backquoted(column.name + "_ms");
  }
  return list;
}

std::vector<std::string> Schema::statements(std::string_view file, const Words& words) const {
  std::vector<std::string> all;
  std::string_view text = clickhouse_sql(file);
  while (true) {
    const std::size_t end = text.find(";\n");
    const std::string_view statement = without_comments(text.substr(0, end));
    if (!statement.empty()) {
      std::string filled;
      for (std::size_t at = 0; at < statement.size();) {
        const std::size_t open = statement.find('{', at);
        filled += statement.substr(at, open - at);
        if (open == statement.npos) break;
        const std::size_t close = statement.find('}', open);
        const std::string_view word = statement.substr(open + 1, close - open - 1);
        if (word == "database")
          filled += database();
        else if (word.starts_with("columns "))
          filled += columns(table(word.substr(8)));
        else if (word.find(':') != word.npos)  // a parameter of a view
          filled.append("{").append(word).append("}");
        else
          filled += words.find(word)->second;
        at = close + 1;
      }
      all.push_back(std::move(filled));
    }
    if (end == text.npos) return all;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> Schema::create_tables() const {
  return statements("tables", {});
}

std::vector<std::string> Schema::add_columns(const Table& table,
                                             const std::vector<std::string>& present) const {
  std::vector<std::string> all;
  const auto add = [&](const std::string& name, const std::string& type) {
    if (std::find(present.begin(), present.end(), name) == present.end())
      all.push_back("ALTER TABLE " + in_database("fact_" + table.name) + " ADD COLUMN " +
                    backquoted(name) + ' ' + type);
  };
  for (const Column& column : table.columns) {
    add(column.name, type_of(column, place_.dialect));
    if (column.kind == Kind::time && place_.dialect == Dialect::classic)
      add(column.name + "_ms", "Nullable(Int64)");
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> Schema::create_views() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Table& each : tables_) {
    const std::string view = place_.cluster.empty() ? each.name : each.name + "_shard";
    for (std::string& sql : statements(
             "view", {{"view", backquoted(view)}, {"table", each.name}, {"names", names(each)}}))
      all.emplace_back(view, std::move(sql));
    if (place_.cluster.empty()) continue;
    for (std::string& sql :
         statements("distributed", {{"table", each.name}, {"cluster", backquoted(place_.cluster)}}))
      all.emplace_back(each.name, std::move(sql));
  }
  for (std::string& sql : statements("teams", {})) all.emplace_back("agent_team", std::move(sql));
  if (place_.dialect == Dialect::modern)
    for (const std::string_view report : clickhouse_reports())
      for (std::string& sql : statements(report, {})) all.emplace_back(report, std::move(sql));
  return all;
}

std::string Schema::settle(const std::string& interaction_keys, bool is_before) const {
  return statements("settle", {{"keys", interaction_keys},
                               {"when", is_before ? "hide = 1 AND has_live = 1" : "hide = 1"}})
      .front();
}

std::string Schema::garbage() const {
  return statements("garbage", {}).front();
}

std::string Schema::insert(const Table& table) const {
  return "INSERT INTO " + in_database("fact_" + table.name) + " (" + names(table) +
         ", content, day, n) FORMAT RowBinary";
}

}  // namespace cdr::cli::push
