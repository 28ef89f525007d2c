#include "extension/reports/report_table.hpp"

#include <algorithm>

#include "extension/binding/catalog.hpp"
#include "extension/binding/statement.hpp"
#include "extension/tables/json_table.hpp"
#include "extension/tables/standing.hpp"
#include "extension/warehouse/facts/figures.hpp"
#include "extension/warehouse/schema/schema.hpp"

namespace cdr::ext {
namespace {

class QueryRows : public ReportRows {
 public:
  QueryRows(sqlite3* database, const ReportDeclaration& report)
      : QueryRows(database, report, query_of(report)) {}

  bool start(const ReportValues& values) override {
    rows_.reset();
    bound_ = values;
    for (std::size_t i = 0; i < report_.arguments.size(); ++i) {
      const std::string name = ':' + std::string(report_.arguments[i].name);
      const ReportValue& value = bound_.values[i];
      if (report_.arguments[i].kind == ReportArgument::Kind::day)
        bind(name + "_end", [&](int at) { statement_.bind(at, value.day_end); });
      bind(name, [&](int at) {
        switch (value.type) {
          case ReportValue::Type::null:
            return statement_.bind(at, nullptr);
          case ReportValue::Type::integer:
            return statement_.bind(at, static_cast<std::int64_t>(value.real));
          case ReportValue::Type::real:
            return statement_.bind(at, value.real);
          case ReportValue::Type::text:
            return statement_.bind(at, value.text);
        }
      });
    }
    bind(":stored_figures", [&](int at) {
      statement_.bind(at, static_cast<int>(stored_figures(database_, bound_.zone)));
    });
    rows_.emplace(statement_.query());
    return rows_->next();
  }
  bool next() override { return rows_->next(); }
  void column(sqlite3_context* context, int column) override {
    sqlite3_result_value(context, rows_->raw(column));
  }
  void end() noexcept override { rows_.reset(); }
  bool is_usable() override { return standing_.holds(); }

 private:
  QueryRows(sqlite3* database, const ReportDeclaration& report, const ReportQuery& query)
      : database_(database),
        report_(of_warehouse(database, report)),
        standing_(database, query.tables, report.name),
        statement_(database, query.sql) {}

  // Without a warehouse, it says so as a report would: it takes no JSON.
  static const ReportDeclaration& of_warehouse(sqlite3* database, const ReportDeclaration& report) {
    require_tables(database, report.name);
    return report;
  }

  // A query need not use every argument.
  template <class Bind>
  void bind(const std::string& name, const Bind& bind) const {
    if (const int at = statement_.parameter(name.c_str()); at != 0) bind(at);
  }

  sqlite3* database_;
  const ReportDeclaration& report_;
  Standing standing_;
  Statement statement_;
  ReportValues bound_;
  std::optional<Statement::Rows> rows_;
};

[[noreturn]] void missing(const ReportDeclaration& report, const ReportArgument& argument) {
  throw Error(std::string(report.name) + ": " + std::string(argument.name) +
              " is missing; call it as " + call_of(report));
}

constexpr char first_argument = 'A';  // in a plan: a letter for each that is given
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
  return report.rows == nullptr ? Risk::usual : Risk::none;
}

int ReportModule::plan(const Report& report, sqlite3_index_info& info) {
  const auto& arguments = report.declaration.arguments;
  std::vector<int> found(arguments.size(), -1);
  bool must_wait = false, has_conditions = false;
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto& constraint = info.aConstraint[i];
    has_conditions |= constraint.iColumn >= static_cast<int>(arguments.size());
    if (constraint.iColumn < 0 || constraint.iColumn >= static_cast<int>(arguments.size()) ||
        constraint.op != SQLITE_INDEX_CONSTRAINT_EQ)
      continue;
    int& at = found[static_cast<std::size_t>(constraint.iColumn)];
    if (constraint.usable == 0)
      must_wait = true;
    else if (at < 0)
      at = i;
  }
  if (must_wait) return SQLITE_CONSTRAINT;
  std::string plan;
  bool is_missing = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (found[i] < 0) {
      if (!arguments[i].is_required) continue;
      // For "WHERE a OR b" SQLite asks what each side costs by itself, and leaves the arguments
      // out. If it was not for that, filter() says it.
      if (!has_conditions) missing(report.declaration, arguments[i]);
      is_missing = true;
      continue;
    }
    plan += static_cast<char>(first_argument + i);
    auto& usage = info.aConstraintUsage[found[i]];
    usage.argvIndex = static_cast<int>(plan.size());
    usage.omit = 1;
  }
  info.idxStr = sqlite3_mprintf("%s", plan.c_str());
  if (info.idxStr == nullptr) throw std::bad_alloc();
  info.needToFreeIdxStr = 1;
  info.estimatedCost = is_missing ? cost_without_arguments : usual_cost;
  info.estimatedRows = 100;
  return SQLITE_OK;
}

ReportModule::Cursor::~Cursor() {
  forget();
  if (rows_ != nullptr && kept_.rows == nullptr) kept_.rows = std::move(rows_);
}

void ReportModule::Cursor::filter(const char* plan, std::span<sqlite3_value*> values) {
  forget();
  given_.assign(report_.declaration.arguments.size(), nullptr);
  for (std::size_t i = 0; i < values.size(); ++i) {
    sqlite3_value* const copy = sqlite3_value_dup(values[i]);
    if (copy == nullptr) throw std::bad_alloc();
    given_[static_cast<std::size_t>(plan[i] - first_argument)] = copy;
  }
  for (std::size_t i = 0; i < given_.size(); ++i)
    if (given_[i] == nullptr && report_.declaration.arguments[i].is_required)
      missing(report_.declaration, report_.declaration.arguments[i]);
  const ReportValues arguments = read_arguments(report_.declaration, given_);
  if (rows_ == nullptr) rows_ = std::move(kept_.rows);
  if (rows_ == nullptr || !rows_->is_usable())
    rows_ = report_.rows == nullptr ? std::make_unique<QueryRows>(database_, report_.declaration)
                                    : report_.rows();
  rowid_ = 1;
  is_over_ = !rows_->start(arguments);
}

void ReportModule::Cursor::next() {
  ++rowid_;
  is_over_ = !rows_->next();
}

void ReportModule::Cursor::column(sqlite3_context* context, int index) {
  const auto arguments = static_cast<int>(given_.size());
  if (index >= arguments) return rows_->column(context, index - arguments);
  if (sqlite3_value* const given = given_[static_cast<std::size_t>(index)]; given != nullptr)
    sqlite3_result_value(context, given);
}

void ReportModule::Cursor::end() noexcept {
  if (rows_ != nullptr) rows_->end();
  is_over_ = true;
}

void ReportModule::Cursor::forget() noexcept {
  end();
  for (sqlite3_value* const each : given_) sqlite3_value_free(each);
  given_.clear();
}

}  // namespace cdr::ext
