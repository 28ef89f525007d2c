#include "extension/tables/json_table.hpp"

#include <optional>
#include <utility>

#include "extension/binding/instant.hpp"
#include "extension/binding/source.hpp"
#include "extension/binding/value.hpp"
#include "extension/tables/json_rows.hpp"
#include "extension/tables/raw_table.hpp"
#include "extension/tables/stored_table.hpp"

namespace cdr::ext {
namespace {

bool takes_filter(const JsonTable& table) {
  return table.model == Model::dialogs;
}

PlanRequest request_of(const JsonTable& table) {
  return {table.table.columns.size() + count_arguments(table), 0, takes_filter(table) ? 1 : -1,
          table.table.columns, table.model ? &table.table : nullptr};
}

// If a column is not TEXT, SQLite compares it with a text that looks like a number as if the text
// were that number. Such a comparison is left to SQLite.
bool would_convert(const Column& column, std::string_view text) {
  return column.type != "TEXT" && may_be_number(text);
}

Condition::Op op_of(Plan::Use use) {
  switch (use) {
    case Plan::Use::lt:
      return Condition::Op::lt;
    case Plan::Use::le:
      return Condition::Op::le;
    case Plan::Use::gt:
      return Condition::Op::gt;
    case Plan::Use::ge:
      return Condition::Op::ge;
    default:
      return Condition::Op::eq;
  }
}

std::optional<Condition> condition_of(const JsonTable& table, const Plan::Argument& argument,
                                      sqlite3_value* value) {
  Condition condition;
  condition.column = argument.column - count_arguments(table);
  condition.op = op_of(argument.use);
  const Argument constant(value);
  if (constant.type() == SQLITE_INTEGER) {
    condition.operand = constant.integer();
  } else if (constant.is_text() &&
             !would_convert(table.table.columns[condition.column], constant.text())) {
    condition.operand = std::string(constant.text());
  } else {
    return std::nullopt;
  }
  return condition;
}

// A file's handle is the same as itself alone.
bool is_same(const Argument& a, const Argument& b) {
  const auto handle_of = [](const Argument& argument) {
    return argument.pointer<const std::shared_ptr<const Source>>(source_pointer);
  };
  return handle_of(a) == handle_of(b) && a.type() == b.type() && a.bytes() == b.bytes();
}

// SQLite hands over all that is said of an argument: interactions(A) WHERE input = B.
void require_one_value_each(const JsonTable& table, const Plan& plan,
                            std::span<sqlite3_value*> values) {
  for (const Plan::Use use : {Plan::Use::input, Plan::Use::filter}) {
    std::optional<Argument> first;
    for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
      if (plan.arguments[i].use != use) continue;
      const Argument value(values[i]);
      if (first && !is_same(*first, value))
        throw Error(std::string(table.table.name) + ": expected one " +
                        (use == Plan::Use::input ? "input" : "filter") +
                        ", found two that differ; give it once",
                    ErrorCode::mismatch);
      if (!first) first = value;
    }
  }
}

std::unique_ptr<TableRows> open_warehouse(sqlite3* database, const JsonTable& table) {
  if (table.model) return std::make_unique<StoredRows>(database, table, count_arguments(table));
  return std::make_unique<RawRows>(database, table);
}

}  // namespace

std::optional<std::string> canonical_time(const Argument& argument) {
  if (!argument.is_text()) return std::nullopt;
  const auto instant = instant_of(argument, Zone());
  return instant ? std::optional(format_time(*instant)) : std::nullopt;
}

Cell key_of(const TimeCondition& condition) {
  using Kind = TimeCondition::Operand::Kind;
  const TimeCondition::Operand& operand = condition.operands.front();
  if (operand.kind == Kind::null) return {};
  return operand.kind == Kind::text ? Cell::of(std::string_view(operand.text))
                                    : Cell::of(operand.number);
}

TimeCondition time_condition(const Plan::Argument& argument, std::size_t column,
                             sqlite3_value* value) {
  using Operand = TimeCondition::Operand;
  TimeCondition condition;
  condition.op = op_of(argument.use);
  condition.column = column;
  each_value(argument, value, [&](sqlite3_value* each) {
    const Argument given(each);
    Operand& operand = condition.operands.emplace_back();
    if (given.is_null()) return;
    if (given.is_blob() || given.is_number()) {
      operand.kind = given.is_blob() ? Operand::Kind::blob : Operand::Kind::number;
      operand.number = sqlite3_value_double(each);
      return;
    }
    const auto time = canonical_time(given);
    // SQLite compares a number that is not a time as a number, if the column is not TEXT.
    const bool number = !time && sqlite3_value_numeric_type(each) != SQLITE_TEXT;
    operand.kind = number ? Operand::Kind::number : Operand::Kind::text;
    operand.text = time ? *time : std::string(given.text());
    if (number) operand.number = sqlite3_value_double(each);
  });
  return condition;
}

// In SQL the arguments are hidden columns before the table's own. They must be the first ones,
// because SQLite reports the use of columns from 63 on only as a whole, and every query uses the
// input.
std::size_t count_arguments(const JsonTable& table) {
  return takes_filter(table) ? 2 : 1;
}

RowQuery query_of(const JsonTable& table, const Plan& plan, std::span<sqlite3_value*> values) {
  RowQuery query;
  query.columns = plan.columns.without_first(count_arguments(table));
  for (std::size_t i = 0; i < time_parts(table).size(); ++i)
    if (query.columns.has(table.table.columns.size() + i))
      query.columns.add(static_cast<std::size_t>(table.table.find(time_of_parts)));
  for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    if (argument.use == Plan::Use::filter)
      query.filter = Argument(values[i]).text();
    else if (argument.use == Plan::Use::input)
      continue;
    else if (is_time(table.table.columns[argument.column - count_arguments(table)]))
      query.times.push_back(
          time_condition(argument, argument.column - count_arguments(table), values[i]));
    else if (auto condition = condition_of(table, argument, values[i]))
      query.conditions.push_back(std::move(*condition));
  }
  return query;
}

