#include "faulty_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

namespace cdr::fault {
namespace {

// All of this runs in the thread that uses the connection.
struct Faults {
  FilePlan plan;
  bool armed = false;
  std::int64_t calls = 0, injected = 0;
  FileCall last = FileCall::read;
};
Faults faults;

bool can_befall(FileFault fault, FileCall call) {
  switch (fault) {
    case FileFault::full:
      return call == FileCall::write || call == FileCall::truncate;
    case FileFault::short_read:
      return call == FileCall::read;
    default:
      return true;
  }
}

// The fault for this call.
FileFault next(FileCall call) {
  if (!faults.armed || !can_befall(faults.plan.fault, call)) return FileFault::none;
  const std::int64_t number = ++faults.calls;
  const FilePlan& plan = faults.plan;
  const bool is_it = plan.from_then_on ? number >= plan.at : number == plan.at;
  if (!is_it || plan.fault == FileFault::none) return FileFault::none;
  ++faults.injected;
  faults.last = call;
  return plan.fault;
}

bool is_stop(FileFault fault) {
  return fault == FileFault::stop || fault == FileFault::torn;
}

// For a call that can only fail or go on. SQLITE_OK: it goes on.
int code_of(FileCall call, int error) {
  const FileFault fault = next(call);
  if (is_stop(fault)) faults.plan.meanwhile();
  if (fault == FileFault::none || is_stop(fault)) return SQLITE_OK;
  return fault == FileFault::full ? SQLITE_FULL : error;
}

sqlite3_vfs* real_vfs() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}

struct File {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<File*>(file)->real();
}

int close(sqlite3_file* file) {
  return real(file)->pMethods->xClose(real(file));
}
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  const FileFault fault = next(FileCall::read);
  if (fault == FileFault::error) return SQLITE_IOERR_READ;
  if (is_stop(fault)) faults.plan.meanwhile();
  const int code = real(file)->pMethods->xRead(real(file), to, size, at);
  if (fault != FileFault::short_read || code != SQLITE_OK) return code;
  std::memset(static_cast<char*>(to) + size / 2, 0, static_cast<std::size_t>(size - size / 2));
  return SQLITE_IOERR_SHORT_READ;
}
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  const FileFault fault = next(FileCall::write);
  if (fault == FileFault::error) return SQLITE_IOERR_WRITE;
  if (fault == FileFault::full || fault == FileFault::torn)
    real(file)->pMethods->xWrite(real(file), from, size / 2, at);
  if (fault == FileFault::full) return SQLITE_FULL;
  if (is_stop(fault)) faults.plan.meanwhile();
  return real(file)->pMethods->xWrite(real(file), from, size, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const int code = code_of(FileCall::truncate, SQLITE_IOERR_TRUNCATE);
  return code != SQLITE_OK ? code : real(file)->pMethods->xTruncate(real(file), size);
}
// Only the process dies in these tests, so no data needs to reach the disk.
int sync(sqlite3_file*, int) {
  return code_of(FileCall::sync, SQLITE_IOERR_FSYNC);
}
int size_of(sqlite3_file* file, sqlite3_int64* size) {
  const int code = code_of(FileCall::size, SQLITE_IOERR_FSTAT);
  return code != SQLITE_OK ? code : real(file)->pMethods->xFileSize(real(file), size);
}
int lock(sqlite3_file* file, int how) {
  const int code = code_of(FileCall::lock, SQLITE_IOERR_LOCK);
  return code != SQLITE_OK ? code : real(file)->pMethods->xLock(real(file), how);
}
int unlock(sqlite3_file* file, int how) {
  return real(file)->pMethods->xUnlock(real(file), how);
}
int check_reserved(sqlite3_file* file, int* is_reserved) {
  const int code = code_of(FileCall::reserved, SQLITE_IOERR_CHECKRESERVEDLOCK);
  return code != SQLITE_OK ? code
                           : real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}
