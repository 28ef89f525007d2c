// Intervals, parts of spans, and Erlang's formulas, as SQL functions:
//
//   SELECT cdr_bucket(enqueue_time, '30m', 'Europe/Prague'), count(*) FROM queue_visit GROUP BY 1;
//   SELECT sum(clip_seconds(start_time, end_time, '2024-05-02 10:00', '2024-05-02 10:30')) …;
//   SELECT agents_required(120, 1800, 240, 0.8, 20);
//
// NULL in gives NULL out. A number that makes no sense in a formula is an error, because the result
// would look like a figure.
#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "core/interval.hpp"
#include "extension/binding/function.hpp"
#include "extension/binding/instant.hpp"
#include "model/metrics/erlang.hpp"

namespace cdr::ext {
namespace {

void clip_seconds(Call& call) {
  std::array<Instant, 4> times;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto instant = instant_of(call[i], Zone());
    if (!instant) return;
    times[i] = *instant;
  }
  const auto [start, end, from, to] = times;
  if (end < start) return;
  const Instant begin = std::max(start, from), stop = std::min(end, to);
  call.real(begin < stop ? seconds_between(begin, stop) : 0.0);
}

// An interval and a zone, which SQLite keeps from row to row, with the buckets of the quarter hours
// (UTC) found so far. Only a quarter hour that lies in one bucket as a whole is kept.
class Buckets {
 public:
  Buckets(std::string_view interval, std::string_view zone)
      : interval_(Interval::named(interval, "cdr_bucket")),
        zone_(Zone::named(zone)),
        interval_text_(interval),
        zone_text_(zone) {}
  bool are_of(std::string_view interval, std::string_view zone) const {
    return interval == interval_text_ && zone == zone_text_;
  }

  // The start of the bucket; '' if it is before the year 1.
  std::string_view start_of(Instant at) {
    constexpr std::int64_t quarter = 15LL * 60 * 1'000'000;
    const std::int64_t slot = at.us / quarter - (at.us % quarter < 0 ? 1 : 0);
    const auto known = starts_.find(slot);
    if (known != starts_.end()) return known->second;
    const Instant start = interval_.start_of(at, zone_);
    const std::string text = from_epoch_ms(start.us / 1000) ? format_time(start) : std::string();
    const bool is_whole =
        start.us <= slot * quarter && interval_.end_of(at, zone_).us >= (slot + 1) * quarter;
    if (!is_whole) return last_ = text;
    constexpr std::size_t most_kept = 100'000;
    if (starts_.size() >= most_kept) starts_.clear();
    return starts_[slot] = text;
  }

  static void forget(void* buckets) noexcept { delete static_cast<Buckets*>(buckets); }

