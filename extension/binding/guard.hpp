// The one exception boundary. Every callback that SQLite makes runs inside `guard`: an exception
// from below becomes a return code and a message, because one that crosses the C boundary
// aborts the host.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "core/text.hpp"
#include "extension/binding/sqlite.hpp"
#include "extension/binding/statement.hpp"

namespace cdr::ext {

inline int sqlite_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::mismatch:
      return SQLITE_MISMATCH;
    case ErrorCode::too_big:
      return SQLITE_TOOBIG;
    case ErrorCode::io:
      // Not SQLITE_IOERR, which means that the database failed: SQLite would roll back the caller's
      // whole transaction.
      return SQLITE_CANTOPEN;
    case ErrorCode::error:
      break;
  }
  return SQLITE_ERROR;
}

// Runs `body`; `fail(code, text)` receives what it threw. Returns SQLITE_OK, or that code.
template <class Body, class Fail>
int guard_with(Body&& body, Fail&& fail) noexcept {
  int code = SQLITE_ERROR;
  try {
    body();
    return SQLITE_OK;
  } catch (const SqliteError& error) {
    code = error.sqlite();
    fail(code, error.what());
  } catch (const Error& error) {
    code = sqlite_code(error.code());
    fail(code, error.what());
  } catch (const Stopped& stopped) {
    code = SQLITE_INTERRUPT;
    fail(code, stopped.what());
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  } catch (const std::exception& error) {
    fail(code, error.what());
  } catch (...) {
    fail(code, "libcdr: an unknown error");
  }
  return code;
}

// The message and an addition, in memory that SQLite frees; nullptr: no memory. Both are escaped,
// because the messages of libraries may quote anything.
inline char* message_of(std::string_view text, std::string_view added = {}) noexcept {
  auto* message =
      static_cast<char*>(sqlite3_malloc64((text.size() + added.size()) * most_shown + 1));
  if (message == nullptr) return nullptr;
  char* end = message + show(text, message);
  end += show(added, end);
  *end = '\0';
  return message;
}

// The caller's transaction, if a call was made inside one. SQLite undoes it as a whole after some
// errors, such as one of the disk, even if the call only reads.
class CallersTransaction {
 public:
  explicit CallersTransaction(sqlite3* database) noexcept
      : database_(database), is_inside_(sqlite3_get_autocommit(database) == 0) {}
  // What to add to an error's message; "": the error did nothing to it.
  const char* fate() const noexcept {
    return is_inside_ && sqlite3_get_autocommit(database_) != 0 ? undone : "";
  }
  // The same for a table: after an error of the disk, the statement that reads it undoes the
  // transaction when it has the error.
  const char* fate_of_reading(int code) const noexcept {
    return is_inside_ && (code & 0xff) == SQLITE_IOERR ? undone : fate();
  }
  // The same for a call that writes.
  const char* fate_of_writing() const noexcept {
    return is_inside_ && sqlite3_get_autocommit(database_) == 0
               ? " (your transaction is as it was before the call)"
               : fate();
  }

 private:
  static constexpr const char* undone =
      " (your transaction was undone as a whole, as SQLite does after such an error; begin it "
      "again)";
  sqlite3* database_;
  bool is_inside_;
};

// For callbacks of virtual tables, whose messages are kept in a string that SQLite frees.
template <class Body>
int guard(sqlite3* database, char** message, Body&& body) noexcept {
  const CallersTransaction transaction(database);
  return guard_with(body, [&](int code, const char* text) {
    sqlite3_free(*message);
    *message = message_of(text, transaction.fate_of_reading(code));
  });
}

// For functions; `after()` returns an addition to the message, or "". The message is set before the
// code, because setting an error code alone would replace it with SQLite's own text.
template <class Body, class After>
void guard(sqlite3_context* context, Body&& body, After&& after) noexcept {
  const int code = guard_with(body, [&](int failed, const char* text) {
    char* const message = message_of(text, after());
    if (message == nullptr) return sqlite3_result_error_nomem(context);
    sqlite3_result_error(context, message, -1);
    sqlite3_result_error_code(context, failed);
    sqlite3_free(message);
  });
  if (code == SQLITE_NOMEM) sqlite3_result_error_nomem(context);
}

}  // namespace cdr::ext
