// A vendor's table read from the warehouse: raw_record keeps the newest record of each id. If a
// query names one tenant (_source), or one id that the vendor stores in one column, only those
// records are decompressed.
//
//   SELECT * FROM mluvii_session WHERE id = '12345';
//
// The inner side of a join that names no id asks for all records each time, and so does a
// correlated subquery. Once as many records as there are were read for one plan, its rows are kept
// (kept_search.hpp): by the connection, until the file changes or the memory is needed; by the loop
// alone if its transaction has written.
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
    if (kept_.is_running()) return kept_.rowid();
    return raw_id_ << 20 | static_cast<std::int64_t>(record_rows_->place());
  }
  void end() noexcept override;
  void put_by() noexcept override;
  bool reopen() override;

 private:
  struct OfResource {
    const Resource* resource;
    int id_column;                  // of the table; -1: none holds the record's id unchanged
    std::optional<std::string> id;  // if the query asks for one
  };
  // What was asked of one state of the file.
  struct Asked {
    std::string plan;
    std::int64_t records = 0;              // read for it so far
    std::optional<std::size_t> too_small;  // the memory in which its rows did not fit
    std::shared_ptr<const KeptRows> rows;
  };
  void open_resource();
  void read_record();
  void find_ids(const RowQuery& query);
  void start(RowQuery query);
  const KeptRows* kept_for(const Plan& plan);
  std::shared_ptr<const KeptRows> read_all(const Plan& plan);
  std::int64_t count_records();

  const JsonTable& table_;
  Standing standing_;  // first: the statements below read the tables that it has checked
  RawStore store_;
  RawParser parser_;
  Statement all_, of_id_, count_;
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
  KeptColumns keeper_;
  std::optional<FileState> state_;
  std::vector<Asked> asked_;
  std::optional<std::size_t> asking_;          // the query's place in asked_
  std::optional<std::int64_t> count_records_;  // in that state
  KeptSearch kept_;
};

}  // namespace cdr::ext
