#include "vendors/alibaba/call.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>

#include "core/text.hpp"
#include "core/word.hpp"
#include "vendors/cause.hpp"
#include "vendors/element.hpp"
#include "vendors/mapping.hpp"

namespace cdr::alibaba_api {
namespace {

struct KnownEvent {
  std::string_view spelling;
  Happening what;
  std::string_view name;
};
// Names are compared without regard to case, because the page has `released` in its table and
// `Released` in its example. Dispositions use Queuing and events use Queueing; both spellings are
// read.
constexpr KnownEvent known_events[] = {
    {"Dialing", Happening::dialing, "Dialing"},
    {"Ringing", Happening::ringing, "Ringing"},
    {"Established", Happening::established, "Established"},
    {"Released", Happening::released, "Released"},
    {"BlindTransfer", Happening::blind_transfer, "BlindTransfer"},
    {"Consulting", Happening::consulting, "Consulting"},
    {"StartConference", Happening::start_conference, "StartConference"},
    {"Coaching", Happening::coaching, "Coaching"},
    {"Monitoring", Happening::monitoring, "Monitoring"},
    {"Barging", Happening::barging, "Barging"},
    {"Intercepting", Happening::intercepting, "Intercepting"},
    {"Route2IVR", Happening::route_to_ivr, "Route2IVR"},
    {"Enqueue", Happening::enqueue, "Enqueue"},
    {"AssignAgent", Happening::assign_agent, "AssignAgent"},
    {"GiveUp", Happening::give_up, "GiveUp"},
    {"Abandoned", Happening::abandoned, "Abandoned"},
    {"QueueingTimeout", Happening::queue_timeout, "QueueingTimeout"},
    {"QueuingTimeout", Happening::queue_timeout, "QueueingTimeout"},
    {"QueueingOverflow", Happening::queue_overflow, "QueueingOverflow"},
    {"QueuingOverflow", Happening::queue_overflow, "QueueingOverflow"},
};

// Names of call types, compared without regard to case and underscores: Get writes INBOUND and
// PRIVACY_DIAL, lists write Inbound and PrivacyDial.
constexpr ContactType contact_types[] = {
    {"INBOUND", "INBOUND"},
    {"OUTBOUND", "OUTBOUND", true},
    {"OUTBOND", "OUTBOUND", true},  // the older pages' spelling
    {"PREDICTIVE", "OUTBOUND", true},
    {"PREDICTIVEDIAL", "OUTBOUND", true},
    {"PRIVACYDIAL", "OUTBOUND", true},
    {"BACK2BACK", "OUTBOUND", true},
    {"INTERNAL", "INTERNAL", false, true},
    {"CONFERENCE", ""},  // nothing says who called whom
};
constexpr ContactType unknown_type{"", ""};

constexpr std::string_view event_sequence = "EventSequence";

const ContactType* type_named(std::string_view text) {
  std::string name;
  for (const char c : trim_word(text))
    if (c != '_') name += c;
  for (const ContactType& each : contact_types)
    if (same_word(each.name, name)) return &each;
  return &unknown_type;
}

struct Disposition {
  std::string_view name;
  std::string_view outcome;  // "" = decided by who was in conversation
};
// The page's thirteen dispositions, those of older generations of the API, and Queueing as well as
// Queuing.
constexpr Disposition dispositions[] = {
    {"Success", ""},
    {"AbandonedInQueue", "ABANDONED_IN_QUEUE"},
    {"NoAnswer", "NO_ANSWER"},
    {"QueuingTimeout", "QUEUE_TIMEOUT"},
    {"QueueingTimeout", "QUEUE_TIMEOUT"},
    {"Voicemail", "VOICEMAIL"},
    {"QueuingFailed", "QUEUE_FAILED"},
    {"QueueingFailed", "QUEUE_FAILED"},
    {"QueuingOverflow", "QUEUE_OVERFLOW"},
    {"QueueingOverflow", "QUEUE_OVERFLOW"},
    {"AbandonedInVoiceNavigator", "ABANDONED_IN_IVR"},
    {"IVRException", "FAILED"},
    {"AbandonedInRing", "ABANDONED_IN_RING"},
    {"AbandonedInIVR", "ABANDONED_IN_IVR"},
    {"Reject", "REJECTED"},
    {"ForwardToOutsideNumber", "FORWARDED"},
    {"AbandonedInContactFlow", "ABANDONED_IN_IVR"},
    {"AbandonedRing", "ABANDONED_IN_RING"},
    {"QueueOverflow",
     "QUEUE_TIMEOUT"},  // the older pages explain it as hung up for waiting too long
    {"OneStepTransfer", "FORWARDED"},
    {"Rejected", "REJECTED"},
    {"Busy", "BUSY"},
};
const Disposition* disposition_named(std::string_view text) {
  for (const Disposition& each : dispositions)
    if (same_word(each.name, text)) return &each;
  return nullptr;
}

bool earlier(const std::optional<Instant>& a, const std::optional<Instant>& b) {
  if (!a || !b) return a.has_value();
  return *a < *b;
}

Event read_event(Node node, const Record& record, std::string_view list) {
  Event event;
  event.node = node;
  event.name = word_of(node["Event"]);
  for (const KnownEvent& each : known_events)
    if (same_word(each.spelling, event.name)) {
      event.what = each.what;
      event.name = each.name;
    }
  event.time = instant(node["EventTime"]);
  event.seconds = real_of(node["Duration"]);
  if (!event.time && node["EventTime"].provided())
    record.note(ProblemCode::bad_value, std::string(list) + ".EventSequence.EventTime",
                "a time (epoch milliseconds)");
  return event;
}

bool comes_before(const Event& a, const Event& b) {
  if (a.time != b.time) return earlier(a.time, b.time);
  const auto rest = [](const Event& event) {
    return std::tuple(event.what, event.name, event.seconds);
  };
  if (rest(a) != rest(b)) return rest(a) < rest(b);
  return compare_members(a.node, b.node) < 0;
}

// Whether a new beginning is due only when what is under way has ended. `under_way`: the last
// beginning.
bool begins_again(Happening what, std::optional<Happening> under_way) {
  switch (what) {
    case Happening::dialing:
    case Happening::ringing:
    case Happening::route_to_ivr:
    case Happening::enqueue:
      return under_way.has_value();
    case Happening::established:
      return under_way == Happening::established;
    default:
      return false;
  }
}
bool is_beginning(Happening what) {
  return what == Happening::ringing || what == Happening::established ||
         what == Happening::route_to_ivr || what == Happening::enqueue;
}
bool is_ending(Happening what) {
  return what == Happening::released || what >= Happening::give_up;
}

// Among events of one instant, what was under way before ends before it begins again: the agent's
// telephone rings again, the call comes back into the queue.
void end_before_new_beginnings(std::vector<Event>& events) {
  constexpr std::ptrdiff_t most = 64;  // looked at, since a list may give one instant to all
  std::optional<Happening> under_way;
  for (auto at = events.begin(); at != events.end() && at->time; ++at) {
    if (begins_again(at->what, under_way)) {
      const auto last = at + std::min(most, events.end() - at);
      const auto ending =
          std::find_if(at, last, [](const Event& event) { return is_ending(event.what); });
      if (ending != last && ending->time == at->time) std::rotate(at, ending, std::next(ending));
    }
    if (is_beginning(at->what)) under_way = at->what;
    if (is_ending(at->what)) under_way.reset();
  }
}

// Whether the last event ends it.
bool is_over(const Entry& entry) {
  const auto last = std::find_if(entry.events.rbegin(), entry.events.rend(),
                                 [](const Event& event) { return event.time.has_value(); });
  return last != entry.events.rend() && is_ending(last->what);
}

// By the first event, then by the last one, then what is over before what goes on; then by the
// events and the members. The order of a list, of its events and of members does not matter.
bool comes_first(const Entry& a, const Entry& b) {
  if (const auto x = a.begun(), y = b.begun(); x != y) return earlier(x, y);
  if (const auto x = a.ended(), y = b.ended(); x != y) return earlier(x, y);
  if (is_over(a) != is_over(b)) return is_over(a);
  const auto by_events = [](const Entry& one, const Entry& other) {
    return std::lexicographical_compare(one.events.begin(), one.events.end(), other.events.begin(),
                                        other.events.end(), comes_before);
  };
  if (by_events(a, b)) return true;
  return !by_events(b, a) && compare_members(a.node, b.node, event_sequence) < 0;
}

// An entry that is listed twice, equal in all its members, counts once.
void put_in_order(std::vector<Entry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), comes_first);
  const auto are_equal = [](const Entry& a, const Entry& b) {
    return !comes_first(a, b) && !comes_first(b, a);
  };
  entries.erase(std::unique(entries.begin(), entries.end(), are_equal), entries.end());
}

