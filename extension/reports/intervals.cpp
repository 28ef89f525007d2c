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
  void column(sqlite3_context* context, int column) override {
    enum { interval_start, interval_end, interval_local, utc_offset, fold };
    switch (column) {
      case interval_start:
        return text(context, format_time(begin_));
      case interval_end:
        return text(context, format_time(end_));
      case interval_local:
        return text(context, format_local(begin_, zone_));
      case utc_offset:
        return text(context, format_offset(zone_.offset_at(begin_)));
      case fold:
        return sqlite3_result_int(context, fold_of(begin_, zone_));
      default:
        return;
    }
  }

 private:
  void find_end() { end_ = interval_ ? interval_->end_of(begin_, zone_) : last_; }
  static void text(sqlite3_context* context, const std::string& characters) {
    sqlite3_result_text(context, characters.c_str(), static_cast<int>(characters.size()),
                        SQLITE_TRANSIENT);
  }

  std::optional<Interval> interval_;
  Zone zone_;
  Instant begin_, end_, last_;
};

}  // namespace

Report interval_report() {
  return {ReportDeclaration::parse(intervals_declaration),
          [](sqlite3*) { return std::unique_ptr<ReportRows>(std::make_unique<IntervalRows>()); },
          false};
}

}  // namespace cdr::ext
