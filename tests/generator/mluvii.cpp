// mluvii: one session per interaction with its operators, with the routing history inside the
// session or in separate documents ({"sessionId", "routingHistory"}), and optionally the changes of
// operators' states.
#include <algorithm>
#include <array>
#include <chrono>

#include "writers.hpp"

namespace generator {

Time central_european_offset(Time at) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{at / day}}};
  const auto change = [&](month in) {
    return Time{sys_days{date.year() / in / Sunday[last]}.time_since_epoch().count()} * day + hour;
  };
  return at >= change(March) && at < change(October) ? 2 * hour : hour;
}

namespace {

struct Teller {
  const Interaction& call;
  Telling& telling;

  void time(JsonText& to, std::string_view key, Time at) {
    if (at == 0) {
      to.key(key).null();
      return;
    }
    const Time offset = central_european_offset(at);
    to.key(key).text(telling.clock.of(at + offset, 'T', 6), offset == hour ? "+01:00" : "+02:00");
  }
  // ISO 8601: PT1H2M3.4S
  void duration(JsonText& to, std::string_view key, bool known, Time length) {
    if (!known) {
      to.key(key).null();
      return;
    }
    std::string text = "PT";
    if (length >= hour) text += std::to_string(length / hour) + "H";
    if (length >= minute) text += std::to_string(length / minute % 60) + "M";
    text += std::to_string(length / second % 60);
    if (length % second != 0) text += "." + padded(static_cast<std::uint64_t>(length % second), 3);
    to.key(key).text(text, "S");
  }
  std::uint32_t number_of(std::uint32_t agent) const { return telling.agents[agent].number; }
  std::string phone() const { return fictional_number("+4200", call.customer, 8); }

  void person(JsonText& to, std::string_view key, std::uint32_t agent) {
    to.key(key).begin_object().key("userId").integer(5000 + number_of(agent));
    to.key("firstName")
        .text("Generated")
        .key("lastName")
        .text("Agent ", number_of(agent))
        .end_object();
  }
  void group(JsonText& to, std::uint32_t index) {
    to.key("group").begin_object().key("id").integer(groups()[index].id);
    to.key("name").text(groups()[index].name).end_object();
  }

  std::string_view guest_left() const {
    switch (call.outcome) {
      case Outcome::abandoned_in_ivr:
      case Outcome::self_service:
        return "LeftBeforeQueue";
      case Outcome::abandoned_in_queue:
      case Outcome::abandoned_in_ring:
      case Outcome::queue_timeout:
      case Outcome::voicemail:
        return "LeftQueue";
      default:
        if (!call.ended()) return "StillConnected";
        return call.released_by_agent ? "LeftAfterSession" : "LeftSession";
    }
  }
  std::string_view dial_result() const {
    switch (call.outcome) {
      case Outcome::answered:
      case Outcome::machine:
        return "ANSWERED";
      case Outcome::no_answer:
        return call.given_up ? "CANCELLED_BY_USER" : "NO_ANSWER";
      case Outcome::rejected:
        return "REJECTED";
      default:
        return "FAILED";
    }
  }

  void operators(JsonText& to) {
    to.key("operators").begin_array();
    for (const Leg& leg : call.legs) {
      if (leg.accepted == 0) continue;
      to.begin_object().key("userId").integer(5000 + number_of(leg.agent));
      to.key("userName").text("generated.agent", number_of(leg.agent));
      to.key("firstName").text("Generated").key("lastName").text("Agent ", number_of(leg.agent));
      time(to, "joined", leg.accepted);
      time(to, "left", leg.left);
      time(to, "concluded", leg.concluded);
      to.key("note").null().end_object();
    }
    to.end_array();
  }

