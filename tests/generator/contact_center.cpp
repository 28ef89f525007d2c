#include "contact_center.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace generator {
namespace {

// Shares follow Pareto's rule: few groups take most of the calls.
constexpr std::array all_groups{
    Group{11, "Generated Orders", "pl", 380, false, false, false, false},
    Group{12, "Generated Invoices", "pl", 230, false, true, false, false},
    Group{13, "Generated Complaints", "pl", 150, false, false, false, false},
    Group{14, "Generated Technical support", "en", 110, false, true, false, false},
    Group{15, "Generated Chat desk", "pl", 80, false, true, true, false},
    Group{16, "Generated Premium", "en", 50, false, false, false, false},
    Group{21, "Generated Sales campaign", "pl", 600, true, false, false, false},
    Group{22, "Generated Reminders", "pl", 270, true, true, false, false},
    Group{23, "Generated Retention", "en", 130, true, false, false, true},
};
constexpr std::uint32_t inbound_groups = 6;

// Arrivals by hour, UTC: one peak before noon, one in the afternoon.
constexpr std::array<std::uint32_t, 24> by_hour{6,  4,   3,   3,  4,  10, 34, 72, 104, 118, 112, 92,
                                                86, 104, 110, 96, 74, 54, 42, 32, 24,  18,  12,  8};
// Monday to Sunday.
constexpr std::array<std::uint32_t, 7> by_weekday{115, 105, 100, 98, 92, 40, 22};
constexpr std::uint32_t busiest_weekday = 115;
constexpr std::uint32_t calls_out_from = 7, calls_out_to = 19;
constexpr std::uint64_t slots_per_hour = 4;
constexpr std::uint64_t slots_per_day = 24 * slots_per_hour;
constexpr Time slot_length = day / slots_per_day;

constexpr Time shift_length = 8 * hour;
constexpr Time longest_queue = 10 * minute;  // then the queue gives up

std::uint64_t weight_by_day() {
  std::uint64_t sum = 0;
  for (const auto weight : by_hour) sum += weight;
  return sum;
}
std::uint32_t weekday_weight(std::int64_t day_number) {
  // 1970-01-01 was a Thursday.
  return by_weekday[static_cast<std::size_t>(((day_number + 3) % 7 + 7) % 7)];
}
std::int64_t day_number_of(Time at) {
  return at >= 0 ? at / day : (at - day + 1) / day;
}

Time milliseconds(double seconds, double least, double most) {
  return static_cast<Time>(std::clamp(seconds, least, most) * 1000);
}

}  // namespace

std::span<const Group> groups() {
  return all_groups;
}

Time Interaction::conversation() const {
  std::vector<std::pair<Time, Time>> spans;
  for (const Leg& leg : legs)
    if (leg.connected != 0 && leg.left != 0) spans.emplace_back(leg.connected, leg.left);
  for (const Listener& each : listeners)
    if (each.joined != 0) spans.emplace_back(each.joined, each.to);
  std::sort(spans.begin(), spans.end());
  Time sum = 0, covered = 0;
  for (const auto& [from, to] : spans) {
    sum += std::max(to, covered) - std::max(from, covered);
    covered = std::max(covered, to);
  }
  return sum;
}

ContactCenter::ContactCenter(const Plan& plan) : plan_(plan), random_(hash(plan.seed)) {
  const std::int64_t first = day_number_of(plan_.first_day);
  for (std::uint32_t i = 0; i < plan_.days; ++i)
    total_weight_ += weekday_weight(first + i) * weight_by_day() * slots_per_hour;
  std::uint64_t daytime = 0;
  for (std::uint32_t h = calls_out_from; h < calls_out_to; ++h) daytime += by_hour[h];
  outbound_permille_by_day_ = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(1000, weight_by_day() * plan_.outbound_percent * 10 / daytime));
  at_ = plan_.first_day;
  slot_ = ~std::uint64_t{0};
  hire();
}

