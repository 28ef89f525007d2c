#include "extension/reports/report_table.hpp"

#include <algorithm>

#include "core/stop.hpp"
#include "extension/binding/catalog.hpp"
#include "extension/binding/statement.hpp"
#include "extension/reports/added.hpp"
#include "extension/tables/json_table.hpp"
#include "extension/tables/standing.hpp"
#include "extension/warehouse/facts/figures.hpp"
#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {
namespace {

// The query that answers a report from stored figures, if there is one.
const ReportDeclaration* stored_query_of(const ReportDeclaration& report) {
  static const std::vector<ReportDeclaration> all = [] {
    std::vector<ReportDeclaration> list;
    for (const std::string_view text : stored_report_texts())
      list.push_back(ReportDeclaration::parse(text));
    return list;
  }();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ReportDeclaration& each) {
    return each.name == report.name;
  });
  return found == all.end() ? nullptr : &*found;
}

// The intervals of a call: a period, which may be divided.
struct Period {
  Instant from, to;
  std::optional<Interval> interval;
  bool is_of_days = false;  // the intervals are not parts of days

  Period(const ReportDeclaration& report, const ReportValues& values) {
    for (std::size_t i = 0; i < report.arguments.size(); ++i) {
      const std::string_view name = report.arguments[i].name;
      const ReportValue& value = values.values[i];
      if (name == "from") from = *value.instant;
      if (name == "to") to = *value.instant;
      if (name != "interval") continue;
      is_of_days = value.type == ReportValue::Type::null || value.text.starts_with("1d") ||
                   value.text.starts_with("1w") || value.text.starts_with("1mo");
      if (value.type != ReportValue::Type::null)
        interval = Interval::named(value.text, report.name);
    }
  }
  // Whether each interval consists of whole days of the zone.
  bool has_whole_days(const Zone& zone) const {
    const Interval day = Interval::named("1d", "report");
    return is_of_days && day.start_of(from, zone) == from && day.start_of(to, zone) == to;
  }
  // Whether each consists of whole quarter hours (UTC).
  bool has_whole_quarters(const Zone& zone) const {
    constexpr std::int64_t quarter_us = 900'000'000;
    const auto is_whole = [](Instant at) { return at.us % quarter_us == 0; };
    if (!is_whole(from) || !is_whole(to)) return false;
    if (interval)
      for (Instant at = from; at < to; at = interval->end_of(at, zone)) {
        check_stop();
        if (!is_whole(at)) return false;
      }
    return true;
  }
};

class QueryRows : public ReportRows {
 public:
  QueryRows(sqlite3* database, const Report& report)
      : QueryRows(database, report, queries_of(report.declaration)) {}

  bool start(const ReportValues& values) override {
    rows_.reset();
    if (!whole_report_.definition.empty()) require_held(database_, whole_report_);
    bound_ = values;
    Statement& statement = chosen();
    bind_all(statement);
    rows_.emplace(statement.query());
    return rows_->next();
  }
  bool next() override { return rows_->next(); }
  Value value(int column) override { return rows_->value(column); }
  void column(sqlite3_context* context, int column) override {
    sqlite3_result_value(context, rows_->raw(column));
  }
  void end() noexcept override { rows_.reset(); }
  bool is_usable() override { return standing_.holds(); }
  KeptColumns* keeper() override { return &keeper_; }
  Cell cell(int column) override { return Cell::of(rows_->raw(column)); }

 private:
  struct Queries {
    std::string facts, stored;  // stored is empty if there is none
    std::string when;           // a query that tells whether stored figures can answer
  };
  static Queries queries_of(const ReportDeclaration& report) {
    Queries queries{query_of(report), {}, {}};
    if (const ReportDeclaration* const stored = stored_query_of(report)) {
      const std::string text =
          std::string(stored->query) +
          std::string(report.query.substr(report.query.find("\n-- ==== The rows")));
      ReportDeclaration whole = *stored;
      whole.query = text;
      queries.stored = query_of(whole);
      queries.when = "SELECT " + std::string(stored->when);
    }
    return queries;
  }
  QueryRows(sqlite3* database, const Report& report, const Queries& queries)
      : database_(database),
        whole_report_(report),
        report_(of_warehouse(database, report.declaration)),
        standing_(database, {}, report_.name),  // no tables, which may be written to: see chosen()
        keeper_(database, standing_.is_complete()),
        facts_sql_(queries.facts),
        stored_sql_(queries.stored) {
    if (!stored_sql_.empty()) when_ = Statement(database, queries.when);
  }

