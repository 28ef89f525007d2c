// cdr_dense_queue_figures: an internal table that sql/reports/stored/queue_report.sql reads, and that no catalog names.
//
// One row per interval of a period and queue that has something in it, in the order of time, vendor, source and queue: the figures
// of queue_interval, or of queue_day if :days is 1, by one credit and one clock. They are NULL if the interval has nothing of the
// queue. SQL would sort all stored rows to group them, keep the groups, and look each of them up again, which takes three times
// as long; here the stored rows are added up as the index on their time delivers them, one interval at a time.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "extension/reports/report_table.hpp"
#include "extension/tables/standing.hpp"
#include "extension/warehouse/facts/figures.hpp"
#include "extension/warehouse/schema/layout.hpp"

namespace cdr::ext {
namespace {

constexpr std::string_view dense_name = "cdr_dense_queue_figures";
constexpr std::string_view quarters_table = "queue_interval", days_table = "queue_day";

// The figures of a clock have its name before their own.
constexpr std::string_view clocks[] = {"queue_ring", "queue", "arrival"};
std::string_view clock_of(std::string_view column) {
  for (const std::string_view clock : clocks)
    if (column.starts_with(clock) && column.substr(clock.size()).starts_with('_')) return clock;
  return "";
}

// What is read of a stored row: those figures that are of no clock, and those of one clock.
struct DenseFigure {
  std::string_view name;  // without the clock
  std::string_view doc;
  bool has_clock, is_seconds, is_longest;

  std::string column(std::string_view clock) const {
    return has_clock ? std::string(clock) + '_' + std::string(name) : std::string(name);
  }
};
const std::vector<DenseFigure>& dense_figures() {
  static const std::vector<DenseFigure> all = [] {
    std::vector<DenseFigure> list;
    bool is_key = true;
    for (const LayoutColumn& column : layout_table(quarters_table).columns) {
      const std::string_view clock = is_key ? "" : clock_of(column.name);
      if (!is_key && (clock.empty() || clock == "queue"))
        list.push_back({column.name.substr(clock.empty() ? 0 : clock.size() + 1), column.doc,
                        !clock.empty(), column.type == "DOUBLE",
                        column.name.find("longest_") != column.name.npos});
      is_key = is_key && !column.name.ends_with("_name");
    }
    return list;
  }();
  return all;
}

// The columns of both the stored tables and this one that say what a row is about.
constexpr std::string_view subject_columns = "vendor, source, queue_id, queue_name";

std::string_view dense_declaration() {
  static const std::string text = [] {
    std::string made = "-- " + std::string(dense_name) +
                       ": internal to queue_report\n"
                       "-- argument days WHOLE: 1: from queue_day\n"
                       "-- argument from, to, interval, zone\n"
                       "-- argument credit TEXT: as in queue_interval\n"
                       "-- argument clock TEXT: as in queue_report\n"
                       "-- column interval_start, interval_local, utc_offset, fold\n"
                       "-- column " +
                       std::string(subject_columns) + '\n';
    for (const DenseFigure& figure : dense_figures())
      made.append("-- column ")
          .append(figure.name)
          .append(figure.is_seconds ? " DOUBLE: " : " INTEGER: ")
          .append(figure.doc)
          .append("\n");
    return made;
  }();
  return text;
}

// Keys of queues sort as the report's rows do: what is unknown comes first.
using QueueKey = std::array<std::optional<std::string>, 3>;

class DenseFigureRows : public ReportRows {
 public:
  explicit DenseFigureRows(sqlite3* database)
      : database_(database), standing_(database, {quarters_table, days_table}, "queue_report") {}

