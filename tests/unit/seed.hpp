// The seed of the random tests (suite "random"). It is always the same, so that a run can be
// compared with the previous one; CDR_TEST_SEED sets another, as ./dev soak does.
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
