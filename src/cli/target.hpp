// A file that appears whole or not at all: it is written beside its final name, under a temporary
// one, and gets its name when it is complete.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>

namespace cdr::cli {

class TargetFile {
 public:
  // "-" is standard output, which is written to as rows come. So is everything that is not a
  // regular file (a FIFO, /dev/null). Throws Failure if there can be no file of that name.
  explicit TargetFile(const std::string& path);
  ~TargetFile();  // without finish(), no file remains
  TargetFile(const TargetFile&) = delete;
  TargetFile& operator=(const TargetFile&) = delete;

  // Whether it is a stream, in which no earlier place can be written again.
  bool is_stream() const { return temporary_.empty(); }
  // The stream to write to; written_path() is for writers that open the file themselves.
  std::FILE* stream();
  // The name for messages; "" = standard output.
  std::string name() const { return stream_ == stdout ? std::string() : path_; }
  const std::string& written_path() const { return temporary_; }

  // Gives the file its name. Throws Failure.
  void finish();

 private:
  [[noreturn]] void fail(const std::string& what) const;
  void remove_temporary() noexcept;

  std::string path_;       // as given
  std::string real_;       // after following links
  std::string temporary_;  // "" = a stream
  std::FILE* stream_ = nullptr;
  std::optional<mode_t> mode_;  // of the replaced file
};

}  // namespace cdr::cli
