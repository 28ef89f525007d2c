// The seed of the tests that try what chance makes (suite "random"). Always the same, so that a run
// can be compared with the one before it; CDR_TEST_SEED gives another, as ./dev soak does.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace cdr::test {

inline std::uint32_t seed() {
  constexpr std::uint32_t usual = 20240502;
  const char* const given = std::getenv("CDR_TEST_SEED");
  return given == nullptr ? usual : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

}  // namespace cdr::test
