#include "extension/columns/cache.hpp"

#include <algorithm>
#include <utility>

#include "extension/columns/kept_answers.hpp"
#include "extension/columns/kept_rows.hpp"

namespace cdr::ext {
namespace {

// How many rows are added between two checks of the memory left.
constexpr std::size_t rows_between = 4096;
// The approximate size of an object itself, without its values.
constexpr std::size_t bytes_of_an_object = 512;

// The least recently used of the entries that may go.
template <class Entries, class MayGo>
auto oldest_of(Entries& entries, const MayGo& may_go) {
  auto oldest = entries.end();
  for (auto each = entries.begin(); each != entries.end(); ++each)
    if (may_go(*each) && (oldest == entries.end() || each->used < oldest->used)) oldest = each;
  return oldest;
}

}  // namespace

ColumnCache& ColumnCache::of(Connection& connection) {
  auto& kept = connection.kept();
  if (kept == nullptr) kept = std::make_unique<ColumnCache>();
  return static_cast<ColumnCache&>(*kept);
}

bool Scope::operator==(const Scope& other) const {
  const auto alike = [](const std::optional<Bound>& a, const std::optional<Bound>& b) {
    return a.has_value() == b.has_value() &&
           (!a || (a->time == b->time && a->included == b->included));
  };
  return alike(from, other.from) && alike(to, other.to) && (is_all() || column == other.column);
}

bool Scope::covers(const Scope& other) const {
  if (is_all()) return true;
  if (other.is_all() || other.column != column) return false;
  const auto within = [](const Bound& own, const std::optional<Bound>& wanted, int sign) {
    if (!wanted) return false;
    const int found = sign * wanted->time.compare(own.time);
    return found > 0 || (found == 0 && (own.included || !wanted->included));
  };
  return (!from || within(*from, other.from, 1)) && (!to || within(*to, other.to, -1));
}

bool KeptTable::has_all(const ColumnSet& wanted) const {
  for (std::size_t i = wanted.next(0); i < max_columns; i = wanted.next(i + 1))
    if (find(i) == nullptr) return false;
  return true;
}

std::size_t KeptTable::bytes() const {
  std::size_t sum = bytes_of_an_object;
  for (const auto& [column, values] : columns) sum += values->bytes() + bytes_of_an_object;
  return sum;
}

void ColumnCache::forget() noexcept {
  entries_.clear();
  plans_.clear();
  refused_.clear();
  sifted_.clear();
  state_.reset();
}

void ColumnCache::set_bound(std::size_t bytes) {
  bound_ = bytes;
  refused_.clear();
  make_room(0, nullptr);
}

void ColumnCache::see(const FileState& state) {
  if (state_ && *state_ == state) return;
  forget();
  state_ = state;
}

std::shared_ptr<const KeptTable> ColumnCache::find(const Table& table, const Scope& scope,
                                                   const ColumnSet& columns) {
  for (Entry& each : entries_) {
    const KeptTable& kept = *each.table;
    if (kept.table != &table || !kept.scope.covers(scope)) continue;
    if (!kept.has_all(columns)) continue;
    each.used = ++uses_;
    return each.table;
  }
  return nullptr;
}

std::shared_ptr<const KeptTable> ColumnCache::find_scope(const Table& table,
                                                         const Scope& scope) const {
  for (const Entry& each : entries_)
    if (each.table->table == &table && each.table->scope == scope) return each.table;
  return nullptr;
}

void ColumnCache::keep(std::shared_ptr<const KeptTable> table, const FileState& state) {
  if (!state_ || *state_ != state) return;
  const std::size_t size = table->bytes();
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) {
    return each.table->table == table->table && each.table->scope == table->scope;
  });
  if (found != entries_.end()) {
    *found = {std::move(table), ++uses_, size};
    return;
  }
  entries_.push_back({std::move(table), ++uses_, size});
}

std::shared_ptr<const KeptRows> ColumnCache::find_rows(const Table& table, std::string_view plan) {
  for (PlanEntry& each : plans_) {
    if (each.table != &table || each.plan != plan) continue;
    each.used = ++uses_;
    return each.rows;
  }
  return nullptr;
}

void ColumnCache::keep_rows(const Table& table, std::string plan,
                            std::shared_ptr<const KeptRows> rows, const FileState& state) {
  if (state_ == state) keep_plan({&table, std::move(plan), std::move(rows), {}, ++uses_});
}

