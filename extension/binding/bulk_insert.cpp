#include "extension/binding/bulk_insert.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "extension/binding/connection.hpp"
#include "extension/binding/guard.hpp"
#include "extension/binding/reprepare_probe.hpp"

namespace cdr::ext {
namespace {

constexpr const char* rows_pointer = "cdr_rows";

// A column's number in the virtual table, after that of its argument.
constexpr int first_cell = 1;

bool has_temp_triggers(sqlite3* database) {
  Statement select(database, "SELECT 1 FROM temp.sqlite_schema WHERE type = 'trigger' LIMIT 1");
  return select.query().next();
}

std::string declaration() {
  std::string sql = "CREATE TABLE x(rows HIDDEN";
  for (std::size_t i = 0; i < BulkInsert::most_columns; ++i)
    sql.append(", c").append(std::to_string(i));
  return sql.append(")");
}

// A table without the adapter Module<T>: its callbacks run for each cell that is written, and neither
// throw nor allocate for a row or a cell.
class RowsTable {
 public:
  static const sqlite3_module methods;

 private:
  struct Table : sqlite3_vtab {
    explicit Table(sqlite3* database) : sqlite3_vtab(), probe(database), connection(database) {}
    ReprepareProbe probe;
    sqlite3* connection;
  };
  struct Cursor : sqlite3_vtab_cursor {
    BulkInsert::Rows* rows;  // null: there are none
    std::size_t at;
  };
  static Cursor& cursor_of(sqlite3_vtab_cursor* base) { return *static_cast<Cursor*>(base); }

  static int connect(sqlite3* database, void*, int, const char* const*, sqlite3_vtab** out,
                     char** message) noexcept {
    return guard(database, message, [&] {
      const int code = sqlite3_declare_vtab(database, declaration().c_str());
      if (code == SQLITE_NOMEM) throw std::bad_alloc();
      if (code != SQLITE_OK) throw Error(sqlite3_errmsg(database));
      sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
      auto table = std::make_unique<Table>(database);
      if (Connection* const connection = Connection::of(database))
        connection->set_probe(&table->probe);
      *out = table.release();
    });
  }
  static int disconnect(sqlite3_vtab* base) noexcept {
    auto* const table = static_cast<Table*>(base);
    if (Connection* const connection = Connection::of(table->connection))
      connection->set_probe(nullptr);
    delete table;
    return SQLITE_OK;
  }
  static int best_index(sqlite3_vtab* table, sqlite3_index_info* info) noexcept {
    for (int i = 0; i < info->nConstraint; ++i) {
      const auto& constraint = info->aConstraint[i];
      if (constraint.iColumn != 0 || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
      if (constraint.usable == 0) return SQLITE_CONSTRAINT;
      info->aConstraintUsage[i].argvIndex = 1;
      info->aConstraintUsage[i].omit = 1;
      info->estimatedCost = 1;
      return SQLITE_OK;
    }
    sqlite3_free(table->zErrMsg);
    table->zErrMsg =
        message_of("sqlite_cdr_rows: libcdr writes rows with it; there are none to be read");
    return SQLITE_ERROR;
  }
  static int open(sqlite3_vtab*, sqlite3_vtab_cursor** out) noexcept {
    auto* const cursor = new (std::nothrow) Cursor{};
    *out = cursor;
    return cursor == nullptr ? SQLITE_NOMEM : SQLITE_OK;
  }
  static int close(sqlite3_vtab_cursor* base) noexcept {
    delete &cursor_of(base);
    return SQLITE_OK;
  }
  static int filter(sqlite3_vtab_cursor* base, int, const char*, int,
                    sqlite3_value** values) noexcept {
    cursor_of(base).rows =
        static_cast<BulkInsert::Rows*>(sqlite3_value_pointer(values[0], rows_pointer));
    cursor_of(base).at = 0;
    return SQLITE_OK;
  }
  static int next(sqlite3_vtab_cursor* base) noexcept {
    ++cursor_of(base).at;
    return SQLITE_OK;
  }
  static int eof(sqlite3_vtab_cursor* base) noexcept {
    const Cursor& cursor = cursor_of(base);
    return cursor.rows == nullptr || cursor.at >= cursor.rows->rows.size() ? 1 : 0;
  }
  static int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int index) noexcept {
    const Cursor& cursor = cursor_of(base);
    const auto at = static_cast<std::size_t>(index - first_cell);
    if (index < first_cell || at >= cursor.rows->is_blob.size()) return SQLITE_OK;
    ++cursor.rows->given;
    const Value& value = cursor.rows->rows[cursor.at][at];
    switch (value.type()) {
      case Value::Type::null:
        break;  // as it is until it is set
      case Value::Type::integer:
        sqlite3_result_int64(context, value.as_integer());
        break;
      case Value::Type::real:
        sqlite3_result_double(context, value.as_real());
        break;
      case Value::Type::text: {
        const std::string_view text = value.as_text();
        const char* const bytes = text.data() == nullptr ? "" : text.data();
        if (cursor.rows->is_blob[at])
          sqlite3_result_blob64(context, bytes, text.size(), SQLITE_STATIC);
        else
          sqlite3_result_text64(context, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
      }
    }
    return SQLITE_OK;
  }
  static int rowid(sqlite3_vtab_cursor* base, sqlite3_int64* out) noexcept {
    *out = static_cast<sqlite3_int64>(cursor_of(base).at);
    return SQLITE_OK;
  }
};

const sqlite3_module RowsTable::methods = [] {
  sqlite3_module module{};
  module.xConnect = connect;
  module.xBestIndex = best_index;
  module.xDisconnect = disconnect;
  module.xDestroy = disconnect;
  module.xOpen = open;
  module.xClose = close;
  module.xFilter = filter;
  module.xNext = next;
  module.xEof = eof;
  module.xColumn = column;
  module.xRowid = rowid;
  return module;
}();

}  // namespace

int BulkInsert::add_table(sqlite3* database) {
  return sqlite3_create_module_v2(database, table_name, &RowsTable::methods, nullptr, nullptr);
}

void BulkInsert::make_table(sqlite3* database) {
  Statement(database, std::string("SELECT 1 FROM main.") + table_name + "(NULL)").prepare();
}

BulkInsert::BulkInsert(sqlite3* database, std::string_view table,
                       std::vector<std::string_view> columns, Conflict conflict,
                       std::initializer_list<std::string_view> blobs)
    : database_(database), table_(table), columns_(std::move(columns)), conflict_(conflict) {
  if (columns_.size() > most_columns)
    throw Error("BulkInsert: " + table_ + " has too many columns");
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    rows_.is_blob.push_back(std::find(blobs.begin(), blobs.end(), columns_[i]) != blobs.end());
    if (i != 0) unused_.push_back(i);  // a statement that reads nothing could not be checked
  }
}

void BulkInsert::prepare() {
  if (insert_) return;
  std::string names, cells;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    names.append(i == 0 ? "" : ", ").append(columns_[i]);
    const bool is_unused = std::binary_search(unused_.begin(), unused_.end(), i);
    cells.append(i == 0 ? "" : ", ").append(is_unused ? "NULL" : "c" + std::to_string(i));
  }
  // With ABORT, which is the default, SQLite would copy each page before its first change. But a
  // clause here replaces those of statements in triggers, which may be the host's.
  const bool is_ignoring = conflict_ == Conflict::ignore;
  const char* const clause = is_ignoring                    ? " OR IGNORE"
                             : has_temp_triggers(database_) ? ""
                                                            : " OR FAIL";
  Statement insert(database_, std::string("INSERT") + clause + " INTO main." + table_ + " (" +
                                  names + ") SELECT " + cells + " FROM main." + table_name +
                                  "(?1)");
  insert.prepare();
  if (has_all_columns_) require_columns();
  insert_ = std::move(insert);
}

