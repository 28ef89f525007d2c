// Conpeek: CDR Dialog. A record is one party's side of a call; the sides of one call name each
// other in linked_dialogs, and the interaction is the connected component of these links, named by
// the smallest dialog_uuid present.
//
//   SELECT dialog_type, serve_time, active_seconds
//     FROM cdr_dialog(cdr_file('samples/conpeek/day.ndjson'));
//   SELECT outcome, count(*) FROM interactions(cdr_file('samples/conpeek/day.ndjson')) GROUP BY 1;
//
// From the top: the fields, a side and its states, the interaction and its states, its outcome, its
// row, events, and the declaration at the end. What describes one thing is never added up over
// sides: where several give a figure, the tables below say which one counts.
//
// Limits of the source: instants have one second, durations one millisecond, so the two kinds are
// taken to agree within 1000 ms. There is no IVR, hold or after-call work. The project is taken for
// the queue, and only the wait in the first one is told. The lists of causes are not published, so
// they are open.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/dictionary.hpp"
#include "core/text.hpp"
#include "core/word.hpp"
#include "vendors/cause.hpp"
#include "vendors/contradiction.hpp"
#include "vendors/rank.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
namespace {

constexpr std::string_view event_resource = "event";

// ---- Fields

// Where a column of cdr_dialog is read. Its name, type and description are the model's.
struct Read {
  std::string_view key;
  Kind kind;
};
constexpr Read reads[] = {
    {"dialog_uuid", Kind::text},
    {"dialog_type", Kind::text},
    {"business_direction", Kind::text},
    {"business_end_cause", Kind::text},
    {"from_display_target", Kind::text},
    {"to_display_target", Kind::text},
    {"start_time", Kind::utc},
    {"hangup_time", Kind::utc},
    {"serve_time", Kind::utc},
    {"talking_time", Kind::integer},
    {"alert_time", Kind::utc},
    {"answer_time", Kind::utc},
    {"ring_time", Kind::utc},
    {"waiting_time", Kind::integer},
    {"first_queue_waiting_time", Kind::integer},
    {"machine_detected", Kind::boolean},
    {"machine_detected_type", Kind::text},
    {"initial_media", Kind::json},
    {"project", Kind::json},
    {"project_id_list", Kind::json},
    {"tenant_user", Kind::json},
    {"anonymous", Kind::json},
    {"virtual_agent", Kind::json},
    {"crm_id", Kind::text},
    {"contact_id", Kind::text},
    {"contact_data", Kind::json},
    {"organization_id", Kind::text},
    {"organization_name", Kind::text},
    {"note", Kind::text},
    {"audio_video_recording", Kind::json},
    {"call_info_param1", Kind::text},
    {"call_info_value1", Kind::text},
    {"call_info_param2", Kind::text},
    {"call_info_value2", Kind::text},
    {"call_info_param3", Kind::text},
    {"call_info_value3", Kind::text},
    {"call_info_param4", Kind::text},
    {"call_info_value4", Kind::text},
    {"call_info_param5", Kind::text},
    {"call_info_value5", Kind::text},
    {"custom_tag_id_list", Kind::json},
    {"variables", Kind::json},
    {"operator_call_id", Kind::text},
    {"hangup_cause", Kind::text},
    {"end_cause", Kind::text},
    {"call_request_data", Kind::json},
    {"linked_dialogs", Kind::json},
    {"transcript_exist", Kind::boolean},
    {"project.id", Kind::text},
    {"project.name", Kind::text},
    {"project.language", Kind::text},
    {"project.service_type", Kind::text},
    {"project.service_id", Kind::text},
    {"tenant_user.id", Kind::text},
    {"tenant_user.username", Kind::text},
    {"tenant_user.firstname", Kind::text},
    {"tenant_user.surname", Kind::text},
    {"tenant_user.display_name", Kind::text},
    {"anonymous.display_name", Kind::text},
    {"virtual_agent.id", Kind::text},
    {"virtual_agent.name", Kind::text},
    {"call_request_data.dialing_method", Kind::text},
    {"call_request_data.call_request_id", Kind::text},
    {"call_request_data.call_request_name", Kind::text},
    {"call_request_data.application_id", Kind::text},
    {"call_request_data.application_name", Kind::text},
    {"call_request_data.application_type", Kind::text},
    {"call_request_data.project_id", Kind::text},
    {"call_request_data.project_name", Kind::text},
    {"call_request_data.case_id", Kind::text},
    {"call_request_data.case_group", Kind::text},
    {"call_request_data.case_state", Kind::text},
    {"call_request_data.virtual_agent_id", Kind::text},
};

constexpr std::size_t dialog_column(std::string_view name) {
  return static_cast<std::size_t>(table_of(Model::dialogs).find(name));
}
constexpr std::size_t id_column = dialog_column("dialog_id");
constexpr std::size_t first_field = dialog_column("dialog_uuid");
constexpr std::size_t first_state = dialog_column(name_of(State::created).column);
constexpr std::size_t outcome_column = dialog_column("outcome");
constexpr std::size_t agent_id_column = dialog_column("agent_id");
constexpr std::size_t agent_name_column = dialog_column("agent_name");
constexpr std::size_t extra_column = dialog_column("extra");

constexpr std::string_view column_type(Kind kind) {
  if (kind == Kind::utc) return "TIMESTAMP";
  return kind == Kind::integer || kind == Kind::boolean ? "INTEGER" : "TEXT";
}

// 'project.id' is the column project_id.
constexpr bool names(std::string_view key, std::string_view column) {
  return std::equal(key.begin(), key.end(), column.begin(), column.end(),
                    [](char k, char c) { return (k == '.' ? '_' : k) == c; });
}

consteval auto fields_of_model() {
  std::array<Field, std::size(reads)> fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Column& column = model::dialog[first_field + i];
    if (!names(reads[i].key, column.name)) throw "a field is not where the model has its column";
    if (column_type(reads[i].kind) != column.type) throw "a field has not its column's type";
    fields[i] = {reads[i].key, column.name, reads[i].kind, column.doc};
  }
  return fields;
}
constexpr auto dialog_fields = fields_of_model();
static_assert(first_field + dialog_fields.size() == first_state,
              "behind the fields come the states");
static_assert(first_state + state_count == outcome_column, "and then the outcome");

// ---- One side of a call

enum class Party : std::uint8_t { agent, customer, bot, other };

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

struct Side {
  Node root;
  std::string_view id;
  Party party = Party::other;
  std::optional<Instant> start, alert, ring, answer, serve, hangup;
  std::optional<std::int64_t> talking_ms, waiting_ms, queue_ms;

  explicit Side(const Record& record)
      : root(record.root),
        id(text_of(record.root["dialog_uuid"])),
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

  std::string_view text(std::string_view key) const { return word_of(root[key]); }
  std::optional<Instant> time(std::string_view key) const {
    return instant_of(root[key], TimeForm::utc);
  }
  // In conversation. A talking time without serve_time is a contradiction, and still a
  // conversation.
  bool served() const { return serve || talking_ms.value_or(0) > 0; }
  std::optional<Instant> rings_from() const { return ring ? ring : alert; }
  std::optional<Instant> offered() const { return alert ? alert : start; }
  bool ended() const {
    return hangup || root["hangup_cause"].provided() || root["end_cause"].provided();
  }
  std::string_view agent_id() const { return word_of(root["tenant_user"]["id"]); }
  // INBOUND or OUTBOUND, another word as it came.
  std::string_view direction() const {
    const std::string_view given = text("business_direction");
    for (const std::string_view known : {"INBOUND", "OUTBOUND"})
      if (same_word(given, known)) return known;
    return given;
  }
  std::optional<double> length() const {
    if (!start || !hangup || *hangup <= *start) return std::nullopt;
    return seconds_between(*start, *hangup);
  }
};

// Instants have one second, figures one millisecond.
constexpr std::int64_t tolerance_us = 1'000'000;

// A negative figure is no duration: the column keeps it, the state is absent.
std::optional<StateSpan> reported_ms(std::optional<std::int64_t> ms) {
  if (!ms || *ms < 0) return std::nullopt;
  return reported(static_cast<double>(*ms) / 1000);
}

