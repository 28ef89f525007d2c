// One call of Alibaba Cloud Call Center (CCC), as its records tell it: its events in order of time,
// who rang and talked and when, its visits to queues, and the figures that follow from them.
//
// A call has up to two records: the answer of GetCallDetailRecord (`detail`, with events) and an
// element of one of the lists (`summary`, with the vendor's own figures). Either may be absent.
// Everything read here depends on those records alone.
//
// The vendor defines its figures, in seconds, as follows. IvrTime runs from the entry into the IVR
// to the entry into a queue or the hang-up; QueueTime from the entry into a queue until an agent's
// phone starts to ring, or the call is abandoned, times out or overflows; RingTime from an agent's
// ringing to the answer or hang-up. WaitTime is the sum of QueueTime and RingTime, but 0 if the
// call is abandoned while waiting. The event lists are read with the same meanings.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/arena.hpp"
#include "json/document/convert.hpp"
#include "json/document/record.hpp"
#include "json/document/writer.hpp"
#include "model/spans.hpp"
#include "model/state.hpp"
#include "vendors/contradiction.hpp"
#include "vendors/mapping.hpp"

namespace cdr::alibaba_api {

// A record with one of these keys is a detail, any other record a summary. An older generation of
// the API writes Cdr before three of the names.
inline constexpr std::string_view event_lists[] = {
    "AgentEvents",    "IvrEvents",    "QueueEvents",    "CustomerEvents",
    "CdrAgentEvents", "CdrIvrEvents", "CdrQueueEvents",
};

// The order is the one in which events of one instant can follow each other.
enum class Happening : std::uint8_t {
  dialing,
  ringing,
  established,
  coaching,
  monitoring,
  barging,
  intercepting,
  consulting,
  start_conference,
  blind_transfer,
  other,  // an event that the vendor's page does not name: kept, and not interpreted
  released,
  route_to_ivr,
  enqueue,
  assign_agent,
  give_up,
  abandoned,
  queue_timeout,
  queue_overflow,
};

struct Event {
  Node node;
  Happening what = Happening::other;
  std::string_view name;  // in canonical spelling; an unknown one unchanged
  std::optional<Instant> time;
  std::optional<double> seconds;  // its Duration
};

// An element of one of the event lists. Its events are in the order of time, those of one instant in
// the order in which they can follow each other; events without a readable time come last.
struct Entry {
  Node node;
  std::vector<Event> events;

  std::string_view text(std::string_view key) const { return word_of(node[key]); }
  std::optional<Instant> first(Happening what) const;
  std::optional<Instant> last(Happening what) const;
  std::optional<Instant> begun() const;
  std::optional<Instant> ended() const;  // the last event
};

struct Ring : Spell {
  bool answered = false;
  bool given_up = false;          // the customer hung up meanwhile
  bool colleague_faster = false;  // another telephone, ringing at the same time, was answered
  bool unrung = false;            // only the answer: the record shows no ringing that led to it

  // The outcome for the agent who was asked.
  std::string_view outcome() const {
    if (answered) return "ANSWERED";
    return given_up || colleague_faster ? "CANCELLED" : "NO_ANSWER";
  }
};

// An agent's side: an entry of AgentEvents (an agent may have several), or of the oldest lists'
// Agents, which give figures instead of events. Sorted by their first event.
struct Side {
  Entry entry;
  std::string_view id, name, queue_id;
  std::string_view dialog_id;  // <ContactId>/agent/<position from 1>
  std::vector<Ring> rings;
  std::optional<Ring> unrung;            // the answer, if no ringing led to it
  std::vector<Spell> talks;              // in conversation with the other party
  std::vector<Spell> queued;             // the customer's time in the queue for this agent
  std::optional<Instant> talking_since;  // beginning of a conversation that still goes on
  std::optional<Instant> ringing_since;  // beginning of a ring that still goes on
  std::size_t rings_for = 0;  // the visit that led to the ringing that still goes on, from 1
  StateSpans reported;        // the oldest lists' own figures
  bool answered = false;
  bool supervises = false;  // listens to a colleague; not an agent of the call

  std::optional<Instant> begun() const;
  std::optional<Instant> served() const;  // when the conversation began
  bool rang_before(Instant at) const;
  StateSpans states() const;
  // ANSWERED, NO_ANSWER, CANCELLED (the customer gave up, or a colleague was faster), REJECTED,
  // FAILED, MONITORED; "" if the record does not show it.
  std::string_view outcome(std::string_view of_call) const;
};

// The sides' figures, added up.
StateSpans reported_together(std::span<const Side* const> sides);

struct RingOfSide {
  Side* side;
  const Ring* ring;
};

struct QueueVisit {
  const Entry* queue = nullptr;
  Instant enqueued;
  Instant waits_since;  // since when no phone has rung
  std::optional<Instant> dequeued;
  std::vector<Spell> waits;     // while no phone rang
  bool waits_are_known = true;  // false if the record does not show when a phone began to ring
  std::vector<RingOfSide> rings;
  std::optional<Instant> ended;  // answered, given up, timed out or sent elsewhere
  std::string_view outcome;      // "" while it lasts, or if the record does not show it
  std::string_view agent_id;

