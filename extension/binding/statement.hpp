// SQL run from inside a function, through the host's own library: statements and errors.
//
//   Statement insert(database, "INSERT INTO main.t VALUES (?1, ?2)");
//   insert.execute(7, "seven");
//   auto rows = select.query(7);          // reset when `rows` is destroyed
//   while (rows.next()) use(rows.text(0));
//
// Values are bound without a copy, so they must outlive the run. Everything throws SqliteError.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/value.hpp"
#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

// An error from SQLite that keeps its code: a host that sees SQLITE_BUSY may try again.
class SqliteError : public Error {
 public:
  SqliteError(const std::string& text, int sqlite) : Error(text), sqlite_(sqlite) {}
  int sqlite() const noexcept { return sqlite_; }

 private:
  int sqlite_;
};
// The message is SQLite's own, with advice on the common errors.
[[noreturn]] void throw_sqlite_error(sqlite3* database, int code);
// The same with a message in the place of SQLite's.
[[noreturn]] void throw_sqlite_error(const std::string& message, int code);
// An authorizer made SQLite skip something that has to be done.
[[noreturn]] void throw_ignored(std::string_view what);

class Statement {
 public:
  Statement() = default;
  // One statement, kept for many runs. It is prepared before its first run: a call that imports a
  // record has some hundreds of statements but runs only a few, and preparing all of them would
  // take most of its time. Preparing throws if an authorizer makes SQLite skip a statement that
  // writes.
  Statement(sqlite3* database, std::string_view sql) : database_(database), sql_(sql) {}
  // The first statement of `sql`, prepared at once, with the same check. `rest` receives the text
  // after it. The object holds no statement if `sql` holds only comments.
  Statement(sqlite3* database, std::string_view sql, std::string_view* rest);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(Statement&& other) noexcept { *this = std::move(other); }
  Statement& operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(sql_, other.sql_);
    std::swap(statement_, other.statement_);
    return *this;
  }
  explicit operator bool() const noexcept { return statement_ != nullptr || !sql_.empty(); }
  // Prepares it now. At the first run it may be impossible to prepare anything.
  void prepare();

  class Rows {
   public:
    explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
    ~Rows() { sqlite3_reset(statement_); }
    Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    bool next();
    int type(int column) const { return sqlite3_column_type(statement_, column); }
    bool is_null(int column) const { return type(column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    std::optional<std::int64_t> optional_integer(int column) const {
      return is_null(column) ? std::nullopt : std::optional(integer(column));
    }
    double real(int column) const { return sqlite3_column_double(statement_, column); }
    // "" for NULL. Valid until the next call of next().
    std::string_view text(int column) const;
    std::string_view blob(int column) const;
    // The value in the current row; valid until the next call of next().
    Value value(int column) const;
    sqlite3_value* raw(int column) const { return sqlite3_column_value(statement_, column); }
    int count() const { return sqlite3_column_count(statement_); }

   private:
    sqlite3_stmt* statement_;
  };

  // Binds ?1, ?2, … and returns the rows.
  template <class... Arguments>
  [[nodiscard]] Rows query(const Arguments&... arguments) {
    int at = 0;
    (bind(++at, arguments), ...);
    return Rows(ready());
  }
  // Binds and runs to the end. If fewer values are given, the other bindings stay.
  template <class... Arguments>
  void execute(const Arguments&... arguments) {
    Rows rows = query(arguments...);
    while (rows.next()) {
    }
  }

  // Runs a prepared statement without rows or parameters. Neither throws nor allocates. false: it
  // failed.
  bool try_step() noexcept {
    const int code = sqlite3_step(statement_);
    sqlite3_reset(statement_);
    return code == SQLITE_DONE;
  }

  // How often SQLite has prepared it again by itself.
  int times_reprepared() { return sqlite3_stmt_status(ready(), SQLITE_STMTSTATUS_REPREPARE, 0); }
  // Whether the result column is a table's column with a declared type.
  bool is_declared(int column) { return sqlite3_column_decltype(ready(), column) != nullptr; }

  struct Blob {
    std::string_view bytes;
  };
  // The index of a named parameter (':zone'); 0: the statement has none of that name.
  int parameter(const char* name) { return sqlite3_bind_parameter_index(ready(), name); }
  void bind(int at, std::int64_t number) { check(sqlite3_bind_int64(ready(), at, number)); }
  void bind(int at, std::uint64_t number) { bind(at, static_cast<std::int64_t>(number)); }
  void bind(int at, int number) { bind(at, static_cast<std::int64_t>(number)); }
  void bind(int at, double number) { check(sqlite3_bind_double(ready(), at, number)); }
  void bind(int at, std::string_view text);
  void bind(int at, const std::string& text) { bind(at, std::string_view(text)); }
  void bind(int at, const char* text) { bind(at, std::string_view(text)); }
  void bind(int at, Blob blob);
  void bind(int at, std::nullptr_t) { check(sqlite3_bind_null(ready(), at)); }
  void bind(int at, const Value& value);
  // A pointer that SQL cannot make or see. It must outlive the run.
  void bind_pointer(int at, void* pointer, const char* type) {
    check(sqlite3_bind_pointer(ready(), at, pointer, type, nullptr));
  }
  // Binds the value as it is: a text keeps its encoding, and is not converted.
  void bind(int at, sqlite3_value* value) { check(sqlite3_bind_value(ready(), at, value)); }
  template <class T>
  void bind(int at, const std::optional<T>& value) {
    if (value)
      bind(at, *value);
    else
      bind(at, nullptr);
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) throw_sqlite_error(sqlite3_db_handle(statement_), code);
  }
  void require_written(std::string_view sql);
  sqlite3_stmt* ready() {
    if (statement_ == nullptr) prepare();
    return statement_;
  }

  sqlite3* database_ = nullptr;
  std::string sql_;
  sqlite3_stmt* statement_ = nullptr;
};

// The text from its first word on, without the white space, comments and empty statements before it.
std::string_view from_first_word(std::string_view sql);
std::string_view first_word(std::string_view sql);
// Whether it is PRAGMA integrity_check or quick_check, however the caller writes it.
bool is_integrity_check(const char* sql);

// Runs every statement of `sql`.
void execute_all(sqlite3* database, std::string_view sql);

}  // namespace cdr::ext
