#include "vendors/ucontact/mapping.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/dictionary.hpp"
#include "core/text.hpp"
#include "vendors/contradiction.hpp"
#include "vendors/ucontact/call.hpp"
#include "vendors/ucontact/text.hpp"

namespace cdr::ucontact_api {
namespace {

// The legs of a call that the Queue application rang for one campaign.
struct Visit {
  std::string_view queue;
  const Call* call = nullptr;
  std::int64_t number = 0;
  const Leg* telling = nullptr;
  const Leg* asked = nullptr;  // the leg with an agent that came last
  const Leg* first = nullptr;
  const Leg* last = nullptr;
  const Leg* answered = nullptr;  // the leg answered first
  bool is_left = false;           // for another queue or agent, after its own last leg began
  std::optional<Instant> left;    // when

  std::string_view agent() const {
    if (answered != nullptr) return answered->agent_id;
    return asked != nullptr ? asked->agent_id : std::string_view();
  }
  // Whether the queue asked the leg's agent.
  bool has(const Leg& leg) const { return leg.is_of_queue() && leg.queue == queue; }
  // The customer of an outbound call does not wait from its beginning.
  bool has_wait() const { return call->direction != outbound; }
  std::optional<Instant> entered() const {
    if (!has_wait()) return std::nullopt;
    return number == 1 ? call->arrival : first->start;
  }
  std::optional<Instant> answer() const {
    return answered != nullptr ? answered->answer : std::nullopt;
  }
  // Answered, given up, or left.
  std::optional<Instant> ended() const {
    if (answered != nullptr) return answered->answer;
    return is_left ? left : call->end;
  }
  std::optional<Instant> dequeued() const { return has_wait() ? ended() : std::nullopt; }
  // `entered`, if it can be compared with the instants after it.
  std::optional<Instant> waits_from() const {
    return number == 1 && call->arrival_contradicts ? std::nullopt : entered();
  }
  std::optional<StateSpan> wait() const {
    return measured(waits_from(), dequeued(), Basis::derived);
  }
  std::string_view entry() const {
    const bool had_agent =
        std::any_of(call->in_talk.begin(), call->in_talk.end(), [&](const Leg* leg) {
          return leg->queue != queue && leg->answer && first->start && *leg->answer < *first->start;
        });
    return entry_of(number == 1, had_agent, false);
  }
};

// A customer who talks with an agent after a queue rang in vain has left the queue: when the agent's
// telephone began to ring, or was answered if it rang already.
void leave_for_agent(Visit& visit) {
  const auto& began = visit.last->start;
  if (visit.answered != nullptr || !began) return;
  const auto& in_turn = visit.call->in_turn;
  const auto next = std::find_if(
      std::lower_bound(
          in_turn.begin(), in_turn.end(), *began,
          [](const Leg* leg, Instant at) { return leg->answer && *leg->answer <= at; }),
      in_turn.end(), [&](const Leg* leg) { return leg->answer || began < leg->start; });
  if (next == in_turn.end()) return;
  const auto at = began < (*next)->start ? (*next)->start : (*next)->answer;
  if (!visit.left || at < visit.left) visit.left = at;
  visit.is_left = true;
}

std::vector<Visit> visits_of(const Call& call) {
  std::vector<Visit> visits;
  std::unordered_map<std::string_view, std::size_t> visit_of;  // by queue
  std::size_t now_in = 0;                                      // the visit of the leg before
  for (const Leg& leg : call.legs) {
    if (!leg.is_of_queue()) continue;
    const auto [known, is_new] = visit_of.try_emplace(leg.queue, visits.size());
    if (is_new) {
      Visit& made = visits.emplace_back();
      made.queue = leg.queue;
      made.call = &call;
      made.number = std::ssize(visits);
      made.telling = made.first = &leg;
    }
    Visit* const visit = &visits[known->second];
    if (leg.is_answered() &&
        (visit->answered == nullptr || (leg.answer && leg.answer < visit->answered->answer)))
      visit->answered = &leg;
    if (leg.rank() <= visit->telling->rank()) visit->telling = &leg;
    if (!leg.agent_id.empty()) visit->asked = &leg;
    visit->last = &leg;
    visit->is_left = false;
    visit->left.reset();
    if (now_in != known->second) {
      visits[now_in].is_left = true;
      visits[now_in].left = leg.start;
    }
    now_in = known->second;
  }
  for (Visit& visit : visits) leave_for_agent(visit);
  return visits;
}

bool comes_into_queue(const Call& call) {
  return call.direction != outbound &&
         std::any_of(call.legs.begin(), call.legs.end(),
                     [](const Leg& leg) { return leg.is_of_queue(); });
}

// The time in queues until the telephone that was answered rang; if none was answered, until the
// end.
std::optional<StateSpan> in_queue_of(const Call& call) {
  if (!comes_into_queue(call)) return std::nullopt;
  if (call.in_talk.empty()) return measured(call.waits_from(), call.end, Basis::derived);
  const Leg& first = *call.in_talk.front();
  return measured(call.waits_from(), first.start, Basis::derived);
}
// The time until the answer, or without an answer until the end.
std::optional<StateSpan> waiting_of(const Call& call) {
  if (!comes_into_queue(call)) return std::nullopt;
  return measured(call.waits_from(), call.in_talk.empty() ? call.end : call.answer, Basis::derived);
}

// The interaction rang until its first answer; ringing after a transfer belongs to the leg.
std::optional<StateSpan> ring_of(const Call& call) {
  return call.in_talk.empty() ? std::nullopt : call.in_talk.front()->ring;
}
std::optional<StateSpan> talk_of(const Call& call) {
  return together(call.in_talk, &Leg::active);
}
constexpr StateMapping<Call> call_states[] = {
    {State::in_queue, Basis::derived,
     "for a call that came into a queue: from its arrival (the second that linkedid begins with) "
     "to the calldate of the leg answered first, or to finishtime without one, including a menu "
     "before the queue. NULL where the company's side dials, and where the first calldate does not "
     "fit the arrival (before it, or an hour or more after it), because the zone may be wrong",
     in_queue_of},
    {State::waiting, Basis::derived,
     "for the same calls: from the arrival to the answer, or to finishtime without one; NULL where "
     "in_queue_seconds is",
     waiting_of},
    {State::ring, Basis::derived,
     "duration - billsec of the leg answered first, because billsec counts from the answer. NULL "
     "unless ANSWERED",
     ring_of},
    {State::active, Basis::reported,
     "billsec of the ANSWERED leg; for several legs, the time that they cover together (derived). "
     "A billsec longer than duration is kept if finishtime leaves room for it. NULL without one, "
     "and if it is negative or longer than the call (up to finishtime, or the leg's duration)",
     talk_of},
};

template <class Predicate>
bool any_leg(const Call& call, Predicate predicate) {
  return std::any_of(call.legs.begin(), call.legs.end(), predicate);
}

// A remark in `interactions.mapping`: its column, and when it holds. A remark without a column is a
// contradiction of the rows, whose values are kept.
struct Remark {
  std::string_view column;
  std::string_view text;
  bool (*holds)(const Call& call);
};
constexpr Remark remarks[] = {
    {"interaction_id", "linkedid: the rows have no guid",
     [](const Call& call) { return id_of(call.legs.front()["guid"]).empty(); }},
    {"direction", "from the campaign's suffix: no row's direction is inbound or outbound",
     [](const Call& call) {
       return call.direction != nullptr && !any_leg(call, [](const Leg& leg) {
                return direction_named(leg.text("direction")) != nullptr;
              });
     }},
    {"start_time", "a clock change leaves out a calldate: the instant of the change",
     [](const Call& call) {
       return any_leg(call, [](const Leg& leg) {
         const auto time = time_of(leg["calldate"], TimeForm::zoned, *leg.record->zone);
         return time && time->skipped;
       });
     }},
    {"customer_number", "the carrier's name: src names no number of the caller",
     [](const Call& call) {
       return call.direction == inbound && !customer_of(call).empty() &&
              customer_of(call) == word_of(call.field("carrier"));
     }},
    {"end_time", "calldate + duration: a row has no finishtime",
     [](const Call& call) {
       return any_leg(
           call, [&](const Leg& leg) { return !leg.finish && leg.end && leg.end == call.end; });
     }},
    {"active_seconds", "derived: what the answered legs cover together",
     [](const Call& call) { return call.in_talk.size() > 1; }},
    {"", "calldate does not fit the second that linkedid begins with: is the zone right?",
     [](const Call& call) { return call.arrival_contradicts; }},
    {"", "billsec above duration",
     [](const Call& call) {
       return any_leg(call, [](const Leg& leg) {
         return leg.billsec && leg.duration && *leg.duration >= 0 && *leg.billsec > *leg.duration;
       });
     }},
    {"", "duration is negative",
     [](const Call& call) {
       return any_leg(call, [](const Leg& leg) { return leg.duration && *leg.duration < 0; });
     }},
    {"", "finishtime before the end of the leg",
     [](const Call& call) {
       return any_leg(
           call, [](const Leg& leg) { return leg.finish && leg.end && *leg.finish < *leg.end; });
     }},
    {"", "direction against the campaign's suffix",
     [](const Call& call) {
       return any_leg(call, [](const Leg& leg) {
         const Direction* campaign = direction_of_campaign(leg.queue);
         return campaign != nullptr && campaign != leg.direction;
       });
     }},
};

// {"end_time":"…","contradictions":["…"]}
Value remarks_of(const Call& call, Arena& arena) {
  JsonObject notes;
  JsonList contradictions;
  for (const Remark& each : remarks) {
    if (!each.holds(call)) continue;
    if (each.column.empty())
      contradictions.add(each.text);
    else
      notes.add(each.column, each.text);
  }
  if (!contradictions.empty()) notes.add_json("contradictions", contradictions.text());
  Misfits misfits;
  for (const Leg& leg : call.legs) {
    if (leg.disposition != answered || !leg.billsec) continue;
    const auto seconds = static_cast<double>(*leg.billsec);
    if (seconds < 0 || !fits(seconds, leg.call_seconds()))
      misfits.add(State::active, seconds, leg.call_seconds(), leg.id);
  }
  return misfits.in(kept(notes.text(), arena), arena);
}

Value q850_text(std::optional<std::int64_t> cause) {
  return cause ? text_value(q850_name(*cause)) : Value();
}

constexpr auto interaction_map = mapping<Model::interactions, Call>({
    {"channel", Basis::derived,
     "'voice', because the records of the vendor's page are of telephone calls",
     [](const Call&, Arena&) { return Value::text("voice"); }},
    {"direction", Basis::reported,
     "direction; without it the campaign's suffix: <- in, -> out (derived)",
     [](const Call& call, Arena&) {
       return call.direction != nullptr ? Value::text(call.direction->name) : Value();
     }},
    {"start_time", Basis::reported,
     "earliest calldate, or the second that linkedid (without it uniqueid) begins with, if that is "
     "earlier and fits (derived), because the customer's channel was created then",
     [](const Call& call, Arena& arena) { return time_value(call.start, arena); }},
    {"queue_time", Basis::derived, "as the first queue visit's enqueue_time",
     [](const Call& call, Arena& arena) {
       return comes_into_queue(call) ? time_value(call.arrival, arena) : Value();
     }},
    {"answer_time", Basis::derived,
     "calldate + duration - billsec of the leg answered first: billsec counts from the answer",
     [](const Call& call, Arena& arena) { return time_value(call.answer, arena); }},
    {"end_time", Basis::reported,
     "latest finishtime; for a row without it calldate + duration (derived)",
     [](const Call& call, Arena& arena) { return time_value(call.end, arena); }},
    {"customer_number", Basis::derived,
     "src if inbound, dst if outbound: src is the calling number, dst the called number. NULL "
     "without a direction",
     [](const Call& call, Arena&) { return text_value(customer_of(call)); }},
    {"company_number", Basis::derived, "dst if inbound, src if outbound",
     [](const Call& call, Arena&) { return text_value(company_of(call)); }},
    {"first_queue_id", Basis::reported,
     "campaign of the first leg that has one; otherwise the first argument of Queue in lastdata. "
     "Consultations do not count",
     [](const Call& call, Arena&) { return text_value(first_queue(call)); }},
    {"first_queue_name", Basis::reported, "as first_queue_id, because a campaign's name is its id",
     [](const Call& call, Arena&) { return text_value(first_queue(call)); }},
    {"last_queue_id", Basis::reported,
     "campaign of the last leg that has one; otherwise the first argument of Queue in lastdata. "
     "Consultations do not count",
     [](const Call& call, Arena&) { return text_value(last_queue(call)); }},
    {"last_queue_name", Basis::reported, "as last_queue_id",
     [](const Call& call, Arena&) { return text_value(last_queue(call)); }},
    {"first_agent_id", Basis::derived,
     "interface of the agent's channel ('SIP/1111'), as campaignstatus names agents. The agent's "
     "channel is dstchannel, or channel in an outbound call that is not from a queue; never the "
     "carrier's channel",
     [](const Call& call, Arena&) {
       return call.offered.empty() ? Value() : Value::text(call.offered.front()->agent_id);
     }},
    {"first_agent_name", Basis::derived,
     "peeraccount, which in the rows of the vendor's page is the agent's account, where "
     "accountcode is 'Inbound'",
     [](const Call& call, Arena&) {
       return call.offered.empty() ? Value() : text_value(call.offered.front()->agent_name);
     }},
    {"last_agent_id", Basis::derived,
     "that of the row whose conversation ended last, or if several ended together, of the one "
     "answered last; without a conversation, that of the row that began last",
     [](const Call& call, Arena&) {
       const Leg* last = last_agent(call);
       return last != nullptr ? Value::text(last->agent_id) : Value();
     }},
    {"last_agent_name", Basis::derived, "peeraccount of that row",
     [](const Call& call, Arena&) {
       const Leg* last = last_agent(call);
       return last != nullptr ? text_value(last->agent_name) : Value();
     }},
    {"agent_count", Basis::derived, "distinct interfaces of agents in the rows",
     [](const Call& call, Arena&) { return Value::integer(std::ssize(agents_of(call))); }},
    {"dialog_count", Basis::derived, "one per row, and one for the customer",
     [](const Call& call, Arena&) { return Value::integer(std::ssize(call.legs) + 1); }},
    {"transfer_count", Basis::derived,
     "changes of agent from the ANSWERED leg that has the call to one that outlasts it; "
     "consultations and conferences inside another agent's conversation do not count",
     [](const Call& call, Arena&) { return Value::integer(transfers_of(call)); }},
    {"outcome", Basis::derived,
     "ANSWERED if a row with an agent's channel is. If only other rows are ANSWERED, by lastapp: "
     "VoiceMail VOICEMAIL, Queue ABANDONED_IN_QUEUE, Playback, BackGround and similar applications "
     "SELF_SERVICE (other applications ANSWERED, because they may have called somebody). Otherwise "
     "the most informative disposition, NO ANSWER first: inbound ABANDONED_IN_RING (an agent was "
     "rung; the rows do not say whether until the end), ABANDONED_IN_QUEUE (no agent was rung) or "
     "NO_ANSWER (no queue either: the menu), outbound NO_ANSWER; then BUSY; FAILED and CONGESTION "
     "as FAILED; UNKNOWN and other words as OTHER. If outbound, causecode adds to the disposition: "
     "21 REJECTED, 1, 3, 5, 20, 22, 27, 28 UNREACHABLE. A machine that answered is ANSWERED, "
     "because the rows do not distinguish it from a person",
     [](const Call& call, Arena&) {
       return text_value(outcome_of(*call.telling, call.direction));
     }},
    {"end_cause", Basis::reported, "disposition of the row that determines outcome",
     [](const Call& call, Arena&) { return text_value(call.telling->text("disposition")); }},
    {"hangup_cause", Basis::derived, "Q.850 name of causecode",
     [](const Call& call, Arena&) { return q850_text(integer_of(call.field("causecode"))); }},
    {"q850_cause", Basis::reported, "causecode of the row that determines outcome",
     [](const Call& call, Arena&) { return integer_value(integer_of(call.field("causecode"))); }},
    {"satisfaction", Basis::derived,
     "last rating other than 0 (unrated rows have 0); the vendor's page does not say who rates",
     [](const Call& call, Arena&) { return real_value(rating_of(call)); }},
    {"recording_count", Basis::derived,
     "1 if a row's type is 'record', because there is one file per guid",
     [](const Call& call, Arena&) { return Value::integer(is_recorded(call) ? 1 : 0); }},
    {"mapping", Basis::derived,
     "JSON: columns that were computed in another way, and contradictions in the rows", remarks_of},
});

// One party of a call: an agent's (one leg), or the customer's (all of them).
struct Side {
  const Call& call;
  const Leg* leg = nullptr;  // null: the customer's
  StateSpans states;

