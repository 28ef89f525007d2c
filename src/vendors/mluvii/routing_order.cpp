#include "vendors/mluvii/routing_order.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>

namespace cdr::mluvii_api {
namespace {

bool comes_before(const Step& a, const Step& b) {
  if (a.time != b.time) return by_time(&Step::time)(a, b);
  const auto rest = [](const Step& step) {
    return std::tie(step.order, step.activity, step.request_id, step.group_id,
                    step.operator_.user_id, step.phone_number, step.word, step.forwarded_by.user_id,
                    step.invited_by.user_id);
  };
  return rest(a) < rest(b);
}

// An entry that hands the session on: to whom it is handed comes after it.
bool hands_on(const Step& step) {
  switch (step.activity) {
    case Activity::invited_group:
    case Activity::invited_user:
    case Activity::forwarded_to_group:
    case Activity::forwarded_to_user:
      return true;
    default:
      return false;
  }
}

bool ends_stay(const Step& step) {
  return step.activity == Activity::left_group_queue ||
         step.activity == Activity::group_queue_timeout_expired;
}

// "" names any.
bool agree(std::string_view a, std::string_view b) {
  return a.empty() || b.empty() || a == b;
}

// One routing request, as far as its entries have been put in order.
class Request {
 public:
  // Puts the entries of one instant in order.
  void order(std::span<Step> entries);

 private:
  // Which of the entries that are left comes next: the one in the lowest place.
  enum class Place : std::uint8_t {
    created,
    timed_out,  // an operator who was asked
    accepted,   // before anything that ends the asking
    expired,    // the group's time in a queue that is under way
    left,       // such a queue, before another one is entered
    invited,
    handed_on,        // after the operator who hands it on has accepted
    entered_briefly,  // a queue that is also left in this instant
    entered,
    asked,
    accepted_after,  // after the colleagues who are asked in this instant
    handed_on_after,
    renewed,  // the routing ends, and begins once more
    entered_after,
    asked_after,
    forwarded_out,
    other,
    waits,  // for the entry that begins what it ends
    ended,
  };
  Place place_of(const Step& step) const;
  void take(const Step& step);

  template <class Holds>
  bool awaits(Holds holds) const {
    return std::any_of(left_.begin(), left_.end(), holds);
  }
  bool awaits(Activity activity) const {
    return awaits([&](const Step& step) { return step.activity == activity; });
  }
  bool awaits(Activity activity, const Party& party) const {
    return awaits([&](const Step& step) {
      return step.activity == activity && agree(step.operator_.user_id, party.user_id);
    });
  }
  bool is_asked(const Party& party) const {
    return party.user_id.empty() ? !asked_.empty() : asked_.contains(party.user_id);
  }
  bool is_in(std::string_view group_id) const {
    return group_id.empty() ? !queues_.empty()
                            : queues_.contains(group_id) || queues_.contains(std::string_view());
  }
  bool is_renewed() const {
    return has_begun_ && awaits(Activity::routing_ended) &&
           awaits(Activity::routing_request_created);
  }
  Place place_of_acceptance(const Step& step) const;
  Place place_of_leaving(const Step& step) const;
  Place place_of_entering(const Step& step) const;
  Place place_of_asking(const Step& step) const;