 private:
  Interval interval_;
  Zone zone_;
  std::string interval_text_, zone_text_, last_;
  std::unordered_map<std::int64_t, std::string> starts_;
};

void cdr_bucket(Call& call) {
  if (call[1].is_null() || (call.size() > 2 && call[2].is_null())) return;
  constexpr int interval = 1;  // the argument that SQLite keeps the buckets with, if it is constant
  const std::string_view zone = call.size() > 2 ? call[2].text() : "UTC";
  auto* buckets = static_cast<Buckets*>(sqlite3_get_auxdata(call.context(), interval));
  std::unique_ptr<Buckets> made;
  if (buckets == nullptr || !buckets->are_of(call[interval].text(), zone)) {
    made = std::make_unique<Buckets>(call[interval].text(), zone);
    buckets = made.get();
  }
  if (const auto instant = instant_of(call[0], Zone()))
    if (const std::string_view start = buckets->start_of(*instant); !start.empty())
      call.text(start);
  if (made != nullptr)
    sqlite3_set_auxdata(call.context(), interval, made.release(), Buckets::forget);
}

bool any_null(const Call& call) {
  for (std::size_t i = 0; i < call.size(); ++i)
    if (call[i].is_null()) return true;
  return false;
}

[[noreturn]] void refuse(const Call& call, const char* name, const std::string& expected) {
  throw Error(std::string(function_of(call).name) + ": " + name + " must be " + expected,
              ErrorCode::mismatch);
}

double amount(const Call& call, std::size_t at, const char* name, bool may_be_zero = true) {
  const double given = call[at].real();
  if (!call[at].is_number() || !std::isfinite(given) || given < 0 || (given == 0 && !may_be_zero))
    refuse(call, name, may_be_zero ? "a number from 0" : "a number above 0");
  return given;
}

int agents_in(const Call& call, std::size_t at) {
  const double given = amount(call, at, "agents");
  if (given > most_agents || given != std::floor(given))
    refuse(call, "agents", "a whole number from 0 to " + std::to_string(most_agents));
  return static_cast<int>(given);
}

void erlang_b(Call& call) {
  if (any_null(call)) return;
  const double traffic = amount(call, 0, "traffic");
  call.real(cdr::erlang_b(traffic, agents_in(call, 1)));
}

void erlang_c(Call& call) {
  if (any_null(call)) return;
  const double traffic = amount(call, 0, "traffic");
  call.real(cdr::erlang_c(traffic, agents_in(call, 1)));
}

Load load_in(const Call& call) {
  return {amount(call, 0, "interactions"), amount(call, 1, "interval_seconds", false),
          amount(call, 2, "aht_seconds")};
}

void erlang_service_level(Call& call) {
  if (any_null(call)) return;
  const Load load = load_in(call);
  const int agents = agents_in(call, 3);
  call.real(cdr::erlang_service_level(load, agents, amount(call, 4, "threshold_seconds")));
}

void erlang_asa(Call& call) {
  if (any_null(call)) return;
  const Load load = load_in(call);
  call.real(cdr::erlang_asa(load, agents_in(call, 3)));
}

void agents_required(Call& call) {
  if (any_null(call)) return;
  const Load load = load_in(call);
  const double target = amount(call, 3, "target");
  if (target >= 1) refuse(call, "target", "a share from 0 to below 1, such as 0.8");
  const auto agents = cdr::agents_required(load, target, amount(call, 4, "threshold_seconds"));
  if (!agents)
    throw Error(
        "agents_required: more than " + std::to_string(most_agents) +
            " agents would be needed; is the unit of aht_seconds or interval_seconds right?",
        ErrorCode::too_big);
  call.integer(*agents);
}

constexpr Function figure_list[] = {
    {"clip_seconds", 4, 4, "clip_seconds(start, end, from, to)",
     "seconds of the span from start to end that lie between from and to, where each may be "
     "anything that cdr_time reads; 0 when none do. NULL when one of them is not a time, or end is "
     "before start",
     "clip_seconds('2024-05-02 05:23:00', '2024-05-02 06:15:00', '2024-05-02 05:30:00', "
     "'2024-05-02 06:00:00')",
     "1800.0", Effect::pure, clip_seconds},
    {"cdr_bucket", 2, 3, "cdr_bucket(time, interval [, zone])",
     "the beginning of the interval that contains the time, as UTC 'YYYY-MM-DD HH:MM:SS.SSS'; "
     "interval is '15m', '30m', '1h', '1d', '1w' (from Monday) or '1mo' of the zone's civil time "
     "(default UTC). An interval of minutes never spans a clock change. NULL when time is not a "
     "time",
     "cdr_bucket('2024-05-02 22:47:11', '1d', 'Europe/Prague')", "2024-05-02 22:00:00.000",
     Effect::pure, cdr_bucket},
    {"erlang_b", 2, 2, "erlang_b(traffic, agents)",
     "Erlang B: the share of interactions that find all agents busy, if none may wait; traffic is "
     "interactions * AHT / interval (in erlangs)",
     "round(erlang_b(10, 12), 6)", "0.119739", Effect::pure, erlang_b},
    {"erlang_c", 2, 2, "erlang_c(traffic, agents)",
     "Erlang C: the share of interactions that must wait, if all wait and none leave; 1 if there "
     "are not more agents than traffic",
     "round(erlang_c(10, 12), 6)", "0.449388", Effect::pure, erlang_c},
    {"erlang_service_level", 5, 5,
     "erlang_service_level(interactions, interval_seconds, aht_seconds, agents, "
     "threshold_seconds)",
     "the share that Erlang C expects to be answered within the threshold; 0 if the queue grows "
     "without end, NULL if there are neither interactions nor agents",
     "round(erlang_service_level(120, 1800, 240, 20, 20), 6)", "0.816512", Effect::pure,
     erlang_service_level},
    {"erlang_asa", 4, 4, "erlang_asa(interactions, interval_seconds, aht_seconds, agents)",
     "average seconds to answer that Erlang C expects; NULL if the queue grows without end",
     "round(erlang_asa(120, 1800, 240, 20), 3)", "15.365", Effect::pure, erlang_asa},
    {"agents_required", 5, 5,
     "agents_required(interactions, interval_seconds, aht_seconds, target, threshold_seconds)",
     "the fewest agents with which Erlang C expects at least the target share (below 1) to be "
     "answered within the threshold, without shrinkage; 0 without interactions",
     "agents_required(120, 1800, 240, 0.8, 20)", "20", Effect::pure, agents_required},
};

}  // namespace

std::span<const Function> figure_functions() {
  return figure_list;
}

}  // namespace cdr::ext