  Node field(std::string_view key) const { return leg != nullptr ? (*leg)[key] : call.field(key); }
  std::string_view text(std::string_view key) const { return word_of(field(key)); }
  std::string_view id() const { return leg != nullptr ? leg->id : call.id; }
  const Direction* direction() const { return leg != nullptr ? leg->direction : call.direction; }
  std::optional<Instant> start() const { return leg != nullptr ? leg->start : call.start; }
  std::optional<Instant> answer() const { return leg != nullptr ? leg->answer : call.answer; }
  std::string_view queue() const { return leg != nullptr ? leg->queue : first_queue(call); }
};

constexpr StateMapping<Side> side_states[] = {
    {State::in_queue, Basis::derived, "for the customer's side as the interaction",
     [](const Side& side) { return side.leg != nullptr ? std::nullopt : in_queue_of(side.call); }},
    {State::waiting, Basis::derived, "for the customer's side as the interaction",
     [](const Side& side) { return side.leg != nullptr ? std::nullopt : waiting_of(side.call); }},
    {State::ring, Basis::derived,
     "duration - billsec when ANSWERED; for the customer's side as the interaction",
     [](const Side& side) { return side.leg != nullptr ? side.leg->ring : ring_of(side.call); }},
    {State::active, Basis::reported,
     "billsec when ANSWERED; for the customer's side as the interaction",
     [](const Side& side) { return side.leg != nullptr ? side.leg->active : talk_of(side.call); }},
};

Value waiting_time(const Side& side, Arena&) {
  const auto from = side.leg != nullptr ? side.leg->start : side.call.waits_from();
  const auto span = measured(from, side.answer());
  return milliseconds(span ? std::optional(span->seconds) : std::nullopt);
}

Value list_of(std::span<const std::string_view> texts, Arena& arena) {
  JsonList list;
  for (const std::string_view text : texts) list.add(text);
  return kept(list.text(), arena);
}

Value linked_dialogs(const Side& side, Arena& arena) {
  if (side.call.legs.size() >= most_listed_sides) return {};
  std::vector<std::string_view> others;
  if (side.leg != nullptr) others.push_back(side.call.id);
  for (const Leg& leg : side.call.legs)
    if (&leg != side.leg) others.push_back(leg.id);
  return list_of(others, arena);
}

Value side_outcome(const Side& side, Arena&) {
  return side.leg != nullptr ? text_value(side.leg->side_outcome()) : Value();
}

Value side_variables(const Side& side, Arena& arena) {
  const std::string_view values = side.text("parandvalues");
  return values.empty() ? Value() : Value::text(arena.keep(kv_json(values)));
}

Value agent_of(const Side& side, std::string_view Leg::*what) {
  return side.leg != nullptr ? text_value(side.leg->*what) : Value();
}

constexpr auto dialog_map = mapping<Model::dialogs, Side>({
    {"dialog_id", Basis::derived,
     "agent's side: linkedid/uniqueid/sequence, the row's key; customer's side: the interaction_id",
     [](const Side& side, Arena&) { return text_value(side.id()); }},
    {"dialog_uuid", Basis::derived, "as dialog_id",
     [](const Side& side, Arena&) { return text_value(side.id()); }},
    {"dialog_type", Basis::derived, "CONSULTANT for each row, EXTERNAL once for the call",
     [](const Side& side, Arena&) {
       return Value::text(side.leg != nullptr ? "CONSULTANT" : "EXTERNAL");
     }},
    {"business_direction", Basis::reported, "direction; without it the campaign's suffix (derived)",
     [](const Side& side, Arena&) {
       return side.direction() != nullptr ? Value::text(side.direction()->name) : Value();
     }},
    {"from_display_target", Basis::reported, "src",
     [](const Side& side, Arena&) { return text_value(side.text("src")); }},
    {"to_display_target", Basis::reported, "dst",
     [](const Side& side, Arena&) { return text_value(side.text("dst")); }},
    {"start_time", Basis::reported, "calldate; for the customer's side the earliest",
     [](const Side& side, Arena& arena) { return time_value(side.start(), arena); }},
    {"hangup_time", Basis::derived,
     "agent's side: calldate + duration, because finishtime is that of the call; customer's side: "
     "the interaction's end_time",
     [](const Side& side, Arena& arena) {
       return time_value(side.leg != nullptr ? side.leg->end : side.call.end, arena);
     }},
    {"serve_time", Basis::derived, "calldate + duration - billsec when ANSWERED",
     [](const Side& side, Arena& arena) { return time_value(side.answer(), arena); }},
    {"talking_time", Basis::reported, "as active_seconds, in ms",
     [](const Side& side, Arena&) { return milliseconds(side.states.seconds(State::active)); }},
    {"answer_time", Basis::derived, "as serve_time",
     [](const Side& side, Arena& arena) { return time_value(side.answer(), arena); }},
    {"waiting_time", Basis::derived,
     "start_time to serve_time, in ms; for the customer's side NULL where "
     "interactions.in_queue_seconds is",
     waiting_time},
    {"initial_media", Basis::derived, "[\"audio\"], because the calls are telephone calls",
     [](const Side&, Arena&) { return Value::text(R"(["audio"])"); }},
    {"project", Basis::derived, "the campaign, uContact's project, as id and name",
     [](const Side& side, Arena& arena) {
       return kept(json_of({{"id", side.queue()}, {"name", side.queue()}}), arena);
     }},
    {"project_id_list", Basis::derived, "the campaign, uContact's project",
     [](const Side& side, Arena& arena) {
       const std::string_view queue = side.queue();
       return queue.empty() ? Value() : list_of({&queue, 1}, arena);
     }},
    {"tenant_user", Basis::derived,
     "the agent: interface of the channel as id, peeraccount as username and display_name",
     [](const Side& side, Arena& arena) {
       if (side.leg == nullptr) return Value();
       return kept(json_of({{"id", side.leg->agent_id},
                            {"username", side.leg->agent_name},
                            {"display_name", side.leg->agent_name}}),
                   arena);
     }},
    {"contact_id", Basis::reported, "contact",
     [](const Side& side, Arena&) { return text_value(side.text("contact")); }},
    {"note", Basis::reported, "note",
     [](const Side& side, Arena&) { return text_value(side.text("note")); }},
    {"variables", Basis::reported, "parandvalues as a JSON object", side_variables},
    {"operator_call_id", Basis::reported, "uniqueid, the telephony server's id of the channel",
     [](const Side& side, Arena&) { return text_value(side.text("uniqueid")); }},
    {"hangup_cause", Basis::derived, "Q.850 name of causecode",
     [](const Side& side, Arena&) { return q850_text(integer_of(side.field("causecode"))); }},
    {"end_cause", Basis::reported, "disposition; for the customer's side as the interaction",
     [](const Side& side, Arena&) { return text_value(side.text("disposition")); }},
    {"linked_dialogs", Basis::derived,
     "the call's other dialogs; NULL for a call with more than 1000 sides", linked_dialogs},
    {"project_id", Basis::derived, "the campaign, uContact's project",
     [](const Side& side, Arena&) { return text_value(side.queue()); }},
    {"project_name", Basis::derived, "the campaign",
     [](const Side& side, Arena&) { return text_value(side.queue()); }},
    {"tenant_user_id", Basis::derived,
     "interface of the agent's channel, as interactions.first_agent_id",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_id); }},
    {"tenant_user_username", Basis::derived, "peeraccount, as interactions.first_agent_name",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_name); }},
    {"agent_id", Basis::derived, "as tenant_user_id",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_id); }},
    {"agent_name", Basis::derived, "as tenant_user_username",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_name); }},
    {"tenant_user_display_name", Basis::derived, "as tenant_user_username",
     [](const Side& side, Arena&) { return agent_of(side, &Leg::agent_name); }},
    {"outcome", Basis::derived,
     "for a row with an agent by disposition: ANSWERED; NO ANSWER as NO_ANSWER, or as CANCELLED if "
     "a colleague's telephone that rang at the same time was answered, or the call ended "
     "(finishtime) when the ringing did; BUSY of an agent's telephone as REJECTED, FAILED and "
     "CONGESTION as FAILED. Where the agent dials, it is the customer's answer: BUSY as NO_ANSWER, "
     "with causecode 21 REJECTED. Otherwise NULL",
     side_outcome},
});

