#include "extension/columns/kept_answers.hpp"

#include <algorithm>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace cdr::ext {

KeptAnswers::Values::Values(std::string_view values)
    : hash(XXH3_64bits(values.data(), values.size())), text(values) {}

KeptAnswers::KeptAnswers(ColumnCache& cache, const Table& table, const ColumnSet& columns)
    : cache_(cache), columns_(columns) {
  auto rows = std::make_shared<KeptTable>();
  rows->table = &table;
  for (std::size_t i = columns.next(0); i < max_columns; i = columns.next(i + 1)) {
    values_.emplace_back(
        i, std::make_shared<ColumnValues>(i < table.columns.size() && is_time(table.columns[i])));
    rows->columns.emplace(values_.back());
  }
  rows_ = std::move(rows);
}

KeptAnswers::~KeptAnswers() {
  cache_.release(reserved_);
}

std::optional<KeptAnswers::Rows> KeptAnswers::find(std::string_view values) const {
  const auto found = answers_.find(Values(values));
  return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

void KeptAnswers::begin() {
  is_adding_ = true;
  added_ = 0;
}

std::optional<KeptAnswers::Rows> KeptAnswers::end(std::string_view values) {
  // How many answers and rows are added between two checks of the memory left.
  constexpr std::size_t until_checked = 128;
  if (!is_full_) {
    const Rows rows{first_, added_};
    answers_.emplace(Values(texts_.keep(values)), rows);
    is_adding_ = false;
    bytes_of_values_ += values.size();
    first_ += std::min(added_, most_rows);
    unchecked_ += 1 + added_;
    if (unchecked_ >= until_checked) is_full_ = !has_room();
    return rows;
  }
  is_adding_ = false;
  return std::nullopt;
}

bool KeptAnswers::has_room() {
  unchecked_ = 0;
  constexpr std::size_t bytes_of_an_answer = 96;  // in the map, without its values
  constexpr std::size_t part = 8;                 // of the memory for all that is kept
  const std::size_t bytes =
      rows_->bytes() + answers_.size() * bytes_of_an_answer + bytes_of_values_;
  if (bytes > cache_.bound() / part || first_ >= most_kept_rows - most_rows) return false;
  cache_.release(std::exchange(reserved_, 0));
  if (!cache_.reserve(bytes)) return false;
  reserved_ = bytes;
  return true;
}

}  // namespace cdr::ext
