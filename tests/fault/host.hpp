// A host program with libcdr loaded, as the fault tests see it: what it runs and what it gets, and
// what of the connection must be afterwards as it was before.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace cdr::fault {

// What some SQL gave: the code of the first statement that failed, or SQLITE_OK, and all rows.
struct Outcome {
  int code = SQLITE_OK;
  std::string message;
  std::uint64_t hash = 0;  // of all values of all rows, in order
  std::int64_t rows = 0;
  std::string first;  // value
};
// What the connection is set to, which no call may change.
struct Settings {
  std::int64_t foreign_keys = 0, secure_delete = 0, cache_size = 0, busy_timeout = 0,
               last_insert_rowid = 0;
  bool operator==(const Settings&) const = default;
  std::string text() const;
};

// While one lives, the test program works for itself: no memory is missing then.
class OwnWork {
 public:
  OwnWork() { ++depth_; }
  ~OwnWork() { --depth_; }
  OwnWork(const OwnWork&) = delete;
  OwnWork& operator=(const OwnWork&) = delete;
  static bool is_going_on() { return depth_ != 0; }

 private:
  static inline std::atomic<int> depth_{0};
};

class Host {
 public:
  // Opens the file ("" = in memory) and, unless told not to, loads libcdr. Ends the process where
  // that fails: nothing can be tested then. Its settings are not SQLite's usual ones.
  enum class Loads { libcdr, nothing };
  explicit Host(const std::string& path, Loads loads = Loads::libcdr);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  Outcome run(const std::string& sql);
  // The first value that it gives; ends the process where it fails.
  std::string ask(const std::string& sql);
  std::string load();  // the library once more: "", or what was wrong
  Settings settings();
  bool is_in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
  // A statement that is not at its end; "" = none.
  std::string busy_statement() const;
  // SQLITE_OK, or what it says: statements or blobs that were not finalized.
  int close();
  sqlite3* database() { return database_; }

  static void set_library(const std::string& path);

 private:
  sqlite3* database_ = nullptr;
};

// Everything that the file's tables hold, whatever the order of their rows, and its schema. Leaves
// out the caller's own table, `caller`. Without libcdr: as anybody sees it.
std::uint64_t state_of(const std::string& path);

// What a test cannot do without.
[[noreturn]] void give_up(const std::string& why);

}  // namespace cdr::fault
