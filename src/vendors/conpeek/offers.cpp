#include "vendors/conpeek/offers.hpp"

#include <algorithm>
#include <limits>

#include "vendors/cause.hpp"

namespace cdr::conpeek_api {

bool visited_queue(const Call& call) {
  const auto& queue = call.states()[State::in_queue];
  return queue && queue->seconds > 0;
}

namespace {

// The side that has the project that the caller waited for: the agents' side with a project that
// began first (or last, with `last`); without one, any side.
const Side* project_side(const Call& call, bool last) {
  const Side* found = nullptr;
  for (const Side* side : call.all_agents())
    if (side->root["project"].is_object() && (found == nullptr || last)) found = side;
  if (found != nullptr) return found;
  for (const Side* side : call.sides())
    if (side->root["project"].is_object() && found == nullptr) found = side;
  return found;
}

}  // namespace

std::string_view project_of(const Call& call, std::string_view key, bool last) {
  const Side* const side = project_side(call, last);
  return side != nullptr ? word_of(side->root["project"][key]) : "";
}

// The wait ended when the first agent was asked, and at the latest with the answer; if there was
// neither, it ended with the call. The length of the wait is reported, so the beginning follows
// from the end.
std::optional<Instant> dequeue_time(const Call& call) {
  std::optional<Instant> left = answer_time(call);
  for (const Side* side : call.all_agents())
    if (const auto asked = side->offered(); asked && (!left || *asked < *left)) left = asked;
  return left ? left : call.end_time();
}
std::optional<Instant> enqueue_time(const Call& call) {
  const auto left = dequeue_time(call);
  const auto& wait = call.states()[State::in_queue];
  const auto start = call.sides().front()->start;
  if (!left || !wait || !start) return std::nullopt;
  const auto entered = plus_seconds(*left, -wait->seconds);
  // Instants have a precision of one second, the wait of one millisecond.
  if (!entered || entered->us + tolerance_us < start->us) return std::nullopt;
  return std::max(*entered, *start);
}
bool was_abandoned(const Call& call) {
  return call.outcome().starts_with("ABANDONED");
}

namespace {

// The side's outcome, unless its cause does not say why the ringing ended, and the other sides do.
std::string_view offer_outcome(const Call& call, const Side& side) {
  const std::string_view own = outcome_of(side);
  if (own != "NO_ANSWER" || !side.hangup) return own;
  for (const std::string_view key : {"hangup_cause", "end_cause"})
    if (!outcome_of_cause(side.text(key)).empty()) return own;
  const std::int64_t until = side.hangup->us + tolerance_us;
  for (const Side* other : call.all_agents())
    if (other != &side && other->serve && side.offered() && *side.offered() <= *other->serve &&
        other->serve->us <= until && other->offered() && *other->offered() < *side.hangup)
      return "CANCELLED";
  const auto end = call.end_time();
  return call.served_agents() == 0 && end && end->us <= until ? "CANCELLED" : own;
}

}  // namespace

namespace {

// In an outbound call the agent dials, and is not asked. An agent whose telephone rings when the
// customer is already there is asked, by a dialler that calls ahead or by a colleague.
bool is_asked(const Call& call, const Side& side) {
  if (call.direction() == "INTERNAL") return &side != call.all_agents().front();
  if (call.direction() != "OUTBOUND") return true;
  const Side* customer = call.customer();
  if (customer == nullptr) return false;
  const auto there = customer->answer ? customer->answer : customer->serve;
  const auto asked = side.offered();
  return there && asked && *asked >= *there;
}

}  // namespace

std::vector<Offer> offers_of(const Call& call) {
  std::vector<Offer> offers;
  for (const Side* side : call.all_agents())
    if (is_asked(call, *side)) offers.push_back({side, false, 0, offer_outcome(call, *side)});
  std::stable_sort(offers.begin(), offers.end(), [](const Offer& a, const Offer& b) {
    const auto x = a.from(), y = b.from();
    return x && (!y || *x < *y);
  });
  constexpr Instant never{std::numeric_limits<std::int64_t>::max()};
  const Instant served =
      call.served_agents() > 0 ? call.agents().front()->serve.value_or(never) : never;
  for (Offer& offer : offers) {
    offer.number = &offer - offers.data() + 1;
    offer.of_visit = visited_queue(call) && offer.from().value_or(served) <= served;
  }
  return offers;
}

}  // namespace cdr::conpeek_api
