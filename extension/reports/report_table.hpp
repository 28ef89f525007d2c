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
#include "extension/columns/kept_rows.hpp"
#include "extension/columns/watch.hpp"
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
  // For a report whose rows may be kept, because they depend on the file alone: the file's state,
  // and the memory to keep them in.
  virtual KeptColumns* keeper() { return nullptr; }
  // The value, if there is a keeper.
  virtual Cell cell(int) { return {}; }
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
    // A row's number among all rows of the call, whichever of them are looked up: SQLite notes by it
    // which rows a FULL JOIN has matched.
    std::int64_t rowid() const {
      return is_reading_kept_ ? static_cast<std::int64_t>(kept_row()) + 1 : computed_;
    }
    void end() noexcept;

   private:
    bool is_same_call(std::span<sqlite3_value* const> given) const;
    void take_arguments(std::span<sqlite3_value* const> given);
    void forget() noexcept;
    void read_plan(const char* plan);
    void read_conditions(std::span<sqlite3_value*> values);
    void start(bool is_repeated);
    void start_kept();
    void advance();
    void keep_row();
    void pass_over();
    bool passes();
    Value value(std::size_t column);
    std::size_t kept_row() const { return found_ ? (*found_)[at_].second : at_; }

    const Report& report_;
    sqlite3* database_;
    Kept& kept_;
    std::unique_ptr<ReportRows> rows_;
    Plan plan_;  // the last one: the inner loop of a join has the same each time
    std::vector<sqlite3_value*> given_;  // copies of the arguments, null if one is missing
    std::vector<TimeCondition> times_;   // that rows must meet

    // The rows of the call, if it is made several times.
    std::unique_ptr<KeptRows> call_;
    FileState state_;                       // of the file from which they were read
    std::vector<std::size_t> key_columns_;  // that the plan looks up
    std::vector<Cell> keys_;                // their values; valid during filter()
    bool cannot_match_ = false;             // one of them equals nothing
    bool cannot_keep_ = false;
    bool is_reading_kept_ = false;
    std::optional<std::span<const KeptRows::Found>> found_;  // rows to read; nullopt: all
    std::size_t at_ = 0;                                     // in found_, or of all
    Arena arena_;

    std::int64_t computed_ = 0;  // rows so far
    bool is_over_ = true;
  };
};

}  // namespace cdr::ext
