// Alibaba's mapping into the model, as data.
//
// How a call becomes dialogs: <ContactId>/customer is the customer's side (EXTERNAL; a call between
// agents that names no customer has none). <ContactId>/agent/N (CONSULTANT) is the N-th entry of
// AgentEvents by its first event, so an agent who had the call twice has two. Lists name their
// agents without saying what each did, and their ids and names need not align. They therefore give
// no CONSULTANT dialogs (except the oldest, whose Agents have figures), and they give the first and
// last agent only if there is just one.
//
// Get's answer and the list's element for one call are two records of one interaction: the vendor's
// figures come from the list, the events from Get, and other fields from Get before the list.
// call.hpp says which data describes a call, and how it is read.
//
// The column `mapping` of interactions may contain:
//   "contradictions": release_before_start; events_outside_call (an event over a second before
//     StartTime or after ReleaseTime); call_duration_differs_from_times (CallDuration fits neither
//     ReleaseTime − StartTime nor ReleaseTime − EstablishedTime); event_duration_does_not_fit (a
//     Ringing or Established that no event ends has a Duration that is not above 0, or that ends
//     after the call or before the customer gave up: the end is then the customer's or the call's);
//     figures_longer_than_call (IvrTime, QueueTime and TalkTime of an inbound call follow each
//     other, and are longer together than from StartTime to ReleaseTime; or QueueTime and RingTime
//     are, whose sum would be the wait. What would be after the end is NULL)
//   "reported_differs_from_events": states whose reported figure is over a second from the events'
//   "detail_differs_from_summary": fields on which Get and the list disagree
//   "ring_seconds": "customer", if no agent's phone rang and the customer's did
//   "outcome": "conversation", if an agent had talked although the disposition is another
//   "queue_visits": "several skill groups in a list", whose visit has no queue
//   "answer_time": "EstablishedTime" or "StartTime + IvrTime + QueueTime + RingTime", if that was
//     used instead
//   "end_time": "StartTime + Duration", if that was used instead
#include "vendors/alibaba/mapping.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/text.hpp"
#include "core/word.hpp"
#include "vendors/element.hpp"
#include "vendors/vendor.hpp"

