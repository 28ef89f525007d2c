// The plan that xBestIndex makes and xFilter reads, as the text that SQLite carries between them:
// the used columns, the meaning of each argument, and the wanted order.
//
// With an input, a table reads all of it, and conditions only let it leave out rows early. Without
// an input, it reads the warehouse: a table of the model passes the conditions on to its stored
// table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/sqlite.hpp"
#include "reading/rows.hpp"

namespace cdr::ext {

struct Plan {
  enum class Use : char {
    input = 'i',  // of a report, any of its arguments
    filter = 'f',
    eq = '=',
    lt = '<',
    le = '{',
    gt = '>',
    ge = '}',
    is = 's',
    is_null = 'n',
    in = 'e',  // eq with any of several values: the argument is all of them
  };
  struct Argument {
    Use use;
    std::size_t column;
    // The value is a constant that the query itself writes, so the type of the comparison depends
    // on the value alone.
    bool literal = false;
  };
  struct Order {
    std::size_t column;
    bool descending;
  };
  ColumnSet columns;
  std::vector<Argument> arguments;  // in xFilter's order
  std::vector<Order> order;         // of the rows; empty: any
  bool scans = false;               // no index finds few rows: it reads all of them, or a range
  bool is_indexed = false;          // some index has the order
  bool is_limited = false;          // the query may ask for fewer rows than there are
  bool reads_few = false;           // few of the rows that it goes through, as with an OFFSET
  bool is_grouped = false;          // the order serves only to have equal rows together
  bool is_distinct = false;  // one of the rows that are equal in the columns of the order is enough
  std::string written;       // as SQLite carries it

  static Plan read(const char* text);
  std::string write(std::uint64_t columns_used) const;
};

// SQLite reports the use of single columns, arguments included, only below this number. The columns
// from here on are reported as a whole.
inline constexpr std::size_t columns_told = 63;

// The properties of a table that a plan depends on.
struct PlanRequest {
  std::size_t columns = 0;      // of the SQL table, arguments included
  int input = -1, filter = -1;  // hidden argument columns; -1 = none
  // The table's own columns, without its arguments: how a column compares depends on its type.
  std::span<const Column> declared = {};
  // For a table of the model: its stored table answers if there is no input.
  const Table* stored = nullptr;
};
// Fills `info`. Returns SQLITE_CONSTRAINT if there is an input that is not usable yet.
int make_plan(const PlanRequest& request, sqlite3_index_info& info);

// How a constraint compares a column that is a time, in a way that the table itself applies,
// because SQLite would compare the texts; nullopt: it is left to SQLite. All values of an IN are
// asked for as one argument.
std::optional<Plan::Use> take_time_comparison(sqlite3_index_info& info, int constraint);

// How a constraint compares a column with a value that the query does not write itself, by = or IS
// and byte by byte; nullopt: in another way, or with one of several.
std::optional<Plan::Use> lookup_use(sqlite3_index_info& info, int constraint);

// The SQL operator of a comparison; "" for other uses.
std::string_view sql_operator(Plan::Use use);

}  // namespace cdr::ext
