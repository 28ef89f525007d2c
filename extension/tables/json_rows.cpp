#include "extension/tables/json_rows.hpp"

#include <algorithm>

#include "core/stop.hpp"
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
  if (const KeptRows* const kept = kept_for(plan))
    kept_.begin(*kept, plan, values, query_);
  else
    open();
}

void JsonRows::end() noexcept {
  rows_.reset();
  kept_.end();
}

// The kept rows of this plan; null if it is asked for the first time, or they cannot be kept.
const KeptRows* JsonRows::kept_for(const Plan& plan) {
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

std::unique_ptr<KeptRows> JsonRows::read_all(const Plan& plan) const {
  auto kept = kept_.make(plan);
  if (kept == nullptr) return nullptr;
  RowQuery all = kept_.all_rows(plan);
  all.filter = query_.filter;
  const auto rows = table_.open(source_, std::move(all));
  while (rows->next()) {
    check_stop();
    if (!kept->add([&](std::size_t column) { return Cell::of(rows->row()[column]); }))
      return nullptr;
  }
  return kept->finish() ? std::move(kept) : nullptr;
}

bool JsonRows::next() {
  if (kept_.is_running()) return kept_.next(query_);
  ++returned_;
  if (!counts_all_) return rows_->next();
  do {
    if (!rows_->next()) return false;
    ++rowid_;
  } while (!query_.may_hold(rows_->row()));
  return true;
}

void JsonRows::column(sqlite3_context* context, std::size_t column) {
  const std::size_t own = table_.table.columns.size();
  if (column < own) return set_result(context, value(column));
  const Value time = value(static_cast<std::size_t>(table_.table.find(time_of_parts)));
  if (time.type() != Value::Type::text) return;
  set_result(context, Value::text(time.as_text().substr(0, time_parts(table_)[column - own].size)));
}

Value JsonRows::value(std::size_t column) {
  return kept_.is_running() ? kept_.value(column) : rows_->row()[column];
}

// A row's number among all rows of the input, whatever the conditions: SQLite notes by it which
// rows a FULL JOIN has matched. It is rarely asked for, and counting needs every row to be made, so
// an input whose rows are not kept is read a second time then.
std::int64_t JsonRows::rowid() {
  if (kept_.is_running()) return kept_.rowid();
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
