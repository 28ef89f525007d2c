#include "extension/warehouse/layout.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "core/text.hpp"
#include "extension/warehouse/schema.hpp"
#include "states/state.hpp"

namespace cdr::ext {
namespace {

// What stands between the parentheses that `sql` begins with, cut at the commas.
std::vector<std::string_view> names_in(std::string_view sql) {
  std::vector<std::string_view> names;
  sql = sql.substr(1, sql.find(')') - 1);
  while (!sql.empty()) {
    const std::size_t comma = sql.find(',');
    names.push_back(trim(sql.substr(0, comma)));
    sql.remove_prefix(comma == sql.npos ? sql.size() : comma + 1);
  }
  return names;
}

std::string_view word(std::string_view& sql) {
  const std::size_t end = sql.find(' ');
  const std::string_view found = sql.substr(0, end);
  sql.remove_prefix(end == sql.npos ? sql.size() : end + 1);
  return found;
}

struct Schema {
  std::vector<LayoutTable> tables;
  std::map<std::string_view, std::string_view> views;  // by name: what each selects
};

// "  name TYPE …": one column, or several of the same line.
void add_columns(LayoutTable& table, std::string_view line) {
  line = line.substr(0, line.find("--"));
  while (!(line = trim(line)).empty()) {
    const std::size_t comma = line.find(',');
    std::string_view column = trim(line.substr(0, comma));
    line.remove_prefix(comma == line.npos ? line.size() : comma + 1);
    constexpr std::string_view references = " REFERENCES ";
    const std::size_t at = column.find(references);
    std::string_view target = at == column.npos ? "" : column.substr(at + references.size());
    const bool is_key = column.find(" PRIMARY KEY") != column.npos;
    table.columns.push_back({word(column), word(target)});
    if (is_key) table.indexes.push_back({table.columns.back().name});
  }
}

// The schema is ours, and line by line: 'CREATE TABLE name (', '  column TYPE…,',
// '  PRIMARY KEY (a, b)', 'CREATE [UNIQUE] INDEX name ON table (a, b)…', 'CREATE VIEW name … AS'.
Schema read_schema() {
  constexpr std::string_view table = "CREATE TABLE ", view = "CREATE VIEW ", column = "  ",
                             index = "CREATE INDEX ", unique = "CREATE UNIQUE INDEX ",
                             key = "  PRIMARY KEY ";
  Schema schema;
  bool inside = false;  // of a table
  std::string_view rest = schema_sql();
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.starts_with(view)) {
      line.remove_prefix(view.size());
      const std::size_t begin = rest.find(" AS\n") + 4;
      schema.views[word(line)] = rest.substr(begin, rest.find(";\n") - begin);
    } else if (line.starts_with(table)) {
      line.remove_prefix(table.size());
      schema.tables.push_back({word(line), {}, {}});
      inside = true;
    } else if (line.starts_with(')')) {
      inside = false;
    } else if (inside && line.starts_with(key)) {
      schema.tables.back().indexes.push_back(names_in(line.substr(key.size())));
    } else if (inside && line.starts_with(column) && line[2] >= 'a' && line[2] <= 'z') {
      add_columns(schema.tables.back(), line);
    } else if (line.starts_with(index) || line.starts_with(unique)) {
      line.remove_prefix(line.starts_with(index) ? index.size() : unique.size());
      word(line);  // its name
      word(line);  // ON
      const std::string_view of = word(line);
      for (LayoutTable& each : schema.tables)
        if (each.name == of) each.indexes.push_back(names_in(line));
    }
    rest.remove_prefix(std::min(rest.size(), rest.find('\n') + 1));
  }
  return schema;
}

const Schema& schema() {
  static const Schema read = read_schema();
  return read;
}

// "SELECT …", in which f is the table of the facts.
std::string_view view_of(std::string_view stored) {
  const auto found = schema().views.find(stored);
  if (found == schema().views.end())
    throw Error("sql/schema.sql has no view " + std::string(stored));
  return found->second;
}

