// Alibaba Cloud Call Center: one call detail record per call, either as GetCallDetailRecord returns
// it (events of agents, IVR, queues and the customer) or as an item of ListCallDetailRecords
// (durations instead of events).
#include <algorithm>
#include <array>

#include "writers.hpp"

namespace generator {
namespace {

constexpr std::string_view instance = "generated-sample";
constexpr std::string_view main_flow = "00000000-0000-4000-8000-000000000001";
constexpr std::string_view survey_flow = "00000000-0000-4000-8000-000000000002";

// The vendor hides the last four digits; numbers with 1000… are not mobile numbers.
std::string masked_number(std::uint64_t customer) {
  return "1000" + padded(customer % 1000, 3) + "****";
}
std::string company_number(const Group& group) {
  return "000" + padded(group.id, 4) + "****";
}

std::string_view disposition(Outcome outcome) {
  switch (outcome) {
    case Outcome::abandoned_in_ivr:
      return "AbandonedInIVR";
    case Outcome::abandoned_in_queue:
      return "AbandonedInQueue";
    case Outcome::abandoned_in_ring:
      return "AbandonedInRing";
    case Outcome::queue_timeout:
      return "QueuingTimeout";
    case Outcome::no_answer:
    case Outcome::busy:
      return "NoAnswer";
    case Outcome::rejected:
      return "Reject";
    case Outcome::voicemail:
      return "Voicemail";
    default:
      return "Success";
  }
}
std::string_view release_reason(Outcome outcome) {
  switch (outcome) {
    case Outcome::no_answer:
      return "487 - Request Terminated";
    case Outcome::busy:
      return "486 - Busy Here";
    case Outcome::rejected:
      return "603 - Decline";
    default:
      return "200 - OK";
  }
}

// When customer and agent were first connected; 0: never.
Time established(const Interaction& call) {
  if (call.outbound) return call.customer_answer;
  for (const Leg& leg : call.legs)
    if (leg.result == LegResult::answered) return leg.connected;
  return 0;
}
std::int64_t seconds(Time duration) {
  return (duration + 500) / 1000;
}
struct Teller {
  const Interaction& call;
  Telling& telling;

  std::uint32_t number_of(const Leg& leg) const { return telling.agents[leg.agent].number; }
  std::uint32_t group_of(const Leg& leg) const { return groups()[call.group_of(leg)].id; }

