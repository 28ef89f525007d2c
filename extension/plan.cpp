#include "extension/plan.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/error.hpp"

namespace cdr::ext {
namespace {

char comparison(int op) {
  switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
      return '=';
    case SQLITE_INDEX_CONSTRAINT_LT:
      return '<';
    case SQLITE_INDEX_CONSTRAINT_LE:
      return '{';
    case SQLITE_INDEX_CONSTRAINT_GT:
      return '>';
    case SQLITE_INDEX_CONSTRAINT_GE:
      return '}';
    default:
      return 0;
  }
}

}  // namespace

// 'HEX;' then for each argument its use and column: '1f;i43=2>5'.
std::string Plan::write(std::uint64_t columns_used) const {
  char hex[17];
  std::string text(hex, std::to_chars(hex, hex + sizeof hex, columns_used, 16).ptr);
  text += ';';
  for (const Argument& argument : arguments) text += argument.use + std::to_string(argument.column);
  return text;
}

Plan Plan::read(const char* text) {
  Plan plan;
  const char* const end = text + std::strlen(text);
  std::uint64_t used = 0;
  const char* at = std::from_chars(text, end, used, 16).ptr + 1;
  for (std::size_t column = 0; column < max_columns; ++column)
    if ((used >> (column < 63 ? column : 63)) & 1)
      plan.columns.add(column);  // SQLite's last bit stands for all from 63 on
  while (at < end) {
    Argument argument{*at, 0};
    at = std::from_chars(at + 1, end, argument.column).ptr;
    plan.arguments.push_back(argument);
  }
  return plan;
}

int make_plan(const PlanRequest& request, sqlite3_index_info& info) {
  Plan plan;
  const auto take = [&](int constraint, char use, std::size_t column, bool exact) {
    plan.arguments.push_back({use, column});
    info.aConstraintUsage[constraint].argvIndex = static_cast<int>(plan.arguments.size());
    info.aConstraintUsage[constraint].omit = exact ? 1 : 0;
  };
  bool input = false;
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto& constraint = info.aConstraint[i];
    const bool is_input = constraint.iColumn == request.input && request.input >= 0;
    const bool is_filter = constraint.iColumn == request.filter && request.filter >= 0;
    if (!is_input && !is_filter) continue;
    if (constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (!constraint.usable) return SQLITE_CONSTRAINT;  // another join order will offer it
    input = input || is_input;
    take(i, is_input ? 'i' : 'f', static_cast<std::size_t>(constraint.iColumn), true);
  }
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto& constraint = info.aConstraint[i];
    const char use = comparison(constraint.op);
    if (!constraint.usable || use == 0 || constraint.iColumn < 0) continue;
    if (static_cast<std::size_t>(constraint.iColumn) >= request.columns) continue;
    if (constraint.iColumn == request.input || constraint.iColumn == request.filter) continue;
    if (std::strcmp(sqlite3_vtab_collation(&info, i), "BINARY") != 0) continue;
    take(i, use, static_cast<std::size_t>(constraint.iColumn), false);
  }
  const std::string text = plan.write(info.colUsed);
  info.idxStr = sqlite3_mprintf("%s", text.c_str());
  if (info.idxStr == nullptr) throw std::bad_alloc();
  info.needToFreeIdxStr = 1;
  // A reading of the whole input, whatever is asked: only fewer rows come out of it.
  const double conditions = static_cast<double>(plan.arguments.size());
  info.estimatedCost = 1e6;
  info.estimatedRows = static_cast<sqlite3_int64>(1e5 / (1.0 + conditions));
  // SQLite asks about each side of an OR without telling the arguments: a plan that has none must
  // be possible, only never chosen. Reading by it says what is missing.
  if (request.input >= 0 && !input) info.estimatedCost = 1e99;
  return SQLITE_OK;
}

void refuse_missing_input(const Plan& plan, std::string_view name) {
  const bool given = std::any_of(plan.arguments.begin(), plan.arguments.end(),
                                 [](const Plan::Argument& each) { return each.use == 'i'; });
  throw Error(std::string(name) + (given ? ": the input is NULL" : ": no input") +
              ": give it JSON or a file, as in " + std::string(name) + "(cdr_file('export.json'))");
}

}  // namespace cdr::ext
