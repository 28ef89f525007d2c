// Conpeek: one dialog per side of the call, all 48 fields of the vendor's CDR Dialog page, tied by
// linked_dialogs.
#include <array>

#include "writers.hpp"

namespace generator {
namespace {

enum class Part { external, bot, consultant, colleague };

// One side of the call, before it is written.
struct Side {
  Part part;
  const Leg* leg = nullptr;
  std::uint32_t group = 0;
  Time start = 0, alert = 0, ring = 0, answer = 0, serve = 0, hangup = 0;
  Time talking = 0;
  std::string_view hangup_cause = {};
  std::string uuid = {};
};

constexpr std::array<std::string_view, 8> notes{
    "Generated note: the customer asks for a copy of the invoice by e-mail.",
    "Generated note: delivery address changed; confirmed \"as agreed\" with the warehouse in Łódź.",
    "Generated note: wants to be called back tomorrow after 10:00.\nSecond attempt this week.",
    "Generated note: complaint accepted, the courier has been informed.",
    "Generated note: password reset done, second factor still missing.",
    "Generated note: asked about the price list, offer sent to the address in the CRM, wait for "
    "the answer until Friday.",
    "Generated note: wrong department, handed on.",
    "Generated note: contract extended by 12 months / 24 M\\12 M plan.",
};
constexpr std::array<std::string_view, 6> subjects{
    "Order status", "Invoice", "Complaint", "Cancellation", "Technical fault", "Other question"};

std::string number_of(std::uint64_t customer) {
  return fictional_number("480", customer, 8);
}

std::string company_number(const Group& group) {
  return "4809900" + padded(group.id, 4);
}

std::string_view cause_of(const Leg& leg) {
  switch (leg.result) {
    case LegResult::no_answer:
      return "NO_ANSWER";
    case LegResult::caller_gone:
      return "ORIGINATOR_CANCEL";
    case LegResult::colleague_faster:
      return "LOSE_RACE";
    case LegResult::rejected:
      return "CALL_REJECTED";
    default:
      return "NORMAL_CLEARING";
  }
}

void add_sides(const Interaction& call, std::vector<Side>& sides) {
  sides.clear();
  Side customer{Part::external};
  customer.group = call.group;
  customer.start = call.outbound ? call.dial : call.start;
  customer.hangup = call.end;
  customer.ring = call.outbound ? call.ring : 0;
  customer.alert = customer.ring;
  customer.answer = call.outbound ? call.customer_answer : call.start;
  for (const Leg& leg : call.legs) {
    if (leg.result != LegResult::answered) continue;
    if (customer.serve == 0) customer.serve = leg.connected;
  }
  customer.talking = call.conversation();
  if (!call.outbound && !call.legs.empty()) customer.ring = call.legs.front().offered;
  switch (call.outcome) {
    case Outcome::no_answer:
      customer.hangup_cause = call.given_up ? "ORIGINATOR_CANCEL" : "NO_ANSWER";
      break;
    case Outcome::busy:
      customer.hangup_cause = "USER_BUSY";
      break;
    case Outcome::rejected:
      customer.hangup_cause = "CALL_REJECTED";
      break;
    default:
      customer.hangup_cause = "NORMAL_CLEARING";
  }
  if (!call.internal) sides.push_back(customer);

  if (!call.outbound && call.first_group().bot) {
    Side bot{Part::bot};
    bot.group = call.group;
    bot.start = bot.answer = bot.serve = call.start;
    bot.hangup = call.ivr_end;
    bot.talking = call.ivr_end - call.start;
    bot.hangup_cause = "NORMAL_CLEARING";
    sides.push_back(bot);
  }
  for (const Leg& leg : call.legs) {
    Side agent{leg.internal || call.internal ? Part::colleague : Part::consultant};
    agent.leg = &leg;
    agent.group = call.group_of(leg);
    agent.start = agent.alert = agent.ring = leg.offered;
    agent.answer = leg.accepted;
    // An agent whom a colleague asks first talks to that colleague.
    const bool asked = leg.visit == no_visit && !call.internal;
    agent.serve = asked ? leg.accepted : leg.connected;
    agent.hangup = leg.left;
    agent.talking = agent.serve != 0 && leg.left != 0 ? leg.left - agent.serve : 0;
    agent.hangup_cause = cause_of(leg);
    sides.push_back(agent);
  }
}

constexpr std::string_view type_of(Part part) {
  switch (part) {
    case Part::external:
      return "EXTERNAL";
    case Part::bot:
      return "BOT";
    case Part::consultant:
      return "CONSULTANT";
    default:
      return "TENANT_USER";
  }
}

struct Teller {
  const Interaction& call;
  Telling& telling;
  const std::vector<Side>& sides;
  Random random;

