// cdr_dense_queue_figures: an internal table that sql/reports/stored/queue_report.sql reads, and
// that no catalog lists.
//
// One row for each interval of a period and each queue that has something in the period, in the
// order of time, vendor, source and queue: the figures of queue_interval, or of queue_day if :days
// is 1, by one credit and one clock. They are NULL if the queue has nothing in the interval. SQL
// would sort all stored rows to group them, keep the groups, and look each of them up again, which
// takes three times as long. Here the stored rows are added up in the order of the index on their
// time, one interval at a time. The connection keeps the columns that are read, as it does for the
// model's tables.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <unordered_map>
#include <utility>

#include "core/stop.hpp"
#include "extension/columns/reader.hpp"
#include "extension/columns/watch.hpp"
#include "extension/reports/report_table.hpp"
#include "extension/tables/standing.hpp"
#include "extension/warehouse/facts/figures.hpp"
#include "extension/warehouse/schema/layout.hpp"

namespace cdr::ext {
namespace {

constexpr std::string_view dense_name = "cdr_dense_queue_figures";
constexpr std::string_view quarters_table = "queue_interval", days_table = "queue_day";

// The name of a clock's figure begins with the name of the clock.
constexpr std::string_view clocks[] = {"queue_ring", "queue", "arrival"};
std::string_view clock_of(std::string_view column) {
  for (const std::string_view clock : clocks)
    if (column.starts_with(clock) && column.substr(clock.size()).starts_with('_')) return clock;
  return "";
}

// A figure that is read from a stored row. It belongs to no clock or to the chosen one.
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

std::size_t figure_named(std::string_view name) {
  const auto& all = dense_figures();
  return static_cast<std::size_t>(
      std::find_if(all.begin(), all.end(),
                   [&](const DenseFigure& each) { return each.name == name; }) -
      all.begin());
}

// The stored tables under which the connection keeps columns: rows of one credit in the order of
// time.
constexpr std::string_view credits[] = {"arrival", "event"};
const Table& kept_table(bool of_days, std::size_t credit) {
  static const auto columns_of = [](std::string_view name) {
    std::vector<Column> columns;
    for (const LayoutColumn& each : layout_table(name).columns)
      columns.push_back({each.name, each.type, each.doc});
    return columns;
  };
  static const std::vector<Column> quarters = columns_of(quarters_table),
                                   days = columns_of(days_table);
  static const Table tables[2][std::size(credits)] = {
      {{quarters_table, quarters_table, "", quarters},
       {quarters_table, quarters_table, "", quarters}},
      {{days_table, days_table, "", days}, {days_table, days_table, "", days}}};
  return tables[of_days ? 1 : 0][credit];
}

std::string_view dense_declaration() {
  static const std::string text = [] {
    std::string made = "-- " + std::string(dense_name) +
                       ": internal to queue_report\n"
                       "-- argument days WHOLE: 1: from queue_day\n"
                       "-- argument from, to, interval, zone\n"
                       "-- argument credit TEXT: as in queue_interval\n"
                       "-- argument clock TEXT: as in queue_report\n"
                       "-- column interval_start, interval_local, utc_offset, fold\n"
                       "-- column vendor, source, queue_id, queue_name\n";
    for (const DenseFigure& figure : dense_figures())
      made.append("-- column ")
          .append(figure.name)
          .append(figure.is_seconds ? " DOUBLE: " : " INTEGER: ")
          .append(figure.doc)
          .append("\n");
    // The exact values from which averages are computed.
    made +=
        "-- column answered_ms INTEGER: answered_seconds in milliseconds\n"
        "-- column handled_ms INTEGER: talk_seconds, hold_seconds and acw_seconds together, in "
        "milliseconds; NULL where no talk_seconds are known\n";
    return made;
  }();
  return text;
}

// Keys of queues sort as the report's rows do: unknown values come first.
using QueueKey = std::array<std::optional<std::string>, 3>;

class DenseFigureRows : public ReportRows {
 public:
  explicit DenseFigureRows(sqlite3* database)
      : database_(database),
        standing_(database, {quarters_table, days_table, "queue_visit"}, "queue_report"),
        cache_(database, standing_.is_complete()) {}

