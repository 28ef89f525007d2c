// The exact quantile of numbers that come and go: type 7, as in R, NumPy and DuckDB's
// quantile_cont.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace cdr {

class Quantile {
 public:
  void add(double number);
  // One that was added.
  void remove(double number);
  // nullopt: there is no number. `q` is from 0 to 1.
  std::optional<double> at(double q);
  // The same as the last question: it does not put all numbers in order for others to follow.
  std::optional<double> last(double q);

 private:
  // Sorted numbers in sorted blocks: a number is found, put in and taken out in about the time of
  // one block.
  void order();
  std::size_t block_of(double number) const;
  double nth(std::size_t n) const;

  std::size_t count_ = 0;
  std::vector<double> loose_;  // in no order, until somebody asks
  std::vector<std::vector<double>> blocks_;
};

}  // namespace cdr