// The distinct elements of a comma-joined list.
std::vector<std::string_view> elements_of(std::string_view joined) {
  std::vector<std::string_view> elements;
  while (!joined.empty()) {
    const std::size_t comma = std::min(joined.find(','), joined.size());
    const std::string_view element = trim_word(joined.substr(0, comma));
    if (!element.empty() && std::find(elements.begin(), elements.end(), element) == elements.end())
      elements.push_back(element);
    joined.remove_prefix(std::min(comma + 1, joined.size()));
  }
  return elements;
}

}  // namespace

std::string_view only_one(std::string_view joined) {
  joined = trim_word(joined);
  while (joined.ends_with(',')) joined = trim_word(joined.substr(0, joined.size() - 1));
  return joined.find(',') == std::string_view::npos ? joined : std::string_view();
}

namespace {

// The oldest lists' figures for one agent.
StateSpans figures_of(Node agent) {
  StateSpans spans;
  spans[State::in_queue] = cdr::reported(real_of(agent["QueueTime"]));
  spans[State::ring] = cdr::reported(real_of(agent["RingTime"]));
  spans[State::active] = cdr::reported(real_of(agent["TalkTime"]));
  spans[State::hold] = cdr::reported(real_of(agent["HoldTime"]));
  spans[State::acw] = cdr::reported(real_of(agent["WorkTime"]));
  return spans;
}

// True for a supervisor's entry, wherever the listening is among its events. A supervisor is not an
// agent of the call, and has no conversation in it before barging in or taking over.
bool listens(const Entry& entry) {
  return std::any_of(entry.events.begin(), entry.events.end(), [](const Event& event) {
    return event.what == Happening::monitoring || event.what == Happening::coaching ||
           event.what == Happening::barging || event.what == Happening::intercepting;
  });
}

std::optional<Instant> joined_in(const Entry& entry) {
  const auto barged = entry.first(Happening::barging);
  const auto intercepted = entry.first(Happening::intercepting);
  return earlier(barged, intercepted) ? barged : intercepted;
}

}  // namespace

// --- Reading

// An element without members makes no row, because a list may contain millions of them.
bool says_something(Node element) {
  return element.is_object() && element.size() > 0;
}

std::optional<Instant> instant(Node node) {
  const auto ms = instant_of(node, TimeForm::epoch_ms);
  return ms && ms->us > 0 ? ms : std::nullopt;
}

Entry read_entry(Node node, const Record& record, std::string_view list) {
  Entry entry{node, {}};
  const Node sequence = node[event_sequence];
  if (sequence.provided() && !list_of(sequence).is_array())
    record.note(ProblemCode::bad_value, std::string(list) + ".EventSequence", "a JSON list");
  for (const Node each : list_of(sequence).children())
    if (says_something(each)) entry.events.push_back(read_event(each, record, list));
  std::stable_sort(entry.events.begin(), entry.events.end(), comes_before);
  const auto are_equal = [](const Event& a, const Event& b) {
    return a.time == b.time && a.what == b.what && compare_members(a.node, b.node) == 0;
  };
  entry.events.erase(std::unique(entry.events.begin(), entry.events.end(), are_equal),
                     entry.events.end());
  end_before_new_beginnings(entry.events);
  return entry;
}

std::optional<Instant> Entry::first(Happening what) const {
  for (const Event& event : events)
    if (event.what == what && event.time) return event.time;
  return std::nullopt;
}
std::optional<Instant> Entry::last(Happening what) const {
  for (auto event = events.rbegin(); event != events.rend(); ++event)
    if (event->what == what && event->time) return event->time;
  return std::nullopt;
}
std::optional<Instant> Entry::begun() const {
  return events.empty() ? std::nullopt : events.front().time;
}

std::optional<Instant> Entry::ended() const {
  for (auto event = events.rbegin(); event != events.rend(); ++event)
    if (event->time) return event->time;
  return std::nullopt;
}

Node Call::field(std::initializer_list<std::string_view> keys) const {
  for (const Record* record : {detail_, summary_})
    for (const std::string_view key : keys)
      if (record != nullptr)
        if (const Node node = record->root[key]; node.provided()) return node;
  return {};
}

Call::Call(std::span<const Record> records, Arena& arena) {
  const auto has_events = [](const Record& record) {
    for (const std::string_view key : event_lists)
      if (record.root[key].type() != Node::Type::missing) return true;
    return false;
  };
  for (const Record& record : records) (has_events(record) ? detail_ : summary_) = &record;
  id = id_of(field({"ContactId"}));
  source = records.front().source;
  type = type_named(text("ContactType"));
  start = instant(field({"StartTime"}));
  established = instant(field({"EstablishedTime"}));
  release = instant(field({"ReleaseTime"}));
  // The oldest lists give a Duration in place of an end; their own recordings end at this sum.
  const auto duration = real_of(field({"Duration"}));
  if (!release && start && duration) {
    release = plus_seconds(*start, *duration);
    if (release) notes.add("end_time", "StartTime + Duration");
  }
  agent_ids = elements_of(text("AgentIds"));
  agent_names = elements_of(text("AgentNames"));

  read_events();
  read_sides(arena);
  find_rings();
  find_talks();
  find_visits();
  find_ivr();
  read_figures();
  decide_outcome();
  find_listed_visit();
  find_contradictions();
}

void Call::read_events() {
  if (detail_ == nullptr) return;
  const auto read = [&](std::initializer_list<std::string_view> keys, std::vector<Entry>& to) {
    for (const std::string_view key : keys) {
      const Node list = list_of(detail_->root[key]);
      for (const Node each : list.children())
        if (says_something(each)) to.push_back(read_entry(each, *detail_, key));
      put_in_order(to);
      if (list.is_array()) return true;
    }
    return false;
  };
  read({"IvrEvents", "CdrIvrEvents"}, ivr);
  has_queue_events = read({"QueueEvents", "CdrQueueEvents"}, queues);
  read({"CustomerEvents"}, customers);
}

