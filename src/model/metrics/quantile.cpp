#include "model/metrics/quantile.hpp"

#include <algorithm>
#include <cmath>

namespace cdr {
namespace {

constexpr std::size_t usual_block = 512, largest_block = 2 * usual_block;

// The place of a quantile among `count` sorted numbers: at one of them, or between it and the next.
struct Place {
  std::size_t below;
  double share;
};
Place place_of(double q, std::size_t count) {
  const double exact = q * static_cast<double>(count - 1);
  const double below = std::floor(exact);
  return {static_cast<std::size_t>(below), exact - below};
}

double between(double low, double high, double share) {
  return low == high ? low : low + share * (high - low);
}

}  // namespace

void Quantile::add(double number) {
  ++count_;
  if (blocks_.empty()) {
    loose_.push_back(number);
    return;
  }
  const std::size_t at = std::min(block_of(number), blocks_.size() - 1);
  std::vector<double>& block = blocks_[at];
  block.insert(std::upper_bound(block.begin(), block.end(), number), number);
  if (block.size() < largest_block) return;
  std::vector<double> upper(block.begin() + usual_block, block.end());
  block.resize(usual_block);
  blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(upper));
}

void Quantile::remove(double number) {
  order();
  const std::size_t at = block_of(number);
  if (at == blocks_.size()) return;
  std::vector<double>& block = blocks_[at];
  const auto found = std::lower_bound(block.begin(), block.end(), number);
  if (found == block.end() || *found != number) return;
  block.erase(found);
  --count_;
  if (block.empty()) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(at));
}

std::optional<double> Quantile::at(double q) {
  if (count_ == 0) return std::nullopt;
  order();
  const Place place = place_of(q, count_);
  const double low = nth(place.below);
  return place.share == 0 ? low : between(low, nth(place.below + 1), place.share);
}

std::optional<double> Quantile::last(double q) {
  if (loose_.empty()) return at(q);
  const Place place = place_of(q, count_);
  const auto nth = loose_.begin() + static_cast<std::ptrdiff_t>(place.below);
  std::nth_element(loose_.begin(), nth, loose_.end());
  return place.share == 0 ? *nth
                          : between(*nth, *std::min_element(nth + 1, loose_.end()), place.share);
}

void Quantile::order() {
  if (loose_.empty()) return;
  std::sort(loose_.begin(), loose_.end());
  for (std::size_t from = 0; from < loose_.size(); from += usual_block)
    blocks_.emplace_back(
        loose_.begin() + static_cast<std::ptrdiff_t>(from),
        loose_.begin() + static_cast<std::ptrdiff_t>(std::min(from + usual_block, loose_.size())));
  loose_ = {};
}

// The first block whose largest number is at least `number`, or the number of blocks.
std::size_t Quantile::block_of(double number) const {
  const auto found = std::lower_bound(
      blocks_.begin(), blocks_.end(), number,
      [](const std::vector<double>& block, double wanted) { return block.back() < wanted; });
  return static_cast<std::size_t>(found - blocks_.begin());
}

double Quantile::nth(std::size_t n) const {
  for (const std::vector<double>& block : blocks_) {
    if (n < block.size()) return block[n];
    n -= block.size();
  }
  return blocks_.back().back();
}

}  // namespace cdr
