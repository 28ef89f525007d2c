// A regular file for reading. It is opened once, described by its descriptor, and checked at its
// end for missing bytes: a failing file system is never mistaken for a short file.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include "json/document/problem.hpp"

namespace cdr {

// The reason why a file cannot be read, or not to its end. RecordReader reports it as a Problem.
struct ReadFailure {
  ProblemCode code;
  std::string message;
};

// Repeats the call if a signal interrupted it, because that says nothing about the file.
template <class Call>
auto uninterrupted(Call&& call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

// "Input/output error"
std::string reason_of(int error);
// Whether that error of open() or stat() means that no file has the name. Other errors leave it
// unknown.
bool is_absence(int error);
ReadFailure opening_failure(int error);

// Identifies a file and its state, so that two calls of stat() can be compared.
struct FileState {
  std::uint64_t bytes = 0;
  // 0 for content given in SQL.
  std::uint64_t device = 0, inode = 0;
  std::int64_t modified_ns = 0;
  bool operator==(const FileState&) const = default;
};

// The state of a regular file. Throws ReadFailure if it is another kind of file or stat() fails.
FileState state_of_file(const std::string& path);

// The file's absolute path without symbolic links; "" for standard input. Throws ReadFailure.
std::string location_of_file(const std::string& path);

// Closes the descriptor, unless there is a lock on its file. A process that closes any descriptor
// of a file loses all its locks on that file, including SQLite's locks on a database that is open
// here. So the descriptor of a locked file stays open until a later call finds no lock.
void close_keeping_locks(int descriptor) noexcept;

class InputFile {
 public:
  // Opens a regular file without blocking. Throws ReadFailure.
  explicit InputFile(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // The next bytes, up to `size` of them; 0 at the end. Throws ReadFailure, also if reading ends
  // before the file's size is reached.
  std::size_t read(char* to, std::size_t size);
  // The same from byte `at` on. Does not change where read() continues.
  std::size_t read_at(std::uint64_t at, char* to, std::size_t size) const;
  // The file's state when it was opened.
  const FileState& state() const { return state_; }

 private:
  void require_end(std::uint64_t at) const;

  int descriptor_;
  FileState state_;
  std::uint64_t read_ = 0;
};

}  // namespace cdr