void Call::read_sides(Arena& arena) {
  const auto add = [&](Entry entry) {
    Side& side = sides.emplace_back();
    side.id = entry.text("AgentId");
    side.name = entry.text("AgentName");
    side.queue_id = entry.text("SkillGroupId");
    side.supervises = listens(entry);
    side.entry = std::move(entry);
  };
  std::vector<Entry> entries;
  for (const std::string_view key : {"AgentEvents", "CdrAgentEvents"}) {
    const Node list = detail_ != nullptr ? list_of(detail_->root[key]) : Node();
    has_agent_events |= list.is_array();
    for (const Node each : list.children())
      if (says_something(each)) entries.push_back(read_entry(each, *detail_, key));
  }
  if (!has_agent_events)
    for (const Node each : list_of(field({"Agents"})).children())
      if (says_something(each)) entries.push_back({each, {}});
  put_in_order(entries);
  for (Entry& entry : entries) add(std::move(entry));
  if (!has_agent_events)
    for (Side& side : sides) side.reported = figures_of(side.entry.node);
  std::stable_sort(sides.begin(), sides.end(),
                   [](const Side& a, const Side& b) { return earlier(a.begun(), b.begun()); });
  for (std::size_t i = 0; i < sides.size(); ++i) {
    Side& side = sides[i];
    side.dialog_id = arena.keep(std::string(id) + "/agent/" + std::to_string(i + 1));
    if (!side.supervises && !side.id.empty() &&
        std::find(agent_ids.begin(), agent_ids.end(), side.id) == agent_ids.end())
      agent_ids.push_back(side.id);
  }
  // The vendor's lists of agents name supervisors too.
  const auto only_supervises = [&](std::string_view Side::*what, std::string_view value) {
    bool supervises = false;
    for (const Side& side : sides)
      if (side.*what == value) {
        if (!side.supervises) return false;
        supervises = true;
      }
    return supervises;
  };
  std::erase_if(agent_ids,
                [&](std::string_view agent) { return only_supervises(&Side::id, agent); });
  std::erase_if(agent_names,
                [&](std::string_view agent) { return only_supervises(&Side::name, agent); });
}

// --- Who rang and talked when

std::optional<Instant> Call::customer_released() const {
  std::optional<Instant> last;
  for (const Entry& customer : customers)
    if (const auto released = customer.last(Happening::released); released && !(released < last))
      last = released;
  return last ? last : release;
}

namespace {

constexpr std::int64_t together_us = 1'000'000;  // one moment, stamped by two components

// Whether both telephones rang when the other one was answered.
bool was_faster(const Ring& other, const Ring& ring) {
  return other.answered && other.from < ring.to && !(other.to < ring.from) &&
         other.to.us <= ring.to.us + together_us;
}

// Limits for a ringing or a conversation that no event ends.
struct Bounds {
  std::optional<Instant> end;    // of the call; none while it goes on
  std::optional<double> length;  // of the call
  bool misfit = false;           // a Duration is impossible

  // The end by the event's own Duration, if that is above 0 and fits into the call.
  std::optional<Instant> end_by_duration(const Event& event) {
    if (!event.seconds) return std::nullopt;
    const double seconds = *event.seconds;
    std::optional<Instant> to;
    if (seconds > 0 && fits(seconds, length)) to = plus_seconds(*event.time, seconds);
    const bool overruns = to && end && !(*end < *event.time) && to->us > end->us + together_us;
    if (overruns) to.reset();
    misfit = misfit || (!to && (seconds != 0 || end));
    return to;
  }
};

// One ring from each Ringing to the event that ended it: Established, Released, or a GiveUp in the
// queue if that came first. Without such an event, the ring lasts for its own Duration, or without
// that until the end of the call. `ringings`: when any telephone began to ring. `since`: the
// beginning of a ring that still goes on.
std::vector<Ring> rings_in(const Entry& entry, std::span<const Instant> give_ups,
                           std::span<const Instant> ringings, Bounds& bounds,
                           std::optional<Instant>& since) {
  std::vector<Ring> rings;
  std::optional<Event> open;
  const auto close = [&](std::optional<Instant> to, bool answered, bool derived) {
    const Instant from = *open->time;
    open.reset();
    bool given_up = false;
    for (const Instant at : give_ups) {
      if (answered || at < from || (to && at.us > to->us + together_us)) continue;
      given_up = true;
      if (to && !(at < *to)) continue;
      to = at;
      derived = false;
    }
    if (to && !(*to < from)) rings.push_back({{from, *to, derived}, answered, given_up});
  };
  for (const Event& event : entry.events) {
    if (!event.time) break;
    if (event.what == Happening::ringing && !open) open = event;
    if (event.what == Happening::established && open) close(event.time, true, false);
    if (event.what == Happening::released && open) close(event.time, false, false);
  }
  if (!open) return rings;
  const auto comes_after = [&](Instant at) { return !(at < *open->time); };
  const auto given_up = std::find_if(give_ups.begin(), give_ups.end(), comes_after);
  auto to = bounds.end_by_duration(*open);
  // The customer gave up while this telephone rang, unless another one had begun to meanwhile.
  if (to && given_up != give_ups.end() && given_up->us > to->us + together_us &&
      std::none_of(ringings.begin(), ringings.end(),
                   [&](Instant at) { return *open->time < at && at < *given_up; })) {
    to.reset();
    bounds.misfit = true;
  }
  if (!to) to = bounds.end;
  if (to || given_up != give_ups.end())
    close(to, false, true);
  else
    since = open->time;
  return rings;
}

// One period from each Established to Released. Without Released, the period lasts for its own
// Duration, or without that until the end of the call. `since`: the beginning of a period that
// still goes on.
std::vector<Spell> established_in(const Entry& entry, Bounds& bounds,
                                  std::optional<Instant>& since) {
  std::vector<Spell> periods;
  std::optional<Event> open;
  for (const Event& event : entry.events) {
    if (!event.time) break;
    if (event.what == Happening::established && !open) open = event;
    if (event.what == Happening::released && open) {
      periods.push_back({*open->time, *event.time, false});
      open.reset();
    }
  }
  if (!open) return periods;
  const auto by_duration = bounds.end_by_duration(*open);
  const auto end = by_duration ? by_duration : bounds.end;
  if (end && !(*end < *open->time)) periods.push_back({*open->time, *end, true});
  if (!end) since = open->time;
  return periods;
}

// The parts of the periods from the instant `from` on.
std::vector<Spell> from_on(std::vector<Spell> periods, Instant from, bool derived) {
  std::erase_if(periods, [&](const Spell& each) { return each.to < from; });
  for (Spell& each : periods) {
    each.from = std::max(each.from, from);
    each.derived |= derived;
  }
  return periods;
}

}  // namespace

