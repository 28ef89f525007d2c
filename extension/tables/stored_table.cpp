#include "extension/tables/stored_table.hpp"

#include <algorithm>

#include "extension/binding/value.hpp"
#include "extension/warehouse/schema/layout.hpp"

namespace cdr::ext {

StoredRows::StoredRows(sqlite3* database, const Table& table, std::size_t first_column)
    : database_(database),
      table_(table),
      first_column_(first_column),
      from_(rows_of(table.stored)),
      standing_(database, tables_behind(table.stored), table.name) {}

void StoredRows::end() noexcept {
  rows_.reset();
  filter_.reset();
}

namespace {

// More values than that are left to SQLite: it has them in an index by then.
constexpr std::size_t most_values = 500;

// How many values the column is compared with, when they compare as SQLite would do it: those of
// a TEXT column as text. nullopt: only SQLite can tell.
std::optional<std::size_t> count_values(const Column& column, const Plan::Argument& argument,
                                        sqlite3_value* value) {
  std::size_t count = 0;
  bool alike = true;
  each_value(argument, value, [&](sqlite3_value* each) {
    ++count;
    alike = alike && (column.type != "TEXT" || argument.literal || Argument(each).is_text() ||
                      Argument(each).is_null());
  });
  return alike && count <= most_values ? std::optional(count) : std::nullopt;
}

}  // namespace

std::string StoredRows::quoted(std::size_t column) const {
  return "t.\"" + std::string(table_.columns[column].name) + '"';
}

std::string StoredRows::select_list(const ColumnSet& used) {
  std::string list;
  place_ = 0;
  places_.assign(table_.columns.size(), -1);
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    if (!used.has(i)) continue;
    list += quoted(i) + ", ";
    places_[i] = place_++;
  }
  return list + "t.place";
}

std::string StoredRows::conditions(const Plan& plan, std::span<sqlite3_value*> values) {
  std::string where;
  bound_.clear();
  times_.clear();
  std::size_t parameters = 0;
  const auto parameter = [&] { return '?' + std::to_string(++parameters); };
  for (std::size_t i = 0; i < plan.arguments.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    const std::string_view op = sql_operator(argument.use);
    if (op.empty()) continue;
    const std::size_t column = argument.column - first_column_;
    std::string with;
    if (argument.use == Plan::Use::is_null || argument.use == Plan::Use::is_not_null) {
      with = "NULL";
    } else {
      const auto count = count_values(table_.columns[column], argument, values[i]);
      if (!count && is_time(table_.columns[column]))  // nobody else compares it
        times_.push_back(time_condition(argument, column, values[i]));
      if (!count) continue;
      bound_.push_back(i);
      if (argument.use == Plan::Use::in) {
        for (std::size_t each = 0; each < *count; ++each)
          with += (each == 0 ? "(" : ", ") + parameter();
        with += with.empty() ? "()" : ")";
      } else {
        with = parameter();
      }
    }
    where +=
        (where.empty() ? " WHERE " : " AND ") + quoted(column) + ' ' + std::string(op) + ' ' + with;
  }
  return where;
}

void StoredRows::filter(const Plan& plan, std::span<sqlite3_value*> values) {
  rows_.reset();
  filter_.reset();
  for (std::size_t i = 0; i < plan.arguments.size(); ++i)
    if (plan.arguments[i].use == Plan::Use::filter) {
      filter_text_ = Argument(values[i]).text();
      if (!filter_text_.empty()) filter_ = dialog_filter(filter_text_);
    }
  ColumnSet used = plan.columns.without_first(first_column_);
  if (filter_) used.add_all(filter_->columns());
  std::string sql =
      "SELECT " + select_list(used) + " FROM " + from_ + " AS t" + conditions(plan, values);
  for (std::size_t i = 0; i < plan.order.size(); ++i)
    sql += (i == 0 ? " ORDER BY " : ", ") + quoted(plan.order[i].column - first_column_) +
           (plan.order[i].descending ? " DESC" : "");
  if (sql != sql_) {
    statement_ = Statement(database_, sql);
    sql_ = std::move(sql);
  }
  int parameter = 0;
  bound_times_.clear();
  for (const std::size_t i : bound_) {
    const bool time = is_time(table_.columns[plan.arguments[i].column - first_column_]);
    each_value(plan.arguments[i], values[i], [&](sqlite3_value* each) {
      auto canonical = time ? canonical_time(Argument(each)) : std::nullopt;
      if (canonical)
        statement_.bind(++parameter, bound_times_.emplace_back(std::move(*canonical)));
      else
        statement_.bind(++parameter, each);
    });
  }
  rows_.emplace(statement_.query());
}

bool StoredRows::next() {
  while (rows_->next())
    if (passes_times() && (!filter_ || passes_filter())) return true;
  return false;
}

bool StoredRows::passes_times() {
  return std::all_of(times_.begin(), times_.end(), [&](const TimeCondition& condition) {
    return condition.holds(rows_->value(places_[condition.column]));
  });
}

bool StoredRows::passes_filter() {
  const ColumnSet wanted = filter_->columns();
  cells_.assign(table_.columns.size(), Value());
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (wanted.has(i)) cells_[i] = rows_->value(places_[i]);
  return filter_->matches(cells_);
}

void StoredRows::column(sqlite3_context* context, std::size_t column) {
  if (places_[column] >= 0) sqlite3_result_value(context, rows_->raw(places_[column]));
}

std::int64_t StoredRows::rowid() {
  return rows_->integer(place_);
}

}  // namespace cdr::ext
