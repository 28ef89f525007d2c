// Reports as virtual tables. Their arguments are hidden columns, so that
//
//   SELECT * FROM queue_report('2024-05-01', '2024-06-01', '1d', 'Europe/Prague');
//
// is SELECT * FROM queue_report WHERE "from" = '2024-05-01' AND …, which also works in a join.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>

#include "extension/binding/module.hpp"
#include "extension/binding/value.hpp"
#include "extension/reports/report.hpp"
#include "extension/tables/plan.hpp"

namespace cdr::ext {

// The rows of a call.
class ReportRows {
 public:
  virtual ~ReportRows() = default;
  // Starts over; returns whether there is a row.
  virtual bool start(const ReportValues& values) = 0;
  virtual bool next() = 0;
  // Valid until the next row or call.
  virtual Value value(int column) = 0;
  virtual void column(sqlite3_context* context, int column) { set_result(context, value(column)); }
  // The call is over: releases running statements.
  virtual void end() noexcept {}
  // Whether another call may start, some time later; false: the file has changed since, and new
  // rows must be made.
  virtual bool is_usable() { return true; }
};

// How to call a report: 'queue_report(from, to [, interval, …])'.
std::string call_of(const ReportDeclaration& report);

// A report's arguments as the catalog shows them.
class DocumentedArguments {
 public:
  explicit DocumentedArguments(const ReportDeclaration& report);
  std::vector<Column> columns;

 private:
  std::deque<std::string> docs_;
};

struct Report {
  ReportDeclaration declaration;
  // For a report that is not a query.
  std::unique_ptr<ReportRows> (*rows)(sqlite3* database) = nullptr;
  bool reads_stored = true;
  // For a report that a user added: its text as report_definition must hold it.
  std::string_view definition = {};
};
// All reports, in the order of their names.
std::span<const Report> reports();

// Tables for the queries of reports only. No catalog lists them.
std::span<const Report> internal_reports();

// cdr_intervals, and cdr_explain.
Report interval_report();
Report explain_report();

struct ReportModule {
  using Declaration = Report;
  static std::string ddl(const Report& report);
  static Risk risk(const Report& report);
  static int plan(const Report& report, sqlite3_index_info& info);

  // The last prepared query: preparing another one takes longer than many answers.
  struct Kept {
    explicit Kept(sqlite3*) {}
    std::unique_ptr<ReportRows> rows;
  };
  class Cursor {
   public:
    Cursor(const Report& report, sqlite3* database, Kept& kept)
        : report_(report), database_(database), kept_(kept) {}
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    void filter(const char* plan, std::span<sqlite3_value*> values);
    bool eof() const { return is_over_; }
    void next();
    void column(sqlite3_context* context, int index);
    std::int64_t rowid() const { return rowid_; }
    void end() noexcept;

   private:
    void forget() noexcept;
    void pass_over();
    bool passes() const;

    const Report& report_;
    sqlite3* database_;
    Kept& kept_;
    std::unique_ptr<ReportRows> rows_;
    Plan plan_;  // the last one: the inner loop of a join has the same each time
    std::vector<sqlite3_value*> given_;  // copies of the arguments, null if one is missing
    std::vector<TimeCondition> times_;   // that rows must meet
    std::int64_t rowid_ = 0;
    bool is_over_ = true;
  };
};

}  // namespace cdr::ext