// Where they begin, in their order: a table stands behind every FROM and JOIN.
std::vector<std::size_t> table_names_in(std::string_view sql) {
  constexpr std::string_view from = "FROM ", join = "JOIN ";
  static_assert(from.size() == join.size());
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < sql.size(); ++at)
    if (sql.substr(at).starts_with(from) || sql.substr(at).starts_with(join))
      found.push_back(at + from.size());
  return found;
}

constexpr std::string_view interactions = "FROM fact_interaction AS i";

}  // namespace

const std::vector<LayoutTable>& layout_tables() {
  return schema().tables;
}

const LayoutTable& layout_table(std::string_view name) {
  for (const LayoutTable& each : schema().tables)
    if (each.name == name) return each;
  throw Error("sql/schema.sql has no table " + std::string(name));
}

std::string insert_into(const LayoutTable& table) {
  std::string list;
  for (std::size_t i = 1; i <= table.columns.size(); ++i)
    list.append(i == 1 ? "?" : ", ?").append(std::to_string(i));
  return "INSERT INTO main." + std::string(table.name) + " VALUES (" + list + ")";
}

bool is_shared(const LayoutTable& table) {
  return table.name == instant_table ||
         (table.columns.size() > 2 && table.columns[1].name == "hash");
}

std::string facts_of(std::string_view stored) {
  return stored == "state_duration" ? "fact_state_span" : "fact_" + std::string(stored);
}

std::vector<std::string_view> layout_views() {
  std::vector<std::string_view> names;
  for (const auto& [name, sql] : schema().views) names.push_back(name);
  return names;
}

std::string rows_of(std::string_view stored) {
  constexpr std::string_view select = "SELECT\n", next = "UNION ALL\n";
  const std::string id = "f." + std::string(layout_table(facts_of(stored)).columns.front().name);
  std::string_view rest = view_of(stored);
  const bool is_compound = rest.find(next) != rest.npos;
  std::string sql = "(";
  for (std::size_t arm = 0; !rest.empty(); ++arm) {
    const std::string_view one = rest.substr(0, rest.find(next));
    rest.remove_prefix(std::min(rest.size(), one.size() + next.size()));
    const std::string place = is_compound ? id + " << 4 | " + std::to_string(arm) : id;
    sql.append(arm == 0 ? "" : next).append("SELECT ").append(place).append(" AS place, ");
    sql.append(one.substr(select.size()));
  }
  // A view's own names are of its file; here a TEMP table could stand before it.
  const std::vector<std::size_t> names = table_names_in(sql);
  for (auto at = names.rbegin(); at != names.rend(); ++at) sql.insert(*at, "main.");
  return sql + ')';
}
static_assert(state_count <= 16);

std::string select_rows(const Table& table) {
  std::string sql;
  for (const Column& column : table.columns)
    sql.append(sql.empty() ? "SELECT t.\"" : ", t.\"").append(column.name).append("\"");
  return sql + " FROM " + rows_of(table.stored) + " AS t";
}

std::vector<std::string_view> tables_behind(std::string_view stored) {
  const std::string_view sql = view_of(stored);
  std::vector<std::string_view> found;
  for (const std::size_t at : table_names_in(sql)) {
    const std::string_view name = sql.substr(at, sql.find_first_of(" \n", at) - at);
    if (std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
  }
  return found;
}

const Indexes& indexes_of(std::string_view stored) {
  static const std::map<std::string_view, Indexes> all = [] {
    std::map<std::string_view, Indexes> found;
    for (const auto& [name, sql] : schema().views) {
      Indexes& indexes = found[name] = layout_table(facts_of(name)).indexes;
      // What belongs to an interaction is found by it.
      if (sql.find(interactions) != sql.npos) indexes.push_back({"interaction_id"});
    }
    return found;
  }();
  static const Indexes none;
  const auto found = all.find(stored);
  return found == all.end() ? none : found->second;
}

}  // namespace cdr::ext
