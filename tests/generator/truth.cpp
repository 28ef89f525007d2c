// The true events, in the form that the model would have if a vendor recorded everything.
#include <algorithm>
#include <set>

#include "writers.hpp"

namespace generator {
namespace {

std::string_view word(const Interaction& call) {
  switch (call.outcome) {
    case Outcome::answered:
      return "ANSWERED";
    case Outcome::abandoned_in_ivr:
      return call.first_group().bot ? "SELF_SERVICE" : "ABANDONED_IN_IVR";
    case Outcome::abandoned_in_queue:
      return "ABANDONED_IN_QUEUE";
    case Outcome::abandoned_in_ring:
      return "ABANDONED_IN_RING";
    case Outcome::queue_timeout:
      return "QUEUE_TIMEOUT";
    case Outcome::no_answer:
      return "NO_ANSWER";
    case Outcome::busy:
      return "BUSY";
    case Outcome::rejected:
      return "REJECTED";
    case Outcome::machine:
      return "MACHINE";
    case Outcome::self_service:
      return "SELF_SERVICE";
    case Outcome::voicemail:
      return "VOICEMAIL";
    case Outcome::open:
      break;
  }
  return "";
}

std::string_view word(LegResult result) {
  switch (result) {
    case LegResult::answered:
      return "ANSWERED";
    case LegResult::no_answer:
      return "NO_ANSWER";
    case LegResult::rejected:
      return "REJECTED";
    case LegResult::caller_gone:
    case LegResult::colleague_faster:
      return "CANCELLED";
    default:
      return "";
  }
}

std::string_view word(VisitResult result) {
  switch (result) {
    case VisitResult::answered:
      return "ANSWERED";
    case VisitResult::abandoned:
      return "ABANDONED_IN_QUEUE";
    case VisitResult::abandoned_ringing:
      return "ABANDONED_IN_RING";
    case VisitResult::timed_out:
      return "QUEUE_TIMEOUT";
    case VisitResult::open:
      break;
  }
  return "";
}

struct Span {
  Time from, to;
};
// The time that `spans` cover, with overlaps counted once.
Time covered(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(), [](Span a, Span b) { return a.from < b.from; });
  Time sum = 0, until = 0;
  for (const auto& [from, to] : spans) {
    sum += std::max(to, until) - std::max(from, until);
    until = std::max(until, to);
  }
  return sum;
}

struct Teller {
  const Interaction& call;
  std::span<const Agent> agents;
  JsonText& to;

  void word_of(std::string_view key, std::string_view value) {
    if (!value.empty()) to.key(key).text(value);
  }
  void time(std::string_view key, Time at) {
    if (at != 0) to.key(key).integer(at);
  }
  void duration(std::string_view key, Time length) {
    if (length != 0) to.key(key).integer(length);
  }
  std::uint32_t number(const Leg& leg) const { return agents[leg.agent].number; }

  // Whether someone waits while the telephone rings: not while the asking agent goes on talking.
  bool waits_for(const Leg& leg) const {
    if (call.internal) return &leg != call.legs.data();
    return leg.way == Way::queue || leg.way == Way::blind_transfer;
  }
  // Several agents may have been asked at the same moment: any of them is right.
  void one_of(std::string_view key, const Leg& chosen, bool connected) {
    to.key(key).begin_array();
    for (const Leg& leg : call.legs)
      if (&leg == &chosen || (!connected && leg.offered == chosen.offered)) to.integer(number(leg));
    to.end_array();
  }

  std::vector<Span> rings(std::uint32_t visit) const {
    std::vector<Span> spans;
    for (const Leg& leg : call.legs)
      if (leg.visit == visit && leg.rung_until() != 0)
        spans.push_back({leg.offered, leg.rung_until()});
    return spans;
  }
  // The end of the visit; 0: not ended.
  Time end_of(std::uint32_t visit) const {
    const QueueVisit& it = call.visits[visit];
    if (it.result == VisitResult::open) return 0;
    Time end = it.left;
    for (const Leg& leg : call.legs)
      if (leg.visit == visit) end = std::max(end, leg.rung_until());
    return end;
  }
  // The wait so far if an agent is still being asked. 0: in the queue, for an unknown time.
  Time wait(std::uint32_t visit) const {
    const QueueVisit& it = call.visits[visit];
    const Time until = end_of(visit) != 0 ? end_of(visit) : it.left;
    return until != 0 ? until - it.entered - covered(rings(visit)) : 0;
  }