  // Requires a warehouse; the message does not suggest JSON, because a report takes none.
  static const ReportDeclaration& of_warehouse(sqlite3* database, const ReportDeclaration& report) {
    require_tables(database, report.name);
    return report;
  }

  // The query that answers this call, prepared when it is first needed. While main is being written
  // to, maybe by the statement that asks, all rows are found before the first is returned.
  Statement& chosen() {
    has_days_ = false;
    const bool can = can_use_stored();
    const bool is_whole = sqlite3_txn_state(database_, "main") == SQLITE_TXN_WRITE;
    if (is_whole != is_whole_) {
      stored_ = Statement();
      facts_ = Statement();
    }
    is_whole_ = is_whole;
    Statement& statement = can ? stored_ : facts_;
    const std::string& sql = can ? stored_sql_ : facts_sql_;
    if (!statement) statement = is_whole ? whole(sql) : Statement(database_, sql);
    return statement;
  }
  Statement whole(std::string_view sql) const {
    std::string_view rest;
    const Statement once(database_, sql, &rest);
    sql.remove_suffix(rest.size());
    if (sql.ends_with(';')) sql.remove_suffix(1);
    return {database_, "WITH \"cdr: answer\" AS MATERIALIZED (" + std::string(sql) +
                           "\n) SELECT * FROM \"cdr: answer\""};
  }
  bool can_use_stored() {
    if (!when_) return false;
    const StoredFigures figures = stored_figures(database_, bound_.zone);
    if (figures == StoredFigures::none) return false;
    bind_all(when_);
    {
      auto rows = when_.query();
      if (!rows.next() || rows.integer(0) == 0) return false;
    }
    const Period period(report_, bound_);
    has_days_ = figures == StoredFigures::days && period.has_whole_days(bound_.zone);
    return has_days_ || period.has_whole_quarters(bound_.zone);
  }

  void bind_all(Statement& statement) const {
    // A query need not use every argument.
    const auto bind = [&](const std::string& name, const auto& value) {
      if (const int at = statement.parameter(name.c_str()); at != 0) statement.bind(at, value);
    };
    for (std::size_t i = 0; i < report_.arguments.size(); ++i) {
      const std::string name = ':' + std::string(report_.arguments[i].name);
      const ReportValue& value = bound_.values[i];
      if (report_.arguments[i].kind == ReportArgument::Kind::day)
        bind(name + "_end", std::string_view(value.day_end));
      switch (value.type) {
        case ReportValue::Type::null:
          bind(name, nullptr);
          break;
        case ReportValue::Type::integer:
          bind(name, static_cast<std::int64_t>(value.real));
          break;
        case ReportValue::Type::real:
          bind(name, value.real);
          break;
        case ReportValue::Type::text:
          bind(name, std::string_view(value.text));
          break;
      }
    }
    // Only for the query of stored figures, because a report may have an argument of that name.
    if (&statement == &stored_) bind(":days", has_days_ ? 1 : 0);
  }

  sqlite3* database_;
  const Report& whole_report_;
  const ReportDeclaration& report_;
  Standing standing_;
  KeptColumns keeper_;
  std::string facts_sql_, stored_sql_;
  Statement facts_, stored_, when_;
  ReportValues bound_;
  bool has_days_ = false;  // the stored figures of days can answer
  bool is_whole_ = false;  // how facts_ and stored_ were prepared
  std::optional<Statement::Rows> rows_;
};

[[noreturn]] void missing(const ReportDeclaration& report, const ReportArgument& argument) {
  throw Error(std::string(report.name) + ": " + std::string(argument.name) +
              " is missing; call it as " + call_of(report));
}

// The comparisons that an argument does not answer: its column has the value that it is given, or
// NULL, so that the condition would only leave out all rows.
std::string_view comparison_of(unsigned char op) {
  switch (op) {
    case SQLITE_INDEX_CONSTRAINT_GT:
      return ">";
    case SQLITE_INDEX_CONSTRAINT_GE:
      return ">=";
    case SQLITE_INDEX_CONSTRAINT_LT:
      return "<";
    case SQLITE_INDEX_CONSTRAINT_LE:
      return "<=";
    case SQLITE_INDEX_CONSTRAINT_NE:
      return "<>";
    case SQLITE_INDEX_CONSTRAINT_ISNOT:
      return "IS NOT";
    case SQLITE_INDEX_CONSTRAINT_LIKE:
      return "LIKE";
    case SQLITE_INDEX_CONSTRAINT_GLOB:
      return "GLOB";
    case SQLITE_INDEX_CONSTRAINT_REGEXP:
      return "REGEXP";
    case SQLITE_INDEX_CONSTRAINT_MATCH:
      return "MATCH";
    default:
      return "";
  }
}