// Enough agents for each hour's load, by the square-root rule with little reserve: callers wait,
// but most not for long.
void ContactCenter::hire() {
  free_.resize(all_groups.size());
  const double busiest_day = static_cast<double>(plan_.interactions) * busiest_weekday *
                             static_cast<double>(weight_by_day()) * slots_per_hour /
                             static_cast<double>(total_weight_);
  for (std::uint32_t group = 0; group < all_groups.size(); ++group) {
    const Group& each = all_groups[group];
    const double share = each.share / 1000.0 *
                         (each.outbound ? plan_.outbound_percent : 100 - plan_.outbound_percent) /
                         100.0;
    const double handling_hours = (each.outbound ? 170.0 : 315.0) / 3600;
    std::array<std::uint32_t, 48> on_duty{};
    for (std::uint32_t h = 0; h < 24; ++h) {
      const double load =
          busiest_day * share * by_hour[h] / static_cast<double>(weight_by_day()) * handling_hours;
      auto needed = static_cast<std::uint32_t>(load + 0.6 * std::sqrt(load) + 1);
      if (each.outbound && (h < calls_out_from || h >= calls_out_to)) needed = 0;
      while (on_duty[h] + on_duty[h + 24] < needed) {
        for (std::uint32_t i = 0; i < shift_length / hour; ++i) ++on_duty[h + i];
        const auto number = static_cast<std::uint32_t>(agents_.size() + 1);
        agents_.push_back({number, group, h, static_cast<std::uint32_t>(hash(number) % 1000)});
      }
    }
  }
  const std::int64_t first = day_number_of(plan_.first_day);
  // The first agent of a group always works, so that no queue is without anyone for days.
  for (std::uint32_t i = 0; i < agents_.size(); ++i)
    if (i == 0 || agents_[i].group != agents_[i - 1].group) agents_[i].rank = 0;
  for (std::uint32_t i = 0; i < agents_.size(); ++i)
    free_[agents_[i].group].emplace(shift_on(agents_[i], first - 1).from, i);
}

bool ContactCenter::works_on(const Agent& agent, std::int64_t day_number) const {
  return agent.rank * busiest_weekday < weekday_weight(day_number) * 1000;
}

ContactCenter::Shift ContactCenter::shift_on(const Agent& agent, std::int64_t day_number) const {
  // Agents log in a little late.
  const auto late = static_cast<Time>(hash(agent.number, static_cast<std::uint64_t>(day_number)) %
                                      static_cast<std::uint64_t>(4 * minute));
  const Time from = day_number * day + agent.start_hour * hour + late;
  return {from, from + shift_length};
}

void ContactCenter::change(std::uint32_t agent, AgentState state, Time time) {
  if (changes_ != nullptr) changes_->push_back({agent, state, time});
}

Time ContactCenter::at_work(Agent& agent, Time at) {
  for (std::int64_t number = day_number_of(at) - 1;; ++number) {
    if (!works_on(agent, number)) continue;
    const Shift shift = shift_on(agent, number);
    if (at >= shift.to) continue;
    const Time from = std::max(at, shift.from);
    constexpr Time break_after = 4 * hour;
    constexpr Time break_length = 30 * minute;
    if (from < shift.from + break_after || agent.break_shift == shift.from) return from;
    agent.break_shift = shift.from;
    // An agent without work in this shift so far had the break then.
    if (agent.online_shift != shift.from) return from;
    change(agent.number - 1, AgentState::on_break, from);
    change(agent.number - 1, AgentState::online, from + break_length);
    return from + break_length;
  }
}

ContactCenter::FreeAgent ContactCenter::take(std::uint32_t group, Time at) {
  FreeAgents& free = free_[group];
  while (true) {
    const auto [since, index] = free.top();
    free.pop();
    Agent& agent = agents_[index];
    const Time from = at_work(agent, std::max(since, at));
    // An agent who becomes free later goes back in line, so that the first free one is found.
    if (!free.empty() && from > std::max(at, free.top().first)) {
      free.emplace(from, index);
      continue;
    }
    const std::int64_t today = day_number_of(from);
    const Shift shift =
        from >= shift_on(agent, today).from ? shift_on(agent, today) : shift_on(agent, today - 1);
    if (agent.online_shift != shift.from) {
      if (agent.online_shift >= 0)
        change(index, AgentState::offline,
               std::max(agent.busy_until, agent.online_shift + shift_length));
      change(index, AgentState::online, shift.from);
      agent.online_shift = shift.from;
    }
    return {from, index};
  }
}

void ContactCenter::give_back(std::uint32_t agent, Time free_from) {
  agents_[agent].busy_until = free_from;
  free_[agents_[agent].group].emplace(free_from, agent);
}

bool ContactCenter::next_arrival(Time& at) {
  while (left_in_slot_ == 0) {
    ++slot_;
    if (slot_ >= slots_per_day * plan_.days) return false;
    const std::int64_t day_number =
        day_number_of(plan_.first_day) + static_cast<std::int64_t>(slot_ / slots_per_day);
    // The rounding remainder is carried over, so that exactly the planned number arrives.
    carried_ += plan_.interactions * weekday_weight(day_number) *
                by_hour[slot_ % slots_per_day / slots_per_hour];
    left_in_slot_ = carried_ / total_weight_;
    carried_ %= total_weight_;
    at_ = plan_.first_day + static_cast<Time>(slot_) * slot_length;
  }
  // The earliest of k uniform instants in the rest of the slot: a Poisson process in order, without
  // a list.
  const Time end = plan_.first_day + static_cast<Time>(slot_ + 1) * slot_length;
  const double part =
      1 - exponential_of(logarithm_of(random_.uniform()) / static_cast<double>(left_in_slot_));
  at_ += static_cast<Time>(static_cast<double>(end - at_) * part);
  --left_in_slot_;
  at = at_;
  return true;
}

