#include "cli/target.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "cli/failure.hpp"
#include "json/input/file.hpp"

namespace cdr::cli {
namespace {

namespace fs = std::filesystem;

// The mode of new files, according to the user's umask.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

// Syncs the folder too, so that the file's name survives a crash of the machine.
void sync_folder(const std::string& file) {
  const std::string folder = fs::path(file).parent_path().string();
  const int opened =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  ::fsync(opened);
  ::close(opened);
}

}  // namespace

TargetFile::TargetFile(const std::string& path) : path_(path), real_(path) {
  if (path == "-") {
    stream_ = stdout;
    return;
  }
  if (path.empty()) throw Failure("--out: expected a file, found nothing", exit_usage);
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) fail("it is a folder; name a file in it");
    if (!S_ISREG(status.st_mode)) {
      stream_ = std::fopen(path.c_str(), "w");
      if (stream_ == nullptr) fail(reason_of(errno) + "; name another file");
      return;
    }
    mode_ = status.st_mode & 07777;
    if (::access(path.c_str(), W_OK) != 0) fail(reason_of(errno) + "; name another file");
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (!error) real_ = real.string();
  }
  // The temporary file is in the same folder, because only there it can be renamed in one step.
  const fs::path parent = fs::path(real_).parent_path();
  std::string name = (parent / ("." + fs::path(real_).filename().string() + ".XXXXXX")).string();
  std::vector<char> letters(name.begin(), name.end());
  letters.push_back('\0');
  const int opened = ::mkostemp(letters.data(), O_CLOEXEC);
  if (opened < 0) fail(reason_of(errno) + "; name a file in a folder that you may write to");
  temporary_ = letters.data();
  stream_ = ::fdopen(opened, "w");
  if (stream_ == nullptr) {
    const int error = errno;
    ::close(opened);
    remove_temporary();
    fail(reason_of(error));
  }
}

TargetFile::~TargetFile() {
  if (stream_ != nullptr && stream_ != stdout) std::fclose(stream_);
  remove_temporary();
}

std::FILE* TargetFile::stream() {
  return stream_;
}

void TargetFile::finish() {
  if (stream_ == nullptr || std::fflush(stream_) != 0)
    fail(reason_of(errno) + "; name a file on a disk with space");
  if (is_stream()) return;
  const int descriptor = ::open(temporary_.c_str(), O_RDWR | O_CLOEXEC);
  const bool is_safe = descriptor >= 0 && ::fchmod(descriptor, mode_.value_or(usual_mode())) == 0 &&
                       ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_safe) fail(reason_of(error) + "; name a file on a disk with space");
  if (::rename(temporary_.c_str(), real_.c_str()) != 0) fail(reason_of(errno));
  temporary_.clear();
  sync_folder(real_);
}

void TargetFile::fail(const std::string& what) const {
  throw Failure(path_ + ": cannot be written: " + what);
}

void TargetFile::remove_temporary() noexcept {
  if (temporary_.empty()) return;
  ::unlink(temporary_.c_str());
  // The files that SQLite keeps beside a database.
  for (const char* suffix : {"-journal", "-wal", "-shm"}) ::unlink((temporary_ + suffix).c_str());
}

}  // namespace cdr::cli
