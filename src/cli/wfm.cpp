// cdr export --format wfm-…: incoming contacts by interval and queue, for programs that plan staff.
#include <sqlite3.h>

#include <charconv>
#include <iostream>
#include <map>
#include <optional>

#include "cli/anonymise.hpp"
#include "cli/commands.hpp"
#include "cli/embedded.hpp"
#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/period.hpp"
#include "cli/suggestion.hpp"
#include "cli/target.hpp"
#include "cli/text.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

struct Workforce {
  std::string_view name, file;
  bool is_teleopti;
};
constexpr Workforce formats[] = {{"wfm-generic", "wfm_generic.sql", false},
                                 {"wfm-teleopti", "wfm_teleopti.sql", true}};

const Workforce& format_named(const std::string& name) {
  std::vector<std::string> known;
  for (const Workforce& each : formats) {
    if (equal_ignoring_case(each.name, name)) return each;
    known.emplace_back(each.name);
  }
  throw Failure("--format: expected wfm-generic or wfm-teleopti for a workforce file, found '" +
                    name + "'" + suggestion(name, known),
                exit_usage);
}

int minutes_of(const std::string& interval) {
  constexpr std::pair<std::string_view, int> known[] = {{"15m", 15}, {"30m", 30}, {"1h", 60}};
  for (const auto& [name, minutes] : known)
    if (name == interval) return minutes;
  throw Failure(
      "--interval: a workforce file has intervals of 15m, 30m or 1h, found '" + interval + "'",
      exit_usage);
}

// The number by which Teleopti knows a queue: the vendor's id if it is a number that fits;
// otherwise a number made from vendor, source and id, which is always the same.
class QueueNumbers {
 public:
  std::int64_t number(const std::string& vendor, const std::string& source,
                      const std::string& queue) {
    const std::string name = vendor + ", " + source + ", " + queue;
    const std::int64_t wanted = own_number(queue).value_or(made_number(name));
    const auto [at, is_new] = owners_.emplace(wanted, name);
    if (!is_new && at->second != name && clash_.empty())
      clash_ = "the queues '" + at->second + "' and '" + name + "' have the same number, " +
               std::to_string(wanted) +
               ", by which this format identifies queues; export one vendor or source at a time, "
               "with --vendor or --source";
    return wanted;
  }
  const std::string& clash() const { return clash_; }

 private:
  static std::optional<std::int64_t> own_number(const std::string& queue) {
    std::int32_t number = 0;
    const char* end = queue.data() + queue.size();
    const auto [stopped, error] = std::from_chars(queue.data(), end, number);
    if (error != std::errc() || stopped != end || number <= 0) return std::nullopt;
    return number;
  }
  // FNV-1a, reduced to 30 bits, and above the numbers that vendors assign by hand.
  static std::int64_t made_number(const std::string& name) {
    std::uint32_t hash = 2'166'136'261;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
    return 0x4000'0000 | (hash >> 2);
  }
  std::map<std::int64_t, std::string> owners_;
  std::string clash_;
};

std::string text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? "" : text;
}

void queue_number(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  try {
    auto& numbers = *static_cast<QueueNumbers*>(sqlite3_user_data(context));
    sqlite3_result_int64(
        context, numbers.number(text_of(values[0]), text_of(values[1]), text_of(values[2])));
  } catch (...) {
    sqlite3_result_error_nomem(context);
  }
}

void queue_itself(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  sqlite3_result_value(context, values[1]);
}

// Only semicolons separate the fields of a line: nothing is quoted.
std::string line_of(std::span<const Cell> cells) {
  std::string line;
  for (const Cell& cell : cells) {
    if (!line.empty()) line += ';';
    for (const char c : plain(cell)) {
      const bool is_kept = c != ';' && c != '"' && static_cast<unsigned char>(c) >= ' ';
      line += is_kept ? c : ' ';
    }
  }
  return line + '\n';
}

class WorkforceExport {
 public:
  explicit WorkforceExport(const ExportOptions& options)
      : options_(options),
        format_(format_named(options.format)),
        minutes_(minutes_of(options.interval)),
        asked_(open_to_ask(options.database.path, Access::read)),
        guard_(asked_.database.getHandle()) {}

