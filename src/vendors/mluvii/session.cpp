#include "vendors/mluvii/session.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "core/text.hpp"
#include "core/word.hpp"
#include "vendors/element.hpp"
#include "vendors/mluvii/routing_order.hpp"
#include "vendors/vendor.hpp"

namespace cdr::mluvii_api {
namespace {

constexpr std::array<std::string_view, 13> activity_words{"RoutingRequestCreated",
                                                          "OperatorTimeoutExpired",
                                                          "GroupQueueTimeoutExpired",
                                                          "InvitedGroup",
                                                          "InvitedUser",
                                                          "ForwardedToGroup",
                                                          "ForwardedToUser",
                                                          "ForwardedToPhone",
                                                          "LeftGroupQueue",
                                                          "EnteredGroupQueue",
                                                          "AssignedToOperator",
                                                          "AcceptedByOperator",
                                                          "RoutingEnded"};
static_assert(activity_words.size() == static_cast<std::size_t>(Activity::other));

bool is_forward(Activity activity) {
  return activity == Activity::forwarded_to_group || activity == Activity::forwarded_to_user ||
         activity == Activity::forwarded_to_phone;
}

std::string_view joined_text(Arena& arena, std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return arena.keep(text);
}

// The suffix of someone's n-th dialog id: '', then ':2', ':3', …
std::string nth(std::size_t n) {
  return n == 1 ? std::string() : ":" + std::to_string(n);
}

bool is(const Record& record, std::string_view resource) {
  return record.resource != nullptr && record.resource->name == resource;
}

std::string_view session_id_of(const Record& record) {
  if (is(record, webhook_resource)) return session_of_webhook(record);
  if (is(record, session_resource)) return id_of(record.root["id"]);
  const std::string_view own = id_of(record.root["sessionId"]);
  return own.empty() ? record.context : own;
}

}  // namespace

std::string_view Party::name(Arena& arena) const {
  if (first_name.empty()) return last_name;
  if (last_name.empty()) return first_name;
  return joined_text(arena, {first_name, " ", last_name});
}

Party party_of(Node node) {
  return {word_of(node["userId"]), word_of(node["firstName"]), word_of(node["lastName"])};
}

Step step_of(Node node, const Zone& zone) {
  Step step;
  step.time = instant_of(node["timestamp"], TimeForm::zoned, zone);
  step.word = word_of(node["activityType"]);
  const auto known =
      std::find_if(activity_words.begin(), activity_words.end(),
                   [&](std::string_view word) { return same_word(word, step.word); });
  step.activity = static_cast<Activity>(known - activity_words.begin());
  if (known != activity_words.end()) step.word = *known;
  step.request_id = word_of(node["routingRequestId"]);
  step.group_id = word_of(node["group"]["id"]);
  step.group_name = word_of(node["group"]["name"]);
  step.phone_number = word_of(node["phoneNumber"]);
  step.operator_ = party_of(node["operator"]);
  step.forwarded_by = party_of(node["forwardedByOperator"]);
  step.invited_by = party_of(node["invitedByOperator"]);
  return step;
}

Node payload_of(const Record& webhook) {
  return webhook.root["data"];
}

bool is_about_session(const Record& webhook) {
  return word_starts_with(word_of(webhook.root["eventType"]), "Session");
}

std::string_view session_of_webhook(const Record& webhook) {
  if (!is_about_session(webhook)) return {};
  const Node payload = payload_of(webhook);
  const std::string_view named = id_of(payload["sessionId"]);
  return named.empty() ? id_of(payload["id"]) : named;
}

std::optional<StateChange> state_change_of(const Record& record) {
  const bool webhook = is(record, webhook_resource);
  if (!webhook && !is(record, operator_state_resource)) return std::nullopt;
  if (webhook && !same_word(text_of(record.root["eventType"]), "UserStatusChanged"))
    return std::nullopt;
  const Node node = webhook ? payload_of(record) : record.root;
  const auto first = [&](std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys)
      if (const Node found = node[key]; found.provided()) return found;
    return Node();
  };
  StateChange change;
  change.user_id = id_of(webhook ? first({"userId", "id"}) : first({"userId"}));
  change.kind =
      trim_word(text_of(webhook ? first({"stateKind", "state", "status"}) : first({"stateKind"})));
  change.break_name = trim_word(text_of(node["breakStateName"]));
  change.is_paid = boolean_of(node["isBreakStatePaid"]);
  change.changed = instant_of(webhook ? first({"changed", "time"}) : first({"changed"}),
                              TimeForm::zoned, *record.zone);
  return change;
}

