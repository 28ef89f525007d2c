#include "extension/columns/kept_rows.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

namespace cdr::ext {

KeptRows::KeptRows(ColumnCache& cache, std::span<const Column> declared, const ColumnSet& used,
                   const std::vector<std::size_t>& keys)
    : cache_(cache) {
  for (const std::size_t column : keys)
    keys_.push_back(
        {column, declared[column].type == "INTEGER" ? Cell::Kind::integer : Cell::Kind::text});
  for (std::size_t i = 0; i < declared.size(); ++i)
    if (used.has(i)) columns_.emplace_back(i, ColumnValues(is_time(declared[i])));
}

KeptRows::~KeptRows() {
  cache_.release(reserved_);
}

bool KeptRows::end_row() {
  // How many rows are added between two checks of the memory left.
  constexpr std::size_t until_checked = 1024;
  if (++count_ % until_checked != 0) return true;
  return count_ < most_kept_rows && has_room();
}

bool KeptRows::finish() {
  for (auto& [column, values] : columns_) values.finish();
  if (!can_find_) places_ = {};
  std::sort(places_.begin(), places_.end());
  places_.shrink_to_fit();
  rowids_.shrink_to_fit();
  is_finished_ = has_room();
  return is_finished_;
}

bool KeptRows::has_room() {
  std::size_t bytes =
      sizeof *this + places_.capacity() * sizeof(Found) + rowids_.capacity() * sizeof(std::int64_t);
  for (const auto& [column, values] : columns_) bytes += sizeof values + values.bytes();
  cache_.release(std::exchange(reserved_, 0));
  if (!cache_.reserve(bytes)) return false;
  reserved_ = bytes;
  return true;
}

Cell KeptRows::cell(std::size_t row, std::size_t column, Arena& arena) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(),
                                  [&](const auto& each) { return each.first == column; });
  return found == columns_.end() ? Cell() : found->second.cell(row, arena);
}

// Whether SQLite may take the text for a number, and does not write the number in this way.
bool KeptRows::may_be_other_number(std::string_view text) {
  if (!may_be_number(text) || text == "0") return false;
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  return digits.empty() || digits.front() == '0' ||
         digits.find_first_not_of("0123456789") != digits.npos;
}

std::uint64_t KeptRows::mixed(std::uint64_t hash, const Cell& key) {
  constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;
  const std::uint64_t of_key = key.is_null() ? odd
                               : key.kind == Cell::Kind::integer
                                   ? static_cast<std::uint64_t>(key.integer)
                                   : std::hash<std::string_view>()(key.text);
  return (hash ^ of_key) * odd;
}

std::optional<std::span<const KeptRows::Found>> KeptRows::find(std::span<const Cell> keys) const {
  if (!can_find_ || keys_.empty()) return std::nullopt;
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys_[i].fits(keys[i])) {
      hash = mixed(hash, keys[i]);
    } else if (keys_[i].kind == Cell::Kind::text && keys_[i].finds_numbers &&
               keys[i].kind == Cell::Kind::integer) {
      hash = mixed(hash, Cell::of(std::string_view(std::to_string(keys[i].integer))));
    } else {
      return std::nullopt;
    }
  }
  const auto first = std::lower_bound(places_.begin(), places_.end(), Found(hash, 0));
  const auto last = std::upper_bound(first, places_.end(), Found(hash, UINT32_MAX));
  return std::span<const Found>(first, last);
}

}  // namespace cdr::ext
