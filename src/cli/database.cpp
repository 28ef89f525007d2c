#include "cli/database.hpp"

#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <thread>

#include "cli/interrupt.hpp"

// The extension's entry point, linked in: extension/entry.cpp.
extern "C" int sqlite3_cdr_init(sqlite3* database, char** message, const void* api);

namespace cdr::cli {
namespace {

// Another import keeps its lock for as long as one file takes.
constexpr int lock_patience_ms = 60'000;
constexpr int lock_pause_ms = 20;

// SQLite's own waiting would not end at Ctrl-C.
int wait_for_lock(void*, int count) {
  if (interrupted() != 0 || count * lock_pause_ms >= lock_patience_ms) return 0;
  std::this_thread::sleep_for(std::chrono::milliseconds(lock_pause_ms));
  return 1;
}

// Every connection opened from here on has libcdr. SQLite calls the entry point with its table of
// functions, as it does when it loads the shared library.
void register_extension() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Nobody asks how much memory is in use, and to count it takes a lock for every piece.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_auto_extension(reinterpret_cast<void (*)()>(sqlite3_cdr_init)) != SQLITE_OK)
      throw Failure("SQLite does not take libcdr: this program was built wrongly; install it anew");
  });
}

struct Remedy {
  int code;  // primary result code
  std::string_view what;
};

constexpr Remedy remedies[] = {
    {SQLITE_BUSY, "another program is writing to it; try again when it is done"},
    {SQLITE_LOCKED, "another program is writing to it; try again when it is done"},
    {SQLITE_NOTADB, "name a SQLite database with --db"},
    {SQLITE_CORRUPT, "restore a copy, or import the files into a new database"},
    {SQLITE_CANTOPEN, "check the path, and the permissions of the file and its folder"},
    {SQLITE_READONLY, "check the permissions of the file and its folder"},
    {SQLITE_FULL, "free space, then run the same command again"},
};

constexpr Remedy other_remedies[] = {
    {SQLITE_IOERR_WRITE, "check that the disk is not full, then run the same command again"},
    {SQLITE_IOERR_FSYNC, "check the disk, then run the same command again"},
};

std::string_view remedy_of(int extended_code) {
  for (const Remedy& remedy : other_remedies)
    if (remedy.code == extended_code) return remedy.what;
  for (const Remedy& remedy : remedies)
    if (remedy.code == (extended_code & 0xff)) return remedy.what;
  return {};
}

// An error of the file as a whole, not of the SQL, is said with the file's name.
bool concerns_file(int extended_code) {
  return !remedy_of(extended_code).empty();
}

}  // namespace

Failure failure_of(int extended_code, const std::string& message, const std::string& path) {
  std::string text = concerns_file(extended_code) ? path + ": " + message : message;
  // libcdr's own messages end with what to do.
  const bool has_remedy = message.find("; ") != std::string::npos;
  const std::string_view remedy = remedy_of(extended_code);
  if (!remedy.empty() && !has_remedy) text.append("; ").append(remedy);
  const bool no_table = message.starts_with("no such table: ");
  const bool no_function = message.starts_with("no such function: ");
  if ((no_table || no_function) && message.find(": cdr_") != std::string::npos) {
    text += "; this version of libcdr does not have it: see 'cdr query \"SELECT name FROM " +
            std::string(no_table ? "cdr_tables" : "cdr_functions") + "\"'";
  } else if (no_table) {
    text += path == DatabaseOption::in_memory
                ? "; there is no database here: name one with --db, make one with 'cdr import'"
                : "; 'cdr query \"SELECT name FROM sqlite_schema\"' lists what is there";
  }
  return Failure(text);
}

Failure failure_of(const SQLite::Exception& error, const std::string& path) {
  return failure_of(error.getExtendedErrorCode(), error.what(), path);
}

SQLite::Database open_database(const std::string& path, Access access) {
  register_extension();
  int flags = access == Access::read ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE;
  if (access == Access::create || path == DatabaseOption::in_memory)
    flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
  else if (!std::filesystem::exists(path))
    throw Failure(path +
                  ": no such database; name another with --db, or make it with 'cdr import --db " +
                  path + " PATH'");
  flags |= SQLite::OPEN_NOMUTEX;  // one thread alone talks to it
  try {
    SQLite::Database database(path, flags);
    sqlite3_busy_handler(database.getHandle(), wait_for_lock, nullptr);
    return database;
  } catch (const SQLite::Exception& error) {
    throw failure_of(error, path);
  }
}

SQLite::Database open_for_questions(const DatabaseOption& option, Access access) {
  const bool none = !option.given && !std::filesystem::exists(option.path);
  return open_database(none ? DatabaseOption::in_memory : option.path, access);
}

}  // namespace cdr::cli
