// Reports that users add to their warehouse, in the form of sql/reports/*.sql:
//
//   SELECT cdr_report_add(readfile('late_calls.sql'));  -- checks it, and stores it in main
//   SELECT cdr_report_load();                           -- offers what is stored to a connection
//   SELECT * FROM late_calls('2024-05-01', '2024-06-01');
//
// The file may come from an attacker, and a report's query runs with the rights of the host. So a
// stored report is not offered until the user asks for it, and a query is refused unless it is one
// SELECT that only reads and computes. SQLite itself reports what a query does: the query is
// prepared in an empty warehouse in memory, on a connection of its own that has an authorizer. (The
// host's connection may have an authorizer already, and SQLite provides no way to preserve it.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

struct Report;

// Checks a report, stores it in report_definition, where it replaces a report of the same name, and
// offers it to this connection. Returns how to call it. Throws Error.
std::string add_report(sqlite3* database, std::string_view definition);

// Offers all reports in report_definition to this connection, or none of them: throws Error if one
// is refused. Returns how to call them.
std::vector<std::string> load_reports(sqlite3* database);

// Throws Error unless main, which is a warehouse, still holds the definition of a report that was
// offered. The report may have been added in a transaction that was undone, or have been replaced
// or removed, and SQLite does not report that.
void require_held(sqlite3* database, const Report& added);

}  // namespace cdr::ext
