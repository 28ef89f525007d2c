// All facts of a source as sorted text: two sources have the same facts if their dumps are equal.
// Columns that only the warehouse fills are left out.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "reading/rows.hpp"

namespace cdr::test {

inline std::string text_of(const Value& value) {
  switch (value.type()) {
    case Value::Type::null:
      return "NULL";
    case Value::Type::integer:
      return std::to_string(value.as_integer());
    case Value::Type::real:
      return std::to_string(value.as_real());
    case Value::Type::text:
      return "'" + std::string(value.as_text()) + "'";
  }
  return "";
}

inline std::vector<std::string> rows_of(const JsonTable& table, const Source& source,
                                        RowQuery query = {}) {
  std::vector<std::string> rows;
  const auto stream = table.open(std::make_shared<const Source>(source), std::move(query));
  while (stream->next()) {
    std::string row(table.table.name);
    for (std::size_t i = 0; i < table.table.columns.size(); ++i)
      if (is_fact(table.table.columns[i])) row += '|' + text_of(stream->row()[i]);
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

inline std::string dump(const Source& source) {
  std::string all;
  for (const JsonTable& table : json_tables())
    if (table.model)
      for (const std::string& row : rows_of(table, source)) all += row + '\n';
  return all;
}

inline Source content(std::string text) {
  Source source;
  source.content = std::move(text);
  source.named = "argument";
  return source;
}

inline Source files(const std::string& path) {
  Source source;
  source.is_content = false;
  source.named = path;
  source.paths = expand_path(path).paths;
  return source;
}

}  // namespace cdr::test