// How an agent's leg turned out, and at which instant.
struct LegEvent {
  const Leg* leg = nullptr;
  std::optional<Instant> at;
  std::int64_t seq = 0;
};
constexpr auto agent_event_map = mapping<Model::agent_events, LegEvent>({
    {"dialog_id", Basis::derived, "linkedid/uniqueid/sequence, the row's key",
     [](const LegEvent& event, Arena&) { return text_value(event.leg->id); }},
    {"agent_id", Basis::derived, "interface of the agent's channel, as interactions.first_agent_id",
     [](const LegEvent& event, Arena&) { return text_value(event.leg->agent_id); }},
    {"agent_name", Basis::derived, "peeraccount, as interactions.first_agent_name",
     [](const LegEvent& event, Arena&) { return text_value(event.leg->agent_name); }},
    {"queue_id", Basis::reported, "campaign",
     [](const LegEvent& event, Arena&) { return text_value(event.leg->queue); }},
    {"seq", Basis::derived, "by event_time",
     [](const LegEvent& event, Arena&) { return Value::integer(event.seq); }},
    {"event", Basis::reported, "disposition of the leg; one event per leg with an agent",
     [](const LegEvent& event, Arena&) {
       return text_value(event.leg->disposition != nullptr ? event.leg->disposition->word
                                                           : event.leg->text("disposition"));
     }},
    {"event_time", Basis::derived,
     "when that disposition began: ANSWERED at calldate + duration - billsec, others at the leg's "
     "end, calldate + duration",
     [](const LegEvent& event, Arena& arena) { return time_value(event.at, arena); }},
    {"duration_seconds", Basis::reported, "billsec when ANSWERED",
     [](const LegEvent& event, Arena&) {
       return event.leg->active ? Value::real(event.leg->active->seconds) : Value();
     }},
});

