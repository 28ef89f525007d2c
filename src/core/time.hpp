// Instants, durations and zones: the only code that reads or writes a time.
//
// An Instant counts microseconds since 1970-01-01T00:00:00Z (vendors send at most six decimals).
// Its canonical text is UTC, 'YYYY-MM-DD HH:MM:SS.SSS'. The part below a millisecond is cut, not
// rounded, so that a time never moves into the next second. Years are 0001 to 9999, as in SQLite.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/arena.hpp"

namespace cdr {

inline constexpr std::int64_t us_per_second = 1'000'000;
inline constexpr std::int64_t us_per_day = 86'400 * us_per_second;

struct Instant {
  std::int64_t us = 0;
  friend constexpr auto operator<=>(Instant, Instant) = default;
};

// The zone of times whose text does not give one. Named zones come from the system's tz database.
// The date library reads it up to 2037; from 2038 on a zone keeps its last offset.
class Zone {
 public:
  // UTC.
  Zone() noexcept = default;
  // An IANA name ('Europe/Prague') or a fixed offset ('+02:00', 'Z', 'UTC'). Otherwise throws an
  // Error whose message says what was given and what is accepted.
  static Zone named(std::string_view name);
  const std::string& name() const noexcept { return name_; }
  bool is_utc() const noexcept { return rules_ == nullptr && offset_seconds_ == 0; }

  // The meaning of a wall-clock time in this zone. `local_us` is the Instant::us that the same time
  // would have in UTC.
  struct Meaning {
    Instant instant;
    enum class Kind { unique, ambiguous, nonexistent } kind = Kind::unique;
    // ambiguous: `instant` is the earlier of the two. nonexistent: it is that of the clock change.
    Instant later{};  // ambiguous: the other one
  };
  Meaning to_utc(std::int64_t local_us) const;
  // The offset from UTC in seconds at that instant.
  std::int32_t offset_at(Instant instant) const;

  // A span around an instant in which the offset stays the same. It ends at the next clock change
  // or before it.
  struct Span {
    Instant begin, end;  // end is not part of the span
    std::int32_t offset_seconds;
  };
  Span span_at(Instant instant) const;

 private:
  std::string name_ = "UTC";
  const void* rules_ = nullptr;  // date::time_zone of the tz library; null = fixed offset
  std::int32_t offset_seconds_ = 0;
};

struct ParsedTime {
  Instant instant;
  bool ambiguous = false;  // occurs twice at a clock change: the earlier of the two was taken
  bool skipped = false;    // skipped by a clock change: the instant of the change was taken
  Instant later{};         // ambiguous: the other one
};

// Reads a vendor's time. Accepted, after trimming blanks:
//   2018-09-01 00:00:00[.fraction]    without an offset: in `zone`
//   2024-05-02T16:05:24[.fraction][Z|+02:00|+0200|+02]
//                                     also with a blank instead of the T; offsets up to 14 hours
//   08:58:58:888364, 08:58:58,888     a colon or a comma instead of the decimal point (in published
//                                     mluvii examples)
//   2018-09-01                        midnight in `zone`
//   Nov 2, 2018 11:31:42 AM           Java's medium form, with or without a comma after the year,
//                                     and with U+202F (or U+00A0) before AM/PM
// A fraction has one to nine digits; digits beyond the microsecond are cut. nullopt: the text is
// not a time, its date does not exist (2024-02-30), or it is a leap second.
std::optional<ParsedTime> parse_time(std::string_view text, const Zone& zone);

// Epoch milliseconds; nullopt outside the years 0001 to 9999.
std::optional<Instant> from_epoch_ms(std::int64_t ms);
// The instant `seconds` after `from`; nullopt outside the years 0001 to 9999.
std::optional<Instant> plus_seconds(Instant from, double seconds);
// Epoch seconds below 1e11 in magnitude, otherwise milliseconds (1e11 s is the year 5138, 1e11 ms
// is 1973).
std::optional<Instant> from_epoch(std::int64_t number);
// The same for a number with a fraction. It is rounded to the microsecond, because a double
// represents few decimals exactly.
std::optional<Instant> from_epoch_real(double number);

// 'YYYY-MM-DD HH:MM:SS.SSS' in UTC, kept in `arena`.
std::string_view format_time(Instant instant, Arena& arena);
std::string format_time(Instant instant);
// The milliseconds since 1970 that a text of that form means; nullopt: it has another form.
std::optional<std::int64_t> ms_of_canonical(std::string_view text);
// The same form, in the zone's civil time.
std::string format_local(Instant instant, const Zone& zone);

// to - from in seconds, computed in microseconds, then rounded half away from zero to the
// millisecond. May be negative.
double seconds_between(Instant from, Instant to);
// Rounds to the millisecond.
double round_to_ms(double seconds);

// The seconds of a duration, rounded to the millisecond. Accepted: ISO 8601 ('PT1M23.4S', 'P1DT2H',
// weeks; not years and months, which have no fixed length), 'HH:MM:SS[.fraction]' (hours may exceed
// 24), 'D.HH:MM:SS', 'MM:SS', uContact's 'HH:MM:SS-N' (the N is ignored), and plain decimal
// seconds. A leading '-' negates. nullopt: not a duration.
std::optional<double> parse_duration(std::string_view text);
// 83 → '00:01:23'. Milliseconds are shown if there are any ('00:01:23.400'). A negative duration
// has a leading '-'. Hours may exceed 99. '' if the number is not finite, or is so large (2^42
// seconds) that a double cannot distinguish its milliseconds.
std::string format_duration(double seconds);

}  // namespace cdr