Session::Session(std::span<const Record> records, Arena& arena) {
  for (const Record& record : records)
    if (is(record, session_resource)) {
      sources_.push_back({record.root, record.zone});
      has_session_ = true;
    }
  for (const Record& record : records) {
    if (is(record, webhook_resource)) sources_.push_back({payload_of(record), record.zone});
    if (id.empty()) id = session_id_of(record);
  }
  guest_dialog_id = joined_text(arena, {id, ":guest"});
  created = time("created");
  guest_joined = time("guestJoined");
  started = time("started");
  ended = time("ended");
  // Webhooks do not say when the session was created, only when it started.
  if (!has_session_ && !created) created = started;
  length = parse_duration(text("length"));
  waited = parse_duration(text("waited"));
  tags = distinct_objects_of(at("tags"));
  recordings = distinct_objects_of(at("recordings"));
  read_timeline(records);
  read_operators(records, arena);
  read_chatbots(arena);
  read_activities(records);
  find_answer();
  direction = find_direction();
  outcome = find_outcome();
  find_visits();
}

Session::Field Session::field(std::string_view key) const {
  const auto [known, is_new] = fields_.try_emplace(key);
  if (!is_new) return known->second;
  for (const Field& source : sources_)
    if (const Node found = source.node[key]; found.provided())
      return known->second = {found, source.zone};
  return {};
}

std::optional<Instant> Session::time(std::string_view key) const {
  const Field found = field(key);
  return found.zone == nullptr ? std::nullopt : found.time(found.node);
}

bool Session::lists(std::string_view key) const {
  return is_list(at(key));
}

namespace {

// A list by time, or with the newest first, shows the order of its entries of one instant. False for
// a list in another order.
template <class Entry>
bool take_order_of(std::vector<Entry>& list) {
  bool rises = false, falls = false;
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!list[i - 1].time || !list[i].time) continue;
    rises = rises || *list[i - 1].time < *list[i].time;
    falls = falls || *list[i].time < *list[i - 1].time;
  }
  if (rises != falls)
    for (std::size_t i = 0; i < list.size(); ++i) list[i].order = rises ? i : list.size() - 1 - i;
  return !rises || !falls;
}

// An entry that is repeated out of its place is in its place where it is first, or else last.
constexpr Occurrence occurrences[] = {Occurrence::first, Occurrence::last};

}  // namespace

// The same timeline may come inside the session, as a document, and entry by entry, so equal
// entries count once. Lists come first, because only they have an order of their own.
void Session::read_timeline(std::span<const Record> records) {
  using Key = std::tuple<std::string_view, std::optional<Instant>, std::string_view,
                         std::string_view, std::string_view, std::string_view>;
  std::set<Key> seen;
  const auto read = [&](Node node, const Zone& zone) {
    Step step = step_of(node, zone);
    step.order = static_cast<std::size_t>(step.activity);
    return step;
  };
  const auto add = [&](const Step& step) {
    if (seen.emplace(step.request_id, step.time, step.word, step.operator_.user_id, step.group_id,
                     step.phone_number)
            .second)
      timeline.push_back(step);
  };
  const auto add_list = [&](Node list, const Zone& zone) {
    if (!is_list(list)) return;
    has_timeline = true;
    std::vector<Step> steps;
    for (const Occurrence which : occurrences) {
      steps.clear();
      for (const Node node : distinct_objects_of(list, which)) steps.push_back(read(node, zone));
      if (take_order_of(steps)) break;
    }
    for (const Step& step : steps) add(step);
  };
  for (const Field& source : sources_) add_list(source.node["routingHistory"], *source.zone);
  for (const Record& record : records)
    if (is(record, routing_history_resource)) add_list(record.root["routingHistory"], *record.zone);
  for (const Record& record : records)
    if (is(record, routing_resource)) {
      has_timeline = true;
      add(read(record.root, *record.zone));
    }
  put_in_order(timeline);
  for (const Step& step : timeline) {
    auto& of_request = steps_of_request_[step.request_id];
    if (of_request.empty()) request_ids.push_back(step.request_id);
    of_request.push_back(&step);
    steps_of_user_[step.operator_.user_id].push_back(&step);
    auto& first_one = first_of_[static_cast<std::size_t>(step.activity)];
    if (!first_one) first_one = step.time;
  }
}

namespace {

template <class Map>
auto found_in(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  using Found = std::span<const typename Map::mapped_type::value_type>;
  return found == map.end() ? Found() : Found(found->second);
}

}  // namespace

std::span<const Step* const> Session::steps_of(std::string_view user_id) const {
  return found_in(steps_of_user_, user_id);
}
std::span<const Operator* const> Session::stays_of(std::string_view user_id) const {
  return found_in(stays_of_user_, user_id);
}

