// One mluvii session, assembled from all of its records: the session itself, its routing timeline
// in every form (inside the session, in a document of its own, or as single entries), and webhooks
// about it.
//
//   const Session session(records, facts.arena());
//   session.first(Activity::accepted_by_operator);  // the FAQ's First()
//
// This file knows nothing of the model's tables; mapping.cpp maps the session into them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/arena.hpp"
#include "json/document/convert.hpp"
#include "json/document/record.hpp"
#include "model/spans.hpp"
#include "model/state.hpp"
#include "vendors/mapping.hpp"

namespace cdr::mluvii_api {

// Names of the resources, as in Record::resource->name.
inline constexpr std::string_view session_resource = "session";
inline constexpr std::string_view routing_history_resource = "routing_history";
inline constexpr std::string_view routing_resource = "routing";
inline constexpr std::string_view operator_state_resource = "operator_state";
inline constexpr std::string_view webhook_resource = "webhook";

// RoutingTimeLine.activityType.
enum class Activity : std::uint8_t {
  routing_request_created,
  operator_timeout_expired,
  group_queue_timeout_expired,
  invited_group,
  invited_user,
  forwarded_to_group,
  forwarded_to_user,
  forwarded_to_phone,
  left_group_queue,
  entered_group_queue,
  assigned_to_operator,
  accepted_by_operator,
  routing_ended,
  other,
};

// Compares by a time; absent times come last.
template <class T>
auto by_time(std::optional<Instant> T::*member) {
  return [member](const T& a, const T& b) {
    if (!(a.*member) || !(b.*member)) return (a.*member).has_value() && !(b.*member);
    return *(a.*member) < *(b.*member);
  };
}

struct Party {
  std::string_view user_id, first_name, last_name;
  std::string_view name(Arena& arena) const;  // 'First Last'; "" if neither is known
};
Party party_of(Node node);

// An entry of the routing timeline.
struct Step {
  std::optional<Instant> time;
  Activity activity{};
  std::string_view word;  // activityType; a known one in its canonical spelling
  std::string_view request_id, group_id, group_name, phone_number;
  Party operator_, forwarded_by, invited_by;
  std::size_t order = 0;             // among entries of one instant that have a choice
  std::optional<std::size_t> visit;  // into Session::visits
};
Step step_of(Node node, const Zone& zone);

// An entry of operators[]. A user who came back has several.
struct Operator {
  Party party;
  std::string_view user_name, note;
  std::optional<Instant> joined, left, concluded;
  std::optional<Instant> served;    // since when guest and operator were both in
  std::optional<Instant> assigned;  // `from` of the offer that led to it
  std::string_view dialog_id;       // '<session>:operator:<userId>', from the second on ':2', …
  bool first_of_user = false;
};

struct Chatbot {
  std::string_view id, name;
  std::optional<Instant> joined, left;
  std::string_view dialog_id;  // '<session>:chatbot:<chatbotId>'
};

// An entry of activities[], or the same from a webhook.
struct SessionActivity {
  std::optional<Instant> time;
  std::string_view type, client, termination_reason, user_id;
  std::size_t order = 0;  // among activities of one instant that have a choice
};

// An operator was asked to take the session: from AssignedToOperator to the outcome.
struct Offer {
  Party party;
  std::string_view request_id, group_id;
  std::optional<std::size_t> visit;  // into Session::visits; none when no group's queue led to it
  std::optional<Instant> from, to;
  std::string_view outcome;  // ANSWERED, NO_ANSWER, CANCELLED; "" while it lasts
};

// A stay in one group's queue within one routing request. Offers that are not accepted do not end
// it.
struct Visit {
  std::string_view request_id, group_id, group_name, agent_id;
  std::optional<Instant> entered, left, answered, ended;
  std::string_view outcome;
  std::vector<Spell> rings;  // while an operator was asked

  // Only in the queue: until it was left, without the time in which an operator was asked.
  std::optional<StateSpan> wait() const;
};

// The two instants of one of the FAQ's differences.
struct Ends {
  std::optional<Instant> from, to;
};

class Session {
 public:
  Session(std::span<const Record> records, Arena& arena);