constexpr auto queue_visit_map = mapping<Model::queue_visits, Visit>({
    {"visit_no", Basis::derived,
     "by the first calldate; one visit per call and campaign that has rows with lastapp Queue, not "
     "counting rows that began and ended while another agent had the call (consultation)",
     [](const Visit& visit, Arena&) { return Value::integer(visit.number); }},
    {"queue_id", Basis::reported, "campaign; without it the first argument of Queue in lastdata",
     [](const Visit& visit, Arena&) { return text_value(visit.queue); }},
    {"queue_name", Basis::reported, "as queue_id",
     [](const Visit& visit, Arena&) { return text_value(visit.queue); }},
    {"entry", Basis::derived,
     "NEW for the first campaign, TRANSFER for another one after an agent had the call, otherwise "
     "OVERFLOW",
     [](const Visit& visit, Arena&) { return text_value(visit.entry()); }},
    {"enqueue_time", Basis::derived,
     "for the first visit the second that linkedid begins with, when the customer's channel was "
     "created (this counts a menu before the queue in); for a later visit, and where that second "
     "does not fit, its first calldate; NULL where the company's side dials",
     [](const Visit& visit, Arena& arena) { return time_value(visit.entered(), arena); }},
    {"dequeue_time", Basis::derived,
     "the answer of the leg answered first; otherwise when another queue's or agent's row after the "
     "visit's last one began, or finishtime. The rows do not distinguish waiting from ringing",
     [](const Visit& visit, Arena& arena) { return time_value(visit.dequeued(), arena); }},
    {"answer_time", Basis::derived, "calldate + duration - billsec of the leg answered first",
     [](const Visit& visit, Arena& arena) { return time_value(visit.answer(), arena); }},
    {"end_time", Basis::derived,
     "the answer of the leg answered first; otherwise when another queue's or agent's row after the "
     "visit's last one began, or finishtime",
     [](const Visit& visit, Arena& arena) { return time_value(visit.ended(), arena); }},
    {"wait_seconds", Basis::derived,
     "dequeue_time - enqueue_time, which includes agents' ringing and a menu before the queue. For "
     "the first visit NULL where interactions.in_queue_seconds is",
     [](const Visit& visit, Arena&) {
       const auto wait = visit.wait();
       return wait ? Value::real(wait->seconds) : Value();
     }},
    {"speed_of_answer_seconds", Basis::derived,
     "answer_time - enqueue_time; NULL where wait_seconds is",
     [](const Visit& visit, Arena&) {
       const auto span = measured(visit.waits_from(), visit.answer());
       return span ? Value::real(span->seconds) : Value();
     }},
    {"basis", Basis::derived, "derived: from the arrival and the legs",
     [](const Visit&, Arena&) { return Value::text(name_of(Basis::derived)); }},
    {"outcome", Basis::derived,
     "as the interaction's, from the visit's rows; NULL if it was not answered and another queue "
     "or a conversation outside it followed",
     [](const Visit& visit, Arena&) {
       if (!visit.telling->is_answered() && visit.is_left) return Value();
       return text_value(visit_outcome(outcome_of(*visit.telling, visit.call->direction)));
     }},
    {"agent_id", Basis::derived,
     "agent of the leg answered first, which ended the visit; without one, agent of the last row "
     "with an agent",
     [](const Visit& visit, Arena&) { return text_value(visit.agent()); }},
});

