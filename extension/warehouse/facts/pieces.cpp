#include "extension/warehouse/facts/pieces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace cdr::ext {
namespace {

using RowView = std::span<const Value>;
using Whole = std::optional<std::int64_t>;  // milliseconds, of a span or from 0001-01-01 00:00 UTC

constexpr std::int64_t quarter_ms = 900'000;
constexpr std::int64_t year_one_ms = 62'135'596'800'000;  // before 1970

template <Model M, Literal Name>
const Value& in(RowView row) {
  return row[Row<M>::template column<Name>()];
}
std::optional<std::string_view> text_in(const Value& value) {
  return value.is_null() ? std::nullopt : std::optional(value.as_text());
}
template <class... Values>
const Value& first_known(const Value& value, const Values&... others) {
  if constexpr (sizeof...(others) == 0)
    return value;
  else
    return value.is_null() ? first_known(others...) : value;
}

// Reads cells as the queries do, and notes if only the queries can read one.
class Reader {
 public:
  bool is_plain() const { return is_plain_; }

  Whole time(const Value& value) {
    if (value.is_null()) return std::nullopt;
    const auto ms = ms_of_canonical(value.as_text());
    if (!ms) is_plain_ = false;
    return ms ? std::optional(*ms + year_one_ms) : std::nullopt;
  }
  // Seconds in whole milliseconds, rounded as round() does it.
  Whole ms(std::optional<double> seconds) {
    constexpr double most_seconds = 1e9;
    if (!seconds) return std::nullopt;
    if (!(std::abs(*seconds) < most_seconds)) {
      is_plain_ = false;
      return std::nullopt;
    }
    const double exact = *seconds * 1000;
    return static_cast<std::int64_t>(exact + (exact < 0 ? -0.5 : 0.5));
  }
  Whole ms(const Value& value) { return ms(seconds(value)); }
  static std::optional<double> seconds(const Value& value) {
    switch (value.type()) {
      case Value::Type::real:
        return value.as_real();
      case Value::Type::integer:
        return static_cast<double>(value.as_integer());
      default:
        return std::nullopt;
    }
  }

 private:
  bool is_plain_ = true;
};

// The values of a piece, added one after the other.
class Values {
 public:
  Values& begin() {
    values_.clear();
    return *this;
  }
  Values& add(std::int64_t value) {
    values_.push_back(value);
    return *this;
  }
  // How many are known, and their sum.
  Values& known(Whole ms) { return add(ms ? 1 : 0).add(ms.value_or(0)); }
  std::span<const std::int64_t> all() const { return values_; }

 private:
  std::vector<std::int64_t> values_;
};

// ---- Queues

enum class Ending : std::uint8_t { answered, abandoned, flowed_out, failed, open, untold, count };

// For an answered visit: how many of its conversations are known, and how long they are.
struct Conversation {
  struct Part {
    std::int64_t known = 0, ms = 0;
    void add(Whole more) {
      if (!more) return;
      ++known;
      ms += *more;
    }
  };
  Part talk, hold, acw;
};

struct Visit {
  struct Wait {
    std::optional<double> seconds;
    Whole ms;
  };
  Subject subject;
  QueueLimits limits;
  std::int64_t entered, ended;  // quarter hours
  bool flowed_in;
  Ending ending;
  std::array<Wait, 3> waits;  // by each clock
  Conversation conversation;
};

Ending ending_of(RowView visit, RowView interaction) {
  const auto outcome = text_in(in<Model::queue_visits, "outcome">(visit));
  if (!outcome)
    return in<Model::interactions, "end_time">(interaction).is_null() ? Ending::open
                                                                      : Ending::untold;
  if (outcome == "ANSWERED") return Ending::answered;
  if (outcome == "ABANDONED_IN_QUEUE" || outcome == "ABANDONED_IN_RING") return Ending::abandoned;
  if (outcome == "QUEUE_TIMEOUT" || outcome == "QUEUE_OVERFLOW" || outcome == "FORWARDED")
    return Ending::flowed_out;
  return Ending::failed;
}

// By the number of the visit.
using Conversations = std::map<std::int64_t, Conversation>;
Conversations conversations_in(const Facts& facts, Reader& reader) {
  std::multimap<std::string_view, std::int64_t> answered;  // the visits, by the side that answered
  const RowSet& offers = facts.rows(Model::agent_offers);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const Value& dialog = in<Model::agent_offers, "dialog_id">(offers[i]);
    const Value& visit = in<Model::agent_offers, "visit_no">(offers[i]);
    if (!dialog.is_null() && !visit.is_null() &&
        in<Model::agent_offers, "outcome">(offers[i]).as_text() == "ANSWERED")
      answered.emplace(dialog.as_text(), visit.as_integer());
  }
  Conversations found;
  const RowSet& dialogs = facts.rows(Model::dialogs);
  for (std::size_t i = 0; i < dialogs.size() && !answered.empty(); ++i) {
    const auto [first, last] =
        answered.equal_range(in<Model::dialogs, "dialog_id">(dialogs[i]).as_text());
    for (auto at = first; at != last; ++at) {
      Conversation& conversation = found[at->second];
      conversation.talk.add(reader.ms(in<Model::dialogs, "active_seconds">(dialogs[i])));
      conversation.hold.add(reader.ms(in<Model::dialogs, "hold_seconds">(dialogs[i])));
      conversation.acw.add(reader.ms(in<Model::dialogs, "acw_seconds">(dialogs[i])));
    }
  }
  return found;
}

