// What the file says of itself to SQLite's planner, in sqlite_stat1: how many rows share a value of
// an index. Without it SQLite begins a day's join at the wrong end.
#pragma once

#include "extension/binding/transaction.hpp"

namespace cdr::ext {

// Samples each index, inside that transaction, when there are twice as many records as the last
// time. SQLite lets every statement expire then: the transaction is told.
void refresh_statistics(sqlite3* database, Transaction& transaction);
// The same, however many there are, in a transaction that expects changes of the schema.
void make_statistics(sqlite3* database);

}  // namespace cdr::ext