void Session::read_operators(std::span<const Record> records, Arena& arena) {
  const Field listed = field("operators");
  for (const Node node : distinct_objects_of(listed.node)) {
    Operator entry;
    entry.party = party_of(node);
    entry.user_name = word_of(node["userName"]);
    entry.note = text_of(node["note"]);
    entry.joined = listed.time(node["joined"]);
    entry.left = listed.time(node["left"]);
    entry.concluded = listed.time(node["concluded"]);
    operators.push_back(entry);
  }
  // Webhooks report the same instants one by one. They are used if no session reports the instants.
  std::unordered_map<std::string_view, std::size_t> operator_of;  // by user
  if (!lists("operators"))
    for (const Record& record : records) {
      const std::string_view event = word_of(record.root["eventType"]);
      std::optional<Instant> Operator::*member = nullptr;
      if (same_word(event, "SessionOperatorJoined")) member = &Operator::joined;
      if (same_word(event, "SessionOperatorLeft")) member = &Operator::left;
      if (same_word(event, "SessionOperatorConcluded")) member = &Operator::concluded;
      if (!is(record, webhook_resource) || member == nullptr) continue;
      const Node payload = payload_of(record);
      const std::string_view user = word_of(payload["userId"]);
      const auto [at, is_new] = operator_of.try_emplace(user, operators.size());
      if (is_new) operators.emplace_back().party.user_id = user;
      Operator* const entry = &operators[at->second];
      const auto at_time = instant_of(payload["time"], TimeForm::zoned, *record.zone);
      auto& known = (*entry).*member;
      // An operator may come and go several times: the first arrival and the last of the others
      // count.
      if (!known ||
          (at_time && (member == &Operator::joined ? *at_time < *known : *at_time > *known)))
        known = at_time;
    }
  // The order of the list has no meaning: of those who joined in one instant, the one who left first
  // comes first.
  std::stable_sort(operators.begin(), operators.end(), [](const Operator& a, const Operator& b) {
    if (a.joined != b.joined) return by_time(&Operator::joined)(a, b);
    if (a.left != b.left) return by_time(&Operator::left)(a, b);
    if (a.concluded != b.concluded) return by_time(&Operator::concluded)(a, b);
    const auto rest = [](const Operator& entry) {
      return std::tuple(entry.party.user_id.size(), entry.party.user_id, entry.user_name,
                        entry.note);
    };
    return rest(a) < rest(b);
  });
  for (Operator& entry : operators) {
    const std::string_view user = entry.party.user_id;
    auto& stays = stays_of_user_[user];
    entry.first_of_user = stays.empty();
    stays.push_back(&entry);
    entry.dialog_id = joined_text(arena, {id, ":operator:", user, nth(stays.size())});
  }
}

void Session::read_chatbots(Arena& arena) {
  const Field listed = field("chatbots");
  for (const Node node : distinct_objects_of(listed.node))
    chatbots.push_back({word_of(node["chatbotId"]),
                        word_of(node["name"]),
                        listed.time(node["joined"]),
                        listed.time(node["left"]),
                        {}});
  std::stable_sort(chatbots.begin(), chatbots.end(), [](const Chatbot& a, const Chatbot& b) {
    if (a.joined != b.joined) return by_time(&Chatbot::joined)(a, b);
    if (a.left != b.left) return by_time(&Chatbot::left)(a, b);
    return std::tie(a.id, a.name) < std::tie(b.id, b.name);
  });
  for (auto bot = chatbots.begin(); bot != chatbots.end(); ++bot) {
    const auto earlier = static_cast<std::size_t>(std::count_if(
        chatbots.begin(), bot, [&](const Chatbot& each) { return each.id == bot->id; }));
    bot->dialog_id = joined_text(arena, {id, ":chatbot:", bot->id, nth(earlier + 1)});
  }
}

