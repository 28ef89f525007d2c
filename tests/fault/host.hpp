// A host program with libcdr loaded, as the fault tests see it: the SQL that it runs, the results,
// and the state of the connection that must be the same afterwards.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace cdr::fault {

// The result of some SQL: the code of the first statement that failed, or SQLITE_OK, and all rows.
struct Outcome {
  int code = SQLITE_OK;
  std::string message;
  std::uint64_t hash = 0;  // of all values of all rows, in order
  std::int64_t rows = 0;
  std::string first;  // value
};
// The connection's settings, which no call may change.
struct Settings {
  std::int64_t foreign_keys = 0, secure_delete = 0, cache_size = 0, busy_timeout = 0,
               last_insert_rowid = 0;
  bool operator==(const Settings&) const = default;
  std::string text() const;
};

// During its lifetime the test program's own allocations do not fail.
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
  // Opens the file ("" = in memory) and loads libcdr unless `loads` says otherwise. Ends the
  // process on failure, because no test is possible then. The settings differ from SQLite's
  // defaults.
  enum class Loads { libcdr, nothing };
  explicit Host(const std::string& path, Loads loads = Loads::libcdr);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  Outcome run(const std::string& sql);
  // Returns the first value; ends the process on failure.
  std::string ask(const std::string& sql);
  std::string load();  // loads the library again: "", or the error
  Settings settings();
  bool is_in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
  // A statement that has not ended; "" = none.
  std::string busy_statement() const;
  // SQLITE_OK, or the error: statements or blobs that were not finalized.
  int close();
  sqlite3* database() { return database_; }

  static void set_library(const std::string& path);

 private:
  sqlite3* database_ = nullptr;
};

// A hash of the contents of the file's tables, independent of the order of rows, and of its schema.
// Leaves out `caller`, the caller's own table. Read without libcdr, as any tool sees the file.
std::uint64_t state_of(const std::string& path);

// Reports that a precondition of the test failed, and ends the process.
[[noreturn]] void give_up(const std::string& why);

}  // namespace cdr::fault