std::span<Value> BulkInsert::add() {
  const std::size_t width = columns_.size(), begin = own_ * width;
  if (own_cells_.size() < begin + width)
    own_cells_.resize(std::max(begin + width, 2 * own_cells_.size()));
  rows_.rows.push_back(nullptr);
  ++own_;
  const std::span row(&own_cells_[begin], width);
  std::fill(row.begin(), row.end(), Value());
  return row;
}

void BulkInsert::place_own() {
  const Value* next = own_cells_.data();
  for (const Value*& row : rows_.rows) {
    if (row != nullptr) continue;
    row = next;
    next += columns_.size();
  }
}

// Most columns of a wide table are NULL in all records of a vendor.
void BulkInsert::use_columns() {
  const auto is_used = [this](std::size_t column) {
    return std::any_of(rows_.rows.begin(), rows_.rows.end(),
                       [column](const Value* row) { return !row[column].is_null(); });
  };
  if (std::erase_if(unused_, is_used) != 0) insert_ = Statement();
}

void BulkInsert::write() {
  if (size() == 0) return;
  struct Forget {
    BulkInsert& insert;
    ~Forget() { insert.forget(); }
  };
  const Forget forget{*this};  // also if it fails: the texts need not live any longer
  place_own();
  use_columns();
  prepare();
  rows_.given = 0;
  insert_.bind_pointer(1, &rows_, rows_pointer);
  // SQLite writes NULL for a column that an authorizer makes it ignore, and may refuse that.
  const std::size_t used = columns_.size() - unused_.size();
  const auto is_ignored = [&] { return rows_.given % used != 0; };
  try {
    insert_.execute();
  } catch (const SqliteError&) {
    if (is_ignored()) throw_ignored("INSERT INTO main." + table_);
    throw;
  }
  if (rows_.given < size() * used) throw_ignored("INSERT INTO main." + table_);
}

void BulkInsert::require_columns() const {
  Statement select(database_, "SELECT * FROM main." + table_);
  const int found = select.query().count(), expected = static_cast<int>(columns_.size());
  if (found != expected)
    throw_sqlite_error("table main." + table_ + " has " + std::to_string(found) + " columns but " +
                           std::to_string(expected) + " values were supplied",
                       SQLITE_ERROR);
}

}  // namespace cdr::ext