namespace {

bool is_hold(const SessionActivity& activity) {
  return same_word(activity.type, "OnHold");
}
bool is_resumption(const SessionActivity& activity) {
  return same_word(activity.type, "ResumeGuest");
}

// By time. Among activities of one instant, the guest is resumed before being put on hold once
// more, and is put on hold before being resumed.
void order_activities(std::vector<SessionActivity>& activities) {
  std::stable_sort(activities.begin(), activities.end(),
                   [](const SessionActivity& a, const SessionActivity& b) {
                     if (a.time != b.time) return by_time(&SessionActivity::time)(a, b);
                     const auto rest = [](const SessionActivity& activity) {
                       return std::tie(activity.order, activity.type, activity.client,
                                       activity.termination_reason, activity.user_id);
                     };
                     return rest(a) < rest(b);
                   });
  constexpr std::ptrdiff_t most = 64;  // looked at, since a list may give one instant to all
  bool held = false;
  for (auto at = activities.begin(); at != activities.end() && at->time; ++at) {
    if (held ? is_hold(*at) : is_resumption(*at)) {
      const auto last = at + std::min(most, activities.end() - at);
      const auto due = std::find_if(at, last, [&](const SessionActivity& activity) {
        return activity.time != at->time || (held ? is_resumption(activity) : is_hold(activity));
      });
      if (due != last && due->time == at->time) std::rotate(at, due, std::next(due));
    }
    held = (held || is_hold(*at)) && !is_resumption(*at);
  }
}

}  // namespace

void Session::read_activities(std::span<const Record> records) {
  std::set<std::string_view> seen;
  const auto add = [&](Node node, const Zone& zone) {
    const std::string_view activity_id = text_of(node["activityId"]);
    if (!activity_id.empty() && !seen.insert(activity_id).second) return;
    activities.push_back({instant_of(node["time"], TimeForm::zoned, zone), word_of(node["type"]),
                          word_of(node["client"]), word_of(node["terminationReason"]),
                          word_of(node["userId"])});
  };
  const Field listed = field("activities");
  for (const Occurrence which : occurrences) {
    seen.clear();
    activities.clear();
    for (const Node node : distinct_objects_of(listed.node, which)) add(node, *listed.zone);
    if (take_order_of(activities)) break;
  }
  for (const Record& record : records)
    if (is(record, webhook_resource) && payload_of(record)["activityId"].provided())
      add(payload_of(record), *record.zone);
  // Webhooks are named after the event. They are used if no session reports it.
  if (!lists("activities")) {
    std::set<std::pair<std::string_view, std::optional<Instant>>> told;
    for (const Record& record : records) {
      if (!is(record, webhook_resource) || payload_of(record)["activityId"].provided()) continue;
      const Node payload = payload_of(record);
      for (const std::string_view type : {"SessionForwarded", "SessionEnded"}) {
        if (!same_word(text_of(record.root["eventType"]), type)) continue;
        const Node at_time = payload[type == "SessionEnded" ? "ended" : "time"];
        const auto when = instant_of(at_time, TimeForm::zoned, *record.zone);
        if (told.emplace(type, when).second)
          activities.push_back({when, type, word_of(payload["client"]),
                                word_of(payload["terminationReason"]), word_of(payload["userId"])});
      }
    }
  }
  order_activities(activities);
  for (const SessionActivity& activity : activities)
    if (same_word(activity.type, "SessionEnded") && !activity.termination_reason.empty())
      termination_reason = activity.termination_reason;
}

// An operator serves from the time when the guest is in too, unless the operator has left by then.
void Session::find_answer() {
  // If only webhooks report the guest, the guest is in from the start of the session.
  const auto guest_in = guest_joined || has_session_ ? guest_joined : started;
  for (Operator& entry : operators) {
    if (!entry.joined || !guest_in) continue;
    const Instant both_in = std::max(*entry.joined, *guest_in);
    if (entry.left && *entry.left <= both_in) continue;
    entry.served = both_in;
    if (!answered || both_in < *answered) answered = both_in;
  }
  if (operators.empty() && guest_joined && started) answered = std::max(*guest_joined, *started);
}

std::string_view Session::find_direction() const {
  struct Rule {
    std::string_view source, direction;
  };
  static constexpr Rule rules[] = {
      {"Default", "INBOUND"},         {"IncomingCall", "INBOUND"},  {"Invitation", "INBOUND"},
      {"Facebook", "INBOUND"},        {"WhatsApp", "INBOUND"},      {"VK", "INBOUND"},
      {"Apple", "INBOUND"},           {"OutgoingCall", "OUTBOUND"}, {"Callback", "OUTBOUND"},
      {"ChatInvitation", "OUTBOUND"}, {"Campaign", "OUTBOUND"},
  };
  if (boolean_of(at("isDirectChat")).value_or(false)) return "OUTBOUND";
  const std::string_view origin = text("source");
  for (const Rule& rule : rules)
    if (same_word(rule.source, origin)) return rule.direction;
  return {};
}

std::optional<Instant> Session::first(Activity activity, std::string_view user_id,
                                      std::string_view request_id) const {
  if (user_id.empty() && request_id.empty()) return first_of_[static_cast<std::size_t>(activity)];
  const auto steps =
      request_id.empty() ? steps_of(user_id) : found_in(steps_of_request_, request_id);
  for (const Step* step : steps)
    if (step->activity == activity && step->time &&
        (user_id.empty() || step->operator_.user_id == user_id))
      return step->time;
  return std::nullopt;
}

