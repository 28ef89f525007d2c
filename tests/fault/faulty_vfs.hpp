// The host's file system as SQLite sees it, with a stopped clock and with faults on demand: the Nth
// call fails, or the Nth and all later calls fail, or some action happens just before it. The
// stopped clock makes the output of an undisturbed run comparable byte for byte.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace cdr::fault {

// Registers the VFS under this name, once per process.
inline constexpr const char* vfs_name = "cdr-fault";
void register_vfs();

// The calls that SQLite makes to a file system.
enum class FileCall : std::uint8_t {
  read,
  write,
  truncate,
  sync,
  size,
  open,
  remove,
  access,
  lock,
  reserved,  // whether another process is about to write
  shm_map,
  shm_lock,
};
inline constexpr std::size_t file_call_count = 12;
std::string_view name_of(FileCall call);

enum class FileFault : std::uint8_t {
  none,        // only count
  error,       // SQLITE_IOERR_… of that call, or SQLITE_CANTOPEN
  full,        // the disk is full: a write fails with SQLITE_FULL after its first half
  short_read,  // half of the requested bytes, the rest zeros: SQLITE_IOERR_SHORT_READ
  stop,        // `meanwhile` is called before the call, which then goes through
  torn,        // as stop, but the first half of a write is written before it
};

struct FilePlan {
  FileFault fault = FileFault::none;
  std::int64_t at = 0;        // 1 = the first call
  bool from_then_on = false;  // otherwise once
  std::function<void()> meanwhile;
};

// From now on calls are counted, and the plan is followed.
void begin_faults(FilePlan plan);
// From now on everything works. Returns the number of calls that the plan's kind of fault can hit.
std::int64_t end_faults();
// The number of calls that failed.
std::int64_t faults_injected();
// The call that failed last.
FileCall last_faulty_call();

}  // namespace cdr::fault
