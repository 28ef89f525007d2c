// Identifies a file and its content without reading it as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "json/input/file.hpp"

namespace cdr {

struct Fingerprint : FileState {
  std::array<unsigned char, 16> hash{};  // XXH3-128 of all bytes, as they are stored
  bool operator==(const Fingerprint&) const = default;
};

// The fingerprint of a file, computed while the file is read.
class RunningFingerprint {
 public:
  explicit RunningFingerprint(const FileState& file);  // as it was opened
  void add(std::string_view bytes);
  // nullopt: the file's size has changed since it was opened.
  std::optional<Fingerprint> finish() const;

 private:
  struct Hash;
  struct FreeHash {
    void operator()(Hash* hash) const;
  };
  std::unique_ptr<Hash, FreeHash> hash_;
  FileState file_;
  std::uint64_t bytes_ = 0;
};

Fingerprint fingerprint_of(std::string_view content);
// nullopt: the file grows while it is read, or its file system does not report its size. Throws
// Error (ErrorCode::io) if it cannot be read.
std::optional<Fingerprint> fingerprint_of_file(const std::string& path);

// The state of the file at the path now. Throws Error (ErrorCode::io) if it is not a regular file,
// or if that cannot be determined.
FileState require_file(const std::string& path);
// The file's absolute path without symbolic links; "" for standard input. Throws Error
// (ErrorCode::io) if that cannot be determined.
std::string require_location(const std::string& path);
// Whether the path still means the same file, and the file has not been written to since. Does not
// read the bytes again. Throws Error (ErrorCode::io) if that cannot be determined.
bool is_untouched(const std::string& path, const FileState& before);
// nullopt: no file has that name, or it is not a regular file. Throws Error (ErrorCode::io) if that
// cannot be determined.
std::optional<FileState> state_if_there(const std::string& path);

}  // namespace cdr