  // A field of the session: from the session itself, or without it from a webhook about it. Its
  // record's zone is that of the times in it: each record of a session may have its own.
  struct Field {
    Node node;
    const Zone* zone = nullptr;  // null if there is no such field

    std::optional<Instant> time(Node of) const {
      return zone == nullptr ? std::nullopt : instant_of(of, TimeForm::zoned, *zone);
    }
  };
  Field field(std::string_view key) const;
  Node at(std::string_view key) const { return field(key).node; }
  std::string_view text(std::string_view key) const { return word_of(at(key)); }
  std::optional<Instant> time(std::string_view key) const;
  // Whether the session has that list, even an empty one.
  bool lists(std::string_view key) const;

  // The FAQ's First(): the earliest by timestamp in the whole timeline, or only in the given
  // operator's or routing request's entries.
  std::optional<Instant> first(Activity activity, std::string_view user_id = {},
                               std::string_view request_id = {}) const;
  // The differences that the FAQ defines for CREATED, IN_QUEUE, WAITING, RING, BCW and ACW. ACW has
  // no `to` while the operator who left last has not concluded.
  Ends ends(State state, std::string_view request_id = {}) const;
  // One operator's entries in the timeline, and stays; both by time.
  std::span<const Step* const> steps_of(std::string_view user_id) const;
  std::span<const Operator* const> stays_of(std::string_view user_id) const;
  // The time on hold, from each OnHold to the next ResumeGuest; with `user_id`, only that
  // operator's holds.
  std::optional<StateSpan> hold(std::string_view user_id = {}) const;
  std::vector<Spell> holds(std::string_view user_id = {}) const;
  bool is_open() const;
  std::optional<double> call_seconds() const;  // from created to ended
  bool is_blacklisted() const;

  std::string_view id;
  std::string_view guest_dialog_id;
  std::optional<Instant> created, guest_joined, started, ended;
  std::optional<Instant> answered;       // see mapping.cpp, answer_time
  std::optional<double> length, waited;  // seconds
  bool has_timeline = false;
  std::vector<Step> timeline;                 // by time; entries without one last
  std::vector<Operator> operators;            // by `joined`
  std::vector<Chatbot> chatbots;              // by `joined`
  std::vector<SessionActivity> activities;    // by time
  std::vector<Node> tags, recordings;         // as they are listed
  std::vector<Visit> visits;                  // by `entered`
  std::vector<Offer> offers;                  // by `from`
  std::vector<std::string_view> request_ids;  // by their first entry
  std::string_view termination_reason;        // of the last SessionEnded activity
  std::string_view direction;                 // INBOUND, OUTBOUND or ""
  std::string_view outcome;                   // "" while open

 private:
  void read_timeline(std::span<const Record> records);
  void read_operators(std::span<const Record> records, Arena& arena);
  void read_chatbots(Arena& arena);
  void read_activities(std::span<const Record> records);
  void find_answer();
  std::string_view find_direction() const;
  std::string_view find_outcome() const;
  void find_visits();
  void end_offers(std::span<const std::size_t> open);
  void find_offers_of_stays();
  bool is_ringing_at_the_end() const;
  bool is_timed_out_at_the_end() const;
  bool is_kept_by_chatbot() const;

  bool has_session_ = false;  // otherwise only webhooks report it
  std::vector<Field> sources_;
  mutable std::unordered_map<std::string_view, Field> fields_;  // those that were asked for
  std::unordered_map<std::string_view, std::vector<const Step*>> steps_of_user_, steps_of_request_;
  std::array<std::optional<Instant>, static_cast<std::size_t>(Activity::other) + 1> first_of_;
  std::unordered_map<std::string_view, std::vector<const Operator*>> stays_of_user_;
};

// A change of an operator's state: an OperatorStateModel, or the payload of the webhook
// UserStatusChanged, which spells some of its fields differently.
struct StateChange {
  std::string_view user_id, kind, break_name;
  std::optional<bool> is_paid;
  std::optional<Instant> changed;
};
// nullopt: the record is not such a change.
std::optional<StateChange> state_change_of(const Record& record);

// A webhook's payload, and the session that it is about ("" if none).
Node payload_of(const Record& webhook);
bool is_about_session(const Record& webhook);
std::string_view session_of_webhook(const Record& webhook);

}  // namespace cdr::mluvii_api
