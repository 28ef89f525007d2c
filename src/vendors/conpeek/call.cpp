#include "vendors/conpeek/call.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/text.hpp"
#include "core/word.hpp"
#include "model/spans.hpp"
#include "vendors/cause.hpp"

namespace cdr::conpeek_api {
namespace {

// Sorts by an instant. Sides without one come last, and ties keep their order.
template <class When>
void sort_by(std::vector<const Side*>& sides, const When& when) {
  std::stable_sort(sides.begin(), sides.end(), [&](const Side* a, const Side* b) {
    const auto x = when(*a);
    const auto y = when(*b);
    return x && (!y || *x < *y);
  });
}

std::optional<StateSpan> first_span(const Call& call,
                                    std::optional<StateSpan> (*span)(const Side&)) {
  return call.first(span);
}

// In an outbound call the customer's telephone rings; the agent's is often answered automatically.
// Between colleagues, the called one's telephone rings. In an inbound call the side that answered
// counts; without one, the agent's side that rang last; otherwise any side.
std::optional<StateSpan> ring_of(const Call& call) {
  if (call.direction() == "OUTBOUND" && call.customer() != nullptr)
    if (const auto span = ringing(*call.customer())) return span;
  if (call.direction() == "INTERNAL")
    for (const Side* side : call.called_agents())
      if (const auto span = ringing(*side)) return span;
  if (call.served_agents() > 0) return ringing(*call.agents().front());
  std::optional<StateSpan> last;
  for (const Side* side : call.all_agents())
    if (const auto span = ringing(*side); span && (!last || *span->start >= *last->start))
      last = span;
  return last ? last : first_span(call, ringing);
}

std::optional<StateSpan> preparation_of(const Call& call) {
  if (call.served_agents() > 0) return before_conversation(*call.agents().front());
  return call.all_agents().empty() ? first_span(call, before_conversation) : std::nullopt;
}

// The time in which at least one side was in conversation; absent unless every side has instants.
std::optional<StateSpan> united(std::span<const Side* const> sides) {
  std::vector<Spell> conversations;
  for (const Side* side : sides) {
    if (!side->serve || !side->hangup || *side->hangup < *side->serve) return std::nullopt;
    conversations.push_back({*side->serve, *side->hangup});
  }
  return covered(std::move(conversations), Basis::derived);
}

bool overlap(std::span<const Side* const> sides) {
  std::optional<Instant> end;
  for (const Side* side : sides) {  // by serve_time
    if (end && side->serve && *side->serve < *end) return true;
    if (side->hangup && (!end || *side->hangup > *end)) end = side->hangup;
  }
  return false;
}

}  // namespace

// The customer talks once, however many agents do, so the customer's figure is the interaction's,
// unless it includes time with a bot.
Active active_of(const Call& call) {
  if (call.customer() != nullptr && !call.customer_met_machine())
    if (auto span = conversation(*call.customer())) return {span, ActiveFrom::customer};
  std::vector<const Side*> talking;
  for (const Side* side : call.agents())
    if (conversation(*side)) talking.push_back(side);
  if (talking.size() == 1) return {conversation(*talking.front()), ActiveFrom::one_agent};
  if (overlap(talking))
    if (auto span = united(talking)) return {span, ActiveFrom::unity};
  double seconds = 0;
  for (const Side* side : talking) seconds += conversation(*side)->seconds;
  if (!talking.empty())
    return {StateSpan{round_to_ms(seconds), Basis::derived, {}, {}}, ActiveFrom::sum};
  return {};
}

namespace {

constexpr StateMapping<Call> interaction_states[] = {
    {State::created, Basis::derived,
     "alert_time - start_time of the customer's side (EXTERNAL), without that side of the one that "
     "began first: the vendor has no such state, and the agents' sides begin later than the "
     "interaction",
     [](const Call& call) {
       const Side& side = call.customer() != nullptr ? *call.customer() : *call.sides().front();
       return measured(side.start, side.alert, Basis::derived);
     }},
    {State::in_queue, Basis::reported,
     "first_queue_waiting_time of the first side that gives it, in this order: the customer's, an "
     "agent's, another; never added up, since each side reports the same wait",
     [](const Call& call) {
       return call.first(
           [&](const Side& side) { return queueing(side, call.room_for_wait(side)); });
     }},
    {State::waiting, Basis::reported,
     "waiting_time of the first side that gives it, in this order: the customer's, an agent's, "
     "another",
     [](const Call& call) {
       return call.first([&](const Side& side) { return waiting(side, call.room_for_wait(side)); });
     }},
    {State::ring, Basis::measured,
     "for OUTBOUND that of the customer's side, for INTERNAL that of the called side; for others, "
     "or if that side did not ring, that of the agent's side that was first in conversation, "
     "otherwise of the agent's side that rang last, otherwise of the customer's side, otherwise of "
     "another side",
     ring_of},
    {State::bcw, Basis::derived,
     "that of the agent's side that was first in conversation; without an agent's side, that of "
     "another side",
     preparation_of},
    {State::active, Basis::reported,
     "talking_time of the customer's side, NULL where there was no conversation; where it is not "
     "given, or began with a bot or a machine, the sum over agents' sides, or, if these overlap, "
     "the time covered by their serve_time to hangup_time (both derived). Conversation with only a "
     "bot does not count: see its cdr_dialog row",
     [](const Call& call) { return active_of(call).span; }},
};

std::string_view by_cause(const Call& call) {
  for (const std::string_view key : {"hangup_cause", "end_cause"})
    if (const auto outcome = outcome_of_cause(call.at_the_end(key)); !outcome.empty())
      return outcome;
  return "OTHER";
}

// An internal call has no customer. Its outcome is the reason why the called colleague did not
// answer.
std::string_view internal_outcome(const Call& call) {
  for (const Side* side : call.called_agents())
    for (const std::string_view key : {"hangup_cause", "end_cause"})
      if (const auto outcome = outcome_of_cause(side->text(key)); !outcome.empty()) return outcome;
  return by_cause(call);
}

bool rings(const Side& side) {
  return side.party == Party::agent && side.rings_from();
}
bool served_by_bot(const Side& side) {
  return side.party == Party::bot && side.served();
}

// True if a bot served until the end and no agent came after it: neither a wait in the queue that
// there was time for, nor an agent's telephone that began to ring.
bool kept_by_bot(const Call& call) {
  const std::int64_t waited_us =
      std::llround(call.states().seconds(State::in_queue).value_or(0) * 1e6);
  const auto sides = call.sides();
  std::optional<Instant> last_ringing;
  for (const Side* side : sides)
    if (rings(*side)) last_ringing = std::max(last_ringing, side->rings_from());
  return std::any_of(sides.begin(), sides.end(), [&](const Side* bot) {
    if (!served_by_bot(*bot) || !call.lasted(*bot)) return false;
    if (waited_us > 0 && waited_us <= call.rest_behind_us(*bot) + tolerance_us) return false;
    return !(bot->hangup && last_ringing && *last_ringing >= *bot->hangup);
  });
}

// An agent or bot that left before the end left the caller waiting.
std::string_view inbound_outcome(const Call& call) {
  const auto any = [&](bool (*holds)(const Side&), bool at_the_end) {
    const auto sides = call.sides();
    return std::any_of(sides.begin(), sides.end(), [&](const Side* side) {
      return holds(*side) && (!at_the_end || call.lasted(*side));
    });
  };
  if (kept_by_bot(call)) return "SELF_SERVICE";
  if (any(rings, true)) return "ABANDONED_IN_RING";
  if (call.states().seconds(State::in_queue).value_or(0) > 0) return "ABANDONED_IN_QUEUE";
  if (any(rings, false)) return "ABANDONED_IN_RING";
  return any(served_by_bot, false) ? "OTHER" : by_cause(call);
}

std::string_view find_outcome(const Call& call) {
  if (call.direction() == "OUTBOUND" && call.machine_told_by_agent()) return "MACHINE";
  if (call.served_agents() > 0) return "ANSWERED";
  if (call.customer_met_agent()) return "ANSWERED";
  const auto sides = call.sides();
  if (std::none_of(sides.begin(), sides.end(), [](const Side* side) { return side->ended(); }))
    return "";
  if (call.direction() == "INBOUND") return inbound_outcome(call);
  if (call.direction() == "INTERNAL") return internal_outcome(call);
  if (call.machine_detected()) return "MACHINE";
  if (kept_by_bot(call)) return "SELF_SERVICE";
  const std::string_view why = by_cause(call);
  // If the cause says only that the call is over, the telephone rang until then.
  const bool rang = call.customer() != nullptr && call.customer()->rings_from() &&
                    !call.customer()->answer && !call.customer()->served();
  return why == "OTHER" && rang ? "NO_ANSWER" : why;
}

}  // namespace

Call::Call(std::span<const Record> records) {
  storage_.reserve(records.size());
  for (const Record& record : records) storage_.emplace_back(record);
  for (const Side& side : storage_) by_start_.push_back(&side);
  std::sort(by_start_.begin(), by_start_.end(),
            [](const Side* a, const Side* b) { return a->id < b->id; });
  // If the sides of colleagues began in the same second, the caller comes first.
  if (is_internal())
    std::stable_partition(by_start_.begin(), by_start_.end(), [](const Side* side) {
      return side->party == Party::agent && side->direction() == "OUTBOUND";
    });
  sort_by(by_start_, [](const Side& side) { return side.start; });
  choose_agents();
  choose_customer();
  for (const Party party : {Party::customer, Party::agent, Party::bot, Party::other})
    for (const Side* side : by_start_)
      if (side->party == party && side != customer_) by_rank_.push_back(side);
  if (customer_ != nullptr) by_rank_.insert(by_rank_.begin(), customer_);
  direction_ = find_direction();
  states_ = spans_of(interaction_states, *this);
  outcome_ = find_outcome(*this);
  if (outcome_ == "MACHINE")
    states_[State::active].reset();  // talking to an answering machine is not a conversation
  forget_zeros(states_, outcome_ == "ANSWERED");
}

void Call::choose_customer() {
  const auto earlier = [](std::optional<Instant> a, std::optional<Instant> b) {
    return a && (!b || *a < *b);
  };
  for (const Side* side : by_start_) {
    if (last_to_end_ == nullptr ||
        (side->hangup && (!last_to_end_->hangup || *last_to_end_->hangup < *side->hangup)))
      last_to_end_ = side;
    if (side->party != Party::customer) continue;
    if (customer_ == nullptr || earlier(side->serve, customer_->serve)) customer_ = side;
  }
  if (customer_ != nullptr || !all_agents_.empty()) return;
  for (const Side* side : by_start_)
    if (customer_ == nullptr && side->text("dialog_type").empty()) customer_ = side;
}

std::string_view Call::at_the_end(std::string_view key) const {
  const std::string_view given = customer_ != nullptr ? customer_->text(key) : "";
  return given.empty() ? last_to_end_->text(key) : given;
}

std::optional<Instant> Call::end_time() const {
  return last_to_end_->hangup;
}

std::int64_t Call::rest_behind_us(const Side& side) const {
  const Side& whole = customer_ != nullptr && customer_->hangup ? *customer_ : *last_to_end_;
  return side.hangup && whole.hangup ? whole.hangup->us - side.hangup->us : 0;
}
bool Call::lasted(const Side& side) const {
  return rest_behind_us(side) <= tolerance_us;
}

std::optional<double> Call::room_for_wait(const Side& side) const {
  if (side.party == Party::customer) return side.length();
  if (customer_ == nullptr || customer_->party != Party::customer || !customer_->length())
    return std::nullopt;
  const auto whole = measured(by_start_.front()->start, end_time());
  return whole ? std::optional(whole->seconds) : std::nullopt;
}

void Call::choose_agents() {
  for (const Side* side : by_start_)
    if (side->party == Party::agent) all_agents_.push_back(side);
  for (const Side* side : all_agents_)
    if (side->served()) agents_.push_back(side);
  served_agents_ = agents_.size();
  if (served_agents_ == 0) agents_ = all_agents_;
  sort_by(agents_, [](const Side& side) { return side.served() ? side.serve : side.offered(); });
}

bool Call::machine_detected() const {
  return std::any_of(by_start_.begin(), by_start_.end(), [](const Side* side) {
    return boolean_of(side->root["machine_detected"]).value_or(false);
  });
}

bool Call::machine_told_by_agent() const {
  return std::any_of(by_start_.begin(), by_start_.end(), [](const Side* side) {
    return boolean_of(side->root["machine_detected"]).value_or(false) &&
           same_word(side->text("machine_detected_type"), "MANUAL");
  });
}

bool Call::customer_met_machine() const {
  if (customer_ == nullptr || !customer_->served()) return false;
  if (served_agents_ == 0 && machine_detected()) return true;
  return std::any_of(by_start_.begin(), by_start_.end(), [&](const Side* side) {
    if (side->party != Party::bot || !side->served()) return false;
    return !customer_->serve || !side->hangup || *customer_->serve < *side->hangup;
  });
}

// A talking time of 0 means that there was no conversation, even if one seems to have begun.
bool Call::customer_met_agent() const {
  return customer_ != nullptr && customer_->served() && customer_->talking_ms.value_or(1) != 0 &&
         !customer_met_machine();
}

// A call between colleagues: the sides of two or more users, and otherwise only a shared screen or
// the system, neither of which is a party.
bool Call::is_internal() const {
  std::size_t users = 0;
  for (const Side* side : by_start_) {
    const std::string_view type = side->text("dialog_type");
    if (same_word(type, "TENANT_USER"))
      ++users;
    else if (!same_word(type, "SCREENSHARE_DIALOG") && !same_word(type, "SYSTEM"))
      return false;
  }
  return users > 1;
}

// The direction of the customer's side; without it, the one that most sides give, and on a tie the
// earlier side's.
std::string_view Call::find_direction() const {
  if (is_internal()) return "INTERNAL";
  if (customer_ != nullptr)
    if (const auto given = customer_->direction(); !given.empty()) return given;
  std::map<std::string_view, std::size_t> counts;
  for (const Side* side : by_start_) ++counts[side->direction()];
  std::string_view best;
  for (const Side* side : by_start_) {
    const std::string_view given = side->direction();
    if (!given.empty() && (best.empty() || counts[given] > counts[best])) best = given;
  }
  return best;
}

// A side without an agent's id counts as an agent of its own.
std::size_t Call::agent_count() const {
  std::set<std::pair<std::string_view, std::string_view>> agents;
  for (const Side* side : all_agents_) {
    const std::string_view id = side->agent_id();
    agents.insert(id.empty() ? std::pair(id, side->id) : std::pair(id, std::string_view()));
  }
  return agents.size();
}

std::optional<Instant> answer_time(const Call& call) {
  if (call.outcome() == "MACHINE") return std::nullopt;
  if (call.served_agents() > 0 && call.agents().front()->serve) return call.agents().front()->serve;
  return call.customer_met_agent() ? call.customer()->serve : std::nullopt;
}

void document_interaction_states(std::vector<MappingDoc>& docs) {
  document_states(Model::interactions, interaction_states, docs);
}

}  // namespace cdr::conpeek_api
