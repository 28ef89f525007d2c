// Scripted calls: everything that a contact centre can do with a call, each kind in turn, at
// ordinary times, over midnight, and over both changes of the clock. Only instants and durations
// are random, so that no two calls are alike.
//
//   Script script(plan);
//   while (script.next(interaction)) write(interaction);
#pragma once

#include <vector>

#include "contact_center.hpp"

namespace generator {

class Script {
 public:
  // Makes plan.interactions calls; plan.first_day and plan.days have no effect here.
  explicit Script(const Plan& plan);
  bool next(Interaction& call);
  // No agent is in two calls.
  std::span<const Agent> agents() const { return agents_; }

 private:
  Plan plan_;
  std::uint64_t made_ = 0;
  std::vector<Agent> agents_;
};

}  // namespace generator
