#include "extension/binding/instant.hpp"

#include <charconv>

#include "core/text.hpp"

namespace cdr::ext {
namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// An epoch that came as text. Exponents, infinities and the like are refused, because people do not
// write times that way.
std::optional<Instant> epoch_in(std::string_view text) {
  text = trim(text);
  if (const auto whole = number_in<std::int64_t>(text)) return from_epoch(*whole);
  if (text.find_first_not_of("-.0123456789") != std::string_view::npos) return std::nullopt;
  const auto real = number_in<double>(text);
  return real ? from_epoch_real(*real) : std::nullopt;
}

constexpr std::string_view form_of_date = "dddd-dd-dd", minutes_form = "dddd-dd-dd dd:dd";

// Whether it is 'YYYY-MM-DD HH:MM', with or without an offset: people often leave out the seconds,
// which records have. '2018-09-01 10:00-10:30' is not read: it may mean half an hour.
bool has_minutes_only(std::string_view text) {
  if (text.size() < minutes_form.size()) return false;
  for (std::size_t i = 0; i < minutes_form.size(); ++i) {
    const char form = minutes_form[i];
    const bool fits = form == 'd'   ? is_digit(text[i])
                      : form == ' ' ? text[i] == ' ' || text[i] == 'T'
                                    : text[i] == form;
    if (!fits) return false;
  }
  const std::string_view offset = text.substr(minutes_form.size());
  const bool is_iso = text[form_of_date.size()] == 'T';
  return offset.empty() || offset[0] == 'Z' || offset[0] == '+' || (offset[0] == '-' && is_iso);
}

std::optional<ParsedTime> parsed_in(std::string_view text, const Zone& zone) {
  text = trim(text);
  if (!has_minutes_only(text)) return parse_time(text, zone);
  return parse_time(std::string(text).insert(minutes_form.size(), ":00"), zone);
}

}  // namespace

std::optional<Instant> instant_of(Argument argument, const Zone& zone) {
  switch (argument.type()) {
    case SQLITE_INTEGER:
      return from_epoch(argument.integer());
    case SQLITE_FLOAT:
      return from_epoch_real(argument.real());
    case SQLITE_NULL:
      return std::nullopt;
    default:
      break;
  }
  const std::string_view text = argument.text();
  if (const auto parsed = parsed_in(text, zone))
    return parsed->skipped ? std::nullopt : std::optional(parsed->instant);
  return epoch_in(text);
}

}  // namespace cdr::ext
