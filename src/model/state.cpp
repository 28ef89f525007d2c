#include "model/state.hpp"

#include "core/text.hpp"

namespace cdr {

std::optional<State> state_named(std::string_view name) {
  for (const StateName& each : states)
    if (equal_ignoring_case(each.name, name)) return each.state;
  return std::nullopt;
}

std::optional<double> StateSpans::handle_seconds() const {
  const auto active = seconds(State::active);
  if (!active) return std::nullopt;
  return round_to_ms(*active + seconds(State::hold).value_or(0) + seconds(State::acw).value_or(0));
}

}  // namespace cdr
