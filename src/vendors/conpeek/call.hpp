// A call of Conpeek: the sides that name each other in linked_dialogs, as one interaction.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "json/document/record.hpp"
#include "model/state.hpp"
#include "vendors/conpeek/dialog.hpp"
#include "vendors/mapping.hpp"

namespace cdr::conpeek_api {

class Call {
 public:
  explicit Call(std::span<const Record> records);

  std::span<const Side* const> sides() const { return by_start_; }
  // The EXTERNAL side that was first in conversation; if none was, the first EXTERNAL side. If
  // there is no agent's side either, a side without a type. Null: none of these is in the input.
  const Side* customer() const { return customer_; }
  // Agents' sides in conversation, by serve_time; without any, those offered, by Side::offered().
  std::span<const Side* const> agents() const { return agents_; }
  std::size_t served_agents() const { return served_agents_; }
  const StateSpans& states() const { return states_; }
  std::string_view direction() const { return direction_; }
  std::string_view outcome() const { return outcome_; }
  // From the customer's side; without it, from the side that ended last.
  std::string_view at_the_end(std::string_view key) const;
  // The latest end of a side.
  std::optional<Instant> end_time() const;
  // Whether a side lasted as long as the call did for the customer.
  bool lasted(const Side& side) const;
  // How much of the call came after the side's end.
  std::int64_t rest_behind_us(const Side& side) const;
  // The longest wait that a side can report, in seconds: the customer's side its own length, other
  // sides the interaction's. nullopt if no customer's side shows how long that was.
  std::optional<double> room_for_wait(const Side& side) const;
  // True if any side says so.
  bool machine_detected() const;
  // A machine answered, and an agent who heard it reported it.
  bool machine_told_by_agent() const;
  // The customer's conversation began with a bot or a machine, and not with an agent.
  bool customer_met_machine() const;
  // The customer's conversation began with an agent, even if the agent's side is not in the input
  // or does not say so.
  bool customer_met_agent() const;
  std::size_t agent_count() const;
  std::span<const Side* const> all_agents() const { return all_agents_; }
  // In a call between colleagues: all agents but the caller. Empty if no side is a user's.
  std::span<const Side* const> called_agents() const {
    return all_agents().last(all_agents_.empty() ? 0 : all_agents_.size() - 1);
  }
  // The value of the first side that has one: the customer's, then agents', then others.
  template <class Get>
  std::invoke_result_t<const Get&, const Side&> first(const Get& get) const {
    for (const Side* side : by_rank_)
      if (auto found = get(*side); !is_empty(found)) return found;
    return {};
  }

 private:
  static bool is_empty(std::string_view text) { return text.empty(); }
  template <class T>
  static bool is_empty(const std::optional<T>& value) {
    return !value;
  }
  void choose_customer();
  void choose_agents();
  bool is_internal() const;
  std::string_view find_direction() const;

  std::vector<Side> storage_;
  std::vector<const Side*> by_start_, by_rank_, all_agents_, agents_;
  std::size_t served_agents_ = 0;
  const Side* customer_ = nullptr;
  const Side* last_to_end_ = nullptr;
  std::string_view direction_, outcome_;
  StateSpans states_;
};

// When the conversation with an agent began.
std::optional<Instant> answer_time(const Call& call);

// The origin of the figure of ACTIVE.
enum class ActiveFrom : std::uint8_t { nothing, customer, one_agent, sum, unity };
struct Active {
  std::optional<StateSpan> span;
  ActiveFrom from = ActiveFrom::nothing;
};

Active active_of(const Call& call);

void document_interaction_states(std::vector<MappingDoc>& docs);

// How Call::outcome() is found.
inline constexpr std::string_view outcome_doc =
    "MACHINE when machine_detected_type is MANUAL in an OUTBOUND interaction, because the agent "
    "heard the machine. ANSWERED when an agent's side (CONSULTANT, TENANT_USER) has serve_time or "
    "talking_time > 0, or the customer's side has, but not with a bot or a machine: then the "
    "agent's side is not in the input. Otherwise, for INBOUND, in this order: SELF_SERVICE when a "
    "bot served until the end, with no ringing and no waiting after it; ABANDONED_IN_RING when an "
    "agent's side alerted until the end; ABANDONED_IN_QUEUE when first_queue_waiting_time > 0; "
    "ABANDONED_IN_RING when an agent's side alerted before; OTHER when a bot served before; by "
    "cause. Otherwise MACHINE when machine_detected; SELF_SERVICE when a bot served until the end; "
    "by cause. An abandonment before the queue cannot be recognised, so it is OTHER. By cause: "
    "hangup_cause, otherwise end_cause, as a Q.850 code or FreeSWITCH's name of one: NO_ANSWER, "
    "BUSY, REJECTED, UNREACHABLE (unallocated or changed numbers, absent subscribers, destinations "
    "out of order), FAILED (the network's other causes); any other cause gives NO_ANSWER where the "
    "customer's telephone rang (not INBOUND), otherwise OTHER. NULL when no side says that it "
    "ended";

}  // namespace cdr::conpeek_api
