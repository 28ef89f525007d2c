// The rows of every table that reads JSON, one at a time: the basis of the extension's cursors.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/value.hpp"
#include "json/input/source.hpp"
#include "model/tables.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// A comparison that the caller checks again. Rows that certainly fail it may be left out.
struct Condition {
  enum class Op : std::uint8_t { eq, lt, le, gt, ge } op = Op::eq;
  std::size_t column = 0;
  std::variant<std::int64_t, std::string> operand;

  bool may_hold(const Value& cell) const;
};

// A comparison with a TIMESTAMP column, which the caller does not check again. A text that can be
// read as a time is compared as an instant, whatever its form.
struct TimeCondition {
  Condition::Op op = Condition::Op::eq;
  std::size_t column = 0;
  // The comparison holds if it holds for any operand; only `eq` has several. As in SQLite, a number
  // is less than every text, and a BLOB is greater.
  struct Operand {
    enum class Kind : std::uint8_t { null, number, text, blob } kind = Kind::null;
    std::string text;  // canonical if it is a time
    double number = 0;
  };
  std::vector<Operand> operands;

  bool holds(const Value& cell) const;
};

struct RowQuery {
  ColumnSet columns = ColumnSet::all();
  std::vector<Condition> conditions;
  std::vector<TimeCondition> times;
  std::string filter;  // cdr_dialog's second argument; "" = none

  // The columns of the conditions.
  ColumnSet compared() const;
  // Whether a row, in which these columns are made, passes the conditions.
  bool may_hold(std::span<const Value> row) const;
};

class RowStream {
 public:
  virtual ~RowStream() = default;
  virtual bool next() = 0;
  // The current row, a value per column of the table; columns that the query does not use may be
  // NULL.
  virtual std::span<const Value> row() const = 0;
};

// A table's declaration, and the way its rows are made. json_tables() lists the tables of the model
// and of every vendor.
struct JsonTable {
  Table table;
  std::size_t hidden = 0;  // number of last columns that SELECT * leaves out: the row's origin
  const Vendor* vendor = nullptr;  // of a vendor table
  const VendorTable* vendor_table = nullptr;
  std::optional<Model> model;  // of a model table

  std::unique_ptr<RowStream> open(std::shared_ptr<const Source> source, RowQuery query) const;
};
std::span<const JsonTable> json_tables();

// The rows of a vendor's table, record by record: for callers that supply the records.
class RecordRows {
 public:
  // `table` must be a vendor's table, and must outlive this object.
  RecordRows(const JsonTable& table, RowQuery query);
  ~RecordRows();
  RecordRows(const RecordRows&) = delete;
  RecordRows& operator=(const RecordRows&) = delete;

  // Begins a record of this table's vendor. The record must outlive its rows.
  void read(const Record& record);
  // Goes to the record's next row; false if it has no more.
  bool next();
  std::span<const Value> row() const;
  // The row's place among all rows of its record, whichever of them pass the query's conditions.
  std::size_t place() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Finds everything that is wrong with the source, in the source's order: the rows of
// `cdr_problems`. Keeps only the problems of one record, and of the bytes between it and the
// previous one that cannot be split into records.
class ProblemReader {
 public:
  explicit ProblemReader(std::shared_ptr<const Source> source);
  ~ProblemReader();
  ProblemReader(const ProblemReader&) = delete;
  ProblemReader& operator=(const ProblemReader&) = delete;
  // The next problems, at least one; empty: there are no more. Valid until the next call.
  std::span<const Problem> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};
// All problems of the source at once.
std::vector<Problem> problems_of(const Source& source);

}  // namespace cdr