namespace cdr::alibaba_api {
namespace {

constexpr std::string_view vendor_name = "alibaba";

// --- Interactions

constexpr StateMapping<Call> interaction_states[] = {
    {State::ivr, Basis::reported,
     "IvrTime; otherwise measured: each Route2IVR of the main flow to Enqueue, Abandoned or the "
     "hang-up (derived: to an agent's first event, without a queue)",
     [](const Call& call) { return call.best(State::ivr); }},
    {State::in_queue, Basis::reported,
     "QueueTime; otherwise measured: each Enqueue to the agent's Ringing (without it AssignAgent), "
     "Abandoned, QueueingTimeout or QueueingOverflow (derived: the time between two rings of one "
     "visit); in the oldest lists the sum of Agents[].QueueTime",
     [](const Call& call) { return call.best(State::in_queue); }},
    {State::waiting, Basis::reported,
     "WaitTime; otherwise derived by the vendor's definition: queue + ring, 0 when abandoned while "
     "waiting; not where the company's side dials, nor while an agent's phone still rings",
     [](const Call& call) { return call.waiting(); }},
    {State::ring, Basis::reported,
     "RingTime; otherwise measured: agents' Ringing to Established, Released or GiveUp, outside of "
     "conversations; derived where the company's side dials and no agent's phone rang: the "
     "customer's ringing; in the oldest lists the sum of Agents[].RingTime",
     [](const Call& call) { return call.best(State::ring); }},
    {State::active, Basis::reported,
     "TalkTime; otherwise measured: agents' Established to Released, but not before the customer's "
     "Established where the company's side dials (without that event, derived, not before "
     "EstablishedTime); in the oldest lists the sum of Agents[].TalkTime. NULL without a figure "
     "and without an agent's Established. CallDuration is the call's length, not talk",
     [](const Call& call) { return call.best(State::active); }},
    {State::hold, Basis::reported,
     "HeldTime; in the oldest lists the sum of Agents[].HoldTime; the events do not show holding",
     [](const Call& call) { return call.best(State::hold); }},
    {State::acw, Basis::reported,
     "in the oldest lists the sum of Agents[].WorkTime; other records of calls do not have it",
     [](const Call& call) { return call.best(State::acw); }},
};

std::string_view channel_of(const Call& call) {
  const std::string_view media = call.text("MediaType");
  if (same_word(media, "CHAT")) return "chat";
  if (same_word(media, "VIDEO")) return "video";
  return media.empty() || same_word(media, "AUDIO") ? "voice" : media;
}

std::string_view queue_id(const Call& call, const QueueVisit* visit) {
  return visit != nullptr ? visit->queue->text("QueueId")
                          : only_one(text_of(call.field({"SkillGroupIds", "SkillGroupIdList"})));
}
std::string_view queue_name(const Call& call, const QueueVisit* visit) {
  return visit != nullptr ? visit->queue->text("QueueName")
                          : only_one(call.text("SkillGroupNames"));
}
const QueueVisit* first_visit(const Call& call) {
  return call.visits.empty() ? nullptr : &call.visits.front();
}
const QueueVisit* last_visit(const Call& call) {
  return call.visits.empty() ? nullptr : &call.visits.back();
}

std::optional<Instant> queue_time(const Call& call) {
  if (!call.visits.empty()) return call.visits.front().enqueued;
  return call.listed_visit ? call.listed_visit->enqueued : std::nullopt;
}

std::string_view agent_id(const Call& call, const Side* side) {
  if (side != nullptr) return side->id;
  return call.agent_ids.size() == 1 ? call.agent_ids.front() : std::string_view();
}
std::string_view agent_name(const Call& call, const Side* side) {
  if (side != nullptr) return side->name;
  return call.agent_names.size() == 1 ? call.agent_names.front() : std::string_view();
}

bool has_customer(const Call& call) {
  return !call.type->between_agents || !call.customers.empty();
}
std::int64_t dialog_count(const Call& call) {
  return static_cast<std::int64_t>(call.sides.size()) + (has_customer(call) ? 1 : 0);
}

std::string_view released_side(const Call& call) {
  const std::string_view by = call.text("ReleaseInitiator");
  if (same_word(by, "customer")) return "CUSTOMER";
  if (same_word(by, "agent")) return "AGENT";
  return by.empty() ? "" : "SYSTEM";
}

Value mapping_note(const Call& call, Arena& arena) {
  return call.misfits.in(kept(call.notes.text(), arena), arena);
}

constexpr auto interaction_map = mapping<Model::interactions, Call>({
    {"channel", Basis::derived,
     "MediaType; voice without it, because the records are of phone calls",
     [](const Call& call, Arena&) { return text_value(channel_of(call)); }},
    {"direction", Basis::derived,
     "ContactType: INBOUND, OUTBOUND and INTERNAL as they are; PREDICTIVE, BACK2BACK and "
     "PRIVACY_DIAL are OUTBOUND because the company's side dials; CONFERENCE and unknown types are "
     "NULL",
     [](const Call& call, Arena&) { return text_value(call.type->direction); }},
    {"start_time", Basis::reported, "StartTime",
     [](const Call& call, Arena& arena) { return time_value(call.start, arena); }},
    {"queue_time", Basis::measured,
     "the first Enqueue; with lists alone (derived) the queue visit's enqueue_time",
     [](const Call& call, Arena& arena) { return time_value(queue_time(call), arena); }},
    {"answer_time", Basis::measured,
     "the first agent's Established; where the company's side dials, not before the customer's "
     "Established. In answered calls without those events (derived) EstablishedTime; for inbound "
     "calls, where that is before the menu, in lists the answer_time of their visit",
     [](const Call& call, Arena& arena) { return time_value(call.answer, arena); }},
    {"end_time", Basis::reported, "ReleaseTime; in the oldest lists (derived) StartTime + Duration",
     [](const Call& call, Arena& arena) { return time_value(call.release, arena); }},
    {"customer_number", Basis::derived,
     "CallingNumber, or CalledNumber where the company's side dials; otherwise the first "
     "CustomerId",
     [](const Call& call, Arena&) { return text_value(call.customer_number()); }},
    {"company_number", Basis::derived,
     "CalledNumber, or CallingNumber where the company's side dials",
     [](const Call& call, Arena&) { return text_value(call.company_number()); }},
    {"first_queue_id", Basis::measured,
     "QueueId of the first Enqueue; otherwise SkillGroupIds if it names only one",
     [](const Call& call, Arena&) { return text_value(queue_id(call, first_visit(call))); }},
    {"first_queue_name", Basis::measured,
     "QueueName of the first Enqueue; otherwise SkillGroupNames if it names only one",
     [](const Call& call, Arena&) { return text_value(queue_name(call, first_visit(call))); }},
    {"last_queue_id", Basis::measured,
     "QueueId of the last Enqueue; otherwise SkillGroupIds if it names only one",
     [](const Call& call, Arena&) { return text_value(queue_id(call, last_visit(call))); }},
    {"last_queue_name", Basis::measured,
     "QueueName of the last Enqueue; otherwise SkillGroupNames if it names only one",
     [](const Call& call, Arena&) { return text_value(queue_name(call, last_visit(call))); }},
    {"first_agent_id", Basis::measured,
     "AgentEvents: the first agent in conversation, otherwise the first of all; without them "
     "AgentIds if it names only one",
     [](const Call& call, Arena&) { return text_value(agent_id(call, call.first_side())); }},
    {"first_agent_name", Basis::measured,
     "AgentName of that entry; otherwise AgentNames if it names only one",
     [](const Call& call, Arena&) { return text_value(agent_name(call, call.first_side())); }},
    {"last_agent_id", Basis::measured,
     "AgentEvents: the agent whose conversation ended last (if several ended together, the one who "
     "came last); without a conversation the last of all; without AgentEvents AgentIds if it names "
     "only one",
     [](const Call& call, Arena&) { return text_value(agent_id(call, call.last_side())); }},
    {"last_agent_name", Basis::measured,
     "AgentName of that entry; otherwise AgentNames if it names only one",
     [](const Call& call, Arena&) { return text_value(agent_name(call, call.last_side())); }},
    {"agent_count", Basis::derived,
     "distinct ids of AgentIds and AgentEvents together; in the oldest lists, without ids, "
     "distinct AgentNames",
     [](const Call& call, Arena&) {
       const auto& agents = call.agent_ids.empty() ? call.agent_names : call.agent_ids;
       return Value::integer(static_cast<std::int64_t>(agents.size()));
     }},
    {"dialog_count", Basis::derived, "the customer's side and one per entry of AgentEvents",
     [](const Call& call, Arena&) { return Value::integer(dialog_count(call)); }},
    {"transfer_count", Basis::derived,
     "TransferCount; otherwise each BlindTransfer, and the last Consulting of an agent who then "
     "left without a BlindTransfer while another agent went on talking",
     [](const Call& call, Arena&) { return integer_value(call.transfers()); }},
    {"outcome", Basis::derived,
     "ANSWERED if an agent or a supervisor who joined in had a conversation, by events or TalkTime; "
     "otherwise by ContactDisposition: Success ANSWERED if an agent is named at all, without one "
     "SELF_SERVICE for an inbound call that was in the IVR and in no queue, else OTHER; Voicemail "
     "VOICEMAIL, QueuingTimeout (QueueOverflow of the older pages) QUEUE_TIMEOUT, QueuingOverflow "
     "QUEUE_OVERFLOW, QueuingFailed QUEUE_FAILED, AbandonedInRing (AbandonedRing) "
     "ABANDONED_IN_RING, AbandonedInQueue ABANDONED_IN_QUEUE, AbandonedInIVR, "
     "AbandonedInVoiceNavigator and AbandonedInContactFlow ABANDONED_IN_IVR, IVRException FAILED, "
     "Reject (Rejected) REJECTED, Busy BUSY, ForwardToOutsideNumber and OneStepTransfer FORWARDED; "
     "NoAnswer by EarlyMediaState, Busy BUSY, NotExist, OutOfService, PowerOff, Restricted and "
     "NotConnected UNREACHABLE, else by the SIP code of ReleaseReason, 486 and 600 BUSY, 404, 410, "
     "484 and 604 UNREACHABLE, 603 REJECTED, else NO_ANSWER; another word OTHER; NULL without one",
     [](const Call& call, Arena&) { return text_value(call.outcome); }},
    {"released_by", Basis::reported, "ReleaseInitiator",
     [](const Call& call, Arena&) { return text_value(call.text("ReleaseInitiator")); }},
    {"released_side", Basis::derived,
     "ReleaseInitiator: customer CUSTOMER, agent AGENT, any other word SYSTEM",
     [](const Call& call, Arena&) { return text_value(released_side(call)); }},
    {"end_cause", Basis::reported, "ContactDisposition",
     [](const Call& call, Arena&) { return text_value(call.text("ContactDisposition")); }},
    {"hangup_cause", Basis::reported, "ReleaseReason",
     [](const Call& call, Arena&) { return text_value(call.text("ReleaseReason")); }},
    {"sip_code", Basis::reported, "the number that ReleaseReason begins with",
     [](const Call& call, Arena&) { return integer_value(call.sip_code()); }},
    {"satisfaction", Basis::reported, "Satisfaction, in lists SatisfactionIndex",
     [](const Call& call, Arena&) {
       return real_value(real_of(call.field({"Satisfaction", "SatisfactionIndex"})));
     }},
    {"recording_count", Basis::reported,
     "number of different elements in Recordings of the oldest lists; RecordingReady alone does not "
     "say how many there are",
     [](const Call& call, Arena&) {
       const Node recordings = call.field({"Recordings"});
       const Node list = list_of(recordings);
       return list.is_array() ? Value::integer(std::ssize(distinct_objects_of(list))) : Value();
     }},
    {"mapping", Basis::derived, "how figures were computed in another way, and contradictions",
     [](const Call& call, Arena& arena) { return mapping_note(call, arena); }},
});

// --- Dialogs

std::string_view external_id(const Call& call, Arena& arena) {
  return arena.keep(std::string(call.id) + "/customer");
}

// JSON list of the call's other dialogs. Each dialog names all others, so a call that claims
// hundreds of agents gets none; interaction_id connects its dialogs just as well.
Value linked(const Call& call, const Side* own, Arena& arena) {
  constexpr std::size_t most = 200;
  if (call.sides.size() > most) return {};
  JsonList others;
  if (own != nullptr && has_customer(call)) others.add(external_id(call, arena));
  for (const Side& side : call.sides)
    if (&side != own) others.add(side.dialog_id);
  return kept(others.text(), arena);
}

Value milliseconds_between(std::optional<Instant> from, std::optional<Instant> to) {
  return from && to && !(*to < *from) ? milliseconds(seconds_between(*from, *to)) : Value();
}

std::string_view business_direction(const Call& call) {
  return call.type->between_agents ? std::string_view() : call.type->direction;
}

std::optional<Instant> first_of_customer(const Call& call, Happening what) {
  std::optional<Instant> first;
  for (const Entry& customer : call.customers)
    if (const auto at = customer.first(what); at && (!first || *at < *first)) first = at;
  return first;
}

constexpr auto external_map = mapping<Model::dialogs, Call>({
    {"dialog_id", Basis::derived, "EXTERNAL: ContactId + '/customer'",
     [](const Call& call, Arena& arena) { return Value::text(external_id(call, arena)); }},
    {"dialog_type", Basis::derived, "EXTERNAL: the customer's side",
     [](const Call&, Arena&) { return Value::text("EXTERNAL"); }},
    {"business_direction", Basis::derived, "EXTERNAL: as the interaction's direction",
     [](const Call& call, Arena&) { return text_value(business_direction(call)); }},
    {"from_display_target", Basis::reported, "EXTERNAL: CallingNumber",
     [](const Call& call, Arena&) { return text_value(call.text("CallingNumber")); }},
    {"to_display_target", Basis::reported, "EXTERNAL: CalledNumber",
     [](const Call& call, Arena&) { return text_value(call.text("CalledNumber")); }},
    {"start_time", Basis::reported, "EXTERNAL: StartTime",
     [](const Call& call, Arena& arena) { return time_value(call.start, arena); }},
    {"hangup_time", Basis::measured, "EXTERNAL: the customer's Released, otherwise ReleaseTime",
     [](const Call& call, Arena& arena) { return time_value(call.customer_released(), arena); }},
    {"serve_time", Basis::measured, "EXTERNAL: as the interaction's answer_time",
     [](const Call& call, Arena& arena) { return time_value(call.answer, arena); }},
    {"talking_time", Basis::reported, "EXTERNAL: as the interaction's active_seconds, ms",
     [](const Call& call, Arena&) {
       const auto& talk = call.best(State::active);
       return talk ? milliseconds(talk->seconds) : Value();
     }},
    {"alert_time", Basis::measured, "EXTERNAL: the customer's Ringing",
     [](const Call& call, Arena& arena) {
       return time_value(first_of_customer(call, Happening::ringing), arena);
     }},
    {"answer_time", Basis::measured,
     "EXTERNAL: the customer's Established, which inbound calls do not have",
     [](const Call& call, Arena& arena) {
       return time_value(first_of_customer(call, Happening::established), arena);
     }},
    {"waiting_time", Basis::derived, "EXTERNAL: from StartTime to serve_time, ms",
     [](const Call& call, Arena&) { return milliseconds_between(call.start, call.answer); }},
    {"first_queue_waiting_time", Basis::measured, "EXTERNAL: the first queue visit's wait, ms",
     [](const Call& call, Arena&) {
       if (call.listed_visit && call.listed_visit->wait)
         return milliseconds(*call.listed_visit->wait);
       if (call.visits.empty()) return Value();
       const auto wait = call.visits.front().wait();
       return wait ? milliseconds(wait->seconds) : Value();
     }},
    {"anonymous", Basis::derived, "EXTERNAL: the customer's number as display_name",
     [](const Call& call, Arena& arena) {
       return kept(json_of({{"display_name", call.customer_number()}}), arena);
     }},
    {"anonymous_display_name", Basis::derived, "EXTERNAL: the customer's number",
     [](const Call& call, Arena&) { return text_value(call.customer_number()); }},
    {"hangup_cause", Basis::reported, "EXTERNAL: ReleaseReason",
     [](const Call& call, Arena&) { return text_value(call.text("ReleaseReason")); }},
    {"end_cause", Basis::reported, "EXTERNAL: ContactDisposition",
     [](const Call& call, Arena&) { return text_value(call.text("ContactDisposition")); }},
    {"linked_dialogs", Basis::derived, "EXTERNAL: the call's other dialogs",
     [](const Call& call, Arena& arena) { return linked(call, nullptr, arena); }},
});

struct SideOfCall {
  const Call& call;
  const Side& side;
  StateSpans states = side.states();
};

constexpr StateMapping<SideOfCall> side_states[] = {
    {State::in_queue, Basis::measured,
     "CONSULTANT: the time that the customer spent in the queue until this agent's phone rang; in "
     "the oldest lists Agents[].QueueTime (reported)",
     [](const SideOfCall& of) { return of.states[State::in_queue]; }},
    {State::ring, Basis::measured,
     "CONSULTANT: this agent's Ringing to Established, Released or GiveUp; in the oldest lists "
     "Agents[].RingTime (reported)",
     [](const SideOfCall& of) { return of.states[State::ring]; }},
    {State::active, Basis::measured,
     "CONSULTANT: this agent's conversation, as the interaction's; in the oldest lists "
     "Agents[].TalkTime (reported)",
     [](const SideOfCall& of) { return of.states[State::active]; }},
    {State::hold, Basis::reported, "CONSULTANT: Agents[].HoldTime of the oldest lists",
     [](const SideOfCall& of) { return of.states[State::hold]; }},
    {State::acw, Basis::reported, "CONSULTANT: Agents[].WorkTime of the oldest lists",
     [](const SideOfCall& of) { return of.states[State::acw]; }},
};

constexpr auto consultant_map = mapping<Model::dialogs, SideOfCall>({
    {"dialog_id", Basis::derived,
     "CONSULTANT: ContactId + '/agent/' + the position of the entry of AgentEvents by first event",
     [](const SideOfCall& of, Arena&) { return Value::text(of.side.dialog_id); }},
    {"dialog_type", Basis::derived, "CONSULTANT: an agent's side",
     [](const SideOfCall&, Arena&) { return Value::text("CONSULTANT"); }},
    {"business_direction", Basis::derived, "CONSULTANT: as the interaction's direction",
     [](const SideOfCall& of, Arena&) { return text_value(business_direction(of.call)); }},
    {"from_display_target", Basis::reported, "CONSULTANT: CallingNumber",
     [](const SideOfCall& of, Arena&) { return text_value(of.call.text("CallingNumber")); }},
    {"to_display_target", Basis::reported, "CONSULTANT: CalledNumber",
     [](const SideOfCall& of, Arena&) { return text_value(of.call.text("CalledNumber")); }},
    {"start_time", Basis::measured, "CONSULTANT: the entry's first event",
     [](const SideOfCall& of, Arena& arena) { return time_value(of.side.begun(), arena); }},
    {"hangup_time", Basis::measured, "CONSULTANT: the agent's last Released",
     [](const SideOfCall& of, Arena& arena) {
       return time_value(of.side.entry.last(Happening::released), arena);
     }},
    {"serve_time", Basis::measured, "CONSULTANT: when this agent's conversation began",
     [](const SideOfCall& of, Arena& arena) { return time_value(of.side.served(), arena); }},
    {"talking_time", Basis::measured, "CONSULTANT: this side's active_seconds, ms",
     [](const SideOfCall& of, Arena&) { return milliseconds(of.states.seconds(State::active)); }},
    {"alert_time", Basis::measured, "CONSULTANT: the agent's Ringing",
     [](const SideOfCall& of, Arena& arena) {
       return time_value(of.side.entry.first(Happening::ringing), arena);
     }},
    {"answer_time", Basis::measured, "CONSULTANT: the agent's Established",
     [](const SideOfCall& of, Arena& arena) {
       return time_value(of.side.entry.first(Happening::established), arena);
     }},
    {"waiting_time", Basis::derived, "CONSULTANT: from start_time to serve_time, ms",
     [](const SideOfCall& of, Arena&) {
       return milliseconds_between(of.side.begun(), of.side.served());
     }},
    {"tenant_user", Basis::reported, "CONSULTANT: AgentId and AgentName as id and display_name",
     [](const SideOfCall& of, Arena& arena) {
       return kept(json_of({{"id", of.side.id}, {"display_name", of.side.name}}), arena);
     }},
    {"tenant_user_id", Basis::reported, "CONSULTANT: AgentId",
     [](const SideOfCall& of, Arena&) { return text_value(of.side.id); }},
    {"tenant_user_display_name", Basis::reported, "CONSULTANT: AgentName",
     [](const SideOfCall& of, Arena&) { return text_value(of.side.name); }},
    {"agent_id", Basis::reported, "CONSULTANT: AgentId",
     [](const SideOfCall& of, Arena&) { return text_value(of.side.id); }},
    {"agent_name", Basis::reported, "CONSULTANT: AgentName",
     [](const SideOfCall& of, Arena&) { return text_value(of.side.name); }},
    {"linked_dialogs", Basis::derived, "CONSULTANT: the call's other dialogs",
     [](const SideOfCall& of, Arena& arena) { return linked(of.call, &of.side, arena); }},
    {"outcome", Basis::derived,
     "CONSULTANT: ANSWERED with a conversation; CANCELLED if the customer gave up while it rang; "
     "otherwise NO_ANSWER after ringing; without ringing NO_ANSWER, REJECTED or FAILED by the "
     "interaction's outcome",
     [](const SideOfCall& of, Arena&) { return text_value(of.side.outcome(of.call.outcome)); }},
});

// --- Events

struct EventRow {
  const Entry& entry;
  const Event& event;
  const Side* side;
  std::int64_t seq;
};

template <Model M>
constexpr Mapping<EventRow> seq_column{
    "seq", Basis::measured,
    "position by EventTime; within an entry, events of one instant are in the order in which they "
    "can follow each other",
    [](const EventRow& row, Arena&) { return Value::integer(row.seq); }};
template <Model M>
constexpr Mapping<EventRow> event_column{
    "event", Basis::reported, "Event, in canonical spelling",
    [](const EventRow& row, Arena&) { return text_value(row.event.name); }};
template <Model M>
constexpr Mapping<EventRow> time_column{
    "event_time", Basis::reported, "EventTime",
    [](const EventRow& row, Arena& arena) { return time_value(row.event.time, arena); }};

constexpr auto agent_event_map = mapping<Model::agent_events, EventRow>({
    {"dialog_id", Basis::derived, "the dialog of the entry of AgentEvents",
     [](const EventRow& row, Arena&) { return Value::text(row.side->dialog_id); }},
    {"agent_id", Basis::reported, "AgentId",
     [](const EventRow& row, Arena&) { return text_value(row.side->id); }},
    {"agent_name", Basis::reported, "AgentName",
     [](const EventRow& row, Arena&) { return text_value(row.side->name); }},
    {"queue_id", Basis::reported, "SkillGroupId",
     [](const EventRow& row, Arena&) { return text_value(row.side->queue_id); }},
    seq_column<Model::agent_events>,
    event_column<Model::agent_events>,
    time_column<Model::agent_events>,
    {"duration_seconds", Basis::reported, "Duration",
     [](const EventRow& row, Arena&) { return real_value(row.event.seconds); }},
});

constexpr auto queue_event_map = mapping<Model::queue_events, EventRow>({
    {"queue_id", Basis::reported, "QueueId",
     [](const EventRow& row, Arena&) { return text_value(row.entry.text("QueueId")); }},
    {"queue_name", Basis::reported, "QueueName",
     [](const EventRow& row, Arena&) { return text_value(row.entry.text("QueueName")); }},
    {"queue_type", Basis::reported, "QueueType",
     [](const EventRow& row, Arena&) { return text_value(row.entry.text("QueueType")); }},
    {"flow_id", Basis::reported, "FlowId",
     [](const EventRow& row, Arena&) { return text_value(row.entry.text("FlowId")); }},
    seq_column<Model::queue_events>,
    event_column<Model::queue_events>,
    time_column<Model::queue_events>,
});

constexpr auto ivr_event_map = mapping<Model::ivr_events, EventRow>({
    {"flow_id", Basis::reported, "FlowId",
     [](const EventRow& row, Arena&) { return text_value(row.entry.text("FlowId")); }},
    {"flow_type", Basis::reported, "FlowType",
     [](const EventRow& row, Arena&) { return text_value(row.entry.text("FlowType")); }},
    seq_column<Model::ivr_events>,
    event_column<Model::ivr_events>,
    time_column<Model::ivr_events>,
});

constexpr auto customer_event_map = mapping<Model::customer_events, EventRow>({
    {"customer_id", Basis::reported, "CustomerId",
     [](const EventRow& row, Arena&) { return text_value(row.entry.text("CustomerId")); }},
    seq_column<Model::customer_events>,
    event_column<Model::customer_events>,
    time_column<Model::customer_events>,
});

// Adds the events of entries, all in one order of time.
template <class Table, class Entries, class EntryOf, class SideOf>
void add_events(const Table& table, const Entries& list, EntryOf entry_of, SideOf side_of,
                const Wanted& wanted, Facts& facts) {
  std::vector<EventRow> rows;
  for (const auto& each : list)
    for (const Event& event : entry_of(each).events)
      rows.push_back({entry_of(each), event, side_of(each), 0});
  std::vector<const EventRow*> order;
  order.reserve(rows.size());
  for (const EventRow& row : rows) order.push_back(&row);
  std::stable_sort(order.begin(), order.end(), [](const EventRow* a, const EventRow* b) {
    if (!a->event.time || !b->event.time) return a->event.time.has_value() && !b->event.time;
    return *a->event.time < *b->event.time;
  });
  std::int64_t seq = 0;
  for (const EventRow* row : order)
    table.add(facts, wanted, EventRow{row->entry, row->event, row->side, ++seq});
}

// --- Queue visits, recordings, agents' states

struct VisitRow {
  const Call& call;
  const QueueVisit& visit;
  std::int64_t number;
};

constexpr auto queue_visit_map = mapping<Model::queue_visits, VisitRow>({
    {"visit_no", Basis::measured, "position of the Enqueue by time",
     [](const VisitRow& row, Arena&) { return Value::integer(row.number); }},
    {"queue_id", Basis::reported, "QueueId",
     [](const VisitRow& row, Arena&) { return text_value(row.visit.queue->text("QueueId")); }},
    {"queue_name", Basis::reported, "QueueName",
     [](const VisitRow& row, Arena&) { return text_value(row.visit.queue->text("QueueName")); }},
    {"entry", Basis::derived,
     "TRANSFER if an agent had the call before; otherwise NEW the first time, REQUEUE into a "
     "QueueId that it was in before, OVERFLOW into another one",
     [](const VisitRow& row, Arena&) { return text_value(row.call.entry_of(row.visit)); }},
    {"enqueue_time", Basis::measured, "Enqueue",
     [](const VisitRow& row, Arena& arena) { return time_value(row.visit.enqueued, arena); }},
    {"dequeue_time", Basis::measured,
     "the Ringing (without it AssignAgent) of the last agent that it led to, or Abandoned, "
     "QueueingTimeout, QueueingOverflow; derived: ReleaseTime, where AbandonedInQueue has no event",
     [](const VisitRow& row, Arena& arena) { return time_value(row.visit.dequeued, arena); }},
    {"answer_time", Basis::measured,
     "Established of the agent whose ringing it led to, or of one without ringing in the record",
     [](const VisitRow& row, Arena& arena) { return time_value(row.visit.answered(), arena); }},
    {"end_time", Basis::measured,
     "answer_time; otherwise GiveUp, Abandoned, QueueingTimeout, QueueingOverflow, the end of the "
     "last unanswered ringing, or (derived) ReleaseTime",
     [](const VisitRow& row, Arena& arena) { return time_value(row.visit.ended, arena); }},
    {"ring_seconds", Basis::measured,
     "the time until end_time in which agents' telephones rang for it, counted once where several "
     "did",
     [](const VisitRow& row, Arena&) {
       const auto ring = row.visit.ring();
       return ring ? Value::real(ring->seconds) : Value();
     }},
    {"speed_of_answer_seconds", Basis::measured, "from Enqueue to answer_time",
     [](const VisitRow& row, Arena&) {
       const auto span = measured(row.visit.enqueued, row.visit.answered());
       return span ? Value::real(span->seconds) : Value();
     }},
    {"basis", Basis::derived,
     "measured; derived where an end of the wait is our reading (between two ringings, or at "
     "ReleaseTime)",
     [](const VisitRow& row, Arena&) {
       const auto wait = row.visit.wait();
       return Value::text(name_of(wait ? wait->basis : Basis::measured));
     }},
    {"wait_seconds", Basis::measured,
     "from Enqueue to dequeue_time, without the time that agents' phones rang in between; NULL "
     "where the record does not show when a telephone began to ring",
     [](const VisitRow& row, Arena&) {
       const auto wait = row.visit.wait();
       return wait ? Value::real(wait->seconds) : Value();
     }},
    {"outcome", Basis::measured,
     "ANSWERED if it led to an agent's Established; otherwise by GiveUp, Abandoned, "
     "QueueingTimeout, QueueingOverflow; NO_ANSWER after unanswered ringing; for the last visit "
     "otherwise by ContactDisposition",
     [](const VisitRow& row, Arena&) { return text_value(row.visit.outcome); }},
    {"agent_id", Basis::measured,
     "the agent whose phone rang last in this visit, or who answered without ringing",
     [](const VisitRow& row, Arena&) { return text_value(row.visit.agent_id); }},
});

constexpr auto listed_visit_map = mapping<Model::queue_visits, ListedVisit>({
    {"visit_no", Basis::derived,
     "1, for an inbound call in a list whose outcome, QueueTime or (if an agent took part) skill "
     "group says that it was in a queue; only if no events are known",
     [](const ListedVisit&, Arena&) { return Value::integer(1); }},
    {"queue_id", Basis::reported,
     "in lists SkillGroupIds if it names only one: groups of the agents who took part",
     [](const ListedVisit& visit, Arena&) { return text_value(visit.queue_id); }},
    {"queue_name", Basis::reported, "in lists SkillGroupNames if it names only one",
     [](const ListedVisit& visit, Arena&) { return text_value(visit.queue_name); }},
    {"entry", Basis::derived, "in lists NEW",
     [](const ListedVisit&, Arena&) { return Value::text("NEW"); }},
    {"enqueue_time", Basis::derived,
     "in lists StartTime + IvrTime; without IvrTime StartTime, which counts a menu in",
     [](const ListedVisit& visit, Arena& arena) { return time_value(visit.enqueued, arena); }},
    {"dequeue_time", Basis::derived, "in lists enqueue_time + QueueTime, if that is in the call",
     [](const ListedVisit& visit, Arena& arena) { return time_value(visit.dequeued, arena); }},
    {"answer_time", Basis::derived,
     "in lists dequeue_time + RingTime, if the conversation then ends before ReleaseTime",
     [](const ListedVisit& visit, Arena& arena) { return time_value(visit.answered, arena); }},
    {"end_time", Basis::derived, "in lists answer_time, otherwise ReleaseTime",
     [](const ListedVisit& visit, Arena& arena) { return time_value(visit.ended, arena); }},
    {"ring_seconds", Basis::reported, "in lists RingTime",
     [](const ListedVisit& visit, Arena&) { return real_value(visit.ring); }},
    {"speed_of_answer_seconds", Basis::derived,
     "in lists QueueTime + RingTime, if the conversation then ends before ReleaseTime",
     [](const ListedVisit& visit, Arena&) { return real_value(visit.speed_of_answer); }},
    {"basis", Basis::derived,
     "in lists derived: the time in all queues is taken as that of the one queue",
     [](const ListedVisit&, Arena&) { return Value::text(name_of(Basis::derived)); }},
    {"wait_seconds", Basis::reported, "in lists QueueTime",
     [](const ListedVisit& visit, Arena&) { return real_value(visit.wait); }},
    {"outcome", Basis::derived, "in lists the interaction's outcome, if a queue visit can have it",
     [](const ListedVisit& visit, Arena&) { return text_value(visit.outcome); }},
    {"agent_id", Basis::derived, "in lists AgentIds if it names only one",
     [](const ListedVisit& visit, Arena&) { return text_value(visit.agent_id); }},
});

// An offer to an agent: a telephone that rang, a conversation that began without ringing, or an
// agent in an older list, which does not say when.
struct OfferRow {
  const Side& side;
  const Ring* ring = nullptr;
  std::string_view of_call;  // its outcome
  std::int64_t visit = 0;    // 0: none
  std::int64_t number = 0;

