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

// 'YYYY-MM-DD HH:MM': people often leave out the seconds, which records have.
bool has_minutes_only(std::string_view text) {
  constexpr std::string_view form = "dddd-dd-dd dd:dd";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool fits = form[i] == 'd'   ? is_digit(text[i])
                      : form[i] == ' ' ? text[i] == ' ' || text[i] == 'T'
                                       : text[i] == form[i];
    if (!fits) return false;
  }
  return true;
}

std::optional<ParsedTime> parsed_in(std::string_view text, const Zone& zone) {
  text = trim(text);
  std::string_view minutes = text;
  const bool is_utc = minutes.ends_with('Z');
  if (is_utc) minutes.remove_suffix(1);
  if (has_minutes_only(minutes))
    return parse_time(std::string(minutes) + (is_utc ? ":00Z" : ":00"), zone);
  return parse_time(text, zone);
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
