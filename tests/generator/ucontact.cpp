// uContact: one row per leg, in the 36 columns of getrecords; rows of one call share guid, linkedid
// and uniqueid and differ in sequence. As on the vendor's page, an unanswered leg has billsec =
// duration, and finishtime is the end of the whole call.
#include "writers.hpp"

namespace generator {
namespace {

struct Row {
  const Leg* leg;  // null: the call ended in the menu or the queue
  Time from, to, talk_from;
  std::string_view disposition;
  std::string_view cause;
};

Row row_of(const Interaction& call, const Leg* leg) {
  // Voice mail answers the customer's own row.
  if (leg == nullptr && call.message != 0)
    return {nullptr, call.start, call.end, call.message, "ANSWERED", "16"};
  if (leg == nullptr) return {nullptr, call.start, call.end, 0, "NO ANSWER", "16"};
  if (call.outbound) {
    switch (call.outcome) {
      case Outcome::answered:
        return {leg, call.dial, leg->left, leg->connected, "ANSWERED", "16"};
      case Outcome::machine:
        return {leg, call.dial, call.end, call.customer_answer, "ANSWERED", "16"};
      case Outcome::busy:
        return {leg, call.dial, call.end, 0, "BUSY", "17"};
      case Outcome::rejected:
        return {leg, call.dial, call.end, 0, "BUSY", "21"};
      default:
        return {leg, call.dial, call.end, 0, "NO ANSWER", call.given_up ? "16" : "19"};
    }
  }
  if (leg->result == LegResult::answered)
    return {leg, leg->offered, leg->left, leg->accepted, "ANSWERED", "16"};
  if (leg->result == LegResult::rejected) return {leg, leg->offered, leg->left, 0, "BUSY", "21"};
  return {leg, leg->offered, leg->left,
          0,   "NO ANSWER",  leg->result == LegResult::no_answer ? "19" : "16"};
}

std::int64_t seconds(Time from, Time to) {
  return to / second - from / second;
}

struct Teller {
  const Interaction& call;
  Telling& telling;

  std::string campaign(std::uint32_t group) const {
    return std::string(groups()[group].name) + (groups()[group].outbound ? "->" : "<-");
  }

  std::string_view clock(Time at) const {
    return telling.clock.of(telling.central_european ? at + central_european_offset(at) : at);
  }

  void row(JsonText& to, const Row& row, std::uint32_t sequence) {
    const std::uint32_t group = row.leg != nullptr    ? call.group_of(*row.leg)
                                : call.visits.empty() ? call.group
                                                      : call.visits.back().group;
    const std::string name = campaign(group);
    const std::string customer = fictional_number("000", call.customer, 8);
    const std::string company = "9" + padded(call.first_group().id, 3);
    const std::uint32_t number = row.leg != nullptr ? telling.agents[row.leg->agent].number : 0;
    const std::string agent =
        "SIP/" + std::to_string(1000 + number) + "-" + padded(call.id % 100'000'000, 8);
    const std::string trunk = "SIP/" + company + "-" + padded(call.id % 100'000'000, 8);
    const std::string started =
        std::to_string(call.start / second) + "." + std::to_string(call.id % 100000);
    const std::string_view direction = call.outbound ? "outbound" : "inbound";
    const bool by_colleague = row.leg != nullptr && row.leg->visit == no_visit;
    const bool queued =
        !call.outbound && !by_colleague && (row.leg != nullptr || !call.visits.empty());
    const std::string_view application = row.leg == nullptr && call.message != 0 ? "VoiceMail"
                                         : call.outbound || by_colleague         ? "Dial"
                                         : queued                                ? "Queue"
                                                                                 : "Background";

    to.begin_object().key("id").integer(static_cast<std::int64_t>(call.id * 10 + sequence));
    to.key("calldate").text(clock(row.from));
    to.key("clid").text("\"", name, "\" <", call.outbound ? company : customer, ">");
    to.key("src").text(call.outbound ? company : customer);
    to.key("dst").text(call.outbound ? customer : company);
    to.key("dcontext").text(direction);
    to.key("channel").text(call.outbound ? agent : trunk);
    to.key("dstchannel").text(call.outbound ? trunk : row.leg != nullptr ? agent : std::string());
    to.key("lastapp").text(application);
    to.key("lastdata")
        .text(by_colleague    ? agent
              : call.outbound ? "SIP/" + company + "/" + customer
              : queued        ? name + ",tkc,,,600,,,functions,,"
                              : std::string("generated-menu"));
    const std::int64_t duration = seconds(row.from, row.to);
    to.key("duration").integer(duration);
    to.key("billsec").integer(row.talk_from != 0 ? seconds(row.talk_from, row.to) : duration);
    to.key("disposition").text(row.disposition).key("amaflags").integer(3);
    to.key("accountcode").text(call.outbound ? "Outbound" : "Inbound").key("userfield").null();
    to.key("uniqueid").text(started).key("type").text("record");
    to.key("guid").text(uuid(telling.seed, call.id, 9)).key("causecode").text(row.cause);
    to.key("campaign").text(name).key("direction").text(direction).key("carrier").text(company);
    to.key("linkedid").text(started);
    to.key("peeraccount").text_or_null(row.leg != nullptr, "Generated Agent ", number);
    to.key("sequence").integer(sequence);
    to.key("charged_balance")
        .null()
        .key("real_balance")
        .null()
        .key("note")
        .null()
        .key("contact")
        .null();
    to.key("finishtime").text(clock(call.end));
    to.key("rating").integer(call.satisfaction);
    to.key("dialerbase").text_or_null(call.outbound, "generated-list");
    to.key("parandvalues").text_or_null(call.outbound, "generated=1:customer=", call.customer + 1);
    to.key("alternatives").null().key("quality").integer(0).end_object();
  }
};

}  // namespace

void tell_ucontact(const Interaction& call, Telling& telling, Told& told) {
  if (call.first_group().chat) return;  // getrecords lists voice
  // A row is written when the call is over. The vendor does not document rows for calls among
  // colleagues or for outbound calls that are handed on.
  if (!call.ended() || call.internal || (call.outbound && call.legs.size() > 1)) return;
  Teller teller{call, telling};
  if (call.legs.empty()) teller.row(told.records.add(), row_of(call, nullptr), 0);
  for (std::uint32_t i = 0; i < call.legs.size(); ++i)
    teller.row(told.records.add(), row_of(call, &call.legs[i]), i);
}

}  // namespace generator
