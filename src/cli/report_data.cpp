// The period of a report, and the warehouse's answers about it.
#include <sqlite3.h>

#include <cmath>
#include <map>
#include <optional>

#include "cli/embedded.hpp"
#include "cli/period.hpp"
#include "cli/report.hpp"
#include "cli/script.hpp"
#include "cli/text.hpp"

namespace cdr::cli {
namespace {

// A chart of more intervals would show nothing.
constexpr int most_intervals = 2'000;
constexpr double most_days = 3'660;
// Other lists (queues, agents, customers who gave up) end there, and the page says so.
constexpr int most_listed = 500;

Bounds shifted(SQLite::Database& database, const ReportPeriod& period, bool of_days, double days) {
  const std::string shift = std::to_string(-days) + " days";
  constexpr char local[] = "SELECT date(cdr_local(?1, ?2), ?3)";
  if (of_days)
    return read_period(database, value_of(database, local, period.from, period.zone, shift),
                       value_of(database, local, period.to, period.zone, shift), period.zone);
  constexpr char instant[] = "SELECT strftime('%Y-%m-%d %H:%M:%f', ?1, ?2)";
  return {value_of(database, instant, period.from, shift),
          value_of(database, instant, period.to, shift), false};
}

std::string interval_for(double days) {
  if (days <= 1.5) return "30m";
  if (days <= 4) return "1h";
  if (days <= 92) return "1d";
  return days <= 1'000 ? "1w" : "1mo";
}

void require_few_intervals(SQLite::Database& database, const ReportPeriod& period) {
  std::string count;
  try {
    // Only as many intervals are made as it takes to find out.
    count = value_of(database,
                     "SELECT count(*) FROM (SELECT 1 FROM cdr_intervals(?1, ?2, ?3, ?4) LIMIT ?5)",
                     period.from, period.to, period.interval, period.zone, most_intervals + 1);
  } catch (const SQLite::Exception& error) {
    blame_period_option(error.what());
  }
  if (std::stoi(count) > most_intervals)
    throw Failure("--interval: the period has more than " + std::to_string(most_intervals) +
                      " intervals of " + period.interval + "; choose a longer one",
                  exit_usage);
}

OrderedJson value_at(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return nullptr;
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT: {
      const double number = sqlite3_column_double(statement, column);
      // Rounded to the sixth digit: more is not visible, and the page becomes shorter.
      return std::isfinite(number) ? OrderedJson(std::round(number * 1e6) / 1e6)
                                   : OrderedJson(nullptr);
    }
    default: {
      const Cell cell = cell_of(statement, column);
      return valid_utf8(cell.text);
    }
  }
}

using Values = std::map<std::string, OrderedJson>;

void bind(sqlite3_stmt* statement, const Values& values) {
  for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
    const OrderedJson& value = values.at(sqlite3_bind_parameter_name(statement, i) + 1);
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      sqlite3_bind_text(statement, i, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    } else if (value.is_number_integer()) {
      sqlite3_bind_int64(statement, i, value.get<std::int64_t>());
    } else if (value.is_number()) {
      sqlite3_bind_double(statement, i, value.get<double>());
    }
  }
}

// Runs the embedded SQL of src/cli/page on one database.
class Asker {
 public:
  Asker(SQLite::Database& database, const std::string& path) : database_(database), path_(path) {}

  // A statement's rows.
  OrderedJson rows(sqlite3_stmt* statement, const Script& script) const {
    OrderedJson all = OrderedJson::array();
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      OrderedJson row = OrderedJson::array();
      for (int i = 0; i < sqlite3_column_count(statement); ++i)
        row.push_back(value_at(statement, i));
      all.push_back(std::move(row));
    }
    if (code != SQLITE_DONE) script.fail();
    return all;
  }

  OrderedJson ask(std::string_view sql, const Values& values) const {
    const SqlText text{std::string(sql), ""};
    Script script(database_.getHandle(), path_, text);
    const Prepared statement = script.next();
    bind(statement.get(), values);
    OrderedJson columns = OrderedJson::array();
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i)
      columns.push_back(sqlite3_column_name(statement.get(), i));
    OrderedJson table;
    table["columns"] = std::move(columns);
    table["rows"] = rows(statement.get(), script);
    return table;
  }

  // The spans of each of the interactions.
  OrderedJson timelines(const OrderedJson& interactions, const std::string& zone) const {
    const SqlText text{std::string(embedded_file("timeline.sql")), ""};
    Script script(database_.getHandle(), path_, text);
    const Prepared statement = script.next();
    OrderedJson all = OrderedJson::array();
    for (const OrderedJson& row : interactions.at("rows")) {
      bind(statement.get(), {{"vendor", row.at(0)},
                             {"source", row.at(1)},
                             {"interaction_id", row.at(2)},
                             {"zone", zone}});
      all.push_back(rows(statement.get(), script));
      sqlite3_reset(statement.get());
    }
    return all;
  }

 private:
  SQLite::Database& database_;
  const std::string& path_;
};

