// cdr_explain: how a figure is computed.
#include "core/error.hpp"
#include "extension/reports/report_table.hpp"
#include "model/metrics/definition.hpp"

namespace cdr::ext {
namespace {

constexpr std::string_view explain_declaration = R"(
-- cdr_explain: one row per variant of a figure: what it means, how it is computed, and the query that gives it
-- argument metric TEXT = NULL: a figure's name, or the column of a report that shows it; if left out, all figures that have a formula
-- column figure TEXT: the figure; for a column that is only described, the column
-- column variant TEXT: the variant's name; for a column that is only described, the report
-- column unit TEXT: ratio (0 to 1), seconds or count; NULL for a column that is not a figure
-- column formula TEXT: A answered, B abandoned, O offered, S abandoned within the short time, R all that left the queue; _T those within the threshold of T seconds;
--   NULL for a column that is only described
-- column doc TEXT: what it counts, in words
-- column column_name TEXT: the column that shows it in reports
-- column query TEXT: a query that gives it, for a period of your own
)";

bool is_called(const MetricDefinition& definition, std::string_view name) {
  return definition.metric == name || definition.column == name;
}

constexpr std::string_view seconds_end = "_seconds";

// A column that has no definition, as the reports describe it.
struct Described {
  MetricDefinition row;
  std::string query;
};
std::string_view unit_of(const Column& column) {
  if (column.name.ends_with(seconds_end)) return "seconds";
  return column.type == "INTEGER" ? "count" : "";
}
std::deque<Described> described(std::string_view name) {
  std::deque<Described> found;
  for (const Report& report : reports())
    for (const Column& column : report.declaration.columns) {
      if (report.rows != nullptr || column.name != name) continue;
      Described& each = found.emplace_back();
      each.query = "SELECT " + std::string(name) + " FROM " + call_of(report.declaration);
      each.row = {name, report.declaration.name, unit_of(column), "", column.doc, name, each.query};
    }
  return found;
}

class Explanations : public ReportRows {
 public:
  bool start(const ReportValues& values) override {
    const ReportValue& metric = values.values[0];
    name_ = metric.text;
    at_ = 0;
    rows_.clear();
    for (const MetricDefinition& each : metric_definitions())
      if (metric.type == ReportValue::Type::null || is_called(each, name_)) rows_.push_back(each);
    if (rows_.empty()) described_ = described(name_);
    if (rows_.empty())
      for (const Described& each : described_) rows_.push_back(each.row);
    if (!rows_.empty()) return true;
    std::string known;
    std::string_view last;
    for (const MetricDefinition& each : metric_definitions()) {
      if (each.metric != last) known += (known.empty() ? "" : ", ") + std::string(each.metric);
      last = each.metric;
    }
    throw Error("cdr_explain: no figure and no column of a report has that name; there are " +
                    known + ", and the columns of reports in cdr_columns",
                ErrorCode::mismatch);
  }
  bool next() override { return ++at_ < rows_.size(); }
  Value value(int column) override {
    const MetricDefinition& row = rows_[at_];
    const std::string_view cells[] = {row.metric, row.variant, row.unit, row.formula,
                                      row.doc,    row.column,  row.query};
    const std::string_view cell = cells[column];
    return cell.empty() ? Value() : Value::text(cell);
  }

 private:
  std::string name_;
  std::deque<Described> described_;
  std::vector<MetricDefinition> rows_;
  std::size_t at_ = 0;
};

}  // namespace

Report explain_report() {
  return {ReportDeclaration::parse(explain_declaration),
          [](sqlite3*) { return std::unique_ptr<ReportRows>(std::make_unique<Explanations>()); },
          false};
}

}  // namespace cdr::ext
