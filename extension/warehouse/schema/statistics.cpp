#include "extension/warehouse/schema/statistics.hpp"

#include <string>

#include "extension/binding/setting.hpp"
#include "extension/binding/statement.hpp"
#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {
namespace {

constexpr std::int64_t sampled_rows = 1000;  // of an index

std::int64_t count_records(sqlite3* database) {
  Statement select(database, "SELECT ifnull(max(id), 0) FROM main.raw_record");
  auto rows = select.query();
  return rows.next() ? rows.integer(0) : 0;
}

// Raises small row counts to a minimum. A table that is small when it is counted grows until it is
// counted again, and one interaction may have most of a table's rows. If SQLite takes tables for
// tiny, it reads one of them completely for each row of the other.
void suppose_many_rows(sqlite3* database) {
  constexpr std::int64_t least_rows = 100'000;
  Statement update(database,
                   "UPDATE main.sqlite_stat1 SET stat = ?1 || substr(stat, instr(stat, ' ')) "
                   "WHERE tbl = ?2 AND idx IS NOT NULL AND CAST(stat AS INTEGER) < ?1");
  for (const std::string_view table : stored_tables()) update.execute(least_rows, table);
  execute_all(database, "ANALYZE main.sqlite_schema");  // makes SQLite read them again
}

std::int64_t records_at_last(sqlite3* database) {
  Statement select(database,
                   "SELECT CAST(value AS INTEGER) FROM main.cdr_meta WHERE name = 'statistics_of'");
  auto rows = select.query();
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace

void make_statistics(sqlite3* database) {
  Setting limit(database, Pragma::analysis_limit);
  limit.set(sampled_rows);
  // Only libcdr's tables are analysed; the host's own tables are left to the host.
  for (const std::string_view table : stored_tables())
    execute_all(database, "ANALYZE main." + std::string(table));
  suppose_many_rows(database);
  Statement(database, "INSERT OR REPLACE INTO main.cdr_meta VALUES ('statistics_of', ?1)")
      .execute(std::to_string(count_records(database)));
}

void refresh_statistics(sqlite3* database, Transaction& transaction) {
  const std::int64_t records = count_records(database);
  if (records == 0 || records < 2 * records_at_last(database)) return;
  transaction.expect_schema_changes();
  make_statistics(database);
  transaction.prepare_again();
}

}  // namespace cdr::ext