Ends Session::ends(State state, std::string_view request_id) const {
  const auto earliest = [&](Activity activity) { return first(activity, {}, request_id); };
  switch (state) {
    case State::created:
      return {created, earliest(Activity::routing_request_created)};
    case State::in_queue:
      return {earliest(Activity::routing_request_created),
              earliest(Activity::assigned_to_operator)};
    case State::waiting:
      return {earliest(Activity::assigned_to_operator), earliest(Activity::accepted_by_operator)};
    case State::ring:
      return {created, guest_joined};
    case State::bcw:
      return {started, guest_joined};
    case State::acw: {
      Ends found;
      for (const Operator& entry : operators) {
        found.from = std::max(found.from, entry.left);
        found.to = std::max(found.to, entry.concluded);
      }
      for (const Operator& entry : operators)
        if (entry.left && entry.left == found.from && !entry.concluded) found.to.reset();
      return found;
    }
    default:
      return {};
  }
}

bool Session::is_blacklisted() const {
  return boolean_of(at("blacklisted")).value_or(false) ||
         same_word(text("status"), "BLACKLISTED") ||
         same_word(text("outboundDialResult"), "BLACKLISTED");
}

bool Session::is_open() const {
  return !ended && !same_word(text("status"), "CLOSED") &&
         !same_word(text("status"), "BLACKLISTED");
}

// The operator chosen last neither accepted the session nor let it pass.
bool Session::is_ringing_at_the_end() const {
  bool ringing = false;
  for (const Step& step : timeline) {
    if (step.activity == Activity::assigned_to_operator) ringing = true;
    if (step.activity == Activity::accepted_by_operator ||
        step.activity == Activity::operator_timeout_expired ||
        step.activity == Activity::group_queue_timeout_expired || is_forward(step.activity))
      ringing = false;
  }
  return ringing;
}

// A queue timed out, and nothing came after it.
bool Session::is_timed_out_at_the_end() const {
  bool timed_out = false;
  for (const Step& step : timeline) {
    if (step.activity == Activity::group_queue_timeout_expired) timed_out = true;
    if (step.activity == Activity::entered_group_queue ||
        step.activity == Activity::assigned_to_operator ||
        step.activity == Activity::accepted_by_operator || is_forward(step.activity))
      timed_out = false;
  }
  return timed_out;
}

// A chatbot stayed until the end, and no operator was asked for.
bool Session::is_kept_by_chatbot() const {
  constexpr std::int64_t together_us = 1'000'000;
  if (!timeline.empty() || !operators.empty()) return false;
  return std::any_of(chatbots.begin(), chatbots.end(), [&](const Chatbot& bot) {
    return !bot.left || !ended || bot.left->us + together_us >= ended->us;
  });
}

std::string_view Session::find_outcome() const {
  struct Rule {
    std::string_view word, outcome;
  };
  static constexpr Rule dial_rules[] = {
      {"NO_ANSWER", "NO_ANSWER"},
      {"REJECTED", "REJECTED"},
      {"BUSY", "BUSY"},
      {"FAILED", "FAILED"},
      {"UNREACHABLE", "UNREACHABLE"},
      {"INVALID_NUMBER", "UNREACHABLE"},
      {"CANCELLED_BY_USER", "NO_ANSWER"},  // the dialling person stopped waiting
  };
  static constexpr Rule termination_rules[] = {
      {"CallForwardedToExternalPhone", "FORWARDED"},
      {"CampaignFailedDial", "FAILED"},
      {"ForwardToExternalPhoneFailed", "FAILED"},
      {"OperatorWithoutExtension", "FAILED"},
  };
  const auto ruled = [](const auto& rules, std::string_view word) -> std::string_view {
    for (const Rule& rule : rules)
      if (same_word(rule.word, word)) return rule.outcome;
    return {};
  };
  if (answered || length.value_or(0) > 0) return "ANSWERED";
  if (is_open()) return {};
  if (is_blacklisted()) return "REJECTED";
  if (const auto found = ruled(dial_rules, text("outboundDialResult")); !found.empty())
    return found;
  if (first(Activity::forwarded_to_phone)) return "FORWARDED";
  if (const auto found = ruled(termination_rules, termination_reason); !found.empty()) return found;
  if (is_kept_by_chatbot()) return "SELF_SERVICE";
  const std::string_view left_in = text("guestLeftSession");
  if (same_word(left_in, "LeftBeforeQueue")) return "ABANDONED_IN_IVR";
  if (is_timed_out_at_the_end()) return "QUEUE_TIMEOUT";
  const bool gone = word_starts_with(termination_reason, "Guest");
  if (same_word(left_in, "LeftQueue") || (gone && !timeline.empty()))
    return is_ringing_at_the_end() ? "ABANDONED_IN_RING" : "ABANDONED_IN_QUEUE";
  if (first(Activity::group_queue_timeout_expired)) return "QUEUE_TIMEOUT";
  if (same_word(termination_reason, "FailedRouting")) return "QUEUE_FAILED";
  // Webhooks alone do not say how a session went.
  return left_in.empty() && text("status").empty() ? std::string_view() : "OTHER";
}

