#include "extension/binding/statement.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "core/stop.hpp"
#include "core/text.hpp"

namespace cdr::ext {
namespace {

struct Advice {
  int code;  // an extended code comes before its basic code
  const char* text;
};
constexpr Advice advices[] = {
    {SQLITE_BUSY_SNAPSHOT,
     "another connection has committed since this one began to read; end the transaction, or the "
     "statement that still reads, then try again"},
    {SQLITE_BUSY,
     "another connection is using it; try again, or let this one wait (PRAGMA busy_timeout)"},
    {SQLITE_LOCKED, "another statement of this connection is in the way; finish it first"},
    {SQLITE_READONLY_DBMOVED,
     "its file was renamed, deleted or replaced while it was open; close the database and open the "
     "file again"},
    {SQLITE_READONLY, "open the database for writing"},
    {SQLITE_FULL, "free space on the disk, then try again: nothing was kept"},
    {SQLITE_IOERR, "check the disk, then try again"},
    {SQLITE_CORRUPT, "cdr_check() says what is damaged; restore the file from a backup"},
};

// A part of SQLite's message when it refuses correct SQL, because of a limit of the connection or
// because a table is no longer what cdr_init() made.
struct Phrase {
  std::string_view text;
  const char* advice;
};
constexpr const char* raise_limits =
    "sqlite3_limit() of this connection allows less than libcdr needs; keep SQLite's default "
    "limits";
constexpr Phrase phrases[] = {
    {"too many ", raise_limits},
    {"too large (maximum depth", raise_limits},
    {"variable number must be between", raise_limits},
    {"statement too long", raise_limits},
    {"string or blob too big", raise_limits},
    {"pattern too complex", raise_limits},
    {"values were supplied",
     "a column was added or dropped; keep columns of your own in a table of your own (ALTER "
     "TABLE … DROP COLUMN)"},
    {"no such column: ", "cdr_check() says which table is no longer what cdr_init() made"},
    {" has no column named ", "cdr_check() says which table is no longer what cdr_init() made"},
};

// Whether the statement has to write. If SQLite compiled such a statement to one that only reads,
// an authorizer made SQLite skip it.
bool has_to_write(std::string_view sql) {
  const std::string_view first = first_word(sql);
  return first == "INSERT" || first == "UPDATE" || first == "DELETE" || first == "CREATE";
}

std::string advice_for(int code, std::string_view message) {
  for (const Phrase& each : phrases)
    if (message.find(each.text) != message.npos) return std::string("; ") + each.advice;
  for (const Advice& each : advices)
    if (each.code == code || each.code == (code & 0xff)) return std::string("; ") + each.text;
  return "";
}

}  // namespace

void throw_sqlite_error(sqlite3* database, int code) {
  if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
  const std::string message = sqlite3_errmsg(database);
  const int extended = sqlite3_extended_errcode(database);
  // It may be the message of a table of libcdr that the statement reads.
  constexpr std::string_view who = "the warehouse: ";
  if (message.starts_with(who)) throw SqliteError(message, code);
  throw SqliteError(std::string(who) + message +
                        advice_for((extended & 0xff) == (code & 0xff) ? extended : code, message),
                    code);
}

void throw_sqlite_error(const std::string& message, int code) {
  throw SqliteError("the warehouse: " + message + advice_for(code, message), code);
}

void throw_ignored(std::string_view what) {
  throw SqliteError("the warehouse: an authorizer of this connection answers SQLITE_IGNORE to '" +
                        std::string(what.substr(0, what.find_first_of("(\n"))) +
                        "', so SQLite would skip it; let it answer SQLITE_OK or SQLITE_DENY",
                    SQLITE_AUTH);
}

Statement::Statement(sqlite3* database, std::string_view sql, std::string_view* rest) {
  const char* tail = nullptr;
  const int code =
      sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), 0, &statement_, &tail);
  if (code != SQLITE_OK) throw_sqlite_error(database, code);
  require_written(sql);
  *rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
}

void Statement::prepare() {
  const int code = sqlite3_prepare_v3(database_, sql_.data(), static_cast<int>(sql_.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw_sqlite_error(database_, code);
  require_written(sql_);
}

void Statement::require_written(std::string_view sql) {
  if (!has_to_write(sql) || (statement_ != nullptr && sqlite3_stmt_readonly(statement_) == 0))
    return;
  sqlite3_finalize(std::exchange(statement_, nullptr));
  throw_ignored(sql);
}

bool Statement::Rows::next() {
  check_stop();  // the caller may need more time for a row than SQLite needs to find it
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw_sqlite_error(sqlite3_db_handle(statement_), code);
}

std::string_view Statement::Rows::text(int column) const {
  const auto* characters = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (characters == nullptr) {
    if (!is_null(column)) throw std::bad_alloc();  // there was no memory to convert it
    return {};
  }
  return {characters, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Statement::Rows::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (bytes == nullptr && size != 0) throw std::bad_alloc();  // no memory to expand a zeroblob
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

Value Statement::Rows::value(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
      return Value::integer(integer(column));
    case SQLITE_FLOAT:
      return Value::real(real(column));
    case SQLITE_TEXT:
      return Value::text(text(column));
    default:
      return {};
  }
}

void Statement::bind(int at, std::string_view text) {
  // A null pointer would bind NULL.
  check(sqlite3_bind_text64(ready(), at, text.data() == nullptr ? "" : text.data(), text.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int at, Blob blob) {
  check(sqlite3_bind_blob64(ready(), at, blob.bytes.data() == nullptr ? "" : blob.bytes.data(),
                            blob.bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int at, const Value& value) {
  switch (value.type()) {
    case Value::Type::null:
      return bind(at, nullptr);
    case Value::Type::integer:
      return bind(at, value.as_integer());
    case Value::Type::real:
      return bind(at, value.as_real());
    case Value::Type::text:
      return bind(at, value.as_text());
  }
}

std::string_view from_first_word(std::string_view sql) {
  for (;;) {
    sql.remove_prefix(std::min(sql.find_first_not_of(" \t\r\n\f;"), sql.size()));
    const bool is_line = sql.starts_with("--");
    if (!is_line && !sql.starts_with("/*")) return sql;
    const std::size_t end = is_line ? sql.find('\n') : sql.find("*/", 2);
    sql.remove_prefix(end == sql.npos ? sql.size() : end + (is_line ? 1 : 2));
  }
}

std::string_view first_word(std::string_view sql) {
  sql = from_first_word(sql);
  return sql.substr(0, sql.find_first_of(" \t\r\n\f;"));
}

bool is_integrity_check(const char* sql) {
  // The first words in lower case, without the white space and comments between them.
  std::string words;
  for (const char* at = sql == nullptr ? "" : sql; *at != '\0' && words.size() < 100;) {
    if (at[0] == '-' && at[1] == '-') {
      while (*at != '\0' && *at != '\n') ++at;
    } else if (at[0] == '/' && at[1] == '*') {
      const char* const end = std::strstr(at + 2, "*/");
      at = end == nullptr ? at + std::strlen(at) : end + 2;
    } else {
      if (!is_space(*at)) words += lower(*at);
      ++at;
    }
  }
  return words.starts_with("pragma") &&
         (words.find("integrity_check") != words.npos || words.find("quick_check") != words.npos);
}

void execute_all(sqlite3* database, std::string_view sql) {
  while (!sql.empty()) {
    Statement statement(database, sql, &sql);
    if (statement) statement.execute();
  }
}

}  // namespace cdr::ext
