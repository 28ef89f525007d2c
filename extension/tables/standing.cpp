#include "extension/tables/standing.hpp"

#include <map>
#include <utility>

#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {

Standing::Standing(sqlite3* database, const std::vector<std::string_view>& tables,
                   std::string_view who)
    : database_(database), tables_(tables), who_(who), probe_(database) {
  require_stored(database, tables, who);
  is_complete_ = reads_all_columns(database, tables);
  refuse_writing();
  schema_version_ = Statement(database, "PRAGMA main.schema_version");
  format_ = Statement(database, "SELECT value FROM main.cdr_meta WHERE name = 'format'");
  found_ = {answer(schema_version_), answer(format_)};
  found_at_ = lasting_moment();
}

// nullopt: this connection may have changed the schema and may still undo that.
std::optional<Moment> Standing::lasting_moment() const {
  auto moment = moment_of_main(database_);
  return moment && !moment->own_changes ? moment : std::nullopt;
}

// cdr_meta is surely the table that was checked only if the schema has not changed.
bool Standing::holds() {
  refuse_writing();
  if (probe_.has_news()) is_complete_ = false;  // for good, even if no other reader can be made
  if (!is_complete_) return false;
  const auto now = lasting_moment();
  if (now && now == found_at_) return true;
  if (answer(schema_version_) != found_[0] || answer(format_) != found_[1]) return false;
  found_at_ = now;
  return true;
}

std::string Standing::answer(Statement& question) {
  auto rows = question.query();
  return rows.next() ? std::string(rows.text(0)) : std::string();
}

void Standing::refuse_writing() {
  if (sqlite3_txn_state(database_, "main") != SQLITE_TXN_WRITE) return;
  for (sqlite3_stmt* each = sqlite3_next_stmt(database_, nullptr); each != nullptr;
       each = sqlite3_next_stmt(database_, each)) {
    if (sqlite3_stmt_busy(each) == 0 || sqlite3_stmt_readonly(each) != 0) continue;
    const char* const sql = sqlite3_sql(each);
    Run run{sql == nullptr ? "" : sql, sqlite3_stmt_status(each, SQLITE_STMTSTATUS_RUN, 0),
            sqlite3_total_changes64(database_)};
    if (run == harmless_) continue;
    if (const std::string_view table = table_written_by(run.sql); !table.empty())
      throw Error(who_ + ": the statement writes to the table " + std::string(table) +
                  ", which it also reads here; put the rows into a table of your own first, as in "
                  "CREATE TEMP TABLE mine AS SELECT …");
    harmless_ = std::move(run);
  }
}

// "" if it writes to none of the tables. SQLite itself reports what a statement opens for writing,
// including its triggers.
std::string_view Standing::table_written_by(std::string_view sql) const {
  std::map<std::int64_t, std::string_view> by_root;
  {
    Statement root(database_,
                   "SELECT rootpage FROM main.sqlite_schema WHERE type = 'table' AND "
                   "lower(name) = ?1");
    for (const std::string_view table : tables_) {
      auto rows = root.query(table);
      if (rows.next()) by_root.emplace(rows.integer(0), table);
    }
  }
  Statement explain(database_, "EXPLAIN " + std::string(from_first_word(sql)));
  try {
    explain.prepare();
  } catch (const SqliteError&) {
    return {};  // not SQL of its own, or the host's authorizer forbids the EXPLAIN
  }
  for (auto rows = explain.query(); rows.next();) {
    constexpr int opcode = 1, p1 = 2, p2 = 3, p3 = 4;
    const bool opens = rows.text(opcode) == "OpenWrite";
    if (!opens && rows.text(opcode) != "Clear") continue;  // of a DELETE without conditions
    if (rows.integer(opens ? p3 : p2) != 0) continue;      // not main
    if (const auto found = by_root.find(rows.integer(opens ? p2 : p1)); found != by_root.end())
      return found->second;
  }
  return {};
}

}  // namespace cdr::ext
