// The plan that xBestIndex makes and xFilter reads, as the text that SQLite carries between them:
// the used columns, the meaning of each argument, and the wanted order.
//
// A table with an input reads all of it, and conditions only let rows be left out early.
// Without an input it reads the warehouse: a table of the model passes the conditions on to its
// stored table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/sqlite.hpp"
#include "reading/rows.hpp"

namespace cdr::ext {

struct Plan {
  enum class Use : char {
    input = 'i',
    filter = 'f',
    eq = '=',
    ne = '!',
    lt = '<',
    le = '{',
    gt = '>',
    ge = '}',
    is = 's',
    is_not = 't',
    is_null = 'n',
    is_not_null = 'm',
    in = 'e',  // eq with any of several values: the argument is all of them
  };
  struct Argument {
    Use use;
    std::size_t column;
    // The comparison is with a constant that the query itself writes, so its type is known to be
    // that of the value alone.
    bool literal = false;
  };
  struct Order {
    std::size_t column;
    bool descending;
  };
  ColumnSet columns;
  std::vector<Argument> arguments;  // in xFilter's order
  std::vector<Order> order;         // that the rows must come in; empty = any
  bool scans = false;        // no index finds few rows for it: it reads all of them, or a range
  bool is_indexed = false;   // some index has the order
  bool is_limited = false;   // fewer rows than there are may be asked for
  bool is_grouped = false;   // the order serves only to have equal rows together
  bool is_distinct = false;  // of rows that are equal in the columns of the order, one is enough
  std::string written;       // as SQLite carries it

  static Plan read(const char* text);
  std::string write(std::uint64_t columns_used) const;
};

// SQLite reports the columns that a query uses one by one only up to here, arguments among them,
// and those from here on as a whole.
inline constexpr std::size_t columns_told = 63;

// The properties of a table that a plan depends on.
struct PlanRequest {
  std::size_t columns = 0;      // of the SQL table, arguments among them
  int input = -1, filter = -1;  // hidden argument columns; -1 = none
  // Of the table, its arguments not counted: how a column compares depends on its type.
  std::span<const Column> declared = {};
  // Of a table of the model, which its stored table answers when there is no input.
  const Table* stored = nullptr;
};
// Fills `info`. SQLITE_CONSTRAINT if there is an input that is not usable yet.
int make_plan(const PlanRequest& request, sqlite3_index_info& info);

// The SQL operator of a comparison; "" for other uses.
std::string_view sql_operator(Plan::Use use);

}  // namespace cdr::ext
