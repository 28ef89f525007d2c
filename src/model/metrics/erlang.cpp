#include "model/metrics/erlang.hpp"

#include <cmath>

namespace cdr {
namespace {

// Erlang B and its complement, for one more agent at a time. If Erlang B is close to 1, only the
// complement is still precise.
class Busy {
 public:
  explicit Busy(double traffic) : traffic_(traffic) {}
  void add_agent() {
    ++agents_;
    const double load = traffic_ * blocked_;
    free_ = agents_ / (agents_ + load);
    blocked_ = load / (agents_ + load);
  }
  double blocked() const { return blocked_; }

  // Erlang C and its complement. The traffic must be less than the agents.
  double waits() const { return blocked_ / below(); }
  double waits_not() const { return slack() * free_ / below(); }
  int agents() const { return agents_; }
  double excess() const { return agents_ - traffic_; }

 private:
  double slack() const { return excess() / agents_; }
  double below() const { return slack() + traffic_ / agents_ * blocked_; }

  double traffic_;
  double blocked_ = 1, free_ = 0;
  int agents_ = 0;
};

Busy busy(double traffic, int agents) {
  Busy state(traffic);
  for (int i = 0; i < agents; ++i) state.add_agent();
  return state;
}

double within(const Busy& state, double aht_seconds, double threshold_seconds) {
  // 1 - C·e^x is computed as (1 - C) + C·(1 - e^x), which loses no digits if most customers wait.
  const double exponent = aht_seconds > 0 ? -state.excess() * threshold_seconds / aht_seconds : 0;
  return state.waits_not() - state.waits() * std::expm1(exponent);
}

}  // namespace

double erlang_b(double traffic, int agents) {
  return busy(traffic, agents).blocked();
}

double erlang_c(double traffic, int agents) {
  return traffic < agents ? busy(traffic, agents).waits() : 1;
}

std::optional<double> erlang_service_level(const Load& load, int agents, double threshold_seconds) {
  const double traffic = load.traffic();
  if (agents == 0 && traffic == 0) return std::nullopt;
  if (traffic >= agents) return 0;
  return within(busy(traffic, agents), load.aht_seconds, threshold_seconds);
}

std::optional<double> erlang_asa(const Load& load, int agents) {
  const double traffic = load.traffic();
  if (traffic >= agents) return std::nullopt;
  const Busy state = busy(traffic, agents);
  return state.waits() * load.aht_seconds / state.excess();
}

std::optional<int> agents_required(const Load& load, double target, double threshold_seconds) {
  const double traffic = load.traffic();
  if (load.interactions == 0) return 0;
  if (!(traffic < most_agents)) return std::nullopt;
  Busy state(traffic);
  while (state.agents() < most_agents) {
    state.add_agent();
    if (state.excess() > 0 && within(state, load.aht_seconds, threshold_seconds) >= target)
      return state.agents();
  }
  return std::nullopt;
}

}  // namespace cdr