constexpr double usual_cost = 10'000, cost_without_arguments = 1e50;

}  // namespace

std::string call_of(const ReportDeclaration& report) {
  std::string call = std::string(report.name) + '(';
  bool optional = false;
  for (const ReportArgument& argument : report.arguments) {
    const bool first = call.ends_with('(');
    if (!argument.is_required && !optional) call += first ? "[" : " [";
    optional = optional || !argument.is_required;
    call += (first ? "" : ", ") + std::string(argument.name);
  }
  return call + (optional ? "])" : ")");
}

std::span<const Report> reports() {
  static const std::vector<Report> all = [] {
    std::vector<Report> list;
    for (const std::string_view text : report_texts())
      list.push_back({ReportDeclaration::parse(text)});
    list.push_back(interval_report());
    list.push_back(explain_report());
    std::sort(list.begin(), list.end(), [](const Report& a, const Report& b) {
      return a.declaration.name < b.declaration.name;
    });
    return list;
  }();
  return all;
}

DocumentedArguments::DocumentedArguments(const ReportDeclaration& report) {
  for (const ReportArgument& each : report.arguments)
    columns.push_back({each.name, each.type, docs_.emplace_back(each.documented())});
}

std::span<const ReportTable> report_tables() {
  static const std::vector<ReportTable> all = [] {
    static std::deque<DocumentedArguments> arguments;
    std::vector<ReportTable> tables;
    for (const Report& report : reports())
      tables.push_back(
          {report.declaration.table(), arguments.emplace_back(report.declaration).columns});
    return tables;
  }();
  return all;
}

std::string ReportModule::ddl(const Report& report) {
  std::string columns;
  for (const ReportArgument& argument : report.declaration.arguments)
    columns += '"' + std::string(argument.name) + "\" HIDDEN, ";
  return "CREATE TABLE x(" + columns + column_list(report.declaration.columns, "") + ")";
}

Risk ReportModule::risk(const Report& report) {
  return report.reads_stored ? Risk::usual : Risk::none;
}

int ReportModule::plan(const Report& report, sqlite3_index_info& info) {
  const auto& arguments = report.declaration.arguments;
  const auto& columns = report.declaration.columns;
  std::vector<int> found(arguments.size(), -1);
  bool must_wait = false, has_conditions = false;
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto& constraint = info.aConstraint[i];
    if (constraint.iColumn < 0) continue;
    const auto argument = static_cast<std::size_t>(constraint.iColumn);
    has_conditions |= argument >= arguments.size() || !arguments[argument].is_required;
    if (argument >= arguments.size()) continue;
    if (const std::string_view comparison = comparison_of(constraint.op); !comparison.empty())
      throw Error(std::string(report.declaration.name) + ": " +
                  std::string(arguments[argument].name) +
                  " is an argument: give it with =, not with " + std::string(comparison) +
                  "; call it as " + call_of(report.declaration));
    if (constraint.op != SQLITE_INDEX_CONSTRAINT_EQ && constraint.op != SQLITE_INDEX_CONSTRAINT_IS)
      continue;
    int& at = found[argument];
    if (constraint.usable == 0)
      must_wait = true;
    else if (at < 0)
      at = i;
  }
  if (must_wait) return SQLITE_CONSTRAINT;
  Plan plan;
  const auto take = [&](int constraint, Plan::Use use) {
    plan.arguments.push_back({use, static_cast<std::size_t>(info.aConstraint[constraint].iColumn)});
    info.aConstraintUsage[constraint].argvIndex = static_cast<int>(plan.arguments.size());
    info.aConstraintUsage[constraint].omit = 1;
  };
  bool is_missing = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (found[i] < 0) {
      if (!arguments[i].is_required) continue;
      // For "WHERE a OR b" SQLite asks for the cost of each side alone, without the arguments. In
      // other cases, filter() reports the missing argument.
      if (!has_conditions) missing(report.declaration, arguments[i]);
      is_missing = true;
      continue;
    }
    take(found[i], Plan::Use::input);
  }
  bool is_looked_up = false;
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto column = static_cast<std::size_t>(std::max(info.aConstraint[i].iColumn, 0));
    if (column < arguments.size() || column - arguments.size() >= columns.size()) continue;
    const Column& compared = columns[column - arguments.size()];
    if (is_time(compared)) {
      if (const auto use = take_time_comparison(info, i)) take(i, *use);
    } else if (report.rows == nullptr && compared.type == "TEXT") {
      const auto use = lookup_use(info, i);
      if (!use) continue;
      take(i, *use);
      info.aConstraintUsage[i].omit = 0;  // a row that is found may differ
      is_looked_up = true;
    }
  }
  info.idxStr = sqlite3_mprintf("%s", plan.write(info.colUsed).c_str());
  if (info.idxStr == nullptr) throw std::bad_alloc();
  info.needToFreeIdxStr = 1;
  // The rows that a join looks up cost little after the first time, but no estimate can say so. SQLite
  // should still begin with the report where it may.
  info.estimatedCost = is_missing ? cost_without_arguments : usual_cost;
  info.estimatedRows = is_looked_up ? 10 : 100;
  return SQLITE_OK;
}

