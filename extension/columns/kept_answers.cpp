#include "extension/columns/kept_answers.hpp"

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
    values_.push_back(no_values_of(table, i));
    rows->columns.emplace(i, values_.back());
  }
  rows_ = std::move(rows);
  is_full_ = !has_room(0);
}

KeptAnswers::~KeptAnswers() {
  cache_.release(reserved_);
}

std::optional<KeptAnswers::Rows> KeptAnswers::find(std::string_view values) const {
  const auto found = answers_.find(Values(values));
  return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

void KeptAnswers::add(std::string_view values, std::span<const Cell> cells) {
  std::size_t bytes = values.size();
  for (const Cell& cell : cells) bytes += sizeof cell.integer + cell.text.size();
  // If memory runs out in the middle, the last row lacks columns, and no more can be added.
  if (std::exchange(is_full_, true) || !has_room(bytes)) return;
  std::size_t column = 0;
  for (const Cell& cell : cells) {
    if (!values_[column]->add(cell)) return;
    if (++column == values_.size()) column = 0;
  }
  const auto rows = static_cast<std::uint32_t>(cells.size() / values_.size());
  bytes_of_texts_ += values.size();
  answers_.emplace(Values(texts_.keep(values)), Rows{count_, rows});
  count_ += rows;
  is_full_ = false;
}

// Whether that many more bytes fit. What is kept for one plan must not displace everything else,
// because nobody may ask again.
bool KeptAnswers::has_room(std::size_t more) {
  constexpr std::size_t bytes_of_an_answer = 96;  // in the map, without its values
  constexpr std::size_t part = 8;                 // of the memory for all that is kept
  constexpr std::size_t step = 16'384;            // reserved at once
  // Vectors grow to twice what they hold.
  used_ += bytes_of_an_answer + 2 * more;
  if (used_ <= reserved_) return true;
  used_ = rows_->bytes() + (answers_.size() + 1) * bytes_of_an_answer + bytes_of_texts_ + 2 * more;
  if (used_ <= reserved_) return true;
  const std::size_t wanted = used_ + step;
  if (wanted > cache_.bound() / part || count_ >= most_kept_rows - most_rows) return false;
  if (!cache_.reserve(wanted - reserved_)) return false;
  reserved_ = wanted;
  return true;
}

}  // namespace cdr::ext