constexpr auto recording_map = mapping<Model::recordings, Call>({
    {"recording_id", Basis::reported, "guid: the recording is a file with that name",
     [](const Call& call, Arena&) { return text_value(call.id); }},
    {"dialog_id", Basis::derived, "the agent's side that determines outcome",
     [](const Call& call, Arena&) { return text_value(call.telling->id); }},
    {"media", Basis::derived, "'audio', because the calls are telephone calls",
     [](const Call&, Arena&) { return Value::text("audio"); }},
    {"urls", Basis::derived,
     "paths on the telephony or the backup host, which rows do not name: records/guid.mp3 and "
     "records/YYYYMMDD/guid.mp3 by the first calldate, each also as .gsm; see recording_urls()",
     [](const Call& call, Arena& arena) {
       return text_value(arena.keep(recording_paths(call.id, call.legs.front().text("calldate"))));
     }},
});

void add_dialogs(const Call& call, const Wanted& wanted, Facts& facts) {
  const auto add = [&](const Leg* leg) {
    Side side{call, leg, {}};
    side.states = spans_of(side_states, side);
    facts.set_states(dialog_map.add(facts, wanted, side), side.states);
  };
  add(nullptr);
  for (const Leg& leg : call.legs) add(&leg);
}

void add_agent_events(const Call& call, const Wanted& wanted, Facts& facts) {
  std::vector<LegEvent> events;
  for (const Leg& leg : call.legs)
    if (!leg.agent_id.empty() && !leg.text("disposition").empty())
      events.push_back({&leg, leg.is_answered() ? leg.answer : leg.end});
  std::stable_sort(events.begin(), events.end(), [](const LegEvent& a, const LegEvent& b) {
    return a.at && (!b.at || *a.at < *b.at);
  });
  for (LegEvent& event : events) {
    event.seq = &event - events.data() + 1;
    agent_event_map.add(facts, wanted, event);
  }
}

