#include <algorithm>

#include "core/text.hpp"
#include "extension/reports/report.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "extension/warehouse/schema/schema.hpp"

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
    } else if (sql.substr(at, 2) == "/*") {
      at = std::min(sql.find("*/", at + 2), sql.size() - 2) + 2;
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
  return std::any_of(list.begin(), list.end(),
                     [&](std::string_view each) { return equal_ignoring_case(each, word); });
}

}  // namespace

std::string query_of(const ReportDeclaration& report) {
  static const std::vector<ReportDeclaration> parts = [] {
    std::vector<ReportDeclaration> all;
    for (const std::string_view text : report_part_texts())
      all.push_back(ReportDeclaration::parse(text));
    return all;
  }();
  std::vector<std::string_view> words = words_of(report.query);
  const std::vector<std::string_view> own_words = words;
  std::string shared;  // what comes before the report's own tables
  const auto add = [&](std::string_view name, std::string_view rows) {
    shared += (shared.empty() ? "" : ",\n") + std::string(name) + " AS NOT MATERIALIZED (" +
              std::string(rows) + ")";
  };
  for (const ReportDeclaration& part : parts)
    if (has(words, part.name))
      for (const std::string_view word : words_of(part.query)) words.push_back(word);
  std::vector<std::string_view> models;
  for (const Table& table : model_tables) {
    models.push_back(table.stored);
    if (has(words, table.stored)) add(table.stored, select_rows(table));
  }
  for (const std::string_view table : stored_tables())
    if (has(words, table) && !has(models, table))
      add(table, "SELECT * FROM main." + std::string(table));
  for (const ReportDeclaration& part : parts)
    if (has(own_words, part.name)) add(part.name, part.query);

  // The report's own WITH continues this list.
  std::string_view rest = report.query;
  const bool has_own = !own_words.empty() && equal_ignoring_case(own_words.front(), "WITH");
  const bool is_recursive =
      own_words.size() > 1 && has_own && equal_ignoring_case(own_words[1], "RECURSIVE");
  if (has_own) {
    const std::string_view last = own_words[is_recursive ? 1 : 0];
    rest.remove_prefix(static_cast<std::size_t>(last.data() - rest.data()) + last.size());
  }
  std::string sql;
  if (!shared.empty() || has_own)
    sql = (is_recursive ? "WITH RECURSIVE " : "WITH ") + shared +
          (has_own && !shared.empty() ? "," : "\n");
  return sql += rest;
}

}  // namespace cdr::ext