  bool start(const ReportValues& values) override {
    end();
    read(values);
    if (to_ <= from_) return false;
    const auto kept = kept_rows();
    list_queues(kept);
    if (queues_.empty()) return false;
    begin_ = interval_ ? interval_->start_of(from_, zone_) : from_;
    begin_rows(kept);
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
  Value value(int column) override {
    enum { interval_start, local, offset, fold, vendor, source, queue_id, queue_name, figures };
    const Queue& queue = queues_[queue_];
    switch (column) {
      case interval_start:
        return text(start_text_);
      case local:
        return text(local_text_);
      case offset:
        return text(offset_text_);
      case fold:
        return Value::integer(fold_);
      case vendor:
      case source:
      case queue_id:
        return text(queue.key[static_cast<std::size_t>(column - vendor)]);
      case queue_name:
        return text(queue.name);
      default:
        return queue.is_there ? figure(static_cast<std::size_t>(column - figures)) : Value();
    }
  }
  void end() noexcept override {
    rows_.reset();
    reader_.reset();
    has_row_ = false;
  }
  bool is_usable() override { return standing_.holds(); }

 private:
  using SubjectCells = std::array<Cell, 3>;     // vendor, source, queue_id
  static constexpr std::size_t figures_at = 5;  // in a row
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();
  struct Queue {
    QueueKey key;
    std::optional<std::string> name;
    bool has_several = false;  // names, in the period
    bool is_there = false;     // in the interval
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
    first_time_ = time_text(from_, has_days_);
    last_time_ = time_text(to_, has_days_);
    credit_ = place_in(credits, "credit", given[credit].text);
    const std::size_t before = std::exchange(clock_, place_in(clocks, "clock", given[clock].text));
    if (clock_ == before && !columns_.empty()) return;
    scans_ = {};
    columns_.clear();
    const Table& table = kept_table(false, 0);  // days have the same columns at the same places
    const auto add = [&](std::string_view name) {
      columns_.push_back(static_cast<std::size_t>(table.find(name)));
    };
    add("interval_start");
    for (const std::string_view name : {"vendor", "source", "queue_id", "queue_name"}) add(name);
    for (const DenseFigure& each : figures_) add(each.column(clocks[clock_]));
  }
  static std::size_t place_in(std::span<const std::string_view> all, std::string_view what,
                              const std::string& name) {
    const auto found = std::find(all.begin(), all.end(), name);
    if (found == all.end())
      throw Error(std::string(dense_name) + ": no " + std::string(what) + " '" + name + '\'',
                  ErrorCode::mismatch);
    return static_cast<std::size_t>(found - all.begin());
  }

  // ---- Stored rows of the period, of quarter hours or of days

  static std::string_view time_of(bool of_days) { return of_days ? "day" : "interval_start"; }
  // An instant as the stored rows write it.
  std::string time_text(Instant at, bool of_days) const {
    constexpr std::size_t date_size = 10;
    return of_days ? format_local(at, zone_).substr(0, date_size) : format_time(at);
  }
  static std::string sql(std::string_view selected, bool of_days) {
    const std::string time(time_of(of_days));
    // The + leaves only the time to choose an index, and the rows come in that index's order.
    return "SELECT " + std::string(selected) + " FROM main." +
           std::string(of_days ? days_table : quarters_table) + " WHERE " + time + " >= ?1 AND " +
           time + " < ?2 AND +credit = ?3";
  }
  // Selects the columns and then the place of the rows.
  static std::string sql_of_columns(const std::vector<std::size_t>& columns, bool of_days) {
    std::string list;
    for (const std::size_t column : columns)
      list.append(kept_table(of_days, 0).columns[column].name).append(", ");
    return sql(list + "rowid", of_days) + " ORDER BY " + std::string(time_of(of_days));
  }
  Statement::Rows query(Statement& scan) {
    return scan.query(first_time_, last_time_, credits[credit_]);
  }

  // Reads from the columns that the connection keeps, or from the file if it may keep none.
  void begin_rows(std::shared_ptr<const KeptTable> kept) {
    if (kept) {
      KeptQuestion question;
      for (const auto op : {Operator::ge, Operator::lt})
        question.comparisons.emplace_back(op, columns_.front())
            .add(Cell::of(std::string_view(op == Operator::ge ? first_time_ : last_time_)));
      reader_.emplace(std::move(kept), question);
    } else {
      Statement& scan = scans_[has_days_ ? 1 : 0];
      if (!scan) scan = Statement(database_, sql_of_columns(columns_, has_days_));
      rows_.emplace(query(scan));
    }
    next_row();
  }
  void next_row() {
    check_stop();  // an interval may have millions of rows
    has_row_ = reader_ ? reader_->next() : rows_->next();
  }
  // A value of the current stored row, by its place in columns_.
  Cell stored(std::size_t index) {
    return reader_ ? reader_->cell(columns_[index]) : Cell::of(rows_->raw(static_cast<int>(index)));
  }

  std::shared_ptr<const KeptTable> kept_rows() {
    const auto state = cache_.see();
    if (!state) return nullptr;
    const Table& table = kept_table(has_days_, credit_);
    const Scope scope{columns_.front(), Scope::Bound{first_time_, true},
                      Scope::Bound{last_time_, false}};
    ColumnSet wanted;
    for (const std::size_t column : columns_) wanted.add(column);
    if (auto kept = cache_->find(table, scope, wanted)) return kept;
    if (cache_->is_refused(table, scope, wanted)) return nullptr;
    KeptTableBuilder builder(*cache_, table, scope, cache_->find_scope(table, scope), wanted);
    Statement scan(database_, sql_of_columns(builder.columns(), has_days_));
    auto made = builder.read(query(scan));
    if (made) cache_.keep(made, *state);
    return made;
  }

  // Lists the queues that have rows in the period.
  void list_queues(const std::shared_ptr<const KeptTable>& kept) {
    places_.clear();
    queues_.clear();
    const auto add = [&](const Cell& vendor, const Cell& source, const Cell& id, const Cell& name) {
      const auto [found, added] =
          places_.try_emplace(place_key({vendor, source, id}), queues_.size());
      if (added) queues_.push_back({{text_of(vendor), text_of(source), text_of(id)}, std::nullopt});
      Queue& queue = queues_[found->second];
      if (name.is_null()) return;
      queue.has_several = queue.has_several || (queue.name && *queue.name != name.text);
      if (!queue.name || *queue.name < name.text) queue.name = name.text;
    };
    if (kept) {
      for (begin_rows(kept); has_row_; next_row()) add(stored(1), stored(2), stored(3), stored(4));
    } else {
      Statement& list = lists_[has_days_ ? 1 : 0];
      if (!list)
        list =
            Statement(database_, sql("DISTINCT vendor, source, queue_id, queue_name", has_days_));
      auto rows = query(list);
      const auto of = [&](int column) { return Cell::of(rows.raw(column)); };
      while (rows.next()) add(of(0), of(1), of(2), of(3));
    }
    for (Queue& queue : queues_)
      if (queue.has_several) find_last_name(queue);
    std::sort(queues_.begin(), queues_.end(),
              [](const Queue& a, const Queue& b) { return a.key < b.key; });
    for (std::size_t i = 0; i < queues_.size(); ++i)
      places_[place_key({cell_of(queues_[i].key[0]), cell_of(queues_[i].key[1]),
                         cell_of(queues_[i].key[2])})] = i;
    values_.resize(queues_.size() * figures_.size());
  }
  // As reports/parts/queue_last_name.sql does it.
  void find_last_name(Queue& queue) {
    const auto& [vendor, source, id] = queue.key;
    if (!vendor || !source || !id) return;
    if (!last_name_)
      last_name_ = Statement(database_,
                             "SELECT queue_name FROM main.queue_visit WHERE queue_id = ?1 AND "
                             "vendor = ?2 AND source = ?3 AND enqueue_time < ?4 AND queue_name IS "
                             "NOT NULL ORDER BY enqueue_time DESC, queue_name DESC LIMIT 1");
    const std::string to = format_time(to_);
    auto rows = last_name_.query(*id, *vendor, *source, to);
    if (rows.next()) queue.name = std::string(rows.text(0));
  }
  const std::string& place_key(const SubjectCells& parts) {
    key_.clear();
    for (const Cell& part : parts) {
      key_ += part.is_null() ? '\1' : '\2';
      key_ += part.text;
      key_ += '\0';
    }
    return key_;
  }

  // Adds up the figures of the interval that begins at begin_.
  void add_up() {
    end_ = interval_ ? interval_->end_of(begin_, zone_) : to_;
    start_text_ = format_time(begin_);
    local_text_ = format_local(begin_, zone_);
    offset_text_ = format_offset(zone_.offset_at(begin_));
    fold_ = fold_of(begin_, zone_);
    queue_ = 0;
    for (Queue& queue : queues_) queue.is_there = false;
    const std::string until = time_text(end_, has_days_);
    for (; has_row_ && stored(0).text < until; next_row()) add_row();
  }
  void add_row() {
    const auto queue_at = places_.find(place_key({stored(1), stored(2), stored(3)}));
    if (queue_at == places_.end())
      throw Error(
          "queue_report: the warehouse was changed by this connection while the query ran; run the "
          "query again");
    const std::size_t place = queue_at->second;
    Queue& queue = queues_[place];
    std::int64_t* const values = &values_[place * figures_.size()];
    if (!queue.is_there) std::fill_n(values, figures_.size(), unknown);
    queue.is_there = true;
    for (std::size_t i = 0; i < figures_.size(); ++i) {
      const Cell found = stored(figures_at + i);
      if (found.is_null()) continue;  // seconds: counts are never NULL
      const std::int64_t value =
          figures_[i].is_seconds ? std::llround(found.real * 1000) : found.integer;
      if (values[i] == unknown)
        values[i] = value;
      else
        values[i] = figures_[i].is_longest ? std::max(values[i], value) : values[i] + value;
    }
  }
  static std::optional<std::string> text_of(const Cell& cell) {
    return cell.is_null() ? std::nullopt : std::optional<std::string>(cell.text);
  }
  static Cell cell_of(const std::optional<std::string>& text) {
    return text ? Cell::of(std::string_view(*text)) : Cell();
  }

  // A column after those of the queue: one of figures_, answered_ms or handled_ms.
  Value figure(std::size_t index) const {
    const std::int64_t* const values = &values_[queue_ * figures_.size()];
    const bool is_figure = index < figures_.size();
    const std::int64_t value = is_figure                  ? values[index]
                               : index == figures_.size() ? values[answered_]
                                                          : handled(values);
    if (value == unknown) return {};
    if (is_figure && figures_[index].is_seconds)
      return Value::real(static_cast<double>(value) / 1000);
    return Value::integer(value);
  }
  std::int64_t handled(const std::int64_t* values) const {
    if (values[talk_] == unknown) return unknown;
    const auto known = [](std::int64_t value) { return value == unknown ? 0 : value; };
    return values[talk_] + known(values[hold_]) + known(values[acw_]);
  }
  static Value text(const std::optional<std::string>& characters) {
    return characters ? Value::text(*characters) : Value();
  }

  sqlite3* database_;
  const std::vector<DenseFigure>& figures_ = dense_figures();
  const std::size_t answered_ = figure_named("answered_seconds"),
                    talk_ = figure_named("talk_seconds"), hold_ = figure_named("hold_seconds"),
                    acw_ = figure_named("acw_seconds");
  Standing standing_;
  KeptColumns cache_;
  std::array<Statement, 2> scans_, lists_;  // of quarter hours, of days; scans_ are for clock_
  Statement last_name_;
  Zone zone_;
  Instant from_, to_, begin_, end_;
  std::optional<Interval> interval_;
  bool has_days_ = false;
  std::size_t credit_ = 0, clock_ = 0;
  std::string first_time_, last_time_;
  std::vector<std::size_t> columns_;  // of kept_table(): the time and queue of a row, and figures_

  std::vector<Queue> queues_;
  std::unordered_map<std::string, std::size_t> places_;
  std::size_t queue_ = 0;
  std::optional<std::string> start_text_, local_text_, offset_text_;
  int fold_ = 0;
  std::vector<std::int64_t> values_;  // of each queue; seconds as milliseconds
  std::string key_;
  std::optional<KeptReader> reader_;
  std::optional<Statement::Rows> rows_;  // without a reader
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