std::uint64_t ContactCenter::choose_customer() {
  constexpr std::size_t remembered = 512;
  if (!recent_customers_.empty() && random_.chance(50))
    return recent_customers_[random_.below(static_cast<std::uint32_t>(recent_customers_.size()))];
  const std::uint64_t customer = plan_.first_id - 1 + customers_++;
  if (recent_customers_.size() < remembered)
    recent_customers_.push_back(customer);
  else
    recent_customers_[random_.below(remembered)] = customer;
  return customer;
}

std::uint32_t ContactCenter::choose_group(bool outbound) {
  std::uint32_t at = random_.below(1000);
  std::uint32_t group = outbound ? inbound_groups : 0;
  while (at >= all_groups[group].share) at -= all_groups[group++].share;
  return group;
}

bool ContactCenter::next(Interaction& call) {
  Time at = 0;
  if (!next_arrival(at)) return false;
  call.visits.clear();
  call.legs.clear();
  call.changes.clear();
  changes_ = &call.changes;
  call.id = plan_.first_id + made_++;
  call.start = at;
  call.ivr_end = call.dial = call.ring = call.customer_answer = 0;
  const auto hour_of_day = static_cast<std::uint32_t>((at - day_number_of(at) * day) / hour);
  call.outbound = hour_of_day >= calls_out_from && hour_of_day < calls_out_to &&
                  random_.chance(outbound_permille_by_day_);
  call.customer = choose_customer();
  call.group = choose_group(call.outbound);
  call.released_by_agent = random_.chance(380);
  if (call.outbound && !outbound(call)) {
    call.outbound = false;
    call.group = choose_group(false);
  }
  if (!call.outbound) inbound(call);
  call.satisfaction_asked = call.answered() && !call.outbound && random_.chance(600);
  call.satisfaction = 0;
  if (call.satisfaction_asked && random_.chance(350)) {
    constexpr std::array<std::uint32_t, 10> ratings{5, 5, 5, 5, 4, 4, 4, 3, 2, 1};
    call.satisfaction = ratings[random_.below(ratings.size())];
  }
  return true;
}

// Fills the talking part of an accepted leg and frees the agent.
void ContactCenter::converse(Interaction& call, Leg& leg) {
  const Time talk = milliseconds(random_.log_normal(190, 0.75), 4, 7200);
  leg.left = leg.connected + talk;
  leg.hold = 0;
  if (talk > minute && random_.chance(200))
    leg.hold = std::min(talk / 2, milliseconds(random_.log_normal(25, 0.7), 5, 300));
  leg.concluded = leg.left;
  if (!random_.chance(100)) leg.concluded += milliseconds(random_.log_normal(32, 0.8), 1, 900);
  change(leg.agent, AgentState::on_call, leg.accepted);
  change(leg.agent, AgentState::after_call, leg.left);
  change(leg.agent, AgentState::online, leg.concluded);
  give_back(leg.agent, leg.concluded);
  call.end = std::max(call.end, leg.left);
}

bool ContactCenter::queue(Interaction& call, std::uint32_t group, Time entered) {
  const auto visit = static_cast<std::uint32_t>(call.visits.size());
  call.visits.push_back({group, entered, entered, VisitResult::abandoned});
  // Some callers hang up at once; the patience of the others is exponential. Beyond its own limit
  // the queue gives up.
  const Time patience = random_.chance(20) ? milliseconds(random_.exponential(2.5), 0.4, 5)
                                           : milliseconds(random_.exponential(300), 5, 7200);
  const bool queue_gives_up = patience > longest_queue;
  const Time gone = entered + std::min(patience, longest_queue);
  Time ready = entered;
  while (true) {
    const auto [free_from, agent] = take(group, ready);
    // Routing takes a moment even if an agent is idle.
    const Time offered = std::max(ready, free_from) + random_.between(300, 2200);
    if (offered >= gone) {
      give_back(agent, free_from);
      call.visits[visit].left = call.end = std::max(gone, ready);  // not while a telephone rings
      call.visits[visit].result = queue_gives_up ? VisitResult::timed_out : VisitResult::abandoned;
      call.outcome = queue_gives_up ? Outcome::queue_timeout : Outcome::abandoned_in_queue;
      return false;
    }
    Leg leg{};
    leg.agent = agent;
    leg.visit = visit;
    leg.offered = offered;
    const bool no_answer = random_.chance(60);
    leg.left =
        offered + (no_answer ? 25 * second : milliseconds(3 + random_.exponential(4.5), 3, 24));
    call.visits[visit].left = offered;
    if (leg.left >= gone && !queue_gives_up) {
      leg.left = leg.concluded = gone;
      leg.result = LegResult::caller_gone;
      give_back(agent, gone + second);
      call.legs.push_back(leg);
      call.visits[visit].result = VisitResult::abandoned_ringing;
      call.outcome = Outcome::abandoned_in_ring;
      call.end = gone;
      return false;
    }
    if (no_answer) {
      leg.concluded = leg.left;
      leg.result = LegResult::no_answer;
      ready = leg.left;
      give_back(agent, leg.left + minute);
      call.legs.push_back(leg);
      continue;
    }
    leg.accepted = leg.connected = leg.left;
    leg.result = LegResult::answered;
    call.visits[visit].result = VisitResult::answered;
    converse(call, leg);
    call.legs.push_back(leg);
    return true;
  }
}