  void entry(JsonText& to, std::uint32_t request, Time at, std::string_view type) {
    to.begin_object()
        .key("routingRequestId")
        .integer(static_cast<std::int64_t>(call.id * 10 + request));
    time(to, "timestamp", at);
    to.key("activityType").text(type);
  }
  // The timeline: each visit to a queue is a routing request.
  void routing(JsonText& to) {
    to.key("routingHistory").begin_array();
    if (call.outbound) {
      const Leg& leg = call.legs.front();
      entry(to, 1, call.start, "RoutingRequestCreated");
      to.end_object();
      entry(to, 1, leg.offered + 50, "AssignedToOperator");
      person(to, "operator", leg.agent);
      to.end_object();
      entry(to, 1, leg.accepted, "AcceptedByOperator");
      person(to, "operator", leg.agent);
      to.end_object();
      entry(to, 1, leg.accepted, "RoutingEnded");
      to.end_object();
    }
    for (std::uint32_t i = 0; i < call.visits.size(); ++i) visit(to, i);
    for (std::uint32_t i = 0; i < call.legs.size(); ++i)
      if (call.legs[i].visit == no_visit) asked_by_colleague(to, i);
    to.end_array();
  }
  // Forwarded to an operator, or an operator was invited: the vendor has no word for consulting
  // first.
  void asked_by_colleague(JsonText& to, std::uint32_t index) {
    const Leg& leg = call.legs[index];
    const auto request = static_cast<std::uint32_t>(call.visits.size()) + index;
    const bool forwards = leg.way == Way::blind_transfer;
    entry(to, request, leg.offered, forwards ? "ForwardedToUser" : "InvitedUser");
    person(to, "operator", leg.agent);
    person(to, forwards ? "forwardedByOperator" : "invitedByOperator",
           call.legs[leg.asked_by].agent);
    to.end_object();
    offered(to, request, leg);
  }
  // Assigned to an operator, and the result.
  void offered(JsonText& to, std::uint32_t request, const Leg& leg) {
    entry(to, request, leg.offered, "AssignedToOperator");
    person(to, "operator", leg.agent);
    to.end_object();
    if (leg.result == LegResult::no_answer || leg.result == LegResult::rejected) {
      entry(to, request, leg.left, "OperatorTimeoutExpired");
      person(to, "operator", leg.agent);
      to.end_object();
    }
    if (leg.accepted != 0) {
      entry(to, request, leg.accepted, "AcceptedByOperator");
      person(to, "operator", leg.agent);
      to.end_object();
    }
  }
  void visit(JsonText& to, std::uint32_t index) {
    const QueueVisit& at = call.visits[index];
    const std::uint32_t request = index + 1;
    if (index > 0) {
      entry(to, request - 1, at.entered, "ForwardedToGroup");
      group(to, at.group);
      for (const Leg& leg : call.legs)
        if (leg.visit == index - 1 && leg.transferred) person(to, "forwardedByOperator", leg.agent);
      to.end_object();
    }
    entry(to, request, at.entered, "RoutingRequestCreated");
    to.end_object();
    entry(to, request, at.entered + 20, "EnteredGroupQueue");
    group(to, at.group);
    to.end_object();
    Time last = at.left;
    for (const Leg& leg : call.legs) {
      if (leg.visit != index) continue;
      offered(to, request, leg);
      last = std::max(last, leg.rung_until());
    }
    if (!call.ended() && at.result != VisitResult::answered) return;
    if (at.result == VisitResult::timed_out) {
      entry(to, request, at.left, "GroupQueueTimeoutExpired");
      group(to, at.group);
      to.end_object();
    }
    last = std::max(last, at.left);
    entry(to, request, last, "LeftGroupQueue");
    group(to, at.group);
    to.end_object();
    entry(to, request, last, "RoutingEnded");
    to.end_object();
  }

  std::string_view source(bool chat) const {
    if (chat) return "Default";
    if (call.callback) return "Callback";
    return call.outbound ? "Campaign" : "IncomingCall";
  }
  std::string_view status() const {
    if (call.ended()) return "CLOSED";
    if (call.answered()) return "ACTIVE";
    return call.legs.empty() ? "IN_QUEUE" : "WAITING";
  }
  std::string_view termination() const {
    if (call.answered()) return call.released_by_agent ? "OperatorLeft" : "GuestLeft";
    if (call.outcome == Outcome::queue_timeout) return "FailedRouting";
    return call.outbound ? "CampaignFailedDial" : "GuestAbandoned";
  }
  void activity(JsonText& to, std::uint64_t number, Time at, std::string_view type, const Leg* by) {
    to.begin_object().key("activityId").text(call.id * 100 + number);
    time(to, "time", at);
    to.key("type").text(type).key("userId");
    by != nullptr ? to.integer(5000 + number_of(by->agent)) : to.null();
  }
  void activities(JsonText& to) {
    std::uint64_t number = 0;
    for (const Leg& leg : call.legs) {
      if (leg.held_from == 0 || leg.hold == 0) continue;
      activity(to, ++number, leg.held_from, "OnHold", &leg);
      to.end_object();
      activity(to, ++number, leg.held_from + leg.hold, "ResumeGuest", &leg);
      to.end_object();
    }
    if (!call.ended()) return;
    activity(to, ++number, call.end, "SessionEnded", nullptr);
    to.key("terminationReason").text(termination()).end_object();
  }