ReportModule::Cursor::~Cursor() {
  end();
  forget();
  if (rows_ != nullptr && kept_.rows == nullptr) kept_.rows = std::move(rows_);
}

void ReportModule::Cursor::filter(const char* plan, std::span<sqlite3_value*> values) {
  end();
  const bool is_same_plan = plan_.written == plan;
  if (!is_same_plan) read_plan(plan);
  const auto& arguments = report_.declaration.arguments;
  std::vector<sqlite3_value*> given(arguments.size(), nullptr);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (plan_.arguments[i].use == Plan::Use::input) given[plan_.arguments[i].column] = values[i];
  for (std::size_t i = 0; i < given.size(); ++i)
    if (given[i] == nullptr && arguments[i].is_required) missing(report_.declaration, arguments[i]);
  read_conditions(values);
  const bool is_repeated = is_same_plan && is_same_call(given);
  if (!is_repeated) {
    call_.reset();
    cannot_keep_ = false;
    take_arguments(given);
  } else if (call_ != nullptr && call_->is_finished() && rows_ != nullptr) {
    if (rows_->keeper()->see_own() == state_) return start_kept();
    call_.reset();
  }
  start(is_repeated);
}

void ReportModule::Cursor::read_plan(const char* plan) {
  plan_ = Plan::read(plan);
  const std::size_t arguments = report_.declaration.arguments.size();
  key_columns_.clear();
  for (const Plan::Argument& each : plan_.arguments) {
    if (each.use != Plan::Use::eq && each.use != Plan::Use::is) continue;
    // Only a report that a user added may have a time in another form.
    const std::size_t column = each.column - arguments;
    if (!is_time(report_.declaration.columns[column]) || report_.definition.empty())
      key_columns_.push_back(column);
  }
}

// The comparisons of times, and the values of the columns that are looked up.
void ReportModule::Cursor::read_conditions(std::span<sqlite3_value*> values) {
  times_.clear();
  keys_.clear();
  arena_.clear();
  cannot_match_ = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Plan::Argument& argument = plan_.arguments[i];
    if (argument.use == Plan::Use::input) continue;
    const std::size_t column = argument.column - report_.declaration.arguments.size();
    const bool is_of_time = is_time(report_.declaration.columns[column]);
    Cell key;
    if (!is_of_time) key = Cell::of(values[i]);
    if (is_of_time) times_.push_back(time_condition(argument, column, values[i]));
    if (argument.use != Plan::Use::eq && argument.use != Plan::Use::is) continue;
    // A time is compared in its canonical form, which the condition has.
    if (is_of_time) {
      if (!report_.definition.empty()) continue;
      key = key_of(times_.back());
      if (key.kind == Cell::Kind::text) key.text = arena_.keep(key.text);
    }
    cannot_match_ = cannot_match_ || (argument.use == Plan::Use::eq && key.is_null());
    keys_.push_back(key);
  }
}

bool ReportModule::Cursor::is_same_call(std::span<sqlite3_value* const> given) const {
  const auto is_same = [](sqlite3_value* a, sqlite3_value* b) {
    if (a == nullptr || b == nullptr) return a == b;
    const Cell left = Cell::of(a), right = Cell::of(b);
    return left.kind == right.kind && (left.is_null() || compare(left, right) == 0);
  };
  return std::equal(given.begin(), given.end(), given_.begin(), given_.end(), is_same);
}