void Call::find_rings() {
  std::vector<Instant> give_ups;
  for (const Entry& queue : queues)
    for (const Event& event : queue.events)
      if (event.what == Happening::give_up && event.time) give_ups.push_back(*event.time);
  std::sort(give_ups.begin(), give_ups.end());
  std::vector<Instant> ringings;
  for (const Side& side : sides)
    for (const Event& event : side.entry.events)
      if (event.what == Happening::ringing && event.time && !side.supervises)
        ringings.push_back(*event.time);
  Bounds bounds{customer_released(), length()};
  const auto& end = bounds.end;
  for (Side& side : sides)
    if (!side.supervises)
      side.rings = rings_in(side.entry, give_ups, ringings, bounds, side.ringing_since);
  for (Side& side : sides)
    for (Ring& ring : side.rings) {
      if (ring.answered) continue;
      for (const Side& other : sides)
        for (const Ring& faster : other.rings)
          if (&other != &side && was_faster(faster, ring)) {
            ring.colleague_faster = true;
            if (ring.derived) ring.to = std::min(ring.to, faster.to);
          }
      if (end && hung_up_by_customer() && std::abs(end->us - ring.to.us) <= together_us)
        ring.given_up = true;
    }
  for (const Entry& customer : customers) {
    std::optional<Instant> still_rings;  // not used
    for (const Ring& ring : rings_in(customer, {}, {}, bounds, still_rings))
      customer_rings.push_back(ring);
  }
  durations_misfit_ = bounds.misfit;
}

// An inbound customer is connected before any agent, so the conversation lasts from the agent's
// Established to Released. If the company's side dials, the agent is connected first, and the
// conversation begins when the customer is connected too: at the customer's Established, in answers
// without it at EstablishedTime, and in answers without either at the agent's own Established, if
// the call ended well. A conversation between agents is the time that two of them share.
void Call::find_talks() {
  Bounds bounds{customer_released(), length()};
  for (Side& side : sides) {
    side.talks = established_in(side.entry, bounds, side.talking_since);
    if (!side.supervises) continue;
    if (const auto joined = joined_in(side.entry)) {
      for (const Spell& each : from_on(std::move(side.talks), *joined, true))
        taken_over.push_back(each);
      taken_over_goes_on_ = taken_over_goes_on_ || side.talking_since;
    }
    side.talks.clear();
    side.talking_since.reset();
  }
  durations_misfit_ = durations_misfit_ || bounds.misfit;
  if (type->between_agents) find_shared_talks();
  if (type->company_calls) {
    std::optional<Instant> connected;
    for (const Entry& customer : customers)
      if (const auto at = customer.first(Happening::established); earlier(at, connected))
        connected = at;
    const bool measured = connected.has_value();
    if (!connected) connected = established;
    const bool ended_well = same_word(text("ContactDisposition"), "Success");
    for (Side& side : sides) {
      if (connected) {
        side.talks = from_on(std::move(side.talks), *connected, !measured);
        if (side.talking_since) side.talking_since = std::max(*side.talking_since, *connected);
        continue;
      }
      side.talking_since.reset();
      if (ended_well)
        for (Spell& each : side.talks) each.derived = true;
      else
        side.talks.clear();
    }
  }
  for (Side& side : sides) {
    const auto reported_talk = side.reported.seconds(State::active);
    side.answered = !side.supervises &&
                    (!side.talks.empty() || side.talking_since || reported_talk.value_or(0) > 0);
    const auto at = side.served();
    if (earlier(at, answer)) answer = at;
    if (at && !side.rang_before(*at)) {
      side.unrung = Ring{{*at, *at, true}, true};
      side.unrung->unrung = true;
    }
  }
}

// Each agent's conversations are the time in which another agent is connected too.
void Call::find_shared_talks() {
  std::vector<Side*> agents;
  for (Side& side : sides)
    if (!side.supervises) agents.push_back(&side);
  if (agents.size() < 2) return;
  std::vector<std::vector<Spell>> periods;
  std::vector<Instant> open;
  for (Side* side : agents) {
    periods.push_back(std::move(side->talks));
    if (side->talking_since) open.push_back(*side->talking_since);
  }
  for (std::size_t i = 0; i < agents.size(); ++i) {
    std::vector<Spell> others;
    for (std::size_t j = 0; j < agents.size(); ++j)
      if (j != i) others.insert(others.end(), periods[j].begin(), periods[j].end());
    agents[i]->talks = overlap(periods[i], merged(std::move(others)));
  }
  std::sort(open.begin(), open.end());
  for (Side* side : agents) {
    if (!side->talking_since) continue;
    if (open.size() < 2)
      side->talking_since.reset();
    else
      side->talking_since = std::max(*side->talking_since, open[1]);
  }
}

std::optional<Instant> Side::begun() const {
  const auto at = entry.begun();
  return at ? at : instant(entry.node["StartTime"]);
}

std::optional<Instant> Side::served() const {
  std::optional<Instant> first;
  for (const Spell& talk : talks)
    if (earlier(talk.from, first)) first = talk.from;
  return first ? first : talking_since;
}

bool Side::rang_before(Instant at) const {
  return std::any_of(rings.begin(), rings.end(),
                     [&](const Ring& ring) { return ring.answered && !(at < ring.from); });
}

StateSpans Side::states() const {
  StateSpans spans = reported;
  if (auto span = covered(queued)) spans[State::in_queue] = span;
  if (auto span = covered({rings.begin(), rings.end()})) spans[State::ring] = span;
  if (auto span = covered(talks); span && !talking_since) spans[State::active] = span;
  return spans;
}

StateSpans reported_together(std::span<const Side* const> sides) {
  StateSpans sums;
  for (const StateName& each : states)
    for (const Side* side : sides)
      if (const auto& one = side->reported[each.state]) {
        auto& sum = sums[each.state];
        sum = sum ? StateSpan{round_to_ms(sum->seconds + one->seconds), Basis::derived, {}, {}}
                  : *one;
      }
  return sums;
}

std::string_view Side::outcome(std::string_view of_call) const {
  if (supervises) return "MONITORED";
  if (answered) return "ANSWERED";
  if (!rings.empty()) return rings.back().outcome();
  if (of_call == "NO_ANSWER" || of_call == "BUSY") return "NO_ANSWER";
  if (of_call == "UNREACHABLE") return "FAILED";
  if (of_call == "REJECTED") return "REJECTED";
  return "";
}

// --- Queues and the IVR

