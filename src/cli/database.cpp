#include "cli/database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "cli/interrupt.hpp"
#include "cli/terminal.hpp"
#include "core/text.hpp"
#include "json/input/fingerprint.hpp"

// The extension's entry point, linked in: extension/entry.cpp.
extern "C" int sqlite3_cdr_init(sqlite3* database, char** message, const void* api);

namespace cdr::cli {
namespace {

// Another import keeps its lock while it imports one file.
constexpr int lock_patience_ms = 60'000;
constexpr int lock_pause_ms = 20;

// SQLite's own waiting would not end on Ctrl-C.
int wait_for_lock(void*, int count) {
  if (interrupted() != 0 || count * lock_pause_ms >= lock_patience_ms) return 0;
  std::this_thread::sleep_for(std::chrono::milliseconds(lock_pause_ms));
  return 1;
}

// Every connection opened after this call has libcdr. SQLite calls the entry point with its table
// of functions, as it does when it loads the shared library.
void register_extension() {
  static std::once_flag once;
  std::call_once(once, [] {
    // The amount of memory in use is never queried, and counting it takes a lock for every
    // allocation.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_auto_extension(reinterpret_cast<void (*)()>(sqlite3_cdr_init)) != SQLITE_OK)
      throw Failure(
          "SQLite does not accept libcdr: this program was built wrongly; install it again");
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

constexpr std::string_view undo_remedy =
    "an interrupted change must be undone before it can be read: let somebody who may write to the "
    "file and its folder run a query";

constexpr Remedy other_remedies[] = {
    {SQLITE_READONLY_ROLLBACK, undo_remedy},
    {SQLITE_READONLY_RECOVERY, undo_remedy},
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

// SQL that libcdr advises in a message, and the same advice as a command of cdr.
struct Advice {
  std::string_view sql, command, arguments, then;
};

constexpr Advice advices[] = {
    {"SELECT cdr_init() brings it up to date", "query", "\"SELECT cdr_init()\"",
     " brings it up to date"},
    {"SELECT cdr_init() makes it one", "import", "PATH", " makes one"},
    {"SELECT cdr_init() and cdr_import(path)", "import", "PATH", ""},
    {"SELECT * FROM quarantine WHERE state = 'open'", "query",
     "\"SELECT * FROM quarantine WHERE state = 'open'\"", ""},
};

// A message about an error of the file as a whole, not of the SQL, includes the file's name.
bool concerns_file(int extended_code) {
  return !remedy_of(extended_code).empty();
}

// The result of reading the file's beginning, because SQLite has read nothing when it has opened
// it.
int first_read(sqlite3* database) {
  return sqlite3_exec(database, "PRAGMA schema_version", nullptr, nullptr, nullptr) & 0xff;
}

// Read from the header, because a database that cannot be opened cannot be queried.
bool is_in_wal_mode(const std::string& path) {
  std::array<char, 20> header{};
  std::ifstream file(path, std::ios::binary);
  constexpr char wal = 2;
  return file.read(header.data(), header.size()) && header[18] == wal && header[19] == wal;
}

bool is_log_empty(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path + "-wal", error);
  return error ? error == std::errc::no_such_file_or_directory : bytes == 0;
}

// `path` is the name in messages.
SQLite::Database connect(const std::string& name, int flags, const std::string& path) {
  register_extension();
  try {
    // Only one thread uses it.
    SQLite::Database database(name, flags | SQLite::OPEN_NOMUTEX);
    sqlite3_busy_handler(database.getHandle(), wait_for_lock, nullptr);
    return database;
  } catch (const SQLite::Exception& error) {
    throw failure_of(error, path);
  }
}

}  // namespace

Failure failure_of(int extended_code, const std::string& message, const std::string& path) {
  // libcdr's own messages name the function that speaks, and end with the remedy.
  const bool is_own = message.starts_with("cdr_");
  std::string text = concerns_file(extended_code) && !is_own ? path + ": " + message : message;
  text = advised(std::move(text), path);
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
                ? "; there is no database here: name one with --db, or make one with 'cdr import'"
                : "; '" + command_on(path, "query", "\"SELECT name FROM sqlite_schema\"") +
                      "' lists what is there";
  }
  return Failure(text);
}

Failure failure_of(const SQLite::Exception& error, const std::string& path) {
  return failure_of(error.getExtendedErrorCode(), error.what(), path);
}

SQLite::Database open_database(const std::string& path, Access access) {
  int flags = access == Access::read ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE;
  if (access == Access::create || path == DatabaseOption::in_memory)
    flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
  else
    require_database(path);
  return connect(path, flags, path);
}

std::string uri_of(const std::string& path) {
  constexpr std::string_view plain = "/-_.~";
  constexpr char hex[] = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || plain.find(c) != plain.npos)
      uri += c;
    else
      (uri += '%').append({hex[byte >> 4], hex[byte & 15]});
  }
  return uri;
}

bool may_exist(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error) || error;
}