void ContactCenter::inbound(Interaction& call) {
  const Time menu = milliseconds(random_.log_normal(24, 0.6), 2, 300);
  call.end = call.ivr_end = call.start + menu;
  call.outcome = Outcome::abandoned_in_ivr;
  if (random_.chance(30)) return;
  if (!queue(call, call.group, call.ivr_end)) return;
  call.outcome = Outcome::answered;
  // About one call in twelve is handed on, and a few of these once more. An answered call stays
  // answered even if its second part is not.
  std::uint32_t permille = 83;
  while (random_.chance(permille) && call.legs.size() < 6) {
    call.legs.back().transferred = true;
    std::uint32_t target = choose_group(false);
    if (target == call.visits.back().group) target = (target + 1) % inbound_groups;
    const Time from = call.legs.back().left;
    const auto before = call.legs.size();
    const bool taken = queue(call, target, from);
    call.outcome = Outcome::answered;
    if (!taken) break;
    if (random_.chance(200))
      for (auto i = before; i < call.legs.size(); ++i) call.legs[i].internal = true;
    permille = 60;
  }
}

bool ContactCenter::outbound(Interaction& call) {
  const auto [free_from, agent] = take(call.group, call.start);
  if (free_from > call.start + 15 * minute) {
    give_back(agent, free_from);
    return false;
  }
  Leg leg{};
  leg.agent = agent;
  call.start = std::max(call.start, free_from);
  leg.offered = call.start;
  leg.accepted = leg.offered + random_.between(400, 2500);
  const bool preview = all_groups[call.group].preview;
  call.dial = leg.accepted + (preview ? milliseconds(random_.log_normal(18, 0.6), 2, 180) : 200);
  const Time setup = random_.between(1200, 4200);
  const Time rings = milliseconds(3 + random_.exponential(7), 3, 25);

  struct Result {
    Outcome outcome;
    std::uint32_t permille;
  };
  constexpr std::array<Result, 5> results{{{Outcome::answered, 350},
                                           {Outcome::no_answer, 350},
                                           {Outcome::busy, 110},
                                           {Outcome::rejected, 100},
                                           {Outcome::machine, 90}}};
  std::uint32_t at = random_.below(1000);
  std::size_t result = 0;
  while (at >= results[result].permille) at -= results[result++].permille;
  call.outcome = results[result].outcome;

  leg.result = LegResult::customer_unreached;
  switch (call.outcome) {
    case Outcome::answered:
      call.ring = call.dial + setup;
      call.customer_answer = leg.connected = call.ring + rings;
      leg.result = LegResult::answered;
      converse(call, leg);
      call.end = leg.left;
      break;
    case Outcome::machine:  // recognised after a few seconds of its greeting
      call.ring = call.dial + setup;
      call.customer_answer = call.ring + rings;
      call.end = call.customer_answer + random_.between(1500, 6000);
      break;
    case Outcome::no_answer:
      call.ring = call.dial + setup;
      call.end = call.ring + random_.between(25, 45) * second;
      break;
    case Outcome::rejected:
      call.ring = call.dial + setup;
      call.end = call.ring + rings / 2;
      break;
    default:  // busy: no ring
      call.end = call.dial + setup;
  }
  if (leg.result != LegResult::answered) {
    leg.left = call.end;
    leg.concluded = leg.left + milliseconds(random_.log_normal(7, 0.5), 1, 60);
    change(agent, AgentState::before_call, leg.accepted);
    change(agent, AgentState::after_call, leg.left);
    change(agent, AgentState::online, leg.concluded);
    give_back(agent, leg.concluded);
  }
  call.legs.push_back(leg);
  return true;
}

}  // namespace generator