std::array<std::optional<double>, 3> waits_of(RowView visit, RowView interaction, Ending ending,
                                              Reader& reader) {
  constexpr auto row = Model::queue_visits;
  const bool is_answered = ending == Ending::answered;
  const auto in_queue = Reader::seconds(in<row, "wait_seconds">(visit));
  auto with_ring = Reader::seconds(in<row, "speed_of_answer_seconds">(visit));
  if (!is_answered) {
    with_ring = in_queue;
    if (with_ring) *with_ring += Reader::seconds(in<row, "ring_seconds">(visit)).value_or(0);
  }
  std::optional<double> from_arrival;
  const bool has_ended = ending != Ending::open && ending != Ending::untold;
  const auto began = reader.time(in<Model::interactions, "start_time">(interaction));
  // If both instants are known but the wait is not, they come from two clocks.
  const bool is_comparable = in_queue || in<row, "enqueue_time">(visit).is_null() ||
                             in<row, "dequeue_time">(visit).is_null();
  if (began && has_ended && is_comparable) {
    const auto until =
        reader.time(is_answered ? first_known(in<row, "answer_time">(visit),
                                              in<Model::interactions, "answer_time">(interaction))
                                : first_known(in<row, "end_time">(visit),
                                              in<Model::interactions, "end_time">(interaction)));
    if (until) from_arrival = static_cast<double>(*until - *began) / 1000.0;
  }
  return {in_queue, with_ring, from_arrival};
}

Visit visit_of(RowView row, RowView interaction, const LimitsOf& limits_of,
               const Conversations& conversations, Reader& reader) {
  constexpr auto table = Model::queue_visits;
  const auto quarter = [&](const Value& time) {
    return reader.time(time).value_or(0) / quarter_ms;
  };
  Visit visit{};
  visit.subject = {in<table, "vendor">(row).as_text(), in<table, "source">(row).as_text(),
                   text_in(in<table, "queue_id">(row)),
                   text_in(in<Model::interactions, "direction">(interaction)),
                   text_in(in<table, "queue_name">(row))};
  visit.limits = limits_of(visit.subject);
  visit.ending = ending_of(row, interaction);
  const Value& enqueued = in<table, "enqueue_time">(row);
  const Value& answered = in<table, "answer_time">(row);
  const Value& dequeued = in<table, "dequeue_time">(row);
  const Value& ended = in<table, "end_time">(row);
  visit.entered = quarter(enqueued);
  visit.ended =
      quarter(visit.ending == Ending::answered ? first_known(answered, dequeued, ended, enqueued)
                                               : first_known(ended, dequeued, enqueued));
  const auto entry = in<table, "entry">(row).as_text();
  visit.flowed_in = entry == "TRANSFER" || entry == "OVERFLOW";
  const auto waits = waits_of(row, interaction, visit.ending, reader);
  for (std::size_t i = 0; i < waits.size(); ++i) visit.waits[i] = {waits[i], reader.ms(waits[i])};
  if (visit.ending == Ending::answered) {
    const Value& number = in<table, "visit_no">(row);
    const auto found =
        number.is_null() ? conversations.end() : conversations.find(number.as_integer());
    if (found != conversations.end()) visit.conversation = found->second;
  }
  return visit;
}