std::string in_shell(std::string word) {
  if (word.starts_with('-')) word.insert(0, "./");
  constexpr std::string_view plain = "/-_.,:=+@%";
  const auto is_plain = [&](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || plain.find(c) != plain.npos ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  if (std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string quoted = "\"";
  for (const char c : word) {
    if (std::string_view("\"\\$`").find(c) != std::string_view::npos) quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string command_on(const std::string& path, std::string_view command,
                       std::string_view arguments) {
  const std::string of_environment = environment("CDR_DB");
  const bool is_taken =
      path == (of_environment.empty() ? DatabaseOption::default_path : of_environment);
  std::string text = "cdr " + std::string(command);
  if (!is_taken && path != DatabaseOption::in_memory) text += " --db " + in_shell(path);
  if (!arguments.empty()) text.append(" ").append(arguments);
  return text;
}

std::string advised(std::string text, const std::string& path) {
  for (const Advice& each : advices)
    if (const std::size_t at = text.find(each.sql); at != std::string::npos)
      text.replace(
          at, each.sql.size(),
          '\'' + command_on(path, each.command, each.arguments) + '\'' + std::string(each.then));
  return text;
}

void require_database(const std::string& path) {
  if (!may_exist(path))
    throw Failure(path + ": no such database; name another with --db, or make it with '" +
                  command_on(path, "import", "PATH") + "'");
}

AsItLies::AsItLies(const std::string& path) : path_(path), state_(require_file(path)) {}

void AsItLies::require_untouched() const {
  if (is_untouched(path_, state_) && is_log_empty(path_)) return;
  throw Failure(path_ + " was written to while it was read, so that what was read may be wrong; " +
                "run the same command again");
}

Questioned open_to_ask(const std::string& path, Access access) {
  SQLite::Database database = open_database(path, access);
  if (path == DatabaseOption::in_memory) return {std::move(database), path, std::nullopt};
  const int code = first_read(database.getHandle());
  const bool is_kept_out = code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
  std::error_code error;
  const std::string real = std::filesystem::canonical(path, error).string();
  if (!is_kept_out || error || !is_in_wal_mode(real))
    return {std::move(database), path, std::nullopt};
  if (!is_log_empty(real))
    throw Failure(path + ": it is in WAL mode, and reading what " + path +
                  "-wal holds requires write permission for its folder; let somebody who has it "
                  "run: " +
                  command_on(path, "query", "\"PRAGMA journal_mode=DELETE\""));
  AsItLies as_it_lies(real);
  return {connect(uri_of(real) + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI, path),
          path, std::move(as_it_lies)};
}

Questioned open_for_questions(const DatabaseOption& option, Access access) {
  const bool none = !option.given && !may_exist(option.path);
  Questioned asked = open_to_ask(none ? DatabaseOption::in_memory : option.path, access);
  if (!option.with_reports) return asked;
  try {
    value_of(asked.database, "SELECT cdr_report_load()");
  } catch (const SQLite::Exception& error) {
    throw failure_of(error, asked.path);
  }
  return asked;
}

}  // namespace cdr::cli
