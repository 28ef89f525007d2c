// mluvii's mapping into the model: every column with its basis and the vendor's fields behind it.
//
// Differences of instants that the FAQ defines are `measured`; `length` and `waited` are
// `reported`; our own reading is `derived`, and gives the reason. A negative difference is not a
// duration: the column is NULL, and `mapping` names the state (except for BCW, where the FAQ itself
// says so).
//
// HOLD comes from the activities OnHold and ResumeGuest. The vendor does not say whether `length`
// includes that time: ACTIVE is `length` unchanged, and handle_seconds adds HOLD as it does for
// every vendor.
#include "vendors/mluvii/mapping.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_set>

#include "core/text.hpp"
#include "core/word.hpp"
#include "vendors/contradiction.hpp"
#include "vendors/mluvii/session.hpp"
#include "vendors/vendor.hpp"

namespace cdr::mluvii_api {
namespace {

// --- Small tools -------------------------------------------------------------------------------

std::string_view lower_text(std::string_view text, Arena& arena) {
  char* kept = arena.allocate(text.size());
  std::transform(text.begin(), text.end(), kept, lower);
  return {kept, text.size()};
}

std::string number_text(double seconds) {
  const auto ms = static_cast<std::int64_t>(seconds * 1000 + (seconds < 0 ? -0.5 : 0.5));
  std::string text = ms < 0 ? "-" : "";
  text += std::to_string(ms < 0 ? -ms / 1000 : ms / 1000);
  std::string fraction = std::to_string(1000 + (ms < 0 ? -ms : ms) % 1000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? text : text + '.' + fraction;
}

// --- States ------------------------------------------------------------------------------------

std::optional<StateSpan> faq(const Session& session, State state,
                             std::string_view request_id = {}) {
  const Ends ends = session.ends(state, request_id);
  if (state == State::bcw && ends.from == ends.to) return std::nullopt;
  return measured(ends.from, ends.to);
}

// A session for which no operator was chosen was only in its groups' queues.
std::optional<StateSpan> session_in_queue(const Session& session) {
  if (session.first(Activity::assigned_to_operator)) return faq(session, State::in_queue);
  std::vector<Spell> spells;
  for (const Visit& visit : session.visits)
    if (visit.entered && visit.left && *visit.entered <= *visit.left)
      spells.push_back({*visit.entered, *visit.left});
  return covered(std::move(spells), Basis::measured);
}

// Whether a reported duration of the session is possible for it.
bool is_possible(std::optional<double> seconds, const Session& session) {
  return seconds && *seconds >= 0 && fits(*seconds, session.call_seconds());
}

// NULL if there was no conversation.
std::optional<StateSpan> session_active(const Session& session) {
  if (!is_possible(session.length, session)) return std::nullopt;
  if (*session.length == 0 && session.outcome != "ANSWERED") return std::nullopt;
  return reported(session.length);
}

std::optional<double> session_waited(const Session& session) {
  return is_possible(session.waited, session) ? session.waited : std::nullopt;
}

constexpr StateMapping<Session> session_states[] = {
    {State::created, Basis::measured, "First(RoutingRequestCreated) - created",
     [](const Session& session) { return faq(session, State::created); }},
    {State::in_queue, Basis::measured,
     "First(AssignedToOperator) - First(RoutingRequestCreated); if no operator was ever chosen, "
     "the time in the groups' queues",
     session_in_queue},
    {State::waiting, Basis::measured, "First(AcceptedByOperator) - First(AssignedToOperator)",
     [](const Session& session) { return faq(session, State::waiting); }},
    {State::ring, Basis::measured,
     "guestJoined - created; not valid for a preview campaign, but the campaign's mode is not in "
     "the session (ring_duration takes it as an argument)",
     [](const Session& session) { return faq(session, State::ring); }},
    {State::bcw, Basis::measured, "guestJoined - started, only if positive",
     [](const Session& session) { return faq(session, State::bcw); }},
    {State::active, Basis::reported,
     "length; NULL where there was no conversation, and where it is negative or longer than the "
     "session (mapping notes that)",
     session_active},
    {State::hold, Basis::measured,
     "each OnHold activity to the next ResumeGuest, otherwise to the end; NULL without one. The "
     "vendor does not say whether length includes it",
     [](const Session& session) { return session.hold(); }},
    {State::acw, Basis::measured,
     "Max(operators.concluded) - Max(operators.left); NULL while the last operator to leave has "
     "not concluded",
     [](const Session& session) { return faq(session, State::acw); }},
};

// One operator of a session; with `stay`, only that stay.
struct Agent {
  const Session* session;
  std::string_view user_id;
  const Operator* stay = nullptr;

  std::vector<const Operator*> stays() const {
    if (stay != nullptr) return {stay};
    const auto all = session->stays_of(user_id);
    return {all.begin(), all.end()};
  }
};

std::optional<StateSpan> agent_in_queue(const Agent& agent) {
  if (agent.stay != nullptr && !agent.stay->first_of_user) return std::nullopt;
  return measured(agent.session->first(Activity::assigned_to_operator, agent.user_id),
                  agent.session->first(Activity::accepted_by_operator));
}

// Every offer that the operator accepted or let pass.
std::optional<StateSpan> agent_waiting(const Agent& agent) {
  std::vector<Spell> offers;
  const Step* offer = nullptr;
  for (const Step* step : agent.session->steps_of(agent.user_id)) {
    if (!step->time) continue;
    if (step->activity == Activity::assigned_to_operator) offer = step;
    const bool over = step->activity == Activity::accepted_by_operator ||
                      step->activity == Activity::operator_timeout_expired;
    if (!over || offer == nullptr) continue;
    if (agent.stay == nullptr || agent.stay->assigned == offer->time)
      offers.push_back({*offer->time, *step->time});
    offer = nullptr;
  }
  return covered(std::move(offers), Basis::derived);
}

std::optional<StateSpan> agent_active(const Agent& agent) {
  std::vector<Spell> spells;
  for (const Operator* entry : agent.stays()) {
    if (!entry->served) continue;
    if (!entry->left) return std::nullopt;  // still there
    spells.push_back({*entry->served, *entry->left});
  }
  return covered(without(std::move(spells), agent.session->holds(agent.user_id)), Basis::derived);
}

// The part of the user's holds that falls into these stays.
std::optional<StateSpan> agent_hold(const Agent& agent) {
  std::vector<Spell> stays, held;
  for (const Operator* entry : agent.stays())
    if (entry->served && entry->left) stays.push_back({*entry->served, *entry->left});
  for (const Spell& hold : agent.session->holds(agent.user_id))
    for (const Spell& stay : stays)
      if (hold.from < stay.to && stay.from < hold.to)
        held.push_back({std::max(hold.from, stay.from), std::min(hold.to, stay.to)});
  return covered(std::move(held), Basis::measured);
}

std::optional<StateSpan> agent_acw(const Agent& agent) {
  std::vector<Spell> spells;
  const Operator* last = nullptr;
  std::size_t stays = 0;
  for (const Operator* entry : agent.stays()) {
    ++stays;
    if (!entry->left) continue;
    if (last == nullptr || *entry->left >= *last->left) last = entry;
    if (entry->concluded && *entry->concluded >= *entry->left)
      spells.push_back({*entry->left, *entry->concluded});
  }
  if (last == nullptr || !last->concluded) return std::nullopt;
  return covered(std::move(spells), stays == 1 ? Basis::measured : Basis::derived);
}

constexpr StateMapping<Agent> agent_states[] = {
    {State::in_queue, Basis::measured,
     "for operator X: First(AcceptedByOperator, any operator) - First(AssignedToOperator of X); "
     "NULL if negative",
     agent_in_queue},
    {State::waiting, Basis::derived,
     "for operator X: from each AssignedToOperator of X to the AcceptedByOperator or "
     "OperatorTimeoutExpired of X; the FAQ defines it for the session only",
     agent_waiting},
    {State::active, Basis::derived,
     "for operator X: from when the guest and X are both in (the later of guestJoined and joined) "
     "to left, without X's holds; the FAQ defines it for the session only",
     agent_active},
    {State::hold, Basis::measured,
     "for operator X: each OnHold activity of X to the next ResumeGuest, while both are in",
     agent_hold},
    {State::acw, Basis::measured,
     "for operator X: concluded - left, NULL while open; if X has several stays (derived), the "
     "time that they cover together, NULL until the stay that X left last is concluded",
     agent_acw},
};

// --- Interactions ------------------------------------------------------------------------------

struct Named {
  std::string_view id, name;
};

std::string_view agent_name(const Operator& agent, Arena& arena) {
  const std::string_view name = agent.party.name(arena);
  return name.empty() ? agent.user_name : name;
}

// The time at which an operator left, if it is not reported. A session is over when its last
// operator has left (the FAQ's `ended`), so this operator had left by then, and was the last one
// unless another is known to have left last.
Instant untold_leaving(const Session& session) {
  using Limits = std::numeric_limits<std::int64_t>;
  constexpr std::int64_t together_us = 1'000'000;
  if (session.is_open()) return {Limits::max()};  // still there
  return session.ended ? Instant{session.ended->us - together_us} : Instant{Limits::min()};
}

// The first or last of the agents in conversation, by its beginning; without a conversation, of the
// agents who were offered the session, by the offer; without a timeline, of those who joined.
Named agent_at_end(const Session& session, bool last, Arena& arena) {
  // The last agent is the one who left last; among those who left together, or are still there, the
  // one who came last.
  const auto place = [&](const Operator& entry) {
    return std::pair(last ? entry.left.value_or(untold_leaving(session)) : Instant{0},
                     *entry.served);
  };
  const Operator* chosen = nullptr;
  for (const Operator& entry : session.operators) {
    if (!entry.served) continue;
    if (chosen == nullptr ||
        (last ? place(entry) >= place(*chosen) : place(entry) < place(*chosen)))
      chosen = &entry;
  }
  if (chosen != nullptr) return {chosen->party.user_id, agent_name(*chosen, arena)};
  const Step* offered = nullptr;
  for (const Step& step : session.timeline)
    if (!step.operator_.user_id.empty() && (offered == nullptr || last)) offered = &step;
  if (offered != nullptr) return {offered->operator_.user_id, offered->operator_.name(arena)};
  if (session.operators.empty()) return {};
  const Operator& joined = last ? session.operators.back() : session.operators.front();
  return {joined.party.user_id, agent_name(joined, arena)};
}

Named queue_at_end(const Session& session, bool last) {
  if (session.visits.empty()) return {};
  const Visit& visit = last ? session.visits.back() : session.visits.front();
  return {visit.group_id, visit.group_name};
}

std::vector<std::string_view> agent_ids(const Session& session) {
  std::vector<std::string_view> ids;
  std::unordered_set<std::string_view> known;
  const auto add = [&](std::string_view id) {
    if (!id.empty() && known.insert(id).second) ids.push_back(id);
  };
  for (const Operator& entry : session.operators) add(entry.party.user_id);
  for (const Step& step : session.timeline) add(step.operator_.user_id);
  return ids;
}

std::size_t dialog_count(const Session& session) {
  return 1 + session.operators.size() + session.chatbots.size();
}

// Counts the forwards by an operator, or after one had accepted.
std::optional<std::int64_t> transfers(const Session& session) {
  if (!session.has_timeline) {
    if (!session.lists("activities") && session.activities.empty()) return std::nullopt;
    return std::count_if(session.activities.begin(), session.activities.end(),
                         [](const SessionActivity& activity) {
                           return same_word(activity.type, "SessionForwarded");
                         });
  }
  const auto accepted = session.first(Activity::accepted_by_operator);
  return std::count_if(session.timeline.begin(), session.timeline.end(), [&](const Step& step) {
    const bool forward = step.activity == Activity::forwarded_to_group ||
                         step.activity == Activity::forwarded_to_user ||
                         step.activity == Activity::forwarded_to_phone;
    const bool had =
        !step.forwarded_by.user_id.empty() || (accepted && step.time && *step.time >= *accepted);
    return forward && had;
  });
}

std::string_view customer_number(const Session& session) {
  const std::string_view phone = session.text("phoneCallbackNumber");
  return phone.empty() ? word_of(session.at("guest")["identity"]) : phone;
}

std::string_view released_by(const Session& session) {
  constexpr std::string_view parties[] = {"GuestLeft",         "OperatorLeft",
                                          "ChatbotLeft",       "GuestAbandoned",
                                          "OperatorAbandoned", "ExternalPartyLeft"};
  for (const std::string_view party : parties)
    if (same_word(party, session.termination_reason)) return party;
  return {};
}

std::string_view released_side(const Session& session) {
  const std::string_view reason = session.termination_reason;
  if (word_starts_with(reason, "Guest")) return "CUSTOMER";
  if (same_word(reason, "OperatorLeft") || same_word(reason, "OperatorAbandoned")) return "AGENT";
  if (same_word(reason, "ExternalPartyLeft")) return "";
  if (!reason.empty()) return "SYSTEM";
  for (const std::string_view left : {"LeftQueue", "LeftSession", "LeftBeforeQueue"})
    if (same_word(session.text("guestLeftSession"), left)) return "CUSTOMER";
  return "";
}

std::string_view end_cause(const Session& session) {
  if (!session.termination_reason.empty()) return session.termination_reason;
  const std::string_view dialled = session.text("outboundDialResult");
  return dialled.empty() ? session.text("guestLeftSession") : dialled;
}

// The FAQ's formulas, applied to every routing request of a session that was routed again.
std::string stages_of(const Session& session) {
  JsonList stages;
  for (const std::string_view request : session.request_ids) {
    JsonObject stage;
    stage.add("routing_request_id", request);
    for (const State state : {State::created, State::in_queue, State::waiting})
      if (const auto span = faq(session, state, request))
        stage.add_json(name_of(state).column, number_text(span->seconds));
    stages.add_json(stage.text());
  }
  return stages.text();
}

Value mapping_notes(const Session& session, Arena& arena) {
  JsonObject notes;
  if (session.request_ids.size() > 1) {
    notes.add_json("routing_requests", std::to_string(session.request_ids.size()));
    notes.add_json("stages", stages_of(session));
  }
  JsonList negative;
  for (const StateName& state : states) {
    const Ends ends = session.ends(state.state);
    if (state.state == State::bcw || !ends.from || !ends.to || *ends.to >= *ends.from) continue;
    negative.add(state.name);
  }
  if (!negative.empty()) notes.add_json("negative", negative.text());
  JsonList open_to_doubt;
  for (const Operator& entry : session.operators)
    if (entry.left && entry.concluded && *entry.concluded < *entry.left)
      open_to_doubt.add(entry.party.user_id);
  if (!open_to_doubt.empty()) notes.add_json("concluded_before_left", open_to_doubt.text());
  if (same_word(session.text("source"), "Campaign") && faq(session, State::ring).has_value())
    notes.add("ring_seconds", "does not hold if the campaign is a preview campaign");
  // If length includes the hold, handle_seconds counts it twice.
  if (session_active(session) && session.hold())
    notes.add("handle_seconds", "length may include the hold: not published");
  if (const std::string_view scale = session.text("guestFeedbackScale"); !scale.empty())
    notes.add("satisfaction_scale", scale);
  Misfits misfits;
  for (const auto& [state, seconds] :
       {std::pair(State::active, session.length), std::pair(State::waiting, session.waited)})
    if (seconds && !is_possible(seconds, session))
      misfits.add(state, *seconds, session.call_seconds(), "");
  return misfits.in(kept(notes.text(), arena), arena);
}

constexpr auto interaction_map = mapping<Model::interactions, Session>({
    {"channel", Basis::derived,
     "channel: Chat is chat, AV is video, Phone is voice (the model's words); any other word in "
     "lower case",
     [](const Session& session, Arena& arena) {
       struct Rule {
         std::string_view vendor, model;
       };
       constexpr Rule rules[] = {{"Chat", "chat"}, {"AV", "video"}, {"Phone", "voice"}};
       const std::string_view channel = session.text("channel");
       for (const Rule& rule : rules)
         if (same_word(rule.vendor, channel)) return Value::text(rule.model);
       return text_value(lower_text(channel, arena));
     }},
    {"direction", Basis::derived,
     "source: INBOUND if the client came by Default, IncomingCall, Invitation (the client enters "
     "its number), Facebook, WhatsApp, VK or Apple; OUTBOUND if the company began it by "
     "OutgoingCall, Callback (it dials the client), Campaign, ChatInvitation or isDirectChat; NULL "
     "for API and unknown sources, which do not say",
     [](const Session& session, Arena&) { return text_value(session.direction); }},
    {"start_time", Basis::reported, "created",
     [](const Session& session, Arena& arena) { return time_value(session.created, arena); }},
    {"queue_time", Basis::measured,
     "First(EnteredGroupQueue). NULL where an operator was chosen without a group's queue, "
     "although the FAQ counts IN_QUEUE from RoutingRequestCreated there too",
     [](const Session& session, Arena& arena) {
       return time_value(session.first(Activity::entered_group_queue), arena);
     }},
    {"answer_time", Basis::derived,
     "when the guest and an operator were first both in: the later of guestJoined and "
     "operators.joined, for operators who had not left by then; without operators[] the later of "
     "guestJoined and started (started alone is when an operator accepted or created it, and the "
     "client may not be there yet)",
     [](const Session& session, Arena& arena) { return time_value(session.answered, arena); }},
    {"end_time", Basis::reported, "ended",
     [](const Session& session, Arena& arena) { return time_value(session.ended, arena); }},
    {"customer_number", Basis::reported,
     "phoneCallbackNumber (the client's number in either direction), otherwise guest.identity",
     [](const Session& session, Arena&) { return text_value(customer_number(session)); }},
    {"company_number", Basis::reported,
     "directCallNumber: the number that the client entered to reach the company",
     [](const Session& session, Arena&) { return text_value(session.text("directCallNumber")); }},
    {"first_queue_id", Basis::reported, "group.id of the first EnteredGroupQueue",
     [](const Session& session, Arena&) { return text_value(queue_at_end(session, false).id); }},
    {"first_queue_name", Basis::reported, "its group.name",
     [](const Session& session, Arena&) { return text_value(queue_at_end(session, false).name); }},
    {"last_queue_id", Basis::reported, "group.id of the last EnteredGroupQueue",
     [](const Session& session, Arena&) { return text_value(queue_at_end(session, true).id); }},
    {"last_queue_name", Basis::reported, "its group.name",
     [](const Session& session, Arena&) { return text_value(queue_at_end(session, true).name); }},
    {"first_agent_id", Basis::derived,
     "userId of the operator who was first in conversation; otherwise of the timeline's first "
     "operator; otherwise of the first to join",
     [](const Session& session, Arena& arena) {
       return text_value(agent_at_end(session, false, arena).id);
     }},
    {"first_agent_name", Basis::derived,
     "that operator's firstName and lastName, otherwise userName",
     [](const Session& session, Arena& arena) {
       return text_value(agent_at_end(session, false, arena).name);
     }},
    {"last_agent_id", Basis::derived,
     "userId of the operator in conversation who left last, or if several left together, of the "
     "one who came last (in a session that is over, an operator without left is taken to have left "
     "at its end, unless another one left then); otherwise of the timeline's last operator; "
     "otherwise of the last to join",
     [](const Session& session, Arena& arena) {
       return text_value(agent_at_end(session, true, arena).id);
     }},
    {"last_agent_name", Basis::derived,
     "that operator's firstName and lastName, otherwise userName",
     [](const Session& session, Arena& arena) {
       return text_value(agent_at_end(session, true, arena).name);
     }},
    {"agent_count", Basis::derived,
     "distinct userIds in operators[] and of operator in the timeline",
     [](const Session& session, Arena&) {
       if (!session.has_timeline && session.operators.empty() && !session.lists("operators"))
         return Value();
       return Value::integer(static_cast<std::int64_t>(agent_ids(session).size()));
     }},
    {"dialog_count", Basis::derived, "the guest, and every entry of operators[] and chatbots[]",
     [](const Session& session, Arena&) {
       return Value::integer(static_cast<std::int64_t>(dialog_count(session)));
     }},
    {"transfer_count", Basis::derived,
     "ForwardedToGroup, ForwardedToUser and ForwardedToPhone by an operator or after an operator "
     "had accepted; without a timeline the SessionForwarded activities or webhooks",
     [](const Session& session, Arena&) { return integer_value(transfers(session)); }},
    {"outcome", Basis::derived,
     "ANSWERED: the guest and an operator were both in, or length > 0. Otherwise NULL while it is "
     "open (no ended, and status not CLOSED or BLACKLISTED). Otherwise blacklisted: REJECTED. "
     "Otherwise outboundDialResult: NO_ANSWER, REJECTED, BUSY, FAILED, UNREACHABLE as they are; "
     "INVALID_NUMBER: UNREACHABLE; CANCELLED_BY_USER: NO_ANSWER. Otherwise ForwardedToPhone or "
     "CallForwardedToExternalPhone: FORWARDED; CampaignFailedDial, ForwardToExternalPhoneFailed, "
     "OperatorWithoutExtension: FAILED; otherwise a chatbot until the end, without routing or "
     "operators: SELF_SERVICE; otherwise LeftBeforeQueue: ABANDONED_IN_IVR. Otherwise "
     "GroupQueueTimeoutExpired with nothing after it: QUEUE_TIMEOUT; LeftQueue (or the guest ended "
     "it): ABANDONED_IN_RING while it was being offered to an operator, otherwise "
     "ABANDONED_IN_QUEUE. Otherwise GroupQueueTimeoutExpired: QUEUE_TIMEOUT. Otherwise "
     "FailedRouting: QUEUE_FAILED. Otherwise OTHER, also when outboundDialResult is ANSWERED but "
     "the guest never came in (perhaps a machine: the vendor does not say)",
     [](const Session& session, Arena&) { return text_value(session.outcome); }},
    {"released_by", Basis::reported,
     "terminationReason of the last SessionEnded activity, if it names a party",
     [](const Session& session, Arena&) { return text_value(released_by(session)); }},
    {"released_side", Basis::derived,
     "that terminationReason: Guest… CUSTOMER, Operator… AGENT, any other SYSTEM (NULL if an "
     "external party left); without one, guestLeftSession LeftQueue, LeftSession or "
     "LeftBeforeQueue: CUSTOMER",
     [](const Session& session, Arena&) { return text_value(released_side(session)); }},
    {"end_cause", Basis::reported,
     "terminationReason of the last SessionEnded activity, otherwise outboundDialResult, otherwise "
     "guestLeftSession",
     [](const Session& session, Arena&) { return text_value(end_cause(session)); }},
    {"satisfaction", Basis::reported, "guestFeedbackStars; guestFeedbackScale is in mapping",
     [](const Session& session, Arena&) {
       return real_value(real_of(session.at("guestFeedbackStars")));
     }},
    {"recording_count", Basis::reported, "entries of recordings[]; NULL without that list",
     [](const Session& session, Arena&) {
       if (!session.lists("recordings")) return Value();
       return Value::integer(static_cast<std::int64_t>(session.recordings.size()));
     }},
    {"mapping", Basis::derived,
     "routing_requests and stages: for a session that was routed again, the FAQ's formulas for "
     "each routing request; negative: states whose difference is negative; concluded_before_left: "
     "operators whose instants contradict the FAQ; satisfaction_scale; ring_seconds of campaigns; "
     "handle_seconds of sessions with a hold, which length may include",
     mapping_notes},
});

// --- Dialogs -----------------------------------------------------------------------------------

// One side; the guest's if neither pointer is set.
struct Side {
  const Session* session;
  const Operator* agent = nullptr;
  const Chatbot* bot = nullptr;

  bool is_guest() const { return agent == nullptr && bot == nullptr; }
  std::string_view dialog_id() const {
    if (agent != nullptr) return agent->dialog_id;
    return bot != nullptr ? bot->dialog_id : session->guest_dialog_id;
  }
  std::optional<double> active() const {
    if (is_guest()) {
      const auto span = session_active(*session);
      return span ? std::optional(span->seconds) : std::nullopt;
    }
    if (agent == nullptr) return std::nullopt;
    const auto span = agent_active({session, agent->party.user_id, agent});
    return span ? std::optional(span->seconds) : std::nullopt;
  }
};

Value side_outcome(const Side& side) {
  if (side.agent == nullptr) return {};
  if (side.agent->served) return Value::text("ANSWERED");
  if (side.session->is_open()) return {};
  struct Rule {
    std::string_view dialled, outcome;
  };
  constexpr Rule rules[] = {{"NO_ANSWER", "NO_ANSWER"},  {"BUSY", "NO_ANSWER"},
                            {"REJECTED", "REJECTED"},    {"CANCELLED_BY_USER", "CANCELLED"},
                            {"FAILED", "FAILED"},        {"UNREACHABLE", "FAILED"},
                            {"INVALID_NUMBER", "FAILED"}};
  const std::string_view dialled = side.session->text("outboundDialResult");
  for (const Rule& rule : rules)
    if (same_word(rule.dialled, dialled)) return Value::text(rule.outcome);
  return {};
}

Value linked_dialogs(const Side& side, Arena& arena) {
  if (dialog_count(*side.session) > most_listed_sides) return {};
  JsonList others;
  const auto add = [&](std::string_view id) {
    if (id != side.dialog_id()) others.add(id);
  };
  add(side.session->guest_dialog_id);
  for (const Operator& entry : side.session->operators) add(entry.dialog_id);
  for (const Chatbot& bot : side.session->chatbots) add(bot.dialog_id);
  return kept(others.text(), arena);
}

// The recordings that name this operator.
Value recordings_of(const Side& side, Arena& arena) {
  if (side.agent == nullptr) return {};
  JsonList found;
  for (const Node recording : side.session->recordings) {
    const std::string_view user = word_of(recording["userId"]);
    if (user.empty() || user != side.agent->party.user_id || !side.agent->first_of_user) continue;
    found.add_json(recording.raw());
  }
  return kept(found.text(), arena);
}

Value tag_names(const Session& session, Arena& arena) {
  JsonList names;
  for (const Node tag : session.tags) names.add(text_of(tag["name"]));
  return kept(names.text(), arena);
}

Value display_target(const Side& side, bool from) {
  const Session& session = *side.session;
  if (session.direction.empty()) return {};
  const bool customer = from == (session.direction == "INBOUND");
  return text_value(customer ? customer_number(session) : session.text("directCallNumber"));
}

template <auto Member>
Value of_agent(const Side& side, Arena&) {
  return side.agent != nullptr ? text_value(side.agent->party.*Member) : Value();
}

constexpr auto dialog_map = mapping<Model::dialogs, Side>({
    {"dialog_id", Basis::derived,
     "<id>:guest, <id>:operator:<userId>, <id>:chatbot:<chatbotId>; further stays of the same one, "
     "in order of joined, end in :2, :3, … (the vendor has no ids for sides)",
     [](const Side& side, Arena&) { return text_value(side.dialog_id()); }},
    {"dialog_type", Basis::derived,
     "EXTERNAL for the guest, CONSULTANT for an operator, BOT for a chatbot",
     [](const Side& side, Arena&) {
       return Value::text(side.is_guest()         ? "EXTERNAL"
                          : side.agent != nullptr ? "CONSULTANT"
                                                  : "BOT");
     }},
    {"business_direction", Basis::derived, "as the interaction's direction",
     [](const Side& side, Arena&) { return text_value(side.session->direction); }},
    {"business_end_cause", Basis::reported, "the guest's side: guestLeftSession",
     [](const Side& side, Arena&) {
       return side.is_guest() ? text_value(side.session->text("guestLeftSession")) : Value();
     }},
    {"from_display_target", Basis::derived,
     "customer_number if INBOUND, company_number if OUTBOUND",
     [](const Side& side, Arena&) { return display_target(side, true); }},
    {"to_display_target", Basis::derived, "company_number if INBOUND, customer_number if OUTBOUND",
     [](const Side& side, Arena&) { return display_target(side, false); }},
    {"start_time", Basis::reported,
     "guest: created; operator: the AssignedToOperator that led to it (the operator's last one "
     "before joined that did not expire and had not already led to a stay), otherwise joined; "
     "chatbot: joined",
     [](const Side& side, Arena& arena) {
       if (side.agent != nullptr)
         return time_value(side.agent->assigned ? side.agent->assigned : side.agent->joined, arena);
       return time_value(side.bot != nullptr ? side.bot->joined : side.session->created, arena);
     }},
    {"hangup_time", Basis::reported, "guest: ended; operator and chatbot: left",
     [](const Side& side, Arena& arena) {
       if (side.agent != nullptr) return time_value(side.agent->left, arena);
       return time_value(side.bot != nullptr ? side.bot->left : side.session->ended, arena);
     }},
    {"serve_time", Basis::derived,
     "guest: answer_time; operator: the later of guestJoined and joined, unless the operator had "
     "left by then",
     [](const Side& side, Arena& arena) {
       if (side.agent != nullptr) return time_value(side.agent->served, arena);
       return side.is_guest() ? time_value(side.session->answered, arena) : Value();
     }},
    {"talking_time", Basis::reported,
     "guest: length, in ms; operator (derived): from serve_time to left, in ms",
     [](const Side& side, Arena&) { return milliseconds(side.active()); }},
    {"alert_time", Basis::reported,
     "guest: phoneCallbackDialed; operator: the AssignedToOperator that led to it",
     [](const Side& side, Arena& arena) {
       if (side.agent != nullptr) return time_value(side.agent->assigned, arena);
       return side.is_guest() ? time_value(side.session->time("phoneCallbackDialed"), arena)
                              : Value();
     }},
    {"answer_time", Basis::reported, "guest: guestJoined; operator and chatbot: joined",
     [](const Side& side, Arena& arena) {
       if (side.agent != nullptr) return time_value(side.agent->joined, arena);
       return time_value(side.bot != nullptr ? side.bot->joined : side.session->guest_joined,
                         arena);
     }},
    {"waiting_time", Basis::reported,
     "guest: waited (from the exchange to the operator), in ms; no other column uses it",
     [](const Side& side, Arena&) {
       return side.is_guest() ? milliseconds(session_waited(*side.session)) : Value();
     }},
    {"first_queue_waiting_time", Basis::measured, "guest: wait of the first queue visit, in ms",
     [](const Side& side, Arena&) {
       if (!side.is_guest() || side.session->visits.empty()) return Value();
       const auto span = side.session->visits.front().wait();
       return milliseconds(span ? std::optional(span->seconds) : std::nullopt);
     }},
    {"initial_media", Basis::derived, "channel: Chat [chat], Phone [audio], AV [audio, video]",
     [](const Side& side, Arena&) {
       const std::string_view channel = side.session->text("channel");
       if (same_word(channel, "Chat")) return Value::text(R"(["chat"])");
       if (same_word(channel, "Phone")) return Value::text(R"(["audio"])");
       if (same_word(channel, "AV")) return Value::text(R"(["audio","video"])");
       return Value();
     }},
    {"tenant_user", Basis::reported, "operator: userId, userName, firstName, lastName",
     [](const Side& side, Arena& arena) {
       if (side.agent == nullptr) return Value();
       const Operator& agent = *side.agent;
       return kept(json_of({{"id", agent.party.user_id},
                            {"username", agent.user_name},
                            {"firstname", agent.party.first_name},
                            {"surname", agent.party.last_name},
                            {"display_name", agent.party.name(arena)}}),
                   arena);
     }},
    {"anonymous", Basis::reported, "guest: the guest object",
     [](const Side& side, Arena&) {
       const Node guest = side.session->at("guest");
       return side.is_guest() && guest.is_object() ? Value::text(guest.raw()) : Value();
     }},
    {"virtual_agent", Basis::reported, "chatbot: chatbotId, name",
     [](const Side& side, Arena& arena) {
       if (side.bot == nullptr) return Value();
       return kept(json_of({{"id", side.bot->id}, {"name", side.bot->name}}), arena);
     }},
    {"contact_id", Basis::derived,
     "guest: guest.identity (the key of the known client, which corresponds to a contact)",
     [](const Side& side, Arena&) {
       return side.is_guest() ? text_value(word_of(side.session->at("guest")["identity"]))
                              : Value();
     }},
    {"note", Basis::reported, "operator: note",
     [](const Side& side, Arena&) {
       return side.agent != nullptr ? text_value(side.agent->note) : Value();
     }},
    {"audio_video_recording", Basis::reported,
     "operator: the recordings[] with the operator's userId, on the operator's first stay",
     recordings_of},
    {"custom_tag_id_list", Basis::derived, "guest: names of tags[] (they have no ids)",
     [](const Side& side, Arena& arena) {
       return side.is_guest() ? tag_names(*side.session, arena) : Value();
     }},
    {"variables", Basis::reported, "guest: guest.callParams",
     [](const Side& side, Arena&) {
       const Node params = side.session->at("guest")["callParams"];
       return side.is_guest() && params.provided() ? Value::text(params.raw()) : Value();
     }},
    {"end_cause", Basis::reported, "guest: as the interaction's end_cause",
     [](const Side& side, Arena&) {
       return side.is_guest() ? text_value(end_cause(*side.session)) : Value();
     }},
    {"linked_dialogs", Basis::derived,
     "the other sides of the session; NULL for a session with more than 1000 sides",
     linked_dialogs},
    {"tenant_user_id", Basis::reported, "operator: userId", of_agent<&Party::user_id>},
    {"tenant_user_username", Basis::reported, "operator: userName",
     [](const Side& side, Arena&) {
       return side.agent != nullptr ? text_value(side.agent->user_name) : Value();
     }},
    {"tenant_user_firstname", Basis::reported, "operator: firstName", of_agent<&Party::first_name>},
    {"tenant_user_surname", Basis::reported, "operator: lastName", of_agent<&Party::last_name>},
    {"tenant_user_display_name", Basis::reported, "operator: firstName and lastName",
     [](const Side& side, Arena& arena) {
       return side.agent != nullptr ? text_value(side.agent->party.name(arena)) : Value();
     }},
    {"agent_id", Basis::reported, "operator: userId", of_agent<&Party::user_id>},
    {"agent_name", Basis::reported, "operator: firstName and lastName, otherwise userName",
     [](const Side& side, Arena& arena) {
       return side.agent != nullptr ? text_value(agent_name(*side.agent, arena)) : Value();
     }},
    {"virtual_agent_id", Basis::reported, "chatbot: chatbotId",
     [](const Side& side, Arena&) {
       return side.bot != nullptr ? text_value(side.bot->id) : Value();
     }},
    {"virtual_agent_name", Basis::reported, "chatbot: name",
     [](const Side& side, Arena&) {
       return side.bot != nullptr ? text_value(side.bot->name) : Value();
     }},
    {"outcome", Basis::derived,
     "operator: ANSWERED once the guest and the operator are both in; otherwise, when it is over, "
     "by outboundDialResult NO_ANSWER, REJECTED, BUSY as NO_ANSWER, CANCELLED_BY_USER as "
     "CANCELLED, FAILED, UNREACHABLE and INVALID_NUMBER as FAILED. Operators who were asked but "
     "did not come in have no side: see agent_offers",
     [](const Side& side, Arena&) { return side_outcome(side); }},
});

// --- Events ------------------------------------------------------------------------------------

struct Event {
  std::string_view word;
  std::optional<Instant> time;
  std::int64_t seq = 0;
  std::string_view who_id, who_name;  // the agent, or the customer
  std::string_view dialog_id;
  std::string_view queue_id, queue_name;
};

Value event_word(const Event& event, Arena&) {
  return text_value(event.word);
}
Value event_instant(const Event& event, Arena& arena) {
  return time_value(event.time, arena);
}
Value event_seq(const Event& event, Arena&) {
  return Value::integer(event.seq);
}
Value event_who(const Event& event, Arena&) {
  return text_value(event.who_id);
}
Value event_queue(const Event& event, Arena&) {
  return text_value(event.queue_id);
}

constexpr std::string_view seq_doc =
    "by time; entries of one instant in the order in which they can follow each other, otherwise in "
    "that of a list that is by time or has the newest first";

constexpr auto agent_event_map = mapping<Model::agent_events, Event>({
    {"dialog_id", Basis::derived,
     "the operator's stay; if there are several, the one whose joined is nearest to the event",
     [](const Event& event, Arena&) { return text_value(event.dialog_id); }},
    {"agent_id", Basis::reported,
     "userId of operators[], or of operator, forwardedByOperator, invitedByOperator in the "
     "timeline",
     event_who},
    {"agent_name", Basis::reported, "firstName and lastName, otherwise userName",
     [](const Event& event, Arena&) { return text_value(event.who_name); }},
    {"queue_id", Basis::derived,
     "group.id of the entry, otherwise of the group queue that its routing request entered last; "
     "for an offer and its result, that of the offer's visit",
     event_queue},
    {"seq", Basis::derived, seq_doc, event_seq},
    {"event", Basis::reported,
     "activityType of a timeline entry for its operator; the field's own name (joined, left, "
     "concluded, forwardedByOperator, invitedByOperator) for an instant from a field",
     event_word},
    {"event_time", Basis::reported, "timestamp, or operators.joined, left, concluded",
     event_instant},
});

constexpr auto queue_event_map = mapping<Model::queue_events, Event>({
    {"queue_id", Basis::reported, "group.id", event_queue},
    {"queue_name", Basis::reported, "group.name",
     [](const Event& event, Arena&) { return text_value(event.queue_name); }},
    {"seq", Basis::derived, seq_doc, event_seq},
    {"event", Basis::reported,
     "activityType: EnteredGroupQueue, GroupQueueTimeoutExpired, LeftGroupQueue", event_word},
    {"event_time", Basis::reported, "timestamp", event_instant},
});

constexpr auto customer_event_map = mapping<Model::customer_events, Event>({
    {"customer_id", Basis::reported, "as the interaction's customer_number", event_who},
    {"seq", Basis::derived, seq_doc, event_seq},
    {"event", Basis::reported,
     "the field's own name (guestJoined, phoneCallbackDialed), or the type of an activity with "
     "client Guest, or of OnHold and ResumeGuest, or terminationReason if the guest ended it",
     event_word},
    {"event_time", Basis::reported, "guestJoined, phoneCallbackDialed, activities.time",
     event_instant},
});

struct QueueVisit {
  const Session* session;
  const Visit* visit;
  std::int64_t number;

  std::string_view entry() const {
    const Visit* const first = session->visits.data();
    const auto accepted = session->first(Activity::accepted_by_operator);
    const bool had_agent = accepted && visit->entered && *accepted < *visit->entered;
    const bool same = std::any_of(
        first, visit, [&](const Visit& before) { return before.group_id == visit->group_id; });
    return entry_of(visit == first, had_agent, same);
  }
  std::optional<StateSpan> ring() const { return covered(visit->rings, Basis::measured); }
};

constexpr auto queue_visit_map = mapping<Model::queue_visits, QueueVisit>({
    {"visit_no", Basis::derived, "by the time of EnteredGroupQueue",
     [](const QueueVisit& row, Arena&) { return Value::integer(row.number); }},
    {"queue_id", Basis::reported, "group.id of EnteredGroupQueue",
     [](const QueueVisit& row, Arena&) { return text_value(row.visit->group_id); }},
    {"queue_name", Basis::reported, "group.name of EnteredGroupQueue",
     [](const QueueVisit& row, Arena&) { return text_value(row.visit->group_name); }},
    {"entry", Basis::derived,
     "TRANSFER if an operator had accepted it before; otherwise NEW the first time, REQUEUE into a "
     "group whose queue it was in before, OVERFLOW into another one",
     [](const QueueVisit& row, Arena&) { return text_value(row.entry()); }},
    {"enqueue_time", Basis::reported, "timestamp of EnteredGroupQueue",
     [](const QueueVisit& row, Arena& arena) { return time_value(row.visit->entered, arena); }},
    {"dequeue_time", Basis::measured,
     "timestamp of LeftGroupQueue of the same routing request and group; otherwise of "
     "GroupQueueTimeoutExpired, AcceptedByOperator, a ForwardedTo… or RoutingEnded of the request; "
     "otherwise ended. An operator who does not accept does not end it",
     [](const QueueVisit& row, Arena& arena) { return time_value(row.visit->left, arena); }},
    {"answer_time", Basis::reported,
     "timestamp of the AcceptedByOperator that takes an offer of this visit, or comes without an "
     "offer while it is under way",
     [](const QueueVisit& row, Arena& arena) { return time_value(row.visit->answered, arena); }},
    {"end_time", Basis::measured,
     "answer_time; otherwise GroupQueueTimeoutExpired, the ForwardedTo… or RoutingEnded of its "
     "routing request, or ended",
     [](const QueueVisit& row, Arena& arena) { return time_value(row.visit->ended, arena); }},
    {"ring_seconds", Basis::measured,
     "the time in which operators were asked for it, counted once if several were",
     [](const QueueVisit& row, Arena&) {
       const auto ring = row.ring();
       return real_value(ring ? std::optional(ring->seconds) : std::nullopt);
     }},
    {"speed_of_answer_seconds", Basis::measured, "from enqueue_time to answer_time",
     [](const QueueVisit& row, Arena&) {
       const auto span = measured(row.visit->entered, row.visit->answered);
       return real_value(span ? std::optional(span->seconds) : std::nullopt);
     }},
    {"basis", Basis::derived, "measured: from the timeline",
     [](const QueueVisit&, Arena&) { return Value::text(name_of(Basis::measured)); }},
    {"wait_seconds", Basis::measured,
     "from enqueue_time to dequeue_time, without the time in which an operator was asked "
     "(AssignedToOperator to AcceptedByOperator, OperatorTimeoutExpired or the end)",
     [](const QueueVisit& row, Arena&) {
       const auto span = row.visit->wait();
       return real_value(span ? std::optional(span->seconds) : std::nullopt);
     }},
    {"outcome", Basis::derived,
     "ANSWERED by AcceptedByOperator, QUEUE_TIMEOUT by GroupQueueTimeoutExpired, FORWARDED by a "
     "ForwardedTo… of its routing request; for the last visit otherwise the interaction's outcome, "
     "or if that is ANSWERED, ABANDONED_IN_RING while an operator was asked, otherwise "
     "ABANDONED_IN_QUEUE",
     [](const QueueVisit& row, Arena&) { return text_value(row.visit->outcome); }},
    {"agent_id", Basis::reported,
     "operator.userId of that AcceptedByOperator, otherwise of the last AssignedToOperator of this "
     "visit",
     [](const QueueVisit& row, Arena&) { return text_value(row.visit->agent_id); }},
});

struct OfferRow {
  const Session* session;
  const Offer* offer;
  std::int64_t number;

  // Only an operator who came in has a side.
  std::string_view dialog() const {
    for (const Operator* stay : session->stays_of(offer->party.user_id))
      if (stay->assigned && stay->assigned == offer->from) return stay->dialog_id;
    return "";
  }
};

constexpr auto offer_map = mapping<Model::agent_offers, OfferRow>({
    {"dialog_id", Basis::derived,
     "the stay that it led to; NULL for an operator who did not come in",
     [](const OfferRow& row, Arena&) { return text_value(row.dialog()); }},
    {"agent_id", Basis::reported, "operator.userId of AssignedToOperator",
     [](const OfferRow& row, Arena&) { return text_value(row.offer->party.user_id); }},
    {"agent_name", Basis::reported, "operator.firstName and lastName",
     [](const OfferRow& row, Arena& arena) { return text_value(row.offer->party.name(arena)); }},
    {"visit_no", Basis::derived,
     "the visit that was under way in its routing request when it began: that of the entry's group "
     "if it names one of them, otherwise the one entered last. NULL without such a visit: the "
     "operator was chosen without a queue, or after the visit was answered, timed out or handed on",
     [](const OfferRow& row, Arena&) {
       if (!row.offer->visit) return Value();
       return Value::integer(static_cast<std::int64_t>(*row.offer->visit) + 1);
     }},
    {"queue_id", Basis::derived, "group.id of that visit, otherwise of the entry",
     [](const OfferRow& row, Arena&) { return text_value(row.offer->group_id); }},
    {"offer_no", Basis::derived, "by timestamp",
     [](const OfferRow& row, Arena&) { return Value::integer(row.number); }},
    {"offer_time", Basis::reported, "timestamp of AssignedToOperator",
     [](const OfferRow& row, Arena& arena) { return time_value(row.offer->from, arena); }},
    {"end_time", Basis::reported,
     "timestamp of AcceptedByOperator, OperatorTimeoutExpired, or whatever ended it in its routing "
     "request; otherwise ended",
     [](const OfferRow& row, Arena& arena) { return time_value(row.offer->to, arena); }},
    {"ring_seconds", Basis::measured, "end_time - offer_time",
     [](const OfferRow& row, Arena&) {
       const auto span = measured(row.offer->from, row.offer->to);
       return real_value(span ? std::optional(span->seconds) : std::nullopt);
     }},
    {"outcome", Basis::derived,
     "ANSWERED by the operator's AcceptedByOperator, NO_ANSWER by OperatorTimeoutExpired (or by "
     "being asked again); CANCELLED if another operator accepted, the group's time expired, it was "
     "forwarded, or the session ended. The timeline does not show refusals",
     [](const OfferRow& row, Arena&) { return text_value(row.offer->outcome); }},
    {"basis", Basis::derived, "measured: from the timeline",
     [](const OfferRow&, Arena&) { return Value::text(name_of(Basis::measured)); }},
});

struct WrapUp {
  const Session* session;
  Node tag;
};

constexpr auto wrap_up_map = mapping<Model::wrap_ups, WrapUp>({
    {"dialog_id", Basis::derived, "the first stay of tags.userId",
     [](const WrapUp& row, Arena&) {
       const auto stays = row.session->stays_of(word_of(row.tag["userId"]));
       return stays.empty() ? Value() : text_value(stays.front()->dialog_id);
     }},
    {"agent_id", Basis::reported, "tags.userId",
     [](const WrapUp& row, Arena&) { return text_value(word_of(row.tag["userId"])); }},
    {"name", Basis::reported, "tags.name",
     [](const WrapUp& row, Arena&) { return text_value(word_of(row.tag["name"])); }},
});

struct Recording {
  const Session* session;
  Session::Field listed;
  Node node;

  std::optional<Instant> started() const { return listed.time(node["started"]); }
};

constexpr auto recording_map = mapping<Model::recordings, Recording>({
    {"recording_id", Basis::reported, "recordings.id",
     [](const Recording& row, Arena&) { return text_value(word_of(row.node["id"])); }},
    {"dialog_id", Basis::derived,
     "for an operator's recording (userId) that operator's first stay, for type Guest the guest's "
     "side; a recording of all participants belongs to no single side",
     [](const Recording& row, Arena&) {
       const std::string_view user = word_of(row.node["userId"]);
       if (!user.empty())
         if (const auto stays = row.session->stays_of(user); !stays.empty())
           return text_value(stays.front()->dialog_id);
       if (same_word(text_of(row.node["type"]), "Guest"))
         return text_value(row.session->guest_dialog_id);
       return Value();
     }},
    {"media", Basis::derived,
     "type ScreenSharing is screen; otherwise by the session's channel: Phone is audio, AV is "
     "video. The type, which says whose recording it is (Operator, Guest, AllParticipants), is in "
     "mluvii_recording",
     [](const Recording& row, Arena&) {
       const std::string_view channel = row.session->text("channel");
       if (same_word(text_of(row.node["type"]), "ScreenSharing")) return Value::text("screen");
       if (same_word(channel, "Phone")) return Value::text("audio");
       return same_word(channel, "AV") ? Value::text("video") : Value();
     }},
    {"start_time", Basis::reported, "started",
     [](const Recording& row, Arena& arena) { return time_value(row.started(), arena); }},
    {"stop_time", Basis::derived, "started + duration",
     [](const Recording& row, Arena& arena) {
       const auto started = row.started();
       const auto seconds = parse_duration(text_of(row.node["duration"]));
       if (!started || !seconds || *seconds < 0) return Value();
       return time_value(plus_seconds(*started, *seconds), arena);
     }},
    {"urls", Basis::reported, "downloadUrl; NULL for a recording that isDeleted",
     [](const Recording& row, Arena& arena) {
       const std::string_view url = text_of(row.node["downloadUrl"]);
       if (url.empty()) return Value();
       if (boolean_of(row.node["isDeleted"]).value_or(false)) return Value::text("[]");
       JsonList urls;
       urls.add(url);
       return kept(urls.text(), arena);
     }},
});

// A state of an operator, until the next change.
struct AgentState {
  StateChange change;
  std::optional<Instant> from, to;
};

std::string_view category_of(std::string_view state) {
  struct Word {
    std::string_view state, category;
  };
  static constexpr Word words[] = {
      {"ONLINE", "AVAILABLE"},   {"BEFORE_CALL", "ON_CONTACT"},
      {"ON_CALL", "ON_CONTACT"}, {"AFTER_CALL", "ACW"},
      {"BREAK", "BREAK"},        {"AWAY", "BREAK"},
      {"OFFLINE", "OFFLINE"},    {"DISCONNECTED", "OFFLINE"},
  };
  if (trim_word(state).empty()) return "";
  for (const Word& each : words)
    if (same_word(each.state, state)) return each.category;
  return "UNKNOWN";
}

constexpr auto agent_state_map = mapping<Model::agent_states, AgentState>({
    {"agent_id", Basis::reported, "userId",
     [](const AgentState& row, Arena&) { return text_value(row.change.user_id); }},
    {"state", Basis::reported, "stateKind; for the webhook UserStatusChanged also state or status",
     [](const AgentState& row, Arena&) { return text_value(row.change.kind); }},
    {"state_category", Basis::derived,
     "stateKind: ONLINE AVAILABLE, BEFORE_CALL and ON_CALL ON_CONTACT, AFTER_CALL ACW, BREAK and "
     "AWAY BREAK, OFFLINE and DISCONNECTED OFFLINE; any other word UNKNOWN",
     [](const AgentState& row, Arena&) { return text_value(category_of(row.change.kind)); }},
    {"reason", Basis::reported, "breakStateName",
     [](const AgentState& row, Arena&) { return text_value(row.change.break_name); }},
    {"is_paid", Basis::reported, "isBreakStatePaid",
     [](const AgentState& row, Arena&) {
       const auto paid = row.change.is_paid;
       return paid ? Value::integer(*paid ? 1 : 0) : Value();
     }},
    {"start_time", Basis::reported, "changed; for the webhook UserStatusChanged also time",
     [](const AgentState& row, Arena& arena) { return time_value(row.from, arena); }},
    {"end_time", Basis::measured, "changed of the same user's next state",
     [](const AgentState& row, Arena& arena) { return time_value(row.to, arena); }},
});

// --- Rows --------------------------------------------------------------------------------------

void sort_and_number(std::vector<Event>& events) {
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    if (!a.time || !b.time) return a.time.has_value() && !b.time;
    return *a.time < *b.time;
  });
  std::int64_t seq = 0;
  for (Event& event : events) event.seq = ++seq;
}

std::string_view stay_at(const Session& session, std::string_view user_id,
                         std::optional<Instant> time) {
  const Operator* nearest = nullptr;
  const auto distance = [&](const Operator& entry) {
    const std::int64_t us = time && entry.joined ? time->us - entry.joined->us : 0;
    return us < 0 ? -us : us;
  };
  for (const Operator* entry : session.stays_of(user_id))
    if (nearest == nullptr || distance(*entry) < distance(*nearest)) nearest = entry;
  return nearest != nullptr ? nearest->dialog_id : std::string_view();
}

void add_agent_events(const Session& session, const Wanted& wanted, Facts& facts) {
  std::vector<Event> events;
  const auto add = [&](std::string_view word, const Step& step, const Party& party,
                       std::string_view queue_id) {
    if (party.user_id.empty()) return;
    events.push_back({word,
                      step.time,
                      0,
                      party.user_id,
                      party.name(facts.arena()),
                      stay_at(session, party.user_id, step.time),
                      queue_id,
                      {}});
  };
  for (const Step& step : session.timeline) {
    std::string_view queue_id = step.group_id;
    if (queue_id.empty() && step.visit) queue_id = session.visits[*step.visit].group_id;
    add("invitedByOperator", step, step.invited_by, queue_id);
    add("forwardedByOperator", step, step.forwarded_by, queue_id);
    add(step.word, step, step.operator_, queue_id);
  }
  for (const Operator& entry : session.operators) {
    const auto add_instant = [&](std::string_view word, std::optional<Instant> time) {
      if (time)
        events.push_back({word,
                          time,
                          0,
                          entry.party.user_id,
                          agent_name(entry, facts.arena()),
                          entry.dialog_id,
                          {},
                          {}});
    };
    add_instant("joined", entry.joined);
    add_instant("left", entry.left);
    add_instant("concluded", entry.concluded);
  }
  sort_and_number(events);
  for (const Event& event : events) agent_event_map.add(facts, wanted, event);
}

void add_queue_events(const Session& session, const Wanted& wanted, Facts& facts) {
  std::vector<Event> events;
  for (const Step& step : session.timeline)
    if (step.activity == Activity::entered_group_queue ||
        step.activity == Activity::group_queue_timeout_expired ||
        step.activity == Activity::left_group_queue)
      events.push_back({step.word, step.time, 0, {}, {}, {}, step.group_id, step.group_name});
  sort_and_number(events);
  for (const Event& event : events) queue_event_map.add(facts, wanted, event);
}

void add_customer_events(const Session& session, const Wanted& wanted, Facts& facts) {
  std::vector<Event> events;
  const std::string_view customer = customer_number(session);
  const auto add = [&](std::string_view word, std::optional<Instant> time) {
    if (time) events.push_back({word, time, 0, customer, {}, {}, {}, {}});
  };
  add("phoneCallbackDialed", session.time("phoneCallbackDialed"));
  add("guestJoined", session.guest_joined);
  for (const SessionActivity& activity : session.activities) {
    const bool ended_by_guest = same_word(activity.termination_reason, "GuestLeft") ||
                                same_word(activity.termination_reason, "GuestAbandoned");
    if (ended_by_guest)
      add(activity.termination_reason, activity.time);
    else if (same_word(activity.client, "Guest") || same_word(activity.type, "OnHold") ||
             same_word(activity.type, "ResumeGuest"))
      add(activity.type, activity.time);
  }
  sort_and_number(events);
  for (const Event& event : events) customer_event_map.add(facts, wanted, event);
}

void add_dialogs(const Session& session, const StateSpans& spans, const Wanted& wanted,
                 Facts& facts) {
  facts.set_states(dialog_map.add(facts, wanted, {&session}), spans);
  for (const Operator& entry : session.operators)
    facts.set_states(dialog_map.add(facts, wanted, {&session, &entry}),
                     spans_of(agent_states, Agent{&session, entry.party.user_id, &entry}));
  for (const Chatbot& bot : session.chatbots)
    dialog_map.add(facts, wanted, {&session, nullptr, &bot});
}

void map_session(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  const Session session(records, facts.arena());
  facts.identify("mluvii", records.front().source, session.id);
  const StateSpans spans = spans_of(session_states, session);
  if (wanted.table(Model::interactions))
    facts.set_states(interaction_map.add(facts, wanted, session), spans);
  if (wanted.table(Model::dialogs)) add_dialogs(session, spans, wanted, facts);
  if (wanted.table(Model::agent_events)) add_agent_events(session, wanted, facts);
  if (wanted.table(Model::queue_events)) add_queue_events(session, wanted, facts);
  if (wanted.table(Model::customer_events)) add_customer_events(session, wanted, facts);
  if (wanted.table(Model::queue_visits)) {
    std::int64_t number = 0;
    for (const Visit& visit : session.visits)
      queue_visit_map.add(facts, wanted, {&session, &visit, ++number});
  }
  if (wanted.table(Model::agent_offers)) {
    std::int64_t number = 0;
    for (const Offer& offer : session.offers)
      offer_map.add(facts, wanted, {&session, &offer, ++number});
  }
  if (wanted.table(Model::wrap_ups))
    for (const Node tag : session.tags) wrap_up_map.add(facts, wanted, {&session, tag});
  if (wanted.table(Model::state_durations)) {
    facts.add_states("", spans);
    for (const std::string_view user_id : agent_ids(session))
      facts.add_states(user_id, spans_of(agent_states, Agent{&session, user_id}));
  }
  if (wanted.table(Model::recordings)) {
    const Session::Field listed = session.field("recordings");
    for (const Node node : session.recordings)
      recording_map.add(facts, wanted, {&session, listed, node});
  }
}

// Orders states that a user has of one instant: the one that the user was in before it comes first,
// the others in the order in which they can follow it. The last one lasts.
void order_of_one_instant(std::span<AgentState> states, std::string_view before) {
  // A user who works goes through the first four of them again and again.
  constexpr std::string_view order[] = {"ONLINE", "BEFORE_CALL", "ON_CALL",      "AFTER_CALL",
                                        "AWAY",   "BREAK",       "DISCONNECTED", "OFFLINE"};
  constexpr std::size_t working = 4;
  const auto place_in_order = [&](std::string_view kind) {
    const auto is = [&](std::string_view each) { return same_word(each, kind); };
    return static_cast<std::size_t>(std::find_if(std::begin(order), std::end(order), is) -
                                    std::begin(order));
  };
  const std::size_t start = std::min(place_in_order(before), working - 1);
  const auto key = [&](const AgentState& state) {
    const StateChange& change = state.change;
    std::size_t place = place_in_order(change.kind);
    if (same_word(change.kind, before))
      place = 0;
    else if (place < working)
      place = place > start ? place - start : place + working - start;
    return std::tuple(place, change.kind, change.break_name.empty(), change.break_name);
  };
  std::stable_sort(states.begin(), states.end(),
                   [&](const AgentState& a, const AgentState& b) { return key(a) < key(b); });
}

void map_agent_states(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  if (!wanted.table(Model::agent_states)) return;
  std::vector<AgentState> rows;
  for (const Record& record : records)
    if (const auto change = state_change_of(record)) rows.push_back({*change, change->changed, {}});
  std::stable_sort(rows.begin(), rows.end(), [](const AgentState& a, const AgentState& b) {
    if (!a.from || !b.from) return a.from.has_value() && !b.from;
    return *a.from < *b.from;
  });
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from + 1;
    while (to < rows.size() && rows[to].from == rows[from].from) ++to;
    if (rows[from].from)
      order_of_one_instant(std::span(rows).subspan(from, to - from),
                           from == 0 ? "" : rows[from - 1].change.kind);
    from = to;
  }
  // The list and the webhook report the same change, and one of them may not name the break.
  const auto same = [](const AgentState& a, const AgentState& b) {
    return a.from && a.from == b.from && same_word(a.change.kind, b.change.kind) &&
           (b.change.break_name.empty() || same_word(a.change.break_name, b.change.break_name));
  };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) rows[i].to = rows[i + 1].from;
  facts.identify("mluvii", records.front().source, "");
  for (const AgentState& row : rows) agent_state_map.add(facts, wanted, row);
}

}  // namespace

