// Intervals of civil time: the quarter hours, hours, days, weeks and months of a zone.
//
// They follow each other without a gap and without an overlap, whatever the zone's clock does:
// every instant is in exactly one of them. A clock change ends an interval of minutes, which keeps
// the two passes of an hour that is repeated in autumn apart: a day of 25 hours has 100 quarter
// hours, one of 23 hours has 92. A day begins at the first instant of its date, which is not
// midnight if the clock is set forward over midnight.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/time.hpp"

namespace cdr {

class Interval {
 public:
  // '15m', '30m', '1h', '1d', '1w' (from Monday) or '1mo'. Otherwise throws Error, whose message
  // begins with `who` and lists these names.
  static Interval named(std::string_view name, std::string_view who);

  // The beginning of the interval that contains the instant, and the beginning of the next one.
  Instant start_of(Instant at, const Zone& zone) const;
  Instant end_of(Instant at, const Zone& zone) const;

  static constexpr std::string_view names = "'15m', '30m', '1h', '1d', '1w', '1mo'";

 private:
  enum class Unit : unsigned char { minutes, day, week, month };
  constexpr Interval(Unit unit, int minutes) : unit_(unit), minutes_(minutes) {}
  // The first day of the unit that contains the civil day (from 1970-01-01), or of the `next` one.
  std::int64_t first_day(std::int64_t day, bool next) const;

  Unit unit_;
  int minutes_;
};

// The instant at which a date begins in the zone. `day` counts days from 1970-01-01.
Instant start_of_day(std::int64_t day, const Zone& zone);
// 1 for the later of two instants that show the same civil time, otherwise 0.
int fold_of(Instant instant, const Zone& zone);
// '+02:00'; with seconds for historical offsets that have them.
std::string format_offset(std::int32_t seconds);

}  // namespace cdr
