// One simulated contact centre: the events, before any vendor's writer records them.
//
//   ContactCenter center(plan);
//   while (center.next(interaction)) write(interaction);
//
// Interactions come in the order of their arrival and are made one at a time, so memory does not
// grow with their number. Arrivals follow weekdays and a two-peak day; a call waits for the agent
// of its group who is free first, unless the caller's patience ends earlier; no agent or customer
// is in two conversations at once.
#pragma once

#include <cstdint>
#include <queue>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "random.hpp"

namespace generator {

using Time = std::int64_t;  // milliseconds since 1970-01-01T00:00:00Z
inline constexpr Time second = 1000;
inline constexpr Time minute = 60 * second;
inline constexpr Time hour = 60 * minute;
inline constexpr Time day = 24 * hour;

struct Plan {
  std::uint64_t seed = 1;
  std::uint64_t interactions = 1000;
  Time first_day = 0;  // midnight UTC
  std::uint32_t days = 1;
  std::uint64_t first_id = 1;
  std::uint32_t outbound_percent = 20;
};

// A skill group: Conpeek's project, Alibaba's skill group, mluvii's operator group, uContact's
// campaign.
struct Group {
  std::uint32_t id;
  std::string_view name;
  std::string_view language;
  std::uint32_t share;  // of its direction's interactions, permille
  bool outbound;
  bool bot;      // the menu is a virtual agent
  bool chat;     // text instead of voice, for vendors that have it
  bool preview;  // outbound: the agent reads the case before dialling
};
std::span<const Group> groups();

struct Agent {
  std::uint32_t number;  // from 1, as in "Generated Agent 12"
  std::uint32_t group;
  std::uint32_t start_hour;  // of the shift, UTC
  std::uint32_t rank;        // permille: the busier a weekday, the more ranks work on it
  Time online_shift = -1;    // start of the last shift in which the agent was seen at work
  Time break_shift = -1;     // start of the last shift in which the break was taken
  Time busy_until = 0;
};

enum class AgentState : std::uint8_t {
  online,
  offline,
  on_break,
  before_call,
  on_call,
  after_call
};
struct AgentStateChange {
  std::uint32_t agent;
  AgentState state;
  Time time;
};

enum class LegResult : std::uint8_t {
  answered,
  no_answer,
  caller_gone,
  customer_unreached,
  colleague_faster,
  rejected,
  ringing  // still ringing when the record was made
};
// The origin of the request: the queue, or a colleague (asked_by) who hands the customer on without
// or after speaking first, only asks something, or brings the agent in.
enum class Way : std::uint8_t { queue, blind_transfer, consult_transfer, consultation, conference };
inline constexpr std::uint32_t no_visit = ~0U;
// One agent's part. Times are 0 for events that had not happened when the record was made.
struct Leg {
  std::uint32_t agent;
  std::uint32_t visit;  // the queue visit that led to it (inbound); no_visit: a colleague did
  Time offered;         // ringing begins; outbound: the agent gets the case
  Time accepted;        // 0: not accepted
  Time connected;       // conversation with the customer begins; 0: never
  Time left;            // ringing or conversation ends
  Time concluded;       // after-call work ends; same as left without it
  Time hold;            // duration, inside the conversation
  LegResult result;
  bool transferred;  // handed the customer on
  bool internal;     // a colleague outside the queue's staff (Conpeek's TENANT_USER)
  Way way = Way::queue;
  std::uint32_t asked_by = 0;  // index of the colleague's leg
  std::uint32_t group = 0;     // the agent's group, unless a visit has it
  Time held_from = 0;          // start of the hold, if it is recorded

