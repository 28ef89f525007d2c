// Which file this is, and what is in it, without reading it as JSON.
#pragma once

#include <array>
#include <cstdint>
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

// nullopt: it is no regular file, or cannot be read; whoever reads its records will say why.
std::optional<Fingerprint> fingerprint_of_file(const std::string& path);
Fingerprint fingerprint_of(std::string_view content);

// Whether a path means the same file as before, and nobody has written to it since; the bytes are
// not read again.
bool is_untouched(const std::string& path, const Fingerprint& fingerprint);
// Whether two paths mean one file. false when either is not there.
bool is_same_file(const std::string& a, const std::string& b);

}  // namespace cdr
