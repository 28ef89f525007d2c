// Erlang's formulas: the number of agents that a load needs, and the time that customers wait for a
// given number of agents.
//
//   traffic A = interactions · aht / interval, in erlangs: the number of conversations at a time.
//
// All of them are recursions over the number of agents in which no term grows, so they are exact to
// about 1e-12 up to most_agents.
#pragma once

#include <optional>

namespace cdr {

inline constexpr int most_agents = 1'000'000;

// The share of calls that find all agents busy, if no caller waits.
double erlang_b(double traffic, int agents);
// The share of calls that must wait, if all callers wait and none leaves; 1 unless there are more
// agents than traffic.
double erlang_c(double traffic, int agents);

// The work that arrives in an interval.
struct Load {
  double interactions, interval_seconds, aht_seconds;
  double traffic() const { return interactions * (aht_seconds / interval_seconds); }
};

// The share of interactions answered within the threshold; 0 if the queue grows without end.
// nullopt: there are neither interactions nor agents.
std::optional<double> erlang_service_level(const Load& load, int agents, double threshold_seconds);
// The seconds that an interaction waits on average; nullopt if the queue grows without end.
std::optional<double> erlang_asa(const Load& load, int agents);
// The smallest number of agents with which at least the share `target` is answered within the
// threshold; 0 if there are no interactions. nullopt: more than most_agents.
std::optional<int> agents_required(const Load& load, double target, double threshold_seconds);

}  // namespace cdr