// Fills in what the entry and the ending add, in the order of the columns.
void fill(Values& values, const Visit& visit, bool has_entry, bool has_ending) {
  values.begin().add(has_entry).add(has_entry && visit.flowed_in);
  for (int ending = 0; ending < static_cast<int>(Ending::count); ++ending)
    values.add(has_ending && visit.ending == static_cast<Ending>(ending));
  const bool is_answered = has_ending && visit.ending == Ending::answered;
  const bool is_abandoned = has_ending && visit.ending == Ending::abandoned;
  for (const Visit::Wait& wait : visit.waits) {
    const bool is_known = wait.ms.has_value();
    const auto is_within = [&](double limit) { return is_known && *wait.seconds <= limit; };
    values.add(has_ending && is_known)
        .add(is_answered && is_within(visit.limits.threshold))
        .add(is_abandoned && is_within(visit.limits.threshold))
        .add(is_abandoned && is_within(visit.limits.short_abandon));
    for (const bool counts : {is_answered, is_abandoned}) {
      const Whole ms = counts ? wait.ms : std::nullopt;
      values.known(ms).add(ms.value_or(nothing));
    }
  }
  const auto& [talk, hold, acw] = visit.conversation;
  for (const Conversation::Part& part : {talk, hold, acw})
    values.add(has_ending ? part.known : 0).add(has_ending ? part.ms : 0);
}

// ---- Agents

// An agent's side of an interaction, or the ringing of an offer.
struct Leg {
  Subject subject;
  Whole talk, hold, acw, ring, handle;
  std::int64_t rung, began, talked, hung_up;
  bool handed_on;

  std::int64_t first() const { return std::min({rung, began, hung_up}) / quarter_ms; }
  std::int64_t last() const {
    const std::int64_t last =
        std::max({rung + std::max<std::int64_t>(ring.value_or(0) - 1, 0), began, talked - 1,
                  hung_up + std::max<std::int64_t>(acw.value_or(0) - 1, 0)});
    return std::min(last / quarter_ms, last_quarter);
  }
};

struct Offer {
  Subject subject;
  std::int64_t began, ended;  // quarter hours
  std::optional<std::string_view> outcome;
};

struct Presence {
  Subject subject;
  std::int64_t began, ended;
  bool is_available, is_break, is_unpaid;
};

Whole began_at(RowView dialog, Reader& reader) {
  constexpr auto row = Model::dialogs;
  return reader.time(first_known(in<row, "serve_time">(dialog), in<row, "answer_time">(dialog),
                                 in<row, "start_time">(dialog), in<row, "alert_time">(dialog)));
}

// Which dialogs another agent took over from: one who stayed longer than all before. An agent who
// was only consulted, or joined and left again, took nothing over.
std::vector<bool> handed_on(const RowSet& dialogs, RowView interaction, Reader& reader) {
  constexpr auto row = Model::dialogs;
  std::vector<bool> found(dialogs.size());
  if (in<Model::interactions, "transfer_count">(interaction).as_integer() <= 0) return found;
  struct Turn {
    Whole began;
    std::optional<std::string_view> dialog;
    std::string_view agent;
    std::int64_t ended;
    std::size_t at;
  };
  constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < dialogs.size(); ++i) {
    const Value& agent = in<row, "agent_id">(dialogs[i]);
    if (!agent.is_null() && in<row, "outcome">(dialogs[i]).as_text() == "ANSWERED")
      turns.push_back({began_at(dialogs[i], reader), text_in(in<row, "dialog_id">(dialogs[i])),
                       agent.as_text(),
                       reader.time(in<row, "hangup_time">(dialogs[i])).value_or(never), i});
  }
  std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
    return std::pair(a.began, a.dialog) < std::pair(b.began, b.dialog);
  });
  const Turn* last = nullptr;
  for (const Turn& turn : turns) {
    if (last != nullptr && turn.ended <= last->ended) continue;
    if (last != nullptr) found[last->at] = turn.agent != last->agent;
    last = &turn;
  }
  return found;
}

// Whether the offer tells when and how long its agent was rung. The side to which it led has no
// ringing of its own then.
bool tells_ringing(RowView offer) {
  constexpr auto row = Model::agent_offers;
  return !in<row, "agent_id">(offer).is_null() && !in<row, "offer_time">(offer).is_null() &&
         Reader::seconds(in<row, "ring_seconds">(offer));
}

std::set<std::string_view> rung_sides(const RowSet& offers) {
  std::set<std::string_view> found;
  for (std::size_t i = 0; i < offers.size(); ++i)
    if (const auto dialog = text_in(in<Model::agent_offers, "dialog_id">(offers[i]));
        dialog && tells_ringing(offers[i]))
      found.insert(*dialog);
  return found;
}

