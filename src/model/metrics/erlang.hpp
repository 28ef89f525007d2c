// Erlang's formulas: how many agents a load needs, and how long customers wait for a given number.
//
//   traffic A = interactions · aht / interval, in erlangs: how many conversations go on at a time.
//
// All of them are recursions over the number of agents in which no term grows, so they are exact to
// about 1e-12 up to most_agents.
#pragma once

#include <optional>

namespace cdr {

inline constexpr int most_agents = 1'000'000;

// The share of calls that finds all agents busy, if nobody waits.
double erlang_b(double traffic, int agents);
// The share of calls that must wait, if everybody waits and nobody leaves; 1 unless there are more
// agents than traffic.
double erlang_c(double traffic, int agents);

// The work to do, and how long it may wait.
struct Load {
  double interactions, interval_seconds, aht_seconds;
  double traffic() const { return interactions * (aht_seconds / interval_seconds); }
};

// The share answered within the threshold; 0 if the queue grows without end. nullopt: there are
// neither interactions nor agents.
std::optional<double> erlang_service_level(const Load& load, int agents, double threshold_seconds);
// Seconds that an interaction waits on average; nullopt if the queue grows without end.
std::optional<double> erlang_asa(const Load& load, int agents);
// The fewest agents with which at least `target` is answered within the threshold; 0 for no
// interactions. nullopt: more than most_agents.
std::optional<int> agents_required(const Load& load, double target, double threshold_seconds);

}  // namespace cdr
