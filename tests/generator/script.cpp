#include "script.hpp"

#include <algorithm>
#include <array>

namespace generator {
namespace {

constexpr std::uint32_t agents_of_a_call = 6;

// Indices of groups().
constexpr std::uint32_t orders = 0, invoices = 1, complaints = 2, chat_desk = 4, sales = 6,
                        retention = 8;

// 2026-03-04, an ordinary Wednesday; midnights of UTC and of Central Europe; 2026-03-29 and
// 2026-10-25, when Europe's clocks change at 01:00 UTC.
constexpr Time ordinary_day = 20516 * day;
constexpr Time spring_day = 20541 * day;
constexpr Time autumn_day = 20751 * day;
constexpr std::array<Time, 8> beginnings{
    ordinary_day + 10 * hour,
    ordinary_day + 23 * hour + 57 * minute,
    ordinary_day + 22 * hour + 57 * minute,
    spring_day + 57 * minute,
    autumn_day - 3 * minute,          // into the hour that comes twice
    autumn_day + 20 * minute,         // inside it, the first time
    autumn_day + 57 * minute,         // from the first into the second
    autumn_day + hour + 20 * minute,  // inside it, the second time
};

// Builds one call from its beginning; `now` is the current time in the call.
struct Teller {
  Interaction& call;
  Random& random;
  std::uint32_t next_agent;
  Time now;

  Time between(Time least, Time most) { return random.between(least, most); }
  void pass(Time least, Time most) { now += between(least, most); }

  void menu() {
    pass(3 * second, 40 * second);
    call.ivr_end = now;
  }
  void enter(std::uint32_t group) {
    call.visits.push_back({group, now, 0, VisitResult::open});
    pass(2 * second, 50 * second);
  }
  void leave(VisitResult result) {
    call.visits.back().left = now;
    call.visits.back().result = result;
  }
  // The queue makes another agent's telephone ring.
  Leg& ring() {
    Leg leg{};
    leg.agent = next_agent++;
    leg.visit = static_cast<std::uint32_t>(call.visits.size() - 1);
    leg.group = call.visits.empty() ? call.group : call.visits.back().group;
    leg.offered = now;
    leg.result = LegResult::ringing;
    call.legs.push_back(leg);
    call.visits.back().left = now;
    return call.legs.back();
  }
  void stop_ringing(Leg& leg, LegResult result) {
    leg.result = result;
    leg.left = leg.concluded = now;
  }
  void in_vain(LegResult result, Time least, Time most) {
    Leg& leg = ring();
    pass(least, most);
    stop_ringing(leg, result);
    pass(1 * second, 15 * second);  // back in the queue
  }
  void answer(Leg& leg) {
    pass(3 * second, 20 * second);
    leg.accepted = leg.connected = now;
    leg.result = LegResult::answered;
    if (leg.visit != no_visit) call.visits[leg.visit].result = VisitResult::answered;
  }
  void talk() { pass(20 * second, 200 * second); }
  void hold(Leg& leg) {
    leg.held_from = now;
    leg.hold = between(5 * second, 40 * second);
    now += leg.hold;
    talk();
  }
  void hang_up(Leg& leg) {
    leg.left = now;
    leg.concluded = now + between(1 * second, 60 * second);
  }
  // The agent of legs[by] makes a colleague's telephone ring.
  Leg& ring_colleague(Way way, std::uint32_t by) {
    Leg leg{};
    leg.agent = next_agent++;
    leg.visit = no_visit;
    leg.group = complaints;
    leg.offered = now;
    leg.way = way;
    leg.asked_by = by;
    call.legs.push_back(leg);
    return call.legs.back();
  }
  void meet(Leg& leg) {  // the colleague answers
    pass(3 * second, 20 * second);
    leg.accepted = now;
    leg.result = LegResult::answered;
  }
  void listen(Listening kind, Time from, Time joined, Time to) {
    call.listeners.push_back({next_agent++, kind, from, joined, to});
  }
  void end(Outcome outcome) {
    call.outcome = outcome;
    call.end = now;
  }