std::optional<Leg> ringing_of(RowView offer, RowView interaction, Reader& reader) {
  constexpr auto row = Model::agent_offers;
  if (!tells_ringing(offer)) return std::nullopt;
  Leg leg{};
  leg.ring = reader.ms(in<row, "ring_seconds">(offer));
  leg.rung = leg.began = leg.talked = leg.hung_up =
      reader.time(in<row, "offer_time">(offer)).value_or(0);
  leg.subject = {in<row, "vendor">(offer).as_text(), in<row, "source">(offer).as_text(),
                 in<row, "agent_id">(offer).as_text(),
                 text_in(in<Model::interactions, "direction">(interaction)),
                 text_in(in<row, "agent_name">(offer))};
  return leg;
}

std::optional<Leg> leg_of(RowView dialog, RowView interaction, bool is_handed_on,
                          const std::set<std::string_view>& rung_sides, Reader& reader) {
  constexpr auto row = Model::dialogs;
  const Value& agent = in<row, "agent_id">(dialog);
  if (agent.is_null()) return std::nullopt;
  Leg leg{};
  leg.talk = reader.ms(in<row, "active_seconds">(dialog));
  leg.hold = reader.ms(in<row, "hold_seconds">(dialog));
  leg.acw = reader.ms(in<row, "acw_seconds">(dialog));
  const auto id = text_in(in<row, "dialog_id">(dialog));
  if (!id || !rung_sides.contains(*id)) leg.ring = reader.ms(in<row, "ring_seconds">(dialog));
  leg.handed_on = is_handed_on;
  if (!leg.talk && !leg.hold && !leg.acw && !leg.ring && !is_handed_on) return std::nullopt;
  const Whole began = began_at(dialog, reader);
  if (!began) return std::nullopt;
  leg.began = *began;
  const Value& serve = in<row, "serve_time">(dialog);
  const Value& answer = in<row, "answer_time">(dialog);
  const Value& start = in<row, "start_time">(dialog);
  const Value& alert = in<row, "alert_time">(dialog);
  const Value& hangup = in<row, "hangup_time">(dialog);
  leg.rung = reader.time(first_known(alert, start, answer, serve)).value_or(0);
  leg.hung_up = reader.time(first_known(hangup, serve, start, alert, answer)).value_or(0);
  leg.talked = leg.began + leg.talk.value_or(0) + leg.hold.value_or(0);
  if (leg.talk && in<row, "outcome">(dialog).as_text() == "ANSWERED")
    leg.handle = *leg.talk + leg.hold.value_or(0) + leg.acw.value_or(0);
  leg.subject = {in<row, "vendor">(dialog).as_text(), in<row, "source">(dialog).as_text(),
                 agent.as_text(), text_in(in<Model::interactions, "direction">(interaction)),
                 text_in(in<row, "agent_name">(dialog))};
  return leg;
}

std::optional<Offer> offer_of(RowView row, RowView interaction, Reader& reader) {
  constexpr auto table = Model::agent_offers;
  const Value& agent = in<table, "agent_id">(row);
  const Value& offered = in<table, "offer_time">(row);
  if (agent.is_null() || offered.is_null()) return std::nullopt;
  const auto quarter = [&](const Value& time) {
    return reader.time(time).value_or(0) / quarter_ms;
  };
  return Offer{{in<table, "vendor">(row).as_text(), in<table, "source">(row).as_text(),
                agent.as_text(), text_in(in<Model::interactions, "direction">(interaction)),
                text_in(in<table, "agent_name">(row))},
               quarter(offered),
               quarter(first_known(in<table, "end_time">(row), offered)),
               text_in(in<table, "outcome">(row))};
}

std::optional<Presence> presence_of(RowView row, Reader& reader) {
  constexpr auto table = Model::agent_states;
  const Value& agent = in<table, "agent_id">(row);
  const Value& category = in<table, "state_category">(row);
  if (agent.is_null() || category.is_null() || category.as_text() == "OFFLINE") return std::nullopt;
  const Whole began = reader.time(in<table, "start_time">(row));
  const Whole ended = reader.time(in<table, "end_time">(row));
  if (!began || !ended || *began >= *ended) return std::nullopt;
  const Value& is_paid = in<table, "is_paid">(row);
  const bool is_break = category.as_text() == "BREAK";
  return Presence{{in<table, "vendor">(row).as_text(), in<table, "source">(row).as_text(),
                   agent.as_text(), std::nullopt, text_in(in<table, "agent_name">(row))},
                  *began,
                  *ended,
                  category.as_text() == "AVAILABLE",
                  is_break,
                  is_break && !is_paid.is_null() && is_paid.as_integer() == 0};
}

