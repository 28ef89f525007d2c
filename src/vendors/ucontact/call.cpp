#include "vendors/ucontact/call.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <tuple>

#include "core/text.hpp"
#include "core/word.hpp"
#include "vendors/cause.hpp"
#include "vendors/contradiction.hpp"

namespace cdr::ucontact_api {
namespace {

constexpr std::int64_t together_us = 1'000'000;  // the records have whole seconds

// A number by its value, not by its spelling: 3, "3" and 3.0 are one sequence.
void append_number(std::string& id, Node node) {
  if (const auto number = integer_of(node))
    id += std::to_string(*number);
  else
    append_part(id, content_of(node));
}

// 'SIP/1111' of 'SIP/1111-00000001': the interface, as campaignstatus names agents.
std::string_view interface_of(std::string_view channel) {
  return channel.substr(0, channel.rfind('-'));
}
std::string_view peer_of(std::string_view channel) {
  const std::string_view interface = interface_of(channel);
  const std::size_t slash = interface.find('/');
  return slash == std::string_view::npos ? interface : interface.substr(slash + 1);
}

std::optional<Instant> later(std::optional<Instant> from, std::optional<std::int64_t> seconds) {
  constexpr std::int64_t us = 1'000'000;
  constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999
  if (!from || !seconds || *seconds < 0 || *seconds > last_second) return std::nullopt;
  const Instant to{from->us + *seconds * us};
  return to.us / us <= last_second ? std::optional(to) : std::nullopt;
}

// Returns the agent's channel of a row's two. The caller of an inbound call and the callee of an
// outbound one are behind the carrier's channel. A queue always calls the agent, so in queues and
// inbound calls the agent is the called side. In other calls the agent's phone is called first and
// then dials, so the agent is the calling side; a Local channel there is the server's own.
std::string_view agents_channel(const Leg& leg) {
  const std::string_view carrier = leg.text("carrier");
  const bool dials = leg.direction == outbound && !leg.in_queue;
  const std::string_view channel = leg.text(dials ? "channel" : "dstchannel");
  const bool is_carriers = !carrier.empty() && peer_of(channel) == carrier;
  const bool is_servers = dials && channel.starts_with("Local/");
  return is_carriers || is_servers ? "" : channel;
}

std::string_view queue_of(const Leg& leg) {
  if (const std::string_view campaign = leg.text("campaign"); !campaign.empty()) return campaign;
  const std::string_view arguments = leg.text("lastdata");
  return leg.in_queue ? arguments.substr(0, arguments.find(',')) : std::string_view();
}

// The outcome of an application of the dialplan that answered a customer without an agent; "" if
// the telephony may have called somebody.
std::string_view application_of(const Leg& leg) {
  struct Application {
    std::string_view name, outcome;
  };
  static constexpr Application applications[] = {
      {"VoiceMail", "VOICEMAIL"},      {"VoiceMailMain", "SELF_SERVICE"},
      {"Queue", "ABANDONED_IN_QUEUE"}, {"Playback", "SELF_SERVICE"},
      {"BackGround", "SELF_SERVICE"},  {"ControlPlayback", "SELF_SERVICE"},
      {"Read", "SELF_SERVICE"},        {"WaitExten", "SELF_SERVICE"},
      {"SayDigits", "SELF_SERVICE"},   {"SayNumber", "SELF_SERVICE"},
      {"SayUnixTime", "SELF_SERVICE"}, {"SayAlpha", "SELF_SERVICE"},
  };
  if (!leg.text("dstchannel").empty() && leg.direction != outbound) return "";
  for (const Application& each : applications)
    if (same_word(each.name, leg.text("lastapp"))) return each.outcome;
  return "";
}

void find_states(Leg& leg) {
  if (!leg.is_answered() || !leg.billsec || *leg.billsec < 0) return;
  if (!fits(static_cast<double>(*leg.billsec), leg.call_seconds())) return;
  leg.active = StateSpan{static_cast<double>(*leg.billsec), Basis::reported, {}, {}};
  if (!leg.duration || *leg.duration < *leg.billsec) return;
  const std::int64_t ring = *leg.duration - *leg.billsec;
  leg.ring = StateSpan{static_cast<double>(ring), Basis::derived, {}, {}};
  leg.answer = later(leg.start, ring);
  if (!leg.answer) return;
  leg.ring->start = leg.start;
  leg.ring->end = leg.answer;
  if (!leg.end) return;
  leg.active->start = leg.answer;
  leg.active->end = leg.end;
}

// The second in which a channel was created: linkedid and uniqueid are '<second>.<number>', after
// the server's name if it has one.
std::optional<Instant> second_of(std::string_view id) {
  id = trim_word(id);
  id = id.substr(id.rfind('-') + 1);
  id = id.substr(0, id.find('.'));
  constexpr std::size_t digits = 10;  // 2001 to 2286
  if (id.size() != digits || !std::all_of(id.begin(), id.end(), is_digit)) return std::nullopt;
  std::int64_t second = 0;
  for (const char c : id) second = second * 10 + (c - '0');
  constexpr std::int64_t us = 1'000'000;
  return Instant{second * us};
}

Leg leg_of(const Record& record, Arena& arena) {
  Leg leg;
  leg.record = &record;
  std::string id;
  record_id(record, id);
  leg.id = arena.keep(id);
  leg.in_queue = same_word(leg.text("lastapp"), "Queue");
  leg.queue = queue_of(leg);
  leg.direction = direction_named(leg.text("direction"));
  if (leg.direction == nullptr) leg.direction = direction_of_campaign(leg.queue);
  // If the application is not given, a customer who calls in for a campaign waits for its agents.
  if (leg.text("lastapp").empty() && leg.direction == inbound && !leg.queue.empty())
    leg.in_queue = true;
  for (const Disposition& each : dispositions)
    if (same_word(each.word, leg.text("disposition"))) leg.disposition = &each;
  leg.start = time_in(record, "calldate");
  leg.finish = time_in(record, "finishtime");
  leg.duration = integer_of(leg["duration"]);
  leg.billsec = integer_of(leg["billsec"]);
  leg.sequence = integer_of(leg["sequence"]);
  leg.end = later(leg.start, leg.duration);
  if (const std::string_view channel = agents_channel(leg); !channel.empty()) {
    leg.agent_id = interface_of(channel);
    leg.agent_name = leg.text("peeraccount");
  }
  if (leg.disposition == answered && leg.agent_id.empty()) leg.without_agent = application_of(leg);
  find_states(leg);
  return leg;
}

bool begins_before(const Leg& a, const Leg& b) {
  constexpr Instant never{std::numeric_limits<std::int64_t>::max()};
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  const auto place = [&](const Leg& leg) {
    return std::tuple(leg.start.value_or(never), leg.sequence.value_or(last), leg.id);
  };
  return place(a) < place(b);
}

std::optional<StateSpan> as_one(std::vector<StateSpan> spans) {
  if (spans.empty()) return std::nullopt;
  if (spans.size() == 1) return spans.front();
  StateSpan all{0, Basis::derived, {}, {}};
  if (std::any_of(spans.begin(), spans.end(), [](const StateSpan& span) { return !span.start; })) {
    for (const StateSpan& span : spans) all.seconds += span.seconds;
    return all;
  }
  std::sort(spans.begin(), spans.end(),
            [](const StateSpan& a, const StateSpan& b) { return *a.start < *b.start; });
  all.start = all.end = spans.front().start;
  for (const StateSpan& span : spans) {
    const Instant from = std::max(*span.start, *all.end);
    if (*span.end > from) all.seconds += seconds_between(from, *span.end);
    all.end = std::max(*all.end, *span.end);
  }
  return all;
}

std::optional<Instant> end_of(const Leg& leg) {
  return leg.finish ? leg.finish : leg.end;
}

constexpr std::int64_t hour = 3600;

// The time from a channel's second to a calldate is a wait if it is less than an hour. Callers do
// wait a quarter or half an hour, while zones so near to each other are those of neighbours (half
// an hour: Caracas and La Paz, until 2016), and a user who names the zone of a file names their
// own, UTC, or that of another country's head office. From an hour on it may be a zone's offset and
// a wait together, and nothing tells them apart. Nothing begins before its channel.
bool may_be_wait(std::int64_t off) {
  constexpr std::int64_t together = together_us / 1'000'000;
  return off >= -together && off < hour - together;
}

// The error of the zone, in seconds, that explains why a calldate is `off` seconds after the
// channel was created (before it, if negative); nullopt: it need not be the zone. Both times are
// from one clock, and a leg begins with its channel or later. The rest that an error of the zone
// leaves is therefore the time until the leg began; it must be short if the error is to be
// recognised.
//
// Offsets are whole quarters of an hour. If the calldate is after the channel, odd quarters count
// as a zone's only from five hours on: the offsets that have them are Kathmandu's 5:45 and others
// farther from UTC, and no customer waits so long.
std::optional<std::int64_t> zone_apart(std::int64_t off) {
  constexpr std::int64_t minute = 60, quarter = 15 * minute;
  constexpr std::int64_t together = together_us / 1'000'000, soon = 2 * minute, widest = 26 * hour;
  const std::int64_t from = off + together;
  if (may_be_wait(off)) return std::nullopt;
  const std::int64_t step = from >= 0 && from < 5 * hour ? 2 * quarter : quarter;
  const std::int64_t rest = (from % step + step) % step, apart = from - rest;
  if (rest > together + soon || std::abs(apart) > widest) return std::nullopt;
  return apart;
}

// The customer arrives when the first channel is created. If the calldates may be in another zone
// than the one in which they were read, they can only be compared with each other, and the time
// from the arrival to the first calldate is not known.
void find_arrival(Call& call) {
  call.arrival = call.start;
  const Leg& first = call.legs.front();
  auto second = second_of(text_of(first["linkedid"]));
  if (!second) second = second_of(text_of(first["uniqueid"]));
  if (!second || !call.start) return;
  call.arrival_contradicts = !may_be_wait((call.start->us - second->us) / 1'000'000);
  if (call.arrival_contradicts) return;
  call.arrival = std::min(*call.start, *second);
  call.start = call.arrival;
}

// An agent who is consulted, or called into a conference, is called or in conversation while another
// agent has the call, and leaves before or with that agent. An agent who stays longer has taken the
// call over.
void find_beside(Call& call) {
  const auto within = [](const Leg& leg, const Leg& holder) {
    return holder.end && leg.end && leg.end->us <= holder.end->us + together_us;
  };
  for (const Leg* each : call.in_talk) {
    Leg& leg = call.legs[static_cast<std::size_t>(each - call.legs.data())];
    leg.beside = !call.in_turn.empty() && within(leg, *call.in_turn.back());
    if (!leg.beside) call.in_turn.push_back(&leg);
  }
  // Both are in the order of time: the last agent who had answered before is looked at.
  const Leg* holder = nullptr;
  auto next = call.in_turn.begin();
  for (Leg& leg : call.legs) {
    if (leg.is_answered() || !leg.start) continue;
    while (next != call.in_turn.end() && (*next)->answer && *(*next)->answer < *leg.start)
      holder = *next++;
    leg.beside = holder != nullptr && within(leg, *holder) && *leg.start < *holder->end;
  }
}

// If an agent's telephone stops ringing because a colleague's was answered, or because the customer
// hung up, the agent has missed nothing.
void find_cancelled(Call& call) {
  // A conversation that goes on until the end has an unknown end, or the latest one.
  bool may_last = false;
  std::optional<Instant> last_end;
  for (const Leg* other : call.in_talk) {
    may_last = may_last || !other->end;
    last_end = std::max(last_end, other->end);
  }
  const auto answered_before = [](const Leg* other, Instant at) {
    return other->answer && *other->answer < at;
  };
  for (Leg& leg : call.legs) {
    if (leg.disposition != no_answer || leg.agent_id.empty() || !leg.start || !leg.end) continue;
    if (leg.direction == outbound && !leg.in_queue) continue;
    // They are in the order of their answers: only those answered while it rang are examined.
    for (auto other = std::lower_bound(call.in_talk.begin(), call.in_talk.end(), *leg.start,
                                       answered_before);
         other != call.in_talk.end() && (*other)->answer &&
         (*other)->answer->us <= leg.end->us + together_us && !leg.cancelled;
         ++other)
      leg.cancelled = (*other)->start && *(*other)->start < *leg.end;
    // No conversation was going on when the call ended with the ringing.
    const bool in_vain = !may_last && (!last_end || *last_end < *leg.end);
    if (in_vain && call.end && call.end->us <= leg.end->us + together_us) leg.cancelled = true;
  }
}

void find_agents(Call& call) {
  std::vector<const Leg*> all;
  for (const Leg& leg : call.legs) all.push_back(&leg);
  for (const auto* legs : {&call.in_talk, &all}) {
    for (const Leg* leg : *legs)
      if (!leg->agent_id.empty()) call.offered.push_back(leg);
    if (!call.offered.empty()) return;
  }
}

}  // namespace

void append_part(std::string& id, std::string_view part) {
  for (const char c : part) {
    if (c == '/' || c == '~')
      id += c == '/' ? "~1" : "~0";
    else
      id += c;
  }
}

namespace {

// The instants that a local time can mean: one, or the two of an hour that a clock change repeats.
std::vector<Instant> readings_of(const Record& record, std::string_view key) {
  const auto time = time_of(record.root[key], TimeForm::zoned, *record.zone);
  if (!time) return {};
  if (!time->ambiguous) return {time->instant};
  return {time->instant, time->later};
}

// The first of the two readings that is not before the channel was created: the times reported
// about a call follow its arrival, mostly at once.
std::optional<Instant> settled_by_channel(const Record& record, std::string_view key) {
  constexpr std::int64_t longest_us = 12LL * 3600 * 1'000'000;
  auto created = second_of(text_of(record.root["uniqueid"]));
  if (!created) created = second_of(text_of(record.root["linkedid"]));
  if (!created) return std::nullopt;
  for (const Instant each : readings_of(record, key))
    if (each.us + together_us >= created->us)
      return each.us - created->us <= longest_us ? std::optional(each) : std::nullopt;
  return std::nullopt;
}

}  // namespace

std::optional<Instant> settled_time(const Record& record, std::string_view key) {
  if (const auto settled = settled_by_channel(record, key)) return settled;
  const std::vector<Instant> starts = readings_of(record, "calldate");
  const std::vector<Instant> finishes = readings_of(record, "finishtime");
  const auto duration = integer_of(record.root["duration"]);
  constexpr std::int64_t longest = 366LL * 24 * 3600;
  if (!duration || *duration < 0 || *duration > longest) return std::nullopt;
  const std::int64_t length = *duration * 1'000'000;
  std::optional<Instant> found;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  bool alike = false;
  for (const Instant start : starts)
    for (const Instant finish : finishes) {
      const std::int64_t off = std::abs(finish.us - start.us - length);
      if (finish < start || off > least) continue;
      alike = off == least;
      least = off;
      found = key == "calldate" ? start : finish;
    }
  return alike ? std::nullopt : found;
}

std::optional<Instant> time_in(const Record& record, std::string_view key) {
  const auto time = time_of(record.root[key], TimeForm::zoned, *record.zone);
  if (!time) return std::nullopt;
  if (time->ambiguous)
    if (const auto settled = settled_time(record, key)) return settled;
  return time->instant;
}

std::optional<std::int32_t> zone_error(const Record& record) {
  const auto created = second_of(text_of(record.root["uniqueid"]));
  const auto began = time_in(record, "calldate");
  if (!created || !began) return std::nullopt;
  const auto apart = zone_apart((began->us - created->us) / 1'000'000);
  return apart ? std::optional(static_cast<std::int32_t>(*apart)) : std::nullopt;
}

namespace {

// If a table has no linkedid, the legs of one channel are a call.
std::string_view linked_id(const Record& record) {
  const std::string_view given = id_of(record.root["linkedid"]);
  return given.empty() ? id_of(record.root["uniqueid"]) : given;
}

}  // namespace

std::string_view call_id(const Record& record) {
  const std::string_view guid = id_of(record.root["guid"]);
  return guid.empty() ? linked_id(record) : guid;
}

// The first two of the three parts may be missing: the next best name takes their place.
void record_id(const Record& record, std::string& id) {
  const Node row = record.root;
  const std::string_view linked = linked_id(record), channel = id_of(row["uniqueid"]);
  if (linked.empty() && call_id(record).empty()) return;
  append_part(id, linked.empty() ? call_id(record) : linked);
  id += '/';
  append_part(id, channel.empty() ? linked : channel);
  id += '/';
  if (row["sequence"].provided()) return append_number(id, row["sequence"]);
  // A dump of Asterisk's own table has no sequence. The channel called and the time then
  // distinguish one leg of a channel from another; a queue that rings several agents at once begins
  // all legs together.
  for (const std::string_view key : {"dstchannel", "calldate"}) {
    id += '/';
    append_part(id, word_of(row[key]));
  }
}

const Direction* direction_named(std::string_view word) {
  for (const Direction& each : directions)
    if (same_word(each.word, word)) return &each;
  return nullptr;
}
const Direction* direction_of_campaign(std::string_view campaign) {
  for (const Direction& each : directions)
    if (trim_word(campaign).ends_with(each.suffix)) return &each;
  return nullptr;
}

std::optional<StateSpan> together(const std::vector<const Leg*>& legs,
                                  std::optional<StateSpan> Leg::*state) {
  std::vector<StateSpan> spans;
  for (const Leg* leg : legs)
    if (leg->*state) spans.push_back(*(leg->*state));
  return as_one(std::move(spans));
}

std::optional<Call> call_of(std::span<const Record> records, Arena& arena) {
  const auto is_leg = [](const Record& record) { return record.resource->name == "record"; };
  const auto count = std::count_if(records.begin(), records.end(), is_leg);
  if (count == 0) return std::nullopt;
  Call call;
  call.legs.reserve(static_cast<std::size_t>(count));  // there may be 100,000, of half a KiB each
  for (const Record& record : records)
    if (is_leg(record)) call.legs.push_back(leg_of(record, arena));
  std::sort(call.legs.begin(), call.legs.end(), begins_before);
  call.id = call_id(*call.legs.front().record);
  if (call.id.empty()) call.id = call.legs.front().id;
  for (const Leg& leg : call.legs) {
    if (call.telling == nullptr || leg.rank() <= call.telling->rank()) call.telling = &leg;
    if (call.direction == nullptr) call.direction = leg.direction;
    if (leg.is_answered()) call.in_talk.push_back(&leg);
    call.end = std::max(call.end, end_of(leg));
  }
  std::stable_sort(call.in_talk.begin(), call.in_talk.end(), [](const Leg* a, const Leg* b) {
    return a->answer && (!b->answer || *a->answer < *b->answer);
  });
  call.start = call.legs.front().start;
  if (!call.in_talk.empty()) call.answer = call.in_talk.front()->answer;
  find_arrival(call);
  find_beside(call);
  find_cancelled(call);
  find_agents(call);
  return call;
}

std::optional<double> Leg::call_seconds() const {
  const auto whole = measured(start, finish);
  std::optional<double> longest = whole ? std::optional(whole->seconds) : std::nullopt;
  if (duration && *duration > 0)
    longest = std::max(longest.value_or(0), static_cast<double>(*duration));
  return longest;
}

std::ptrdiff_t Leg::rank() const {
  if (is_answered()) return 0;
  if (without_agent == "VOICEMAIL") return 1;
  if (without_agent == "SELF_SERVICE") return 3;
  if (!without_agent.empty() || disposition == no_answer) return 2;
  if (disposition != nullptr) return 4 + (disposition - dispositions);
  return 4 + std::ssize(dispositions) + (text("disposition").empty() ? 1 : 0);
}

std::string_view Leg::side_outcome() const {
  if (is_answered()) return "ANSWERED";
  if (disposition == nullptr || agent_id.empty()) return "";
  if (direction == inbound || in_queue) return cancelled ? "CANCELLED" : disposition->inbound_side;
  return outcome_of(*this, direction) == "REJECTED" ? "REJECTED" : disposition->outbound_side;
}

std::string_view outcome_of(const Leg& leg, const Direction* direction) {
  if (leg.disposition == nullptr) return leg.text("disposition").empty() ? "" : "OTHER";
  if (!leg.without_agent.empty()) return leg.without_agent;
  if (direction != inbound) {
    // The telephony has no dispositions of its own for these; the cause distinguishes them.
    const auto cause = integer_of(leg["causecode"]);
    const std::string_view why = cause ? outcome_of_q850(*cause) : "";
    const bool refines = leg.disposition == no_answer || leg.disposition == busy;
    const bool is_unanswered = !leg.is_answered() && leg.disposition->outbound != "OTHER";
    if (is_unanswered && (why == "UNREACHABLE" || (refines && why == "REJECTED"))) return why;
    return leg.disposition->outbound;
  }
  if (leg.disposition != no_answer || !leg.agent_id.empty()) return leg.disposition->inbound;
  return leg.in_queue ? "ABANDONED_IN_QUEUE" : "NO_ANSWER";
}

std::int64_t transfers_of(const Call& call) {
  std::int64_t count = 0;
  const Leg* holder = nullptr;
  for (const Leg* leg : call.in_turn) {
    if (holder != nullptr && leg->agent_id != holder->agent_id) ++count;
    holder = leg;
  }
  return count;
}

const Leg* last_agent(const Call& call) {
  const Leg* last = nullptr;
  for (const Leg* leg : call.offered)
    if (last == nullptr || !leg->end || !leg->is_answered() ||
        (last->end && *leg->end >= *last->end))
      last = leg;
  return last;
}

std::vector<std::string_view> agents_of(const Call& call) {
  std::vector<std::string_view> agents;
  for (const Leg& leg : call.legs)
    if (!leg.agent_id.empty()) agents.push_back(leg.agent_id);
  std::sort(agents.begin(), agents.end());
  agents.erase(std::unique(agents.begin(), agents.end()), agents.end());
  return agents;
}

std::optional<double> rating_of(const Call& call) {
  std::optional<double> rating;
  for (const Leg& leg : call.legs)
    if (const auto given = real_of(leg["rating"]); given && *given != 0) rating = given;
  return rating;
}

bool is_recorded(const Call& call) {
  if (!call.legs.front()["guid"].provided()) return false;
  return std::any_of(call.legs.begin(), call.legs.end(),
                     [](const Leg& leg) { return same_word(leg.text("type"), "record"); });
}

std::string_view customer_of(const Call& call) {
  if (call.direction == nullptr) return "";
  return word_of(call.field(call.direction == inbound ? "src" : "dst"));
}
std::string_view company_of(const Call& call) {
  if (call.direction == nullptr) return "";
  return word_of(call.field(call.direction == inbound ? "dst" : "src"));
}

std::string_view first_queue(const Call& call) {
  for (const Leg& leg : call.legs)
    if (!leg.queue.empty() && !leg.beside) return leg.queue;
  return "";
}
std::string_view last_queue(const Call& call) {
  for (auto leg = call.legs.rbegin(); leg != call.legs.rend(); ++leg)
    if (!leg->queue.empty() && !leg->beside) return leg->queue;
  return "";
}

}  // namespace cdr::ucontact_api