namespace {

// Goes through a timeline by time, because an entry belongs to what was under way at its time: one
// routing request may have several visits, and not every offer in it is made for a queue.
class RoutingWalk {
 public:
  // When a visit was first reported to be over, and in which way.
  struct Exits {
    std::optional<Instant> left, timed_out, ended;
  };

  void take(Step& step);  // also sets the visit that it belongs to

  std::vector<Visit> visits;
  std::vector<Exits> exits;  // of each visit
  std::vector<Offer> offers;
  std::vector<std::size_t> open;  // those of `offers` that nothing has ended yet

 private:
  enum class Course : std::uint8_t {
    under_way,
    left,      // perhaps because an operator was chosen; the assignment is reported next
    given_up,  // by the group or the routing; an operator may accept at that very instant
    over,
  };
  // A routing request, in one group or in any.
  using Place = std::pair<std::string_view, std::optional<std::string_view>>;
  using Found = std::optional<std::size_t>;  // into `visits`

  void enter(const Step& step);
  Found last_in(const Place& place) const;
  Found under_way_in(const Place& place);
  // The visit that `find` finds for the entry's group, or without one for its routing request,
  // because an operator's group need not be the queue's.
  template <class Find>
  Found of_step(const Step& step, Find find) const {
    Found found;
    if (!step.group_id.empty()) found = find(Place(step.request_id, step.group_id));
    return found ? found : find(Place(step.request_id, std::nullopt));
  }
  Found visit_to_leave(const Step& step) const;
  Found visit_to_offer(const Step& step);
  Found visit_to_accept(const Step& step);
  // Ends the entry's visit.
  void end(const Step& step, Course course, std::optional<Instant> Exits::*exit,
           std::string_view outcome);
  template <class Holds>
  void close(const Step& step, Holds holds, std::string_view outcome);

