#include "extension/columns/reader.hpp"

#include <algorithm>
#include <numeric>

#include "core/stop.hpp"

namespace cdr::ext {

KeptReader::KeptReader(std::shared_ptr<const KeptTable> table, const KeptQuestion& question)
    : is_distinct_(question.is_distinct && !question.order.empty()) {
  set_table(std::move(table));
  is_all_ = question.comparisons.empty() && question.order.empty();
  count_ = table_->count;
  if (is_all_) return;
  for (const KeptQuestion::Order& each : question.order) {
    sorted_by_.push_back({values(each.column), each.descending});
    sort_columns_.add(each.column);
  }
  if (question.comparisons.empty()) {
    if (is_distinct_ && sorted_by_.size() == 1)
      if (auto firsts = sorted_by_.front().values->first_rows()) {
        rows_ = std::move(*firsts);
        has_firsts_ = true;
        sort_rows(sorted_by_, rows_);
      }
    if (has_firsts_) {
      count_ = rows_.size();
      return;
    }
    take_all();
  }
  bool is_first = true;
  for (const Comparison& each : question.comparisons) {
    check_stop();
    const ColumnValues& compared = *values(each.column());
    if (is_first)
      rows_ = compared.find(each);
    else
      compared.keep(each, rows_);
    is_first = false;
  }
  count_ = rows_.size();
  is_sorted_ = sorted_by_.empty();
  if (!is_sorted_ && question.is_grouped) sort();
}

void KeptReader::take_all() {
  rows_.resize(table_->count);
  std::iota(rows_.begin(), rows_.end(), 0U);
  count_ = rows_.size();
}

// Moves the row that sorting will move there to the front: max() and LIMIT 1 want no other.
void KeptReader::find_first() {
  const auto comes_before = [this](std::uint32_t a, std::uint32_t b) {
    for (const SortColumn& each : sorted_by_)
      if (const int found = each.values->compare_rows(a, b); found != 0)
        return (found < 0) != each.descending;
    return false;
  };
  if (rows_.empty()) return;
  const auto first = std::min_element(rows_.begin(), rows_.end(), comes_before);
  first_ = static_cast<std::size_t>(first - rows_.begin());
  std::swap(rows_[first_], rows_.front());
}

void KeptReader::sort() {
  if (has_begun_ && !rows_.empty()) std::swap(rows_[first_], rows_.front());
  sort_rows(sorted_by_, rows_);
  is_sorted_ = true;
}

// The rows that equal the current one are wanted after all.
void KeptReader::add_equal_rows() {
  const std::uint32_t current = rows_[at_];
  has_firsts_ = false;
  take_all();
  sort_rows(sorted_by_, rows_);
  at_ = static_cast<std::size_t>(std::find(rows_.begin(), rows_.end(), current) - rows_.begin());
}

KeptLookup::KeptLookup(const KeptTable& table, std::size_t column)
    : numbers_(table.find(column)->integers()), count_(table.count) {
  if (numbers_ == nullptr || std::is_sorted(numbers_, numbers_ + count_)) return;
  sorted_.resize(count_);
  std::iota(sorted_.begin(), sorted_.end(), 0U);
  const SortColumn by[] = {{table.find(column), false}};
  sort_rows(by, sorted_);
}

const std::vector<std::uint32_t>& KeptLookup::find(std::int64_t number) {
  found_.clear();
  if (sorted_.empty()) {
    const auto [first, last] = std::equal_range(numbers_, numbers_ + count_, number);
    for (auto each = first; each != last; ++each)
      found_.push_back(static_cast<std::uint32_t>(each - numbers_));
    return found_;
  }
  const auto first = std::lower_bound(
      sorted_.begin(), sorted_.end(), number,
      [this](std::uint32_t row, std::int64_t wanted) { return numbers_[row] < wanted; });
  for (auto each = first; each != sorted_.end() && numbers_[*each] == number; ++each)
    found_.push_back(*each);
  return found_;
}

void KeptReader::set_rows(std::span<const std::uint32_t> rows) {
  rows_.assign(rows.begin(), rows.end());
  begin();
}

void KeptReader::set_rows(std::uint32_t first, std::uint32_t count) {
  rows_.resize(count);
  std::iota(rows_.begin(), rows_.end(), first);
  begin();
}

void KeptReader::begin() {
  is_all_ = false;
  count_ = rows_.size();
  at_ = 0;
  has_begun_ = false;
  is_looked_at_ = false;
}

// Tests cell by cell, because there are few rows here. ColumnValues::keep() would first test all
// words of a column.
void KeptReader::keep(const std::vector<Comparison>& comparisons) {
  for (const Comparison& each : comparisons) {
    const ColumnValues& compared = *values(each.column());
    rows_.erase(
        std::remove_if(rows_.begin(), rows_.end(),
                       [&](std::uint32_t row) { return !each.holds(compared.cell(row, arena_)); }),
        rows_.end());
  }
  count_ = rows_.size();
}

void KeptReader::set_table(std::shared_ptr<const KeptTable> table) {
  table_ = std::move(table);
  columns_.assign(table_->columns.empty() ? 0 : table_->columns.rbegin()->first + 1, nullptr);
  for (const auto& [column, values] : table_->columns) columns_[column] = values.get();
}

bool KeptReader::is_same(std::size_t a, std::size_t b) const {
  return std::all_of(sorted_by_.begin(), sorted_by_.end(),
                     [&](const SortColumn& each) { return each.values->equal(a, b); });
}

// DISTINCT needs only one of the rows that are equal in the columns of the order, unless the result
// depends on another column. SQLite does not report for every column whether it is used. But if it
// has read no other column of the last row before it asks for the next one, it would treat an equal
// row exactly like that one.
bool KeptReader::next() {
  if (!has_begun_) {
    has_begun_ = true;
    if (!is_sorted_) find_first();
    is_looked_at_ = false;
    return at_ < count_;
  }
  if (!is_sorted_) sort();
  if (is_distinct_ && !is_looked_at_) {
    const std::size_t last = row();
    do ++at_;
    while (at_ < count_ && is_same(last, row()));
  } else {
    if (has_firsts_) add_equal_rows();
    ++at_;
  }
  is_looked_at_ = false;
  return at_ < count_;
}

bool KeptReader::column(sqlite3_context* context, std::size_t column) {
  if (is_distinct_ && !sort_columns_.has(column)) is_looked_at_ = true;
  const ColumnValues* const kept = values(column);
  if (kept == nullptr) return false;
  const Cell cell = kept->cell(row(), arena_);
  switch (cell.kind) {
    case Cell::Kind::integer:
      sqlite3_result_int64(context, cell.integer);
      break;
    case Cell::Kind::real:
      sqlite3_result_double(context, cell.real);
      break;
    case Cell::Kind::text:
      // SQLite gets a copy, because the kept column may be dropped before SQLite has done with the
      // text.
      sqlite3_result_text64(context, cell.text.empty() ? "" : cell.text.data(), cell.text.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8);
      break;
    default:
      break;
  }
  return true;
}

Cell KeptReader::cell(std::size_t column) {
  is_looked_at_ = true;
  return values(column)->cell(row(), arena_);
}

}  // namespace cdr::ext
