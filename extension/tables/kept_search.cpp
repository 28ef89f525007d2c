#include "extension/tables/kept_search.hpp"

#include <algorithm>

#include "core/stop.hpp"
#include "extension/binding/connection.hpp"

namespace cdr::ext {

// Whether the plan compares a column with a value that can be looked up.
bool KeptSearch::is_key(const Plan::Argument& argument) const {
  if (argument.use != Plan::Use::eq && argument.use != Plan::Use::is) return false;
  const std::string_view type = column_of(argument).type;
  return type == "TEXT" || type == "INTEGER" || type == "TIMESTAMP";
}

const Column& KeptSearch::column_of(const Plan::Argument& argument) const {
  return table_.table.columns[argument.column - count_arguments(table_)];
}

std::unique_ptr<KeptRows> KeptSearch::make(const Plan& plan) const {
  Connection* const connection = Connection::of(database_);
  if (connection == nullptr) return nullptr;
  ColumnCache& cache = ColumnCache::of(*connection);
  if (cache.bound() == 0) return nullptr;
  std::vector<std::size_t> keys;
  for (const Plan::Argument& each : plan.arguments)
    if (is_key(each)) keys.push_back(each.column - count_arguments(table_));
  return std::make_unique<KeptRows>(cache, table_.table.columns, all_rows(plan).columns, keys);
}

RowQuery KeptSearch::all_rows(const Plan& plan) const {
  Plan without_arguments;
  without_arguments.columns = plan.columns;
  RowQuery all = query_of(table_, without_arguments, {});
  for (const Plan::Argument& each : plan.arguments)
    if (each.column >= count_arguments(table_))
      all.columns.add(each.column - count_arguments(table_));
  return all;
}

void KeptSearch::begin(const KeptRows& rows, const Plan& plan, std::span<sqlite3_value*> values,
                       const RowQuery& query) {
  rows_ = &rows;
  keys_.clear();
  bool equals_null = false;
  auto time = query.times.begin();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    if (argument.column < count_arguments(table_)) continue;
    const bool is_of_time = is_time(column_of(argument));
    if (is_key(argument)) {
      keys_.push_back(is_of_time ? key_of(*time) : Cell::of(values[i]));
      equals_null = equals_null || (keys_.back().is_null() && argument.use == Plan::Use::eq);
    }
    if (is_of_time) ++time;
  }
  if (equals_null)  // nothing does
    found_.emplace();
  else
    found_ = rows.find(keys_);
  left_ = found_ ? found_->size() : rows.count();
}

void KeptSearch::end() noexcept {
  rows_ = nullptr;
  found_.reset();
}

bool KeptSearch::next(const RowQuery& query) {
  const auto holds = [&](const TimeCondition& each) { return each.holds(value(each.column)); };
  const auto may_hold = [&](const Condition& each) { return each.may_hold(value(each.column)); };
  while (left_ != 0) {
    check_stop();
    row_ = found_ ? (*found_)[found_->size() - left_].second : rows_->count() - left_;
    --left_;
    // A row that was found differs from what was asked for so rarely that SQLite may say so.
    if (std::all_of(query.times.begin(), query.times.end(), holds) &&
        (found_ || std::all_of(query.conditions.begin(), query.conditions.end(), may_hold)))
      return true;
  }
  return false;
}

Value KeptSearch::value(std::size_t column) {
  arena_.clear();
  return rows_->cell(row_, column, arena_).value();
}

}  // namespace cdr::ext