void ReportModule::Cursor::take_arguments(std::span<sqlite3_value* const> given) {
  forget();
  given_.assign(given.size(), nullptr);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] == nullptr) continue;
    given_[i] = sqlite3_value_dup(given[i]);
    if (given_[i] == nullptr) throw std::bad_alloc();
  }
}

// The first time, rows are given as they are found; they are kept meanwhile if the query looks rows
// up, as a join does. If the query asks again before all of them were kept, they are read first.
void ReportModule::Cursor::start(bool is_repeated) {
  const ReportValues arguments = read_arguments(report_.declaration, given_);
  if (rows_ == nullptr) rows_ = std::move(kept_.rows);
  if (rows_ == nullptr || !rows_->is_usable())
    rows_ = report_.rows == nullptr ? std::make_unique<QueryRows>(database_, report_)
                                    : report_.rows(database_);
  call_.reset();
  KeptColumns* const keeper = rows_->keeper();
  if (keeper != nullptr && !cannot_keep_ && (is_repeated || !key_columns_.empty()))
    if (const auto state = keeper->see_own()) {
      ColumnSet used = plan_.columns.without_first(given_.size());
      for (const Plan::Argument& each : plan_.arguments)
        if (each.use != Plan::Use::input) used.add(each.column - given_.size());
      call_ = std::make_unique<KeptRows>(**keeper, report_.declaration.columns, used, key_columns_);
      state_ = *state;
    }
  computed_ = 1;
  is_over_ = !rows_->start(arguments);
  keep_row();
  if (is_repeated && call_ != nullptr) {
    while (!is_over_ && call_ != nullptr) {
      check_stop();
      advance();
    }
    if (call_ != nullptr) return start_kept();
    is_over_ = !rows_->start(arguments);
  }
  pass_over();
}

void ReportModule::Cursor::start_kept() {
  rows_->end();
  is_reading_kept_ = true;
  found_.reset();
  if (cannot_match_)
    found_.emplace();
  else
    found_ = call_->find(keys_);
  at_ = 0;
  is_over_ = at_ == (found_ ? found_->size() : call_->count());
  pass_over();
}

void ReportModule::Cursor::next() {
  advance();
  pass_over();
}

void ReportModule::Cursor::advance() {
  if (is_reading_kept_) {
    is_over_ = ++at_ == (found_ ? found_->size() : call_->count());
    return;
  }
  ++computed_;
  is_over_ = !rows_->next();
  keep_row();
}

void ReportModule::Cursor::keep_row() {
  if (call_ == nullptr) return;
  const auto cell_of = [&](std::size_t column) { return rows_->cell(static_cast<int>(column)); };
  if (is_over_ ? call_->finish() : call_->add(cell_of)) return;
  call_.reset();
  cannot_keep_ = true;
}

// Rows that fail a comparison of a time.
void ReportModule::Cursor::pass_over() {
  while (!is_over_ && !passes()) {
    check_stop();
    advance();
  }
}

bool ReportModule::Cursor::passes() {
  return std::all_of(times_.begin(), times_.end(), [&](const TimeCondition& condition) {
    const Value cell = value(condition.column);
    // Only a report that a user added may have a time in another form.
    const auto time =
        report_.definition.empty() ? std::nullopt : parse_time(cell.as_text(), Zone());
    if (!time) return condition.holds(cell);
    const std::string canonical = format_time(time->instant);
    return condition.holds(Value::text(canonical));
  });
}

Value ReportModule::Cursor::value(std::size_t column) {
  if (!is_reading_kept_) return rows_->value(static_cast<int>(column));
  arena_.clear();
  return call_->cell(kept_row(), column, arena_).value();
}

void ReportModule::Cursor::column(sqlite3_context* context, int index) {
  const auto arguments = static_cast<int>(given_.size());
  if (index < arguments) {
    if (sqlite3_value* const given = given_[static_cast<std::size_t>(index)]; given != nullptr)
      sqlite3_result_value(context, given);
  } else if (is_reading_kept_) {
    set_result(context, value(static_cast<std::size_t>(index - arguments)));
  } else {
    rows_->column(context, index - arguments);
  }
}

void ReportModule::Cursor::end() noexcept {
  if (rows_ != nullptr) rows_->end();
  is_reading_kept_ = false;
  is_over_ = true;
}

void ReportModule::Cursor::forget() noexcept {
  for (sqlite3_value* const each : given_) sqlite3_value_free(each);
  given_.clear();
}

}  // namespace cdr::ext