std::shared_ptr<KeptAnswers> ColumnCache::answers(const Table& table, std::string_view plan,
                                                  const ColumnSet& columns,
                                                  const FileState& state) {
  if (state_ != state) return nullptr;
  for (PlanEntry& each : plans_) {
    if (each.table != &table || !each.answers || each.plan != plan ||
        !each.answers->has_just(columns))
      continue;
    each.used = ++uses_;
    return each.answers;
  }
  auto made = std::make_shared<KeptAnswers>(*this, table, columns);
  if (!made->takes_more()) return nullptr;
  keep_plan({&table, std::string(plan), {}, made, ++uses_});
  return made;
}

void ColumnCache::keep_plan(PlanEntry entry) {
  constexpr std::size_t most_plans = 256;  // they are searched one by one
  if (plans_.size() >= most_plans)
    plans_.erase(oldest_of(plans_, [](const PlanEntry&) { return true; }));
  plans_.push_back(std::move(entry));
}

std::size_t ColumnCache::bytes() const {
  std::size_t sum = reserved_;
  for (const Entry& each : entries_) sum += each.bytes;
  return sum;
}

bool ColumnCache::make_room(std::size_t bytes, const KeptTable* beside) {
  while (this->bytes() + bytes > bound_) {
    const auto table =
        oldest_of(entries_, [&](const Entry& each) { return each.table.get() != beside; });
    const auto rows = oldest_of(plans_, [](const PlanEntry& each) { return !each.is_read(); });
    const bool has_table = table != entries_.end(), has_rows = rows != plans_.end();
    if (has_table && (!has_rows || table->used < rows->used)) {
      entries_.erase(table);
    } else if (has_rows) {
      plans_.erase(rows);
    } else {
      plans_.clear();  // those that are read go when their readers end
      return false;
    }
  }
  return true;
}

bool ColumnCache::reserve(std::size_t bytes) {
  if (!make_room(bytes, nullptr)) return false;
  reserved_ += bytes;
  return true;
}

void ColumnCache::refuse(const Table& table, const Scope& scope, const ColumnSet& columns) {
  refused_.push_back({&table, scope, columns});
}

bool ColumnCache::is_refused(const Table& table, const Scope& scope,
                             const ColumnSet& columns) const {
  return std::any_of(refused_.begin(), refused_.end(), [&](const Refusal& each) {
    return each.table == &table && scope.covers(each.scope) && columns.has_all(each.columns);
  });
}

std::shared_ptr<ColumnValues> no_values_of(const Table& table, std::size_t column) {
  return std::make_shared<ColumnValues>(column < table.columns.size() &&
                                        is_time(table.columns[column]));
}

KeptTableBuilder::KeptTableBuilder(ColumnCache& cache, const Table& table, Scope scope,
                                   std::shared_ptr<const KeptTable> before,
                                   const ColumnSet& columns)
    : cache_(cache), before_(std::move(before)), made_(new KeptTable) {
  if (before_ != nullptr && before_->columns.empty())
    before_.reset();  // its rows were only counted
  made_->table = &table;
  made_->scope = std::move(scope);
  for (std::size_t i = columns.next(0); i < max_columns; i = columns.next(i + 1)) {
    if (before_ != nullptr && before_->find(i) != nullptr) continue;
    columns_.push_back(i);
    values_.push_back(no_values_of(table, i));
  }
}

bool KeptTableBuilder::end_row(std::int64_t place) {
  constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;
  made_->order = (made_->order ^ static_cast<std::uint64_t>(place)) * odd;
  if (++made_->count % rows_between != 0) return true;
  return made_->count < most_kept_rows && has_room();
}

bool KeptTableBuilder::has_room() {
  std::size_t bytes = 0;
  for (const auto& each : values_) bytes += each->bytes() + bytes_of_an_object;
  if (cache_.make_room(bytes, before_.get())) return true;
  return refuse(columns_);
}

bool KeptTableBuilder::refuse(const std::vector<std::size_t>& columns) {
  ColumnSet refused;
  for (const std::size_t column : columns) refused.add(column);
  cache_.refuse(*made_->table, made_->scope, refused);
  return false;
}

std::shared_ptr<const KeptTable> KeptTableBuilder::read(Statement::Rows rows) {
  const int place = static_cast<int>(columns_.size());
  const auto cell_of = [&](std::size_t i) { return Cell::of(rows.raw(static_cast<int>(i))); };
  while (rows.next())
    if (!add(rows.integer(place), cell_of)) return nullptr;
  return finish();
}

std::shared_ptr<const KeptTable> KeptTableBuilder::finish() {
  for (const auto& each : values_) each->finish();
  if (!has_room()) return nullptr;
  if (before_ != nullptr) {
    if (before_->count != made_->count || before_->order != made_->order) {
      refuse(columns_);
      return nullptr;
    }
    made_->columns = before_->columns;
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) made_->columns.emplace(columns_[i], values_[i]);
  return made_;
}

}  // namespace cdr::ext
