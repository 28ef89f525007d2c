// A SQLite file of ordinary tables, with the declared types and an index on each interaction_id.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <set>

#include "cli/database.hpp"
#include "cli/script.hpp"
#include "cli/sink.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

class TableSink : public Sink {
 public:
  explicit TableSink(SQLite::Database& database) : database_(database) {}

  void begin(const std::string& table, const std::vector<ExportColumn>& columns) override {
    std::string names, marks;
    std::set<std::string> used;
    for (const ExportColumn& column : columns) {
      std::string name = column.name;
      for (int n = 1; !used.insert(folded(name)).second; ++n)
        name = column.name + ':' + std::to_string(n);
      names += (names.empty() ? "" : ", ") + quoted_name(name);
      if (!column.type.empty()) names += ' ' + column.type;
      marks += marks.empty() ? "?" : ", ?";
      if (name == "interaction_id") indexed_.push_back(table);
    }
    database_.exec("CREATE TABLE " + quoted_name(table) + " (" + names + ")");
    const std::string insert = "INSERT INTO " + quoted_name(table) + " VALUES (" + marks + ")";
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database_.getHandle(), insert.c_str(), -1, &statement, nullptr));
    insert_.reset(statement);
  }

  void row(std::span<const Cell> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i)
      bind(insert_.get(), static_cast<int>(i + 1), cells[i]);
    sqlite3_step(insert_.get());
    check(sqlite3_reset(insert_.get()));
  }

  void end() override { insert_.reset(); }

  std::vector<std::string> finish() override {
    for (const std::string& table : indexed_)
      database_.exec("CREATE INDEX " + quoted_name(table + "_by_interaction") + " ON " +
                     quoted_name(table) + " (interaction_id)");
    return {};
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) throw SQLite::Exception(database_.getHandle(), code);
  }
  // For SQLite, a and A are the same column.
  static std::string folded(std::string name) {
    for (char& c : name) c = lower(c);
    return name;
  }
  static void bind(sqlite3_stmt* statement, int index, const Cell& cell) {
    const auto size = static_cast<int>(cell.text.size());
    switch (cell.kind) {
      case Cell::Kind::null:
        sqlite3_bind_null(statement, index);
        break;
      case Cell::Kind::integer:
        sqlite3_bind_int64(statement, index, std::stoll(std::string(cell.text)));
        break;
      case Cell::Kind::real:
        sqlite3_bind_double(statement, index, cell.number);
        break;
      case Cell::Kind::text:
        sqlite3_bind_text(statement, index, cell.text.data(), size, SQLITE_STATIC);
        break;
      case Cell::Kind::blob:
        sqlite3_bind_blob(statement, index, cell.text.empty() ? "" : cell.text.data(), size,
                          SQLITE_STATIC);
        break;
    }
  }

  SQLite::Database& database_;
  Prepared insert_;
  std::vector<std::string> indexed_;
};

class SqliteSink : public Sink {
 public:
  explicit SqliteSink(TargetFile& target)
      : database_(open_database(target.written_path(), Access::create)), tables_(database_) {
    // The file is not read before it is complete, and an incomplete one is removed.
    database_.exec("PRAGMA page_size = 8192");
    database_.exec("PRAGMA journal_mode = OFF");
    database_.exec("PRAGMA synchronous = OFF");
    database_.exec("BEGIN");
  }
  void begin(const std::string& table, const std::vector<ExportColumn>& columns) override {
    tables_.begin(table, columns);
  }
  void row(std::span<const Cell> cells) override { tables_.row(cells); }
  void end() override { tables_.end(); }
  std::vector<std::string> finish() override {
    tables_.finish();
    database_.exec("COMMIT");
    return {};
  }

 private:
  SQLite::Database database_;
  TableSink tables_;
};

}  // namespace

std::unique_ptr<Sink> make_table_sink(SQLite::Database& database) {
  return std::make_unique<TableSink>(database);
}

std::unique_ptr<Sink> make_sqlite_sink(TargetFile& target) {
  return std::make_unique<SqliteSink>(target);
}

}  // namespace cdr::cli
