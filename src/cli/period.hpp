// A period as options name it: --from, --to, --zone.
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

// Reads what reports take, and today and yesterday; `to` "" is a day after a date. Throws Failure,
// which names the option that is wrong.
Bounds read_period(SQLite::Database& database, const std::string& from, const std::string& to,
                   const std::string& zone);

// Throws Failure where there is nothing that reports could read.
void require_warehouse(SQLite::Database& database, const std::string& path);

// Throws what libcdr says of a zone, an interval or a time as a Failure that names the option.
[[noreturn]] void blame_period_option(std::string said);

}  // namespace cdr::cli
