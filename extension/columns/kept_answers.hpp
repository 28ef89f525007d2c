// The rows that lookups have found, by the values that they looked for.
//
// The inner side of a join, or a correlated subquery, looks rows up one value after the other, and
// an analyst puts the same question again, or one that joins the same rows. An answer that is kept
// takes a fraction of the time of SQLite's, most of which is that of starting and ending a
// statement.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
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

  // A larger answer is not kept. Its bytes include those of the values that were looked for.
  static constexpr std::size_t most_rows = 64, most_bytes = 65'536;

  struct Rows {
    std::uint32_t first, count;
  };
  // The answer to a lookup; `values` identify what it looked for. nullopt: there is none yet.
  std::optional<Rows> find(std::string_view values) const;
  // More rows are added to it with every answer.
  const std::shared_ptr<const KeptTable>& table() const { return rows_; }
  const ColumnSet& columns() const { return columns_; }
  bool has_just(const ColumnSet& columns) const {
    return columns_.has_all(columns) && columns.has_all(columns_);
  }

  // false: no other answer fits, or a column's values do not go together.
  bool takes_more() const { return !is_full_; }
  // Keeps an answer: the cells of its rows, one row after the other, each in the order of columns().
  // Call it only if the answer is not known and more are taken.
  void add(std::string_view values, std::span<const Cell> cells);

 private:
  bool has_room(std::size_t more);

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
  std::vector<std::shared_ptr<ColumnValues>> values_;  // of the same columns
  std::unordered_map<Values, Rows, Hash> answers_;
  Arena texts_;  // of their values
  std::size_t bytes_of_texts_ = 0;
  std::uint32_t count_ = 0;  // of rows
  bool is_full_ = false;
  std::size_t reserved_ = 0;  // bytes of the cache
  std::size_t used_ = 0;      // bytes, estimated from above
};

}  // namespace cdr::ext
