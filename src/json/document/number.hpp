// A JSON number's value from its token, which must be a valid number.
#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace cdr {

// nullopt: beyond int64.
inline std::optional<std::int64_t> int64_of(std::string_view token) {
  std::int64_t number = 0;
  const auto result = std::from_chars(token.data(), token.data() + token.size(), number);
  return result.ec == std::errc() ? std::optional(number) : std::nullopt;
}

// The nearest double; infinite if the number is beyond all of them.
double double_of(std::string_view token);

}  // namespace cdr
