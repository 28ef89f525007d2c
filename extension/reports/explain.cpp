// cdr_explain: how a figure is computed.
#include "core/error.hpp"
#include "extension/reports/report_table.hpp"
#include "model/metrics/definition.hpp"

namespace cdr::ext {
namespace {

constexpr std::string_view explain_declaration = R"(
-- cdr_explain: one row per variant of a figure: what it means, how it is computed, and what gives it
-- argument metric TEXT = NULL: a figure's name, or the column of a report that shows it; left out, all of them
-- column figure TEXT: the figure
-- column variant TEXT: the variant's name
-- column unit TEXT: ratio (0 to 1), seconds or count
-- column formula TEXT: A answered, B abandoned, O offered, S abandoned within the short time, R all that left the queue; _T those
--   within the threshold of T seconds
-- column doc TEXT: what it counts, in words
-- column column_name TEXT: the column of reports that show it
-- column query TEXT: what gives it, for a period of your own
)";

bool is_called(const MetricDefinition& definition, std::string_view name) {
  return definition.metric == name || definition.column == name;
}

class Explanations : public ReportRows {
 public:
  bool start(const ReportValues& values) override {
    const ReportValue& metric = values.values[0];
    name_ = metric.text;
    is_all_ = metric.type == ReportValue::Type::null;
    at_ = 0;
    if (find()) return true;
    std::string known;
    std::string_view last;
    for (const MetricDefinition& each : metric_definitions()) {
      if (each.metric != last) known += (known.empty() ? "" : ", ") + std::string(each.metric);
      last = each.metric;
    }
    throw Error("cdr_explain: no figure has that name; there are " + known, ErrorCode::mismatch);
  }
  bool next() override {
    ++at_;
    return find();
  }
  void column(sqlite3_context* context, int column) override {
    const MetricDefinition& row = metric_definitions()[at_];
    const std::string_view cells[] = {row.metric, row.variant, row.unit, row.formula,
                                      row.doc,    row.column,  row.query};
    const std::string_view cell = cells[column];
    sqlite3_result_text(context, cell.data(), static_cast<int>(cell.size()), SQLITE_STATIC);
  }

 private:
  bool find() {
    const auto all = metric_definitions();
    while (at_ < all.size() && !is_all_ && !is_called(all[at_], name_)) ++at_;
    return at_ < all.size();
  }

  std::string name_;
  bool is_all_ = false;
  std::size_t at_ = 0;
};

}  // namespace

Report explain_report() {
  return {ReportDeclaration::parse(explain_declaration),
          [] { return std::unique_ptr<ReportRows>(std::make_unique<Explanations>()); }};
}

}  // namespace cdr::ext
