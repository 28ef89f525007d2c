// Erlang's formulas: how many agents a load needs, and how long people wait with fewer or more.
//
//   traffic A = interactions · aht / interval, in erlangs: how many conversations go on at a time.
//
// All of them are recursions over the number of agents in which nothing grows, so they are exact to
// about 1e-12 up to the most agents that are taken.
#pragma once

#include <optional>

namespace cdr {

inline constexpr int most_agents = 1'000'000;

// The share that finds all agents busy where nobody waits.
double erlang_b(double traffic, int agents);
// The share that must wait, where all wait and none leaves; 1 where there are not more agents than
// traffic.
double erlang_c(double traffic, int agents);

// What there is to do, and how long it may wait.
struct Load {
  double interactions, interval_seconds, aht_seconds;
  double traffic() const { return interactions * (aht_seconds / interval_seconds); }
};

// The share answered within the threshold; 0 where the queue grows without end. nullopt: there is
// nothing to answer and nobody to do it.
std::optional<double> erlang_service_level(const Load& load, int agents, double threshold_seconds);
// Seconds that an interaction waits on average; nullopt where the queue grows without end.
std::optional<double> erlang_asa(const Load& load, int agents);
// The fewest agents with which at least `target` is answered within the threshold; 0 for no
// interactions. nullopt: more than most_agents.
std::optional<int> agents_required(const Load& load, double target, double threshold_seconds);

}  // namespace cdr