  std::vector<Course> courses_;  // of each visit
  std::map<Place, std::size_t> last_;
  std::map<Place, std::vector<std::size_t>> under_way_;  // those that are over go when found
};

bool is_of(const Offer& offer, const Step& step) {
  return step.operator_.user_id.empty() || offer.party.user_id == step.operator_.user_id;
}

void RoutingWalk::enter(const Step& step) {
  const std::size_t at = visits.size();
  for (const auto& group : {Place::second_type(), Place::second_type(step.group_id)}) {
    last_[{step.request_id, group}] = at;
    under_way_[{step.request_id, group}].push_back(at);
  }
  Visit& visit = visits.emplace_back();
  visit.request_id = step.request_id;
  visit.group_id = step.group_id;
  visit.group_name = step.group_name;
  visit.entered = step.time;
  exits.emplace_back();
  courses_.push_back(Course::under_way);
}

RoutingWalk::Found RoutingWalk::last_in(const Place& place) const {
  const auto found = last_.find(place);
  return found == last_.end() ? Found() : found->second;
}

RoutingWalk::Found RoutingWalk::under_way_in(const Place& place) {
  const auto found = under_way_.find(place);
  if (found == under_way_.end()) return std::nullopt;
  std::vector<std::size_t>& all = found->second;
  while (!all.empty() && courses_[all.back()] != Course::under_way) all.pop_back();
  return all.empty() ? Found() : all.back();
}

// A visit is left, or times out, in the routing request's last visit to that group.
RoutingWalk::Found RoutingWalk::visit_to_leave(const Step& step) const {
  if (step.group_id.empty()) return last_in({step.request_id, std::nullopt});
  return last_in({step.request_id, step.group_id});
}

RoutingWalk::Found RoutingWalk::visit_to_offer(const Step& step) {
  const auto under_way = of_step(step, [this](const Place& place) { return under_way_in(place); });
  if (under_way) return under_way;
  return of_step(step, [this](const Place& place) {
    const Found last = last_in(place);
    return last && courses_[*last] == Course::left ? last : Found();
  });
}

// The visit of the offer that is accepted. If the offer has none, it is the queue that was entered
// meanwhile. If no offer was open, the acceptance came late, and the last visit that is not over
// counts.
RoutingWalk::Found RoutingWalk::visit_to_accept(const Step& step) {
  bool was_offered = false;
  for (auto at = open.rbegin(); at != open.rend(); ++at) {
    const Offer& offer = offers[*at];
    if (offer.request_id != step.request_id || !is_of(offer, step)) continue;
    if (offer.visit) return offer.visit;
    was_offered = true;
  }
  const auto under_way = of_step(step, [this](const Place& place) { return under_way_in(place); });
  if (under_way || was_offered) return under_way;
  return of_step(step, [this](const Place& place) {
    const Found last = last_in(place);
    return last && courses_[*last] != Course::over ? last : Found();
  });
}

void RoutingWalk::end(const Step& step, Course course, std::optional<Instant> Exits::*exit,
                      std::string_view outcome) {
  if (!step.visit) return;
  courses_[*step.visit] = std::max(courses_[*step.visit], course);
  if (auto& known = exits[*step.visit].*exit; !known) known = step.time;
  if (visits[*step.visit].outcome.empty()) visits[*step.visit].outcome = outcome;
}

template <class Holds>
void RoutingWalk::close(const Step& step, Holds holds, std::string_view outcome) {
  std::erase_if(open, [&](std::size_t at) {
    Offer& offer = offers[at];
    if (offer.request_id != step.request_id || !holds(offer)) return false;
    offer.to = step.time;
    offer.outcome = outcome;
    return true;
  });
}

// An offer ends when its operator accepts it or lets it pass, a colleague accepts it, the group's
// time is up, the session is sent elsewhere, or the session ends.
void RoutingWalk::take(Step& step) {
  const auto any = [](const Offer&) { return true; };
  const auto own = [&](const Offer& offer) { return is_of(offer, step); };
  step.visit = last_in({step.request_id, std::nullopt});
  switch (step.activity) {
    case Activity::entered_group_queue:
      step.visit = visits.size();
      enter(step);
      break;
    case Activity::assigned_to_operator: {
      const std::string_view user = step.operator_.user_id;
      close(
          step, [&](const Offer& offer) { return offer.party.user_id == user; }, "NO_ANSWER");
      Offer offer{step.operator_, step.request_id, step.group_id, {}, step.time, {}, {}};
      step.visit = offer.visit = visit_to_offer(step);
      if (offer.visit) {
        visits[*offer.visit].agent_id = user;
        offer.group_id = visits[*offer.visit].group_id;
      }
      open.push_back(offers.size());
      offers.push_back(offer);
      break;
    }
    case Activity::accepted_by_operator:
      step.visit = visit_to_accept(step);
      if (step.visit) {
        Visit& visit = visits[*step.visit];
        visit.outcome = "ANSWERED";
        if (!visit.answered) visit.answered = step.time;
        if (!step.operator_.user_id.empty()) visit.agent_id = step.operator_.user_id;
        courses_[*step.visit] = Course::over;
      }
      close(step, own, "ANSWERED");
      close(step, any, "CANCELLED");
      break;
    case Activity::operator_timeout_expired:
      for (const std::size_t at : open)
        if (offers[at].request_id == step.request_id && own(offers[at]))
          step.visit = offers[at].visit;
      close(step, own, "NO_ANSWER");
      break;
    case Activity::left_group_queue:
      step.visit = visit_to_leave(step);
      end(step, Course::left, &Exits::left, "");
      break;
    case Activity::group_queue_timeout_expired:
      step.visit = visit_to_leave(step);
      end(step, Course::given_up, &Exits::timed_out, "QUEUE_TIMEOUT");
      close(
          step, [&](const Offer& offer) { return offer.visit == step.visit; }, "CANCELLED");
      break;
    case Activity::forwarded_to_group:
    case Activity::forwarded_to_user:
    case Activity::forwarded_to_phone:
      end(step, Course::over, &Exits::ended, "FORWARDED");
      close(step, any, "CANCELLED");
      break;
    case Activity::routing_ended:
      end(step, Course::given_up, &Exits::ended, "");
      close(step, any, "CANCELLED");
      break;
    default:
      break;
  }
}

}  // namespace

