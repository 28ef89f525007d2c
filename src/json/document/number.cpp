#include "json/document/number.hpp"

#include <algorithm>
#include <limits>

#include "core/text.hpp"

namespace cdr {
namespace {

// The power of ten of the number's first digit that is not 0: 1 for 12.5, -3 for 0.0012.
std::int64_t magnitude(std::string_view token) {
  const std::size_t mantissa_end = std::min(token.find_first_of("eE"), token.size());
  const std::string_view mantissa = token.substr(0, mantissa_end);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
  const auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  const std::int64_t power = place > 0 ? place - 1 : place;
  if (mantissa_end == token.size()) return power;
  std::string_view exponent = token.substr(mantissa_end + 1);
  if (exponent.front() == '+') exponent.remove_prefix(1);
  constexpr std::int64_t more_than_any_token = std::int64_t{1} << 40;
  const std::int64_t none = exponent.front() == '-' ? -more_than_any_token : more_than_any_token;
  return power + int64_of(exponent).value_or(none);
}

}  // namespace

double double_of(std::string_view token) {
  double number = 0;
  const auto result = std::from_chars(token.data(), token.data() + token.size(), number);
  if (result.ec == std::errc()) return number;
  // from_chars does not say whether the number is too large or too small.
  const double end = magnitude(token) > 0 ? std::numeric_limits<double>::infinity() : 0;
  return token.front() == '-' ? -end : end;
}

}  // namespace cdr