  bool start(const ReportValues& values) override {
    end();
    read(values);
    if (to_ <= from_) return false;
    list_queues();
    begin_ = interval_ ? interval_->start_of(from_, zone_) : from_;
    rows_.emplace(query(has_days_, true));
    has_row_ = rows_->next();
    if (queues_.empty() && has_row_) lacks_queue();
    if (queues_.empty()) return false;
    add_up();
    return true;
  }
  bool next() override {
    if (++queue_ < queues_.size()) return true;
    begin_ = end_;
    if (to_ <= begin_) return false;
    add_up();
    return true;
  }
  void column(sqlite3_context* context, int column) override {
    enum { start, local, offset, fold, vendor, source, queue_id, queue_name, figures };
    const Queue& queue = queues_[queue_];
    switch (column) {
      case start:
        return text(context, start_text_);
      case local:
        return text(context, local_text_);
      case offset:
        return text(context, offset_text_);
      case fold:
        return sqlite3_result_int(context, fold_);
      case vendor:
      case source:
      case queue_id:
        return text(context, queue.key[static_cast<std::size_t>(column - vendor)]);
      case queue_name:
        return text(context, queue.name);
      default:
        if (queue.is_there) figure(context, static_cast<std::size_t>(column - figures));
    }
  }
  void end() noexcept override {
    rows_.reset();
    has_row_ = false;
  }
  bool is_usable() override { return standing_.holds(); }

 private:
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();
  struct Queue {
    QueueKey key;
    std::optional<std::string> name;
    bool is_there = false;  // in the interval
  };

  void read(const ReportValues& values) {
    enum { days, from, to, interval, zone, credit, clock };
    const auto& given = values.values;
    zone_ = values.zone;
    has_days_ = given[days].real != 0;
    from_ = *given[from].instant;
    to_ = *given[to].instant;
    interval_.reset();
    if (given[interval].type != ReportValue::Type::null)
      interval_ = Interval::named(given[interval].text, dense_name);
    credit_ = given[credit].text;
    if (std::find(std::begin(clocks), std::end(clocks), given[clock].text) == std::end(clocks))
      throw Error(std::string(dense_name) + ": no clock '" + given[clock].text + '\'',
                  ErrorCode::mismatch);
    if (clock_ != given[clock].text) scans_ = {};
    clock_ = given[clock].text;
  }

  // Stored rows of the period, of quarter hours or of days: whose they are, or what they say.
  Statement::Rows query(bool of_days, bool with_figures) {
    Statement& scan = scans_[of_days ? 1 : 0][with_figures ? 1 : 0];
    const std::string time = of_days ? "day" : "interval_start";
    if (!scan) {
      std::string columns = with_figures ? time + ", vendor, source, queue_id"
                                         : "DISTINCT " + std::string(subject_columns);
      if (with_figures)
        for (const DenseFigure& each : figures_) columns += ", " + each.column(clock_);
      // +: the time alone chooses the index, whose order the rows then have.
      scan =
          Statement(database_, "SELECT " + columns + " FROM main." +
                                   std::string(of_days ? days_table : quarters_table) + " WHERE " +
                                   time + " >= ?1 AND " + time + " < ?2 AND +credit = ?3" +
                                   (with_figures ? " ORDER BY " + time : ""));
    }
    first_time_ = time_text(from_, of_days);
    last_time_ = time_text(to_, of_days);
    return scan.query(first_time_, last_time_, credit_);
  }
  // An instant as the stored rows have it.
  std::string time_text(Instant at, bool of_days) const {
    constexpr std::size_t date_size = 10;
    return of_days ? format_local(at, zone_).substr(0, date_size) : format_time(at);
  }

  // Which queues have rows in the period: its days say so too if it consists of days of the
  // reporting zone, and there are fewer of them.
  void list_queues() {
    const Interval day = Interval::named("1d", dense_name);
    const bool in_days =
        has_days_ || (day.start_of(from_, zone_) == from_ && day.start_of(to_, zone_) == to_ &&
                      stored_figures(database_, zone_) == StoredFigures::days);
    std::map<QueueKey, std::optional<std::string>> names;
    auto rows = query(in_days, false);
    while (rows.next()) {
      const auto part = [&](int column) {
        return rows.is_null(column) ? std::nullopt : std::optional<std::string>(rows.text(column));
      };
      auto& name = names[{part(0), part(1), part(2)}];
      name = std::max(name, part(3));
    }
    queues_.clear();
    places_.clear();
    for (const auto& [key, name] : names) {
      places_.emplace(place_key(key[0], key[1], key[2]), queues_.size());
      queues_.push_back({key, name});
    }
    values_.resize(queues_.size() * figures_.size());
  }
  template <class Text>
  const std::string& place_key(const Text& vendor, const Text& source, const Text& queue_id) {
    key_.clear();
    for (const Text* const part : {&vendor, &source, &queue_id}) {
      key_ += *part ? '\2' : '\1';
      if (*part) key_ += **part;
      key_ += '\0';
    }
    return key_;
  }