// An agent's telephone was rung. An agent who dials was not asked.
struct OfferRow {
  const Leg& leg;
  std::int64_t visit;  // 0: none
  std::int64_t number;

  std::optional<Instant> ended() const { return leg.is_answered() ? leg.answer : leg.end; }
};

constexpr auto offer_map = mapping<Model::agent_offers, OfferRow>({
    {"dialog_id", Basis::derived, "linkedid/uniqueid/sequence, the row's key",
     [](const OfferRow& row, Arena&) { return text_value(row.leg.id); }},
    {"agent_id", Basis::derived, "interface of the agent's channel, as interactions.first_agent_id",
     [](const OfferRow& row, Arena&) { return text_value(row.leg.agent_id); }},
    {"agent_name", Basis::derived, "peeraccount, as interactions.first_agent_name",
     [](const OfferRow& row, Arena&) { return text_value(row.leg.agent_name); }},
    {"visit_no", Basis::derived,
     "the visit of the row's campaign; NULL for an agent who was called only while another agent "
     "had the call (consultation, conference)",
     [](const OfferRow& row, Arena&) {
       return row.visit > 0 ? Value::integer(row.visit) : Value();
     }},
    {"queue_id", Basis::reported, "campaign",
     [](const OfferRow& row, Arena&) { return text_value(row.leg.queue); }},
    {"offer_no", Basis::derived, "by calldate",
     [](const OfferRow& row, Arena&) { return Value::integer(row.number); }},
    {"offer_time", Basis::reported, "calldate of a row whose agent was called",
     [](const OfferRow& row, Arena& arena) { return time_value(row.leg.start, arena); }},
    {"end_time", Basis::derived,
     "ANSWERED: calldate + duration - billsec; otherwise calldate + duration",
     [](const OfferRow& row, Arena& arena) { return time_value(row.ended(), arena); }},
    {"ring_seconds", Basis::derived, "end_time - offer_time",
     [](const OfferRow& row, Arena&) {
       const auto span = measured(row.leg.start, row.ended());
       return span ? Value::real(span->seconds) : Value();
     }},
    {"outcome", Basis::derived, "as cdr_dialog.outcome of the row",
     [](const OfferRow& row, Arena&) { return text_value(row.leg.side_outcome()); }},
    {"basis", Basis::derived, "derived: from the row's durations",
     [](const OfferRow&, Arena&) { return Value::text(name_of(Basis::derived)); }},
});