  void time(JsonText& to, std::string_view key, Time at) {
    to.key(key).text_or_null(at != 0, at != 0 ? telling.clock.of(at) : std::string_view());
  }
  void milliseconds(JsonText& to, std::string_view key, bool known, Time from, Time until) {
    known ? to.key(key).integer(until - from) : to.key(key).null();
  }

  void project(JsonText& to, const Group& group) {
    if (call.internal) {
      to.key("project").null().key("project_id_list").begin_array().end_array();
      return;
    }
    to.key("project").begin_object();
    to.key("id")
        .integer(group.id)
        .key("name")
        .text(group.name)
        .key("language")
        .text(group.language);
    to.key("service_type").text("CONTACT_CENTER").key("service_id").integer(1).end_object();
    to.key("project_id_list").begin_array().integer(call.first_group().id);
    for (std::size_t i = 1; i < call.visits.size(); ++i)
      to.integer(groups()[call.visits[i].group].id);
    to.end_array();
  }
  void parties(JsonText& to, const Side& side) {
    to.key("tenant_user");
    if (side.leg != nullptr) {
      const std::uint32_t number = telling.agents[side.leg->agent].number;
      to.begin_object()
          .key("id")
          .integer(1000 + number)
          .key("username")
          .text("generated.agent", number);
      to.key("firstname").text("Generated").key("surname").text("Agent ", number);
      to.key("display_name").text("Generated Agent ", number).end_object();
    } else {
      to.null();
    }
    to.key("anonymous");
    if (side.part == Part::external)
      to.begin_object().key("display_name").text(number_of(call.customer)).end_object();
    else
      to.null();
    to.key("virtual_agent");
    if (side.part == Part::bot)
      to.begin_object().key("id").integer(3).key("name").text("Generated bot").end_object();
    else
      to.null();
  }
  void contact(JsonText& to) {
    const bool known = hash(call.customer) % 1000 < 850;
    to.key("crm_id").text_or_null(known, object_id(telling.seed, 1, 1));
    to.key("contact_id").text_or_null(known, call.customer + 1);
    to.key("contact_data");
    if (known) {
      to.begin_object()
          .key("firstname")
          .text("Generated")
          .key("surname")
          .text("Customer ", call.customer + 1);
      to.key("id").text(call.customer + 1);
      to.key("email").text("customer", call.customer + 1, "@example.com");
      to.key("segment").text(hash(call.customer) % 5 == 0 ? "premium" : "standard");
      to.key("city").text("Generated Łódź").end_object();
    } else {
      to.null();
    }
    to.key("organization_id").text(object_id(telling.seed, 1, 2));
    to.key("organization_name").text("Generated sample");
  }
  void agents_work(JsonText& to, const Side& side) {
    const bool talked = side.leg != nullptr && side.talking > 0;
    // One draw per statement: the compiler chooses the order in which a call's arguments are
    // evaluated.
    const bool noted = talked && random.chance(450);
    to.key("note").text_or_null(noted, notes[random.below(notes.size())]);
    to.key("audio_video_recording").begin_array();
    if (talked && !call.first_group().chat) {
      to.begin_object().key("media").text("audio");
      to.key("recording_id")
          .text(object_id(telling.seed, call.id, 16 + (side.leg - call.legs.data())));
      time(to, "start_time", side.serve);
      time(to, "stop_time", side.hangup);
      to.end_object();
    }
    to.end_array();
    const bool filled = talked && random.chance(700);
    const bool has_product = filled && random.chance(600);
    to.key("call_info_param1").text("Subject");
    to.key("call_info_value1").text_or_null(filled, subjects[random.below(subjects.size())]);
    to.key("call_info_param2").text("Product number");
    to.key("call_info_value2").text_or_null(has_product, 10000 + random.below(90000));
    to.key("call_info_param3").text("Date of purchase");
    time(to, "call_info_value3", has_product ? call.start - random.between(1, 400) * day : 0);
    to.key("call_info_param4").text("Date of report");
    time(to, "call_info_value4", filled ? call.start : 0);
    to.key("call_info_param5").text("Can the complaint be accepted?");
    const bool decided = filled && random.chance(300);
    to.key("call_info_value5").text_or_null(decided, random.chance(500) ? "Yes" : "No");
    to.key("custom_tag_id_list").begin_array();
    if (filled && random.chance(400)) to.integer(random.between(1, 9));
    if (filled && random.chance(150)) to.integer(random.between(10, 19));
    to.end_array();
  }
  void system(JsonText& to, const Side& side) {
    to.key("variables").begin_array();
    if (side.part != Part::external || !call.outbound) {
      to.begin_object().key("generated_customer").text("true").end_object();
      to.begin_object().key("menu_path").text("main/", call.first_group().name).end_object();
      to.begin_object()
          .key("menu_choice")
          .text(1 + static_cast<std::uint32_t>(hash(call.id) % 5))
          .end_object();
    }
    to.end_array();
    to.key("operator_call_id").text(call.id);
    to.key("hangup_cause").text_or_null(side.hangup != 0, side.hangup_cause);
    to.key("end_cause").text_or_null(side.hangup != 0, "HANGUP");
    to.key("call_request_data");
    if (call.outbound && !call.callback)
      campaign(to);
    else
      to.null();
  }
  void campaign(JsonText& to) {
    const Group& group = call.first_group();
    to.begin_object();
    to.key("dialing_method").text_or_null(group.bot, "dialer_bot");
    to.key("call_request_id")
        .text(object_id(telling.seed, call.id, 3))
        .key("call_request_name")
        .null();
    to.key("application_id").text(object_id(telling.seed, group.id, 4));
    to.key("application_name").text(group.name).key("application_type").text("VOICE_CAMPAIGN");
    to.key("project_id").integer(group.id).key("project_name").text(group.name);
    to.key("case_id").null().key("case_group").null().key("case_state").null();
    to.key("virtual_agent_id")
        .text_or_null(group.bot, object_id(telling.seed, group.id, 5))
        .end_object();
  }

