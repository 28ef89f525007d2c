#include "core/interval.hpp"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/error.hpp"

namespace cdr {
namespace {

constexpr std::int64_t us_per_minute = 60 * us_per_second;

constexpr std::int64_t floor_to(std::int64_t number, std::int64_t unit) {
  const std::int64_t rest = number % unit;
  return number - (rest < 0 ? rest + unit : rest);
}

}  // namespace

Interval Interval::named(std::string_view name, std::string_view who) {
  if (name == "15m") return {Unit::minutes, 15};
  if (name == "30m") return {Unit::minutes, 30};
  if (name == "1h") return {Unit::minutes, 60};
  if (name == "1d") return {Unit::day, 0};
  if (name == "1w") return {Unit::week, 0};
  if (name == "1mo") return {Unit::month, 0};
  constexpr std::size_t longest_shown = 20;
  throw Error(
      std::string(who) + ": the interval " +
          (name.size() <= longest_shown ? "'" + std::string(name) + "'"
                                        : "of " + std::to_string(name.size()) + " characters") +
          " is not known; expected one of " + std::string(names),
      ErrorCode::mismatch);
}

std::int64_t Interval::first_day(std::int64_t day, bool next) const {
  using date::days;
  using date::sys_days;
  switch (unit_) {
    case Unit::minutes:
    case Unit::day:
      return day + (next ? 1 : 0);
    case Unit::week: {
      constexpr std::int64_t thursday = 3;  // from Monday; 1970-01-01 was a Thursday
      return floor_to(day + thursday, 7) - thursday + (next ? 7 : 0);
    }
    case Unit::month: {
      const date::year_month_day date{sys_days{days{static_cast<int>(day)}}};
      const date::year_month month = date.year() / date.month() + date::months{next ? 1 : 0};
      return sys_days{month / 1}.time_since_epoch().count();
    }
  }
  return day;
}

Instant start_of_day(std::int64_t day, const Zone& zone) {
  const Zone::Meaning meaning = zone.to_utc(day * us_per_day);
  // A midnight in a gap leads to the instant of the change, at which the next span begins.
  return meaning.kind == Zone::Meaning::Kind::nonexistent ? zone.span_at(meaning.instant).begin
                                                          : meaning.instant;
}

Instant Interval::start_of(Instant at, const Zone& zone) const {
  const Zone::Span span = zone.span_at(at);
  const std::int64_t offset = span.offset_seconds * us_per_second;
  if (unit_ == Unit::minutes)
    return std::max(Instant{floor_to(at.us + offset, minutes_ * us_per_minute) - offset},
                    span.begin);
  std::int64_t first = first_day(floor_to(at.us + offset, us_per_day) / us_per_day, false);
  // If the clock is set back over midnight, the earlier date is shown again after the later one has
  // begun. The instant then belongs to the later date.
  for (std::int64_t next = first_day(first, true); start_of_day(next, zone) <= at;
       next = first_day(next, true))
    first = next;
  return start_of_day(first, zone);
}

Instant Interval::end_of(Instant at, const Zone& zone) const {
  const Zone::Span span = zone.span_at(at);
  const std::int64_t offset = span.offset_seconds * us_per_second;
  if (unit_ == Unit::minutes) {
    const std::int64_t length = minutes_ * us_per_minute;
    return std::min(Instant{floor_to(at.us + offset, length) + length - offset}, span.end);
  }
  std::int64_t next = first_day(floor_to(at.us + offset, us_per_day) / us_per_day, true);
  while (start_of_day(next, zone) <= at) next = first_day(next, true);
  return start_of_day(next, zone);
}

int fold_of(Instant instant, const Zone& zone) {
  const Zone::Meaning meaning = zone.to_utc(instant.us + zone.offset_at(instant) * us_per_second);
  return meaning.kind == Zone::Meaning::Kind::ambiguous && meaning.instant != instant ? 1 : 0;
}

std::string format_offset(std::int32_t seconds) {
  const std::int32_t size = std::abs(seconds);
  std::array<char, 16> text{};
  int length = std::snprintf(text.data(), text.size(), "%c%02d:%02d", seconds < 0 ? '-' : '+',
                             size / 3600, size / 60 % 60);
  if (size % 60 != 0)
    length += std::snprintf(text.data() + length, text.size() - static_cast<std::size_t>(length),
                            ":%02d", size % 60);
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace cdr
