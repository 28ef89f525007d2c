// Times and durations, as SQL functions:
//
//   SELECT cdr_time('Nov 2, 2018 11:31:42 AM', 'America/Montevideo');   -- 2018-11-02 14:31:42.000
//   SELECT cdr_local(1532458000000, 'Asia/Shanghai');                   -- 2018-07-25 02:46:40.000
//   SELECT format_duration(cdr_seconds(start_time, end_time)) FROM interactions(…);
//
// A bad time or duration gives NULL, so that one bad value does not end a query over many;
// a zone that does not exist is an error, because it would make every value wrong.
#include "core/time.hpp"
#include "extension/binding/function.hpp"
#include "extension/binding/instant.hpp"

namespace cdr::ext {
namespace {

void cdr_time(Call& call) {
  const Zone zone = call.has(1) ? Zone::named(call[1].text()) : Zone();
  if (const auto instant = instant_of(call[0], zone)) call.text(format_time(*instant));
}

// A civil time beyond the years 0001 to 9999 has no canonical text.
bool has_civil_text(Instant instant, const Zone& zone) {
  return from_epoch_ms(instant.us / 1000 + std::int64_t{zone.offset_at(instant)} * 1000)
      .has_value();
}

void cdr_local(Call& call) {
  if (!call.has(1)) return;
  const Zone zone = Zone::named(call[1].text());
  const auto instant = instant_of(call[0], Zone());
  if (instant && has_civil_text(*instant, zone)) call.text(format_local(*instant, zone));
}

void cdr_seconds(Call& call) {
  const auto from = instant_of(call[0], Zone());
  const auto to = instant_of(call[1], Zone());
  if (from && to) call.real(seconds_between(*from, *to));
}

std::optional<double> duration_of(Argument argument) {
  if (argument.is_null()) return std::nullopt;
  if (argument.is_number()) return round_to_ms(argument.real());
  return parse_duration(argument.text());
}

void cdr_duration(Call& call) {
  call.real(duration_of(call[0]));
}

void format_duration(Call& call) {
  const auto seconds = duration_of(call[0]);
  const std::string text = seconds ? cdr::format_duration(*seconds) : std::string();
  if (!text.empty()) call.text(text);
}

constexpr Function time_list[] = {
    {"cdr_time", 1, 2, "cdr_time(x [, zone])",
     "UTC as 'YYYY-MM-DD HH:MM:SS.SSS', from a number or its text (epoch seconds; milliseconds "
     "from 1e11 on), ISO 8601, or a vendor's text; zone (IANA name or offset, default UTC) applies "
     "to a text without an offset. In an hour that a clock change repeats, the earlier time is "
     "taken. NULL when x is not a time, or falls into the gap of a clock change",
     "cdr_time('2024-05-02T16:05:24.454661+02:00')", "2024-05-02 14:05:24.454", Effect::pure,
     cdr_time},
    {"cdr_local", 2, 2, "cdr_local(time, zone)",
     "civil time in the zone, in the form of cdr_time, from anything that cdr_time takes (a text "
     "without an offset is UTC); NULL when it is not a time",
     "cdr_local('2018-09-01 00:00:00', 'Europe/Prague')", "2018-09-01 02:00:00.000", Effect::pure,
     cdr_local},
    {"cdr_seconds", 2, 2, "cdr_seconds(from, to)",
     "seconds from one time to another, rounded to the millisecond; each may be anything that "
     "cdr_time takes; negative when to is earlier; NULL when either is not a time",
     "cdr_seconds('2018-09-01 00:00:00', '2018-09-01T02:00:10.5+02:00')", "10.5", Effect::pure,
     cdr_seconds},
    {"cdr_duration", 1, 1, "cdr_duration(x)",
     "seconds, rounded to the millisecond, from an ISO 8601 duration, [D.]HH:MM:SS, MM:SS, a "
     "number or uContact's HH:MM:SS-N (the meaning of N is not published, so N is ignored); NULL "
     "when x is not a duration (years and months have no length)",
     "cdr_duration('PT1M23.4S')", "83.4", Effect::pure, cdr_duration},
    {"format_duration", 1, 1, "format_duration(seconds)",
     "HH:MM:SS, with .SSS when there is a fraction and - when negative, from seconds or anything "
     "that cdr_duration takes; NULL when it is not a duration",
     "format_duration(83)", "00:01:23", Effect::pure, format_duration},
};

}  // namespace

std::span<const Function> time_functions() {
  return time_list;
}

}  // namespace cdr::ext
