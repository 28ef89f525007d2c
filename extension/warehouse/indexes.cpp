#include "extension/warehouse/indexes.hpp"

#include <map>

#include "core/text.hpp"
#include "extension/warehouse/schema.hpp"

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

// The schema is ours, and line by line: 'CREATE TABLE name (', '  PRIMARY KEY (a, b)',
// 'CREATE [UNIQUE] INDEX name ON table (a, b)…'.
std::map<std::string_view, Indexes> read_schema() {
  constexpr std::string_view table = "CREATE TABLE ", index = "CREATE INDEX ",
                             unique = "CREATE UNIQUE INDEX ", key = "  PRIMARY KEY ";
  std::map<std::string_view, Indexes> found;
  std::string_view sql = schema_sql(), current;
  while (!sql.empty()) {
    std::string_view line = sql.substr(0, sql.find('\n'));
    sql.remove_prefix(std::min(sql.size(), line.size() + 1));
    if (line.starts_with(table)) {
      line.remove_prefix(table.size());
      current = word(line);
    } else if (line.starts_with(key)) {
      found[current].push_back(names_in(line.substr(key.size())));
    } else if (line.starts_with(index) || line.starts_with(unique)) {
      line.remove_prefix(line.starts_with(index) ? index.size() : unique.size());
      word(line);  // its name
      word(line);  // ON
      const std::string_view of = word(line);
      found[of].push_back(names_in(line));
    }
  }
  return found;
}

struct Behind {
  std::string_view stored, table;
};
constexpr Behind behind[] = {{"state_duration", "state_span"}, {"agent_state", "agent_state_span"}};

}  // namespace

const Indexes& indexes_of(std::string_view stored_table) {
  static const std::map<std::string_view, Indexes> all = read_schema();
  static const Indexes none;
  for (const Behind& each : behind)
    if (each.stored == stored_table) stored_table = each.table;
  const auto found = all.find(stored_table);
  return found == all.end() ? none : found->second;
}

}  // namespace cdr::ext
