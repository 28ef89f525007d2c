// The content of `cdr report` for a period: the answers of src/cli/page/data.sql, and two ways to
// show them, as a page or as the main figures on a terminal.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cli/commands.hpp"

namespace cdr::cli {

using OrderedJson = nlohmann::ordered_json;

// The period, in canonical UTC, and the earlier ones that it is compared with ("" = none).
struct ReportPeriod {
  std::string from, to;
  std::string before_from, before_to;  // equally long, directly before
  std::string week_from, week_to;      // a week earlier, if the period is shorter than a week
  std::string zone;
  std::string interval;  // for charts over time
  double days = 0;
};

// Throws Failure that names the wrong option.
ReportPeriod period_of(SQLite::Database& database, const ReportOptions& options);

// {"meta": {…}, "tables": {"queues": {"columns": […], "rows": [[…]…]}…}, "timelines": [[…]…]}
OrderedJson answers(SQLite::Database& database, const std::string& path,
                    const ReportOptions& options, const ReportPeriod& period);

// A table of the answers.
class Answer {
 public:
  Answer(const OrderedJson& all, const char* name);
  std::size_t size() const { return rows_.size(); }
  const OrderedJson& at(std::size_t row, std::string_view column) const;
  std::int64_t count(std::size_t row, std::string_view column) const;  // 0 if it is not known

 private:
  const OrderedJson& columns_;
  const OrderedJson& rows_;
};

// The whole page. `language`: "" if the reader's browser decides.
std::string page_of(const OrderedJson& all, const std::string& language);

// The main figures, in lines of at most `width` columns, or 40 if that is more.
std::string report_text(const OrderedJson& all, const std::string& language, std::size_t width,
                        bool colours);

// Writes the page of a period to `out`; returns the answers that it shows.
OrderedJson write_page(SQLite::Database& database, const std::string& path,
                       const ReportOptions& options, const std::string& out);

// The page's words in all languages of words.json, and the language of the user's environment.
const OrderedJson& page_words();
std::string language_of_environment();

}  // namespace cdr::cli