  void interaction() {
    const bool inbound = !call.outbound && !call.internal;
    to.key("channel").text(call.first_group().chat ? "chat" : "voice");
    to.key("direction").text(call.internal ? "INTERNAL" : call.outbound ? "OUTBOUND" : "INBOUND");
    word_of("outcome", word(call));
    if (call.ended()) {
      const bool by_company =
          call.answered() ? call.released_by_agent
                          : call.outcome == Outcome::no_answer || call.outcome == Outcome::machine;
      if (call.outcome == Outcome::queue_timeout)
        to.key("released_side").text("SYSTEM");
      else
        to.key("released_side").text(by_company ? "AGENT" : "CUSTOMER");
    }
    time("start_time", call.start);
    time("dialled", call.dial);
    time("rang", call.ring);
    time("customer_answered", call.customer_answer);
    time("menu_left", call.ivr_end);
    if (!call.visits.empty()) time("queue_time", call.visits[0].entered);
    const Leg* first = nullptr;
    const Leg* last = nullptr;
    bool answered = false;
    Time left = 0, concluded = 0, held = 0, waited = 0;
    std::uint32_t transfers = 0;
    std::set<std::uint32_t> asked;
    std::vector<Span> rung;
    for (const Leg& leg : call.legs) {
      asked.insert(leg.agent);
      transfers += leg.transferred;
      held += leg.hold;
      if (!call.outbound && waits_for(leg) && leg.rung_until() != 0)
        rung.push_back({leg.offered, leg.rung_until()});
      if (leg.result == LegResult::answered || leg.result == LegResult::customer_unreached) {
        left = std::max(left, leg.left);
        concluded = std::max(concluded, leg.concluded);
      }
    }
    // Taken from those in conversation, or otherwise from those who were asked or dialled. The
    // first is who came first, the last is who left last.
    for (const bool connected : {true, false})
      for (const Leg& leg : call.legs) {
        if (connected ? leg.connected == 0 : answered) continue;
        const auto begun = [&](const Leg& it) { return connected ? it.connected : it.offered; };
        const auto over = [&](const Leg& it) { return connected ? it.left : it.offered; };
        if (first == nullptr || begun(leg) < begun(*first)) first = &leg;
        if (last == nullptr || over(leg) >= over(*last)) last = &leg;
        answered |= connected;
      }
    if (answered) time("answer_time", first->connected);
    if (first != nullptr) {
      one_of("first_agent_id", *first, answered);
      one_of("last_agent_id", *last, answered);
    }
    time("end_time", call.end);
    to.key("agent_count").integer(static_cast<std::int64_t>(asked.size()));
    to.key("transfer_count").integer(transfers);
    if (inbound && call.ivr_end != 0) duration("ivr_seconds", call.ivr_end - call.start);
    for (std::uint32_t i = 0; i < call.visits.size(); ++i) waited += wait(i);
    duration("in_queue_seconds", waited);
    if (call.ended()) {
      duration("active_seconds", call.conversation() - held);
      duration("hold_seconds", held);
      duration("acw_seconds", concluded - left);
    }
    if (!call.outbound) duration("ring_seconds", covered(std::move(rung)));
    if (call.outbound && call.ring != 0)
      duration("ring_seconds",
               (call.customer_answer != 0 ? call.customer_answer : call.end) - call.ring);
  }

  void visit(std::uint32_t index) {
    const QueueVisit& it = call.visits[index];
    to.begin_object().key("visit_no").integer(index + 1);
    to.key("queue_id").integer(groups()[it.group].id);
    to.key("entry").text(index == 0 ? "NEW" : "TRANSFER");
    time("enqueue_time", it.entered);
    time("last_left", it.left);  // for the agent who was asked last, or when the caller left
    word_of("outcome", word(it.result));
    const std::vector<Span> rung = rings(index);
    const Time end = end_of(index);
    if (it.result == VisitResult::answered) {
      time("answer_time", end);
      duration("speed_of_answer_seconds", end - it.entered);
    }
    const Leg* agent = nullptr;  // who answered, or otherwise who was asked last
    for (const Leg& leg : call.legs)
      if (leg.visit == index && (agent == nullptr || agent->accepted == 0)) agent = &leg;
    if (agent != nullptr) one_of("agent_id", *agent, agent->accepted != 0);
    if (end != 0) {
      time("end_time", end);
      duration("ring_seconds", covered(rung));
    }
    duration("wait_seconds", wait(index));
    to.end_object();
  }

  // An agent who dials is not asked: the agent of an outbound call, or the colleague who calls
  // another.
  bool is_asked(const Leg& leg) const {
    if (call.internal) return &leg != call.legs.data();
    return !call.outbound || leg.visit == no_visit;
  }
  void offer(const Leg& leg, std::uint32_t number_of_offer) {
    to.begin_object().key("offer_no").integer(number_of_offer);
    to.key("agent_id").integer(number(leg));
    if (!call.internal && leg.visit != no_visit) to.key("visit_no").integer(leg.visit + 1);
    time("offer_time", leg.offered);
    time("end_time", leg.rung_until());
    if (leg.rung_until() != 0) duration("ring_seconds", leg.rung_until() - leg.offered);
    word_of("outcome", word(leg.result));
    to.end_object();
  }

  void side(const Leg& leg) {
    to.begin_object().key("agent_id").integer(number(leg));
    if (leg.result == LegResult::customer_unreached)
      word_of("outcome", word(call) == "MACHINE" || word(call) == "BUSY" ? "" : word(call));
    else
      word_of("outcome", word(leg.result));
    duration("hold_seconds", leg.hold);
    time("accepted", leg.accepted);
    time("left", leg.left);
    // Conversation with a colleague counts too.
    const Time from = leg.visit == no_visit && !call.internal ? leg.accepted : leg.connected;
    if (from != 0 && leg.left != 0) duration("active_seconds", leg.left - from - leg.hold);
    to.end_object();
  }
};

}  // namespace

void tell_truth(const Interaction& call, std::span<const Agent> agents, JsonText& to) {
  Teller teller{call, agents, to};
  to.begin_object().key("id").integer(static_cast<std::int64_t>(call.id));
  to.key("script").text(call.script.empty() ? "simulated" : call.script);
  to.key("interactions").begin_array().begin_object();
  teller.interaction();
  to.end_object().end_array();
  to.key("queue_visits").begin_array();
  for (std::uint32_t i = 0; i < call.visits.size(); ++i) teller.visit(i);
  to.end_array().key("agent_offers").begin_array();
  std::uint32_t offers = 0;
  for (const Leg& leg : call.legs)
    if (teller.is_asked(leg)) teller.offer(leg, ++offers);
  to.end_array().key("dialogs").begin_array();
  for (const Leg& leg : call.legs) teller.side(leg);
  for (const Listener& each : call.listeners)
    to.begin_object()
        .key("agent_id")
        .integer(agents[each.agent].number)
        .key("outcome")
        .text("MONITORED")
        .end_object();
  to.end_array().end_object();
}

}  // namespace generator
