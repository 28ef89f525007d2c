#include "core/number_set.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "seed.hpp"

TEST_CASE("number set: the same as a std::set" * doctest::test_suite("random")) {
  const auto seed = cdr::test::seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  cdr::NumberSet numbers;
  std::set<std::int64_t> expected;
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t number =
        random() % 2 == 0 ? random() % 2000 : std::int64_t{1} << random() % 62;
    if (random() % 3 == 0)
      REQUIRE(numbers.erase(number) == (expected.erase(number) == 1));
    else
      REQUIRE(numbers.insert(number) == expected.insert(number).second);
  }
}
