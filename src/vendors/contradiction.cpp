#include "vendors/contradiction.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/text.hpp"
#include "core/time.hpp"
#include "model/state.hpp"

namespace cdr {
namespace {

using Interaction = Row<Model::interactions>;
using Span = Row<Model::state_durations>;

// A vendor's own figures have a precision of one second.
constexpr double reported_tolerance = 1.001;
constexpr double tolerance = 0.002;

std::optional<double> seconds_of(const Value& time) {
  const auto ms = ms_of_canonical(time.as_text());
  return ms ? std::optional(static_cast<double>(*ms) / 1000.0) : std::nullopt;
}

constexpr std::string_view inconsistent_member = "\"inconsistent\":[";

// `mapping`, a JSON object or NULL, with `said` added to its inconsistencies. They are the object's
// last member, so that both the mapping and the comparison can add to them.
Value with_inconsistent(const Value& mapping, const std::vector<std::string>& said, Arena& arena) {
  if (said.empty()) return mapping;
  std::string json(mapping.is_null() ? std::string_view() : mapping.as_text());
  const bool has_some = json.ends_with("]}") && json.find(inconsistent_member) != std::string::npos;
  if (has_some)
    json.resize(json.size() - 2);
  else if (json.empty())
    json.append("{").append(inconsistent_member);
  else
    (json.back() = ',', json.append(inconsistent_member));
  bool first = !has_some;
  for (const std::string& each : said) {
    if (!first) json += ',';
    first = false;
    append_json_string(json, each);
  }
  return Value::text(arena.keep(json + "]}"));
}

class Note {
 public:
  void add(std::string_view what) {
    // The same contradiction in several spells of a state is noted once.
    if (std::find(said_.begin(), said_.end(), what) == said_.end()) said_.emplace_back(what);
  }
  Value in(const Value& mapping, Arena& arena) const {
    return with_inconsistent(mapping, said_, arena);
  }

