// Instants, durations and zones: the only code that reads or writes a time.
//
// An Instant counts microseconds since 1970-01-01T00:00:00Z (vendors send at most six decimals).
// Its canonical text is UTC, 'YYYY-MM-DD HH:MM:SS.SSS'. The part below a millisecond is cut, not
// rounded, so that a time never moves into the next second. Years 0001 to 9999, as in SQLite.
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

// The zone of times whose text does not give one. Named zones are those of the system's tz
// database as the date library reads it: up to 2037; from 2038 on a zone keeps its last offset.
class Zone {
 public:
  // UTC.
  Zone() noexcept = default;
  // An IANA name ('Europe/Prague') or a fixed offset ('+02:00', 'Z', 'UTC'). Throws Error naming
  // what it was given and what is accepted.
  static Zone named(std::string_view name);
  const std::string& name() const noexcept { return name_; }
  bool is_utc() const noexcept { return rules_ == nullptr && offset_seconds_ == 0; }

  // A wall-clock time in this zone. `local_us` counts as Instant::us would if the zone were UTC.
  struct Meaning {
    Instant instant;
    enum class Kind { unique, ambiguous, nonexistent } kind = Kind::unique;
    // ambiguous: instant is the earlier of the two. nonexistent: instant is that of the change.
    Instant later{};  // ambiguous: the other one
  };
  Meaning to_utc(std::int64_t local_us) const;
  // The offset from UTC in seconds at that instant.
  std::int32_t offset_at(Instant instant) const;

  // A span around an instant in which the offset stays the same. It ends at the next clock change
  // or before it.
  struct Span {
    Instant begin, end;  // from and up to
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
  bool ambiguous = false;  // a clock change's overlap: the earlier of the two was taken
  bool skipped = false;    // a clock change's gap: the instant of the change was taken
  Instant later{};         // ambiguous: the other one
};

// Reads a vendor's time. Accepted, after trimming blanks:
//   2018-09-01 00:00:00[.fraction]    no offset: in `zone`
//   2024-05-02T16:05:24[.fraction][Z|+02:00|+0200|+02]
//                                     also with a blank for the T; offsets up to 14 hours
//   08:58:58:888364, 08:58:58,888     a colon or a comma for the fraction's point (published mluvii
//                                     examples)
//   2018-09-01                        midnight in `zone`
//   Nov 2, 2018 11:31:42 AM           Java's medium form, with or without a comma after the year,
//                                     and with U+202F (or U+00A0) before AM/PM
// A fraction has one to nine digits; digits beyond the microsecond are cut. nullopt: not a time, a
// date that does not exist (2024-02-30), or a leap second.
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
// Milliseconds since 1970 of a text of that form; nullopt: it has another form.
std::optional<std::int64_t> ms_of_canonical(std::string_view text);
// The same form, in the zone's civil time.
std::string format_local(Instant instant, const Zone& zone);

// to - from in seconds, computed in microseconds, then rounded half away from zero to the
// millisecond. May be negative.
double seconds_between(Instant from, Instant to);
// Rounds to the millisecond.
double round_to_ms(double seconds);

// Seconds from an ISO 8601 duration ('PT1M23.4S', 'P1DT2H', weeks; no years or months, which have
// no length), 'HH:MM:SS[.fraction]' (hours may exceed 24; a leading '-' negates), 'D.HH:MM:SS',
// 'MM:SS', uContact's 'HH:MM:SS-N' (without the N), or plain decimal seconds. Rounded to the
// millisecond. nullopt: not a duration.
std::optional<double> parse_duration(std::string_view text);
// 83 → '00:01:23'; a fraction is kept when there is one ('00:01:23.400'); negative gets a leading
// '-'. Hours may exceed 99.
// '' if it is not finite, or too large for a double to distinguish its milliseconds (2^42 seconds).
std::string format_duration(double seconds);

}  // namespace cdr