void Session::find_visits() {
  RoutingWalk walk;
  for (Step& step : timeline) walk.take(step);
  visits = std::move(walk.visits);
  offers = std::move(walk.offers);
  end_offers(walk.open);
  find_offers_of_stays();
  for (std::size_t i = 0; i < visits.size(); ++i) {
    Visit& visit = visits[i];
    const RoutingWalk::Exits& exits = walk.exits[i];
    const auto first_of = [&](std::initializer_list<std::optional<Instant>> instants) {
      for (const auto& instant : instants)
        if (instant && visit.entered && *instant >= *visit.entered) return instant;
      return std::optional<Instant>();
    };
    visit.left = first_of({exits.left, exits.timed_out, visit.answered, exits.ended, ended});
    // The last visit ended as the session did. If an answered session was handed on into a queue
    // and ended there, the guest was left waiting.
    if (i + 1 == visits.size() && visit.outcome.empty() && !outcome.empty())
      visit.outcome = outcome != "ANSWERED"     ? visit_outcome(outcome)
                      : is_ringing_at_the_end() ? "ABANDONED_IN_RING"
                      : ended                   ? "ABANDONED_IN_QUEUE"
                                                : "";
    if (visit.outcome == "ANSWERED")
      visit.ended = visit.answered;
    else if (!visit.outcome.empty())
      visit.ended = first_of({exits.timed_out, exits.ended, ended, exits.left});
  }
}

// For offers that nothing in the timeline ends.
void Session::end_offers(std::span<const std::size_t> open) {
  for (const std::size_t at : open) {
    Offer& offer = offers[at];
    // An operator who came in accepted the offer, even if the timeline does not say so.
    for (const Operator* stay : stays_of(offer.party.user_id)) {
      if (!stay->served || !stay->joined || !offer.from || *stay->joined < *offer.from) continue;
      offer.outcome = "ANSWERED";
      offer.to = stay->joined;
      if (!offer.visit || !visits[*offer.visit].outcome.empty()) break;
      visits[*offer.visit].outcome = "ANSWERED";
      visits[*offer.visit].answered = stay->joined;
      break;
    }
    if (!offer.outcome.empty() || is_open()) continue;
    offer.outcome = "CANCELLED";
    offer.to = ended;
  }
  for (Offer& offer : offers) {
    if (offer.from && offer.to && *offer.to < *offer.from) offer.to.reset();
    if (offer.visit && offer.from && offer.to)
      visits[*offer.visit].rings.push_back({*offer.from, *offer.to});
  }
}

// An offer led to a stay if the operator accepted it, or joined while it lasted. An offer that the
// operator let pass did not lead to a stay, and an offer before an earlier stay led to that one.
void Session::find_offers_of_stays() {
  std::unordered_map<std::string_view, std::vector<const Offer*>> offers_of;  // by user, by time
  for (const Offer& offer : offers) offers_of[offer.party.user_id].push_back(&offer);
  for (const auto& [user, stays] : stays_of_user_) {
    const auto of_user = found_in(offers_of, user);
    auto at = of_user.begin();
    for (const Operator* stay : stays) {  // by time, those without one last
      if (!stay->joined) break;
      for (; at != of_user.end() && (*at)->from && *(*at)->from <= *stay->joined; ++at) {
        const Offer& offer = **at;
        const bool lasted = offer.to ? *offer.to >= *stay->joined : offer.outcome.empty();
        if (offer.outcome == "ANSWERED" || lasted)
          operators[static_cast<std::size_t>(stay - operators.data())].assigned = offer.from;
      }
    }
  }
}

std::optional<StateSpan> Visit::wait() const {
  if (!entered || !left || *left < *entered) return std::nullopt;
  const auto waits = without({{*entered, *left}}, rings);
  auto span = covered(waits, Basis::measured);
  if (!span) span = StateSpan{0, Basis::measured, entered, entered};
  return span;
}

std::vector<Spell> Session::holds(std::string_view user_id) const {
  std::vector<Spell> spells;
  const SessionActivity* held = nullptr;
  const auto resume = [&](std::optional<Instant> at) {
    if (held == nullptr) return;
    const bool wanted = user_id.empty() || held->user_id == user_id;
    if (wanted && at && *held->time <= *at) spells.push_back({*held->time, *at});
    held = nullptr;
  };
  for (const SessionActivity& activity : activities) {  // by time
    if (!activity.time) break;
    if (is_hold(activity) && held == nullptr)
      held = &activity;
    else if (is_resumption(activity))
      resume(activity.time);
  }
  resume(ended);
  return spells;
}

std::optional<StateSpan> Session::hold(std::string_view user_id) const {
  return covered(holds(user_id), Basis::measured);
}

std::optional<double> Session::call_seconds() const {
  if (!created || !ended || *ended <= *created) return std::nullopt;
  return seconds_between(*created, *ended);
}

}  // namespace cdr::mluvii_api