  void session(JsonText& to) {
    const bool chat = call.first_group().chat;
    const Leg* first = nullptr;  // accepted
    for (const Leg& leg : call.legs)
      if (leg.accepted != 0 && first == nullptr) first = &leg;
    const Time length = call.conversation();
    const bool talked = call.answered();
    const Time joined = call.outbound ? (talked ? call.customer_answer : 0) : call.start + 150;
    to.begin_object().key("id").integer(static_cast<std::int64_t>(call.id));
    to.key("companyId").integer(1).key("departmentId").integer(1);
    to.key("channel").text(chat ? "Chat" : "Phone");
    to.key("source").text(source(chat));
    to.key("status").text(status()).key("avSupport").boolean(false);
    to.key("directCallNumber").null();
    to.key("phoneCallbackNumber").text_or_null(call.outbound, phone());
    to.key("isDirectChat").boolean(false);
    to.key("url").text_or_null(chat, "https://generated.example/");
    to.key("widget").null();
    time(to, "created", call.start);
    time(to, "guestJoined", joined);
    time(to, "started", first != nullptr ? first->accepted : 0);
    time(to, "ended", call.end);
    time(to, "enteredQueue", call.start);
    duration(to, "waited", !call.outbound && first != nullptr,
             first != nullptr ? first->accepted - call.start : 0);
    duration(to, "length", talked && call.ended(), length);
    to.key("blacklisted").boolean(false);
    time(to, "phoneCallbackDialed", call.outbound ? call.dial : 0);
    to.key("autoAccepted").boolean(call.outbound && !call.first_group().preview);
    to.key("campaignId");
    call.outbound && !call.callback ? to.integer(groups()[call.group].id) : to.null();
    to.key("guestLeftSession").text(guest_left());
    to.key("outboundDialResult").text_or_null(call.outbound, dial_result());
    to.key("guestFeedbackStars");
    call.satisfaction != 0 ? to.integer(call.satisfaction) : to.null();
    to.key("guestFeedbackText").null();
    to.key("guest").begin_object().key("identity").text(chat ? "Generated Customer" : phone());
    to.key("language").text("cs").end_object();
    operators(to);
    to.key("reviewers").begin_array().end_array();
    to.key("chatbots").begin_array();
    if (!call.outbound && call.first_group().bot) {
      to.begin_object().key("chatbotId").integer(3).key("name").text("Generated bot");
      time(to, "joined", call.start);
      time(to, "left", call.ivr_end);
      to.end_object();
    }
    to.end_array();
    to.key("tags").begin_array();
    if (first != nullptr && talked && call.id % 3 == 0)
      to.begin_object()
          .key("userId")
          .integer(5000 + number_of(first->agent))
          .key("name")
          .text("generated")
          .end_object();
    to.end_array();
    to.key("recordings").begin_array();
    if (talked && call.ended() && !chat) {
      to.begin_object()
          .key("id")
          .text(uuid(telling.seed, call.id, 8))
          .key("name")
          .text("generated");
      time(to, "started", first->connected);
      duration(to, "duration", true, length);
      to.key("userId").integer(5000 + number_of(first->agent)).key("downloadUrl").null();
      to.key("isUploading").boolean(false).key("isDeleted").boolean(false).end_object();
    }
    to.end_array();
    to.key("activities").begin_array();
    if (!call.script.empty()) activities(to);
    to.end_array();
    if (telling.routing == Routing::inside) routing(to);
    to.end_object();
  }

  void state(JsonText& to, const AgentStateChange& change) {
    constexpr std::array<std::string_view, 6> kinds{"ONLINE",      "OFFLINE", "BREAK",
                                                    "BEFORE_CALL", "ON_CALL", "AFTER_CALL"};
    const bool pause = change.state == AgentState::on_break;
    to.begin_object().key("userId").integer(5000 + number_of(change.agent));
    to.key("stateKind").text(kinds[static_cast<std::size_t>(change.state)]);
    to.key("breakStateName").text_or_null(pause, "Generated lunch");
    to.key("isBreakStatePaid");
    pause ? to.boolean(false) : to.null();
    time(to, "changed", change.time);
    to.end_object();
  }
};

}  // namespace

void tell_mluvii(const Interaction& call, Telling& telling, Told& told) {
  if (call.internal) return;  // a session belongs to a guest
  Teller teller{call, telling};
  teller.session(told.records.add());
  const bool routed = call.outbound || !call.visits.empty();
  if (telling.routing == Routing::documents && routed) {
    JsonText& to = told.routing.add();
    to.begin_object().key("sessionId").integer(static_cast<std::int64_t>(call.id));
    teller.routing(to);
    to.end_object();
  }
  if (telling.agent_states)
    for (const AgentStateChange& change : call.changes)
      teller.state(told.agent_states.add(), change);
}

}  // namespace generator
