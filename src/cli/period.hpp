// A period as the options --from, --to and --zone give it.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "cli/database.hpp"

namespace cdr::cli {

struct Bounds {
  std::string from, to;   // canonical, UTC; `to` is not included
  bool are_days = false;  // both were given as dates of the zone
};

// The zone that is given, otherwise the warehouse's own, otherwise UTC. Throws Failure.
std::string zone_or_setting(SQLite::Database& database, const std::string& given);

// Reads the times that reports accept, and today and yesterday. `to` "" is a day after a date.
// Throws Failure that names the wrong option.
Bounds read_period(SQLite::Database& database, const std::string& from, const std::string& to,
                   const std::string& zone);

// Throws Failure if the database has nothing that reports could read.
void require_warehouse(SQLite::Database& database, const std::string& path);

// Throws libcdr's message about a zone, an interval or a time as a Failure that names the option.
[[noreturn]] void blame_period_option(std::string said);

}  // namespace cdr::cli