// A line such as "-- == queues: one row per queue" begins the question `queues`.
template <class Use>
void each_question(std::string_view text, Use&& use) {
  constexpr std::string_view mark = "-- == ";
  for (std::size_t at = text.find(mark); at != text.npos;) {
    const std::size_t name = at + mark.size();
    const std::size_t begin = text.find('\n', at);
    at = text.find(mark, begin);
    use(text.substr(name, text.find(':', name) - name), text.substr(begin, at - begin));
  }
}

// The seconds within which an answer is in time; null if queues have their own.
OrderedJson threshold_of(SQLite::Database& database, const ReportOptions& options) {
  if (options.threshold) return *options.threshold;
  SQLite::Statement own(database,
                        "SELECT 1 FROM queue_setting WHERE threshold_seconds IS NOT NULL LIMIT 1");
  if (own.executeStep()) return nullptr;
  SQLite::Statement setting(database,
                            "SELECT coalesce((SELECT CAST(value AS REAL) FROM report_setting WHERE "
                            "name = 'threshold_seconds'), 20.0)");
  setting.executeStep();
  return setting.getColumn(0).getDouble();
}

OrderedJson or_null(const std::string& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

}  // namespace

ReportPeriod period_of(SQLite::Database& database, const ReportOptions& options) {
  ReportPeriod period;
  period.zone = zone_or_setting(database, options.zone);
  const Bounds read = read_period(database, options.from, options.to, period.zone);
  period.from = read.from;
  period.to = read.to;
  period.days = std::stod(value_of(
      database, "SELECT round(julianday(cdr_local(?1, ?3)) - julianday(cdr_local(?2, ?3)), 6)",
      period.to, period.from, period.zone));
  if (period.days > most_days)
    throw Failure("--to: the period has more than ten years; choose a shorter one", exit_usage);
  // Counted in days of the zone, which a clock change makes longer or shorter.
  const bool of_days = read.are_days;
  if (of_days) period.days = std::round(period.days);
  const Bounds before = shifted(database, period, of_days, period.days);
  period.before_from = before.from;
  period.before_to = before.to;
  constexpr double week = 7;
  if (period.days < week) {
    const Bounds earlier = shifted(database, period, of_days, week);
    period.week_from = earlier.from;
    period.week_to = earlier.to;
  }
  period.interval = options.interval.empty() ? interval_for(period.days)
                                             : require_utf8("--interval", options.interval);
  require_few_intervals(database, period);
  return period;
}

OrderedJson answers(SQLite::Database& database, const std::string& path,
                    const ReportOptions& options, const ReportPeriod& period) {
  // Hours before the first and after the last customer are not queried.
  constexpr char busy[] =
      "SELECT min(enqueue_time), strftime('%Y-%m-%d %H:%M:%f', max(enqueue_time), '+1 second') "
      "FROM queue_visit WHERE enqueue_time >= ?1 AND enqueue_time < ?2";
  SQLite::Statement heat(database, busy);
  heat.bind(1, period.from);
  heat.bind(2, period.to);
  heat.executeStep();
  const Values values = {
      {"from", period.from},
      {"to", period.to},
      {"zone", period.zone},
      {"interval", period.interval},
      {"threshold", options.threshold ? OrderedJson(*options.threshold) : OrderedJson(nullptr)},
      {"before_from", or_null(period.before_from)},
      {"before_to", or_null(period.before_to)},
      {"week_from", or_null(period.week_from)},
      {"week_to", or_null(period.week_to)},
      {"heat_from", or_null(heat.getColumn(0).getString())},
      {"heat_to", or_null(heat.getColumn(1).getString())},
      {"mask", options.mask ? 1 : 0},
      {"timelines", options.timelines},
      {"listed", most_listed}};
  heat.reset();
  const Asker asker(database, path);
  OrderedJson all;
  all["meta"] = {
      {"zone", period.zone},
      {"interval", period.interval},
      {"threshold", threshold_of(database, options)},
      {"days", period.days},
      {"listed", most_listed},
      {"masked", options.mask},
      {"version", CDR_VERSION},
      {"database", valid_utf8(path)},
      {"made", value_of(database, "SELECT cdr_local(strftime('%Y-%m-%d %H:%M:%f', 'now'), ?1)",
                        period.zone)}};
  each_question(embedded_file("data.sql"), [&](std::string_view name, std::string_view sql) {
    all["tables"][std::string(name)] = asker.ask(sql, values);
  });
  all["timelines"] = asker.timelines(all["tables"]["interactions"], period.zone);
  return all;
}

Answer::Answer(const OrderedJson& all, const char* name)
    : columns_(all.at("tables").at(name).at("columns")),
      rows_(all.at("tables").at(name).at("rows")) {}

const OrderedJson& Answer::at(std::size_t row, std::string_view column) const {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].get_ref<const std::string&>() == column) return rows_.at(row).at(i);
  throw std::logic_error("a report has no column " + std::string(column));
}

std::int64_t Answer::count(std::size_t row, std::string_view column) const {
  const OrderedJson& value = at(row, column);
  return value.is_null() ? 0 : value.get<std::int64_t>();
}

}  // namespace cdr::cli
