// uContact's calls: what the rows of one guid say together.
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

// Ids of several parts: 'a/b/c', with '~1' for a '/' inside a part and '~0' for a '~', so that two
// different records never share one.
void append_part(std::string& id, std::string_view part);

// A row's key: linkedid/uniqueid/sequence, or linkedid/uniqueid//dstchannel/calldate where the row
// has no sequence. Nothing without a uniqueid.
void record_id(const Record& record, std::string& id);

// The call: guid. Without one, the id that the telephony server gives to a call's channels.
std::string_view call_id(const Record& record);

// calldate or finishtime. In the hour that a clock change makes happen twice, the row's duration
// tells which of its two begins and ends go together.
std::optional<Instant> time_in(const Record& record, std::string_view key);
// The same only where the row settles it: Resource::settle.
std::optional<Instant> settled_time(const Record& record, std::string_view key);

// Resource::zone_error: uniqueid begins with the epoch second at which the channel was created, and
// calldate is the local time soon after it. What may be a wait is no error.
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

// What a disposition means: how the interaction ended, and how the agent's side did. Sorted by how
// much they say.
struct Disposition {
  std::string_view word;
  std::string_view inbound, outbound;  // outcome of the interaction
  std::string_view inbound_side, outbound_side;
};
inline constexpr Disposition dispositions[] = {
    {"ANSWERED", "ANSWERED", "ANSWERED", "ANSWERED", "ANSWERED"},
    {"NO ANSWER", "ABANDONED_IN_RING", "NO_ANSWER", "NO_ANSWER", "NO_ANSWER"},
    {"BUSY", "BUSY", "BUSY", "REJECTED", "NO_ANSWER"},  // outbound it is the customer's line
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
  const Direction* direction = nullptr;      // of the row, else of its campaign's suffix
  const Disposition* disposition = nullptr;  // null: none, or a word that we do not know
  std::string_view queue;                    // the campaign
  bool in_queue = false;                     // the queue was the last thing the dialplan did
  bool cancelled = false;  // a colleague was faster, or the customer hung up while it rang
  bool beside = false;     // consulted, or in a conference: another agent had the call
  // Answered by the telephony server, and by no agent: what it did.
  std::string_view without_agent;
  std::string_view agent_id, agent_name;
  std::optional<Instant> start, answer, end, finish;  // end: calldate + duration
  std::optional<std::int64_t> duration, billsec, sequence;
  std::optional<StateSpan> ring, active;

  Node operator[](std::string_view key) const { return record->root[key]; }
  std::string_view text(std::string_view key) const { return word_of(record->root[key]); }
  // In conversation with an agent. "Answered" alone also says that a machine of the company's did.
  bool is_answered() const { return disposition == answered && without_agent.empty(); }
  // Of the call as this row knows it: to finishtime, or for its own duration if that is longer.
  std::optional<double> call_seconds() const;
  // Lower says more: of a call's rows, the lowest tells how the call went.
  std::ptrdiff_t rank() const;
  // How the agent's being asked ended; "" where nobody was asked.
  std::string_view side_outcome() const;
};

struct Call {
  Call() = default;
  Call(Call&&) = default;  // no copies: the rest points into `legs`

  std::string_view id;
  std::vector<Leg> legs;            // by begin
  std::vector<const Leg*> in_talk;  // the answered ones, by answer
  std::vector<const Leg*> offered;  // those with an agent; of the answered ones when there are any
  const Leg* telling = nullptr;     // says how the call went
  const Direction* direction = nullptr;
  // When the customer's channel came to be, by linkedid; the first calldate where that does not
  // say.
  std::optional<Instant> arrival;
  bool arrival_contradicts = false;  // linkedid's second cannot be that of the calldates
  std::optional<Instant> start, answer, end;

  // From when the customer waits: not known where the arrival is in another zone than the rest.
  std::optional<Instant> waits_from() const { return arrival_contradicts ? std::nullopt : arrival; }

  // A field that belongs to the call: from the leg that tells, else from the first that has it.
  Node field(std::string_view key) const {
    if (const Node node = (*telling)[key]; node.provided()) return node;
    for (const Leg& leg : legs)
      if (const Node node = leg[key]; node.provided()) return node;
    return {};
  }
};

// What the rows among `records` say together; no call when there is none. Their documents must
// outlive it, and `arena`.
std::optional<Call> call_of(std::span<const Record> records, Arena& arena);

// Several legs' spans of one state as one: the time that they cover together, so that the
// customer's time is not counted twice while two agents are in conversation with him. Where
// instants are missing, the sum.
std::optional<StateSpan> together(const std::vector<const Leg*>& legs,
                                  std::optional<StateSpan> Leg::*state);

// How an interaction, or a visit to a queue, ended, as this leg tells.
std::string_view outcome_of(const Leg& leg, const Direction* direction);
// Changes of agent among the answered legs that had the call in turn.
std::int64_t transfers_of(const Call& call);
// Distinct, sorted.
// Whose conversation ended last; of those that ended together, who answered last. Without any
// conversation, who was asked last. Null: no agent.
const Leg* last_agent(const Call& call);
std::vector<std::string_view> agents_of(const Call& call);
// 0 is on every unrated row, also of calls that nobody answered: it is no rating.
std::optional<double> rating_of(const Call& call);
// A recording is a file named by the guid.
bool is_recorded(const Call& call);
// "" without a direction: which of the two numbers is the customer's is then not said.
std::string_view customer_of(const Call& call);
std::string_view company_of(const Call& call);
std::string_view first_queue(const Call& call);
std::string_view last_queue(const Call& call);

}  // namespace cdr::ucontact_api
