// A file that appears whole or not at all: it is written beside its name, under another one, and
// gets its name when it is done.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <optional>
#include <string>

namespace cdr::cli {

class TargetFile {
 public:
  // "-" is standard output, which is written to as rows come, as is what is no regular file (a
  // FIFO, /dev/null). Throws Failure when there can be no file of that name.
  explicit TargetFile(const std::string& path);
  ~TargetFile();  // without finish(), nothing stays
  TargetFile(const TargetFile&) = delete;
  TargetFile& operator=(const TargetFile&) = delete;

  // Whether it is a stream, which has no place that could be gone back to.
  bool is_stream() const { return temporary_.empty(); }
  // Where to write: to the stream, or the file of that name.
  std::FILE* stream();
  // As messages name it; "" = standard output.
  std::string name() const { return stream_ == stdout ? std::string() : path_; }
  const std::string& written_path() const { return temporary_; }

  // Gives it its name. Throws Failure.
  void finish();

 private:
  [[noreturn]] void fail(const std::string& what) const;
  void remove_temporary() noexcept;

  std::string path_;       // as given
  std::string real_;       // after links
  std::string temporary_;  // "" = a stream
  std::FILE* stream_ = nullptr;
  std::optional<mode_t> mode_;  // of the file that is replaced
};

}  // namespace cdr::cli