  // The telephone still rings.
  bool is_open() const { return ring == nullptr && side.ringing_since.has_value(); }
  std::optional<Instant> from() const {
    if (is_open()) return side.ringing_since;
    return ring != nullptr ? std::optional(ring->from) : std::nullopt;
  }
  std::optional<Instant> to() const {
    if (is_open()) return std::nullopt;
    return ring != nullptr ? std::optional(ring->to) : std::nullopt;
  }
  std::optional<double> seconds() const {
    if (is_open()) return std::nullopt;
    if (ring != nullptr) return seconds_between(ring->from, ring->to);
    return side.reported.seconds(State::ring);
  }
  Basis basis() const {
    if (ring != nullptr) return ring->derived ? Basis::derived : Basis::measured;
    if (is_open()) return Basis::measured;
    return Basis::reported;
  }
};

constexpr auto agent_offer_map = mapping<Model::agent_offers, OfferRow>({
    {"dialog_id", Basis::derived, "the dialog of the entry of AgentEvents",
     [](const OfferRow& row, Arena&) { return Value::text(row.side.dialog_id); }},
    {"agent_id", Basis::reported, "AgentId",
     [](const OfferRow& row, Arena&) { return text_value(row.side.id); }},
    {"agent_name", Basis::reported, "AgentName",
     [](const OfferRow& row, Arena&) { return text_value(row.side.name); }},
    {"visit_no", Basis::derived,
     "the visit that led to the ringing (or, without ringing, to Established), by SkillGroupId and "
     "time; in lists the one visit, if no other agent took part",
     [](const OfferRow& row, Arena&) {
       return row.visit > 0 ? Value::integer(row.visit) : Value();
     }},
    {"queue_id", Basis::reported, "SkillGroupId; without it the QueueId of that visit",
     [](const OfferRow& row, Arena&) { return text_value(row.side.queue_id); }},
    {"offer_no", Basis::derived, "by offer_time",
     [](const OfferRow& row, Arena&) { return Value::integer(row.number); }},
    {"offer_time", Basis::measured,
     "Ringing; for an inbound conversation that began without it Established (derived)",
     [](const OfferRow& row, Arena& arena) { return time_value(row.from(), arena); }},
    {"end_time", Basis::measured, "Established, Released, or the queue's GiveUp if that came first",
     [](const OfferRow& row, Arena& arena) { return time_value(row.to(), arena); }},
    {"ring_seconds", Basis::measured,
     "end_time - offer_time; Agents[].RingTime in the oldest lists",
     [](const OfferRow& row, Arena&) { return real_value(row.seconds()); }},
    {"outcome", Basis::derived,
     "ANSWERED by Established; CANCELLED by GiveUp, if the customer hung up (ReleaseInitiator) as "
     "it ended, or if another telephone that rang at the same time was answered; otherwise "
     "NO_ANSWER. NULL while it rings. The events do not show refusals",
     [](const OfferRow& row, Arena&) {
       if (row.is_open()) return Value();
       return text_value(row.ring != nullptr ? row.ring->outcome() : row.side.outcome(row.of_call));
     }},
    {"basis", Basis::derived, "basis of the ringing",
     [](const OfferRow& row, Arena&) { return Value::text(name_of(row.basis())); }},
});

void add_offers(const Call& call, const Wanted& wanted, Facts& facts) {
  std::vector<OfferRow> offers;
  for (const Side& side : call.sides) {
    if (side.supervises) continue;
    if (side.unrung && call.type->direction == "INBOUND")
      offers.push_back({side, &*side.unrung, call.outcome});
    for (const Ring& ring : side.rings) offers.push_back({side, &ring, call.outcome});
    if (side.ringing_since || side.reported[State::ring])
      offers.push_back({side, nullptr, call.outcome, static_cast<std::int64_t>(side.rings_for)});
  }
  for (OfferRow& offer : offers)
    for (std::size_t i = 0; i < call.visits.size(); ++i)
      for (const RingOfSide& each : call.visits[i].rings)
        if (each.ring == offer.ring) offer.visit = static_cast<std::int64_t>(i) + 1;
  if (call.listed_visit && !call.listed_visit->agent_id.empty())
    for (OfferRow& offer : offers)
      if (offer.visit == 0 && offer.side.id == call.listed_visit->agent_id) offer.visit = 1;
  std::vector<OfferRow*> order;
  order.reserve(offers.size());
  for (OfferRow& offer : offers) order.push_back(&offer);
  std::stable_sort(order.begin(), order.end(), [](const OfferRow* a, const OfferRow* b) {
    const auto x = a->from(), y = b->from();
    return x && (!y || *x < *y);
  });
  std::int64_t number = 0;
  for (OfferRow* offer : order) {
    offer->number = ++number;
    agent_offer_map.add(facts, wanted, *offer);
  }
}

struct RecordingRow {
  const Call& call;
  Node node;

