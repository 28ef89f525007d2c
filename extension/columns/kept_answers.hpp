// The rows that lookups have found, by the values that they looked for.
//
// The inner side of a join, or a correlated subquery, looks rows up one value after the other, and
// an analyst puts the same question again, or one that joins the same rows. An answer that is kept
// takes a fraction of the time of SQLite's, most of which is that of starting and ending a
// statement.
//
// They use the memory of the connection's kept columns, a part of it at most, because nobody may
// ask again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extension/columns/cache.hpp"

namespace cdr::ext {

class KeptAnswers {
 public:
  // Answers with these columns of the table.
  KeptAnswers(ColumnCache& cache, const Table& table, const ColumnSet& columns);
  ~KeptAnswers();
  KeptAnswers(const KeptAnswers&) = delete;
  KeptAnswers& operator=(const KeptAnswers&) = delete;

  // A larger answer is not kept: whoever asks may want only its first rows.
  static constexpr std::uint32_t most_rows = 64;

  struct Rows {
    std::uint32_t first, count;
    bool is_too_large() const { return count > most_rows; }
  };
  // The answer to a lookup; `values` identify what it looked for. nullopt: there is none yet.
  std::optional<Rows> find(std::string_view values) const;
  // More rows are added to it with every answer.
  const std::shared_ptr<const KeptTable>& table() const { return rows_; }
  const ColumnSet& columns() const { return columns_; }

  // Whether an error ended the adding of an answer: what is kept is right, but its last row may lack
  // columns, so no more rows can be added.
  bool is_broken() const { return is_adding_; }

  // false: they have no room for another answer, or a column's values do not go together.
  bool takes_more() const { return !is_full_; }

  // Begins the answer to a lookup.
  void begin();
  // Adds its next row: `cell_of(column)` is the value in a column. false: the answer is too large,
  // or cannot be kept.
  template <class CellOf>
  bool add(const CellOf& cell_of) {
    if (added_++ == most_rows) return false;
    for (const auto& [column, values] : values_)
      if (!values->add(cell_of(column))) return !(is_full_ = true);
    return true;
  }
  // Call it when add() has returned false, or after the last row. nullopt: the answer is not kept.
  std::optional<Rows> end(std::string_view values);

 private:
  bool has_room();

  // What a lookup looked for, and its hash, which is computed once.
  struct Values {
    explicit Values(std::string_view values);
    bool operator==(const Values&) const = default;
    std::uint64_t hash;
    std::string_view text;
  };
  struct Hash {
    std::size_t operator()(const Values& values) const { return values.hash; }
  };

  ColumnCache& cache_;
  ColumnSet columns_;
  std::shared_ptr<const KeptTable> rows_;
  std::vector<std::pair<std::size_t, std::shared_ptr<ColumnValues>>> values_;  // the same columns
  std::unordered_map<Values, Rows, Hash> answers_;
  Arena texts_;                          // of their values
  std::uint32_t first_ = 0, added_ = 0;  // of the answer that is being added
  bool is_adding_ = false, is_full_ = false;
  std::size_t bytes_of_values_ = 0;
  std::size_t unchecked_ = 0;
  std::size_t reserved_ = 0;  // bytes of the cache
};

}  // namespace cdr::ext
