// Which file this is, and what is in it, without reading it as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cdr {

struct Fingerprint {
  std::array<unsigned char, 16> hash{};  // XXH3-128 of all bytes, as they stand on the disk
  std::uint64_t bytes = 0;
  // Of the file; 0 for content.
  std::uint64_t device = 0, inode = 0;
  std::int64_t modified_ns = 0;
  bool operator==(const Fingerprint&) const = default;
};

// The fingerprint of a file that somebody reads, made as he does.
class RunningFingerprint {
 public:
  explicit RunningFingerprint(int descriptor);  // of the open file
  void add(std::string_view bytes);
  // nullopt: what was read is not all of it, or it could not be asked what it is.
  std::optional<Fingerprint> finish() const;

 private:
  struct Hash;
  struct FreeHash {
    void operator()(Hash* hash) const;
  };
  std::unique_ptr<Hash, FreeHash> hash_;
  std::optional<Fingerprint> file_;
  std::uint64_t bytes_ = 0;
};

// nullopt: it is no regular file, or cannot be read; whoever reads its records will say why.
std::optional<Fingerprint> fingerprint_of_file(const std::string& path);
Fingerprint fingerprint_of(std::string_view content);
// Of a regular file, in bytes.
std::optional<std::uint64_t> size_of_file(const std::string& path);

// Whether a path means the same file as before, and nobody has written to it since; the bytes are
// not read again.
bool is_untouched(const std::string& path, const Fingerprint& fingerprint);
// Which file a path means, whatever the path. nullopt: there is none.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
  bool operator==(const FileIdentity&) const = default;
};
std::optional<FileIdentity> identity_of_file(const std::string& path);

}  // namespace cdr