  void joined(JsonText& to, std::string_view key, std::string_view before, std::string_view after,
              bool of_agents) {
    std::string list;
    std::vector<std::uint32_t> seen;
    for (const Leg& leg : call.legs) {
      const std::uint32_t id = of_agents ? number_of(leg) : group_of(leg);
      if (std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
      seen.push_back(id);
      if (!list.empty()) list += ',';
      list.append(before).append(std::to_string(id)).append(after);
    }
    to.key(key).text(list);
  }

  void identity(JsonText& to) {
    const bool list = telling.form == Form::list_item;
    const Time met = established(call);
    to.key("ContactId").text("job-", padded(call.id, 18));
    to.key("InstanceId").text(instance);
    to.key("ContactType")
        .text(call.internal ? (list ? "Internal" : "INTERNAL")
              : list        ? (call.outbound ? "Outbound" : "Inbound")
                            : (call.outbound ? "OUTBOUND" : "INBOUND"));
    const bool ended = call.ended();
    to.key("ContactDisposition").text_or_null(ended, disposition(call.outcome));
    const bool by_agent =
        call.answered() ? call.released_by_agent
                        : call.outcome == Outcome::no_answer || call.outcome == Outcome::machine;
    to.key("ReleaseInitiator").text_or_null(ended, by_agent ? "agent" : "customer");
    to.key("ReleaseReason").text_or_null(ended, release_reason(call.outcome));
    to.key("CallingNumber")
        .text(call.internal   ? extension(call.legs[0])
              : call.outbound ? company_number(call.first_group())
                              : masked_number(call.customer));
    to.key("CalledNumber")
        .text(call.internal   ? extension(call.legs[1])
              : call.outbound ? masked_number(call.customer)
                              : company_number(call.first_group()));
    to.key("CallerLocation").text("");
    to.key("CalleeLocation").text("");
    to.key("StartTime").integer(call.outbound ? call.dial : call.start);
    to.key("EstablishedTime");
    met != 0 ? to.integer(met) : to.null();
    to.key("ReleaseTime");
    ended ? to.integer(call.end) : to.null();
    to.key("CallDuration");
    const std::int64_t duration = seconds(call.end - (call.outbound ? call.dial : call.start));
    if (!ended)
      to.null();
    else
      list ? to.text(static_cast<std::uint64_t>(duration)) : to.integer(duration);
    joined(to, "AgentIds", "agent", "@generated-sample", true);
    joined(to, "AgentNames", "Generated Agent ", "", true);
    joined(to, "SkillGroupIds", "skillgroup", "@generated-sample", false);
    // As on the vendor's page, the groups of the agents who took part; empty for a call that was
    // offered to no agent.
    std::string names;
    for (std::uint32_t i = 0; i < call.legs.size(); ++i) {
      const std::uint32_t group = call.group_of(call.legs[i]);
      if (i > 0 && group_of(call.legs[i]) == group_of(call.legs[i - 1])) continue;
      if (!names.empty()) names += ',';
      names += groups()[group].name;
    }
    to.key("SkillGroupNames").text(names);
    to.key("RecordingReady").boolean(call.answered() && ended);
    to.key("SatisfactionSurveyOffered").boolean(call.satisfaction_asked);
    if (call.satisfaction_asked)
      to.key("SatisfactionSurveyChannel").text(call.id % 4 == 0 ? "SMS" : "IVR");
  }

  std::string extension(const Leg& leg) const { return "80" + padded(number_of(leg), 6); }

  void figures(JsonText& to) {  // of a list item
    Time queued = 0, rung = 0, held = 0;
    for (const QueueVisit& visit : call.visits) queued += visit.left - visit.entered;
    for (const Leg& leg : call.legs) {
      if (!call.outbound) rung += (leg.accepted != 0 ? leg.accepted : leg.left) - leg.offered;
      held += leg.hold;
    }
    const bool gave_up = !call.answered();  // in the vendor's data 0 if abandoned while waiting
    to.key("IvrTime").integer(call.outbound ? 0 : seconds(call.ivr_end - call.start));
    to.key("QueueTime").integer(seconds(queued)).key("RingTime").integer(seconds(rung));
    to.key("WaitTime").integer(gave_up ? 0 : seconds(queued) + seconds(rung));
    to.key("DialingTime")
        .integer(
            call.outbound
                ? seconds((call.customer_answer != 0 ? call.customer_answer : call.end) - call.dial)
                : 0);
    to.key("TalkTime")
        .integer(seconds(call.conversation() - held))
        .key("HeldTime")
        .integer(seconds(held));
    to.key("RecordingDuration").integer(seconds(call.conversation()));
    if (call.satisfaction != 0) to.key("SatisfactionIndex").integer(call.satisfaction);
  }

  void event(JsonText& to, std::string_view name, Time at) {
    to.begin_object().key("Event").text(name).key("EventTime").integer(at).end_object();
  }
  // Without a duration if it is still in progress.
  void lasting(JsonText& to, std::string_view name, Time at, Time until) {
    if (until == 0) return event(to, name, at);
    to.begin_object().key("Event").text(name).key("EventTime").integer(at);
    to.key("Duration").integer(seconds(until - at)).end_object();
  }

  void agents(JsonText& to) {
    to.key("AgentEvents").begin_array();
    for (const Leg& leg : call.legs) {
      to.begin_object().key("AgentName").text("Generated Agent ", number_of(leg));
      to.key("AgentId").text("agent", number_of(leg), "@", instance);
      to.key("SkillGroupId").text("skillgroup", group_of(leg), "@", instance);
      to.key("EventSequence").begin_array();
      const bool dials =
          (call.outbound && leg.visit != no_visit) || (call.internal && &leg == call.legs.data());
      if (dials) {  // the agent's own line first, then the customer's
        lasting(to, "Dialing", leg.offered, leg.accepted);
        lasting(to, "Established", leg.accepted, leg.left);
      } else if (leg.accepted != 0) {
        lasting(to, "Ringing", leg.offered, leg.accepted);
        lasting(to, "Established", leg.accepted, leg.left);
      } else {
        lasting(to, "Ringing", leg.offered, leg.left);
      }
      asks(to, static_cast<std::uint32_t>(&leg - call.legs.data()));
      if (leg.left != 0) event(to, "Released", leg.left);
      to.end_array().end_object();
    }
    for (const Listener& each : call.listeners) supervisor(to, each);
    to.end_array();
  }
  // The agent's actions towards a colleague.
  void asks(JsonText& to, std::uint32_t index) {
    const Leg& leg = call.legs[index];
    bool consults = false;
    for (const Leg& other : call.legs) {
      if (other.visit != no_visit || call.internal || other.asked_by != index) continue;
      consults |= other.way != Way::blind_transfer;
      if (other.way != Way::blind_transfer) event(to, "Consulting", other.offered);
      if (other.way == Way::conference) event(to, "StartConference", other.connected);
    }
    if (leg.transferred && !consults) event(to, "BlindTransfer", leg.left);
  }
  void supervisor(JsonText& to, const Listener& each) {
    const std::uint32_t number = telling.agents[each.agent].number;
    to.begin_object().key("AgentName").text("Generated Agent ", number);
    to.key("AgentId").text("agent", number, "@", instance);
    to.key("EventSequence").begin_array();
    event(to, each.kind == Listening::coaching ? "Coaching" : "Monitoring", each.from);
    lasting(to, "Established", each.from, each.to);
    if (each.kind == Listening::barging) event(to, "Barging", each.joined);
    if (each.kind == Listening::intercepting) event(to, "Intercepting", each.joined);
    event(to, "Released", each.to);
    to.end_array().end_object();
  }

  void flows(JsonText& to) {
    to.key("IvrEvents").begin_array();
    if (!call.outbound && !call.internal) {
      to.begin_object().key("FlowId").text(main_flow).key("EventSequence").begin_array();
      event(to, "Route2IVR", call.start);
      if (call.outcome == Outcome::abandoned_in_ivr) event(to, "Abandoned", call.ivr_end);
      to.end_array().key("FlowType").text("MAIN_FLOW").end_object();
    }
    if (call.satisfaction_asked && call.id % 4 != 0) {
      to.begin_object().key("FlowId").text(survey_flow).key("EventSequence").begin_array();
      event(to, "Route2IVR", call.end);
      to.end_array().key("FlowType").text("SURVEY_FLOW").end_object();
    }
    to.end_array();
  }

  void queues(JsonText& to) {
    to.key("QueueEvents").begin_array();
    for (std::uint32_t i = 0; i < call.visits.size(); ++i) {
      const QueueVisit& visit = call.visits[i];
      const Group& group = groups()[visit.group];
      to.begin_object().key("QueueId").text("skillgroup", group.id, "@", instance);
      to.key("QueueName")
          .text(group.name)
          .key("FlowId")
          .text(main_flow)
          .key("QueueType")
          .integer(1);
      to.key("EventSequence").begin_array();
      event(to, "Enqueue", visit.entered);
      for (const Leg& leg : call.legs)
        if (leg.visit == i) event(to, "AssignAgent", leg.offered - 100);
      if (visit.result == VisitResult::abandoned) event(to, "Abandoned", visit.left);
      if (visit.result == VisitResult::timed_out) event(to, "QueueingTimeout", visit.left);
      if (visit.result == VisitResult::abandoned_ringing) event(to, "GiveUp", call.end);
      to.end_array().end_object();
    }
    to.end_array();
  }

  void customer(
      JsonText& to) {  // inbound: connected before the IVR, so nothing is established later
    to.key("CustomerEvents").begin_array();
    if (call.internal) {
      to.end_array();
      return;
    }
    to.begin_object();
    to.key("CustomerId").text(masked_number(call.customer)).key("EventSequence").begin_array();
    if (call.outbound) {
      if (call.ring != 0) event(to, "ringing", call.ring);
      if (call.customer_answer != 0) event(to, "established", call.customer_answer);
      event(to, "released", call.end);
    } else if (call.ended()) {
      event(to, "Released", call.end);
    }
    to.end_array().end_object().end_array();
  }

  void events(JsonText& to) {
    if (call.satisfaction != 0) to.key("Satisfaction").integer(call.satisfaction);
    agents(to);
    flows(to);
    queues(to);
    customer(to);
    if (call.outcome == Outcome::busy) to.key("EarlyMediaState").text("Busy");
    if (call.outcome == Outcome::no_answer && !call.internal)
      to.key("EarlyMediaState").text("NoAnswer");
    to.key("AnalyticsReportReady").boolean(false);
  }
};

}  // namespace

void tell_alibaba(const Interaction& call, Telling& telling, Told& told) {
  if (call.first_group().chat) return;  // the vendor's calls are voice
  Teller teller{call, telling};
  JsonText& to = told.records.add();
  to.begin_object();
  if (telling.form == Form::answer) {
    to.key("Code").text("OK").key("HttpStatusCode").integer(200).key("Message").text("");
    to.key("RequestId").text(uuid(telling.seed, call.id, 7)).key("Data").begin_object();
  }
  teller.identity(to);
  telling.form == Form::list_item ? teller.figures(to) : teller.events(to);
  if (telling.form == Form::answer) to.end_object();
  to.end_object();
}

}  // namespace generator
