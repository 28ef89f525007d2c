// Rows that are kept because the inner side of a join, or a correlated subquery, asks for them for
// each row of the outer side: those of one call of a report, of a table that is given JSON, or of a
// vendor's table that reads stored records. Making them takes longer than many joins.
//
// Rows are found by the columns that the join compares, because SQLite makes no index for a virtual
// table. They use the memory of the connection's kept columns.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "extension/columns/cache.hpp"

namespace cdr::ext {

class KeptRows {
 public:
  // Keeps those of the declared columns that are `used`, and finds rows by `keys`, which are among
  // them: by whole numbers in a column that is INTEGER, by texts in others.
  KeptRows(ColumnCache& cache, std::span<const Column> declared, const ColumnSet& used,
           const std::vector<std::size_t>& keys);
  ~KeptRows();
  KeptRows(const KeptRows&) = delete;
  KeptRows& operator=(const KeptRows&) = delete;

  // Adds the next row: `cell_of(column)` is its value. false: the rows cannot be kept.
  template <class CellOf>
  bool add(const CellOf& cell_of) {
    for (auto& [column, values] : columns_)
      if (!values.add(cell_of(column))) return false;
    if (!keys_.empty() && can_find_) add_key(cell_of);
    return end_row();
  }
  // The rowid of the row that was added last. Give it for all rows or for none.
  void identify(std::int64_t rowid) { rowids_.push_back(rowid); }
  // Call it after the last row. false: the rows cannot be kept.
  bool finish();
  bool is_finished() const { return is_finished_; }

  std::size_t count() const { return count_; }
  // Its place, from 1, if no other one was given.
  std::int64_t rowid(std::size_t row) const {
    return rowids_.empty() ? static_cast<std::int64_t>(row) + 1 : rowids_[row];
  }
  // A text is valid until the arena is used again.
  Cell cell(std::size_t row, std::size_t column, Arena& arena) const;

  // A row, after the hash of its keys.
  using Found = std::pair<std::uint64_t, std::uint32_t>;
  // Rows with these keys, in their order; maybe others too. nullopt: any row may have them, because
  // SQLite compares a number with a text by rules that depend on where both come from. A whole
  // number is found in a column of texts all the same, unless one of them may be a number in
  // another form than SQLite's.
  std::optional<std::span<const Found>> find(std::span<const Cell> keys) const;

 private:
  struct Key {
    std::size_t column;
    Cell::Kind kind;
    bool finds_numbers = true;  // among its texts
    bool fits(const Cell& cell) const { return cell.is_null() || cell.kind == kind; }
  };
  static bool may_be_other_number(std::string_view text);
  static std::uint64_t mixed(std::uint64_t hash, const Cell& key);
  template <class CellOf>
  void add_key(const CellOf& cell_of) {
    std::uint64_t hash = 0;
    for (Key& key : keys_) {
      const Cell cell = cell_of(key.column);
      can_find_ = can_find_ && key.fits(cell);
      if (cell.kind == Cell::Kind::text && may_be_other_number(cell.text))
        key.finds_numbers = false;
      hash = mixed(hash, cell);
    }
    places_.emplace_back(hash, static_cast<std::uint32_t>(count_));
  }
  bool end_row();
  bool has_room();

  ColumnCache& cache_;
  std::vector<std::pair<std::size_t, ColumnValues>> columns_;
  std::vector<Key> keys_;
  std::vector<Found> places_;
  std::vector<std::int64_t> rowids_;
  bool can_find_ = true;  // all keys so far fit
  bool is_finished_ = false;
  std::size_t count_ = 0;
  std::size_t reserved_ = 0;  // bytes of the cache
};

}  // namespace cdr::ext
