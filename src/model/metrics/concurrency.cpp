#include "model/metrics/concurrency.hpp"

#include <algorithm>

namespace cdr {
namespace {

constexpr std::size_t usual_steps = 256, largest_steps = 2 * usual_steps;

}  // namespace

void Concurrency::Block::add_up() {
  sum = peak = 0;
  for (const Step& each : steps) {
    sum += each.change;
    peak = std::max(peak, sum);
  }
}

void Concurrency::change(std::int64_t start_ms, std::int64_t end_ms, int by) {
  if (end_ms <= start_ms) return;
  step(start_ms, by);
  if (end_ms != no_end) step(end_ms, -by);
}

void Concurrency::step(std::int64_t ms, int by) {
  if (blocks_.empty()) {
    loose_.push_back({ms, by});
    return;
  }
  auto block = std::lower_bound(
      blocks_.begin(), blocks_.end(), ms,
      [](const Block& each, std::int64_t wanted) { return each.steps.back().ms < wanted; });
  if (block == blocks_.end()) --block;
  auto& steps = block->steps;
  const auto at =
      std::lower_bound(steps.begin(), steps.end(), ms,
                       [](const Step& each, std::int64_t wanted) { return each.ms < wanted; });
  if (at == steps.end() || at->ms != ms)
    steps.insert(at, {ms, by});
  else if ((at->change += by) == 0)
    steps.erase(at);
  if (steps.empty()) {
    blocks_.erase(block);
    return;
  }
  if (steps.size() >= largest_steps) {
    Block upper{{steps.begin() + usual_steps, steps.end()}};
    steps.resize(usual_steps);
    upper.add_up();
    block->add_up();
    blocks_.insert(block + 1, std::move(upper));
    return;
  }
  block->add_up();
}

std::int64_t Concurrency::peak() {
  order();
  std::int64_t running = 0, most = 0;
  for (const Block& block : blocks_) {
    most = std::max(most, running + block.peak);
    running += block.sum;
  }
  return most;
}

void Concurrency::order() {
  if (loose_.empty()) return;
  std::sort(loose_.begin(), loose_.end(), [](const Step& a, const Step& b) { return a.ms < b.ms; });
  std::size_t kept = 0;
  for (std::size_t at = 0; at < loose_.size();) {
    Step step = loose_[at];
    for (++at; at < loose_.size() && loose_[at].ms == step.ms; ++at)
      step.change += loose_[at].change;
    if (step.change != 0) loose_[kept++] = step;
  }
  for (std::size_t from = 0; from < kept; from += usual_steps) {
    Block& block = blocks_.emplace_back();
    block.steps.assign(
        loose_.begin() + static_cast<std::ptrdiff_t>(from),
        loose_.begin() + static_cast<std::ptrdiff_t>(std::min(from + usual_steps, kept)));
    block.add_up();
  }
  loose_ = {};
}

}  // namespace cdr
