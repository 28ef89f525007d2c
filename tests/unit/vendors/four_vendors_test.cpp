// The same day told by four vendors: one list of what happened in a contact centre is written in
// each vendor's form, read, and held against the list. What a vendor cannot know, or knows only
// coarsely, is listed here; any other difference fails, and so does a listed one that no longer
// occurs.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "facts_dump.hpp"
#include "generator/writers.hpp"
#include "reading/rows.hpp"

using namespace cdr;

namespace {

// ---- What happened

std::string_view outcome_of(const generator::Interaction& call) {
  using generator::Outcome;
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
  }
  return "";
}

std::string_view outcome_of(const generator::Leg& leg) {
  using generator::LegResult;
  if (leg.result == LegResult::answered) return "ANSWERED";
  return leg.result == LegResult::caller_gone ? "CANCELLED" : "NO_ANSWER";
}

std::string_view outcome_of(const generator::QueueVisit& visit) {
  using generator::VisitResult;
  switch (visit.result) {
    case VisitResult::answered:
      return "ANSWERED";
    case VisitResult::abandoned:
      return "ABANDONED_IN_QUEUE";
    case VisitResult::abandoned_ringing:
      return "ABANDONED_IN_RING";
    case VisitResult::timed_out:
      return "QUEUE_TIMEOUT";
  }
  return "";
}

generator::Time end_of(const generator::Leg& leg) {
  return leg.accepted != 0 ? leg.accepted : leg.left;
}

double seconds(generator::Time duration) {
  return static_cast<double>(duration) / 1000;
}

// ---- What the vendor's records say

struct Row {
  const Table* table;
  std::vector<std::string> cells;
  const std::string& operator[](std::string_view column) const {
    const int at = table->find(column);
    REQUIRE_MESSAGE(at >= 0, column);
    return cells[static_cast<std::size_t>(at)];
  }
  std::optional<double> number(std::string_view column) const {
    const std::string& text = (*this)[column];
    return text == "NULL" ? std::nullopt : std::optional(std::stod(text));
  }
};

