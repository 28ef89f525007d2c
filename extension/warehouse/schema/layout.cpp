#include "extension/warehouse/schema/layout.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "core/text.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "model/state.hpp"

namespace cdr::ext {
namespace {

// The text between the parentheses with which `sql` begins, split at the commas.
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
  std::map<std::string_view, std::string_view> views;  // by name: the SELECT of each
};

// The end of the first column of a line. A comma may also be inside a CHECK.
std::size_t end_of_column(std::string_view line) {
  int depth = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    depth += line[at] == '(' ? 1 : line[at] == ')' ? -1 : 0;
    if (line[at] == ',' && depth == 0) return at;
  }
  return line.npos;
}

// "  name TYPE …": one column, or several on the same line.
void add_columns(LayoutTable& table, std::string_view line) {
  constexpr std::string_view comment = "--";
  const std::size_t comment_at = line.find(comment);
  const std::string_view doc =
      comment_at == line.npos ? "" : trim(line.substr(comment_at + comment.size()));
  line = line.substr(0, comment_at);
  while (!(line = trim(line)).empty()) {
    const std::size_t comma = end_of_column(line);
    std::string_view column = trim(line.substr(0, comma));
    line.remove_prefix(comma == line.npos ? line.size() : comma + 1);
    constexpr std::string_view references = " REFERENCES ";
    const std::size_t at = column.find(references);
    std::string_view target = at == column.npos ? "" : column.substr(at + references.size());
    const bool is_key = column.find(" PRIMARY KEY") != column.npos;
    const std::string_view name = word(column);
    table.columns.push_back({name, word(target), word(column), doc});
    if (is_key) table.indexes.push_back({table.columns.back().name});
  }
}

// The schema is libcdr's own, so it can be read line by line:
//   'CREATE TABLE name (', '  column TYPE…,', '  PRIMARY KEY (a, b)',
//   'CREATE [UNIQUE] INDEX name ON table (a, b)…', 'CREATE VIEW name … AS'.
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

// The places where table names begin, in their order: after every FROM and JOIN.
std::vector<std::size_t> table_names_in(std::string_view sql) {
  constexpr std::string_view from = "FROM ", join = "JOIN ";
  static_assert(from.size() == join.size());
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < sql.size(); ++at)
    if (sql.substr(at).starts_with(from) || sql.substr(at).starts_with(join))
      found.push_back(at + from.size());
  return found;
}

constexpr std::string_view interactions = "JOIN interaction AS i";

const LayoutTable* find_table(std::string_view name) {
  for (const LayoutTable& each : schema().tables)
    if (each.name == name) return &each;
  return nullptr;
}
bool has_column(const LayoutTable& table, std::string_view name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [name](const LayoutColumn& each) { return each.name == name; });
}

}  // namespace

const std::vector<LayoutTable>& layout_tables() {
  return schema().tables;
}

// 'CREATE [UNIQUE] TABLE|INDEX|VIEW name …', to the semicolon at the end of a line.
const std::vector<Creation>& creations() {
  static const std::vector<Creation> all = [] {
    constexpr std::string_view begin = "\nCREATE ", unique = "UNIQUE ";
    std::vector<Creation> found;
    const std::string_view sql = schema_sql();
    for (std::size_t at = sql.find(begin); at != sql.npos; at = sql.find(begin, at + 1)) {
      const std::string_view text = sql.substr(at + 1, sql.find(";\n", at) - at - 1);
      std::string_view rest = text.substr(begin.size() - 1);
      if (rest.starts_with(unique)) rest.remove_prefix(unique.size());
      const bool is_view = word(rest) == "VIEW";
      found.push_back({rest.substr(0, rest.find_first_of(" \n(")), text, is_view});
    }
    return found;
  }();
  return all;
}

const LayoutTable& layout_table(std::string_view name) {
  if (const LayoutTable* const found = find_table(name)) return *found;
  throw Error("sql/schema.sql has no table " + std::string(name));
}

