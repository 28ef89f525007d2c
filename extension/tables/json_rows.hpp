// The rows of a table that is given JSON.
//
// The inner side of a join asks for the rows of one input for each row of the outer side, and so
// does a correlated subquery. From the second time on, the input is read as a whole, its rows are
// kept (columns/kept_rows.hpp), and those that the join compares are looked up. They are kept as
// long as the input: until the statement ends, or for a text until the table's loop has ended.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "extension/columns/kept_rows.hpp"
#include "extension/tables/json_table.hpp"

namespace cdr::ext {

class JsonRows : public TableRows {
 public:
  JsonRows(sqlite3* database, const JsonTable& table, std::shared_ptr<const Source> source)
      : database_(database), table_(table), source_(std::move(source)) {}

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
  KeptRows* kept_for(const Plan& plan);
  std::unique_ptr<KeptRows> read_all(const Plan& plan);
  std::vector<std::size_t> keys_of(const Plan& plan) const;
  void look_up(const Plan& plan, std::span<sqlite3_value*> values);
  bool next_kept();
  Value value(std::size_t column);

  sqlite3* database_;
  const JsonTable& table_;
  std::shared_ptr<const Source> source_;
  std::unique_ptr<RowStream> rows_;
  RowQuery query_;
  bool counts_all_ = false;
  std::int64_t returned_ = 0, rowid_ = 0;

  KeptRows* kept_ = nullptr;                               // the rows that are returned
  std::optional<std::span<const KeptRows::Found>> found_;  // of them; nullopt: all
  std::size_t left_ = 0;                                   // of found_, or of all
  std::size_t kept_row_ = 0;
  Arena arena_;
};

}  // namespace cdr::ext