// The side's own figures, as far as they can be of it. An agent's side begins when the queue is
// over, so the wait that it reports has no place in it.
std::optional<StateSpan> talking(const Side& side) {
  const auto span = reported_ms(side.talking_ms);
  return span && fits(span->seconds, side.length()) ? span : std::nullopt;
}
std::optional<double> room_for_wait(const Side& side) {
  return side.party == Party::customer ? side.length() : std::nullopt;
}
std::optional<StateSpan> queueing(const Side& side) {
  const auto span = reported_ms(side.queue_ms);
  return span && fits(span->seconds, room_for_wait(side)) ? span : std::nullopt;
}
std::optional<StateSpan> waiting(const Side& side) {
  const auto span = reported_ms(side.waiting_ms);
  return span && fits(span->seconds, room_for_wait(side)) ? span : std::nullopt;
}
void find_misfits(const Side& side, Misfits& misfits) {
  const auto hold = [&](State state, std::optional<std::int64_t> ms, std::optional<double> length) {
    if (const auto span = reported_ms(ms); span && !fits(span->seconds, length))
      misfits.add(state, span->seconds, length, side.id);
  };
  hold(State::in_queue, side.queue_ms, room_for_wait(side));
  hold(State::waiting, side.waiting_ms, room_for_wait(side));
  hold(State::active, side.talking_ms, side.length());
}

bool talking_time_agrees(const Side& side) {
  constexpr std::int64_t longest_ms = std::numeric_limits<std::int64_t>::max() / 2000;
  if (!measured(side.serve, side.hangup) || !reported_ms(side.talking_ms)) return false;
  if (*side.talking_ms > longest_ms) return false;
  return std::abs(side.hangup->us - side.serve->us - *side.talking_ms * 1000) <= tolerance_us;
}

// A caller is answered by the IVR before any agent's telephone rings: the first end that does not
// come before the ringing counts.
std::optional<StateSpan> ringing(const Side& side) {
  for (const auto end : {side.answer, side.serve, side.hangup})
    if (const auto span = measured(side.rings_from(), end)) return span;
  return std::nullopt;
}

// A caller is answered by the IVR or the queue: what follows is the wait, not an agent's
// preparation.
std::optional<StateSpan> before_conversation(const Side& side) {
  if (side.party == Party::customer && side.direction() == "INBOUND") return std::nullopt;
  const auto span = measured(side.answer, side.serve, Basis::derived);
  return span && span->seconds > 0 ? span : std::nullopt;
}

// Its instants are given when they say the same as the figure. A talking time of 0 is no
// conversation, except for an agent who was in one that was shorter than can be told.
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

constexpr StateMapping<Side> side_states[] = {
    {State::created, Basis::derived,
     "alert_time - start_time: the vendor has no such state; a dialog is created, then alerts",
     [](const Side& side) { return measured(side.start, side.alert, Basis::derived); }},
    {State::in_queue, Basis::reported,
     "first_queue_waiting_time, taken as ms as talking_time is; the first queue only", queueing},
    {State::waiting, Basis::reported,
     "waiting_time, taken as ms as talking_time is: from the start of the connection to the start "
     "of the conversation",
     waiting},
    {State::ring, Basis::measured,
     "from ring_time (else alert_time) to answer_time, serve_time or hangup_time, the first of "
     "them that "
     "is given and not earlier",
     ringing},
    {State::bcw, Basis::derived,
     "serve_time - answer_time if > 0: answer_time is technical and may be automatic, the "
     "conversation begins at serve_time. Not of a customer's inbound side, where that is the wait",
     before_conversation},
    {State::active, Basis::reported,
     "talking_time (ms); NULL where nobody talked, and where it is longer than the dialog",
     conversation},
};

constexpr std::string_view side_outcome_doc =
    "of CONSULTANT and TENANT_USER: ANSWERED when serve_time is set (or talking_time > 0); else by "
    "hangup_cause or end_cause: ORIGINATOR_CANCEL and LOSE_RACE are CANCELLED (the caller hung up, "
    "a "
    "colleague was faster), CALL_REJECTED (21) REJECTED, of an INBOUND side also USER_BUSY (17), "
    "where causes of an unreachable telephone or a failing network are FAILED; any other end "
    "NO_ANSWER. Of an OUTBOUND side it is the called party's answer. The lists of causes are not "
    "published, these are FreeSWITCH's names";

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