void map_records(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  if (records.empty()) return;
  const bool of_session = std::any_of(records.begin(), records.end(), [](const Record& record) {
    return record.resource->name != operator_state_resource &&
           (record.resource->name != webhook_resource || !session_of_webhook(record).empty());
  });
  if (of_session)
    map_session(records, wanted, facts);
  else
    map_agent_states(records, wanted, facts);
}

std::vector<MappingDoc> document_mapping() {
  constexpr Model filled[] = {Model::interactions, Model::dialogs,         Model::agent_events,
                              Model::queue_events, Model::customer_events, Model::queue_visits,
                              Model::recordings,   Model::state_durations, Model::agent_offers,
                              Model::wrap_ups};
  constexpr Model of_agents[] = {Model::agent_states};
  std::vector<MappingDoc> docs;
  document_identity(
      filled, Basis::reported,
      "id of the session; for records separate from it, their sessionId or the id in the file's "
      "path",
      docs);
  document_identity(of_agents, Basis::not_provided, "", docs);
  interaction_map.document(docs);
  document_states(Model::interactions, session_states, docs);
  docs.push_back(
      {Model::interactions, "handle_seconds", Basis::derived,
       "length + HOLD + the session's ACW, if there is a length; unknown parts count as 0. If "
       "length includes the hold, which is not published, the hold is counted twice: mapping notes "
       "such sessions"});
  dialog_map.document(docs);
  for (const auto& state : session_states)
    docs.push_back(
        {Model::dialogs, name_of(state.state).column, state.basis, "guest: as the interaction's"});
  document_states(Model::dialogs, agent_states, docs);
  agent_event_map.document(docs);
  queue_event_map.document(docs);
  customer_event_map.document(docs);
  queue_visit_map.document(docs);
  offer_map.document(docs);
  wrap_up_map.document(docs);
  recording_map.document(docs);
  agent_state_map.document(docs);
  for (const std::string_view column : {"agent_id", "state", "start_time", "end_time", "seconds"})
    docs.push_back({Model::state_durations, column, Basis::measured,
                    column == "seconds"
                        ? "the figures that interactions and cdr_dialog show; for an operator "
                          "over all stays"
                    : column == "agent_id" ? "userId; NULL for the session"
                    : column == "state"    ? "the FAQ's state"
                                           : "the instants in its formula; NULL for length"});
  docs.push_back({Model::state_durations, "basis", Basis::derived, "see each state's column"});
  return docs;
}

}  // namespace cdr::mluvii_api
