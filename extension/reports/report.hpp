// A report: a table-valued function that one .sql file of sql/reports/ declares and answers. The
// comment at the top of the file is the declaration:
//
//   -- service_levels: one row per variant of the service level, with what it counts
//   --
//   -- argument from, to
//   -- argument by 'outcome' | 'direction' = 'outcome': what the rows are about
//   -- argument days WHOLE = 7: within how many days
//   -- column variant TEXT: its name
//   -- column vendor, source
//
//   SELECT … FROM queue_visit WHERE enqueue_time >= :from AND enqueue_time < :to
//
// A line that begins with more blanks continues the line before. Names without a type refer to
// sql/reports/common.sql, which declares the arguments and columns that many reports share.
//
// Types of arguments, and the values that the query receives:
//   TIME      a time that cdr_time reads, or a date of the zone: in UTC, in canonical form
//   DAY       the same; :name is the start of that day in the zone, :name_end that of the next
//   ZONE      a time zone's name
//   INTERVAL  '15m', … as cdr_intervals takes it
//   NUMBER    a number from 0; WHOLE: a whole one
//   TEXT      anything, as text
//   a choice, 'a' | 'b': one of these words
// An argument with a default (= …) may be left out, or be NULL. An argument of type ZONE sets the
// zone in which the others are read. A default of TIME or DAY can only be NULL.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/interval.hpp"
#include "extension/binding/value.hpp"
#include "model/table.hpp"

namespace cdr::ext {

struct ReportArgument {
  enum class Kind : unsigned char { time, day, zone, interval, number, whole, text, choice };
  std::string_view name, type, doc;
  Kind kind = Kind::text;
  std::vector<std::string_view> choices;
  bool is_required = true;
  std::string_view otherwise;  // the default; "" = NULL
  // The meaning, and the default.
  std::string documented() const;
};

struct ReportDeclaration {
  std::string_view name, grain;
  std::vector<ReportArgument> arguments;
  std::vector<Column> columns;
  std::string_view query;  // what follows the declaration
  std::string_view when;   // in a query of stored figures: which arguments it can answer
  // The declaration's lines as they are read: most of the above points into them.
  std::shared_ptr<std::deque<std::string>> lines;

  // Throws Error that names the report and the line. `text` must outlive the declaration.
  static ReportDeclaration parse(std::string_view text);
  Table table() const { return {name, "", grain, columns}; }
};

// The embedded files of sql/reports/: reports, their common declarations, and parts of queries. A
// file of stored/ answers a report from stored figures. Its declaration has the report's name and a
// line 'when EXPRESSION' (which arguments it can answer), and its query continues with the report's
// query from the line '-- ==== The rows' on.
std::span<const std::string_view> report_texts();
std::string_view common_report_text();
std::span<const std::string_view> report_part_texts();
std::span<const std::string_view> stored_report_texts();

// The query as it is run. A stored table's name means the table of main. A model table's name means
// the rows that libcdr stores for it, not an object of that name in the file. A name of
// sql/reports/parts/ means the query in that file.
std::string query_of(const ReportDeclaration& report);

// The value of a report's argument.
struct ReportValue {
  enum class Type : unsigned char { null, integer, real, text } type = Type::null;
  double real = 0;
  std::string text;     // canonical
  std::string day_end;  // of a DAY
  std::optional<Instant> instant;
};
struct ReportValues {
  std::vector<ReportValue> values;  // one for each argument
  Zone zone;
};
// Reads the arguments of a call: `given[i]` is null if an argument is missing. Throws Error, which
// lists the valid choices.
ReportValues read_arguments(const ReportDeclaration& report,
                            const std::vector<sqlite3_value*>& given);

}  // namespace cdr::ext
