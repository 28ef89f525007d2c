#include "json/input/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <system_error>

#include "json/input/standard_input.hpp"

namespace cdr {
namespace {

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

FileState described(const struct stat& status) {
  if (!S_ISREG(status.st_mode))
    throw ReadFailure{ProblemCode::not_regular,
                      std::string("expected a regular file, found ") + kind_of(status.st_mode)};
  FileState state;
  state.bytes = static_cast<std::uint64_t>(status.st_size);
  state.device = status.st_dev;
  state.inode = status.st_ino;
  state.modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  return state;
}

FileState state_of_descriptor(int descriptor) {
  struct stat status {};
  if (uninterrupted([&] { return ::fstat(descriptor, &status); }) != 0)
    throw opening_failure(errno);
  return described(status);
}

// The name by which the system knows the file.
std::string opened_name(const std::string& path) {
  if (path != standard_input_name) return path;
  std::string held = standard_input_path();
  if (held.empty())
    throw ReadFailure{ProblemCode::missing_file,
                      "standard input is read by cdr_file('-') alone; a file of this name is ./-"};
  return held;
}

FileState state_of_name(const std::string& name) {
  struct stat status {};
  if (uninterrupted([&] { return ::stat(name.c_str(), &status); }) != 0)
    throw opening_failure(errno);
  return described(status);
}

std::size_t bytes_read(ssize_t result) {
  if (result < 0)
    throw ReadFailure{ProblemCode::unreadable, "cannot be read further: " + reason_of(errno)};
  return static_cast<std::size_t>(result);
}

// Whether any process has a lock on the file, including this one.
bool has_locks(int descriptor) {
#ifdef F_OFD_GETLK
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;  // from the beginning, of any length
  return uninterrupted([&] { return ::fcntl(descriptor, F_OFD_GETLK, &lock); }) == 0 &&
         lock.l_type != F_UNLCK;
#else
  static_cast<void>(descriptor);
  return false;
#endif
}

// Descriptors that stay open because of locks. 0 is a free place: descriptor 0 is never kept,
// because standard input is not read through it.
std::array<std::atomic<int>, 32> kept_open;

void keep_open(int descriptor) {
  for (std::atomic<int>& each : kept_open) {
    int none = 0;
    if (each.compare_exchange_strong(none, descriptor)) return;
  }
  // Without a free place the descriptor is never closed.
}

void close_or_keep(int descriptor) {
  if (has_locks(descriptor))
    keep_open(descriptor);
  else
    ::close(descriptor);
}

// Takes a kept descriptor of that file, which then belongs to the caller. 0: there is none.
int take_kept(const FileState& state) {
  for (std::atomic<int>& each : kept_open) {
    const int descriptor = each.exchange(0);
    if (descriptor == 0) continue;
    struct stat status {};
    if (::fstat(descriptor, &status) == 0 && status.st_dev == state.device &&
        status.st_ino == state.inode && ::lseek(descriptor, 0, SEEK_SET) == 0)
      return descriptor;
    keep_open(descriptor);
  }
  return 0;
}

}  // namespace

void close_keeping_locks(int descriptor) noexcept {
  for (std::atomic<int>& each : kept_open)
    if (const int kept = each.exchange(0); kept != 0) close_or_keep(kept);
  close_or_keep(descriptor);
}

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

bool is_absence(int error) {
  return error == ENOENT || error == ENOTDIR;
}

ReadFailure opening_failure(int error) {
  if (is_absence(error)) return {ProblemCode::missing_file, "no such file"};
  if (error == ENXIO) return {ProblemCode::not_regular, "expected a regular file, found a socket"};
  return {ProblemCode::unreadable, "cannot be opened: " + reason_of(error)};
}

FileState state_of_file(const std::string& path) {
  if (path.find('\0') != path.npos)
    throw ReadFailure{ProblemCode::missing_file, "no such file: its name holds a NUL"};
  return state_of_name(opened_name(path));
}

std::string location_of_file(const std::string& path) {
  if (path == standard_input_name) return {};
  const std::unique_ptr<char, decltype(&std::free)> found(::realpath(path.c_str(), nullptr),
                                                          &std::free);
  if (found) return found.get();
  if (errno == ENOMEM) throw std::bad_alloc();
  throw opening_failure(errno);
}

// The name is checked before opening, because opening a FIFO or a device already has effects. The
// descriptor is checked afterwards, because the name may mean another file by then.
InputFile::InputFile(const std::string& path) {
  const FileState named = state_of_file(path);
  const std::string name = opened_name(path);
  descriptor_ = take_kept(named);
  if (descriptor_ == 0)
    descriptor_ = uninterrupted(
        [&] { return ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY); });
  if (descriptor_ < 0) throw opening_failure(errno);
  try {
    state_ = state_of_descriptor(descriptor_);
  } catch (...) {
    close_keeping_locks(descriptor_);
    throw;
  }
  ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

InputFile::~InputFile() {
  close_keeping_locks(descriptor_);
}

std::size_t InputFile::read(char* to, std::size_t size) {
  const std::size_t got = bytes_read(uninterrupted([&] { return ::read(descriptor_, to, size); }));
  if (got == 0 && size != 0) require_end(read_);
  read_ += got;
  return got;
}

std::size_t InputFile::read_at(std::uint64_t at, char* to, std::size_t size) const {
  const std::size_t got = bytes_read(
      uninterrupted([&] { return ::pread(descriptor_, to, size, static_cast<off_t>(at)); }));
  if (got == 0 && size != 0) require_end(at);
  return got;
}

// Throws if reading ended before the size that the file had when it was opened. The end of a file
// that has grown may be anywhere after that.
void InputFile::require_end(std::uint64_t at) const {
  if (at >= state_.bytes) return;
  const bool is_cut = state_of_descriptor(descriptor_).bytes < state_.bytes;
  throw ReadFailure{ProblemCode::unreadable,
                    "cannot be read further: it ended after " + std::to_string(at) + " of its " +
                        std::to_string(state_.bytes) + " bytes" +
                        (is_cut ? ", because it was truncated while it was read" : "")};
}

}  // namespace cdr