namespace {

// The events of a visit's own queue after its Enqueue, up to the next one.
struct QueueStory {
  std::vector<Instant> assigned;  // each AssignAgent
  const Event* ending =
      nullptr;  // the last of GiveUp, Abandoned, QueueingTimeout, QueueingOverflow
};

std::string_view outcome_of_ending(Happening what) {
  switch (what) {
    case Happening::give_up:
      return "ABANDONED_IN_RING";
    case Happening::abandoned:
      return "ABANDONED_IN_QUEUE";
    case Happening::queue_timeout:
      return "QUEUE_TIMEOUT";
    case Happening::queue_overflow:
      return "QUEUE_OVERFLOW";
    default:
      return "";
  }
}

// Whether an agent's entry is for the visit's queue: it names that queue, or the queue is the
// agent's own.
bool is_of_queue(const Side& side, const QueueVisit& visit) {
  const std::string_view queue_id = visit.queue->text("QueueId");
  return !queue_id.empty() && (side.queue_id == queue_id || side.id == queue_id);
}
// Whether a ring belongs to a visit. Among the visits to the queues that the agent's entry is for,
// it belongs to the last one that began before it; if the entry is for no queue of the call, to the
// last of all visits.
bool leads_to(const QueueVisit& visit, const RingOfSide& ring, std::span<const QueueVisit> all) {
  const auto any = [&](auto holds) { return std::any_of(all.begin(), all.end(), holds); };
  const Instant from = ring.ring->from;
  const bool own = is_of_queue(*ring.side, visit);
  if (!own && any([&](const QueueVisit& each) { return is_of_queue(*ring.side, each); }))
    return false;
  return !any([&](const QueueVisit& later) {
    return visit.enqueued < later.enqueued && !(from < later.enqueued) &&
           (!own || is_of_queue(*ring.side, later));
  });
}

// Whether the ring was answered, and before the other one, if there is one.
bool answers_before(const Ring& ring, const Ring* other) {
  return ring.answered && (other == nullptr || ring.to < other->to);
}

// The ring that was answered first. A queue may ring several agents, and more than one may answer.
const Ring* answer_of(std::span<const RingOfSide> rings) {
  const Ring* first = nullptr;
  for (const auto& [side, ring] : rings)
    if (answers_before(*ring, first)) first = ring;
  return first;
}

// The rings that a visit led to: the one that was answered first, and those that began before that
// answer.
std::vector<RingOfSide> rings_of(const QueueVisit& visit, const QueueStory& story,
                                 std::span<const RingOfSide> rings,
                                 std::span<const QueueVisit> visits) {
  std::vector<RingOfSide> chosen;
  const Ring* answer = nullptr;
  for (const RingOfSide& each : rings) {  // by `from`
    const Instant from = each.ring->from;
    if (from < visit.enqueued) continue;
    if (answer != nullptr && !(from < answer->to)) break;
    if (story.ending != nullptr && *story.ending->time < from) break;
    if (!leads_to(visit, each, visits)) continue;
    chosen.push_back(each);
    if (answers_before(*each.ring, answer)) answer = each.ring;
  }
  std::erase_if(chosen, [&](const RingOfSide& each) {
    return answer != nullptr && each.ring != answer && !(each.ring->from < answer->to);
  });
  return chosen;
}

// The wait before a ringing that ended at `to`, and of which the record does not show when it began.
// It ended when an agent was chosen. If nobody was since the last ringing, or several agents were and
// some of them may have been rung, it is unknown.
void wait_for_unseen(QueueVisit& visit, const QueueStory& story, Instant to) {
  const Instant since = visit.waits_since;
  std::vector<Instant> assigned;
  for (const Instant at : story.assigned)
    if (!(at < since) && at.us <= to.us + together_us) assigned.push_back(std::min(at, to));
  if (assigned.empty() && to.us <= since.us + together_us) return;
  visit.dequeued = assigned.empty() ? std::nullopt : std::optional(assigned.back());
  visit.waits_are_known =
      !assigned.empty() && assigned.back().us <= assigned.front().us + together_us;
  if (visit.waits_are_known)
    visit.waits.push_back({since, assigned.front(), since != visit.enqueued});
}

// Fills in how the visit went. If an agent's phone rang in vain and the queue went on, the time
// until the next ring, or until the end, is time in the queue again.
void conclude(QueueVisit& visit, const QueueStory& story, std::span<const RingOfSide> rings) {
  Instant& since = visit.waits_since;
  const auto wait = [&](Instant to, bool derived) {
    if (to < since) return;
    visit.waits.push_back({since, to, derived});
    visit.dequeued = to;
  };
  const Ring* const answer = answer_of(rings);
  for (const auto& [side, ring] : rings) {
    if (ring->unrung)
      wait_for_unseen(visit, story, ring->from);
    else
      wait(ring->from, since != visit.enqueued);
    if (visit.waits_are_known)
      side->queued.insert(side->queued.end(), visit.waits.begin(), visit.waits.end());
    if (side->queue_id.empty()) side->queue_id = visit.queue->text("QueueId");
    if (answer == nullptr || ring == answer) visit.agent_id = side->id;
    visit.rings.push_back({side, ring});
    since = std::max(since, ring->to);
  }
  if (answer != nullptr) {
    visit.outcome = "ANSWERED";
    visit.ended = answer->to;
    return;
  }
  if (story.ending == nullptr) {
    // After the last ringing another agent was chosen, who is not known to have been rung.
    const bool goes_on = !story.assigned.empty() && !(story.assigned.back() < since) &&
                         (rings.empty() || rings.back().ring->from < story.assigned.back());
    if (goes_on) wait_for_unseen(visit, story, story.assigned.back());
    if (goes_on || rings.empty()) return;
    const auto ends_earlier = [](const RingOfSide& a, const RingOfSide& b) {
      return std::pair(a.ring->to, a.ring->given_up) < std::pair(b.ring->to, b.ring->given_up);
    };
    const Ring& last = *std::max_element(rings.begin(), rings.end(), ends_earlier)->ring;
    visit.outcome = last.given_up ? "ABANDONED_IN_RING" : "NO_ANSWER";
    visit.ended = last.to;
    return;
  }
  visit.outcome = outcome_of_ending(story.ending->what);
  visit.ended = story.ending->time;
  if (story.ending->what != Happening::give_up)
    wait(*story.ending->time, !rings.empty());
  else
    wait_for_unseen(visit, story, *story.ending->time);
}

// An agent's telephone still rings: the visit has left the queue for that agent, and has not ended.
void ring_on(QueueVisit& visit, Side& side, std::span<const QueueVisit> all) {
  if (!side.ringing_since || *side.ringing_since < visit.enqueued) return;
  const Ring ring{{*side.ringing_since, *side.ringing_since}};
  if (!leads_to(visit, {&side, &ring}, all)) return;
  side.rings_for = static_cast<std::size_t>(&visit - all.data()) + 1;
  if (side.queue_id.empty()) side.queue_id = visit.queue->text("QueueId");
  visit.outcome = "";
  visit.ended.reset();
  visit.agent_id = side.id;
  // The wait for this ringing ends at AssignAgent, a moment earlier.
  std::erase_if(visit.waits, [&](const Spell& wait) { return wait.from == visit.waits_since; });
  visit.waits_are_known = true;
  if (!(ring.from < visit.waits_since)) {
    visit.waits.push_back({visit.waits_since, ring.from, !visit.rings.empty()});
    visit.dequeued = ring.from;
  }
}

}  // namespace

std::optional<StateSpan> QueueVisit::wait() const {
  return waits_are_known ? covered(waits) : std::nullopt;
}

std::optional<StateSpan> QueueVisit::ring() const {
  std::vector<Spell> spells;
  for (const auto& [side, ring] : rings)
    if (!ring->unrung)
      spells.push_back({ring->from, ended ? std::min(ring->to, *ended) : ring->to, ring->derived});
  return covered(std::move(spells));
}

std::optional<Instant> QueueVisit::answered() const {
  const Ring* const answer = answer_of(rings);
  return answer != nullptr ? std::optional(answer->to) : std::nullopt;
}

