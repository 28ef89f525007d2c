// A regular file that is read: opened once, described by its descriptor, and asked at its end
// whether that is the end. A file system that fails is never taken for a file that is short.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include "json/document/problem.hpp"

namespace cdr {

// Why a file cannot be read, or not further. RecordReader catches it and reports a Problem.
struct ReadFailure {
  ProblemCode code;
  std::string message;
};

// Calls it again when a signal ended it, which says nothing about the file.
template <class Call>
auto uninterrupted(Call&& call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

// "Input/output error"
std::string reason_of(int error);
// Whether that error of open() or stat() says that nothing has the name, and not that the answer is
// unknown.
bool is_absence(int error);
ReadFailure opening_failure(int error);

// Which file it is, and in which state; what two calls of stat() can compare.
struct FileState {
  std::uint64_t bytes = 0;
  // Of the file; 0 for content.
  std::uint64_t device = 0, inode = 0;
  std::int64_t modified_ns = 0;
  bool operator==(const FileState&) const = default;
};

// Of a regular file. Throws ReadFailure when it is another kind of file or stat() fails.
FileState state_of_file(const std::string& path);

class InputFile {
 public:
  // Opens a regular file without blocking. Throws ReadFailure.
  explicit InputFile(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // The next bytes, up to `size` of them; 0 at the end. Throws ReadFailure, also when reading ends
  // before the file does.
  std::size_t read(char* to, std::size_t size);
  // The same from byte `at` on; read() goes on where it was.
  std::size_t read_at(std::uint64_t at, char* to, std::size_t size) const;
  // What it was when it was opened.
  const FileState& state() const { return state_; }

 private:
  void require_end(std::uint64_t at) const;

  int descriptor_;
  FileState state_;
  std::uint64_t read_ = 0;
};

}  // namespace cdr
