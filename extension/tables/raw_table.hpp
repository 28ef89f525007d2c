// A vendor's table read from the warehouse: raw_record keeps the newest record of each id. If a
// query names one tenant (_source), or one id that the vendor stores in one column, only those
// records are decompressed.
//
//   SELECT * FROM mluvii_session WHERE id = '12345';
//
// The inner side of a join that names no id asks for all records each time. From the second time on
// their rows are kept (kept_search.hpp), until the loop ends or the file changes.
//
// The column _file is the file that brought this version. The record's place in it is not kept, so
// _record and _offset are NULL.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "extension/columns/watch.hpp"
#include "extension/tables/kept_search.hpp"
#include "extension/tables/standing.hpp"
#include "extension/warehouse/raw/raw_store.hpp"

namespace cdr::ext {

class RawRows : public TableRows {
 public:
  RawRows(sqlite3* database, const JsonTable& table);
  void filter(const Plan& plan, std::span<sqlite3_value*> values) override;
  bool next() override;
  void column(sqlite3_context* context, std::size_t column) override;
  // Made of the record's number and the place of the row within the record.
  std::int64_t rowid() override {
    if (kept_.is_running()) return kept_ids_[kept_.row()];
    return raw_id_ << 20 | static_cast<std::int64_t>(record_rows_->place());
  }
  void end() noexcept override;
  void put_by() noexcept override { forget_kept(); }
  bool reopen() override;

 private:
  struct OfResource {
    const Resource* resource;
    int id_column;                  // of the table; -1: none holds the record's id unchanged
    std::optional<std::string> id;  // if the query asks for one
  };
  void open_resource();
  void read_record();
  void start(RowQuery query);
  bool keeps(const Plan& plan);
  bool keep_all(const Plan& plan);
  void forget_kept() noexcept;

  const JsonTable& table_;
  Standing standing_;  // first: the statements below read the tables that it has checked
  RawStore store_;
  RawParser parser_;
  Statement all_, of_id_;
  std::vector<OfResource> resources_;
  std::vector<OfResource>::iterator resource_;
  std::optional<std::string> source_;  // if the query asks for one
  std::unique_ptr<RecordRows> record_rows_;
  std::optional<Statement::Rows> rows_;
  Arena arena_;
  Document document_;
  Record record_;
  std::int64_t raw_id_ = 0;

  RowQuery query_;
  std::string asked_;  // the last plan
  KeptColumns keeper_;
  FileState kept_state_;
  std::unique_ptr<KeptRows> kept_rows_;
  std::vector<std::int64_t> kept_ids_;  // by row: its rowid
  bool can_keep_ = true;
  KeptSearch kept_;
};

}  // namespace cdr::ext
