#include "vendors/conpeek/dialog.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

#include "vendors/cause.hpp"
#include "vendors/conpeek/fields.hpp"
#include "vendors/vendor.hpp"

namespace cdr::conpeek_api {
namespace {

constexpr struct {
  std::string_view dialog_type;
  Party party;
} parties[] = {
    {"CONSULTANT", Party::agent},
    {"TENANT_USER", Party::agent},
    {"EXTERNAL", Party::customer},
    {"BOT", Party::bot},
};

Party party_of(std::string_view dialog_type) {
  for (const auto& each : parties)
    if (same_word(each.dialog_type, dialog_type)) return each.party;
  return Party::other;
}

}  // namespace

Side::Side(const Record& record)
    : root(record.root),
      id(id_of(record.root["dialog_uuid"])),
      party(party_of(text("dialog_type"))),
      start(time("start_time")),
      alert(time("alert_time")),
      ring(time("ring_time")),
      answer(time("answer_time")),
      serve(time("serve_time")),
      hangup(time("hangup_time")),
      talking_ms(integer_of(root["talking_time"])),
      waiting_ms(integer_of(root["waiting_time"])),
      queue_ms(integer_of(root["first_queue_waiting_time"])) {}

std::optional<StateSpan> reported_ms(std::optional<std::int64_t> ms) {
  if (!ms || *ms < 0) return std::nullopt;
  return reported(static_cast<double>(*ms) / 1000);
}

namespace {

std::optional<StateSpan> talking(const Side& side) {
  const auto span = reported_ms(side.talking_ms);
  return span && fits(span->seconds, side.length()) ? span : std::nullopt;
}

// The room for a wait as the side alone shows it. An agent's side begins when the queue is over, so
// its length does not limit the wait that it reports.
std::optional<double> own_room_for_wait(const Side& side) {
  return side.party == Party::customer ? side.length() : std::nullopt;
}

}  // namespace

std::optional<StateSpan> queueing(const Side& side, std::optional<double> room) {
  const auto span = reported_ms(side.queue_ms);
  return span && fits(span->seconds, room) ? span : std::nullopt;
}
std::optional<StateSpan> waiting(const Side& side, std::optional<double> room) {
  const auto span = reported_ms(side.waiting_ms);
  return span && fits(span->seconds, room) ? span : std::nullopt;
}
void find_misfits(const Side& side, std::optional<double> room, Misfits& misfits) {
  const auto hold = [&](State state, std::optional<std::int64_t> ms, std::optional<double> length) {
    if (const auto span = reported_ms(ms); span && !fits(span->seconds, length))
      misfits.add(state, span->seconds, length, side.id);
  };
  hold(State::in_queue, side.queue_ms, room);
  hold(State::waiting, side.waiting_ms, room);
  hold(State::active, side.talking_ms, side.length());
}

bool talking_time_agrees(const Side& side) {
  constexpr std::int64_t longest_ms = std::numeric_limits<std::int64_t>::max() / 2000;
  if (!measured(side.serve, side.hangup) || !reported_ms(side.talking_ms)) return false;
  if (*side.talking_ms > longest_ms) return false;
  return std::abs(side.hangup->us - side.serve->us - *side.talking_ms * 1000) <= tolerance_us;
}

// The IVR answers a caller before any agent's telephone rings, so the first end that does not come
// before the ringing counts.
std::optional<StateSpan> ringing(const Side& side) {
  for (const auto end : {side.answer, side.serve, side.hangup})
    if (const auto span = measured(side.rings_from(), end)) return span;
  return std::nullopt;
}

// The IVR or the queue answers a caller, so the time after that is the wait, not an agent's
// preparation.
std::optional<StateSpan> before_conversation(const Side& side) {
  if (side.party == Party::customer && side.direction() == "INBOUND") return std::nullopt;
  const auto span = measured(side.answer, side.serve, Basis::derived);
  return span && span->seconds > 0 ? span : std::nullopt;
}

// The span has instants if they agree with the figure. A talking time of 0 is not a conversation,
// except for an agent whose conversation was shorter than the vendor can report.
std::optional<StateSpan> conversation(const Side& side) {
  auto span = talking(side);
  if (span && span->seconds == 0 && (side.party != Party::agent || !side.serve))
    return std::nullopt;
  if (span && talking_time_agrees(side)) {
    span->start = side.serve;
    span->end = side.hangup;
  }
  return span;
}

namespace {

constexpr StateMapping<Side> side_states[] = {
    {State::created, Basis::derived,
     "alert_time - start_time: the vendor has no such state; a dialog is created, then alerts",
     [](const Side& side) { return measured(side.start, side.alert, Basis::derived); }},
    {State::in_queue, Basis::reported,
     "first_queue_waiting_time, read as ms like talking_time; the first queue only",
     [](const Side& side) { return queueing(side, own_room_for_wait(side)); }},
    {State::waiting, Basis::reported,
     "waiting_time, read as ms like talking_time: from the start of the connection to the start of "
     "the conversation",
     [](const Side& side) { return waiting(side, own_room_for_wait(side)); }},
    {State::ring, Basis::measured,
     "from ring_time (without it alert_time) to the first of answer_time, serve_time and "
     "hangup_time that is given and not earlier",
     ringing},
    {State::bcw, Basis::derived,
     "serve_time - answer_time if > 0: answer_time is technical and may be automatic, the "
     "conversation begins at serve_time. Not for a customer's inbound side, where the difference "
     "is the wait",
     before_conversation},
    {State::active, Basis::reported,
     "talking_time (ms); NULL where there was no conversation, and where it is longer than the "
     "dialog",
     conversation},
};

constexpr std::string_view side_outcome_doc =
    "for CONSULTANT and TENANT_USER: ANSWERED when serve_time is set (or talking_time > 0); "
    "otherwise by hangup_cause or end_cause: ORIGINATOR_CANCEL and LOSE_RACE are CANCELLED (the "
    "caller hung up, a colleague was faster), CALL_REJECTED (21) is REJECTED. On an INBOUND side "
    "USER_BUSY (17) is REJECTED too, and causes of an unreachable telephone or a failing network "
    "are FAILED. Any other end is NO_ANSWER. On an OUTBOUND side it is the called party's answer. "
    "The lists of causes are not published; these are FreeSWITCH's names";

bool wants_states(const ColumnSet& columns) {
  bool wanted =
      columns.has(outcome_column) || columns.has(agent_id_column) || columns.has(agent_name_column);
  for (std::size_t i = 0; i < state_count; ++i) wanted = wanted || columns.has(first_state + i);
  return wanted;
}

}  // namespace

StateSpans states_of(const Side& side) {
  return spans_of(side_states, side);
}

std::string_view outcome_of(const Side& side) {
  if (side.party != Party::agent) return "";
  if (side.served()) return "ANSWERED";
  for (const std::string_view key : {"hangup_cause", "end_cause"}) {
    const std::string_view cause = side.text(key);
    for (const std::string_view cancelled : {"ORIGINATOR_CANCEL", "LOSE_RACE"})
      if (same_word(cancelled, cause)) return "CANCELLED";
    const std::string_view why = outcome_of_cause(cause);
    if (why == "REJECTED") return why;
    if (side.direction() == "OUTBOUND") continue;
    if (why == "BUSY") return "REJECTED";
    if (why == "UNREACHABLE" || why == "FAILED") return "FAILED";
  }
  return side.ended() ? "NO_ANSWER" : "";
}

std::string_view agent_name(const Side& side, Arena& arena) {
  const Node user = side.root["tenant_user"];
  if (const auto name = word_of(user["display_name"]); !name.empty()) return name;
  const std::string_view first = word_of(user["firstname"]);
  const std::string_view last = word_of(user["surname"]);
  if (first.empty() && last.empty()) return word_of(user["username"]);
  if (first.empty() || last.empty()) return first.empty() ? last : first;
  return arena.keep(std::string(first) + " " + std::string(last));
}

void add_dialog(const Record& record, const Wanted& wanted, Facts& facts) {
  static const FieldReader reader(dialog_fields);
  const auto row = facts.add<Model::dialogs>();
  const bool want_extra = wanted.columns.has(extra_column);
  const Value extra =
      reader.read(record, record.root, wanted.columns, first_field, want_extra,
                  row.cells().subspan(first_field, dialog_fields.size()), facts.arena());
  if (want_extra) row.cells()[extra_column] = extra;
  if (wanted.columns.has(id_column))
    row.cells()[id_column] = text_value(id_of(record.root["dialog_uuid"]));
  if (!wants_states(wanted.columns)) return;
  const Side side(record);
  if (side.party == Party::agent) {
    row.set<"agent_id">(side.agent_id());
    row.set<"agent_name">(agent_name(side, facts.arena()));
  }
  facts.set_states(row, states_of(side));
  row.set<"outcome">(outcome_of(side));
}

void document_dialogs(std::vector<MappingDoc>& docs) {
  docs.push_back({Model::dialogs, "dialog_id", Basis::reported, "dialog_uuid"});
  for (const Field& field : dialog_fields)
    docs.push_back({Model::dialogs, field.column, Basis::reported, field.key});
  document_states(Model::dialogs, side_states, docs);
  docs.push_back({Model::dialogs, "outcome", Basis::derived, side_outcome_doc});
  docs.push_back({Model::dialogs, "agent_id", Basis::reported,
                  "tenant_user.id of CONSULTANT and TENANT_USER"});
  docs.push_back({Model::dialogs, "agent_name", Basis::reported,
                  "tenant_user.display_name, otherwise firstname and surname, otherwise username"});
  docs.push_back({Model::dialogs, "extra", Basis::reported,
                  "fields without a column, and values that did not convert"});
}

}  // namespace cdr::conpeek_api
