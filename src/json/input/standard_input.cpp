#include "json/input/standard_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <mutex>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "json/input/file.hpp"

namespace cdr {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// There is one for the whole process, because a process has one standard input.
struct Taken {
  std::mutex mutex;
  bool is_read = false;
  std::string why;
  std::weak_ptr<const Descriptor> held;
};
Taken& taken() {
  static Taken one;
  return one;
}

std::string descriptor_path(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

// Whether it is a regular file of which nothing has been read. Such a file needs no copy.
bool is_whole_file(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  return ::lseek(descriptor, 0, SEEK_CUR) == 0 &&
         ::access(descriptor_path(descriptor).c_str(), R_OK) == 0;
}

std::string temporary_folder() {
  const char* named = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  return named == nullptr || *named == '\0' ? "/tmp" : named;
}

// The file is on disk, because an export may be larger than memory; in memory if the disk does not
// support files without names.
int make_nameless_file() {
  const int file = uninterrupted([] {
    return ::open(temporary_folder().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  });
  return file >= 0 ? file : ::memfd_create("standard input", MFD_CLOEXEC);
}

[[noreturn]] void fail(const std::string& what, const std::string& remedy) {
  throw Error("standard input " + what + "; " + remedy, ErrorCode::io);
}

void write_whole(int to, const char* bytes, std::size_t size) {
  while (size != 0) {
    const ssize_t count = uninterrupted([&] { return ::write(to, bytes, size); });
    if (count < 0)
      fail("cannot be kept in " + temporary_folder() + ": " + reason_of(errno),
           "save it as a file and name that, or let TMPDIR name a folder with space");
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
}

void copy_to_end(int from, int to) {
  const std::size_t size = std::size_t{1} << 16;
  const auto buffer = std::make_unique<char[]>(size);
  for (;;) {
    // A writer may be slow, so check_stop() is called while waiting for it.
    constexpr int patience_ms = 50;
    pollfd waiting{from, POLLIN, 0};
    check_stop();
    if (::poll(&waiting, 1, patience_ms) == 0) continue;
    const ssize_t count = ::read(from, buffer.get(), size);
    if (count == 0) return;
    if (count > 0)
      write_whole(to, buffer.get(), static_cast<std::size_t>(count));
    else if (errno != EINTR && errno != EAGAIN)
      fail("cannot be read: " + reason_of(errno), "save it as a file, then name that");
  }
}

}  // namespace

std::shared_ptr<const void> take_standard_input() {
  Taken& state = taken();
  const std::lock_guard lock(state.mutex);
  if (auto held = state.held.lock()) return held;
  if (state.is_read)
    fail("was read already" + (state.why.empty() ? "" : " " + state.why),
         "only one statement can read it: save it as a file, then name that as often as you like");
  // A file that is made now would get its number.
  if (::fcntl(STDIN_FILENO, F_GETFD) == -1)
    fail("is closed", "pipe a file into it, or name the file");
  if (::isatty(STDIN_FILENO) == 1) fail("is a terminal", "pipe a file into it, or name the file");
  std::shared_ptr<const Descriptor> file;
  if (is_whole_file(STDIN_FILENO)) {
    file = std::make_shared<Descriptor>(STDIN_FILENO);
    state.is_read = true;
  } else {
    const int made = make_nameless_file();
    if (made < 0) fail("cannot be kept: " + reason_of(errno), "save it as a file and name that");
    file = std::make_shared<Descriptor>(made);
    state.is_read = true;
    copy_to_end(STDIN_FILENO, made);
  }
  state.held = file;
  return file;
}

void note_standard_input_read(std::string_view why) {
  Taken& state = taken();
  const std::lock_guard lock(state.mutex);
  state.is_read = true;
  state.why = why;
}

std::string standard_input_path() {
  Taken& state = taken();
  const std::lock_guard lock(state.mutex);
  const auto held = state.held.lock();
  return held ? descriptor_path(held->number()) : std::string();
}

}  // namespace cdr
