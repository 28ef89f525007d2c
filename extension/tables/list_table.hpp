// Tables whose rows are made at once from declarations (cdr_tables, cdr_columns, cdr_functions,
// cdr_mapping), or while the input is read (cdr_problems; without an input it shows a warehouse's
// quarantine), or from one pass over the warehouse (cdr_check).
#pragma once

#include "extension/binding/catalog.hpp"
#include "extension/binding/module.hpp"
#include "extension/tables/plan.hpp"

namespace cdr::ext {

struct ListTableModule {
  using Declaration = ListTable;
  static std::string ddl(const ListTable& table);
  static Risk risk(const ListTable& table);
  static int plan(const ListTable& table, sqlite3_index_info& info);

  struct Kept {  // nothing
    explicit Kept(sqlite3*) {}
  };
  class Cursor {
   public:
    Cursor(const ListTable& table, sqlite3* database, Kept&)
        : table_(table), database_(database), rows_(table.table) {}
    void filter(const char* plan, std::span<sqlite3_value*> values);
    bool eof() const { return row_ >= rows_.size(); }
    void next();
    void column(sqlite3_context* context, int index) const;
    std::int64_t rowid() const { return static_cast<std::int64_t>(rows_before_ + row_) + 1; }
    void end() noexcept;

   private:
    void start();

    const ListTable& table_;
    sqlite3* database_;
    Arena arena_;
    RowSet rows_;
    std::unique_ptr<RowPortions> portions_;  // of the input, if it is read
    std::size_t row_ = 0;                    // in rows_
    std::size_t rows_before_ = 0;
  };
};

}  // namespace cdr::ext