void add_offers(const Call& call, const Wanted& wanted, Facts& facts) {
  const std::vector<Visit> visits = visits_of(call);
  std::int64_t number = 0;
  for (const Leg& leg : call.legs) {
    if (leg.agent_id.empty() || (leg.direction == outbound && !leg.in_queue)) continue;
    std::int64_t of = 0;
    for (const Visit& visit : visits)
      if (visit.has(leg)) of = visit.number;
    offer_map.add(facts, wanted, OfferRow{leg, of, ++number});
  }
}

// A level of a disposition that an agent gave the call.
struct WrapUp {
  const Call& call;
  const Record& record;
  std::int64_t level;

  std::string_view text(std::string_view key) const { return word_of(record.root[key]); }
  // The row of the agent who gave it, by the account's name or the agent's id.
  const Leg* leg() const {
    const std::string_view agent = text("agent");
    const Leg* found = nullptr;
    for (const Leg& each : call.legs) {
      if (agent.empty() || each.agent_id.empty()) continue;
      if (!same_word(each.agent_name, agent) && !same_word(each.agent_id, agent)) continue;
      if (found == nullptr || (each.is_answered() && !found->is_answered())) found = &each;
    }
    return found;
  }
};
constexpr std::string_view levels[] = {"l1", "l2", "l3"};

