#include "extension/tables/json_table.hpp"

#include "core/text.hpp"
#include "extension/source.hpp"
#include "extension/value.hpp"

namespace cdr::ext {
namespace {

bool takes_filter(const JsonTable& table) {
  return table.model == Model::dialogs;
}

// In SQL the arguments are the first columns, hidden: of what a query uses, SQLite tells columns
// from 63 on only all together, and the input, which every query uses, must not be one of them.
std::size_t arguments(const JsonTable& table) {
  return takes_filter(table) ? 2 : 1;
}

PlanRequest request_of(const JsonTable& table) {
  return {table.table.columns.size() + arguments(table), 0, takes_filter(table) ? 1 : -1,
          table.table.name};
}

// SQLite compares a column that is not TEXT with a text that looks like a number as with that
// number; only it shall decide then.
bool would_convert(const Column& column, std::string_view text) {
  const std::string_view digits = trim(text);
  if (column.type == "TEXT" || digits.empty()) return false;
  return digits.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

std::optional<Condition> condition_of(const JsonTable& table, const Plan::Argument& argument,
                                      sqlite3_value* value) {
  Condition condition;
  condition.column = argument.column - arguments(table);
  switch (argument.use) {
    case '<':
      condition.op = Condition::Op::lt;
      break;
    case '{':
      condition.op = Condition::Op::le;
      break;
    case '>':
      condition.op = Condition::Op::gt;
      break;
    case '}':
      condition.op = Condition::Op::ge;
      break;
    default:
      condition.op = Condition::Op::eq;
  }
  const Argument constant(value);
  if (constant.type() == SQLITE_INTEGER) {
    condition.value = Value::integer(constant.integer());
  } else if (constant.is_text() &&
             !would_convert(table.table.columns[condition.column], constant.text())) {
    condition.text = constant.text();
    condition.value = Value::text(condition.text);
  } else {
    return std::nullopt;
  }
  return condition;
}

}  // namespace

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
  if (table.hidden > 0) list += ", " + column_list(columns.last(table.hidden), " HIDDEN");
  return "CREATE TABLE x(" + list + ")";
}

int JsonTableModule::plan(const JsonTable& table, sqlite3_index_info& info) {
  return make_plan(request_of(table), info);
}

void JsonTableModule::Cursor::filter(const char* text, std::span<sqlite3_value*> values) {
  rows_.reset();
  rowid_ = 0;
  const Plan plan = Plan::read(text);
  RowQuery query;
  query.columns = plan.columns.without_first(arguments(table_));
  std::shared_ptr<const Source> source;
  for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    if (argument.use == 'i')
      source = source_of(values[i], table_.table.name);
    else if (argument.use == 'f')
      query.filter = Argument(values[i]).text();
    else if (auto condition = condition_of(table_, argument, values[i]))
      query.conditions.push_back(std::move(*condition));
  }
  if (!source) refuse_missing_input(plan, table_.table.name);
  for (Condition& condition : query.conditions)  // moving a short text moves its characters
    if (condition.value.type() == Value::Type::text) condition.value = Value::text(condition.text);
  rows_ = table_.open(std::move(source), std::move(query));
  next();
}

void JsonTableModule::Cursor::next() {
  if (!rows_->next()) rows_.reset();
  ++rowid_;
}

void JsonTableModule::Cursor::column(sqlite3_context* context, int index) const {
  const auto column = static_cast<std::size_t>(index);
  if (column >= arguments(table_)) set_result(context, rows_->row()[column - arguments(table_)]);
}

}  // namespace cdr::ext