  // The figures of the interval that begins at begin_.
  void add_up() {
    end_ = interval_ ? interval_->end_of(begin_, zone_) : to_;
    start_text_ = format_time(begin_);
    local_text_ = format_local(begin_, zone_);
    offset_text_ = format_offset(zone_.offset_at(begin_));
    fold_ = fold_of(begin_, zone_);
    queue_ = 0;
    for (Queue& queue : queues_) queue.is_there = false;
    const std::string until = time_text(end_, has_days_);
    while (has_row_ && rows_->text(0) < until) {
      add_row();
      has_row_ = rows_->next();
    }
  }
  [[noreturn]] static void lacks_queue() {
    throw Error(
        "queue_report: queue_day lacks a queue that queue_interval has; SELECT cdr_rebuild() "
        "makes both of them again",
        ErrorCode::mismatch);
  }
  void add_row() {
    const auto part = [&](int column) {
      return rows_->is_null(column) ? std::nullopt : std::optional(rows_->text(column));
    };
    const auto place = places_.find(place_key(part(1), part(2), part(3)));
    if (place == places_.end()) lacks_queue();
    Queue& queue = queues_[place->second];
    std::int64_t* const values = &values_[place->second * figures_.size()];
    if (!queue.is_there) std::fill_n(values, figures_.size(), unknown);
    queue.is_there = true;
    for (std::size_t i = 0; i < figures_.size(); ++i) {
      const int column = static_cast<int>(i) + 4;
      // Counts are never NULL.
      if (figures_[i].is_seconds && rows_->is_null(column)) continue;
      const std::int64_t value = figures_[i].is_seconds ? std::llround(rows_->real(column) * 1000)
                                                        : rows_->integer(column);
      if (values[i] == unknown)
        values[i] = value;
      else
        values[i] = figures_[i].is_longest ? std::max(values[i], value) : values[i] + value;
    }
  }

  void figure(sqlite3_context* context, std::size_t figure) const {
    const std::int64_t value = values_[queue_ * figures_.size() + figure];
    if (value == unknown) return;
    if (figures_[figure].is_seconds)
      sqlite3_result_double(context, static_cast<double>(value) / 1000);
    else
      sqlite3_result_int64(context, value);
  }
  static void text(sqlite3_context* context, const std::optional<std::string>& characters) {
    if (characters)
      sqlite3_result_text(context, characters->c_str(), static_cast<int>(characters->size()),
                          SQLITE_TRANSIENT);
  }

  sqlite3* database_;
  const std::vector<DenseFigure>& figures_ = dense_figures();
  Standing standing_;
  std::array<std::array<Statement, 2>, 2> scans_;  // of the clock; see query()
  Zone zone_;
  Instant from_, to_, begin_, end_;
  std::optional<Interval> interval_;
  bool has_days_ = false;
  std::string credit_, clock_, first_time_, last_time_;

  std::vector<Queue> queues_;
  std::unordered_map<std::string, std::size_t> places_;
  std::size_t queue_ = 0;
  std::optional<std::string> start_text_, local_text_, offset_text_;
  int fold_ = 0;
  std::vector<std::int64_t> values_;  // of each queue; seconds as milliseconds
  std::string key_;
  std::optional<Statement::Rows> rows_;
  bool has_row_ = false;
};

}  // namespace

std::span<const Report> internal_reports() {
  static const Report all[] = {
      {ReportDeclaration::parse(dense_declaration()), [](sqlite3* database) {
         return std::unique_ptr<ReportRows>(std::make_unique<DenseFigureRows>(database));
       }}};
  return all;
}

}  // namespace cdr::ext
