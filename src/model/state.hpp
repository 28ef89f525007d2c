// The states that an interaction, or an agent's side of it, goes through.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace cdr {

enum class State : std::uint8_t { created, ivr, in_queue, waiting, ring, bcw, active, hold, acw };
inline constexpr std::size_t state_count = 9;

struct StateName {
  State state;
  std::string_view name;    // as in state_durations.state
  std::string_view column;  // of interactions and cdr_dialog
  std::string_view doc;
};
inline constexpr std::array<StateName, state_count> states{{
    {State::created, "CREATED", "created_seconds", "seconds from creation to the start of routing"},
    {State::ivr, "IVR", "ivr_seconds",
     "seconds in the IVR: from entering it to entering a queue or to the end"},
    {State::in_queue, "IN_QUEUE", "in_queue_seconds",
     "seconds in a queue until an agent is chosen; cdr_mapping says which of several queues count"},
    {State::waiting, "WAITING", "waiting_seconds",
     "seconds of waiting for the agent, as the vendor defines it (see cdr_mapping); do not compare "
     "it between vendors"},
    {State::ring, "RING", "ring_seconds",
     "seconds of ringing until answered or given up; cdr_mapping says whose telephone, and which "
     "of several"},
    {State::bcw, "BCW", "bcw_seconds",
     "seconds of before-call work: from acceptance to the connection with the customer; NULL if "
     "there was none"},
    {State::active, "ACTIVE", "active_seconds",
     "seconds in conversation with an agent (for a bot's side in cdr_dialog, with the bot). NULL "
     "where there was none, even if the vendor reports 0, and where the vendor does not say"},
    {State::hold, "HOLD", "hold_seconds", "seconds on hold"},
    {State::acw, "ACW", "acw_seconds",
     "seconds of after-call work: from the end of the conversation to its conclusion, which may "
     "come after the interaction's end_time"},
}};
constexpr const StateName& name_of(State state) {
  return states[static_cast<std::size_t>(state)];
}
// Finds a state by name, case-insensitively; nullopt if unknown.
std::optional<State> state_named(std::string_view name);

// The basis of a figure. In documentation, `not_provided` marks a column for which the vendor
// provides nothing.
enum class Basis : std::uint8_t {
  reported,  // the vendor's own figure
  measured,  // the difference of two events of the vendor
  derived,   // our reading, with the reason next to it
  not_provided,
};
inline constexpr std::array<std::string_view, 4> basis_names{"reported", "measured", "derived",
                                                             "not provided"};
constexpr std::string_view name_of(Basis basis) {
  return basis_names[static_cast<std::size_t>(basis)];
}

// One state of one interaction or agent. A figure without instants (a reported duration) has
// neither start nor end.
struct StateSpan {
  double seconds = 0;
  Basis basis = Basis::reported;
  std::optional<Instant> start, end;
};

// The spans by state. A state is absent if the vendor does not provide it.
class StateSpans {
 public:
  std::optional<StateSpan>& operator[](State state) {
    return spans_[static_cast<std::size_t>(state)];
  }
  const std::optional<StateSpan>& operator[](State state) const {
    return spans_[static_cast<std::size_t>(state)];
  }
  std::optional<double> seconds(State state) const {
    const auto& span = (*this)[state];
    return span ? std::optional(span->seconds) : std::nullopt;
  }
  // Handle time: active + hold + after-call work. Unknown hold and after-call work count as 0.
  // nullopt if there is no active time.
  std::optional<double> handle_seconds() const;

 private:
  std::array<std::optional<StateSpan>, state_count> spans_{};
};

}  // namespace cdr
