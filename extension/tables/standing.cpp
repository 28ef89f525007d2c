#include "extension/tables/standing.hpp"

#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {

Standing::Standing(sqlite3* database, const std::vector<std::string_view>& tables,
                   std::string_view who) {
  require_stored(database, tables, who);
  schema_version_ = Statement(database, "PRAGMA main.schema_version");
  format_ = Statement(database, "SELECT value FROM main.cdr_meta WHERE name = 'format'");
  found_ = {answer(schema_version_), answer(format_)};
}

// Only under the same schema is cdr_meta still the table that was checked.
bool Standing::holds() {
  return answer(schema_version_) == found_[0] && answer(format_) == found_[1];
}

std::string Standing::answer(Statement& question) {
  auto rows = question.query();
  return rows.next() ? std::string(rows.text(0)) : std::string();
}

}  // namespace cdr::ext
