// The model's and the vendors' tables: interactions('[…]'), cdr_dialog(cdr_file('day.json')),
// mluvii_session(…). Hidden columns: `input`, the argument; for cdr_dialog also `filter`, the
// second one; for vendors' tables where a row comes from.
#pragma once

#include "extension/plan.hpp"

namespace cdr::ext {

struct JsonTableModule {
  using Declaration = JsonTable;
  static std::string ddl(const JsonTable& table);
  static int plan(const JsonTable& table, sqlite3_index_info& info);

  class Cursor {
   public:
    explicit Cursor(const JsonTable& table) : table_(table) {}
    void filter(const char* plan, std::span<sqlite3_value*> values);
    bool eof() const { return !rows_; }
    void next();
    void column(sqlite3_context* context, int index) const;
    std::int64_t rowid() const { return rowid_; }

   private:
    const JsonTable& table_;
    std::unique_ptr<RowStream> rows_;
    std::int64_t rowid_ = 0;
  };
};

// '"name" TYPE, …', each followed by `suffix`.
std::string column_list(std::span<const Column> columns, std::string_view suffix);

}  // namespace cdr::ext