  int run() {
    require_warehouse(asked_.database, asked_.path);
    zone_ = zone_or_setting(asked_.database, options_.zone);
    const Bounds period = read_period(asked_.database, options_.from, options_.to, zone_);
    TargetFile target(options_.out);
    sqlite3_create_function_v2(asked_.database.getHandle(), "workforce_queue", 3, SQLITE_UTF8,
                               &numbers_, queue_number, nullptr, nullptr, nullptr);
    if (options_.anonymise)
      Anonymiser(asked_.database, anonymising_key(options_.key_file));
    else
      sqlite3_create_function_v2(asked_.database.getHandle(), "queue_token", 2, SQLITE_UTF8,
                                 nullptr, queue_itself, nullptr, nullptr, nullptr);
    write(target, period);
    if (!numbers_.clash().empty()) throw Failure(numbers_.clash());
    if (rows_ == 0 && !options_.may_be_empty)
      throw Failure("no interaction" + of(" of the vendor ", options_.vendor) +
                    of(" of the source ", options_.source) +
                    " entered a queue in this period, so nothing was written; "
                    "--allow-empty writes a file without rows");
    asked_.require_untouched();
    target.finish();
    if (options_.out == "-") return exit_ok;
    std::cout << shown(options_.out) << ": " << rows_ << (rows_ == 1 ? " row" : " rows") << " of "
              << format_.name << ", " << options_.interval << ' ' << shown(zone_) << '\n';
    flush_output();
    return exit_ok;
  }

 private:
  static std::string of(const char* what, const std::string& name) {
    return name.empty() ? "" : what + name;
  }
  static void bind_text(sqlite3_stmt* statement, const char* name, const std::string& value) {
    const int index = sqlite3_bind_parameter_index(statement, name);
    if (index > 0 && !value.empty())
      sqlite3_bind_text(statement, index, value.c_str(), -1, SQLITE_TRANSIENT);
  }
  static void bind_number(sqlite3_stmt* statement, const char* name,
                          const std::optional<double>& value) {
    const int index = sqlite3_bind_parameter_index(statement, name);
    if (index > 0 && value) sqlite3_bind_double(statement, index, *value);
  }

  void write(TargetFile& target, const Bounds& period) {
    const SqlText text{std::string(embedded_file(format_.file)), ""};
    Script script(asked_.database.getHandle(), asked_.path, text);
    const Prepared statement = script.next();
    sqlite3_stmt* asked = statement.get();
    bind_text(asked, ":from", period.from);
    bind_text(asked, ":to", period.to);
    bind_text(asked, ":zone", zone_);
    bind_text(asked, ":interval", options_.interval);
    bind_text(asked, ":vendor", options_.vendor);
    bind_text(asked, ":source", options_.source);
    bind_number(asked, ":threshold", options_.threshold);
    bind_number(asked, ":short_abandon", options_.short_abandon);
    sqlite3_bind_int(asked, sqlite3_bind_parameter_index(asked, ":minutes"), minutes_);
    Output output(target.stream(), target.name());
    try {
      write_rows(asked, script, output);
      output.flush();
    } catch (const Closed&) {
      throw Failure(options_.out + ": cannot be written: the reader has closed it");
    }
  }

  void write_rows(sqlite3_stmt* statement, const Script& script, Output& output) {
    FormatOptions csv;
    csv.format = Format::csv;
    const std::unique_ptr<RowWriter> writer = make_writer(csv, output);
    std::vector<Cell> cells(static_cast<std::size_t>(sqlite3_column_count(statement)));
    std::vector<std::string> names;
    for (std::size_t i = 0; i < cells.size(); ++i)
      names.emplace_back(sqlite3_column_name(statement, static_cast<int>(i)));
    if (!format_.is_teleopti) writer->begin(names);
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      for (std::size_t i = 0; i < cells.size(); ++i)
        cells[i] = cell_of(statement, static_cast<int>(i));
      if (format_.is_teleopti)
        output.write(line_of(cells));
      else
        writer->row(cells);
      ++rows_;
    }
    if (code != SQLITE_DONE) script.fail();
    if (!format_.is_teleopti) writer->end();
  }

  const ExportOptions& options_;
  const Workforce& format_;
  int minutes_;
  Questioned asked_;
  InterruptGuard guard_;
  std::string zone_;
  QueueNumbers numbers_;
  std::int64_t rows_ = 0;
};

}  // namespace

int export_workforce(const ExportOptions& options) {
  if (!options.tables.empty() || !options.sql.empty())
    throw Failure("a workforce file has the figures of queues; leave out tables and --sql",
                  exit_usage);
  if (options.from.empty())
    throw Failure("--from is required for a workforce file; see 'cdr export --help'", exit_usage);
  return WorkforceExport(options).run();
}

}  // namespace cdr::cli
