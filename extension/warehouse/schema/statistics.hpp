// The statistics for SQLite's planner, in sqlite_stat1: how many rows share a value of an index.
// Without them, SQLite starts a day's join with the wrong table.
#pragma once

#include "extension/binding/transaction.hpp"

namespace cdr::ext {

// Samples each index inside that transaction, if the number of records has doubled since the last
// time. This expires every prepared statement, so the transaction is notified.
void refresh_statistics(sqlite3* database, Transaction& transaction);
// The same, whatever the number of records, in a transaction that expects changes of the schema.
void make_statistics(sqlite3* database);

}  // namespace cdr::ext
