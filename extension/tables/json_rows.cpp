#include "extension/tables/json_rows.hpp"

#include <algorithm>

#include "core/stop.hpp"
#include "extension/binding/connection.hpp"
#include "extension/binding/value.hpp"

namespace cdr::ext {

bool JsonRows::reads(sqlite3_value* input) const {
  const Argument argument(input);
  if (const auto* const handle =
          argument.pointer<const std::shared_ptr<const Source>>(source_pointer))
    return *handle == source_;
  return source_->is_content && (argument.is_text() || argument.is_blob()) &&
         argument.bytes() == source_->content;
}

void JsonRows::filter(const Plan& plan, std::span<sqlite3_value*> values) {
  end();
  query_ = query_of(table_, plan, values);
  kept_ = kept_for(plan);
  if (kept_ != nullptr)
    look_up(plan, values);
  else
    open();
}

void JsonRows::end() noexcept {
  rows_.reset();
  kept_ = nullptr;
  found_.reset();
}

// The kept rows of this plan; null if it is asked for the first time, or they cannot be kept.
KeptRows* JsonRows::kept_for(const Plan& plan) {
  if (!source_->attachment) source_->attachment = std::make_shared<AllAsked>();
  auto& list = static_cast<AllAsked&>(*source_->attachment).list;
  const auto asked = std::find_if(list.begin(), list.end(), [&](const Asked& each) {
    return each.table == &table_ && each.plan == plan.written && each.filter == query_.filter;
  });
  if (asked == list.end()) {
    list.push_back({&table_, plan.written, query_.filter, true, nullptr});
    return nullptr;
  }
  if (asked->rows == nullptr && asked->can_keep) {
    asked->can_keep = false;  // also if it fails
    asked->rows = read_all(plan);
  }
  return asked->rows.get();
}

// The columns that are compared with values that can be looked up.
std::vector<std::size_t> JsonRows::keys_of(const Plan& plan) const {
  std::vector<std::size_t> keys;
  for (const Plan::Argument& each : plan.arguments) {
    if (each.use != Plan::Use::eq) continue;
    const std::size_t column = each.column - count_arguments(table_);
    const std::string_view type = table_.table.columns[column].type;
    if (type == "TEXT" || type == "INTEGER") keys.push_back(column);
  }
  return keys;
}

std::unique_ptr<KeptRows> JsonRows::read_all(const Plan& plan) {
  Connection* const connection = Connection::of(database_);
  if (connection == nullptr) return nullptr;
  ColumnCache& cache = ColumnCache::of(*connection);
  if (cache.bound() == 0) return nullptr;
  RowQuery all;
  all.columns = query_.columns;
  for (const Plan::Argument& each : plan.arguments)
    if (each.column >= count_arguments(table_))
      all.columns.add(each.column - count_arguments(table_));
  all.filter = query_.filter;
  auto kept = std::make_unique<KeptRows>(cache, table_.table.columns, all.columns, keys_of(plan));
  const auto rows = table_.open(source_, std::move(all));
  while (rows->next())
    if (!kept->add([&](std::size_t column) { return Cell::of(rows->row()[column]); }))
      return nullptr;
  return kept->finish() ? std::move(kept) : nullptr;
}

void JsonRows::look_up(const Plan& plan, std::span<sqlite3_value*> values) {
  std::vector<Cell> keys;
  bool can_match = true;
  const std::vector<std::size_t> columns = keys_of(plan);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Plan::Argument& argument = plan.arguments[i];
    if (argument.use != Plan::Use::eq ||
        std::find(columns.begin(), columns.end(), argument.column - count_arguments(table_)) ==
            columns.end())
      continue;
    keys.push_back(Cell::of(values[i]));
    can_match = can_match && !keys.back().is_null();
  }
  if (can_match)
    found_ = kept_->find(keys);
  else
    found_.emplace();
  left_ = found_ ? found_->size() : kept_->count();
}

bool JsonRows::next() {
  if (kept_ != nullptr) return next_kept();
  ++returned_;
  if (!counts_all_) return rows_->next();
  do {
    if (!rows_->next()) return false;
    ++rowid_;
  } while (!query_.may_hold(rows_->row()));
  return true;
}

// The next row that may meet the conditions, and does meet those that SQLite does not check again.
bool JsonRows::next_kept() {
  const auto holds = [&](const TimeCondition& each) { return each.holds(value(each.column)); };
  const auto may_hold = [&](const Condition& each) { return each.may_hold(value(each.column)); };
  for (; left_ != 0; --left_) {
    check_stop();
    kept_row_ = found_ ? (*found_)[found_->size() - left_].second : kept_->count() - left_;
    if (std::all_of(query_.times.begin(), query_.times.end(), holds) &&
        (found_ || std::all_of(query_.conditions.begin(), query_.conditions.end(), may_hold))) {
      --left_;
      return true;
    }
  }
  return false;
}

void JsonRows::column(sqlite3_context* context, std::size_t column) {
  const std::size_t own = table_.table.columns.size();
  if (column < own) return set_result(context, value(column));
  const Value time = value(static_cast<std::size_t>(table_.table.find(time_of_parts)));
  if (time.type() != Value::Type::text) return;
  set_result(context, Value::text(time.as_text().substr(0, time_parts(table_)[column - own].size)));
}

Value JsonRows::value(std::size_t column) {
  if (kept_ == nullptr) return rows_->row()[column];
  arena_.clear();
  return kept_->cell(kept_row_, column, arena_).value();
}

// A row's number among all rows of the input, whatever the conditions: SQLite notes by it which
// rows a FULL JOIN has matched. It is rarely asked for, and counting needs every row to be made, so
// an input whose rows are not kept is read a second time then.
std::int64_t JsonRows::rowid() {
  if (kept_ != nullptr) return static_cast<std::int64_t>(kept_row_) + 1;
  if (query_.conditions.empty() && query_.times.empty()) return returned_;
  if (!counts_all_) {
    const std::int64_t at = returned_;
    counts_all_ = true;
    for (open(); returned_ < at;)
      if (!next()) break;
  }
  return rowid_;
}

void JsonRows::open() {
  RowQuery query = query_;
  if (counts_all_) {
    query.columns.add_all(query.compared());
    query.conditions.clear();
    query.times.clear();
  }
  rows_ = table_.open(source_, std::move(query));
  returned_ = rowid_ = 0;
}

}  // namespace cdr::ext