 private:
  std::vector<std::string> said_;
};

std::string shown_seconds(double seconds) {
  char text[32];  // not printf, because the host's locale may have a comma
  const auto end =
      std::to_chars(text, text + sizeof text, seconds, std::chars_format::general, 15).ptr;
  return {text, end};
}

// The texts of canonical times are in the order of the times.
bool before(const Value& a, const Value& b) {
  return !a.is_null() && !b.is_null() && a.as_text() < b.as_text();
}

void compare_times(std::span<const Value> row, Note& note) {
  constexpr auto start = Interaction::column<"start_time">(),
                 queue = Interaction::column<"queue_time">(),
                 answer = Interaction::column<"answer_time">(),
                 end = Interaction::column<"end_time">();
  if (before(row[end], row[start])) note.add("end_time before start_time");
  for (const auto& [column, name] : {std::pair(queue, std::string_view("queue_time")),
                                     std::pair(answer, std::string_view("answer_time"))}) {
    if (before(row[column], row[start])) note.add(std::string(name) + " before start_time");
    if (before(row[end], row[column])) note.add(std::string(name) + " after end_time");
  }
}

// A reported wait before the answer cannot be longer than the time before the answer. A call that
// was handed on is not compared, because it may have waited again afterwards.
void compare_waits(std::span<const Value> row, Note& note) {
  const auto from = seconds_of(row[Interaction::column<"start_time">()]),
             to = seconds_of(row[Interaction::column<"answer_time">()]);
  const Value& agents = row[Interaction::column<"agent_count">()];
  const Value& transfers = row[Interaction::column<"transfer_count">()];
  const bool handed_on = (!agents.is_null() && agents.as_integer() > 1) ||
                         (!transfers.is_null() && transfers.as_integer() > 0);
  if (!from || !to || *to < *from || handed_on) return;
  const Value& queued = row[Interaction::column<"in_queue_seconds">()];
  if (!queued.is_null() && queued.as_real() > *to - *from + reported_tolerance)
    note.add("answer_time before IN_QUEUE of " + shown_seconds(queued.as_real()) + " s has passed");
}

void compare_state(std::span<const Value> interaction, std::span<const Value> span, Note& note) {
  const Value& start = span[Span::column<"start_time">()];
  const Value& end = span[Span::column<"end_time">()];
  const Value& seconds = span[Span::column<"seconds">()];
  const std::string_view state = span[Span::column<"state">()].as_text();
  const auto say = [&](std::string_view what) {
    std::string text(state);
    if (const Value& agent = span[Span::column<"agent_id">()]; !agent.is_null())
      text.append(" of ").append(agent.as_text());
    note.add(text.append(" ").append(what));
  };
  if (before(end, start)) say("ends before it begins");
  if (before(start, interaction[Interaction::column<"start_time">()]))
    say("begins before start_time");
  const auto from = seconds_of(start), to = seconds_of(end);
  // After-call work comes after the end, and the other states may exceed it by the vendor's
  // precision.
  const auto ended = seconds_of(interaction[Interaction::column<"end_time">()]);
  if (state != name_of(State::acw).name && to && ended && *to > *ended + reported_tolerance)
    say("ends after end_time");
  if (seconds.is_null()) return;
  if (seconds.as_real() < 0) say("is negative");
  const bool is_reported = span[Span::column<"basis">()].as_text() == name_of(Basis::reported);
  if (from && to &&
      seconds.as_real() > *to - *from + (is_reported ? reported_tolerance : tolerance))
    say("is longer than from its beginning to its end");
}

}  // namespace

bool fits(double seconds, std::optional<double> call_seconds) {
  constexpr double longest = 366.0 * 24 * 3600;  // longer than any call or open chat
  return seconds <= (call_seconds ? *call_seconds + reported_tolerance : longest);
}

void Misfits::hold(StateSpans& spans, std::optional<double> call_seconds, std::string_view whose) {
  for (const StateName& each : states)
    if (auto& span = spans[each.state]; span && span->basis == Basis::reported)
      hold(each.state, span, call_seconds, whose);
}

void Misfits::hold(State state, std::optional<StateSpan>& span, std::optional<double> call_seconds,
                   std::string_view whose) {
  const auto length = state == State::acw ? std::nullopt : call_seconds;
  if (!span || (span->seconds >= 0 && fits(span->seconds, length))) return;
  add(state, span->seconds, length, whose);
  span.reset();
}

void Misfits::add(State state, double seconds, std::optional<double> call_seconds,
                  std::string_view whose) {
  std::string text(name_of(state).name);
  if (!whose.empty()) text.append(" of ").append(whose).append(":");
  text += whose.empty() ? " of " : " ";
  text += shown_seconds(seconds) + " s is ";
  if (seconds < 0)
    text += "negative";
  else if (call_seconds)
    text += "longer than the call of " + shown_seconds(*call_seconds) + " s";
  else
    text += "longer than any call";
  said_.push_back(std::move(text));
}

Value Misfits::in(const Value& mapping, Arena& arena) const {
  return with_inconsistent(mapping, said_, arena);
}

void note_contradictions(Facts& facts) {
  RowSet& interactions = facts.rows(Model::interactions);
  const RowSet& spans = facts.rows(Model::state_durations);
  constexpr auto id = Interaction::column<"interaction_id">();
  static_assert(id == Span::column<"interaction_id">());
  for (std::size_t i = 0; i < interactions.size(); ++i) {
    const auto row = interactions.at(i);
    Note note;
    compare_times(row, note);
    compare_waits(row, note);
    for (std::size_t k = 0; k < spans.size(); ++k)
      if (interactions.size() == 1 || spans[k][id].as_text() == row[id].as_text())
        compare_state(row, spans[k], note);
    Value& mapping = row[Interaction::column<"mapping">()];
    mapping = note.in(mapping, facts.arena());
  }
}

void map_with_note(const Vendor& vendor, std::span<const Record> records, const Wanted& wanted,
                   Facts& facts) {
  const bool wants_note =
      wanted.table(Model::interactions) && wanted.columns.has(Interaction::column<"mapping">());
  if (!wants_note) return vendor.map(records, wanted, facts);
  // The note is about columns and states that may not be wanted themselves.
  Wanted all = wanted;
  all.columns = ColumnSet::all();
  all.tables[static_cast<std::size_t>(Model::state_durations)] = true;
  vendor.map(records, all, facts);
  note_contradictions(facts);
}

}  // namespace cdr