std::span<const TimePart> time_parts(const JsonTable& table) {
  static constexpr TimePart parts[] = {
      {{"start_month", "TEXT", "the month in which it began (UTC), YYYY-MM, to group by"}, 7},
      {{"start_day", "TEXT", "the day on which it began (UTC), YYYY-MM-DD, to group by"}, 10},
      {{"start_hour", "TEXT", "the hour in which it began (UTC), YYYY-MM-DD HH, to group by"}, 13},
  };
  if (table.model == Model::interactions || table.model == Model::dialogs) return parts;
  return {};
}

std::string column_list(std::span<const Column> columns, std::string_view suffix) {
  std::string list;
  for (const Column& column : columns) {
    if (!list.empty()) list += ", ";
    list += '"';
    list += column.name;
    list += "\" ";
    list += column.type;
    list += suffix;
  }
  return list;
}

std::string JsonTableModule::ddl(const JsonTable& table) {
  const auto columns = table.table.columns;
  std::string list = takes_filter(table) ? "input HIDDEN, filter TEXT HIDDEN, " : "input HIDDEN, ";
  list += column_list(columns.first(columns.size() - table.hidden), "");
  for (const TimePart& part : time_parts(table))
    list += ", " + column_list(std::span(&part.column, 1), " HIDDEN");
  if (table.hidden > 0) list += ", " + column_list(columns.last(table.hidden), " HIDDEN");
  return "CREATE TABLE x(" + list + ")";
}

namespace {

// SQLite takes an excess argument for a comparison with the hidden column that comes next. If that
// column cannot hold the value, the caller meant something else, and the query must not silently
// find no rows.
void refuse_more_arguments(const JsonTable& table, sqlite3_index_info& info) {
  constexpr std::string_view example = "2026-03-02 10";
  const auto parts = time_parts(table);
  const std::size_t first = count_arguments(table) + table.table.columns.size();
  for (int i = 0; i < info.nConstraint; ++i) {
    const auto at = static_cast<std::size_t>(std::max(info.aConstraint[i].iColumn, 0));
    if (info.aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ || at < first ||
        at - first >= parts.size())
      continue;
    sqlite3_value* value = nullptr;
    if (sqlite3_vtab_rhs_value(&info, i, &value) != SQLITE_OK || value == nullptr) continue;
    const std::string_view text = Argument(value).is_text() ? Argument(value).text() : "";
    if (text.size() == parts[at - first].size &&
        text.find_first_not_of("0123456789- ") == text.npos)
      continue;
    const std::string name(table.table.name), part(parts[at - first].column.name);
    throw Error(name + ": " + part + " is text in UTC, as in " + part + " = '" +
                    std::string(example.substr(0, parts[at - first].size)) +
                    "', and this is none; if it is an argument, there is one too many: options "
                    "belong to the file, as in " +
                    name + "(cdr_file('exports/', '{\"zone\":\"Europe/Prague\"}'))",
                ErrorCode::mismatch);
  }
}

}  // namespace

int JsonTableModule::plan(const JsonTable& table, sqlite3_index_info& info) {
  refuse_more_arguments(table, info);
  return make_plan(request_of(table), info);
}

JsonTableModule::Cursor::Cursor(const JsonTable& table, sqlite3* database, Kept& kept)
    : table_(table), database_(database), kept_(kept) {
  ++kept_.unasked;
}

JsonTableModule::Cursor::~Cursor() {
  if (!was_asked_) --kept_.unasked;
  kept_.plan = std::move(plan_);
  if (warehouse_) kept_.warehouse = std::move(warehouse_);
  if (kept_.unasked == 0 && kept_.warehouse) kept_.warehouse->put_by();
}

void JsonTableModule::Cursor::end() noexcept {
  has_row_ = false;
  rows_ = nullptr;
  if (json_) json_->end();
  if (warehouse_) warehouse_->end();
}

void JsonTableModule::Cursor::filter(const char* text, std::span<sqlite3_value*> values) {
  has_row_ = false;
  if (!std::exchange(was_asked_, true)) --kept_.unasked;
  if (plan_.written != text)
    plan_ = kept_.plan.written == text ? std::exchange(kept_.plan, {}) : Plan::read(text);
  const Plan& plan = plan_;
  require_one_value_each(table_, plan, values);
  bool has_input = false;
  for (std::size_t i = 0; i < plan.arguments.size() && !has_input; ++i)
    has_input = plan.arguments[i].use == Plan::Use::input && takes_input(values[i]);
  if (has_input) {
    rows_ = json_.get();
  } else {
    if (!warehouse_ && kept_.warehouse && kept_.warehouse->reopen())
      warehouse_ = std::move(kept_.warehouse);
    if (!warehouse_) warehouse_ = open_warehouse(database_, table_);
    rows_ = warehouse_.get();
  }
  rows_->filter(plan, values);
  next();
}

// false: it is NULL.
bool JsonTableModule::Cursor::takes_input(sqlite3_value* input) {
  if (json_ && json_->reads(input)) return true;
  json_.reset();
  if (auto source = source_of(input, table_.table.name))
    json_ = std::make_unique<JsonRows>(database_, table_, std::move(source));
  return json_ != nullptr;
}

void JsonTableModule::Cursor::column(sqlite3_context* context, int index) {
  const auto column = static_cast<std::size_t>(index);
  const std::size_t first = count_arguments(table_);
  if (column >= first) rows_->column(context, column - first);
}

}  // namespace cdr::ext