bool wants_states(const ColumnSet& columns) {
  bool wanted =
      columns.has(outcome_column) || columns.has(agent_id_column) || columns.has(agent_name_column);
  for (std::size_t i = 0; i < state_count; ++i) wanted = wanted || columns.has(first_state + i);
  return wanted;
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

// The one path that streams: it converts what is wanted and no more.
void add_dialog(const Record& record, const Wanted& wanted, Facts& facts) {
  static const FieldReader reader(dialog_fields);
  const auto row = facts.add<Model::dialogs>();
  const bool want_extra = wanted.columns.has(extra_column);
  const Value extra =
      reader.read(record, record.root, wanted.columns, first_field, want_extra,
                  row.cells().subspan(first_field, dialog_fields.size()), facts.arena());
  if (want_extra) row.cells()[extra_column] = extra;
  if (wanted.columns.has(id_column))
    row.cells()[id_column] = text_value(text_of(record.root["dialog_uuid"]));
  if (!wants_states(wanted.columns)) return;
  const Side side(record);
  if (side.party == Party::agent) {
    row.set<"agent_id">(side.agent_id());
    row.set<"agent_name">(agent_name(side, facts.arena()));
  }
  facts.set_states(row, spans_of(side_states, side));
  row.set<"outcome">(outcome_of(side));
}

// ---- The interaction

// Sorts by an instant, those without one behind, ties as they were.
template <class When>
void sort_by(std::vector<const Side*>& sides, const When& when) {
  std::stable_sort(sides.begin(), sides.end(), [&](const Side* a, const Side* b) {
    const auto x = when(*a);
    const auto y = when(*b);
    return x && (!y || *x < *y);
  });
}

class Interaction {
 public:
  explicit Interaction(std::span<const Record> records);

  std::span<const Side* const> sides() const { return by_start_; }
  // The EXTERNAL side first in conversation; without one, the first. With no agent's side either, a
  // side that does not say its type. Null: none in the input.
  const Side* customer() const { return customer_; }
  // Agents' sides in conversation, by serve_time; without any, those offered, by alert_time.
  std::span<const Side* const> agents() const { return agents_; }
  std::size_t served_agents() const { return served_agents_; }
  const StateSpans& states() const { return states_; }
  std::string_view direction() const { return direction_; }
  std::string_view outcome() const { return outcome_; }
  // Of the customer's side, else of the side that ended last.
  std::string_view at_the_end(std::string_view key) const;
  // Whether a side lasted as long as the call did for the customer.
  bool lasted(const Side& side) const;
  // What of the call came after it.
  std::int64_t rest_behind_us(const Side& side) const;
  // Any side says so.
  bool machine_detected() const;
  // A machine answered, and an agent who heard it said so.
  bool machine_told_by_agent() const;
  // The customer's conversation began with a bot or a machine, and not with an agent.
  bool customer_met_machine() const;
  // It began otherwise: an agent was there, be it that his side is not in the input or that it does
  // not say so.
  bool customer_met_agent() const;
  std::size_t agent_count() const;
  std::span<const Side* const> all_agents() const { return all_agents_; }
  // From the first side that has it: the customer's, then agents', then others.
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

// ---- Its states

std::optional<StateSpan> first_span(const Interaction& call,
                                    std::optional<StateSpan> (*span)(const Side&)) {
  return call.first(span);
}

// Going out it is the customer's telephone that rings; the agent's is often answered by itself.
// Coming in: the side that answered; without one, the agent's side that rang last; else any.
std::optional<StateSpan> ringing(const Interaction& call) {
  if (call.direction() == "OUTBOUND" && call.customer() != nullptr)
    if (const auto span = ringing(*call.customer())) return span;
  if (call.served_agents() > 0) return ringing(*call.agents().front());
  std::optional<StateSpan> last;
  for (const Side* side : call.all_agents())
    if (const auto span = ringing(*side); span && (!last || *span->start >= *last->start))
      last = span;
  return last ? last : first_span(call, ringing);
}

std::optional<StateSpan> before_conversation(const Interaction& call) {
  if (call.served_agents() > 0) return before_conversation(*call.agents().front());
  return call.all_agents().empty() ? first_span(call, before_conversation) : std::nullopt;
}

// Time in which at least one side was in conversation; absent unless every one has instants.
std::optional<StateSpan> united(std::span<const Side* const> sides) {
  std::int64_t us = 0;
  std::optional<Instant> begin, end;
  for (const Side* side : sides) {  // by serve_time
    if (!side->serve || !side->hangup || *side->hangup < *side->serve) return std::nullopt;
    if (!begin) begin = end = side->serve;
    us += std::max<std::int64_t>(0, side->hangup->us - std::max(side->serve->us, end->us));
    end = std::max(*end, *side->hangup);
  }
  return StateSpan{seconds_between(Instant{0}, Instant{us}), Basis::derived, begin, end};
}

bool overlap(std::span<const Side* const> sides) {
  std::optional<Instant> end;
  for (const Side* side : sides) {  // by serve_time
    if (end && side->serve && *side->serve < *end) return true;
    if (side->hangup && (!end || *side->hangup > *end)) end = side->hangup;
  }
  return false;
}

enum class ActiveFrom : std::uint8_t { nothing, customer, one_agent, sum, unity };
struct Active {
  std::optional<StateSpan> span;
  ActiveFrom from = ActiveFrom::nothing;
};

// The customer talks once, however many agents do: that side's figure is the interaction's, unless
// time with a bot is in it.
Active active_of(const Interaction& call) {
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

constexpr StateMapping<Interaction> interaction_states[] = {
    {State::created, Basis::derived,
     "alert_time - start_time of the customer's side (EXTERNAL), without one of the side that "
     "began "
     "first: the vendor has no such state; the agents' sides begin later than the interaction",
     [](const Interaction& call) {
       const Side& side = call.customer() != nullptr ? *call.customer() : *call.sides().front();
       return measured(side.start, side.alert, Basis::derived);
     }},
    {State::in_queue, Basis::reported,
     "first_queue_waiting_time of the first side that gives it: the customer's, else an agent's, "
     "else another; never added up, since each side reports the same wait",
     [](const Interaction& call) { return call.first(queueing); }},
    {State::waiting, Basis::reported,
     "waiting_time of the first side that gives it: the customer's, else an agent's, else another",
     [](const Interaction& call) { return call.first(waiting); }},
    {State::ring, Basis::measured,
     "OUTBOUND: of the customer's side. Else, or where that did not ring: of the agent's side that "
     "was "
     "first in conversation; without one, of the agent's side that rang last; without that, of the "
     "customer's side, else another",
     ringing},
    {State::bcw, Basis::derived,
     "of the agent's side that was first in conversation; without any agent's side, of another",
     before_conversation},
    {State::active, Basis::reported,
     "talking_time of the customer's side, NULL where nobody talked; where that is not given, or "
     "began with a bot or a "
     "machine, the sum over agents' sides, or, where these overlap, the time covered by their "
     "serve_time to hangup_time (both derived). Conversation with a bot alone is none: see its "
     "cdr_dialog row",
     [](const Interaction& call) { return active_of(call).span; }},
};

// ---- Its outcome

std::string_view by_cause(const Interaction& call) {
  for (const std::string_view key : {"hangup_cause", "end_cause"})
    if (const auto outcome = outcome_of_cause(call.at_the_end(key)); !outcome.empty())
      return outcome;
  return "OTHER";
}

bool rings(const Side& side) {
  return side.party == Party::agent && side.rings_from();
}
bool served_by_bot(const Side& side) {
  return side.party == Party::bot && side.served();
}

// With nobody behind it: neither a wait in the queue that there was time for, nor an agent's
// telephone that began to ring.
bool kept_by_bot(const Interaction& call) {
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
std::string_view inbound_outcome(const Interaction& call) {
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

constexpr std::string_view outcome_doc =
    "MACHINE when machine_detected_type is MANUAL in an OUTBOUND interaction: the agent heard it. "
    "ANSWERED when an agent's side (CONSULTANT, TENANT_USER) has serve_time or talking_time > 0, "
    "or "
    "the customer's has, and not with a bot or a machine: then the agent's side is not in the "
    "input. "
    "Else INBOUND, in this order: SELF_SERVICE when a bot served until the end and nobody rang and "
    "nothing was waited for after it; ABANDONED_IN_RING when an agent's side alerted until the "
    "end; "
    "ABANDONED_IN_QUEUE when first_queue_waiting_time > 0; ABANDONED_IN_RING when an agent's side "
    "alerted before; OTHER when a bot served before; by cause. Else MACHINE when machine_detected; "
    "SELF_SERVICE when a bot served until the end; by cause. An abandonment before the queue "
    "cannot "
    "be told: it is OTHER. By cause: hangup_cause, else end_cause, as a Q.850 code or FreeSWITCH's "
    "name of one: NO_ANSWER, BUSY, REJECTED, UNREACHABLE (unallocated or changed numbers, absent "
    "subscribers, destinations out of order), FAILED (the network's other causes); any other "
    "OTHER. "
    "NULL when no side says that it ended";

std::string_view find_outcome(const Interaction& call) {
  if (call.direction() == "OUTBOUND" && call.machine_told_by_agent()) return "MACHINE";
  if (call.served_agents() > 0) return "ANSWERED";
  if (call.customer_met_agent()) return "ANSWERED";
  const auto sides = call.sides();
  if (std::none_of(sides.begin(), sides.end(), [](const Side* side) { return side->ended(); }))
    return "";
  if (call.direction() == "INBOUND") return inbound_outcome(call);
  if (call.machine_detected()) return "MACHINE";
  return kept_by_bot(call) ? "SELF_SERVICE" : by_cause(call);
}

// ---- Putting it together

Interaction::Interaction(std::span<const Record> records) {
  storage_.reserve(records.size());
  for (const Record& record : records) storage_.emplace_back(record);
  for (const Side& side : storage_) by_start_.push_back(&side);
  std::sort(by_start_.begin(), by_start_.end(),
            [](const Side* a, const Side* b) { return a->id < b->id; });
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
    states_[State::active].reset();  // with the customer's machine nobody is in conversation
  forget_zeros(states_, outcome_ == "ANSWERED");
}

void Interaction::choose_customer() {
  const auto earlier = [](std::optional<Instant> a, std::optional<Instant> b) {
    return a && (!b || *a < *b);
  };
  for (const Side* side : by_start_) {
    if (last_to_end_ == nullptr || earlier(last_to_end_->hangup, side->hangup) ||
        (side->hangup && !last_to_end_->hangup))
      last_to_end_ = side;
    if (side->party != Party::customer) continue;
    if (customer_ == nullptr || earlier(side->serve, customer_->serve)) customer_ = side;
  }
  if (customer_ != nullptr || !all_agents_.empty()) return;
  for (const Side* side : by_start_)
    if (customer_ == nullptr && side->text("dialog_type").empty()) customer_ = side;
}

std::string_view Interaction::at_the_end(std::string_view key) const {
  const std::string_view given = customer_ != nullptr ? customer_->text(key) : "";
  return given.empty() ? last_to_end_->text(key) : given;
}

std::int64_t Interaction::rest_behind_us(const Side& side) const {
  const Side& whole = customer_ != nullptr && customer_->hangup ? *customer_ : *last_to_end_;
  return side.hangup && whole.hangup ? whole.hangup->us - side.hangup->us : 0;
}
bool Interaction::lasted(const Side& side) const {
  return rest_behind_us(side) <= tolerance_us;
}

void Interaction::choose_agents() {
  for (const Side* side : by_start_)
    if (side->party == Party::agent) all_agents_.push_back(side);
  for (const Side* side : all_agents_)
    if (side->served()) agents_.push_back(side);
  served_agents_ = agents_.size();
  if (served_agents_ == 0) agents_ = all_agents_;
  sort_by(agents_, [](const Side& side) { return side.served() ? side.serve : side.offered(); });
}

bool Interaction::machine_detected() const {
  return std::any_of(by_start_.begin(), by_start_.end(), [](const Side* side) {
    return boolean_of(side->root["machine_detected"]).value_or(false);
  });
}

bool Interaction::machine_told_by_agent() const {
  return std::any_of(by_start_.begin(), by_start_.end(), [](const Side* side) {
    return boolean_of(side->root["machine_detected"]).value_or(false) &&
           same_word(side->text("machine_detected_type"), "MANUAL");
  });
}

bool Interaction::customer_met_machine() const {
  if (customer_ == nullptr || !customer_->served()) return false;
  if (served_agents_ == 0 && machine_detected()) return true;
  return std::any_of(by_start_.begin(), by_start_.end(), [&](const Side* side) {
    if (side->party != Party::bot || !side->served()) return false;
    return !customer_->serve || !side->hangup || *customer_->serve < *side->hangup;
  });
}

// A talking time of 0 is measured: there was no conversation, whatever began.
bool Interaction::customer_met_agent() const {
  return customer_ != nullptr && customer_->served() && customer_->talking_ms.value_or(1) != 0 &&
         !customer_met_machine();
}

// Colleagues among themselves: two sides or more, all of them users'.
bool Interaction::is_internal() const {
  return by_start_.size() > 1 &&
         std::all_of(by_start_.begin(), by_start_.end(), [](const Side* side) {
           return same_word(side->text("dialog_type"), "TENANT_USER");
         });
}

// The customer's own; else the one that most sides give, the earlier side's on a tie.
std::string_view Interaction::find_direction() const {
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

// A side that names nobody counts as an agent of its own.
std::size_t Interaction::agent_count() const {
  std::set<std::pair<std::string_view, std::string_view>> agents;
  for (const Side* side : all_agents_) {
    const std::string_view id = side->agent_id();
    agents.insert(id.empty() ? std::pair(id, side->id) : std::pair(id, std::string_view()));
  }
  return agents.size();
}

// ---- Columns of the interaction

const Side* first_agent(const Interaction& call) {
  return call.agents().empty() ? nullptr : call.agents().front();
}
const Side* last_agent(const Interaction& call) {
  return call.agents().empty() ? nullptr : call.agents().back();
}
Value id_of(const Side* agent) {
  return agent != nullptr ? text_value(agent->agent_id()) : Value();
}
Value name_of_agent(const Side* agent, Arena& arena) {
  return agent != nullptr ? text_value(agent_name(*agent, arena)) : Value();
}

// The number called from, or the one called, of the customer's side, else of another.
std::string_view display_target(const Interaction& call, bool from) {
  return call.first([&](const Side& side) {
    return side.text(from ? "from_display_target" : "to_display_target");
  });
}

std::string_view customer_number_of(const Side& side, std::string_view direction) {
  if (side.party == Party::customer)
    if (const auto name = word_of(side.root["anonymous"]["display_name"]); !name.empty())
      return name;
  if (direction == "INBOUND") return side.text("from_display_target");
  return direction == "OUTBOUND" ? side.text("to_display_target") : "";
}

Value customer_number(const Interaction& call, Arena&) {
  if (call.direction() == "INTERNAL") return {};
  return text_value(
      call.first([&](const Side& side) { return customer_number_of(side, call.direction()); }));
}

Value company_number(const Interaction& call, Arena&) {
  if (call.direction() == "INBOUND") return text_value(display_target(call, false));
  return call.direction() == "OUTBOUND" ? text_value(display_target(call, true)) : Value();
}

// Of several initial media the richest: a video call has audio too.
constexpr struct {
  std::string_view medium, channel;
} channels[] = {{"video", "video"}, {"audio", "voice"}, {"chat", "chat"}};

std::string_view channel_of(const Side& side) {
  const Node media = side.root["initial_media"];
  for (const auto& each : channels)
    for (const Node medium : media.children())
      if (same_word(text_of(medium), each.medium)) return each.channel;
  for (const Node medium : media.children())
    if (medium.provided()) return word_of(medium);
  return "";
}

std::string_view hangup_cause(const Interaction& call) {
  const std::string_view cause = call.at_the_end("hangup_cause");
  if (cause.empty() || !is_digit(cause.front())) return cause;
  const auto code = q850_of(cause);
  const std::string_view name = code ? q850_name(*code) : "";
  return name.empty() ? cause : name;
}

std::optional<Instant> answer_time(const Interaction& call) {
  if (call.outcome() == "MACHINE") return std::nullopt;
  if (call.served_agents() > 0 && call.agents().front()->serve) return call.agents().front()->serve;
  return call.customer_met_agent() ? call.customer()->serve : std::nullopt;
}

std::optional<Instant> end_time(const Interaction& call) {
  std::optional<Instant> end;
  for (const Side* side : call.sides())
    if (side->hangup && (!end || *side->hangup > *end)) end = side->hangup;
  return end;
}

// ---- Recordings

struct Recorded {
  const Side* side;
  Node entry;
};

// A recording that several sides list is one recording. nullopt: no side has the list at all.
std::optional<std::vector<Recorded>> recordings_of(const Interaction& call) {
  bool listed = false;
  std::vector<Recorded> found;
  std::set<std::string_view> seen;
  for (const Side* side : call.sides()) {
    const Node list = side->root["audio_video_recording"];
    listed = listed || list.is_array();
    if (!list.is_array()) continue;
    for (const Node entry : list.children()) {
      if (!entry.is_object()) continue;
      const bool is_new = seen.insert(entry.raw()).second;
      if (is_new || !entry["recording_id"].provided()) found.push_back({side, entry});
    }
  }
  return listed ? std::optional(std::move(found)) : std::nullopt;
}

constexpr auto recording_map = mapping<Model::recordings, Recorded>({
    {"recording_id", Basis::reported, "audio_video_recording[].recording_id",
     [](const Recorded& it, Arena&) { return text_value(word_of(it.entry["recording_id"])); }},
    {"dialog_id", Basis::reported, "dialog_uuid of the side that lists it, the first if several do",
     [](const Recorded& it, Arena&) { return text_value(it.side->id); }},
    {"media", Basis::reported, "audio_video_recording[].media",
     [](const Recorded& it, Arena&) { return text_value(word_of(it.entry["media"])); }},
    {"start_time", Basis::reported, "audio_video_recording[].start_time",
     [](const Recorded& it, Arena& arena) {
       return time_value(instant_of(it.entry["start_time"], TimeForm::utc), arena);
     }},
    {"stop_time", Basis::reported, "audio_video_recording[].stop_time",
     [](const Recorded& it, Arena& arena) {
       return time_value(instant_of(it.entry["stop_time"], TimeForm::utc), arena);
     }},
});

// ---- The queue: the project that the agents are asked for

bool visited_queue(const Interaction& call) {
  const auto& queue = call.states()[State::in_queue];
  return queue && queue->seconds > 0;
}

// The agents' side that began first has the project that the caller waited for; without one any.
const Side* project_side(const Interaction& call, bool last) {
  const Side* found = nullptr;
  for (const Side* side : call.all_agents())
    if (side->root["project"].is_object() && (found == nullptr || last)) found = side;
  if (found != nullptr) return found;
  for (const Side* side : call.sides())
    if (side->root["project"].is_object() && found == nullptr) found = side;
  return found;
}
std::string_view project_of(const Interaction& call, std::string_view key, bool last = false) {
  const Side* const side = project_side(call, last);
  return side != nullptr ? word_of(side->root["project"][key]) : "";
}

std::optional<Instant> end_time(const Interaction& call);

// It ended when the first agent's telephone began to ring; without one, with the call. How long it
// was is told, so that is when it began.
std::optional<Instant> dequeue_time(const Interaction& call) {
  std::optional<Instant> first;
  for (const Side* side : call.all_agents())
    if (side->alert && (!first || *side->alert < *first)) first = side->alert;
  return first ? first : end_time(call);
}
std::optional<Instant> enqueue_time(const Interaction& call) {
  const auto left = dequeue_time(call);
  const auto& wait = call.states()[State::in_queue];
  const auto start = call.sides().front()->start;
  if (!left || !wait || !start) return std::nullopt;
  const auto entered = plus_seconds(*left, -wait->seconds);
  // An instant has one second, the wait one millisecond.
  if (!entered || entered->us + tolerance_us < start->us) return std::nullopt;
  return std::max(*entered, *start);
}
bool was_abandoned(const Interaction& call) {
  return call.outcome().starts_with("ABANDONED");
}

// ---- Agents who were asked

struct Offer {
  const Side* side;
  bool of_visit = false;
  std::int64_t number = 0;
  std::string_view outcome;

  std::optional<Instant> from() const {
    const auto at = side->alert ? side->alert : side->rings_from();
    return at ? at : side->start;
  }
  std::optional<Instant> to() const { return side->serve ? side->serve : side->hangup; }
};

// As the side's, save where its cause does not say why the ringing ended, and the other sides do.
std::string_view offer_outcome(const Interaction& call, const Side& side) {
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

// The company's own dialling asks nobody, and of colleagues among themselves the one who calls is
// not asked.
std::vector<Offer> offers_of(const Interaction& call) {
  std::vector<Offer> offers;
  if (call.direction() == "OUTBOUND") return offers;
  for (const Side* side : call.all_agents()) {
    if (call.direction() == "INTERNAL" && side == call.all_agents().front()) continue;
    offers.push_back({side, false, 0, offer_outcome(call, *side)});
  }
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

constexpr auto offer_map = mapping<Model::agent_offers, Offer>({
    {"dialog_id", Basis::reported, "dialog_uuid",
     [](const Offer& it, Arena&) { return text_value(it.side->id); }},
    {"agent_id", Basis::reported, "tenant_user.id of CONSULTANT and TENANT_USER",
     [](const Offer& it, Arena&) { return text_value(it.side->agent_id()); }},
    {"agent_name", Basis::reported,
     "tenant_user.display_name, else firstname and surname, else username",
     [](const Offer& it, Arena& arena) { return text_value(agent_name(*it.side, arena)); }},
    {"visit_no", Basis::derived, "1 of those asked until the first conversation; else NULL",
     [](const Offer& it, Arena&) { return it.of_visit ? Value::integer(1) : Value(); }},
    {"queue_id", Basis::derived, "project.id of that side",
     [](const Offer& it, Arena&) { return text_value(word_of(it.side->root["project"]["id"])); }},
    {"offer_no", Basis::derived, "by offer_time",
     [](const Offer& it, Arena&) { return Value::integer(it.number); }},
    {"offer_time", Basis::reported,
     "alert_time, else ring_time, else start_time of an agent's side. None of OUTBOUND: there the "
     "agent dials",
     [](const Offer& it, Arena& arena) { return time_value(it.from(), arena); }},
    {"end_time", Basis::reported, "serve_time, else hangup_time",
     [](const Offer& it, Arena& arena) { return time_value(it.to(), arena); }},
    {"ring_seconds", Basis::measured, "end_time - offer_time",
     [](const Offer& it, Arena&) {
       const auto span = measured(it.from(), it.to());
       return span ? Value::real(span->seconds) : Value();
     }},
    {"outcome", Basis::derived,
     "as cdr_dialog.outcome; where no cause says why it was not taken, CANCELLED if a colleague "
     "who "
     "was asked at the same time took it, or the call ended with it",
     [](const Offer& it, Arena&) { return text_value(it.outcome); }},
    {"basis", Basis::derived, "measured: from the side's instants",
     [](const Offer&, Arena&) { return Value::text(name_of(Basis::measured)); }},
});

// ---- Tags

struct Tag {
  const Side* side;
  Node node;
  std::string_view code() const { return node.is_object() ? word_of(node["id"]) : word_of(node); }
};

// A tag that several sides list is one; an agent's side comes before the customer's.
std::vector<Tag> tags_of(const Interaction& call) {
  std::vector<Tag> tags;
  std::set<std::string_view> seen;
  for (const bool of_agents : {true, false})
    for (const Side* side : call.sides()) {
      if ((side->party == Party::agent) != of_agents) continue;
      const Node list = side->root["custom_tag_id_list"];
      if (!list.is_array()) continue;
      for (const Node node : list.children()) {
        const Tag tag{side, node};
        if (!tag.code().empty() && seen.insert(tag.code()).second) tags.push_back(tag);
      }
    }
  return tags;
}

constexpr auto wrap_up_map = mapping<Model::wrap_ups, Tag>({
    {"dialog_id", Basis::reported,
     "dialog_uuid of the side that lists it, an agent's if several do",
     [](const Tag& it, Arena&) { return text_value(it.side->id); }},
    {"agent_id", Basis::reported, "tenant_user.id of that side",
     [](const Tag& it, Arena&) { return text_value(it.side->agent_id()); }},
    {"code", Basis::reported, "custom_tag_id_list[]: the vendor gives tags by their ids alone",
     [](const Tag& it, Arena&) { return text_value(it.code()); }},
});

// ---- Notes of the column `mapping`

// A JSON object: how active_seconds came about where it is not the customer's figure, and what
// contradicts itself, by dialog.
class Notes {
 public:
  void add(std::string_view key, std::string_view text) {
    json_ += json_.empty() ? '{' : ',';
    append_json_string(json_, key);
    json_ += ':';
    append_json_string(json_, text);
  }
  void contradiction(const Side& side, std::string_view what) {
    contradictions_ += contradictions_.empty() ? '[' : ',';
    append_json_string(contradictions_, std::string(side.id) + ": " + std::string(what));
  }
  Value value(Arena& arena) && {
    if (!contradictions_.empty()) {
      json_ += json_.empty() ? '{' : ',';
      json_ += "\"contradictions\":" + contradictions_ + ']';
    }
    if (json_.empty()) return {};
    return Value::text(arena.keep(json_ + '}'));
  }

 private:
  std::string json_, contradictions_;
};

bool before(std::optional<Instant> a, std::optional<Instant> b) {
  return a && b && *a < *b;
}
bool negative(std::optional<std::int64_t> ms) {
  return ms.value_or(0) < 0;
}

constexpr struct {
  bool (*holds)(const Side& side);
  std::string_view text;
} contradictions[] = {
    {[](const Side& side) {
       return measured(side.serve, side.hangup) && reported_ms(side.talking_ms) &&
              !talking_time_agrees(side);
     },
     "talking_time and hangup_time - serve_time differ by more than 1000 ms"},
    {[](const Side& side) { return side.talking_ms.value_or(0) > 0 && !side.serve; },
     "talking_time without serve_time"},
    {[](const Side& side) { return before(side.hangup, side.start); },
     "hangup_time before start_time"},
    {[](const Side& side) { return before(side.hangup, side.serve); },
     "hangup_time before serve_time"},
    {[](const Side& side) { return before(side.serve, side.start); },
     "serve_time before start_time"},
    {[](const Side& side) { return before(side.serve, side.answer); },
     "serve_time before answer_time"},
    {[](const Side& side) { return before(side.alert, side.start); },
     "alert_time before start_time"},
    {[](const Side& side) {
       return side.party == Party::agent && before(side.answer, side.rings_from());
     },
     "answer_time before ringing began"},
    {[](const Side& side) { return negative(side.talking_ms); }, "talking_time is negative"},
    {[](const Side& side) { return negative(side.waiting_ms); }, "waiting_time is negative"},
    {[](const Side& side) { return negative(side.queue_ms); },
     "first_queue_waiting_time is negative"},
};

std::string note_on_active(const Interaction& call) {
  std::string note;
  switch (active_of(call).from) {
    case ActiveFrom::one_agent:
      note = "talking_time of the agent's side; no EXTERNAL side gives one";
      break;
    case ActiveFrom::sum:
      note = "sum of talking_time over agents' sides; no EXTERNAL side gives one";
      break;
    case ActiveFrom::unity:
      note =
          "time covered by serve_time to hangup_time of agents' sides, which overlap; no EXTERNAL "
          "side gives talking_time";
      break;
    default:
      return note;
  }
  return call.customer_met_machine() ? note + " without a bot's" : note;
}

Value notes(const Interaction& call, Arena& arena) {
  Notes notes;
  if (const std::string text = note_on_active(call); !text.empty())
    notes.add(name_of(State::active).column, text);
  Misfits misfits;
  for (const Side* side : call.sides()) {
    for (const auto& each : contradictions)
      if (each.holds(*side)) notes.contradiction(*side, each.text);
    find_misfits(*side, misfits);
  }
  return misfits.in(std::move(notes).value(arena), arena);
}

// An agent who left handed the customer on if one who came later stayed longer. Whoever was only
// asked, or joined and left again, or stayed with the first one until the end, took nothing over.
std::int64_t transfers(const Interaction& call) {
  if (call.served_agents() == 0) return 0;
  const auto agents = call.agents();  // by serve_time
  constexpr Instant never{std::numeric_limits<std::int64_t>::max()};
  Instant last_of_later{std::numeric_limits<std::int64_t>::min()};
  std::int64_t count = 0;
  for (auto agent = agents.rbegin(); agent != agents.rend(); ++agent) {
    const Instant left = (*agent)->hangup.value_or(never);
    if (left != never && last_of_later.us > left.us + tolerance_us) ++count;
    last_of_later = std::max(last_of_later, left);
  }
  return count;
}

constexpr auto interaction_map = mapping<Model::interactions, Interaction>({
    {"channel", Basis::derived,
     "initial_media, first of video, audio, chat; audio is voice, since the model has that word",
     [](const Interaction& call, Arena&) { return text_value(call.first(channel_of)); }},
    {"direction", Basis::reported,
     "business_direction of the customer's side (EXTERNAL), else the one most sides give; INTERNAL "
     "(derived) where all sides, two or more, are TENANT_USER",
     [](const Interaction& call, Arena&) { return text_value(call.direction()); }},
    {"start_time", Basis::reported, "earliest start_time",
     [](const Interaction& call, Arena& arena) {
       return time_value(call.sides().front()->start, arena);
     }},
    {"queue_time", Basis::derived, "as the queue visit's enqueue_time",
     [](const Interaction& call, Arena& arena) {
       return visited_queue(call) ? time_value(enqueue_time(call), arena) : Value();
     }},
    {"first_queue_id", Basis::derived,
     "project.id of the first agent's side that has a project, else of another: the project is the "
     "queue",
     [](const Interaction& call, Arena&) { return text_value(project_of(call, "id")); }},
    {"first_queue_name", Basis::derived, "project.name of that side",
     [](const Interaction& call, Arena&) { return text_value(project_of(call, "name")); }},
    {"last_queue_id", Basis::derived, "project.id of the last agent's side, likewise",
     [](const Interaction& call, Arena&) { return text_value(project_of(call, "id", true)); }},
    {"last_queue_name", Basis::derived, "project.name of that side",
     [](const Interaction& call, Arena&) { return text_value(project_of(call, "name", true)); }},
    {"answer_time", Basis::derived,
     "earliest serve_time of an agent's side; answer_time is only a technical answer. Without one, "
     "the customer's serve_time, unless he met a bot or a machine",
     [](const Interaction& call, Arena& arena) { return time_value(answer_time(call), arena); }},
    {"end_time", Basis::reported, "latest hangup_time",
     [](const Interaction& call, Arena& arena) { return time_value(end_time(call), arena); }},
    {"customer_number", Basis::derived,
     "anonymous.display_name of the customer's side, else from_display_target of an INBOUND, "
     "to_display_target of an OUTBOUND interaction: the fields name no party",
     customer_number},
    {"company_number", Basis::derived,
     "to_display_target of an INBOUND, from_display_target of an OUTBOUND interaction: the fields "
     "name no party",
     company_number},
    {"first_agent_id", Basis::reported,
     "tenant_user.id of the agent's side with the first serve_time",
     [](const Interaction& call, Arena&) { return id_of(first_agent(call)); }},
    {"first_agent_name", Basis::reported,
     "tenant_user.display_name, else firstname and surname, else username, of that side",
     [](const Interaction& call, Arena& arena) { return name_of_agent(first_agent(call), arena); }},
    {"last_agent_id", Basis::reported,
     "tenant_user.id of the agent's side with the last serve_time",
     [](const Interaction& call, Arena&) { return id_of(last_agent(call)); }},
    {"last_agent_name", Basis::reported,
     "tenant_user.display_name, else firstname and surname, else username, of that side",
     [](const Interaction& call, Arena& arena) { return name_of_agent(last_agent(call), arena); }},
    {"agent_count", Basis::derived,
     "distinct tenant_user.id of agents' sides (CONSULTANT, TENANT_USER); a side that names nobody "
     "counts as one",
     [](const Interaction& call, Arena&) {
       return Value::integer(static_cast<std::int64_t>(call.agent_count()));
     }},
    {"dialog_count", Basis::derived, "dialogs that name each other in linked_dialogs",
     [](const Interaction& call, Arena&) {
       return Value::integer(static_cast<std::int64_t>(call.sides().size()));
     }},
    {"transfer_count", Basis::derived,
     "agents' sides in conversation after whose hangup_time another agent's, which began later, "
     "went "
     "on: the vendor names no transfers, and one that nobody took does not show. A consultation "
     "(over before the first agent left) and a conference (until the end together) are none; a "
     "conference that its first agent leaves is not told from a transfer. 0 of INTERNAL",
     [](const Interaction& call, Arena&) {
       return Value::integer(call.direction() == "INTERNAL" ? 0 : transfers(call));
     }},
    {"outcome", Basis::derived, outcome_doc,
     [](const Interaction& call, Arena&) { return text_value(call.outcome()); }},
    {"end_cause", Basis::reported,
     "end_cause of the customer's side, else of the side that ended last",
     [](const Interaction& call, Arena&) { return text_value(call.at_the_end("end_cause")); }},
    {"hangup_cause", Basis::reported,
     "hangup_cause of the customer's side, else of the side that ended last; a Q.850 code by its "
     "name",
     [](const Interaction& call, Arena&) { return text_value(hangup_cause(call)); }},
    {"q850_cause", Basis::derived,
     "code of hangup_cause, which the vendor calls Q.850 and gives by name or as the code",
     [](const Interaction& call, Arena&) {
       return integer_value(q850_of(call.at_the_end("hangup_cause")));
     }},
    {"recording_count", Basis::derived,
     "entries of audio_video_recording; one that several sides list counts once",
     [](const Interaction& call, Arena&) {
       const auto found = recordings_of(call);
       return found ? Value::integer(static_cast<std::int64_t>(found->size())) : Value();
     }},
    {"mapping", Basis::derived,
     "active_seconds where it is not the EXTERNAL side's talking_time; contradictions within a "
     "dialog",
     notes},
});

// ---- Events and visits

struct Moment {
  const Side* side;
  std::string_view event;
  Instant time;
  std::int64_t seq;
  std::string_view direction;
};

// In the order in which they come when they fall into one second.
constexpr struct {
  std::string_view event;
  std::optional<Instant> Side::*time;
} moments[] = {
    {"alert", &Side::alert}, {"ring", &Side::ring},     {"answer", &Side::answer},
    {"serve", &Side::serve}, {"hangup", &Side::hangup},
};

std::vector<Moment> moments_of(const Interaction& call, Party party) {
  std::vector<Moment> found;
  for (const Side* side : call.sides())
    if (side->party == party)
      for (const auto& each : moments)
        if (const auto& time = side->*each.time)
          found.push_back({side, each.event, *time, 0, call.direction()});
  std::stable_sort(found.begin(), found.end(),
                   [](const Moment& a, const Moment& b) { return a.time < b.time; });
  std::int64_t seq = 0;
  for (Moment& moment : found) moment.seq = ++seq;
  return found;
}

constexpr std::string_view event_doc =
    "alert, ring, answer, serve, hangup: the words of the instants' fields; the vendor has no list "
    "of events";
constexpr std::string_view event_time_doc =
    "alert_time, ring_time, answer_time, serve_time, hangup_time";

constexpr auto agent_event_map = mapping<Model::agent_events, Moment>({
    {"dialog_id", Basis::reported, "dialog_uuid",
     [](const Moment& it, Arena&) { return text_value(it.side->id); }},
    {"agent_id", Basis::reported, "tenant_user.id of CONSULTANT and TENANT_USER",
     [](const Moment& it, Arena&) { return text_value(it.side->agent_id()); }},
    {"agent_name", Basis::reported,
     "tenant_user.display_name, else firstname and surname, else username",
     [](const Moment& it, Arena& arena) { return text_value(agent_name(*it.side, arena)); }},
    {"seq", Basis::derived, "by time over all agents' sides",
     [](const Moment& it, Arena&) { return Value::integer(it.seq); }},
    {"event", Basis::derived, event_doc,
     [](const Moment& it, Arena&) { return text_value(it.event); }},
    {"event_time", Basis::reported, event_time_doc,
     [](const Moment& it, Arena& arena) { return time_value(it.time, arena); }},
});

constexpr auto customer_event_map = mapping<Model::customer_events, Moment>({
    {"customer_id", Basis::derived,
     "anonymous.display_name of EXTERNAL, else from_display_target of an INBOUND, "
     "to_display_target of an OUTBOUND interaction",
     [](const Moment& it, Arena&) {
       return text_value(customer_number_of(*it.side, it.direction));
     }},
    {"seq", Basis::derived, "by time over all EXTERNAL sides",
     [](const Moment& it, Arena&) { return Value::integer(it.seq); }},
    {"event", Basis::derived, event_doc,
     [](const Moment& it, Arena&) { return text_value(it.event); }},
    {"event_time", Basis::reported, event_time_doc,
     [](const Moment& it, Arena& arena) { return time_value(it.time, arena); }},
});

constexpr auto queue_visit_map = mapping<Model::queue_visits, Interaction>({
    {"visit_no", Basis::derived,
     "1: only the time in the first queue is given, and 0 is taken as no visit",
     [](const Interaction&, Arena&) { return Value::integer(1); }},
    {"queue_id", Basis::derived, "project.id, as interactions.first_queue_id",
     [](const Interaction& call, Arena&) { return text_value(project_of(call, "id")); }},
    {"queue_name", Basis::derived, "project.name, as interactions.first_queue_name",
     [](const Interaction& call, Arena&) { return text_value(project_of(call, "name")); }},
    {"entry", Basis::derived, "NEW: only the first queue is told of",
     [](const Interaction&, Arena&) { return Value::text("NEW"); }},
    {"enqueue_time", Basis::derived, "dequeue_time - first_queue_waiting_time",
     [](const Interaction& call, Arena& arena) { return time_value(enqueue_time(call), arena); }},
    {"dequeue_time", Basis::derived,
     "the first alert_time of an agent's side; without one the latest hangup_time",
     [](const Interaction& call, Arena& arena) { return time_value(dequeue_time(call), arena); }},
    {"answer_time", Basis::derived, "as the interaction's",
     [](const Interaction& call, Arena& arena) { return time_value(answer_time(call), arena); }},
    {"end_time", Basis::derived, "answer_time; of one that was abandoned the latest hangup_time",
     [](const Interaction& call, Arena& arena) {
       return time_value(was_abandoned(call) ? end_time(call) : answer_time(call), arena);
     }},
    {"ring_seconds", Basis::derived,
     "from dequeue_time to the first conversation, or to the latest hangup_time of those who were "
     "asked in vain",
     [](const Interaction& call, Arena&) {
       const auto left = dequeue_time(call);
       std::optional<Instant> last;
       for (const Offer& offer : offers_of(call))
         if (offer.of_visit && offer.to()) last = std::max(last, offer.to());
       const auto answered = answer_time(call);
       const auto span = measured(left, answered && last ? std::min(*answered, *last) : last);
       return span ? Value::real(span->seconds) : Value();
     }},
    {"speed_of_answer_seconds", Basis::derived, "answer_time - enqueue_time",
     [](const Interaction& call, Arena&) {
       const auto span = measured(enqueue_time(call), answer_time(call));
       return span ? Value::real(span->seconds) : Value();
     }},
    {"basis", Basis::derived,
     "derived: the project is taken for the queue, and its instants follow from the wait",
     [](const Interaction&, Arena&) { return Value::text(name_of(Basis::derived)); }},
    {"wait_seconds", Basis::reported, "first_queue_waiting_time (ms), as in_queue_seconds",
     [](const Interaction& call, Arena&) {
       return real_value(call.states().seconds(State::in_queue));
     }},
    {"outcome", Basis::derived,
     "the interaction's, where it is ANSWERED or ABANDONED_…: there is no other word on the visit",
     [](const Interaction& call, Arena&) {
       const std::string_view outcome = call.outcome();
       const bool of_visit = outcome == "ANSWERED" || outcome.substr(0, 9) == "ABANDONED";
       return of_visit ? text_value(outcome) : Value();
     }},
    {"agent_id", Basis::derived,
     "tenant_user.id of the agent first in conversation, else of the one offered last: no side "
     "says which queue chose it",
     [](const Interaction& call, Arena&) {
       return id_of(call.served_agents() > 0 ? first_agent(call) : last_agent(call));
     }},
});

// ---- State durations by agent

// Two sides of one agent are one agent's time: the seconds are added, the instants are the outer
// ones.
void merge(std::optional<StateSpan>& into, const std::optional<StateSpan>& span) {
  if (!span) return;
  if (!into) {
    into = span;
    return;
  }
  into->seconds = round_to_ms(into->seconds + span->seconds);
  if (into->basis != span->basis) into->basis = Basis::derived;
  const bool timed = into->start && into->end && span->start && span->end;
  into->start = timed ? std::optional(std::min(*into->start, *span->start)) : std::nullopt;
  into->end = timed ? std::optional(std::max(*into->end, *span->end)) : std::nullopt;
}

// Sides without tenant_user.id are left out: a row without agent_id is the interaction's.
void add_state_durations(const Interaction& call, Facts& facts) {
  facts.add_states("", call.states());
  std::map<std::string_view, StateSpans> agents;
  for (const Side* side : call.all_agents()) {
    if (side->agent_id().empty()) continue;
    const StateSpans spans = spans_of(side_states, *side);
    StateSpans& sum = agents[side->agent_id()];
    for (const StateName& each : states) merge(sum[each.state], spans[each.state]);
  }
  for (const auto& [agent, spans] : agents) facts.add_states(agent, spans);
}

// ---- The vendor

std::string_view smallest_id(std::span<const Record> records) {
  std::string_view smallest;
  for (const Record& record : records) {
    const std::string_view id = text_of(record.root["dialog_uuid"]);
    if (smallest.empty() || (!id.empty() && id < smallest)) smallest = id;
  }
  return smallest;
}

void add_interaction_tables(const Interaction& call, const Wanted& wanted, Facts& facts) {
  if (wanted.table(Model::interactions)) {
    const auto row = interaction_map.add(facts, wanted, call);
    facts.set_states(row, call.states());
  }
  if (wanted.table(Model::agent_events))
    for (const Moment& moment : moments_of(call, Party::agent))
      agent_event_map.add(facts, wanted, moment);
  if (wanted.table(Model::customer_events))
    for (const Moment& moment : moments_of(call, Party::customer))
      customer_event_map.add(facts, wanted, moment);
  if (wanted.table(Model::queue_visits) && visited_queue(call))
    queue_visit_map.add(facts, wanted, call);
  if (wanted.table(Model::agent_offers))
    for (const Offer& offer : offers_of(call)) offer_map.add(facts, wanted, offer);
  if (wanted.table(Model::wrap_ups))
    for (const Tag& tag : tags_of(call)) wrap_up_map.add(facts, wanted, tag);
  if (wanted.table(Model::state_durations)) add_state_durations(call, facts);
  if (wanted.table(Model::recordings))
    if (const auto found = recordings_of(call))
      for (const Recorded& recorded : *found) recording_map.add(facts, wanted, recorded);
}

void map(std::span<const Record> records, const Wanted& wanted, Facts& facts) {
  // An event stands alone, and is in its own table only.
  if (records.empty()) return;
  if (records.front().resource->name == event_resource)
    return facts.identify("conpeek", records.front().source, "");
  facts.identify("conpeek", records.front().source, smallest_id(records));
  if (wanted.table(Model::dialogs))
    for (const Record& record : records) add_dialog(record, wanted, facts);
  for (const Model model :
       {Model::interactions, Model::agent_events, Model::customer_events, Model::queue_visits,
        Model::state_durations, Model::recordings, Model::agent_offers, Model::wrap_ups})
    if (wanted.table(model)) return add_interaction_tables(Interaction(records), wanted, facts);
}

constexpr Model filled[] = {Model::interactions,    Model::dialogs,      Model::agent_events,
                            Model::customer_events, Model::queue_visits, Model::state_durations,
                            Model::recordings,      Model::agent_offers, Model::wrap_ups};

void document_state_durations(std::vector<MappingDoc>& to) {
  const Model model = Model::state_durations;
  to.push_back(
      {model, "agent_id", Basis::reported, "tenant_user.id; sides without one are left out"});
  to.push_back({model, "state", Basis::derived, "the states of interactions and cdr_dialog"});
  to.push_back(
      {model, "start_time", Basis::reported,
       "the instants that the state is the difference of; of ACTIVE serve_time, when it agrees"});
  to.push_back(
      {model, "end_time", Basis::reported,
       "the instants that the state is the difference of; of ACTIVE hangup_time, when it agrees"});
  to.push_back(
      {model, "seconds", Basis::derived,
       "as in interactions; of an agent as in cdr_dialog, added up over that agent's sides"});
  to.push_back({model, "basis", Basis::derived, "of each figure"});
}

std::vector<MappingDoc> mapping_docs() {
  std::vector<MappingDoc> docs;
  document_identity(
      filled, Basis::derived,
      "smallest dialog_uuid of the dialogs joined by linked_dialogs, also through one "
      "that is absent: the vendor has no id of the whole call",
      docs);
  interaction_map.document(docs);
  document_states(Model::interactions, interaction_states, docs);
  docs.push_back({Model::interactions, "handle_seconds", Basis::derived,
                  "active_seconds: the vendor gives neither hold nor after-call work"});
  docs.push_back({Model::dialogs, "dialog_id", Basis::reported, "dialog_uuid"});
  for (const Field& field : dialog_fields)
    docs.push_back({Model::dialogs, field.column, Basis::reported, field.key});
  document_states(Model::dialogs, side_states, docs);
  docs.push_back({Model::dialogs, "outcome", Basis::derived, side_outcome_doc});
  docs.push_back({Model::dialogs, "agent_id", Basis::reported,
                  "tenant_user.id of CONSULTANT and TENANT_USER"});
  docs.push_back({Model::dialogs, "agent_name", Basis::reported,
                  "tenant_user.display_name, else firstname and surname, else username"});
  docs.push_back({Model::dialogs, "extra", Basis::reported,
                  "fields without a column, and values that did not convert"});
  agent_event_map.document(docs);
  customer_event_map.document(docs);
  queue_visit_map.document(docs);
  offer_map.document(docs);
  wrap_up_map.document(docs);
  document_state_durations(docs);
  recording_map.document(docs);
  return docs;
}

void record_id(const Record& record, std::string& id) {
  id += id_of(record.root["dialog_uuid"]);
}

void links(const Record& record, Links& links) {
  links.add_record(*record.resource, id_of(record.root["dialog_uuid"]));
  for (const Node linked : record.root["linked_dialogs"].children())
    links.add_record(*record.resource, id_of(linked));
}

// The vendor gives no update time. A recording may be added behind the call's end.
std::optional<Instant> latest(const Record& record) {
  std::optional<Instant> last;
  const auto take = [&](Node node) {
    const auto time = instant_of(node, TimeForm::utc);
    if (time && (!last || *time > *last)) last = time;
  };
  for (const Field& field : dialog_fields)
    if (field.kind == Kind::utc) take(record.root[field.key]);
  for (const Node recording : record.root["audio_video_recording"].children())
    for (const std::string_view key : {"start_time", "stop_time"}) take(recording[key]);
  return last;
}

// ---- Webhooks: what happened to a dialog, as it happened

// A webhook names neither itself nor its delivery: the same text twice is the same event.
void event_id(const Record& record, std::string& id) {
  id += id_of(record.root["dialog_uuid"]);
  for (const std::string_view key : {"event_time", "event_type", "event_name"})
    (id += '|') += text_of(record.root[key]);
  const Rank rank = hash_of(record);
  id += '|';
  id += std::to_string(rank.hash_high);
}

std::optional<Instant> event_latest(const Record& record) {
  return instant_of(record.root["event_time"], TimeForm::utc);
}

constexpr Field event_fields[] = {
    {"dialog_uuid", "dialog_uuid", Kind::text, "the dialog: dialog_id of cdr_dialog"},
    {"event_type", "event_type", Kind::text, "what the event is about: user_dialog, …"},
    {"event_name", "event_name", Kind::text,
     "what happened: dialog_state_update, dialog_hold, dialog_meeting_entered, …"},
    {"event_time", "event_time", Kind::utc, "when it happened (UTC)"},
    {"dialog_type", "dialog_type", Kind::text, "whose side the dialog is"},
    {"state", "state", Kind::text, "the dialog's state since then, if the event says"},
    {"meeting_uuid", "meeting_uuid", Kind::text, "the meeting, if the event is of one"},
};

constexpr std::string_view id_keys[] = {"dialog_uuid"};
// Any of its fields makes a dialog, but not of what webhooks and recordings have, which name their
// dialog too.
consteval auto keys_of_dialogs() {
  constexpr auto is_key = [](const Read& read) {
    return read.key != "dialog_uuid" && read.key.find('.') == read.key.npos;
  };
  std::array<std::string_view, std::count_if(std::begin(reads), std::end(reads), is_key)> keys{};
  std::size_t count = 0;
  for (const Read& read : reads)
    if (is_key(read)) keys[count++] = read.key;
  return keys;
}
constexpr auto dialog_keys = keys_of_dialogs();
constexpr std::string_view no_dialog_keys[] = {"event_type", "event_name", "event_time",
                                               "recording_uuid"};
constexpr std::string_view event_id_keys[] = {"event_name", "event_time"};
constexpr std::string_view event_about_keys[] = {"dialog_uuid", "event_type"};
constexpr std::string_view envelope_keys[] = {"data"};
constexpr std::string_view inner_keys[] = {"recording_uuid", "start_time", "stop_time", "url",
                                           "media"};
constexpr std::string_view free_objects[] = {"variables", "contact_data"};

constexpr Resource resources[] = {
    {.name = "dialog",
     .doc = "CDR Dialog: one party's side of a call",
     .all_of = id_keys,
     .any_of = dialog_keys,
     .none_of = no_dialog_keys,
     .decisive_key = "dialog_uuid",
     .keyed = false,
     .record_id = record_id,
     .id_key = "dialog_uuid",
     .links = links,
     .latest = latest},
    {.name = event_resource,
     .doc = "webhook: an event of a dialog, which says nothing of the dialog as a whole",
     .all_of = event_id_keys,
     .any_of = event_about_keys,
     .decisive_key = "event_name",
     .record_id = event_id,
     .latest = event_latest},
};

constexpr Origin event_origins[] = {{event_resource}};
constexpr VendorTable tables[] = {
    {"conpeek_event", "one row per webhook event", event_origins, event_fields}};

constexpr Origin origins[] = {{"dialog"}};
constexpr VendorTable dialog_table[] = {
    {"cdr_dialog", "one row per dialog: one party's side of a call", origins, dialog_fields}};

}  // namespace

extern const Vendor conpeek;
const Vendor conpeek = {
    .name = "conpeek",
    .title = "Conpeek",
    .doc = "CDR Dialog of the REST API: GET /cdr_dialog",
    .resources = resources,
    .tables = tables,
    .envelope_keys = envelope_keys,
    .inner_keys = inner_keys,
    .free_objects = free_objects,
    .unregistered_tables = dialog_table,
    .dialog_per_record = true,
    .map = map,
    .mapping = mapping_docs,
};

}  // namespace cdr
