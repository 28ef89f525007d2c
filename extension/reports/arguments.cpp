#include <charconv>
#include <cmath>

#include "core/error.hpp"
#include "extension/binding/instant.hpp"
#include "extension/reports/report.hpp"

namespace cdr::ext {
namespace {

constexpr std::int64_t us_per_day = 86'400'000'000;

[[noreturn]] void refuse(const ReportDeclaration& report, const ReportArgument& argument,
                         const std::string& expected) {
  throw Error(std::string(report.name) + ": " + std::string(argument.name) + " must be " + expected,
              ErrorCode::mismatch);
}

// A date alone is a day of the zone. Any other time has an offset or is UTC.
std::optional<Instant> instant_in(Argument given, const Zone& zone) {
  constexpr std::size_t date_size = 10;  // YYYY-MM-DD
  if (given.is_text() && given.text().size() == date_size)
    if (const auto date = parse_time(given.text(), Zone()))
      return start_of_day(
          date->instant.us / us_per_day - (date->instant.us % us_per_day < 0 ? 1 : 0), zone);
  return instant_of(given, Zone());
}

ReportValue text_value(std::string text) {
  ReportValue value;
  value.type = ReportValue::Type::text;
  value.text = std::move(text);
  return value;
}

ReportValue time_value(const ReportDeclaration& report, const ReportArgument& argument,
                       Argument given, const Zone& zone) {
  auto instant = instant_in(given, zone);
  if (!instant)
    refuse(report, argument,
           "a time that cdr_time reads, or a date such as '2024-05-02' in the zone");
  ReportValue value;
  if (argument.kind == ReportArgument::Kind::day) {
    const Interval day = Interval::named("1d", report.name);
    value.day_end = format_time(day.end_of(*instant, zone));
    instant = day.start_of(*instant, zone);
  }
  value.type = ReportValue::Type::text;
  value.instant = instant;
  value.text = format_time(*instant);
  return value;
}

ReportValue number_value(const ReportDeclaration& report, const ReportArgument& argument,
                         Argument given) {
  const bool is_whole = argument.kind == ReportArgument::Kind::whole;
  ReportValue value;
  value.real = given.real();
  if (!given.is_number() || !std::isfinite(value.real) || value.real < 0 ||
      (is_whole && (value.real != std::floor(value.real) || value.real > 1e9)))
    refuse(report, argument, is_whole ? "a whole number from 0" : "a number from 0");
  value.type = is_whole ? ReportValue::Type::integer : ReportValue::Type::real;
  return value;
}

ReportValue choice_value(const ReportDeclaration& report, const ReportArgument& argument,
                         Argument given) {
  std::string known;
  for (const std::string_view choice : argument.choices) {
    if (given.text() == choice) return text_value(std::string(choice));
    known += (known.empty() ? "'" : ", '") + std::string(choice) + "'";
  }
  refuse(report, argument, "one of " + known);
}

ReportValue default_value(const ReportArgument& argument) {
  if (argument.otherwise.empty()) return {};
  if (argument.kind != ReportArgument::Kind::number && argument.kind != ReportArgument::Kind::whole)
    return text_value(std::string(argument.otherwise));
  ReportValue value;
  value.type = argument.kind == ReportArgument::Kind::whole ? ReportValue::Type::integer
                                                            : ReportValue::Type::real;
  // Not with strtod, because the host's locale may use a decimal comma.
  std::from_chars(argument.otherwise.data(), argument.otherwise.data() + argument.otherwise.size(),
                  value.real);
  return value;
}

ReportValue value_of(const ReportDeclaration& report, const ReportArgument& argument,
                     Argument given, const Zone& zone) {
  using Kind = ReportArgument::Kind;
  switch (argument.kind) {
    case Kind::time:
    case Kind::day:
      return time_value(report, argument, given, zone);
    case Kind::zone:
      return text_value(zone.name());
    case Kind::interval:
      Interval::named(given.text(), report.name);
      return text_value(std::string(given.text()));
    case Kind::number:
    case Kind::whole:
      return number_value(report, argument, given);
    case Kind::choice:
      return choice_value(report, argument, given);
    case Kind::text:
      break;
  }
  return text_value(std::string(given.text()));
}

}  // namespace

ReportValues read_arguments(const ReportDeclaration& report,
                            const std::vector<sqlite3_value*>& given) {
  const auto is_given = [&](std::size_t i) {
    return given[i] != nullptr && !Argument(given[i]).is_null();
  };
  ReportValues all;
  for (std::size_t i = 0; i < report.arguments.size(); ++i)
    if (report.arguments[i].kind == ReportArgument::Kind::zone &&
        (is_given(i) || !report.arguments[i].otherwise.empty()))
      all.zone =
          Zone::named(is_given(i) ? Argument(given[i]).text() : report.arguments[i].otherwise);
  for (std::size_t i = 0; i < report.arguments.size(); ++i) {
    const ReportArgument& argument = report.arguments[i];
    if (is_given(i))
      all.values.push_back(value_of(report, argument, Argument(given[i]), all.zone));
    else if (!argument.is_required)
      all.values.push_back(default_value(argument));
    else
      throw Error(std::string(report.name) + ": " + std::string(argument.name) + " is NULL",
                  ErrorCode::mismatch);
  }
  // A period must not end before it begins. Its two arguments are next to each other.
  for (std::size_t i = 0; i + 1 < report.arguments.size(); ++i)
    if (report.arguments[i].name == "from" && report.arguments[i + 1].name == "to" &&
        all.values[i].instant && all.values[i + 1].instant &&
        *all.values[i + 1].instant < *all.values[i].instant)
      throw Error(std::string(report.name) + ": to is before from", ErrorCode::mismatch);
  return all;
}

}  // namespace cdr::ext
