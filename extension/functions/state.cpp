// State durations from a record, as SQL functions: ring_duration(doc), state_duration(doc, 'ACW'),
// acw_duration(doc, agent_id).
//
// They return what the table state_durations returns for the same document, so there is one set of
// formulas. `doc` is the JSON of one interaction: a record of any vendor, with or without its
// envelope, or all records of the interaction.
#include "core/error.hpp"
#include "core/text.hpp"
#include "extension/binding/function.hpp"
#include "reading/interaction.hpp"

namespace cdr::ext {
namespace {

// Two instants in place of a document: the same as cdr_seconds(from, to).
std::optional<double> between(std::string_view who, std::string_view from, std::string_view to) {
  const auto start = parse_time(from, Zone());
  const auto end = parse_time(to, Zone());
  if (!start || !end)
    throw Error(std::string(who) + ": expected a record's JSON, or two times, found neither",
                ErrorCode::mismatch);
  return seconds_between(start->instant, end->instant);
}

template <State S>
void duration(Call& call) {
  if (!call.has(0)) return call.null();
  const auto who = function_of(call).name;
  const std::string_view doc = call[0].bytes();
  const bool two = call.size() > 1;
  if (two && !call.has(1)) return call.null();
  if (two && !looks_like_json(doc)) return call.real(between(who, doc, call[1].text()));
  call.real(read_state(doc, who, S, two ? call[1].text() : std::string_view()).seconds);
}

// The second argument is the campaign's mode, which no session holds: with preview dialling the
// agent studies the case before dialling, so that the time since creation is not ringing.
void ring_duration(Call& call) {
  if (call.size() < 2 || !call.has(0) || !looks_like_json(call[0].bytes()))
    return duration<State::ring>(call);
  const StateReading reading = read_state(call[0].bytes(), "ring_duration", State::ring, {});
  const bool preview = call.has(1) && equal_ignoring_case(call[1].text(), "Preview");
  call.real(preview && reading.vendor->rings_from_creation ? std::nullopt : reading.seconds);
}

std::string with_routing(std::string_view doc, std::string_view routing) {
  Document document;
  const Recognised as = read_record(doc, "state_duration", document);
  if (!as || as.vendor->attach_routing == nullptr)
    throw Error(
        "state_duration: a routing history belongs to a session of a vendor that stores it "
        "separately (mluvii), not to this record");
  return std::string(doc) + "\n" + as.vendor->attach_routing(document.root(), routing);
}

void state_duration(Call& call) {
  if (!call.has(0) || !call.has(1)) return call.null();
  const auto state = state_named(call[1].text());
  if (!state) {
    std::string names;
    for (const StateName& each : states)
      names += (names.empty() ? "" : ", ") + std::string(each.name);
    throw Error("state_duration: there is no state '" + std::string(call[1].text()) +
                "'; there are " + names);
  }
  const std::string_view doc = call[0].bytes();
  const std::string with = call.has(2) ? with_routing(doc, call[2].bytes()) : std::string();
  call.real(read_state(call.has(2) ? with : doc, "state_duration", *state, {}).seconds);
}

void cdr_vendor(Call& call) {
  if (!call.has(0)) return call.null();
  if (const Vendor* vendor = vendor_of(call[0].bytes(), "cdr_vendor")) call.text(vendor->name);
}

constexpr Function state_list[] = {
    {"cdr_vendor", 1, 1, "cdr_vendor(doc)",
     "the vendor whose record (or records) this JSON is; NULL when no vendor recognises it, or "
     "several do",
     R"(cdr_vendor('{"dialog_uuid":"d-1","dialog_type":"BOT"}'))", "conpeek", Effect::pure,
     cdr_vendor},
    {"created_duration", 1, 2, "created_duration(doc [, agent_id])",
     "seconds from creation to the start of routing (CREATED); NULL when the vendor does not say",
     R"(created_duration('{"dialog_uuid":"d-1","start_time":"2018-09-01 10:00:00","alert_time":"2018-09-01 10:00:04"}'))",
     "4.0", Effect::pure, duration<State::created>},
    {"in_queue_duration", 1, 2, "in_queue_duration(doc [, agent_id])",
     "seconds in a queue (IN_QUEUE), for the interaction or for one agent; NULL when the vendor "
     "does not say",
     R"(in_queue_duration('{"dialog_uuid":"d-1","first_queue_waiting_time":10000}'))", "10.0",
     Effect::pure, duration<State::in_queue>},
    {"waiting_duration", 1, 2, "waiting_duration(doc [, agent_id])",
     "seconds waiting for the agent (WAITING), as the vendor defines it; NULL when the vendor does "
     "not say",
     R"(waiting_duration('{"dialog_uuid":"d-1","waiting_time":12500}'))", "12.5", Effect::pure,
     duration<State::waiting>},
    {"bcw_duration", 1, 2, "bcw_duration(doc [, agent_id])",
     "seconds of before-call work (BCW); NULL unless positive",
     R"(bcw_duration('{"dialog_uuid":"d-1","answer_time":"2018-09-01 10:00:04","serve_time":"2018-09-01 10:00:06"}'))",
     "2.0", Effect::pure, duration<State::bcw>},
    {"active_duration", 1, 2, "active_duration(doc [, agent_id])",
     "seconds in conversation (ACTIVE), for the interaction or for one agent; NULL when the vendor "
     "does not say",
     R"(active_duration('{"dialog_uuid":"d-1","talking_time":61500}'))", "61.5", Effect::pure,
     duration<State::active>},
    {"acw_duration", 1, 2, "acw_duration(doc [, agent_id])",
     "seconds of after-call work (ACW), for the interaction or for one agent; NULL while it lasts",
     R"(acw_duration('{"dialog_uuid":"d-1","dialog_type":"BOT"}'))", "", Effect::pure,
     duration<State::acw>},
    {"ring_duration", 1, 2, "ring_duration(doc [, campaign_mode])",
     "seconds of ringing (RING); NULL for mluvii if campaign_mode is 'Preview'. With two times as "
     "arguments, the seconds between them",
     "ring_duration('2018-09-01 10:00:00', '2018-09-01 10:00:07.5')", "7.5", Effect::pure,
     ring_duration},
    {"state_duration", 2, 3, "state_duration(doc, state [, routing])",
     "seconds in the named state; routing is the JSON list of mluvii's routing history, for a "
     "session that does not contain it",
     R"(state_duration('{"dialog_uuid":"d-1","talking_time":61500}', 'ACTIVE'))", "61.5",
     Effect::pure, state_duration},
};

}  // namespace

std::span<const Function> state_functions() {
  return state_list;
}

}  // namespace cdr::ext