  // The end of ringing; 0: still ringing.
  Time rung_until() const { return accepted != 0 ? accepted : left; }
};

// A supervisor who listens to the agent, whispers, joins in or takes the call over. Not counted as
// an agent of the call.
enum class Listening : std::uint8_t { monitoring, coaching, barging, intercepting };
struct Listener {
  std::uint32_t agent;
  Listening kind;
  Time from, joined, to;  // joined: for barging and intercepting
};

enum class VisitResult : std::uint8_t { answered, abandoned, abandoned_ringing, timed_out, open };
struct QueueVisit {
  std::uint32_t group;
  Time entered, left;  // left: the answering agent was chosen, or the caller left
  VisitResult result;
};

enum class Outcome : std::uint8_t {
  answered,
  abandoned_in_ivr,
  abandoned_in_queue,
  abandoned_in_ring,
  queue_timeout,
  no_answer,
  busy,
  rejected,
  machine,
  self_service,  // the caller only needed the menu or bot
  voicemail,
  open,  // not answered, and the call goes on
};

struct Interaction {
  std::uint64_t id;
  std::uint64_t customer;  // from 0; the same number is the same person
  std::uint32_t group;     // the first group
  bool outbound;
  bool released_by_agent;
  bool satisfaction_asked;
  std::uint32_t satisfaction;  // 1–5, 0: no answer
  Outcome outcome;
  Time start;
  Time ivr_end;          // inbound: into the queue, or the call ended
  Time dial;             // outbound: the customer is called
  Time ring;             // outbound: the customer's phone rings; 0: it did not
  Time customer_answer;  // outbound, machines included; 0: no answer
  Time end;
  std::vector<QueueVisit> visits;
  std::vector<Leg> legs;
  std::vector<AgentStateChange>
      changes;  // found while making this interaction, in time order for each agent

  // Only for scripted calls (script.hpp).
  std::string_view script = {};
  bool callback = false;  // outbound, because the customer asked for it
  bool internal = false;  // legs[0] calls legs[1]; there is no customer
  bool given_up = false;  // outbound, not answered, because the agent stopped waiting
  Time message = 0;       // the caller is asked to leave a message
  std::vector<Listener> listeners;

  bool answered() const { return outcome == Outcome::answered; }
  bool ended() const { return end != 0; }
  const Group& first_group() const { return groups()[group]; }
  std::uint32_t group_of(const Leg& leg) const {
    if (outbound) return group;
    return leg.visit == no_visit ? leg.group : visits[leg.visit].group;
  }
  // How long the customer, or an internal caller, was in conversation; overlapping spans count
  // once.
  Time conversation() const;
};

class ContactCenter {
 public:
  explicit ContactCenter(const Plan& plan);
  // Makes the next interaction; false: the plan is complete.
  bool next(Interaction& interaction);
  std::span<const Agent> agents() const { return agents_; }
  const Plan& plan() const { return plan_; }

 private:
  using FreeAgent = std::pair<Time, std::uint32_t>;  // free from, agent
  using FreeAgents = std::priority_queue<FreeAgent, std::vector<FreeAgent>, std::greater<>>;

  bool next_arrival(Time& at);
  void hire();
  void inbound(Interaction& call);
  // false: no agent is free to dial within a reasonable time.
  bool outbound(Interaction& call);
  // Queues the call in `group` from `entered` on, until an agent answers (true) or the caller
  // leaves. Sets the outcome in the latter case.
  bool queue(Interaction& call, std::uint32_t group, Time entered);
  void converse(Interaction& call, Leg& leg);
  std::uint64_t choose_customer();
  std::uint32_t choose_group(bool outbound);

  // Removes and returns the agent of the group who can first take a call, at `at` or later.
  FreeAgent take(std::uint32_t group, Time at);
  void give_back(std::uint32_t agent, Time free_from);
  bool works_on(const Agent& agent, std::int64_t day_number) const;
  // The first time, at `at` or later, when the agent is at work and not on a break.
  Time at_work(Agent& agent, Time at);
  struct Shift {
    Time from, to;
  };
  Shift shift_on(const Agent& agent, std::int64_t day_number) const;
  void change(std::uint32_t agent, AgentState state, Time time);

  Plan plan_;
  Random random_;
  std::uint32_t outbound_permille_by_day_;  // during the hours in which calls go out
  std::uint64_t total_weight_ = 0;
  std::uint64_t carried_ = 0;
  std::uint64_t made_ = 0;
  std::uint64_t slot_ = 0, left_in_slot_ = 0;
  Time at_ = 0;
  std::vector<Agent> agents_;
  std::vector<FreeAgents> free_;
  std::vector<std::uint64_t> recent_customers_;
  std::uint64_t customers_ = 0;
  std::vector<AgentStateChange>* changes_ = nullptr;
};

}  // namespace generator