  // The usual beginning.
  Leg& answered_by_queue(std::uint32_t group = orders) {
    call.group = group;
    menu();
    enter(group);
    Leg& leg = ring();
    answer(leg);
    talk();
    return leg;
  }
  void dial(std::uint32_t group, Outcome outcome) {
    call.outbound = true;
    call.group = group;
    Leg leg{};
    leg.agent = next_agent++;
    leg.visit = 0;
    leg.group = group;
    leg.offered = now;
    pass(500, 2 * second);
    leg.accepted = now;
    now += 200;
    call.dial = now;
    pass(1500, 4 * second);
    const bool busy = outcome == Outcome::busy;
    if (!busy) call.ring = now;
    if (!busy) pass(3 * second, 20 * second);
    if (outcome == Outcome::no_answer) pass(10 * second, 20 * second);
    leg.result = LegResult::customer_unreached;
    if (outcome == Outcome::answered || outcome == Outcome::machine) call.customer_answer = now;
    if (outcome == Outcome::answered) {
      leg.connected = now;
      leg.result = LegResult::answered;
      talk();
    }
    if (outcome == Outcome::machine) pass(2 * second, 6 * second);
    hang_up(leg);
    call.legs.push_back(leg);
    end(outcome);
  }
};

// ---- The calls

struct Kind {
  std::string_view name;
  void (*tell)(Teller& t);
};

constexpr Kind kinds[] = {
    {"answered",
     [](Teller& t) {
       Leg& leg = t.answered_by_queue();
       t.hold(leg);
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"abandoned in the menu",
     [](Teller& t) {
       t.menu();
       t.end(Outcome::abandoned_in_ivr);
     }},
    {"abandoned in the queue",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.leave(VisitResult::abandoned);
       t.end(Outcome::abandoned_in_queue);
     }},
    {"abandoned while ringing",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       Leg& leg = t.ring();
       t.pass(3 * second, 20 * second);
       t.stop_ringing(leg, LegResult::caller_gone);
       t.call.visits.back().result = VisitResult::abandoned_ringing;
       t.end(Outcome::abandoned_in_ring);
     }},
    {"ring-all",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       Leg& first = t.ring();
       Leg& second_one = t.ring();
       Leg& third = t.ring();
       t.answer(second_one);
       t.stop_ringing(first, LegResult::colleague_faster);
       t.stop_ringing(third, LegResult::colleague_faster);
       t.talk();
       t.hang_up(second_one);
       t.end(Outcome::answered);
     }},
    {"ring-all, abandoned",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       Leg& first = t.ring();
       Leg& second_one = t.ring();
       t.pass(4 * second, 20 * second);
       t.stop_ringing(first, LegResult::caller_gone);
       t.stop_ringing(second_one, LegResult::caller_gone);
       t.call.visits.back().result = VisitResult::abandoned_ringing;
       t.end(Outcome::abandoned_in_ring);
     }},
    {"offered again",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.in_vain(LegResult::no_answer, 25 * second, 25 * second);
       t.in_vain(LegResult::no_answer, 25 * second, 25 * second);
       Leg& leg = t.ring();
       t.answer(leg);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"rejected by an agent, offered again",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.in_vain(LegResult::rejected, 2 * second, 8 * second);
       Leg& leg = t.ring();
       t.answer(leg);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"offered again, abandoned",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.in_vain(LegResult::no_answer, 25 * second, 25 * second);
       t.leave(VisitResult::abandoned);
       t.end(Outcome::abandoned_in_queue);
     }},
    {"queue gives up",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.leave(VisitResult::timed_out);
       t.end(Outcome::queue_timeout);
     }},
    {"voicemail",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.leave(VisitResult::timed_out);
       t.call.message = t.now;
       t.pass(10 * second, 40 * second);
       t.end(Outcome::voicemail);
     }},
    {"blind transfer to a queue",
     [](Teller& t) {
       Leg& first = t.answered_by_queue();
       first.transferred = true;
       t.hang_up(first);
       t.enter(complaints);
       Leg& leg = t.ring();
       t.answer(leg);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"blind transfer to a queue, abandoned there",
     [](Teller& t) {
       Leg& first = t.answered_by_queue();
       first.transferred = true;
       t.hang_up(first);
       t.enter(complaints);
       t.leave(VisitResult::abandoned);
       t.end(Outcome::answered);
     }},
    {"blind transfer to a colleague",
     [](Teller& t) {
       Leg& first = t.answered_by_queue();
       first.transferred = true;
       t.hang_up(first);
       Leg& leg = t.ring_colleague(Way::blind_transfer, 0);
       t.answer(leg);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"consultation",
     [](Teller& t) {
       Leg& first = t.answered_by_queue();
       first.held_from = t.now;
       Leg& asked = t.ring_colleague(Way::consultation, 0);
       t.meet(asked);
       t.talk();
       t.hang_up(asked);
       first.hold = t.now - first.held_from;
       t.talk();
       t.hang_up(first);
       t.end(Outcome::answered);
     }},
    {"consultation that nobody takes",
     [](Teller& t) {
       Leg& first = t.answered_by_queue();
       first.held_from = t.now;
       Leg& asked = t.ring_colleague(Way::consultation, 0);
       t.pass(20 * second, 30 * second);
       t.stop_ringing(asked, LegResult::no_answer);
       first.hold = t.now - first.held_from;
       t.talk();
       t.hang_up(first);
       t.end(Outcome::answered);
     }},
    {"consult transfer",
     [](Teller& t) {
       Leg& first = t.answered_by_queue();
       first.held_from = t.now;
       Leg& asked = t.ring_colleague(Way::consult_transfer, 0);
       t.meet(asked);
       t.talk();
       first.hold = t.now - first.held_from;
       first.transferred = true;
       t.hang_up(first);
       asked.connected = t.now;
       t.talk();
       t.hang_up(asked);
       t.end(Outcome::answered);
     }},
    {"conference",
     [](Teller& t) {
       Leg& first = t.answered_by_queue();
       Leg& asked = t.ring_colleague(Way::conference, 0);
       t.meet(asked);
       asked.connected = t.now;
       t.talk();
       t.hang_up(asked);
       t.hang_up(first);
       t.end(Outcome::answered);
     }},
    {"monitored",
     [](Teller& t) {
       Leg& leg = t.answered_by_queue();
       const Time from = t.now;
       t.talk();
       t.listen(Listening::monitoring, from, 0, t.now);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"coached",
     [](Teller& t) {
       Leg& leg = t.answered_by_queue();
       const Time from = t.now;
       t.talk();
       t.listen(Listening::coaching, from, 0, t.now);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"supervisor joins in",
     [](Teller& t) {
       Leg& leg = t.answered_by_queue();
       const Time from = t.now;
       t.pass(5 * second, 20 * second);
       const Time joined = t.now;
       t.talk();
       t.listen(Listening::barging, from, joined, t.now);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"supervisor takes over",
     [](Teller& t) {
       Leg& leg = t.answered_by_queue();
       const Time from = t.now;
       t.pass(5 * second, 20 * second);
       const Time joined = t.now;
       t.hang_up(leg);
       t.talk();
       t.listen(Listening::intercepting, from, joined, t.now);
       t.end(Outcome::answered);
     }},
    {"bot, then an agent",
     [](Teller& t) {
       Leg& leg = t.answered_by_queue(invoices);
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"bot, then abandoned in the queue",
     [](Teller& t) {
       t.call.group = invoices;
       t.menu();
       t.enter(invoices);
       t.leave(VisitResult::abandoned);
       t.end(Outcome::abandoned_in_queue);
     }},
    {"bot until the end",
     [](Teller& t) {
       t.call.group = invoices;
       t.menu();
       t.end(Outcome::self_service);
     }},
    {"chat",
     [](Teller& t) {
       Leg& leg = t.answered_by_queue(chat_desk);
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"chat, abandoned in the queue",
     [](Teller& t) {
       t.call.group = chat_desk;
       t.menu();
       t.enter(chat_desk);
       t.leave(VisitResult::abandoned);
       t.end(Outcome::abandoned_in_queue);
     }},
    {"outbound", [](Teller& t) { t.dial(sales, Outcome::answered); }},
    {"outbound, preview", [](Teller& t) { t.dial(retention, Outcome::answered); }},
    {"outbound, no answer", [](Teller& t) { t.dial(sales, Outcome::no_answer); }},
    {"outbound, the agent gives up",
     [](Teller& t) {
       t.call.given_up = true;
       t.dial(sales, Outcome::no_answer);
     }},
    {"outbound, blind transfer to a colleague",
     [](Teller& t) {
       t.dial(sales, Outcome::answered);
       t.call.legs.front().transferred = true;
       Leg& leg = t.ring_colleague(Way::blind_transfer, 0);
       t.answer(leg);
       t.talk();
       t.hang_up(leg);
       t.end(Outcome::answered);
     }},
    {"outbound, busy", [](Teller& t) { t.dial(sales, Outcome::busy); }},
    {"outbound, rejected", [](Teller& t) { t.dial(sales, Outcome::rejected); }},
    {"outbound, machine", [](Teller& t) { t.dial(sales, Outcome::machine); }},
    {"callback",
     [](Teller& t) {
       t.call.callback = true;
       t.dial(sales, Outcome::answered);
     }},
    {"callback, no answer",
     [](Teller& t) {
       t.call.callback = true;
       t.dial(sales, Outcome::no_answer);
     }},
    {"internal",
     [](Teller& t) {
       t.call.internal = true;
       Leg& caller = t.ring_colleague(Way::queue, 0);
       t.pass(500, 2 * second);
       caller.accepted = t.now;
       Leg& callee = t.ring_colleague(Way::queue, 0);
       t.answer(callee);
       caller.connected = t.now;
       caller.result = LegResult::answered;
       t.talk();
       t.hang_up(callee);
       t.hang_up(caller);
       t.end(Outcome::answered);
     }},
    {"internal, no answer",
     [](Teller& t) {
       t.call.internal = true;
       Leg& caller = t.ring_colleague(Way::queue, 0);
       t.pass(500, 2 * second);
       caller.accepted = t.now;
       caller.result = LegResult::customer_unreached;
       Leg& callee = t.ring_colleague(Way::queue, 0);
       t.pass(25 * second, 40 * second);
       t.stop_ringing(callee, LegResult::no_answer);
       t.stop_ringing(caller, LegResult::customer_unreached);
       t.end(Outcome::no_answer);
     }},
    {"open, in the queue",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.call.outcome = Outcome::open;
     }},
    {"open, ringing",
     [](Teller& t) {
       t.menu();
       t.enter(orders);
       t.ring();
       t.call.outcome = Outcome::open;
     }},
    {"open, in conversation",
     [](Teller& t) {
       t.answered_by_queue();
       t.call.outcome = Outcome::answered;
     }},
};

}  // namespace

Script::Script(const Plan& plan) : plan_(plan) {
  for (std::uint32_t i = 0; i < plan.interactions * agents_of_a_call; ++i)
    agents_.push_back({i + 1, 0, 0, 0});
}

bool Script::next(Interaction& call) {
  if (made_ == plan_.interactions) return false;
  const Kind& kind = kinds[made_ % std::size(kinds)];
  const auto round = made_ / std::size(kinds);
  // Seeded by the call and not by earlier calls, so that an additional kind changes no other call.
  Random random(hash(plan_.seed, plan_.first_id + made_));
  call = Interaction{};
  call.legs.reserve(agents_of_a_call);  // tellers hold references to them
  call.script = kind.name;
  call.id = plan_.first_id + made_;
  call.customer = plan_.first_id - 1 + made_;
  call.start = beginnings[round % beginnings.size()] + random.between(0, 2 * minute);
  call.released_by_agent = random.chance(380);
  Teller teller{call, random, static_cast<std::uint32_t>(made_ * agents_of_a_call), call.start};
  kind.tell(teller);
  ++made_;
  return true;
}

}  // namespace generator
