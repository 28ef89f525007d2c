// The host's file system as SQLite sees it, with a clock that does not move, and with faults on
// demand: the Nth call fails, or the Nth and all after it, or something else happens just before
// it. A clock that does not move makes what an undisturbed run writes comparable byte for byte.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace cdr::fault {

// Registers the VFS under this name. Once in a process.
inline constexpr const char* vfs_name = "cdr-fault";
void register_vfs();

// What SQLite asks of a file system.
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
  reserved,  // whether another one is about to write
  shm_map,
  shm_lock,
};
inline constexpr std::size_t file_call_count = 12;
std::string_view name_of(FileCall call);

enum class FileFault : std::uint8_t {
  none,   // count only
  error,  // SQLITE_IOERR_… of that call, SQLITE_CANTOPEN
  full,   // the disk: what writes fails with SQLITE_FULL, after the first half of it was written
  short_read,  // half of what was asked for, the rest zeros: SQLITE_IOERR_SHORT_READ
  stop,        // `meanwhile` is called before the call, which then goes through
  torn,        // as stop, and before it the first half of a write was written
};

struct FilePlan {
  FileFault fault = FileFault::none;
  std::int64_t at = 0;        // 1 = the first call
  bool from_then_on = false;  // else once
  std::function<void()> meanwhile;
};

// From here on calls are counted, and the plan is followed.
void begin_faults(FilePlan plan);
// From here on everything works. Gives how many calls there were that the plan's kind of fault can
// befall.
std::int64_t end_faults();
// How many of them failed.
std::int64_t faults_injected();
// Of the last one: which call it was.
FileCall last_faulty_call();

}  // namespace cdr::fault
