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

// The agents' side that began first has the project that the caller waited for; without one any.
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

namespace {

std::optional<Instant> entered_before(const Call& call, std::optional<Instant> left) {
  const auto& wait = call.states()[State::in_queue];
  return left && wait ? plus_seconds(*left, -wait->seconds) : std::nullopt;
}
// An instant has one second, the wait one millisecond.
bool is_before_start(const Call& call, std::optional<Instant> at) {
  const auto start = call.sides().front()->start;
  return at && start && at->us + tolerance_us < start->us;
}

// When the telephone began to ring that was answered, or that rang until the caller left. If the
// caller waited for longer than that allows, it stopped ringing just before the end.
std::optional<Instant> taken_from_queue(const Call& call) {
  if (call.served_agents() > 0) return Offer{.side = call.agents().front(), .outcome = {}}.from();
  if (call.customer_met_agent()) return call.customer()->serve;
  std::optional<Instant> first;
  for (const Side* side : call.all_agents())
    if (const auto from = side->rings_from(); from && call.lasted(*side))
      first = std::min(first.value_or(*from), *from);
  return first && !is_before_start(call, entered_before(call, first)) ? first : end_time(call);
}

std::optional<Instant> first_alert(const Call& call) {
  std::optional<Instant> first;
  for (const Side* side : call.all_agents())
    if (side->alert) first = std::min(first.value_or(*side->alert), *side->alert);
  return first;
}

}  // namespace

// Who was asked in vain does not end the wait. But nobody is asked before the caller is there: a
// wait that is too short for that is one until the first of them was asked.
std::optional<Instant> dequeue_time(const Call& call) {
  const auto left = taken_from_queue(call), first = first_alert(call);
  const auto entered = entered_before(call, left);
  const bool is_too_short = entered && first && entered->us > first->us + tolerance_us;
  return is_too_short ? first : left;
}
std::optional<Instant> enqueue_time(const Call& call) {
  const auto start = call.sides().front()->start;
  auto entered = entered_before(call, dequeue_time(call));
  if (!entered || !start || is_before_start(call, entered)) return std::nullopt;
  if (const auto first = first_alert(call)) entered = std::min(*entered, *first);
  return std::max(*entered, *start);
}
bool was_abandoned(const Call& call) {
  return call.outcome().starts_with("ABANDONED");
}

namespace {

// As the side's, save where its cause does not say why the ringing ended, and the other sides do.
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
  const auto end = end_time(call);
  return call.served_agents() == 0 && end && end->us <= until ? "CANCELLED" : own;
}

}  // namespace

namespace {

// Going out, an agent dials, and is asked nothing. Whose telephone rings once the customer is there
// is asked: by a dialler that calls ahead, or by a colleague.
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

std::optional<double> rung_for_visit(const Call& call, std::optional<Instant> until) {
  std::int64_t us = 0;
  std::optional<Instant> end;
  for (const Offer& offer : offers_of(call)) {  // by offer_time
    const auto from = offer.from();
    auto to = offer.to();
    if (!offer.of_visit || !from || !to) continue;
    if (until) to = std::min(*to, *until);
    if (*to < *from) continue;
    us += std::max<std::int64_t>(0, to->us - std::max(*from, end.value_or(*from)).us);
    end = std::max(*to, end.value_or(*to));
  }
  return end ? std::optional(seconds_between(Instant{0}, Instant{us})) : std::nullopt;
}

std::optional<double> wait_alone(const Call& call) {
  const auto wait = call.states().seconds(State::in_queue);
  const auto left = dequeue_time(call);
  if (!wait || !left) return wait;
  return round_to_ms(std::max(0.0, *wait - rung_for_visit(call, left).value_or(0)));
}

}  // namespace cdr::conpeek_api
