#include "extension/tables/plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "core/error.hpp"
#include "extension/warehouse/schema/layout.hpp"

namespace cdr::ext {
namespace {

using Use = Plan::Use;
using Constraint = sqlite3_index_info::sqlite3_index_constraint;

struct SqlOperator {
  unsigned char op;  // SQLITE_INDEX_CONSTRAINT_…
  Use use;
  std::string_view sql;
};
// Without <>, IS NOT and IS NOT NULL: SQLite (3.40 at least) offers those of a LEFT JOIN's ON clause
// to the left table too, where they would drop rows that the join keeps.
constexpr SqlOperator operators[] = {
    {SQLITE_INDEX_CONSTRAINT_EQ, Use::eq, "="},
    {SQLITE_INDEX_CONSTRAINT_LT, Use::lt, "<"},
    {SQLITE_INDEX_CONSTRAINT_LE, Use::le, "<="},
    {SQLITE_INDEX_CONSTRAINT_GT, Use::gt, ">"},
    {SQLITE_INDEX_CONSTRAINT_GE, Use::ge, ">="},
    {SQLITE_INDEX_CONSTRAINT_IS, Use::is, "IS"},
    {SQLITE_INDEX_CONSTRAINT_ISNULL, Use::is_null, "IS"},
};

const SqlOperator* operator_of(int op) {
  for (const SqlOperator& each : operators)
    if (each.op == op) return &each;
  return nullptr;
}

bool is_range(Use use) {
  return use == Use::lt || use == Use::le || use == Use::gt || use == Use::ge;
}

// A value that is written in the query itself; null if it is computed, bound, or another column's.
sqlite3_value* literal_of(sqlite3_index_info& info, int constraint) {
  sqlite3_value* value = nullptr;
  return sqlite3_vtab_rhs_value(&info, constraint, &value) == SQLITE_OK ? value : nullptr;
}

// The operator of a comparison that may be passed on.
const SqlOperator* comparison_of(sqlite3_index_info& info, int constraint) {
  const Constraint& given = info.aConstraint[constraint];
  const SqlOperator* const found = given.usable ? operator_of(given.op) : nullptr;
  if (found == nullptr || found->use == Use::is_null) return found;
  return std::strcmp(sqlite3_vtab_collation(&info, constraint), "BINARY") == 0 ? found : nullptr;
}

// All values of an IN come as one argument, so that it is one query. One by one, they would be
// compared without regard to the declared type of where they come from.
bool is_list(sqlite3_index_info& info, int constraint) {
  return sqlite3_vtab_in(&info, constraint, -1) != 0;
}

bool is_number(sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

class Planner {
 public:
  Planner(const PlanRequest& request, sqlite3_index_info& info) : request_(request), info_(info) {}

  int make() {
    if (const int code = take_arguments(); code != SQLITE_OK) return code;
    if (request_.stored != nullptr && !has_input_)
      plan_stored();
    else
      plan_reading();
    // SQLite plans each side of an OR without the arguments. A plan without an input must be
    // possible, but must never be chosen if one with an input exists.
    if (request_.input >= 0 && !has_input_) info_.estimatedCost *= 1e50;
    const std::string text = plan_.write(info_.colUsed);
    info_.idxStr = sqlite3_mprintf("%s", text.c_str());
    if (info_.idxStr == nullptr) throw std::bad_alloc();
    info_.needToFreeIdxStr = 1;
    return SQLITE_OK;
  }

 private:
  void take(int constraint, Plan::Argument argument, bool exact) {
    plan_.arguments.push_back(argument);
    info_.aConstraintUsage[constraint].argvIndex = static_cast<int>(plan_.arguments.size());
    info_.aConstraintUsage[constraint].omit = exact ? 1 : 0;
  }
  std::size_t first_column() const { return request_.filter >= 0 ? 2 : 1; }
  // After the declared columns come parts of a time, which are used only for sorting.
  bool is_declared(std::size_t column) const { return column < request_.columns; }
  bool is_argument(int column) const {
    return column >= 0 && (column == request_.input || column == request_.filter);
  }

  int take_arguments() {
    for (int i = 0; i < info_.nConstraint; ++i) {
      const Constraint& constraint = info_.aConstraint[i];
      if (!is_argument(constraint.iColumn) || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
      if (!constraint.usable) return SQLITE_CONSTRAINT;  // another join order will offer it
      const bool is_input = constraint.iColumn == request_.input;
      sqlite3_value* const literal = literal_of(info_, i);
      const bool is_null = literal != nullptr && sqlite3_value_type(literal) == SQLITE_NULL;
      has_input_ = has_input_ || (is_input && !is_null);
      take(i, {is_input ? Use::input : Use::filter, static_cast<std::size_t>(constraint.iColumn)},
           true);
    }
    return SQLITE_OK;
  }

  // A column's comparison that may be passed on; otherwise null.
  const SqlOperator* comparison(int i) const {
    const int column = info_.aConstraint[i].iColumn;
    if (column < 0 || is_argument(column) || !is_declared(static_cast<std::size_t>(column)))
      return nullptr;
    return comparison_of(info_, i);
  }

  bool take_time(int i) {
    const auto column = static_cast<std::size_t>(info_.aConstraint[i].iColumn);
    if (!is_time_column(column)) return false;
    const auto use = take_time_comparison(info_, i);
    if (use) take(i, {*use, column}, true);
    return use.has_value();
  }

  bool is_text(std::size_t column) const {
    const std::size_t at = column - first_column();
    return at < request_.declared.size() && request_.declared[at].type == "TEXT";
  }
  bool is_time_column(std::size_t column) const {
    const std::size_t at = column - first_column();
    return at < request_.declared.size() && is_time(request_.declared[at]);
  }

  // Reads the whole input, whatever the query: conditions only reduce the rows that are returned.
  void plan_reading() {
    for (int i = 0; i < info_.nConstraint; ++i) {
      const SqlOperator* const found = comparison(i);
      if (found == nullptr || take_time(i) || is_list(info_, i)) continue;
      const auto column = static_cast<std::size_t>(info_.aConstraint[i].iColumn);
      // The other side of the comparison, if it is a column of another type than TEXT, turns a TEXT
      // column's values into numbers, which come before all texts.
      const bool may_convert = literal_of(info_, i) == nullptr && is_text(column);
      // IS compares times as texts.
      const bool is_equality =
          found->use == Use::eq || (found->use == Use::is && !is_time_column(column));
      if (is_equality || (is_range(found->use) && !may_convert))
        take(i, {found->use, column}, false);
    }
    info_.estimatedCost = 1e6;
    info_.estimatedRows =
        static_cast<sqlite3_int64>(1e5 / (1.0 + static_cast<double>(plan_.arguments.size())));
  }

  // LIMIT is not passed on, because SQLite asks for no more rows than it needs. (Up to 3.40 at
  // least, SQLite offers a LIMIT without mentioning conditions such as a = b, which apply before
  // it.)
  void plan_stored() {
    for (int i = 0; i < info_.nConstraint; ++i) take_comparison(i);
    estimate();
    plan_.is_indexed = begins_an_index();
    plan_.is_limited = has(SQLITE_INDEX_CONSTRAINT_LIMIT);
    const bool is_plain = sqlite3_vtab_distinct(&info_) == 0, is_page = is_plain && is_small_page();
    // For the first rows of a small page, only what sorts them is read of all rows.
    const bool sorts =
        plan_.scans && has_own_order() && (!plan_.is_limited || !is_plain || is_page);
    if (plan_.is_indexed || sorts) consume_order();
    plan_.reads_few =
        is_page && (has(SQLITE_INDEX_CONSTRAINT_OFFSET) || (sorts && !plan_.is_indexed));
  }

  bool has(int op) const {
    for (int i = 0; i < info_.nConstraint; ++i)
      if (info_.aConstraint[i].op == op) return true;
    return false;
  }
  // Whether the query has a LIMIT so low that its rows can be looked up one by one, and SQLite
  // itself sifts none. A LIMIT whose value is not known yet is taken for low.
  bool is_small_page() const {
    constexpr sqlite3_int64 most = 10'000;
    bool is_low = false;
    for (int i = 0; i < info_.nConstraint; ++i) {
      if (info_.aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_LIMIT) {
        sqlite3_value* const limit = literal_of(info_, i);
        const sqlite3_int64 rows = limit == nullptr ? 0 : sqlite3_value_int64(limit);
        is_low = rows >= 0 && rows <= most;
      } else if (info_.aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_OFFSET &&
                 info_.aConstraintUsage[i].argvIndex == 0) {
        return false;
      }
    }
    return is_low;
  }

  bool has_own_order() const {
    if (info_.nOrderBy == 0) return false;
    for (int i = 0; i < info_.nOrderBy; ++i)
      if (info_.aOrderBy[i].iColumn < static_cast<int>(first_column())) return false;
    return true;
  }

  void take_comparison(int i) {
    const SqlOperator* const found = comparison(i);
    if (found == nullptr || take_time(i)) return;
    const auto column = static_cast<std::size_t>(info_.aConstraint[i].iColumn);
    if (is_list(info_, i)) {
      sqlite3_vtab_in(&info_, i, 1);
      return take(i, {Use::in, column}, false);
    }
    const bool tests_null = found->use == Use::is_null;
    const bool numeric = !is_text(column);
    // A column that is not TEXT converts both sides to numbers if they can be, whatever the other
    // side is. A TEXT column leaves that to the other side, whose type is known only for literals:
    // they are compared as text. But SQLite also calls CAST(x AS REAL) a literal, which converts
    // both sides to numbers and cannot be distinguished from 1.0, so a number does not count as a
    // literal here. SQLite also offers (a, b) > (x, y) as a >= x, never with a literal.
    sqlite3_value* const value = tests_null ? nullptr : literal_of(info_, i);
    const bool literal = tests_null || (value != nullptr && (numeric || !is_number(value)));
    const bool equality = found->use == Use::eq || found->use == Use::is;
    if (!literal && !numeric && !equality) return;
    take(i, {found->use, column, literal}, literal || (numeric && equality));
  }

  std::string_view name_of(std::size_t column) const {
    return request_.stored->columns[column - first_column()].name;
  }
  bool is_compared(std::string_view name, bool (*with)(Use)) const {
    return std::any_of(plan_.arguments.begin(), plan_.arguments.end(), [&](const auto& each) {
      return with(each.use) && each.column >= first_column() && name_of(each.column) == name;
    });
  }
  static bool is_equality(Use use) {
    return use == Use::eq || use == Use::in || use == Use::is || use == Use::is_null;
  }

  // Whether an index has the rows in the wanted order (or in that of its first column) after the
  // columns that are fixed. Then SQLite need not read all rows to return the first few.
  bool begins_an_index() const {
    if (!has_own_order()) return false;
    for (int i = 0; i < info_.nOrderBy; ++i)
      if (!is_declared(static_cast<std::size_t>(info_.aOrderBy[i].iColumn))) return false;
    const std::string_view wanted = name_of(static_cast<std::size_t>(info_.aOrderBy[0].iColumn));
    const Indexes& indexes = indexes_of(request_.stored->stored);
    return std::any_of(indexes.begin(), indexes.end(), [&](const auto& index) {
      const auto first = std::find_if(index.begin(), index.end(), [&](std::string_view column) {
        return column == wanted || !is_compared(column, is_equality);
      });
      return first != index.end() && *first == wanted;
    });
  }
  void consume_order() {
    for (int i = 0; i < info_.nOrderBy; ++i)
      plan_.order.push_back(
          {static_cast<std::size_t>(info_.aOrderBy[i].iColumn), info_.aOrderBy[i].desc != 0});
    info_.orderByConsumed = info_.nOrderBy > 0 ? 1 : 0;
    constexpr int grouped = 1, distinct = 2;  // for DISTINCT; 3: for DISTINCT and ORDER BY
    plan_.is_grouped = sqlite3_vtab_distinct(&info_) >= grouped;
    plan_.is_distinct = sqlite3_vtab_distinct(&info_) >= distinct;
  }

  // Lets SQLite choose between two plans, or the order of two tables. The estimate assumes the best
  // index, in a file of a million rows.
  void estimate() {
    constexpr double all = 1e6, of_an_interaction = 5, of_another_key = 200, share = 0.1;
    double rows = all;
    plan_.scans = true;
    for (const auto& index : indexes_of(request_.stored->stored)) {
      double left = all;
      if (!index.empty() && is_compared(index.front(), is_equality)) plan_.scans = false;
      for (const std::string_view column : index) {
        if (is_compared(column, is_equality)) {
          left = std::min(left * share,
                          column == "interaction_id" ? of_an_interaction : of_another_key);
          continue;
        }
        if (is_compared(column, is_range)) left *= share;
        break;
      }
      rows = std::min(rows, left);
    }
    info_.estimatedCost = 10 + 2 * rows;
    info_.estimatedRows =
        static_cast<sqlite3_int64>(1 + rows / (1.0 + static_cast<double>(plan_.arguments.size())));
  }

  const PlanRequest& request_;
  sqlite3_index_info& info_;
  Plan plan_;
  bool has_input_ = false;
};

constexpr char literal_mark = '\'';
constexpr char ascending = '^', descending = 'v';
constexpr char scan_mark = 'S', indexed_mark = 'I', limited_mark = 'L', few_mark = 'F',
               grouped_mark = 'G', distinct_mark = 'D';

}  // namespace

// 'HEX;', then capitals for the properties of the query, then for each argument its use and column,
// followed by ' if it is a literal, then for each column of the order ^ or v and its number:
// "1f;SDi43='2^5".
std::string Plan::write(std::uint64_t columns_used) const {
  char hex[17];
  std::string text(hex, std::to_chars(hex, hex + sizeof hex, columns_used, 16).ptr);
  text += ';';
  if (scans) text += scan_mark;
  if (is_indexed) text += indexed_mark;
  if (is_limited) text += limited_mark;
  if (reads_few) text += few_mark;
  if (is_grouped) text += grouped_mark;
  if (is_distinct) text += distinct_mark;
  for (const Argument& argument : arguments) {
    text += static_cast<char>(argument.use) + std::to_string(argument.column);
    if (argument.literal) text += literal_mark;
  }
  for (const Order& each : order)
    text += (each.descending ? descending : ascending) + std::to_string(each.column);
  return text;
}

Plan Plan::read(const char* text) {
  Plan plan;
  plan.written = text;
  const char* const end = text + std::strlen(text);
  std::uint64_t used = 0;
  const char* at = std::from_chars(text, end, used, 16).ptr + 1;
  for (std::size_t column = 0; column < max_columns; ++column)
    if ((used >> std::min(column, columns_told)) & 1) plan.columns.add(column);
  for (; at < end && *at >= 'A' && *at <= 'Z'; ++at) {
    plan.scans = plan.scans || *at == scan_mark;
    plan.is_indexed = plan.is_indexed || *at == indexed_mark;
    plan.is_limited = plan.is_limited || *at == limited_mark;
    plan.reads_few = plan.reads_few || *at == few_mark;
    plan.is_grouped = plan.is_grouped || *at == grouped_mark;
    plan.is_distinct = plan.is_distinct || *at == distinct_mark;
  }
  while (at < end) {
    const char kind = *at;
    std::size_t column = 0;
    at = std::from_chars(at + 1, end, column).ptr;
    if (kind == ascending || kind == descending) {
      plan.order.push_back({column, kind == descending});
      continue;
    }
    const bool literal = at < end && *at == literal_mark;
    if (literal) ++at;
    plan.arguments.push_back({static_cast<Use>(kind), column, literal});
  }
  return plan;
}

int make_plan(const PlanRequest& request, sqlite3_index_info& info) {
  return Planner(request, info).make();
}

std::optional<Plan::Use> take_time_comparison(sqlite3_index_info& info, int constraint) {
  const SqlOperator* const found = comparison_of(info, constraint);
  if (found == nullptr) return std::nullopt;
  if (is_list(info, constraint)) {
    sqlite3_vtab_in(&info, constraint, 1);
    return Use::in;
  }
  if (found->use != Use::eq && !is_range(found->use)) return std::nullopt;
  return found->use;
}

std::optional<Plan::Use> lookup_use(sqlite3_index_info& info, int constraint) {
  const SqlOperator* const found = comparison_of(info, constraint);
  if (found == nullptr || (found->use != Use::eq && found->use != Use::is) ||
      is_list(info, constraint) || literal_of(info, constraint) != nullptr)
    return std::nullopt;
  return found->use;
}

std::string_view sql_operator(Plan::Use use) {
  for (const SqlOperator& each : operators)
    if (each.use == use) return each.sql;
  return use == Plan::Use::in ? "IN" : "";
}

}  // namespace cdr::ext
