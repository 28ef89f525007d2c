// uContact's calls, from all rows of one guid together.
//
//   if (const auto call = call_of(records, arena)) use(call->telling->text("disposition"));
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "json/document/convert.hpp"
#include "vendors/vendor.hpp"

namespace cdr::ucontact_api {

// Appends a part of an id. Ids of several parts are 'a/b/c', with '~1' for a '/' inside a part and
// '~0' for a '~', so that two different records never share one.
void append_part(std::string& id, std::string_view part);

// A row's key: linkedid/uniqueid/sequence, or linkedid/uniqueid//dstchannel/calldate if the row has
// no sequence. Empty if the row has neither these ids nor a guid.
void record_id(const Record& record, std::string& id);

// The call's id: guid. Without one, the id that the telephony server gives to a call's channels.
std::string_view call_id(const Record& record);

// calldate or finishtime. In the hour that a clock change repeats, the channel's second or the
// row's duration decides which of the two instants is meant.
std::optional<Instant> time_in(const Record& record, std::string_view key);
// The same, but only if the row decides it, for Resource::settle.
std::optional<Instant> settled_time(const Record& record, std::string_view key);

// For Resource::zone_error. uniqueid begins with the epoch second at which the channel was created,
// and calldate is the local time soon after it. A difference that may be a wait is not an error.
std::optional<std::int32_t> zone_error(const Record& record);

struct Direction {
  std::string_view word;    // of the row
  std::string_view name;    // of the model
  std::string_view suffix;  // of the campaign
};
inline constexpr Direction directions[] = {
    {"inbound", "INBOUND", "<-"},
    {"outbound", "OUTBOUND", "->"},
};
inline constexpr const Direction* inbound = &directions[0];
inline constexpr const Direction* outbound = &directions[1];

const Direction* direction_named(std::string_view word);
const Direction* direction_of_campaign(std::string_view campaign);

// The meaning of a disposition: how the interaction ended, and how the agent's side did. Sorted by
// how much they say.
struct Disposition {
  std::string_view word;
  std::string_view inbound, outbound;  // outcome of the interaction
  std::string_view inbound_side, outbound_side;
};
inline constexpr Disposition dispositions[] = {
    {"ANSWERED", "ANSWERED", "ANSWERED", "ANSWERED", "ANSWERED"},
    {"NO ANSWER", "ABANDONED_IN_RING", "NO_ANSWER", "NO_ANSWER", "NO_ANSWER"},
    {"BUSY", "BUSY", "BUSY", "REJECTED", "NO_ANSWER"},  // outbound: the customer's line
    {"FAILED", "FAILED", "FAILED", "FAILED", "FAILED"},
    {"CONGESTION", "FAILED", "FAILED", "FAILED", "FAILED"},
    {"UNKNOWN", "OTHER", "OTHER", "", ""},
};
inline constexpr const Disposition* answered = &dispositions[0];
inline constexpr const Disposition* no_answer = &dispositions[1];
inline constexpr const Disposition* busy = &dispositions[2];

// A row of a call: one agent's side of it.
struct Leg {
  const Record* record = nullptr;
  std::string_view id;
  const Direction* direction = nullptr;      // from the row, or from its campaign's suffix
  const Disposition* disposition = nullptr;  // null: none, or an unknown word
  std::string_view queue;                    // the campaign
  bool in_queue = false;                     // the queue was the last thing the dialplan did
  bool cancelled = false;  // a colleague was faster, or the customer hung up while it rang
  bool beside = false;     // consulted, or in a conference: another agent had the call
  // The outcome of a leg that the telephony server answered without an agent.
  std::string_view without_agent;
  std::string_view agent_id, agent_name;
  std::optional<Instant> start, answer, end, finish;  // end: calldate + duration
  std::optional<std::int64_t> duration, billsec, sequence;
  std::optional<StateSpan> ring, active;

  Node operator[](std::string_view key) const { return record->root[key]; }
  std::string_view text(std::string_view key) const { return word_of(record->root[key]); }
  // True if the customer was in conversation with an agent. ANSWERED alone may also mean that a
  // machine of the company answered.
  bool is_answered() const { return disposition == answered && without_agent.empty(); }
  // Whether the customer was in a queue for it. While another agent has the call, the customer does
  // not wait.
  bool is_of_queue() const { return in_queue && !queue.empty() && !beside; }
  // The length of the call as this row knows it: to finishtime, or its own duration if that is
  // longer.
  std::optional<double> call_seconds() const;
  // A lower rank says more: the row with the lowest rank tells how the call went.
  std::ptrdiff_t rank() const;
  // How asking the agent ended; "" if no agent was asked.
  std::string_view side_outcome() const;
};

struct Call {
  Call() = default;
  Call(Call&&) = default;  // no copies: the rest points into `legs`

  std::string_view id;
  std::vector<Leg> legs;            // by begin
  std::vector<const Leg*> in_talk;  // the answered ones, by answer
  std::vector<const Leg*>
      in_turn;  // those of them that are not beside: each outlasts the one before
  std::vector<const Leg*> offered;  // those with an agent; only answered ones if there are any
  const Leg* telling = nullptr;     // says how the call went
  const Direction* direction = nullptr;
  // When the customer's channel was created, by linkedid; the first calldate if linkedid does not
  // say it.
  std::optional<Instant> arrival;
  bool arrival_contradicts = false;  // linkedid's second cannot be that of the calldates
  std::optional<Instant> start, answer, end;

  // Since when the customer waits; unknown if the arrival is in another zone than the rest.
  std::optional<Instant> waits_from() const { return arrival_contradicts ? std::nullopt : arrival; }

  // A field that belongs to the call: from the telling leg, or without it from the first leg that
  // has it.
  Node field(std::string_view key) const {
    if (const Node node = (*telling)[key]; node.provided()) return node;
    for (const Leg& leg : legs)
      if (const Node node = leg[key]; node.provided()) return node;
    return {};
  }
};

// Builds the call from the rows among `records`; nullopt if there is none. Their documents and
// `arena` must outlive it.
std::optional<Call> call_of(std::span<const Record> records, Arena& arena);

// Several legs' spans of one state as one: the time that they cover together, so that the
// customer's time is not counted twice during a conversation with two agents. If instants are
// missing, the sum.
std::optional<StateSpan> together(const std::vector<const Leg*>& legs,
                                  std::optional<StateSpan> Leg::*state);

// How an interaction, or a visit to a queue, ended according to this leg.
std::string_view outcome_of(const Leg& leg, const Direction* direction);
// The number of changes of agent among the answered legs that had the call in turn.
std::int64_t transfers_of(const Call& call);
// The agent whose conversation ended last; among those that ended together, the agent who answered
// last. Without any conversation, the agent who was asked last. Null: no agent.
const Leg* last_agent(const Call& call);
// Distinct, sorted.
std::vector<std::string_view> agents_of(const Call& call);
// 0 is on every unrated row, even of calls without an answer, so it is not a rating.
std::optional<double> rating_of(const Call& call);
// Whether there is a recording, which is a file named by the guid.
bool is_recorded(const Call& call);
// "" without a direction, because the row then does not say which of the two numbers is the
// customer's.
std::string_view customer_of(const Call& call);
std::string_view company_of(const Call& call);
std::string_view first_queue(const Call& call);
std::string_view last_queue(const Call& call);

}  // namespace cdr::ucontact_api