struct SideParts {
  bool handed_on;
  Whole handle, talk, hold, acw, ring;
};
void fill(Values& values, const SideParts& parts) {
  values.begin().add(0).add(0).add(0).add(0).add(0).add(parts.handed_on);
  values.known(parts.handle).known(parts.talk).known(parts.hold).known(parts.acw).known(parts.ring);
  values.add(0).add(0).add(0).add(0).add(0);
}
void fill_offer(Values& values, bool is_offered, std::optional<std::string_view> outcome) {
  const bool is_answered = outcome == "ANSWERED", is_rejected = outcome == "REJECTED";
  values.begin().add(is_offered).add(is_answered).add(outcome && !is_answered);
  values.add(is_rejected || outcome == "NO_ANSWER").add(is_rejected).add(0);
  for (int part = 0; part < 5; ++part) values.known(std::nullopt);
  values.add(0).add(0).add(0).add(0).add(0);
}
void fill(Values& values, const Presence& presence, std::int64_t ms) {
  values.begin().add(0).add(0).add(0).add(0).add(0).add(0);
  for (int part = 0; part < 5; ++part) values.known(std::nullopt);
  values.add(1).add(ms).add(presence.is_available ? ms : 0);
  values.add(presence.is_break ? ms : 0).add(presence.is_unpaid ? ms : 0);
}

// The part of a span that lies between two instants; nullopt if none of it does. The part before an
// instant is rounded down, so that the parts add up to the whole.
Whole part_between(std::int64_t since, std::int64_t until, Whole whole, std::int64_t begin,
                   std::int64_t end) {
  const bool lies_there = begin < until && (end > since || (end == begin && begin >= since));
  if (!whole || !lies_there) return std::nullopt;
  const auto before = [&](std::int64_t instant) -> std::int64_t {
    if (instant >= end) return *whole;
    if (instant <= begin) return 0;
    return static_cast<std::int64_t>(1.0 * static_cast<double>(*whole) *
                                     static_cast<double>(instant - begin) /
                                     static_cast<double>(end - begin));
  };
  return before(until) - before(since);
}

void use_leg(const Leg& leg, Values& values, const UsePiece& use) {
  const std::int64_t first = leg.first(), last = leg.last();
  fill(values, SideParts{leg.handed_on, leg.handle, leg.talk, leg.hold, leg.acw, leg.ring});
  use({leg.rung / quarter_ms, leg.subject, first == last ? Credit::both : Credit::arrival,
       values.all()});
  // As in SQL, only a leg that lies in several quarter hours has parts.
  const std::int64_t last_counted = std::min(last, first + most_quarters);
  for (std::int64_t quarter = first; first < last && quarter <= last_counted; ++quarter) {
    const std::int64_t since = quarter * quarter_ms, until = since + quarter_ms;
    const bool is_begin = quarter == leg.began / quarter_ms;
    const SideParts parts{
        is_begin && leg.handed_on,
        is_begin ? leg.handle : std::nullopt,
        part_between(since, until, leg.talk, leg.began, leg.talked),
        part_between(since, until, leg.hold, leg.began, leg.talked),
        part_between(since, until, leg.acw, leg.hung_up, leg.hung_up + leg.acw.value_or(0)),
        part_between(since, until, leg.ring, leg.rung, leg.rung + leg.ring.value_or(0))};
    if (!parts.talk && !parts.hold && !parts.acw && !parts.ring && !parts.handed_on) continue;
    fill(values, parts);
    use({quarter, leg.subject, Credit::event, values.all()});
  }
}

void use_offer(const Offer& offer, Values& values, const UsePiece& use) {
  const bool is_apart = offer.outcome && offer.began != offer.ended;
  fill_offer(values, true, offer.outcome);
  use({offer.began, offer.subject, is_apart ? Credit::arrival : Credit::both, values.all()});
  if (!is_apart) return;
  fill_offer(values, true, std::nullopt);
  use({offer.began, offer.subject, Credit::event, values.all()});
  fill_offer(values, false, offer.outcome);
  use({offer.ended, offer.subject, Credit::event, values.all()});
}

