// The rows of a table that is given JSON.
//
// The inner side of a join asks for the rows of one input for each row of the outer side, and so
// does a correlated subquery. From the second time on, the input is read as a whole, its rows are
// kept (columns/kept_rows.hpp), and those that the join compares are looked up. They are kept as
// long as the input: until the statement ends, or for a text until the table's loop has ended.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "extension/tables/kept_search.hpp"

namespace cdr::ext {

class JsonRows : public TableRows {
 public:
  JsonRows(sqlite3* database, const JsonTable& table, std::shared_ptr<const Source> source)
      : table_(table), source_(std::move(source)), kept_(database, table) {}

  // Whether it reads this input.
  bool reads(sqlite3_value* input) const;
  void filter(const Plan& plan, std::span<sqlite3_value*> values) override;
  bool next() override;
  void column(sqlite3_context* context, std::size_t column) override;
  std::int64_t rowid() override;
  void end() noexcept override;

 private:
  // What was asked of an input: a table's rows, with one plan.
  struct Asked {
    const JsonTable* table;
    std::string plan, filter;
    bool can_keep = true;
    std::unique_ptr<KeptRows> rows;
  };
  struct AllAsked : Source::Attachment {
    std::vector<Asked> list;
  };

  void open();
  const KeptRows* kept_for(const Plan& plan);
  std::unique_ptr<KeptRows> read_all(const Plan& plan) const;
  Value value(std::size_t column);

  const JsonTable& table_;
  std::shared_ptr<const Source> source_;
  std::unique_ptr<RowStream> rows_;
  RowQuery query_;
  bool counts_all_ = false;
  std::int64_t returned_ = 0, rowid_ = 0;
  KeptSearch kept_;
};

}  // namespace cdr::ext