std::vector<std::string_view> names_of(const std::vector<LayoutColumn>& columns) {
  std::vector<std::string_view> names;
  for (const LayoutColumn& each : columns) names.push_back(each.name);
  return names;
}

std::string insert_into(const LayoutTable& table) {
  std::string list;
  for (std::size_t i = 1; i <= table.columns.size(); ++i)
    list.append(i == 1 ? "?" : ", ?").append(std::to_string(i));
  return "INSERT INTO main." + std::string(table.name) + " VALUES (" + list + ")";
}

bool is_shared(const LayoutTable& table) {
  return table.columns.size() > 2 && table.columns[0].name == "id" &&
         table.columns[1].name == "hash";
}

std::string_view facts_of(std::string_view stored) {
  if (const LayoutTable* const own = find_table(stored)) return own->name;
  const std::string_view sql = view_of(stored);
  for (const std::size_t at : table_names_in(sql)) {
    const std::string_view name = sql.substr(at, sql.find_first_of(" \n", at) - at);
    const std::string_view alias = sql.substr(at + name.size());
    if (alias == " AS f" || alias.starts_with(" AS f\n")) return name;
  }
  throw Error("sql/schema.sql: the view " + std::string(stored) + " reads no table AS f");
}

std::string_view key_of(const LayoutTable& facts) {
  return has_column(facts, "component") ? "component" : "interaction_key";
}

std::string_view order_of(const LayoutTable& facts) {
  return has_column(facts, "n") ? "n" : "rowid";
}

bool has_rowid(std::string_view table) {
  return std::none_of(creations().begin(), creations().end(), [table](const Creation& each) {
    return each.name == table && each.sql.ends_with("WITHOUT ROWID");
  });
}

std::vector<std::string_view> layout_views() {
  std::vector<std::string_view> names;
  for (const auto& [name, sql] : schema().views) names.push_back(name);
  return names;
}

std::string rows_of(std::string_view stored) {
  constexpr std::string_view select = "SELECT\n";
  const LayoutTable& facts = layout_table(facts_of(stored));
  const std::string key = "f." + std::string(key_of(facts));
  const std::string place =
      !has_rowid(facts.name) ? key + " << " + std::to_string(row_bits) + " | f.n AS place, f.n AS n"
                             : "f.rowid AS place";
  std::string sql = "(SELECT " + place + ", " + key + " AS component, ";
  if (facts.name == stored) {
    for (const LayoutColumn& each : facts.columns) sql.append("f.").append(each.name).append(", ");
    sql.erase(sql.size() - 2);
    return sql.append(" FROM main.").append(stored).append(" AS f)");
  }
  sql += view_of(stored).substr(select.size());
  // In a view, a name means an object of the view's file. Here a TEMP table could come first.
  const std::vector<std::size_t> names = table_names_in(sql);
  for (auto at = names.rbegin(); at != names.rend(); ++at) sql.insert(*at, "main.");
  return sql + ')';
}

std::string select_rows(const Table& table) {
  std::string sql;
  for (const Column& column : table.columns)
    sql.append(sql.empty() ? "SELECT t.\"" : ", t.\"").append(column.name).append("\"");
  return sql + " FROM " + rows_of(table.stored) + " AS t";
}

std::vector<std::string_view> tables_behind(std::string_view stored) {
  if (const LayoutTable* const own = find_table(stored)) return {own->name};
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
    for (const Table& table : model_tables) {
      Indexes& indexes = found[table.stored] = layout_table(facts_of(table.stored)).indexes;
      // Rows that belong to an interaction are found by its id.
      const auto view = schema().views.find(table.stored);
      if (view != schema().views.end() && view->second.find(interactions) != view->second.npos)
        indexes.push_back({"interaction_id"});
    }
    return found;
  }();
  static const Indexes none;
  const auto found = all.find(stored);
  return found == all.end() ? none : found->second;
}

}  // namespace cdr::ext