void Call::find_visits() {
  std::vector<QueueStory> stories;
  for (const Entry& queue : queues) {
    const std::size_t own_first = visits.size();
    for (const Event& event : queue.events) {
      if (!event.time) break;
      if (event.what == Happening::enqueue) {
        QueueVisit& visit = visits.emplace_back();
        visit.queue = &queue;
        visit.enqueued = visit.waits_since = *event.time;
        stories.emplace_back();
      } else if (visits.size() > own_first) {
        QueueStory& story = stories.back();
        if (event.what == Happening::assign_agent) story.assigned.push_back(*event.time);
        if (!outcome_of_ending(event.what).empty()) story.ending = &event;
      }
    }
  }
  std::vector<RingOfSide> rings;
  for (Side& side : sides) {
    if (side.unrung) rings.push_back({&side, &*side.unrung});
    for (const Ring& ring : side.rings) rings.push_back({&side, &ring});
  }
  std::stable_sort(rings.begin(), rings.end(), [](const RingOfSide& a, const RingOfSide& b) {
    return a.ring->from < b.ring->from;
  });
  for (std::size_t i = 0; i < visits.size(); ++i)
    conclude(visits[i], stories[i], rings_of(visits[i], stories[i], rings, visits));
  // The call leaves one queue before it enters another one in the same instant.
  std::stable_sort(visits.begin(), visits.end(), [](const QueueVisit& a, const QueueVisit& b) {
    return a.enqueued != b.enqueued ? a.enqueued < b.enqueued : earlier(a.ended, b.ended);
  });
  for (QueueVisit& visit : visits)
    if (visit.outcome.empty() || visit.outcome == "NO_ANSWER")
      for (Side& side : sides) ring_on(visit, side, visits);
  if (visits.empty()) return;
  if (!visits.back().outcome.empty() && visits.back().outcome != "NO_ANSWER") return;
  // The queue's events do not say how the last visit ended, so the call's disposition decides.
  const Disposition* disposition = disposition_named(text("ContactDisposition"));
  if (disposition == nullptr) return;
  QueueVisit& last = visits.back();
  for (const std::string_view each :
       {"ABANDONED_IN_QUEUE", "ABANDONED_IN_RING", "QUEUE_TIMEOUT", "QUEUE_OVERFLOW",
        "QUEUE_FAILED", "VOICEMAIL", "FORWARDED", "NO_ANSWER", "REJECTED", "BUSY"})
    if (disposition->outcome == each) last.outcome = each;
  if (!last.outcome.empty() && !last.ended && release && !(*release < last.enqueued))
    last.ended = release;
  if (last.outcome != "ABANDONED_IN_QUEUE" || !release || *release < last.waits_since) return;
  last.dequeued = last.ended = release;
  last.waits_are_known = true;
  last.waits.push_back({last.waits_since, *release, true});
}

// A list gives a call's figures, and the skill groups of the agents who took part, but no events.
// If it says that the call was in a queue, that is one visit, to the only group that it names. The
// queue of an abandoned call is not known, because no agent took part. If a list names several
// groups, it does not say how long the call was in each.
void Call::find_listed_visit() {
  if (summary_ == nullptr || has_queue_events || type->direction != "INBOUND") return;
  constexpr std::string_view of_queues[] = {"ABANDONED_IN_QUEUE", "ABANDONED_IN_RING",
                                            "QUEUE_TIMEOUT", "QUEUE_OVERFLOW", "QUEUE_FAILED"};
  constexpr std::string_view of_agents[] = {"ANSWERED", "NO_ANSWER"};
  const auto is_one_of = [&](const auto& words) {
    return std::find(std::begin(words), std::end(words), outcome) != std::end(words);
  };
  const auto seconds = [&](State state) {
    const auto& span = best(state);
    return span ? std::optional(span->seconds) : std::nullopt;
  };
  const std::string_view ids = trim_word(text_of(field({"SkillGroupIds", "SkillGroupIdList"})));
  const std::string_view names = text("SkillGroupNames");
  const bool has_group = !ids.empty() || !names.empty();
  ListedVisit visit;
  visit.wait = seconds(State::in_queue);
  visit.ring = seconds(State::ring);
  if (!is_one_of(of_queues) && visit.wait.value_or(0) <= 0 && !(is_one_of(of_agents) && has_group))
    return;
  visit.queue_id = only_one(ids);
  const bool one_group = ids.empty() ? !only_one(names).empty() : !visit.queue_id.empty();
  if (one_group) visit.queue_name = only_one(names);
  if (has_group && !one_group) notes.add("queue_visits", "several skill groups in a list");
  if (is_one_of(of_queues) || is_one_of(of_agents)) visit.outcome = outcome;
  if (agent_ids.size() == 1) visit.agent_id = agent_ids.front();
  // An instant that is `by` seconds after another one, and not after the end; none if `parts` do
  // not fit into the call.
  const auto later = [&](std::optional<Instant> from, std::optional<double> by,
                         std::initializer_list<State> parts) -> std::optional<Instant> {
    if (!from || !by || !fit_together(parts)) return std::nullopt;
    const auto at = plus_seconds(*from, *by);
    if (!at || !release || !(*release < *at)) return at;
    return *from < *release ? release : std::nullopt;
  };
  visit.enqueued = later(start, seconds(State::ivr).value_or(0), {State::ivr});
  visit.dequeued = later(visit.enqueued, visit.wait, {State::ivr, State::in_queue});
  if (visit.outcome == "ANSWERED") {
    // RingTime covers the ringing of all agents. Where that leaves too little room for the
    // conversation, queue and ringing together are not the time until the answer.
    const auto parts = {State::ivr, State::in_queue, State::ring, State::active};
    visit.answered = later(visit.dequeued, visit.ring, parts);
    visit.ended = visit.answered;
    if (visit.wait && visit.ring && fit_together(parts))
      visit.speed_of_answer = *visit.wait + *visit.ring;
    if (!answer && visit.answered) {
      answer = visit.answered;
      notes.add("answer_time", "StartTime + IvrTime + QueueTime + RingTime");
    }
  } else if (!visit.outcome.empty() && release && !(*release < visit.enqueued.value_or(*release)))
    visit.ended = release;
  listed_visit = visit;
}

// Whether states that follow each other can be in the call one after the other. Each figure may be
// rounded to a whole second; `fits` leaves room for two.
bool Call::fit_together(std::initializer_list<State> parts) const {
  if (!start || !release || !(*start < *release)) return true;
  double sum = 0, length = seconds_between(*start, *release);
  int count = 0;
  for (const State part : parts)
    if (const auto& span = best(part); span && span->seconds > 0) {
      sum += span->seconds;
      if (++count > 2) length += 1;
    }
  return fits(sum, length);
}

// The call enters the IVR at a Route2IVR of the main flow (or of an answer that names no flows). It
// leaves the IVR for a queue, at the hang-up, or, without a queue, for an agent.
void Call::find_ivr() {
  struct Step {
    Instant at;
    enum class Kind : std::uint8_t { enter, leave, leave_for_agent } kind;
  };
  std::vector<Step> steps;
  for (const Entry& flow : ivr) {
    if (same_word(flow.text("FlowType"), "SURVEY_FLOW")) continue;
    for (const Event& event : flow.events) {
      if (!event.time) break;
      if (event.what == Happening::route_to_ivr) steps.push_back({*event.time, Step::Kind::enter});
      if (event.what == Happening::abandoned) steps.push_back({*event.time, Step::Kind::leave});
    }
  }
  if (steps.empty()) return;
  for (const QueueVisit& visit : visits) steps.push_back({visit.enqueued, Step::Kind::leave});
  for (const Side& side : sides)
    if (const auto at = side.begun(); at && !side.supervises)
      steps.push_back({*at, Step::Kind::leave_for_agent});
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.at != b.at ? a.at < b.at : a.kind < b.kind;
  });
  std::optional<Instant> entered;
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::enter) {
      if (!entered) entered = step.at;
    } else if (entered) {
      in_ivr.push_back({*entered, step.at, step.kind == Step::Kind::leave_for_agent});
      entered.reset();
    }
  }
  const auto end = customer_released();
  if (entered && end && !(*end < *entered)) in_ivr.push_back({*entered, *end, false});
}

