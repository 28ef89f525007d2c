// The queue of a call (its project is taken for the queue), and the agents who were asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "vendors/conpeek/call.hpp"

namespace cdr::conpeek_api {

// Whether a wait was reported; 0 is not a visit.
bool visited_queue(const Call& call);
// A member of the project that the caller waited for: from the first agents' side that has one, or
// from the last; without agents, from any side.
std::string_view project_of(const Call& call, std::string_view key, bool last = false);
std::optional<Instant> enqueue_time(const Call& call);
std::optional<Instant> dequeue_time(const Call& call);
bool was_abandoned(const Call& call);

// An agent's side, as an offer to that agent.
struct Offer {
  const Side* side;
  bool of_visit = false;
  std::int64_t number = 0;
  std::string_view outcome;

  std::optional<Instant> from() const { return side->offered(); }
  std::optional<Instant> to() const { return side->serve ? side->serve : side->hangup; }
};

// In order of time. An agent who dials is not asked: the agent of an outbound call, and the caller
// in a call between colleagues.
std::vector<Offer> offers_of(const Call& call);

}  // namespace cdr::conpeek_api
