#include "mapping.hpp"

#include "call.hpp"
#include "vendors/vendor.hpp"

namespace cdr::parlo_api {
namespace {

constexpr auto interaction_map = mapping<Model::interactions, Call>({
    {"channel", Basis::derived, "voice: the system has no other channel",
     [](const Call&, Arena&) { return Value::text("voice"); }},
    {"direction", Basis::reported, "way: in is INBOUND, out is OUTBOUND",
     [](const Call& call, Arena&) { return text_value(call.direction()); }},
    {"start_time", Basis::reported, "begun",
     [](const Call& call, Arena& arena) { return time_value(call.begun, arena); }},
    {"queue_time", Basis::reported, "queued",
     [](const Call& call, Arena& arena) { return time_value(call.queued, arena); }},
    {"first_queue_id", Basis::reported, "line",
     [](const Call& call, Arena&) { return text_value(call.text("line")); }},
    {"last_queue_id", Basis::reported, "line",
     [](const Call& call, Arena&) { return text_value(call.text("line")); }},
    {"answer_time", Basis::reported, "picked_up",
     [](const Call& call, Arena& arena) { return time_value(call.picked_up, arena); }},
    {"end_time", Basis::reported, "over",
     [](const Call& call, Arena& arena) { return time_value(call.over, arena); }},
    {"customer_number", Basis::reported, "party",
     [](const Call& call, Arena&) { return text_value(call.text("party")); }},
    {"first_agent_id", Basis::reported, "by",
     [](const Call& call, Arena&) { return text_value(call.text("by")); }},
    {"last_agent_id", Basis::reported, "by",
     [](const Call& call, Arena&) { return text_value(call.text("by")); }},
    {"agent_count", Basis::derived, "1 with by: a call has one agent",
     [](const Call& call, Arena&) { return Value::integer(call.text("by").empty() ? 0 : 1); }},
    {"dialog_count", Basis::derived, "1: the customer's side",
     [](const Call&, Arena&) { return Value::integer(1); }},
    {"outcome", Basis::derived,
     "ANSWERED with picked_up; else of an incoming call ABANDONED_IN_RING with rang, "
     "ABANDONED_IN_QUEUE with queued, else OTHER; of an outgoing one NO_ANSWER. NULL without over",
     [](const Call& call, Arena&) { return text_value(call.outcome()); }},
});

constexpr auto dialog_map = mapping<Model::dialogs, Call>({
    {"dialog_id", Basis::reported, "call_ref",
     [](const Call& call, Arena&) { return text_value(call.id); }},
    {"dialog_uuid", Basis::reported, "call_ref",
     [](const Call& call, Arena&) { return text_value(call.id); }},
    {"dialog_type", Basis::derived, "EXTERNAL: a record tells the customer's side",
     [](const Call&, Arena&) { return Value::text("EXTERNAL"); }},
    {"business_direction", Basis::reported, "way",
     [](const Call& call, Arena&) { return text_value(call.direction()); }},
    {"start_time", Basis::reported, "begun",
     [](const Call& call, Arena& arena) { return time_value(call.begun, arena); }},
    {"serve_time", Basis::reported, "picked_up",
     [](const Call& call, Arena& arena) { return time_value(call.picked_up, arena); }},
    {"hangup_time", Basis::reported, "over",
     [](const Call& call, Arena& arena) { return time_value(call.over, arena); }},
});

constexpr auto visit_map = mapping<Model::queue_visits, Call>({
    {"visit_no", Basis::derived, "1: a call has one line",
     [](const Call&, Arena&) { return Value::integer(1); }},
    {"queue_id", Basis::reported, "line",
     [](const Call& call, Arena&) { return text_value(call.text("line")); }},
    {"entry", Basis::derived, "NEW: a call has one line",
     [](const Call&, Arena&) { return Value::text("NEW"); }},
    {"enqueue_time", Basis::reported, "queued",
     [](const Call& call, Arena& arena) { return time_value(call.queued, arena); }},
    {"dequeue_time", Basis::reported, "rang, without one over",
     [](const Call& call, Arena& arena) {
       return time_value(call.rang ? call.rang : call.over, arena);
     }},
    {"answer_time", Basis::reported, "picked_up",
     [](const Call& call, Arena& arena) { return time_value(call.picked_up, arena); }},
    {"end_time", Basis::reported, "picked_up, without one over",
     [](const Call& call, Arena& arena) {
       return time_value(call.picked_up ? call.picked_up : call.over, arena);
     }},
    {"wait_seconds", Basis::measured, "dequeue_time - queued",
     [](const Call& call, Arena&) { return real_value(call.states().seconds(State::in_queue)); }},
    {"outcome", Basis::derived, "as the interaction's",
     [](const Call& call, Arena&) { return text_value(visit_outcome(call.outcome())); }},
    {"agent_id", Basis::reported, "by",
     [](const Call& call, Arena&) { return text_value(call.text("by")); }},
    {"basis", Basis::derived, "measured: from the call's instants",
     [](const Call&, Arena&) { return Value::text(name_of(Basis::measured)); }},
});

constexpr MappingDoc state_docs[] = {
    {Model::interactions, "in_queue_seconds", Basis::measured, "rang, without one over, - queued"},
    {Model::interactions, "ring_seconds", Basis::measured, "picked_up, without one over, - rang"},
    {Model::interactions, "active_seconds", Basis::reported, "talk_s"},
    {Model::interactions, "acw_seconds", Basis::reported, "wrap_s"},
    {Model::interactions, "handle_seconds", Basis::derived, "talk_s + wrap_s"},
    {Model::state_durations, "state", Basis::derived, "the states of interactions"},
    {Model::state_durations, "start_time", Basis::reported, "the instants of IN_QUEUE and RING"},
    {Model::state_durations, "end_time", Basis::reported, "the instants of IN_QUEUE and RING"},
    {Model::state_durations, "seconds", Basis::derived, "as in interactions"},
    {Model::state_durations, "basis", Basis::derived, "of each figure"},
};

constexpr Model filled[] = {Model::interactions, Model::dialogs, Model::queue_visits,
                            Model::state_durations};

}  // namespace

void map(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  for (const Record& record : records) {
    const Call call(record);
    facts.identify("parlo", record.source, call.id);
    if (wanted.table(Model::interactions))
      facts.set_states(interaction_map.add(facts, wanted, call), call.states());
    if (wanted.table(Model::dialogs)) dialog_map.add(facts, wanted, call);
    if (wanted.table(Model::queue_visits) && call.queued) visit_map.add(facts, wanted, call);
    if (wanted.table(Model::state_durations)) facts.add_states("", call.states());
  }
}

std::vector<MappingDoc> document_mapping() {
  std::vector<MappingDoc> docs;
  document_identity(filled, Basis::reported, "call_ref", docs);
  interaction_map.document(docs);
  dialog_map.document(docs);
  visit_map.document(docs);
  for (const MappingDoc& doc : state_docs) docs.push_back(doc);
  return docs;
}

}  // namespace cdr::parlo_api