  std::string extension(const Leg& leg) const {
    return "80" + padded(telling.agents[leg.agent].number, 6);
  }

  // The fields in the order of the vendor's page.
  void dialog(JsonText& to, const Side& side) {
    const Group& group = groups()[side.group];
    const std::string customer = call.internal ? extension(call.legs[0]) : number_of(call.customer);
    const std::string company =
        call.internal ? extension(call.legs[1]) : company_number(call.first_group());
    const bool outbound = call.internal ? side.leg == call.legs.data() : call.outbound;
    const bool machine = call.outcome == Outcome::machine && side.part == Part::external;
    to.begin_object();
    to.key("dialog_uuid").text(side.uuid);
    to.key("dialog_type").text(type_of(side.part));
    to.key("business_direction").text(outbound ? "OUTBOUND" : "INBOUND");
    to.key("business_end_cause").text_or_null(side.serve != 0 && side.hangup != 0, "DIALOG_LEFT");
    // Both sides of an internal call show who called whom.
    to.key("from_display_target").text(call.outbound ? company : customer);
    to.key("to_display_target").text(call.outbound ? customer : company);
    time(to, "start_time", side.start);
    time(to, "hangup_time", side.hangup);
    time(to, "serve_time", side.serve);
    to.key("talking_time");
    side.hangup != 0 ? to.integer(side.talking) : to.null();
    time(to, "alert_time", side.alert);
    time(to, "answer_time", side.answer);
    time(to, "ring_time", side.ring);
    milliseconds(to, "waiting_time", side.serve != 0, side.start, side.serve);
    const bool queued =
        side.part == Part::external && !call.visits.empty() && call.visits[0].left != 0;
    milliseconds(to, "first_queue_waiting_time", queued, queued ? call.visits[0].entered : 0,
                 queued ? call.visits[0].left : 0);
    to.key("machine_detected").integer(machine ? 1 : 0);
    to.key("machine_detected_type").text_or_null(machine, call.id % 10 == 0 ? "MANUAL" : "AMD");
    to.key("initial_media")
        .begin_array()
        .text(call.first_group().chat ? "chat" : "audio")
        .end_array();
    project(to, group);
    parties(to, side);
    contact(to);
    agents_work(to, side);
    system(to, side);
    to.key("linked_dialogs").begin_array();
    for (const Side& other : sides)
      if (&other != &side) to.text(other.uuid);
    to.end_array();
    to.key("transcript_exist").integer(side.leg != nullptr && side.talking > minute ? 1 : 0);
    to.end_object();
  }
};

}  // namespace

void tell_conpeek(const Interaction& call, Telling& telling, Told& told) {
  std::vector<Side> sides;
  add_sides(call, sides);
  for (std::size_t i = 0; i < sides.size(); ++i) sides[i].uuid = uuid(telling.seed, call.id, i);
  Teller teller{call, telling, sides, Random(hash(telling.seed, call.id))};
  for (const Side& side : sides) teller.dialog(told.records.add(), side);
}

}  // namespace generator