// --- Figures

void Call::read_figures() {
  const auto figure = [&](std::string_view key) { return cdr::reported(real_of(field({key}))); };
  reported[State::ivr] = figure("IvrTime");
  reported[State::in_queue] = figure("QueueTime");
  reported[State::waiting] = figure("WaitTime");
  reported[State::ring] = figure("RingTime");
  reported[State::active] = figure("TalkTime");
  reported[State::hold] = figure("HeldTime");
  misfits.hold(reported, length());
  for (Side& side : sides) misfits.hold(side.reported, length(), side.id);

  std::vector<Spell> queued, rings, talks;
  for (const QueueVisit& visit : visits)
    queued.insert(queued.end(), visit.waits.begin(), visit.waits.end());
  for (const Side& side : sides) {
    rings.insert(rings.end(), side.rings.begin(), side.rings.end());
    talks.insert(talks.end(), side.talks.begin(), side.talks.end());
  }
  talks.insert(talks.end(), taken_over.begin(), taken_over.end());
  told[State::ivr] = covered(in_ivr);
  // A customer is in one state at a time: if a colleague's phone rings during a conversation, that
  // is the consulted agent's ringing, not the call's.
  rings = without(merged(std::move(rings)), merged(talks));
  queued = without(without(merged(std::move(queued)), merged(talks)), rings);
  if (waits_are_known()) told[State::in_queue] = covered(queued);
  if (!is_ringing()) told[State::ring] = covered(rings);
  // A conversation that still goes on has no known length.
  if (!taken_over_goes_on_ && std::none_of(sides.begin(), sides.end(), [](const Side& side) {
        return side.talking_since.has_value();
      }))
    told[State::active] = covered(talks);
  // Each figure of the oldest lists is one agent's; the call's figure is their sum. It may not fit
  // into the call although each of them does.
  std::vector<const Side*> all;
  for (const Side& side : sides) all.push_back(&side);
  StateSpans sums = reported_together(all);
  for (const StateName& each : states) {
    if (!sums[each.state]) continue;
    misfits.hold(each.state, sums[each.state], length());
    told[each.state] = sums[each.state];
  }
  if (type->company_calls && !reported[State::ring] && !told[State::ring])
    if (auto span = covered(without(without(customer_rings, talks), queued))) {
      span->basis = Basis::derived;
      told[State::ring] = span;
      notes.add("ring_seconds", "customer");
    }
}

// Whether an agent's telephone still rings and no agent has answered: the length is not known yet.
bool Call::is_ringing() const {
  return !answer && std::any_of(sides.begin(), sides.end(),
                                [](const Side& side) { return side.ringing_since.has_value(); });
}

bool Call::is_abandoned() const {
  return outcome == "ABANDONED_IN_QUEUE" || outcome == "ABANDONED_IN_RING";
}

// Whether QueueTime and RingTime, where their sum is the wait, can be in the call.
bool Call::waits_fit() const {
  return reported[State::waiting] || is_abandoned() || fit_together({State::in_queue, State::ring});
}

bool Call::waits_are_known() const {
  return std::all_of(visits.begin(), visits.end(),
                     [](const QueueVisit& visit) { return visit.waits_are_known; });
}

std::optional<StateSpan> Call::waiting() const {
  if (reported[State::waiting]) return reported[State::waiting];
  if (!reported[State::ring] && is_ringing()) return std::nullopt;
  const auto& queue = best(State::in_queue);
  const auto& ring = best(State::ring);
  if (type->company_calls || type->between_agents || (!queue && !ring)) return std::nullopt;
  StateSpan span;
  span.basis = Basis::derived;
  if (is_abandoned()) return span;
  if (!waits_fit() || (!queue && !waits_are_known())) return std::nullopt;
  span.seconds = round_to_ms((queue ? queue->seconds : 0) + (ring ? ring->seconds : 0));
  return span;
}

// A conversation with an agent makes a call answered, whatever happened afterwards. Otherwise the
// vendor's disposition decides.
void Call::decide_outcome() {
  const std::string_view said = text("ContactDisposition");
  const Disposition* disposition = disposition_named(said);
  const bool success = disposition != nullptr && disposition->outcome.empty();
  const bool talked =
      reported.seconds(State::active).value_or(0) > 0 || !taken_over.empty() ||
      taken_over_goes_on_ ||
      std::any_of(sides.begin(), sides.end(), [](const Side& side) { return side.answered; });
  if (talked) {
    outcome = "ANSWERED";
    if (!success && !said.empty()) notes.add("outcome", "conversation");
  } else if (success) {
    const bool had_agent = !agent_ids.empty() || !agent_names.empty() || !sides.empty();
    const bool in_menu = type->direction == "INBOUND" && visits.empty() &&
                         reported.seconds(State::in_queue).value_or(0) <= 0 &&
                         (!ivr.empty() || reported.seconds(State::ivr).value_or(0) > 0);
    outcome = had_agent ? "ANSWERED" : in_menu ? "SELF_SERVICE" : "OTHER";
  } else if (disposition != nullptr) {
    outcome = disposition->outcome;
    if (outcome == "NO_ANSWER") outcome = not_answered();
  } else if (!said.empty()) {
    outcome = "OTHER";
  }
  // An inbound customer is connected before the menu, so EstablishedTime is not the answer.
  if (!answer && outcome == "ANSWERED" && established && type->direction != "INBOUND") {
    answer = established;
    notes.add("answer_time", "EstablishedTime");
  }
  forget_zeros(reported, outcome == "ANSWERED");
  forget_zeros(told, outcome == "ANSWERED");
  for (Side& side : sides) forget_zeros(side.reported, side.answered);
}

// NoAnswer covers every call that was not connected; the answer of the customer's network gives the
// reason.
std::string_view Call::not_answered() const {
  struct Word {
    std::string_view word, outcome;
  };
  static constexpr Word early_media[] = {
      {"Busy", "BUSY"},
      {"NotExist", "UNREACHABLE"},
      {"OutOfService", "UNREACHABLE"},
      {"PowerOff", "UNREACHABLE"},
      {"Restricted", "UNREACHABLE"},
      {"NotConnected", "UNREACHABLE"},
  };
  for (const Word& each : early_media)
    if (same_word(each.word, text("EarlyMediaState"))) return each.outcome;
  const auto code = sip_code();
  const std::string_view by_code = code ? outcome_of_sip(*code) : "";
  return by_code.empty() ? "NO_ANSWER" : by_code;
}

