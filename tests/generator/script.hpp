// Scripted calls: what a contact centre can do with a call, each kind in turn, at ordinary times,
// over midnight, and over both changes of the clock. Instants and durations are drawn, so that no
// two are alike; nothing else is.
//
//   Script script(plan);
//   while (script.next(interaction)) write(interaction);
#pragma once

#include <vector>

#include "contact_center.hpp"

namespace generator {

class Script {
 public:
  // plan.interactions calls; plan.first_day and plan.days say nothing here.
  explicit Script(const Plan& plan);
  bool next(Interaction& call);
  // Nobody is in two calls.
  std::span<const Agent> agents() const { return agents_; }

 private:
  Plan plan_;
  std::uint64_t made_ = 0;
  std::vector<Agent> agents_;
};

}  // namespace generator
