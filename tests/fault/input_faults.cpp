// A library for LD_PRELOAD that makes the file system fail for chosen files. It counts the calls by
// which libcdr reads input from paths that contain a given text; one of these calls (or every call
// from that one on) fails.
//
//   CDR_FAULT_PATH   the text
//   CDR_FAULT_AT     the number of the call that fails, from 1; without it none fails
//   CDR_FAULT_HOW    an error's number; "short": a read gets half of the requested bytes; "end": a
//                    read gets nothing, as at the end of the file
//   CDR_FAULT_STAYS  set: so does every call after it
//   CDR_FAULT_COUNT  a file to which the number of calls is written at the end
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<long> calls{0};

const char* setting(const char* name) {
  return std::getenv(name);
}

// The next function of that name, which is the C library's.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is_meant(const char* path) {
  static const char* const text = setting("CDR_FAULT_PATH");
  return text != nullptr && path != nullptr && std::strstr(path, text) != nullptr;
}

bool is_meant(int descriptor) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = ::readlink(link, path, sizeof path - 1);
  if (size < 0) return false;
  path[size] = '\0';
  return is_meant(path);
}

enum class Fault { none, error, brief, end };

// The fault for the current call, on a chosen file.
Fault fault_of_call() {
  static const char* const at_text = setting("CDR_FAULT_AT");
  static const char* const how = setting("CDR_FAULT_HOW");
  static const bool stays = setting("CDR_FAULT_STAYS") != nullptr;
  static const long at = at_text != nullptr ? std::atol(at_text) : 0;
  const long number = ++calls;
  if (at == 0 || how == nullptr || number < at || (number > at && !stays)) return Fault::none;
  if (std::strcmp(how, "short") == 0) return Fault::brief;
  if (std::strcmp(how, "end") == 0) return Fault::end;
  errno = std::atoi(how);
  return Fault::error;
}

template <class File>
bool fails(File file) {
  const int before = errno;
  if (is_meant(file) && fault_of_call() == Fault::error) return true;
  errno = before;
  return false;
}

template <class Read>
ssize_t faulty_read(int descriptor, std::size_t size, Read&& read) {
  switch (is_meant(descriptor) ? fault_of_call() : Fault::none) {
    case Fault::error:
      return -1;
    case Fault::end:
      return 0;
    case Fault::brief:
      return read(size > 1 ? size / 2 : size);
    case Fault::none:
      break;
  }
  return read(size);
}

struct Report {
  ~Report() {
    const char* const path = setting("CDR_FAULT_COUNT");
    if (path == nullptr) return;
    if (std::FILE* file = std::fopen(path, "w")) {
      std::fprintf(file, "%ld\n", calls.load());
      std::fclose(file);
    }
  }
} report;

}  // namespace

extern "C" {

#define EXPORTED __attribute__((visibility("default")))

#define OPEN(name)                                                                  \
  EXPORTED int name(const char* path, int flags, ...) {                             \
    static auto* const real = next<int(const char*, int, ...)>(#name);              \
    std::va_list list;                                                              \
    va_start(list, flags);                                                          \
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(list, mode_t) : 0; \
    va_end(list);                                                                   \
    return fails(path) ? -1 : real(path, flags, mode);                              \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                \
  EXPORTED int name(int folder, const char* path, int flags, ...) {                 \
    static auto* const real = next<int(int, const char*, int, ...)>(#name);         \
    std::va_list list;                                                              \
    va_start(list, flags);                                                          \
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(list, mode_t) : 0; \
    va_end(list);                                                                   \
    return fails(path) ? -1 : real(folder, path, flags, mode);                      \
  }
OPENAT(openat)
OPENAT(openat64)

#define STAT(name, type)                                            \
  EXPORTED int name(const char* path, type* status) {               \
    static auto* const real = next<int(const char*, type*)>(#name); \
    return fails(path) ? -1 : real(path, status);                   \
  }
STAT(stat, struct stat)
STAT(stat64, struct stat64)
STAT(lstat, struct stat)
STAT(lstat64, struct stat64)

#define FSTAT(name, type)                                     \
  EXPORTED int name(int descriptor, type* status) {           \
    static auto* const real = next<int(int, type*)>(#name);   \
    return fails(descriptor) ? -1 : real(descriptor, status); \
  }
FSTAT(fstat, struct stat)
FSTAT(fstat64, struct stat64)

#define FSTATAT(name, type)                                                   \
  EXPORTED int name(int folder, const char* path, type* status, int flags) {  \
    static auto* const real = next<int(int, const char*, type*, int)>(#name); \
    const bool failed = *path != '\0' ? fails(path) : fails(folder);          \
    return failed ? -1 : real(folder, path, status, flags);                   \
  }
FSTATAT(fstatat, struct stat)
FSTATAT(fstatat64, struct stat64)

EXPORTED ssize_t read(int descriptor, void* to, std::size_t size) {
  static auto* const real = next<ssize_t(int, void*, std::size_t)>("read");
  return faulty_read(descriptor, size,
                     [&](std::size_t part) { return real(descriptor, to, part); });
}

#define PREAD(name, type)                                                                     \
  EXPORTED ssize_t name(int descriptor, void* to, std::size_t size, type offset) {            \
    static auto* const real = next<ssize_t(int, void*, std::size_t, type)>(#name);            \
    return faulty_read(descriptor, size,                                                      \
                       [&](std::size_t part) { return real(descriptor, to, part, offset); }); \
  }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

EXPORTED DIR* opendir(const char* path) {
  static auto* const real = next<DIR*(const char*)>("opendir");
  return fails(path) ? nullptr : real(path);
}
EXPORTED DIR* fdopendir(int descriptor) {
  static auto* const real = next<DIR*(int)>("fdopendir");
  return fails(descriptor) ? nullptr : real(descriptor);
}

#define READDIR(name, type)                                 \
  EXPORTED type* name(DIR* folder) {                        \
    static auto* const real = next<type*(DIR*)>(#name);     \
    return fails(::dirfd(folder)) ? nullptr : real(folder); \
  }
READDIR(readdir, dirent)
READDIR(readdir64, dirent64)

}  // extern "C"