void use_presence(const Presence& presence, Values& values, const UsePiece& use) {
  std::int64_t quarter = presence.began / quarter_ms;
  const std::int64_t last_counted = quarter + most_quarters;
  for (; quarter * quarter_ms < presence.ended && quarter <= last_counted; ++quarter) {
    const std::int64_t since = quarter * quarter_ms;
    fill(values, presence,
         std::min(presence.ended, since + quarter_ms) - std::max(presence.began, since));
    use({quarter, presence.subject, Credit::both, values.all()});
  }
}

}  // namespace

bool queue_pieces(const Facts& facts, const LimitsOf& limits_of, const UsePiece& use) {
  const RowSet& interactions = facts.rows(Model::interactions);
  const RowSet& rows = facts.rows(Model::queue_visits);
  if (interactions.size() == 0 || rows.size() == 0) return true;
  Reader reader;
  const Conversations conversations = conversations_in(facts, reader);
  std::vector<Visit> visits;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!in<Model::queue_visits, "enqueue_time">(rows[i]).is_null())
      visits.push_back(visit_of(rows[i], interactions[0], limits_of, conversations, reader));
  if (!reader.is_plain()) return false;
  Values values;
  for (const Visit& visit : visits) {
    // If no record tells how a visit ended, it has no ending.
    const bool is_apart = visit.entered != visit.ended && visit.ending != Ending::open &&
                          visit.ending != Ending::untold;
    fill(values, visit, true, true);
    use({visit.entered, visit.subject, is_apart ? Credit::arrival : Credit::both, values.all()});
    if (!is_apart) continue;
    fill(values, visit, true, false);
    use({visit.entered, visit.subject, Credit::event, values.all()});
    fill(values, visit, false, true);
    use({visit.ended, visit.subject, Credit::event, values.all()});
  }
  return true;
}

bool agent_pieces(const Facts& facts, const UsePiece& use) {
  Reader reader;
  std::vector<Leg> legs;
  std::vector<Offer> offers;
  std::vector<Presence> presences;
  const auto keep = [](auto& all, auto made) {
    if (made) all.push_back(*made);
  };
  if (const RowSet& interactions = facts.rows(Model::interactions); interactions.size() > 0) {
    const RowView interaction = interactions[0];
    const RowSet& dialogs = facts.rows(Model::dialogs);
    const RowSet& asked = facts.rows(Model::agent_offers);
    const std::vector<bool> is_handed_on = handed_on(dialogs, interaction, reader);
    const std::set<std::string_view> rung = rung_sides(asked);
    for (std::size_t i = 0; i < dialogs.size(); ++i)
      keep(legs, leg_of(dialogs[i], interaction, is_handed_on[i], rung, reader));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      keep(legs, ringing_of(asked[i], interaction, reader));
      keep(offers, offer_of(asked[i], interaction, reader));
    }
  }
  const RowSet& states = facts.rows(Model::agent_states);
  for (std::size_t i = 0; i < states.size(); ++i) keep(presences, presence_of(states[i], reader));
  if (!reader.is_plain()) return false;
  Values values;
  for (const Leg& leg : legs) use_leg(leg, values, use);
  for (const Offer& offer : offers) use_offer(offer, values, use);
  for (const Presence& presence : presences) use_presence(presence, values, use);
  return true;
}

void Pieces::clear() {
  for (Kept& kept : kept_) {
    kept.pieces.clear();
    kept.values.clear();
    kept.begins.assign(1, {});
  }
}

void Pieces::add(const Facts& facts, const LimitsOf& limits_of) {
  for (const Table table : {of_queues, of_agents}) {
    Kept& kept = kept_[table];
    const Begin begin = kept.begins.back();
    struct Enough {};
    const auto keep = [&](const Piece& piece) {
      if (kept.pieces.size() - begin.piece == most_of_component) throw Enough();
      kept.pieces.push_back(piece);
      kept.values.insert(kept.values.end(), piece.values.begin(), piece.values.end());
    };
    try {
      const bool is_counted = pieces_of(table, facts, limits_of, keep);
      kept.begins.push_back({kept.pieces.size(), kept.values.size(), !is_counted, false});
    } catch (const Enough&) {
      kept.pieces.resize(begin.piece);
      kept.values.resize(begin.value);
      kept.begins.push_back({begin.piece, begin.value, false, true});
    }
  }
}

}  // namespace cdr::ext
