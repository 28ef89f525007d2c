// Random numbers that are the same on every machine.
//
// The standard library's distributions and libm's exp and log differ between implementations. This
// file uses only integer arithmetic and IEEE + - * /, which do not differ (the target is compiled
// with -ffp-contract=off, so that no compiler fuses a multiplication and an addition on one machine
// but not on another).
#pragma once

#include <cstdint>

namespace generator {

// Mixes 64 bits (the finaliser of splitmix64): hash(x) looks random and is a bijection.
constexpr std::uint64_t hash(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}
constexpr std::uint64_t hash(std::uint64_t a, std::uint64_t b) {
  return hash(hash(a) ^ b);
}

// e^x by Taylor's series on |x| < 0.35 after taking out powers of two.
constexpr double exponential_of(double x) {
  constexpr double ln2 = 0.693147180559945309417;
  int twos = static_cast<int>(x / ln2 + (x < 0 ? -0.5 : 0.5));
  const double rest = x - twos * ln2;
  double term = 1;
  double sum = 1;
  for (int i = 1; i < 14; ++i) {
    term = term * rest / i;
    sum += term;
  }
  for (; twos > 0; --twos) sum *= 2;
  for (; twos < 0; ++twos) sum *= 0.5;
  return sum;
}

// ln x for x > 0: 2 artanh((x−1)/(x+1)) on [0.7, 1.4] after taking out powers of two.
constexpr double logarithm_of(double x) {
  constexpr double ln2 = 0.693147180559945309417;
  int twos = 0;
  for (; x > 1.4; x *= 0.5) ++twos;
  for (; x < 0.7; x *= 2) --twos;
  const double ratio = (x - 1) / (x + 1);
  const double square = ratio * ratio;
  double power = ratio;
  double sum = 0;
  for (int i = 1; i < 26; i += 2) {
    sum += power / i;
    power *= square;
  }
  return 2 * sum + twos * ln2;
}

// splitmix64.
class Random {
 public:
  constexpr explicit Random(std::uint64_t seed) : state_(seed) {}
  constexpr std::uint64_t next() {
    const std::uint64_t mixed = hash(state_);
    state_ += 0x9e3779b97f4a7c15U;
    return mixed;
  }
  // 0 … n−1, for n below 2^32.
  constexpr std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((next() >> 32U) * n) >> 32U);
  }
  constexpr std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + below(static_cast<std::uint32_t>(most - least + 1));
  }
  constexpr bool chance(std::uint32_t permille) { return below(1000) < permille; }
  // Strictly between 0 and 1.
  constexpr double uniform() {
    return (static_cast<double>(next() >> 11U) + 0.5) * (1.0 / 9007199254740992.0);
  }
  constexpr double exponential(double mean) { return -mean * logarithm_of(uniform()); }
  // About standard normal: the sum of twelve uniforms, so never beyond ±6.
  constexpr double normal() {
    std::uint32_t sum = 0;
    for (int i = 0; i < 3; ++i)
      for (std::uint64_t bits = next(), part = 0; part < 4; ++part, bits >>= 16U)
        sum += bits & 0xffffU;
    return sum * (1.0 / 65536) - 6.0;
  }
  constexpr double log_normal(double median, double sigma) {
    return median * exponential_of(sigma * normal());
  }

 private:
  std::uint64_t state_;
};

}  // namespace generator
