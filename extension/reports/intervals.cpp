// cdr_intervals: the calendar that reports are laid on.
#include "extension/reports/report_table.hpp"

namespace cdr::ext {
namespace {

constexpr std::string_view intervals_declaration = R"(
-- cdr_intervals: one row per interval of the period, in civil time of the zone, without gaps: a day of 23 hours has
--   92 quarter hours and one of 25 hours has 100; without an interval, the period itself
-- argument from, to, interval, zone
-- column interval_start TIMESTAMP: when the interval begins (UTC); the first one may begin before the period does
-- column interval_end TIMESTAMP: when the next one begins (UTC)
-- column interval_local, utc_offset, fold
)";

class IntervalRows : public ReportRows {
 public:
  bool start(const ReportValues& values) override {
    const auto& [from, to, interval, zone] =
        std::tie(values.values[0], values.values[1], values.values[2], values.values[3]);
    zone_ = values.zone;
    last_ = *to.instant;
    interval_.reset();
    if (interval.type != ReportValue::Type::null)
      interval_ = Interval::named(interval.text, "cdr_intervals");
    begin_ = *from.instant;
    if (last_ <= begin_) return false;
    if (interval_) begin_ = interval_->start_of(begin_, zone_);
    find_end();
    return true;
  }
  bool next() override {
    begin_ = end_;
    if (last_ <= begin_) return false;
    find_end();
    return true;
  }
  Value value(int column) override {
    enum { interval_start, interval_end, interval_local, utc_offset, fold };
    switch (column) {
      case interval_start:
        return text(format_time(begin_));
      case interval_end:
        return text(format_time(end_));
      case interval_local:
        return text(format_local(begin_, zone_));
      case utc_offset:
        return text(format_offset(zone_.offset_at(begin_)));
      case fold:
        return Value::integer(fold_of(begin_, zone_));
      default:
        return {};
    }
  }

 private:
  void find_end() { end_ = interval_ ? interval_->end_of(begin_, zone_) : last_; }
  Value text(std::string characters) {
    text_ = std::move(characters);
    return Value::text(text_);
  }

  std::optional<Interval> interval_;
  Zone zone_;
  Instant begin_, end_, last_;
  std::string text_;  // the last one that was given
};

}  // namespace

Report interval_report() {
  return {ReportDeclaration::parse(intervals_declaration),
          [](sqlite3*) { return std::unique_ptr<ReportRows>(std::make_unique<IntervalRows>()); },
          false};
}

}  // namespace cdr::ext
