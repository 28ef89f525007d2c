// Figures over rows, as aggregates that also work as window functions:
//
//   SELECT queue_id, service_level(wait_seconds, outcome, 20, 'abandons_negative')
//     FROM queue_visit GROUP BY queue_id;
//   SELECT quantile(wait_seconds, 0.9) OVER (ORDER BY enqueue_time ROWS 99 PRECEDING) …;
//   SELECT peak_concurrency(start_time, end_time) FROM interaction;
//
// A NULL value is unknown and is left out. If nothing is known, the figure is NULL.
#include <cmath>

#include "core/time.hpp"
#include "extension/binding/function.hpp"
#include "extension/binding/instant.hpp"
#include "model/metrics/concurrency.hpp"
#include "model/metrics/quantile.hpp"
#include "model/metrics/service_level.hpp"

namespace cdr::ext {
namespace {

double number(const Call& row, std::size_t at, const char* what) {
  if (!row[at].is_number())
    throw Error(std::string(function_of(row).name) + ": " + what, ErrorCode::mismatch);
  return row[at].real();
}

class ServiceLevelAggregate : public Aggregate {
 public:
  void add(const Call& row) override { count(row, 1); }
  void remove(const Call& row) override { count(row, -1); }
  void give(Call& result) override {
    if (variant_) result.real(counts_.service_level(*variant_));
  }

 private:
  void count(const Call& row, int times) {
    if (!variant_ || row[3].text() != variant_text_) {
      const ServiceLevel variant = service_level_named(row[3].text(), "service_level");
      if (variant_)
        throw Error("service_level: the variant must be the same in all rows of a group",
                    ErrorCode::mismatch);
      variant_ = variant;
      variant_text_ = row[3].text();
    }
    const double threshold = number(row, 2, "threshold must be a number of seconds");
    const double short_abandon = row.size() > 4
                                     ? number(row, 4, "short_abandon must be a number of seconds")
                                     : usual_short_abandon_seconds;
    if (row[0].is_null()) return;
    counts_.count(number(row, 0, "wait must be a number of seconds, or NULL"), row[1].text(),
                  threshold, short_abandon, times);
  }

  VisitCounts counts_;
  std::optional<ServiceLevel> variant_;
  std::string variant_text_;
};

class QuantileAggregate : public Aggregate {
 public:
  void add(const Call& row) override {
    const double q = number(row, 1, "q must be a number from 0 to 1");
    if (!(q >= 0 && q <= 1))
      throw Error("quantile: q must be a number from 0 to 1", ErrorCode::mismatch);
    if (q_ && *q_ != q)
      throw Error("quantile: q must be the same in all rows of a group", ErrorCode::mismatch);
    q_ = q;
    if (row.has(0)) numbers_.add(number(row, 0, "x must be a number, or NULL"));
  }
  void remove(const Call& row) override {
    if (row.has(0)) numbers_.remove(row[0].real());
  }
  void give(Call& result) override {
    if (q_) result.real(numbers_.at(*q_));
  }
  void finish(Call& result) override {
    if (q_) result.real(numbers_.last(*q_));
  }

 private:
  Quantile numbers_;
  std::optional<double> q_;
};

class PeakConcurrency : public Aggregate {
 public:
  void add(const Call& row) override {
    ++rows_;
    if (const auto span = span_of(row)) {
      ++known_;
      spans_.add(span->start_ms, span->end_ms);
    }
  }
  void remove(const Call& row) override {
    --rows_;
    if (const auto span = span_of(row)) {
      --known_;
      spans_.remove(span->start_ms, span->end_ms);
    }
  }
  void give(Call& result) override {
    if (known_ > 0 || rows_ == 0) result.integer(spans_.peak());
  }

 private:
  struct Span {
    std::int64_t start_ms, end_ms;
  };
  // nullopt: the start is not known, or the end is not a time.
  static std::optional<Span> span_of(const Call& row) {
    const auto ms = [](Instant instant) {
      return instant.us / 1000 - (instant.us % 1000 < 0 ? 1 : 0);
    };
    const auto start = instant_of(row[0], Zone());
    if (!start) return std::nullopt;
    if (row[1].is_null()) return Span{ms(*start), Concurrency::no_end};
    const auto end = instant_of(row[1], Zone());
    if (!end) return std::nullopt;
    return Span{ms(*start), ms(*end)};
  }

  Concurrency spans_;
  std::int64_t rows_ = 0, known_ = 0;
};

template <class T>
std::unique_ptr<Aggregate> make() {
  return std::make_unique<T>();
}

constexpr Function aggregate_list[] = {
    {"service_level", 4, 5, "service_level(wait, outcome, threshold, variant [, short_abandon])",
     "aggregate, also as a window function: the share of queue visits served within threshold "
     "seconds, 0 to 1. variant is 'ignore_abandons', 'abandons_negative', 'abandons_positive', "
     "'answered_only', 'answered_or_abandoned' (without those abandoned within short_abandon "
     "seconds, 5 by default), 'removed' or 'asterisk_sl2'. Visits with an unknown wait do not "
     "count; NULL if no others are left",
     "(SELECT service_level(column1, column2, 20, 'abandons_negative') FROM (VALUES "
     "(12, 'ANSWERED'), (31, 'ANSWERED'), (9, 'ABANDONED_IN_QUEUE'), (NULL, 'ANSWERED'), "
     "(18, 'ANSWERED')))",
     "0.5", Effect::pure, nullptr, make<ServiceLevelAggregate>},
    {"quantile", 2, 2, "quantile(x, q)",
     "aggregate, also as a window function: the exact quantile q (0 to 1) of the numbers x, "
     "interpolated between two of them (type 7, as in R, NumPy and DuckDB's quantile_cont); NULL "
     "without numbers",
     "(SELECT quantile(value, 0.9) FROM json_each('[10, 20, 30, 40]'))", "37.0", Effect::pure,
     nullptr, make<QuantileAggregate>},
    {"peak_concurrency", 2, 2, "peak_concurrency(start, end)",
     "aggregate, also as a window function: the most spans that overlap at one instant, to the "
     "millisecond. A span includes its start but not its end, and has no end where end is NULL. "
     "Spans with an unknown start do not count; NULL if all are such, 0 without rows",
     "(SELECT peak_concurrency(column1, column2) FROM (VALUES "
     "('2024-05-02 10:00:00', '2024-05-02 10:05:00'), ('2024-05-02 10:04:00', NULL), "
     "('2024-05-02 10:05:00', '2024-05-02 10:06:00')))",
     "2", Effect::pure, nullptr, make<PeakConcurrency>},
};

}  // namespace

std::span<const Function> aggregate_functions() {
  return aggregate_list;
}

}  // namespace cdr::ext
