#include "core/time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <limits>
#include <new>
#include <span>

#include "core/error.hpp"
#include "core/text.hpp"

namespace cdr {
namespace {

constexpr Instant first_instant{-62'135'596'800 * us_per_second};     // 0001-01-01 00:00:00
constexpr Instant last_instant{253'402'300'800 * us_per_second - 1};  // 9999-12-31 23:59:59.999999
// The widest offset that any zone of the tz database has kept for long (Pacific/Kiritimati).
constexpr int max_offset_seconds = 14 * 3600;

std::optional<Instant> in_range(std::int64_t us) {
  const Instant instant{us};
  if (instant < first_instant || last_instant < instant) return std::nullopt;
  return instant;
}

// Reads a text from the front. Every step returns whether it matched; a step that fails leaves the
// text as it was.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool at_end() const { return text_.empty(); }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }

  bool skip(char c) {
    if (peek() != c || text_.empty()) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool skip(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  bool skip_ignoring_case(std::string_view word) {
    if (!equal_ignoring_case(text_.substr(0, word.size()), word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // `least` to `most` digits. Fails if another digit follows.
  template <class Number>
  bool digits(std::size_t least, std::size_t most, Number& number) {
    std::size_t count = 0;
    Number read = 0;
    for (; count < text_.size() && is_digit(text_[count]); ++count) {
      if (count == most) return false;
      read = read * 10 + (text_[count] - '0');
    }
    if (count < least) return false;
    number = read;
    text_.remove_prefix(count);
    return true;
  }
  // Exactly `count` digits, whatever follows.
  bool fixed(std::size_t count, int& number) {
    if (text_.size() < count) return false;
    int read = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(text_[i])) return false;
      read = read * 10 + (text_[i] - '0');
    }
    number = read;
    text_.remove_prefix(count);
    return true;
  }
  // The one to nine decimals of a number, in billionths.
  bool decimals(std::int64_t& billionths) {
    const std::size_t before = text_.size();
    std::int64_t read = 0;
    if (!digits(1, 9, read)) return false;
    for (std::size_t count = before - text_.size(); count < 9; ++count) read *= 10;
    billionths = read;
    return true;
  }

 private:
  std::string_view text_;
};

// A wall-clock time. us_of gives nullopt for one that no calendar or clock shows.
struct Civil {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  std::int64_t us = 0;
};

std::optional<std::int64_t> us_of(const Civil& civil) {
  const date::year_month_day day{date::year{civil.year},
                                 date::month{static_cast<unsigned>(civil.month)},
                                 date::day{static_cast<unsigned>(civil.day)}};
  if (!day.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 59) return std::nullopt;
  const std::int64_t days = date::sys_days{day}.time_since_epoch().count();
  const std::int64_t seconds = civil.hour * 3600 + civil.minute * 60 + civil.second;
  return days * us_per_day + seconds * us_per_second + civil.us;
}

// Z, +02:00, +0200, +02.
bool read_offset(Scanner& scanner, int& seconds) {
  if (scanner.skip('Z')) {
    seconds = 0;
    return true;
  }
  const bool west = scanner.peek() == '-';
  if (!scanner.skip(west ? '-' : '+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!scanner.fixed(2, hours)) return false;
  const bool colon = scanner.skip(':');
  if (!scanner.fixed(2, minutes) && colon) return false;
  if (minutes > 59) return false;
  seconds = hours * 3600 + minutes * 60;
  if (seconds > max_offset_seconds) return false;
  if (west) seconds = -seconds;
  return true;
}

std::optional<ParsedTime> parsed_at_offset(std::int64_t local_us, int offset_seconds) {
  const auto instant = in_range(local_us - offset_seconds * us_per_second);
  return instant ? std::optional(ParsedTime{*instant}) : std::nullopt;
}

std::optional<ParsedTime> parsed_in(const Civil& civil, const Zone& zone) {
  const auto local_us = us_of(civil);
  if (!local_us) return std::nullopt;
  if (zone.is_utc()) return parsed_at_offset(*local_us, 0);
  const Zone::Meaning meaning = zone.to_utc(*local_us);
  const auto instant = in_range(meaning.instant.us);
  if (!instant) return std::nullopt;
  using Kind = Zone::Meaning::Kind;
  return ParsedTime{*instant, meaning.kind == Kind::ambiguous, meaning.kind == Kind::nonexistent,
                    meaning.later};
}

bool read_date(Scanner& scanner, Civil& civil) {
  return scanner.fixed(4, civil.year) && scanner.skip('-') && scanner.fixed(2, civil.month) &&
         scanner.skip('-') && scanner.fixed(2, civil.day);
}

bool read_clock(Scanner& scanner, Civil& civil) {
  return scanner.fixed(2, civil.hour) && scanner.skip(':') && scanner.fixed(2, civil.minute) &&
         scanner.skip(':') && scanner.fixed(2, civil.second);
}

std::optional<ParsedTime> parse_iso(std::string_view text, const Zone& zone) {
  Scanner scanner(text);
  Civil civil;
  if (!read_date(scanner, civil)) return std::nullopt;
  if (scanner.at_end()) return parsed_in(civil, zone);
  if (!scanner.skip(' ') && !scanner.skip('T')) return std::nullopt;
  if (!read_clock(scanner, civil)) return std::nullopt;
  if (scanner.skip('.') || scanner.skip(':') || scanner.skip(',')) {
    std::int64_t billionths = 0;
    if (!scanner.decimals(billionths)) return std::nullopt;
    civil.us = billionths / 1000;
  }
  if (scanner.at_end()) return parsed_in(civil, zone);
  int offset_seconds = 0;
  if (!read_offset(scanner, offset_seconds) || !scanner.at_end()) return std::nullopt;
  const auto local_us = us_of(civil);
  return local_us ? parsed_at_offset(*local_us, offset_seconds) : std::nullopt;
}

bool read_month(Scanner& scanner, int& month) {
  static constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!scanner.skip_ignoring_case(names[i])) continue;
    month = static_cast<int>(i) + 1;
    return true;
  }
  return false;
}

// Skips any of the spaces that Java's formatters put before AM/PM: U+0020, U+00A0, U+202F.
bool skip_space(Scanner& scanner) {
  return scanner.skip(' ') || scanner.skip("\xC2\xA0") || scanner.skip("\xE2\x80\xAF");
}

std::optional<ParsedTime> parse_java(std::string_view text, const Zone& zone) {
  Scanner scanner(text);
  Civil civil;
  if (!read_month(scanner, civil.month) || !scanner.skip(' ') || !scanner.digits(1, 2, civil.day))
    return std::nullopt;
  if (!scanner.skip(", ") || !scanner.fixed(4, civil.year)) return std::nullopt;
  scanner.skip(',');
  if (!scanner.skip(' ') || !scanner.digits(1, 2, civil.hour) || civil.hour < 1 || civil.hour > 12)
    return std::nullopt;
  if (!scanner.skip(':') || !scanner.fixed(2, civil.minute)) return std::nullopt;
  if (!scanner.skip(':') || !scanner.fixed(2, civil.second) || !skip_space(scanner))
    return std::nullopt;
  civil.hour %= 12;
  if (scanner.skip_ignoring_case("PM"))
    civil.hour += 12;
  else if (!scanner.skip_ignoring_case("AM"))
    return std::nullopt;
  if (!scanner.at_end()) return std::nullopt;
  return parsed_in(civil, zone);
}

// The civil date of a day counted from 1970-01-01, for any day that an Instant can name (date::year
// holds 16 bits only).
struct Day {
  std::int64_t year;
  std::uint32_t month, day;
};

Day civil_day(std::int64_t days) {
  constexpr std::int64_t days_per_era = 146'097;  // 400 Gregorian years
  const std::int64_t since_march_0 = days + 719'468;
  const std::int64_t era =
      (since_march_0 >= 0 ? since_march_0 : since_march_0 - days_per_era + 1) / days_per_era;
  const auto of_era = static_cast<std::uint32_t>(since_march_0 - era * days_per_era);
  const std::uint32_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::uint32_t month = (5 * of_year + 2) / 153;  // from March
  return {year + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
          of_year - (153 * month + 2) / 5 + 1};
}

template <int Count>
char* write_digits(char* to, std::uint32_t number) {
  for (int i = Count - 1; i >= 0; --i, number /= 10) to[i] = static_cast<char>('0' + number % 10);
  return to + Count;
}

// Writes ':MM:SS', within the hour.
char* write_minutes(char* to, std::uint32_t ms) {
  *to++ = ':';
  to = write_digits<2>(to, ms / 60'000 % 60);
  *to++ = ':';
  return write_digits<2>(to, ms / 1000 % 60);
}

// Writes '.SSS', within the second.
char* write_ms(char* to, std::uint32_t ms) {
  *to++ = '.';
  return write_digits<3>(to, ms % 1000);
}

constexpr std::size_t time_size = 23;  // YYYY-MM-DD HH:MM:SS.SSS
constexpr std::size_t max_time_size =
    32;  // with the widest year that 64 bits of microseconds can name

// Writes the canonical form and returns its end.
char* write_time(std::int64_t us, char* to) {
  std::int64_t days = us / us_per_day;
  std::int64_t rest = us % us_per_day;
  if (rest < 0) {
    rest += us_per_day;
    --days;
  }
  const Day day = civil_day(days);
  if (day.year >= 0 && day.year <= 9999)
    to = write_digits<4>(to, static_cast<std::uint32_t>(day.year));
  else
    to = std::to_chars(to, to + 8, day.year).ptr;
  *to++ = '-';
  to = write_digits<2>(to, day.month);
  *to++ = '-';
  to = write_digits<2>(to, day.day);
  *to++ = ' ';
  const auto ms = static_cast<std::uint32_t>(rest / 1000);
  to = write_digits<2>(to, ms / 3'600'000);
  return write_ms(write_minutes(to, ms), ms);
}

std::string time_text(std::int64_t us) {
  std::array<char, max_time_size> text{};
  return {text.data(), write_time(us, text.data())};
}

const date::time_zone* rules_of(const void* rules) {
  return static_cast<const date::time_zone*>(rules);
}

// The library reads a zone's file through a stream when the zone is first used. If memory runs out
// there, it reports that the file cannot be opened.
template <class Ask>
auto ask_zones(const Ask& ask) {
  errno = 0;
  try {
    return ask();
  } catch (const std::exception&) {
    if (errno == ENOMEM) throw std::bad_alloc();
    throw;
  }
}

}  // namespace

Zone Zone::named(std::string_view name) {
  const std::string_view wanted = trim(name);
  if (wanted == "Z" || equal_ignoring_case(wanted, "UTC")) return {};
  Zone zone;
  Scanner scanner(wanted);
  int seconds = 0;
  if (read_offset(scanner, seconds) && scanner.at_end()) {
    const auto minutes = static_cast<std::uint32_t>(std::abs(seconds)) / 60;
    std::array<char, 6> text{seconds < 0 ? '-' : '+', '0', '0', ':', '0', '0'};
    write_digits<2>(&text[1], minutes / 60);
    write_digits<2>(&text[4], minutes % 60);
    zone.name_.assign(text.data(), text.size());
    zone.offset_seconds_ = seconds;
    return zone;
  }
  try {
    zone.rules_ = ask_zones([&] { return date::locate_zone(wanted); });
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {  // the library reports only that it has not found it
    constexpr std::size_t longest_name =
        64;  // a longer text is not a name, and may be a record's content
    const std::string given = wanted.size() > longest_name
                                  ? "a text of " + std::to_string(wanted.size()) + " bytes"
                                  : "'" + std::string(wanted) + "'";
    throw Error("time zone: " + given +
                    " is not known; expected an IANA name such as 'Europe/Prague' (as the system's "
                    "tzdata package "
                    "spells it), 'UTC', or an offset from '-14:00' to '+14:00'",
                ErrorCode::mismatch);
  }
  zone.name_ = wanted;
  return zone;
}

Zone::Meaning Zone::to_utc(std::int64_t local_us) const {
  if (rules_ == nullptr)
    return {Instant{local_us - offset_seconds_ * us_per_second}, Meaning::Kind::unique};
  const date::local_time<std::chrono::microseconds> local{std::chrono::microseconds{local_us}};
  const date::local_info info = ask_zones(
      [&] { return rules_of(rules_)->get_info(date::floor<std::chrono::seconds>(local)); });
  Meaning meaning{Instant{local_us - info.first.offset.count() * us_per_second},
                  Meaning::Kind::unique};
  if (info.result == date::local_info::ambiguous) {
    meaning.kind = Meaning::Kind::ambiguous;
    meaning.later = Instant{local_us - info.second.offset.count() * us_per_second};
  }
  if (info.result == date::local_info::nonexistent) {
    meaning.kind = Meaning::Kind::nonexistent;
    meaning.instant = Instant{info.first.end.time_since_epoch().count() * us_per_second};
  }
  return meaning;
}

Zone::Span Zone::span_at(Instant instant) const {
  constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max() / 4;
  if (rules_ == nullptr) return {Instant{-forever}, Instant{forever}, offset_seconds_};
  const date::sys_time<std::chrono::microseconds> at{std::chrono::microseconds{instant.us}};
  const date::sys_info info =
      ask_zones([&] { return rules_of(rules_)->get_info(date::floor<std::chrono::seconds>(at)); });
  // A zone's first span begins in the library's first year; its last span ends in the last year.
  const auto us_of_seconds = [](std::int64_t seconds) {
    return std::clamp(seconds, -forever / us_per_second, forever / us_per_second) * us_per_second;
  };
  return {Instant{us_of_seconds(info.begin.time_since_epoch().count())},
          Instant{us_of_seconds(info.end.time_since_epoch().count())},
          static_cast<std::int32_t>(info.offset.count())};
}

std::int32_t Zone::offset_at(Instant instant) const {
  return rules_ == nullptr ? offset_seconds_ : span_at(instant).offset_seconds;
}

std::optional<ParsedTime> parse_time(std::string_view text, const Zone& zone) {
  text = trim(text);
  if (text.empty()) return std::nullopt;
  return is_digit(text.front()) ? parse_iso(text, zone) : parse_java(text, zone);
}

std::optional<Instant> plus_seconds(Instant from, double seconds) {
  constexpr double longest = 1e12;  // more than the years 0001 to 9999, without overflow
  if (!(std::abs(seconds) <= longest)) return std::nullopt;
  return in_range(from.us + std::llround(seconds * 1e6));
}

std::optional<Instant> from_epoch_ms(std::int64_t ms) {
  if (ms < first_instant.us / 1000 || ms > last_instant.us / 1000) return std::nullopt;
  return Instant{ms * 1000};
}

namespace {

// A number of this magnitude or more counts milliseconds.
constexpr std::int64_t seconds_limit = 100'000'000'000;

}  // namespace

std::optional<Instant> from_epoch(std::int64_t number) {
  if (-seconds_limit < number && number < seconds_limit) return in_range(number * us_per_second);
  return from_epoch_ms(number);
}

std::optional<Instant> from_epoch_real(double number) {
  const double limit = static_cast<double>(seconds_limit);
  const double us = std::abs(number) < limit ? number * 1e6 : number * 1e3;
  // The limit is far inside int64, and far outside the years that in_range allows. NaN fails too.
  if (!(std::abs(us) < 1e18)) return std::nullopt;
  return in_range(std::llround(us));
}

std::string_view format_time(Instant instant, Arena& arena) {
  // The years of parsed times all have four digits. Other instants take the slow way.
  if (first_instant <= instant && instant <= last_instant) {
    char* text = arena.allocate(time_size);
    write_time(instant.us, text);
    return {text, time_size};
  }
  return arena.keep(time_text(instant.us));
}

std::string format_time(Instant instant) {
  return time_text(instant.us);
}

std::optional<std::int64_t> ms_of_canonical(std::string_view text) {
  Scanner scanner(text);
  Civil civil;
  int ms = 0;
  const bool has_form =
      scanner.fixed(4, civil.year) && scanner.skip('-') && scanner.fixed(2, civil.month) &&
      scanner.skip('-') && scanner.fixed(2, civil.day) && scanner.skip(' ') &&
      scanner.fixed(2, civil.hour) && scanner.skip(':') && scanner.fixed(2, civil.minute) &&
      scanner.skip(':') && scanner.fixed(2, civil.second) && scanner.skip('.') &&
      scanner.fixed(3, ms) && scanner.at_end();
  if (!has_form) return std::nullopt;
  const auto us = us_of(civil);
  return us ? std::optional(*us / 1000 + ms) : std::nullopt;
}

std::string format_local(Instant instant, const Zone& zone) {
  return time_text(instant.us + zone.offset_at(instant) * us_per_second);
}

double seconds_between(Instant from, Instant to) {
  const std::int64_t us = to.us - from.us;
  const std::int64_t ms = (us + (us < 0 ? -500 : 500)) / 1000;
  return static_cast<double>(ms) / 1000.0;
}

double round_to_ms(double seconds) {
  // Larger doubles have no milliseconds to round; infinity and NaN have none either.
  if (!(std::abs(seconds) < 1e12)) return seconds;
  return std::round(seconds * 1000.0) / 1000.0 + 0.0;  // + 0.0 turns -0 into 0
}

namespace {

// Below this (139,000 years), seconds in a double and whole milliseconds convert into each other
// without loss.
constexpr std::int64_t max_duration_seconds = std::int64_t{1} << 42;

// A duration that is being read: whole seconds and billionths.
struct Length {
  std::int64_t seconds = 0;
  std::int64_t billionths = 0;
};

constexpr std::size_t max_whole_digits = 13;  // weeks with so many digits fit in 64 bits of seconds

std::optional<double> seconds_of(Length length, bool negative) {
  const std::int64_t seconds = length.seconds + length.billionths / 1'000'000'000;
  if (seconds >= max_duration_seconds) return std::nullopt;
  const std::int64_t ms =
      seconds * 1000 + (length.billionths % 1'000'000'000 + 500'000) / 1'000'000;
  return static_cast<double>(negative ? -ms : ms) / 1000.0 + 0.0;
}

// Reads the part after the P. Only the last number may have decimals.
bool read_iso_duration(Scanner& scanner, Length& length) {
  struct Unit {
    char letter;
    std::int64_t seconds;
  };
  static constexpr std::array<Unit, 2> days{{{'W', 604'800}, {'D', 86'400}}};
  static constexpr std::array<Unit, 3> clock{{{'H', 3600}, {'M', 60}, {'S', 1}}};
  std::span<const Unit> units = days;
  bool in_clock = false;
  bool any = false;
  while (!scanner.at_end()) {
    if (!in_clock && scanner.skip('T')) {
      in_clock = true;
      any = false;  // a number must follow the T
      units = clock;
      continue;
    }
    std::int64_t whole = 0;
    std::int64_t billionths = 0;
    if (!scanner.digits(1, max_whole_digits, whole)) return false;
    const bool decimals = scanner.skip('.') || scanner.skip(',');
    if (decimals && !scanner.decimals(billionths)) return false;
    while (!units.empty() && units.front().letter != scanner.peek()) units = units.subspan(1);
    if (units.empty()) return false;
    scanner.skip(units.front().letter);
    length.seconds += whole * units.front().seconds;
    length.billionths += billionths * units.front().seconds;
    units = units.subspan(1);
    any = true;
    if (decimals && !scanner.at_end()) return false;
  }
  return any;
}

// Reads a fraction, if there is one. Nothing may follow.
bool read_tail(Scanner& scanner, Length& length) {
  if (scanner.skip('.') && !scanner.decimals(length.billionths)) return false;
  return scanner.at_end();
}

// Reads ':SS', a number below 60.
bool read_sexagesimal(Scanner& scanner, int& number) {
  return scanner.skip(':') && scanner.fixed(2, number) && number < 60;
}

// Skips '-N' after HH:MM:SS at the text's end: uContact's campaignstatus writes talked and hold in
// this form ('00:00:00-0'). The vendor's page does not say what N counts, so it is ignored.
bool skip_count(Scanner& scanner) {
  std::int64_t count = 0;
  return scanner.skip('-') && scanner.digits(1, max_whole_digits, count) && scanner.at_end();
}

// Reads HH:MM:SS, MM:SS or seconds, each perhaps with decimals; D.HH:MM:SS; HH:MM:SS-N.
bool read_clock_duration(Scanner& scanner, Length& length) {
  std::int64_t first = 0;
  if (!scanner.digits(1, max_whole_digits, first)) return false;
  std::optional<std::int64_t> days;
  Scanner behind = scanner;
  if (int hours = 0; behind.skip('.') && behind.fixed(2, hours) && behind.peek() == ':') {
    if (hours > 23) return false;
    days = first;
    first = hours;
    scanner = behind;
  }
  if (scanner.peek() != ':') {
    length.seconds = first;
    return read_tail(scanner, length);
  }
  int second = 0;
  if (!read_sexagesimal(scanner, second)) return false;
  length.seconds = first * 60 + second;
  if (scanner.peek() == ':') {
    const int minute = second;
    if (!read_sexagesimal(scanner, second)) return false;
    length.seconds = days.value_or(0) * 86'400 + (first * 60 + minute) * 60 + second;
    if (!days && scanner.peek() == '-') return skip_count(scanner);
  } else if (days) {
    return false;
  }
  return read_tail(scanner, length);
}

}  // namespace

std::optional<double> parse_duration(std::string_view text) {
  Scanner scanner(trim(text));
  const bool negative = scanner.skip('-');
  Length length;
  const bool read =
      scanner.skip('P') ? read_iso_duration(scanner, length) : read_clock_duration(scanner, length);
  return read ? seconds_of(length, negative) : std::nullopt;
}

std::string format_duration(double seconds) {
  const double rounded_ms = std::round(seconds * 1000.0);
  if (!(std::abs(rounded_ms) < static_cast<double>(max_duration_seconds) * 1000.0)) return {};
  const auto signed_ms = static_cast<std::int64_t>(rounded_ms);
  const std::int64_t hours = std::abs(signed_ms) / 3'600'000;
  const auto ms = static_cast<std::uint32_t>(std::abs(signed_ms) % 3'600'000);
  std::array<char, max_time_size> text{};
  char* to = text.data();
  if (signed_ms < 0) *to++ = '-';
  if (hours < 100)
    to = write_digits<2>(to, static_cast<std::uint32_t>(hours));
  else
    to = std::to_chars(to, to + 16, hours).ptr;
  to = write_minutes(to, ms);
  if (ms % 1000 != 0) to = write_ms(to, ms);
  return {text.data(), to};
}

}  // namespace cdr
