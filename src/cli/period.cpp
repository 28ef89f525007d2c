#include "cli/period.hpp"

#include <sqlite3.h>

#include <utility>

#include "cli/text.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

bool is_date(const std::string& text) {
  constexpr std::string_view form = "dddd-dd-dd";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != '-') return false;
  return true;
}

// Reads the bounds in the same way as every report.
Bounds bounds(SQLite::Database& database, const std::string& from, const std::string& to,
              const std::string& zone) {
  try {
    SQLite::Statement read(
        database,
        "SELECT min(interval_start), max(interval_end) FROM cdr_intervals(?1, ?2, NULL, ?3)");
    read.bind(1, from);
    read.bind(2, to);
    read.bind(3, zone);
    read.executeStep();
    return {read.getColumn(0).getString(), read.getColumn(1).getString(),
            is_date(from) && is_date(to)};
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() == SQLITE_INTERRUPT || error.getErrorCode() == SQLITE_NOMEM) throw;
    const std::string_view said = error.what();
    if (said.find("to is before from") != said.npos) return {};
    blame_period_option(error.what());
  }
}

// Replaces today and yesterday by the date in the zone.
std::string day_of(SQLite::Database& database, const std::string& option, const std::string& text,
                   const std::string& zone) {
  require_utf8(option, text);
  const bool is_today = equal_ignoring_case(text, "today");
  if (!is_today && !equal_ignoring_case(text, "yesterday")) return text;
  try {
    return value_of(database,
                    "SELECT date(cdr_local(strftime('%Y-%m-%d %H:%M:%f', 'now'), ?1), ?2)", zone,
                    is_today ? "+0 days" : "-1 days");
  } catch (const SQLite::Exception& error) {
    blame_period_option(error.what());
  }
}

}  // namespace

void blame_period_option(std::string said) {
  constexpr std::pair<std::string_view, std::string_view> speakers[] = {
      {"time zone: ", "--zone: "},
      {"cdr_intervals: the interval ", "--interval: "},
      {"cdr_intervals: ", "--"}};
  for (const auto& [speaker, option] : speakers)
    if (said.starts_with(speaker)) {
      said.replace(0, speaker.size(), option);
      break;
    }
  // What a period's options take besides what reports do.
  constexpr std::string_view date = "a date such as '2024-05-02' in the zone";
  if (const std::size_t at = said.find(date); at != said.npos)
    said.insert(at + date.size(), ", today or yesterday");
  throw Failure(said, exit_usage);
}

void require_warehouse(SQLite::Database& database, const std::string& path) {
  if (value_of(database, "SELECT 1 FROM sqlite_schema WHERE name = 'queue_visit'").empty())
    throw Failure(path + ": it is not a warehouse; make one with 'cdr import --db FILE PATH'");
}

std::string zone_or_setting(SQLite::Database& database, const std::string& given) {
  if (!given.empty()) return require_utf8("--zone", given);
  const std::string setting =
      value_of(database, "SELECT value FROM report_setting WHERE name = 'zone'");
  return setting.empty() ? "UTC" : setting;
}

Bounds read_period(SQLite::Database& database, const std::string& given_from,
                   const std::string& given_to, const std::string& zone) {
  const std::string from = day_of(database, "--from", given_from, zone);
  std::string to = day_of(database, "--to", given_to, zone);
  if (to.empty() && is_date(from)) to = value_of(database, "SELECT date(?1, '+1 day')", from);
  if (to.empty()) {
    bounds(database, from, from, zone);  // reports the error if it is not a time at all
    throw Failure("--to: expected the end of the period, which begins at " + from +
                      "; it may be left out only where --from is a date",
                  exit_usage);
  }
  const Bounds read = bounds(database, from, to, zone);
  if (read.from.empty())
    throw Failure("--to: expected a time after --from (" + from + "), found " + to +
                      "; the period ends before it, so a whole day ends at the next",
                  exit_usage);
  return read;
}

}  // namespace cdr::cli