std::vector<Row> rows_of(Model model, const std::string& records) {
  std::vector<Row> rows;
  for (const JsonTable& table : json_tables()) {
    if (table.model != model) continue;
    const auto stream =
        table.open(std::make_shared<const Source>(test::content(records)), RowQuery());
    while (stream->next()) {
      Row row{&table_of(model), {}};
      for (const Value& value : stream->row()) {
        std::string text = test::text_of(value);
        if (text.front() == '\'') text = text.substr(1, text.size() - 2);
        row.cells.push_back(text);
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

// ---- Comparing

class Comparison {
 public:
  explicit Comparison(std::string vendor) : vendor_(std::move(vendor)) {}

  void words(std::string_view what, std::string_view truth, std::string_view told) {
    if (truth != told)
      ++differences_[std::string(what) + ": " + std::string(truth) + " is told as " +
                     std::string(told)];
  }
  void numbers(std::string_view what, std::optional<double> truth, std::optional<double> told,
               double tolerance) {
    if (!truth && !told) return;
    if (truth && told && std::abs(*truth - *told) <= tolerance) return;
    ++differences_[std::string(what) + (!told    ? ": not told"
                                        : !truth ? ": told, and is not"
                                                 : ": differs")];
  }
  const std::string& vendor() const { return vendor_; }
  std::set<std::string> differences() const {
    std::set<std::string> all;
    for (const auto& [what, count] : differences_) all.insert(what);
    return all;
  }

 private:
  std::string vendor_;
  std::map<std::string, std::size_t> differences_;
};

void compare(const generator::Interaction& call, const std::string& records, Comparison& with) {
  // uContact has whole seconds, at both ends of every figure; Conpeek's instants have them.
  const double coarse = with.vendor() == "ucontact"  ? 2.001
                        : with.vendor() == "conpeek" ? 1.001
                                                     : 0.051;

  const auto interactions = rows_of(Model::interactions, records);
  REQUIRE(interactions.size() == 1);
  const Row& row = interactions.front();
  with.words("outcome", outcome_of(call), row["outcome"]);
  with.words("direction", call.outbound ? "OUTBOUND" : "INBOUND", row["direction"]);
  double active = 0;
  int handed_on = 0;
  std::set<std::uint32_t> agents;
  for (const generator::Leg& leg : call.legs) {
    agents.insert(leg.agent);
    if (leg.result == generator::LegResult::answered) active += seconds(leg.left - leg.connected);
    handed_on += leg.transferred;
  }
  with.numbers(
      "active_seconds", active > 0 ? std::optional(active) : std::nullopt,
      row.number("active_seconds"),
      with.vendor() == "ucontact" ? coarse * static_cast<double>(call.legs.size()) : 0.002);
  with.numbers("transfer_count", handed_on, row.number("transfer_count"), 0);
  with.numbers("agent_count", static_cast<double>(agents.size()), row.number("agent_count"), 0);

  const auto visits = rows_of(Model::queue_visits, records);
  with.numbers("visits", static_cast<double>(call.visits.size()),
               static_cast<double>(visits.size()), 0);
  for (std::size_t i = 0; i < std::min(visits.size(), call.visits.size()); ++i) {
    const generator::QueueVisit& visit = call.visits[i];
    const std::string of = i == 0 ? "first visit's " : "later visit's ";
    generator::Time rung = 0, end = visit.left;
    std::optional<double> speed;
    for (const generator::Leg& leg : call.legs) {
      if (leg.visit != i) continue;
      rung += end_of(leg) - leg.offered;
      end = std::max(end, end_of(leg));
      if (leg.accepted != 0) speed = seconds(leg.accepted - visit.entered);
    }
    with.words(of + "outcome", outcome_of(visit), visits[i]["outcome"]);
    with.words(of + "entry", i == 0 ? "NEW" : "TRANSFER", visits[i]["entry"]);
    with.numbers(of + "wait_seconds", seconds(end - visit.entered - rung),
                 visits[i].number("wait_seconds"), coarse);
    with.numbers(of + "ring_seconds", rung > 0 ? std::optional(seconds(rung)) : std::nullopt,
                 visits[i].number("ring_seconds"), coarse);
    with.numbers(of + "speed_of_answer_seconds", speed, visits[i].number("speed_of_answer_seconds"),
                 coarse);
  }

  // Going out nobody is asked: the agent dials, or reads the case and then dials.
  const auto offers = rows_of(Model::agent_offers, records);
  with.numbers("offers", call.outbound ? 0.0 : static_cast<double>(call.legs.size()),
               static_cast<double>(offers.size()), 0);
  for (std::size_t i = 0; i < std::min(offers.size(), call.legs.size()) && !call.outbound; ++i) {
    const generator::Leg& leg = call.legs[i];
    with.words("offer's outcome", outcome_of(leg), offers[i]["outcome"]);
    with.numbers("offer's ring_seconds", seconds(end_of(leg) - leg.offered),
                 offers[i].number("ring_seconds"), coarse);
    with.numbers("offer's visit_no", leg.visit + 1, offers[i].number("visit_no"), 0);
  }
}

std::string told_by(std::string_view vendor, const generator::Interaction& call,
                    generator::Telling& telling) {
  generator::Told told;
  for (const generator::Writer& writer : generator::writers())
    if (writer.vendor == vendor) writer.tell(call, telling, told);
  std::string text;
  for (const auto& record : told.records.all()) text.append(record.out).append("\n");
  return text;
}

}  // namespace

TEST_CASE("four vendors: the same days, and what each of them cannot say") {
  generator::Plan plan;
  plan.seed = 20240502;  // a listed difference must occur, so it is always the same day
  plan.interactions = 1500;
  plan.first_day = 20514 * generator::day;  // 2026-03-02
  const std::map<std::string, std::set<std::string>> expected{
      {"alibaba",
       {
           // A machine's greeting is a conversation like any other.
           "outcome: MACHINE is told as ANSWERED",
           "active_seconds: told, and is not",
           // It has no bots: who hangs up in its menu has abandoned it.
           "outcome: SELF_SERVICE is told as ABANDONED_IN_IVR",
       }},
      {"conpeek",
       {
           // Only the first queue is told of, and its figure runs until the agent who answered was
           // rung, other agents' ringing in vain included.
           "visits: differs",
           "first visit's wait_seconds: differs",
           "first visit's outcome: QUEUE_TIMEOUT is told as ABANDONED_IN_QUEUE",
           "outcome: QUEUE_TIMEOUT is told as ABANDONED_IN_QUEUE",
           "first visit's ring_seconds: differs",
           "first visit's speed_of_answer_seconds: differs",
           "first visit's speed_of_answer_seconds: not told",
           // A later agent belongs to a queue that is not told of.
           "offer's visit_no: not told",
           // There is no menu.
           "outcome: ABANDONED_IN_IVR is told as OTHER",
           // A transfer that nobody took does not show.
           "transfer_count: differs",
       }},
      {"mluvii",
       {
           // The generator's dialler has no result for a busy line.
           "outcome: BUSY is told as FAILED",
           "outcome: MACHINE is told as OTHER",
           // A campaign's session is assigned to an operator, who accepts it and then dials.
           "offers: differs",
       }},
      {"ucontact",
       {
           "outcome: MACHINE is told as ANSWERED",
           "active_seconds: told, and is not",
           // A row says that an agent was rung, and not whether still at the end; who gave up, the
           // caller or the queue, it does not say either.
           "outcome: ABANDONED_IN_QUEUE is told as ABANDONED_IN_RING",
           "outcome: QUEUE_TIMEOUT is told as ABANDONED_IN_QUEUE",
           "first visit's outcome: ABANDONED_IN_QUEUE is told as ABANDONED_IN_RING",
           "first visit's outcome: QUEUE_TIMEOUT is told as ABANDONED_IN_QUEUE",
           // There is no menu, and no bot.
           "outcome: ABANDONED_IN_IVR is told as NO_ANSWER",
           "outcome: SELF_SERVICE is told as NO_ANSWER",
           // Waits run from the arrival to the answer, ringing and the menu included.
           "first visit's ring_seconds: not told",
           "later visit's ring_seconds: not told",
           "first visit's speed_of_answer_seconds: differs",
           "later visit's speed_of_answer_seconds: differs",
           // Going back to a queue is no second visit.
           "offer's visit_no: differs",
           "first visit's wait_seconds: differs",
           "later visit's wait_seconds: differs",
           // A visit without an agent's row, and a transfer that nobody took, do not show.
           "visits: differs",
           "transfer_count: differs",
       }}};
  for (const auto& [vendor, differences] : expected) {
    CAPTURE(vendor);
    generator::ContactCenter center(plan);
    generator::Telling telling;
    telling.seed = plan.seed;
    telling.agents = center.agents();
    Comparison comparison(vendor);
    generator::Interaction call;
    while (center.next(call)) {
      const std::string records = told_by(vendor, call, telling);
      if (records.empty()) continue;  // uContact lists no chats
      CAPTURE(records);
      compare(call, records, comparison);
    }
    const auto found = comparison.differences();
    for (const std::string& each : found) CHECK_MESSAGE(differences.contains(each), each);
    for (const std::string& each : differences)
      CHECK_MESSAGE(found.contains(each), "no longer: " << each);
  }
}
