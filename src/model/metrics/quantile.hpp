// The exact quantile of numbers that are added and removed: type 7, as in R, NumPy and DuckDB's
// quantile_cont.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace cdr {

class Quantile {
 public:
  void add(double number);
  // Removes a number that was added.
  void remove(double number);
  // nullopt: there are no numbers. `q` is from 0 to 1.
  std::optional<double> at(double q);
  // The same for the last call on this object: it does not sort all numbers for later calls.
  std::optional<double> last(double q);

 private:
  // The numbers are kept sorted in sorted blocks, so that finding, adding or removing a number
  // takes about the time for one block.
  void order();
  std::size_t block_of(double number) const;
  double nth(std::size_t n) const;

  std::size_t count_ = 0;
  std::vector<double> loose_;  // unsorted, until a result is needed
  std::vector<std::vector<double>> blocks_;
};

}  // namespace cdr
