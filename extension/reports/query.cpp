#include <algorithm>

#include "core/text.hpp"
#include "extension/reports/report.hpp"
#include "extension/warehouse/layout.hpp"
#include "extension/warehouse/schema.hpp"

namespace cdr::ext {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == ':';
}

// The words of an SQL text, without its comments and literals.
std::vector<std::string_view> words_of(std::string_view sql) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < sql.size();) {
    if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql[at] == '\'') {
      at = std::min(sql.find('\'', at + 1), sql.size() - 1) + 1;
    } else if (is_word(sql[at])) {
      std::size_t end = at;
      while (end < sql.size() && is_word(sql[end])) ++end;
      words.push_back(sql.substr(at, end - at));
      at = end;
    } else {
      ++at;
    }
  }
  return words;
}

bool has(const std::vector<std::string_view>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

ReportQuery query_of(const ReportDeclaration& report) {
  ReportQuery query;
  const std::vector<std::string_view> words = words_of(report.query);
  const auto add = [&](std::string_view name, const std::string& rows,
                       const std::vector<std::string_view>& tables) {
    if (!has(words, name)) return;
    query.sql += (query.sql.empty() ? "" : ",\n") + std::string(name) + " AS NOT MATERIALIZED (" +
                 rows + ")";
    for (const std::string_view table : tables)
      if (!has(query.tables, table)) query.tables.push_back(table);
  };
  std::vector<std::string_view> models;
  for (const Table& table : model_tables) {
    models.push_back(table.stored);
    add(table.stored, select_rows(table), tables_behind(table.stored));
  }
  for (const std::string_view table : stored_tables())
    if (!has(models, table)) add(table, "SELECT * FROM main." + std::string(table), {table});
  const std::string_view recursive = has(words, "RECURSIVE") ? "RECURSIVE " : "";
  std::string_view rest = report.query;
  if (!words.empty() && words.front() == "WITH") {
    rest.remove_prefix(static_cast<std::size_t>(words.front().data() - rest.data()) + 4);
    if (!recursive.empty()) rest.remove_prefix(rest.find("RECURSIVE") + 9);
    if (!query.sql.empty()) query.sql += ',';
    query.sql = "WITH " + std::string(recursive) + query.sql + std::string(rest);
  } else {
    query.sql = (query.sql.empty() ? "" : "WITH " + query.sql + "\n") + std::string(rest);
  }
  return query;
}

}  // namespace cdr::ext