  std::optional<StateSpan> wait() const;
  std::optional<StateSpan> ring() const;  // until it ended
  std::optional<Instant> answered() const;
};

// A visit to a queue that a list describes by figures alone; its instants follow from them.
struct ListedVisit {
  std::string_view queue_id, queue_name;
  std::optional<Instant> enqueued, dequeued, answered, ended;
  std::optional<double> wait, ring;
  std::string_view outcome;  // "" if the list does not show it
  std::string_view agent_id;

  std::optional<double> speed_of_answer;
};

// How a kind of call is read.
struct ContactType {
  std::string_view name;
  std::string_view direction;  // "" if the page does not say it
  bool company_calls = false;  // the company's side dials: CalledNumber is the customer's
  bool between_agents = false;
};

class Call {
 public:
  // `records`: a detail, a summary, or both, of one ContactId. Texts made here are kept in `arena`.
  Call(std::span<const Record> records, Arena& arena);
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // The first of these fields that is provided; the detail comes before the summary.
  Node field(std::initializer_list<std::string_view> keys) const;
  std::string_view text(std::string_view key) const { return word_of(field({key})); }

  std::string_view id;
  std::string_view source;
  const ContactType* type = nullptr;  // never null
  std::optional<Instant> start, established, release;
  std::vector<Entry> ivr, queues, customers;
  std::vector<Side> sides;
  std::vector<QueueVisit> visits;           // from events
  std::optional<ListedVisit> listed_visit;  // only without events
  std::vector<Spell> in_ivr;
  std::vector<Spell> customer_rings;
  std::vector<Spell> taken_over;  // in conversation with a supervisor who joined in
  bool has_agent_events = false;
  bool has_queue_events = false;

  std::optional<Instant> answer;  // when the conversation began
  StateSpans reported;            // by the vendor, for the call
  StateSpans told;                // from the events, or from the oldest lists' agents
  std::string_view outcome;
  std::vector<std::string_view> agent_ids;    // distinct
  std::vector<std::string_view> agent_names;  // AgentNames, distinct
  JsonObject notes;                           // the `mapping` column
  Misfits misfits;

  // The figure in `reported`, or without one the figure in `told`.
  const std::optional<StateSpan>& best(State state) const {
    return reported[state] ? reported[state] : told[state];
  }
  // Queue + ring, but 0 if abandoned while waiting.
  std::optional<StateSpan> waiting() const;
  std::optional<std::int64_t> transfers() const;
  // NEW, TRANSFER, REQUEUE or OVERFLOW. `visit` must be an element of `visits`.
  std::string_view entry_of(const QueueVisit& visit) const;
  std::optional<Instant> customer_released() const;
  std::optional<double> length() const;
  std::optional<std::int64_t> sip_code() const;
  std::string_view customer_number() const;
  std::string_view company_number() const;
  // The sides of the first and the last agent: of those in conversation, or without any, of those
  // who were offered the call.
  const Side* first_side() const;
  const Side* last_side() const;

 private:
  void read_events();
  void read_sides(Arena& arena);
  void find_rings();
  void find_talks();
  void find_shared_talks();
  void find_visits();
  void find_ivr();
  void read_figures();
  void decide_outcome();
  std::string_view not_answered() const;
  bool hung_up_by_customer() const;
  bool is_ringing() const;
  void find_listed_visit();
  bool fit_together(std::initializer_list<State> parts) const;
  bool is_abandoned() const;
  bool waits_fit() const;
  bool waits_are_known() const;  // of all visits
  void find_contradictions();

  const Record* detail_ = nullptr;
  const Record* summary_ = nullptr;
  bool taken_over_goes_on_ = false;  // by a supervisor who joined in and has not left
  bool durations_misfit_ = false;    // a Duration that would have ended something cannot be
};

// The only element of a comma-joined list, or "".
std::string_view only_one(std::string_view joined);
// Reads an element's EventSequence; notes times that cannot be read. An event that is listed twice,
// equal in all its members, counts once.
Entry read_entry(Node node, const Record& record, std::string_view list);
// An instant of the vendor, in epoch milliseconds; 0 means none.
std::optional<Instant> instant(Node node);

}  // namespace cdr::alibaba_api