int control(sqlite3_file* file, int what, void* with) {
  return real(file)->pMethods->xFileControl(real(file), what, with);
}
int sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** to) {
  const int code = code_of(FileCall::shm_map, SQLITE_IOERR_SHMMAP);
  return code != SQLITE_OK ? code
                           : real(file)->pMethods->xShmMap(real(file), region, size, extend, to);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  // Releasing a lock always works: SQLite ignores the result.
  const int code = (flags & SQLITE_SHM_UNLOCK) != 0
                       ? SQLITE_OK
                       : code_of(FileCall::shm_lock, SQLITE_IOERR_SHMLOCK);
  return code != SQLITE_OK ? code
                           : real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2 has no memory-mapped pages, whose reads would go unnoticed.
const sqlite3_io_methods methods = {2,
                                    close,
                                    read,
                                    write,
                                    truncate,
                                    sync,
                                    size_of,
                                    lock,
                                    unlock,
                                    check_reserved,
                                    control,
                                    sector_size,
                                    characteristics,
                                    shm_map,
                                    shm_lock,
                                    shm_barrier,
                                    shm_unmap,
                                    nullptr,
                                    nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  file->pMethods = nullptr;
  if (const int code = code_of(FileCall::open, SQLITE_CANTOPEN); code != SQLITE_OK) return code;
  const int code = real_vfs()->xOpen(real_vfs(), name, real(file), flags, flags_out);
  if (real(file)->pMethods != nullptr) file->pMethods = &methods;
  return code;
}
int remove(sqlite3_vfs*, const char* name, int sync_folder) {
  static_cast<void>(sync_folder);
  const int code = code_of(FileCall::remove, SQLITE_IOERR_DELETE);
  return code != SQLITE_OK ? code : real_vfs()->xDelete(real_vfs(), name, 0);
}
int access(sqlite3_vfs*, const char* name, int how, int* result) {
  const int code = code_of(FileCall::access, SQLITE_IOERR_ACCESS);
  return code != SQLITE_OK ? code : real_vfs()->xAccess(real_vfs(), name, how, result);
}
int full_path(sqlite3_vfs*, const char* name, int size, char* to) {
  return real_vfs()->xFullPathname(real_vfs(), name, size, to);
}
void* dl_open(sqlite3_vfs*, const char* name) {
  return real_vfs()->xDlOpen(real_vfs(), name);
}
void dl_error(sqlite3_vfs*, int size, char* to) {
  real_vfs()->xDlError(real_vfs(), size, to);
}
void (*dl_symbol(sqlite3_vfs*, void* library, const char* name))(void) {
  return real_vfs()->xDlSym(real_vfs(), library, name);
}
void dl_close(sqlite3_vfs*, void* library) {
  real_vfs()->xDlClose(real_vfs(), library);
}
// Returns the same bytes in every process, so that the names of temporary files and the key of
// erased records do not differ from run to run.
int randomness(sqlite3_vfs*, int size, char* to) {
  for (int i = 0; i < size; ++i) to[i] = static_cast<char>(i * 37 + 11);
  return size;
}
int sleep(sqlite3_vfs*, int) {
  return 0;
}
constexpr sqlite3_int64 noon = 212583312000000;  // of 2024-05-24, in ms from noon of the day 0
int current_time(sqlite3_vfs*, double* days) {
  *days = static_cast<double>(noon) / 86400000.0;
  return SQLITE_OK;
}
int current_time64(sqlite3_vfs*, sqlite3_int64* ms) {
  *ms = noon;
  return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int size, char* to) {
  return real_vfs()->xGetLastError(real_vfs(), size, to);
}

}  // namespace

void register_vfs() {
  static sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs()->szOsFile;
  vfs.mxPathname = real_vfs()->mxPathname;
  vfs.zName = vfs_name;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xDlOpen = dl_open;
  vfs.xDlError = dl_error;
  vfs.xDlSym = dl_symbol;
  vfs.xDlClose = dl_close;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
  vfs.xCurrentTime = current_time;
  vfs.xGetLastError = last_error;
  vfs.xCurrentTimeInt64 = current_time64;
  sqlite3_vfs_register(&vfs, 1);
}

std::string_view name_of(FileCall call) {
  static constexpr std::string_view names[file_call_count] = {"read",
                                                              "write",
                                                              "truncate",
                                                              "sync",
                                                              "size",
                                                              "open",
                                                              "delete",
                                                              "access",
                                                              "lock",
                                                              "check of the reserved lock",
                                                              "map of shared memory",
                                                              "lock of shared memory"};
  return names[static_cast<std::size_t>(call)];
}

void begin_faults(FilePlan plan) {
  faults = {std::move(plan), true, 0, 0, FileCall::read};
}
std::int64_t end_faults() {
  faults.armed = false;
  return faults.calls;
}
std::int64_t faults_injected() {
  return faults.injected;
}
FileCall last_faulty_call() {
  return faults.last;
}

}  // namespace cdr::fault
