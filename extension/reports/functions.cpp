// The functions that add reports to a warehouse and offer them.
#include "extension/binding/function.hpp"
#include "extension/reports/added.hpp"
#include "json/document/writer.hpp"

namespace cdr::ext {
namespace {

void cdr_report_add(Call& call) {
  if (!call[0].is_text() && !call[0].is_blob())
    throw Error(
        "cdr_report_add: expected the text of a report, as in "
        "cdr_report_add(readfile('late_calls.sql'))",
        ErrorCode::mismatch);
  call.text(add_report(call.database(), call[0].bytes()));
}

void cdr_report_load(Call& call) {
  JsonWriter json;
  json.begin_list();
  for (const std::string& each : load_reports(call.database())) json.value(each);
  json.end_list();
  call.json(json.text());
}

constexpr Function report_list[] = {
    {"cdr_report_load", 0, 0, "cdr_report_load()",
     "checks the reports in report_definition of the warehouse in main as cdr_report_add does, "
     "then offers them to this connection as long as main holds them; gives the calls of these "
     "reports as a JSON list. Without this function they are not offered, since the file may come "
     "from somebody else",
     "cdr_report_load()", "[]", Effect::sets, cdr_report_load},
    {"cdr_report_add", 1, 1, "cdr_report_add(text)",
     "adds a report of your own to the warehouse in main: a table-valued function that SQL text "
     "declares and answers, as in sql/reports/*.sql. Checks it, stores it in report_definition "
     "(replacing one of the same name), offers it to this connection, and gives its call. The "
     "query must be one SELECT that only reads and computes",
     "cdr_report_add('-- days: one row per day' || char(10) || '-- column day TEXT: the day' || "
     "char(10) || 'SELECT DISTINCT day FROM queue_day')",
     "days()", Effect::writes, cdr_report_add},
};

}  // namespace

std::span<const Function> report_functions() {
  return report_list;
}

}  // namespace cdr::ext
