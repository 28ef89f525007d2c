// Alibaba Cloud Call Center: one call detail record per call. As GetCallDetailRecord tells it
// (events of agents, IVR, queues and the customer), or as an item of ListCallDetailRecords
// (durations instead of events).
#include <algorithm>
#include <array>

#include "writers.hpp"

namespace generator {
namespace {

constexpr std::string_view instance = "generated-sample";
constexpr std::string_view main_flow = "00000000-0000-4000-8000-000000000001";
constexpr std::string_view survey_flow = "00000000-0000-4000-8000-000000000002";

// The vendor hides the last four digits; 1000… is no mobile number.
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

// When customer and agent came together first; 0: never.
Time established(const Interaction& call) {
  if (call.outbound) return call.customer_answer;
  for (const Leg& leg : call.legs)
    if (leg.result == LegResult::answered) return leg.connected;
  return 0;
}
std::int64_t seconds(Time duration) {
  return (duration + 500) / 1000;
}
Time talked(const Interaction& call) {
  Time sum = 0;
  for (const Leg& leg : call.legs)
    if (leg.result == LegResult::answered) sum += leg.left - leg.connected;
  return sum;
}

struct Teller {
  const Interaction& call;
  Telling& telling;

  std::uint32_t number_of(const Leg& leg) const { return telling.agents[leg.agent].number; }
  std::uint32_t group_of(const Leg& leg) const {
    return groups()[call.outbound ? call.group : call.visits[leg.visit].group].id;
  }

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
        .text(list ? (call.outbound ? "Outbound" : "Inbound")
                   : (call.outbound ? "OUTBOUND" : "INBOUND"));
    to.key("ContactDisposition").text(disposition(call.outcome));
    const bool by_agent =
        call.answered() ? call.released_by_agent
                        : call.outcome == Outcome::no_answer || call.outcome == Outcome::machine;
    to.key("ReleaseInitiator").text(by_agent ? "agent" : "customer");
    to.key("ReleaseReason").text(release_reason(call.outcome));
    to.key("CallingNumber")
        .text(call.outbound ? company_number(call.first_group()) : masked_number(call.customer));
    to.key("CalledNumber")
        .text(call.outbound ? masked_number(call.customer) : company_number(call.first_group()));
    to.key("CallerLocation").text("");
    to.key("CalleeLocation").text("");
    to.key("StartTime").integer(call.outbound ? call.dial : call.start);
    to.key("EstablishedTime");
    met != 0 ? to.integer(met) : to.null();
    to.key("ReleaseTime").integer(call.end);
    to.key("CallDuration");
    const std::int64_t duration = seconds(call.end - (call.outbound ? call.dial : call.start));
    list ? to.text(static_cast<std::uint64_t>(duration)) : to.integer(duration);
    joined(to, "AgentIds", "agent", "@generated-sample", true);
    joined(to, "AgentNames", "Generated Agent ", "", true);
    joined(to, "SkillGroupIds", "skillgroup", "@generated-sample", false);
    // As the vendor's page says, groups of the agents who took part: none for a call that nobody
    // was offered.
    std::string names;
    for (std::uint32_t i = 0; i < call.legs.size(); ++i) {
      const std::uint32_t group =
          call.outbound ? call.group : call.visits[call.legs[i].visit].group;
      if (i > 0 && group_of(call.legs[i]) == group_of(call.legs[i - 1])) continue;
      if (!names.empty()) names += ',';
      names += groups()[group].name;
    }
    to.key("SkillGroupNames").text(names);
    to.key("RecordingReady").boolean(call.answered());
    to.key("SatisfactionSurveyOffered").boolean(call.satisfaction_asked);
    if (call.satisfaction_asked)
      to.key("SatisfactionSurveyChannel").text(call.id % 4 == 0 ? "SMS" : "IVR");
  }

  void figures(JsonText& to) {  // of a list item
    Time queued = 0, rung = 0, held = 0;
    for (const QueueVisit& visit : call.visits) queued += visit.left - visit.entered;
    for (const Leg& leg : call.legs) {
      if (!call.outbound) rung += (leg.accepted != 0 ? leg.accepted : leg.left) - leg.offered;
      held += leg.hold;
    }
    const bool gave_up = !call.answered();  // the vendor: 0 if abandoned while waiting
    to.key("IvrTime").integer(call.outbound ? 0 : seconds(call.ivr_end - call.start));
    to.key("QueueTime").integer(seconds(queued)).key("RingTime").integer(seconds(rung));
    to.key("WaitTime").integer(gave_up ? 0 : seconds(queued) + seconds(rung));
    to.key("DialingTime")
        .integer(
            call.outbound
                ? seconds((call.customer_answer != 0 ? call.customer_answer : call.end) - call.dial)
                : 0);
    to.key("TalkTime").integer(seconds(talked(call) - held)).key("HeldTime").integer(seconds(held));
    to.key("RecordingDuration").integer(seconds(talked(call)));
    if (call.satisfaction != 0) to.key("SatisfactionIndex").integer(call.satisfaction);
  }

  void event(JsonText& to, std::string_view name, Time at) {
    to.begin_object().key("Event").text(name).key("EventTime").integer(at).end_object();
  }
  void lasting(JsonText& to, std::string_view name, Time at, Time until) {
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
      if (call.outbound) {  // the agent's own line first, then the customer's
        lasting(to, "Dialing", leg.offered, leg.accepted);
        lasting(to, "Established", leg.accepted, leg.left);
      } else if (leg.accepted != 0) {
        lasting(to, "Ringing", leg.offered, leg.accepted);
        lasting(to, "Established", leg.accepted, leg.left);
      } else {
        lasting(to, "Ringing", leg.offered, leg.left);
      }
      if (leg.transferred) event(to, "BlindTransfer", leg.left);
      event(to, "Released", leg.left);
      to.end_array().end_object();
    }
    to.end_array();
  }

  void flows(JsonText& to) {
    to.key("IvrEvents").begin_array();
    if (!call.outbound) {
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
    to.key("CustomerEvents").begin_array().begin_object();
    to.key("CustomerId").text(masked_number(call.customer)).key("EventSequence").begin_array();
    if (call.outbound) {
      if (call.ring != 0) event(to, "ringing", call.ring);
      if (call.customer_answer != 0) event(to, "established", call.customer_answer);
      event(to, "released", call.end);
    } else {
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
    if (call.outcome == Outcome::no_answer) to.key("EarlyMediaState").text("NoAnswer");
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