constexpr auto wrap_up_map = mapping<Model::wrap_ups, WrapUp>({
    {"dialog_id", Basis::derived, "the row of that agent",
     [](const WrapUp& row, Arena&) {
       const Leg* const leg = row.leg();
       return leg != nullptr ? text_value(leg->id) : Value();
     }},
    {"agent_id", Basis::derived,
     "agent of the disposition: the agent_id of the call's row with that peeraccount, otherwise "
     "agent itself",
     [](const WrapUp& row, Arena&) {
       const Leg* const leg = row.leg();
       return text_value(leg != nullptr ? leg->agent_id : row.text("agent"));
     }},
    {"level", Basis::reported, "1, 2 or 3 for l1, l2 or l3, if given",
     [](const WrapUp& row, Arena&) { return Value::integer(row.level); }},
    {"name", Basis::reported, "l1, l2, l3",
     [](const WrapUp& row, Arena&) {
       return text_value(row.text(levels[static_cast<std::size_t>(row.level - 1)]));
     }},
    {"comment", Basis::reported, "comment of the disposition, on level 1",
     [](const WrapUp& row, Arena&) {
       return row.level == 1 ? text_value(row.text("comment")) : Value();
     }},
});

void add_wrap_ups(const Call& call, std::span<const Record> records, const Wanted& wanted,
                  Facts& facts) {
  for (const Record& record : records) {
    if (record.resource->name != "disposition") continue;
    for (std::int64_t level = 1; level <= std::ssize(levels); ++level)
      if (!word_of(record.root[levels[static_cast<std::size_t>(level - 1)]]).empty())
        wrap_up_map.add(facts, wanted, WrapUp{call, record, level});
  }
}

void add_state_durations(const Call& call, const StateSpans& of_call, Facts& facts) {
  facts.add_states("", of_call);
  std::unordered_map<std::string_view, std::vector<const Leg*>> legs_of;
  for (const Leg* leg : call.in_talk) legs_of[leg->agent_id].push_back(leg);
  for (const std::string_view agent : agents_of(call)) {
    const std::vector<const Leg*>& legs = legs_of[agent];
    StateSpans states;
    states[State::ring] = together(legs, &Leg::ring);
    states[State::active] = together(legs, &Leg::active);
    facts.add_states(agent, states);
  }
}

// Columns that are filled without a table of columns.
constexpr MappingDoc other_columns[] = {
    {Model::interactions, "handle_seconds", Basis::derived,
     "active_seconds, because the rows do not give hold and after-call work"},
    {Model::state_durations, "agent_id", Basis::derived,
     "interface of the agent's channel, as interactions.first_agent_id"},
    {Model::state_durations, "state", Basis::derived,
     "IN_QUEUE, WAITING, RING and ACTIVE; the records contain no other state"},
    {Model::state_durations, "start_time", Basis::derived,
     "IN_QUEUE, WAITING: the arrival; RING: calldate; ACTIVE: calldate + duration - billsec"},
    {Model::state_durations, "end_time", Basis::derived,
     "IN_QUEUE: calldate of the leg answered first, otherwise finishtime; WAITING, RING: calldate "
     "+ duration - billsec (WAITING otherwise finishtime); ACTIVE: calldate + duration"},
    {Model::state_durations, "seconds", Basis::reported,
     "ACTIVE: billsec when ANSWERED; RING: duration - billsec when ANSWERED (derived); for several "
     "legs the time that they cover together (derived); IN_QUEUE, WAITING: the difference "
     "(derived)"},
    {Model::state_durations, "basis", Basis::derived, "basis of seconds"},
};

// The tables that have rows of uContact's.
constexpr Model filled[] = {Model::interactions, Model::dialogs,         Model::agent_events,
                            Model::queue_visits, Model::state_durations, Model::recordings,
                            Model::agent_offers, Model::wrap_ups};

}  // namespace

void map_records(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  if (std::none_of(std::begin(filled), std::end(filled),
                   [&](Model model) { return wanted.table(model); }))
    return;
  const std::optional<Call> found = call_of(records, facts.arena());
  if (!found) return;
  const Call& call = *found;
  const StateSpans states = spans_of(call_states, call);
  facts.identify("ucontact", records.front().source, call.id);
  if (wanted.table(Model::interactions))
    facts.set_states(interaction_map.add(facts, wanted, call), states);
  if (wanted.table(Model::dialogs)) add_dialogs(call, wanted, facts);
  if (wanted.table(Model::agent_events)) add_agent_events(call, wanted, facts);
  if (wanted.table(Model::queue_visits))
    for (const Visit& visit : visits_of(call)) queue_visit_map.add(facts, wanted, visit);
  if (wanted.table(Model::agent_offers)) add_offers(call, wanted, facts);
  if (wanted.table(Model::wrap_ups)) add_wrap_ups(call, records, wanted, facts);
  if (wanted.table(Model::state_durations)) add_state_durations(call, states, facts);
  if (wanted.table(Model::recordings) && is_recorded(call)) recording_map.add(facts, wanted, call);
}

std::vector<MappingDoc> documentation() {
  std::vector<MappingDoc> docs;
  document_identity(filled, Basis::reported, "guid; without it linkedid (derived)", docs);
  interaction_map.document(docs);
  document_states(Model::interactions, call_states, docs);
  dialog_map.document(docs);
  document_states(Model::dialogs, side_states, docs);
  agent_event_map.document(docs);
  queue_visit_map.document(docs);
  offer_map.document(docs);
  wrap_up_map.document(docs);
  recording_map.document(docs);
  docs.insert(docs.end(), std::begin(other_columns), std::end(other_columns));
  return docs;
}

}  // namespace cdr::ucontact_api