  std::span<const Step> left_;          // entries of this instant that have no place yet
  std::set<std::string_view> expired_;  // groups whose time expired in this instant
  bool has_begun_ = false;
  bool was_queued_ = false;
  std::set<std::string_view> queues_;  // groups; those that it is in the queue of
  std::set<std::string_view> asked_;   // operators who are being asked
};

Request::Place Request::place_of_acceptance(const Step& step) const {
  const Party& party = step.operator_;
  const bool to_be_asked = awaits(Activity::assigned_to_operator, party);
  const bool is_handed_on = awaits(hands_on) || is_renewed();
  if (!is_asked(party)) {
    if (to_be_asked) return Place::waits;
    const bool takes_over = awaits([&](const Step& other) {
      return hands_on(other) && other.operator_.user_id == party.user_id;
    });
    return is_handed_on && !takes_over ? Place::accepted : Place::accepted_after;
  }
  const bool enters = awaits(Activity::entered_group_queue);
  if (is_handed_on || (enters && was_queued_)) return Place::accepted;
  const bool is_left = awaits([&](const Step& other) {
    return other.activity == Activity::group_queue_timeout_expired && is_in(other.group_id);
  });
  const bool others_follow = enters || awaits(Activity::assigned_to_operator);
  return others_follow && !is_left ? Place::accepted_after : Place::accepted;
}

Request::Place Request::place_of_leaving(const Step& step) const {
  const bool is_due = is_in(step.group_id) ||
                      (step.group_id.empty() ? was_queued_ : expired_.contains(step.group_id));
  const bool is_to_be_entered = awaits([&](const Step& other) {
    return other.activity == Activity::entered_group_queue && agree(other.group_id, step.group_id);
  });
  if (!is_due && is_to_be_entered) return Place::waits;
  return step.activity == Activity::left_group_queue ? Place::left : Place::expired;
}

Request::Place Request::place_of_entering(const Step& step) const {
  const bool is_target = awaits([&](const Step& other) {
    return hands_on(other) && other.operator_.user_id.empty() &&
           agree(other.group_id, step.group_id);
  });
  if (is_target || is_renewed() || (awaits(hands_on) && was_queued_)) return Place::entered_after;
  const bool is_brief = awaits([&](const Step& other) {
    return ends_stay(other) && !other.group_id.empty() && other.group_id == step.group_id;
  });
  return is_brief ? Place::entered_briefly : Place::entered;
}

Request::Place Request::place_of_asking(const Step& step) const {
  const auto is_by_this_one = [&](const Step& other) {
    const std::string_view user = step.operator_.user_id;
    return !user.empty() &&
           (other.forwarded_by.user_id == user || other.invited_by.user_id == user);
  };
  if (is_renewed()) return Place::asked_after;
  if (awaits(hands_on) &&
      !awaits([&](const Step& other) { return hands_on(other) && is_by_this_one(other); }))
    return Place::asked_after;
  return Place::asked;
}

Request::Place Request::place_of(const Step& step) const {
  switch (step.activity) {
    case Activity::routing_request_created:
      return is_renewed() ? Place::waits : Place::created;
    case Activity::operator_timeout_expired: {
      // The last time that an operator is asked, the acceptance counts.
      const bool again = awaits(Activity::assigned_to_operator, step.operator_);
      if (!is_asked(step.operator_)) return again ? Place::waits : Place::other;
      return again || !awaits(Activity::accepted_by_operator, step.operator_) ? Place::timed_out
                                                                              : Place::other;
    }
    case Activity::accepted_by_operator:
      return place_of_acceptance(step);
    case Activity::left_group_queue:
    case Activity::group_queue_timeout_expired:
      return place_of_leaving(step);
    case Activity::invited_group:
    case Activity::invited_user:
    case Activity::forwarded_to_group:
    case Activity::forwarded_to_user: {
      const bool is_invitation =
          step.activity == Activity::invited_group || step.activity == Activity::invited_user;
      const Party& by = is_invitation ? step.invited_by : step.forwarded_by;
      if (!by.user_id.empty() && awaits(Activity::accepted_by_operator, by))
        return Place::handed_on_after;
      return is_invitation ? Place::invited : Place::handed_on;
    }
    case Activity::entered_group_queue:
      return place_of_entering(step);
    case Activity::assigned_to_operator:
      return place_of_asking(step);
    case Activity::forwarded_to_phone:
      return Place::forwarded_out;
    case Activity::routing_ended:
      return is_renewed() ? Place::renewed : Place::ended;
    case Activity::other:
      return Place::other;
  }
  return Place::other;
}

void Request::take(const Step& step) {
  has_begun_ = true;
  const auto end = [](std::set<std::string_view>& under_way, std::string_view id) {
    if (id.empty()) return under_way.clear();
    under_way.erase(id);
    under_way.erase(std::string_view());
  };
  switch (step.activity) {
    case Activity::entered_group_queue:
      queues_.insert(step.group_id);
      was_queued_ = true;
      break;
    case Activity::group_queue_timeout_expired:
      expired_.insert(step.group_id);
      end(queues_, step.group_id);
      break;
    case Activity::left_group_queue:
      expired_.erase(step.group_id);
      end(queues_, step.group_id);
      break;
    case Activity::assigned_to_operator:
      asked_.insert(step.operator_.user_id);
      break;
    case Activity::operator_timeout_expired:
      end(asked_, step.operator_.user_id);
      break;
    case Activity::accepted_by_operator:
    case Activity::forwarded_to_group:
    case Activity::forwarded_to_user:
    case Activity::forwarded_to_phone:
      asked_.clear();
      break;
    case Activity::routing_ended:
      *this = Request();
      break;
    default:
      break;
  }
}

void Request::order(std::span<Step> entries) {
  constexpr std::size_t most = 64;  // at once, since a list may give one instant to all
  expired_.clear();
  while (!entries.empty()) {
    std::size_t count = std::min(most, entries.size());
    for (; count > 0; --count) {
      left_ = entries.first(count);
      auto next = entries.begin();
      if (count > 1) {
        Place lowest = place_of(*next);
        for (auto at = std::next(next); at != entries.begin() + count; ++at)
          if (const Place place = place_of(*at); place < lowest) {
            lowest = place;
            next = at;
          }
        std::rotate(entries.begin(), next, std::next(next));
      }
      take(entries.front());
      entries = entries.subspan(1);
    }
  }
  left_ = {};
}

}  // namespace

void put_in_order(std::vector<Step>& timeline) {
  std::stable_sort(timeline.begin(), timeline.end(), comes_before);
  std::map<std::string_view, std::size_t> number_of;
  std::vector<Request> requests;
  for (auto at = timeline.begin(); at != timeline.end() && at->time;) {
    const auto end =
        std::find_if(at, timeline.end(), [&](const Step& step) { return step.time != at->time; });
    for (auto step = at; step != end; ++step)
      if (number_of.try_emplace(step->request_id, requests.size()).second) requests.emplace_back();
    // A request that began earlier comes first.
    std::stable_sort(at, end, [&](const Step& a, const Step& b) {
      return number_of[a.request_id] < number_of[b.request_id];
    });
    while (at != end) {
      const auto next = std::find_if(
          at, end, [&](const Step& step) { return step.request_id != at->request_id; });
      requests[number_of[at->request_id]].order({at, next});
      at = next;
    }
  }
}

}  // namespace cdr::mluvii_api