// `200 - OK`, `486:USER_BUSY`, `487-Request Terminated`.
std::optional<std::int64_t> Call::sip_code() const {
  const std::string_view reason = trim_word(text("ReleaseReason"));
  if (reason.size() < 3 || (reason.size() > 3 && is_digit(reason[3]))) return std::nullopt;
  std::int64_t code = 0;
  for (const char c : reason.substr(0, 3)) {
    if (!is_digit(c)) return std::nullopt;
    code = code * 10 + (c - '0');
  }
  return code >= 100 && code < 700 ? std::optional(code) : std::nullopt;
}

std::optional<double> Call::length() const {
  if (start && release && *start < *release) return seconds_between(*start, *release);
  const auto duration = real_of(field({"CallDuration", "Duration"}));
  return duration && *duration > 0 ? duration : std::nullopt;
}

bool Call::hung_up_by_customer() const {
  const Disposition* said = disposition_named(text("ContactDisposition"));
  return same_word(text("ReleaseInitiator"), "customer") ||
         (said != nullptr && said->outcome == "ABANDONED_IN_RING");
}

// The vendor's own count, if a list gives it. Otherwise each BlindTransfer counts, and so does the
// last Consulting of an agent who then left without one while another agent went on talking. A
// consultation that became a conference does not count, because an agent may leave a conference
// without transferring the call.
std::optional<std::int64_t> Call::transfers() const {
  if (const auto count = integer_of(field({"TransferCount"}))) return count;
  if (!has_agent_events) return std::nullopt;
  std::int64_t count = 0;
  const auto goes_on_without = [&](const Side& leaving, Instant left) {
    return std::any_of(sides.begin(), sides.end(), [&](const Side& other) {
      if (&other == &leaving) return false;
      return std::any_of(other.talks.begin(), other.talks.end(),
                         [&](const Spell& talk) { return left < talk.to; });
    });
  };
  for (const Side& side : sides) {
    count +=
        std::count_if(side.entry.events.begin(), side.entry.events.end(),
                      [](const Event& event) { return event.what == Happening::blind_transfer; });
    const auto consulted = side.entry.last(Happening::consulting);
    const auto left = side.entry.last(Happening::released);
    const auto is_after = [&](std::optional<Instant> at) { return at && !(*at < *consulted); };
    if (!consulted || !is_after(left) || is_after(side.entry.last(Happening::start_conference)) ||
        is_after(side.entry.last(Happening::blind_transfer)))
      continue;
    if (goes_on_without(side, *left)) ++count;
  }
  return count;
}

std::string_view Call::entry_of(const QueueVisit& visit) const {
  const bool is_first = &visit == visits.data();
  const bool had_agent = std::any_of(sides.begin(), sides.end(), [&](const Side& side) {
    const auto at = side.served();
    return side.answered && at && *at < visit.enqueued;
  });
  const bool same_queue = std::any_of(
      visits.data(), visits.data() + (&visit - visits.data()), [&](const QueueVisit& before) {
        return before.queue->text("QueueId") == visit.queue->text("QueueId");
      });
  return cdr::entry_of(is_first, had_agent, same_queue);
}

std::string_view Call::customer_number() const {
  if (type->company_calls) return text("CalledNumber");
  if (type->direction == "INBOUND") return text("CallingNumber");
  return customers.empty() ? std::string_view() : customers.front().text("CustomerId");
}
std::string_view Call::company_number() const {
  if (type->company_calls) return text("CallingNumber");
  if (type->direction == "INBOUND") return text("CalledNumber");
  return "";
}

const Side* Call::first_side() const {
  const Side* first = nullptr;
  for (const Side& side : sides)
    if (side.answered && (first == nullptr || earlier(side.served(), first->served())))
      first = &side;
  for (const Side& side : sides)
    if (first == nullptr && !side.supervises) first = &side;
  return first;
}
// An agent who was consulted and left again was not the last one. The last is the agent whose
// conversation ended last; among conversations that ended together, or still go on, the agent who
// came last.
const Side* Call::last_side() const {
  constexpr Instant never{std::numeric_limits<std::int64_t>::max()};
  const auto until = [&](const Side& side) {
    if (side.talking_since || side.talks.empty()) return never;
    Instant end = side.talks.front().to;
    for (const Spell& talk : side.talks) end = std::max(end, talk.to);
    return end;
  };
  const Side* last = nullptr;
  for (const Side& side : sides) {
    if (!side.answered) continue;
    if (last == nullptr || until(*last) < until(side) ||
        (until(*last) == until(side) && !earlier(side.served(), last->served())))
      last = &side;
  }
  for (auto side = sides.rbegin(); side != sides.rend(); ++side)
    if (last == nullptr && !side->supervises) last = &*side;
  return last;
}

// --- Contradictions: reported values are kept, and flagged

namespace {

constexpr std::int64_t tolerance_us = 1'000'000;  // the vendor's figures are whole seconds

bool outside(const Entry& entry, Instant from, Instant to) {
  return std::any_of(entry.events.begin(), entry.events.end(), [&](const Event& event) {
    return event.time &&
           (event.time->us < from.us - tolerance_us || event.time->us > to.us + tolerance_us);
  });
}

}  // namespace

void Call::find_contradictions() {
  JsonList contradictions;
  const auto differs = [](double seconds, Instant from, Instant to) {
    return std::abs(static_cast<double>(to.us - from.us) / 1e6 - seconds) > 1.0;
  };
  const auto duration = real_of(field({"CallDuration", "Duration"}));
  if (start && release && duration && differs(*duration, *start, *release) &&
      (!established || differs(*duration, *established, *release)))
    contradictions.add("call_duration_differs_from_times");
  if (start && release) {
    if (*release < *start) contradictions.add("release_before_start");
    bool any = false;
    for (const auto* list : {&ivr, &queues, &customers})
      for (const Entry& entry : *list) any |= outside(entry, *start, *release);
    for (const Side& side : sides) any |= outside(side.entry, *start, *release);
    if (any) contradictions.add("events_outside_call");
  }
  if (durations_misfit_) contradictions.add("event_duration_does_not_fit");
  // RingTime may overlap the others: it is the ringing of all agents, some of it in the queue.
  if (type->direction == "INBOUND" &&
      !(fit_together({State::ivr, State::in_queue, State::active}) && waits_fit()))
    contradictions.add("figures_longer_than_call");
  if (!contradictions.empty()) notes.add_json("contradictions", contradictions.text());

  JsonList figures;
  for (const StateName& each : states) {
    const auto of_vendor = reported.seconds(each.state), of_events = told.seconds(each.state);
    if (of_vendor && of_events && std::abs(*of_vendor - *of_events) > 1.0) figures.add(each.name);
  }
  if (!figures.empty()) notes.add_json("reported_differs_from_events", figures.text());

  if (detail_ == nullptr || summary_ == nullptr) return;
  JsonList fields;
  for (const std::string_view key :
       {"ReleaseInitiator", "ContactDisposition", "CallDuration", "EstablishedTime", "CalledNumber",
        "StartTime", "ReleaseTime", "CallingNumber", "ReleaseReason"}) {
    const Node in_detail = detail_->root[key], in_summary = summary_->root[key];
    if (in_detail.provided() && in_summary.provided() &&
        !same_word(text_of(in_detail), text_of(in_summary)))
      fields.add(key);
  }
  if (!fields.empty()) notes.add_json("detail_differs_from_summary", fields.text());
}

}  // namespace cdr::alibaba_api