  std::optional<Instant> stop() const {
    const auto from = instant(node["StartTime"]);
    const auto seconds = real_of(node["Duration"]);
    if (!from || !seconds) return std::nullopt;
    return plus_seconds(*from, *seconds);
  }
  // The dialog of the recorded agent, if that agent has just one.
  std::string_view dialog() const {
    std::string_view found;
    const std::string_view agent = text_of(node["AgentId"]);
    for (const Side& side : call.sides)
      if (!agent.empty() && side.id == agent) {
        if (!found.empty()) return "";
        found = side.dialog_id;
      }
    return found;
  }
};

constexpr auto recording_map = mapping<Model::recordings, RecordingRow>({
    {"recording_id", Basis::reported, "Recordings[].FileName of the oldest lists",
     [](const RecordingRow& row, Arena&) { return text_value(text_of(row.node["FileName"])); }},
    {"dialog_id", Basis::derived, "the dialog of Recordings[].AgentId, if it has one",
     [](const RecordingRow& row, Arena&) { return text_value(row.dialog()); }},
    {"media", Basis::derived, "audio, because the records are of phone calls",
     [](const RecordingRow&, Arena&) { return Value::text("audio"); }},
    {"start_time", Basis::reported, "Recordings[].StartTime",
     [](const RecordingRow& row, Arena& arena) {
       return time_value(instant(row.node["StartTime"]), arena);
     }},
    {"stop_time", Basis::derived, "Recordings[].StartTime + Duration",
     [](const RecordingRow& row, Arena& arena) { return time_value(row.stop(), arena); }},
    {"urls", Basis::reported, "Recordings[].FilePath",
     [](const RecordingRow& row, Arena& arena) {
       const std::string_view path = text_of(row.node["FilePath"]);
       if (path.empty()) return Value();
       JsonList urls;
       urls.add(path);
       return kept(urls.text(), arena);
     }},
});

std::string_view category_of(std::string_view state) {
  struct Word {
    std::string_view state, category;
  };
  static constexpr Word words[] = {
      {"Ready", "AVAILABLE"},
      {"Idle", "AVAILABLE"},
      {"Available", "AVAILABLE"},
      {"Ringing", "RINGING"},
      {"Dialing", "ON_CONTACT"},
      {"Talking", "ON_CONTACT"},
      {"Hold", "ON_CONTACT"},
      {"Held", "ON_CONTACT"},
      {"Consulting", "ON_CONTACT"},
      {"Conference", "ON_CONTACT"},
      {"Transferring", "ON_CONTACT"},
      {"ACW", "ACW"},
      {"Working", "ACW"},
      {"Work", "ACW"},
      {"Break", "BREAK"},
      {"Breaking", "BREAK"},
      {"Offline", "OFFLINE"},
      {"LoggedOut", "OFFLINE"},
      {"Monitoring", "OTHER_WORK"},
      {"Coaching", "OTHER_WORK"},
  };
  if (trim_word(state).empty()) return "";
  for (const Word& each : words)
    if (same_word(each.state, state)) return each.category;
  return "UNKNOWN";
}

constexpr auto agent_state_map = mapping<Model::agent_states, AgentState>({
    {"agent_id", Basis::reported, "AgentId (RamId), otherwise AgentId=… in the file's path",
     [](const AgentState& state, Arena&) { return text_value(state.agent()); }},
    {"state", Basis::reported, "State",
     [](const AgentState& state, Arena&) {
       return text_value(word_of(state.record.root["State"]));
     }},
    {"state_category", Basis::derived,
     "State: Ready and similar states AVAILABLE, Ringing RINGING, Dialing, Talking, Hold and "
     "similar states ON_CONTACT, ACW and Working ACW, Break BREAK, Offline OFFLINE; any other word "
     "UNKNOWN",
     [](const AgentState& state, Arena&) {
       return text_value(category_of(text_of(state.record.root["State"])));
     }},
    {"reason", Basis::reported, "BreakCode, otherwise StateCode",
     [](const AgentState& state, Arena&) {
       const Node code = state.record.root["BreakCode"];
       return text_value(text_of(code.provided() ? code : state.record.root["StateCode"]));
     }},
    {"start_time", Basis::reported, "StartTime (StateTime)",
     [](const AgentState& state, Arena& arena) { return time_value(state.start(), arena); }},
    {"end_time", Basis::derived,
     "StartTime + Duration; NULL if Duration is longer than the seven days for which the log can "
     "be requested",
     [](const AgentState& state, Arena& arena) { return time_value(state.end(), arena); }},
});

// --- All of it

// An agent's states over all sides of that agent, in the order of the sides.
void add_agents_states(const Call& call, Facts& facts) {
  for (std::size_t i = 0; i < call.sides.size(); ++i) {
    const std::string_view id = call.sides[i].id;
    const auto same = [&](const Side& other) { return other.id == id; };
    if (id.empty()) continue;
    if (std::any_of(call.sides.begin(), call.sides.begin() + static_cast<std::ptrdiff_t>(i), same))
      continue;
    Side all = call.sides[i];
    std::vector<const Side*> own{&call.sides[i]};
    for (std::size_t j = i + 1; j < call.sides.size(); ++j) {
      const Side& other = call.sides[j];
      if (!same(other)) continue;
      own.push_back(&other);
      all.rings.insert(all.rings.end(), other.rings.begin(), other.rings.end());
      all.talks.insert(all.talks.end(), other.talks.begin(), other.talks.end());
      all.queued.insert(all.queued.end(), other.queued.begin(), other.queued.end());
    }
    all.reported = reported_together(own);
    Misfits noted;  // with the call's figure, which is longer still
    for (const StateName& each : states)
      noted.hold(each.state, all.reported[each.state], call.length());
    facts.add_states(id, spans_of(side_states, SideOfCall{call, all}));
  }
}

constexpr MappingDoc state_duration[] = {
    {Model::state_durations, "agent_id", Basis::reported, "AgentId; NULL for the call"},
    {Model::state_durations, "state", Basis::derived, "the states of interactions and cdr_dialog"},
    {Model::state_durations, "start_time", Basis::measured,
     "the first event of a state that is measured from events; NULL for a reported figure"},
    {Model::state_durations, "end_time", Basis::measured,
     "the last event of a state that is measured from events; NULL for a reported figure"},
    {Model::state_durations, "seconds", Basis::derived,
     "as in interactions; for an agent as in cdr_dialog, over all sides of that agent"},
    {Model::state_durations, "basis", Basis::derived, "basis of each figure"},
};

void map_call(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  const Call call(records, facts.arena());
  facts.identify(vendor_name, call.source, call.id);
  const StateSpans spans = spans_of(interaction_states, call);
  if (wanted.table(Model::interactions))
    facts.set_states(interaction_map.add(facts, wanted, call), spans);
  if (wanted.table(Model::dialogs)) {
    if (has_customer(call)) facts.set_states(external_map.add(facts, wanted, call), spans);
    for (const Side& side : call.sides) {
      const SideOfCall of{call, side};
      facts.set_states(consultant_map.add(facts, wanted, of), spans_of(side_states, of));
    }
  }
  const auto itself = [](const Entry& entry) -> const Entry& { return entry; };
  const auto no_side = [](const Entry&) -> const Side* { return nullptr; };
  if (wanted.table(Model::agent_events))
    add_events(
        agent_event_map, call.sides, [](const Side& side) -> const Entry& { return side.entry; },
        [](const Side& side) { return &side; }, wanted, facts);
  if (wanted.table(Model::queue_events))
    add_events(queue_event_map, call.queues, itself, no_side, wanted, facts);
  if (wanted.table(Model::ivr_events))
    add_events(ivr_event_map, call.ivr, itself, no_side, wanted, facts);
  if (wanted.table(Model::customer_events))
    add_events(customer_event_map, call.customers, itself, no_side, wanted, facts);
  if (wanted.table(Model::queue_visits)) {
    std::int64_t number = 0;
    for (const QueueVisit& visit : call.visits)
      queue_visit_map.add(facts, wanted, VisitRow{call, visit, ++number});
    if (call.listed_visit) listed_visit_map.add(facts, wanted, *call.listed_visit);
  }
  if (wanted.table(Model::agent_offers)) add_offers(call, wanted, facts);
  if (wanted.table(Model::state_durations)) {
    facts.add_states("", spans);
    add_agents_states(call, facts);
  }
  if (wanted.table(Model::recordings))
    for (const Node node : distinct_objects_of(list_of(call.field({"Recordings"}))))
      recording_map.add(facts, wanted, RecordingRow{call, node});
}

}  // namespace

void map(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  if (records.front().resource->name != "agent_state") return map_call(records, wanted, facts);
  if (!wanted.table(Model::agent_states)) return;
  for (const Record& record : records) {
    facts.identify(vendor_name, record.source, id_of(record.root["ContactId"]));
    agent_state_map.add(facts, wanted, AgentState{record});
  }
}

std::vector<MappingDoc> document_mapping() {
  constexpr Model filled[] = {Model::interactions, Model::dialogs,    Model::agent_events,
                              Model::queue_events, Model::ivr_events, Model::customer_events,
                              Model::queue_visits, Model::recordings, Model::state_durations,
                              Model::agent_offers};
  constexpr Model of_agents[] = {Model::agent_states};
  std::vector<MappingDoc> docs;
  document_identity(filled, Basis::reported, "ContactId", docs);
  document_identity(of_agents, Basis::reported, "ContactId, which the oldest logs have", docs);
  interaction_map.document(docs);
  document_states(Model::interactions, interaction_states, docs);
  docs.push_back({Model::interactions, "handle_seconds", Basis::derived,
                  "active + hold + after-call work, where unknown parts count as 0"});
  external_map.document(docs);
  for (const auto& state : interaction_states)
    docs.push_back({Model::dialogs, name_of(state.state).column, state.basis,
                    "EXTERNAL: as the interaction's"});
  consultant_map.document(docs);
  document_states(Model::dialogs, side_states, docs);
  agent_event_map.document(docs);
  queue_event_map.document(docs);
  ivr_event_map.document(docs);
  customer_event_map.document(docs);
  queue_visit_map.document(docs);
  listed_visit_map.document(docs);
  agent_offer_map.document(docs);
  docs.insert(docs.end(), std::begin(state_duration), std::end(state_duration));
  recording_map.document(docs);
  agent_state_map.document(docs);
  return docs;
}

}  // namespace cdr::alibaba_api
